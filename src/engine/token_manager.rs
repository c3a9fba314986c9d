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
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use http::Method;
use tokio::sync::{Semaphore, watch};

use super::{Observer, timer, token_endpoint::TokenReply};
use crate::domain::{
    clock::{Boot, Clock},
    credential::{Access, TokenKey},
    exchange::{ExchangeId, Failure},
    flow::{FlowEvent, FlowStep, TokenFailure, TokenFailureKind},
    origin::Origin,
    secret::FingerprintKey,
    token::{Freshness, Generation, Token, TokenEnd, TokenFacts, TokenRef, TokenSerial, TokenStatus},
};

mod flight;
mod slot;

use flight::Flight;
use slot::{KeyState, Slot};

/// Sends one token call and gives its reply; it never judges. Dropped, it closes its connection.
pub type Fetch = Arc<dyn Fn(Access) -> BoxFuture<'static, Result<TokenReply, Failure>> + Send + Sync>;

/// A number drawn from 0 to 1, for jitter.
pub type Dice = Arc<dyn Fn() -> f64 + Send + Sync>;

/// What a method, an origin and a path are for the memory of endpoints that refuse every token.
pub type Endpoint = (Method, Origin, String);

/// How long an endpoint that refused a fresh token is remembered.
const FUTILE: Duration = Duration::from_secs(60);

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
    serial: AtomicU64,
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

/// Where a call takes its tokens from. A private one is emptied when it is dropped.
pub struct Wallet {
    manager: TokenManager,
    access: Access,
    slot: SlotId,
}

/// The end of a flight, the same for everybody who waited.
type FlightEnd = Result<Arc<Token>, Arc<TokenFailure>>;

/// What the lock found.
enum Found {
    Token(Arc<Token>),
    Nothing(Arc<TokenFailure>),
    Flight { end: watch::Receiver<Option<FlightEnd>>, joined: bool },
}

