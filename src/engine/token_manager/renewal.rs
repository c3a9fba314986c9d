//! When a token that still lives is renewed in the background: once it is stale, and nothing asks for quiet.

use std::sync::{Arc, Weak};

use super::{Shared, SlotId, State, TokenManager, Wallet};
use crate::{
    domain::{
        clock::{Boot, Clock},
        credential::Access,
        token::{Freshness, TokenFacts},
    },
    engine::timer,
};

/// Looks at a token at an instant, and again later while something asks for quiet, and renews it in the background if it
/// is still the one in its slot.
pub(super) fn arm(shared: &Arc<Shared>, slot: SlotId, access: Access, token: Arc<TokenFacts>, first: Boot) {
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
    pub(super) fn renewal_due(&self, wallet: &Wallet, token: &TokenFacts, now: Boot) -> Option<Boot> {
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
