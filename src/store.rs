//! What outlives a run: a database with the session and the drafts, one of what was called, one of the
//! tokens without their text, and the log.
//!
//! Owns the files in the platform's state folder, their modes, and the thread that writes the database. What is kept is
//! text whose meaning is the caller's; it holds no secret by then. Refuses to stop the program: a folder that is
//! missing, read-only or full, a database of a later version or one that is locked is told once in words, and the
//! program goes on without. Nothing found here is ever deleted; a database that cannot be read is set aside.

use std::{collections::BTreeMap, io, path::PathBuf, sync::mpsc, thread, time::Duration};

mod connection;
pub mod database;
pub mod files;
mod folder;
pub mod history;
pub mod ledger;
pub mod log;
pub mod payload;

use database::{Database, StoreError};

/// How long the end of a run waits for what was ordered to be written: longer than a lock is waited for.
const PATIENCE: Duration = Duration::from_secs(6);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// What is kept of a run, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Where the person was.
    pub session: String,
    /// Every changed request and every one of a person's own, by its key.
    pub drafts: BTreeMap<String, String>,
}

/// What the store has to say.
#[derive(Debug)]
pub enum Told {
    /// It is open; this is what was kept, if anything was and it was asked for.
    Opened(Option<Kept>),
    /// Something cannot be kept, or could not be read: in words.
    Trouble(String),
    /// What was ordered cannot be written for now, and why: it is tried again.
    Unwritten(String),
    /// It is written after all.
    Written,
}

type Make = Box<dyn FnOnce() -> Kept + Send>;

/// The database of a run, written by a thread of its own.
pub struct Store {
    orders: Option<mpsc::Sender<Make>>,
    done: mpsc::Receiver<()>,
}

impl Store {
    /// Opens the database in `folder`; where there is none, or with `restore` off, begins with nothing.
    ///
    /// Fails when the system gives no thread.
    pub fn open(
        folder: Option<PathBuf>,
        restore: bool,
        mut tell: impl FnMut(Told) + Send + 'static,
    ) -> io::Result<Self> {
        let (orders, ordered) = mpsc::channel();
        let (over, done) = mpsc::channel();
        let work = move || {
            if let Err(error) = serve(folder, restore, &ordered, &mut tell) {
                tell(Told::Trouble(format!("requests and layout are not kept: {error}")));
            }
            drop(over);
        };
        thread::Builder::new().name("store".to_owned()).spawn(work)?;
        Ok(Self { orders: Some(orders), done })
    }

    /// Keeps what `make` gives, in place of all before. It is made on the thread of the store.
    pub fn keep(&self, make: impl FnOnce() -> Kept + Send + 'static) {
        if let Some(orders) = &self.orders {
            // Whoever could not open it was told.
            let _ = orders.send(Box::new(make));
        }
    }
}

impl Drop for Store {
    /// Waits for what was ordered to be written.
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.done.recv_timeout(PATIENCE);
    }
}

fn serve(
    folder: Option<PathBuf>,
    restore: bool,
    ordered: &mpsc::Receiver<Make>,
    tell: &mut impl FnMut(Told),
) -> Result<(), StoreError> {
    let folder = folder.ok_or(StoreError::NoFolder)?;
    let (mut database, set_aside) = Database::open(&folder)?;
    let kept = if restore { database.load()? } else { None };
    tell(Told::Opened(kept));
    if let Some(file) = set_aside {
        tell(Told::Trouble(format!("what was kept could not be read; it is set aside as {}", file.display())));
    }
    // What could not be written yet.
    let mut left: Option<Kept> = None;
    let mut told = false;
    loop {
        let order = match left {
            None => ordered.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
            Some(_) => ordered.recv_timeout(AGAIN),
        };
        let over = matches!(order, Err(mpsc::RecvTimeoutError::Disconnected));
        if let Ok(make) = order {
            // The newest alone counts.
            left = Some(ordered.try_iter().last().unwrap_or(make)());
        }
        if let Some(kept) = left.take() {
            match database.write(&kept) {
                Ok(()) => {
                    if std::mem::take(&mut told) {
                        tell(Told::Written);
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut told, true) {
                        tell(Told::Unwritten(format!("changes are not kept for now: {error}")));
                    }
                    left = Some(kept);
                }
            }
        }
        if over {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;
