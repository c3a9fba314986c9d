//! The promise of the exit codes, each earned by a process of its own.

use std::io::Read as _;

use authscope::sandbox::{Answer, Endpoint, Order, Wait};
use insta::assert_snapshot;
use rustix::process::Signal;

use super::program::{Program, ended, read, served, signal};
use crate::world::{STATUS, World};

fn api(answer: Answer, times: Option<u32>) -> Order {
    Order::Answer { endpoint: Endpoint::Api, answer, times }
}

fn token(answer: Answer) -> Order {
    Order::Answer { endpoint: Endpoint::Token, answer, times: None }
}

async fn code(world: &World, words: &[&str]) -> i32 {
    let run = served(world, words).served().await;
    assert!(run.code == Some(0) || !run.notes.is_empty(), "{words:?} ended with {:?} and no word", run.code);
    run.code.unwrap()
}

#[tokio::test]
async fn an_answer_of_2xx_or_3xx_is_0() {
    let world = World::new();
    assert_eq!(code(&world, &["send", STATUS]).await, 0);
    let run = served(&world, &["send", "/_sandbox/redirect?to=/x&code=302", "--no-follow", "--json"]).served().await;
    assert_eq!((run.code, run.json()["status"].as_u64()), (Some(0), Some(302)));
}

#[test]
fn output_that_cannot_be_written_is_1_and_the_log_that_says_so_is_named() {
    let home = tempfile::tempdir().unwrap();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_authscope"));
    command.args(["config", "example"]).env("HOME", home.path()).env("XDG_STATE_HOME", home.path());
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    let log = home.path().join("authscope/authscope.log");
    assert!(told.contains("No space left") && told.contains(&format!("the log is {}", log.display())), "{told}");
    assert!(std::fs::read_to_string(log).unwrap().contains(" error No space left"));
}

#[tokio::test]
async fn what_is_refused_before_anything_is_sent_is_2() {
    let world = World::new();
    for words in [
        &["send"][..],
        &["send", STATUS, "--policy", "often"],
        &["send", "GET", "no-address"],
        &["send", "https://elsewhere.example/x"],
        &["send", STATUS, "-H", "no header"],
        &["send", STATUS, "-d", "@no-such-file"],
        &["send", STATUS, "--profile", "nobody"],
        &["send", STATUS, "--config", "no-such-file"],
        &["sandbox", "--address", "0.0.0.0"],
        &["sandbox", "--port", &world.sandbox.port().to_string()],
        &["nonsense"],
        &[],
    ] {
        assert_eq!(code(&world, words).await, 2, "{words:?}");
    }
    let plain = Program::new(&["send", "/x"])
        .with("AUTHSCOPE_BASE_URL", "http://plain.example")
        .with("AUTHSCOPE_CLIENT_ID", "me")
        .with("AUTHSCOPE_CLIENT_SECRET", "very-secret");
    assert_snapshot!(plain.run().told(), @r"
    exit 2
    --- output

    --- notes
    authscope: `http://plain.example` is plain http and not on this machine; a secret sent there can be read on the way
      use https, or name the origin as an exception: `--insecure-http http://plain.example`
    ");
    assert_eq!(world.sandbox.journal().counts().connections, 0, "nothing was sent");
}

#[tokio::test]
async fn credentials_that_are_refused_or_missing_are_3() {
    let world = World::new();
    let wrong = || served(&world, &["send", STATUS]).with("AUTHSCOPE_CLIENT_SECRET", "wrong");
    assert_snapshot!(wrong().served().await.told(), @r#"
    exit 3
    --- output

    --- notes
    authscope: the token endpoint answered 401 Unauthorized: it does not take these credentials
      {"statusCode":401,"message":"Unauthorized","error":"Invalid client credentials"}
      check client id and secret; `R` asks once more
    "#);
    assert_eq!(served(&world, &["token"]).with("AUTHSCOPE_CLIENT_SECRET", "wrong").served().await.code, Some(3));
    assert_eq!(code(&world, &["send", STATUS, "--policy", "manual"]).await, 3);
    assert_eq!(world.sandbox.journal().counts().api_calls, 0, "no call went out");
    // Refused while a 401 is healed: the 401 is shown, the credentials are what is wrong.
    world.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: Some(1) });
    let (child, home) = served(&world, &["send", STATUS]).start();
    world.sandbox.journal().wait_until(|counts| counts.in_flight == 1).await;
    world.order(Order::RevokeAll);
    world.order(token(Answer::Refuse));
    world.order(Order::Release { endpoint: Endpoint::Api, calls: None });
    let run = ended(child, home).await;
    assert_eq!((run.code, run.text().contains("Invalid or expired token")), (Some(3), true));
}

