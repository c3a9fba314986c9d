//! Everything the sandbox does on order: the vocabulary of its in-process handle and of its control routes.
//!
//! By HTTP an order is `POST /_sandbox/control/<name>` with its fields as a JSON object, names in kebab-case
//! (`revoke-all`), fields in snake_case. Values only; `scenario` keeps what is in force.

use std::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, de::Error as _};

/// One order. Orders about answers and waits replace the one before them on the same endpoint.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "order", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Order {
    /// Every token issued so far is refused, although its `exp` is in the future.
    RevokeAll,
    /// The token issued last is refused.
    RevokeLast,
    /// The token with this serial number (its `gen` claim) is refused.
    Revoke {
        /// Counts from 1.
        serial: u64,
    },
    /// The endpoint gives this answer instead of its own.
    Answer {
        /// Where.
        endpoint: Endpoint,
        /// What.
        answer: Answer,
        /// How many calls feel it; `None` is all of them.
        #[serde(default)]
        times: Option<u32>,
    },
    /// The endpoint waits before it looks at the request at all, so a token revoked meanwhile is refused.
    Wait {
        /// Where.
        endpoint: Endpoint,
        /// How long.
        wait: Wait,
        /// How many calls feel it; `None` is all of them.
        #[serde(default)]
        times: Option<u32>,
    },
    /// Lets hanging calls go on, the longest waiting first.
    Release {
        /// Where.
        endpoint: Endpoint,
        /// How many; `None` is all of them.
        #[serde(default)]
        calls: Option<usize>,
    },
    /// The endpoint answers as usual again, and its hanging calls go on.
    Normal {
        /// Where.
        endpoint: Endpoint,
    },
    /// Tokens issued from now on live this long.
    Lifetime {
        /// Whole seconds count.
        #[serde(rename = "seconds", deserialize_with = "seconds")]
        life: Duration,
    },
    /// What the token answer says as `expires_in`; the tokens live as long as before.
    ExpiresIn {
        /// The member's value.
        field: Field,
    },
    /// What the token answer says as `token_type`.
    TokenType {
        /// The member's value.
        field: Field,
    },
    /// Tokens are random text instead of JWTs.
    OpaqueTokens {
        /// Whether they are.
        on: bool,
    },
    /// The token endpoint gives the token issued last again, whatever became of it.
    SameToken {
        /// Whether it does.
        on: bool,
    },
    /// Tokens claim this from now on beside the usual, or instead of it; `null` takes a claim away. A token whose `iss`,
    /// `aud` or `cnf` was changed so is not one that the API takes.
    Claims {
        /// The claims.
        set: serde_json::Map<String, serde_json::Value>,
    },
    /// A token is taken once.
    OneUse {
        /// Whether it is.
        on: bool,
    },
    /// Tokens are padded to this many bytes at least.
    Pad {
        /// 0 adds nothing.
        bytes: usize,
    },
    /// The token endpoint takes credentials in one way only.
    Accept {
        /// The way; `None` takes all three.
        only: Option<TokenRequest>,
    },
    /// The API lets calls in that it has to refuse.
    LetIn {
        /// Which; `None` is none.
        calls: Option<Unchecked>,
    },
    /// The server's clock is off: `Date`, `iat`, `nbf`, `exp`, creation times and the check of tokens.
    Clock {
        /// Ahead of the true time, or behind it.
        offset_seconds: i64,
    },
    /// The node that checks tokens has a clock of its own, off by this from the one that issues them; it dates its answers
    /// by it.
    CheckingClock {
        /// Ahead of the issuing clock, or behind it.
        offset_seconds: i64,
    },
    /// What the `Date` header says.
    Date {
        /// The header.
        date: Dating,
    },
    /// An `Age` header on every answer, as from a cache.
    Age {
        /// `None` sends none.
        seconds: Option<u64>,
    },
    /// Connections without a call in them are closed, as by a keep-alive limit.
    CloseIdle,
    /// Everything is normal again. Revoked tokens stay revoked.
    Reset,
}

/// Calls that a server which is set up wrongly lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unchecked {
    /// Those without a token.
    Bare,
    /// Those with a token whose signature is not looked at, or that is not known.
    Altered,
}

/// The two kinds of calls: for a token, and everything else but control and journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `POST /api/token`.
    Token,
    /// Every other route but control and journal.
    Api,
}

/// An answer out of the ordinary.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Token endpoint: the credentials count as wrong. API: the documented 401.
    Refuse,
    /// The documented 401 with these `WWW-Authenticate` header fields; one that is no legal field value is left out.
    Challenge(Vec<String>),
    /// 403 with a `Bearer` challenge `insufficient_scope` that names this scope (RFC 6750 §3.1).
    Scope(String),
    /// This status.
    Status {
        /// 200 to 999.
        status: u16,
        /// `Retry-After` as it stands: seconds, an HTTP date or junk.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// 200 with an HTML page.
    Html,
    /// The usual answer, its body ended after half; the framing says that this is all.
    Cut,
    /// The connection is closed before any answer.
    Drop,
    /// The usual answer, the connection closed after half of the body.
    DropHalf,
    /// A redirect.
    Redirect {
        /// The `Location`.
        to: String,
        /// 301, 302, 303, 307 or 308.
        status: u16,
    },
    /// This answer and no other; `{{token}}` in the body becomes a freshly issued token.
    Raw {
        /// 200 to 999.
        status: u16,
        /// The `Content-Type`; empty sends none.
        content_type: String,
        /// The body.
        body: String,
    },
}

/// What happens before a request is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// A delay by the injected sleep.
    #[serde(deserialize_with = "seconds")]
    Seconds(Duration),
    /// No answer until [`Order::Release`], [`Order::Normal`] or [`Order::Reset`], or until the client closes.
    Hang,
}

/// One member of the token answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// As documented.
    #[default]
    Usual,
    /// Left out.
    Missing,
    /// This JSON text as it stands, be it JSON or not.
    Json(String),
}

/// The `Date` header of every answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dating {
    /// The server's clock.
    #[default]
    Usual,
    /// None.
    Missing,
    /// This text.
    Text(String),
}

/// A way to ask for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenRequest {
    /// A JSON object with `client_id` and `client_secret`: the documented way.
    Json,
    /// A form with the credentials in it (RFC 6749 §2.3.1).
    FormBody,
    /// A form, the credentials by HTTP Basic (RFC 6749 §2.3.1).
    FormBasic,
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(D::Error::custom)
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "token endpoint",
            Self::Api => "API",
        })
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse => f.write_str("answers 401"),
            Self::Challenge(fields) => write!(f, "answers 401 with {} challenge fields", fields.len()),
            Self::Scope(scope) => write!(f, "answers 403, wants the scope `{scope}`"),
            Self::Status { status, retry_after: None } => write!(f, "answers {status}"),
            Self::Status { status, retry_after: Some(when) } => write!(f, "answers {status}, Retry-After `{when}`"),
            Self::Html => f.write_str("answers 200 with HTML"),
            Self::Cut => f.write_str("cuts its JSON"),
            Self::Drop => f.write_str("drops the connection"),
            Self::DropHalf => f.write_str("drops the connection within the body"),
            Self::Redirect { to, status } => write!(f, "redirects by {status} to `{to}`"),
            Self::Raw { status, .. } => write!(f, "answers {status} with a body on order"),
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(delay) => write!(f, "waits {} s", delay.as_secs_f64()),
            Self::Hang => f.write_str("hangs"),
        }
    }
}
