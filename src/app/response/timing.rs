//! The Timing tab: every trip of an exchange with its phases, the token calls too, on one scale.

use std::time::Duration;

use http::{Method, StatusCode};

use crate::{
    app::{timeline::Flow, wrap::words},
    domain::{
        exchange::{Exchange, Timings},
        figures,
    },
};

/// One line of the tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimingLine {
    /// The scale, in so many steps of that length.
    Scale(u32, Duration),
    /// The line between the scale and the bars, and below them.
    Rule,
    /// A trip.
    Call(Call),
    /// A phase of the trip above.
    Phase(Phase),
    /// The whole.
    InAll(Duration),
    /// What it means.
    Words(String),
    /// Nothing.
    Blank,
}

/// A trip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which attempt it belongs to, from 1; none for a token call.
    pub attempt: Option<usize>,
    /// Its method.
    pub method: Method,
    /// Where to, at its origin.
    pub path: String,
    /// The status of its answer.
    pub status: Option<StatusCode>,
    /// The token that it carried or brought.
    pub token: String,
    /// From the beginning of the exchange to the beginning of this.
    pub from: Duration,
    /// How long it took.
    pub took: Duration,
}

/// A phase of a trip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Its name.
    pub name: &'static str,
    /// From the beginning of the exchange to the beginning of this.
    pub from: Duration,
    /// How long it took; none where an open connection was used.
    pub took: Option<Duration>,
}

/// The name of the phase in which the server is waited for.
pub const WAIT: &str = "wait";

/// The lines of an exchange, in so many columns.
pub fn lines(exchange: &Exchange, flow: &Flow, columns: usize) -> Vec<TimingLine> {
    let mut calls = calls(exchange, flow);
    if calls.is_empty() {
        return Vec::new();
    }
    calls.sort_by_key(|(call, _)| call.from);
    let says = meaning(exchange, &calls);
    let (steps, step) = scale(exchange.took);
    let mut lines = vec![TimingLine::Scale(steps, step), TimingLine::Rule];
    for (call, phases) in calls {
        lines.push(TimingLine::Call(call));
        lines.extend(phases.into_iter().map(TimingLine::Phase));
        lines.push(TimingLine::Blank);
    }
    lines.pop();
    lines.extend([TimingLine::Rule, TimingLine::InAll(exchange.took), TimingLine::Blank]);
    lines.extend(words(&says, columns).into_iter().map(TimingLine::Words));
    lines
}

fn calls(exchange: &Exchange, flow: &Flow) -> Vec<(Call, Vec<Phase>)> {
    let since = |at: jiff::Timestamp| {
        Duration::try_from(at.duration_since(exchange.started)).unwrap_or_default().min(exchange.took)
    };
    let attempts = exchange.attempts.iter().enumerate();
    let hops = attempts.flat_map(|(at, attempt)| attempt.hops.iter().map(move |hop| (at, attempt, hop)));
    let hops = hops.map(|(at, attempt, hop)| {
        let call = Call {
            attempt: Some(at + 1),
            method: hop.request.method.clone(),
            path: hop.request.url.path().to_owned(),
            status: hop.answer.as_ref().map(|answer| answer.status),
            token: attempt.sent_with.to_string(),
            from: since(hop.sent),
            took: hop.timings.total,
        };
        let phases = phases(call.from, &hop.timings);
        (call, phases)
    });
    let token_calls = flow.trips.iter().filter(|trip| trip.is_token_call).map(|trip| {
        let call = Call {
            attempt: None,
            method: trip.method.clone(),
            path: trip.url.path().to_owned(),
            status: trip.status,
            token: trip.issued.map(|serial| serial.to_string()).unwrap_or_default(),
            from: since(trip.at),
            took: trip.took.unwrap_or_default(),
        };
        (call, Vec::new())
    });
    hops.chain(token_calls).collect()
}

fn phases(from: Duration, timings: &Timings) -> Vec<Phase> {
    let mut at = from;
    let known = [
        ("DNS", timings.dns),
        ("connect", timings.connect),
        ("TLS", timings.tls),
        (WAIT, timings.wait),
        ("download", timings.download),
    ];
    let reused = timings.reused.then_some(Phase { name: "connection", from, took: None });
    let known = known.into_iter().filter_map(|(name, took)| Some((name, took?)));
    let known = known.map(|(name, took)| {
        let from = at;
        at += took;
        Phase { name, from, took: Some(took) }
    });
    reused.into_iter().chain(known).collect()
}

/// A scale that ends at or behind a time: how many steps, and how long each is; 1, 1.5, 2, 3 or 5 of some power of ten.
fn scale(whole: Duration) -> (u32, Duration) {
    const MOST: u32 = 6;
    let mut power = Duration::from_micros(10);
    loop {
        for tenths in [10, 15, 20, 30, 50] {
            let step = power * tenths / 10;
            if step * MOST >= whole {
                let steps = whole.as_nanos().div_ceil(step.as_nanos()).max(1);
                return (u32::try_from(steps).unwrap_or(MOST), step);
            }
        }
        power *= 10;
    }
}

/// Where the time went, in a sentence or two.
fn meaning(exchange: &Exchange, calls: &[(Call, Vec<Phase>)]) -> String {
    let whole = figures::took(exchange.took);
    let sum =
        |token: bool| calls.iter().filter(|(call, _)| call.attempt.is_none() == token).map(|(call, _)| call.took).sum();
    let (of_tokens, of_attempts): (Duration, Duration) = (sum(true), sum(false));
    let renewed = !of_tokens.is_zero();
    let last = exchange.attempts.last().map(|attempt| attempt.hops.iter().map(|hop| hop.timings.total).sum());
    let last: Duration = last.unwrap_or_default();
    if exchange.attempts.len() > 1 {
        let what =
            if renewed { "The refused call and the renewal" } else { "The refused call and the wait for a token" };
        let before = figures::took(exchange.took.saturating_sub(last));
        let own = exchange.took.saturating_sub(of_tokens + of_attempts);
        let own = if renewed && own >= Duration::from_millis(1) {
            format!(" authscope itself took {}.", figures::took(own))
        } else {
            String::new()
        };
        return format!("{what} cost {before} of {whole}.{own}");
    }
    if renewed {
        return format!("Fetching a token first cost {} of {whole}.", figures::took(of_tokens));
    }
    let phases = calls.iter().flat_map(|(_, phases)| phases).filter(|phase| phase.name == WAIT);
    let waited: Duration = phases.filter_map(|phase| phase.took).sum();
    match exchange.status() {
        Some(_) => format!("The server was waited for {} of {whole}.", figures::took(waited)),
        None => format!("No answer came within {whole}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_steps_and_ends_behind_the_last_bar() {
        let steps = [87, 38, 1, 1240, 5040].map(|whole| scale(Duration::from_millis(whole)));
        let ms = Duration::from_millis;
        let wanted = [(6, ms(15)), (4, ms(10)), (5, Duration::from_micros(200)), (5, ms(300)), (6, ms(1000))];
        assert_eq!(steps, wanted);
        assert_eq!(scale(Duration::ZERO).0, 1);
    }
}
