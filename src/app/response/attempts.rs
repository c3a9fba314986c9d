//! The Attempts tab: what the first token earned, the renewal, and what the second one earned.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use serde_json::Value;

use crate::{
    app::timeline::{Bracket, Flow, Trip},
    domain::{
        exchange::{Answer, Attempt, Exchange, FieldValue, HeaderField},
        figures,
    },
};

/// One line of the tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptLine {
    /// An attempt: its number, its place, its status or why there is none, how long it took, what it carried.
    Head {
        /// From 1.
        number: usize,
        /// Its place among all.
        bracket: Bracket,
        /// The status of its answer.
        status: Option<StatusCode>,
        /// How long it took.
        took: Duration,
        /// What it carried.
        with: String,
    },
    /// A fact about the attempt above.
    Fact {
        /// Whether the bracket goes on beside it.
        inside: bool,
        /// What kind of fact.
        label: &'static str,
        /// The fact.
        text: String,
    },
    /// The token call between two attempts.
    Renewed {
        /// Where to.
        path: String,
        /// How long it took.
        took: Duration,
        /// The token it brought.
        token: Option<String>,
    },
    /// Nothing; the bracket goes on beside it.
    Gap,
    /// Nothing at all.
    Blank,
    /// What differs between the first attempt and the last: what, in the one, in the other.
    Differs([String; 3]),
}

/// The lines of a finished exchange.
pub fn lines(exchange: &Arc<Exchange>, flow: &Flow) -> Vec<AttemptLine> {
    let mut lines = Vec::new();
    let last = exchange.attempts.len().saturating_sub(1);
    for (at, attempt) in exchange.attempts.iter().enumerate() {
        let bracket = match at {
            _ if last == 0 => Bracket::Alone,
            0 => Bracket::Top,
            at if at == last => Bracket::Bottom,
            _ => Bracket::Middle,
        };
        let inside = at < last;
        let answer = answer(attempt);
        lines.push(AttemptLine::Head {
            number: at + 1,
            bracket,
            status: answer.map(|answer| answer.status),
            took: attempt.hops.iter().map(|hop| hop.timings.total).sum(),
            with: attempt.sent_with.to_string(),
        });
        let mut fact = |label, text: String| lines.push(AttemptLine::Fact { inside, label, text });
        if attempt.hops.len() > 1 {
            fact("sent on", format!("{} times", attempt.hops.len() - 1));
        }
        if let Some(failure) = attempt.hops.last().and_then(|hop| hop.failure.as_ref()) {
            fact("failed", failure.text.clone());
        }
        if let Some(answer) = answer.filter(|answer| answer.status == StatusCode::UNAUTHORIZED) {
            if let Some(error) = error(answer) {
                fact("error", error);
            }
            if attempt.sent_with.token().is_some() {
                fact("meaning", format!("the server does not take {}", attempt.sent_with));
            }
        }
        if at > 0 {
            fact("replay", "same body, headers rebuilt".to_owned());
        }
        if inside {
            lines.push(AttemptLine::Gap);
            if let Some(call) = flow.trips.iter().rev().find(|trip| trip.is_token_call) {
                lines.push(renewed(call));
            } else {
                let text = "waited for a renewal that another call had asked for".to_owned();
                lines.push(AttemptLine::Fact { inside, label: "renewed", text });
            }
            lines.push(AttemptLine::Gap);
        }
    }
    if let Some(why) = &exchange.renewal {
        lines.push(AttemptLine::Fact { inside: false, label: "renewal", text: why.text.clone() });
    }
    lines.extend(differences(exchange));
    lines
}

/// What differs between the first attempt and the last one, side by side.
fn differences(exchange: &Exchange) -> Vec<AttemptLine> {
    let [first, .., last] = &exchange.attempts[..] else { return Vec::new() };
    let number = exchange.attempts.len();
    let both = [first, last];
    let status = both.map(|attempt| answer(attempt).map(|answer| answer.status.to_string()));
    let took = both.map(|attempt| Some(figures::took(attempt.hops.iter().map(|hop| hop.timings.total).sum())));
    let size = both.map(|attempt| answer(attempt).map(|answer| figures::size(answer.body.len())));
    let place = both.map(|attempt| attempt.hops.last().map(|hop| hop.request.url.to_string()));
    let with = both.map(|attempt| Some(attempt.sent_with.to_string()));
    let mut rows =
        vec![("status", status), ("sent with", with), ("answered by", place), ("time", took), ("body", size)];
    // Every answer is dated, and the dates always differ.
    let fields = both.map(|attempt| answer(attempt).map_or(&[][..], |answer| &answer.headers[..]));
    let mut names: Vec<_> = fields.iter().flat_map(|fields| fields.iter().map(|field| field.name.as_str())).collect();
    names.retain(|name| *name != "date");
    names.sort_unstable();
    names.dedup();
    rows.extend(names.into_iter().map(|name| (name, fields.map(|fields| joined(fields, name)))));
    let rows = rows.into_iter().filter(|(_, [first, last])| first != last);
    let cell = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    let rows = rows.map(|(what, [first, last])| AttemptLine::Differs([what.to_owned(), cell(first), cell(last)]));
    let head = ["what differs".to_owned(), "attempt 1".to_owned(), format!("attempt {number}")];
    [AttemptLine::Blank, AttemptLine::Differs(head)].into_iter().chain(rows).collect()
}

/// The values of a field, as many as there are.
fn joined(fields: &[HeaderField], name: &str) -> Option<String> {
    let values: Vec<_> = fields
        .iter()
        .filter(|field| field.name == name)
        .map(|field| match &field.value {
            FieldValue::Shown(value) => String::from_utf8_lossy(value.as_bytes()).into_owned(),
            FieldValue::Hidden { pseudonym, .. } => pseudonym.clone(),
        })
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn answer(attempt: &Attempt) -> Option<&Answer> {
    attempt.hops.last()?.answer.as_ref()
}

fn renewed(call: &Trip) -> AttemptLine {
    AttemptLine::Renewed {
        path: call.url.path().to_owned(),
        took: call.took.unwrap_or_default(),
        token: call.issued.map(|serial| serial.to_string()),
    }
}

/// What a small JSON answer says went wrong: its `error`, as the documented 401 has it.
pub(super) fn error(answer: &Answer) -> Option<String> {
    const LARGEST: usize = 16 << 10;
    error_in(&answer.body.bytes(0, LARGEST).ok()?)
}

/// The same of a body that is at hand. A token endpoint describes its error beside the code (RFC 6749 §5.2).
pub(super) fn error_in(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
    text("error_description").or_else(|| text("error"))
}
