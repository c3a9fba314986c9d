//! The Flow tab: one exchange as the messages between you, authscope, the token endpoint and the API, in the order and
//! with the times of its flow events; or a token call that no exchange asked for.
//!
//! Made from the events that the timeline keeps, while they come. How much room it takes is the view's; what a step
//! carried, as handed to and taken from the HTTP library, is told by [`message`].

use std::{sync::Arc, time::Duration};

use http::StatusCode;

use super::{Shown, attempts};
use crate::{
    app::{
        App,
        timeline::{Flow, FlowKey},
    },
    domain::{
        clock::Boot,
        exchange::{Exchange, Outcome, SentWith},
        figures,
        flow::{FlowEvent, FlowStep, TokenCall},
        origin::Origin,
        redact::Redactor,
        token::TokenNote,
    },
};

pub mod mermaid;
pub mod message;

/// Who takes part, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The person.
    You,
    /// This program.
    Authscope,
    /// Who issues tokens.
    TokenEndpoint,
    /// Who is called.
    Api,
}

impl Party {
    /// Those that a flow has.
    pub fn of(flow: &Flow) -> &'static [Self] {
        match flow.key {
            FlowKey::Exchange(_) => &[Self::You, Self::Authscope, Self::TokenEndpoint, Self::Api],
            FlowKey::Token(_) => &[Self::Authscope, Self::TokenEndpoint],
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Authscope => "authscope",
            Self::TokenEndpoint => "token endpoint",
            Self::Api => "API",
        }
    }
}

/// What a message came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A status.
    Status(StatusCode),
    /// Nothing came.
    Failed,
    /// It was stopped.
    Attention,
    /// It is going on.
    Running,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// From the beginning to here.
    pub after: Duration,
    /// From whom to whom; a step without is a decision of authscope.
    pub way: Option<(Party, Party)>,
    /// What it came to.
    pub mark: Option<Mark>,
    /// What it says.
    pub text: String,
    /// The token that it carries or brings, or what it carries instead.
    pub token: Option<String>,
    /// What else there is to know: how long it took, whether it is a replay.
    pub tail: String,
    /// What can be opened of it.
    pub opens: Option<Opens>,
}

/// The message behind a step.
#[derive(Clone, Debug)]
pub enum Opens {
    /// A request, by its attempt and its hop, from 0.
    Request(usize, usize),
    /// The answer to that one.
    Answer(usize, usize),
    /// What asked for a token.
    TokenRequest(Arc<TokenCall>),
    /// What the token endpoint answered.
    TokenAnswer(Arc<TokenCall>),
}

impl Step {
    fn note(text: String) -> Self {
        let after = Duration::ZERO;
        Self { after, way: None, mark: None, text, token: None, tail: String::new(), opens: None }
    }

    fn message(from: Party, to: Party, text: String) -> Self {
        Self { way: Some((from, to)), ..Self::note(text) }
    }

    /// What it says, in one line.
    pub fn line(&self) -> String {
        let status = match &self.mark {
            Some(Mark::Status(status)) => status.as_str(),
            _ => "",
        };
        let parts = [status, &self.text, self.token.as_deref().unwrap_or_default(), &self.tail];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ")
    }
}

impl App {
    /// The flow that the response pane shows a part of.
    pub fn shown_flow(&self) -> Option<&Flow> {
        match self.response.shown.as_ref()? {
            Shown::Exchange(id) => self.timeline.flow(*id),
            Shown::TokenCall(call) => {
                let is_it = |known: &Arc<TokenCall>| Arc::ptr_eq(known, call);
                let has_it = |flow: &&Flow| flow.trips.iter().any(|trip| trip.token_call.as_ref().is_some_and(is_it));
                self.timeline.flows().iter().rev().find(has_it)
            }
            Shown::File => None,
        }
    }

    /// That flow as a diagram for a document.
    pub(in crate::app) fn flow_as_mermaid(&self) -> Option<String> {
        Some(mermaid::diagram(Party::of(self.shown_flow()?), &self.sequence()))
    }

    /// The steps of that flow, up to now.
    pub fn sequence(&self) -> Vec<Step> {
        let Some(flow) = self.shown_flow() else { return Vec::new() };
        let since = match flow.key {
            FlowKey::Exchange(id) => self.sending.of(id).map(|running| running.since),
            FlowKey::Token(_) => None,
        };
        steps(flow, since, self.now.boot, &self.masks)
    }
}

