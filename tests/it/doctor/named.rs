//! Scenarios with one right first cause.

use authscope::sandbox::{Answer, Dating, Order};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use super::play::{
    Scenario,
    Step::{self, Header, NoReplay, NoToken, Older, Open, Pass, Profile, Redirected, Renew, Send, SendTo, Typed},
    api, challenge, claims, manual, raw, status, token,
};
use crate::world::World;

const fn scenario(name: &'static str, cause: &'static str, steps: &'static [Step]) -> (Scenario, &'static str) {
    (Scenario { name, steps }, cause)
}

/// A JWT that is over for an hour.
fn stale_jwt(world: &World) -> String {
    let over = world.clock.wall().as_second() - 3600;
    let part = |json: String| BASE64_URL_SAFE_NO_PAD.encode(json);
    format!("{}.{}.c2ln", part(r#"{"alg":"HS256"}"#.to_owned()), part(format!(r#"{{"exp":{over}}}"#)))
}

/// Each with the name of its first cause.
pub const NAMED: &[(Scenario, &str)] = &[
    scenario("expired under policy manual", "expired", &[Profile(manual), Renew, Pass(1801), Send]),
    scenario("a typed token whose exp is over", "expired", &[Typed(stale_jwt)]),
    scenario(
        "issued in the server's future",
        "too-early",
        &[Step::Order(|_| Order::CheckingClock { offset_seconds: -30 }), Send],
    ),
    scenario(
        "the API's clock an hour ahead",
        "clock-ahead",
        &[Step::Order(|_| Order::CheckingClock { offset_seconds: 3600 }), Send],
    ),
    scenario("revoked, then healed", "revoked", &[Send, Step::Order(|_| Order::RevokeAll), Send]),
    scenario(
        "revoked under policy manual",
        "revoked",
        &[Profile(manual), Renew, Open, Send, Step::Order(|_| Order::RevokeAll), Send],
    ),
    scenario(
        "an endpoint that always refuses",
        "always-refuses",
        &[Open, SendTo("/_sandbox/echo"), Step::Order(|_| api(Answer::Refuse)), Send],
    ),
    scenario("a client that was locked", "no-longer", &[Send, Step::Order(|_| api(Answer::Refuse)), Send]),
    scenario("a scope is wanted", "scope", &[Step::Order(|_| api(Answer::Scope("payments:write".into()))), Send]),
    scenario(
        "less scope granted than asked for",
        "scope-not-granted",
        &[
            Profile(|profile| profile.credentials[0].scope = Some("read write".into())),
            Step::Order(|_| {
                let body = r#"{"access_token":"{{token}}","expires_in":1800,"token_type":"Bearer","scope":"read"}"#;
                token(raw(200, "application/json", body))
            }),
            Step::Order(|_| api(status(403, None))),
            Send,
        ],
    ),
    scenario(
        "another audience than asked for",
        "audience",
        &[
            Profile(|profile| profile.credentials[0].audience = Some("https://pay.example".into())),
            Step::Order(|_| api(Answer::Refuse)),
            Send,
        ],
    ),
    scenario(
        "a token for another API",
        "audience",
        &[Step::Order(|_| claims(r#"{"aud":["https://api.staging.example"]}"#)), Send],
    ),
    scenario(
        "a token of another environment",
        "environment",
        &[Step::Order(|_| claims(r#"{"iss":"https://login.staging.example"}"#)), Send],
    ),
    scenario(
        "another prefix than Bearer",
        "wrong-scheme",
        &[
            Profile(|profile| profile.header.prefix = "Token".into()),
            Step::Order(|_| challenge(r#"Bearer realm="api""#)),
            Send,
        ],
    ),
    scenario(
        "another header than Authorization",
        "wrong-header",
        &[
            Profile(|profile| profile.header.name = "x-api-auth".parse().unwrap()),
            Step::Order(|_| challenge(r#"Bearer realm="api""#)),
            Send,
        ],
    ),
    scenario("a typed header without its scheme", "no-scheme", &[Header("abc.def.ghi")]),
    scenario("a typed header with its scheme twice", "scheme-twice", &[Header("Bearer Bearer abc.def.ghi")]),
    scenario("a typed token in quotes", "quotes", &[Typed(|_| "\"abc.def.ghi\"".into())]),
    scenario("a typed token with a blank in it", "white-space", &[Typed(|_| "abc.def .ghi".into())]),
    scenario("a placeholder that nobody filled", "placeholder", &[Header("Bearer $ACCESS_TOKEN")]),
    scenario("Basic is asked for", "basic-asked", &[Step::Order(|_| challenge(r#"Basic realm="x""#)), NoReplay]),
    scenario("DPoP is asked for", "other-scheme", &[Step::Order(|_| challenge(r#"DPoP algs="ES256""#)), Send]),
    scenario(
        "a step-up of the sign-in is wanted",
        "other-error",
        &[Step::Order(|_| challenge(r#"Bearer error="insufficient_user_authentication", acr_values="mfa""#)), Send],
    ),
    scenario(
        "a token bound to a certificate",
        "bound",
        &[Step::Order(|_| claims(r#"{"cnf":{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}}"#)), Send],
    ),
    scenario(
        "a gateway's page",
        "gateway",
        &[Open, Step::Order(|_| api(raw(401, "text/html", "<p>sign in</p>"))), Send],
    ),
    scenario("the token stayed behind at a redirect", "left-behind", &[Redirected]),
    scenario(
        "a refusal out of a cache",
        "cached",
        &[
            Step::Order(|_| Order::Date { date: Dating::Missing }),
            Step::Order(|_| Order::Age { seconds: Some(600) }),
            Step::Order(|_| api(Answer::Refuse)),
            Send,
        ],
    ),
    scenario(
        "the secret was rotated elsewhere",
        "secret-rotated",
        &[Send, Step::Order(|_| Order::RevokeAll), Step::Order(|_| token(Answer::Refuse)), Send],
    ),
    scenario(
        "the token endpoint sends a page",
        "token-page",
        &[Renew, Step::Order(|_| Order::RevokeAll), Step::Order(|_| token(Answer::Html)), Send],
    ),
    scenario("the token URL is not there", "token-request", &[Step::Order(|_| token(status(404, None))), Send]),
    scenario("wrong credentials", "credentials", &[Step::Order(|_| token(Answer::Refuse)), Send]),
    scenario(
        "the token endpoint wants quiet",
        "no-renewal",
        &[Renew, Step::Order(|_| Order::RevokeAll), Step::Order(|_| token(status(429, Some("30")))), Send],
    ),
    scenario(
        "the token endpoint gives the refused token again",
        "same-token",
        &[Step::Order(|_| Order::SameToken { on: true }), Send, Step::Order(|_| Order::RevokeAll), Send],
    ),
    scenario("no token on purpose", "no-token", &[NoToken]),
    scenario(
        "tokens that are taken once",
        "one-use",
        &[Step::Order(|_| Order::OneUse { on: true }), Send, Send, Send, Send],
    ),
    scenario(
        "an older token on purpose",
        "superseded",
        &[Open, Renew, Renew, Send, Step::Order(|_| Order::Revoke { serial: 1 }), Older(1)],
    ),
];
