//! How the screen comes to each state: keys, and what the engine would tell.

use std::{sync::Arc, time::Duration};

use authscope::{
    app::{
        environment::Environment,
        message::Message,
        resting::{self, Found, Times},
    },
    domain::{
        credential::{Credential, SecretSource},
        diagnosis::Facts,
        exchange::{Attempt, Failure, FailureKind, Hop, Outcome, SentWith, Timings},
        flow::{FlowStep, Refusal, TokenCall, TokenFailure, TokenFailureKind},
        origin::Origin,
        profile::{Colour, Profile},
        route::{Proxies, Proxy},
        token::{TokenFacts, TokenNote, TokenStatus},
    },
};
use http::StatusCode;
use serde_json::json;
use url::Url;

use crate::stage::{self, CAPTURED, Stage, UNAUTHORIZED};

mod composer;
mod on_top;
mod past;
mod tabs;
mod viewing;

pub use composer::*;
pub use on_top::*;
pub use past::*;
pub use tabs::*;
pub use viewing::*;

/// Nothing happened yet.
pub fn nothing(_: &mut Stage) {}

/// One call that was answered a minute ago.
pub fn answered(stage: &mut Stage) {
    let order = stage.send();
    stage.answered(&order, 200, CAPTURED);
    stage.tick(60_000);
}

/// A second call whose token was refused, renewed and replayed.
pub fn healed(stage: &mut Stage) {
    answered(stage);
    let order = stage.send();
    stage.healed(&order, 200, CAPTURED);
    stage.tick(1000);
}

/// A second call whose endpoint takes no token at all.
pub fn refused(stage: &mut Stage) {
    answered(stage);
    let order = stage.send();
    stage.healed(&order, 401, UNAUTHORIZED);
}

/// A first call whose token is on its way for 0.4 s.
pub fn fetching(stage: &mut Stage) {
    let order = stage.send();
    let url = order.profile.token_url.clone();
    stage.flow(Some(order.id), FlowStep::TokenRequested { url, attempt: 1 });
    let mut status = stage.status();
    status.fetching_since = Some(stage.app.now.boot);
    stage.tell(Message::TokenStood(Ok(status)));
    stage.tick(400);
}

/// A call that got no token: the credentials are refused.
pub fn credentials_refused(stage: &mut Stage) {
    let order = stage.send();
    stage.without_token(&order);
}

/// A second call that nobody answered: nobody listens.
pub fn unanswered(stage: &mut Stage) {
    answered(stage);
    let text = "cannot connect to http://127.0.0.1:43117: nobody listens there (connection refused)";
    failed(stage, FailureKind::Connect, text, Timings { total: Duration::from_millis(1), ..Timings::default() });
}

/// A second call whose server took no connection within the limit.
pub fn late(stage: &mut Stage) {
    answered(stage);
    let (dns, total) = (Some(Duration::from_millis(40)), Duration::from_millis(5040));
    let text = "no connection within 5 s to http://127.0.0.1:43117";
    failed(stage, FailureKind::ConnectTimeout, text, Timings { dns, total, ..Timings::default() });
}

/// A call that failed with those words.
pub fn failed_with(stage: &mut Stage, text: &str) {
    failed(stage, FailureKind::Broken, text, Timings { total: Duration::from_millis(1), ..Timings::default() });
}

/// A call without an answer.
fn failed(stage: &mut Stage, kind: FailureKind, text: &str, timings: Timings) {
    let order = stage.send();
    let (began, token) = (stage.app.now, stage.status().token.unwrap());
    let failure = Failure { kind, text: text.to_owned(), hint: None };
    let hop = Hop { timings, failure: Some(failure.clone()), ..stage.unanswered(&order, 1, &token) };
    stage.wait(u64::try_from(timings.total.as_millis()).unwrap());
    stage.flow(Some(order.id), FlowStep::Failed(failure.clone()));
    let attempts = vec![Attempt { sent_with: SentWith::Token(token.names()), hops: vec![hop] }];
    stage.end(&order, began, attempts, Outcome::Failed(failure), Facts::default());
}

