//! Standard OAuth 2 servers for client credentials: the sandbox in its strict mode, and one that others wrote.

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
    sync::Arc,
};

use authscope::{
    domain::{
        credential::{Credential, SecretSource},
        flow::TokenFailureKind,
        profile::TokenRequest,
        secret::Secret,
    },
    sandbox::Client,
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    needs,
    promises::number,
    world::{STATUS, World, status},
};

/// Texts that break what is not encoded as it should be.
const ODD: [&str; 10] = [
    r#""'`\"#,
    "100%",
    "a+b",
    ":a::b",
    " x  y ",
    "ключ-é-鍵-🔑",
    "&=#?;,",
    "%2B%25%20+",
    "~!@$^*()[]{}<>|/",
    "client_id=1&client_secret=2",
];

/// Each odd text as an id with each as a secret; an id has its number, so that no two are the same.
fn pairs() -> Vec<(String, String)> {
    let pair = |(n, (id, secret)): (usize, (&str, &str))| (format!("{id}{n}"), secret.to_owned());
    ODD.iter().flat_map(|id| ODD.iter().map(move |secret| (*id, *secret))).enumerate().map(pair).collect()
}

fn clients() -> Vec<Client> {
    pairs().into_iter().map(|(id, secret)| Client { id, secret }).collect()
}

/// Who calls, how, and for which scope.
fn caller(world: &mut World, wire: TokenRequest, (id, secret): (String, String), scope: &str) {
    world.change(|profile| {
        profile.wire = wire;
        let source = SecretSource::Sandbox(Arc::new(Secret::new(secret)));
        profile.credentials = vec![Credential { scope: Some(scope.to_owned()), ..Credential::new(id, source) }];
    });
}

const FORMS: [TokenRequest; 2] = [TokenRequest::FormBasic, TokenRequest::FormBody];

/// How many calls of `path` succeed, each pair in each form once, with a scope or an empty one by turns.
async fn accepted(world: &mut World, path: &str) -> [usize; 2] {
    let mut counts = [0; 2];
    for (wire, count) in FORMS.into_iter().zip(&mut counts) {
        for (n, pair) in pairs().into_iter().enumerate() {
            let scope = ["read write", ""][n % 2];
            caller(world, wire, pair, scope);
            let exchange = world.send(world.get(path)).await;
            let token = world.engine.status(&world.access()).token;
            let granted = token.and_then(|token| token.scope.clone()).unwrap_or_default();
            *count += usize::from(status(&exchange) == 200 && granted == scope);
        }
    }
    counts
}

/// A call of `path` in JSON causes one token call, and its error says what, why and which key to set.
async fn json_is_explained(world: &mut World, path: &str, said: &str) {
    caller(world, TokenRequest::Json, pairs().remove(0), "");
    let why = world.engine.renew(&world.access()).await.unwrap_err();
    assert_eq!(why.kind, TokenFailureKind::Rejected);
    assert!(why.text.contains(said), "{}", why.text);
    let hint = why.hint.clone().unwrap();
    for word in ["asked in JSON", "OAuth 2 wants a form", "`token-request` of the profile", "`form-basic`"] {
        assert!(hint.contains(word), "{hint}");
    }
    assert_eq!(status(&world.send(world.get(path)).await), 0, "and no call goes out without a token");
}

#[tokio::test]
async fn a_hundred_odd_pairs_are_accepted_by_the_strict_sandbox_and_json_there_is_explained() {
    let mut world = World::strict(clients());
    assert_eq!(accepted(&mut world, STATUS).await, [number(23, 2); 2]);
    let counts = world.sandbox.journal().counts();
    assert_eq!((counts.token_issued, counts.token_refused, counts.api_200), (200, 0, 200));
    json_is_explained(&mut world, STATUS, "`invalid_request`: a token request is a form").await;
    assert_eq!(world.sandbox.journal().counts().token_calls, 201);
}

/// The requests that Authlib's server saw while `work` went on; `None` where it cannot be had.
async fn seen_by_authlib(world: &mut World, work: impl AsyncFnOnce(&mut World)) -> Option<Vec<Value>> {
    let python = env::var_os("AUTHSCOPE_PYTHON").unwrap_or_else(|| "python3".into());
    let probe = Command::new(&python).args(["-c", "import authlib, flask"]).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|probe| probe.success()) {
        needs::skipped("Authlib and Flask are not there (tests/servers/requirements.txt)");
        return None;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/authlib_server.py");
    let mut server = Command::new(&python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // The end of its input ends it, so it does not outlive a test that fails.
    let mut input = server.stdin.take().unwrap();
    writeln!(input, "{}", json!(pairs())).unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let base = format!("http://127.0.0.1:{}", lines.next().unwrap()["port"]);
    world.change(|profile| {
        profile.base_url = Url::parse(&base).unwrap();
        profile.token_url = profile.base_url.join("/oauth/token").unwrap();
    });
    work(world).await;
    drop(input);
    let seen = lines.collect();
    server.wait().unwrap();
    Some(seen)
}

#[tokio::test]
async fn a_hundred_odd_pairs_are_accepted_by_a_server_that_others_wrote_and_json_there_is_explained() {
    let mut world = World::new();
    let seen = seen_by_authlib(&mut world, async |world| {
        assert_eq!(accepted(world, "/resource").await, [number(23, 2); 2]);
        json_is_explained(world, "/resource", "`unsupported_grant_type`").await;
    });
    let Some(seen) = seen.await else { return };
    let count = |is: &dyn Fn(&Value) -> bool| seen.iter().filter(|request| is(request)).count();
    let basic = json!(["grant_type"]);
    let body = json!(["client_id", "client_secret", "grant_type"]);
    for (scheme, fields) in [("Basic", basic), ("", body)] {
        let with_scope: Vec<_> = fields.as_array().unwrap().iter().cloned().chain([json!("scope")]).collect();
        let is = |request: &Value, fields: &Value| {
            request["status"] == 200 && request["scheme"] == scheme && request["fields"] == *fields
        };
        assert_eq!(count(&|request| is(request, &fields)), 50, "{scheme}: one method, and no empty scope");
        assert_eq!(
            count(&|request| is(request, &with_scope.clone().into())),
            50,
            "{scheme}: one method, and the scope"
        );
    }
    assert_eq!(count(&|request| request["path"] == "/resource" && request["status"] == 200), 200);
    assert_eq!(count(&|request| request["status"] == 400), 1, "JSON is tried once and nothing instead of it");
    assert_eq!(seen.len(), 401);
}
