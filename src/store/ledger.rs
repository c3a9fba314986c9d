//! The account of tokens over runs: a database of its own beside that of the calls, which holds no text of a token. What
//! is older than [`DAYS`] days goes. One thread of a run writes it; whoever cannot write it goes on without.

use std::{
    io,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use rusqlite::{Connection, TransactionBehavior, params};

use super::{
    PATIENCE,
    connection::{self, Kind},
    database::StoreError,
};
use crate::domain::ledger::LedgerEntry;

/// The file's name.
pub const FILE: &str = "ledger.db";
/// Days that a generation is kept.
pub const DAYS: i64 = 30;

const MILLISECONDS_A_DAY: i64 = 24 * 60 * 60 * 1000;
/// The most that is read at a start.
const READ: u32 = 100;

const TABLES: &str = "
    CREATE TABLE ledger (
        run INTEGER NOT NULL, serial INTEGER NOT NULL, issued INTEGER NOT NULL, json TEXT NOT NULL,
        PRIMARY KEY (run, serial)
    ) STRICT;
    CREATE INDEX ledger_by_time ON ledger (issued);
";

const KIND: Kind = Kind { file: FILE, version: 1, tables: TABLES };

/// An open ledger.
pub struct Ledger {
    file: PathBuf,
    connection: Connection,
}

impl Ledger {
    /// Opens the ledger of a folder, made where there is none; the second is where one that could not be read lies now.
    pub fn open(folder: &Path) -> Result<(Self, Option<PathBuf>), StoreError> {
        let (file, connection, aside) = connection::opened(folder, &KIND)?;
        Ok((Self { file, connection }, aside))
    }

    /// Writes generations of a run as they are now, and drops those that are too old at the newest of them.
    pub fn write(&mut self, run: i64, entries: &[LedgerEntry]) -> Result<(), StoreError> {
        let written = connection::patiently(|| {
            let writing = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for entry in entries {
                let json = serde_json::to_string(entry).unwrap_or_default();
                let serial = i64::try_from(entry.serial).unwrap_or(i64::MAX);
                let sql = "INSERT OR REPLACE INTO ledger (run, serial, issued, json) VALUES (?1, ?2, ?3, ?4)";
                writing.execute(sql, params![run, serial, entry.issued, json])?;
            }
            let newest = entries.iter().map(|entry| entry.issued).max().unwrap_or_default();
            writing.execute("DELETE FROM ledger WHERE issued < ?1", [newest - DAYS * MILLISECONDS_A_DAY])?;
            writing.commit()
        });
        written.map_err(|source| self.refused(source))
    }

    /// The newest generations that were issued since then, the oldest first.
    pub fn since(&self, issued: i64) -> Result<Vec<LedgerEntry>, StoreError> {
        let sql = "SELECT json FROM ledger WHERE issued >= ?1 ORDER BY issued DESC, serial DESC LIMIT ?2";
        let read = || -> rusqlite::Result<Vec<String>> {
            self.connection.prepare(sql)?.query_map(params![issued, READ], |row| row.get(0))?.collect()
        };
        let found = read().map_err(|source| self.refused(source))?;
        // A later version may have written otherwise.
        Ok(found.iter().rev().filter_map(|json| serde_json::from_str(json).ok()).collect())
    }

    fn refused(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Database { file: self.file.clone(), source }
    }
}

/// The thread of a run that writes the ledger. Dropped, it waits for what was ordered to be written.
pub struct LedgerWriter {
    orders: Option<mpsc::Sender<Vec<LedgerEntry>>>,
    done: mpsc::Receiver<()>,
}

/// What the thread has to say.
#[derive(Debug)]
pub enum LedgerTold {
    /// Generations of earlier runs, the oldest first.
    Earlier(Vec<LedgerEntry>),
    /// It cannot be kept, or could not be read, in words.
    Trouble(String),
}

impl LedgerWriter {
    /// Tells what earlier runs kept since `since`, and writes from now on those of the run that began at `run`, both in
    /// milliseconds since 1970. Nothing is made before there is something to keep.
    ///
    /// Fails when the system gives no thread.
    pub fn open(
        folder: Option<PathBuf>,
        run: i64,
        since: i64,
        mut tell: impl FnMut(LedgerTold) + Send + 'static,
    ) -> io::Result<Self> {
        let (orders, ordered) = mpsc::channel();
        let (over, done) = mpsc::channel();
        let work = move || {
            if let Err(error) = serve(folder.as_deref(), run, since, &ordered, &mut tell) {
                tell(LedgerTold::Trouble(format!("the token ledger is not kept: {error}")));
            }
            drop(over);
        };
        thread::Builder::new().name("ledger".to_owned()).spawn(work)?;
        Ok(Self { orders: Some(orders), done })
    }

    /// Keeps these generations as they are now.
    pub fn keep(&self, entries: Vec<LedgerEntry>) {
        if let Some(orders) = &self.orders {
            // Whoever could not open it was told.
            let _ = orders.send(entries);
        }
    }
}

impl Drop for LedgerWriter {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.done.recv_timeout(PATIENCE);
    }
}

