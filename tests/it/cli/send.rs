//! `send`: what goes out, what comes back, and what is told of it.

use authscope::sandbox::{Answer, Endpoint, Entry, Order, Wait};
use aws_lc_rs::digest;
use insta::assert_snapshot;

use super::program::{Program, ended, served};
use crate::world::{STATUS, World};

fn last(world: &World) -> Entry {
    world.sandbox.journal().entries().pop().unwrap()
}

pub fn sha256(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn raw(body: &str) -> Order {
    let answer = Answer::Raw { status: 200, content_type: "text/plain".to_owned(), body: body.to_owned() };
    Order::Answer { endpoint: Endpoint::Api, answer, times: None }
}

#[tokio::test]
async fn a_healed_call_gives_the_second_answer_alone_and_tells_every_step() {
    let world = World::new();
    world.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: Some(1) });
    let (child, home) = served(&world, &["send", STATUS, "-v"]).start();
    world.sandbox.journal().wait_until(|counts| counts.in_flight == 1).await;
    world.order(Order::RevokeAll);
    world.order(Order::Release { endpoint: Endpoint::Api, calls: None });
    let run = ended(child, home).await;
    assert_eq!(run.json()["TransactionId"], "txn_demo0001");
    assert_snapshot!(run.told().split_once("--- notes\n").unwrap().1, @r"
    N ms  token-requested  POST http://127.0.0.1:PORT/api/token, attempt 1
    N ms  token-issued     200 OK: tok#1, generation 1; for 1800 s
    N ms  request-sent     GET http://127.0.0.1:PORT/api/v1/transactions/txn_demo0001/status, attempt 1, with tok#1
    N ms  head-received    401 Unauthorized after N ms, application/json, 3 header fields
    N ms  body-progress    78 of 78 bytes
    N ms  challenged       401 to tok#1; another token may heal it
    N ms  renew-started    tok#1 was refused
    N ms  token-requested  POST http://127.0.0.1:PORT/api/token, attempt 1
    N ms  token-issued     200 OK: tok#2, generation 2; for 1800 s
    N ms  replayed         with tok#2, generation 2
    N ms  request-sent     GET http://127.0.0.1:PORT/api/v1/transactions/txn_demo0001/status, attempt 2, with tok#2
    N ms  head-received    200 OK after N ms, application/json, 4 header fields
    N ms  body-progress    519 of 519 bytes
    N ms  completed        200 OK, 519 bytes, N ms
    ");
}

#[tokio::test]
async fn a_call_in_json_tells_both_attempts_and_the_body() {
    let world = World::new();
    world.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: Some(1) });
    let (child, home) = served(&world, &["send", STATUS, "--json"]).start();
    world.sandbox.journal().wait_until(|counts| counts.in_flight == 1).await;
    world.order(Order::RevokeAll);
    world.order(Order::Release { endpoint: Endpoint::Api, calls: None });
    let call = ended(child, home).await.json();
    assert_eq!((&call["status"], &call["outcome"], &call["exit"]), (&200.into(), &"answered".into(), &0.into()));
    let attempts: Vec<_> = call["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| (attempt["status"].as_u64(), attempt["generation"].as_u64(), attempt["token"].as_str()))
        .collect();
    assert_eq!(attempts, [(Some(401), Some(1), Some("tok#1")), (Some(200), Some(2), Some("tok#2"))]);
    assert!(call["attempts"][0]["hops"][0]["ms"]["total"].is_number());
    assert_eq!(call["headers"]["content-type"], serde_json::json!(["application/json"]));
    let body = call["body"]["text"].as_str().unwrap();
    assert_eq!(call["size"]["received"].as_u64(), Some(body.len() as u64));
    assert!(body.contains("txn_demo0001") && call["complete"] == true);
}

#[tokio::test]
async fn a_body_that_is_no_text_is_base64_in_json_and_itself_in_a_pipe() {
    let world = World::new();
    let bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    let echoed =
        served(&world, &["send", "/_sandbox/echo", "-d", "@bytes", "--json"]).file("bytes", &bytes).served().await;
    let body: serde_json::Value = serde_json::from_str(echoed.json()["body"]["text"].as_str().unwrap()).unwrap();
    assert_eq!(body["sha256"], sha256(&bytes));
    world.order(raw("\u{1b}[2J\u{1b}]0;title\u{7}\r\u{202e}\u{0}"));
    let run = served(&world, &["send", STATUS]).served().await;
    assert_eq!(run.text(), "\u{1b}[2J\u{1b}]0;title\u{7}\r\u{202e}\u{0}", "a pipe gets what came");
}

#[tokio::test]
async fn a_large_body_comes_through_whole() {
    let world = World::new();
    let path = "/_sandbox/bytes?n=20000000";
    let (plain, json) = (served(&world, &["send", path]), served(&world, &["send", path, "--json"]));
    let (plain, json) = (plain.served().await, json.served().await);
    assert_eq!((plain.code, plain.output.len()), (Some(0), 20_000_000));
    assert_eq!(json.json()["body"]["text"].as_str().unwrap().as_bytes(), plain.output);
    assert_eq!(plain.files(), [], "the file that held it has no name");
}

