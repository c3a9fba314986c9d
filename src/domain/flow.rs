//! The one account of what happened: the engine tells [`FlowEvent`]s, everybody else reads them.

use std::{path::PathBuf, sync::Arc, time::Duration};

use http::{Method, StatusCode};
use jiff::Timestamp;
use url::Url;

use super::{
    clock::Boot,
    exchange::{Answer, ExchangeId, Failure, HeaderField, SentWith},
    origin::Origin,
    token::{TokenFacts, TokenRef},
};

pub mod words;

/// A fact about an exchange, or about a token call that no exchange asked for.
#[derive(Clone, Debug)]
pub struct FlowEvent {
    /// Whose; `None` for a renewal in the background or by a key.
    pub exchange: Option<ExchangeId>,
    /// When, on the boot clock.
    pub at: Boot,
    /// When, on the wall.
    pub wall: Timestamp,
    /// What.
    pub step: FlowStep,
}

/// What can happen.
#[derive(Clone, Debug)]
pub enum FlowStep {
    /// The token at hand serves this call.
    TokenReused(TokenRef),
    /// A token call went out; the attempt within its flight, from 1.
    TokenRequested {
        /// Where to.
        url: Url,
        /// Which of at most three.
        attempt: u32,
    },
    /// A token came and was installed.
    TokenIssued {
        /// It.
        token: Arc<TokenFacts>,
        /// The call it came by.
        call: Arc<TokenCall>,
    },
    /// A token call failed for good, for this flight.
    TokenFailed(Arc<TokenFailure>),
    /// A request went out.
    RequestSent {
        /// 1, or 2 for the replay.
        attempt: u32,
        /// Its method.
        method: Method,
        /// Its address.
        url: Url,
        /// What it carried.
        with: SentWith,
        /// The proxy it went through.
        via: Option<String>,
    },
    /// An answer sent us elsewhere, and we went.
    Redirected {
        /// The status that did.
        status: StatusCode,
        /// Where to.
        to: Url,
        /// Whether the token stayed behind because the origin is another one.
        token_dropped: bool,
    },
    /// The head of an answer came.
    HeadReceived {
        /// It; its body is arriving and can be read as it comes.
        answer: Arc<Answer>,
        /// From sending to here.
        after: Duration,
    },
    /// More of the body came.
    BodyProgress {
        /// Bytes so far.
        received: u64,
        /// Bytes announced.
        expected: Option<u64>,
    },
    /// A 401 that names the token it refuses.
    Challenged {
        /// What the request carried.
        with: SentWith,
        /// Whether another token may heal it.
        renewable: bool,
    },
    /// This call starts the renewal.
    RenewStarted {
        /// The token refused, or `None` when there was none.
        refused: Option<TokenRef>,
    },
    /// This call waits for a renewal that another one started.
    RenewJoined,
    /// The renewal failed; the 401 stands.
    RenewFailed(Arc<TokenFailure>),
    /// Nothing goes out before an instant.
    Waiting {
        /// That instant.
        until: Boot,
        /// Why, in words.
        why: String,
    },
    /// The request goes out again with a new token.
    Replayed(TokenRef),
    /// The connection died before a byte of an answer; an idempotent request goes out once more.
    Reconnected,
    /// The end: an answer, complete.
    Completed {
        /// Its status.
        status: StatusCode,
        /// Length of its body.
        size: u64,
        /// From the key to here.
        took: Duration,
    },
    /// The end: a 401 that another token would not heal, or did not.
    GaveUp {
        /// In words.
        why: String,
    },
    /// The end: our own rule.
    Refused(Refusal),
    /// The end: no answer, or an incomplete one.
    Failed(Failure),
    /// The end: the person cancelled.
    Cancelled,
}

/// A token call as it went out and came back, without a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCall {
    /// Where to.
    pub url: Url,
    /// How it was written: `json`, `form-body`, `form-basic`.
    pub wire: &'static str,
    /// The request as it was handed to the HTTP library, a line each; something stands in for the secret.
    pub request: Vec<String>,
    /// When the last attempt was sent.
    pub sent: Timestamp,
    /// How long the flight took.
    pub took: Duration,
    /// How many attempts it had.
    pub attempts: u32,
    /// The status of the answer, if one came.
    pub status: Option<StatusCode>,
    /// The header fields of the answer.
    pub headers: Vec<HeaderField>,
    /// The body of the answer as text, at most 64 KiB, secrets masked.
    pub body: String,
}

