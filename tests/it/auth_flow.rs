//! The life of tokens under calls: fetched once, renewed once, replayed once, and never sent where they do not belong.
//!
//! Every number is read off the sandbox's journal, on the other side of the wire.

use std::{sync::Arc, time::Duration};

use authscope::{
    domain::{
        diagnosis::Remedy,
        exchange::{Exchange, Outcome, SentWith},
        flow::{FlowStep, TokenFailureKind},
        profile::Profile,
        request::{Authorization, Purpose},
        secret::Secret,
        token::{Freshness, TokenPolicy},
    },
    engine::Call,
    sandbox::{Answer, Counts, Endpoint, Order, Wait},
};
use http::Method;

use crate::{
    promises::number,
    world::{STATUS, World, ends, status},
};

/// What the journal counted since `before`.
fn since(world: &World, before: Counts) -> (u64, u64, u64, u64) {
    let now = world.sandbox.journal().counts();
    (
        now.token_calls - before.token_calls,
        now.api_calls - before.api_calls,
        now.api_200 - before.api_200,
        now.api_401 - before.api_401,
    )
}

fn counts(world: &World) -> Counts {
    world.sandbox.journal().counts()
}

fn all_answered(exchanges: &[Exchange], code: u16) -> bool {
    exchanges.iter().all(|exchange| status(exchange) == code && matches!(exchange.outcome, Outcome::Answered))
}

fn api_answer(answer: Answer) -> Order {
    Order::Answer { endpoint: Endpoint::Api, answer, times: None }
}

fn token_answer(answer: Answer) -> Order {
    Order::Answer { endpoint: Endpoint::Token, answer, times: None }
}

#[tokio::test]
async fn two_hundred_calls_that_meet_a_revoked_token_cause_one_token_call() {
    let world = World::new();
    let calls = number(1, 0);
    world.send(world.get(STATUS)).await;
    world.order(Order::RevokeAll);
    let before = counts(&world);
    let exchanges = ends(world.start_many(calls, &world.get(STATUS))).await;
    let (tokens, sends, answered, _) = since(&world, before);
    assert_eq!((tokens, answered), (1, calls as u64));
    assert!(sends <= 2 * calls as u64);
    assert!(all_answered(&exchanges, 200) && exchanges.iter().all(|exchange| exchange.attempts.len() <= 2));
}

#[tokio::test]
async fn two_hundred_calls_without_a_token_wait_for_one_token_call() {
    let world = World::new();
    let calls = number(2, 0);
    let exchanges = ends(world.start_many(calls, &world.get(STATUS))).await;
    assert_eq!(since(&world, Counts::default()), (1, calls as u64, calls as u64, 0));
    assert!(all_answered(&exchanges, 200));
}

#[tokio::test]
async fn two_hundred_calls_after_local_expiry_cause_one_token_call_and_no_401() {
    let world = World::new();
    let calls = number(3, 0);
    world.send(world.get(STATUS)).await;
    world.hands.advance(Duration::from_secs(1800));
    let before = counts(&world);
    let exchanges = ends(world.start_many(calls, &world.get(STATUS))).await;
    assert_eq!(since(&world, before), (1, calls as u64, calls as u64, 0));
    assert!(all_answered(&exchanges, 200));
}

#[tokio::test]
async fn a_late_401_of_an_older_generation_costs_no_token_call() {
    let world = World::new();
    let rounds = number(4, 1);
    for _ in 0..rounds {
        world.send(world.get(STATUS)).await;
        // The call goes out with generation g and is held at the server until g + 1 is installed.
        world.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: Some(1) });
        let (late, _) = world.start(world.call(world.get(STATUS)));
        let journal = world.sandbox.journal();
        journal.wait_until(|counts| counts.in_flight == 1).await;
        world.order(Order::RevokeAll);
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
        let before = counts(&world);
        world.order(Order::Release { endpoint: Endpoint::Api, calls: None });
        let late = late.await.unwrap();
        assert_eq!((status(&late), late.attempts.len()), (200, 2));
        assert_eq!(since(&world, before).0, number(4, 0) as u64);
    }
}

