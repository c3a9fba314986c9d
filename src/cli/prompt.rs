//! Asks for a secret on the terminal of this process, whatever its input and output are, without showing it.

use std::{io, sync::Arc};

use futures_util::FutureExt as _;

use crate::{domain::secret::Secret, secrets::Ask};

/// Asks and reads a line. Dropped in between, it leaves the terminal as it was.
pub(super) fn asked() -> Ask {
    Arc::new(|question| answer(question).boxed())
}

#[cfg(unix)]
async fn answer(question: String) -> io::Result<Secret> {
    use std::{
        fs::OpenOptions,
        io::{BufRead as _, BufReader, Read as _, Write as _},
    };

    use zeroize::Zeroizing;

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
