//! What was called: every exchange as a record without a secret, found again by its words.
//!
//! A database of its own beside that of the session, write-ahead, so that several instances add to it at once and one
//! that is killed leaves whole rows. It holds what a [`Retention`] lets it and what fits into
//! [`BYTES`] bytes, the newest first. One
//! thread of a run writes it; whoever cannot write it goes on without.

use std::{
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use super::{
    connection::{self, Kind},
    database::StoreError,
};
use crate::domain::record::{Record, Retention};

pub use crate::domain::record::Entry;

mod writer;

pub use writer::Writer;

/// The file's name.
pub const FILE: &str = "history.db";
/// Bytes that all records may have.
pub const BYTES: i64 = 256 << 20;
/// Bytes of a kept body at most.
const BODY: u64 = 64 << 20;

const MILLISECONDS_A_DAY: i64 = 24 * 60 * 60 * 1000;

const TABLES: &str = "
    CREATE TABLE exchanges (
        id INTEGER PRIMARY KEY AUTOINCREMENT, started INTEGER NOT NULL, took INTEGER NOT NULL, method TEXT NOT NULL,
        url TEXT NOT NULL, name TEXT NOT NULL, profile TEXT NOT NULL, status INTEGER, attempts INTEGER NOT NULL,
        trouble TEXT, json TEXT NOT NULL, body BLOB NOT NULL, bytes INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX exchanges_by_time ON exchanges (started);
    CREATE VIRTUAL TABLE words USING fts5 (call, fields, body, content = '', contentless_delete = 1);
";

const KIND: Kind = Kind { file: FILE, version: 1, tables: TABLES };

/// An open history.
pub struct History {
    file: PathBuf,
    connection: Connection,
}

impl History {
    /// Opens the history of a folder, made where there is none; the second is where one that could not be read lies now.
    pub fn open(folder: &Path) -> Result<(Self, Option<PathBuf>), StoreError> {
        let (file, connection, aside) = connection::opened(folder, &KIND)?;
        Ok((Self { file, connection }, aside))
    }

    /// Adds records, all of them or none, and drops those that are too many or too old by `now`.
    pub fn add(&mut self, records: &[Record], now: i64, retention: Retention) -> Result<(), StoreError> {
        let packed: Vec<_> = records.iter().map(Packed::of).collect();
        self.writing(|writing| {
            for packed in &packed {
                packed.insert(writing)?;
            }
            retain(writing, now - i64::from(retention.days) * MILLISECONDS_A_DAY, BYTES, retention.calls)
        })
    }

    /// The newest that have all of these words, or begin so; all of them for no words.
    pub fn list(&self, words: &str, most: usize) -> Result<Vec<Entry>, StoreError> {
        let columns = "id, started, took, method, url, name, profile, status, attempts, trouble";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let query = query(words);
        let found = if query.is_empty() {
            let sql = format!("SELECT {columns} FROM exchanges ORDER BY id DESC LIMIT ?1");
            self.entries(&sql, params![most])
        } else {
            let within = "SELECT rowid FROM words WHERE words MATCH ?1";
            let sql = format!("SELECT {columns} FROM exchanges WHERE id IN ({within}) ORDER BY id DESC LIMIT ?2");
            self.entries(&sql, params![query, most])
        };
        found.map_err(|source| self.refused(source))
    }

    fn entries(&self, sql: &str, given: impl rusqlite::Params) -> rusqlite::Result<Vec<Entry>> {
        self.connection.prepare(sql)?.query_map(given, entry)?.collect()
    }

    /// The record of that number.
    pub fn record(&self, id: i64) -> Result<Option<Record>, StoreError> {
        let sql = "SELECT json, body FROM exchanges WHERE id = ?1";
        let row = self.connection.query_row(sql, [id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)));
        let Some((json, body)) = row.optional().map_err(|source| self.refused(source))? else { return Ok(None) };
        let unreadable = |source| StoreError::File { file: self.file.clone(), source };
        let mut record: Record = serde_json::from_str(&json).map_err(|error| unreadable(error.into()))?;
        record.body = unpacked(&body).map_err(unreadable)?;
        Ok(Some(record))
    }

    /// Deletes what began before that time; how many there were. What they were is gone from the file too.
    pub fn clear(&mut self, before: i64) -> Result<usize, StoreError> {
        self.delete("started < ?1", before)
    }

    /// Deletes the record of that number, the same way.
    pub fn forget(&mut self, id: i64) -> Result<usize, StoreError> {
        self.delete("id = ?1", id)
    }

    fn delete(&mut self, which: &str, given: i64) -> Result<usize, StoreError> {
        let cleared = self.writing(|writing| {
            let words = format!("DELETE FROM words WHERE rowid IN (SELECT id FROM exchanges WHERE {which})");
            writing.execute(&words, [given])?;
            writing.execute(&format!("DELETE FROM exchanges WHERE {which}"), [given])
        })?;
        let shrunk = connection::patiently(|| {
            self.connection.execute_batch(
                "INSERT INTO words (words) VALUES ('optimize'); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);",
            )
        });
        shrunk.map_err(|source| self.refused(source))?;
        Ok(cleared)
    }

    /// How many there are.
    pub fn count(&self) -> Result<u64, StoreError> {
        let count = self.connection.query_row("SELECT count(*) FROM exchanges", [], |row| row.get::<_, i64>(0));
        count.map(i64::unsigned_abs).map_err(|source| self.refused(source))
    }

    fn writing<T>(&mut self, work: impl Fn(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let done = connection::patiently(|| {
            let writing = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&writing)?;
            writing.commit()?;
            Ok(done)
        });
        done.map_err(|source| self.refused(source))
    }

    fn refused(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Database { file: self.file.clone(), source }
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        started: row.get(1)?,
        took: row.get::<_, i64>(2)?.unsigned_abs(),
        method: row.get(3)?,
        url: row.get(4)?,
        name: row.get(5)?,
        profile: row.get(6)?,
        status: row.get(7)?,
        attempts: row.get(8)?,
        trouble: row.get(9)?,
    })
}

