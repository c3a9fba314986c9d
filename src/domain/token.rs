//! The main character: a bearer token, its generation, its life, and what becomes of it.
//!
//! [`Token`] holds the secret and stays in the engine. Everything else, the screen too, holds [`TokenFacts`].

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{
    clock::Boot,
    flow::TokenFailure,
    jwt::Jwt,
    secret::{Fingerprint, Secret},
};

/// Counted up at every issue for one key. A 401 names the generation it was refused with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Generation(pub u64);

/// `tok#N` on screen: counts every token of a run, whatever its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenSerial(pub u64);

impl fmt::Display for TokenSerial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tok#{}", self.0)
    }
}

/// How a token was written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// More than its margin left, or a life nobody told.
    Fresh,
    /// Within its margin: it still serves, and is renewed in the background.
    Stale,
    /// By our clock it is over. It is never sent by itself.
    Expired,
}

/// A token with its secret. The engine alone holds one.
#[derive(Debug)]
pub struct Token {
    /// The text that goes behind `Bearer`.
    pub secret: Arc<Secret>,
    /// All else about it.
    pub facts: Arc<TokenFacts>,
}

/// What is known of a token, without the token.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenFacts {
    /// `tok#N`.
    pub serial: TokenSerial,
    /// Which generation of its key it is.
    pub generation: Generation,
    /// Stands for its text.
    pub fingerprint: Fingerprint,
    /// Length of its text in bytes.
    pub size: usize,
    /// When the token call was sent: life is counted from here, so that an error only makes us early.
    pub sent: Boot,
    /// The same on the wall.
    pub issued: Timestamp,
    /// How long it lives from `sent`; `None` when nobody told, zero when it is good for the call in hand only.
    pub life: Option<Duration>,
    /// How long before its end it counts as stale. Drawn once.
    pub margin: Duration,
    /// The server's clock minus ours at the issue, in milliseconds, where it could be measured.
    pub skew_ms: Option<i64>,
    /// The scope granted, where the answer names one.
    pub scope: Option<String>,
    /// What it says of itself, when it is a JWT; `None` is an opaque token.
    pub jwt: Option<Jwt>,
    /// What was odd about the answer it came in.
    pub notes: Vec<TokenNote>,
}

/// Something odd in a token answer that was taken all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenNote {
    /// `token_type` was not there; Bearer is assumed.
    TypeMissing,
    /// `expires_in` was not a life that can be used; the text as sent, at most 40 characters.
    LifeUnreadable(String),
    /// `expires_in` and the JWT's own life differ by more than 60 s; the earlier counts. Both in seconds.
    LivesDiffer {
        /// `expires_in`.
        told: u64,
        /// `exp - iat`.
        claimed: u64,
    },
    /// The same text, or an expiry no later than before.
    NothingNew,
    /// The scope granted is not the scope asked for.
    ScopeDiffers,
    /// Another run got it, and kept it for this one.
    Shared,
}

/// A token's names, small enough for every event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenRef {
    /// `tok#N`.
    pub serial: TokenSerial,
    /// Its generation.
    pub generation: Generation,
}

impl TokenFacts {
    /// Its names.
    pub fn names(&self) -> TokenRef {
        TokenRef { serial: self.serial, generation: self.generation }
    }

    /// When it ends by our clock.
    pub fn expiry(&self) -> Option<Boot> {
        self.life.map(|life| self.sent + life)
    }

    /// From when on it is stale, so renewed in the background.
    pub fn stale_from(&self) -> Option<Boot> {
        self.expiry().map(|expiry| expiry - self.margin)
    }

    /// What is left of it; zero when it is over, `None` when its life is unknown.
    pub fn remaining(&self, now: Boot) -> Option<Duration> {
        self.expiry().map(|expiry| expiry.since(now))
    }

    /// How fresh it is at `now`.
    pub fn freshness(&self, now: Boot) -> Freshness {
        match (self.expiry(), self.stale_from()) {
            (Some(expiry), _) if now >= expiry => Freshness::Expired,
            (_, Some(stale)) if now >= stale => Freshness::Stale,
            _ => Freshness::Fresh,
        }
    }

    /// When it ends on the wall, for display.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.issued.checked_add(self.life?).ok()
    }
}

