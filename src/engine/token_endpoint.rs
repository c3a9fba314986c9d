//! The token call: how it is written (JSON, form, Basic) and how its answer is read.
//!
//! Two pure halves: [`TokenAsk::new`] writes the request, [`judged`] reads the reply. What sends it in between is the
//! caller's. Facts: RFC 6749 §2.3.1, §4.4, §5; RFC 6750 §2.1; the documented JSON call of the API.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Map, Value};
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::retry_after::retry_after;
use crate::domain::{
    credential::Access, flow::TokenFailureKind, json_depth, jwt::Jwt, profile::TokenRequest, redact::Redactor,
    secret::Secret, token::TokenNote, token_answer::ExpiryIs,
};

mod life;

/// A token call, ready to be sent as a POST.
pub struct TokenAsk {
    /// Its header fields; a Basic one is marked sensitive.
    pub headers: HeaderMap,
    /// Its body, with the secret in it unless that is in the header.
    pub body: Zeroizing<Vec<u8>>,
}

impl TokenAsk {
    /// The call that `access` makes.
    pub fn new(access: &Access) -> Self {
        let (id, secret) = (access.credential.client_id.as_str(), access.secret.expose());
        let fields = access.key.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let (kind, body) = match access.profile.wire {
            TokenRequest::Json => {
                let named = [("client_id", id), ("client_secret", secret)].into_iter().chain(fields);
                ("application/json", json_object(named))
            }
            TokenRequest::FormBody => {
                let named = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
                (FORM, form(named.into_iter().chain(fields)))
            }
            TokenRequest::FormBasic => {
                headers.insert(header::AUTHORIZATION, basic(id, secret));
                (FORM, form([("grant_type", "client_credentials")].into_iter().chain(fields)))
            }
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.extend(access.key.headers.iter().cloned());
        Self { headers, body: Zeroizing::new(body.into_bytes()) }
    }
}

/// What stands for the secret in a request that is shown; no form of a token call writes it in another way.
const STAND_IN: &str = "********";

/// The request as it goes out, with another secret in it: the true one is in none of its encodings.
pub(super) fn told(access: &Access) -> Vec<String> {
    let shown = Access { secret: Arc::new(Secret::new(STAND_IN)), ..access.clone() };
    let TokenAsk { headers, body } = TokenAsk::new(&shown);
    let mut lines = vec![format!("POST {}", access.profile.token_url)];
    lines.extend(headers.iter().map(|(name, value)| {
        let value = if value.is_sensitive() {
            format!("Basic {STAND_IN}").into()
        } else {
            String::from_utf8_lossy(value.as_bytes())
        };
        format!("{name}: {value}")
    }));
    lines.push(String::new());
    lines.push(String::from_utf8_lossy(&body).into_owned());
    lines
}

const FORM: &str = "application/x-www-form-urlencoded";

fn json_object<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let quoted = |text: &str| Zeroizing::new(serde_json::to_string(text).unwrap_or_default());
    // Room enough at once: a body that grew by moving would leave its secret behind in memory.
    let mut body = String::with_capacity(4096);
    body.push('{');
    for (at, (name, value)) in fields.enumerate() {
        if at > 0 {
            body.push(',');
        }
        body.push_str(&quoted(name));
        body.push(':');
        body.push_str(&quoted(value));
    }
    body.push('}');
    body
}

fn form<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::with_capacity(4096)).extend_pairs(fields).finish()
}

