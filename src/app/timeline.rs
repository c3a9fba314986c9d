//! What happened: every call with its attempts and its token call, each linked to its exchange.
//!
//! A [`Flow`] is one exchange, or a token call that no exchange asked for; it keeps its flow events and, made from
//! them, a [`Trip`] for each message that went out. Nothing else on screen keeps an account of its own.

use std::sync::Arc;

use http::{Method, StatusCode};
use jiff::Timestamp;
use url::Url;

use crate::domain::{
    clock::Boot,
    exchange::{Answer, Exchange, ExchangeId, Outcome},
    flow::{FlowEvent, FlowStep, TokenCall},
    token::TokenSerial,
};

/// How many flows are kept. Older ones go, their bodies with them.
const KEPT: usize = 500;
/// Bytes of bodies in memory or on disk that are kept beside the newest one; older exchanges lose theirs.
const KEPT_BYTES: u64 = 256 << 20;

/// All flows, oldest first, and the cursor.
#[derive(Default)]
pub struct Timeline {
    flows: Vec<Flow>,
    tokens: u64,
    /// The row in hand: its flow, and which of that flow's rows. None follows the newest.
    cursor: Option<(FlowKey, usize)>,
    /// How many calls went out.
    pub calls: usize,
    /// How many exchanges were healed.
    pub healed: usize,
}

/// Which flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlowKey {
    /// That exchange.
    Exchange(ExchangeId),
    /// The nth token call that no exchange asked for.
    Token(u64),
}

/// One exchange, or a token call of its own.
pub struct Flow {
    /// Which.
    pub key: FlowKey,
    /// The name of the request.
    pub name: String,
    /// The method asked for.
    pub method: Method,
    /// The address asked for.
    pub url: Url,
    /// When it began, on the wall.
    pub at: Timestamp,
    /// What happened, in order; of progress only the last.
    pub events: Vec<FlowEvent>,
    /// The messages that went out.
    pub trips: Vec<Trip>,
    /// The last answer whose head came.
    pub answer: Option<Arc<Answer>>,
    /// The whole exchange, once it is over.
    pub exchange: Option<Arc<Exchange>>,
    /// Whether its events are shown.
    pub unfolded: bool,
}

/// One message that went out, and what came of it.
pub struct Trip {
    /// When, on the wall.
    pub at: Timestamp,
    /// When, on the boot clock.
    pub since: Boot,
    /// Its method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// The status of the answer, once it came.
    pub status: Option<StatusCode>,
    /// How long it took, once it is over.
    pub took: Option<std::time::Duration>,
    /// The token it carried.
    pub token: Option<TokenSerial>,
    /// The token it brought.
    pub issued: Option<TokenSerial>,
    /// What became of it, in a word or two.
    pub outcome: String,
    /// The record of a token call, once it is over.
    pub token_call: Option<Arc<TokenCall>>,
    /// Whether it is a token call.
    pub is_token_call: bool,
}

/// A row of the timeline.
#[derive(Clone, Copy)]
pub enum Row<'a> {
    /// A message that went out, and its place in the bracket of its flow.
    Trip(&'a Flow, &'a Trip, Bracket),
    /// A flow of which nothing went out.
    Unsent(&'a Flow),
    /// Something that happened within an unfolded flow.
    Event(&'a Flow, &'a FlowEvent),
}

/// Where a row stands among the messages of its flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bracket {
    /// It is the only one.
    Alone,
    /// It is the first.
    Top,
    /// It is in between.
    Middle,
    /// It is the last.
    Bottom,
}

