//! One flight: up to three token calls within one limit of time, and one result for everybody.
//!
//! It is a task of its own. However it ends, by its result, by a panic, by its slot going away, its guard clears the
//! flight first and wakes the waiters then, so that nobody waits for a flight that is gone.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{FlightEnd, Shared, SlotId, Wallet, renewal, slot::Slot, vanished};
use crate::{
    domain::{
        clock::Boot,
        credential::Access,
        exchange::{ExchangeId, Failure, FailureKind, FieldValue, HeaderField},
        flow::{FlowStep, TokenCall, TokenFailure, TokenFailureKind},
        jwt::Jwt,
        secret::Secret,
        token::{Generation, Token, TokenFacts, TokenNote, margin},
    },
    engine::{
        timer,
        token_endpoint::{self, Issued, Rejection, TokenReply},
    },
    secrets::token_cache::{Held, Kept},
};

/// The longest answer-given pause that a flight waits out by itself.
const SHORT_PAUSE: Duration = Duration::from_secs(2);
/// Pauses before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(1)];
/// The longest pause after failures in a row.
const LONGEST_PAUSE: u64 = 60;

/// A flight as its slot knows it.
pub(super) struct Flight {
    pub(super) number: u64,
    pub(super) since: Boot,
    pub(super) end: watch::Receiver<Option<FlightEnd>>,
}

/// A flight as it runs.
pub(super) struct Task {
    shared: Arc<Shared>,
    access: Access,
    slot: SlotId,
    number: u64,
    epoch: u64,
    exchange: Option<ExchangeId>,
    background: bool,
    tell: watch::Sender<Option<FlightEnd>>,
    done: bool,
}

/// What a flight brought, with the record of its last call.
struct Landed {
    outcome: Result<Issued, Rejection>,
    call: TokenCall,
    sent: Boot,
    /// Whether it used up its whole time.
    late: bool,
}

impl Task {
    pub(super) fn new(
        shared: &Arc<Shared>,
        wallet: &Wallet,
        number: u64,
        epoch: u64,
        exchange: Option<ExchangeId>,
        background: bool,
        tell: watch::Sender<Option<FlightEnd>>,
    ) -> Self {
        let (shared, access, slot) = (shared.clone(), wallet.access.clone(), wallet.slot.clone());
        shared.masks.learn(access.secret.clone(), "client secret");
        Self { shared, access, slot, number, epoch, exchange, background, tell, done: false }
    }

    pub(super) async fn run(mut self) {
        let shared = self.shared.clone();
        // Private slots share a gate; the shared slot of a key has one flight at a time anyway.
        let _permit = match self.slot {
            SlotId::Transaction(_) => shared.gate(&self.access.key).acquire_owned().await.ok(),
            SlotId::Key(_) => None,
        };
        if self.is_pointless() {
            self.conclude(Err(superseded(None)));
            return;
        }
        let held = self.held().await;
        if let Some(token) = held.as_ref().and_then(Held::token).and_then(|kept| self.taken_over(kept)) {
            self.conclude(Ok(token));
            return;
        }
        let landed = self.flown().await;
        if let (Some(held), Ok(issued)) = (held, &landed.outcome) {
            let kept = Kept {
                secret: Secret::new(issued.secret.expose()),
                life: issued.life,
                scope: issued.scope.clone(),
                sent: landed.sent,
                issued: shared.clock.wall(),
            };
            // Before anybody is woken: the process may end with its one call. What cannot be kept is fetched again.
            let _ = held.keep(kept, shared.clock.wall()).await;
        }
        self.end(landed);
    }

    /// The place of a token that commands share, while nobody else looks at it; without it in time there is none.
    async fn held(&self) -> Option<Held> {
        let shared = &self.shared;
        let cache = shared.cache.get().filter(|_| self.access.profile.token_cache);
        let cache = cache.filter(|_| matches!(self.slot, SlotId::Key(_)))?;
        let until = shared.clock.boot() + self.access.profile.limits.flight;
        timer::limited(&shared.clock, until, cache.held(&self.access)).await?.ok()
    }

