//! One call a person made: one or two attempts, each with its redirect hops, as they went out and came back.
//!
//! No secret stands in here: header values that carry one are kept as [`FieldValue::Hidden`].

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use http::{HeaderName, HeaderValue, Method, StatusCode, Version, header};
use jiff::Timestamp;
use url::Url;

use super::{
    clock::Boot,
    diagnosis::Diagnosis,
    flow::{Refusal, TokenFailure},
    token::{TokenPolicy, TokenRef},
};
use crate::body::{Body, encoding::Encoding};

/// Which exchange; counted up over a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub u64);

/// One call a person made, from the key to the answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Which one.
    pub id: ExchangeId,
    /// The name of the request, where it has one.
    pub name: String,
    /// The method asked for.
    pub method: Method,
    /// The address asked for.
    pub url: Url,
    /// The profile it was made under.
    pub profile: String,
    /// The policy it was made under.
    pub policy: TokenPolicy,
    /// What was chosen on purpose, in words.
    pub on_purpose: Option<String>,
    /// When it began, on the wall.
    pub started: Timestamp,
    /// When it began, on the boot clock.
    pub began: Boot,
    /// From the key to the end.
    pub took: Duration,
    /// One or two, in order.
    pub attempts: Vec<Attempt>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why a renewal that a 401 asked for failed; the 401 stands in the attempts.
    pub renewal: Option<Arc<TokenFailure>>,
    /// Why it was answered 401 or 403, where it was.
    pub diagnosis: Option<Diagnosis>,
}

impl Exchange {
    /// The last answer that came.
    pub fn answer(&self) -> Option<&Answer> {
        self.attempts.last().and_then(|attempt| attempt.hops.last()).and_then(|hop| hop.answer.as_ref())
    }

    /// The status of the last answer that came.
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.status)
    }

    /// Whether a 401 was followed by a replay that was not refused.
    pub fn healed(&self) -> bool {
        self.attempts.len() > 1 && self.status().is_some_and(|status| status != StatusCode::UNAUTHORIZED)
    }

    /// The token of the last attempt.
    pub fn token(&self) -> Option<TokenRef> {
        self.attempts.last().and_then(|attempt| attempt.sent_with.token())
    }
}

/// How an exchange ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// With an answer, whatever it says.
    Answered,
    /// Without one, or with one that is incomplete.
    Failed(Failure),
    /// No token could be had, so nothing was sent.
    NoToken(Arc<TokenFailure>),
    /// By a rule of ours, before anything was sent.
    Refused(Refusal),
    /// By the person. What had come is kept.
    Cancelled,
}

/// One trip: a request, its redirects and the last answer.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// What stood in its `Authorization`.
    pub sent_with: SentWith,
    /// Its hops; the last one has the answer that counts.
    pub hops: Vec<Hop>,
}

/// What a request carried as its authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentWith {
    /// A token of ours.
    Token(TokenRef),
    /// A token of ours that was chosen on purpose.
    OlderToken(TokenRef),
    /// What the person typed.
    Typed,
    /// Nothing, on purpose.
    Nothing,
}

impl SentWith {
    /// The token of ours, if it was one.
    pub fn token(self) -> Option<TokenRef> {
        match self {
            Self::Token(token) | Self::OlderToken(token) => Some(token),
            Self::Typed | Self::Nothing => None,
        }
    }
}

impl fmt::Display for SentWith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(token) => write!(f, "{}", token.serial),
            Self::OlderToken(token) => write!(f, "{} on purpose", token.serial),
            Self::Typed => f.write_str("typed by hand"),
            Self::Nothing => f.write_str("no token"),
        }
    }
}

/// One request to one address, and what came back.
#[derive(Clone, Debug)]
pub struct Hop {
    /// As handed to the HTTP library.
    pub request: SentRequest,
    /// When it was sent.
    pub sent: Timestamp,
    /// The answer, if a head came.
    pub answer: Option<Answer>,
    /// How long each phase took.
    pub timings: Timings,
    /// Who answered.
    pub remote: Option<SocketAddr>,
    /// What is known of the encryption.
    pub tls: Option<TlsFacts>,
    /// The proxy it went through.
    pub via: Option<String>,
    /// Whether it is the one repeat after a connection that died before a byte of an answer.
    pub reconnected: bool,
    /// What went wrong on this hop.
    pub failure: Option<Failure>,
}

/// A request as it was sent.
#[derive(Clone, Debug)]
pub struct SentRequest {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// Every header field, in order.
    pub headers: Vec<HeaderField>,
    /// Length of the body.
    pub size: u64,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The protocol version.
    pub version: Version,
    /// The status.
    pub status: StatusCode,
    /// The header fields, in the order received.
    pub headers: Vec<HeaderField>,
    /// The body, decoded: what came so far, and whether that is all.
    pub body: Body,
}

