//! Many calls alike: made so many at once, told as one summary.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::{Arguments, call, report, session};
use crate::{
    cli::{exit::Exit, printer, signals::Signals, start::Globals},
    domain::{
        exchange::{Exchange, ExchangeId, Outcome},
        figures,
        flow::{FlowEvent, FlowStep},
        redact::Redactor,
    },
};

/// Texts of failures that are told; there may be as many as calls.
const TEXTS: usize = 5;

/// Makes `count` calls and prints their summary, of those that were made where a signal came in between.
pub(super) async fn run(
    arguments: &Arguments,
    globals: &Globals,
    signals: &Signals,
    count: u32,
) -> anyhow::Result<Exit> {
    let flow = Arc::new(Flow::default());
    let seen = flow.clone();
    let session = session(arguments, globals, &Redactor::default(), Arc::new(move |event| seen.see(&event)))?;
    let call = match call(arguments, &session, signals).await? {
        Ok(call) => call,
        Err(exit) => return Ok(exit),
    };
    let cancel = signals.cancel();
    let exchanges = stream::iter((1..=count).take_while(|_| !cancel.is_cancelled()))
        .map(|number| session.engine.execute(ExchangeId(number.into()), call.clone(), cancel.clone()))
        .buffer_unordered(arguments.concurrency.into());
    let tally = exchanges.fold(Tally::default(), |tally, exchange| {
        session.keep(&exchange, &call.prepared);
        std::future::ready(tally.with(&exchange))
    });
    let tally = tally.await;
    printer::line(&if arguments.json { tally.json(&flow).to_string() } else { tally.text(&flow) })?;
    if !arguments.json {
        for (text, times) in tally.failures.iter().take(TEXTS) {
            printer::note(&format!("authscope: {times} × {text}"));
        }
    }
    Ok(signals.exit().unwrap_or_else(|| arguments.judged(tally.worst)))
}

/// What is counted from the flow events.
#[derive(Default)]
struct Flow {
    token_calls: AtomicU64,
    replays: AtomicU64,
}

impl Flow {
    fn see(&self, event: &FlowEvent) {
        match event.step {
            FlowStep::TokenRequested { .. } => self.token_calls.fetch_add(1, Ordering::Relaxed),
            FlowStep::Replayed(_) => self.replays.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
    }
}

/// What is counted from the calls.
struct Tally {
    calls: u64,
    statuses: BTreeMap<u16, u64>,
    failures: BTreeMap<String, u64>,
    cancelled: u64,
    latencies: Vec<Duration>,
    worst: Exit,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            calls: 0,
            statuses: BTreeMap::new(),
            failures: BTreeMap::new(),
            cancelled: 0,
            latencies: Vec::new(),
            worst: Exit::Done,
        }
    }
}

impl Tally {
    fn with(mut self, exchange: &Exchange) -> Self {
        self.calls += 1;
        self.worst = self.worst.min(Exit::of(exchange));
        if let Some(status) = exchange.status() {
            *self.statuses.entry(status.as_u16()).or_default() += 1;
        }
        let text = match &exchange.outcome {
            Outcome::Answered => {
                self.latencies.push(exchange.took);
                return self;
            }
            Outcome::Cancelled => {
                self.cancelled += 1;
                return self;
            }
            Outcome::Failed(failure) => failure.to_string(),
            Outcome::NoToken(failure) => failure.to_string(),
            Outcome::Refused(refusal) => refusal.to_string(),
        };
        *self.failures.entry(text).or_default() += 1;
        self
    }

    fn failed(&self) -> u64 {
        self.failures.values().sum()
    }

    /// Quantiles of the answered calls by nearest rank.
    fn quantiles(&self) -> Vec<(&'static str, Duration)> {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let ranks = [("min", 0), ("p50", 50), ("p90", 90), ("p99", 99), ("max", 100)];
        let at = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        ranks.into_iter().filter_map(|(name, percent)| Some((name, at(percent)?))).collect()
    }

    fn text(&self, flow: &Flow) -> String {
        let joined = |parts: Vec<String>| if parts.is_empty() { "-".to_owned() } else { parts.join(", ") };
        let statuses = self.statuses.iter().map(|(status, times)| format!("{times} × {status}")).collect();
        let latencies = self.quantiles().into_iter().map(|(name, time)| format!("{name} {}", figures::took(time)));
        let mut lines = vec![
            format!("calls        {}", self.calls),
            format!("statuses     {}", joined(statuses)),
            format!("token calls  {}", flow.token_calls.load(Ordering::Relaxed)),
            format!("replays      {}", flow.replays.load(Ordering::Relaxed)),
            format!("failures     {}", self.failed()),
            format!("latency      {}", joined(latencies.collect())),
        ];
        if self.cancelled > 0 {
            lines.insert(5, format!("cancelled    {}", self.cancelled));
        }
        lines.join("\n")
    }

    fn json(&self, flow: &Flow) -> Value {
        let failures = self.failures.iter().take(TEXTS).map(|(text, times)| json!({ "text": text, "calls": times }));
        let milliseconds: serde_json::Map<_, _> =
            self.quantiles().into_iter().map(|(name, time)| (name.to_owned(), report::milliseconds(time))).collect();
        json!({
            "calls": self.calls,
            "statuses": self.statuses.iter().map(|(status, times)| (status.to_string(), (*times).into())).collect::<serde_json::Map<_, _>>(),
            "token_calls": flow.token_calls.load(Ordering::Relaxed),
            "replays": flow.replays.load(Ordering::Relaxed),
            "failures": self.failed(),
            "failed": failures.collect::<Vec<_>>(),
            "cancelled": self.cancelled,
            "ms": milliseconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_the_latency_at_its_rank() {
        let latencies = (1..=200).map(Duration::from_millis).collect();
        let quantiles = Tally { latencies, ..Tally::default() }.quantiles();
        let at: Vec<_> = quantiles.into_iter().map(|(name, time)| (name, time.as_millis())).collect();
        assert_eq!(at, [("min", 1), ("p50", 100), ("p90", 180), ("p99", 198), ("max", 200)]);
        assert_eq!(Tally::default().quantiles(), []);
    }
}
