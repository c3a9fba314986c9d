//! The bytes of a message, of any size, behind a cheap handle.
//!
//! One [`BodyWriter`] appends, many [`Body`] handles read by position while it does. The first 8 MiB stay in memory; a
//! body that grows beyond moves to an anonymous file (no name, mode 0600) in the folder its writer was given, which is
//! never one that may be memory. Without such a folder, or when the disk is full, a body stops at 64 MiB and says so.

use std::{
    fmt,
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;

pub mod encoding;
mod positioned;

/// Bytes kept in memory before they move to a file.
pub const IN_MEMORY: u64 = 8 << 20;
/// Bytes kept in memory where there is no file to move to.
pub const WITHOUT_FILE: u64 = 64 << 20;

/// A body to read from; cheap to clone. Two handles are equal when they are of the same body.
#[derive(Clone)]
pub struct Body(Arc<Shared>);

struct Shared {
    store: RwLock<Store>,
    /// What a reader that waits for more sleeps on; the store is not locked meanwhile.
    waiting: Mutex<()>,
    grew: Condvar,
}

/// Whether all of a body is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completion {
    /// More may come.
    Arriving,
    /// All of it is there.
    Complete,
    /// It ended before its end, and why.
    Incomplete(String),
    /// It was over, and is no longer kept: so many bytes there were.
    LetGo(u64),
}

struct Store {
    bytes: Kept,
    len: u64,
    /// Bytes that came over the wire, where they were others.
    wire: Option<Arc<AtomicU64>>,
    completion: Completion,
}

enum Kept {
    Memory(Vec<u8>),
    File(File),
}

impl Body {
    /// A complete body of bytes at hand.
    pub fn of(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let len = bytes.len() as u64;
        Self::from_store(Store { bytes: Kept::Memory(bytes), len, wire: None, completion: Completion::Complete })
    }

    /// A complete body of the bytes of a file, which stay where they are. One that is cut meanwhile ends there.
    pub fn of_file(file: File, len: u64) -> Self {
        Self::from_store(Store { bytes: Kept::File(file), len, wire: None, completion: Completion::Complete })
    }

    fn from_store(store: Store) -> Self {
        Self(Arc::new(Shared { store: RwLock::new(store), waiting: Mutex::default(), grew: Condvar::new() }))
    }

    /// Waits until there are more than so many bytes, or no more will come; at most so long. Whether that is so.
    pub fn grown(&self, beyond: u64, limit: Duration) -> bool {
        let is_waiting = || {
            let store = self.store();
            store.len <= beyond && store.completion == Completion::Arriving
        };
        let waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.grew.wait_timeout_while(waiting, limit, |()| is_waiting());
        let (_waiting, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        !waited.timed_out()
    }

    /// Wakes whoever waits for more. Locked, so that nobody who has just looked goes to sleep over it.
    fn tell(&self) {
        drop(self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.grew.notify_all();
    }

    /// Bytes so far.
    pub fn len(&self) -> u64 {
        self.store().len
    }

    /// Bytes that came over the wire so far: as many, unless they were sent compressed.
    pub fn wire(&self) -> u64 {
        let store = self.store();
        store.wire.as_ref().map_or(store.len, |wire| wire.load(Ordering::Relaxed))
    }

    /// Whether there is no byte so far.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all of it is there.
    pub fn completion(&self) -> Completion {
        self.store().completion.clone()
    }

    /// Gives up the bytes of a body that is over, whoever else has a handle to it: newer ones need the room.
    pub fn let_go(&self) {
        let mut store = self.store_mut();
        if !matches!(store.completion, Completion::Arriving | Completion::LetGo(_)) {
            let completion = Completion::LetGo(store.len);
            *store = Store { bytes: Kept::Memory(Vec::new()), len: 0, wire: None, completion };
        }
    }

    /// Fills `buffer` from `offset` on and tells how many bytes it holds now: fewer than its length only at the end.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let store = self.store();
        match &store.bytes {
            Kept::Memory(bytes) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX);
                let rest = bytes.get(from..).unwrap_or_default();
                let count = rest.len().min(buffer.len());
                if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
                    to.copy_from_slice(from);
                }
                Ok(count)
            }
            Kept::File(file) => positioned::read(file, offset, buffer),
        }
    }

    /// The bytes of a range, at most `most` of them.
    pub fn bytes(&self, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let left = self.len().saturating_sub(offset);
        let mut buffer = vec![0; usize::try_from(left).unwrap_or(usize::MAX).min(most)];
        let count = self.read_at(offset, &mut buffer)?;
        buffer.truncate(count);
        Ok(buffer)
    }

    fn store(&self) -> RwLockReadGuard<'_, Store> {
        self.0.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn store_mut(&self) -> RwLockWriteGuard<'_, Store> {
        self.0.store.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Body {}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let store = self.store();
        write!(f, "Body({} bytes, {:?})", store.len, store.completion)
    }
}

/// The one hand that appends to a body. Dropped without a last word, it leaves the body incomplete.
#[derive(Debug)]
pub struct BodyWriter {
    body: Body,
    folder: Option<PathBuf>,
}

/// Why a chunk was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// No file can be had, and memory is used up.
    #[error("there is no folder to keep more than 64 MiB in")]
    NoFolder,
    /// The file cannot be written.
    #[error("the body cannot be kept on disk")]
    Disk(#[source] io::Error),
}

