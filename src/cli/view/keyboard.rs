//! The terminal in the place of standard input, where that is a pipe to read from.

use std::{fs::File, io};

/// Makes the terminal standard input, and gives what that was.
#[cfg(unix)]
pub(super) fn instead_of_input() -> io::Result<File> {
    let input = io::stdin();
    let pipe = File::from(rustix::io::dup(&input)?);
    let terminal = File::open("/dev/tty")
        .map_err(|error| io::Error::new(error.kind(), format!("there is no terminal to read keys from: {error}")))?;
    rustix::stdio::dup2_stdin(&terminal)?;
    Ok(pipe)
}

/// Keys come from the console whatever standard input is, but the explorer asks for a terminal there.
#[cfg(not(unix))]
pub(super) fn instead_of_input() -> io::Result<File> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "a pipe cannot be looked at on this system: name a file"))
}
