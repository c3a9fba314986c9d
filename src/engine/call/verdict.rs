//! What an answer says of the token it was asked with, and of when to come back.

use http::{HeaderName, StatusCode, header};

use crate::{
    domain::{
        challenge::{Challenge, challenges},
        clock::{Boot, Clock},
        diagnosis::{Case, Diagnosis},
        exchange::{Answer, Exchange},
        origin::Origin,
    },
    engine::{Call, Shared, retry_after, token_manager::Endpoint},
};

use super::Notes;

/// Until when a 429 or 503 asks us to wait.
pub(super) fn asks_to_wait(answer: &Answer, clock: &Clock) -> Option<Boot> {
    if !matches!(answer.status.as_u16(), 429 | 503) {
        return None;
    }
    let now = answer.header("date").and_then(retry_after::http_date).unwrap_or_else(|| clock.wall());
    Some(clock.boot() + retry_after::retry_after(answer.header("retry-after")?, now)?)
}

/// Method, origin and path of a 401 that came from a bound origin to a request that still carried the token.
pub(super) fn refusing_place(exchange: &Exchange, token_header: &HeaderName) -> Option<Endpoint> {
    let hop = exchange.attempts.last()?.hops.last()?;
    if hop.answer.as_ref()?.status != StatusCode::UNAUTHORIZED {
        return None;
    }
    let carried = hop.request.headers.iter().any(|field| field.name == token_header);
    let url = &hop.request.url;
    let origin = Origin::of(url).filter(|_| carried)?;
    Some((hop.request.method.clone(), origin, url.path().to_owned()))
}

/// The challenges of the last answer.
pub(super) fn exchange_challenges(exchange: &Exchange) -> Vec<Challenge> {
    let fields = exchange.answer().map(|answer| answer.headers.as_slice()).unwrap_or_default();
    challenges(fields.iter().filter(|field| field.name == header::WWW_AUTHENTICATE).filter_map(|field| field.text()))
}

/// Why it was refused, or got no token, if that is how it ended.
pub(super) fn diagnosed(shared: &Shared, call: &Call, exchange: &Exchange, notes: &Notes) -> Option<Diagnosis> {
    if !Case::of(exchange, &call.profile).is_refused() {
        return None;
    }
    let past = shared.past.all();
    let credential = &call.profile.credentials;
    let case = Case {
        credential: credential.iter().find(|known| known.name == call.credential).or(credential.first()),
        tokens: &notes.tokens,
        carried: notes.carried.as_ref(),
        past: &past,
        known_futile: notes.known_futile,
        not_repeated: notes.not_repeated.clone(),
        ..Case::of(exchange, &call.profile)
    };
    Some(Diagnosis::of(&case.facts()))
}
