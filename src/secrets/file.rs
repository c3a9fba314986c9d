//! A secret in a file: read only where nobody but its owner, who is us, can have read or written it.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read as _},
    path::Path,
};

use zeroize::Zeroizing;

use super::{Flaw, LONGEST, text};
use crate::domain::secret::Secret;

/// The secret in that file.
pub(super) fn read(path: &Path) -> Result<Secret, Flaw> {
    bytes(path).and_then(text)
}

/// What is in that file. Never waits: a pipe is opened without a writer, and refused.
pub(super) fn bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, Flaw> {
    let unreadable = |error: io::Error| Flaw::new(error.to_string(), "check the path and its permissions");
    let mut options = OpenOptions::new();
    let file = guarded(options.read(true))
        .open(path)
        .map_err(|error| linked(path, &error).unwrap_or_else(|| unreadable(error)))?;
    let found = file.metadata().map_err(unreadable)?;
    if !found.is_file() {
        return Err(Flaw::new("it is no regular file", "name a file that holds the secret and nothing else"));
    }
    private(path, &found)?;
    // Room enough at once: bytes that moved would stay behind in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 2));
    take(&file, &mut bytes).map_err(unreadable)?;
    if bytes.len() > LONGEST {
        return Err(Flaw::new(
            format!("it is larger than {} KiB", LONGEST >> 10),
            "name a file that holds the secret and nothing else",
        ));
    }
    Ok(bytes)
}

fn take(file: &File, bytes: &mut Vec<u8>) -> io::Result<usize> {
    file.take(LONGEST as u64 + 1).read_to_end(bytes)
}

#[cfg(unix)]
fn guarded(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
}

/// What to say of a path that was not opened because it is a link.
#[cfg(unix)]
fn linked(path: &Path, error: &io::Error) -> Option<Flaw> {
    (error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())).then(|| {
        let to =
            std::fs::canonicalize(path).map_or_else(|_| "its target".to_owned(), |to| format!("`{}`", to.display()));
        Flaw::new("it is a symbolic link, which others may turn", format!("name the file itself: {to}"))
    })
}

#[cfg(unix)]
fn private(path: &Path, found: &Metadata) -> Result<(), Flaw> {
    use std::os::unix::fs::MetadataExt as _;
    let (own, path) = (rustix::process::geteuid().as_raw(), quoted(path));
    if found.uid() != own {
        return Err(Flaw::new(
            format!("it belongs to the user {}, not to you", found.uid()),
            format!("make it yours: chown {own} {path} && chmod 600 {path}"),
        ));
    }
    let mode = found.mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(Flaw::new(
            format!("others can read or write it (mode {mode:04o})"),
            format!("type: chmod 600 {path}"),
        ));
    }
    Ok(())
}

/// The mode of a file, such as `0600`.
#[cfg(unix)]
pub(super) fn mode(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let found = std::fs::symlink_metadata(path).ok()?;
    Some(format!("{:04o}", found.mode() & 0o7777))
}

/// A path as a word of a shell.
#[cfg(unix)]
fn quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+,:@%".contains(letter);
    if path.chars().all(plain) { path.into_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

#[cfg(not(unix))]
fn guarded(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
pub(super) fn mode(_: &Path) -> Option<String> {
    None
}

#[cfg(not(unix))]
fn linked(_: &Path, _: &io::Error) -> Option<Flaw> {
    None
}

/// Who may read a file is not told by a mode here.
#[cfg(not(unix))]
fn private(_: &Path, _: &Metadata) -> Result<(), Flaw> {
    Ok(())
}
