//! Search through a body of any size, piece by piece, on whatever thread calls it.

use crate::body::{Body, Completion};

use super::{Document, Step, pattern::Pattern};

/// Places that are told at most; who needs more has a filter to write.
pub const MOST_HITS: usize = 100_000;

/// Looks for a pattern in the bytes of a body, as it grows.
#[derive(Clone, Debug)]
pub struct Searcher {
    body: Body,
    pattern: Pattern,
    at: u64,
    found: usize,
}

impl Searcher {
    /// A search from the start of the body of a document.
    pub fn new(document: &Document, pattern: Pattern) -> Self {
        Self { body: document.body().clone(), pattern, at: 0, found: 0 }
    }

    /// Bytes looked through so far.
    pub fn end(&self) -> u64 {
        self.at
    }

    /// Looks through up to so many bytes more and adds the offsets where the pattern begins.
    pub fn step(&mut self, bytes: usize, hits: &mut Vec<u64>) -> Step {
        let longest = self.pattern.longest();
        if longest == 0 || self.found >= MOST_HITS {
            return Step::Done;
        }
        // Asked before the length: a body that has ended does not grow any more.
        let ended = self.body.completion() != Completion::Arriving;
        let len = self.body.len();
        let chunk = self.body.bytes(self.at, bytes.max(longest) + longest - 1).unwrap_or_default();
        let last = ended && self.at + chunk.len() as u64 >= len;
        // A place that begins in the last bytes may go on behind them: they are looked at again.
        let own = if last { chunk.len() } else { chunk.len().saturating_sub(longest - 1) };
        let (before, mut past) = (hits.len(), own);
        self.pattern.find(&chunk, own, MOST_HITS - self.found, |place| {
            hits.push(self.at + place.start as u64);
            past = past.max(place.end);
        });
        self.found += hits.len() - before;
        // What was found across the end is not found again by its rest.
        self.at += past as u64;
        match (last, own > 0) {
            (false, true) => Step::More,
            // What cannot be read any more is as good as not there.
            (true, _) | (false, false) if ended => Step::Done,
            _ => Step::CaughtUp,
        }
    }
}
