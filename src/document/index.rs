//! What is known of a body beyond its bytes: where its lines begin, where its large containers end, where it breaks.
//!
//! It is small whatever the body: the start of a line each 16 KiB (each 64 KiB beyond 256 MiB), and a record of each
//! container that lies across one of them. Everything between is read again when it is looked at. An [`Indexer`] grows
//! it step by step, as the body grows, on a thread of its own where there is one.

use std::{mem, sync::Arc};

use memchr::memchr_iter;

use crate::body::{Body, Completion};

use super::{Document, fault::Fault, kind::Kind, outline::Outline, scan::Scanner};

/// What one step of an [`Indexer`] or a searcher came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more to do now.
    More,
    /// All that came so far is done; the body still grows.
    CaughtUp,
    /// All is done.
    Done,
}

/// What an [`Indexer`] learned of a body.
#[derive(Clone, Debug, Default)]
pub struct Index {
    kind: Option<Kind>,
    /// Bytes looked at.
    pub(super) end: u64,
    /// The body ended, and all of it was looked at.
    pub(super) whole: bool,
    pub(super) raw: RawLines,
    pub(super) outline: Outline,
    pub(super) fault: Option<Fault>,
    pub(super) held: Option<Held>,
}

/// Where the grammar broke for good: JSON up to here, then no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) at: u64,
    /// The raw line.
    pub(super) line: u64,
}

impl Index {
    /// Bytes looked at so far.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Whether there is nothing more to learn.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Bytes of memory that it takes.
    pub fn bytes(&self) -> usize {
        self.raw.bytes() + self.outline.bytes()
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// Where the pretty part ends.
    pub(super) fn pretty_end(&self) -> u64 {
        self.held.map_or(self.end, |held| held.at)
    }
}

/// Bytes from one kept line start to the next.
pub(super) fn stride(at: u64) -> u64 {
    if at < 256 << 20 { 16 << 10 } else { 64 << 10 }
}

/// Where lines of the raw text begin.
#[derive(Clone, Debug, Default)]
pub(super) struct RawLines {
    /// Some line starts and their numbers, in order.
    starts: Vec<(u64, u64)>,
    next: u64,
    ends: u64,
    /// Where the last line begins.
    last: u64,
}

impl RawLines {
    fn feed(&mut self, at: u64, chunk: &[u8]) {
        for found in memchr_iter(b'\n', chunk) {
            self.ends += 1;
            self.last = at + found as u64 + 1;
            if self.last >= self.next {
                self.starts.push((self.last, self.ends));
                self.next = self.last + stride(self.last);
            }
        }
    }

    fn bytes(&self) -> usize {
        size_of_val(self.starts.as_slice())
    }

    /// How many lines a body of `len` bytes has.
    pub(super) fn count(&self, len: u64) -> u64 {
        self.ends + u64::from(self.last < len)
    }

    /// The nearest known start at or before a line, and its number.
    pub(super) fn before_line(&self, line: u64) -> (u64, u64) {
        nearest(&self.starts, self.starts.partition_point(|(_, number)| *number <= line))
    }

    /// The nearest known start at or before an offset, and its number.
    pub(super) fn before(&self, at: u64) -> (u64, u64) {
        nearest(&self.starts, self.starts.partition_point(|(start, _)| *start <= at))
    }

    /// Where a line begins, if that is known without reading.
    pub(super) fn start_of(&self, line: u64) -> Option<u64> {
        self.starts.binary_search_by_key(&line, |(_, number)| *number).ok().and_then(|at| Some(self.starts.get(at)?.0))
    }
}

fn nearest(starts: &[(u64, u64)], after: usize) -> (u64, u64) {
    after.checked_sub(1).and_then(|at| starts.get(at)).copied().unwrap_or_default()
}

/// Reads a body from its start and learns what an [`Index`] holds.
#[derive(Clone, Debug)]
pub struct Indexer {
    body: Body,
    /// None where there is no grammar to follow, or it is broken.
    scanner: Option<Scanner>,
    index: Index,
    buffer: Vec<u8>,
}

impl Indexer {
    /// An indexer at the start of the body of a document, which has bytes by now that tell its kind.
    pub fn new(document: &Document) -> Self {
        let kind = document.kind();
        Self {
            body: document.body().clone(),
            scanner: match kind {
                Kind::Json => Some(Scanner::new()),
                Kind::JsonLines => Some(Scanner::new().of_many()),
                _ => None,
            },
            index: Index { kind: Some(kind), ..Index::default() },
            buffer: Vec::new(),
        }
    }

    /// Bytes taken in so far.
    pub fn end(&self) -> u64 {
        self.index.end
    }

    /// Takes in up to so many bytes.
    pub fn step(&mut self, bytes: usize) -> Step {
        if self.index.whole {
            return Step::Done;
        }
        // Asked before the length: a body that has ended does not grow any more.
        let ended = self.body.completion() != Completion::Arriving;
        let len = self.body.len();
        let wanted = usize::try_from(len - self.index.end).unwrap_or(usize::MAX).min(bytes);
        let mut chunk = mem::take(&mut self.buffer);
        chunk.resize(wanted.max(chunk.len()), 0);
        // What cannot be read any more is as good as not there.
        let read = self.body.read_at(self.index.end, chunk.get_mut(..wanted).unwrap_or_default()).unwrap_or(0);
        self.take(chunk.get(..read).unwrap_or_default());
        self.buffer = chunk;
        if self.index.end < len && read > 0 {
            Step::More
        } else if ended {
            self.finish();
            Step::Done
        } else {
            Step::CaughtUp
        }
    }

    /// What is known by now.
    pub fn index(&self) -> Arc<Index> {
        Arc::new(self.index.clone())
    }

    fn take(&mut self, chunk: &[u8]) {
        self.index.raw.feed(self.index.end, chunk);
        self.index.end += chunk.len() as u64;
        self.scan(|scanner, outline| scanner.feed(chunk, outline));
    }

    fn finish(&mut self) {
        self.index.whole = true;
        self.scan(Scanner::finish);
    }

    fn scan(&mut self, go: impl FnOnce(&mut Scanner, &mut Outline) -> Result<(), Box<super::scan::Broken>>) {
        let Some(scanner) = &mut self.scanner else { return };
        let broken = go(scanner, &mut self.index.outline).err();
        self.index.fault = scanner.bad_byte.clone();
        if let Some(broken) = broken {
            self.index.held = Some(Held { at: broken.held, line: broken.fault.line - 1 });
            self.index.fault.get_or_insert(broken.fault);
            self.scanner = None;
        }
    }
}
