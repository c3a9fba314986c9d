//! How the token stands, in the words of the badge, and what will happen next.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::App;
use crate::{
    config::action::{Action, Context},
    domain::{
        clock::Boot,
        figures,
        flow::TokenFailureKind,
        token::{Freshness, TokenFacts, TokenPolicy, TokenSerial, TokenStatus},
    },
};

/// How the token stands at one moment.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenState {
    /// There is none.
    NoToken,
    /// The first one is on its way, for so long.
    Fetching(Duration),
    /// It has time left by our clock, and no server has refused it; `None` is a life nobody told.
    Live(Option<Duration>),
    /// It is within its margin.
    Expiring(Duration),
    /// Another one is on its way, for so long.
    Renewing(Duration),
    /// By our clock it is over, for so long.
    Expired(Duration),
    /// A server refused it, then.
    Refused(Timestamp),
    /// The token endpoint refused the credentials.
    CredentialsRefused,
    /// Nothing is asked for so long.
    Waiting(Duration),
}

impl TokenState {
    /// How the tokens of `status` stand at `now`.
    pub fn of(status: &TokenStatus, now: Boot) -> Self {
        let fetching = status.fetching_since.map(|since| now.since(since));
        let refused = status.refused.as_ref();
        if status.credentials_refused.is_some() && fetching.is_none() {
            return Self::CredentialsRefused;
        }
        let Some(token) = &status.token else {
            return match (fetching, &status.held_until, refused) {
                (Some(time), _, None) if status.earlier.is_empty() => Self::Fetching(time),
                (Some(time), ..) => Self::Renewing(time),
                (None, Some((until, _)), _) if *until > now => Self::Waiting(until.since(now)),
                (None, _, Some((_, at))) => Self::Refused(*at),
                (None, _, None) => Self::NoToken,
            };
        };
        if let Some((_, at)) = refused.filter(|(refused, _)| refused.serial == token.serial) {
            return fetching.map_or(Self::Refused(*at), Self::Renewing);
        }
        match token.freshness(now) {
            Freshness::Expired => match (fetching, &status.held_until) {
                (Some(time), _) => Self::Renewing(time),
                (None, Some((until, _))) if *until > now => Self::Waiting(until.since(now)),
                _ => Self::Expired(token.expiry().map_or(Duration::ZERO, |expiry| now.since(expiry))),
            },
            // A renewal in the background leaves the word to the token that still serves.
            Freshness::Stale => Self::Expiring(token.remaining(now).unwrap_or_default()),
            Freshness::Fresh => fetching.map_or_else(|| Self::Live(token.remaining(now)), Self::Renewing),
        }
    }

    /// Its word in the badge.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoToken => "NO TOKEN",
            Self::Fetching(_) => "FETCHING",
            Self::Live(_) => "LIVE",
            Self::Expiring(_) => "EXPIRING",
            Self::Renewing(_) => "RENEWING",
            Self::Expired(_) => "EXPIRED",
            Self::Refused(_) => "REFUSED",
            Self::CredentialsRefused => "CREDENTIALS REFUSED",
            Self::Waiting(_) => "WAITING",
        }
    }
}

/// A piece of a sentence: words, or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Words(String),
    /// A key a person may press.
    Key(String),
}

impl Piece {
    /// What it reads, whichever it is.
    pub fn text(&self) -> &str {
        match self {
            Self::Words(text) | Self::Key(text) => text,
        }
    }
}

/// What happens next: in full, and in at most 20 columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NextStep {
    /// In full.
    pub long: Vec<Piece>,
    /// Shortened.
    pub short: Vec<Piece>,
}

impl App {
    /// How the active token stands now; with no credential there is none.
    pub fn token_state(&self) -> TokenState {
        match &self.status {
            Ok(status) => TokenState::of(status, self.now.boot),
            Err(_) => TokenState::NoToken,
        }
    }

    /// The token to speak of: the one in the slot, or the one that was refused last.
    pub fn token(&self) -> Option<&TokenFacts> {
        let status = self.status.as_ref().ok()?;
        status.token.as_deref().or_else(|| status.refused.as_ref().map(|(token, _)| &**token))
    }

    /// What is known of that token, while it is in memory.
    pub fn facts_of(&self, serial: TokenSerial) -> Option<Arc<TokenFacts>> {
        let status = self.status.as_ref().ok()?;
        let earlier = status.earlier.iter().map(|(token, ..)| token);
        status.token.iter().chain(earlier).find(|token| token.serial == serial).cloned()
    }