/// A call that was sent on ten times before it was refused, and sent on again before it was answered.
pub fn sent_on(stage: &mut Stage) {
    answered(stage);
    let order = stage.send();
    let (began, token) = (stage.app.now, stage.status().token.unwrap());
    let sent_with = SentWith::Token(token.names());
    let mut attempt = |number, status, body| {
        let hop = stage.hop(&order, number, &token, status, body, 12);
        Attempt { sent_with, hops: vec![hop; 11] }
    };
    let attempts = vec![attempt(1, 401, UNAUTHORIZED), attempt(2, 200, CAPTURED)];
    stage.end(&order, began, attempts, Outcome::Answered, Facts::default());
}

/// A call whose answer has many and long lines.
pub fn long_answer(stage: &mut Stage) {
    let rows = (0..60).map(|row| format!("\"row {row}\":[{row}],")).collect::<Vec<_>>().concat();
    let body = format!("{{\"long\":\"{}\",{rows}\"n\":1e400}}", "x".repeat(300));
    let order = stage.send();
    stage.answered(&order, 200, &body);
    stage.press("3 j");
}

/// An answer of what no terminal should be sent.
pub fn hostile(stage: &mut Stage) {
    let body = "{\"esc\":\"a\u{1b}[31mred\u{7}\",\"bidi\":\"\u{202e}evil\",\"deep\":[[[[1]]]],\"n\":1e400}";
    let order = stage.send();
    stage.answered(&order, 200, body);
}

/// A call whose answer has forty header fields, some of them long.
pub fn many_headers(stage: &mut Stage) {
    let value = "a=1; ".repeat(40);
    stage.more_headers = vec![stage::field("x-a-field-with-quite-a-long-name-of-its-own", &value); 40];
    answered(stage);
    stage.press("3 ]");
}

/// A token call that was answered by nothing but a status.
pub fn bare_token_call(stage: &mut Stage) {
    stage.press("1 j s");
    let url = stage.app.environment.profile().token_url.clone();
    stage.flow(None, FlowStep::TokenRequested { url: url.clone(), attempt: 1 });
    stage.wait(9);
    let (kind, status) = (TokenFailureKind::Unavailable, StatusCode::INTERNAL_SERVER_ERROR);
    let why = token_failure(stage, kind, status, "the token endpoint answered 500 Internal Server Error");
    stage.flow(None, FlowStep::TokenFailed(why.clone()));
    stage.tell(Message::Renewed(Err(why)));
}

