//! The table of routes: the three documented calls, and the sandbox's own under `/_sandbox/`.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Query},
    http::StatusCode,
    middleware::from_fn_with_state,
    response::Response,
    routing::{any, get, post},
};
use serde::Deserialize;

use super::{
    Shared,
    answers::{failure, own_json},
    bodies, control, echo, encoded,
    front::{self, final_status},
    token, transactions,
};

/// All routes behind the front.
pub(super) fn router(inner: &Shared) -> Router {
    Router::new()
        .route(front::TOKEN_PATH, post(token::token))
        .route("/api/v1/transactions", post(transactions::create))
        .route("/api/v1/transactions/{id}/status", get(transactions::status))
        .route("/_sandbox/echo", any(echo::echo))
        .route("/_sandbox/open", any(echo::open))
        .route("/_sandbox/bytes", get(bodies::bytes))
        .route("/_sandbox/encoded", get(encoded::encoded))
        .route("/_sandbox/bomb", get(encoded::bomb))
        .route("/_sandbox/endless", get(bodies::endless))
        .route("/_sandbox/status/{code}", any(status))
        .route("/_sandbox/redirect", any(redirect))
        .route("/_sandbox/transactions/{id}", get(transactions::record))
        .route("/_sandbox/checkout/{id}", get(transactions::checkout))
        .route("/_sandbox/hook", post(hook))
        .route("/_sandbox/journal", get(control::journal))
        .route("/_sandbox/control/{order}", post(control::control))
        .fallback(async || failure(StatusCode::NOT_FOUND, "the sandbox has no such route"))
        .method_not_allowed_fallback(async || {
            failure(StatusCode::METHOD_NOT_ALLOWED, "the sandbox knows this route by another method")
        })
        // The front has read the body and holds its limit.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(inner), front::front))
        .with_state(Arc::clone(inner))
}

/// `ANY /_sandbox/status/{code}`: that status, in the shape of a failure whatever it is.
async fn status(Path(code): Path<u16>) -> Response {
    failure(final_status(code), "asked for")
}

#[derive(Deserialize)]
struct Target {
    to: String,
    #[serde(default = "temporary")]
    code: u16,
}

fn temporary() -> u16 {
    307
}

/// `ANY /_sandbox/redirect?to=URL&code=307`.
async fn redirect(Query(target): Query<Target>) -> Response {
    front::redirect(final_status(target.code), &target.to)
}

/// `POST /_sandbox/hook`: takes whatever comes; the journal has it.
async fn hook() -> Response {
    own_json(r#"{"received":true}"#)
}
