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
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::tz::TimeZone;
use ratatui::backend::{Backend, CrosstermBackend};
use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc,
};

use crate::{
    app::{
        App, Start, code::Code, lab::Fault, ledger, message::Message, notice::Notice, overlay::Trouble,
        profiles::Saved, touring::Wanted,
    },
    body::Body,
    config::{
        keymap::Keymap,
        own_themes::OwnThemes,
        theme::{Facts, Look, Wish},
    },
    document::Document,
    domain::{
        clock::Clock,
        level::Level,
        profile::Profile,
        profile_form::{Change, Entry, FormFault},
        record::Retention,
        redact::Redactor,
        request::Formatters,
    },
    engine::{Engine, Setup, timer, token_manager::Dice},
    secrets::{Person, Secrets},
    snippet::Snippets,
    store::{Store, history::Writer, ledger::LedgerWriter, log::Log},
};

mod browser;
mod clipboard;
mod crash;
mod effects;
mod event_loop;
mod filing;
pub(crate) mod filter_process;
mod formatting;
mod importing;
mod input;
mod interruption;
mod keeping;
mod outside;
mod questions;
mod record;
mod remembering;
mod rotations;
mod saving;
mod standing;
mod terminal;

use effects::Effects;
use event_loop::{EventLoop, Pause, Sources};
use filing::Filing;
use input::Listener;
use interruption::Interruption;
use outside::Programs;
use questions::Questions;
use terminal::Guard;

pub use filing::Machine;
pub use interruption::outlive_full_files;

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
    /// The person's own themes.
    pub own_themes: OwnThemes,
    /// The programs that format bodies.
    pub formatters: Formatters,
    /// The languages that requests are written in as code.
    pub snippets: Snippets,
    /// What is said first.
    pub notice: Option<Notice>,
    /// What is wrong with the config file, shown in a dialog.
    pub trouble: Option<Trouble>,
    /// Where time comes from.
    pub clock: Clock,
    /// Jitter: a number from 0 to 1 at each call.
    pub dice: Dice,
    /// The folder of large bodies.
    pub cache: Option<PathBuf>,
    /// What of the last run is found again, and where it is kept.
    pub memory: Memory,
    /// The config file, where the platform or the person names one.
    pub profile_file: Option<Arc<dyn ProfileFile>>,
    /// The folder of the collection, if there is one.
    pub collection: Option<PathBuf>,
    /// What of the machine a request may read.
    pub machine: Option<Arc<dyn Machine>>,
    /// This program, which is started once more for each filter.
    pub program: Option<PathBuf>,
    /// The built-in API.
    pub sandbox: SandboxDoor,
    /// What is looked at, where the explorer is there for nothing else.
    pub viewed: Option<Viewed>,
    /// The lesson of the tour that is opened first.
    pub tour: Option<Wanted>,
}

/// A file or a pipe to look at.
pub struct Viewed {
    /// What it is called.
    pub name: String,
    /// Its bytes, as they come.
    pub body: Body,
    /// Reads no more of it.
    pub stop: Box<dyn FnOnce() + Send>,
}

/// The config file, as seen from here. Both take some time; neither asks for a secret.
pub trait ProfileFile: Send + Sync {
    /// Changes it, and gives the profiles there are then; or why it stands as it stood.
    fn change(&self, change: &Change) -> Result<Saved, FormFault>;

    /// The profile that a form makes, and the name of its credential, without a change of the file.
    fn tried(&self, entry: &Entry) -> Result<(Arc<Profile>, String), FormFault>;
}

