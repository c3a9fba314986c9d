//! What one call sees of the tokens: the shared slot of its key, or a private one of its own.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{Endpoint, FlightEnd, SlotId, TokenManager, ended, renewal, slot::Slot};
use crate::domain::{
    credential::Access,
    exchange::ExchangeId,
    flow::{FlowStep, TokenFailure, TokenFailureKind},
    token::{Freshness, Generation, Token, TokenEnd, TokenRef},
};

/// How long an endpoint that refused a fresh token is remembered.
const FUTILE: Duration = Duration::from_secs(60);

/// Where a call takes its tokens from. A private one is emptied when it is dropped.
pub struct Wallet {
    pub(super) manager: TokenManager,
    pub(super) access: Access,
    pub(super) slot: SlotId,
}

/// What the lock found.
enum Found {
    Token(Arc<Token>),
    Nothing(Arc<TokenFailure>),
    Flight { end: watch::Receiver<Option<FlightEnd>>, joined: bool },
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
            renewal::arm(&self.manager.0, self.slot.clone(), self.access.clone(), token.facts.clone(), stale);
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