/// The steps of a flow that goes on since then, if it does.
fn steps(flow: &Flow, since: Option<Boot>, now: Boot, masks: &Redactor) -> Vec<Step> {
    let Some(first) = flow.events.first().map(|event| event.at).or(since) else { return Vec::new() };
    let began = flow.exchange.as_ref().map(|exchange| exchange.began).or(since).unwrap_or(first).min(first);
    let mut steps = match flow.key {
        FlowKey::Exchange(_) => vec![Step::message(Party::You, Party::Authscope, "send".to_owned())],
        FlowKey::Token(_) => vec![Step::note("no call asked for it: a key did, or its end was near".to_owned())],
    };
    let mut teller = Teller { flow, masks, token_calls: 0, hops: Vec::new() };
    for event in &flow.events {
        let told = teller.told(event, steps.last());
        steps.extend(told.map(|step| Step { after: event.at.since(began), ..step }));
    }
    match &flow.exchange {
        Some(exchange) => steps.push(ended(exchange)),
        None if flow.is_running() => steps.extend(waiting(flow).map(|step| Step { after: now.since(began), ..step })),
        None => {}
    }
    for step in &mut steps {
        step.text = masks.masked(&step.text);
        step.tail = masks.masked(&step.tail);
    }
    steps
}

/// Reads the events one after another.
struct Teller<'a> {
    flow: &'a Flow,
    masks: &'a Redactor,
    /// Token calls so far.
    token_calls: usize,
    /// Hops so far, of each attempt.
    hops: Vec<usize>,
}

impl Teller<'_> {
    fn told(&mut self, event: &FlowEvent, last: Option<&Step>) -> Option<Step> {
        use Party::{Api, Authscope, TokenEndpoint};
        let note = |text: String| Some(Step::note(text));
        let follows_decision = last.is_some_and(|step| step.way.is_none());
        match &event.step {
            FlowStep::TokenReused(token) => note(format!("{} is at hand", token.serial)),
            FlowStep::TokenRequested { url, attempt } => {
                self.token_calls += 1;
                let again = if *attempt > 1 { format!("attempt {attempt}") } else { String::new() };
                let opens = self.token_call().map(Opens::TokenRequest);
                let step = Step::message(Authscope, TokenEndpoint, format!("POST {}", url.path()));
                Some(Step { tail: again, opens, ..step })
            }
            FlowStep::TokenIssued { token, .. } if token.notes.contains(&TokenNote::Shared) => {
                note(format!("{} is at hand: another run got it", token.serial))
            }
            FlowStep::TokenIssued { token, call } => {
                let life = token.life.map(|life| format!("{} s   ", life.as_secs())).unwrap_or_default();
                Some(Step {
                    mark: call.status.map(Mark::Status),
                    token: Some(token.serial.to_string()),
                    tail: format!("{life}{}", figures::took(call.took)),
                    opens: Some(Opens::TokenAnswer(call.clone())),
                    ..Step::message(TokenEndpoint, Authscope, String::new())
                })
            }
            FlowStep::TokenFailed(failure) => {
                let call = failure.call.as_ref();
                let mark = call.and_then(|call| call.status).map_or(Mark::Failed, Mark::Status);
                let said = call.and_then(|call| attempts::error_in(call.body.as_bytes()));
                let what = if mark == Mark::Failed { "no answer" } else { "no token" };
                Some(Step {
                    mark: Some(mark),
                    tail: call.map(|call| figures::took(call.took)).unwrap_or_default(),
                    opens: call.cloned().map(Opens::TokenAnswer),
                    ..Step::message(TokenEndpoint, Authscope, said.unwrap_or_else(|| what.to_owned()))
                })
            }
            FlowStep::RequestSent { attempt, method, url, with, via } => {
                let at = usize::try_from(attempt.saturating_sub(1)).unwrap_or(0);
                self.hops.resize(at + 1, 0);
                let hop = self.hops[at];
                self.hops[at] += 1;
                // Another origin than the one that was called is named.
                let elsewhere = Origin::of(url).filter(|origin| Some(origin) != Origin::of(&self.flow.url).as_ref());
                let place = elsewhere.map(|origin| origin.to_string()).unwrap_or_default();
                let replay = (*attempt > 1 && hop == 0).then(|| "replay".to_owned());
                let with = match with {
                    SentWith::Token(token) => Ok(token.serial.to_string()),
                    other => Err(other.to_string()),
                };
                let via = via.as_ref().map(|via| format!("through {via}"));
                let tail = [with.clone().err(), replay, via].into_iter().flatten().collect::<Vec<_>>().join("   ");
                Some(Step {
                    token: with.ok(),
                    tail,
                    opens: Some(Opens::Request(at, hop)),
                    ..Step::message(Authscope, Api, format!("{method} {place}{}", url.path()))
                })
            }
            FlowStep::HeadReceived { answer, after } => {
                let said = matches!(answer.status.as_u16(), 401 | 403).then(|| attempts::error(answer)).flatten();
                let text = said.or_else(|| answer.status.canonical_reason().map(str::to_owned)).unwrap_or_default();
                let at = self.hops.len().saturating_sub(1);
                let hop = self.hops.last().map_or(0, |hops| hops.saturating_sub(1));
                Some(Step {
                    mark: Some(Mark::Status(answer.status)),
                    tail: figures::took(*after),
                    opens: Some(Opens::Answer(at, hop)),
                    ..Step::message(Api, Authscope, text)
                })
            }
            FlowStep::Redirected { to, token_dropped, .. } => {
                let dropped = if *token_dropped { "; another origin, so the token stays behind" } else { "" };
                note(format!("sent on to {}{dropped}", self.masks.masked(to.as_str())))
            }
            FlowStep::Challenged { with, renewable: true } => {
                note(format!("{with} is no longer taken: renew once, replay once"))
            }
            FlowStep::Challenged { with, .. } => note(format!("401 to {with}: another token would not heal it")),
            FlowStep::RenewStarted { .. } if follows_decision => None,
            FlowStep::RenewStarted { refused: Some(token) } => note(format!("{} was refused: renew", token.serial)),
            FlowStep::RenewStarted { refused: None } => note("no token at hand: fetch one".to_owned()),
            FlowStep::RenewJoined => note("waits for the token call that another one started".to_owned()),
            FlowStep::RenewFailed(_) => note("no newer token: the 401 stands".to_owned()),
            FlowStep::Waiting { until, why } => {
                let wait = until.since(event.at).as_secs_f64().ceil();
                note(format!("waits {wait} s: {why}"))
            }
            FlowStep::Reconnected => note("the connection died before an answer: sent once more".to_owned()),
            FlowStep::GaveUp { why } => note(why.clone()),
            FlowStep::Refused(refusal) => note(refusal.to_string()),
            FlowStep::Failed(failure) => note(failure.text.clone()),
            FlowStep::Replayed(_)
            | FlowStep::BodyProgress { .. }
            | FlowStep::Completed { .. }
            | FlowStep::Cancelled => None,
        }
    }

    /// The record of the newest token call, or of the flight that it is a part of.
    fn token_call(&self) -> Option<Arc<TokenCall>> {
        let calls = self.flow.trips.iter().filter(|trip| trip.is_token_call);
        calls.skip(self.token_calls - 1).find_map(|trip| trip.token_call.clone())
    }
}