fn serve(
    folder: Option<&Path>,
    run: i64,
    since: i64,
    ordered: &mpsc::Receiver<Vec<LedgerEntry>>,
    tell: &mut impl FnMut(LedgerTold),
) -> Result<(), StoreError> {
    let opened = |folder: &Path, tell: &mut dyn FnMut(LedgerTold)| -> Result<Ledger, StoreError> {
        let (ledger, aside) = Ledger::open(folder)?;
        if let Some(file) = aside {
            let text = format!("the token ledger could not be read; it is set aside as {}", file.display());
            tell(LedgerTold::Trouble(text));
        }
        Ok(ledger)
    };
    let known = folder.filter(|folder| folder.join(FILE).exists());
    let mut ledger = known.map(|folder| opened(folder, tell)).transpose()?;
    if let Some(ledger) = &ledger {
        tell(LedgerTold::Earlier(ledger.since(since)?));
    }
    while let Ok(mut entries) = ordered.recv() {
        // Of one generation the newest counts, which comes last.
        entries.extend(ordered.try_iter().flatten());
        let open = match &mut ledger {
            Some(open) => open,
            None => ledger.insert(opened(folder.ok_or(StoreError::NoFolder)?, tell)?),
        };
        open.write(run, &entries)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(serial: u64, issued: i64) -> LedgerEntry {
        LedgerEntry { serial, issued, why: "a call wanted one".to_owned(), ..LedgerEntry::default() }
    }

    #[test]
    fn a_generation_is_written_anew_and_two_runs_share_no_row() {
        let folder = tempfile::tempdir().unwrap();
        let (mut ledger, _) = Ledger::open(folder.path()).unwrap();
        ledger.write(1, &[entry(1, 10), entry(2, 20)]).unwrap();
        ledger.write(2, &[entry(1, 30)]).unwrap();
        let ended = LedgerEntry { end: Some(("refused".to_owned(), 25)), ..entry(2, 20) };
        ledger.write(1, std::slice::from_ref(&ended)).unwrap();
        assert_eq!(ledger.since(0).unwrap(), [entry(1, 10), ended, entry(1, 30)]);
        assert_eq!(ledger.since(30).unwrap(), [entry(1, 30)]);
    }

    #[test]
    fn what_is_too_old_goes() {
        let folder = tempfile::tempdir().unwrap();
        let (mut ledger, _) = Ledger::open(folder.path()).unwrap();
        ledger.write(1, &[entry(1, 0)]).unwrap();
        ledger.write(1, &[entry(2, DAYS * MILLISECONDS_A_DAY + 1)]).unwrap();
        assert_eq!(ledger.since(0).unwrap().len(), 1);
    }

    #[test]
    fn a_run_finds_what_the_one_before_kept_and_makes_nothing_without_need() {
        let folder = tempfile::tempdir().unwrap();
        let place = || Some(folder.path().to_owned());
        drop(LedgerWriter::open(place(), 1, 0, |told| panic!("{told:?}")).unwrap());
        assert!(!folder.path().join(FILE).exists());
        let writer = LedgerWriter::open(place(), 1, 0, |told| panic!("{told:?}")).unwrap();
        writer.keep(vec![entry(1, 10)]);
        drop(writer);
        let (tell, told) = mpsc::channel();
        drop(LedgerWriter::open(place(), 2, 0, move |told| tell.send(told).unwrap()).unwrap());
        assert!(matches!(told.recv().unwrap(), LedgerTold::Earlier(found) if found == [entry(1, 10)]));
    }
}
