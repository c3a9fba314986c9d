//! What is bounded: token calls at once, redirects in a row, the head of an answer, files that may be open.

use std::{sync::Arc, time::Duration};

use authscope::{
    domain::{
        clock::Clock,
        credential::{Credential, SecretSource},
        exchange::{ExchangeId, FailureKind, Outcome},
        flow::TokenFailureKind,
        profile::Profile,
        request::{Prepared, RequestBody},
        secret::Secret,
        token::TokenPolicy,
    },
    engine::{Call, Engine, Setup},
    sandbox::{Endpoint, Order, Wait},
    secrets::Secrets,
};
use http::Method;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    child,
    raw_server::{RawServer, answer},
    world::{STATUS, World, ends, guarded, status},
};

fn per_transaction() -> World {
    let mut world = World::new();
    world.change(|profile| profile.policy = TokenPolicy::PerTransaction);
    world
}

#[tokio::test]
async fn four_token_calls_of_transactions_are_on_their_way_at_once_and_the_rest_queue() {
    let world = per_transaction();
    world.send(world.get(STATUS)).await;
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Hang, times: None });
    let calls = world.start_many(40, &world.get(STATUS));
    let journal = world.sandbox.journal();
    for released in 0..10 {
        guarded(journal.wait_until(|counts| counts.token_calls == 1 + 4 * (released + 1))).await;
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        assert_eq!(journal.counts().token_in_flight, 4);
        world.order(Order::Release { endpoint: Endpoint::Token, calls: None });
    }
    assert!(ends(calls).await.iter().all(|exchange| status(exchange) == 200));
    let counts = journal.counts();
    assert_eq!((counts.token_calls, counts.api_calls, counts.peak_token_in_flight), (41, 41, 4));
}

#[tokio::test]
async fn wrong_credentials_cost_one_token_call_per_transaction_too() {
    let mut world = per_transaction();
    world.change(|profile| {
        profile.credentials[0].secret = SecretSource::Sandbox(Arc::new(Secret::new("quite wrong")));
    });
    for _ in 0..3 {
        let exchanges = ends(world.start_many(200, &world.get(STATUS))).await;
        for exchange in exchanges {
            let Outcome::NoToken(why) = &exchange.outcome else { panic!("{:?}", exchange.outcome) };
            assert_eq!(why.kind, TokenFailureKind::CredentialsRefused);
        }
    }
    let counts = world.sandbox.journal().counts();
    assert_eq!((counts.token_calls, counts.api_calls), (1, 0));
}

#[tokio::test]
async fn a_transaction_that_is_cancelled_in_the_queue_costs_no_token_call() {
    let world = per_transaction();
    world.send(world.get(STATUS)).await;
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Hang, times: None });
    let calls: Vec<_> = (0..40).map(|_| world.start(world.call(world.get(STATUS)))).collect();
    guarded(world.sandbox.journal().wait_until(|counts| counts.token_in_flight == 4)).await;
    for (call, cancel) in calls {
        cancel.cancel();
        guarded(call).await.unwrap();
    }
    world.order(Order::Normal { endpoint: Endpoint::Token });
    assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
    assert_eq!(world.sandbox.journal().counts().token_calls, 1 + 4 + 1);
}

#[tokio::test]
async fn transactions_that_queue_behind_an_endpoint_that_hangs_fail_with_the_first_ones() {
    let world = per_transaction();
    world.send(world.get(STATUS)).await;
    world.order(Order::Wait { endpoint: Endpoint::Token, wait: Wait::Hang, times: None });
    let calls = world.start_many(40, &world.get(STATUS));
    guarded(world.sandbox.journal().wait_until(|counts| counts.token_in_flight == 4)).await;
    world.pass(world.profile.limits.flight).await;
    for exchange in ends(calls).await {
        assert!(matches!(exchange.outcome, Outcome::NoToken(_)), "{:?}", exchange.outcome);
    }
    world.order(Order::Normal { endpoint: Endpoint::Token });
    assert_eq!(world.sandbox.journal().counts().token_calls, 1 + 4);
    world.hands.advance(Duration::from_secs(1));
    assert_eq!(status(&world.send(world.get(STATUS)).await), 200, "four that failed side by side are one failure");
}