#[tokio::test]
async fn an_endpoint_that_always_refuses_is_sent_to_twice_and_then_once_a_minute() {
    let world = World::new();
    world.order(api_answer(Answer::Refuse));
    let first = world.send(world.get(STATUS)).await;
    assert_eq!((status(&first), first.attempts.len()), (401, 2));
    assert_eq!(counts(&world).api_calls, 2);
    let before = counts(&world);
    for _ in 0..200 {
        let later = world.send(world.get(STATUS)).await;
        assert_eq!((status(&later), later.attempts.len()), (401, 1));
    }
    assert_eq!(since(&world, before), (0, 200, 0, 200));
    assert_eq!(counts(&world).token_calls, 2, "the first fetch and one renewal");
    world.hands.advance(Duration::from_secs(61));
    assert_eq!(world.send(world.get(STATUS)).await.attempts.len(), 2, "after a minute it is tried again");
}

#[tokio::test]
async fn two_hundred_refused_calls_at_once_cause_one_renewal_and_at_most_two_sends_each() {
    let world = World::new();
    world.send(world.get(STATUS)).await;
    world.order(api_answer(Answer::Refuse));
    let before = counts(&world);
    let exchanges = ends(world.start_many(200, &world.get(STATUS))).await;
    let (tokens, sends, ..) = since(&world, before);
    assert_eq!(tokens, 1);
    assert!(sends <= number(5, 5) as u64, "{sends} sends");
    assert!(all_answered(&exchanges, 401));
    assert!(
        exchanges.iter().all(|exchange| !exchange.answer().unwrap().body.is_empty()),
        "the 401 is kept with its body"
    );
}

