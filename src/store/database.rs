//! The database: one row for the session, one for each draft. Write-ahead, so that a process that is killed leaves the
//! former or the latter version whole; only rows that changed are written, so that two instances spare each other's.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::{Kept, folder};

/// The version of the tables.
const VERSION: i64 = 1;
/// How long another instance is waited for.
const LOCKED: Duration = Duration::from_secs(5);
/// How long one try to write waits for it. The library's waits grow within a try, and whoever came later goes first.
const TRY: Duration = Duration::from_millis(50);
/// The file's name.
pub const FILE: &str = "authscope.db";

const TABLES: &str = "
    CREATE TABLE session (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL, updated INTEGER NOT NULL) STRICT;
    CREATE TABLE drafts (key TEXT PRIMARY KEY, json TEXT NOT NULL, updated INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// Why something is not kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The platform names no home.
    #[error("this machine names no home folder")]
    NoFolder,
    /// The folder or the file.
    #[error("{}: {source}", .file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A later version of the program wrote it.
    #[error("{} is of version {version}, later than {VERSION}; it was left alone", .file.display())]
    Later {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: i64,
    },
    /// The database refused.
    #[error("{}: {source}", .file.display())]
    Database {
        /// The file.
        file: PathBuf,
        /// What it says.
        source: rusqlite::Error,
    },
}

/// An open database.
pub struct Database {
    file: PathBuf,
    connection: Connection,
    /// What this run has read or written: what is the same is not written again.
    known: Kept,
}

impl Database {
    /// Opens the database of a folder, made where there is none. One that cannot be read is set aside under another
    /// name, which is given back, and a new one begun.
    pub fn open(folder: &Path) -> Result<(Self, Option<PathBuf>), StoreError> {
        let at = |file: &Path, source| StoreError::File { file: file.to_owned(), source };
        folder::made(folder).map_err(|error| at(folder, error))?;
        // Links above the folder are a person's own business; the file itself is none.
        let folder = folder.canonicalize().map_err(|error| at(folder, error))?;
        let file = folder.join(FILE);
        folder::guarded(&file).map_err(|error| at(&file, error))?;
        match Self::connected(&file) {
            Err(StoreError::Database { source, .. }) if is_unreadable(&source) => {
                let aside = set_aside(&file).map_err(|error| at(&file, error))?;
                folder::guarded(&file).map_err(|error| at(&file, error))?;
                Ok((Self::connected(&file)?, Some(aside)))
            }
            outcome => Ok((outcome?, None)),
        }
    }

    fn connected(file: &Path) -> Result<Self, StoreError> {
        let refused = |source| StoreError::Database { file: file.to_owned(), source };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let mut connection = Connection::open_with_flags(file, flags).map_err(refused)?;
        connection.busy_timeout(LOCKED).map_err(refused)?;
        let version = version(&connection).map_err(refused)?;
        if version > VERSION {
            return Err(StoreError::Later { file: file.to_owned(), version });
        }
        // Another instance that is just about to do the same is in the way of this, and does it.
        let mode = connection.pragma_update(None, "journal_mode", "wal");
        mode.or_else(|error| if is_busy(&error) { Ok(()) } else { Err(error) }).map_err(refused)?;
        prepared(&mut connection).map_err(refused)?;
        connection.busy_timeout(TRY).map_err(refused)?;
        Ok(Self { file: file.to_owned(), connection, known: Kept::default() })
    }

    /// Reads what was kept; nothing where nothing ever was.
    pub fn load(&mut self) -> Result<Option<Kept>, StoreError> {
        let kept = self.read().map_err(|source| StoreError::Database { file: self.file.clone(), source })?;
        if let Some(kept) = &kept {
            self.known = kept.clone();
        }
        Ok(kept)
    }

    fn read(&mut self) -> rusqlite::Result<Option<Kept>> {
        let reading = self.connection.transaction()?;
        let session: Option<String> = reading.query_row("SELECT json FROM session", [], |row| row.get(0)).optional()?;
        let mut rows = reading.prepare("SELECT key, json FROM drafts")?;
        let drafts = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        Ok(session.map(|session| Kept { session, drafts }))
    }

    /// Writes what differs from what this run has read or written, all of it or nothing.
    pub fn write(&mut self, kept: &Kept) -> Result<(), StoreError> {
        if *kept == self.known {
            return Ok(());
        }
        let mut written = self.try_to_write(kept);
        for _ in 1..LOCKED.as_millis() / TRY.as_millis() {
            if !written.as_ref().is_err_and(is_busy) {
                break;
            }
            written = self.try_to_write(kept);
        }
        written.map_err(|source| StoreError::Database { file: self.file.clone(), source })?;
        self.known.clone_from(kept);
        Ok(())
    }

    fn try_to_write(&mut self, kept: &Kept) -> rusqlite::Result<()> {
        let writing = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        differences(&writing, &self.known, kept)?;
        writing.commit()
    }
}

fn differences(writing: &Transaction<'_>, known: &Kept, kept: &Kept) -> rusqlite::Result<()> {
    if kept.session != known.session {
        let sql = "INSERT OR REPLACE INTO session (id, json, updated) VALUES (1, ?1, unixepoch())";
        writing.execute(sql, [&kept.session])?;
    }
    for (key, json) in kept.drafts.iter().filter(|(key, json)| known.drafts.get(*key) != Some(json)) {
        let sql = "INSERT OR REPLACE INTO drafts (key, json, updated) VALUES (?1, ?2, unixepoch())";
        writing.execute(sql, params![key, json])?;
    }
    for key in known.drafts.keys().filter(|key| !kept.drafts.contains_key(*key)) {
        writing.execute("DELETE FROM drafts WHERE key = ?1", [key])?;
    }
    Ok(())
}

/// Makes the tables of a new database, and looks whether an old one is whole.
fn prepared(connection: &mut Connection) -> rusqlite::Result<()> {
    // What is overwritten is gone from the file too.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "synchronous", "normal")?;
    if version(connection)? == 0 {
        let making = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another instance may have made them in between.
        if version(&making)? == 0 {
            making.execute_batch(TABLES)?;
            making.pragma_update(None, "user_version", VERSION)?;
        }
        return making.commit();
    }
    let found: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if found != "ok" {
        let error = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        return Err(rusqlite::Error::SqliteFailure(error, Some(found)));
    }
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn is_unreadable(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Gives a database another name, with the files beside it that belong to it.
fn set_aside(file: &Path) -> io::Result<PathBuf> {
    let named = |number: u32| file.with_file_name(format!("authscope-set-aside-{number}.db"));
    let mut number = 1;
    while fs::symlink_metadata(named(number)).is_ok() {
        number += 1;
    }
    let aside = named(number);
    fs::rename(file, &aside)?;
    for beside in ["-wal", "-shm"] {
        let with = |path: &Path| PathBuf::from(format!("{}{beside}", path.display()));
        match fs::rename(with(file), with(&aside)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(aside)
}