/// RFC 6749 §2.3.1: id and secret are form-urlencoded each, then joined and base64-encoded. A space is `%20` and not `+`:
/// every server reads the first, and those that undo percent signs only (Authlib's) misread the second.
fn basic(id: &str, secret: &str) -> HeaderValue {
    let encoded = |text: &str| {
        let pieces = form_urlencoded::byte_serialize(text.as_bytes());
        Zeroizing::new(pieces.map(|piece| if piece == "+" { "%20" } else { piece }).collect::<String>())
    };
    let pair = Zeroizing::new(format!("{}:{}", *encoded(id), *encoded(secret)));
    let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
    let mut value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

/// What came back from the token endpoint.
pub struct TokenReply {
    /// Its status.
    pub status: StatusCode,
    /// Its header fields.
    pub headers: HeaderMap,
    /// Its whole body, at most 1 MiB.
    pub body: Zeroizing<Vec<u8>>,
    /// From sending to the last byte.
    pub round_trip: Duration,
    /// Wall time at the middle of the round trip.
    pub middle: Timestamp,
}

/// A token as read from an answer, before it is given a generation.
pub struct Issued {
    /// Its text.
    pub secret: Secret,
    /// How long it lives; see [`crate::domain::token::TokenFacts::life`].
    pub life: Option<Duration>,
    /// The scope granted.
    pub scope: Option<String>,
    /// The server's clock minus ours, in milliseconds.
    pub skew_ms: Option<i64>,
    /// Its claims, when it is a JWT.
    pub jwt: Option<Jwt>,
    /// What was odd.
    pub notes: Vec<TokenNote>,
}

/// Why a reply is no token.
pub struct Rejection {
    /// What the machine makes of it.
    pub kind: TokenFailureKind,
    /// Whether another attempt within the same flight makes sense.
    pub retry: bool,
    /// What is wrong, in words, without a secret.
    pub text: String,
    /// What to do about it.
    pub hint: String,
}

impl Rejection {
    /// With the hint of its kind.
    pub(super) fn new(kind: TokenFailureKind, text: impl Into<String>) -> Self {
        Self { kind, retry: false, text: text.into(), hint: kind.hint().to_owned() }
    }

    /// The same as one of the credentials; a hint of its own stays.
    fn refusing_credentials(self) -> Self {
        let kind = TokenFailureKind::CredentialsRefused;
        let own = self.hint != self.kind.hint();
        Self { kind, retry: false, hint: if own { self.hint } else { kind.hint().to_owned() }, text: self.text }
    }

    fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }
}

/// Reads a reply: a token, or why not.
pub fn judged(mut reply: TokenReply, access: &Access, masks: &Redactor) -> Result<Issued, Rejection> {
    let body = parsed(&mut reply);
    let object = body.as_ref().ok();
    let status = counting_status(reply.status, object);
    let error =
        object.filter(|object| access.key.answer.token.of(object).is_none()).and_then(|object| object.get("error"));
    if let Some(error) = error.and_then(Value::as_str).filter(|_| names_its_error(status))
        && let Some(rejection) = named_error(error, object, access, masks)
    {
        let refused = matches!(status.as_u16(), 401 | 403);
        return Err(if refused { rejection.refusing_credentials() } else { rejection });
    }
    match status.as_u16() {
        200..=299 => {}
        300..=399 => {
            let to = reply.headers.get(header::LOCATION);
            let to = to.map_or("nowhere", |to| to.to_str().unwrap_or("an unreadable place"));
            let text = format!(
                "the token endpoint answered {status} and points to `{}`; a token request is never redirected",
                quoted(to, 200, masks)
            );
            return Err(
                Rejection::new(TokenFailureKind::NotAToken, text).hint("set the token URL to the address that answers")
            );
        }
        429 | 503 => return Err(throttled(&reply)),
        401 | 403 => {
            let text = format!("the token endpoint answered {status}: it does not take these credentials");
            return Err(Rejection::new(TokenFailureKind::CredentialsRefused, text).refusing_credentials());
        }
        408 | 500..=599 => {
            let text = format!("the token endpoint answered {status}");
            return Err(Rejection { retry: true, ..Rejection::new(TokenFailureKind::Unavailable, text) });
        }
        other => {
            let rejection = Rejection::new(TokenFailureKind::Rejected, format!("the token endpoint answered {status}"));
            return Err(match other {
                400 | 406 | 415 | 422 => rejection.hint(&another_way(access)),
                404 | 405 => rejection.hint("check the token URL"),
                _ => rejection,
            });
        }
    }
    let object = body.map_err(|why| {
        let kind =
            reply.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("no content type");
        let kind = quoted(kind, 100, masks);
        let text = format!("the answer is no token: {why} ({status}, {kind}, {} bytes)", reply.body.len());
        Rejection::new(TokenFailureKind::NotAToken, text)
    })?;
    issued(object, &reply, access, masks)
}

