//! A token endpoint that fails, stalls, throttles, or answers what is no token: what a call sees, and when it is asked
//! again.
//!
//! Every number is read off the sandbox's journal, on the other side of the wire; time is the manual clock's.

use std::{sync::Arc, time::Duration};

use authscope::{
    domain::{
        credential::SecretSource,
        exchange::{Exchange, Outcome},
        flow::{FlowStep, TokenFailure, TokenFailureKind},
        profile::TokenRequest,
        token::{Freshness, TokenFacts, TokenNote},
    },
    sandbox::{self, Answer, Counts, Dating, Endpoint, Field, Order, Wait},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};

use crate::{
    promises::number,
    raw_server::{RawServer, answer},
    world::{STATUS, World, ends, guarded, status},
};

/// Calls that wait together.
const FEW: usize = 20;

fn counts(world: &World) -> Counts {
    world.sandbox.journal().counts()
}

fn token_calls(world: &World) -> usize {
    usize::try_from(counts(world).token_calls).unwrap()
}

fn token_answer(answer: Answer, times: Option<u32>) -> Order {
    Order::Answer { endpoint: Endpoint::Token, answer, times }
}

fn token_status(status: u16, retry_after: Option<&str>) -> Answer {
    Answer::Status { status, retry_after: retry_after.map(str::to_owned) }
}

fn raw(status: u16, body: &str) -> Answer {
    Answer::Raw { status, content_type: "application/json".into(), body: body.into() }
}

fn seconds(promise: u32, place: usize) -> Duration {
    Duration::from_secs(number(promise, place) as u64)
}

fn milliseconds(promise: u32, place: usize) -> Duration {
    Duration::from_millis(number(promise, place) as u64)
}

/// A millisecond less.
fn just_before(wait: Duration) -> Duration {
    wait.saturating_sub(Duration::from_millis(1))
}

/// Why there was no token.
fn why(exchange: &Exchange) -> &TokenFailure {
    match &exchange.outcome {
        Outcome::NoToken(why) => why,
        other => panic!("{other:?}"),
    }
}

/// The token in the shared slot.
fn token(world: &World) -> Arc<TokenFacts> {
    world.engine.status(&world.access()).token.unwrap()
}

#[tokio::test]
async fn an_endpoint_that_is_down_is_asked_three_times_and_then_left_alone_longer_each_time() {
    let faults = (0..4).map(|place| token_status(u16::try_from(number(8, place)).unwrap(), None)).chain([
        Answer::Drop,
        Answer::DropHalf,
        token_status(408, None),
    ]);
    let attempts = number(8, 4);
    for fault in faults {
        let world = World::new();
        world.order(token_answer(fault.clone(), None));
        let waiters = world.start_many(FEW, &world.get(STATUS));
        world.pass(milliseconds(8, 5)).await;
        world.pass(milliseconds(8, 6)).await;
        let failed = ends(waiters).await;
        assert_eq!(token_calls(&world), attempts, "{fault:?}");
        assert_eq!(why(&failed[0]).kind, TokenFailureKind::Unavailable);
        assert!(failed.iter().all(|exchange| why(exchange) == why(&failed[0])), "one error for all");
        let mut asked = attempts;
        for pause in [number(8, 7), number(8, 8), number(8, 9), 8, 16, 32, number(8, 10), number(8, 10)] {
            world.hands.advance(just_before(Duration::from_secs(pause as u64)));
            let early = world.send(world.get(STATUS)).await;
            assert!(why(&early).text.ends_with("next try in 1 s"), "{}", why(&early).text);
            assert_eq!(token_calls(&world), asked, "not before {pause} s passed");
            world.hands.advance(Duration::from_millis(1));
            let (next, _) = world.start(world.call(world.get(STATUS)));
            world.pass(milliseconds(8, 5)).await;
            world.pass(milliseconds(8, 6)).await;
            guarded(next).await.unwrap();
            asked += attempts;
            assert_eq!(token_calls(&world), asked, "after {pause} s it is asked again");
        }
        assert_eq!(counts(&world).api_calls, 0);
    }
}

