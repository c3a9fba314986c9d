//! A transcript of a call in Markdown: what was sent and what came, attempt by attempt.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::domain::record::{Record, Trip};

/// The transcript.
pub fn markdown(record: &Record) -> String {
    let title = if record.name.is_empty() { format!("{} {}", record.method, record.url) } else { record.name.clone() };
    let mut text = format!("# {}\n\n", one_line(&title));
    let mut facts = Vec::new();
    if record.started > 0 {
        facts.push(Timestamp::from_millisecond(record.started).unwrap_or_default().to_string());
    }
    if !record.profile.is_empty() {
        facts.push(format!("profile `{}`", record.profile));
    }
    if !record.policy.is_empty() {
        facts.push(format!("policy `{}`", record.policy));
    }
    facts.extend(record.status().map(|status| format!("answered {status}")));
    if record.took > 0 {
        facts.push(format!("{} ms", record.took));
    }
    facts.extend(record.trouble.clone());
    if !facts.is_empty() {
        let _ = writeln!(text, "{}\n", facts.join(" · "));
    }
    for (at, trip) in record.trips.iter().enumerate() {
        if record.trips.len() > 1 || !trip.with.is_empty() {
            let _ = writeln!(text, "## Attempt {}: {}\n", trip.attempt, one_line(&trip.with));
        }
        fenced(&mut text, "http", &request(trip, &record.request_body));
        if let Some(status) = trip.status {
            let is_last = at + 1 == record.trips.len();
            fenced(&mut text, "http", &answer(trip, status));
            let body = record.text().filter(|body| is_last && !body.is_empty());
            if let Some(body) = body {
                let json = serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok();
                fenced(&mut text, if json { "json" } else { "" }, body);
            } else if is_last && record.size > 0 {
                let _ = writeln!(text, "The body has {} bytes that are no text.\n", record.size);
            }
            if is_last && !record.whole {
                let _ = writeln!(text, "Of its body, which had {} bytes, not all is here.\n", record.size);
            }
        }
        if let Some(trouble) = &trip.trouble {
            let _ = writeln!(text, "{}\n", one_line(trouble));
        }
    }
    text.trim_end().to_owned() + "\n"
}

fn request(trip: &Trip, body: &str) -> String {
    let mut text = format!("{} {}\n", trip.method, trip.url);
    lines(&mut text, &trip.sent);
    if !body.is_empty() {
        let _ = write!(text, "\n{body}");
    }
    text
}

fn answer(trip: &Trip, status: u16) -> String {
    let mut text = format!("{} {status}\n", trip.version);
    lines(&mut text, &trip.received);
    text
}

fn lines(text: &mut String, fields: &[(String, String)]) {
    for (name, value) in fields {
        let _ = writeln!(text, "{name}: {value}");
    }
}

/// Between fences that the text cannot close.
fn fenced(text: &mut String, kind: &str, inside: &str) {
    let longest = inside.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(text, "{fence}{kind}\n{}\n{fence}\n", inside.trim_end_matches('\n'));
}

fn one_line(text: &str) -> String {
    crate::interchange::title(text).replace(['<', '`', '['], "")
}
