//! The check of what an API promises about its tokens: each step fails when the API breaks that promise, and only then.

use std::fs;

use authscope::sandbox::{Answer, Endpoint, Field, Order, Unchecked};
use insta::assert_snapshot;
use serde_json::Value;

use super::program::{Program, Run};
use crate::world::{STATUS, World};

/// What is promised in the check of a sandbox that is somebody else's.
const PROMISED: [&str; 3] = ["check", "--json", "--lifetime=1750s..1800s"];

/// The steps that ended so.
fn ended(run: &Run, verdict: &str) -> Vec<String> {
    let steps = run.text();
    let steps = steps.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    steps.filter(|step| step["verdict"] == verdict).map(|step| step["step"].as_str().unwrap().to_owned()).collect()
}

/// The run of a check where the sandbox has these orders.
async fn checked(orders: &[Order], words: &[&str]) -> Run {
    let world = World::new();
    for order in orders {
        world.sandbox.order(order.clone());
    }
    let promised = if words.contains(&"--lifetime") { &PROMISED[..2] } else { &PROMISED };
    let run = Program::at(&world.sandbox, &[promised, words].concat()).served().await;
    assert!(run.text().lines().count() == 11, "every step is told: {}", run.told());
    let created = world
        .sandbox
        .journal()
        .entries()
        .iter()
        .filter(|entry| entry.endpoint == Endpoint::Api && entry.method != "GET")
        .count();
    assert_eq!(created, 0, "a check gets and never creates");
    run
}

#[test]
fn the_sandbox_inside_keeps_every_promise() {
    let run = Program::new(&["check"]).run();
    assert_snapshot!(run.told(), @r#"
    exit 0
    --- output
    not judged  https              calls go to http://127.0.0.1:PORT, token calls go to http://127.0.0.1:PORT: this machine, which needs none
    ok          no token           401 with the documented body
    ok          token              POST http://127.0.0.1:PORT/api/token: 200, tok#1, a JWT
    ok          token type         Bearer
    ok          lifetime           1800 s, expected 1746 to 1800 s
    ok          call               GET /api/v1/transactions/txn_demo0001/status: 200 OK
    ok          altered token      401 with the documented body
    ok          expired token      401 with the documented body
    ok          wrong scope        403, Bearer error="insufficient_scope", scope="payments:write"; 0 token calls
    ok          renewal, replay    a revoked token: 2 attempts, 1 token call, then 200 OK
    ok          no token in a URL  7 addresses called or led to have none
    --- notes
    authscope: 10 ok, 0 failed, 1 not judged
    "#);
}

#[tokio::test]
async fn what_a_server_gives_no_occasion_to_see_is_not_judged_and_never_passed_silently() {
    let run = checked(&[], &[]).await;
    assert_eq!((run.code, ended(&run, "failed")), (Some(0), Vec::new()), "{}", run.told());
    assert_eq!(ended(&run, "not judged"), ["https", "expired token", "wrong scope"]);
}

#[tokio::test]
async fn each_fault_fails_its_own_step_and_no_other() {
    let once = |answer| Order::Answer { endpoint: Endpoint::Api, answer, times: Some(1) };
    let json = |text: &str| Field::Json(text.to_owned());
    let bare = Answer::Raw { status: 401, content_type: String::new(), body: String::new() };
    let to = format!("{STATUS}?access_token=abc");
    let faults = [
        ("no token", Order::LetIn { calls: Some(Unchecked::Bare) }),
        ("no token", once(bare)),
        ("altered token", Order::LetIn { calls: Some(Unchecked::Altered) }),
        ("token type", Order::TokenType { field: Field::Missing }),
        ("token type", Order::TokenType { field: json("\"mac\"") }),
        ("lifetime", Order::ExpiresIn { field: json("86400") }),
        ("lifetime", Order::Lifetime { life: std::time::Duration::from_secs(600) }),
        ("renewal, replay", Order::SameToken { on: true }),
    ];
    for (step, order) in faults {
        let run = checked(std::slice::from_ref(&order), &[]).await;
        assert_eq!((run.code, ended(&run, "failed")), (Some(1), vec![step.to_owned()]), "{order:?}: {}", run.told());
    }
    let run = checked(&[], &["--forbidden", STATUS]).await;
    assert_eq!((run.code, ended(&run, "failed")), (Some(1), vec!["wrong scope".to_owned()]), "{}", run.told());
    let redirect = format!("/_sandbox/redirect?to={}&code=302", to.replace('?', "%3F").replace('=', "%3D"));
    let run = checked(&[], &[&redirect]).await;
    assert!(ended(&run, "failed").contains(&"no token in a URL".to_owned()), "{}", run.told());
}

#[tokio::test]
async fn a_token_whose_end_is_near_is_waited_for_and_seen_refused_or_not() {
    // The clock of this sandbox stands still, so that its tokens never end there.
    let life = Order::Lifetime { life: std::time::Duration::from_secs(1) };
    let run = checked(&[life], &["--lifetime", "1s..1s", "--wait", "5s"]).await;
    assert_eq!((run.code, ended(&run, "failed")), (Some(1), vec!["expired token".to_owned()]), "{}", run.told());
}

#[tokio::test]
async fn without_a_token_the_exit_code_tells_why_and_nothing_passes() {
    let refuse = |answer| Order::Answer { endpoint: Endpoint::Token, answer, times: None };
    for (order, code) in [(refuse(Answer::Refuse), 3), (refuse(Answer::Html), 6)] {
        let run = checked(&[order], &[]).await;
        assert_eq!((run.code, ended(&run, "failed")), (Some(code), vec!["token".to_owned()]), "{}", run.told());
        assert_eq!(ended(&run, "ok"), ["no token"]);
    }
    let plain = Program::new(&PROMISED)
        .with("AUTHSCOPE_BASE_URL", "http://127.0.0.2:1")
        .with("AUTHSCOPE_TOKEN_URL", "http://plain.example/token")
        .with("AUTHSCOPE_CLIENT_ID", "me")
        .with("AUTHSCOPE_CLIENT_SECRET", "very-secret")
        .run();
    assert!(ended(&plain, "failed").contains(&"https".to_owned()), "{}", plain.told());
}

#[tokio::test]
async fn a_report_is_tap_or_junit_xml_too() {
    let run = Program::new(&["check", "--tap", "--junit", "check.xml"]).run();
    let told = run.text();
    assert!(told.starts_with("TAP version 14\nok 1 - https # SKIP ") && told.ends_with("\n1..11\n"), "{told}");
    let xml = fs::read_to_string(run.home.path().join("check.xml")).unwrap();
    assert!(xml.contains(r#"<testsuite name="authscope check sandbox" tests="11" failures="0""#), "{xml}");
    assert!(xml.contains(r#"name="no token""#) && xml.contains("<skipped message="), "{xml}");
    let run = Program::new(&["check", "--junit", "no/such/folder.xml"]).run();
    assert_eq!((run.code, run.text().as_str()), (Some(2), ""), "{}", run.notes);
}

#[test]
fn a_path_that_is_an_address_elsewhere_is_refused_before_anything_is_sent() {
    let run = Program::new(&["check", "https://elsewhere.example/x"]).run();
    assert_eq!((run.code, run.text().as_str()), (Some(2), ""), "{}", run.notes);
}