#[tokio::test]
async fn a_403_and_a_401_that_a_token_does_not_heal_cause_no_token_call() {
    let world = World::new();
    world.send(world.get(STATUS)).await;
    let before = counts(&world);
    let unhealable = [
        Answer::Scope("payments".into()),
        Answer::Challenge(vec![r#"Bearer error="insufficient_scope", scope="payments""#.into()]),
        Answer::Challenge(vec![r#"Bearer error="invalid_request""#.into()]),
        Answer::Challenge(vec![r#"Bearer error="insufficient_claims", claims="e30=""#.into()]),
        Answer::Challenge(vec!["Basic realm=\"x\"".into()]),
    ];
    let sends = unhealable.len() as u64;
    for answer in unhealable {
        world.order(api_answer(answer));
        let exchange = world.send(world.get(STATUS)).await;
        assert_eq!(exchange.attempts.len(), 1);
        assert!(matches!(status(&exchange), 401 | 403));
    }
    let (tokens, calls, ..) = since(&world, before);
    assert_eq!((tokens, calls), (0, sends));
}

#[tokio::test]
async fn the_scope_that_a_403_wants_is_named() {
    let world = World::new();
    world.order(api_answer(Answer::Scope("payments:write".into())));
    let exchange = world.send(world.get(STATUS)).await;
    let diagnosis = exchange.diagnosis.unwrap();
    assert!(diagnosis.causes[0].seen.contains("payments:write"));
    assert_eq!(counts(&world).token_calls, 1);
}

#[tokio::test]
async fn odd_challenges_are_read_or_ignored_and_the_call_is_healed_once() {
    let healing: Vec<Vec<String>> = vec![
        vec![],
        vec!["bEaReR".into()],
        vec!["Basic realm=\"a\", Bearer error=\"invalid_token\"".into()],
        vec!["DPoP algs=\"ES256\", Bearer error=\"invalid_token\"".into()],
        vec!["====,,,\"".into()],
        vec![format!("Bearer realm=\"{}\"", "x".repeat(60_000))],
    ];
    for fields in healing {
        let world = World::new();
        world.send(world.get(STATUS)).await;
        world.order(Order::Answer {
            endpoint: Endpoint::Api,
            answer: Answer::Challenge(fields.clone()),
            times: Some(1),
        });
        let exchange = world.send(world.get(STATUS)).await;
        assert_eq!((status(&exchange), exchange.attempts.len()), (200, 2), "{fields:.60?}");
        assert_eq!(counts(&world).token_calls, 2);
    }
}

#[tokio::test]
async fn wrong_credentials_cost_one_token_call_until_they_change_or_the_person_asks() {
    let mut world = World::new();
    let right = world.profile.clone();
    world.change(|profile| {
        profile.credentials[0].secret =
            authscope::domain::credential::SecretSource::Sandbox(Arc::new(Secret::new("quite wrong")));
    });
    let exchanges = ends(world.start_many(number(7, 0), &world.get(STATUS))).await;
    let why = |exchange: &Exchange| match &exchange.outcome {
        Outcome::NoToken(why) => (why.kind, why.text.clone()),
        other => panic!("{other:?}"),
    };
    let first = why(&exchanges[0]);
    assert_eq!(first.0, TokenFailureKind::CredentialsRefused);
    assert!(exchanges.iter().all(|exchange| why(exchange) == first), "equal errors");
    assert_eq!(since(&world, Counts::default()), (1, 0, 0, 0));
    world.hands.advance(Duration::from_secs(86_400));
    world.send(world.get(STATUS)).await;
    assert_eq!(counts(&world).token_calls, 1, "time does not mend credentials");
    assert!(world.engine.status(&world.access()).credentials_refused.is_some());
    world.engine.renew(&world.access()).await.unwrap_err();
    assert_eq!(counts(&world).token_calls, 2, "the person asked");
    world.profile = right;
    assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
}

#[tokio::test]
async fn cancelling_the_call_that_started_the_renewal_fails_none_of_the_others() {
    let world = World::new();
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Hang, times: Some(1) });
    let (leader, cancel) = world.start(world.call(world.get(STATUS)));
    world.sandbox.journal().wait_until(|counts| counts.token_in_flight == 1).await;
    let others = world.start_many(9, &world.get(STATUS));
    world.until(|| world.events.count(|step| matches!(step, FlowStep::RenewJoined)) == 9).await;
    cancel.cancel();
    assert!(matches!(leader.await.unwrap().outcome, Outcome::Cancelled));
    world.order(Order::Release { endpoint: Endpoint::Token, calls: None });
    let others = ends(others).await;
    assert!(all_answered(&others, 200));
    assert_eq!(since(&world, Counts::default()), (1, 9, 9, 0));
}

#[tokio::test]
async fn cancelling_every_call_leaves_no_stuck_flight() {
    let world = World::new();
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Hang, times: Some(1) });
    let calls: Vec<_> = (0..5).map(|_| world.start(world.call(world.get(STATUS)))).collect();
    world.sandbox.journal().wait_until(|counts| counts.token_in_flight == 1).await;
    for (call, cancel) in calls {
        cancel.cancel();
        assert!(matches!(call.await.unwrap().outcome, Outcome::Cancelled));
    }
    world.order(Order::Release { endpoint: Endpoint::Token, calls: None });
    world.until(|| world.engine.status(&world.access()).fetching_since.is_none()).await;
    assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
    assert_eq!(counts(&world).token_calls, 1, "the flight without waiters ran to its end and its token serves");
}

#[tokio::test]
async fn a_stale_token_serves_the_call_in_hand_while_another_is_fetched_in_the_background() {
    let world = World::new();
    world.send(world.get(STATUS)).await;
    world.hands.advance(Duration::from_secs(1740));
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Hang, times: Some(1) });
    let exchange = world.send(world.get(STATUS)).await;
    assert_eq!((status(&exchange), exchange.attempts.len()), (200, 1), "not delayed by the hanging renewal");
    world.sandbox.journal().wait_until(|counts| counts.token_calls == 2).await;
    world.send(world.get(STATUS)).await;
    world.order(Order::Release { endpoint: Endpoint::Token, calls: None });
    world.until(|| world.events.count(|step| matches!(step, FlowStep::TokenIssued { .. })) == 2).await;
    assert_eq!(counts(&world).token_calls, 2);
    let exchange = world.send(world.get(STATUS)).await;
    assert_eq!(exchange.token().unwrap().generation.0, 2);
}