fn issued(
    mut object: Map<String, Value>,
    reply: &TokenReply,
    access: &Access,
    masks: &Redactor,
) -> Result<Issued, Rejection> {
    let not_a_token =
        |text: &str| Rejection::new(TokenFailureKind::NotAToken, format!("the answer is no token: {text}"));
    let answer = &access.key.answer;
    let name = &answer.token;
    let secret = match name.of_mut(&mut object) {
        Some(Value::String(text)) if text.is_empty() => return Err(not_a_token(&format!("`{name}` is empty"))),
        Some(Value::String(text)) => Secret::new(std::mem::take(text)),
        Some(_) => return Err(not_a_token(&format!("`{name}` is not a string"))),
        None => return Err(not_a_token(&format!("it has no `{name}`"))),
    };
    if !secret.expose().bytes().all(is_b64token) {
        let what = format!("`{name}` holds a character that no bearer token may hold (RFC 6750 §2.1)");
        return Err(not_a_token(&what));
    }
    let mut notes = Vec::new();
    let prefix = access.profile.header.prefix.as_str();
    match answer.kind.of(&object) {
        Some(Value::String(kind)) if ["bearer", prefix].iter().any(|known| kind.eq_ignore_ascii_case(known)) => {}
        None | Some(Value::Null) => notes.push(TokenNote::TypeMissing),
        Some(other) => {
            let other = quoted(&other.to_string(), 40, masks);
            return Err(not_a_token(&format!("`{}` is {other}; only Bearer is understood", answer.kind)));
        }
    }
    let scope = object.get("scope").and_then(Value::as_str).map(str::to_owned);
    if let (Some(asked), Some(granted)) = (access.credential.scope.as_deref(), scope.as_deref())
        && sorted_words(asked) != sorted_words(granted)
    {
        notes.push(TokenNote::ScopeDiffers);
    }
    let jwt = Jwt::decoded(secret.expose());
    let server = life::server_time(reply);
    let expiry = answer.expiry.of(&object).filter(|value| !value.is_null() && answer.expiry_is != ExpiryIs::Jwt);
    let told = expiry.and_then(|value| {
        let life = life::told(value, answer.expiry_is, server.unwrap_or(reply.middle));
        if life.is_none() {
            notes.push(TokenNote::LifeUnreadable(quoted(&value.to_string(), 40, masks)));
        }
        life
    });
    let claimed = jwt.as_ref().and_then(|jwt| life::claimed(jwt, server));
    if let (Some(told), Some(claimed)) = (told, claimed)
        && told.abs_diff(claimed) > Duration::from_secs(60)
    {
        notes.push(TokenNote::LivesDiffer { told: told.as_secs(), claimed: claimed.as_secs() });
    }
    let life = match (told, claimed) {
        (Some(told), Some(claimed)) => Some(told.min(claimed)),
        (told, claimed) => told.or(claimed),
    };
    let skew_ms = server.map(|server| server.as_millisecond() - reply.middle.as_millisecond());
    Ok(Issued { secret, life, scope, skew_ms, jwt, notes })
}

fn throttled(reply: &TokenReply) -> Rejection {
    let now = life::server_time(reply).unwrap_or(reply.middle);
    let status = reply.status;
    match reply.headers.get(header::RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?, now)) {
        Some(wait) => {
            let retry_after = wait.min(Duration::from_hours(1));
            let text = format!("the token endpoint answered {status} and asks to wait {} s", retry_after.as_secs());
            Rejection::new(TokenFailureKind::Throttled { retry_after }, text)
        }
        None => {
            let rejection =
                Rejection::new(TokenFailureKind::Unavailable, format!("the token endpoint answered {status}"));
            Rejection { retry: status == StatusCode::SERVICE_UNAVAILABLE, ..rejection }
        }
    }
}

