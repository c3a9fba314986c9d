//! What shows that a step is done: something that happened, read off the flow events, or something that stands.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde::Deserialize;

use crate::domain::{
    exchange::ExchangeId,
    flow::{FlowEvent, FlowStep, TokenFailureKind},
};

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// A token was issued.
    TokenIssued,
    /// A call with a token was answered by anything but 401.
    TokenAccepted,
    /// A call was answered 401.
    Refused,
    /// A call was refused, renewed for and answered.
    Healed,
    /// Two calls were answered, each with a token that was issued for it.
    TwoTokens,
    /// The token endpoint refused the credentials.
    CredentialsRefused,
    /// The claims of a token are on screen.
    ClaimsShown,
    /// Why a call was refused is on screen.
    ReasonShown,
    /// Nothing lies on top.
    NothingOnTop,
    /// The token pane has the focus.
    TokenPane,
    /// The timeline has the focus.
    TimelinePane,
    /// The header fields of an answer are on screen.
    HeadersShown,
    /// The token in hand lives for a minute at most.
    ShortToken,
    /// By our clock the token in hand is over.
    TokenExpired,
    /// The policy is `manual`.
    PolicyManual,
    /// The policy is `reuse`.
    PolicyReuse,
    /// The policy is `per-transaction`.
    PolicyPerTransaction,
    /// The sandbox refuses the credentials, or does something else out of the ordinary.
    SandboxFaulty,
    /// The sandbox does nothing out of the ordinary.
    SandboxUsual,
    /// The request is shown as code.
    CodeShown,
    /// The whole flow is shown as code.
    FlowShown,
    /// Code was copied.
    CodeCopied,
}

/// The kind of a deed: some are told by what happens, others by what is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It happened at one moment.
    Once,
    /// It is so now, or not.
    Stands,
}

impl Deed {
    /// Of which kind it is.
    pub fn kind(self) -> Happened {
        match self {
            Self::TokenIssued
            | Self::TokenAccepted
            | Self::Refused
            | Self::Healed
            | Self::TwoTokens
            | Self::CredentialsRefused
            | Self::CodeCopied => Happened::Once,
            _ => Happened::Stands,
        }
    }
}

/// What has happened since a screen was opened.
#[derive(Debug, Default)]
pub struct Witness {
    seen: BTreeSet<Deed>,
    calls: BTreeMap<ExchangeId, Call>,
}

/// What is known of one call.
#[derive(Clone, Copy, Debug, Default)]
struct Call {
    issued: bool,
    with_token: bool,
    replayed: bool,
    accepted: bool,
}

impl Witness {
    /// Whether it happened.
    pub fn saw(&self, deed: Deed) -> bool {
        self.seen.contains(&deed)
    }

    /// It happened, as no flow event tells.
    pub fn note(&mut self, deed: Deed) {
        self.seen.insert(deed);
    }

    /// Something happened in the engine.
    pub fn learn(&mut self, event: &FlowEvent) {
        match &event.step {
            FlowStep::TokenIssued { .. } => self.note(Deed::TokenIssued),
            FlowStep::TokenFailed(why) if why.kind == TokenFailureKind::CredentialsRefused => {
                self.note(Deed::CredentialsRefused);
            }
            FlowStep::Challenged { .. } => self.note(Deed::Refused),
            FlowStep::HeadReceived { answer, .. } if answer.status == StatusCode::UNAUTHORIZED => {
                self.note(Deed::Refused);
            }
            _ => {}
        }
        let Some(id) = event.exchange else { return };
        let call = self.calls.entry(id).or_default();
        match &event.step {
            FlowStep::TokenIssued { .. } => call.issued = true,
            FlowStep::RequestSent { with, .. } => call.with_token = with.token().is_some(),
            FlowStep::Replayed(_) => call.replayed = true,
            FlowStep::Completed { status, .. } if *status != StatusCode::UNAUTHORIZED && call.with_token => {
                call.accepted = true;
                let healed = call.replayed;
                self.note(Deed::TokenAccepted);
                if healed {
                    self.note(Deed::Healed);
                }
                if self.calls.values().filter(|call| call.issued && call.accepted && !call.replayed).count() >= 2 {
                    self.note(Deed::TwoTokens);
                }
            }
            _ => {}
        }
    }
}
