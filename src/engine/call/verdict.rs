//! What an answer says of the token it was asked with, and of when to come back.

use http::{HeaderName, StatusCode, header};

use crate::{
    domain::{
        challenge::{Challenge, challenges},
        clock::{Boot, Clock},
        diagnosis::{Diagnosis, Facts},
        exchange::{Answer, Exchange},
        origin::Origin,
        token::Token,
    },
    engine::{retry_after, token_manager::Endpoint},
};

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

/// By how many seconds a token begins in the future of the server that refused it.
pub(super) fn seconds_too_early(exchange: &Exchange, token: &Token) -> Option<i64> {
    let server = retry_after::http_date(exchange.answer()?.header("date")?)?.as_second();
    let jwt = token.facts.jwt.as_ref()?;
    let from = jwt.seconds("nbf").or_else(|| jwt.seconds("iat"))?;
    Some(from - server).filter(|early| *early > 0)
}

/// Why it was answered 401 or 403, if it was.
pub(super) fn diagnosed(exchange: &Exchange, facts: Facts) -> Option<Diagnosis> {
    let status = exchange.status()?.as_u16();
    if !matches!(status, 401 | 403) {
        return None;
    }
    Some(Diagnosis::of(&Facts { status, challenges: exchange_challenges(exchange), ..facts }))
}