#[tokio::test]
async fn the_timer_renews_a_token_that_served_a_call_and_leaves_an_idle_one_alone() {
    let world = World::with_timer();
    world.send(world.get(STATUS)).await;
    world.until(|| !world.hands.deadlines().is_empty()).await;
    world.hands.advance(Duration::from_secs(1739));
    tokio::task::yield_now().await;
    assert_eq!(counts(&world).token_calls, 1);
    world.hands.advance(Duration::from_secs(1));
    world.sandbox.journal().wait_until(|counts| counts.token_issued == 2).await;
    world.until(|| world.events.count(|step| matches!(step, FlowStep::TokenIssued { .. })) == 2).await;
    // The second one serves nobody: an idle night costs no more than this one call.
    for _ in 0..10 {
        world.hands.advance(Duration::from_secs(3600));
        tokio::task::yield_now().await;
    }
    assert_eq!(counts(&world).token_calls, 2);
    assert!(!world.engine.status(&world.access()).renews_by_timer);
}

#[tokio::test]
async fn by_hand_no_timer_renews_and_nothing_is_renewed_in_the_background() {
    let mut world = World::with_timer();
    world.send(world.get(STATUS)).await;
    world.until(|| !world.hands.deadlines().is_empty()).await;
    world.engine.tokens().by_hand(&world.access(), true);
    assert!(!world.engine.status(&world.access()).renews_by_timer);
    world.hands.advance(Duration::from_secs(1750));
    world.until(|| world.hands.deadlines().is_empty()).await;
    assert_eq!(counts(&world).token_calls, 1, "the timer of before found that it is not wanted");
    world.change(|profile| profile.policy = TokenPolicy::Manual);
    assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
    assert_eq!(counts(&world).token_calls, 1, "a stale token serves, and nothing is fetched for it");
    world.engine.tokens().by_hand(&world.access(), false);
    world.sandbox.journal().wait_until(|counts| counts.token_calls == 2).await;
}

#[tokio::test]
async fn of_two_lives_that_differ_the_earlier_wins_and_is_noted() {
    let world = World::new();
    world.order(Order::ExpiresIn { field: authscope::sandbox::Field::Json("86400".into()) });
    world.send(world.get(STATUS)).await;
    let token = world.engine.status(&world.access()).token.unwrap();
    assert_eq!(token.life, Some(Duration::from_secs(1800)));
    assert!(matches!(
        token.notes.as_slice(),
        [authscope::domain::token::TokenNote::LivesDiffer { told: 86_400, claimed: 1800 }]
    ));
}

#[tokio::test]
async fn the_countdown_holds_whatever_the_wall_clock_does() {
    for offset in [-86_400, 0, 86_400] {
        let world = World::new();
        world.order(Order::Clock { offset_seconds: offset });
        world.send(world.get(STATUS)).await;
        let token = world.engine.status(&world.access()).token.unwrap();
        assert_eq!(token.skew_ms.map(|skew| skew / 1000), Some(offset));
        for jump in [-3600, 3600] {
            let wall = world.clock.wall();
            world.hands.set_wall(wall + jiff::SignedDuration::from_secs(jump));
            assert_eq!(token.remaining(world.now()), Some(Duration::from_secs(1800)));
            world.hands.set_wall(wall);
        }
        world.hands.advance(Duration::from_secs(600));
        assert_eq!(token.remaining(world.now()), Some(Duration::from_secs(1200)));
    }
}

#[tokio::test]
async fn after_a_long_sleep_a_token_is_over_and_no_call_goes_out_with_it() {
    let world = World::new();
    world.send(world.get(STATUS)).await;
    let token = world.engine.status(&world.access()).token.unwrap();
    world.hands.suspend(Duration::from_secs(2400));
    assert_eq!(token.freshness(world.now()), Freshness::Expired);
    let before = counts(&world);
    assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
    assert_eq!(since(&world, before), (1, 1, 1, 0));
    assert_eq!(counts(&world).connections, before.connections + 1, "the socket from before the sleep was dropped");
}