/// An answer that says it is JSON and is not.
pub fn broken(stage: &mut Stage) {
    let order = stage.send();
    stage.answered(&order, 200, r#"{"a": 1, "b": tru}"#);
}

/// An answer without a body.
pub fn bodiless(stage: &mut Stage) {
    let order = stage.send();
    stage.answered(&order, 204, "");
}

/// A search with its second hit in hand.
pub fn searched(stage: &mut Stage) {
    answered(stage);
    stage.press("3 /");
    stage.type_text("captured");
    stage.press("enter");
    let search = stage.app.response.search.as_ref().unwrap().number;
    let hits = CAPTURED.match_indices("Captured").map(|(at, _)| at as u64).collect();
    stage.tell(Message::Found { search, hits, done: true });
    stage.press("n");
}

/// A token that says much of itself, after as many as are remembered.
pub fn talkative_token(stage: &mut Stage) {
    for _ in 0..9 {
        stage.fetch(None, 29);
    }
    let mut status = stage.status();
    status.earlier.truncate(8);
    let mut token = TokenFacts::clone(status.token.as_ref().unwrap());
    token.scope = Some("transactions:read transactions:write refunds:read refunds:write".to_owned());
    token.notes = vec![
        TokenNote::TypeMissing,
        TokenNote::LifeUnreadable("half an hour".to_owned()),
        TokenNote::LivesDiffer { told: 1800, claimed: 600 },
    ];
    let claims = &mut token.jwt.as_mut().unwrap().claims;
    claims.extend((0..30).map(|at| (format!("a_claim_of_our_own_{at}"), json!(["one", "two", at]))));
    status.token = Some(Arc::new(token));
    stage.tell(Message::TokenStood(Ok(status)));
}

/// A token whose life is over by our clock for a quarter of a minute.
pub fn expired(stage: &mut Stage) {
    answered(stage);
    stage.tick(1_754_000);
}

/// No token, and none is asked for in the next eight seconds.
pub fn held_back(stage: &mut Stage) {
    let kind = TokenFailureKind::Throttled { retry_after: Duration::from_secs(8) };
    let text = "the token endpoint answered 429 Too Many Requests: it wants quiet for 8 s";
    let why = token_failure(stage, kind, StatusCode::TOO_MANY_REQUESTS, text);
    let until = stage.app.now.boot + Duration::from_secs(8);
    let status = TokenStatus { held_until: Some((until, why)), ..stage.status() };
    stage.tell(Message::TokenStood(Ok(status)));
}

/// Calls that ended in every other way than by an answer.
pub fn ended_badly(stage: &mut Stage) {
    credentials_refused(stage);
    stage.tell(Message::TokenStood(Ok(TokenStatus::default())));
    unanswered(stage);
    for outcome in [Outcome::Refused(Refusal::NoTokenYet), Outcome::Cancelled] {
        let order = stage.send();
        let began = stage.app.now;
        stage.end(&order, began, Vec::new(), outcome, Facts::default());
    }
    let order = stage.send();
    stage.healed(&order, 401, UNAUTHORIZED);
}

/// Sixty calls to addresses that are too long for any screen.
pub fn busy(stage: &mut Stage) {
    stage.press("2 k e ctrl-u");
    stage.type_text(&format!("{{{{base_url}}}}/{}", "a/long/way/to/go/".repeat(14)));
    stage.press("esc");
    for _ in 0..60 {
        let order = stage.send();
        stage.answered(&order, 200, CAPTURED);
    }
    stage.press("6 k k k");
}

/// Sixty requests of one's own.
pub fn many_requests(stage: &mut Stage) {
    stage.press(&"1 a esc ".repeat(60));
    stage.press("1 k k");
}

/// A list in which nothing fits what is looked for.
pub fn not_found(stage: &mut Stage) {
    stage.press("1 /");
    stage.type_text("custmer");
}

/// Goes to the profile in which nothing is given yet.
pub fn without_credential(stage: &mut Stage) {
    stage.press("E j enter");
    let give = "set the environment variable `PAYSECUREZ_CLIENT_SECRET`".to_owned();
    let refusal = Refusal::NoCredential { profile: "paysecurez".to_owned(), give };
    stage.tell(Message::TokenStood(Err(refusal)));
}

/// A client whose secret is looked for in a variable that is not set.
pub fn secret_not_given(stage: &mut Stage) {
    let give = "set the environment variable `DEMO_SECRET`".to_owned();
    let refusal = Refusal::NoCredential { profile: "sandbox".to_owned(), give };
    stage.tell(Message::TokenStood(Err(refusal)));
}

/// The sandbox with a dozen credentials of long names and many origins.
pub fn crowded() -> Profile {
    let mut profile = stage::sandbox();
    let credential = |at| {
        let variable = SecretSource::Environment(format!("THE_SECRET_OF_A_CLIENT_WITH_A_LONG_NAME_{at}"));
        Credential::new(format!("a-client-with-a-long-name-of-its-own-{at}"), variable)
    };
    profile.credentials = (0..12).map(credential).collect();
    let origin = |at| Origin::of(&Url::parse(&format!("https://a-host-of-ours-{at}.example")).unwrap()).unwrap();
    profile.allowed_origins = (0..12).map(origin).collect();
    profile
}

/// A place of a colour that is reached through a proxy, its secret in a file; with what is known of that.
pub fn kept_in_a_file(stage: &mut Stage) {
    let base = Url::parse("https://api.shop.example").unwrap();
    let mut profile = Profile::new("staging", base.clone(), base.join("/api/token").unwrap());
    profile.colour = Some(Colour::Magenta);
    profile.route.proxies = Some(Proxies::all(Proxy::at("http://proxy.example:3128").unwrap()));
    let secret = SecretSource::File("/home/me/.config/authscope/shop.secret".into());
    profile.credentials = vec![Credential::new("shop-7", secret)];
    stage.app.environment = Environment::new(vec![Arc::new(profile)], 0);
    let now = stage.app.now.wall;
    let days = |days: u64| Some((now - Duration::from_secs(days * 86_400)).as_second());
    stage.app.resting.times.insert(resting::key("staging", "default"), Times { used: days(0), rotated: days(12) });
    let written = Some(now - Duration::from_secs(12 * 86_400));
    let flaw = Some("others can read or write it (mode 0644)".to_owned());
    let found = Found { mode: Some("0644".to_owned()), written, flaw };
    stage.tell(Message::SecretsRest("staging".to_owned(), vec![("default".to_owned(), found)]));
    stage.press("5");
}

/// The sandbox with a client whose secret is not given.
pub fn secretless() -> Profile {
    let mut profile = stage::sandbox();
    profile.credentials = vec![Credential::new("demo-client", SecretSource::Missing)];
    profile
}

/// Why no token came, by a call that was answered.
fn token_failure(stage: &Stage, kind: TokenFailureKind, status: StatusCode, text: &str) -> Arc<TokenFailure> {
    let url = stage.app.environment.profile().token_url.clone();
    let took = Duration::from_millis(9);
    let (request, headers, body) = (Vec::new(), Vec::new(), String::new());
    let (sent, status) = (stage.app.now.wall, Some(status));
    let call = Arc::new(TokenCall { url, wire: "json", request, sent, took, attempts: 1, status, headers, body });
    Arc::new(TokenFailure { kind, text: text.to_owned(), hint: None, call: Some(call) })
}

/// A renewal that is asked for where nothing is given to ask with.
pub fn asked_without_credential(stage: &mut Stage) {
    without_credential(stage);
    stage.press("R");
}

/// A command that could mean several things.
pub fn commanding(stage: &mut Stage) {
    answered(stage);
    stage.press(":");
    stage.type_text("re");
}

/// A request looked for, and found.
pub fn finding(stage: &mut Stage) {
    stage.press("/");
    stage.type_text("echo");
}

/// The response alone.
pub fn zoomed(stage: &mut Stage) {
    answered(stage);
    stage.press("3 z");
}

/// Where the time of a healed call went, alone.
pub fn zoomed_timing(stage: &mut Stage) {
    healed(stage);
    stage.press("3 z [ [");
}

/// Who said what to whom when a call was healed, as it is opened from the timeline.
pub fn zoomed_flow(stage: &mut Stage) {
    healed(stage);
    stage.press("6 enter");
}

/// A call that has just been asked for.
pub fn begun(stage: &mut Stage) {
    stage.send();
}

/// The call whose token was refused, by these words.
pub fn filtered_timeline(stage: &mut Stage) {
    healed(stage);
    stage.press("6 /");
    stage.type_text("Refused tok#1");
    stage.press("enter");
}

/// Words that nothing has.
pub fn filtered_away(stage: &mut Stage) {
    healed(stage);
    stage.press("6 /");
    stage.type_text("tok#9");
}

/// The steps of a healed call in the timeline.
pub fn unfolded(stage: &mut Stage) {
    healed(stage);
    stage.press("6 space");
}

/// A body of which three eighths came.
pub fn arriving(stage: &mut Stage) {
    body_on_its_way(stage, Some(840));
}

/// A body whose length nobody told.
pub fn arriving_unknown(stage: &mut Stage) {
    body_on_its_way(stage, None);
}

fn body_on_its_way(stage: &mut Stage, expected: Option<u64>) {
    answered(stage);
    let order = stage.send();
    let token = stage.status().token.unwrap();
    stage.hop(&order, 1, &token, 200, CAPTURED, 12);
    stage.flow(Some(order.id), FlowStep::BodyProgress { received: CAPTURED.len() as u64, expected });
    stage.tick(1200);
}
