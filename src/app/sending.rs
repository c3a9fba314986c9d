//! What is on its way, and what was sent last.

use std::collections::BTreeSet;

use super::effect::Order;
use crate::domain::{clock::Boot, exchange::ExchangeId};

/// The calls on their way, oldest first.
#[derive(Default)]
pub struct Sending {
    running: Vec<Running>,
    /// Numbers given so far.
    given: u64,
    /// The call made last, to be repeated.
    pub last: Option<Order>,
    /// The profiles of which a person agreed, for this run, to calls that may move money.
    pub production_agreed: BTreeSet<String>,
    /// Since when a renewal asked for by a key is on its way.
    pub renewing: Option<Boot>,
}

/// One call on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Which.
    pub id: ExchangeId,
    /// Since when.
    pub since: Boot,
    /// Whether it was told to stop.
    pub cancelled: bool,
}

impl Sending {
    /// A number for the next call.
    pub fn next_id(&mut self) -> ExchangeId {
        self.given += 1;
        ExchangeId(self.given)
    }

    /// A call went on its way.
    pub fn begin(&mut self, id: ExchangeId, now: Boot) {
        self.running.push(Running { id, since: now, cancelled: false });
    }

    /// A call is over.
    pub fn end(&mut self, id: ExchangeId) {
        self.running.retain(|running| running.id != id);
    }

    /// Every call that was not yet told to stop, now marked so; the newest first.
    pub fn cancel_all(&mut self) -> Vec<ExchangeId> {
        let going = self.running.iter_mut().rev().filter(|running| !running.cancelled);
        going
            .map(|running| {
                running.cancelled = true;
                running.id
            })
            .collect()
    }

    /// Marks one to be stopped; whether it was not marked before.
    pub fn cancel(&mut self, id: ExchangeId) -> bool {
        let one = self.running.iter_mut().find(|running| running.id == id && !running.cancelled);
        one.is_some_and(|running| {
            running.cancelled = true;
            true
        })
    }

    /// Those on their way.
    pub fn running(&self) -> &[Running] {
        &self.running
    }

    /// The one of that number, while it is on its way.
    pub fn of(&self, id: ExchangeId) -> Option<Running> {
        self.running.iter().copied().find(|running| running.id == id)
    }

    /// Whether that one is on its way.
    pub fn is_running(&self, id: ExchangeId) -> bool {
        self.of(id).is_some()
    }
}