impl Flow {
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let last = self.trips.len().saturating_sub(1);
        let trips = self.trips.iter().enumerate().map(move |(at, trip)| {
            let bracket = match at {
                _ if last == 0 => Bracket::Alone,
                0 => Bracket::Top,
                at if at == last => Bracket::Bottom,
                _ => Bracket::Middle,
            };
            Row::Trip(self, trip, bracket)
        });
        let unsent = self.trips.is_empty().then_some(Row::Unsent(self));
        let events = self.events.iter().filter(|_| self.unfolded).map(|event| Row::Event(self, event));
        trips.chain(unsent).chain(events)
    }

    fn count(&self) -> usize {
        self.trips.len().max(1) + if self.unfolded { self.events.len() } else { 0 }
    }

    /// Whether it is still going on.
    pub fn is_running(&self) -> bool {
        match self.key {
            FlowKey::Exchange(_) => self.exchange.is_none(),
            FlowKey::Token(_) => self.trips.last().is_some_and(|trip| trip.took.is_none()),
        }
    }

    fn last_of(&mut self, is_token_call: bool) -> Option<&mut Trip> {
        self.trips.iter_mut().rev().find(|trip| trip.is_token_call == is_token_call)
    }

    fn learn(&mut self, event: &FlowEvent) {
        if matches!(event.step, FlowStep::BodyProgress { .. }) {
            self.events.retain(|known| !matches!(known.step, FlowStep::BodyProgress { .. }));
        }
        self.events.push(event.clone());
        let trip = |method: &Method, url: &Url, is_token_call| Trip {
            at: event.wall,
            since: event.at,
            method: method.clone(),
            url: url.clone(),
            status: None,
            took: None,
            token: None,
            issued: None,
            outcome: String::new(),
            token_call: None,
            is_token_call,
        };
        match &event.step {
            FlowStep::TokenRequested { url, .. } => self.trips.push(trip(&Method::POST, url, true)),
            FlowStep::TokenIssued { token, call } => {
                if let Some(trip) = self.last_of(true) {
                    (trip.status, trip.took) = (call.status, Some(event.at.since(trip.since)));
                    (trip.issued, trip.outcome) = (Some(token.serial), "issued".to_owned());
                    trip.token_call = Some(call.clone());
                }
            }
            FlowStep::TokenFailed(why) => {
                if let Some(trip) = self.last_of(true) {
                    trip.status = why.call.as_ref().and_then(|call| call.status);
                    trip.took = Some(event.at.since(trip.since));
                    let outcome = if trip.status.is_some() { "no token" } else { "no answer" };
                    outcome.clone_into(&mut trip.outcome);
                    trip.token_call.clone_from(&why.call);
                }
            }
            FlowStep::Waiting { .. } => {
                // Between two attempts of a flight: the one before it is over.
                if let Some(trip) = self.last_of(true).filter(|trip| trip.took.is_none()) {
                    trip.took = Some(event.at.since(trip.since));
                    "asked again".clone_into(&mut trip.outcome);
                }
            }
            FlowStep::RequestSent { attempt, method, url, with } => {
                let mut sent = trip(method, url, false);
                sent.token = with.token().map(|token| token.serial);
                sent.outcome = match (with.token(), attempt) {
                    (Some(_), 2..) => "replayed".to_owned(),
                    (Some(_), _) => String::new(),
                    (None, _) => with.to_string(),
                };
                self.trips.push(sent);
            }
            FlowStep::HeadReceived { answer, after } => {
                self.answer = Some(answer.clone());
                if let Some(trip) = self.last_of(false) {
                    (trip.status, trip.took) = (Some(answer.status), Some(*after));
                }
            }
            FlowStep::Redirected { token_dropped, .. } => {
                let outcome = if *token_dropped { "redirected away, token stayed" } else { "redirected" };
                self.outcome(outcome);
            }
            FlowStep::Challenged { .. } => self.outcome("refused"),
            FlowStep::GaveUp { .. } => {
                if self.answer.as_ref().is_some_and(|answer| answer.status == StatusCode::UNAUTHORIZED) {
                    self.outcome("refused");
                }
            }
            FlowStep::Completed { .. } => {
                if let Some(trip) = self.last_of(false) {
                    trip.took = Some(event.at.since(trip.since));
                }
            }
            FlowStep::Failed(_) => {
                if let Some(trip) = self.last_of(false) {
                    trip.took = Some(event.at.since(trip.since));
                    let outcome = if trip.status.is_some() { "incomplete" } else { "failed" };
                    outcome.clone_into(&mut trip.outcome);
                }
            }
            FlowStep::Cancelled => {
                if let Some(trip) = self.trips.last_mut().filter(|trip| trip.took.is_none() || !trip.is_token_call) {
                    trip.took = Some(event.at.since(trip.since));
                    "cancelled".clone_into(&mut trip.outcome);
                }
            }
            FlowStep::TokenReused(_)
            | FlowStep::BodyProgress { .. }
            | FlowStep::RenewStarted { .. }
            | FlowStep::RenewJoined
            | FlowStep::RenewFailed(_)
            | FlowStep::Replayed(_)
            | FlowStep::Reconnected
            | FlowStep::Refused(_) => {}
        }
    }

    fn outcome(&mut self, outcome: &str) {
        if let Some(trip) = self.last_of(false) {
            outcome.clone_into(&mut trip.outcome);
        }
    }
}

impl Timeline {
    /// Every flow, oldest first.
    pub fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// The flow of an exchange.
    pub fn flow(&self, id: ExchangeId) -> Option<&Flow> {
        self.of(FlowKey::Exchange(id))
    }

    /// That flow.
    pub fn of(&self, key: FlowKey) -> Option<&Flow> {
        self.flows.iter().rev().find(|flow| flow.key == key)
    }

