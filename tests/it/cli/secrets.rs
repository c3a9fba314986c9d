//! No secret and no token in what the program prints or leaves behind, but for the one that was asked for.

use authscope::sandbox::{Answer, Endpoint, Order};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::program::{Program, Run, served};
use crate::world::{STATUS, World};

/// Bytes of a secret that may not be seen in a row.
const WINDOW: usize = 12;

fn shows(run: &Run, secret: &str) -> bool {
    let files = run.files().into_iter().map(|(_, bytes)| bytes);
    let seen: Vec<Vec<u8>> = files.chain([run.output.clone(), run.notes.clone().into_bytes()]).collect();
    let forms = [secret.to_owned(), BASE64_STANDARD.encode(secret)];
    forms
        .iter()
        .flat_map(|form| form.as_bytes().windows(WINDOW))
        .any(|window| seen.iter().any(|bytes| bytes.windows(WINDOW).any(|other| other == window)))
}

#[tokio::test]
async fn neither_secret_nor_token_is_printed_or_left_behind() {
    let world = World::new();
    let secret = world.sandbox.clients()[0].secret.clone();
    let echoing = Answer::Raw {
        status: 401,
        content_type: "application/json".to_owned(),
        body: format!(r#"{{"statusCode":401,"message":"Unauthorized","error":"not {secret}"}}"#),
    };
    let faults = [
        Order::Reset,
        Order::Answer { endpoint: Endpoint::Api, answer: Answer::Refuse, times: None },
        Order::Answer { endpoint: Endpoint::Token, answer: echoing, times: None },
        Order::Answer { endpoint: Endpoint::Token, answer: Answer::Html, times: None },
    ];
    for fault in faults {
        world.order(fault);
        for words in [
            &["send", "/_sandbox/echo", "-v"][..],
            &["send", STATUS, "-v", "--json"],
            &["send", STATUS, "--repeat", "2", "-v"],
            &["token"],
            &["token", "--json"],
            &["config", "check"],
        ] {
            let run = served(&world, words).served().await;
            assert!(!shows(&run, &secret), "{words:?} shows the secret: {}", run.notes);
            // The first bytes of every token of the sandbox.
            assert!(!shows(&run, "eyJhbGciOiJIUzI1NiIs"), "{words:?} shows a token");
        }
    }
}

#[tokio::test]
async fn a_token_is_told_by_its_names_and_its_life() {
    let world = World::new();
    let run = served(&world, &["token", "--json"]).served().await;
    let token = run.json();
    assert_eq!((run.code, &token["state"], &token["token"]), (Some(0), &"live".into(), &"tok#1".into()));
    assert_eq!((&token["generation"], token["expires_in"].as_u64().unwrap() > 1700), (&1.into(), true));
    let text = served(&world, &["token"]).served().await.text();
    assert!(text.contains("state       LIVE\ntoken       tok#1, "), "{text}");
    world.order(Order::ExpiresIn { field: authscope::sandbox::Field::Missing });
    world.order(Order::OpaqueTokens { on: true });
    let text = served(&world, &["token"]).served().await.text();
    assert!(text.contains("expires     unknown"), "{text}");
}

#[tokio::test]
async fn a_token_that_is_asked_for_goes_to_a_pipe_bare_and_works() {
    let world = World::new();
    let run = served(&world, &["token", "--reveal"]).served().await;
    assert_eq!((run.code, run.notes.as_str()), (Some(0), ""));
    let header = format!("Authorization: Bearer {}", run.text().trim_end());
    let call = served(&world, &["send", STATUS, "-H", "@header", "--json"]).file("header", header).served().await;
    assert_eq!((call.code, &call.json()["attempts"][0]["with"]), (Some(0), &"typed by hand".into()), "{}", call.notes);
    assert_eq!(world.sandbox.journal().counts().token_calls, 1);
}

#[test]
fn on_a_terminal_a_token_is_shown_only_to_a_person_who_agrees() {
    let token = "eyJhbGciOiJIUzI1NiIs";
    let (code, seen) = Program::new(&["token", "--reveal"]).on_terminal("no\n");
    assert_eq!((code, seen.contains(token)), (130, false), "{seen}");
    let (code, seen) = Program::new(&["token", "--reveal"]).on_terminal("yes\n");
    assert_eq!((code, seen.contains(token)), (0, true), "{seen}");
}

#[test]
fn a_secret_in_the_command_line_gets_one_line_of_warning() {
    for words in [
        &["send", "/_sandbox/open", "-H", "Authorization: Bearer abc", "-H", "Cookie: a=b"][..],
        &["send", "/_sandbox/open", "-d", r#"{"client_secret":"abc"}"#],
        &["send", "/_sandbox/open?access_token=abc"],
    ] {
        let run = Program::new(words).run();
        let warnings = run.notes.lines().filter(|line| line.contains("warning")).count();
        assert_eq!((run.code, warnings), (Some(0), 1), "{words:?}: {}", run.notes);
    }
    let words = ["send", "/_sandbox/open", "-H", "@header", "-d", "@body"];
    let run = Program::new(&words).file("header", "Cookie: a=b\n").file("body", r#"{"client_secret":"abc"}"#).run();
    assert_eq!((run.code, run.notes.as_str()), (Some(0), ""));
}
