//! The raw text, line by line: `\n` ends a line, everything else is in it.

use std::ops::Range;

use memchr::memchr;

use super::{index::RawLines, reader::Reader};

/// Bytes of a line that are read before a known start of the next line is asked for.
const PATIENCE: u64 = 4 << 10;

/// Walks raw lines.
pub(super) struct Lines<'a, 'b> {
    pub(super) reader: &'a mut Reader<'b>,
    known: &'a RawLines,
    at: u64,
    line: u64,
}

impl<'a, 'b> Lines<'a, 'b> {
    /// From a line on.
    pub(super) fn at_line(reader: &'a mut Reader<'b>, known: &'a RawLines, line: u64) -> Self {
        let (at, before) = known.before_line(line);
        let mut lines = Self { reader, known, at, line: before };
        while lines.line < line && lines.next().is_some() {}
        lines
    }

    /// From a byte of a line on.
    pub(super) fn at(reader: &'a mut Reader<'b>, known: &'a RawLines, at: u64, line: u64) -> Self {
        Self { reader, known, at, line }
    }

    /// The number of the next line and its bytes, without its end.
    pub(super) fn next(&mut self) -> Option<(u64, Range<u64>)> {
        if self.at >= self.reader.end() {
            return None;
        }
        let (start, line) = (self.at, self.line);
        self.line += 1;
        let end = self.end(start);
        self.at = end + 1;
        Some((line, start..end))
    }

    fn end(&mut self, start: u64) -> u64 {
        let mut at = start;
        loop {
            let bytes = self.reader.rest(at);
            if let Some(found) = memchr(b'\n', bytes) {
                return at + found as u64;
            }
            if bytes.is_empty() {
                return self.reader.end();
            }
            at += bytes.len() as u64;
            if at - start > PATIENCE
                && let Some(next) = self.known.start_of(self.line).filter(|next| *next > at)
            {
                return next - 1;
            }
        }
    }
}

/// The line a byte is in.
pub(super) fn line_of(reader: &mut Reader<'_>, known: &RawLines, at: u64) -> u64 {
    let (mut from, mut line) = known.before(at);
    while from < at {
        let bytes = reader.rest(from);
        let near = usize::try_from(at - from).ok().and_then(|count| bytes.get(..count)).unwrap_or(bytes);
        if near.is_empty() {
            break;
        }
        line += memchr::memchr_iter(b'\n', near).count() as u64;
        from += near.len() as u64;
    }
    line
}
