//! The Timing tab: every hop of every attempt with its phases, on one scale.

use std::time::Duration;

use http::StatusCode;

use crate::domain::exchange::Exchange;

/// One line of the tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimingLine {
    /// The call, or the phase.
    pub label: String,
    /// Whether it is a phase of the call above.
    pub is_phase: bool,
    /// The status of the call.
    pub status: Option<StatusCode>,
    /// From the beginning of the exchange to the beginning of this.
    pub from: Duration,
    /// How long it took.
    pub took: Duration,
}

/// The lines of an exchange, and what the scale ends with.
pub fn lines(exchange: &Exchange) -> (Vec<TimingLine>, Duration) {
    let mut lines = Vec::new();
    for (number, attempt) in exchange.attempts.iter().enumerate() {
        for hop in &attempt.hops {
            let since = hop.sent.duration_since(exchange.started);
            let from = Duration::try_from(since).unwrap_or_default().min(exchange.took);
            let timings = &hop.timings;
            let status = hop.answer.as_ref().map(|answer| answer.status);
            let path = hop.request.url.path();
            let label = format!("{} {} {path}", number + 1, hop.request.method);
            lines.push(TimingLine { label, is_phase: false, status, from, took: timings.total });
            let phases = [
                ("DNS", timings.dns),
                ("connect", timings.connect),
                ("TLS", timings.tls),
                (if timings.reused { "wait, reused" } else { "wait" }, timings.wait),
                ("download", timings.download),
            ];
            let mut at = from;
            for (label, took) in phases {
                let Some(took) = took else { continue };
                lines.push(TimingLine { label: label.to_owned(), is_phase: true, status: None, from: at, took });
                at += took;
            }
        }
    }
    (lines, exchange.took)
}