impl BodyWriter {
    /// A writer that moves to a file in `folder` once memory is used up.
    pub fn new(folder: Option<&Path>) -> Self {
        let completion = Completion::Arriving;
        let store = Store { bytes: Kept::Memory(Vec::new()), len: 0, wire: None, completion };
        Self { body: Body::from_store(store), folder: folder.map(Path::to_path_buf) }
    }

    /// A handle to read from.
    pub fn body(&self) -> Body {
        self.body.clone()
    }

    /// Appends a chunk. A chunk that cannot be kept whole is not kept at all.
    pub fn push(&mut self, chunk: &Bytes) -> Result<(), BodyError> {
        let mut store = self.body.store_mut();
        let after = store.len + chunk.len() as u64;
        if let Kept::Memory(bytes) = &mut store.bytes
            && after > IN_MEMORY
        {
            match self.folder.as_deref().map(|folder| moved(bytes, folder)) {
                Some(Ok(file)) => store.bytes = Kept::File(file),
                Some(Err(error)) if after > WITHOUT_FILE => return Err(BodyError::Disk(error)),
                None if after > WITHOUT_FILE => return Err(BodyError::NoFolder),
                Some(Err(_)) | None => {}
            }
        }
        match &mut store.bytes {
            Kept::Memory(bytes) => bytes.extend_from_slice(chunk),
            Kept::File(file) => file.write_all(chunk).map_err(BodyError::Disk)?,
        }
        store.len = after;
        drop(store);
        self.body.tell();
        Ok(())
    }

    /// The body is sent compressed: what comes over the wire is counted by this.
    pub fn count_wire(&mut self) -> Arc<AtomicU64> {
        let wire = Arc::<AtomicU64>::default();
        self.body.store_mut().wire = Some(wire.clone());
        wire
    }

    /// The bytes are kept as they come after all.
    pub fn as_it_came(&mut self) {
        self.body.store_mut().wire = None;
    }

    /// All of it came.
    pub fn complete(self) {
        self.end(Completion::Complete);
    }

    /// It ended early.
    pub fn incomplete(self, why: impl Into<String>) {
        self.end(Completion::Incomplete(why.into()));
    }

    fn end(&self, completion: Completion) {
        self.body.store_mut().completion = completion;
        self.body.tell();
    }
}

impl Drop for BodyWriter {
    fn drop(&mut self) {
        if self.body.completion() == Completion::Arriving {
            self.end(Completion::Incomplete("it was not read to its end".to_owned()));
        }
    }
}

fn moved(bytes: &[u8], folder: &Path) -> io::Result<File> {
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_reads_the_same_before_and_after_it_moves_to_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = BodyWriter::new(Some(folder.path()));
        let body = writer.body();
        let chunk = Bytes::from((0..=255).cycle().take(1 << 20).collect::<Vec<u8>>());
        for count in 1..=9_u64 {
            writer.push(&chunk).unwrap();
            assert_eq!(body.len(), count << 20);
            assert_eq!(body.bytes((count << 20) - 300, 1000).unwrap(), chunk[(1 << 20) - 300..]);
        }
        assert_eq!(body.completion(), Completion::Arriving);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
        writer.complete();
        assert_eq!(body.completion(), Completion::Complete);
        assert_eq!(body.bytes((9 << 20) + 5, 10).unwrap(), b"");
    }

    #[test]
    fn without_a_folder_a_body_stops_at_64_mebibytes() {
        let mut writer = BodyWriter::new(None);
        let chunk = Bytes::from(vec![0; 8 << 20]);
        for _ in 0..8 {
            writer.push(&chunk).unwrap();
        }
        assert!(matches!(writer.push(&chunk), Err(BodyError::NoFolder)));
        assert_eq!(writer.body().len(), WITHOUT_FILE);
    }

    #[test]
    fn a_body_that_is_let_go_is_empty_in_every_handle_and_one_that_arrives_is_not_let_go() {
        let mut writer = BodyWriter::new(None);
        let (body, other) = (writer.body(), writer.body());
        writer.push(&Bytes::from_static(b"abc")).unwrap();
        body.let_go();
        assert_eq!(other.bytes(0, 9).unwrap(), b"abc");
        writer.complete();
        body.let_go();
        body.let_go();
        assert_eq!((other.len(), other.completion()), (0, Completion::LetGo(3)));
    }

    #[test]
    fn who_waits_for_more_is_woken_by_more_and_by_the_end() {
        let mut writer = BodyWriter::new(None);
        let (body, long) = (writer.body(), Duration::from_mins(1));
        assert!(!body.grown(0, Duration::ZERO), "nothing came");
        let waiting = std::thread::spawn(move || (body.grown(2, long), body.len(), body.grown(9, long)));
        writer.push(&Bytes::from_static(b"ab")).unwrap();
        writer.push(&Bytes::from_static(b"c")).unwrap();
        writer.complete();
        assert_eq!(waiting.join().unwrap(), (true, 3, true));
    }

    #[test]
    fn a_file_is_a_body_where_it_is() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        let body = Body::of_file(file, 10);
        assert_eq!(
            (body.len(), body.completion(), body.bytes(8, 9).unwrap()),
            (10, Completion::Complete, b"89".to_vec())
        );
    }

    #[test]
    fn a_writer_that_goes_away_leaves_the_body_incomplete() {
        let writer = BodyWriter::new(None);
        let body = writer.body();
        drop(writer);
        assert!(matches!(body.completion(), Completion::Incomplete(_)));
    }
}