    /// Installs a token that another run got, unless it is about to end or this one had it already.
    fn taken_over(&self, kept: Kept) -> Option<Arc<Token>> {
        let shared = &self.shared;
        let (now, wall) = (shared.clock.boot(), shared.clock.wall());
        let left = kept.left(now, wall);
        let about_to_end =
            left.is_some_and(|left| left <= margin(kept.life.unwrap_or(left), self.access.profile.renewal_lead, 1.2));
        let mut state = shared.state();
        let slot = state.slots.get_mut(&self.slot).filter(|slot| slot.epoch == self.epoch)?;
        let known = slot.last.as_ref().is_some_and(|last| last.secret.same_as(&kept.secret));
        if about_to_end || known {
            return None;
        }
        let jwt = Jwt::decoded(kept.secret.expose());
        let (scope, notes) = (kept.scope, vec![TokenNote::Shared]);
        let issued = Issued { secret: kept.secret, life: left, scope, skew_ms: None, jwt, notes };
        let token = self.installed(issued, slot, now);
        slot.install(token.clone(), now, wall);
        state.keys.entry(self.access.key.clone()).or_default().accept();
        drop(state);
        shared.tell(self.exchange, FlowStep::TokenReused(token.facts.names()));
        Some(token)
    }

    /// Whether what happened while it queued at the gate makes this flight pointless: its transaction is over, or
    /// another one learned that nothing may be asked now. Whoever waits looks again then.
    fn is_pointless(&self) -> bool {
        let state = self.shared.state();
        let now = self.shared.clock.boot();
        let held = |key: &super::KeyState| key.refused.is_some() || key.is_held(now);
        let queued = matches!(self.slot, SlotId::Transaction(_));
        queued && (!state.slots.contains_key(&self.slot) || state.keys.get(&self.access.key).is_some_and(held))
    }

    /// Up to three calls within the limit of the flight.
    async fn flown(&self) -> Landed {
        let shared = &self.shared;
        let clock = &shared.clock;
        let limit = self.access.profile.limits.flight;
        let began = clock.boot();
        let deadline = began + limit;
        let mut attempt: u32 = 0;
        loop {
            attempt += 1;
            let url = self.access.profile.token_url.clone();
            shared.tell(self.exchange, FlowStep::TokenRequested { url: url.clone(), attempt });
            let (sent, wall) = (clock.boot(), clock.wall());
            shared.state().keys.entry(self.access.key.clone()).or_default().asked = Some(wall);
            let reply = timer::limited(clock, deadline, (shared.fetch)(self.access.clone())).await;
            let mut call = TokenCall {
                url,
                wire: self.access.profile.wire.name(),
                request: token_endpoint::told(&self.access),
                sent: wall,
                took: clock.boot().since(began),
                attempts: attempt,
                status: None,
                headers: Vec::new(),
                body: String::new(),
            };
            let late = reply.is_none();
            let outcome = match reply {
                None => {
                    let text = format!("the token endpoint gave no answer within {} s", limit.as_secs());
                    Err(Rejection::new(TokenFailureKind::Unavailable, text))
                }
                Some(Err(failure)) => Err(unanswered(failure)),
                Some(Ok(reply)) => {
                    record(&mut call, &reply);
                    let body = reply.body.clone();
                    let outcome = token_endpoint::judged(reply, &self.access, &self.shared.masks);
                    call.body = self.masked(&body, outcome.as_ref().ok());
                    outcome
                }
            };
            let own = PAUSES.get(attempt as usize - 1).map(|pause| pause.mul_f64(0.5 + (shared.dice)()));
            let pause = own.and_then(|own| match &outcome {
                Err(Rejection { kind: TokenFailureKind::Throttled { retry_after }, .. }) => {
                    (*retry_after <= SHORT_PAUSE).then_some(own.max(*retry_after))
                }
                Err(rejection) if rejection.retry => Some(own),
                _ => None,
            });
            let until = pause.map(|pause| clock.boot() + pause).filter(|until| *until < deadline);
            let Some(until) = until else { return Landed { outcome, call, sent, late } };
            let why = outcome.as_ref().err().map(|rejection| rejection.text.clone()).unwrap_or_default();
            shared.tell(self.exchange, FlowStep::Waiting { until, why });
            timer::sleep_until(clock, until).await;
            // The machine may have slept through the limit.
            if clock.boot() >= deadline {
                return Landed { outcome, call, sent, late };
            }
        }
    }

