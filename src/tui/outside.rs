//! Programs of the person's own, which have the terminal for a while: the editor and the pager.
//!
//! Owns the file that an editor works on, readable by its owner alone and gone afterwards, and the pipe that a pager
//! reads. No program is handed a variable that a secret comes from.

use std::{
    env, fs,
    io::{self, BufWriter, Write},
    path::Path,
    process::{ExitStatus, Stdio},
    thread,
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    sync::mpsc::UnboundedReceiver,
};

use super::{
    Ending, Signal,
    event_loop::Pause,
    interruption::{Interruption, suspended},
};
use crate::{
    app::{
        effect::{Errand, Pages},
        message::Message,
    },
    document::{Document, Indexer, Step, sanitize},
    domain::clock::Clock,
    engine::timer,
    secrets::Hidden,
};

/// How long a program that is told to end may take.
const PATIENCE: Duration = Duration::from_secs(1);
const NO_EDITOR: &str = "No editor is named. Set `EDITOR`, to `nano` for instance, and start authscope again.";
/// Lines of a body that are read at once.
const ROWS: usize = 256;
/// Bytes looked at between two looks at the lines of a body.
const PIECE: usize = 4 << 20;

/// Starts programs, and knows what to keep from them.
pub(super) struct Programs {
    /// Variables that a secret comes from.
    hidden: Hidden,
    clock: Clock,
}

impl Programs {
    pub(super) fn new(hidden: Hidden, clock: Clock) -> Self {
        Self { hidden, clock }
    }

    /// Gives the terminal to a program until it ends; then, why the loop stood still, and what came of it.
    ///
    /// The terminal is nobody's before, and nobody's afterwards.
    pub(super) async fn run(
        &self,
        errand: Errand,
        interruptions: &mut UnboundedReceiver<Interruption>,
    ) -> io::Result<(Pause, Option<Message>)> {
        let modes = Modes::now();
        let outcome = match errand {
            Errand::Edit { text, suffix, leave } => {
                let (pause, text) = self.edited(&text, suffix, interruptions).await?;
                (pause, text.map(|text| Message::Edited { text, leave }))
            }
            Errand::Look(document, suffix) => {
                let (pause, why) = self.looked_at(document, suffix, interruptions).await?;
                (pause, why.map(Message::Unpaged))
            }
            Errand::Page(pages) => {
                let (pause, why) = self.paged(pages, interruptions).await?;
                (pause, why.map(Message::Unpaged))
            }
        };
        modes.set();
        Ok(outcome)
    }

    async fn edited(
        &self,
        text: &str,
        suffix: &str,
        interruptions: &mut UnboundedReceiver<Interruption>,
    ) -> io::Result<(Pause, Option<Result<String, String>>)> {
        let as_it_was = |why: String| (Pause::Continued, Some(Err(why)));
        let Some(editor) = ["VISUAL", "EDITOR"].into_iter().find_map(named) else {
            return Ok(as_it_was(NO_EDITOR.to_owned()));
        };
        let file = match written(text, suffix) {
            Ok(file) => file,
            Err(error) => return Ok(as_it_was(format!("The text cannot be put into a file for the editor: {error}."))),
        };
        let child = self.program(&editor, Some(file.path())).spawn();
        let (pause, ended) = match child {
            Ok(child) => self.waited(child, interruptions).await?,
            Err(error) => return Ok(as_it_was(format!("`{editor}` cannot be started: {error}."))),
        };
        let Some(status) = ended else { return Ok((pause, None)) };
        if !status.success() {
            return Ok(as_it_was(format!("`{editor}` ended with {status}; the text is as it was.")));
        }
        Ok((pause, Some(read_back(file, text))))
    }

    /// Shows a body in the editor, as a copy that nothing is read back from.
    async fn looked_at(
        &self,
        document: Document,
        suffix: &str,
        interruptions: &mut UnboundedReceiver<Interruption>,
    ) -> io::Result<(Pause, Option<String>)> {
        let Some(editor) = ["VISUAL", "EDITOR"].into_iter().find_map(named) else {
            return Ok((Pause::Continued, Some(NO_EDITOR.to_owned())));
        };
        let file = match copied(document, suffix) {
            Ok(file) => file,
            Err(error) => {
                let why = format!("The body cannot be put into a file for the editor: {error}.");
                return Ok((Pause::Continued, Some(why)));
            }
        };
        let child = match self.program(&editor, Some(file.path())).spawn() {
            Ok(child) => child,
            Err(error) => return Ok((Pause::Continued, Some(format!("`{editor}` cannot be started: {error}.")))),
        };
        let (pause, ended) = self.waited(child, interruptions).await?;
        let failed = ended.filter(|status| !status.success());
        Ok((pause, failed.map(|status| format!("`{editor}` ended with {status}."))))
    }