#[tokio::test]
async fn a_success_on_the_third_attempt_is_a_success_and_ends_the_growing_pause() {
    let world = World::new();
    for fault in [token_status(500, None), token_status(503, None), Answer::Drop] {
        world.order(token_answer(fault, Some(2)));
        let calls = world.start_many(FEW, &world.get(STATUS));
        world.pass(milliseconds(8, 5)).await;
        world.pass(milliseconds(8, 6)).await;
        assert!(ends(calls).await.iter().all(|exchange| status(exchange) == 200));
        world.engine.tokens().drop_token(&world.access());
    }
    assert_eq!(token_calls(&world), 3 * number(8, 4));
    // The pause after the next failure is the first one again.
    world.order(token_answer(token_status(500, None), None));
    let (call, _) = world.start(world.call(world.get(STATUS)));
    world.pass(milliseconds(8, 5)).await;
    world.pass(milliseconds(8, 6)).await;
    assert!(why(&guarded(call).await.unwrap()).call.is_some());
    let (until, _) = world.engine.status(&world.access()).held_until.unwrap();
    assert_eq!(until.since(world.now()), seconds(8, 7));
}

#[tokio::test]
async fn the_pauses_within_a_flight_are_jittered_by_half() {
    for (dice, factor) in [(0.0, 0.5), (1.0, 1.5)] {
        let world = World::with(false, dice);
        world.order(token_answer(token_status(500, None), Some(2)));
        let (call, _) = world.start(world.call(world.get(STATUS)));
        world.pass(milliseconds(8, 5).mul_f64(factor)).await;
        world.pass(milliseconds(8, 6).mul_f64(factor)).await;
        assert_eq!(status(&guarded(call).await.unwrap()), 200);
    }
}

#[tokio::test]
async fn an_endpoint_that_says_when_to_come_back_is_left_alone_until_then() {
    let wait = seconds(9, 3);
    let date = || Answer::Status { status: 429, retry_after: Some("Mon, 23 Nov 2026 14:00:07 GMT".into()) };
    let cases = [
        (token_status(429, Some("7")), wait),
        (token_status(503, Some("7")), wait),
        (date(), wait),
        (token_status(429, Some("100000")), seconds(9, 4)),
        (token_status(503, Some("99999999999999999999999")), seconds(9, 4)),
        // Without a number that can be read the pause is our own.
        (token_status(429, Some("soon")), Duration::from_secs(1)),
        (token_status(429, Some("0")), Duration::from_secs(1)),
    ];
    for (answer, wait) in cases {
        let world = World::new();
        let attempts = if answer == token_status(429, Some("0")) { 3 } else { 1 };
        world.order(token_answer(answer.clone(), None));
        let calls = world.start_many(FEW, &world.get(STATUS));
        if attempts == 3 {
            world.pass(milliseconds(8, 5)).await;
            world.pass(milliseconds(8, 6)).await;
        }
        let failed = ends(calls).await;
        assert!(failed.iter().all(|exchange| why(exchange) == why(&failed[0])));
        assert_eq!(token_calls(&world), attempts, "{answer:?}");
        world.order(Order::Normal { endpoint: Endpoint::Token });
        // The wait is told as it begins, and shown while it runs.
        let until = world.now() + wait;
        assert_eq!(world.engine.status(&world.access()).held_until.unwrap().0, until, "{answer:?}");
        let told = |step: &FlowStep| matches!(step, FlowStep::Waiting { until: told, .. } if *told == until);
        assert_eq!(world.events.count(told), 1);
        world.hands.advance(just_before(wait));
        let early = world.send(world.get(STATUS)).await;
        assert!(why(&early).text.ends_with("next try in 1 s"), "{}", why(&early).text);
        assert_eq!(token_calls(&world), attempts + number(9, 2), "{answer:?}");
        world.hands.advance(Duration::from_millis(1));
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
        assert!(world.engine.status(&world.access()).held_until.is_none());
    }
}

#[tokio::test]
async fn a_pause_of_two_seconds_is_waited_out_within_the_flight() {
    for code in [429, 503] {
        let world = World::new();
        world.order(token_answer(token_status(code, Some("2")), Some(1)));
        let (call, _) = world.start(world.call(world.get(STATUS)));
        world.pass(Duration::from_secs(2)).await;
        assert_eq!(status(&guarded(call).await.unwrap()), 200);
        assert_eq!(token_calls(&world), 2);
    }
}