    fn masked(&self, body: &[u8], issued: Option<&Issued>) -> String {
        let shown = token_endpoint::shown_body(body, issued.map(|issued| &issued.secret));
        self.shared.masks.masked(&shown)
    }

    /// Installs what came, or remembers the failure; then wakes everybody.
    fn end(&mut self, landed: Landed) {
        let shared = self.shared.clone();
        let mut state = shared.state();
        let now = shared.clock.boot();
        let wall = shared.clock.wall();
        let call = Arc::new(landed.call);
        let state_ref = &mut *state;
        let key = state_ref.keys.entry(self.access.key.clone()).or_default();
        let slot = state_ref.slots.get_mut(&self.slot);
        // A transaction that is over leaves no slot; what its flight learned of the credentials still counts.
        let is_current = slot.as_ref().is_none_or(|slot| slot.epoch == self.epoch);
        let mut steps = Vec::new();
        let result = match (landed.outcome, slot) {
            (Ok(issued), Some(slot)) if is_current => {
                let token = self.installed(issued, slot, landed.sent);
                slot.install(token.clone(), now, wall);
                if token.facts.notes.contains(&TokenNote::NothingNew) {
                    slot.quiet_until = now + quiet_time(token.facts.remaining(now));
                }
                key.accept();
                steps.push(FlowStep::TokenIssued { token: token.facts.clone(), call });
                Ok(token)
            }
            (Err(rejection), slot) if is_current => {
                let Rejection { kind, text, hint, .. } = rejection;
                let failure = Arc::new(TokenFailure { kind, text, hint: Some(hint), call: Some(call) });
                steps.push(FlowStep::TokenFailed(failure.clone()));
                // A flight that used up its time was pause enough: the next call may try at once. Not so a transaction's:
                // those that queue behind it would each wait as long.
                if !landed.late || matches!(self.slot, SlotId::Transaction(_)) {
                    remember(key, &failure, now);
                }
                if let Some((until, why)) = key.cooldown.clone().filter(|(until, _)| *until > now) {
                    steps.push(FlowStep::Waiting { until, why: why.text.clone() });
                }
                if let Some(slot) = slot {
                    self.postpone(slot, now);
                }
                Err(failure)
            }
            _ => {
                let failure = superseded(Some(call));
                steps.push(FlowStep::TokenFailed(failure.clone()));
                Err(failure)
            }
        };
        drop(state);
        self.clear();
        for step in steps {
            shared.tell(self.exchange, step);
        }
        self.conclude(result);
    }

    /// Leaves the slot and wakes everybody who waits.
    fn conclude(&mut self, result: FlightEnd) {
        self.clear();
        self.done = true;
        self.tell.send_replace(Some(result));
    }

    fn installed(&self, issued: Issued, slot: &Slot, sent: Boot) -> Arc<Token> {
        let shared = &self.shared;
        let mut notes = issued.notes;
        let expiry = issued.life.map(|life| sent + life);
        let nothing_new = slot.last.as_ref().is_some_and(|last| {
            let no_later = matches!((last.facts.expiry(), expiry), (Some(before), Some(now)) if now <= before);
            no_later || last.secret.same_as(&issued.secret)
        });
        if nothing_new {
            notes.push(TokenNote::NothingNew);
        }
        let factor = 0.8 + 0.4 * (shared.dice)();
        let serial = shared.next_serial();
        shared.masks.recognise(&issued.secret, &serial.to_string());
        let facts = TokenFacts {
            serial,
            generation: Generation(slot.generation.0 + 1),
            fingerprint: shared.prints.fingerprint(&issued.secret),
            size: issued.secret.size(),
            sent,
            issued: shared.clock.wall(),
            life: issued.life,
            margin: issued.life.map_or(Duration::ZERO, |life| margin(life, self.access.profile.renewal_lead, factor)),
            skew_ms: issued.skew_ms,
            scope: issued.scope.map(|scope| shared.masks.masked(&scope)),
            jwt: issued.jwt,
            notes,
        };
        Arc::new(Token { secret: Arc::new(issued.secret), facts: Arc::new(facts) })
    }

