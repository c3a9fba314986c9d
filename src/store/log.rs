//! The log: a line for what happened, in a file that anyone with the account can read later, so nothing secret is in it.
//!
//! Whoever writes here hands over words that were made for a screen: masked, and without a token's text. Three files
//! of 5 MB are kept; lines of several instances go to the same file, whole.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::folder;
use crate::domain::{level::Level, redact::Redactor};

/// Bytes of one file.
const LARGEST: u64 = 5_000_000;
/// Bytes at the end of the file that are shown.
const SHOWN: u64 = 64 << 10;
/// Bytes of one line.
const LINE: usize = 4_000;

/// The log of this run. Clones write to the same file.
#[derive(Clone, Default)]
pub struct Log(Option<Arc<Inner>>);

struct Inner {
    path: PathBuf,
    level: Level,
    masks: Redactor,
    writing: Mutex<Writing>,
}

struct Writing {
    file: Option<File>,
    /// Why the last line is not there.
    lost: Option<io::Error>,
}

impl Log {
    /// The log at `path`, of everything up to a level; known secrets are masked whatever is written.
    pub fn open(path: &Path, level: Level, masks: Redactor) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            folder::made(folder)?;
        }
        let writing = Mutex::new(Writing { file: Some(folder::appended(path)?), lost: None });
        Ok(Self(Some(Arc::new(Inner { path: path.to_owned(), level, masks, writing }))))
    }

    /// Writes a line. Where it cannot be written it is lost, which the end of the log then says: it is no reason to stop.
    pub fn write(&self, level: Level, at: Timestamp, text: &str) {
        let Some(inner) = self.0.as_ref().filter(|inner| level <= inner.level) else { return };
        let mut line = line(level, at, &inner.masks.parts_masked(text));
        let mut writing = inner.writing();
        if writing.lost.is_some() {
            // The line before it may have lost its end only.
            line.insert(0, '\n');
        }
        writing.lost = inner.appended(&mut writing.file, line.as_bytes()).err();
    }

    /// The last lines, the oldest first.
    pub fn tail(&self) -> io::Result<Vec<String>> {
        let Some(inner) = &self.0 else { return Err(io::Error::other("there is no log: no folder can hold it")) };
        let mut lines = end(&inner.path)?;
        lines.extend(inner.writing().lost.as_ref().map(|error| format!("what came after it is lost: {error}")));
        Ok(lines)
    }

    /// Where it is, if there is one.
    pub fn path(&self) -> Option<&Path> {
        self.0.as_ref().map(|inner| inner.path.as_path())
    }
}

impl Inner {
    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn appended(&self, file: &mut Option<File>, line: &[u8]) -> io::Result<()> {
        if file.as_ref().is_none_or(|file| file.metadata().is_ok_and(|found| found.len() >= LARGEST)) {
            *file = None;
            *file = Some(self.turned()?);
        }
        file.as_mut().map_or(Ok(()), |file| file.write_all(line))
    }

    /// Begins a new file, and keeps the two before it; unless another instance just did.
    fn turned(&self) -> io::Result<File> {
        let older = |number: u32| PathBuf::from(format!("{}.{number}", self.path.display()));
        if fs::metadata(&self.path).is_ok_and(|found| found.len() >= LARGEST) {
            let _ = fs::rename(older(1), older(2));
            fs::rename(&self.path, older(1))?;
        }
        folder::appended(&self.path)
    }
}

/// The last lines of a log, the oldest first.
pub fn end(path: &Path) -> io::Result<Vec<String>> {
    let mut file = File::open(path)?;
    let from = file.metadata()?.len().saturating_sub(SHOWN);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(SHOWN).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    // The first line may have lost its beginning.
    Ok(text.lines().skip(usize::from(from > 0)).map(str::to_owned).collect())
}

/// One line: when, how grave, what. Whatever would end it, or move a cursor, is written as an escape.
fn line(level: Level, at: Timestamp, text: &str) -> String {
    let mut line = format!("{at:.3} {:<5} ", level.name());
    for letter in text.chars() {
        if line.len() > LINE {
            line.push('…');
            break;
        }
        if letter.is_control() {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path, level: Level) -> Log {
        Log::open(&folder.join("authscope.log"), level, Redactor::default()).unwrap()
    }

    #[test]
    fn a_line_holds_when_how_grave_and_what_and_nothing_that_breaks_it() {
        let home = tempfile::tempdir().unwrap();
        let log = open(home.path(), Level::Info);
        log.write(Level::Info, Timestamp::UNIX_EPOCH, "a\nb\u{1b}[2J");
        log.write(Level::Debug, Timestamp::UNIX_EPOCH, "too much");
        log.write(Level::Error, Timestamp::UNIX_EPOCH, "grave");
        let lines = log.tail().unwrap();
        assert_eq!(lines, ["1970-01-01T00:00:00.000Z info  a\\nb\\u{1b}[2J", "1970-01-01T00:00:00.000Z error grave"]);
    }

    #[test]
    fn three_files_are_kept_and_none_is_larger_than_5_mb_and_a_line() {
        let home = tempfile::tempdir().unwrap();
        let log = open(home.path(), Level::Info);
        let text = "x".repeat(3_900);
        for _ in 0..5_000 {
            log.write(Level::Info, Timestamp::UNIX_EPOCH, &text);
        }
        let mut names: Vec<_> = fs::read_dir(home.path())
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                assert!(entry.metadata().unwrap().len() < LARGEST + 4_100);
                entry.file_name().into_string().unwrap()
            })
            .collect();
        names.sort();
        assert_eq!(names, ["authscope.log", "authscope.log.1", "authscope.log.2"]);
    }

    #[test]
    fn where_there_is_no_log_nothing_is_written_and_the_reason_is_told() {
        let log = Log::default();
        log.write(Level::Error, Timestamp::UNIX_EPOCH, "lost");
        assert!(log.tail().is_err() && log.path().is_none());
    }
}