impl Answer {
    /// The text of the first header field of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|field| field.name == name).and_then(HeaderField::text)
    }

    /// How the body was sent, by its head.
    pub fn encoding(&self) -> Encoding {
        let fields = self.headers.iter().filter(|field| field.name == header::CONTENT_ENCODING);
        Encoding::of(fields.filter_map(|field| match &field.value {
            FieldValue::Shown(value) => Some(value.as_bytes()),
            FieldValue::Hidden { .. } => None,
        }))
    }
}

/// A header field as it stands in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderField {
    /// Its name.
    pub name: HeaderName,
    /// Its value, unless that is a secret.
    pub value: FieldValue,
}

/// The value of a header field as it stands in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// As on the wire.
    Shown(HeaderValue),
    /// A secret: what stands for it.
    Hidden {
        /// The scheme in front of it (`Bearer`).
        scheme: Option<String>,
        /// `tok#3`, or `typed`.
        pseudonym: String,
        /// Length of the whole value in bytes.
        size: usize,
    },
}

impl HeaderField {
    /// The value as text, if it is shown and is text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            FieldValue::Shown(value) => std::str::from_utf8(value.as_bytes()).ok(),
            FieldValue::Hidden { .. } => None,
        }
    }
}

/// How long each phase of a hop took; `None` where there was no such phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Name to address.
    pub dns: Option<Duration>,
    /// Address to connected socket.
    pub connect: Option<Duration>,
    /// Socket to encrypted connection.
    pub tls: Option<Duration>,
    /// Whether an open connection was used.
    pub reused: bool,
    /// From sending to the head of the answer, the phases above not counted.
    pub wait: Option<Duration>,
    /// From the head to the last byte.
    pub download: Option<Duration>,
    /// From first to last.
    pub total: Duration,
}

/// What the library tells of an encrypted connection. It does not tell the cipher suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// `TLS 1.3`, where told.
    pub version: Option<String>,
    /// The certificates that the server showed, its own first.
    pub chain: Arc<[Certificate]>,
}

/// A certificate of a server that was trusted (RFC 5280).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The hosts that it stands for.
    pub names: Vec<String>,
    /// From when on it counts.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// What went wrong on the way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Failure {
    /// Of which kind.
    pub kind: FailureKind,
    /// What failed, on what, and why; no secret in it.
    pub text: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Kinds of failure; the exit code follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The name could not be resolved.
    Dns,
    /// No connection.
    Connect,
    /// No connection within the limit.
    ConnectTimeout,
    /// The encryption could not be set up.
    Tls,
    /// The connection died, or what came was not HTTP.
    Broken,
    /// The body ended before its announced end.
    Incomplete,
    /// The body is not in the encoding that its head names.
    Undecodable,
    /// No byte for the idle limit.
    Idle,
    /// The total limit of time.
    TotalTime,
    /// The limit on size.
    TooLarge,
    /// No room to keep the body.
    NoRoom,
    /// A redirect that leads nowhere, or too many of them.
    Redirect,
    /// A request body that cannot be read.
    RequestBody,
    /// A bug of ours.
    Internal,
}

impl FailureKind {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Dns,
        Self::Connect,
        Self::ConnectTimeout,
        Self::Tls,
        Self::Broken,
        Self::Incomplete,
        Self::Undecodable,
        Self::Idle,
        Self::TotalTime,
        Self::TooLarge,
        Self::NoRoom,
        Self::Redirect,
        Self::RequestBody,
        Self::Internal,
    ];

    /// What to do about one of this kind, where nothing better is known.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Dns => "check the spelling of the host, and this machine's DNS",
            Self::Connect => "check the address, and that something listens there",
            Self::ConnectTimeout => "check the address, or raise `connect-timeout`",
            Self::Tls => "check the host name, the certificate and this machine's clock",
            Self::Broken | Self::Incomplete | Self::Idle => "the server may have acted: check before you repeat",
            Self::Undecodable => {
                "the server may have acted; a header field `Accept-Encoding: identity` asks for plain bytes"
            }
            Self::TotalTime => "raise `total-timeout`",
            Self::TooLarge => "raise `max-body`",
            Self::NoRoom => "make room on the disk, or lower `max-body`",
            Self::Redirect => "call the address itself that the last answer points to",
            Self::RequestBody => "check the body, and send again",
            Self::Internal => "this is a bug of authscope",
        }
    }
}