#[tokio::test]
async fn a_429_is_believed_whatever_error_its_body_names() {
    for error in ["temporarily_unavailable", "invalid_request", "invalid_client"] {
        let mut world = World::new();
        let body = format!(r#"{{"error":"{error}"}}"#);
        let throttling = RawServer::new(move |mut line| {
            let body = body.clone();
            async move {
                while line.request().await.is_some() {
                    line.say(answer("429 Too Many Requests", "retry-after: 7\r\n", &body)).await;
                }
            }
        });
        let url = throttling.url("/token");
        world.change(|profile| profile.token_url = url);
        let exchange = world.send(world.get(STATUS)).await;
        assert_eq!(why(&exchange).kind, TokenFailureKind::Throttled { retry_after: seconds(9, 3) }, "{error}");
        world.hands.advance(just_before(seconds(9, 3)));
        world.send(world.get(STATUS)).await;
        assert_eq!(throttling.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_endpoint_that_hangs_fails_everybody_after_ten_seconds_and_sees_the_connection_close() {
    let world = World::new();
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Hang, times: Some(1) });
    let waiters = world.start_many(200, &world.get(STATUS));
    guarded(world.sandbox.journal().wait_until(|counts| counts.token_in_flight == 1)).await;
    assert!(world.engine.status(&world.access()).fetching_since.is_some());
    world.pass(seconds(10, 0)).await;
    let failed = ends(waiters).await;
    assert!(failed.iter().all(|exchange| why(exchange) == why(&failed[0])));
    guarded(world.sandbox.journal().wait_until(|counts| counts.closed_early == 1)).await;
    assert_eq!((token_calls(&world), counts(&world).api_calls), (1, 0));
    // Ten seconds were pause enough: the next call starts a flight of its own.
    assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
    assert_eq!(token_calls(&world), 2);
}

#[tokio::test]
async fn a_slow_endpoint_is_shown_as_waited_for_and_a_waiter_can_leave() {
    let world = World::new();
    let slow = Duration::from_secs(3);
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Seconds(slow), times: None });
    let (first, _) = world.start(world.call(world.get(STATUS)));
    guarded(world.sandbox.journal().wait_until(|counts| counts.token_in_flight == 1)).await;
    let (second, cancel) = world.start(world.call(world.get(STATUS)));
    world.until(|| world.events.count(|step| matches!(step, FlowStep::RenewJoined)) == 1).await;
    assert_eq!(world.engine.status(&world.access()).fetching_since, Some(world.now()));
    cancel.cancel();
    assert!(matches!(second.await.unwrap().outcome, Outcome::Cancelled), "at once, not after 3 s");
    world.pass(slow).await;
    assert_eq!(status(&guarded(first).await.unwrap()), 200);
    assert_eq!((token_calls(&world), counts(&world).api_calls), (1, 1));
}

#[tokio::test]
async fn a_token_turns_stale_a_minute_before_its_end_give_or_take_a_fifth() {
    for (dice, margin) in [(0.0, 48), (0.5, 60), (1.0, 72)] {
        for (timer, life) in [(false, 1800), (true, 1800), (false, 100)] {
            let world = World::with(timer, dice);
            world.order(Order::Lifetime { life: Duration::from_secs(life) });
            world.send(world.get(STATUS)).await;
            // Of a short life the margin is a tenth.
            let margin = Duration::from_secs(margin).mul_f64(if life == 100 { 1.0 / 6.0 } else { 1.0 });
            let stale = Duration::from_secs(life).checked_sub(margin).unwrap();
            world.hands.advance(just_before(stale));
            assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
            assert_eq!(token_calls(&world), 1);
            world.hands.advance(Duration::from_millis(1));
            if !timer {
                assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
            }
            world.until(|| token(&world).generation.0 == 2).await;
            assert_eq!(token_calls(&world), 2);
        }
    }
}

