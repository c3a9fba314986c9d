//! What the response pane says of a server that lies, cuts, drips, injects or explodes: calls made for real, the events
//! of the engine told to the explorer.

use std::time::Duration;

use authscope::{
    app::{focus::Pane, message::Message},
    domain::{
        exchange::{Exchange, FailureKind, Outcome},
        request::{Authorization, Purpose},
    },
};
use tokio_util::sync::CancellationToken;

use crate::{
    raw_server::{Line, RawServer},
    screens::{cut_out, pictures},
    stage::Stage,
    world::{World, guarded},
};

/// A server and what it says, until it hangs up.
type Said = fn() -> Vec<u8>;

const JSON: &str = r#"{"status": "Captured", "amount": 25.00, "list": [1, 2, 3, 4, 5, 6, 7, 8, 9]}"#;

fn head(fields: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{fields}\r\n").as_bytes(), body].concat()
}

/// Each by its name.
pub const CASES: &[(&str, Said)] = &[
    ("cut", || head("content-length: 100\r\n", &JSON.as_bytes()[..40])),
    ("cut_chunk", || head("transfer-encoding: chunked\r\n", &[b"40\r\n", &JSON.as_bytes()[..40]].concat())),
    ("bad_chunk", || {
        head("transfer-encoding: chunked\r\n", &[b"9\r\n", &JSON.as_bytes()[..9], b"\r\nzz\r\n"].concat())
    }),
    ("endless_by_close", || head("connection: close\r\n", JSON.as_bytes())),
    ("negative_length", || head("content-length: -5\r\n", JSON.as_bytes())),
    ("two_lengths", || head("content-length: 5\r\ncontent-length: 50\r\n", JSON.as_bytes())),
    ("no_gzip", || head(&format!("content-encoding: gzip\r\ncontent-length: {}\r\n", JSON.len()), JSON.as_bytes())),
    ("odd_encoding", || {
        head(&format!("content-encoding: lzma\r\ncontent-length: {}\r\n", JSON.len()), JSON.as_bytes())
    }),
    ("no_http", || b"<html>this is HTTP/0.9</html>".to_vec()),
    ("junk_status", || b"HTTP/1.1 abc what\r\n\r\n".to_vec()),
    ("status_999", || b"HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n".to_vec()),
    ("status_099", || b"HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n".to_vec()),
    ("headers", || head(&"x-one-more: 1\r\n".repeat(10_000), b"")),
    ("long_header", || head(&format!("x-long: {}\r\n", "a".repeat(1 << 20)), b"")),
    ("injects", || {
        let body = "{\"title\": \"\u{1b}]0;mine\u{7}\u{9b}2J\", \"reversed\": \"\u{202e}gnp.exe\", \"cr\": \"one\rtwo\u{8}\u{8}\u{8}\"}";
        head("x-odd: \u{9b}2J\r\n", body.as_bytes())
    }),
    ("nests", || head("connection: close\r\n", "[".repeat(100_000).as_bytes())),
    ("wrong_type", || head("connection: close\r\n", b"<!doctype html><title>Sign in</title><p>Please sign in.</p>")),
    ("early_hints", || {
        [b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(50), head("connection: close\r\n", JSON.as_bytes())].concat()
    }),
];

/// Says it to whoever comes, and hangs up.
async fn told(mut line: Line, said: Vec<u8>) {
    line.head().await;
    line.say(said).await;
}

/// Makes a call, and shows it to the explorer as it went.
async fn shown(stage: &mut Stage, world: &World, path: &str) -> Exchange {
    let order = stage.send();
    let mut prepared = world.get(path);
    prepared.authorization = Authorization::OnPurpose(Purpose::NoToken);
    let call = world.call(prepared);
    let exchange = guarded(Box::pin(world.engine.execute(order.id, call, CancellationToken::new()))).await;
    for event in world.events.all().into_iter().filter(|event| event.exchange == Some(order.id)) {
        stage.tell(Message::Flowed(event));
    }
    stage.tell(Message::Settled(Box::new(exchange.clone())));
    stage.press("3");
    exchange
}