#[tokio::test]
async fn per_transaction_each_call_has_a_token_of_its_own_that_is_gone_afterwards() {
    let mut world = World::new();
    world.change(|profile| profile.policy = TokenPolicy::PerTransaction);
    let calls = number(19, 0);
    let exchanges = ends(world.start_many(calls, &world.get(STATUS))).await;
    assert!(all_answered(&exchanges, 200));
    assert_eq!(since(&world, Counts::default()), (calls as u64, calls as u64, calls as u64, 0));
    let entries = world.sandbox.journal().entries();
    let mut serials: Vec<_> =
        entries.iter().filter(|entry| entry.endpoint == Endpoint::Api).map(|entry| entry.serial.unwrap()).collect();
    serials.sort_unstable();
    serials.dedup();
    assert_eq!(serials.len(), calls, "no two calls carried the same token");
    assert!(counts(&world).peak_token_in_flight <= 4);
    // Every token is told as dropped, and none can be had again.
    let status = world.engine.status(&world.access());
    assert!(status.token.is_none());
    for (token, _, _) in &status.earlier {
        assert!(world.engine.tokens().kept(&world.access(), token.serial).is_none());
    }
    assert_eq!(status.earlier.len(), calls.min(8));
}

#[tokio::test]
async fn a_dropped_transaction_leaves_no_secret_alive() {
    let world = World::new();
    let wallet = world.engine.tokens().private(&world.access());
    let token = wallet.acquire(None, None).await.unwrap();
    let secret = Arc::downgrade(&token.secret);
    drop(token);
    assert!(secret.upgrade().is_some(), "the wallet holds it");
    drop(wallet);
    assert!(secret.upgrade().is_none());
}

#[tokio::test]
async fn a_secret_goes_to_its_own_origins_only() {
    let mut world = World::new();
    let other = World::new();
    let base = other.sandbox.base_url().to_owned();
    let by_name = format!("http://localhost:{}", other.sandbox.port());
    let mut cases = 0;
    for code in [301, 302, 303, 307, 308] {
        for to in [&base, &by_name] {
            for method in [Method::GET, Method::POST] {
                let target = format!("{to}/_sandbox/open");
                let order = Answer::Redirect { to: target, status: code };
                world.order(Order::Answer { endpoint: Endpoint::Api, answer: order, times: Some(1) });
                world.send(world.request(method, STATUS, &[("cookie", "a=b"), ("x-api-key", "k")], "")).await;
                cases += 1;
            }
        }
    }
    assert_eq!(cases, number(21, 1));
    let entries = other.sandbox.journal().entries();
    assert!(!entries.is_empty(), "the redirects were followed");
    let secrets = ["authorization", "cookie", "x-api-key"];
    let leaked = entries.iter().flat_map(|entry| secrets.iter().flat_map(|name| entry.values(name))).count();
    assert_eq!(leaked, number(21, 0));
    // An address of another origin is refused before anything is sent, unless the profile allows it.
    let mut call = world.call(world.get(STATUS));
    call.prepared = other.get(STATUS);
    let before = counts(&other);
    assert!(matches!(world.sent(call.clone()).await.outcome, Outcome::Refused(_)));
    assert_eq!(since(&other, before).1, 0);
    let origin = authscope::domain::origin::Origin::of(&call.prepared.url).unwrap();
    world.change(|profile| profile.allowed_origins.push(origin));
    let exchange = world.sent(Call { prepared: other.get(STATUS), ..world.call(world.get(STATUS)) }).await;
    assert_eq!(status(&exchange), 401, "the other sandbox does not know the token, but it was sent");
}

#[tokio::test]
async fn a_token_stays_off_for_the_rest_of_a_chain_that_left_its_origin() {
    let world = World::new();
    let other = World::new();
    let back = format!("{}{STATUS}", world.sandbox.base_url());
    other.order(api_answer(Answer::Redirect { to: back, status: 302 }));
    let there = format!("{}/x", other.sandbox.base_url());
    world.order(Order::Answer {
        endpoint: Endpoint::Api,
        answer: Answer::Redirect { to: there, status: 302 },
        times: Some(1),
    });
    let exchange = world.send(world.get(STATUS)).await;
    assert_eq!((status(&exchange), exchange.attempts.len()), (401, 1), "a 401 without our token is only shown");
    let last = world.sandbox.journal().entries().pop().unwrap();
    assert_eq!((last.target.as_str(), last.values("authorization").count()), (STATUS, 0));
}

