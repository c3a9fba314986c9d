//! The shapes of answers: JSON, the documented 401, failures in the same shape, and the mark of what is not documented.
//!
//! The documentation knows one error body, that of the 401; other failures borrow its shape and are marked.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

/// Names what an answer says beyond the documentation.
pub(super) const SANDBOX_DEFINED: HeaderName = HeaderName::from_static("x-sandbox-defined");

/// The 401 of every authenticated call, byte for byte (AUTH page).
pub(super) const UNAUTHORIZED: &str =
    r#"{"statusCode":401,"message":"Unauthorized","error":"Invalid or expired token"}"#;

/// A JSON answer.
pub(super) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.into()).into_response()
}

/// The documented 401.
pub(super) fn unauthorized() -> Response {
    json(StatusCode::UNAUTHORIZED, UNAUTHORIZED)
}

/// 200 with JSON that is the sandbox's own from end to end.
pub(super) fn own_json(body: impl Into<Body>) -> Response {
    marked(json(StatusCode::OK, body), "this whole route")
}

/// A failure in the shape of the documented 401, marked as ours.
pub(super) fn failure(status: StatusCode, error: &str) -> Response {
    let body = object(&[
        ("statusCode", status.as_u16().to_string()),
        ("message", text(status.canonical_reason().unwrap_or("Unknown"))),
        ("error", text(error)),
    ]);
    marked(json(status, body), "this whole answer")
}

/// A failure of the token endpoint for forms (RFC 6749 §5.2), marked as ours.
pub(super) fn oauth_failure(status: StatusCode, error: &str, description: &str) -> Response {
    let body = object(&[("error", text(error)), ("error_description", text(description))]);
    marked(json(status, body), "the OAuth form of the token endpoint")
}

/// The answer, marked with what in it is not documented.
pub(super) fn marked(mut response: Response, what: &'static str) -> Response {
    response.headers_mut().insert(SANDBOX_DEFINED, HeaderValue::from_static(what));
    response
}

/// A JSON object of members that are JSON text already, so that a number keeps the digits it came with.
pub(super) fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("{}:{value}", text(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// A JSON string.
pub(super) fn text(value: &str) -> String {
    Value::from(value).to_string()
}

/// Bytes in lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// SHA-256 in hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}
