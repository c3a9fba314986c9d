//! An exchange made again from its record, to be explained: what a record does not keep is not there.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, StatusCode, Version};
use jiff::Timestamp;
use url::Url;

use super::{Record, Trip};
use crate::{
    body::Body,
    domain::{
        clock::Boot,
        exchange::{
            Answer, Attempt, Exchange, ExchangeId, Failure, FailureKind, FieldValue, HeaderField, Hop, Outcome,
            SentRequest, SentWith, Timings,
        },
        token::{Generation, TokenPolicy, TokenRef, TokenSerial},
    },
};

impl Record {
    /// The exchange; `None` where an address or a method in it is none.
    pub fn exchange(&self) -> Option<Exchange> {
        let mut attempts: Vec<Attempt> = Vec::new();
        for trip in &self.trips {
            let hop = hop(trip)?;
            if trip.attempt > attempts.len() || attempts.is_empty() {
                attempts.push(Attempt { sent_with: sent_with(trip), hops: Vec::new() });
            }
            if let Some(attempt) = attempts.last_mut() {
                attempt.hops.push(hop);
            }
        }
        let answered = self.status().is_some() && self.trouble.is_none();
        let text = self.trouble.clone().unwrap_or_else(|| "no answer is in it".to_owned());
        let failure = || Outcome::Failed(Failure { kind: FailureKind::Incomplete, text, hint: None });
        Some(Exchange {
            id: ExchangeId(0),
            name: self.name.clone(),
            method: Method::from_bytes(self.method.as_bytes()).ok()?,
            url: Url::parse(&self.url).ok()?,
            profile: self.profile.clone(),
            policy: TokenPolicy::named(&self.policy).unwrap_or_default(),
            on_purpose: None,
            started: Timestamp::from_millisecond(self.started).ok()?,
            began: Boot(Duration::ZERO),
            took: Duration::from_millis(self.took),
            attempts,
            outcome: if answered { Outcome::Answered } else { failure() },
            renewal: None,
            diagnosis: None,
        })
    }
}

fn hop(trip: &Trip) -> Option<Hop> {
    let answer = trip.status.map(|status| {
        let body = Body::of("");
        StatusCode::from_u16(status).map(|status| Answer {
            version: Version::HTTP_11,
            status,
            headers: fields(&trip.received),
            body,
        })
    });
    let total = trip.timings.iter().find(|(name, _)| name == "total").map_or(0, |(_, micros)| *micros);
    Some(Hop {
        request: SentRequest {
            method: Method::from_bytes(trip.method.as_bytes()).ok()?,
            url: Url::parse(&trip.url).ok()?,
            headers: fields(&trip.sent),
            size: 0,
        },
        sent: Timestamp::from_millisecond(trip.at).ok()?,
        answer: answer.transpose().ok()?,
        timings: Timings { total: Duration::from_micros(total), ..Timings::default() },
        remote: None,
        tls: None,
        via: None,
        reconnected: false,
        failure: None,
    })
}

/// Fields that can be none are left out.
fn fields(fields: &[(String, String)]) -> Vec<HeaderField> {
    let field = |(name, value): &(String, String)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some(HeaderField { name, value: FieldValue::Shown(HeaderValue::from_bytes(value.as_bytes()).ok()?) })
    };
    fields.iter().filter_map(field).collect()
}

/// What its authorization was, by the words of a record.
fn sent_with(trip: &Trip) -> SentWith {
    let words = trip.with.strip_prefix("tok#");
    let serial = words.and_then(|words| words.split(' ').next()?.parse().ok());
    match (serial, trip.with.as_str()) {
        (Some(serial), with) => {
            let token =
                TokenRef { serial: TokenSerial(serial), generation: Generation(trip.generation.unwrap_or_default()) };
            if with.ends_with("on purpose") { SentWith::OlderToken(token) } else { SentWith::Token(token) }
        }
        (None, "no token") => SentWith::Nothing,
        _ => SentWith::Typed,
    }
}