    async fn paged(
        &self,
        pages: Pages,
        interruptions: &mut UnboundedReceiver<Interruption>,
    ) -> io::Result<(Pause, Option<String>)> {
        let named = named("PAGER").unwrap_or_else(|| "less".to_owned());
        let child = self.program(&named, None).stdin(Stdio::piped()).spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => return Ok((Pause::Continued, Some(format!("`{named}` cannot be started: {error}.")))),
        };
        if let Some(input) = child.stdin.take() {
            let input = input.into_owned_fd().map(fs::File::from)?;
            // It ends with the pipe, whose other end may be closed before everything is read.
            let give = move || drop(write(pages, BufWriter::new(input)));
            thread::Builder::new().name("pager".to_owned()).spawn(give)?;
        }
        let (pause, ended) = self.waited(child, interruptions).await?;
        let failed = ended.filter(|status| !status.success());
        Ok((pause, failed.map(|status| format!("`{named}` ended with {status}."))))
    }

    /// Waits until the program ends; gives its end, unless something ends this one too.
    async fn waited(
        &self,
        mut child: Child,
        interruptions: &mut UnboundedReceiver<Interruption>,
    ) -> io::Result<(Pause, Option<ExitStatus>)> {
        loop {
            let interruption = tokio::select! {
                status = child.wait() => return Ok((Pause::Continued, Some(status?))),
                Some(interruption) = interruptions.recv() => interruption,
            };
            let pause = match interruption {
                Interruption::Suspended => suspended(interruptions).await,
                Interruption::Ended(Ending::Signal(Signal::Interrupt | Signal::Quit))
                | Interruption::Continued
                // Keys that make signals are meant for the program that has the terminal.
                | Interruption::Resized => continue,
                Interruption::Ended(ending) => Ok(Pause::Ended(ending)),
                Interruption::Failed(error) => Err(error),
                Interruption::Crashed => Ok(Pause::Crashed),
            };
            if let Ok(Pause::Continued) = pause {
                continue;
            }
            self.ended(&mut child).await;
            return pause.map(|pause| (pause, None));
        }
    }

    /// Ends a program, which may put the terminal in order first.
    async fn ended(&self, child: &mut Child) {
        terminate(child);
        let limit = self.clock.boot() + PATIENCE;
        if timer::limited(&self.clock, limit, child.wait()).await.is_none() {
            let _ = child.kill().await;
        }
    }

    /// A program with what it is to open. It is named as a shell would read it, with options of its own.
    fn program(&self, named: &str, file: Option<&Path>) -> Command {
        let mut command = shell(named, file);
        for name in self.hidden.names() {
            command.env_remove(name);
        }
        command
    }
}

#[cfg(unix)]
fn shell(named: &str, file: Option<&Path>) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(if file.is_some() { format!("{named} \"$1\"") } else { named.to_owned() }).arg("authscope");
    command.args(file);
    command
}

#[cfg(windows)]
fn shell(named: &str, file: Option<&Path>) -> Command {
    let mut words = named.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).args(file);
    command
}

fn named(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|name| !name.trim().is_empty())
}

/// A new file that only its owner can read, gone when it is dropped.
fn written(text: &str, suffix: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("authscope-").suffix(suffix).tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    Ok(file)
}

/// A body as it is looked at, in a new file that its owner can read and not change, gone when it is dropped.
fn copied(document: Document, suffix: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("authscope-").suffix(suffix).tempfile()?;
    write(Pages::Body(document), BufWriter::new(file.as_file_mut()))?;
    // Elsewhere a file that cannot be changed cannot be taken away either.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o400))?;
    }
    Ok(file)
}

/// What the editor made of it. Editors end a file with a line break, which the text has only if it had one.
fn read_back(file: tempfile::NamedTempFile, before: &str) -> Result<String, String> {
    // By its name: an editor may have put another file in its place.
    let bytes = fs::read(file.path()).map_err(|error| format!("What the editor wrote cannot be read: {error}."))?;
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.ends_with('\n') && !before.ends_with('\n') {
                text.pop();
                text.truncate(text.strip_suffix('\r').map_or(text.len(), str::len));
            }
            Ok(text)
        }
        Err(_) => Err(match file.keep() {
            Ok((_, path)) => kept(&path),
            Err(error) => kept(error.file.path()),
        }),
    }
}

fn kept(path: &Path) -> String {
    format!("What the editor wrote is not UTF-8, so the text is as it was. It is kept in {}.", path.display())
}

#[cfg(unix)]
fn terminate(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};

    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        let _ = kill_process(pid, Signal::TERM);
    }
}

#[cfg(windows)]
fn terminate(child: &mut Child) {
    let _ = child.start_kill();
}

/// The modes of the terminal, which a program that dies may leave as it needed them.
struct Modes {
    #[cfg(unix)]
    kept: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
impl Modes {
    fn now() -> Self {
        Self { kept: rustix::termios::tcgetattr(rustix::stdio::stdin()).ok() }
    }

    fn set(self) {
        if let Some(modes) = self.kept {
            let when = rustix::termios::OptionalActions::Now;
            // A terminal that is gone is noticed by whoever reads it.
            let _ = rustix::termios::tcsetattr(rustix::stdio::stdin(), when, &modes);
        }
    }
}

#[cfg(windows)]
impl Modes {
    fn now() -> Self {
        Self {}
    }

    fn set(self) {}
}

/// Writes something to read: as the explorer shows it, so that no byte of it is a command for the terminal.
fn write(pages: Pages, mut out: impl Write) -> io::Result<()> {
    match pages {
        Pages::Text(text) => {
            for line in text.lines() {
                writeln!(out, "{}", sanitize::shown(line))?;
            }
        }
        Pages::Body(document) => write_body(document, &mut out)?,
    }
    out.flush()
}

fn write_body(mut document: Document, out: &mut impl Write) -> io::Result<()> {
    document.unfold_all();
    let mut indexer = Indexer::new(&document);
    while indexer.step(PIECE) == Step::More {}
    document.learn(indexer.index());
    let mut top = 0;
    loop {
        let lines = document.whole_lines(top, ROWS);
        if lines.is_empty() {
            return Ok(());
        }
        top += lines.len() as u64;
        for line in lines {
            for span in &line.spans {
                out.write_all(span.text.as_bytes())?;
            }
            out.write_all(b"\n")?;
        }
    }
}

#[cfg(test)]
mod tests;
