//! Scenarios in which no cause may be named. Most differ from a named one, whose name stands beside them, by one fact.

use authscope::sandbox::{Answer, Dating, Order};

use super::play::{
    Scenario,
    Step::{self, NoReplay, Older, Open, Profile, Renew, Send, Typed},
    api, challenge, claims, manual, raw, status, token,
};

const fn scenario(
    name: &'static str,
    but_for: Option<&'static str>,
    steps: &'static [Step],
) -> (Scenario, Option<&'static str>) {
    (Scenario { name, steps }, but_for)
}

/// Each with the named one that has one fact more.
pub const MISLEADING: &[(Scenario, Option<&str>)] = &[
    scenario(
        "refused under policy manual, never accepted",
        Some("revoked under policy manual"),
        &[Profile(manual), Renew, Open, Step::Order(|_| Order::RevokeAll), Send],
    ),
    scenario(
        "the server's future, and no Date to tell",
        Some("issued in the server's future"),
        &[
            Step::Order(|_| Order::Date { date: Dating::Missing }),
            Step::Order(|_| Order::CheckingClock { offset_seconds: -30 }),
            Send,
        ],
    ),
    scenario(
        "a clock ahead, and no Date to tell",
        Some("the API's clock an hour ahead"),
        &[
            Step::Order(|_| Order::Date { date: Dating::Missing }),
            Step::Order(|_| Order::CheckingClock { offset_seconds: 3600 }),
            Send,
        ],
    ),
    scenario(
        "two refused tokens, and nothing that was ever accepted",
        Some("an endpoint that always refuses"),
        &[Open, Step::Order(|_| api(Answer::Refuse)), Send],
    ),
    scenario(
        "another prefix, and no challenge",
        Some("another prefix than Bearer"),
        &[Profile(|profile| profile.header.prefix = "Token".into()), Step::Order(|_| api(Answer::Refuse)), Send],
    ),
    scenario(
        "another header, and no challenge",
        Some("another header than Authorization"),
        &[
            Profile(|profile| profile.header.name = "x-api-auth".parse().unwrap()),
            Step::Order(|_| api(Answer::Refuse)),
            Send,
        ],
    ),
    scenario(
        "refused, and no scheme asked for",
        Some("Basic is asked for"),
        &[Step::Order(|_| api(Answer::Refuse)), NoReplay],
    ),
    scenario(
        "an audience that nobody asked for",
        Some("another audience than asked for"),
        &[Step::Order(|_| api(Answer::Refuse)), Send],
    ),
    scenario(
        "a token without an audience",
        Some("a token for another API"),
        &[Step::Order(|_| claims(r#"{"aud":null}"#)), Send],
    ),
    scenario(
        "a token without an issuer",
        Some("a token of another environment"),
        &[Step::Order(|_| claims(r#"{"iss":null}"#)), Send],
    ),
    scenario(
        "a token that is not bound",
        Some("a token bound to a certificate"),
        &[Step::Order(|_| claims(r#"{"cnf":null}"#)), Send],
    ),
    scenario(
        "a page, and nobody knows what this API answers",
        Some("a gateway's page"),
        &[Step::Order(|_| api(raw(401, "text/html", "<p>sign in</p>"))), Send],
    ),
    scenario(
        "a refusal of unknown age",
        Some("a refusal out of a cache"),
        &[Step::Order(|_| Order::Date { date: Dating::Missing }), Step::Order(|_| api(Answer::Refuse)), Send],
    ),
    scenario(
        "403, and the scope granted is not told",
        Some("less scope granted than asked for"),
        &[
            Profile(|profile| profile.credentials[0].scope = Some("read write".into())),
            Step::Order(|_| {
                let body = r#"{"access_token":"{{token}}","expires_in":1800,"token_type":"Bearer"}"#;
                token(raw(200, "application/json", body))
            }),
            Step::Order(|_| api(status(403, None))),
            Send,
        ],
    ),
    scenario(
        "an older token, and no newer one was ever accepted",
        Some("an older token on purpose"),
        &[Open, Renew, Renew, Step::Order(|_| Order::Revoke { serial: 1 }), Older(1)],
    ),
    scenario(
        "a server that says the fresh token expired",
        None,
        &[
            Step::Order(|_| challenge(r#"Bearer error="invalid_token", error_description="The access token expired""#)),
            Send,
        ],
    ),
    scenario(
        "a body that blames the audience",
        None,
        &[Step::Order(|_| api(raw(401, "application/json", r#"{"error":"invalid audience"}"#))), Send],
    ),
    scenario("a challenge of junk", None, &[Step::Order(|_| challenge(",,;;==")), NoReplay]),
    scenario("an opaque token that was typed", None, &[Typed(|_| "made-up".into())]),
    scenario("a bare 403", None, &[Step::Order(|_| api(status(403, None))), Send]),
];