/// What of the last run is found again, and where it is kept.
pub struct Memory {
    /// The folder of the database; `None` where the platform names none.
    pub folder: Option<PathBuf>,
    /// Whether calls are kept in the history.
    pub history: bool,
    /// What is kept of them.
    pub retention: Retention,
    /// Whether what was kept is found again.
    pub restore: bool,
    /// Whether the active profile is the one of the last run, where there is such a one.
    pub restore_profile: bool,
    /// The log file; `None` where the platform names none.
    pub log: Option<PathBuf>,
    /// How much is logged.
    pub level: Level,
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

/// How long the keys wait for what the last run left.
const RESTORING: Duration = Duration::from_millis(300);

/// Shows the explorer until a person leaves it, or a signal or an error ends it. The terminal is as before then.
pub fn explore(explorer: Explorer) -> Result<Ending, ExploreError> {
    let facts = Facts::of(&|name| env::var(name).ok());
    if !facts.screen || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(ExploreError::NoTerminal);
    }
    let look = Look::choose(&facts, &explorer.wish);
    let runtime = runtime().map_err(ExploreError::Start)?;
    runtime.block_on(async { outlive_full_files() }).map_err(ExploreError::Start)?;
    let (told, interruptions) = mpsc::unbounded_channel();
    let masks = Redactor::default();
    let (messages, facts) = mpsc::unbounded_channel();
    let questions = Questions::default();
    let person = Person::AtScreen(questions.ask(messages.clone()));
    let secrets = Secrets::new(&explorer.profiles, person, masks.clone());
    secrets.learn(&explorer.profiles);
    let (log, unlogged) = opened(&explorer.memory, &masks);
    let record = record::Record::new(log, explorer.clock.clone());
    let own_masks = masks.clone();
    let hook = crash::Hook::set(told.clone(), record.clone());
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        let outcome = runtime.block_on(shown(
            explorer,
            look,
            (told, interruptions),
            (messages, facts),
            (&record, masks, unlogged),
            (secrets, questions),
        ));
        // A look-up of a name may take its time; nobody waits for it any more.
        runtime.shutdown_background();
        outcome
    }));
    let crash = hook.taken_away();
    let how = if let (Ok(Ok(Some(ending))), None) = (&outcome, &crash) {
        format!("{ending:?}")
    } else {
        "an error".to_owned()
    };
    record.note(Level::Info, &format!("authscope ends: {how}"));
    match (outcome, crash) {
        (Ok(Ok(Some(ending))), None) => Ok(ending),
        (Ok(Err(error)), None) => Err(error),
        (_, crash) => {
            let text = crash.map_or_else(|| "panicked".to_owned(), |text| own_masks.masked(&text));
            Err(ExploreError::Crashed(text))
        }
    }
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// From the first frame to the last; gives nothing after a panic.
async fn shown(
    explorer: Explorer,
    look: Look,
    (told, interruptions): (mpsc::UnboundedSender<Interruption>, mpsc::UnboundedReceiver<Interruption>),
    (messages, mut facts): (mpsc::UnboundedSender<Message>, mpsc::UnboundedReceiver<Message>),
    (record, masks, unlogged): (&record::Record, Redactor, Option<io::Error>),
    (secrets, questions): (Secrets, Questions),
) -> Result<Option<Ending>, ExploreError> {
    let Explorer {
        profiles,
        active,
        keymap,
        own_themes,
        formatters,
        snippets,
        notice,
        trouble,
        clock,
        dice,
        cache,
        memory,
        profile_file,
        collection,
        machine,
        program,
        sandbox,
        viewed,
        tour,
        ..
    } = explorer;
    let filing = Filing { machine, state: memory.folder.clone(), cache: cache.clone() };
    interruption::listen(&told).map_err(ExploreError::Start)?;
    let observer = effects::observer(messages.clone(), record.clone());
    let hidden = secrets.hidden();
    let engine = Engine::new(Setup { clock: clock.clone(), observer, dice, cache, secrets, timer: true });
    let programs = Programs::new(hidden.clone(), clock.clone());
    let effects = Effects::new(engine.clone(), clock.clone(), sandbox.play, messages.clone(), record.clone())
        .with_themes(own_themes.clone())
        .with_questions(questions)
        .with_profile_file(profile_file)
        .with_filing(filing)
        .with_program(program)
        .with_past(memory.folder.clone().filter(|_| memory.history))
        .without_variables(hidden);
    let (effects, viewed) = match viewed {
        Some(Viewed { name, body, stop }) => (effects.reading(stop), Some((name, body))),
        None => (effects, None),
    };
    let guard = Guard::enter().map_err(ExploreError::Start)?;
    let size = crossterm::terminal::size().map_err(ExploreError::Start)?;
    // The zone is looked up after the first frame, which shows no time.
    let (now, zone) = (event_loop::now(&clock), TimeZone::UTC);
    let mut app = App::new(Start { now, zone, size, keymap, profiles, active, trouble }).masked_by(masks.clone());
    app.code = Code::of(snippets);
    app.tour.wanted = tour;
    (app.own_themes, app.notice, app.formatters) = (own_themes.names(), notice, formatters);
    // Without randomness values are drawn from the time alone.
    let _ = getrandom::fill(&mut app.known.key);
    let followed = viewed.as_ref().map(|(_, body)| body.clone());
    if let Some((name, body)) = viewed {
        let lines = [".jsonl", ".ndjson"].iter().any(|suffix| name.ends_with(suffix));
        app.view(name, Document::new(body, lines.then_some("application/x-ndjson")));
    }
    let backend = CrosstermBackend::new(terminal::output());
    let mut event_loop = EventLoop::new(backend, look, app, effects, clock.clone()).map_err(ExploreError::Start)?;
    let outcome = async {
        event_loop.draw_if_due()?;
        record.note(Level::Info, concat!("authscope ", env!("CARGO_PKG_VERSION"), " starts"));
        if let Some(error) = unlogged {
            event_loop.told(Message::StoreFailed(format!("nothing is logged: {error}")))?;
        }
        if let Some(body) = followed {
            event_loop.follow(body)?;
            event_loop.stand_in(TimeZone::system());
            let (listener, inputs) = input::listen()?;
            let sources = Sources { interruptions, inputs, messages: facts };
            return driven(&mut event_loop, sources, listener, &programs).await;
        }
        if memory.history {
            let tell = messages.clone();
            let tell = move |text| drop(tell.send(Message::StoreFailed(text)));
            let writer = Writer::open(memory.folder.clone(), clock.clone(), memory.retention, tell)?;
            event_loop.remember_in(writer, memory.retention, masks.clone());
            let run = clock.wall().as_millisecond();
            let tell = keeping::ledger_teller(messages.clone());
            event_loop.account_in(LedgerWriter::open(memory.folder.clone(), run, run - ledger::LONGEST, tell)?);
        }
        if let Some(folder) = collection {
            filing::opened(folder, messages.clone())?;
        }
        let tell = keeping::teller(messages, memory.restore_profile);
        event_loop.keep_in(Store::open(memory.folder, memory.restore, tell)?, masks);
        tokio::spawn(async move {
            if let Err(error) = sandbox.serve.await {
                let _ = told.send(Interruption::Failed(error));
            }
        });
        warm_up(engine)?;
        // Beside the store and the client: it looks through a folder of hundreds of files.
        event_loop.stand_in(TimeZone::system());
        // What is typed ahead is meant for what the last run left.
        let limit = clock.boot() + RESTORING;
        if let Some(Some(restored)) = timer::limited(&clock, limit, facts.recv()).await {
            event_loop.told(restored)?;
            event_loop.draw_if_due()?;
        }
        let (listener, inputs) = input::listen()?;
        let sources = Sources { interruptions, inputs, messages: facts };
        driven(&mut event_loop, sources, listener, &programs).await
    };
    // A panic while a key is answered or a frame drawn, too, is no reason to lose what was typed.
    let outcome = AssertUnwindSafe(outcome).catch_unwind().await;
    drop(guard);
    event_loop.stop().await;
    match outcome.unwrap_or_else(|panic| panic::resume_unwind(panic)) {
        Err(_) if interruption::is_hung_up() => Ok(Some(Ending::Signal(Signal::HangUp))),
        outcome => outcome.map_err(ExploreError::Broken),
    }
}

