//! Reads a body in pieces, against a budget: no view reads more than it, whatever the body holds.

use std::ops::Range;

use crate::{
    body::Body,
    domain::redact::{Hidden, Redactor},
};

#[cfg(test)]
mod tests;

/// Bytes one call of a view may read.
pub(super) const BUDGET: usize = 256 << 10;

/// Bytes that a call may read which nobody waits for.
const PATIENT_BUDGET: usize = 64 << 20;

/// The first piece after a jump, and the largest.
const PIECES: (usize, usize) = (1 << 10, 16 << 10);

pub(super) struct Reader<'a> {
    body: &'a Body,
    end: u64,
    /// All that was read since the last jump, so that stepping back a little costs nothing.
    buffer: Vec<u8>,
    from: u64,
    piece: usize,
    left: usize,
    masks: Option<&'a Redactor>,
}

impl<'a> Reader<'a> {
    /// Reads no further than `end`.
    pub(super) fn new(body: &'a Body, end: u64) -> Self {
        Self { body, end, buffer: Vec::new(), from: 0, piece: PIECES.0, left: BUDGET, masks: None }
    }

    /// The same, which tells where secrets stand.
    pub(super) fn hiding(self, masks: &'a Redactor) -> Self {
        Self { masks: Some(masks).filter(|masks| masks.longest() > 0), ..self }
    }

    /// Where the secrets stand that reach into a stretch of the body, and what stands for each.
    pub(super) fn hidden(&mut self, stretch: Range<u64>) -> Vec<(Range<u64>, String)> {
        let Some(masks) = self.masks.filter(|_| !stretch.is_empty()) else { return Vec::new() };
        let around = masks.longest().saturating_sub(1) as u64;
        let from = stretch.start.saturating_sub(around);
        self.hidden_from(from, stretch.start..stretch.end + around)
    }

    /// The same where no secret can begin before the stretch, of those that begin in it and end anywhere.
    pub(super) fn hidden_ahead(&mut self, stretch: Range<u64>) -> Vec<(Range<u64>, String)> {
        let Some(masks) = self.masks.filter(|_| !stretch.is_empty()) else { return Vec::new() };
        let around = masks.longest().saturating_sub(1) as u64;
        self.hidden_from(stretch.start, stretch.start..stretch.end + around)
    }

    fn hidden_from(&mut self, from: u64, stretch: Range<u64>) -> Vec<(Range<u64>, String)> {
        let Some(masks) = self.masks else { return Vec::new() };
        let found = masks.found(self.bytes(from, usize::try_from(stretch.end - from).unwrap_or(usize::MAX)));
        let placed = |Hidden { range, pseudonym }| (from + range.start as u64..from + range.end as u64, pseudonym);
        found.into_iter().map(placed).filter(|(range, _)| range.end > stretch.start).collect()
    }

    /// The same with a budget for what nobody waits for.
    pub(super) fn patient(self) -> Self {
        Self { left: PATIENT_BUDGET, ..self }
    }

    /// Where the body ends for this reader.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Reads on to `end`, on the same budget.
    pub(super) fn extend(&mut self, end: u64) {
        self.end = self.end.max(end);
    }

    /// Bytes from `at` on: some, unless it is the end or the budget is used up.
    pub(super) fn rest(&mut self, at: u64) -> &[u8] {
        if self.buffered(at).is_empty() {
            self.fill(at);
        }
        self.buffered(at)
    }

    /// The byte at `at`.
    pub(super) fn byte(&mut self, at: u64) -> Option<u8> {
        self.rest(at).first().copied()
    }

    /// `count` bytes from `at` on; fewer only at the end or when the budget is used up.
    pub(super) fn bytes(&mut self, at: u64, count: usize) -> &[u8] {
        let mut known = self.rest(at).len();
        while known < count {
            self.fill(at + known as u64);
            let now = self.buffered(at).len();
            if now == known {
                break;
            }
            known = now;
        }
        let bytes = self.buffered(at);
        bytes.get(..count).unwrap_or(bytes)
    }

    fn buffered(&self, at: u64) -> &[u8] {
        at.checked_sub(self.from)
            .and_then(|skip| usize::try_from(skip).ok())
            .and_then(|skip| self.buffer.get(skip..))
            .unwrap_or_default()
    }

    /// Reads on from `at`, which ends the buffer or begins a new one. A body that cannot be read ends there.
    fn fill(&mut self, at: u64) {
        if at == self.from + self.buffer.len() as u64 {
            self.piece = (self.piece * 2).min(PIECES.1);
        } else {
            self.buffer.clear();
            self.from = at;
            self.piece = PIECES.0;
        }
        let there = usize::try_from(self.end.saturating_sub(at)).unwrap_or(usize::MAX);
        let count = self.piece.min(self.left).min(there);
        let known = self.buffer.len();
        self.buffer.resize(known + count, 0);
        let read = self.buffer.get_mut(known..).and_then(|buffer| self.body.read_at(at, buffer).ok()).unwrap_or(0);
        self.buffer.truncate(known + read);
        self.left -= read;
    }
}
