//! What can be known of a refused call, one thing each, as it was seen: the rules compare, nothing here does.

use super::carried::Flaw;

/// One thing known of a refused call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The status of the refusal.
    Status(u16),
    /// Who refused: the host of the API.
    Api(String),
    /// The host of the token endpoint.
    TokenEndpoint(String),
    /// The schemes of the challenges, where there is one.
    Schemes(Vec<String>),
    /// The `error` of the Bearer challenge, and the scope it wants.
    Error {
        /// The code (RFC 6750 §3.1).
        code: String,
        /// The `scope`.
        scope: Option<String>,
    },
    /// No token was sent, on purpose.
    SentNothing,
    /// What was sent was typed by hand.
    SentTyped,
    /// An older token was sent, on purpose: its name.
    SentOlder(String),
    /// The policy sends, and renews nothing unasked.
    Manual,
    /// The refusal was to be shown as it is.
    NoReplay,
    /// The header field that the token was sent in.
    SentIn(String),
    /// The scheme that it was sent by.
    SentBy(String),
    /// What is wrong with the form of what was sent.
    Flawed(Flaw),
    /// A redirect to another origin, which the token did not follow.
    LeftBehind {
        /// From where.
        from: String,
        /// To where.
        to: String,
    },
    /// What was left of the token by our clock when it was sent, in seconds; below zero it was over.
    Left {
        /// Its name.
        token: String,
        /// How much.
        seconds: i64,
    },
    /// The server's clock minus ours, in seconds, by the `Date` of the refusal.
    ServerClock(i64),
    /// When the token begins (`nbf`, else `iat`), in seconds from when it was sent.
    Begins(i64),
    /// When the token ends by its own `exp`, in seconds from when it was sent.
    Ends(i64),
    /// Its `iss`.
    Issuer(String),
    /// Its `aud`.
    Audience(Vec<String>),
    /// The audience that it was asked for.
    AudienceAsked(String),
    /// The scope that it was asked for.
    ScopeAsked(String),
    /// The scope that came with it.
    ScopeGranted(String),
    /// It is bound to something that was not shown (`cnf`, RFC 7800): to what.
    Bound(&'static str),
    /// A token that was issued for this call was refused too.
    FreshRefused {
        /// Its name.
        token: String,
        /// Its age when it was sent, in milliseconds.
        age: u64,
    },
    /// This endpoint refused a fresh token within the last minute.
    KnownFutile,
    /// The next token was accepted.
    NextAccepted(String),
    /// This endpoint accepted the same token before.
    AcceptedBefore(String),
    /// Another endpoint of the same origin accepted a token that was refused here: which endpoint, which token.
    AcceptedElsewhere {
        /// Method and path.
        place: String,
        /// Its name.
        token: String,
    },
    /// A newer token was accepted by the same origin.
    NewerAccepted(String),
    /// Tokens in a row that were accepted once and refused the second time.
    UsedUp(usize),
    /// The token endpoint gave the refused token again.
    SameAgain,
    /// The token endpoint refused the credentials.
    CredentialsRefused,
    /// It has issued a token for the same secret before: its name.
    IssuedBefore(String),
    /// It gave something that is no token: the media type.
    NoToken(String),
    /// It gave an answer that is final and not about the credentials.
    TokenStatus(u16),
    /// It gave no token for a while or could not be reached, in words.
    NoTokenNow(String),
    /// Why the call was not repeated, in words.
    NotRepeated(String),
    /// The media type of the refusal.
    MediaType(String),
    /// The media type that this origin answered with before.
    MediaTypeBefore(String),
    /// The `Server` of the refusal.
    Server(String),
    /// The `Server` that this origin named before.
    ServerBefore(String),
    /// The proxy of ours that it went through.
    Proxy(String),
    /// How many seconds old the answer is by its own word (`Age`).
    Age(u64),
}

/// Facts, at most one of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<Fact>);

impl Facts {
    /// The same and one more; the first of a kind counts.
    #[must_use]
    pub fn with(mut self, fact: Fact) -> Self {
        self.add(fact);
        self
    }

    /// The same and those of another; the first of a kind counts.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        more.0.into_iter().fold(self, Self::with)
    }

    pub(super) fn add(&mut self, fact: Fact) {
        if !self.0.iter().any(|known| std::mem::discriminant(known) == std::mem::discriminant(&fact)) {
            self.0.push(fact);
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.0.iter()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What `pick` takes from one of them.
    pub(super) fn find<'a, T>(&'a self, pick: impl Fn(&'a Fact) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(pick)
    }

    /// Whether it is one of them.
    pub(super) fn has(&self, fact: &Fact) -> bool {
        self.0.contains(fact)
    }
}
