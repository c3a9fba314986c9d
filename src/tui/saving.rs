//! Bodies that a person saves: whole or not at all, never over a file or with a secret in them unasked.
//!
//! A body is written beside its file and put in its place at the end, so that whoever looks sees all of it or what was
//! there before. One with a known secret in it is for its owner alone to read.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use directories::BaseDirs;
use tempfile::{Builder, NamedTempFile};

use crate::{
    app::{effect::Saving, message::SaveEnd},
    body::{Body, Completion},
    domain::{figures, redact::Redactor},
};

/// Bytes read at once.
const CHUNK: usize = 256 << 10;

/// Saves a body, or tells what is in the way.
pub(super) fn saved(saving: Saving) -> SaveEnd {
    let path = whole(&saving.path);
    if path.is_dir() {
        return SaveEnd::Failed(format!("{} is a folder. Name a file in it.", path.display()));
    }
    if !saving.over && path.symlink_metadata().is_ok() {
        return SaveEnd::Exists(saving);
    }
    // In a character set like UTF-16 a secret is other bytes.
    let in_text = || secret_in(&saving.text, &saving.masks);
    let secret =
        match secret_in(&saving.body, &saving.masks).and_then(|found| found.map_or_else(in_text, |it| Ok(Some(it)))) {
            Ok(secret) => secret,
            Err(error) => return SaveEnd::Failed(format!("The body cannot be read: {error}.")),
        };
    if let Some(secret) = secret.clone().filter(|_| !saving.with_secret) {
        return SaveEnd::Holds(saving, secret);
    }
    match put(&saving, &path, secret.is_some()) {
        Ok(()) => SaveEnd::Done(said(&saving, &path, secret.as_deref())),
        // It came into being while the body was written.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !saving.over => SaveEnd::Exists(saving),
        Err(error) => SaveEnd::Failed(failed(&path, &error)),
    }
}

/// The path that was meant: `~` is the person's home.
pub(super) fn whole(typed: &str) -> PathBuf {
    let home = typed.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/'));
    match home.and_then(|rest| Some((rest, BaseDirs::new()?))) {
        Some((rest, dirs)) => dirs.home_dir().join(rest.trim_start_matches('/')),
        None => PathBuf::from(typed),
    }
}

/// The first known secret in a body.
fn secret_in(body: &Body, masks: &Redactor) -> io::Result<Option<String>> {
    let mut offset = 0;
    loop {
        // What lies across the end of a piece is whole in the next one.
        let bytes = body.bytes(offset, CHUNK + masks.longest())?;
        if let Some(found) = masks.found(&bytes).first() {
            return Ok(Some(found.pseudonym.clone()));
        }
        offset += CHUNK as u64;
        if offset >= body.len() {
            return Ok(None);
        }
    }
}

fn put(saving: &Saving, path: &Path, secret: bool) -> io::Result<()> {
    let mut file = beside(path, secret)?;
    let mut offset = 0;
    loop {
        let bytes = saving.body.bytes(offset, CHUNK)?;
        if bytes.is_empty() {
            break;
        }
        offset += bytes.len() as u64;
        file.write_all(&bytes)?;
    }
    file.as_file().sync_all()?;
    let placed = if saving.over { file.persist(path) } else { file.persist_noclobber(path) };
    placed.map(drop).map_err(|error| error.error)
}

/// A new file in the folder of `path`: as all new files are, or for its owner alone.
fn beside(path: &Path, alone: bool) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".authscope-");
    #[cfg(unix)]
    if !alone {
        use std::os::unix::fs::PermissionsExt as _;

        // The mask of the process takes away what it takes from every new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(windows)]
    let _ = alone;
    builder.tempfile_in(folder)
}

fn said(saving: &Saving, path: &Path, secret: Option<&str>) -> String {
    let what = match saving.body.completion() {
        Completion::Incomplete(_) => "what came of the body",
        _ => "the body",
    };
    let secret = secret.map(|secret| format!(", {secret} in it, for nobody else to read")).unwrap_or_default();
    format!("Saved {what}, {}, to {}{secret}.", figures::size(saving.body.len()), path.display())
}

/// What failed, and what to do.
fn failed(path: &Path, error: &io::Error) -> String {
    let folder = path.parent().unwrap_or(path);
    let name = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("{name} is not saved: there is no folder {}.", folder.display()),
        io::ErrorKind::PermissionDenied => {
            format!("{name} is not saved: nothing may be written into {}. Name another folder.", folder.display())
        }
        io::ErrorKind::StorageFull => format!("{name} is not saved: the disk is full."),
        _ => format!("{name} is not saved: {error}."),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::secret::Secret;

    fn saving(path: &Path, body: &str) -> Saving {
        let masks = Redactor::default().with(Arc::new(Secret::new("a known secret")), "sec#1");
        let path = path.display().to_string();
        Saving { path, body: Body::of(body), text: Body::of(body), masks, over: false, with_secret: false }
    }

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_body_is_saved_as_it_came_and_never_over_a_file_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("body.json");
        let SaveEnd::Done(said) = saved(saving(&path, "a\u{1b}[2J\r\nb")) else { panic!() };
        assert_eq!(said, format!("Saved the body, 8 B, to {}.", path.display()));
        assert_eq!(fs::read(&path).unwrap(), b"a\x1b[2J\r\nb");
        let SaveEnd::Exists(again) = saved(saving(&path, "another")) else { panic!() };
        assert_eq!(fs::read(&path).unwrap(), b"a\x1b[2J\r\nb");
        assert!(matches!(saved(Saving { over: true, ..again }), SaveEnd::Done(_)));
        assert_eq!(fs::read(&path).unwrap(), b"another");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        assert_eq!(mode(&path) & 0o400, 0o400);
    }

    #[cfg(unix)]
    #[test]
    fn a_body_with_a_secret_in_it_is_saved_only_when_asked_for_and_for_nobody_else_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("body");
        // Across the edge of two pieces.
        let body = format!("{}a known secret", "x".repeat(CHUNK - 5));
        let SaveEnd::Holds(agreed, secret) = saved(saving(&path, &body)) else { panic!() };
        assert_eq!((secret.as_str(), path.exists()), ("sec#1", false));
        assert!(matches!(saved(Saving { with_secret: true, ..agreed }), SaveEnd::Done(_)));
        assert_eq!((mode(&path), fs::read(&path).unwrap().len()), (0o600, body.len()));
    }

    #[test]
    fn a_secret_in_another_character_set_is_asked_about_too_before_it_is_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("body");
        let sent: Vec<u8> = "a known secret".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let saving = Saving { body: Body::of(sent.clone()), ..saving(&path, "a known secret") };
        let SaveEnd::Holds(agreed, secret) = saved(saving) else { panic!() };
        assert_eq!((secret.as_str(), path.exists()), ("sec#1", false));
        assert!(matches!(saved(Saving { with_secret: true, ..agreed }), SaveEnd::Done(_)));
        assert_eq!(fs::read(&path).unwrap(), sent);
    }

    #[test]
    fn what_is_in_the_way_of_a_file_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let SaveEnd::Failed(why) = saved(saving(folder.path(), "x")) else { panic!() };
        assert!(why.ends_with("is a folder. Name a file in it."), "{why}");
        let SaveEnd::Failed(why) = saved(saving(&folder.path().join("no/such/body"), "x")) else { panic!() };
        assert!(why.contains("there is no folder"), "{why}");
    }
}