#[tokio::test]
async fn ten_redirects_are_followed_and_an_eleventh_is_not() {
    for (chain, ends_well) in [(10, true), (11, false)] {
        let server = RawServer::new(move |mut line| async move {
            while let Some((request, _)) = line.request().await {
                let at: u32 = request.line().rsplit('/').next().unwrap().parse().unwrap();
                let next = format!("location: /{}\r\n", at + 1);
                line.say(if at < chain { answer("302 Found", &next, "") } else { answer("200 OK", "", "") }).await;
            }
        });
        let mut world = World::new();
        world.change(|profile| profile.base_url = server.url("/"));
        let exchange = world.send(world.get("/0")).await;
        assert_eq!(exchange.attempts[0].hops.len(), 11);
        assert_eq!(server.requests().len(), 11);
        match &exchange.outcome {
            Outcome::Answered => assert!(ends_well && status(&exchange) == 200),
            Outcome::Failed(failure) => assert!(!ends_well && failure.kind == FailureKind::Redirect),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_head_without_measure_is_refused_by_name_of_the_limit() {
    let many = "x: 1\r\n".repeat(10_000);
    let long = format!("x: {}\r\n", "y".repeat(1 << 20));
    let some = "x: 1\r\n".repeat(200);
    for (fields, fits) in [(some, true), (many, false), (long, false)] {
        let server = RawServer::new(move |mut line| {
            let text = answer("200 OK", &fields, "{}");
            async move {
                line.request().await;
                line.say(text).await;
                line.gone().await;
            }
        });
        let mut world = World::new();
        world.change(|profile| profile.base_url = server.url("/"));
        let exchange = world.send(world.get("/")).await;
        match &exchange.outcome {
            Outcome::Answered => assert!(fits),
            Outcome::Failed(failure) => {
                assert!(!fits);
                assert_eq!(failure.kind, FailureKind::TooLarge);
                assert!(failure.text.contains("1000 header fields"), "{}", failure.text);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn two_hundred_calls_under_a_limit_of_32_open_files_end_each_in_an_answer_or_a_clear_error() {
    if !child::is_child() {
        let world = World::new();
        let client = &world.sandbox.clients()[0];
        let told = [
            ("API", world.sandbox.base_url().to_owned()),
            ("CLIENT", client.id.clone()),
            ("SECRET", client.secret.clone()),
        ];
        let test = "limits::two_hundred_calls_under_a_limit_of_32_open_files_end_each_in_an_answer_or_a_clear_error";
        child::passed(&child::run(test, Some(32), told.into()).await);
        let counts = world.sandbox.journal().counts();
        assert_eq!(counts.token_calls, 1);
        assert!(counts.peak_in_flight <= 32 && counts.api_200 > 1);
        return;
    }
    let base = Url::parse(&child::told("API")).unwrap();
    let secret = SecretSource::Environment("SECRET".into());
    let profile = Arc::new(Profile {
        credentials: vec![Credential::new(child::told("CLIENT"), secret)],
        ..Profile::new("limited", base.clone(), base.join("/api/token").unwrap())
    });
    let engine = Engine::new(Setup {
        clock: Clock::system(),
        observer: Arc::new(|_| ()),
        dice: Arc::new(|| 0.5),
        cache: None,
        secrets: Secrets::default(),
        timer: false,
    });
    let call = |id| {
        let prepared = Prepared::new(Method::GET, base.join(STATUS).unwrap(), vec![], RequestBody::Empty).unwrap();
        let (profile, credential) = (profile.clone(), String::new());
        let call = Call { prepared, profile, credential, policy: TokenPolicy::Reuse };
        let engine = engine.clone();
        tokio::spawn(async move { engine.execute(ExchangeId(id), call, CancellationToken::new()).await })
    };
    let exchanges = ends((0..200).map(call).collect()).await;
    let mut answered = 0;
    for exchange in &exchanges {
        match &exchange.outcome {
            Outcome::Answered => answered += usize::from(status(exchange) == 200),
            Outcome::Failed(failure) => {
                assert_eq!(failure.kind, FailureKind::Connect);
                assert!(failure.text.contains("open files"), "{}", failure.text);
                assert!(failure.hint.as_deref().unwrap().contains("ulimit"));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(answered > 0);
    assert_eq!(status(&guarded(call(201)).await.unwrap()), 200, "afterwards all is well");
}

#[tokio::test]
async fn a_call_says_by_itself_what_http_wants_said() {
    let server = RawServer::new(|mut line| async move {
        while line.request().await.is_some() {
            line.answer("200 OK", r#"{"access_token":"abc","expires_in":60}"#).await;
        }
    });
    let mut world = World::new();
    world.change(|profile| {
        profile.base_url = server.url("/");
        profile.token_url = server.url("/token");
    });
    world.send(world.request(Method::POST, "/x", &[("accept", "text/plain")], "")).await;
    let requests = server.requests();
    let host = format!("127.0.0.1:{}", server.port);
    let accepted = [("application/json", "identity"), ("text/plain", "gzip, deflate, br, zstd")];
    for (request, (accept, encoding)) in requests.iter().zip(accepted) {
        assert_eq!(request.header("host"), Some(host.as_str()));
        assert_eq!(request.header("accept"), Some(accept));
        assert_eq!(request.header("accept-encoding"), Some(encoding));
        assert!(request.header("user-agent").unwrap().starts_with("authscope/"));
        assert!(request.header("content-length").is_some());
        assert_eq!(request.header("cookie"), None);
    }
    assert_eq!(requests[1].header("content-length"), Some("0"));
}
