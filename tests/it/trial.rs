//! Token calls that are tried, and profiles that become others, seen from the sandbox.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use authscope::{
    domain::{credential::SecretSource, flow::FlowStep, profile::Profile, redact::Redactor, secret::Secret},
    engine::{Engine, Setup},
    sandbox::{Answer, Endpoint, Order},
    secrets::{Ask, Person, Secrets},
};
use futures_util::FutureExt as _;

use crate::world::{STATUS, World, status};

#[tokio::test]
async fn a_trial_serves_no_call_takes_no_token_away_and_holds_nobody_back() {
    let world = World::new();
    let access = world.access();
    world.send(world.get(STATUS)).await;
    let before = world.engine.status(&access);
    let trial = world.engine.trial(&access).await;
    assert_eq!(trial.token.as_ref().unwrap().serial.0, 2, "numbers go on");
    assert_eq!(world.engine.status(&access), before);
    for answer in [Answer::Refuse, Answer::Status { status: 429, retry_after: Some("60".to_owned()) }] {
        world.order(Order::Answer { endpoint: Endpoint::Token, answer, times: Some(1) });
        let refused = world.engine.trial(&access).await;
        assert!(refused.token.is_err() && refused.call.is_some());
        assert_eq!(world.engine.status(&access), before);
    }
    world.engine.tokens().drop_token(&access);
    let exchange = world.send(world.get(STATUS)).await;
    assert_eq!(status(&exchange), 200);
    assert_eq!(world.sandbox.journal().counts().token_calls, 5, "two for calls, three that were tried");
}

#[tokio::test]
async fn a_trial_is_told_as_any_other_token_call_and_has_no_secret_in_it() {
    let world = World::new();
    let access = world.access();
    let trial = world.engine.trial(&access).await;
    assert_eq!(world.events.count(|step| matches!(step, FlowStep::TokenIssued { .. })), 1);
    let text = format!("{trial:?} {:?} {:?}", trial.answer(), trial.read());
    let secret = &world.sandbox.clients()[0].secret;
    assert!(text.contains("********") && !text.contains(secret.as_str()), "{text}");
}

#[tokio::test]
async fn what_was_typed_for_a_place_is_not_sent_to_the_one_it_becomes() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let ask: Ask = Arc::new(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        async { Ok(Secret::new("typed by a person")) }.boxed()
    });
    let world = World::new();
    let mut profile = Profile::clone(&world.profile);
    profile.credentials[0].secret = SecretSource::Prompt;
    let secrets = Secrets::new(&[], Person::AtScreen(ask), Redactor::default());
    let engine = Engine::new(Setup {
        clock: world.clock.clone(),
        observer: Arc::new(|_| {}),
        dice: Arc::new(|| 0.5),
        cache: None,
        secrets,
        timer: false,
    });
    let profile = Arc::new(profile);
    for expected in [1, 1] {
        engine.access(&profile, "").await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), expected);
    }
    engine.outdate(&profile);
    engine.access(&profile, "").await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}
