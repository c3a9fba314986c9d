//! How long a token lives, read off its answer and off itself.

use std::time::Duration;

use http::header;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::TokenReply;
use crate::{
    domain::{jwt::Jwt, token_answer::ExpiryIs},
    engine::retry_after::http_date,
};

/// A life longer than this is a mistake, not a life.
const LONGEST: f64 = 10.0 * 366.0 * 86_400.0;
/// From here on a number of seconds since 1970 (the year 5138) is one of milliseconds.
const MILLISECONDS: f64 = 1e11;

/// The life that an expiry tells at `now` of the server's clock; zero or less is zero, more than ten years is no life.
pub(super) fn told(value: &Value, form: ExpiryIs, now: Timestamp) -> Option<Duration> {
    match form {
        ExpiryIs::Seconds => life(number(value)?),
        ExpiryIs::Epoch => {
            let until = number(value)?;
            let until = if until.abs() >= MILLISECONDS { until / 1000.0 } else { until };
            life(until - now.as_duration().as_secs_f64())
        }
        ExpiryIs::Rfc3339 => {
            let until: Timestamp = value.as_str()?.trim().parse().ok()?;
            life(until.duration_since(now).as_secs_f64())
        }
        ExpiryIs::Jwt => None,
    }
}

/// `exp - iat`, else `exp` minus the server's now. Our own wall clock is no help: it may be wrong by days.
pub(super) fn claimed(jwt: &Jwt, server: Option<Timestamp>) -> Option<Duration> {
    let exp = jwt.seconds("exp")?;
    let from = jwt.seconds("iat").or(server.map(Timestamp::as_second))?;
    life(SignedDuration::from_secs(exp.checked_sub(from)?).as_secs_f64())
}

/// The server's clock by its `Date`, unless the answer came from a cache or took so long that it says nothing.
pub(super) fn server_time(reply: &TokenReply) -> Option<Timestamp> {
    if reply.headers.contains_key(header::AGE) || reply.round_trip > Duration::from_secs(5) {
        return None;
    }
    http_date(reply.headers.get(header::DATE)?.to_str().ok()?)
}

/// A number, or one as text.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn life(seconds: f64) -> Option<Duration> {
    let seconds = seconds.floor();
    (seconds.is_finite() && seconds <= LONGEST).then(|| Duration::from_secs_f64(seconds.max(0.0)))
}
