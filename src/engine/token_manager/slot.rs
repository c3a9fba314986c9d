//! One slot: a token, the flight that brings the next one, and what is remembered of those before.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::{Endpoint, flight::Flight};
use crate::domain::{
    clock::Boot,
    credential::{Access, TokenKey},
    flow::TokenFailure,
    token::{Generation, Token, TokenEnd, TokenFacts, TokenSerial, TokenStatus},
};

/// How many tokens of a key are kept for a send on purpose, and how many are told on screen.
const EARLIER: usize = 8;

/// A token that ended: its facts, how, and when.
pub(super) type Ended = (Arc<TokenFacts>, TokenEnd, Timestamp);

/// How many token calls of private slots may be on their way at once.
const GATE: usize = 4;

/// What all slots of one key share: a wrong secret costs one call, whatever the policy.
pub(super) struct KeyState {
    /// Nothing is asked before this instant.
    pub(super) cooldown: Option<(Boot, Arc<TokenFailure>)>,
    /// The credentials were refused.
    pub(super) refused: Option<Arc<TokenFailure>>,
    /// When a token call went out last.
    pub(super) asked: Option<Timestamp>,
    /// Failures in a row, for the growing pause.
    pub(super) failures: u32,
    /// Where the token calls of private slots queue: one at a time until one of them brought a token.
    pub(super) gate: Arc<Semaphore>,
    accepted: bool,
}

impl Default for KeyState {
    fn default() -> Self {
        Self {
            cooldown: None,
            refused: None,
            asked: None,
            failures: 0,
            gate: Arc::new(Semaphore::new(1)),
            accepted: false,
        }
    }
}

impl KeyState {
    /// A token came: nothing is held back any more, and the gate is open.
    pub(super) fn accept(&mut self) {
        (self.cooldown, self.refused, self.failures) = (None, None, 0);
        if !self.accepted {
            self.accepted = true;
            self.gate.add_permits(GATE - 1);
        }
    }

    /// Whether a pause is running.
    pub(super) fn is_held(&self, now: Boot) -> bool {
        self.cooldown.as_ref().is_some_and(|(until, _)| *until > now)
    }
}

/// See the module.
pub(super) struct Slot {
    pub(super) key: Arc<TokenKey>,
    pub(super) profile: String,
    /// Counted up by an edit of the profile: a flight of an older one installs nothing.
    pub(super) epoch: u64,
    /// Counted up by each install; 0 is none yet.
    pub(super) generation: Generation,
    pub(super) token: Option<Arc<Token>>,
    pub(super) used: u64,
    /// Whether its calls are made by policy `manual`: then nothing renews its token by itself.
    pub(super) by_hand: bool,
    pub(super) flight: Option<Flight>,
    /// Endpoints that refused a fresh token: with which generation, remembered until when.
    pub(super) futile: HashMap<Endpoint, (Generation, Boot)>,
    /// No flight in the background before this instant.
    pub(super) quiet_until: Boot,
    /// The token a server refused last, until another answer or another token.
    pub(super) refused: Option<(Arc<TokenFacts>, Timestamp)>,
    /// Tokens that ended, newest first, for the screen.
    pub(super) ended: VecDeque<Ended>,
    /// The same with their text, for a send on purpose.
    earlier: VecDeque<Arc<Token>>,
    /// The last token installed, to tell one that brings nothing new.
    pub(super) last: Option<Arc<Token>>,
}

impl Slot {
    /// An empty slot for the tokens of `access`.
    pub(super) fn of(access: &Access) -> Self {
        Self {
            key: access.key.clone(),
            profile: access.profile.name.clone(),
            epoch: 0,
            generation: Generation::default(),
            token: None,
            used: 0,
            by_hand: false,
            flight: None,
            futile: HashMap::new(),
            quiet_until: Boot::default(),
            refused: None,
            ended: VecDeque::new(),
            earlier: VecDeque::new(),
            last: None,
        }
    }

    /// Takes the token out of the slot and remembers how it ended.
    pub(super) fn end_token(&mut self, end: TokenEnd, wall: Timestamp) {
        let Some(token) = self.token.take() else { return };
        if end == TokenEnd::Refused {
            self.refused = Some((token.facts.clone(), wall));
        }
        self.remember_ended(VecDeque::from([(token.facts.clone(), end, wall)]));
        self.earlier.push_front(token);
        self.earlier.truncate(EARLIER);
    }

    /// Remembers tokens that ended, the newest first.
    pub(super) fn remember_ended(&mut self, newer: VecDeque<Ended>) {
        for ended in newer.into_iter().rev() {
            self.ended.push_front(ended);
        }
        self.ended.truncate(EARLIER);
    }

    /// Puts a token in, in place of the one that is there.
    pub(super) fn install(&mut self, token: Arc<Token>, now: Boot, wall: Timestamp) {
        let over = self.token.as_ref().is_some_and(|old| old.facts.expiry().is_some_and(|expiry| now >= expiry));
        self.end_token(if over { TokenEnd::Expired } else { TokenEnd::Replaced }, wall);
        self.generation = token.facts.generation;
        self.futile.clear();
        self.refused = None;
        self.used = 0;
        self.last = Some(token.clone());
        self.token = Some(token);
    }

    /// Marks the token in the slot as refused without dropping it: it is fresh, the endpoint is the odd one.
    pub(super) fn mark_refused(&mut self, generation: Generation, wall: Timestamp) {
        if let Some(token) = self.token.as_ref().filter(|token| token.facts.generation == generation) {
            self.refused = Some((token.facts.clone(), wall));
        }
    }

    /// A token that is still in memory.
    pub(super) fn kept(&self, serial: TokenSerial) -> Option<Arc<Token>> {
        self.token.iter().chain(&self.earlier).find(|token| token.facts.serial == serial).cloned()
    }

    /// Fills in what the screen shows of this slot.
    pub(super) fn show_in(&self, status: &mut TokenStatus, timer: bool) {
        status.token = self.token.as_ref().map(|token| token.facts.clone());
        status.used = self.used;
        status.fetching_since = self.flight.as_ref().map(|flight| flight.since);
        status.refused.clone_from(&self.refused);
        status.earlier = self.ended.iter().cloned().collect();
        status.renews_by_timer = timer
            && !self.by_hand
            && self.used > 0
            && self.token.as_ref().is_some_and(|token| token.facts.life.is_some());
    }
}
