//! The files of a collection: read, written whole, deleted to a trash, and watched.
//!
//! A file is replaced by one that was written beside it, so that a reader, and whoever finds it after a loss of power,
//! has the former one or the new one. One that is another than was read is never overwritten. Links are not followed.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

mod watch;

pub use watch::watch;

/// Bytes of a file that is read; a larger one is no collection's.
const LARGEST: u64 = 8 << 20;
/// Files that are read.
const MOST: usize = 2000;
/// Folders below one another.
const DEEPEST: usize = 12;

/// A folder of files, and what of it was passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Each with its path from the folder on and its text, in order.
    pub files: Vec<(PathBuf, String)>,
    /// In words.
    pub passed_over: Vec<String>,
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It is another than was read; its text now, nothing where it is gone.
    #[error("{0} was changed by another program meanwhile")]
    Changed(PathBuf, Option<String>),
    /// The system refuses.
    #[error("{0} cannot be written: {1}")]
    Refused(PathBuf, io::Error),
}

/// Every `.http` and `.rest` file of a folder and of those below it; hidden folders and `node_modules` are passed by.
pub fn read(folder: &Path) -> io::Result<Found> {
    let mut found = Found::default();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((inside, depth)) = folders.pop() {
        let entries = match fs::read_dir(&inside) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(error),
            Err(error) => {
                found.passed_over.push(format!("{} cannot be read: {error}", inside.display()));
                continue;
            }
        };
        for entry in entries.filter_map(Result::ok) {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && !name.starts_with('.') && name != "node_modules" && depth < DEEPEST {
                folders.push((path, depth + 1));
            } else if kind.is_file() && (name.ends_with(".http") || name.ends_with(".rest")) {
                if found.files.len() == MOST {
                    found
                        .passed_over
                        .push(format!("{} and more: a collection has {MOST} files at most", path.display()));
                    return Ok(sorted(found));
                }
                match text(&path) {
                    Ok(text) => found.files.push((path.strip_prefix(folder).unwrap_or(&path).to_owned(), text)),
                    Err(error) => found.passed_over.push(format!("{} was passed over: {error}", path.display())),
                }
            }
        }
    }
    Ok(sorted(found))
}

fn sorted(mut found: Found) -> Found {
    found.files.sort();
    found
}

fn text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 8 MiB"));
    }
    String::from_utf8(bytes).map_err(|error| io::Error::other(format!("it is not UTF-8 text: {error}")))
}

/// Writes a file whole where it still says `before`, or is not there where that is nothing. Folders above it are made.
pub fn write(path: &Path, before: Option<&str>, text: &str) -> Result<(), WriteError> {
    let now = match self::text(path) {
        Ok(now) => Some(now),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(WriteError::Refused(path.to_owned(), error)),
    };
    if now.as_deref() != before {
        return Err(WriteError::Changed(path.to_owned(), now));
    }
    replaced(path, text).map_err(|error| WriteError::Refused(path.to_owned(), error))
}

fn replaced(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".authscope-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => return Err(io::Error::other("it is no regular file")),
        Ok(found) => fs::set_permissions(file.path(), found.permissions())?,
        Err(_) => usual(file.path())?,
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    settled(folder);
    Ok(())
}

/// The mode of a file that anyone may read: it lives in git.
#[cfg(unix)]
fn usual(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn usual(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Sees to it that a new name outlives a loss of power; a system that cannot is no reason to fail.
fn settled(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Keeps the text of what is deleted in a file of its own, in a folder of the program's, and gives its path.
pub fn trash(state: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let folder = state.join("trash");
    super::folder::made(&folder)?;
    let name: String =
        name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).take(40).collect();
    let mut file = tempfile::Builder::new().prefix(&format!("{name}-")).suffix(".http").tempfile_in(&folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    let (_, path) = file.keep().map_err(|error| error.error)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_with_the_folders_below_it_and_what_is_no_collection_is_passed_by() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, bytes: &[u8]| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        write("b.http", b"GET /b\n");
        write("a/c.rest", b"GET /c\n");
        write(".git/d.http", b"GET /d\n");
        write("e.txt", b"");
        write("f.http", &[0xff, 0xfe]);
        let found = read(folder.path()).unwrap();
        let paths: Vec<_> = found.files.iter().map(|(path, _)| path.display().to_string()).collect();
        assert_eq!(paths, ["a/c.rest", "b.http"]);
        assert!(found.passed_over.len() == 1 && found.passed_over[0].contains("UTF-8"), "{found:?}");
    }

    #[test]
    fn a_file_is_written_whole_keeps_its_mode_and_is_not_overwritten_once_it_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/a.http");
        write(&path, None, "one").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            write(&path, Some("one"), "two").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        }
        fs::write(&path, "theirs").unwrap();
        let refused = write(&path, Some("two"), "three").unwrap_err();
        assert!(matches!(&refused, WriteError::Changed(_, Some(text)) if text == "theirs"), "{refused}");
        assert!(matches!(write(&path, None, "x").unwrap_err(), WriteError::Changed(..)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_is_deleted_is_kept_in_the_trash() {
        let state = tempfile::tempdir().unwrap();
        let path = trash(state.path(), "Create/a", "### Create\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "### Create\n");
        assert!(path.starts_with(state.path().join("trash")));
    }
}
