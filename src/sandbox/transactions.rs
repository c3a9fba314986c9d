//! The transactions: created in camelCase, told in PascalCase, as documented (CREATE, OVERVIEW and STATUS pages).
//!
//! It checks the documented required fields and keeps amounts in the digits they came with. Status codes, made-up
//! values and every failure are the sandbox's own and marked. `txn_demo0001` is there from the start.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde::de::IgnoredAny;
use serde_json::{Deserializer, Map, Value};

use super::{
    Shared,
    answers::{failure, hex, json, marked, object, own_json, text},
    front::timestamp,
    guard::Bearer,
};

const REQUIRED_TEXTS: [&str; 6] =
    ["transactionAction", "currency", "reference", "statementDescriptor", "successUrl", "callbackUrl"];

struct Transaction {
    id: String,
    status: &'static str,
    message: &'static str,
    provider_id: String,
    created: Duration,
    /// The request's body as it came: checked, a JSON object.
    request: String,
}

/// What is known about transactions.
pub(super) struct Ledger {
    base_url: String,
    transactions: Mutex<HashMap<String, Transaction>>,
}

impl Ledger {
    /// A ledger with the one transaction that is always there.
    pub(super) fn seeded(base_url: String) -> Self {
        let request = format!(
            r#"{{"transactionAction":"PAYMENT","amount":25.00,"currency":"USD","reference":"ORDER-1","statementDescriptor":"My Store","successUrl":"https://shop.example/ok","callbackUrl":"{base_url}/_sandbox/hook","userDefinedField1":"Custom Value 1"}}"#
        );
        let transaction = Transaction {
            id: "txn_demo0001".to_owned(),
            status: "Captured",
            message: "Payment completed successfully",
            provider_id: "ps_00000000-0000-4000-8000-000000000001".to_owned(),
            created: Duration::from_secs(1_767_225_600),
            request,
        };
        Self { base_url, transactions: Mutex::new(HashMap::from([(transaction.id.clone(), transaction)])) }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Transaction>> {
        self.transactions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn found(&self, id: &str, shown: impl FnOnce(&Transaction) -> Response) -> Response {
        self.all().get(id).map_or_else(|| failure(StatusCode::NOT_FOUND, "no such transaction"), shown)
    }
}

/// `POST /api/v1/transactions`.
pub(super) async fn create(_: Bearer, State(inner): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return failure(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
    }
    let request = match checked(&body) {
        Ok(request) => request,
        Err(error) => return failure(StatusCode::BAD_REQUEST, &error),
    };
    let dice = inner.issuer.dice();
    let transaction = Transaction {
        id: transaction_id(&dice.bytes()),
        status: "Pending",
        message: "Transaction created",
        provider_id: provider_id(&dice.bytes()),
        created: inner.time(),
        request,
    };
    let answer = transaction.created(&inner.transactions.base_url);
    inner.transactions.all().insert(transaction.id.clone(), transaction);
    marked(json(StatusCode::CREATED, answer), "the status code, the values of fields the request did not give")
}

/// `GET /api/v1/transactions/{txNo}/status`.
pub(super) async fn status(_: Bearer, State(inner): State<Shared>, Path(id): Path<String>) -> Response {
    inner.transactions.found(&id, |transaction| {
        marked(json(StatusCode::OK, transaction.told()), "the status code, the values of provider fields")
    })
}

/// `GET /_sandbox/transactions/{id}`: what is known, and the request that made it.
pub(super) async fn record(_: Bearer, State(inner): State<Shared>, Path(id): Path<String>) -> Response {
    inner.transactions.found(&id, |transaction| {
        own_json(object(&[("transaction", transaction.told()), ("request", transaction.request.clone())]))
    })
}

/// `GET /_sandbox/checkout/{id}`: what a customer's browser would open; it needs no token.
pub(super) async fn checkout(State(inner): State<Shared>, Path(id): Path<String>) -> Response {
    inner.transactions.found(&id, |transaction| {
        own_json(object(&[
            ("transactionId", text(&transaction.id)),
            ("status", text(transaction.status)),
            ("message", text("A customer would pay here; nothing is paid in the sandbox")),
        ]))
    })
}

impl Transaction {
    /// A member of the request as it came.
    fn given(&self, name: &str) -> Option<&str> {
        raw_member(&self.request, name)
    }

    /// The answer to its creation (OVERVIEW page, step 1).
    fn created(&self, base_url: &str) -> String {
        let given = |name| self.given(name).unwrap_or("null").to_owned();
        object(&[
            ("transactionId", text(&self.id)),
            ("reference", given("reference")),
            ("currency", given("currency")),
            ("amount", given("amount")),
            ("status", text(self.status)),
            ("message", text(self.message)),
            ("checkoutUrl", text(&format!("{base_url}/_sandbox/checkout/{}", self.id))),
            ("supportsIframe", "true".to_owned()),
        ])
    }

    /// What a question for its status is told (STATUS page; the addresses stand in its table).
    fn told(&self) -> String {
        let given = |name| self.given(name).unwrap_or("null").to_owned();
        // The other two addresses fall back to this one (CREATE page).
        let address = |name| self.given(name).map_or_else(|| given("successUrl"), str::to_owned);
        object(&[
            ("TransactionId", text(&self.id)),
            ("Status", text(self.status)),
            ("Amount", given("amount")),
            ("Currency", given("currency")),
            ("Reference", given("reference")),
            ("DeclineReason", "null".to_owned()),
            ("CreatedAt", text(&format!("{:.7}", timestamp(self.created)))),
            ("ProviderTransactionId", text(&self.provider_id)),
            ("ProviderStatus", text(self.status)),
            ("ProviderMessage", text(self.message)),
            ("SuccessUrl", given("successUrl")),
            ("PendingUrl", address("pendingUrl")),
            ("FailureUrl", address("failureUrl")),
            ("UserDefinedField1", given("userDefinedField1")),
            ("UserDefinedField2", given("userDefinedField2")),
            ("UserDefinedField3", given("userDefinedField3")),
        ])
    }
}

/// The body of a request to create, once it has all the documented required fields; else what is wrong.
fn checked(body: &[u8]) -> Result<String, String> {
    let request = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    let members: Map<String, Value> =
        serde_json::from_str(request).map_err(|_| "the body is not a JSON object".to_owned())?;
    let mut wrong: Vec<&str> = REQUIRED_TEXTS
        .into_iter()
        .filter(|name| members.get(*name).and_then(Value::as_str).is_none_or(str::is_empty))
        .collect();
    if members.get("amount").and_then(Value::as_f64).is_none_or(|amount| amount <= 0.0) {
        wrong.push("amount");
    }
    match wrong.as_slice() {
        [] => Ok(request.to_owned()),
        names => Err(format!("missing or of the wrong kind: {}", names.join(", "))),
    }
}

/// The text of a member's value in a JSON object, as it stands there; the last one of the name counts.
fn raw_member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = object.trim_start().strip_prefix('{')?;
    let mut found = None;
    loop {
        let mut names = Deserializer::from_str(rest).into_iter::<String>();
        let Some(Ok(own)) = names.next() else { return found };
        rest = rest[names.byte_offset()..].trim_start().strip_prefix(':')?.trim_start();
        let mut values = Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        values.next()?.ok()?;
        let (value, behind) = rest.split_at(values.byte_offset());
        if own == name {
            found = Some(value);
        }
        let Some(next) = behind.trim_start().strip_prefix(',') else { return found };
        rest = next;
    }
}

/// `txn_` and eight characters of base 36.
fn transaction_id(random: &[u8]) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let digit = |byte: &u8| char::from(DIGITS[usize::from(*byte) % DIGITS.len()]);
    random.iter().take(8).map(digit).fold("txn_".to_owned(), |id, digit| id + digit.encode_utf8(&mut [0; 4]))
}

