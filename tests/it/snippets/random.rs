//! Random requests: the curl snippet, run by curl, sends exactly the same request.

use std::process::Command;

use authscope::{
    domain::request::{Prepared, RequestBody, header_field},
    snippet::{Kind, Snippets},
};
use http::Method;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{differs, environment, last, names, since, snippet, world};
use crate::{needs, world::guarded};

/// Requests that are tried.
const TRIES: u32 = 48;

fn request(base: &url::Url) -> impl Strategy<Value = Prepared> + use<> {
    let base = base.clone();
    let method = prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"]);
    let text = || prop::string::string_regex(r#"(?s)[ -~]{0,12}|.{0,12}|['"\\$`!%#{}&;:=@\r\n\t ]{0,12}"#).unwrap();
    let name = prop::string::string_regex("[xX]-[A-Za-z0-9]{1,8}").unwrap();
    let headers = prop::collection::vec((name, text()), 0..4);
    let body =
        prop_oneof![text().prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..40), Just(Vec::new()),];
    (method, prop::collection::vec((text(), text()), 0..4), text(), headers, body).prop_map(
        move |(method, query, raw, headers, body)| {
            let mut url = base.join("/_sandbox/echo").unwrap();
            if query.is_empty() {
                url.set_query(Some(&raw));
            } else {
                url.query_pairs_mut().extend_pairs(&query);
            }
            let headers = headers.iter().filter_map(|(name, value)| header_field(name, value).ok()).collect();
            let body = if body.is_empty() { RequestBody::Empty } else { RequestBody::Bytes(body.into()) };
            Prepared::new(Method::from_bytes(method.as_bytes()).unwrap(), url, headers, body).unwrap()
        },
    )
}

#[test]
fn curl_sends_exactly_the_same_for_random_requests() {
    if Command::new("curl").arg("--version").output().is_err() {
        return needs::skipped("there is no `curl`");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _inside = runtime.enter();
    let world = world();
    let token = runtime.block_on(world.engine.renew(&world.access())).unwrap();
    let token = world.engine.tokens().kept(&world.access(), token.serial).unwrap();
    let snippets = Snippets::default();
    let curl = snippets.named("curl").unwrap();
    let config = Config { cases: TRIES, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&request(&world.profile.base_url), |request| {
        let before = last(&world);
        runtime.block_on(world.send(request.clone()));
        let sent = since(&world, before).pop().unwrap();
        let before = last(&world);
        let snippet = snippet(curl, Kind::Call, Some(&request), &world.profile);
        let mut shell = tokio::process::Command::new("sh");
        shell.arg("-c").arg(&snippet.text).env("HOME", "/nonexistent");
        shell.envs(environment(&snippet, token.secret.expose(), ""));
        let output = runtime.block_on(guarded(shell.output())).unwrap();
        let got = since(&world, before);
        prop_assert_eq!(got.len(), 1, "{}\n{}", snippet.text, String::from_utf8_lossy(&output.stderr));
        let mut named = names(&request);
        named.push("authorization".to_owned());
        prop_assert_eq!(differs(&sent, &got[0], &named, false), None, "{}", snippet.text);
        Ok(())
    });
    outcome.unwrap();
}
