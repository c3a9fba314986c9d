//! The database: one row for the session, one for each draft. Write-ahead, so that a process that is killed leaves the
//! former or the latter version whole; only rows that changed are written, so that two instances spare each other's.

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::{
    Kept,
    connection::{self, Kind},
};

/// The version of the tables.
const VERSION: i64 = 1;
/// The file's name.
pub const FILE: &str = "authscope.db";

const TABLES: &str = "
    CREATE TABLE session (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL, updated INTEGER NOT NULL) STRICT;
    CREATE TABLE drafts (key TEXT PRIMARY KEY, json TEXT NOT NULL, updated INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

const KIND: Kind = Kind { file: FILE, version: VERSION, tables: TABLES };

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
    #[error("{} is of version {version}, later than {known}; it was left alone", .file.display())]
    Later {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: i64,
        /// The last one that this program knows.
        known: i64,
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
        let (file, connection, aside) = connection::opened(folder, &KIND)?;
        Ok((Self { file, connection, known: Kept::default() }, aside))
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
        let written = connection::patiently(|| self.try_to_write(kept));
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