/// `ps_` and a UUID of version 4 (RFC 9562 §5.4).
fn provider_id(random: &[u8]) -> String {
    let mut uuid = hex(random.get(..16).unwrap_or_default());
    uuid.replace_range(12..13, "4");
    uuid.replace_range(16..17, "8");
    let part = |from: usize, to: usize| uuid.get(from..to).unwrap_or_default();
    format!("ps_{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_keeps_the_text_it_came_with() {
        let object = r#" { "a" : 25.00 ,"b":[1,{"amount":3}],"amount":1e2, "x\"y":"q,}" ,"amount": 10.10}"#;
        assert_eq!(raw_member(object, "a"), Some("25.00"));
        assert_eq!(raw_member(object, "amount"), Some("10.10"));
        assert_eq!(raw_member(object, "b"), Some(r#"[1,{"amount":3}]"#));
        assert_eq!(raw_member(object, "x\"y"), Some(r#""q,}""#));
        assert_eq!(raw_member(object, "c"), None);
        assert_eq!(raw_member("{}", "a"), None);
    }

    #[test]
    fn ids_have_the_shape_the_documentation_shows() {
        assert_eq!(transaction_id(&[0, 1, 10, 35, 36, 71, 255, 9, 7]), "txn_01az0z39");
        assert_eq!(provider_id(&[0xff; 32]), "ps_ffffffff-ffff-4fff-8fff-ffffffffffff");
    }
}
