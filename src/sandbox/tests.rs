//! The sandbox over real loopback HTTP: every number is read from its journal, no test waits for a clock.

use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use base64::{Engine as _, prelude::*};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::oneshot,
};

use super::*;

const START: u64 = 1_760_000_000;
const ORDER_1: &str = r#"{"transactionAction":"PAYMENT","amount":25.00,"currency":"USD","reference":"ORDER-1","statementDescriptor":"My Store","successUrl":"https://shop.example/ok","callbackUrl":"https://shop.example/hook"}"#;

struct Room {
    sandbox: Sandbox,
    http: reqwest::Client,
    clock: Arc<AtomicU64>,
    slept: Arc<Mutex<Vec<Duration>>>,
    _stop: oneshot::Sender<()>,
}

struct Got {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

fn room() -> Room {
    room_of(vec![Client { id: "demo".to_owned(), secret: "s3cret".to_owned() }])
}

fn room_of(clients: Vec<Client>) -> Room {
    room_with(clients, false)
}

fn room_with(clients: Vec<Client>, strict: bool) -> Room {
    let clock = Arc::new(AtomicU64::new(START));
    let slept = Arc::new(Mutex::new(Vec::new()));
    let bound = Sandbox::bind(Options {
        port: 0,
        lifetime: LIFETIME,
        now: {
            let clock = Arc::clone(&clock);
            Arc::new(move || Duration::from_secs(clock.load(Ordering::SeqCst)))
        },
        sleep: {
            let slept = Arc::clone(&slept);
            Arc::new(move |time| {
                slept.lock().unwrap().push(time);
                Box::pin(async {})
            })
        },
        clients: Some(clients),
        tls: false,
        strict,
    })
    .unwrap();
    let sandbox = bound.handle();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(bound.serve(async {
        let _ = stopped.await;
    }));
    let redirect = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().no_proxy().redirect(redirect).build().unwrap();
    Room { sandbox, http, clock, slept, _stop: stop }
}

impl Room {
    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> reqwest::Result<Got> {
        let url = format!("{}{path}", self.sandbox.base_url());
        let mut request = self.http.request(method, url).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Got { status, headers, text: response.text().await? })
    }

    async fn asked(&self, body: &str) -> Got {
        self.send(Method::POST, "/api/token", &[("content-type", "application/json")], body).await.unwrap()
    }

    async fn form(&self, authorization: Option<&str>, body: &str) -> Got {
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(authorization.map(|value| ("authorization", value)));
        self.send(Method::POST, "/api/token", &headers, body).await.unwrap()
    }