    fn of_mut(&mut self, key: FlowKey) -> Option<&mut Flow> {
        self.flows.iter_mut().rev().find(|flow| flow.key == key)
    }

    /// An exchange begins.
    pub fn begin(&mut self, id: ExchangeId, name: &str, method: &Method, url: &Url, at: Timestamp) {
        self.push(FlowKey::Exchange(id), name, method, url, at);
        self.cursor = None;
    }

    fn push(&mut self, key: FlowKey, name: &str, method: &Method, url: &Url, at: Timestamp) {
        self.flows.push(Flow {
            key,
            name: name.to_owned(),
            method: method.clone(),
            url: url.clone(),
            at,
            events: Vec::new(),
            trips: Vec::new(),
            answer: None,
            exchange: None,
            unfolded: false,
        });
        if self.flows.len() > KEPT {
            self.flows.remove(0);
        }
    }

    /// Something happened.
    pub fn learn(&mut self, event: &FlowEvent) {
        let key = match (event.exchange, &event.step) {
            (Some(id), _) => FlowKey::Exchange(id),
            (None, FlowStep::TokenRequested { url, attempt: 1 }) => {
                self.tokens += 1;
                let key = FlowKey::Token(self.tokens);
                self.push(key, "Token", &Method::POST, url, event.wall);
                key
            }
            (None, _) => FlowKey::Token(self.tokens),
        };
        if matches!(event.step, FlowStep::TokenRequested { .. } | FlowStep::RequestSent { .. }) {
            self.calls += 1;
        }
        if let Some(flow) = self.of_mut(key) {
            flow.learn(event);
        }
    }

    /// An exchange is over.
    pub fn settle(&mut self, exchange: Arc<Exchange>) {
        self.healed += usize::from(exchange.healed() && matches!(exchange.outcome, Outcome::Answered));
        if let Some(flow) = self.of_mut(FlowKey::Exchange(exchange.id)) {
            flow.exchange = Some(exchange);
        }
        let mut bytes = 0;
        for flow in self.flows.iter_mut().rev() {
            let size = flow.answer.as_ref().map_or(0, |answer| answer.body.len());
            if bytes > 0 && bytes + size > KEPT_BYTES {
                (flow.answer, flow.exchange) = (None, None);
            }
            bytes += size;
        }
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.flows.iter().map(Flow::count).sum()
    }

    /// So many rows from a row on.
    pub fn rows(&self, from: usize, count: usize) -> impl Iterator<Item = Row<'_>> {
        self.flows.iter().flat_map(Flow::rows).skip(from).take(count)
    }

    /// The row of the cursor; the last one when it follows.
    pub fn row(&self) -> usize {
        let last = self.count().saturating_sub(1);
        let Some((key, within)) = self.cursor else { return last };
        let mut before = 0;
        for flow in &self.flows {
            if flow.key == key {
                return before + within.min(flow.count() - 1);
            }
            before += flow.count();
        }
        last
    }

    /// Moves the cursor to a row, the last one at most; on the last one it follows what comes.
    pub fn go(&mut self, row: usize) {
        self.cursor = None;
        let mut before = 0;
        for flow in &self.flows {
            let count = flow.count();
            if row < before + count {
                self.cursor = (row + 1 < self.count()).then_some((flow.key, row - before));
                return;
            }
            before += count;
        }
    }

    /// The flow under the cursor and the message of that row, if it is one.
    pub fn here(&self) -> Option<(&Flow, Option<&Trip>)> {
        self.rows(self.row(), 1).next().map(|row| match row {
            Row::Trip(flow, trip, _) => (flow, Some(trip)),
            Row::Unsent(flow) | Row::Event(flow, _) => (flow, None),
        })
    }

    /// Shows or hides the events of the flow under the cursor, or says how they are to stand.
    pub fn unfold(&mut self, how: Option<bool>) {
        let Some(key) = self.here().map(|(flow, _)| flow.key) else { return };
        if let Some(flow) = self.of_mut(key) {
            flow.unfolded = how.unwrap_or(!flow.unfolded);
            let within = flow.trips.len().saturating_sub(1);
            if !flow.unfolded && self.cursor.is_some() {
                self.cursor = self.cursor.map(|(key, row)| (key, row.min(within)));
            } else if self.cursor.is_none() {
                self.cursor = Some((key, within));
            }
        }
    }

    /// Shows or hides the events of every flow.
    pub fn unfold_all(&mut self, how: bool) {
        self.flows.iter_mut().for_each(|flow| flow.unfolded = how);
    }

    /// Whether any token call or exchange is going on.
    pub fn is_running(&self) -> bool {
        self.flows.iter().rev().take(50).any(Flow::is_running)
    }
}
