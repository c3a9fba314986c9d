//! The explorer on a terminal: it takes the terminal, runs the loop, carries out what the state orders, and gives the
//! terminal back whatever happens.
//!
//! ```text
//!  signals, hang-up ─┐                    ┌─► view::render ─► terminal, when something of it is out of date
//!  the input thread ─┼─► event_loop ─► app::update
//!  engine, threads  ─┘                    └─► effects ─► engine, sandbox, threads
//! ```
//!
//! Owns everything that waits, draws or is drawn on; refuses to decide anything, which `app` does. One thread, the main
//! one, runs the loop and the engine; reading the terminal and looking through large bodies have threads of their own.
//! `cli` calls [`explore`].

use std::{
    env,
    io::{self, IsTerminal as _},
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    sync::Arc,
    thread,
};

use futures_util::future::BoxFuture;
use jiff::tz::TimeZone;
use ratatui::backend::{Backend, CrosstermBackend};
use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc,
};

use crate::{
    app::{App, Start, lab::Fault, overlay::Trouble},
    config::{
        keymap::Keymap,
        theme::{Facts, Look, Wish},
    },
    domain::{clock::Clock, profile::Profile},
    engine::{Engine, Setup, token_manager::Dice},
};

mod clipboard;
mod crash;
mod effects;
mod event_loop;
mod input;
mod interruption;
mod standing;
mod terminal;

use effects::Effects;
use event_loop::{EventLoop, Pause, Sources};
use interruption::Interruption;
use terminal::Guard;

/// All that an explorer is started with.
pub struct Explorer {
    /// All profiles, in the order they are offered; at least one.
    pub profiles: Vec<Arc<Profile>>,
    /// Which of them is active.
    pub active: usize,
    /// The keys.
    pub keymap: Keymap,
    /// The look a person wishes.
    pub wish: Wish,
    /// What is wrong with the config file, shown in a dialog.
    pub trouble: Option<Trouble>,
    /// Where time comes from.
    pub clock: Clock,
    /// Jitter: a number from 0 to 1 at each call.
    pub dice: Dice,
    /// The folder of large bodies.
    pub cache: Option<PathBuf>,
    /// The built-in API.
    pub sandbox: SandboxDoor,
}

/// The built-in API, as seen from here.
pub struct SandboxDoor {
    /// Serves; polled once the first frame is drawn.
    pub serve: BoxFuture<'static, io::Result<()>>,
    /// Plays a fault; gives what is out of the ordinary then, a line each.
    pub play: Play,
}

/// Plays a fault; gives what is out of the ordinary then, a line each.
pub type Play = Box<dyn Fn(Fault) -> Vec<String> + Send>;

/// How an explorer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A person left it.
    Quit,
    /// A signal ended it.
    Signal(Signal),
}

/// A signal that ends the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGHUP, or the terminal is gone.
    HangUp,
    /// SIGINT, sent by another process: Ctrl-C is a key here.
    Interrupt,
    /// SIGQUIT.
    Quit,
    /// SIGTERM.
    Terminate,
}

