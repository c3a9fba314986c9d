//! Many calls in a process, and many processes.

use authscope::sandbox::{Endpoint, Order, Wait};
use insta::assert_snapshot;

use super::program::{ended, served};
use crate::{
    promises::number,
    world::{STATUS, World},
};

#[tokio::test]
async fn four_hundred_calls_whose_token_is_revoked_in_the_middle_cost_two_token_calls() {
    let world = World::new();
    // The first two hundred wait at the door until their token is revoked.
    world.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: Some(200) });
    let (child, home) = served(&world, &["send", STATUS, "--repeat", "400", "--concurrency", "200", "--json"]).start();
    world.sandbox.journal().wait_until(|counts| counts.in_flight == 200).await;
    world.order(Order::RevokeAll);
    world.order(Order::Release { endpoint: Endpoint::Api, calls: None });
    let run = ended(child, home).await;
    let counts = world.sandbox.journal().counts();
    assert_eq!((counts.token_calls, counts.api_200, counts.api_401), (2, 400, 200));
    let summary = run.json();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert_eq!(summary["calls"], 400);
    assert_eq!(summary["statuses"], serde_json::json!({ "200": 400 }));
    assert_eq!((&summary["token_calls"], &summary["replays"]), (&2.into(), &200.into()));
    assert_eq!((&summary["failures"], &summary["cancelled"]), (&0.into(), &0.into()));
    assert_eq!(summary["ms"].as_object().unwrap().len(), 5);
}

#[tokio::test]
async fn a_summary_tells_statuses_token_calls_and_failures() {
    let world = World::new();
    world.order(Order::Answer { endpoint: Endpoint::Api, answer: authscope::sandbox::Answer::Drop, times: Some(2) });
    let run = served(&world, &["send", "POST", "/_sandbox/echo", "--repeat", "6"]).served().await;
    let told = run.told();
    let without_latency: Vec<_> = told.lines().filter(|line| !line.starts_with("latency")).collect();
    assert_snapshot!(without_latency.join("\n"), @r"
    exit 6
    --- output
    calls        6
    statuses     4 × 200
    token calls  1
    replays      0
    failures     2
    --- notes
    authscope: 2 × the connection to http://127.0.0.1:PORT ended without a whole answer: connection closed before message completed
    ");
    assert_eq!(told.lines().count(), without_latency.len() + 1);
}

#[tokio::test]
async fn twenty_processes_at_once_cause_twenty_token_calls_and_no_error() {
    let world = World::new();
    let runs = (0..20).map(|_| tokio::spawn(served(&world, &["send", STATUS]).served()));
    for run in futures_util::future::join_all(runs).await {
        assert_eq!(run.unwrap().code, Some(0));
    }
    let counts = world.sandbox.journal().counts();
    assert_eq!((counts.token_calls, counts.api_200), (20, 20));
}

#[tokio::test]
async fn two_processes_have_two_tokens_and_leave_no_byte_of_them_on_disk() {
    let world = World::new();
    for _ in 0..number(20, 0) {
        let run = served(&world, &["send", STATUS]).served().await;
        assert_eq!(run.code, Some(0));
        assert_eq!(run.files(), []);
    }
    let entries = world.sandbox.journal().entries();
    let serials: Vec<_> =
        entries.iter().filter(|entry| entry.endpoint == Endpoint::Api).map(|entry| entry.serial).collect();
    assert_eq!((serials.len(), serials), (number(20, 1), vec![Some(1), Some(2)]));
}
