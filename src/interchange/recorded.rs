//! Calls that other programs wrote down, with their answers: HAR, what `curl -v` and `curl -i` print, and HTTP as text.
//!
//! The inverse of an import: it takes the answers too, so that a refusal can be explained. Secrets in it are as they were
//! written; who prints something of it masks it.

use jiff::{Timestamp, fmt::rfc2822::DateTimeParser};
use serde_json::Value;

use crate::domain::record::{Record, Trip};

/// The address of an answer whose request was not written down.
pub const UNKNOWN: &str = "http://unknown.invalid/";

static DATES: DateTimeParser = DateTimeParser::new();

/// The calls in a text, in order; none where it is none of these.
pub fn records(text: &str) -> Vec<Record> {
    match serde_json::from_str::<Value>(text) {
        Ok(json) => archived(&json),
        Err(_) => written(text).into_iter().collect(),
    }
}

/// The entries of a HAR 1.2 archive, or one of them alone.
fn archived(json: &Value) -> Vec<Record> {
    let entries = json.pointer("/log/entries").and_then(Value::as_array);
    let entries = entries.map_or_else(|| vec![json], |entries| entries.iter().collect());
    entries.into_iter().filter_map(entry).collect()
}

fn entry(entry: &Value) -> Option<Record> {
    let (request, response) = (entry.get("request")?, entry.get("response")?);
    let text = |name: &str| request.get(name).and_then(Value::as_str).map(str::to_owned);
    let (method, url) = (text("method")?, text("url")?);
    let status = response.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let started = entry.get("startedDateTime").and_then(Value::as_str).and_then(|at| at.parse::<Timestamp>().ok());
    let trip = Trip {
        attempt: 1,
        method: method.clone(),
        url: url.clone(),
        sent: fields(request),
        received: fields(response),
        // A browser writes 0 where no answer came.
        status: status.filter(|status| *status > 0),
        at: started.unwrap_or_default().as_millisecond(),
        ..Trip::default()
    };
    let started = trip.at;
    Some(Record { method, url, started, trips: vec![noted(trip, started != 0)], whole: true, ..Record::default() })
}