#[tokio::test]
async fn a_renewal_in_the_background_that_fails_fails_no_call_and_waits_before_the_next_try() {
    // The margin is 60 s, or 72 s by the highest throw: less or more than 30 s are half of what is left.
    for (dice, margin) in [(0.5, 60), (1.0, 72)] {
        let world = World::with(false, dice);
        world.send(world.get(STATUS)).await;
        world.hands.advance(Duration::from_secs(1800 - margin));
        world.order(token_answer(token_status(500, None), None));
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
        world.pass(milliseconds(8, 5).mul_f64(0.5 + dice)).await;
        world.pass(milliseconds(8, 6).mul_f64(0.5 + dice)).await;
        world.until(|| world.engine.status(&world.access()).fetching_since.is_none()).await;
        let asked = 1 + number(8, 4);
        assert_eq!(token_calls(&world), asked);
        let again = world.now() + seconds(13, 1).max(token(&world).remaining(world.now()).unwrap() / 2);
        while again.since(world.now()) > Duration::from_secs(1) {
            world.hands.advance(Duration::from_secs(1));
            assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
        }
        assert_eq!(token_calls(&world), asked, "quiet until half of what was left has passed");
        world.hands.advance(again.since(world.now()));
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
        world.pass(milliseconds(8, 5).mul_f64(0.5 + dice)).await;
        guarded(world.sandbox.journal().wait_until(|counts| counts.token_calls > asked as u64)).await;
        assert_eq!(counts(&world).api_401, number(13, 0) as u64);
    }
}

#[tokio::test]
async fn refused_credentials_in_the_background_fail_no_call_while_the_token_lives() {
    let world = World::new();
    world.send(world.get(STATUS)).await;
    world.hands.advance(Duration::from_secs(1740));
    world.order(token_answer(Answer::Refuse, None));
    world.send(world.get(STATUS)).await;
    world.until(|| world.engine.status(&world.access()).credentials_refused.is_some()).await;
    for _ in 0..59 {
        world.hands.advance(Duration::from_secs(1));
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
    }
    world.hands.advance(Duration::from_secs(1));
    assert_eq!(why(&world.send(world.get(STATUS)).await).kind, TokenFailureKind::CredentialsRefused);
    assert_eq!(token_calls(&world), 2);
}

#[tokio::test]
async fn the_timer_tries_a_failed_renewal_again_by_itself_but_not_while_the_endpoint_wants_quiet() {
    let world = World::with_timer();
    world.send(world.get(STATUS)).await;
    world.order(token_answer(token_status(429, Some("45")), Some(1)));
    world.pass(Duration::from_secs(1740)).await;
    world.until(|| world.engine.status(&world.access()).held_until.is_some()).await;
    assert_eq!(token_calls(&world), 2);
    world.pass(Duration::from_secs(30)).await;
    assert_eq!(token_calls(&world), 2, "30 s are over, the 45 s are not");
    world.pass(Duration::from_secs(15)).await;
    world.until(|| token(&world).generation.0 == 2).await;
    assert_eq!(token_calls(&world), 3);
}

#[tokio::test]
async fn a_server_that_gives_nothing_new_is_asked_once_a_call_and_never_by_an_idle_explorer() {
    let lives = [number(14, 0).to_string(), number(14, 1).to_string(), format!("-{}", number(14, 2))];
    let lives = lives.map(|life| Order::ExpiresIn { field: Field::Json(life) });
    for shape in lives.into_iter().chain([Order::SameToken { on: true }]) {
        let world = World::with_timer();
        world.order(Order::OpaqueTokens { on: true });
        world.order(shape.clone());
        let calls = 10;
        for _ in 0..calls {
            assert_eq!(status(&world.send(world.get(STATUS)).await), 200, "{shape:?}");
        }
        assert!(token_calls(&world) <= calls * number(14, 3), "{shape:?}");
        let before = token_calls(&world);
        for _ in 0..3600 {
            world.hands.advance(Duration::from_secs(1));
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
        }
        world.until(|| world.engine.status(&world.access()).fetching_since.is_none()).await;
        assert!(token_calls(&world) <= before + 2, "{shape:?}: {} in an idle hour", token_calls(&world) - before);
        assert!(world.hands.deadlines().len() <= 1, "nothing spins: {:?}", world.hands.deadlines());
    }
}

#[tokio::test]
async fn calls_at_once_with_a_token_that_lives_no_moment_share_the_one_that_came() {
    let world = World::new();
    world.order(Order::ExpiresIn { field: Field::Json("0".into()) });
    let exchanges = ends(world.start_many(FEW, &world.get(STATUS))).await;
    assert!(exchanges.iter().all(|exchange| status(exchange) == 200));
    assert_eq!(token_calls(&world), 1);
}

