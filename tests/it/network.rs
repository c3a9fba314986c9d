//! Connections that die, stall or dribble: what is sent again, what is not, and which limit ends it.
//!
//! On the other side stands a server of bytes, which counts what reached it; time is the manual clock's.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use authscope::{
    body::Completion,
    domain::{
        exchange::{Exchange, Failure, FailureKind, Outcome},
        flow::FlowStep,
        request::{Authorization, Prepared, Purpose, RequestBody},
    },
    sandbox::{Answer, Endpoint, Order},
};
use http::Method;
use tokio::{net::TcpSocket, sync::Semaphore};
use url::Url;

use crate::{
    promises::number,
    raw_server::{RawServer, answer},
    world::{STATUS, World, ends, guarded, status},
};

/// A world whose API is the raw server; its tokens come from the sandbox.
fn world_of(server: &RawServer) -> World {
    let mut world = World::new();
    world.change(|profile| profile.base_url = server.url("/"));
    world
}

fn failure(exchange: &Exchange) -> &Failure {
    match &exchange.outcome {
        Outcome::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

fn reconnected(world: &World) -> usize {
    world.events.count(|step| matches!(step, FlowStep::Reconnected))
}

#[tokio::test]
async fn a_post_is_never_sent_twice_in_a_thousand_faulted_runs() {
    const BEGUN: &str = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345";
    let server = RawServer::new(|mut line| async move {
        // Each connection has its own fault; a request that comes by one that stayed open meets the next.
        match line.number % 11 {
            0 => line.reset(),
            1 => drop(line.start().await),
            2 => {
                line.start().await;
                line.reset();
            }
            3 => drop(line.head().await),
            4 => {
                line.head().await;
                line.reset();
            }
            5 => drop(line.request().await),
            6 => {
                line.request().await;
                line.reset();
            }
            7 => {
                line.request().await;
                line.say("HTTP/1.").await;
            }
            8 => {
                line.request().await;
                line.say(BEGUN).await;
            }
            9 => {
                line.request().await;
                line.say(BEGUN).await;
                line.reset();
            }
            _ => {
                // An answer, and the connection left open; it dies under the request after the third.
                for _ in 0..3 {
                    line.request().await;
                    line.answer("200 OK", "{}").await;
                }
                line.request().await;
            }
        }
    });
    let world = world_of(&server);
    let runs = number(25, 2);
    let mut answered = 0;
    for run in 0..runs {
        let size = [0, 10, 5_000, 200_000][run % 4];
        let prepared = world.request(Method::POST, &format!("/pay/{run}/"), &[], &"x".repeat(size));
        let exchange = world.send(prepared).await;
        match &exchange.outcome {
            Outcome::Answered => answered += 1,
            Outcome::Failed(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(answered > 0 && answered < runs / 2, "{answered} answered");
    let mut arrivals = HashMap::<String, usize>::new();
    for request in server.requests() {
        *arrivals.entry(request.line().to_owned()).or_default() += 1;
    }
    assert!(arrivals.len() > runs / 2);
    let duplicates = arrivals.values().filter(|count| **count > 1).count();
    assert_eq!(duplicates, number(25, 1));
    assert!(server.connections() <= runs, "no run connected twice");
    assert_eq!(reconnected(&world), 0);
}

#[tokio::test]
async fn a_get_on_a_connection_that_dies_goes_out_once_more_and_a_post_does_not() {
    for (method, sends) in
        [(Method::GET, 2), (Method::HEAD, 2), (Method::PUT, 2), (Method::DELETE, 2), (Method::POST, 1)]
    {
        for reset in [true, false] {
            // Every first request of a connection is answered, every second one meets its death.
            let server = RawServer::new(move |mut line| async move {
                line.request().await;
                line.say("HTTP/1.1 204 No Content\r\n\r\n").await;
                line.request().await;
                if reset {
                    line.reset();
                }
            });
            let world = world_of(&server);
            world.send(world.request(method.clone(), "/first", &[], "")).await;
            let exchange = world.send(world.request(method.clone(), "/second", &[], "{}")).await;
            let seen = server.requests().iter().filter(|request| request.line().ends_with("/second")).count();
            assert_eq!(seen, sends, "{method}");
            assert_eq!(reconnected(&world), sends - 1);
            if method == Method::POST {
                assert_eq!(failure(&exchange).kind, FailureKind::Broken);
            } else {
                assert_eq!(status(&exchange), 204);
                assert!(exchange.attempts[0].hops[0].reconnected);
            }
        }
    }
}

#[tokio::test]
async fn a_get_is_repeated_once_and_no_more() {
    let server = RawServer::new(|mut line| async move {
        line.request().await;
    });
    let world = world_of(&server);
    let exchange = world.send(world.get("/x")).await;
    assert_eq!(failure(&exchange).kind, FailureKind::Broken);
    assert_eq!((server.requests().len(), reconnected(&world)), (2, 1));
}

#[tokio::test]
async fn a_get_whose_answer_had_begun_is_not_repeated() {
    let server = RawServer::new(|mut line| async move {
        line.request().await;
        line.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345").await;
    });
    let world = world_of(&server);
    let exchange = world.send(world.get("/x")).await;
    assert_eq!(failure(&exchange).kind, FailureKind::Incomplete);
    assert_eq!(exchange.answer().unwrap().body.bytes(0, 100).unwrap(), b"12345", "what came is kept");
    assert_eq!((server.requests().len(), reconnected(&world)), (1, 0));
}

#[tokio::test]
async fn sockets_that_a_server_closed_while_they_idled_fail_no_get_and_double_no_post() {
    let world = World::new();
    for round in 0..10 {
        ends(world.start_many(20, &world.get(STATUS))).await;
        let before = world.sandbox.journal().counts();
        assert!(before.open_connections > 1);
        world.hands.advance(Duration::from_secs(5));
        world.order(Order::CloseIdle);
        // At once, before the client can have seen it.
        let gets = world.start_many(20, &world.get(STATUS));
        assert!(ends(gets).await.iter().all(|exchange| status(exchange) == 200));
        let world = &world;
        let posts: Vec<_> = (0..20)
            .map(|post| world.request(Method::POST, &format!("/_sandbox/open?{round}.{post}"), &[], "{}"))
            .map(|prepared| world.start(world.call(prepared)).0)
            .collect();
        ends(posts).await;
        world.order(Order::CloseIdle);
    }
    let entries = world.sandbox.journal().entries();
    let mut posts: Vec<_> =
        entries.iter().filter(|entry| entry.method == "POST" && entry.endpoint == Endpoint::Api).collect();
    let count = posts.len();
    posts.sort_by_key(|entry| entry.target.clone());
    posts.dedup_by_key(|entry| entry.target.clone());
    assert_eq!(posts.len(), count, "no POST came twice");
}

#[tokio::test]
async fn a_server_that_accepts_nothing_is_given_up_after_the_limit_for_connecting() {
    // Room for two connections that nobody accepts: further ones are left without an answer.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let knocks = (0..8).map(|_| tokio::spawn(TcpSocket::new_v4().unwrap().connect(address)));
    let _knocks: Vec<_> = knocks.collect();
    tokio::task::yield_now().await;
    let mut world = World::new();
    world.change(|profile| profile.base_url = Url::parse(&format!("http://{address}/")).unwrap());
    world.engine.renew(&world.access()).await.unwrap();
    let limit = world.profile.limits.connect;
    let (call, _) = world.start(world.call(world.get("/x")));
    world.pass(limit).await;
    let exchange = guarded(call).await.unwrap();
    assert_eq!(failure(&exchange).kind, FailureKind::ConnectTimeout);
    assert!(failure(&exchange).text.contains("no connection within 5 s"), "{}", failure(&exchange).text);
    assert_eq!(reconnected(&world), 0);
}

#[tokio::test]
async fn silence_ends_at_the_idle_limit_before_the_head_and_after_it() {
    for head in
        ["", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345"]
    {
        let server = RawServer::new(move |mut line| async move {
            line.request().await;
            line.say(head).await;
            line.gone().await;
        });
        let world = world_of(&server);
        let (call, _) = world.start(world.call(world.get("/x")));
        let heads = usize::from(!head.is_empty());
        world.until(|| server.requests().len() == 1).await;
        world.until(|| world.events.count(|step| matches!(step, FlowStep::HeadReceived { .. })) == heads).await;
        world.pass(Duration::from_secs(30)).await;
        let exchange = guarded(call).await.unwrap();
        assert_eq!(failure(&exchange).kind, FailureKind::Idle);
        assert_eq!(exchange.answer().is_some(), heads == 1);
        if let Some(answer) = exchange.answer() {
            assert!(matches!(answer.body.completion(), Completion::Incomplete(_)));
        }
        world.until(|| server.closed_by_client() == 1).await;
        assert_eq!(server.requests().len(), 1, "an idle limit is no dead connection: nothing is repeated");
    }
}

#[tokio::test]
async fn a_drip_is_ended_by_the_total_limit_unless_it_is_an_event_stream() {
    for kind in ["application/json", "text/event-stream"] {
        let step = Arc::new(Semaphore::new(0));
        let server = RawServer::new({
            let step = step.clone();
            move |mut line| {
                let step = step.clone();
                async move {
                    line.request().await;
                    line.say(format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n\r\n")).await;
                    while let Ok(permit) = step.acquire().await {
                        permit.forget();
                        line.say("x").await;
                    }
                }
            }
        });
        let world = world_of(&server);
        let (call, cancel) = world.start(world.call(world.get("/x")));
        world.until(|| world.events.count(|step| matches!(step, FlowStep::HeadReceived { .. })) == 1).await;
        let body = world.events.all().iter().find_map(|event| match &event.step {
            FlowStep::HeadReceived { answer, .. } => Some(answer.body.clone()),
            _ => None,
        });
        let body = body.unwrap();
        for second in 1..=14 {
            world.hands.advance(Duration::from_secs(20));
            step.add_permits(1);
            world.until(|| body.len() == second).await;
        }
        world.pass(Duration::from_secs(if kind == "application/json" { 20 } else { 30 })).await;
        let exchange = guarded(call).await.unwrap();
        let expected = if kind == "application/json" { FailureKind::TotalTime } else { FailureKind::Idle };
        assert_eq!(failure(&exchange).kind, expected);
        assert_eq!(body.len(), 14, "what came is kept");
        drop(cancel);
    }
}

#[tokio::test]
async fn nobody_there_and_no_such_name_are_told_apart() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let name = format!("{}.invalid", "a".repeat(70));
    let cases = [
        (format!("http://{free}/x"), FailureKind::Connect, "connection refused"),
        (format!("http://{name}/x"), FailureKind::Dns, "has no address"),
    ];
    for (url, kind, said) in cases {
        let world = World::new();
        let mut prepared = Prepared::new(Method::POST, Url::parse(&url).unwrap(), vec![], RequestBody::Empty).unwrap();
        prepared.authorization = Authorization::OnPurpose(Purpose::NoToken);
        let exchange = world.send(prepared).await;
        assert_eq!(failure(&exchange).kind, kind);
        assert!(failure(&exchange).text.contains(said), "{}", failure(&exchange).text);
    }
}

#[tokio::test]
async fn an_endless_body_stops_at_the_limit_and_its_socket_is_closed() {
    let mut world = World::new();
    world.change(|profile| profile.limits.max_body = 1 << 20);
    let exchange = world.send(world.get("/_sandbox/endless")).await;
    assert_eq!(failure(&exchange).kind, FailureKind::TooLarge);
    let body = &exchange.answer().unwrap().body;
    assert_eq!(body.len(), 1 << 20);
    assert!(matches!(body.completion(), Completion::Incomplete(_)));
    guarded(world.sandbox.journal().wait_until(|counts| counts.closed_early == 1)).await;
}

#[tokio::test]
async fn answers_in_segments_of_one_byte_read_the_same() {
    let body = r#"{"access_token":"a.b.c","token_type":"Bearer","expires_in":60}"#;
    let texts = [
        answer("200 OK", "retry-after: 7\r\n", body),
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()),
    ];
    for text in texts {
        let whole = text.clone();
        let server = RawServer::new(move |mut line| {
            let text = text.clone();
            async move {
                while line.request().await.is_some() {
                    for byte in text.as_bytes() {
                        line.say([*byte]).await;
                        tokio::task::yield_now().await;
                    }
                }
            }
        });
        let at_once = RawServer::new(move |mut line| {
            let text = whole.clone();
            async move {
                while line.request().await.is_some() {
                    line.say(&text).await;
                }
            }
        });
        let mut seen = Vec::new();
        for server in [&server, &at_once] {
            let mut world = world_of(server);
            world.change(|profile| profile.token_url = server.url("/token"));
            let exchange = world.send(world.get("/x")).await;
            let answer = exchange.answer().unwrap();
            assert_eq!(answer.body.completion(), Completion::Complete);
            seen.push((status(&exchange), answer.headers.clone(), answer.body.bytes(0, 1000).unwrap()));
            let token = world.engine.status(&world.access()).token.unwrap();
            assert_eq!((token.size, token.life), (5, Some(Duration::from_secs(60))));
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0].2, body.as_bytes());
    }
}

#[tokio::test]
async fn an_api_that_asks_to_wait_is_not_called_again_by_itself_and_the_wait_is_told() {
    let cases = [
        (429, Some("7"), Some(7)),
        (503, Some("Mon, 23 Nov 2026 14:00:09 GMT"), Some(9)),
        (503, Some("soon"), None),
        (429, None, None),
        (500, Some("7"), None),
    ];
    for (code, retry_after, wait) in cases {
        for follow in [true, false] {
            let world = World::new();
            let answer = Answer::Status { status: code, retry_after: retry_after.map(str::to_owned) };
            world.order(Order::Answer { endpoint: Endpoint::Api, answer, times: None });
            let mut prepared = world.get(STATUS);
            prepared.follow = follow;
            let exchange = world.send(prepared).await;
            assert_eq!((status(&exchange), exchange.attempts.len()), (code, 1));
            world.hands.advance(Duration::from_secs(3600));
            tokio::task::yield_now().await;
            let counts = world.sandbox.journal().counts();
            assert_eq!((counts.api_calls, counts.token_calls), (1, 1));
            let began = exchange.began;
            let told: Vec<_> = world
                .events
                .all()
                .into_iter()
                .filter_map(|event| match event.step {
                    FlowStep::Waiting { until, .. } => Some(until.since(began).as_secs()),
                    _ => None,
                })
                .collect();
            assert_eq!(told, wait.into_iter().collect::<Vec<_>>(), "{code} {retry_after:?} {follow}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_off_by_decades_hinders_no_call() {
    for wall in ["1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z"] {
        let world = World::new();
        let server = world.clock.wall();
        world.hands.set_wall(wall.parse().unwrap());
        let offset = server.as_second() - world.clock.wall().as_second();
        world.order(Order::Clock { offset_seconds: offset });
        assert_eq!(status(&world.send(world.get(STATUS)).await), 200);
        let token = world.engine.status(&world.access()).token.unwrap();
        assert_eq!(token.remaining(world.now()), Some(Duration::from_secs(1800)));
        assert_eq!(token.skew_ms.map(|skew| skew / 1000), Some(offset));
    }
}

#[tokio::test]
async fn a_token_issued_in_the_future_of_another_node_ends_with_the_hint_and_no_third_send() {
    let world = World::new();
    world.order(Order::CheckingClock { offset_seconds: -30 });
    let exchange = world.send(world.get(STATUS)).await;
    assert_eq!((status(&exchange), exchange.attempts.len()), (401, 2));
    let counts = world.sandbox.journal().counts();
    assert_eq!((counts.token_calls, counts.api_calls), (2, 2));
    let diagnosis = exchange.diagnosis.unwrap();
    let cause = &diagnosis.causes[0];
    assert!(cause.what.contains("issued in the server's future"), "{diagnosis:?}");
    assert!(cause.seen.contains("30 s"), "{diagnosis:?}");
}

#[tokio::test]
async fn localhost_works_where_nobody_listens_on_the_first_of_its_addresses() {
    let world = World::new();
    let mut by_name = World::new();
    let base = Url::parse(&format!("http://localhost:{}", world.sandbox.port())).unwrap();
    by_name.change(|profile| {
        profile.token_url = base.join("/api/token").unwrap();
        profile.base_url = base.clone();
        profile.credentials = world.profile.credentials.clone();
    });
    assert_eq!(status(&by_name.send(by_name.get(STATUS)).await), 200);
}

#[tokio::test]
async fn a_large_upload_is_not_idle_while_it_goes_on() {
    // More than the system keeps on its way: to read one part, the client must have sent more of the body.
    const PART: usize = 16 << 20;
    const PARTS: usize = 3;
    let step = Arc::new(Semaphore::new(0));
    let taken = Arc::new(AtomicUsize::new(0));
    let server = RawServer::new({
        let (step, taken) = (step.clone(), taken.clone());
        move |mut line| {
            let (step, taken) = (step.clone(), taken.clone());
            async move {
                line.head().await;
                for _ in 0..PARTS {
                    step.acquire().await.unwrap().forget();
                    line.body(PART).await;
                    taken.fetch_add(1, Ordering::Relaxed);
                }
                line.answer("200 OK", "{}").await;
            }
        }
    });
    let world = world_of(&server);
    let prepared = world.request(Method::POST, "/x", &[], &"x".repeat(PART * PARTS));
    let (call, _) = world.start(world.call(prepared));
    world.until(|| server.requests().len() == 1).await;
    for part in 1..=PARTS {
        world.hands.advance(Duration::from_secs(20));
        step.add_permits(1);
        world.until(|| taken.load(Ordering::Relaxed) == part).await;
    }
    assert_eq!(status(&guarded(call).await.unwrap()), 200);
}

#[tokio::test]
async fn the_limit_of_time_is_that_of_all_hops_together() {
    let go_on = Arc::new(Semaphore::new(0));
    let server = RawServer::new({
        let go_on = go_on.clone();
        move |mut line| {
            let go_on = go_on.clone();
            async move {
                line.request().await;
                go_on.acquire().await.unwrap().forget();
                line.say(answer("302 Found", "location: /second\r\n", "")).await;
                line.request().await;
                line.gone().await;
            }
        }
    });
    let mut world = world_of(&server);
    world.change(|profile| profile.limits.total = Duration::from_secs(20));
    let (call, _) = world.start(world.call(world.get("/first")));
    world.until(|| server.requests().len() == 1).await;
    world.hands.advance(Duration::from_secs(15));
    go_on.add_permits(1);
    world.until(|| server.requests().len() == 2).await;
    world.pass(Duration::from_secs(5)).await;
    assert_eq!(failure(&guarded(call).await.unwrap()).kind, FailureKind::TotalTime);
}

#[tokio::test]
async fn what_described_a_body_stays_behind_with_it() {
    let server = RawServer::new(|mut line| async move {
        while let Some((request, _)) = line.request().await {
            let seen = request.line().starts_with("GET");
            line.say(if seen { answer("200 OK", "", "{}") } else { answer("303 See Other", "location: /y\r\n", "") })
                .await;
        }
    });
    let world = world_of(&server);
    let fields = [("content-type", "application/json"), ("content-language", "de"), ("x-kept", "1")];
    assert_eq!(status(&world.send(world.request(Method::POST, "/x", &fields, "{}")).await), 200);
    let requests = server.requests();
    let second = &requests[1];
    assert_eq!((second.line(), second.header("x-kept")), ("GET /y", Some("1")));
    for field in ["content-type", "content-language", "content-length"] {
        assert!(requests[0].header(field).is_some() && second.header(field).is_none(), "{field}");
    }
}

#[tokio::test]
async fn a_401_heals_the_call_whatever_becomes_of_its_body() {
    let server = RawServer::new(|mut line| async move {
        line.request().await;
        match line.number {
            1 => line.say("HTTP/1.1 401 Unauthorized\r\ncontent-length: 100\r\n\r\nhalf").await,
            _ => line.answer("200 OK", "{}").await,
        }
    });
    let world = world_of(&server);
    let exchange = world.send(world.request(Method::POST, "/x", &[], "{}")).await;
    assert_eq!((status(&exchange), exchange.attempts.len()), (200, 2));
    assert_eq!((server.requests().len(), world.sandbox.journal().counts().token_calls), (2, 2));
}
