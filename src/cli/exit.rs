//! The exit codes: what every end of a call and every error of a command come to.

use std::{fmt, io, process::ExitCode};

use http::StatusCode;

use crate::{
    domain::{
        exchange::{Exchange, Failure, FailureKind, Outcome},
        flow::{Refusal, TokenFailure, TokenFailureKind},
    },
    secrets::Flaw,
};

/// How a run ends, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 143: told to end by SIGTERM.
    Terminated,
    /// 131: told to end by SIGQUIT.
    QuitBySignal,
    /// 129: the terminal is gone.
    HungUp,
    /// 130: cancelled by the person.
    Cancelled,
    /// 1: a bug of ours, output that cannot be written, or a step of `demo` that failed.
    Failed,
    /// 2: usage, config, no terminal, or a rule of ours that refused a call before anything was sent.
    Usage,
    /// 3: the token endpoint refused the credentials, or none were given.
    Credentials,
    /// 6: network, TLS, an incomplete answer, or another failed token call.
    Network,
    /// 7: a limit on size or total time.
    Limit,
    /// 5: the API answered 5xx.
    ServerError,
    /// 4: the API answered 4xx.
    ClientError,
    /// 0: done.
    Done,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Credentials => 3,
            Self::ClientError => 4,
            Self::ServerError => 5,
            Self::Network => 6,
            Self::Limit => 7,
            Self::HungUp => 129,
            Self::Cancelled => 130,
            Self::QuitBySignal => 131,
            Self::Terminated => 143,
        }
    }

    /// What a call comes to. A renewal that failed counts as well as the 401 that asked for it; the worse of both is told.
    pub fn of(exchange: &Exchange) -> Self {
        let renewal = exchange.renewal.as_deref().map_or(Self::Done, Self::of_token_failure);
        let outcome = match &exchange.outcome {
            Outcome::Answered => exchange.status().map_or(Self::Failed, Self::of_status),
            Outcome::Failed(failure) => Self::of_failure(failure.kind),
            Outcome::NoToken(failure) => Self::of_token_failure(failure),
            Outcome::Refused(refusal) => Self::of_refusal(refusal),
            Outcome::Cancelled => Self::Cancelled,
        };
        renewal.min(outcome)
    }

    fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            ..400 => Self::Done,
            400..500 => Self::ClientError,
            500.. => Self::ServerError,
        }
    }

    fn of_failure(kind: FailureKind) -> Self {
        match kind {
            FailureKind::TotalTime | FailureKind::TooLarge | FailureKind::NoRoom => Self::Limit,
            FailureKind::RequestBody => Self::Usage,
            FailureKind::Internal => Self::Failed,
            FailureKind::Dns
            | FailureKind::Connect
            | FailureKind::ConnectTimeout
            | FailureKind::Tls
            | FailureKind::Broken
            | FailureKind::Incomplete
            | FailureKind::Undecodable
            | FailureKind::Idle
            | FailureKind::Redirect => Self::Network,
        }
    }

    /// What a failed token call comes to; one that was never made was refused by a rule of ours.
    pub fn of_token_failure(failure: &TokenFailure) -> Self {
        match failure.kind {
            TokenFailureKind::CredentialsRefused => Self::Credentials,
            TokenFailureKind::Internal => Self::Failed,
            TokenFailureKind::Rejected if failure.call.is_none() => Self::Usage,
            TokenFailureKind::Rejected
            | TokenFailureKind::Throttled { .. }
            | TokenFailureKind::Unavailable
            | TokenFailureKind::NotAToken
            | TokenFailureKind::Superseded => Self::Network,
        }
    }

    /// What a refusal of ours comes to.
    pub fn of_refusal(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::NoCredential { .. } | Refusal::SecretUnavailable { .. } | Refusal::NoTokenYet => Self::Credentials,
            Refusal::Untrusted { .. }
            | Refusal::UnboundOrigin { .. }
            | Refusal::PlainHttp(_)
            | Refusal::TokenGone(_) => Self::Usage,
        }
    }

    /// What an error of a command comes to. Whoever read our output and went away has had enough: that is no error.
    pub fn of_error(error: &anyhow::Error) -> Self {
        let closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        match error.downcast_ref::<Stop>() {
            Some(stop) => stop.exit,
            None if error.chain().any(|cause| cause.downcast_ref().is_some_and(closed)) => Self::Done,
            None => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

/// An error whose exit code is known where it arises.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{text}")]
pub struct Stop {
    /// How the run ends.
    pub exit: Exit,
    /// What failed, on what, and why.
    pub text: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What the token endpoint said, where it was that which failed; no secret in it.
    pub answer: Option<String>,
}

impl Stop {
    /// Something about the command line, the environment or the config file.
    pub fn usage(text: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, text: text.into(), hint: None, answer: None }
    }

    /// A rule of ours.
    pub fn refused(refusal: &Refusal) -> Self {
        let exit = Exit::of_refusal(refusal);
        Self { exit, text: refusal.to_string(), hint: Some(refusal.hint()), answer: None }
    }

    /// A secret that cannot be had, or kept, there.
    pub fn no_secret(place: impl fmt::Display, flaw: Flaw) -> Self {
        let text = format!("{place}: {}", flaw.why);
        Self { exit: Exit::Credentials, text, hint: Some(flaw.mend), answer: None }
    }

    /// A token call that failed.
    pub fn no_token(failure: &TokenFailure) -> Self {
        let answer = failure.call.as_ref().map(|call| call.body.clone()).filter(|body| !body.is_empty());
        Self { exit: Exit::of_token_failure(failure), text: failure.text.clone(), hint: failure.hint.clone(), answer }
    }

    /// A call that ended without a whole answer.
    pub fn failed(failure: &Failure) -> Self {
        let exit = Exit::of_failure(failure.kind);
        Self { exit, text: failure.text.clone(), hint: failure.hint.clone(), answer: None }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

#[cfg(test)]
mod tests;
