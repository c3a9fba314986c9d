//! Opening a database file: its folder, its mode, its version, and what becomes of one that cannot be read.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::{database::StoreError, folder};
use crate::domain::clock::Clock;

/// How long another instance is waited for.
const LOCKED: Duration = Duration::from_secs(5);
/// How long one try to write waits for it. The library's waits grow within a try, and whoever came later goes first.
const TRY: Duration = Duration::from_millis(50);

/// What a file is.
pub(super) struct Kind {
    /// Its name.
    pub(super) file: &'static str,
    /// The version of its tables.
    pub(super) version: i64,
    /// The tables.
    pub(super) tables: &'static str,
}

/// Opens a database of a folder, made where there is none: the file, the connection, and the name under which one that
/// could not be read was set aside.
pub(super) fn opened(folder: &Path, kind: &Kind) -> Result<(PathBuf, Connection, Option<PathBuf>), StoreError> {
    let at = |file: &Path, source| StoreError::File { file: file.to_owned(), source };
    folder::made(folder).map_err(|error| at(folder, error))?;
    // Links above the folder are a person's own business; the file itself is none.
    let folder = folder.canonicalize().map_err(|error| at(folder, error))?;
    let file = folder.join(kind.file);
    folder::guarded(&file).map_err(|error| at(&file, error))?;
    match connected(&file, kind) {
        Err(StoreError::Database { source, .. }) if is_unreadable(&source) => {
            let aside = set_aside(&file).map_err(|error| at(&file, error))?;
            folder::guarded(&file).map_err(|error| at(&file, error))?;
            let connection = connected(&file, kind)?;
            Ok((file, connection, Some(aside)))
        }
        outcome => Ok((file, outcome?, None)),
    }
}

/// Does it again while another instance is in the way, for as long as one is waited for.
pub(super) fn patiently<T>(mut try_it: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    // By the clock: on a busy machine a try takes longer than it waits.
    let clock = Clock::system();
    let end = clock.boot() + LOCKED;
    loop {
        let done = try_it();
        if !done.as_ref().is_err_and(is_busy) || clock.boot() >= end {
            return done;
        }
    }
}

fn connected(file: &Path, kind: &Kind) -> Result<Connection, StoreError> {
    let refused = |source| StoreError::Database { file: file.to_owned(), source };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let mut connection = Connection::open_with_flags(file, flags).map_err(refused)?;
    connection.busy_timeout(LOCKED).map_err(refused)?;
    let version = version(&connection).map_err(refused)?;
    if version > kind.version {
        return Err(StoreError::Later { file: file.to_owned(), version, known: kind.version });
    }
    // Another instance that is just about to do the same is in the way of this, and does it.
    let mode = connection.pragma_update(None, "journal_mode", "wal");
    mode.or_else(|error| if is_busy(&error) { Ok(()) } else { Err(error) }).map_err(refused)?;
    prepared(&mut connection, kind).map_err(refused)?;
    connection.busy_timeout(TRY).map_err(refused)?;
    Ok(connection)
}

/// Makes the tables of a new database, and looks whether an old one is whole.
fn prepared(connection: &mut Connection, kind: &Kind) -> rusqlite::Result<()> {
    // What is overwritten is gone from the file too.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "synchronous", "normal")?;
    if version(connection)? == 0 {
        let making = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another instance may have made them in between.
        if version(&making)? == 0 {
            making.execute_batch(kind.tables)?;
            making.pragma_update(None, "user_version", kind.version)?;
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
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let named = |number: u32| file.with_file_name(format!("{stem}-set-aside-{number}.db"));
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