    /// What happens next, and which key does it.
    pub fn next_step(&self) -> NextStep {
        let (Ok(status), state) = (&self.status, self.token_state()) else {
            return self.without_credential();
        };
        let manual = self.environment.policy() == TokenPolicy::Manual;
        let per_transaction = self.environment.policy() == TokenPolicy::PerTransaction;
        let token_path = self.environment.profile().token_url.path().to_owned();
        match state {
            TokenState::NoToken if manual => self.step("{renew-token} fetches one", "{renew-token} fetches one"),
            TokenState::NoToken if per_transaction => {
                self.step("{send} fetches one for that send alone", "{send} fetches one")
            }
            TokenState::NoToken => self.step("{send} fetches one, then sends", "{send} fetches one"),
            TokenState::Fetching(_) => self.step(&format!("POST {token_path}"), "on its way"),
            TokenState::Renewing(_) => self.step(&format!("POST {token_path}"), "renewing"),
            TokenState::Live(None) => self.step("used until a 401: nobody told its life", "used until a 401"),
            TokenState::Live(Some(_)) | TokenState::Expiring(_) => self.of_living(status, manual),
            TokenState::Expired(_) if manual => {
                self.step("{send} sends it all the same, {renew-token} renews", "{renew-token} renews")
            }
            TokenState::Expired(_) => self.step("{send} renews, then sends", "{send} renews, sends"),
            TokenState::Refused(_) if manual => self.step("{renew-token} renews", "{renew-token} renews"),
            TokenState::Refused(_) => self.step("{why-refused} says why", "{why-refused} says why"),
            TokenState::CredentialsRefused => {
                let secret = self.environment.pseudonym(self.environment.credential_at());
                self.step(
                    &format!("{secret} is wrong or rotated, {{credential}} chooses, {{why-refused}} says why"),
                    "{credential} chooses, {why-refused} why",
                )
            }
            TokenState::Waiting(_) => {
                let why = status.held_until.as_ref().map(|(_, why)| match why.kind {
                    TokenFailureKind::Throttled { .. } => "the token endpoint asks to wait",
                    TokenFailureKind::Unavailable => "the token endpoint did not answer",
                    _ => "the token endpoint gave no token",
                });
                self.step(
                    &format!("{}; {{renew-token}} asks at once", why.unwrap_or("held back")),
                    "{renew-token} asks at once",
                )
            }
        }
    }

    fn of_living(&self, status: &TokenStatus, manual: bool) -> NextStep {
        let Some(token) = &status.token else { return NextStep::default() };
        let stale = token.freshness(self.now.boot) == Freshness::Stale;
        if manual {
            return if stale {
                self.step("{renew-token} renews now: policy is manual", "{renew-token} renews")
            } else {
                self.step("policy is manual", "policy is manual")
            };
        }
        if stale {
            return match status.fetching_since {
                Some(_) => self.step("renewing in the background", "renewing"),
                None => self.step("renewed at next send", "renewed at next send"),
            };
        }
        if !status.renews_by_timer {
            let at = token.expires_at().map(|at| figures::clock_short(at, &self.zone)).unwrap_or_default();
            return self.step(&format!("expires {at}, renewed at next send"), &format!("expires {at}"));
        }
        let until = token.stale_from().map_or(Duration::ZERO, |stale| stale.since(self.now.boot));
        let text = format!("renews in {}", figures::left(until));
        self.step(&text, &text)
    }

    fn without_credential(&self) -> NextStep {
        self.step("this profile has no secret yet: {send} says what to give", "no secret yet")
    }

    /// A sentence in which `{action}` stands for that action's key.
    pub(crate) fn step(&self, long: &str, short: &str) -> NextStep {
        NextStep { long: self.pieces(long), short: self.pieces(short) }
    }

    /// The key of an action there, else where it has one.
    fn key_of(&self, action: Action, context: Context) -> Option<String> {
        [context, Context::Nav, Context::Edit].into_iter().find_map(|context| self.keymap.hint(action, context))
    }

    /// The pieces of a text in which `{action}` stands for that action's key in the panes.
    pub fn pieces(&self, text: &str) -> Vec<Piece> {
        self.pieces_in(text, Context::Nav)
    }

    /// The same, for its key there.
    pub fn pieces_in(&self, text: &str, context: Context) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((words, behind)) = rest.split_once('{') {
            let Some((name, tail)) = behind.split_once('}') else { break };
            if !words.is_empty() {
                pieces.push(Piece::Words(words.to_owned()));
            }
            pieces.push(match Action::named(name).and_then(|action| self.key_of(action, context)) {
                Some(key) => Piece::Key(key),
                None => Piece::Words(format!("`{name}`")),
            });
            rest = tail;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        pieces
    }
}
