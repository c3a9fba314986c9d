//! The machine that keeps tokens: one slot a key, one flight a slot, generations that only grow.
//!
//! ```text
//!  acquire ─► token usable? ──yes──► it (and, when it is stale, a flight in the background)
//!                │ no
//!                ├─ credentials refused, or held back? ─► that error, nothing is sent
//!                ├─ a flight is on its way? ─► wait for its one result
//!                └─ start a flight, wait for it
//! ```
//!
//! Every step looks and changes under one short lock that is never held over an await. A flight is a task of its own:
//! a caller that goes away takes away only its wait. A 401 names the generation it was refused with, so that a late one
//! costs nothing.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::future::BoxFuture;
use http::Method;
use tokio::sync::{Semaphore, watch};

use super::{Observer, token_endpoint::TokenReply};
use crate::{
    domain::{
        clock::Clock,
        credential::{Access, TokenKey},
        exchange::{ExchangeId, Failure},
        flow::{FlowEvent, FlowStep, TokenFailure, TokenFailureKind},
        origin::Origin,
        redact::Redactor,
        secret::FingerprintKey,
        token::{Token, TokenEnd, TokenSerial, TokenStatus},
    },
    secrets::token_cache::TokenCache,
};

mod flight;
mod renewal;
mod slot;
mod wallet;

use flight::Flight;
use slot::{KeyState, Slot};
pub use wallet::Wallet;

/// Sends one token call and gives its reply; it never judges. Dropped, it closes its connection.
pub type Fetch = Arc<dyn Fn(Access) -> BoxFuture<'static, Result<TokenReply, Failure>> + Send + Sync>;

/// A number drawn from 0 to 1, for jitter.
pub type Dice = Arc<dyn Fn() -> f64 + Send + Sync>;

/// What a method, an origin and a path are for the memory of endpoints that refuse every token.
pub type Endpoint = (Method, Origin, String);

/// The keeper of tokens; cheap to clone.
#[derive(Clone)]
pub struct TokenManager(Arc<Shared>);

struct Shared {
    clock: Clock,
    observer: Observer,
    dice: Dice,
    fetch: Fetch,
    prints: Arc<FingerprintKey>,
    /// Whether stale tokens that served a call are renewed by a timer.
    timer: bool,
    /// What recognises the tokens that were issued.
    masks: Redactor,
    /// Where commands keep tokens for each other, for the profiles that want it.
    cache: OnceLock<TokenCache>,
    /// Numbers given so far.
    serial: Arc<AtomicU64>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    slots: HashMap<SlotId, Slot>,
    keys: HashMap<Arc<TokenKey>, KeyState>,
    transactions: u64,
    flights: u64,
}

/// Which slot: the shared one of a key, or the private one of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum SlotId {
    Key(Arc<TokenKey>),
    Transaction(u64),
}

/// The end of a flight, the same for everybody who waited.
type FlightEnd = Result<Arc<Token>, Arc<TokenFailure>>;

impl TokenManager {
    /// A manager with empty slots.
    pub fn new(
        clock: Clock,
        observer: Observer,
        dice: Dice,
        fetch: Fetch,
        prints: Arc<FingerprintKey>,
        timer: bool,
        masks: Redactor,
    ) -> Self {
        Self(Arc::new(Shared {
            clock,
            observer,
            dice,
            fetch,
            prints,
            timer,
            masks,
            cache: OnceLock::new(),
            serial: Arc::default(),
            state: Mutex::default(),
        }))
    }

    /// A manager that shares nothing with this one but the numbers of tokens, and tells `observer`.
    #[must_use]
    pub fn apart(&self, observer: Observer) -> Self {
        let Shared { clock, dice, fetch, prints, masks, serial, .. } = &*self.0;
        Self(Arc::new(Shared {
            clock: clock.clone(),
            observer,
            dice: dice.clone(),
            fetch: fetch.clone(),
            prints: prints.clone(),
            timer: false,
            masks: masks.clone(),
            cache: OnceLock::new(),
            serial: serial.clone(),
            state: Mutex::default(),
        }))
    }

    /// Tokens of profiles that want it are looked for there first, and kept there; once and for all.
    pub fn share_by(&self, cache: TokenCache) {
        let _ = self.0.cache.set(cache);
    }

    /// Where the tokens of `access` are kept for other runs, if they are.
    pub fn cache_of(&self, access: &Access) -> Option<&TokenCache> {
        self.0.cache.get().filter(|_| access.profile.token_cache)
    }

    /// The tokens that all calls of this key share.
    pub fn shared(&self, access: &Access) -> Wallet {
        let slot = SlotId::Key(access.key.clone());
        self.0.state().slots.entry(slot.clone()).or_insert_with(|| Slot::of(access));
        Wallet { manager: self.clone(), access: access.clone(), slot }
    }

    /// A wallet for one transaction: filled by its own token call, emptied when it is dropped.
    pub fn private(&self, access: &Access) -> Wallet {
        let mut state = self.0.state();
        state.transactions += 1;
        let slot = SlotId::Transaction(state.transactions);
        state.slots.insert(slot.clone(), Slot::of(access));
        Wallet { manager: self.clone(), access: access.clone(), slot }
    }

