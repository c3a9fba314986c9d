//! SIGINT and SIGTERM: the first one cancels what runs, so that what came is kept, and decides the exit code.

use std::{
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::exit::Exit;
use crate::{domain::clock::Clock, engine::timer};

/// What the signals of this process have said so far; cheap to clone.
#[derive(Clone)]
pub(super) struct Signals {
    cancel: CancellationToken,
    came: Arc<OnceLock<Exit>>,
}

impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> io::Result<Self> {
        let signals = Self { cancel: CancellationToken::new(), came: Arc::default() };
        let (first, told) = (first()?, signals.clone());
        tokio::spawn(async move {
            let exit = first.await;
            told.came.get_or_init(|| exit);
            told.cancel.cancel();
        });
        Ok(signals)
    }

    /// Cancelled by the first signal, or by whoever has a reason to end early.
    pub(super) fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// What the signal that came means.
    pub(super) fn exit(&self) -> Option<Exit> {
        self.came.get().copied()
    }

    /// What `work` gives, unless a signal comes first.
    pub(super) async fn or<T>(&self, work: impl Future<Output = T>) -> Result<T, Exit> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(self.exit().unwrap_or(Exit::Cancelled)),
            output = work => Ok(output),
        }
    }

    /// Waits until everything is printed; after a signal no longer than a second, since nobody may be reading.
    pub(super) async fn printed(&self, clock: &Clock, mut printed: JoinHandle<io::Result<()>>) -> io::Result<()> {
        let done = tokio::select! {
            done = &mut printed => Some(done),
            () = self.cancel.cancelled() => {
                timer::limited(clock, clock.boot() + Duration::from_secs(1), printed).await
            }
        };
        done.map_or(Ok(()), |done| done?)
    }
}

#[cfg(unix)]
fn first() -> io::Result<impl Future<Output = Exit>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => Exit::Cancelled,
            _ = terminate.recv() => Exit::Terminated,
        }
    })
}

#[cfg(windows)]
fn first() -> io::Result<impl Future<Output = Exit>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
        Exit::Cancelled
    })
}
