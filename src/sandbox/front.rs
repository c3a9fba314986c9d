//! What every request passes: the door, the journal, the faults on order, and the clock's headers on the way out.
//!
//! ```text
//! request ─► guard ─► (control, journal) ──────────────────────────────────► Date, Age ─► answer
//!              └────► body read ─► written down ─► wait ─► fault or route ──► journal ────┘
//! ```
//!
//! Waiting comes before the verdict: a call that hangs while its token is revoked is answered 401.

use std::{convert::Infallible, future::pending, io, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt as _, stream};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};

use super::{
    Inner, Shared, Wire,
    answers::{self, failure, marked, sha256},
    guard,
    issuer::{Issuer, Wanted},
    journal::Entry,
    order::{Answer, Dating, Endpoint},
    scenario::Pause,
    shifted,
};

/// The path of the token endpoint.
pub(super) const TOKEN_PATH: &str = "/api/token";

/// A larger request body is refused: it is held in memory.
const LARGEST_BODY: usize = 256 << 20;

/// In a request's extensions: its credentials count as wrong.
#[derive(Clone, Copy)]
pub(super) struct RefuseCredentials;

/// In a response's extensions: the serial of the token in it.
#[derive(Clone, Copy)]
pub(super) struct IssuedSerial(pub(super) u64);

/// In a response's extensions: no answer at all, the connection is closed.
#[derive(Clone, Copy)]
struct HangUp;

pub(super) async fn front(State(inner): State<Shared>, request: Request, next: Next) -> Response {
    let is_token_call = request.uri().path() == TOKEN_PATH;
    let mut response = if let Some(refusal) = guard::refusal(&request) {
        inner.journal.turned_away();
        refusal
    } else if guard::is_lever(request.uri().path()) {
        next.run(request).await
    } else {
        received(&inner, request, next).await
    };
    // Tokens are checked by a node with a clock of its own, which stands in its answers.
    let off = if is_token_call { 0 } else { inner.scenario.checking_offset() };
    inner.stamp(response.headers_mut(), shifted(inner.time(), off));
    response
}

async fn received(inner: &Inner, request: Request, next: Next) -> Response {
    let endpoint = if request.uri().path() == TOKEN_PATH { Endpoint::Token } else { Endpoint::Api };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return failure(StatusCode::PAYLOAD_TOO_LARGE, "the sandbox holds bodies up to 256 MiB");
    };
    let wire = parts.extensions.get::<Wire>().cloned();
    let visit = inner.journal.arrival(entry(inner, endpoint, &parts, &body, wire.as_ref()));
    match inner.scenario.pause(endpoint) {
        Some(Pause::For(delay)) => (inner.sleep)(delay).await,
        // An error means that the order was taken back, which lets the call go on too.
        Some(Pause::Until(released)) => drop(released.await),
        None => {}
    }
    let fault = inner.scenario.answer(endpoint);
    let mut response = answered(inner, endpoint, fault, Request::from_parts(parts, Body::from(body)), next).await;
    if response.extensions_mut().remove::<HangUp>().is_some() {
        visit.hung_up();
        if let Some(wire) = wire {
            wire.cut.cancel();
        }
        return pending().await;
    }
    let issued = response.extensions_mut().remove::<IssuedSerial>();
    visit.answered(response.status().as_u16(), issued.map(|IssuedSerial(serial)| serial));
    response
}

/// The usual answer, or the one on order.
async fn answered(
    inner: &Inner,
    endpoint: Endpoint,
    fault: Option<Answer>,
    mut request: Request,
    next: Next,
) -> Response {
    match fault {
        None => next.run(request).await,
        Some(Answer::Refuse) if endpoint == Endpoint::Token => {
            request.extensions_mut().insert(RefuseCredentials);
            next.run(request).await
        }
        Some(Answer::Refuse) => answers::unauthorized(),
        Some(Answer::Challenge(fields)) => {
            let mut response = marked(answers::unauthorized(), "WWW-Authenticate");
            for field in fields.iter().filter_map(|field| HeaderValue::from_str(field).ok()) {
                response.headers_mut().append(header::WWW_AUTHENTICATE, field);
            }
            response
        }
        Some(Answer::Scope(scope)) => {
            let challenge = format!(r#"Bearer error="insufficient_scope", scope="{scope}""#);
            let mut response = failure(StatusCode::FORBIDDEN, &format!("the scope {scope} is wanted"));
            insert(response.headers_mut(), header::WWW_AUTHENTICATE, &challenge);
            response
        }
        Some(Answer::Status { status, retry_after }) => {
            let mut response = failure(final_status(status), "on order");
            if let Some(when) = retry_after {
                insert(response.headers_mut(), header::RETRY_AFTER, &when);
            }
            response
        }
        Some(Answer::Html) => {
            let page = "<!doctype html><title>Sign in</title><p>Please sign in to use this network.</p>";
            marked(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response(), "on order")
        }
        Some(Answer::Cut) => cut(next.run(request).await).await,
        Some(Answer::Drop) => {
            let mut response = StatusCode::OK.into_response();
            response.extensions_mut().insert(HangUp);
            response
        }
        Some(Answer::DropHalf) => dropped_half(next.run(request).await).await,
        Some(Answer::Redirect { to, status }) => redirect(final_status(status), &to),
        Some(Answer::Raw { status, content_type, body }) => raw(inner, final_status(status), &content_type, &body),
    }
}

/// A redirect, or 400 when the address cannot stand in a header.
pub(super) fn redirect(status: StatusCode, to: &str) -> Response {
    match HeaderValue::from_bytes(to.as_bytes()) {
        Ok(to) => marked((status, [(header::LOCATION, to)]).into_response(), "this whole answer"),
        Err(_) => failure(StatusCode::BAD_REQUEST, "the address cannot stand in a header"),
    }
}

/// A status that ends an exchange; 500 for a number that cannot.
pub(super) fn final_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status)
        .ok()
        .filter(|status| !status.is_informational())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn raw(inner: &Inner, status: StatusCode, content_type: &str, body: &str) -> Response {
    const TOKEN: &str = "{{token}}";
    let issued = body.contains(TOKEN).then(|| inner.token("on-order"));
    let body = issued.as_ref().map_or_else(|| body.to_owned(), |issued| body.replace(TOKEN, &issued.text));
    let mut response = marked((status, Body::from(body)).into_response(), "this whole answer, on order");
    if !content_type.is_empty() {
        insert(response.headers_mut(), header::CONTENT_TYPE, content_type);
    }
    if let Some(issued) = issued {
        response.extensions_mut().insert(IssuedSerial(issued.serial));
    }
    response
}

