//! Asks the person: for a secret on the terminal of this process, whatever its input and output are, without showing it,
//! and for a yes.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Read as _},
    sync::Arc,
};

use futures_util::FutureExt as _;
use zeroize::Zeroizing;

use super::{exit::Stop, printer};
use crate::{
    domain::secret::Secret,
    secrets::{self, Ask, Flaw, LONGEST},
};

/// Asks and reads a line. Dropped in between, it leaves the terminal as it was.
pub(super) fn asked() -> Ask {
    Arc::new(|question| answer(question).boxed())
}

/// A secret from standard input, or from the person where that is the terminal.
pub(super) async fn given(question: &str) -> Result<Secret, Stop> {
    let given = if io::stdin().is_terminal() {
        let unasked = |error: io::Error| flaw(&error, "give the secret to the standard input");
        answer(question.to_owned()).await.map_err(unasked).and_then(secrets::usable)
    } else {
        secrets::beside(|| {
            // Room enough at once: bytes that moved would stay behind in memory.
            let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 2));
            let read = input().and_then(|mut input| input.by_ref().take(LONGEST as u64 + 1).read_to_end(&mut bytes));
            read.map_err(|error| flaw(&error, "give the secret to the standard input"))?;
            if bytes.len() > LONGEST {
                let why = format!("it is larger than {} KiB", LONGEST >> 10);
                return Err(Flaw { why, mend: "a client secret is one line of text".to_owned() });
            }
            secrets::text(bytes)
        })
        .await
    };
    given.map_err(|flaw| Stop::no_secret("the secret that was given", flaw))
}

fn flaw(error: &io::Error, mend: &str) -> Flaw {
    Flaw { why: error.to_string(), mend: mend.to_owned() }
}

/// Standard input without the buffer of the library, which nobody wipes.
#[cfg(unix)]
fn input() -> io::Result<std::fs::File> {
    use std::os::fd::AsFd as _;
    io::stdin().as_fd().try_clone_to_owned().map(std::fs::File::from)
}

#[cfg(not(unix))]
fn input() -> io::Result<io::Stdin> {
    Ok(io::stdin())
}

/// Whether the person on the terminal says yes; `None` where nobody is there to be asked.
pub(super) fn agreed(question: &str) -> io::Result<Option<bool>> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    printer::note(question);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(Some(matches!(answer.trim(), "y" | "yes")))
}

#[cfg(unix)]
async fn answer(question: String) -> io::Result<Secret> {
    use std::{
        fs::OpenOptions,
        io::{BufReader, Write as _},
    };

    // More than a terminal hands over in a line.
    const LONGEST: usize = 8 << 10;
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let quiet = Quiet::new(terminal.try_clone()?)?;
    terminal.write_all(question.as_bytes())?;
    // Reading cannot be taken back; a thread that still reads ends with the process.
    let read = tokio::task::spawn_blocking(move || {
        let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
        // Its buffer is as large as a line, and wiped with nothing: one byte at a time leaves none behind.
        BufReader::with_capacity(1, terminal).take(LONGEST as u64).read_until(b'\n', &mut line)?;
        Ok::<_, io::Error>(line)
    });
    let line = read.await??;
    drop(quiet);
    let text = std::str::from_utf8(&line).map_err(io::Error::other)?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// A terminal that does not show what is typed, until it is dropped.
#[cfg(unix)]
struct Quiet {
    terminal: std::fs::File,
    before: rustix::termios::Termios,
}

#[cfg(unix)]
impl Quiet {
    fn new(terminal: std::fs::File) -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(&terminal)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Now, &quiet)?;
        Ok(Self { terminal, before })
    }
}

#[cfg(unix)]
impl Drop for Quiet {
    fn drop(&mut self) {
        use std::io::Write as _;
        // A terminal that is gone needs nothing back.
        let _ = rustix::termios::tcsetattr(&self.terminal, rustix::termios::OptionalActions::Flush, &self.before);
        let _ = self.terminal.write_all(b"\n");
    }
}

#[cfg(not(unix))]
async fn answer(_: String) -> io::Result<Secret> {
    Err(io::ErrorKind::Unsupported.into())
}
