//! What ends or stops the explorer from outside: signals, a terminal that went away, a panic.

use std::io;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::{Ending, event_loop::Pause};

/// Something from outside, which goes before everything else.
#[derive(Debug)]
pub(super) enum Interruption {
    /// It is to end.
    Ended(Ending),
    /// It is to stand still for a while.
    Suspended,
    /// It stood still, and goes on.
    Continued,
    /// The terminal has another size.
    Resized,
    /// Something without which nothing works failed.
    Failed(io::Error),
    /// There was a panic somewhere.
    Crashed,
}

#[cfg(unix)]
pub use unix::outlive_full_files;
#[cfg(unix)]
pub(super) use unix::{is_hung_up, listen, suspended};

#[cfg(unix)]
mod unix {
    use std::thread;

    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        io::Errno,
        process::{Signal as Number, kill_current_process_group},
        stdio::stdin,
    };
    use tokio::signal::unix::{SignalKind, signal};

    use super::{Ending, Interruption, Pause, UnboundedReceiver, UnboundedSender, io};
    use crate::tui::Signal;

    /// Tells of signals, and of a terminal that goes away, from now on.
    pub(in crate::tui) fn listen(told: &UnboundedSender<Interruption>) -> io::Result<()> {
        let stop = SignalKind::from_raw(Number::TSTP.as_raw());
        let go_on = SignalKind::from_raw(Number::CONT.as_raw());
        forward(SignalKind::interrupt(), told, || Interruption::Ended(Ending::Signal(Signal::Interrupt)))?;
        forward(SignalKind::terminate(), told, || Interruption::Ended(Ending::Signal(Signal::Terminate)))?;
        forward(SignalKind::hangup(), told, || Interruption::Ended(Ending::Signal(Signal::HangUp)))?;
        forward(SignalKind::quit(), told, || Interruption::Ended(Ending::Signal(Signal::Quit)))?;
        forward(stop, told, || Interruption::Suspended)?;
        forward(go_on, told, || Interruption::Continued)?;
        forward(SignalKind::window_change(), told, || Interruption::Resized)?;
        let told = told.clone();
        thread::Builder::new().name("hang-up".to_owned()).spawn(move || watch(&told)).map(drop)
    }

    /// Lets a write beyond the limit on the size of files (`ulimit -f`) fail like one to a full disk, from now on: left
    /// to itself its signal kills. Needs a runtime.
    pub fn outlive_full_files() -> io::Result<()> {
        signal(SignalKind::from_raw(Number::XFSZ.as_raw())).map(drop)
    }

    fn forward(
        kind: SignalKind,
        told: &UnboundedSender<Interruption>,
        meaning: impl Fn() -> Interruption + Send + 'static,
    ) -> io::Result<()> {
        let mut signals = signal(kind)?;
        let told = told.clone();
        tokio::spawn(async move { while signals.recv().await.is_some() && told.send(meaning()).is_ok() {} });
        Ok(())
    }

    /// Waits until the terminal is gone. Whoever reads it does not notice: it is told of an end again and again.
    fn watch(told: &UnboundedSender<Interruption>) {
        while hang_up(None) == Err(Errno::INTR) {}
        let _ = told.send(Interruption::Ended(Ending::Signal(Signal::HangUp)));
    }

    /// Whether the terminal is gone.
    pub(in crate::tui) fn is_hung_up() -> bool {
        hang_up(Some(&Timespec { tv_sec: 0, tv_nsec: 0 })) != Ok(0)
    }

    /// Polls for nothing: a hang-up is what is told then.
    fn hang_up(limit: Option<&Timespec>) -> rustix::io::Result<usize> {
        poll(&mut [PollFd::new(&stdin(), PollFlags::empty())], limit)
    }

    /// Stops this process and its whole group, as a shell's job; returns when it goes on, with what else is asked for.
    pub(in crate::tui) async fn suspended(interruptions: &mut UnboundedReceiver<Interruption>) -> io::Result<Pause> {
        kill_current_process_group(Number::STOP)?;
        while let Some(interruption) = interruptions.recv().await {
            match interruption {
                Interruption::Continued => break,
                Interruption::Suspended | Interruption::Resized => {}
                Interruption::Ended(ending) => return Ok(Pause::Ended(ending)),
                Interruption::Failed(error) => return Err(error),
                Interruption::Crashed => return Ok(Pause::Crashed),
            }
        }
        Ok(Pause::Continued)
    }
}

#[cfg(windows)]
pub use windows::outlive_full_files;
#[cfg(windows)]
pub(super) use windows::{is_hung_up, listen, suspended};

#[cfg(windows)]
mod windows {
    use super::{Ending, Interruption, Pause, UnboundedReceiver, UnboundedSender, io};
    use crate::tui::Signal;

    /// Tells of a Ctrl-C that is no key, from now on.
    pub(in crate::tui) fn listen(told: &UnboundedSender<Interruption>) -> io::Result<()> {
        let mut signals = tokio::signal::windows::ctrl_c()?;
        let told = told.clone();
        tokio::spawn(async move {
            if signals.recv().await.is_some() {
                let _ = told.send(Interruption::Ended(Ending::Signal(Signal::Interrupt)));
            }
        });
        Ok(())
    }

    /// There is no such signal here.
    pub fn outlive_full_files() -> io::Result<()> {
        Ok(())
    }

    /// A console does not hang up: it ends its programs.
    pub(in crate::tui) fn is_hung_up() -> bool {
        false
    }

    /// There are no jobs here.
    pub(in crate::tui) async fn suspended(_: &mut UnboundedReceiver<Interruption>) -> io::Result<Pause> {
        Ok(Pause::Continued)
    }
}