/// The last step of an exchange that is over.
fn ended(exchange: &Exchange) -> Step {
    let (mark, text) = match &exchange.outcome {
        Outcome::Answered => match exchange.answer() {
            Some(answer) => (Mark::Status(answer.status), figures::size(answer.body.len())),
            None => (Mark::Failed, "no answer".to_owned()),
        },
        Outcome::Failed(_) if exchange.answer().is_some() => (Mark::Failed, "incomplete".to_owned()),
        Outcome::Failed(_) => (Mark::Failed, "no answer".to_owned()),
        Outcome::NoToken(_) => (Mark::Failed, "no token, nothing was sent".to_owned()),
        Outcome::Refused(_) => (Mark::Attention, "not sent".to_owned()),
        Outcome::Cancelled => (Mark::Attention, "cancelled".to_owned()),
    };
    let tail = format!("{} in all", figures::took(exchange.took));
    Step { after: exchange.took, mark: Some(mark), tail, ..Step::message(Party::Authscope, Party::You, text) }
}

/// What a flow that goes on waits for.
fn waiting(flow: &Flow) -> Option<Step> {
    let last = flow.events.iter().rev().find_map(|event| match &event.step {
        FlowStep::BodyProgress { received, expected } => {
            let size =
                |received| expected.map_or_else(|| figures::size(received), |all| figures::size_of(received, all));
            Some(format!("the body arrives: {}", size(*received)))
        }
        FlowStep::HeadReceived { .. } => Some("the body arrives".to_owned()),
        FlowStep::RequestSent { .. } => Some("the API has not answered yet".to_owned()),
        FlowStep::TokenRequested { .. } => Some("the token endpoint has not answered yet".to_owned()),
        FlowStep::RenewJoined => Some("no token yet".to_owned()),
        _ => None,
    })?;
    Some(Step { mark: Some(Mark::Running), ..Step::note(last) })
}