fn fields(of: &Value) -> Vec<(String, String)> {
    let rows = of.get("headers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    rows.iter().filter_map(|row| Some((text(row, "name")?, text(row, "value").unwrap_or_default()))).collect()
}

/// Heads of HTTP as text, each line marked by `>` and `<` as curl does, or bare.
fn written(text: &str) -> Option<Record> {
    let mut trips: Vec<Trip> = Vec::new();
    // The fields that the next lines belong to, and the mark that they have.
    let mut head: Option<(bool, Option<char>)> = None;
    let encrypted = text.lines().any(|line| line.starts_with("* ") && (line.contains("SSL") || line.contains("TLS")));
    for line in text.lines() {
        let mark = line.chars().next().filter(|mark| matches!(mark, '>' | '<'));
        let bare = mark.map_or(line, |mark| line.trim_start_matches(mark)).trim();
        if let Some((method, target)) = request_line(bare) {
            let (method, url) = (method.to_owned(), target.to_owned());
            trips.push(Trip { attempt: 1, method, url, ..Trip::default() });
            head = Some((true, mark));
        } else if let Some(status) = status_line(bare) {
            if trips.last().is_none_or(|trip| trip.status.is_some()) {
                trips.push(Trip { attempt: 1, method: "GET".to_owned(), url: UNKNOWN.to_owned(), ..Trip::default() });
            }
            head = None;
            if let Some(trip) = trips.last_mut().filter(|_| status >= 200) {
                trip.status = Some(status);
                head = Some((false, mark));
            }
        } else if bare.is_empty() {
            head = head.filter(|(_, marked)| *marked != mark);
        } else if let (Some((is_request, _)), Some((name, value))) =
            (head.filter(|(_, marked)| *marked == mark), bare.split_once(':'))
            && let Some(trip) = trips.last_mut()
        {
            let fields = if is_request { &mut trip.sent } else { &mut trip.received };
            fields.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    for trip in &mut trips {
        if !trip.url.contains("://") {
            let host = value(&trip.sent, "host").unwrap_or("unknown.invalid").to_owned();
            let scheme = if encrypted || host.ends_with(":443") { "https" } else { "http" };
            trip.url = format!("{scheme}://{host}{}", trip.url);
        }
    }
    let first = trips.first()?;
    let (method, url) = (first.method.clone(), first.url.clone());
    let trips: Vec<_> = trips.into_iter().map(|trip| noted(trip, false)).collect();
    let started = trips.first().map_or(0, |trip| trip.at);
    Some(Record { method, url, started, trips, whole: true, ..Record::default() })
}

/// Its time, where it is not known: that of the server; and what its authorization was.
fn noted(mut trip: Trip, dated: bool) -> Trip {
    if !dated && let Some(date) = value(&trip.received, "date").and_then(|date| DATES.parse_timestamp(date).ok()) {
        trip.at = date.as_millisecond();
    }
    let is_known = trip.url != UNKNOWN && !trip.sent.is_empty();
    if is_known && value(&trip.sent, "authorization").is_none() {
        "no token".clone_into(&mut trip.with);
    }
    trip
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// `GET /path HTTP/1.1`: the method and the target.
fn request_line(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_one = is_method && (target.starts_with('/') || target.contains("://")) && version.starts_with("HTTP/");
    is_one.then_some((method, target))
}

/// `HTTP/1.1 401 Unauthorized`: the status.
fn status_line(line: &str) -> Option<u16> {
    let (version, rest) = line.split_once(' ')?;
    let status = rest.trim_start().get(..3)?.parse().ok()?;
    (version.starts_with("HTTP/") && (100..=999).contains(&status)).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURL: &str = "*   Trying 127.0.0.1:443...\n* SSL connection using TLSv1.3\n> GET /a?b=1 HTTP/1.1\r\n> Host: api.example\r\n\
        > Authorization: Bearer abc\r\n> \r\n< HTTP/1.1 100 Continue\r\n< \r\n< HTTP/1.1 401 Unauthorized\r\n\
        < Date: Mon, 23 Nov 2026 14:00:00 GMT\r\n< WWW-Authenticate: Bearer\r\n< \r\n{\"error\":\"x: y\"}\n";

    #[test]
    fn what_curl_prints_is_read_with_its_answer() {
        let [record] = records(CURL).try_into().unwrap();
        let trip = &record.trips[0];
        assert_eq!((record.url.as_str(), trip.status), ("https://api.example/a?b=1", Some(401)));
        assert_eq!((trip.sent.len(), trip.received.len()), (2, 2));
        assert_eq!(trip.at, 1_795_442_400_000);
    }

    #[test]
    fn an_answer_alone_is_one_of_an_unknown_request() {
        let [record] = records("HTTP/2 403\nserver: x\n\nbody: no\n").try_into().unwrap();
        assert_eq!((record.url.as_str(), record.status()), (UNKNOWN, Some(403)));
        assert_eq!(record.trips[0].received, [("server".to_owned(), "x".to_owned())]);
    }

    #[test]
    fn requests_and_answers_in_plain_text_stand_one_after_the_other() {
        let text = "POST /pay HTTP/1.1\nHost: api.example\n\n{}\n\nHTTP/1.1 401 Unauthorized\nServer: x\n\n";
        let [record] = records(text).try_into().unwrap();
        assert_eq!((record.method.as_str(), record.status()), ("POST", Some(401)));
        assert_eq!(record.trips[0].with, "no token");
    }

    #[test]
    fn anything_else_gives_nothing() {
        for text in ["", "hello", "{}", "[1]", r#"{"log":{"entries":[{"request":{}}]}}"#] {
            assert!(records(text).is_empty(), "{text}");
        }
    }
}