#[test]
fn a_profile_without_credentials_says_what_to_give_and_calls_nobody() {
    assert_snapshot!(Program::new(&["send", "/api/v1/transactions", "--profile", "paysecurez"]).run().told(), @r#"
    exit 3
    --- output

    --- notes
    authscope: profile `paysecurez` has no client secret
      give it a client id and a secret: `[profiles.paysecurez.credentials.default]` with `client-id` and `secret = { env = "NAME" }` in the config file, or AUTHSCOPE_BASE_URL, AUTHSCOPE_CLIENT_ID and AUTHSCOPE_CLIENT_SECRET in the environment; it stays in memory
    "#);
}

#[tokio::test]
async fn a_status_of_4xx_is_4_and_of_5xx_5_unless_that_is_no_failure() {
    let world = World::new();
    assert_snapshot!(served(&world, &["send", "/nowhere"]).served().await.told(), @r#"
    exit 4
    --- output
    {"statusCode":404,"message":"Not Found","error":"the sandbox has no such route"}
    --- notes
    authscope: GET http://127.0.0.1:PORT/nowhere answered 404 Not Found
    "#);
    for (status, expected) in [(400, 4), (418, 4), (499, 4), (500, 5), (503, 5)] {
        let path = format!("/_sandbox/status/{status}");
        assert_eq!(code(&world, &["send", &path]).await, expected, "{status}");
        assert_eq!(code(&world, &["send", &path, "--no-fail"]).await, 0, "{status}");
    }
    world.order(api(Answer::Refuse, None));
    assert_snapshot!(served(&world, &["send", STATUS]).served().await.told(), @r#"
    exit 4
    --- output
    {"statusCode":401,"message":"Unauthorized","error":"Invalid or expired token"}
    --- notes
    authscope: GET http://127.0.0.1:PORT/api/v1/transactions/txn_demo0001/status answered 401 Unauthorized
      The facts name no cause; send it without a token: the same answer says that the token is not what it looks at; then try another request with the same token.
    "#);
}

#[tokio::test]
async fn a_broken_connection_or_token_call_is_6() {
    let world = World::new();
    let nobody = "http://127.0.0.1:1";
    let run = served(&world, &["send", STATUS]).with("AUTHSCOPE_BASE_URL", nobody).served().await;
    assert_eq!(run.code, Some(6), "nobody listens");
    world.order(api(Answer::Drop, None));
    assert_eq!(code(&world, &["send", "POST", "/_sandbox/echo"]).await, 6);
    world.order(api(Answer::DropHalf, None));
    let cut = served(&world, &["send", STATUS]).served().await;
    assert_eq!((cut.code, cut.output.is_empty()), (Some(6), false), "what came is kept: {}", cut.notes);
    world.order(Order::Reset);
    for answer in [Answer::Html, Answer::Status { status: 404, retry_after: None }] {
        world.order(token(answer));
        assert_eq!(code(&world, &["send", STATUS]).await, 6);
        assert_eq!(code(&world, &["token"]).await, 6);
    }
}

#[tokio::test]
async fn a_limit_on_size_or_time_is_7() {
    let world = World::new();
    let run = served(&world, &["send", "/_sandbox/bytes?n=100", "--max-body", "10"]).served().await;
    assert_eq!((run.code, run.output.len()), (Some(7), 10), "{}", run.notes);
    world.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: None });
    assert_eq!(code(&world, &["send", STATUS, "--timeout", "50ms"]).await, 7);
}

#[tokio::test]
async fn of_many_calls_the_worst_decides() {
    let world = World::new();
    let many = ["send", "POST", "/nowhere", "--repeat", "5"];
    assert_eq!(served(&world, &many).served().await.code, Some(4));
    world.order(api(Answer::Status { status: 503, retry_after: None }, Some(2)));
    assert_eq!(served(&world, &many).served().await.code, Some(5));
    world.order(api(Answer::Drop, Some(1)));
    assert_eq!(served(&world, &many).served().await.code, Some(6));
    world.order(token(Answer::Refuse));
    assert_eq!(served(&world, &many).served().await.code, Some(3));
}

#[tokio::test]
async fn an_interrupt_is_130_and_what_came_is_kept() {
    let world = World::new();
    let (mut child, home) = served(&world, &["send", "/_sandbox/endless"]).start();
    let mut output = child.stdout.take().unwrap();
    let reader = tokio::task::spawn_blocking(move || {
        let first = read(&mut output, 15);
        signal(&child, Signal::INT);
        let mut rest = Vec::new();
        output.read_to_end(&mut rest).unwrap();
        (first, child)
    });
    let (first, child) = reader.await.unwrap();
    assert_eq!(first, b"and on it goes\n");
    let run = ended(child, home).await;
    assert_eq!((run.code, run.notes.as_str()), (Some(130), ""));
}

#[tokio::test]
async fn an_interrupt_ends_a_program_whose_output_nobody_reads() {
    let world = World::new();
    let (mut child, _home) = served(&world, &["send", "/_sandbox/endless"]).start();
    let ended = tokio::task::spawn_blocking(move || {
        let mut output = child.stdout.take().unwrap();
        read(&mut output, 15);
        signal(&child, Signal::INT);
        let status = child.wait().unwrap();
        drop(output);
        status.code()
    });
    assert_eq!(ended.await.unwrap(), Some(130));
}

#[tokio::test]
async fn termination_is_143_for_a_call_for_many_and_while_a_body_is_read() {
    let world = World::new();
    world.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: None });
    for (calls, words) in [(1, &["send", STATUS][..]), (4, &["send", STATUS, "--repeat", "9", "--concurrency", "4"])] {
        let (child, home) = served(&world, words).start();
        world.sandbox.journal().wait_until(|counts| counts.in_flight == calls).await;
        signal(&child, Signal::TERM);
        let run = ended(child, home).await;
        assert_eq!(run.code, Some(143), "{words:?}: {}", run.notes);
        world.sandbox.journal().wait_until(|counts| counts.in_flight == 0).await;
    }
    // The warning about the cookie comes once signals are listened to.
    let (mut child, home) = served(&world, &["send", STATUS, "-d", "-", "-H", "Cookie: a=b"]).waiting().start();
    read(child.stderr.as_mut().unwrap(), 10);
    signal(&child, Signal::TERM);
    assert_eq!(ended(child, home).await.code, Some(143));
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_the_program_quietly_with_0() {
    let world = World::new();
    let (mut child, home) = served(&world, &["send", "/_sandbox/endless"]).start();
    let mut output = child.stdout.take().unwrap();
    let reader = tokio::task::spawn_blocking(move || read(&mut output, 15));
    assert_eq!(reader.await.unwrap(), b"and on it goes\n");
    let run = ended(child, home).await;
    assert_eq!((run.code, run.notes.as_str()), (Some(0), ""));
    world.sandbox.journal().wait_until(|counts| counts.closed_early == 1).await;
}

#[tokio::test]
async fn an_error_in_json_is_one_object() {
    let world = World::new();
    world.order(token(Answer::Refuse));
    for (words, code) in [
        (&["send", STATUS, "--json"][..], 3),
        (&["token", "--json"], 3),
        (&["send", "--json"], 2),
        (&["send", "--json", "https://elsewhere.example"], 2),
        (&["demo", "--json", "--no-such-option"], 2),
    ] {
        let run = served(&world, words).served().await;
        let error: serde_json::Value = serde_json::from_str(&run.notes).unwrap();
        assert_eq!((run.code, error["exit"].as_i64()), (Some(code), Some(code.into())), "{words:?}");
        assert!(error["error"].is_string() && run.output.is_empty());
    }
}