/// The margin of a token: `min(60 s, life / 10)`, or the lead that a person wants but no more than half of the life,
/// times a factor drawn once between 0.8 and 1.2.
pub fn margin(life: Duration, lead: Option<Duration>, factor: f64) -> Duration {
    let margin = lead.map_or(Duration::from_mins(1).min(life / 10), |lead| lead.min(life / 2));
    margin.mul_f64(factor.clamp(0.8, 1.2))
}

/// When a token is fetched, and whether it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TokenPolicy {
    /// One token for many calls, renewed near its end.
    #[default]
    Reuse,
    /// A new token for each send, dropped after it: what the documentation recommends.
    PerTransaction,
    /// Nothing is fetched, renewed or replayed unasked.
    Manual,
}

impl TokenPolicy {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Reuse, Self::PerTransaction, Self::Manual];

    /// As written in the config file and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reuse => "reuse",
            Self::PerTransaction => "per-transaction",
            Self::Manual => "manual",
        }
    }

    /// The policy of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.name() == name)
    }
}

/// What a key's slot looks like from outside, at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TokenStatus {
    /// The token in the slot, if there is one: usable, stale or expired.
    pub token: Option<Arc<TokenFacts>>,
    /// How many calls went out with it.
    pub used: u64,
    /// When a token call went out last.
    pub asked: Option<Timestamp>,
    /// A token call that is on its way, and since when.
    pub fetching_since: Option<Boot>,
    /// No token call before this instant, and the failure that is why.
    pub held_until: Option<(Boot, Arc<TokenFailure>)>,
    /// The token endpoint refused the credentials; nothing is asked until they change.
    pub credentials_refused: Option<Arc<TokenFailure>>,
    /// The last token that a server refused, and when, until another answer or another token comes.
    pub refused: Option<(Arc<TokenFacts>, Timestamp)>,
    /// Whether the token will be renewed by a timer.
    pub renews_by_timer: bool,
    /// Tokens that were there before, newest first, at most eight, and how each ended.
    pub earlier: Vec<(Arc<TokenFacts>, TokenEnd, Timestamp)>,
}

/// How a token ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenEnd {
    /// A newer one took its place.
    Replaced,
    /// A server answered 401 to it.
    Refused,
    /// Its life was over by our clock when the next one was fetched.
    Expired,
    /// Dropped on purpose, or after its transaction.
    Dropped,
}

impl TokenEnd {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Replaced => "renewed",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Dropped => "dropped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::FingerprintKey;

    fn facts(life: Option<u64>) -> TokenFacts {
        let life = life.map(Duration::from_secs);
        TokenFacts {
            serial: TokenSerial(1),
            generation: Generation(1),
            fingerprint: FingerprintKey::new(&[0; 32]).fingerprint(&Secret::new("x")),
            size: 1,
            sent: Boot(Duration::from_secs(100)),
            issued: Timestamp::UNIX_EPOCH,
            life,
            margin: life.map_or(Duration::ZERO, |life| margin(life, None, 1.0)),
            skew_ms: None,
            scope: None,
            jwt: None,
            notes: Vec::new(),
        }
    }

    fn at(seconds: u64) -> Boot {
        Boot(Duration::from_secs(seconds))
    }

    #[test]
    fn a_token_is_fresh_then_stale_within_its_margin_then_expired() {
        let token = facts(Some(1800));
        assert_eq!(token.freshness(at(100 + 1739)), Freshness::Fresh);
        assert_eq!(token.freshness(at(100 + 1740)), Freshness::Stale);
        assert_eq!(token.freshness(at(100 + 1800)), Freshness::Expired);
    }

    #[test]
    fn an_unknown_life_never_ends_by_our_clock() {
        assert_eq!(facts(None).freshness(at(u64::MAX / 4)), Freshness::Fresh);
        assert_eq!(facts(None).remaining(at(0)), None);
    }

    #[test]
    fn the_margin_scales_with_short_lives() {
        assert_eq!(margin(Duration::from_secs(1800), None, 1.0), Duration::from_mins(1));
        assert_eq!(margin(Duration::from_secs(20), None, 1.0), Duration::from_secs(2));
        assert_eq!(margin(Duration::from_secs(20), None, 9.0), Duration::from_millis(2400));
    }

    #[test]
    fn a_lead_that_is_wanted_is_kept_but_never_the_whole_life() {
        let lead = Some(Duration::from_mins(5));
        assert_eq!(margin(Duration::from_secs(1800), lead, 1.0), Duration::from_mins(5));
        assert_eq!(margin(Duration::from_secs(60), lead, 1.2), Duration::from_secs(36));
    }
}
