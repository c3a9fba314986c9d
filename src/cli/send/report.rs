//! A call as one JSON object. Its body is last and is written piece by piece, whatever its size.

use std::{
    io::{self, Write},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use crate::{
    body::{Body, Completion},
    cli::{exit::Exit, printer},
    domain::{
        exchange::{Answer, Attempt, Exchange, FieldValue, Outcome, Timings},
        redact::Redactor,
    },
};

/// Bytes read at once; a multiple of three, so that base64 has no padding inside.
const CHUNK: usize = 48 << 10;

/// Prints the object of a call on one line.
pub(super) fn print(exchange: &Exchange, masks: &Redactor) -> io::Result<()> {
    let mut out = printer::output(masks);
    write(&mut out, exchange, masks)?;
    out.flush()
}

fn write(out: &mut dyn Write, exchange: &Exchange, masks: &Redactor) -> io::Result<()> {
    // The body is what was asked for, and goes to a pipe as it came; nothing else shows a secret.
    let head = masks.masked(&Value::Object(head(exchange)).to_string());
    let answer = exchange.answer();
    let Some(Answer { body, .. }) = answer else { return writeln!(out, "{head}") };
    // The object is opened again, for the body.
    out.write_all(head.strip_suffix('}').unwrap_or(&head).as_bytes())?;
    if as_text(body, |_| Ok(()))? {
        out.write_all(br#","body":{"text":""#)?;
        as_text(body, |text| {
            let quoted = Value::from(text).to_string();
            out.write_all(quoted.get(1..quoted.len() - 1).unwrap_or_default().as_bytes())
        })?;
    } else {
        out.write_all(br#","body":{"base64":""#)?;
        let mut offset = 0;
        loop {
            let bytes = body.bytes(offset, CHUNK)?;
            if bytes.is_empty() {
                break;
            }
            offset += bytes.len() as u64;
            out.write_all(BASE64_STANDARD.encode(bytes).as_bytes())?;
        }
    }
    out.write_all(b"\"}}\n")
}

/// Gives a body as text, in pieces that end between characters; false when it is none.
fn as_text(body: &Body, mut piece: impl FnMut(&str) -> io::Result<()>) -> io::Result<bool> {
    let mut offset = 0;
    loop {
        let bytes = body.bytes(offset, CHUNK)?;
        let text = match std::str::from_utf8(&bytes) {
            Ok("") => return Ok(true),
            Ok(text) => text,
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
                std::str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
            }
            Err(_) => return Ok(false),
        };
        piece(text)?;
        offset += text.len() as u64;
    }
}

fn head(exchange: &Exchange) -> Map<String, Value> {
    let answer = exchange.answer();
    let outcome = match &exchange.outcome {
        Outcome::Answered => "answered",
        Outcome::Failed(_) => "failed",
        Outcome::NoToken(_) => "no-token",
        Outcome::Refused(_) => "refused",
        Outcome::Cancelled => "cancelled",
    };
    let causes = exchange.diagnosis.iter().flat_map(|diagnosis| &diagnosis.causes);
    let members = [
        ("method", exchange.method.as_str().into()),
        ("url", exchange.url.as_str().into()),
        ("status", exchange.status().map(|status| status.as_u16()).into()),
        ("outcome", outcome.into()),
        ("exit", Exit::of(exchange).code().into()),
        ("policy", exchange.policy.name().into()),
        ("ms", milliseconds(exchange.took)),
        ("attempts", exchange.attempts.iter().map(attempt).collect()),
        ("causes", causes.map(|cause| json!({ "what": cause.what, "seen": cause.seen })).collect()),
        ("headers", answer.map(headers).into()),
        ("size", size(exchange)),
        ("complete", answer.is_some_and(|answer| answer.body.completion() == Completion::Complete).into()),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Bytes of both bodies; `wire` are those that came, `received` what they are decoded.
fn size(exchange: &Exchange) -> Value {
    let body = exchange.answer().map(|answer| &answer.body);
    let sent = exchange.attempts.last().and_then(|attempt| attempt.hops.first()).map(|hop| hop.request.size);
    json!({ "sent": sent, "received": body.map(Body::len), "wire": body.map(Body::wire) })
}

/// Names to lists of values, since a field may come more than once.
fn headers(answer: &Answer) -> Map<String, Value> {
    let mut headers = Map::new();
    for field in &answer.headers {
        let value = match &field.value {
            FieldValue::Shown(value) => String::from_utf8_lossy(value.as_bytes()).into_owned(),
            FieldValue::Hidden { pseudonym, .. } => pseudonym.clone(),
        };
        if let Value::Array(values) = headers.entry(field.name.as_str()).or_insert_with(|| json!([])) {
            values.push(value.into());
        }
    }
    headers
}

fn attempt(attempt: &Attempt) -> Value {
    let token = attempt.sent_with.token();
    let hops = attempt.hops.iter().map(|hop| {
        json!({
            "method": hop.request.method.as_str(),
            "url": hop.request.url.as_str(),
            "status": hop.answer.as_ref().map(|answer| answer.status.as_u16()),
            "via": hop.via,
            "reconnected": hop.reconnected,
            "ms": timings(&hop.timings),
        })
    });
    json!({
        "status": attempt.hops.last().and_then(|hop| hop.answer.as_ref()).map(|answer| answer.status.as_u16()),
        "with": attempt.sent_with.to_string(),
        "token": token.map(|token| token.serial.to_string()),
        "generation": token.map(|token| token.generation.0),
        "hops": hops.collect::<Vec<_>>(),
    })
}

fn timings(timings: &Timings) -> Value {
    json!({
        "dns": timings.dns.map(milliseconds),
        "connect": timings.connect.map(milliseconds),
        "tls": timings.tls.map(milliseconds),
        "reused_connection": timings.reused,
        "wait": timings.wait.map(milliseconds),
        "download": timings.download.map(milliseconds),
        "total": milliseconds(timings.total),
    })
}

/// A time in milliseconds, to a thousandth.
pub(super) fn milliseconds(time: Duration) -> Value {
    ((time.as_secs_f64() * 1e6).round() / 1e3).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(body: impl Into<Vec<u8>>) -> (bool, String) {
        let mut text = String::new();
        let is_text = as_text(&Body::of(body), |piece| {
            text.push_str(piece);
            Ok(())
        });
        (is_text.unwrap(), text)
    }

    #[test]
    fn a_character_on_the_edge_of_a_piece_stays_whole() {
        let long = "€".repeat(CHUNK);
        assert_eq!(pieces(long.clone()), (true, long));
        assert_eq!(pieces(""), (true, String::new()));
    }

    #[test]
    fn a_broken_or_cut_character_makes_a_body_no_text() {
        assert!(!pieces([b'a', 0xff]).0);
        assert!(!pieces([b'a', 0xe2, 0x82]).0);
    }
}
