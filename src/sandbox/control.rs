//! The levers by HTTP: orders, and the journal's counts. The door has seen to it that no web page pulls them.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    Shared,
    answers::{failure, own_json},
    order::Order,
};

/// `POST /_sandbox/control/<name>`, the order's fields as a JSON object; an empty body is an empty object.
pub(super) async fn control(State(inner): State<Shared>, Path(name): Path<String>, body: Bytes) -> Response {
    let mut fields: Map<String, Value> = match body.as_ref() {
        [] => Map::new(),
        body => match serde_json::from_slice(body) {
            Ok(fields) => fields,
            Err(error) => return failure(StatusCode::BAD_REQUEST, &format!("the body is no JSON object: {error}")),
        },
    };
    fields.insert("order".to_owned(), Value::from(name));
    match serde_json::from_value::<Order>(Value::Object(fields)) {
        Ok(order) => {
            inner.order(order);
            own_json(json!({ "orders": inner.scenario.lines() }).to_string())
        }
        Err(error) => failure(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

/// `GET /_sandbox/journal`.
pub(super) async fn journal(State(inner): State<Shared>) -> Response {
    let told = json!({ "counts": inner.journal.counts(), "orders": inner.scenario.lines() });
    own_json(told.to_string())
}