/// Why there was no explorer, or no more.
#[derive(Debug, thiserror::Error)]
pub enum ExploreError {
    /// Standard input or output is no terminal, or `TERM` says that it cannot be drawn on. Nothing was written to it.
    #[error("the explorer needs a terminal")]
    NoTerminal,
    /// The system refused a thread, a signal or the terminal; the terminal is as it was.
    #[error("the explorer cannot start")]
    Start(#[source] io::Error),
    /// The terminal can no longer be read or written, or the system refused a thread.
    #[error("the explorer cannot go on")]
    Broken(#[source] io::Error),
    /// A panic, and where it was.
    #[error("the explorer {0}")]
    Crashed(String),
}

/// Shows the explorer until a person leaves it, or a signal or an error ends it. The terminal is as before then.
pub fn explore(explorer: Explorer) -> Result<Ending, ExploreError> {
    let facts = Facts::of(&|name| env::var(name).ok());
    if !facts.screen || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(ExploreError::NoTerminal);
    }
    let look = Look::choose(&facts, &explorer.wish);
    let (told, interruptions) = mpsc::unbounded_channel();
    let hook = crash::Hook::set(told.clone());
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        let runtime = runtime().map_err(ExploreError::Start)?;
        let outcome = runtime.block_on(shown(explorer, look, told, interruptions));
        // A look-up of a name may take its time; nobody waits for it any more.
        runtime.shutdown_background();
        outcome
    }));
    let crash = hook.taken_away();
    match (outcome, crash) {
        (Ok(Ok(Some(ending))), None) => Ok(ending),
        (Ok(Err(error)), None) => Err(error),
        (_, crash) => Err(ExploreError::Crashed(crash.unwrap_or_else(|| "panicked".to_owned()))),
    }
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// From the first frame to the last; gives nothing after a panic.
async fn shown(
    explorer: Explorer,
    look: Look,
    told: mpsc::UnboundedSender<Interruption>,
    interruptions: mpsc::UnboundedReceiver<Interruption>,
) -> Result<Option<Ending>, ExploreError> {
    let Explorer { profiles, active, keymap, trouble, clock, dice, cache, sandbox, .. } = explorer;
    interruption::listen(&told).map_err(ExploreError::Start)?;
    let (messages, facts) = mpsc::unbounded_channel();
    let observer = effects::observer(messages.clone());
    let engine = Engine::new(Setup { clock: clock.clone(), observer, dice, cache, timer: true });
    let effects = Effects::new(engine.clone(), clock.clone(), sandbox.play, messages);
    let guard = Guard::enter().map_err(ExploreError::Start)?;
    let size = crossterm::terminal::size().map_err(ExploreError::Start)?;
    let (now, zone) = (event_loop::now(&clock), TimeZone::system());
    let app = App::new(Start { now, zone, size, keymap, profiles, active, trouble });
    let backend = CrosstermBackend::new(terminal::output());
    let mut event_loop = EventLoop::new(backend, look, app, effects, clock).map_err(ExploreError::Start)?;
    let outcome = async {
        event_loop.draw_if_due()?;
        tokio::spawn(async move {
            if let Err(error) = sandbox.serve.await {
                let _ = told.send(Interruption::Failed(error));
            }
        });
        warm_up(engine)?;
        let sources = Sources { interruptions, inputs: input::listen()?, messages: facts };
        driven(&mut event_loop, sources).await
    };
    let outcome = match outcome.await {
        Err(_) if interruption::is_hung_up() => Ok(Some(Ending::Signal(Signal::HangUp))),
        outcome => outcome.map_err(ExploreError::Broken),
    };
    drop(guard);
    event_loop.stop().await;
    outcome
}

/// Runs the loop to its end, whatever stops it in between.
async fn driven<B: Backend<Error: Send + Sync + 'static>>(
    event_loop: &mut EventLoop<B>,
    mut sources: Sources,
) -> io::Result<Option<Ending>> {
    loop {
        let mut pause = event_loop.run(&mut sources).await?;
        if pause == Pause::Suspended {
            terminal::give_back();
            pause = interruption::suspended(&mut sources.interruptions).await?;
        }
        match pause {
            Pause::Ended(ending) => return Ok(Some(ending)),
            Pause::Crashed => return Ok(None),
            Pause::Suspended | Pause::Continued => {}
        }
        terminal::take_again()?;
        let (width, height) = crossterm::terminal::size()?;
        event_loop.returned(width, height)?;
    }
}

/// Builds the https client on a thread of its own: reading the system's roots takes some milliseconds.
fn warm_up(engine: Engine) -> io::Result<()> {
    let work = move || {
        if let Ok(runtime) = runtime() {
            runtime.block_on(engine.warm_up());
        }
    };
    thread::Builder::new().name("warm-up".to_owned()).spawn(work).map(drop)
}