#[tokio::test]
async fn method_content_type_and_headers_follow_from_what_is_written() {
    let world = World::new();
    let sent = async |words: &[&str]| {
        let run = served(&world, words).file("headers", "X-One: 1\n\nX-Two: 2\n").file("body", "[1,2]").served().await;
        assert_eq!(run.code, Some(0), "{words:?}: {}", run.notes);
        let entry = last(&world);
        let kind = entry.values("content-type").next().map(str::to_owned);
        (entry.method.clone(), kind, entry.body_length)
    };
    let json = Some("application/json".to_owned());
    assert_eq!(sent(&["send", "/_sandbox/echo"]).await, ("GET".to_owned(), None, 0));
    assert_eq!(sent(&["send", "/_sandbox/echo", "-d", "{}"]).await, ("POST".to_owned(), json.clone(), 2));
    assert_eq!(sent(&["send", "put", "/_sandbox/echo", "-d", "@body"]).await, ("PUT".to_owned(), json, 5));
    assert_eq!(sent(&["send", "/_sandbox/echo", "-d", "a=b"]).await, ("POST".to_owned(), None, 3));
    let typed = ["send", "/_sandbox/echo", "-d", "{}", "-H", "Content-Type: text/plain", "-H", "@headers"];
    assert_eq!(sent(&typed).await, ("POST".to_owned(), Some("text/plain".to_owned()), 2));
    let entry = last(&world);
    assert_eq!((entry.values("x-one").next(), entry.values("x-two").next()), (Some("1"), Some("2")));
}

#[tokio::test]
async fn a_body_from_a_file_or_standard_input_is_repeated_byte_for_byte() {
    let bytes: Vec<u8> = b"0123456789abcde\n".iter().copied().cycle().take(9 << 20).collect();
    for data in ["-", "@body"] {
        let world = World::new();
        world.order(Order::Answer { endpoint: Endpoint::Api, answer: Answer::Refuse, times: Some(1) });
        let program = served(&world, &["send", "/_sandbox/echo", "-d", data]).file("body", &bytes);
        let run = program.reading(if data == "-" { bytes.clone() } else { Vec::new() }).served().await;
        assert_eq!(run.code, Some(0), "{}", run.notes);
        let entries = world.sandbox.journal().entries();
        let sent: Vec<_> = entries.iter().filter_map(|entry| entry.body_sha256.clone()).collect();
        assert_eq!(sent, [sha256(&bytes), sha256(&bytes)], "{data}");
    }
}

#[tokio::test]
async fn more_of_standard_input_than_can_be_kept_is_refused() {
    let world = World::new();
    let run = served(&world, &["send", "/_sandbox/echo", "-d", "-"]).reading(vec![b'x'; (64 << 20) + 1]).served().await;
    assert_snapshot!(run.told(), @r"
    exit 2
    --- output

    --- notes
    authscope: standard input holds more than 64 MiB, too much to keep for a second send
      put it into a file: `-d @FILE` takes any size
    ");
    assert_eq!(world.sandbox.journal().counts().connections, 0);
}

#[tokio::test]
async fn a_path_follows_the_whole_base_url_and_an_address_stands_for_itself() {
    let world = World::new();
    let base = format!("{}/_sandbox", world.sandbox.base_url());
    let token = format!("{}/api/token", world.sandbox.base_url());
    let based = |url: &str| {
        let program = Program::at(&world.sandbox, &["send", url]);
        program.with("AUTHSCOPE_BASE_URL", &base).with("AUTHSCOPE_TOKEN_URL", &token)
    };
    assert_eq!(based("/echo?a=1").served().await.code, Some(0));
    assert_eq!(last(&world).target, "/_sandbox/echo?a=1");
    assert_eq!(based(&format!("{}{STATUS}", world.sandbox.base_url())).served().await.code, Some(0));
    assert_eq!(last(&world).target, STATUS);
}

#[tokio::test]
async fn redirects_are_followed_unless_told_otherwise() {
    let world = World::new();
    let path = format!("/_sandbox/redirect?to={STATUS}&code=302");
    let followed = served(&world, &["send", &path]).served().await;
    assert_eq!((followed.code, &followed.json()["TransactionId"]), (Some(0), &"txn_demo0001".into()));
    let shown = served(&world, &["send", &path, "--no-follow", "--json"]).served().await;
    assert_eq!((shown.code, &shown.json()["status"]), (Some(0), &302.into()));
}

#[tokio::test]
async fn the_policy_of_the_command_line_wins() {
    let world = World::new();
    let run = served(&world, &["send", STATUS, "--policy", "per-transaction", "--repeat", "6"]).served().await;
    assert_eq!((run.code, world.sandbox.journal().counts().token_calls), (Some(0), 6));
}

#[test]
fn an_origin_over_plain_http_can_be_named() {
    let words = ["send", "/x", "--insecure-http", "http://0.0.0.0:1", "--json"];
    let run = Program::new(&words)
        .with("AUTHSCOPE_BASE_URL", "http://0.0.0.0:1")
        .with("AUTHSCOPE_CLIENT_ID", "me")
        .with("AUTHSCOPE_CLIENT_SECRET", "very-secret")
        .run();
    assert_eq!(run.code, Some(6), "it was tried, and nobody listens there: {}", run.notes);
}

#[tokio::test]
async fn on_a_terminal_nothing_of_an_answer_is_a_control() {
    let world = World::new();
    world.order(raw("\u{1b}[2J\u{1b}]0;title\u{7}\r\u{9b}31m\u{202e}shown"));
    let program = served(&world, &["send", STATUS]);
    let (code, seen) = tokio::task::spawn_blocking(|| program.on_terminal("")).await.unwrap();
    assert_eq!((code, seen.as_str()), (0, "^[[2J^[]0;title^G^M<U+009B>31m<U+202E>shown"));
}
