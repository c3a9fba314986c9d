//! Bodies that come compressed: by any coding and by three at once, cut, mistaken for another, or growing without end.

use authscope::{
    body::{Completion, encoding::FREE},
    domain::exchange::{Exchange, Failure, FailureKind, Outcome},
    sandbox::{Answer, Endpoint, Order},
};
use http::Method;

use crate::{
    promises::number,
    raw_server::RawServer,
    world::{World, status},
};

fn failure(exchange: &Exchange) -> &Failure {
    match &exchange.outcome {
        Outcome::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

fn kept(exchange: &Exchange) -> Vec<u8> {
    exchange.answer().unwrap().body.bytes(0, 1 << 20).unwrap()
}

async fn sent(world: &World, path: &str) -> Exchange {
    world.send(world.get(path)).await
}

#[tokio::test]
async fn what_is_sent_by_up_to_three_codings_is_shown_as_what_it_is_and_both_lengths_are_told() {
    let world = World::new();
    let plain = kept(&sent(&world, "/_sandbox/bytes?n=200000").await);
    for by in ["gzip", "deflate", "br", "zstd", "identity", "gzip,br", "br,gzip,zstd"] {
        let exchange = sent(&world, &format!("/_sandbox/encoded?by={by}&n=200000")).await;
        let body = &exchange.answer().unwrap().body;
        assert_eq!((status(&exchange), body.completion()), (200, Completion::Complete), "{by}");
        assert!(kept(&exchange) == plain, "{by}");
        assert_eq!(body.wire() < body.len(), by != "identity", "{by}: {} of {}", body.wire(), body.len());
    }
    // Some servers send deflate without the frame that its name stands for.
    let deflated = b"\xabV*I-.Q\xb2RP*\xce\xcfMUH\xce\xcf-(J-.NMQH,V\xaa\x05\x00";
    let exchange = answered(b"deflate", deflated).await;
    assert_eq!(kept(&exchange), br#"{"test": "some compressed as"}"#);
}

/// The answer of a server that sends those bytes under that `Content-Encoding`.
async fn answered(encoding: &'static [u8], body: &'static [u8]) -> Exchange {
    let server = RawServer::new(move |mut line| async move {
        while line.request().await.is_some() {
            line.say([b"HTTP/1.1 200 OK\r\ncontent-encoding: ", encoding, b"\r\n"].concat()).await;
            line.say(format!("content-length: {}\r\n\r\n", body.len())).await;
            line.say(body).await;
        }
    });
    let mut world = World::new();
    world.change(|profile| profile.base_url = server.url("/"));
    sent(&world, "/x").await
}

#[tokio::test]
async fn an_encoding_that_is_not_known_or_stacked_too_high_leaves_the_bytes_as_they_came() {
    for encoding in ["lzma", "gzip, aws-chunked", "gzip, gzip, gzip, gzip"] {
        let exchange = answered(encoding.as_bytes(), b"as it came").await;
        let answer = exchange.answer().unwrap();
        assert_eq!((kept(&exchange), answer.body.completion()), (b"as it came".to_vec(), Completion::Complete));
        assert_eq!(answer.encoding().to_string(), encoding);
        assert!(!answer.encoding().is_undone());
    }
}

#[tokio::test]
async fn what_is_no_gzip_is_kept_as_it_came_and_is_no_success() {
    let exchange = answered(b"gzip", br#"{"plain": "after all"}"#).await;
    assert_eq!(failure(&exchange).kind, FailureKind::Undecodable);
    assert!(failure(&exchange).text.contains("the body is not `gzip`"), "{}", failure(&exchange).text);
    assert_eq!(kept(&exchange), br#"{"plain": "after all"}"#);
    assert!(matches!(exchange.answer().unwrap().body.completion(), Completion::Incomplete(_)));
    let world = World::new();
    for (by, says) in [("identity", "br"), ("gzip", "zstd"), ("zstd", "deflate"), ("gzip", "gzip,gzip")] {
        let exchange = sent(&world, &format!("/_sandbox/encoded?by={by}&says={says}")).await;
        assert_eq!(failure(&exchange).kind, FailureKind::Undecodable, "{by} as {says}");
        assert!(!kept(&exchange).is_empty(), "{by} as {says}");
    }
}

#[tokio::test]
async fn what_is_cut_in_the_middle_of_its_encoding_is_incomplete_and_what_came_is_kept() {
    let world = World::new();
    for by in ["gzip", "deflate", "br", "zstd", "gzip,br"] {
        world.order(Order::Answer { endpoint: Endpoint::Api, answer: Answer::Cut, times: Some(1) });
        let exchange = sent(&world, &format!("/_sandbox/encoded?by={by}&n=400000")).await;
        let failure = failure(&exchange);
        assert_eq!(failure.kind, FailureKind::Undecodable, "{by}: {}", failure.text);
        let body = &exchange.answer().unwrap().body;
        assert!(!body.is_empty() && matches!(body.completion(), Completion::Incomplete(_)), "{by}: {body:?}");
    }
    // A break of the connection stays what it is.
    world.order(Order::Answer { endpoint: Endpoint::Api, answer: Answer::DropHalf, times: Some(1) });
    let exchange = sent(&world, "/_sandbox/encoded?by=gzip&n=400000").await;
    assert_eq!(failure(&exchange).kind, FailureKind::Incomplete, "{}", failure(&exchange).text);
}

#[tokio::test]
async fn a_body_that_could_have_been_encoded_and_is_none_is_no_broken_one() {
    let server = RawServer::new(|mut line| async move {
        while line.request().await.is_some() {
            line.say("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 20\r\n\r\n").await;
        }
    });
    let mut world = World::new();
    world.change(|profile| profile.base_url = server.url("/"));
    let exchange = world.send(world.request(Method::HEAD, "/x", &[], "")).await;
    assert!(matches!(exchange.outcome, Outcome::Answered), "{:?}", exchange.outcome);
}

#[tokio::test]
async fn a_bomb_is_stopped_once_it_grew_out_of_measure() {
    let ratio = number(37, 4) as u64;
    for by in ["gzip", "br", "gzip,gzip"] {
        let world = World::new();
        assert_eq!(world.profile.limits.max_expansion, ratio);
        let exchange = sent(&world, &format!("/_sandbox/bomb?by={by}")).await;
        let failure = failure(&exchange);
        assert_eq!(failure.kind, FailureKind::TooLarge, "{by}: {}", failure.text);
        assert!(failure.text.contains(&format!("more than {ratio} times as many")), "{}", failure.text);
        let body = &exchange.answer().unwrap().body;
        assert!(body.len() <= FREE && body.len() / ratio > body.wire() / 2, "{by}: {body:?} of {}", body.wire());
        assert!(body.wire() < 1_200_000, "{by}: {}", body.wire());
    }
}

#[tokio::test]
async fn an_honest_body_is_bounded_by_the_limit_of_size_alone() {
    let mut world = World::new();
    world.change(|profile| profile.limits.max_body = 1 << 20);
    let exchange = sent(&world, "/_sandbox/encoded?by=gzip&n=4000000").await;
    assert_eq!(failure(&exchange).kind, FailureKind::TooLarge);
    assert_eq!(exchange.answer().unwrap().body.len(), 1 << 20);
    world.change(|profile| (profile.limits.max_body, profile.limits.max_expansion) = (1 << 30, 1));
    let exchange = sent(&world, "/_sandbox/encoded?by=gzip&n=4000000").await;
    assert!(matches!(exchange.outcome, Outcome::Answered), "small ones grow as they like: {:?}", exchange.outcome);
}
