//! HAR 1.2: an entry for each request that was made.

use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use crate::domain::record::{Record, Trip};

/// The archive of these calls.
pub fn har(records: &[Record]) -> String {
    let entries: Vec<Value> =
        records.iter().flat_map(|record| record.trips.iter().map(|trip| entry(record, trip))).collect();
    let creator = json!({ "name": "authscope", "version": env!("CARGO_PKG_VERSION") });
    let archive = json!({ "log": { "version": "1.2", "creator": creator, "entries": entries } });
    serde_json::to_string_pretty(&archive).unwrap_or_default() + "\n"
}

fn entry(record: &Record, trip: &Trip) -> Value {
    let is_last = record.trips.last().is_some_and(|last| std::ptr::eq(last, trip));
    let time =
        |name: &str| trip.timings.iter().find(|(own, _)| own == name).map(|(_, micros)| to_milliseconds(*micros));
    let phase = |name: &str| time(name).unwrap_or(-1.0);
    let at = Timestamp::from_millisecond(trip.at).unwrap_or_default();
    let version = if trip.version.is_empty() { "HTTP/1.1" } else { &trip.version };
    let query: Vec<Value> = Url::parse(&trip.url)
        .map(|url| url.query_pairs().map(|(name, value)| json!({ "name": name, "value": value })).collect())
        .unwrap_or_default();
    let kind = |fields: &[(String, String)]| {
        let found = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut request = json!({
        "method": trip.method, "url": trip.url, "httpVersion": version, "cookies": [], "headers": fields(&trip.sent),
        "queryString": query, "headersSize": -1, "bodySize": record.request_body.len(),
    });
    if !record.request_body.is_empty()
        && let Some(request) = request.as_object_mut()
    {
        request.insert("postData".to_owned(), json!({ "mimeType": kind(&trip.sent), "text": record.request_body }));
    }
    let text = if is_last { record.text().unwrap_or_default() } else { "" };
    let status = trip.status.unwrap_or(0);
    let reason =
        http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let location = trip.received.iter().find(|(name, _)| name == "location").map(|(_, value)| value.as_str());
    json!({
        "startedDateTime": at.to_string(),
        "time": time("total").unwrap_or(0.0),
        "request": request,
        "response": {
            "status": status, "statusText": reason, "httpVersion": version, "cookies": [],
            "headers": fields(&trip.received),
            "content": { "size": if is_last { record.size } else { 0 }, "mimeType": kind(&trip.received), "text": text },
            "redirectURL": location.unwrap_or_default(), "headersSize": -1, "bodySize": -1,
        },
        "cache": {},
        "timings": {
            "dns": phase("dns"), "connect": phase("connect"), "ssl": phase("tls"),
            "send": 0, "wait": time("wait").unwrap_or(0.0), "receive": time("download").unwrap_or(0.0),
        },
        "comment": trip.trouble.clone().or_else(|| record.trouble.clone()).unwrap_or_default(),
    })
}

#[expect(clippy::cast_precision_loss, reason = "a time of less than 285 years is exact")]
fn to_milliseconds(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

fn fields(fields: &[(String, String)]) -> Vec<Value> {
    fields.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}
