//! What happens at a panic: the terminal is given back, the text is kept for afterwards, and the loop is told to end.
//!
//! It stands before the terminal is taken. A panic in a task or on another thread does not unwind the loop, so the loop
//! learns of each by an [`Interruption`]; nothing is printed while the screen is up.

use std::{
    panic::{self, PanicHookInfo},
    sync::{Arc, OnceLock},
    thread,
};

use tokio::sync::mpsc::UnboundedSender;

use super::{interruption::Interruption, record::Record, terminal};
use crate::domain::level::Level;

type Before = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// The hook, as long as it stands.
pub(super) struct Hook {
    before: Before,
    first: Arc<OnceLock<String>>,
}

impl Hook {
    /// Sets it for every thread; the calling one is the one that draws.
    pub(super) fn set(told: UnboundedSender<Interruption>, record: Record) -> Self {
        let before = panic::take_hook();
        let first = Arc::new(OnceLock::new());
        let (kept, drawing) = (first.clone(), thread::current().id());
        panic::set_hook(Box::new(move |panic| {
            // From another thread the loop does it, which may be in the middle of a frame.
            if thread::current().id() == drawing {
                terminal::give_back();
            }
            record.note(Level::Error, &panic.to_string());
            let _ = kept.set(panic.to_string());
            let _ = told.send(Interruption::Crashed);
        }));
        Self { before, first }
    }

    /// Puts back the hook of before, and gives the text of the first panic.
    pub(super) fn taken_away(self) -> Option<String> {
        panic::set_hook(self.before);
        self.first.get().cloned()
    }
}