#[tokio::test]
async fn every_form_of_expires_in_gives_a_working_call() {
    let whole = Duration::from_secs(1800);
    let forms = [
        (Field::Json("1800".into()), Some(whole)),
        (Field::Json("\"1800\"".into()), Some(whole)),
        (Field::Json("1800.9".into()), Some(whole)),
        (Field::Json("null".into()), None),
        (Field::Missing, None),
        (Field::Json("-5".into()), Some(Duration::ZERO)),
        (Field::Json("10000000000000000000".into()), None),
        (Field::Json("\"soon\"".into()), None),
    ];
    assert_eq!(forms.len(), number(15, 2));
    let mut worked = 0;
    for (field, life) in forms {
        for opaque in [true, false] {
            let world = World::new();
            world.order(Order::OpaqueTokens { on: opaque });
            world.order(Order::ExpiresIn { field: field.clone() });
            assert_eq!(status(&world.send(world.get(STATUS)).await), 200, "{field:?}");
            let token = token(&world);
            // A JWT tells its life where the answer does not; an opaque one is used until it is refused.
            let known = life.or((!opaque).then_some(whole));
            assert_eq!((token.life, token.remaining(world.now())), (known, known), "{field:?}");
            let unreadable = matches!(&field, Field::Json(text) if life.is_none() && text != "null");
            let noted = token.notes.iter().any(|note| matches!(note, TokenNote::LifeUnreadable(_)));
            assert_eq!(noted, unreadable, "{field:?}");
            worked += usize::from(opaque);
            if known.is_none() {
                world.hands.advance(Duration::from_secs(86_400));
                assert_eq!(token.freshness(world.now()), Freshness::Fresh);
                assert_eq!(status(&world.send(world.get(STATUS)).await), 200, "refused once, renewed, sent again");
                assert_eq!(token_calls(&world), 2);
            }
        }
    }
    assert_eq!(worked, number(15, 3));
}