#[tokio::test]
async fn a_token_request_follows_no_redirect() {
    let world = World::new();
    let sink = World::new();
    for code in [301, 302, 303, 307, 308] {
        let to = format!("{}/api/token", sink.sandbox.base_url());
        world.order(token_answer(Answer::Redirect { to, status: code }));
        let exchange = world.send(world.get(STATUS)).await;
        let Outcome::NoToken(why) = &exchange.outcome else { panic!("{:?}", exchange.outcome) };
        assert_eq!(why.kind, TokenFailureKind::NotAToken);
        world.hands.advance(Duration::from_secs(5));
    }
    assert_eq!(counts(&world).token_calls, 5);
    let followed = counts(&sink).token_calls + counts(&sink).api_calls;
    assert_eq!(followed, number(22, 0) as u64);
}

#[tokio::test]
async fn an_edit_during_a_flight_throws_its_token_away() {
    let world = World::new();
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Hang, times: Some(1) });
    let (call, _) = world.start(world.call(world.get(STATUS)));
    world.sandbox.journal().wait_until(|counts| counts.token_in_flight == 1).await;
    world.engine.tokens().edited("demo");
    world.order(Order::Release { endpoint: Endpoint::Token, calls: None });
    assert_eq!(status(&call.await.unwrap()), 200);
    assert_eq!(counts(&world).token_calls, 2);
    let entries = world.sandbox.journal().entries();
    let used: Vec<_> =
        entries.iter().filter(|entry| entry.endpoint == Endpoint::Api).map(|entry| entry.serial).collect();
    assert_eq!(used, [Some(2)], "the token of before the edit went out to nobody");
}

#[tokio::test]
async fn calls_of_two_profiles_never_share_a_token() {
    let mut world = World::new();
    let second = {
        let mut profile = Profile::clone(&world.profile);
        let client = &world.sandbox.clients()[1];
        profile.name = "second".into();
        profile.credentials[0].client_id.clone_from(&client.id);
        profile.credentials[0].secret =
            authscope::domain::credential::SecretSource::Sandbox(Arc::new(Secret::new(client.secret.clone())));
        Arc::new(profile)
    };
    let mut calls = world.start_many(20, &world.request(Method::GET, "/_sandbox/echo?who=first", &[], ""));
    world.profile = second;
    calls.extend(world.start_many(20, &world.request(Method::GET, "/_sandbox/echo?who=second", &[], "")));
    assert!(all_answered(&ends(calls).await, 200));
    assert_eq!(counts(&world).token_calls, 2);
    let entries = world.sandbox.journal().entries();
    let of = |who: &str| {
        let mut serials: Vec<_> =
            entries.iter().filter(|entry| entry.target.ends_with(who)).map(|entry| entry.serial).collect();
        serials.sort();
        serials.dedup();
        serials
    };
    let (first, second) = (of("who=first"), of("who=second"));
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first, second);
}

#[tokio::test]
async fn policy_manual_fetches_renews_and_replays_nothing_unasked() {
    let mut world = World::new();
    world.change(|profile| profile.policy = TokenPolicy::Manual);
    assert!(matches!(world.send(world.get(STATUS)).await.outcome, Outcome::Refused(_)));
    assert_eq!(since(&world, Counts::default()), (0, 0, 0, 0));
    world.engine.renew(&world.access()).await.unwrap();
    assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
    world.hands.advance(Duration::from_secs(1801));
    let exchange = world.send(world.get(STATUS)).await;
    assert_eq!((status(&exchange), exchange.attempts.len()), (401, 1), "sent all the same, and not healed");
    let cause = &exchange.diagnosis.unwrap().causes[0];
    assert_eq!((cause.name, cause.remedy), ("expired", Remedy::Renew));
    assert_eq!(counts(&world).token_calls, 1);
}