/// The status that counts: the documented 401 body means 401 under a 400 too.
fn counting_status(status: StatusCode, object: Option<&Map<String, Value>>) -> StatusCode {
    let documented = object.and_then(|object| object.get("statusCode")).and_then(Value::as_u64) == Some(401);
    if documented && status == StatusCode::BAD_REQUEST { StatusCode::UNAUTHORIZED } else { status }
}

/// Whether an error code in the body says more than a status: 408, 429 and 5xx stand for themselves.
fn names_its_error(status: StatusCode) -> bool {
    status.is_success() || (status.is_client_error() && !matches!(status.as_u16(), 408 | 429))
}

/// Text of the server for a message: secrets masked first, then cut, control characters escaped.
fn quoted(text: &str, most: usize, masks: &Redactor) -> String {
    let masked = masks.masked(text);
    masked.chars().take(most).collect::<String>().escape_debug().to_string()
}

/// What to set where the endpoint may want to be asked in another way.
fn another_way(access: &Access) -> String {
    let (asked, others) = match access.profile.wire {
        TokenRequest::Json => ("in JSON, and OAuth 2 wants a form", "`form-basic` or `form-body`"),
        TokenRequest::FormBody => ("by a form with the secret in it", "`form-basic` or `json`"),
        TokenRequest::FormBasic => ("by a form with the secret in a Basic header", "`form-body` or `json`"),
    };
    format!("it was asked {asked}: if it wants another way, set `token-request` of the profile to {others}")
}

/// What an RFC 6749 §5.2 error code means to the machine; `None` for a code that says less than the status.
fn named_error(
    error: &str,
    object: Option<&Map<String, Value>>,
    access: &Access,
    masks: &Redactor,
) -> Option<Rejection> {
    let about = object.and_then(|object| object.get("error_description")).and_then(Value::as_str);
    let about = about.map(|about| format!(": {}", quoted(about, 200, masks))).unwrap_or_default();
    let text = format!("the token endpoint says `{}`{about}", quoted(error, 60, masks));
    Some(match error {
        "invalid_client" | "unauthorized_client" | "invalid_grant" => {
            Rejection::new(TokenFailureKind::CredentialsRefused, text)
                .hint(&format!("check client id and secret; {}; `R` asks once more", another_way(access)))
        }
        "invalid_scope" | "invalid_target" => Rejection::new(TokenFailureKind::CredentialsRefused, text)
            .hint("check scope, audience and resource of the credential"),
        "temporarily_unavailable" | "server_error" => {
            Rejection { retry: true, ..Rejection::new(TokenFailureKind::Unavailable, text) }
        }
        "invalid_request" | "unsupported_grant_type" => {
            Rejection::new(TokenFailureKind::Rejected, text).hint(&another_way(access))
        }
        _ => return None,
    })
}

/// The body as a JSON object at most 32 deep, or why it is none.
fn parsed(reply: &mut TokenReply) -> Result<Map<String, Value>, &'static str> {
    if reply.body.is_empty() {
        return Err("it is empty");
    }
    if json_depth::depth(&reply.body) > 32 {
        return Err("it is nested more than 32 deep");
    }
    match serde_json::from_slice(&reply.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("it is JSON, but not an object"),
        Err(error) if error.is_eof() => Err("it is cut JSON"),
        Err(_) => Err("it is not JSON"),
    }
}

/// A byte of an RFC 6750 §2.1 `b64token`.
fn is_b64token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

fn sorted_words(text: &str) -> Vec<&str> {
    let mut words: Vec<_> = text.split_ascii_whitespace().collect();
    words.sort_unstable();
    words
}

/// The text of a token answer for the record: at most 64 KiB, the token replaced by its length.
pub fn shown_body(body: &[u8], secret: Option<&Secret>) -> String {
    let text = String::from_utf8_lossy(body.get(..body.len().min(64 << 10)).unwrap_or_default()).into_owned();
    match secret {
        Some(token) if text.contains(token.expose()) => {
            text.replace(token.expose(), &format!("•••••••• {} bytes", token.size()))
        }
        _ => text,
    }
}
