//! What happened: every call with its attempts and its token call, each linked to its exchange.
//!
//! A [`Flow`] is one exchange, or a token call that no exchange asked for; it keeps its flow events and, made from
//! them, a [`Trip`] for each message that went out. Nothing else on screen keeps an account of its own.

use std::sync::Arc;

use http::Method;
use jiff::Timestamp;
use url::Url;

use crate::domain::{
    exchange::{Exchange, ExchangeId, Outcome},
    flow::{FlowEvent, FlowStep},
    request::Prepared,
};

mod flow;

pub use flow::{Bracket, Flow, FlowKey, Row, Trip};

/// How many flows are kept. Older ones go, their bodies with them.
pub const KEPT: usize = 500;
/// Bytes of bodies in memory or on disk that are kept beside those of the newest exchange and of the one being looked
/// at; older exchanges lose theirs.
pub const KEPT_BYTES: u64 = 64 << 20;

/// All flows, oldest first, and the cursor.
#[derive(Default)]
pub struct Timeline {
    flows: Vec<Flow>,
    tokens: u64,
    /// The row in hand: its flow, and which of that flow's rows. None follows the newest.
    cursor: Option<(FlowKey, usize)>,
    /// The words that a flow must have to be shown; all are shown for none.
    filter: String,
    /// How many calls went out.
    pub calls: usize,
    /// How many exchanges were healed.
    pub healed: usize,
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

    /// An exchange begins, under a profile, with that much of its body to be kept.
    pub fn begin(&mut self, id: ExchangeId, request: &Prepared, under: (&str, Option<Arc<str>>), at: Timestamp) {
        self.push(FlowKey::Exchange(id), &request.name, &request.method, &request.url, at);
        if let Some(flow) = self.flows.last_mut() {
            (flow.profile, flow.body) = (under.0.to_owned(), under.1);
        }
        self.cursor = None;
    }

    fn push(&mut self, key: FlowKey, name: &str, method: &Method, url: &Url, at: Timestamp) {
        self.flows.push(Flow {
            key,
            name: name.to_owned(),
            method: method.clone(),
            url: url.clone(),
            at,
            profile: String::new(),
            body: None,
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

    /// An exchange is over, while the answer of another one may be `shown`.
    pub fn settle(&mut self, exchange: Arc<Exchange>, shown: Option<ExchangeId>) {
        self.healed += usize::from(exchange.healed() && matches!(exchange.outcome, Outcome::Answered));
        let spared = [Some(exchange.id), shown];
        if let Some(flow) = self.of_mut(FlowKey::Exchange(exchange.id)) {
            flow.exchange = Some(exchange);
        }
        let mut kept = 0;
        let others = self.flows.iter().rev().filter(|flow| !spared.contains(&flow.exchange_id()));
        for body in others.flat_map(Flow::bodies) {
            if kept + body.len() > KEPT_BYTES {
                body.let_go();
            }
            kept += body.len();
        }
    }

    /// Shows the flows alone that have each of these words somewhere.
    pub fn find(&mut self, words: &str) {
        words.to_lowercase().trim().clone_into(&mut self.filter);
    }

    /// The words that flows must have to be shown.
    pub fn looked_for(&self) -> &str {
        &self.filter
    }

    /// Goes to the first row of that flow, if it is shown.
    pub fn go_to(&mut self, key: FlowKey) {
        if self.shown().any(|flow| flow.key == key) {
            self.cursor = Some((key, 0));
        }
    }

    /// The flows that are shown.
    pub fn shown(&self) -> impl DoubleEndedIterator<Item = &Flow> {
        self.flows.iter().filter(|flow| flow.has(&self.filter))
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.shown().map(Flow::count).sum()
    }

    /// So many rows from a row on.
    pub fn rows(&self, from: usize, count: usize) -> impl Iterator<Item = Row<'_>> {
        self.shown().flat_map(Flow::rows).skip(from).take(count)
    }

    /// The row of the cursor; the last one when it follows.
    pub fn row(&self) -> usize {
        let last = self.count().saturating_sub(1);
        let Some((key, within)) = self.cursor else { return last };
        let mut before = 0;
        for flow in self.shown() {
            if flow.key == key {
                return before + within.min(flow.count() - 1);
            }
            before += flow.count();
        }
        last
    }

    /// Moves the cursor to a row, the last one at most; on the last one it follows what comes.
    pub fn go(&mut self, row: usize) {
        let (mut before, all) = (0, self.count());
        let mut cursor = None;
        for flow in self.shown() {
            let count = flow.count();
            if row < before + count {
                cursor = (row + 1 < all).then_some((flow.key, row - before));
                break;
            }
            before += count;
        }
        self.cursor = cursor;
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
