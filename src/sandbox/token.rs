//! The token endpoint: `POST /api/token`, JSON as documented, and the two OAuth forms for clients that speak those; in
//! strict mode the forms alone.
//!
//! It tells the ways apart, compares credentials in constant time and writes the answer in the shape on order. The
//! answer to wrong credentials is not documented: JSON gets the shape of the documented 401, forms RFC 6749 §5.2.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{
    body::Bytes,
    extract::{Extension, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::form_urlencoded;

use super::{
    Client, Shared,
    answers::{failure, json, marked, oauth_failure, object, text},
    front::{IssuedSerial, RefuseCredentials},
    order::{Field, TokenRequest},
};

/// Why there is no token.
enum Refusal {
    /// Neither JSON nor a form.
    MediaType,
    /// Not the documented JSON.
    Json(&'static str),
    /// Not a token request: an error code of RFC 6749 §5.2 and what is wrong.
    Form(&'static str, &'static str),
    /// Credentials that are not known, by the way they came.
    Credentials(TokenRequest),
}

impl Refusal {
    fn answer(&self) -> Response {
        let basic = HeaderValue::from_static(r#"Basic realm="sandbox""#);
        match *self {
            Self::MediaType => failure(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the token endpoint takes JSON or a form"),
            Self::Json(why) => failure(StatusCode::BAD_REQUEST, why),
            Self::Form(error, why) => oauth_failure(StatusCode::BAD_REQUEST, error, why),
            Self::Credentials(TokenRequest::Json) => failure(StatusCode::UNAUTHORIZED, "Invalid client credentials"),
            Self::Credentials(way) => {
                let why = "the client is not known so";
                let mut response = oauth_failure(StatusCode::UNAUTHORIZED, "invalid_client", why);
                if way == TokenRequest::FormBasic {
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
                }
                response
            }
        }
    }
}

/// What a client showed.
struct Credentials {
    way: TokenRequest,
    id: String,
    secret: String,
}

pub(super) async fn token(
    State(inner): State<Shared>,
    refuse: Option<Extension<RefuseCredentials>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (shown, scope) = match credentials(&headers, &body, inner.strict) {
        Ok(read) => read,
        Err(refusal) => return uncached(refusal.answer()),
    };
    let shape = inner.scenario.shape();
    let way_is_fine = shape.accept.is_none_or(|only| only == shown.way);
    let known = inner.clients.iter().fold(false, |known, client| known | client.matches(&shown));
    if refuse.is_some() || !way_is_fine || !known {
        return uncached(Refusal::Credentials(shown.way).answer());
    }
    let issued = inner.token(&shown.id);
    let members = [
        ("access_token", Some(text(&issued.text))),
        ("expires_in", member(shape.expires_in, || inner.scenario.life().as_secs().to_string())),
        ("token_type", member(shape.token_type, || text("Bearer"))),
        ("scope", scope.map(|scope| text(&scope))),
    ];
    let members: Vec<_> = members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let mut response = marked(json(StatusCode::OK, object(&members)), "the status code, the claims of the token");
    response.extensions_mut().insert(IssuedSerial(issued.serial));
    uncached(response)
}

fn member(field: Field, usual: impl FnOnce() -> String) -> Option<String> {
    match field {
        Field::Usual => Some(usual()),
        Field::Missing => None,
        Field::Json(text) => Some(text),
    }
}

impl Client {
    fn matches(&self, shown: &Credentials) -> bool {
        self.id == shown.id && verify_slices_are_equal(self.secret.as_bytes(), shown.secret.as_bytes()).is_ok()
    }
}

/// Tokens and what is said about credentials are not for caches (RFC 6749 §5.1).
fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Reads the credentials, in whichever way they came, and the scope to be told back.
fn credentials(headers: &HeaderMap, body: &[u8], strict: bool) -> Result<(Credentials, Option<String>), Refusal> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.as_str() {
        "application/x-www-form-urlencoded" => {
            let scope = if strict { scope(body)? } else { None };
            Ok((from_form(headers, body)?, scope))
        }
        _ if strict => Err(Refusal::Form("invalid_request", "a token request is a form (RFC 6749 4.4.2)")),
        "application/json" => Ok((from_json(headers, body)?, None)),
        _ => Err(Refusal::MediaType),
    }
}

/// The scope asked for. §3.2 of RFC 6749 lets a server pass over an empty one; many refuse it, and so does this one.
fn scope(body: &[u8]) -> Result<Option<String>, Refusal> {
    let scope = form_urlencoded::parse(body).find(|(name, _)| name == "scope").map(|(_, value)| value.into_owned());
    let is_token =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~'));
    match scope {
        Some(scope) if !scope.split(' ').all(is_token) => {
            Err(Refusal::Form("invalid_scope", "words with one blank between them are wanted (RFC 6749 3.3)"))
        }
        scope => Ok(scope),
    }
}

fn from_json(headers: &HeaderMap, body: &[u8]) -> Result<Credentials, Refusal> {
    let bad = Refusal::Json;
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(bad("the documented request carries no Authorization"));
    }
    let body: Value = serde_json::from_slice(body).map_err(|_| bad("the body is not JSON"))?;
    let member = |name| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let id = member("client_id").ok_or_else(|| bad("client_id is missing or no string"))?;
    let secret = member("client_secret").ok_or_else(|| bad("client_secret is missing or no string"))?;
    Ok(Credentials { way: TokenRequest::Json, id, secret })
}

fn from_form(headers: &HeaderMap, body: &[u8]) -> Result<Credentials, Refusal> {
    let bad = Refusal::Form;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let field = |name: &str| {
        let mut values = pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone());
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(bad("invalid_request", "a parameter stands twice")),
        }
    };
    match field("grant_type")?.as_deref() {
        Some("client_credentials") => {}
        Some(_) => return Err(bad("unsupported_grant_type", "client_credentials is the one grant")),
        None => return Err(bad("invalid_request", "grant_type is missing")),
    }
    let (id, secret) = (field("client_id")?, field("client_secret")?);
    if !headers.contains_key(header::AUTHORIZATION) {
        return match (id, secret) {
            (Some(id), Some(secret)) => Ok(Credentials { way: TokenRequest::FormBody, id, secret }),
            _ => Err(bad("invalid_request", "client_id and client_secret are wanted")),
        };
    }
    // One way of authentication a request (RFC 6749 §2.3); an id alone is a hint and may stand beside Basic.
    if secret.is_some() {
        return Err(bad("invalid_request", "credentials in the body and in Authorization at once"));
    }
    let shown = basic(headers).ok_or(Refusal::Credentials(TokenRequest::FormBasic))?;
    if id.is_some_and(|id| id != shown.id) {
        return Err(bad("invalid_request", "two client ids"));
    }
    Ok(shown)
}

/// HTTP Basic whose two halves are form-urlencoded (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Option<Credentials> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decoded = |half: &str| Some(percent_decode_str(&half.replace('+', " ")).decode_utf8().ok()?.into_owned());
    Some(Credentials { way: TokenRequest::FormBasic, id: decoded(id)?, secret: decoded(secret)? })
}
