//! Token calls that are written, answered and carried in a way of their own, as a profile says.

use std::time::Duration;

use authscope::{
    domain::{
        exchange::SentWith,
        profile::TokenRequest,
        token::TokenNote,
        token_answer::{ExpiryIs, Member, TokenAnswer, TokenHeader},
    },
    sandbox::{Answer, Endpoint, Order},
};
use http::{HeaderName, HeaderValue, Method};
use serde_json::{Value, json};

use crate::{
    raw_server::RawServer,
    world::{World, status},
};

fn answered(world: &World, body: &Value) {
    let answer = Answer::Raw { status: 200, content_type: "application/json".into(), body: body.to_string() };
    world.order(Order::Answer { endpoint: Endpoint::Token, answer, times: None });
}

#[tokio::test]
async fn an_answer_of_another_shape_is_read_where_the_profile_says() {
    const LIFE: i64 = 90;
    let mut world = World::new();
    // The server's clock counts, and it is an hour ahead.
    world.order(Order::Clock { offset_seconds: 3600 });
    let until = world.clock.wall().as_second() + 3600 + LIFE;
    let date = jiff::Timestamp::from_second(until).unwrap();
    let forms = [
        (ExpiryIs::Seconds, json!(LIFE), Some(LIFE)),
        (ExpiryIs::Epoch, json!(until), Some(LIFE)),
        (ExpiryIs::Epoch, json!((until * 1000).to_string()), Some(LIFE)),
        (ExpiryIs::Epoch, json!(until - 2 * LIFE), Some(0)),
        (ExpiryIs::Rfc3339, json!(date.to_string()), Some(LIFE)),
        (ExpiryIs::Rfc3339, json!(until), None),
        (ExpiryIs::Jwt, json!(LIFE), None),
    ];
    for (form, written, life) in forms {
        world.change(|profile| {
            profile.answer = TokenAnswer {
                token: Member::named("/data/0/token"),
                kind: Member::named("kind"),
                expiry: Member::named("/data/0/until"),
                expiry_is: form,
            };
        });
        answered(
            &world,
            &json!({ "kind": "bearer", "data": [{ "token": "opaque", "until": written }], "error": null }),
        );
        let token = world.engine.renew(&world.access()).await.unwrap();
        assert_eq!(token.life, life.map(|life| Duration::from_secs(life.unsigned_abs())), "{form:?} {written}");
    }
    answered(&world, &json!({ "access_token": "opaque" }));
    let why = world.engine.renew(&world.access()).await.unwrap_err();
    assert!(why.text.contains("it has no `/data/0/token`"), "{}", why.text);
}

#[tokio::test]
async fn a_token_is_renewed_as_long_before_its_end_as_the_profile_wants() {
    let mut world = World::new();
    world.change(|profile| profile.renewal_lead = Some(Duration::from_mins(5)));
    let token = world.engine.renew(&world.access()).await.unwrap();
    assert_eq!(token.margin, Duration::from_mins(5));
}

#[tokio::test]
async fn a_token_call_has_the_further_fields_and_header_fields_of_its_profile() {
    let endpoint = RawServer::new(|mut line| async move {
        while let Some((_, body)) = line.request().await {
            let body = String::from_utf8(body).unwrap().replace('"', "'");
            line.answer("200 OK", &json!({ "access_token": "abc", "scope": body }).to_string()).await;
        }
    });
    let mut world = World::new();
    let plain = world.access().key;
    let header = (HeaderName::from_static("x-api-version"), HeaderValue::from_static("2"));
    for (wire, sent) in [
        (TokenRequest::Json, "'tenant':'a b'}"),
        (TokenRequest::FormBody, "&tenant=a+b"),
        (TokenRequest::FormBasic, "&tenant=a+b"),
    ] {
        world.change(|profile| {
            profile.wire = wire;
            profile.token_url = endpoint.url("/token");
            profile.token_headers = vec![header.clone()];
            profile.credentials[0].extra = vec![("tenant".to_owned(), "a b".to_owned())];
        });
        let token = world.engine.renew(&world.access()).await.unwrap();
        assert!(token.scope.as_ref().unwrap().ends_with(sent), "{wire:?}: {:?}", token.scope);
        assert_eq!(endpoint.requests().last().unwrap().header("x-api-version"), Some("2"));
    }
    world.change(|profile| {
        (profile.wire, profile.token_url) = (TokenRequest::Json, plain.token_url.clone());
        profile.credentials[0].extra.clear();
    });
    assert_ne!(world.access().key, plain, "a header field makes another token");
}

#[tokio::test]
async fn a_token_travels_in_the_header_of_its_profile_heals_there_and_leaves_its_origin_with_no_redirect() {
    let elsewhere = RawServer::new(|mut line| async move {
        line.request().await;
        line.answer("200 OK", "").await;
    });
    let location = format!("302 Found\r\nlocation: {}", elsewhere.url("/"));
    let server = RawServer::new(move |mut line| {
        let location = location.clone();
        async move {
            while let Some((request, _)) = line.request().await {
                match (request.line(), request.header("x-api-token")) {
                    ("POST /token", _) => line.answer("200 OK", r#"{"access_token":"abc","token_type":"Token"}"#).await,
                    ("GET /away", _) => line.answer(&location, "").await,
                    ("GET /healed", Some("Token abc")) if line.number == 1 => {
                        line.answer("401 Unauthorized\r\nconnection: close", "").await;
                        return;
                    }
                    (_, Some("Token abc" | "mine")) => line.answer("200 OK", "").await,
                    _ => line.answer("400 Bad Request", "").await,
                }
            }
        }
    });
    let mut world = World::new();
    world.change(|profile| {
        (profile.base_url, profile.token_url) = (server.url("/"), server.url("/token"));
        profile.header = TokenHeader { name: HeaderName::from_static("x-api-token"), prefix: "Token".to_owned() };
    });
    let healed = world.send(world.get("/healed")).await;
    assert_eq!((status(&healed), healed.attempts.len()), (200, 2));
    assert!(!format!("{healed:?}").contains("Token abc"), "{healed:?}");

    let away = world.send(world.get("/away")).await;
    assert_eq!(status(&away), 200);
    assert_eq!(elsewhere.requests()[0].header("x-api-token"), None);

    let typed = world.send(world.request(Method::GET, "/typed", &[("x-api-token", "mine")], "")).await;
    assert_eq!((status(&typed), typed.attempts[0].sent_with), (200, SentWith::Typed));
    assert!(server.requests().iter().all(|request| request.header("authorization").is_none()));

    world.send(world.request(Method::GET, "/away", &[("x-api-token", "mine")], "")).await;
    assert_eq!(elsewhere.requests()[1].header("x-api-token"), None);
}

#[tokio::test]
async fn a_scope_that_was_asked_for_and_not_granted_is_noted() {
    let mut world = World::new();
    world.change(|profile| profile.credentials[0].scope = Some("pay read".to_owned()));
    for (granted, differs) in [("read pay", false), ("read", true)] {
        answered(&world, &json!({ "access_token": "opaque", "expires_in": 60, "scope": granted }));
        let token = world.engine.renew(&world.access()).await.unwrap();
        assert_eq!((token.scope.as_deref(), token.notes.contains(&TokenNote::ScopeDiffers)), (Some(granted), differs));
    }
}
