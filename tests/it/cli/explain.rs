//! `authscope explain`: a refusal that was kept, or that another program wrote down, explained without a call.

use authscope::sandbox::{Answer, Endpoint, Order};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::program::{Program, Run};
use crate::world::World;

/// A JWT that ended at that second.
fn jwt(exp: i64) -> String {
    let part = |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json);
    format!("{}.{}.c2lnbmF0dXJl", part(r#"{"alg":"HS256"}"#), part(&format!(r#"{{"exp":{exp}}}"#)))
}

fn explained(input: &str, words: &[&str]) -> Run {
    let run = Program::new(&[&["explain", "-"], words].concat()).reading(input).run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    run
}

fn first(input: &str) -> Option<String> {
    let run = explained(input, &["--json"]);
    let told: Value = serde_json::from_str(&run.text()).unwrap();
    assert_eq!(told["refused"], json!(true));
    assert_eq!(told["causes"].as_array().unwrap().is_empty(), told["next"].is_string(), "{told}");
    told.pointer("/causes/0/name").and_then(Value::as_str).map(str::to_owned)
}

/// What `curl -v` prints of a 401 at 14:00:00 of that day, second 1795442400.
fn curl(authorization: &str, more: &str) -> String {
    format!(
        "* Connected to api.example port 443\n* SSL connection using TLSv1.3\n> GET /pay HTTP/1.1\r\n\
         > Host: api.example\r\n{authorization}> \r\n< HTTP/1.1 401 Unauthorized\r\n\
         < Date: Mon, 23 Nov 2026 14:00:00 GMT\r\n{more}< \r\n{{\"error\":\"token expired\"}}\n"
    )
}

#[test]
fn what_curl_prints_is_explained_and_the_token_in_it_is_not_printed() {
    let token = jwt(1_795_442_000);
    let bearer = |value: &str| format!("> Authorization: {value}\r\n");
    for (sent, more, cause) in [
        (bearer(&format!("Bearer {token}")), "", Some("expired")),
        (bearer(&format!("Bearer {}", jwt(1_795_442_900))), "", None),
        (bearer(&token), "", Some("no-scheme")),
        (bearer("Bearer 'abc'"), "", Some("quotes")),
        (bearer("Bearer opaque"), "< WWW-Authenticate: Basic realm=\"x\"\r\n", Some("basic-asked")),
        (String::new(), "", Some("no-token")),
    ] {
        assert_eq!(first(&curl(&sent, more)).as_deref(), cause, "{sent}");
    }
    let run = explained(&curl(&bearer(&format!("Bearer {token}")), ""), &[]);
    assert!(run.text().contains("GET https://api.example/pay: 401 Unauthorized"), "{}", run.text());
    assert!(run.text().contains("its own `exp` was over for 6:40"), "{}", run.text());
    assert!(!run.told().contains(&token) && !run.text().contains("clocks differ"), "{}", run.told());
}

#[test]
fn the_last_refusal_of_a_har_is_explained_by_the_calls_before_it() {
    let entry = |status: u16, kind: &str| {
        json!({
            "startedDateTime": "2026-11-23T14:00:00Z",
            "request": {"method": "GET", "url": "https://api.example/pay", "headers": [{"name": "Authorization", "value": "Bearer abc"}]},
            "response": {"status": status, "headers": [{"name": "Content-Type", "value": kind}]},
        })
    };
    let har = |entries: &[Value]| json!({"log": {"entries": entries}}).to_string();
    let page = entry(401, "text/html; charset=utf-8");
    assert_eq!(first(&har(&[entry(200, "application/json"), page.clone()])).as_deref(), Some("gateway"));
    assert_eq!(first(&har(&[page])), None);
}

#[tokio::test]
async fn a_call_of_the_history_is_explained_by_its_number_or_as_the_last_refused() {
    let world = World::new();
    let answer = Answer::Scope("payments:write".to_owned());
    world.order(Order::Answer { endpoint: Endpoint::Api, answer, times: None });
    let program = Program::at(&world.sandbox, &["send", "/api/v1/transactions/txn_demo0001/status", "--history"]);
    let run = program.served().await;
    assert_eq!(run.code, Some(4), "{}", run.notes);
    let run = Program::within(run.home, &["explain"]).run();
    assert!(run.text().contains("1  The token lacks a scope (likely)."), "{}", run.told());
    let run = Program::within(run.home, &["explain", "1", "--json"]).run();
    assert!(run.text().contains("`payments:write`"), "{}", run.told());
    let run = Program::within(run.home, &["explain", "77"]).run();
    assert_eq!(run.code, Some(2));
    assert!(run.notes.contains("the history has no call 77"), "{}", run.notes);
}

#[test]
fn what_holds_no_call_is_refused_with_what_would_do() {
    for (words, input) in [(["explain", "-"], "hello"), (["explain", "no-such-file"], ""), (["explain", "last"], "")] {
        let run = Program::new(&words).reading(input).run();
        assert_eq!(run.code, Some(2), "{}", run.told());
        assert!(run.output.is_empty() && !run.notes.is_empty());
    }
}
