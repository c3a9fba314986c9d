//! A secret in a file: read only where nobody but its owner, who is us, can have read or written it, and written so.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
};

use tempfile::NamedTempFile;
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

/// Puts a secret into a file that is not there yet. What is there, a link too, is left alone.
pub(super) fn create(path: &Path, secret: &Secret) -> Result<(), Flaw> {
    let new = written(path, secret)?;
    new.persist_noclobber(path).map(drop).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => {
            Flaw::new(format!("{} is there already", path.display()), "name another file, or remove it first")
        }
        _ => unwritten(path, &error.error),
    })?;
    synced(path).map_err(|error| unwritten(path, &error))
}

/// Puts a secret in the place of a file, at once and whole; a link is replaced, not followed.
pub(super) fn replace(path: &Path, secret: &Secret) -> Result<(), Flaw> {
    let new = written(path, secret)?;
    new.persist(path).map(drop).map_err(|error| unwritten(path, &error.error))?;
    synced(path).map_err(|error| unwritten(path, &error))
}

/// Waits until nobody else holds the lock of a file, which is made where there is none, and holds it as long as the file
/// is open.
pub(super) fn lock(path: &Path) -> Result<File, Flaw> {
    let unwritten = |error: io::Error| linked(path, &error).unwrap_or_else(|| unwritten(path, &error));
    made_folder(path)?;
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = guarded(options.write(true).create(true)).open(path).map_err(unwritten)?;
    private(path, &file.metadata().map_err(unwritten)?)?;
    file.lock().map_err(unwritten)?;
    Ok(file)
}

/// A new name stands in its folder for good.
#[cfg(unix)]
fn synced(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn synced(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes a file, or a link, never what it leads to.
pub(super) fn remove(path: &Path) -> Result<(), Flaw> {
    fs::remove_file(path).map_err(|error| unwritten(path, &error))
}

/// The secret in a file beside `path` by a name that nobody had (O_EXCL), 0600 under every umask; a folder that is not
/// there is made, 0700.
fn written(path: &Path, secret: &Secret) -> Result<NamedTempFile, Flaw> {
    let unwritten = |error: io::Error| unwritten(path, &error);
    let folder = made_folder(path)?;
    let mut new = NamedTempFile::new_in(folder).map_err(unwritten)?;
    new.write_all(secret.expose().as_bytes()).map_err(unwritten)?;
    new.as_file().sync_all().map_err(unwritten)?;
    Ok(new)
}

/// The folder of a file, made where it is not there, in which nobody else can turn names.
fn made_folder(path: &Path) -> Result<&Path, Flaw> {
    let unwritten = |error: io::Error| unwritten(path, &error);
    let folder = folder_of(path);
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder).map_err(unwritten)?;
    own_folder(folder, &fs::metadata(folder).map_err(unwritten)?)?;
    Ok(folder)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn unwritten(path: &Path, error: &io::Error) -> Flaw {
    Flaw::new(format!("{}: {error}", path.display()), "check the path, its permissions and the room on the disk")
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
        let to = fs::canonicalize(path).map_or_else(|_| "its target".to_owned(), |to| format!("`{}`", to.display()));
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

/// Whether nobody else can turn the names in a folder.
#[cfg(unix)]
fn own_folder(folder: &Path, found: &Metadata) -> Result<(), Flaw> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = found.mode() & 0o7777;
    if mode & 0o022 == 0 {
        return Ok(());
    }
    let folder = quoted(folder);
    let why = format!("others can write in the folder {folder} (mode {mode:04o})");
    Err(Flaw::new(why, format!("type: chmod go-w {folder}, or name a file in another folder")))
}

#[cfg(not(unix))]
fn own_folder(_: &Path, _: &Metadata) -> Result<(), Flaw> {
    Ok(())
}

/// The mode of a file, such as `0600`.
#[cfg(unix)]
pub(super) fn mode(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::symlink_metadata(path).ok()?;
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
