//! What endpoints answered lately, for the diagnosis of a later call.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::domain::{diagnosis::Past, exchange::Exchange};

/// How many answers are remembered.
const MOST: usize = 256;

/// See the module.
#[derive(Default)]
pub(super) struct Memory(Mutex<VecDeque<Past>>);

impl Memory {
    fn past(&self) -> MutexGuard<'_, VecDeque<Past>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the answers of a call that is over.
    pub(super) fn remember(&self, exchange: &Exchange) {
        let mut past = self.past();
        past.extend(Past::of(exchange));
        let over = past.len().saturating_sub(MOST);
        past.drain(..over);
    }

    /// All of them, the oldest first.
    pub(super) fn all(&self) -> Vec<Past> {
        self.past().iter().cloned().collect()
    }
}