/// A record as its row.
struct Packed<'a> {
    record: &'a Record,
    json: String,
    fields: String,
    body: Vec<u8>,
}

impl<'a> Packed<'a> {
    fn of(record: &'a Record) -> Self {
        let fields = record.trips.iter().flat_map(|trip| trip.sent.iter().chain(&trip.received));
        let fields: Vec<_> = fields.map(|(name, value)| format!("{name}: {value}")).collect();
        let json = serde_json::to_string(record).unwrap_or_default();
        Self { record, json, fields: fields.join("\n"), body: packed(&record.body) }
    }

    fn insert(&self, writing: &Transaction<'_>) -> rusqlite::Result<()> {
        let Record { started, took, method, url, name, profile, trouble, .. } = self.record;
        let attempts = self.record.trips.last().map_or(0, |trip| trip.attempt);
        let bytes = self.json.len() + self.body.len() + self.fields.len();
        let number = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
        let sql = "INSERT INTO exchanges
            (started, took, method, url, name, profile, status, attempts, trouble, json, body, bytes)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let took = i64::try_from(*took).unwrap_or(i64::MAX);
        let (status, attempts, bytes) = (self.record.status(), number(attempts), number(bytes));
        writing.execute(
            sql,
            params![started, took, method, url, name, profile, status, attempts, trouble, self.json, self.body, bytes],
        )?;
        let id = writing.last_insert_rowid();
        let call =
            format!("{method} {url} {name} {profile} {}", status.map_or(String::new(), |status| status.to_string()));
        let body = format!("{}\n{}", self.record.request_body, self.record.text().unwrap_or_default());
        writing.execute(
            "INSERT INTO words (rowid, call, fields, body) VALUES (?1, ?2, ?3, ?4)",
            params![id, call, self.fields, body],
        )?;
        Ok(())
    }
}

/// Drops what is older than a time, and the oldest of what has more bytes, or are more, than there may be.
fn retain(writing: &Transaction<'_>, oldest: i64, most: i64, calls: Option<u32>) -> rusqlite::Result<()> {
    let surplus = "SELECT coalesce(max(id), 0) FROM
        (SELECT id, sum(bytes) OVER (ORDER BY id DESC) AS so_far FROM exchanges) WHERE so_far > ?1";
    let old = "SELECT coalesce(max(id), 0) FROM exchanges WHERE started < ?1";
    let old: i64 = writing.query_row(old, [oldest], |row| row.get(0))?;
    let total: i64 = writing.query_row("SELECT coalesce(sum(bytes), 0) FROM exchanges", [], |row| row.get(0))?;
    let surplus: i64 = if total > most { writing.query_row(surplus, [most], |row| row.get(0))? } else { 0 };
    let beyond = "SELECT id FROM exchanges ORDER BY id DESC LIMIT 1 OFFSET ?1";
    let beyond: Option<i64> = match calls {
        Some(calls) => writing.query_row(beyond, [calls], |row| row.get(0)).optional()?,
        None => None,
    };
    let last = old.max(surplus).max(beyond.unwrap_or(0));
    if last > 0 {
        writing.execute("DELETE FROM words WHERE rowid IN (SELECT id FROM exchanges WHERE id <= ?1)", [last])?;
        writing.execute("DELETE FROM exchanges WHERE id <= ?1", [last])?;
    }
    Ok(())
}

/// Words as the index wants them: each quoted, the beginning of a word enough.
fn query(words: &str) -> String {
    let parts = words.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
    let quoted = parts.map(|word| format!("\"{}\"*", word.replace('"', "\"\"")));
    quoted.collect::<Vec<_>>().join(" ")
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    // Memory takes all that is written.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

fn unpacked(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    DeflateDecoder::new(body).take(BODY).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

#[cfg(test)]
mod tests;
