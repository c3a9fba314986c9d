//! One exchange, or a token call of its own: its flow events and, made from them, a trip for each message that went out.

use std::sync::Arc;

use http::{Method, StatusCode};
use jiff::Timestamp;
use url::Url;

use crate::{
    body::Body,
    domain::{
        clock::Boot,
        exchange::{Answer, Exchange, ExchangeId},
        flow::{FlowEvent, FlowStep, TokenCall},
        token::TokenSerial,
    },
};

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
    /// The name of the profile of an exchange.
    pub profile: String,
    /// The body that was asked to be sent, masked, where it is text of a size that is kept here.
    pub body: Option<Arc<str>>,
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
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
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

    pub(super) fn count(&self) -> usize {
        self.trips.len().max(1) + if self.unfolded { self.events.len() } else { 0 }
    }

    /// Whether each of some words, in small letters, stands in what is told of it.
    pub(super) fn has(&self, words: &str) -> bool {
        if words.is_empty() {
            return true;
        }
        let mut told = format!("{} {} {}", self.name, self.method, self.url);
        for trip in &self.trips {
            let status = trip.status.map(|status| status.to_string()).unwrap_or_default();
            let tokens = [trip.token, trip.issued].into_iter().flatten().map(|serial| format!(" {serial}"));
            told.extend(tokens);
            told.extend([" ", trip.method.as_str(), " ", trip.url.path(), " ", &status, " ", &trip.outcome]);
        }
        told.make_ascii_lowercase();
        // A token is a word of its own: `tok#1` is not `tok#12`.
        words.split_whitespace().all(|word| match word.strip_prefix("tok#") {
            Some(number) if !number.is_empty() => told.split_whitespace().any(|known| known == word),
            _ => told.contains(word),
        })
    }

    /// The exchange that it is, if it is one.
    pub(super) fn exchange_id(&self) -> Option<ExchangeId> {
        match self.key {
            FlowKey::Exchange(id) => Some(id),
            FlowKey::Token(_) => None,
        }
    }

    /// The body of every answer that came.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &Body> {
        self.events.iter().filter_map(|event| match &event.step {
            FlowStep::HeadReceived { answer, .. } => Some(&answer.body),
            _ => None,
        })
    }

    /// Whether it is still going on.
    pub fn is_running(&self) -> bool {
        match self.key {
            FlowKey::Exchange(_) => self.exchange.is_none(),
            FlowKey::Token(_) => self.trips.last().is_some_and(|trip| trip.took.is_none()),
        }
    }

    pub(super) fn last_of(&mut self, is_token_call: bool) -> Option<&mut Trip> {
        self.trips.iter_mut().rev().find(|trip| trip.is_token_call == is_token_call)
    }

    pub(super) fn learn(&mut self, event: &FlowEvent) {
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
            FlowStep::RequestSent { attempt, method, url, with, .. } => {
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

    pub(super) fn outcome(&mut self, outcome: &str) {
        if let Some(trip) = self.last_of(false) {
            outcome.clone_into(&mut trip.outcome);
        }
    }
}