    /// After a failure in the background the next try waits; by timer where there is one.
    fn postpone(&self, slot: &mut Slot, now: Boot) {
        let Some(token) = slot.token.clone().filter(|_| self.background) else { return };
        slot.quiet_until = now + quiet_time(token.facts.remaining(now));
        if self.shared.timer && slot.used > 0 {
            renewal::arm(&self.shared, self.slot.clone(), self.access.clone(), token.facts.clone(), slot.quiet_until);
        }
    }

    /// Takes this flight out of its slot: before anybody is woken, so that none of them finds it there.
    fn clear(&self) {
        if let Some(slot) = self.shared.state().slots.get_mut(&self.slot)
            && slot.flight.as_ref().is_some_and(|flight| flight.number == self.number)
        {
            slot.flight = None;
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if !self.done {
            let why = vanished();
            let now = self.shared.clock.boot();
            remember(self.shared.state().keys.entry(self.access.key.clone()).or_default(), &why, now);
            self.clear();
            self.shared.tell(self.exchange, FlowStep::TokenFailed(why.clone()));
            self.tell.send_replace(Some(Err(why)));
        }
    }
}

/// A token call without an answer. That it may have been acted on does no harm.
fn unanswered(failure: Failure) -> Rejection {
    let is_final = matches!(failure.kind, FailureKind::Tls | FailureKind::TooLarge);
    let own = matches!(failure.kind, FailureKind::Dns | FailureKind::Connect | FailureKind::Tls);
    let rejection = if is_final {
        Rejection::new(TokenFailureKind::NotAToken, failure.text)
    } else {
        let text = format!("the token endpoint cannot be asked: {}", failure.text);
        Rejection { retry: true, ..Rejection::new(TokenFailureKind::Unavailable, text) }
    };
    match failure.hint.filter(|_| own) {
        Some(hint) => Rejection { hint, ..rejection },
        None => rejection,
    }
}

/// A flight that nobody waits for in this form any more: its credentials were edited, or its transaction is over.
fn superseded(call: Option<Arc<TokenCall>>) -> Arc<TokenFailure> {
    Arc::new(TokenFailure {
        kind: TokenFailureKind::Superseded,
        text: "the credentials were edited, or the call was over, before the token came".to_owned(),
        hint: Some(TokenFailureKind::Superseded.hint().to_owned()),
        call,
    })
}

/// The time without a try in the background: 30 s, or half of what is left.
fn quiet_time(left: Option<Duration>) -> Duration {
    Duration::from_secs(30).max(left.unwrap_or_default() / 2)
}

/// What a failed flight means for the next one.
fn remember(key: &mut super::KeyState, failure: &Arc<TokenFailure>, now: Boot) {
    let pause = match failure.kind {
        TokenFailureKind::CredentialsRefused => {
            key.refused = Some(failure.clone());
            return;
        }
        TokenFailureKind::Rejected => Duration::from_secs(60),
        TokenFailureKind::Throttled { retry_after } => retry_after.max(Duration::from_secs(1)),
        TokenFailureKind::NotAToken => Duration::from_secs(5),
        TokenFailureKind::Unavailable | TokenFailureKind::Internal => {
            // Flights that fail side by side are one failure.
            key.failures += u32::from(!key.is_held(now));
            Duration::from_secs(1 << (key.failures - 1).min(6)).min(Duration::from_secs(LONGEST_PAUSE))
        }
        TokenFailureKind::Superseded => return,
    };
    key.cooldown = Some((now + pause, failure.clone()));
}

fn record(call: &mut TokenCall, reply: &TokenReply) {
    call.status = Some(reply.status);
    call.headers = reply
        .headers
        .iter()
        .map(|(name, value)| HeaderField { name: name.clone(), value: FieldValue::Shown(value.clone()) })
        .collect();
}
