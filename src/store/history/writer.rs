//! The thread of a run that writes the history.

use std::{io, path::PathBuf, sync::mpsc, thread};

use super::{History, StoreError};
use crate::{
    domain::{
        clock::Clock,
        record::{Record, Retention},
    },
    store::PATIENCE,
};

type Make = Box<dyn FnOnce() -> Record + Send>;

/// Records that are written at once.
const BATCH: usize = 64;

/// See the module. Dropped, it waits for what was ordered to be written.
pub struct Writer {
    orders: Option<mpsc::Sender<Make>>,
    done: mpsc::Receiver<()>,
}

impl Writer {
    /// Opens the history in `folder`; why it cannot be kept is told once, in words.
    ///
    /// Fails when the system gives no thread.
    pub fn open(
        folder: Option<PathBuf>,
        clock: Clock,
        retention: Retention,
        mut tell: impl FnMut(String) + Send + 'static,
    ) -> io::Result<Self> {
        let (orders, ordered) = mpsc::channel();
        let (over, done) = mpsc::channel();
        let work = move || {
            if let Err(error) = serve(folder, &clock, retention, &ordered, &mut tell) {
                tell(format!("the history is not kept: {error}"));
            }
            drop(over);
        };
        thread::Builder::new().name("history".to_owned()).spawn(work)?;
        Ok(Self { orders: Some(orders), done })
    }

    /// Adds what `make` gives; it is made on the thread of the writer.
    pub fn add(&self, make: impl FnOnce() -> Record + Send + 'static) {
        if let Some(orders) = &self.orders {
            // Whoever could not open it was told.
            let _ = orders.send(Box::new(make));
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.done.recv_timeout(PATIENCE);
    }
}

fn serve(
    folder: Option<PathBuf>,
    clock: &Clock,
    retention: Retention,
    ordered: &mpsc::Receiver<Make>,
    tell: &mut impl FnMut(String),
) -> Result<(), StoreError> {
    // Nothing is made before there is something to keep.
    let Ok(mut first) = ordered.recv() else { return Ok(()) };
    let (mut history, aside) = History::open(&folder.ok_or(StoreError::NoFolder)?)?;
    if let Some(file) = aside {
        tell(format!("the history could not be read; it is set aside as {}", file.display()));
    }
    loop {
        let batch: Vec<_> = std::iter::once(first).chain(ordered.try_iter().take(BATCH)).map(|make| make()).collect();
        history.add(&batch, clock.wall().as_millisecond(), retention)?;
        match ordered.recv() {
            Ok(next) => first = next,
            Err(mpsc::RecvError) => return Ok(()),
        }
    }
}
