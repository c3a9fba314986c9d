//! What goes into the log: the steps of every call in words, what was said in place of the hints, and the end.

use crate::{
    app::{
        notice::{Notice, Tone},
        session,
    },
    domain::{
        clock::Clock,
        flow::{FlowEvent, FlowStep},
        level::Level,
    },
    store::log::Log,
};

/// The log, and the clock it goes by.
#[derive(Clone)]
pub(super) struct Record {
    log: Log,
    clock: Clock,
}

impl Record {
    pub(super) fn new(log: Log, clock: Clock) -> Self {
        Self { log, clock }
    }

    pub(super) fn note(&self, level: Level, text: &str) {
        self.log.write(level, self.clock.wall(), &session::without_queries(text));
    }

    /// A step of a call or of a token call; progress is none.
    pub(super) fn flow(&self, event: &FlowEvent) {
        let level = match &event.step {
            FlowStep::BodyProgress { .. } => return,
            FlowStep::TokenFailed(_) | FlowStep::RenewFailed(_) | FlowStep::GaveUp { .. } | FlowStep::Failed(_) => {
                Level::Warn
            }
            FlowStep::TokenIssued { .. }
            | FlowStep::Challenged { .. }
            | FlowStep::Replayed(_)
            | FlowStep::Completed { .. }
            | FlowStep::Refused(_)
            | FlowStep::Cancelled => Level::Info,
            _ => Level::Debug,
        };
        let (name, what) = event.words();
        let whose = event.exchange.map(|id| format!("call {} ", id.0)).unwrap_or_default();
        self.note(level, &format!("{whose}{name} {what}"));
    }

    /// What was said; unless a person's own words in it may be a secret.
    pub(super) fn notice(&self, notice: &Notice) {
        let level = match notice.tone {
            Tone::Good => Level::Debug,
            Tone::Attention => Level::Info,
            Tone::Bad => Level::Warn,
        };
        if !session::looks_secret(&notice.text) {
            self.note(level, &notice.text);
        }
    }

    /// The log itself.
    pub(super) fn log(&self) -> &Log {
        &self.log
    }
}