/// The answer with half of its body, framed as if that were all.
async fn cut(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = whole(body).await;
    Response::from_parts(parts, Body::from(body.slice(..body.len() / 2)))
}

/// The answer whose body breaks off half-way, the connection with it.
async fn dropped_half(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = whole(body).await;
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let half = body.slice(..body.len() / 2);
    let broken = stream::iter([Ok(half)]).chain(stream::once(async {
        // hyper throws away what it has not flushed when a body fails; it flushes while the body has nothing yet.
        tokio::task::yield_now().await;
        Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset))
    }));
    Response::from_parts(parts, Body::from_stream(broken))
}

async fn whole(body: Body) -> Bytes {
    to_bytes(body, LARGEST_BODY).await.unwrap_or_default()
}

/// A body of chunks that cannot fail.
pub(super) fn streamed(chunks: impl Iterator<Item = Bytes> + Send + 'static) -> Body {
    Body::from_stream(stream::iter(chunks.map(Ok::<_, Infallible>)))
}

fn entry(inner: &Inner, endpoint: Endpoint, parts: &Parts, body: &Bytes, wire: Option<&Wire>) -> Entry {
    let serial = guard::bearer(&parts.headers).and_then(|token| inner.issuer.serial(token));
    Entry {
        n: 0,
        connection: wire.map_or(0, |wire| wire.number),
        endpoint,
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: masked(&parts.headers, Some(&inner.issuer)),
        body_length: body.len(),
        body_sha256: (endpoint == Endpoint::Api).then(|| sha256(body)),
        serial,
        status: None,
        at: (inner.now)(),
    }
}

/// Headers as text, `Authorization` without its credentials: the scheme and the serial of a token that the issuer
/// knows, else the scheme and a count of bytes.
pub(super) fn masked(headers: &HeaderMap, issuer: Option<&Issuer>) -> Vec<(String, String)> {
    let shown = |name: &HeaderName, value: &HeaderValue| {
        let value = String::from_utf8_lossy(value.as_bytes());
        if *name != header::AUTHORIZATION {
            return value.into_owned();
        }
        let Some((scheme, credentials)) = value.split_once(' ') else {
            return format!("<{} bytes>", value.len());
        };
        match issuer.and_then(|issuer| issuer.serial(credentials.trim_start_matches(' '))) {
            Some(serial) => format!("{scheme} #{serial}"),
            None => format!("{scheme} <{} bytes>", credentials.len()),
        }
    };
    headers.iter().map(|(name, value)| (name.to_string(), shown(name, value))).collect()
}

impl Inner {
    /// A fresh token in the shape on order.
    pub(super) fn token(&self, subject: &str) -> super::issuer::Issued {
        let shape = self.scenario.shape();
        self.issuer.issue(&Wanted {
            issuer: &self.base_url,
            subject,
            now: self.time(),
            life: self.scenario.life(),
            opaque: shape.opaque,
            same: shape.same,
            pad: shape.pad,
            claims: &shape.claims,
        })
    }

    /// `Date` (RFC 9110 §6.6.1), or what is on order instead, and `Age`.
    fn stamp(&self, headers: &mut HeaderMap, now: Duration) {
        let stamp = self.scenario.stamp();
        match stamp.date {
            Dating::Usual => {
                if let Ok(date) = DateTimePrinter::new().timestamp_to_rfc9110_string(&timestamp(now)) {
                    insert(headers, header::DATE, &date);
                }
            }
            Dating::Missing => {}
            Dating::Text(text) => insert(headers, header::DATE, &text),
        }
        if let Some(age) = stamp.age {
            headers.insert(header::AGE, HeaderValue::from(age));
        }
    }
}

/// A time since the epoch as a moment; a time beyond the calendar is its last one.
pub(super) fn timestamp(time: Duration) -> Timestamp {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::new(seconds, time.subsec_nanos().cast_signed()).ok())
        .unwrap_or(Timestamp::MAX)
}