impl TokenManager {
    /// A manager with empty slots.
    pub fn new(
        clock: Clock,
        observer: Observer,
        dice: Dice,
        fetch: Fetch,
        prints: Arc<FingerprintKey>,
        timer: bool,
    ) -> Self {
        Self(Arc::new(Shared {
            clock,
            observer,
            dice,
            fetch,
            prints,
            timer,
            serial: AtomicU64::new(0),
            state: Mutex::default(),
        }))
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
            arm_timer(&self.0, wallet.slot.clone(), access.clone(), token, stale);
        }
    }

    /// Drops the token of a key, on purpose.
    pub fn drop_token(&self, access: &Access) {
        let wall = self.0.clock.wall();
        if let Some(slot) = self.0.state().slots.get_mut(&SlotId::Key(access.key.clone())) {
            slot.end_token(TokenEnd::Dropped, wall);
        }
    }

    /// The profile was edited: what its flights still bring is thrown away, and refusals are forgotten.
    pub fn edited(&self, profile: &str) {
        let mut state = self.0.state();
        let state = &mut *state;
        for slot in state.slots.values_mut().filter(|slot| slot.profile == profile) {
            slot.epoch += 1;
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

impl Wallet {
    /// A token newer than `after`, fetched if there is none, or why there is none. Cancel it at any await: the flight
    /// goes on for the others.
    pub async fn acquire(&self, after: Option<TokenRef>, exchange: Option<ExchangeId>) -> FlightEnd {
        let newer_than = after.map(|token| token.generation);
        if matches!(self.slot, SlotId::Key(_)) {
            self.manager.by_hand(&self.access, false);
        }
        loop {
            match self.found(newer_than, exchange) {
                Found::Token(token) => {
                    self.manager.0.tell(exchange, FlowStep::TokenReused(token.facts.names()));
                    return Ok(token);
                }
                Found::Nothing(why) => return Err(why),
                Found::Flight { end, joined } => {
                    match (joined, after) {
                        (true, _) => self.manager.0.tell(exchange, FlowStep::RenewJoined),
                        (false, Some(_)) => self.manager.0.tell(exchange, FlowStep::RenewStarted { refused: after }),
                        (false, None) => {}
                    }
                    match ended(end).await {
                        // Newer than any before it, and good for the call in hand even when its life is zero: the
                        // slot is not asked again.
                        Ok(token) => {
                            self.used(&token);
                            return Ok(token);
                        }
                        Err(why) if why.kind == TokenFailureKind::Superseded => {}
                        Err(why) => return Err(why),
                    }
                }
            }
        }
    }

    /// A usable token, if there is one: nothing is fetched. Policy `manual` takes an expired one too.
    pub fn at_hand(&self, exchange: Option<ExchangeId>) -> Option<Arc<Token>> {
        self.manager.by_hand(&self.access, true);
        let token = self.manager.0.state().slots.get(&self.slot)?.token.clone()?;
        self.used(&token);
        self.manager.0.tell(exchange, FlowStep::TokenReused(token.facts.names()));
        Some(token)
    }

    /// A server refused this generation: it is dropped, unless a newer one has taken its place already.
    pub fn invalidate(&self, refused: Generation) {
        let wall = self.manager.0.clock.wall();
        if let Some(slot) = self.manager.0.state().slots.get_mut(&self.slot)
            && slot.token.as_ref().is_some_and(|token| token.facts.generation == refused)
        {
            slot.end_token(TokenEnd::Refused, wall);
        }
    }

    /// Whether another token for this endpoint would be refused too: it refused a fresh one less than a minute ago, and
    /// that one is still the current one.
    pub fn is_futile(&self, endpoint: &Endpoint) -> bool {
        let now = self.manager.0.clock.boot();
        let state = self.manager.0.state();
        state.slots.get(&self.slot).is_some_and(|slot| {
            slot.futile.get(endpoint).is_some_and(|(generation, until)| *generation == slot.generation && *until > now)
        })
    }

    /// A fresh token was refused too.
    pub fn remember_futile(&self, endpoint: Endpoint, generation: Generation) {
        let until = self.manager.0.clock.boot() + FUTILE;
        let wall = self.manager.0.clock.wall();
        if let Some(slot) = self.manager.0.state().slots.get_mut(&self.slot) {
            slot.futile.insert(endpoint, (generation, until));
            slot.mark_refused(generation, wall);
        }
    }

    /// A server took this generation: it is not refused after all.
    pub fn answered(&self, generation: Generation) {
        if let Some(slot) = self.manager.0.state().slots.get_mut(&self.slot)
            && slot.refused.as_ref().is_some_and(|(token, _)| token.generation == generation)
        {
            slot.refused = None;
        }
    }

    /// One look at the slot, and what is to be done.
    fn found(&self, after: Option<Generation>, exchange: Option<ExchangeId>) -> Found {
        let shared = &self.manager.0;
        let now = shared.clock.boot();
        let mut guard = shared.state();
        let state = &mut *guard;
        let slot = state.slots.entry(self.slot.clone()).or_insert_with(|| Slot::of(&self.access));
        let joined = slot.flight.is_some();
        let usable = slot.token.clone().filter(|token| {
            after.is_none_or(|after| token.facts.generation > after) && token.facts.freshness(now) != Freshness::Expired
        });
        if let Some(token) = usable {
            if state.renewal_due(self, &token.facts, now).is_some_and(|due| due <= now) {
                shared.flight(state, self, None, true);
            }
            drop(guard);
            self.used(&token);
            return Found::Token(token);
        }
        let key = state.keys.entry(self.access.key.clone()).or_default();
        if let Some(why) = &key.refused {
            return Found::Nothing(why.clone());
        }
        if !joined && let Some((until, why)) = key.cooldown.as_ref().filter(|(until, _)| *until > now) {
            let left = until.since(now).as_secs_f64().ceil();
            let text = format!("{}; next try in {left} s", why.text);
            return Found::Nothing(Arc::new(TokenFailure { text, ..TokenFailure::clone(why) }));
        }
        Found::Flight { end: shared.flight(state, self, exchange, false), joined }
    }

    /// Counts a use, and arms the timer of a token that has served a call.
    fn used(&self, token: &Token) {
        let mut state = self.manager.0.state();
        let Some(slot) = state.slots.get_mut(&self.slot) else { return };
        let is_current = slot.token.as_ref().is_some_and(|current| current.facts.serial == token.facts.serial);
        if !is_current {
            return;
        }
        slot.used += 1;
        let arm = slot.used == 1 && self.manager.0.timer && matches!(self.slot, SlotId::Key(_));
        drop(state);
        if arm && let Some(stale) = token.facts.stale_from() {
            arm_timer(&self.manager.0, self.slot.clone(), self.access.clone(), token.facts.clone(), stale);
        }
    }
}

impl Drop for Wallet {
    fn drop(&mut self) {
        if matches!(self.slot, SlotId::Transaction(_)) {
            let wall = self.manager.0.clock.wall();
            let mut state = self.manager.0.state();
            let Some(mut ended) = state.slots.remove(&self.slot) else { return };
            ended.end_token(TokenEnd::Dropped, wall);
            // The shared slot of the key is where the screen looks.
            let shared = state.slots.entry(SlotId::Key(self.access.key.clone()));
            shared.or_insert_with(|| Slot::of(&self.access)).remember_ended(ended.ended);
        }
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
        hint: Some("this is a bug of authscope".to_owned()),
        call: None,
    })
}

/// Looks at a token at an instant, and again later while something asks for quiet, and renews it in the background if it
/// is still the one in its slot.
fn arm_timer(shared: &Arc<Shared>, slot: SlotId, access: Access, token: Arc<TokenFacts>, first: Boot) {
    let (clock, weak): (Clock, Weak<Shared>) = (shared.clock.clone(), Arc::downgrade(shared));
    tokio::spawn(async move {
        let mut at = first;
        loop {
            timer::sleep_until(&clock, at).await;
            let Some(shared) = weak.upgrade() else { return };
            let manager = TokenManager(shared.clone());
            let wallet = Wallet { manager, access: access.clone(), slot: slot.clone() };
            let mut state = shared.state();
            match state.renewal_due(&wallet, &token, clock.boot()) {
                Some(later) if later > clock.boot() => at = later,
                Some(_) => {
                    shared.flight(&mut state, &wallet, None, true);
                    return;
                }
                None => return,
            }
        }
    });
}

impl State {
    /// From when on `token` may be renewed in the background; `None` when it need not be.
    fn renewal_due(&self, wallet: &Wallet, token: &TokenFacts, now: Boot) -> Option<Boot> {
        let slot = self.slots.get(&wallet.slot)?;
        let is_current = slot.token.as_ref().is_some_and(|current| current.facts.serial == token.serial);
        let key = self.keys.get(&wallet.access.key);
        if !is_current || slot.by_hand || slot.flight.is_some() || token.freshness(now) != Freshness::Stale {
            return None;
        }
        if key.is_some_and(|key| key.refused.is_some()) {
            return None;
        }
        let held = key.and_then(|key| key.cooldown.as_ref()).map_or(now, |(until, _)| *until);
        Some(slot.quiet_until.max(held))
    }
}