    /// What the shared slot of `access` looks like now.
    pub fn status(&self, access: &Access) -> TokenStatus {
        let state = self.0.state();
        let now = self.0.clock.boot();
        let mut status = TokenStatus::default();
        if let Some(slot) = state.slots.get(&SlotId::Key(access.key.clone())) {
            slot.show_in(&mut status, self.0.timer);
        }
        let private =
            state.slots.iter().filter(|(id, slot)| matches!(id, SlotId::Transaction(_)) && slot.key == access.key);
        for (_, slot) in private {
            status.fetching_since = status.fetching_since.or(slot.flight.as_ref().map(|flight| flight.since));
        }
        if let Some(key) = state.keys.get(&access.key) {
            status.held_until = key.cooldown.clone().filter(|(until, _)| *until > now);
            status.credentials_refused.clone_from(&key.refused);
            status.asked = key.asked;
        }
        status
    }

    /// Asks for a token now, whatever was refused or held back before: the person wants it.
    pub async fn renew(&self, access: &Access) -> FlightEnd {
        let wallet = self.shared(access);
        loop {
            let end = {
                let mut state = self.0.state();
                let key = state.keys.entry(access.key.clone()).or_default();
                (key.refused, key.cooldown) = (None, None);
                self.0.flight(&mut state, &wallet, None, false)
            };
            match ended(end).await {
                Err(why) if why.kind == TokenFailureKind::Superseded => {}
                end => return end,
            }
        }
    }

    /// Whether the tokens of a key are renewed by a person alone, as policy `manual` wants, or by themselves.
    pub fn by_hand(&self, access: &Access, by_hand: bool) {
        let wallet = self.shared(access);
        let mut state = self.0.state();
        let Some(slot) = state.slots.get_mut(&wallet.slot) else { return };
        let before = std::mem::replace(&mut slot.by_hand, by_hand);
        let due = slot.token.as_ref().filter(|_| self.0.timer && slot.used > 0).map(|token| token.facts.clone());
        drop(state);
        if let Some(token) = due.filter(|_| before && !by_hand)
            && let Some(stale) = token.stale_from()
        {
            renewal::arm(&self.0, wallet.slot.clone(), access.clone(), token, stale);
        }
    }

    /// Drops the token of a key, on purpose.
    pub fn drop_token(&self, access: &Access) {
        let wall = self.0.clock.wall();
        if let Some(slot) = self.0.state().slots.get_mut(&SlotId::Key(access.key.clone())) {
            slot.end_token(TokenEnd::Dropped, wall);
        }
    }

    /// The profile was edited, or a secret of it exchanged: what its flights still bring is thrown away, nothing is renewed
    /// by timer until it is in use again, and refusals are forgotten.
    pub fn edited(&self, profile: &str) {
        let mut state = self.0.state();
        let state = &mut *state;
        for slot in state.slots.values_mut().filter(|slot| slot.profile == profile) {
            slot.epoch += 1;
            slot.by_hand = true;
            if let Some(key) = state.keys.get_mut(&slot.key) {
                (key.refused, key.cooldown) = (None, None);
            }
        }
    }

    /// A token that is still in memory: the current one, or one of the last eight before it.
    pub fn kept(&self, access: &Access, serial: TokenSerial) -> Option<Arc<Token>> {
        let state = self.0.state();
        state.slots.get(&SlotId::Key(access.key.clone()))?.kept(serial)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, exchange: Option<ExchangeId>, step: FlowStep) {
        (self.observer)(FlowEvent { exchange, at: self.clock.boot(), wall: self.clock.wall(), step });
    }

    /// The gate of a key's private slots.
    fn gate(&self, key: &Arc<TokenKey>) -> Arc<Semaphore> {
        self.state().keys.entry(key.clone()).or_default().gate.clone()
    }

    fn next_serial(&self) -> TokenSerial {
        TokenSerial(self.serial.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// The flight of a slot: the one on its way, or a new one. Looking and starting are one critical section.
    fn flight(
        self: &Arc<Self>,
        state: &mut State,
        wallet: &Wallet,
        exchange: Option<ExchangeId>,
        background: bool,
    ) -> watch::Receiver<Option<FlightEnd>> {
        state.flights += 1;
        let number = state.flights;
        let slot = state.slots.entry(wallet.slot.clone()).or_insert_with(|| Slot::of(&wallet.access));
        if let Some(flight) = &slot.flight {
            return flight.end.clone();
        }
        let (tell, end) = watch::channel(None);
        slot.flight = Some(Flight { number, since: self.clock.boot(), end: end.clone() });
        let task = flight::Task::new(self, wallet, number, slot.epoch, exchange, background, tell);
        tokio::spawn(task.run());
        end
    }
}

/// Waits for the one result of a flight.
async fn ended(mut end: watch::Receiver<Option<FlightEnd>>) -> FlightEnd {
    match end.wait_for(Option::is_some).await {
        Ok(end) => end.clone().unwrap_or_else(|| Err(vanished())),
        Err(_) => Err(vanished()),
    }
}

fn vanished() -> Arc<TokenFailure> {
    Arc::new(TokenFailure {
        kind: TokenFailureKind::Internal,
        text: "the token call ended without a result".to_owned(),
        hint: Some(TokenFailureKind::Internal.hint().to_owned()),
        call: None,
    })
}