    async fn token_answer(&self) -> Got {
        self.asked(r#"{"client_id":"demo","client_secret":"s3cret"}"#).await
    }

    async fn token(&self) -> String {
        self.token_answer().await.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn called(&self, method: Method, path: &str, token: &str, body: &str) -> reqwest::Result<Got> {
        let bearer = format!("Bearer {token}");
        self.send(method, path, &[("authorization", &bearer), ("content-type", "application/json")], body).await
    }

    async fn status(&self, token: &str) -> Got {
        self.called(Method::GET, "/api/v1/transactions/txn_demo0001/status", token, "").await.unwrap()
    }

    async fn control(&self, name: &str, body: &str) -> Got {
        let path = format!("/_sandbox/control/{name}");
        self.send(Method::POST, &path, &[("x-authscope-sandbox", "1")], body).await.unwrap()
    }

    /// A request written by hand; what came back until the server closed.
    async fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.sandbox.port())).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn counts(&self) -> Counts {
        self.sandbox.journal().counts()
    }
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[tokio::test]
async fn a_token_is_a_jwt_as_documented() {
    let room = room();
    let answer = room.token_answer().await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!(body["expires_in"], json!(1800));
    assert_eq!(body["token_type"], json!("Bearer"));
    let token = body["access_token"].as_str().unwrap();
    assert!(token.starts_with("eyJhbGciOiJIUzI1NiIs"));
    let claims = claims(token);
    assert_eq!(claims["iss"], json!(room.sandbox.base_url()));
    assert_eq!(claims["sub"], json!("demo"));
    assert_eq!((&claims["iat"], &claims["nbf"]), (&json!(START), &json!(START)));
    assert_eq!(claims["exp"], json!(START + 1800));
    assert_eq!(claims["gen"], json!(1));
    let again = room.token().await;
    assert_ne!(again, token);
    assert_eq!((room.counts().token_calls, room.counts().token_issued), (2, 2));
}

#[tokio::test]
async fn a_transaction_is_created_in_camel_case_and_told_in_pascal_case() {
    let room = room();
    let token = room.token().await;
    let created = room.called(Method::POST, "/api/v1/transactions", &token, ORDER_1).await.unwrap();
    assert_eq!(created.status, 201);
    assert!(created.header("x-sandbox-defined").contains("status code"));
    assert!(created.text.contains(r#""amount":25.00,"#), "{}", created.text);
    let body = created.json();
    let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    let documented =
        ["transactionId", "reference", "currency", "amount", "status", "message", "checkoutUrl", "supportsIframe"];
    assert_eq!(names, documented);
    assert_eq!((&body["status"], &body["reference"]), (&json!("Pending"), &json!("ORDER-1")));
    let id = body["transactionId"].as_str().unwrap();
    assert_eq!(id.len(), 12);

    let path = format!("/api/v1/transactions/{id}/status");
    let told = room.called(Method::GET, &path, &token, "").await.unwrap();
    assert_eq!(told.status, 200);
    assert!(told.text.contains(r#""Amount":25.00,"#));
    assert_eq!(told.json()["CreatedAt"], json!("2025-10-09T08:53:20.0000000Z"));
    assert_eq!(told.json()["FailureUrl"], json!("https://shop.example/ok"));

    let record = room.called(Method::GET, &format!("/_sandbox/transactions/{id}"), &token, "").await.unwrap();
    assert_eq!(record.json()["transaction"]["TransactionId"], json!(id));
    let checkout = body["checkoutUrl"].as_str().unwrap().strip_prefix(room.sandbox.base_url()).unwrap().to_owned();
    assert_eq!(room.send(Method::GET, &checkout, &[], "").await.unwrap().status, 200);
}

#[tokio::test]
async fn one_transaction_is_there_from_the_start() {
    let room = room();
    let token = room.token().await;
    let told = room.status(&token).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.json()["Status"], json!("Captured"));
    let missing = room.called(Method::GET, "/api/v1/transactions/txn_no/status", &token, "").await.unwrap();
    assert_eq!((missing.status, &missing.json()["statusCode"]), (404, &json!(404)));
    assert_eq!(missing.header("x-sandbox-defined"), "this whole answer");
}

#[tokio::test]
async fn the_documented_401_answers_missing_altered_foreign_and_expired_tokens() {
    let room = room();
    let token = room.token().await;
    let altered = {
        let (rest, signature) = token.rsplit_once('.').unwrap();
        format!("{rest}.{}{}", if signature.starts_with('A') { "B" } else { "A" }, &signature[1..])
    };
    let foreign = room_of(vec![Client { id: "demo".to_owned(), secret: "s3cret".to_owned() }]).token().await;
    for bad in [altered.as_str(), foreign.as_str(), "", "abc", "a.b.c"] {
        let answer = room.status(bad).await;
        assert_eq!((answer.status, answer.text.as_str()), (401, answers::UNAUTHORIZED), "{bad}");
        assert_eq!(answer.header("x-sandbox-defined"), "");
        assert_eq!(answer.header("www-authenticate"), "");
    }
    let path = "/api/v1/transactions/txn_demo0001/status";
    let missing = room.send(Method::GET, path, &[], "").await.unwrap();
    assert_eq!((missing.status, missing.text.as_str()), (401, answers::UNAUTHORIZED));
    assert_ne!(missing.header("x-sandbox-defined"), "");

    room.clock.store(START + 1799, Ordering::SeqCst);
    assert_eq!(room.status(&token).await.status, 200);
    room.clock.store(START + 1800, Ordering::SeqCst);
    let expired = room.status(&token).await;
    assert_eq!((expired.status, expired.text.as_str()), (401, answers::UNAUTHORIZED));
    assert_eq!((room.counts().api_401, room.counts().api_200), (7, 1));
}

#[tokio::test]
async fn a_request_without_the_required_fields_is_told_which() {
    let room = room();
    let token = room.token().await;
    let answer = room
        .called(Method::POST, "/api/v1/transactions", &token, r#"{"amount":"25","currency":"","reference":"r"}"#)
        .await
        .unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json()["error"],
        json!(
            "missing or of the wrong kind: transactionAction, currency, statementDescriptor, successUrl, callbackUrl, amount"
        )
    );
    for junk in ["", "[]", "{", "\u{0}"] {
        assert_eq!(room.called(Method::POST, "/api/v1/transactions", &token, junk).await.unwrap().status, 400);
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused_in_the_words_of_the_way_they_came() {
    let room = room();
    let json_way = room.asked(r#"{"client_id":"demo","client_secret":"wrong"}"#).await;
    assert_eq!((json_way.status, &json_way.json()["statusCode"]), (401, &json!(401)));
    assert_ne!(json_way.header("x-sandbox-defined"), "");
    let body_way = room.form(None, "grant_type=client_credentials&client_id=demo&client_secret=wrong").await;
    assert_eq!((body_way.status, &body_way.json()["error"]), (401, &json!("invalid_client")));
    let basic = format!("Basic {}", BASE64_STANDARD.encode("demo:wrong"));
    let basic_way = room.form(Some(&basic), "grant_type=client_credentials").await;
    assert_eq!((basic_way.status, basic_way.header("www-authenticate")), (401, r#"Basic realm="sandbox""#));
    assert_eq!((room.counts().token_refused, room.counts().token_issued), (3, 0));
}

#[tokio::test]
async fn forms_and_basic_are_understood_with_odd_secrets_too() {
    let room = room_of(vec![Client { id: "a b:ü".to_owned(), secret: "p%+&=: 1".to_owned() }]);
    let id = "a+b%3A%C3%BC";
    let secret = "p%25%2B%26%3D%3A%201";
    let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    assert_eq!(room.form(None, &body).await.status, 200);
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")));
    assert_eq!(room.form(Some(&basic), "grant_type=client_credentials").await.status, 200);
    let plain = format!("Basic {}", BASE64_STANDARD.encode("a b:ü:p%+&=: 1"));
    assert_eq!(room.form(Some(&plain), "grant_type=client_credentials").await.status, 401);

    let both = room.form(Some(&basic), &body).await;
    assert_eq!((both.status, &both.json()["error"]), (400, &json!("invalid_request")));
    let grant = room.form(Some(&basic), "grant_type=password").await;
    assert_eq!((grant.status, &grant.json()["error"]), (400, &json!("unsupported_grant_type")));
    assert_eq!(room.form(Some(&basic), "").await.json()["error"], json!("invalid_request"));
    assert_eq!(room.asked("{}").await.status, 400);
    assert_eq!(room.send(Method::POST, "/api/token", &[], &body).await.unwrap().status, 415);
}

#[tokio::test]
async fn a_strict_endpoint_takes_forms_alone_and_tells_the_scope_back() {
    let room = room_with(vec![Client { id: "demo".to_owned(), secret: "s3cret".to_owned() }], true);
    let form = async |rest: &str| {
        let got =
            room.form(None, &format!("grant_type=client_credentials&client_id=demo&client_secret=s3cret{rest}")).await;
        (got.status, got.json()["scope"].clone(), got.json()["error"].clone())
    };
    let none = Value::Null;
    assert_eq!(form("").await, (200, none.clone(), none.clone()));
    assert_eq!(form("&scope=a+b:c").await, (200, json!("a b:c"), none.clone()));
    for scope in ["", "+a", "a++b", "%C3%BC", "%22"] {
        assert_eq!(form(&format!("&scope={scope}")).await, (400, none.clone(), json!("invalid_scope")), "{scope}");
    }
    let json = room.asked(r#"{"client_id":"demo","client_secret":"s3cret"}"#).await;
    assert_eq!((json.status, json.json()["error"].clone()), (400, json!("invalid_request")));
    assert_eq!(json.header("cache-control"), "no-store");
}

#[tokio::test]
async fn one_way_of_asking_can_be_the_only_one() {
    let room = room();
    room.sandbox.order(Order::Accept { only: Some(TokenRequest::FormBody) });
    assert_eq!(room.token_answer().await.status, 401);
    let body = "grant_type=client_credentials&client_id=demo&client_secret=s3cret";
    assert_eq!(room.form(None, body).await.status, 200);
}

#[tokio::test]
async fn the_door_lets_in_loopback_hosts_without_an_origin_only() {
    let room = room();
    let port = room.sandbox.port();
    let ask = |lines: &str| format!("GET /_sandbox/open HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
    for host in [format!("127.0.0.1:{port}"), "localhost".to_owned(), "[::1]:1".to_owned(), "127.3.2.1".to_owned()] {
        let answer = room.raw(&ask(&format!("Host: {host}\r\n"))).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
    }
    assert_eq!(room.counts().api_calls, 4);
    for lines in [
        "Host: example.com\r\n",
        "Host: 127.0.0.1.example.com\r\n",
        "Host: 192.168.0.1\r\n",
        "",
        "Host: localhost\r\nHost: localhost\r\n",
        "Host: localhost\r\nOrigin: http://localhost\r\n",
        "Host: localhost\r\nOrigin: null\r\n",
    ] {
        let answer = room.raw(&ask(lines)).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{lines}: {answer}");
    }
    let foreign = "GET http://example.com/_sandbox/open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert!(room.raw(foreign).await.starts_with("HTTP/1.1 403"));
    assert_eq!((room.counts().api_calls, room.counts().turned_away), (4, 8));
}

#[tokio::test]
async fn the_levers_want_their_header() {
    let room = room();
    let token = room.token().await;
    let bare = room.send(Method::POST, "/_sandbox/control/revoke-all", &[], "").await.unwrap();
    assert_eq!(bare.status, 403);
    assert_eq!(room.send(Method::GET, "/_sandbox/journal", &[], "").await.unwrap().status, 403);
    assert_eq!(room.status(&token).await.status, 200);
    assert_eq!(room.control("revoke-all", "").await.status, 200);
    assert_eq!(room.status(&token).await.status, 401);
    let told = room.send(Method::GET, "/_sandbox/journal", &[("x-authscope-sandbox", "")], "").await.unwrap();
    assert_eq!(told.json()["counts"]["api_401"], json!(1));
    assert_eq!(told.json()["counts"]["token_calls"], json!(1));
}

#[tokio::test]
async fn orders_are_taken_by_http_and_nonsense_is_refused() {
    let room = room();
    let on = |body: &'static str| room.control("answer", body);
    let answer = on(r#"{"endpoint":"token","answer":{"status":{"status":503,"retry_after":"7"}},"times":1}"#).await;
    assert_eq!(answer.json()["orders"], json!(["token endpoint answers 503, Retry-After `7`, 1 more times"]));
    let refused = room.token_answer().await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "7"));
    assert_eq!(room.token_answer().await.status, 200);
    for (name, body) in [
        ("lifetime", r#"{"seconds":20}"#),
        ("wait", r#"{"endpoint":"api","wait":{"seconds":1.5},"times":2}"#),
        ("expires-in", r#"{"field":{"json":"\"20\""}}"#),
        ("token-type", r#"{"field":"missing"}"#),
        ("opaque-tokens", r#"{"on":true}"#),
        ("same-token", r#"{"on":true}"#),
        ("claims", r#"{"set":{"aud":"elsewhere"}}"#),
        ("one-use", r#"{"on":true}"#),
        ("pad", r#"{"bytes":300}"#),
        ("accept", r#"{"only":"json"}"#),
        ("clock", r#"{"offset_seconds":-3600}"#),
        ("checking-clock", r#"{"offset_seconds":1}"#),
        ("date", r#"{"date":{"text":"junk"}}"#),
        ("age", r#"{"seconds":9}"#),
        ("answer", r#"{"endpoint":"api","answer":{"challenge":["Bearer","Basic"]}}"#),
    ] {
        let answer = room.control(name, body).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
    }
    assert_eq!(room.sandbox.faults().len(), 15);
    for (name, body) in [("no-such-order", ""), ("pad", "{}"), ("pad", "[1]"), ("pad", r#"{"bytes":1,"size":2}"#)] {
        assert_eq!(room.control(name, body).await.status, 400);
    }
    for name in ["reset", "revoke-last", "close-idle"] {
        assert_eq!(room.control(name, "").await.status, 200);
    }
    assert_eq!(room.control("revoke", r#"{"serial":1}"#).await.status, 200);
    assert_eq!(room.control("release", r#"{"endpoint":"api"}"#).await.status, 200);
    assert_eq!(room.control("normal", r#"{"endpoint":"token"}"#).await.status, 200);
    assert!(room.sandbox.faults().is_empty());
}

#[tokio::test]
async fn tokens_are_revoked_one_by_one_or_all() {
    let room = room();
    let tokens = [room.token().await, room.token().await, room.token().await];
    let seen = async || {
        [
            room.status(&tokens[0]).await.status,
            room.status(&tokens[1]).await.status,
            room.status(&tokens[2]).await.status,
        ]
    };
    room.sandbox.order(Order::RevokeLast);
    assert_eq!(seen().await, [200, 200, 401]);
    room.sandbox.order(Order::Revoke { serial: 1 });
    room.sandbox.order(Order::Revoke { serial: 0 });
    room.sandbox.order(Order::Revoke { serial: 99 });
    assert_eq!(seen().await, [401, 200, 401]);
    room.sandbox.order(Order::RevokeAll);
    assert_eq!(seen().await, [401, 401, 401]);
    let fresh = room.token().await;
    assert_eq!(room.status(&fresh).await.status, 200);
    let serials: Vec<_> = room.sandbox.journal().entries().iter().map(|entry| entry.serial.unwrap()).collect();
    assert_eq!(serials, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 4]);
}

#[tokio::test]
async fn token_answers_take_the_shape_on_order() {
    let room = room();
    let order = |order| room.sandbox.order(order);
    order(Order::ExpiresIn { field: Field::Json("1e3".to_owned()) });
    order(Order::TokenType { field: Field::Missing });
    let odd = room.token_answer().await;
    assert!(odd.text.contains(r#""expires_in":1e3}"#), "{}", odd.text);
    order(Order::Reset);

    order(Order::OpaqueTokens { on: true });
    let opaque = room.token().await;
    assert!(opaque.starts_with("opaque."));
    assert_eq!(room.status(&opaque).await.status, 200);
    order(Order::SameToken { on: true });
    assert_eq!(room.token().await, opaque);
    order(Order::RevokeAll);
    assert_eq!(room.token().await, opaque);
    assert_eq!(room.status(&opaque).await.status, 401);
    order(Order::Reset);

    order(Order::Lifetime { life: Duration::from_secs(20) });
    assert_eq!(room.token_answer().await.json()["expires_in"], json!(20));
    for bytes in [400, 4001, 4002, 4003, 200_000] {
        order(Order::Pad { bytes });
        let padded = room.token().await;
        assert!((bytes..bytes + 4).contains(&padded.len()), "{bytes}: {}", padded.len());
        assert_eq!(room.status(&padded).await.status, 200);
    }
    order(Order::Reset);

    let body = r#"{"error":"invalid_scope","access_token":"{{token}}"}"#.to_owned();
    let raw = Answer::Raw { status: 200, content_type: "text/plain".to_owned(), body };
    order(Order::Answer { endpoint: Endpoint::Token, answer: raw, times: Some(1) });
    let raw = room.token_answer().await;
    assert_eq!((raw.status, raw.header("content-type")), (200, "text/plain"));
    assert_eq!(room.status(raw.json()["access_token"].as_str().unwrap()).await.status, 200);
    let token_calls = room.sandbox.journal().entries();
    let raw_call = token_calls.iter().rev().find(|entry| entry.endpoint == Endpoint::Token).unwrap();
    assert_eq!(raw_call.serial, Some(claims(raw.json()["access_token"].as_str().unwrap())["gen"].as_u64().unwrap()));
}

#[tokio::test]
async fn answers_on_order_last_as_long_as_ordered() {
    let room = room();
    let token = room.token().await;
    let order = |answer, times| room.sandbox.order(Order::Answer { endpoint: Endpoint::Api, answer, times });
    order(Answer::Refuse, Some(2));
    let seen = [room.status(&token).await, room.status(&token).await, room.status(&token).await];
    assert_eq!(seen.map(|got| got.status), [401, 401, 200]);

    let fields = vec![r#"DPoP algs="ES256""#.to_owned(), r#"Bearer error="invalid_token""#.to_owned()];
    order(Answer::Challenge(fields.clone()), None);
    for _ in 0..3 {
        let got = room.status(&token).await;
        let got: Vec<_> = got.headers.get_all("www-authenticate").iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(got, fields);
    }
    order(Answer::Scope("payments.write".to_owned()), Some(1));
    let scope = room.status(&token).await;
    let wanted = r#"Bearer error="insufficient_scope", scope="payments.write""#;
    assert_eq!((scope.status, scope.header("www-authenticate")), (403, wanted));
    order(Answer::Status { status: 429, retry_after: Some("soon".to_owned()) }, Some(1));
    let busy = room.status(&token).await;
    assert_eq!((busy.status, busy.header("retry-after")), (429, "soon"));
    order(Answer::Redirect { to: "http://127.0.0.1:1/x".to_owned(), status: 308 }, Some(1));
    let moved = room.status(&token).await;
    assert_eq!((moved.status, moved.header("location")), (308, "http://127.0.0.1:1/x"));
    assert_eq!(room.status(&token).await.status, 200);
    assert_eq!(room.counts().token_calls, 1);
}

#[tokio::test]
async fn the_token_endpoint_can_refuse_cut_pretend_and_drop() {
    let room = room();
    let order = |answer| room.sandbox.order(Order::Answer { endpoint: Endpoint::Token, answer, times: Some(1) });
    order(Answer::Refuse);
    assert_eq!(room.token_answer().await.status, 401);
    order(Answer::Html);
    let html = room.token_answer().await;
    assert_eq!((html.status, html.header("content-type")), (200, "text/html; charset=utf-8"));
    order(Answer::Cut);
    let cut = room.token_answer().await;
    assert!(cut.status == 200 && cut.text.starts_with(r#"{"access_token""#));
    assert!(serde_json::from_str::<Value>(&cut.text).is_err());
    order(Answer::Drop);
    let body = r#"{"client_id":"demo","client_secret":"s3cret"}"#;
    let json = [("content-type", "application/json")];
    assert!(room.send(Method::POST, "/api/token", &json, body).await.is_err());
    assert_eq!(room.token_answer().await.status, 200);
    let counts = room.counts();
    assert_eq!((counts.token_calls, counts.token_refused, counts.closed_early), (5, 1, 0));
    assert_eq!(room.sandbox.journal().entries()[3].status, None);
}

#[tokio::test]
async fn a_connection_dropped_within_the_body_sends_the_first_half() {
    let room = room();
    let answer = Answer::DropHalf;
    room.sandbox.order(Order::Answer { endpoint: Endpoint::Api, answer, times: Some(1) });
    let answer = room.raw("GET /_sandbox/hook HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
    assert_eq!(body.len(), length / 2);
    assert!(body.starts_with(r#"{"statusCode":405"#));
}

#[tokio::test]
async fn a_hanging_token_call_whose_client_closes_is_counted() {
    let room = room();
    let wait = Wait::Hang;
    room.sandbox.order(Order::Wait { endpoint: Endpoint::Token, wait, times: Some(1) });
    let journal = room.sandbox.journal();
    tokio::select! {
        _ = room.token_answer() => panic!("it hangs"),
        _ = journal.wait_until(|counts| counts.token_in_flight == 1) => {}
    }
    let counts = journal.wait_until(|counts| counts.closed_early == 1).await;
    assert_eq!((counts.token_calls, counts.token_issued, counts.token_in_flight), (1, 0, 0));
    assert_eq!(room.token_answer().await.status, 200);
}

#[tokio::test]
async fn hanging_calls_are_released_in_turn_and_judged_after_the_wait() {
    let room = room();
    let token = room.token().await;
    room.sandbox.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: Some(3) });
    let calls = async { tokio::join!(room.status(&token), room.status(&token), room.status(&token)) };
    let orders = async {
        let journal = room.sandbox.journal();
        journal.wait_until(|counts| counts.in_flight == 3).await;
        room.sandbox.order(Order::Release { endpoint: Endpoint::Api, calls: Some(1) });
        journal.wait_until(|counts| counts.api_200 == 1).await;
        room.sandbox.order(Order::RevokeAll);
        room.sandbox.order(Order::Normal { endpoint: Endpoint::Api });
    };
    let ((a, b, c), ()) = tokio::join!(calls, orders);
    let mut seen = [a.status, b.status, c.status];
    seen.sort_unstable();
    assert_eq!(seen, [200, 401, 401]);
    assert_eq!((room.counts().peak_in_flight, room.counts().in_flight), (3, 0));
}

#[tokio::test]
async fn two_hundred_calls_can_be_held_at_once_and_refused_together() {
    let room = room();
    let token = room.token().await;
    room.sandbox.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: None });
    let calls = futures_util::future::join_all((0..200).map(|_| room.status(&token)));
    let orders = async {
        room.sandbox.journal().wait_until(|counts| counts.in_flight == 200).await;
        room.sandbox.order(Order::RevokeAll);
        room.sandbox.order(Order::Reset);
    };
    let (answers, ()) = tokio::join!(calls, orders);
    assert!(answers.iter().all(|answer| answer.status == 401));
    assert_eq!((room.counts().api_401, room.counts().peak_in_flight, room.counts().closed_early), (200, 200, 0));
}

#[tokio::test]
async fn a_delay_is_the_injected_sleep() {
    let room = room();
    let wait = Wait::Seconds(Duration::from_secs(3));
    room.sandbox.order(Order::Wait { endpoint: Endpoint::Token, wait, times: None });
    room.token().await;
    room.token().await;
    assert_eq!(*room.slept.lock().unwrap(), [Duration::from_secs(3); 2]);
}

#[tokio::test]
async fn the_servers_clock_can_be_off_and_its_date_odd() {
    let room = room();
    assert_eq!(room.token_answer().await.header("date"), "Thu, 09 Oct 2025 08:53:20 GMT");
    room.sandbox.order(Order::Clock { offset_seconds: 3600 });
    let ahead = room.token_answer().await;
    assert_eq!(ahead.header("date"), "Thu, 09 Oct 2025 09:53:20 GMT");
    let token = ahead.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(claims(&token)["iat"], json!(START + 3600));
    assert_eq!(room.status(&token).await.status, 200);
    room.sandbox.order(Order::CheckingClock { offset_seconds: -10 });
    assert_eq!(room.status(&token).await.status, 401);
    room.sandbox.order(Order::Reset);
    room.sandbox.order(Order::Date { date: Dating::Missing });
    assert!(!room.token_answer().await.headers.contains_key("date"));
    room.sandbox.order(Order::Date { date: Dating::Text("yesterday".to_owned()) });
    room.sandbox.order(Order::Age { seconds: Some(300) });
    let cached = room.token_answer().await;
    assert_eq!((cached.header("date"), cached.header("age")), ("yesterday", "300"));
}

#[tokio::test]
async fn the_journal_keeps_what_came_without_secrets() {
    let room = room();
    let token = room.token().await;
    let basic = format!("Basic {}", BASE64_STANDARD.encode("demo:s3cret"));
    room.form(Some(&basic), "grant_type=client_credentials").await;
    room.called(Method::POST, "/_sandbox/echo?a=b", &token, "abc").await.unwrap();
    let entries = room.sandbox.journal().entries();
    let echo = &entries[2];
    assert_eq!((echo.n, echo.method.as_str(), echo.target.as_str()), (3, "POST", "/_sandbox/echo?a=b"));
    assert_eq!((echo.body_length, echo.status, echo.serial), (3, Some(200), Some(1)));
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(echo.body_sha256.as_deref(), Some(abc));
    assert_eq!(echo.values("authorization").collect::<Vec<_>>(), ["Bearer #1"]);
    assert_eq!(entries[1].values("authorization").collect::<Vec<_>>(), ["Basic <16 bytes>"]);
    assert_eq!((entries[0].body_sha256.as_deref(), entries[1].serial), (None, Some(2)));
    assert_eq!(echo.at, Duration::from_secs(START));
    let kept = format!("{entries:?}{:?}", room.sandbox.clients());
    for secret in ["s3cret", token.as_str(), basic.as_str()] {
        assert!(!kept.contains(secret));
    }
}

#[tokio::test]
async fn the_echo_tells_a_request_back_with_its_credentials_masked() {
    let room = room();
    let token = room.token().await;
    let told = room.called(Method::PATCH, "/_sandbox/echo?x=1&x=2", &token, "{\"a\":1.0}").await.unwrap();
    let told = told.json();
    assert_eq!((&told["method"], &told["target"]), (&json!("PATCH"), &json!("/_sandbox/echo?x=1&x=2")));
    assert_eq!((&told["body"]["text"], &told["size"]), (&json!("{\"a\":1.0}"), &json!(9)));
    let masked = json!(["authorization", format!("Bearer <{} bytes>", token.len())]);
    assert!(told["headers"].as_array().unwrap().contains(&masked));
    assert_eq!(room.send(Method::GET, "/_sandbox/echo", &[], "").await.unwrap().status, 401);
    assert_eq!(room.send(Method::GET, "/_sandbox/open", &[], "").await.unwrap().status, 200);
}

#[tokio::test]
async fn large_bodies_have_their_size_and_endless_ones_end_with_the_client() {
    let room = room();
    let token = room.token().await;
    let large = room.called(Method::GET, "/_sandbox/bytes?n=3000001", &token, "").await.unwrap();
    assert_eq!((large.text.len(), large.header("content-length")), (3_000_001, "3000001"));
    assert!(large.json().as_array().unwrap().len() > 10_000);
    assert_eq!(room.called(Method::GET, "/_sandbox/bytes?n=1", &token, "").await.unwrap().status, 400);

    let endless = format!("{}/_sandbox/endless", room.sandbox.base_url());
    let mut response = room.http.get(endless).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.chunk().await.unwrap().is_some());
    drop(response);
    room.sandbox.journal().wait_until(|counts| counts.closed_early == 1).await;
}

#[tokio::test]
async fn every_other_route_is_marked_as_the_sandboxes_own() {
    let room = room();
    for (method, path, status) in [
        (Method::GET, "/", 404),
        (Method::GET, "/api/v1/transactions", 405),
        (Method::GET, "/_sandbox/status/503", 503),
        (Method::GET, "/_sandbox/status/204", 204),
        (Method::GET, "/_sandbox/status/100", 500),
        (Method::GET, "/_sandbox/redirect?to=/x", 307),
        (Method::GET, "/_sandbox/redirect?to=/x&code=302", 302),
        (Method::GET, "/_sandbox/redirect?to=%0a", 400),
        (Method::POST, "/_sandbox/hook", 200),
    ] {
        let answer = room.send(method, path, &[], "").await.unwrap();
        assert_eq!(answer.status, status, "{path}");
        assert_ne!(answer.header("x-sandbox-defined"), "", "{path}");
    }
}

#[tokio::test]
async fn idle_connections_are_closed_on_order() {
    let room = room();
    let token = room.token().await;
    assert_eq!(room.counts().open_connections, 1);
    room.sandbox.order(Order::CloseIdle);
    room.sandbox.journal().wait_until(|counts| counts.open_connections == 0).await;
    assert_eq!(room.status(&token).await.status, 200);
    let entries = room.sandbox.journal().entries();
    assert_eq!((entries[0].connection, entries[1].connection), (1, 2));
}

#[tokio::test]
async fn serving_ends_when_told_and_closes_every_connection() {
    let Room { sandbox, http, _stop: stop, .. } = room();
    let url = format!("{}/_sandbox/open", sandbox.base_url());
    assert_eq!(http.get(&url).send().await.unwrap().status(), StatusCode::OK);
    drop(stop);
    sandbox.journal().wait_until(|counts| counts.open_connections == 0).await;
    assert!(http.get(&url).send().await.is_err());
}

#[test]
fn binding_needs_no_runtime_and_makes_two_clients_with_secrets_of_their_own() {
    let options = || Options {
        port: 0,
        lifetime: LIFETIME,
        now: Arc::new(|| Duration::ZERO),
        sleep: Arc::new(|_| Box::pin(async {})),
        clients: None,
        tls: false,
        strict: false,
    };
    let bound = Sandbox::bind(options()).unwrap();
    let sandbox = bound.handle();
    assert_eq!(bound.listener.local_addr().unwrap().ip(), Ipv4Addr::LOCALHOST);
    assert_eq!(sandbox.base_url(), format!("http://127.0.0.1:{}", sandbox.port()));
    let [one, two] = sandbox.clients() else { panic!("two clients") };
    assert!(one.id != two.id && one.secret != two.secret && one.secret.len() > 40);
    assert!(!format!("{one:?}").contains(&one.secret));
    assert!(Sandbox::bind(Options { port: sandbox.port(), ..options() }).is_err());
}
