//! `authscope view`: a file or a pipe on the screen, in the frame of the explorer, with the keys of the response.
//!
//! A file is read where it is. Anything else is read to its end beside the screen, into a body that is drawn from its
//! first chunk on; keys come from the terminal then, whatever standard input is.

use std::{
    fs::File,
    io::{self, IsTerminal as _, Read},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use bytes::Bytes;
use clap::Args;
use url::Url;

use super::{
    exit::{Exit, Stop},
    explore,
    start::{self, Globals},
};
use crate::{
    app::overlay::Trouble,
    body::{Body, BodyWriter},
    config::{file::Config, paths::Paths, profiles, theme::Wish},
    domain::clock::Clock,
    snippet::Snippets,
    tui::{self, ExploreError, Explorer, Memory, SandboxDoor, Viewed},
};

mod keyboard;

const EXAMPLES: &str = "\
Examples:
  authscope view answer.json
  curl -s https://api.example/big | authscope view -
  authscope send /api/v1/transactions | authscope view -";

/// Shows a file or a pipe of any size: JSON with folds and paths, other text, bytes
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The file; `-` is standard input
    file: PathBuf,
}

/// Bytes read from a pipe at once.
const CHUNK: usize = 256 << 10;
/// Bytes of a pipe that are kept, as of an answer unless a profile says otherwise.
const MOST: u64 = 4 << 30;

/// Opens the file, and shows it until a person leaves.
pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    if !io::stdout().is_terminal() {
        return Err(no_terminal().into());
    }
    let paths = Paths::of_this_machine();
    let viewed = opened(&arguments.file, &paths)?;
    match tui::explore(explorer(globals, &paths, viewed)?) {
        Ok(ending) => Ok(explore::exit(ending)),
        Err(ExploreError::NoTerminal) => Err(no_terminal().into()),
        Err(error) => Err(error.into()),
    }
}

fn no_terminal() -> Stop {
    Stop::usage("the viewer needs a terminal: `cat` shows a file in a pipe, `jq` arranges JSON")
}

/// The file as a body, or what of it comes, while it comes.
fn opened(path: &Path, paths: &Paths) -> Result<Viewed, Stop> {
    if path == Path::new("-") {
        if io::stdin().is_terminal() {
            return Err(Stop::usage("standard input is the terminal: name a file, or pipe something into `view -`"));
        }
        let input = keyboard::instead_of_input().map_err(|error| Stop::usage(format!("standard input: {error}")))?;
        return spooled("standard input".to_owned(), input, paths);
    }
    let name = path.display().to_string();
    let wrong = |error: io::Error| Stop::usage(format!("{name}: {error}"));
    let file = File::open(path).map_err(wrong)?;
    let about = file.metadata().map_err(wrong)?;
    if about.is_dir() {
        return Err(Stop::usage(format!("{name}: it is a folder")));
    }
    if !io::stdin().is_terminal() {
        keyboard::instead_of_input().map_err(wrong)?;
    }
    // Files of the system say that they are empty whatever they hold.
    if about.is_file() && about.len() > 0 {
        return Ok(Viewed { name, body: Body::of_file(file, about.len()), stop: Box::new(|| {}) });
    }
    spooled(name, file, paths)
}

/// Reads on a thread of its own, until the end or until that is enough.
fn spooled(name: String, input: File, paths: &Paths) -> Result<Viewed, Stop> {
    let folder = paths.cache.clone().filter(|folder| std::fs::create_dir_all(folder).is_ok());
    let writer = BodyWriter::new(folder.as_deref());
    let body = writer.body();
    let writer = Arc::new(Mutex::new(Some(writer)));
    let reading = writer.clone();
    thread::Builder::new()
        .name("spool".to_owned())
        .spawn(move || spool(input, &reading))
        .map_err(|error| Stop::usage(format!("{name}: {error}")))?;
    let stop = move || {
        if let Some(writer) = taken(&writer) {
            writer.incomplete("reading it was stopped");
        }
    };
    Ok(Viewed { name, body, stop: Box::new(stop) })
}

/// The one hand that writes; nobody's once reading was stopped.
type Hand = Mutex<Option<BodyWriter>>;

fn taken(hand: &Hand) -> Option<BodyWriter> {
    hand.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn spool(mut input: File, hand: &Hand) {
    let mut chunk = vec![0; CHUNK];
    let why = loop {
        let count = match input.read(&mut chunk) {
            Ok(0) => {
                if let Some(writer) = taken(hand) {
                    writer.complete();
                }
                return;
            }
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => break error.to_string(),
        };
        let mut hand = hand.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(writer) = hand.as_mut() else { return };
        if writer.body().len() + count as u64 > MOST {
            break "more than 4 GiB came through the pipe: a file of any size is shown by its name".to_owned();
        }
        if let Err(error) = writer.push(&Bytes::copy_from_slice(chunk.get(..count).unwrap_or_default())) {
            break error.to_string();
        }
    };
    if let Some(writer) = taken(hand) {
        writer.incomplete(why);
    }
}

fn explorer(globals: &Globals, paths: &Paths, viewed: Viewed) -> anyhow::Result<Explorer> {
    // A file that cannot be used keeps nobody from looking at another.
    let (config, wrong) = match start::config(globals, paths) {
        Ok(config) => (config, None),
        Err(wrong) => (Config::default(), Some(wrong.text)),
    };
    let (theme, _) = start::theme(globals, paths, &config);
    let own_themes = start::own_themes(globals, paths);
    // Nobody calls, but an explorer stands somewhere.
    let nowhere = profiles::sandbox(Url::parse("http://127.0.0.1")?, []);
    Ok(Explorer {
        profiles: vec![Arc::new(nowhere)],
        active: 0,
        keymap: config.keymap,
        wish: Wish { theme, signs: config.signs, background: config.background },
        own_themes,
        formatters: config.formatters,
        snippets: Snippets::default(),
        notice: None,
        trouble: wrong.map(|text| Trouble { unusable: true, text, top: 0 }),
        clock: Clock::system(),
        dice: start::dice(),
        cache: paths.cache.clone(),
        memory: Memory {
            folder: None,
            history: false,
            retention: config.history,
            restore: false,
            restore_profile: false,
            log: paths.log(),
            level: config.level,
        },
        profile_file: None,
        collection: None,
        machine: None,
        program: std::env::current_exe().ok(),
        sandbox: SandboxDoor { serve: Box::pin(std::future::pending()), play: Box::new(|_| Vec::new()) },
        viewed: Some(viewed),
        tour: None,
    })
}
