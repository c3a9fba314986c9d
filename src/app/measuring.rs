//! What the lab measures: a storm of calls across an expiry, and the two policies side by side.
//!
//! Counts off the flow events what went out; the calls are status checks like any other, in the timeline too.

use std::{collections::BTreeSet, time::Duration};

use super::{
    App, act,
    effect::{Effect, Order, TokenWish},
    lab::Fault,
    notice::Notice,
};
use crate::domain::{
    clock::Boot,
    exchange::{Exchange, ExchangeId, Outcome},
    figures,
    flow::{FlowEvent, FlowStep},
    token::TokenPolicy,
};

/// Calls of a storm.
const STORM: usize = 20;
/// Calls of each policy.
const EACH: usize = 10;

/// What is measured now, and what came of the last.
#[derive(Debug, Default)]
pub struct Measuring {
    run: Option<Run>,
    /// What came of the last one, a line each.
    pub lines: Vec<String>,
}

/// One measurement.
#[derive(Debug)]
struct Run {
    /// The calls that are to be answered.
    waits: BTreeSet<ExchangeId>,
    /// Those that are sent one after the other, the next one last.
    later: Vec<Order>,
    /// What was counted, by policy; a storm has one.
    tallies: Vec<Tally>,
    since: Boot,
}

/// What was counted under one policy.
#[derive(Debug)]
struct Tally {
    policy: TokenPolicy,
    storm: bool,
    calls: usize,
    token_calls: usize,
    refused: usize,
    answered: usize,
    took: Duration,
}

impl Tally {
    fn of(policy: TokenPolicy, storm: bool) -> Self {
        Self { policy, storm, calls: 0, token_calls: 0, refused: 0, answered: 0, took: Duration::ZERO }
    }

    fn line(&self) -> String {
        let many = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        let took = figures::took(self.took);
        let (calls, tokens) = (many(self.answered, "call"), many(self.token_calls, "token call"));
        if self.storm {
            let Self { refused, .. } = self;
            return format!("storm: {calls} at once, {refused} met a 401, {tokens}, {took} in all");
        }
        format!("{}: {calls}, {tokens}, {took} in all", self.policy.name())
    }
}

/// Lets every token expire and sends calls at once: however many meet the 401, one token is fetched for them.
pub(super) fn storm(app: &mut App) -> Vec<Effect> {
    let Some(orders) = act::calls::status_checks(app, STORM, TokenPolicy::Reuse).filter(|_| is_free(app)) else {
        return Vec::new();
    };
    begin(app, vec![Tally::of(TokenPolicy::Reuse, true)], Vec::new());
    let mut effects = vec![Effect::Play(Fault::ExpireTokens)];
    for order in orders {
        effects.extend(sent(app, order));
    }
    effects
}

/// Sends the same calls one after the other under each policy.
pub(super) fn compare(app: &mut App) -> Vec<Effect> {
    if !is_free(app) {
        return Vec::new();
    }
    let (reuse, each) = (TokenPolicy::Reuse, TokenPolicy::PerTransaction);
    let Some(first) = act::calls::status_checks(app, EACH, reuse) else { return Vec::new() };
    let Some(second) = act::calls::status_checks(app, EACH, each) else { return Vec::new() };
    begin(app, vec![Tally::of(reuse, false), Tally::of(each, false)], first.into_iter().chain(second).rev().collect());
    // Both begin without a token.
    let serial = app.status.as_ref().ok().and_then(|status| status.token.as_ref()).map(|token| token.serial);
    let profile = app.environment.profile().clone();
    let credential = app.environment.credential_name().to_owned();
    let drop = serial.map(|serial| Effect::Token { profile, credential, serial, wish: TokenWish::Drop });
    drop.into_iter().chain(next(app)).collect()
}

fn is_free(app: &mut App) -> bool {
    let free = app.measuring.run.is_none();
    if !free {
        app.say(Notice::attention("Something is being measured already."));
    }
    free
}

fn begin(app: &mut App, tallies: Vec<Tally>, later: Vec<Order>) {
    app.measuring.run = Some(Run { waits: BTreeSet::new(), later, tallies, since: app.now.boot });
}

fn sent(app: &mut App, order: Order) -> Vec<Effect> {
    if let Some(run) = &mut app.measuring.run {
        run.waits.insert(order.id);
        if let Some(tally) = run.tallies.iter_mut().find(|tally| tally.policy == order.policy) {
            tally.calls += 1;
        }
    }
    act::calls::send_order(app, order)
}

/// The next of those that are sent one after the other.
fn next(app: &mut App) -> Vec<Effect> {
    let order = app.measuring.run.as_mut().and_then(|run| {
        run.since = app.now.boot;
        run.later.pop()
    });
    order.map(|order| sent(app, order)).unwrap_or_default()
}

/// Something happened in the engine.
pub(super) fn learned(app: &mut App, event: &FlowEvent) {
    let Some(run) = &mut app.measuring.run else { return };
    if !event.exchange.is_some_and(|id| run.waits.contains(&id)) {
        return;
    }
    let Some(tally) = run.tallies.iter_mut().rev().find(|tally| tally.calls > 0) else { return };
    match &event.step {
        FlowStep::TokenRequested { .. } => tally.token_calls += 1,
        FlowStep::Challenged { .. } => tally.refused += 1,
        _ => {}
    }
}

/// A call is over: the next one goes out, or all is counted.
pub(super) fn settled(app: &mut App, id: ExchangeId) -> Vec<Effect> {
    let Some(run) = app.measuring.run.as_mut().filter(|run| run.waits.contains(&id)) else { return Vec::new() };
    run.waits.remove(&id);
    let exchange = app.timeline.flow(id).and_then(|flow| flow.exchange.as_deref());
    let answered = exchange.is_some_and(|exchange: &Exchange| matches!(exchange.outcome, Outcome::Answered));
    if let Some(tally) = run.tallies.iter_mut().rev().find(|tally| tally.calls > 0) {
        tally.answered += usize::from(answered);
        tally.took += if run.waits.is_empty() { app.now.boot.since(run.since) } else { Duration::ZERO };
    }
    if !answered {
        // Cancelled, or nobody answers: what follows would be no better.
        run.later.clear();
    }
    if !run.waits.is_empty() {
        return Vec::new();
    }
    if !run.later.is_empty() {
        return next(app);
    }
    let lines: Vec<String> = run.tallies.iter().filter(|tally| tally.calls > 0).map(Tally::line).collect();
    app.measuring.run = None;
    let mut text = format!("{}.", lines.join("; "));
    text.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    app.say(Notice::attention(text));
    app.measuring.lines = lines;
    Vec::new()
}

#[cfg(test)]
mod tests;