/// Why no token came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct TokenFailure {
    /// Of which kind.
    pub kind: TokenFailureKind,
    /// What failed, on what, and why; no secret in it.
    pub text: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The call, where one was made.
    pub call: Option<Arc<TokenCall>>,
}

/// Kinds of a failed token call; the machine and the exit code follow from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFailureKind {
    /// The credentials were refused: nothing is asked again until they change.
    CredentialsRefused,
    /// A final answer that is not about the credentials (404, 415, …): quiet for 60 s or until an edit.
    Rejected,
    /// The endpoint said when to come back.
    Throttled {
        /// In how long.
        retry_after: Duration,
    },
    /// 5xx, 408, no connection, a cut answer: after the retries, a growing pause.
    Unavailable,
    /// An answer that is no token: HTML, no `access_token`, a redirect. A pause of 5 s.
    NotAToken,
    /// The credentials were edited while the token was on its way.
    Superseded,
    /// A bug of ours: the task ended without an answer.
    Internal,
}

impl TokenFailureKind {
    /// What to do about one of this kind, where nothing better is known.
    pub fn hint(self) -> &'static str {
        match self {
            Self::CredentialsRefused => "check client id and secret; `R` asks once more",
            Self::Rejected => "check the token URL and the form of the token request: json, form-body or form-basic",
            Self::Throttled { .. } => "nothing is asked before then, unless by `R`",
            Self::Unavailable => "check the token URL, or ask again later; `R` asks at once",
            Self::NotAToken => "check the token URL",
            Self::Superseded => "send once more",
            Self::Internal => "this is a bug of authscope",
        }
    }
}

/// A rule of ours that stopped a call before anything was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A credential is bound to its origins.
    #[error("`{origin}` is not an origin of profile `{profile}`; its token goes to {} only", list(bound))]
    UnboundOrigin {
        /// Where the call would have gone.
        origin: Origin,
        /// Whose token.
        profile: String,
        /// Where it may go.
        bound: Vec<Origin>,
    },
    /// Secrets travel encrypted, or stay on this machine.
    #[error("`{0}` is plain http and not on this machine; a secret sent there can be read on the way")]
    PlainHttp(Origin),
    /// The profile has no credential, or the credential no secret.
    #[error("profile `{profile}` has no client secret")]
    NoCredential {
        /// Which profile.
        profile: String,
        /// What to give, in words.
        give: String,
    },
    /// The secret, or the key of the client certificate, cannot be had from its source.
    #[error("the {what} of profile `{profile}` cannot be had ({from}): {why}")]
    SecretUnavailable {
        /// Which of the two.
        what: &'static str,
        /// Which profile.
        profile: String,
        /// Its source.
        from: String,
        /// What is wrong; no secret in it.
        why: String,
        /// What to do about it.
        mend: String,
    },
    /// The secret is named by a project file that is not trusted.
    #[error("project file {} is not trusted, so no secret that it names is used for profile `{profile}`", .file.display())]
    Untrusted {
        /// Which profile.
        profile: String,
        /// The project file.
        file: PathBuf,
    },
    /// Policy `manual` has no token.
    #[error("policy is manual and there is no token; nothing was sent")]
    NoTokenYet,
    /// The token asked for on purpose is gone.
    #[error("{0} is no longer in memory; only the last 8 of a key are kept")]
    TokenGone(super::token::TokenSerial),
}

impl Refusal {
    /// What to do about it, key or option first.
    pub fn hint(&self) -> String {
        match self {
            Self::UnboundOrigin { origin, .. } => {
                format!("add `{origin}` to `allowed-origins` of the profile, or send without its token")
            }
            Self::PlainHttp(origin) => {
                format!("use https, or name the origin as an exception: `--insecure-http {origin}`")
            }
            Self::NoCredential { give, .. } => give.clone(),
            Self::SecretUnavailable { mend, .. } => mend.clone(),
            Self::Untrusted { .. } => "`authscope trust` shows what it would run and send, and trusts it".to_owned(),
            Self::NoTokenYet => "`R` fetches a token, `S` sends without one".to_owned(),
            Self::TokenGone(_) => "choose another token, or send without one".to_owned(),
        }
    }
}

fn list(origins: &[Origin]) -> String {
    origins.iter().map(|origin| format!("`{origin}`")).collect::<Vec<_>>().join(", ")
}
