//! The demo: the whole flow, each step told.

use insta::assert_snapshot;

use super::program::Program;

#[test]
fn the_demo_plays_every_step_and_claims_as_documented_only_what_is() {
    assert_snapshot!(Program::new(&["demo"]).run().told(), @r"
    exit 0
    --- output
    ok      token         200  tok#1 generation 1  POST /api/token: expires_in 1800, token_type Bearer, as documented
    ok      call          200  tok#1 generation 1  GET /api/v1/transactions/txn_demo0001/status
    ok      expiry          -  tok#1 generation 1  the sandbox's clock is moved on by 1801 s, past the end of the token
    ok      refused       401  tok#1 generation 1  the same call is refused, its body byte for byte as documented
    ok      renewal       200  tok#2 generation 2  one token call for the token that was refused
    ok      replay        200  tok#2 generation 2  the call is sent once more, and answered
    ok      wrong secret  401  -                   two calls ask for a token once, and are not sent
    --- notes
    ");
}

#[test]
fn the_demo_tells_a_json_object_a_step() {
    let run = Program::new(&["demo", "--json"]).run();
    assert_eq!((run.code, run.notes.as_str()), (Some(0), ""));
    let steps: Vec<serde_json::Value> = run.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = steps
        .iter()
        .map(|step| format!("{} {} {} {}", step["step"], step["ok"], step["status"], step["generation"]))
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
    "token" true 200 1
    "call" true 200 1
    "expiry" true null 1
    "refused" true 401 1
    "renewal" true 200 2
    "replay" true 200 2
    "wrong secret" true 401 null
    "#);
}

#[test]
fn the_demo_needs_no_config_and_no_environment_and_minds_none() {
    let run = Program::new(&["demo"]).configured("this is no toml").with("AUTHSCOPE_BASE_URL", "nonsense").run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
}