#[tokio::test]
async fn what_the_screen_says_of_each_hostile_server() {
    for (name, said) in CASES {
        let server = RawServer::new(move |line| told(line, said()));
        for size in pictures::SIZES {
            let mut world = World::new();
            world.change(|profile| profile.base_url = server.url("/"));
            let mut stage = Stage::new(size.0, size.1);
            shown(&mut stage, &world, "/x").await;
            let notice = stage.text().lines().last().unwrap_or_default().trim_end().to_owned();
            let text = format!("{}\n{notice}", cut_out(&mut stage, Pane::Response));
            let text = text.replace(&server.port.to_string(), "PORT");
            pictures::compared(&pictures::named(&format!("hostile_{name}"), size), &text);
        }
    }
}

#[tokio::test]
async fn an_early_end_is_incomplete_and_no_end_but_the_connections_is_one() {
    for (name, said) in CASES {
        let server = RawServer::new(move |line| told(line, said()));
        let mut world = World::new();
        world.change(|profile| profile.base_url = server.url("/"));
        let exchange = shown(&mut Stage::new(80, 24), &world, "/x").await;
        let whole = ["endless_by_close", "odd_encoding", "status_999", "injects", "nests", "wrong_type", "early_hints"];
        let answered = matches!(exchange.outcome, Outcome::Answered);
        assert_eq!(answered, whole.contains(name), "{name}: {:?}", exchange.outcome);
    }
}

#[tokio::test]
async fn no_flip_of_a_bit_in_an_answer_is_more_than_an_error_or_odd_text() {
    let plain = head(&format!("content-length: {}\r\n", JSON.len()), JSON.as_bytes());
    let bits = plain.len() * 8;
    // Each connection has its own bit.
    let server = RawServer::new(move |line| {
        let (mut said, at) = (plain.clone(), line.number % bits);
        said[at / 8] ^= 1 << (at % 8);
        told(line, said)
    });
    let mut world = World::new();
    world.change(|profile| profile.base_url = server.url("/"));
    let mut stage = Stage::new(80, 24);
    while server.connections() < bits {
        shown(&mut stage, &world, "/x").await;
        assert!(stage.text().contains("Response"));
    }
}

#[tokio::test]
async fn bytes_behind_the_end_of_an_answer_are_no_part_of_the_next() {
    let server = RawServer::new(|mut line| async move {
        while line.head().await.is_some() {
            let smuggled = "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsmuggled";
            line.say(format!("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ntrue{smuggled}")).await;
        }
    });
    let both = RawServer::new(|mut line| async move {
        while line.head().await.is_some() {
            line.say(
                "HTTP/1.1 200 OK\r\ncontent-length: 40\r\ntransfer-encoding: chunked\r\n\r\n4\r\ntrue\r\n0\r\n\r\n",
            )
            .await;
        }
    });
    for server in [&server, &both] {
        let mut world = World::new();
        world.change(|profile| profile.base_url = server.url("/"));
        for _ in 0..5 {
            let exchange = shown(&mut Stage::new(80, 24), &world, "/x").await;
            match &exchange.outcome {
                Outcome::Answered => assert_eq!(exchange.answer().unwrap().body.bytes(0, 99).unwrap(), b"true"),
                Outcome::Failed(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_flood_of_interim_answers_ends_at_the_limit_of_time() {
    let server = RawServer::new(|mut line| async move {
        line.head().await;
        for _ in 0..100 {
            line.say("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n").await;
        }
        line.gone().await;
    });
    let mut world = World::new();
    world.change(|profile| {
        profile.base_url = server.url("/");
        // No byte of an answer is none at all, however many interim ones there are.
        (profile.limits.total, profile.limits.idle) = (Duration::from_secs(20), Duration::from_secs(30));
    });
    let mut prepared = world.get("/x");
    prepared.authorization = Authorization::OnPurpose(Purpose::NoToken);
    let (call, _) = world.start(world.call(prepared));
    world.pass(Duration::from_secs(20)).await;
    let exchange = guarded(call).await.unwrap();
    let Outcome::Failed(failure) = &exchange.outcome else { panic!("{:?}", exchange.outcome) };
    assert_eq!(failure.kind, FailureKind::TotalTime);
    world.until(|| server.closed_by_client() == 1).await;
}
