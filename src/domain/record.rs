//! An exchange as text and numbers, to be kept or handed on: what is known to be a secret, or looks like one, is masked.

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::{
    exchange::{Exchange, FieldValue, HeaderField, Hop, Outcome},
    looks_secret,
    redact::{Redactor, dots},
    request::{Piece, Prepared, RequestBody},
    secrecy::is_secret_by_name,
};
use crate::body::Completion;

mod again;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The name of the request, where it has one.
    pub name: String,
    /// The method asked for.
    pub method: String,
    /// The address asked for.
    pub url: String,
    /// The profile.
    pub profile: String,
    /// The policy.
    pub policy: String,
    /// When it began: milliseconds since 1970.
    pub started: i64,
    /// Milliseconds from the key to the end.
    pub took: u64,
    /// The body that was sent, if it was text at hand.
    pub request_body: String,
    /// The requests that were made, in order.
    pub trips: Vec<Trip>,
    /// How it ended, where that is no answer.
    pub trouble: Option<String>,
    /// The body of the last answer, as far as it is kept.
    #[serde(skip)]
    pub body: Vec<u8>,
    /// The length that body had, in bytes.
    pub size: u64,
    /// Whether all of it is kept.
    pub whole: bool,
}

/// What of calls is kept, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// For so many days.
    pub days: u32,
    /// So many calls at most, if there is such a limit.
    pub calls: Option<u32>,
    /// Bytes of a body; none are kept for 0.
    pub body: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self { days: 30, calls: None, body: 256 << 10 }
    }
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: i64,
    /// When it began: milliseconds since 1970.
    pub started: i64,
    /// Milliseconds it took.
    pub took: u64,
    /// The method.
    pub method: String,
    /// The address.
    pub url: String,
    /// The name of the request.
    pub name: String,
    /// The profile.
    pub profile: String,
    /// The last status.
    pub status: Option<u16>,
    /// How many attempts there were.
    pub attempts: u32,
    /// How it ended, where that is no answer.
    pub trouble: Option<String>,
}

/// One request to one address, and the head of its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// Which attempt it belongs to, from 1.
    pub attempt: usize,
    /// What its authorization was: `tok#3`, `typed by hand`, … .
    pub with: String,
    /// The generation of the token, if it was one of ours.
    pub generation: Option<u64>,
    /// The method.
    pub method: String,
    /// The address.
    pub url: String,
    /// The header fields that were sent.
    pub sent: Vec<(String, String)>,
    /// When it was sent: milliseconds since 1970.
    pub at: i64,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The version of HTTP.
    pub version: String,
    /// The header fields that came.
    pub received: Vec<(String, String)>,
    /// Phases, each with microseconds.
    pub timings: Vec<(String, u64)>,
    /// What went wrong.
    pub trouble: Option<String>,
}

impl Record {
    /// The record of a call that is over. Of its answer's body at most `most` bytes are kept; for 0 that of the request
    /// is not kept either.
    pub fn of(exchange: &Exchange, request: Option<&Prepared>, masks: &Redactor, most: usize) -> Self {
        let shown = |text: &str| looks_secret::masked(&masks.masked(text));
        let trips = exchange.attempts.iter().enumerate().flat_map(|(at, attempt)| {
            let with = (attempt.sent_with.to_string(), attempt.sent_with.token().map(|token| token.generation.0));
            attempt.hops.iter().map(move |hop| (at + 1, with.clone(), hop))
        });
        let trips =
            trips.map(|(attempt, (with, generation), hop)| Trip { attempt, with, generation, ..trip(hop, &shown) });
        let answer = exchange.answer().map(|answer| &answer.body);
        let (size, complete) = answer.map_or((0, true), |body| (body.len(), body.completion() == Completion::Complete));
        let kept = answer.and_then(|body| body.bytes(0, most).ok()).unwrap_or_default();
        let cut = (kept.len() as u64) < size;
        let sent = request.filter(|_| most > 0).map(|request| text_of(&request.body));
        Self {
            name: exchange.name.clone(),
            method: exchange.method.to_string(),
            url: shown(exchange.url.as_str()),
            profile: exchange.profile.clone(),
            policy: exchange.policy.name().to_owned(),
            started: exchange.started.as_millisecond(),
            took: milliseconds(exchange.took),
            request_body: sent.map(|text| shown(&text)).unwrap_or_default(),
            trips: trips.collect(),
            trouble: trouble(&exchange.outcome).map(|text| shown(&text)),
            body: masked_bytes(kept, cut, masks),
            size,
            whole: complete && !cut,
        }
    }