#[tokio::test]
async fn a_send_on_purpose_goes_out_as_asked_and_is_never_replayed() {
    let world = World::new();
    let first = world.send(world.get(STATUS)).await.token().unwrap();
    world.engine.renew(&world.access()).await.unwrap();
    let before = counts(&world);
    let purposes =
        [Purpose::NoToken, Purpose::Generation(first.serial), Purpose::Token(Arc::new(Secret::new("made.up")))];
    let mut sent = Vec::new();
    for purpose in purposes {
        let mut prepared = world.get(STATUS);
        prepared.authorization = Authorization::OnPurpose(purpose);
        let exchange = world.send(prepared).await;
        assert_eq!(exchange.attempts.len(), 1);
        assert!(exchange.on_purpose.is_some());
        sent.push((status(&exchange), exchange.attempts[0].sent_with));
    }
    assert_eq!(sent, [(401, SentWith::Nothing), (200, SentWith::OlderToken(first)), (401, SentWith::Typed)]);
    assert_eq!(since(&world, before), (0, 3, 1, 2));
}

#[tokio::test]
async fn a_send_without_replay_carries_the_token_of_its_policy_and_shows_its_refusal() {
    let world = World::new();
    world.send(world.get(STATUS)).await;
    world.order(Order::RevokeAll);
    let before = counts(&world);
    let mut prepared = world.get(STATUS);
    prepared.authorization = Authorization::OnPurpose(Purpose::NoReplay);
    let exchange = world.send(prepared).await;
    assert_eq!((status(&exchange), exchange.attempts.len()), (401, 1));
    assert!(matches!(exchange.attempts[0].sent_with, SentWith::Token(_)));
    let cause = &exchange.diagnosis.unwrap().causes[0];
    assert_eq!((cause.name, cause.remedy), ("revoked", Remedy::Send));
    assert_eq!(since(&world, before), (0, 1, 0, 1));
    assert_eq!(status(&world.send(world.get(STATUS)).await), 200, "the next call heals as ever");
}

#[tokio::test]
async fn a_typed_authorization_wins_and_nothing_is_fetched() {
    let world = World::new();
    let exchange = world.send(world.request(Method::GET, STATUS, &[("authorization", "Bearer abcdef")], "")).await;
    assert_eq!((status(&exchange), exchange.attempts[0].sent_with), (401, SentWith::Typed));
    assert_eq!(since(&world, Counts::default()), (0, 1, 0, 1));
    let entry = world.sandbox.journal().entries().pop().unwrap();
    assert_eq!(entry.values("authorization").count(), 1);
}

#[tokio::test]
async fn a_healed_call_tells_its_seven_steps_in_order() {
    let world = World::new();
    world.send(world.get(STATUS)).await;
    world.order(Order::RevokeAll);
    let from = world.events.all().len();
    world.send(world.get(STATUS)).await;
    let names: Vec<_> = world.events.all()[from..]
        .iter()
        .map(|event| format!("{:?}", event.step).split([' ', '(', '{']).next().unwrap().to_owned())
        .filter(|name| !matches!(name.as_str(), "HeadReceived" | "BodyProgress"))
        .collect();
    let steps = [
        "TokenReused",
        "RequestSent",
        "Challenged",
        "RenewStarted",
        "TokenRequested",
        "TokenIssued",
        "Replayed",
        "RequestSent",
        "Completed",
    ];
    assert_eq!(names, steps);
}

#[tokio::test]
async fn the_record_of_a_call_is_what_the_server_received_but_for_the_secret() {
    let world = World::new();
    let exchange =
        world.send(world.request(Method::POST, "/_sandbox/echo", &[("x-one", "1"), ("x-one", "2")], "{}")).await;
    let record = &exchange.attempts[0].hops[0].request;
    let received = world.sandbox.journal().entries().pop().unwrap();
    let shown: Vec<_> = record
        .headers
        .iter()
        .filter_map(|field| Some((field.name.as_str().to_owned(), field.text()?.to_owned())))
        .collect();
    let others: Vec<_> = received.headers.iter().filter(|(name, _)| name != "authorization").cloned().collect();
    let sorted = |mut fields: Vec<(String, String)>| {
        fields.sort();
        fields
    };
    assert_eq!(sorted(shown), sorted(others));
    assert_eq!(record.headers.len(), received.headers.len(), "the hidden one is there too");
    assert!(!format!("{exchange:?}").contains("eyJ"), "no token in the record");
}