/// Runs the loop to its end, whatever stops it in between.
async fn driven<B: Backend<Error: Send + Sync + 'static>>(
    event_loop: &mut EventLoop<B>,
    mut sources: Sources,
    mut listener: Listener,
    programs: &Programs,
) -> io::Result<Option<Ending>> {
    loop {
        let mut news = None;
        let mut pause = event_loop.run(&mut sources).await?;
        if let Pause::Suspended = pause {
            terminal::give_back();
            pause = interruption::suspended(&mut sources.interruptions).await?;
        } else if let Pause::Outside(errand) = pause {
            // Every key is the other program's, and what was read ahead is nobody's command.
            drop(listener);
            terminal::give_back();
            (pause, news) = programs.run(errand, &mut sources.interruptions).await?;
            (listener, sources.inputs) = input::listen()?;
        }
        match pause {
            Pause::Ended(ending) => return Ok(Some(ending)),
            Pause::Crashed => return Ok(None),
            Pause::Suspended | Pause::Continued | Pause::Outside(_) => {}
        }
        terminal::take_again()?;
        if let Some(news) = news {
            event_loop.told(news)?;
        }
        let (width, height) = crossterm::terminal::size()?;
        event_loop.returned(width, height)?;
    }
}

/// The log, or why there is none although there is a place for it.
fn opened(memory: &Memory, masks: &Redactor) -> (Log, Option<io::Error>) {
    let opened = memory.log.as_ref().map(|path| Log::open(path, memory.level, masks.clone()));
    match opened {
        Some(Ok(log)) => (log, None),
        Some(Err(error)) => (Log::default(), Some(error)),
        None => (Log::default(), None),
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
