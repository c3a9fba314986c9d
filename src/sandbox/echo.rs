//! The echo: a request told back as it was received, credentials masked.

use axum::{
    body::Bytes,
    http::{HeaderMap, Method, Uri},
    response::Response,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::json;

use super::{
    answers::{own_json, sha256},
    front::masked,
    guard::Bearer,
};

/// `ANY /_sandbox/echo`: for those with a good token.
pub(super) async fn echo(_: Bearer, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    told(&method, &uri, &headers, &body)
}

/// `ANY /_sandbox/open`: for everybody.
pub(super) async fn open(method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    told(&method, &uri, &headers, &body)
}

fn told(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Response {
    let content = match std::str::from_utf8(body) {
        Ok(text) => json!({ "text": text }),
        Err(_) => json!({ "base64": BASE64_STANDARD.encode(body) }),
    };
    let told = json!({
        "method": method.as_str(),
        "target": uri.to_string(),
        "headers": masked(headers, None),
        "body": content,
        "size": body.len(),
        "sha256": sha256(body),
    });
    own_json(told.to_string())
}