    /// The record of a request that was not sent. With `revealed`, its secrets stand in it.
    pub fn unsent(request: &Prepared, profile: &str, masks: &Redactor, revealed: bool) -> Self {
        let shown = |text: &str| if revealed { text.to_owned() } else { looks_secret::masked(&masks.masked(text)) };
        let field = |(name, value): &(HeaderName, HeaderValue)| {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            let text = if value.is_sensitive() && !revealed { dots("hidden") } else { shown(&text) };
            (name.to_string(), text)
        };
        let trip = Trip {
            attempt: 1,
            method: request.method.to_string(),
            url: shown(request.url.as_str()),
            sent: request.headers.iter().map(field).collect(),
            ..Trip::default()
        };
        Self {
            name: request.name.clone(),
            method: trip.method.clone(),
            url: trip.url.clone(),
            profile: profile.to_owned(),
            request_body: shown(&text_of(&request.body)),
            trips: vec![trip],
            whole: true,
            ..Self::default()
        }
    }

    /// The status of the last answer.
    pub fn status(&self) -> Option<u16> {
        self.trips.last().and_then(|trip| trip.status)
    }

    /// The body as text, if it is text.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok().filter(|text| !text.contains('\0'))
    }
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn trouble(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Answered => None,
        Outcome::Failed(failure) => Some(failure.text.clone()),
        Outcome::NoToken(failure) => Some(format!("no token: {}", failure.text)),
        Outcome::Refused(refusal) => Some(refusal.to_string()),
        Outcome::Cancelled => Some("cancelled".to_owned()),
    }
}

fn trip(hop: &Hop, shown: &impl Fn(&str) -> String) -> Trip {
    let fields = |fields: &[HeaderField]| fields.iter().map(|field| shown_field(field, shown)).collect::<Vec<_>>();
    let timings = &hop.timings;
    let phases = [
        ("dns", timings.dns),
        ("connect", timings.connect),
        ("tls", timings.tls),
        ("wait", timings.wait),
        ("download", timings.download),
        ("total", Some(timings.total)),
    ];
    let micros = |time: std::time::Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    Trip {
        method: hop.request.method.to_string(),
        url: shown(hop.request.url.as_str()),
        sent: fields(&hop.request.headers),
        at: hop.sent.as_millisecond(),
        status: hop.answer.as_ref().map(|answer| answer.status.as_u16()),
        version: hop.answer.as_ref().map(|answer| format!("{:?}", answer.version)).unwrap_or_default(),
        received: hop.answer.as_ref().map(|answer| fields(&answer.headers)).unwrap_or_default(),
        timings: phases.into_iter().filter_map(|(name, time)| Some((name.to_owned(), micros(time?)))).collect(),
        trouble: hop.failure.as_ref().map(|failure| shown(&failure.text)),
        ..Trip::default()
    }
}

fn shown_field(field: &HeaderField, shown: &impl Fn(&str) -> String) -> (String, String) {
    let name = field.name.to_string();
    let value = match &field.value {
        FieldValue::Shown(_) if is_secret_by_name(&name) || name == "set-cookie" => dots("hidden"),
        FieldValue::Shown(value) => shown(&String::from_utf8_lossy(value.as_bytes())),
        FieldValue::Hidden { scheme: Some(scheme), pseudonym, .. } => format!("{scheme} {}", dots(pseudonym)),
        FieldValue::Hidden { pseudonym, .. } => dots(pseudonym),
    };
    (name, value)
}

fn text_of(body: &RequestBody) -> String {
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).map(str::to_owned).ok();
    match body {
        RequestBody::Empty => String::new(),
        RequestBody::Bytes(bytes) => text(bytes).unwrap_or_else(|| format!("({} bytes that are no text)", bytes.len())),
        RequestBody::File { path, size, .. } => format!("(the file {}, {size} bytes)", path.display()),
        RequestBody::Spooled(body) => format!("({} bytes of standard input)", body.len()),
        RequestBody::Unread(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::File { path, .. } => format!("(the file {})", path.display()),
            })
            .collect(),
    }
}

/// Text is masked; other bytes that hold a secret are not kept. Where the text was cut, a secret may be too.
fn masked_bytes(kept: Vec<u8>, cut: bool, masks: &Redactor) -> Vec<u8> {
    let kept = Bytes::from(kept);
    let end = if cut { kept.len().saturating_sub(masks.tail(&kept)) } else { kept.len() };
    let whole = kept.slice(..end);
    // A character that was cut in two does not make it bytes.
    let text = match std::str::from_utf8(&whole) {
        Ok(text) => Some(text),
        Err(error) if cut && error.error_len().is_none() => {
            whole.get(..error.valid_up_to()).and_then(|bytes| std::str::from_utf8(bytes).ok())
        }
        Err(_) => None,
    };
    match text {
        Some(text) => looks_secret::masked(&masks.masked(text)).into_bytes(),
        None if masks.found(&whole).is_empty() => whole.to_vec(),
        None => Vec::new(),
    }
}
