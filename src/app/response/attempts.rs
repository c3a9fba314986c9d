//! The Attempts tab: what the first token earned, the renewal, and what the second one earned.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use serde_json::Value;

use crate::{
    app::timeline::{Bracket, Flow, Trip},
    domain::exchange::{Answer, Attempt, Exchange},
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
    lines
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
fn error(answer: &Answer) -> Option<String> {
    const LARGEST: usize = 16 << 10;
    let bytes = answer.body.bytes(0, LARGEST).ok()?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    value.get("error")?.as_str().map(str::to_owned)
}