#[tokio::test]
async fn an_answer_that_is_no_token_is_an_error_and_nothing_is_kept_of_it() {
    let token = |text: &str| raw(200, &format!(r#"{{"access_token":{text},"token_type":"Bearer","expires_in":60}}"#));
    let cases = [
        (Answer::Html, "text/html"),
        (raw(200, ""), "empty"),
        (raw(204, ""), "empty"),
        (raw(200, "{}"), "has no `access_token`"),
        (raw(200, r#"["a"]"#), "not an object"),
        (raw(200, r#"{"access_token":"abc""#), "cut JSON"),
        (Answer::Cut, "cut JSON"),
        (raw(200, &format!("{}{}", "[".repeat(40), "]".repeat(40))), "deep"),
        (token(r#""""#), "is empty"),
        (token("7"), "not a string"),
        (token(r#"["a"]"#), "not a string"),
        (token(r#""a\r\nX-Evil: 1""#), "character"),
        (token(r#""a\u001b[31mb""#), "character"),
        (token(r#""a b""#), "character"),
        (token(r#""schlüssel""#), "character"),
        (raw(200, r#"{"access_token":"abc","token_type":"mac"}"#), "Bearer"),
        (Answer::Redirect { to: "/elsewhere\u{1b}[2J".into(), status: 302 }, "never redirected"),
    ];
    for (answer, said) in cases {
        let world = World::new();
        world.order(token_answer(answer.clone(), None));
        let exchange = world.send(world.get(STATUS)).await;
        let failure = why(&exchange);
        // The sandbox cannot write an ESC into a header; its 400 is an error all the same.
        if failure.kind != TokenFailureKind::Rejected {
            assert_eq!(failure.kind, TokenFailureKind::NotAToken, "{answer:?}");
            assert!(failure.text.contains(said), "{answer:?}: {}", failure.text);
            let (until, _) = world.engine.status(&world.access()).held_until.unwrap();
            assert_eq!(until.since(world.now()), Duration::from_secs(5));
        }
        assert!(!failure.text.contains(char::is_control), "{}", failure.text);
        assert!(world.engine.status(&world.access()).token.is_none());
        world.order(Order::Normal { endpoint: Endpoint::Token });
        world.send(world.get(STATUS)).await;
        assert_eq!((token_calls(&world), counts(&world).api_calls), (1, 0), "no second try, no call without a token");
        world.hands.advance(Duration::from_secs(60));
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
        let entries = world.sandbox.journal().entries();
        assert!(entries.iter().all(|entry| entry.values("x-evil").count() == 0));
    }
}

#[tokio::test]
async fn each_refusal_of_the_endpoint_means_what_it_says() {
    use TokenFailureKind::{CredentialsRefused, Rejected, Unavailable};
    let error = |status: u16, error: &str| raw(status, &format!(r#"{{"error":"{error}"}}"#));
    let documented = r#"{"statusCode":401,"message":"Unauthorized","error":"Invalid or expired token"}"#;
    let cases = [
        (Answer::Refuse, CredentialsRefused),
        (raw(401, documented), CredentialsRefused),
        (raw(400, documented), CredentialsRefused),
        (raw(401, "go away"), CredentialsRefused),
        (raw(403, ""), CredentialsRefused),
        (error(400, "invalid_client"), CredentialsRefused),
        (error(401, "invalid_client"), CredentialsRefused),
        (error(401, "invalid_request"), CredentialsRefused),
        (error(403, "server_error"), CredentialsRefused),
        (error(400, "unauthorized_client"), CredentialsRefused),
        (error(400, "invalid_grant"), CredentialsRefused),
        (error(400, "invalid_scope"), CredentialsRefused),
        (error(400, "invalid_target"), CredentialsRefused),
        // An error with 200 is the error it names.
        (error(200, "invalid_client"), CredentialsRefused),
        (error(200, "invalid_scope"), CredentialsRefused),
        (error(200, "temporarily_unavailable"), Unavailable),
        (error(400, "invalid_request"), Rejected),
        (error(400, "unsupported_grant_type"), Rejected),
        (raw(400, "no"), Rejected),
        (token_status(404, None), Rejected),
        (token_status(405, None), Rejected),
        (token_status(413, None), Rejected),
        (token_status(415, None), Rejected),
        (token_status(422, None), Rejected),
    ];
    for (answer, kind) in cases {
        let world = World::new();
        world.order(token_answer(answer.clone(), None));
        let calls = world.start_many(FEW, &world.get(STATUS));
        if kind == Unavailable {
            world.pass(milliseconds(8, 5)).await;
            world.pass(milliseconds(8, 6)).await;
        }
        let failed = ends(calls).await;
        let asked = token_calls(&world);
        assert_eq!((why(&failed[0]).kind, asked), (kind, if kind == Unavailable { 3 } else { 1 }), "{answer:?}");
        assert!(failed.iter().all(|exchange| why(exchange) == why(&failed[0])));
        let call = why(&failed[0]).call.clone().unwrap();
        if let Answer::Raw { status, body, .. } = &answer {
            assert_eq!((call.status.unwrap().as_u16(), &call.body), (*status, body), "the answer is shown");
        }
        world.order(Order::Normal { endpoint: Endpoint::Token });
        match kind {
            CredentialsRefused => {
                assert!(why(&failed[0]).hint.is_some());
                world.hands.advance(Duration::from_secs(86_400));
                world.send(world.get(STATUS)).await;
                assert_eq!(token_calls(&world), 1, "{answer:?}: time does not mend credentials");
                world.engine.tokens().edited("demo");
            }
            Rejected => {
                world.hands.advance(Duration::from_secs(59));
                world.send(world.get(STATUS)).await;
                assert_eq!(token_calls(&world), 1, "{answer:?}: quiet for a minute");
                world.engine.tokens().edited("demo");
            }
            _ => world.hands.advance(Duration::from_secs(1)),
        }
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200, "{answer:?}");
        assert_eq!(token_calls(&world), asked + 1);
    }
}

#[tokio::test]
async fn a_secret_that_the_endpoint_tells_back_is_masked() {
    let world = World::new();
    let secret = world.sandbox.clients()[0].secret.clone();
    let body = format!(r#"{{"error":"invalid_client","error_description":"{secret} is wrong"}}"#);
    world.order(token_answer(raw(401, &body), None));
    let exchange = world.send(world.get(STATUS)).await;
    assert!(!format!("{exchange:?}{:?}", world.events.all()).contains(&secret));
    assert!(why(&exchange).text.contains("•••••••• secret is wrong"), "{}", why(&exchange).text);
}

#[tokio::test]
async fn a_long_or_an_opaque_token_works() {
    for opaque in [true, false] {
        for size in [0, 200_000] {
            let world = World::new();
            world.order(Order::OpaqueTokens { on: opaque });
            world.order(Order::Pad { bytes: size });
            assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
            let token = token(&world);
            assert!(token.size >= size);
            assert_eq!(token.jwt.is_none(), opaque, "an opaque token has no claims");
        }
    }
}

#[tokio::test]
async fn a_token_answer_that_never_ends_is_given_up_at_a_limit() {
    let mut world = World::new();
    let endless = RawServer::new(|mut line| async move {
        line.request().await;
        line.say("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"access_token\":\"").await;
        for _ in 0..64 {
            line.say("x".repeat(64 << 10)).await;
        }
        line.gone().await;
    });
    let url = endless.url("/token");
    world.change(|profile| profile.token_url = url);
    let exchange = world.send(world.get(STATUS)).await;
    assert!(why(&exchange).text.contains("1 MiB"), "{}", why(&exchange).text);
    world.until(|| endless.closed_by_client() == 1).await;
}

#[tokio::test]
async fn the_type_of_a_token_is_bearer_in_any_case_or_not_told() {
    for (field, notes) in [
        (Field::Json("\"BEARER\"".into()), vec![]),
        (Field::Json("\"bearer\"".into()), vec![]),
        (Field::Missing, vec![TokenNote::TypeMissing]),
        (Field::Json("null".into()), vec![TokenNote::TypeMissing]),
    ] {
        let world = World::new();
        world.order(Order::TokenType { field: field.clone() });
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200, "{field:?}");
        assert_eq!(token(&world).notes, notes);
    }
    let world = World::new();
    world.order(Order::TokenType { field: Field::Json("\"mac\"".into()) });
    assert_eq!(why(&world.send(world.get(STATUS)).await).kind, TokenFailureKind::NotAToken);
}

#[tokio::test]
async fn a_life_that_was_told_too_long_ends_with_a_401_that_heals() {
    let world = World::new();
    world.order(Order::OpaqueTokens { on: true });
    world.order(Order::ExpiresIn { field: Field::Json("86400".into()) });
    world.send(world.get(STATUS)).await;
    world.hands.advance(Duration::from_secs(1801));
    let exchange = world.send(world.get(STATUS)).await;
    assert_eq!((status(&exchange), exchange.attempts.len(), token_calls(&world)), (200, 2, 2));
}

#[tokio::test]
async fn the_skew_of_a_server_is_measured_and_moves_no_life() {
    for offset in [-3600, 3600] {
        let world = World::new();
        world.order(Order::Clock { offset_seconds: offset });
        world.send(world.get(STATUS)).await;
        let token = token(&world);
        assert_eq!(token.skew_ms, Some(offset * 1000));
        assert_eq!(token.remaining(world.now()), Some(Duration::from_secs(1800)));
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_of_the_servers_clock_leaves_the_skew_alone() {
    let orders = [
        Order::Date { date: Dating::Missing },
        Order::Date { date: Dating::Text("yesterday".into()) },
        Order::Date { date: Dating::Text("2026-11-23T14:00:00Z".into()) },
        Order::Age { seconds: Some(30) },
    ];
    for order in orders {
        let world = World::new();
        world.order(Order::Clock { offset_seconds: 600 });
        world.order(order.clone());
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
        assert_eq!(token(&world).skew_ms, None, "{order:?}");
        assert_eq!(token(&world).life, Some(Duration::from_secs(1800)), "{order:?}");
    }
    // A round trip of over 5 s says too little; one of less is measured at its middle.
    for (slow, skew) in [(6, None), (4, Some(2000))] {
        let world = World::new();
        let slow = Duration::from_secs(slow);
        world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Seconds(slow), times: None });
        let (call, _) = world.start(world.call(world.get(STATUS)));
        world.pass(slow).await;
        guarded(call).await.unwrap();
        assert_eq!(token(&world).skew_ms, skew);
        assert_eq!(token(&world).sent + slow, world.now(), "its life counts from before the call: early, never late");
    }
}

#[tokio::test]
async fn each_kind_of_endpoint_is_asked_in_its_own_way() {
    let ways = [
        (TokenRequest::Json, sandbox::TokenRequest::Json, "application/json", false),
        (TokenRequest::FormBody, sandbox::TokenRequest::FormBody, "application/x-www-form-urlencoded", false),
        (TokenRequest::FormBasic, sandbox::TokenRequest::FormBasic, "application/x-www-form-urlencoded", true),
    ];
    for (wire, _, kind, basic) in ways {
        for (_, only, ..) in ways {
            let mut world = World::new();
            world.change(|profile| profile.wire = wire);
            world.order(Order::Accept { only: Some(only) });
            let exchange = world.send(world.get(STATUS)).await;
            let entry = world.sandbox.journal().entries().remove(0);
            assert_eq!(entry.values("content-type").collect::<Vec<_>>(), [kind]);
            assert_eq!(entry.values("authorization").count(), usize::from(basic));
            if format!("{only:?}") == format!("{wire:?}") {
                assert_eq!(status(&exchange), 200);
            } else {
                let why = why(&exchange);
                assert_eq!(why.kind, TokenFailureKind::CredentialsRefused, "no silent try of another way");
                assert_eq!((token_calls(&world), why.call.as_ref().unwrap().status.unwrap().as_u16()), (1, 401));
                // JSON is the documented way, and its 401 says what is wrong: the credentials.
                let hint = why.hint.clone().unwrap();
                let asked = if basic { "in a Basic header" } else { "by a form with the secret in it" };
                assert!(
                    wire == TokenRequest::Json || hint.contains(asked) && hint.contains("`token-request`"),
                    "{hint}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_jwt_that_tells_its_end_alone_is_measured_by_the_servers_clock_and_never_by_ours() {
    let encoded = |json: &str| URL_SAFE_NO_PAD.encode(json);
    for (date, life) in [(Dating::Usual, Some(Duration::from_secs(1800))), (Dating::Missing, None)] {
        let world = World::new();
        let end = world.clock.wall().as_second() + 3600 + 1800;
        let jwt = format!("{}.{}.x", encoded("{}"), encoded(&format!(r#"{{"exp":{end}}}"#)));
        world.order(Order::Clock { offset_seconds: 3600 });
        world.order(Order::Date { date });
        world.order(token_answer(raw(200, &format!(r#"{{"access_token":"{jwt}"}}"#)), None));
        world.engine.renew(&world.access()).await.unwrap();
        assert_eq!(token(&world).life, life);
    }
}

#[tokio::test]
async fn a_token_that_was_asked_for_by_key_comes_though_an_edit_threw_the_first_answer_away() {
    let world = World::new();
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Hang, times: Some(1) });
    let pressed = tokio::spawn({
        let (engine, access) = (world.engine.clone(), world.access());
        async move { engine.renew(&access).await }
    });
    guarded(world.sandbox.journal().wait_until(|counts| counts.token_in_flight == 1)).await;
    world.engine.tokens().edited("demo");
    world.order(Order::Release { endpoint: Endpoint::Token, calls: None });
    assert_eq!(guarded(pressed).await.unwrap().unwrap().generation.0, 1);
    assert_eq!(token_calls(&world), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_secret_file_that_was_mended_is_read_anew_by_the_key_that_asks_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    let written = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&file, mode).unwrap();
    };
    let mut world = World::new();
    world.change(|profile| profile.credentials[0].secret = SecretSource::File(file.clone()));
    written("wrong");
    world.engine.renew_for(&world.profile, "").await.unwrap_err();
    written(&world.sandbox.clients()[0].secret);
    assert!(matches!(world.send(world.get(STATUS)).await.outcome, Outcome::NoToken(_)), "a call asks nobody again");
    assert_eq!(token_calls(&world), 1);
    world.engine.renew_for(&world.profile, "").await.unwrap();
    assert_eq!(token_calls(&world), 2);
    // One that works is kept.
    std::fs::remove_file(&file).unwrap();
    world.engine.renew_for(&world.profile, "").await.unwrap();
}
