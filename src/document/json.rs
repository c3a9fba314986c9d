//! JSON as pretty lines: a value a line, indented by two, everything else exactly as it was sent.
//!
//! [`Lines`] walks the lines from a checkpoint on. The body was scanned before, so it is well formed as far as it is
//! read here, and no state but the depth is needed:
//!
//! ```text
//!     "key" : value ,        the parts of a line; key and comma may be missing
//!     "key" : {              an open ends a line
//!     } ,                    a close begins one
//!     "key" : {} ,           but not right after its open
//! ```
//!
//! A token that goes on beyond a few kilobytes is not read to its end when a checkpoint knows where the next line is.

use std::ops::Range;

use memchr::memchr2;

use super::{index::Index, outline::Checkpoint, reader::Reader};

/// Bytes of a token that are read before a checkpoint is asked for the next line.
const PATIENCE: u64 = 4 << 10;
/// What a line holds beside its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A string, a number, a word or an empty container.
    Whole,
    /// The open of a container.
    Open,
    /// The close of a container.
    Close,
}

/// One pretty line, in offsets of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) indent: u64,
    pub(super) form: Form,
    /// With its quotes.
    pub(super) key: Option<Range<u64>>,
    /// Of an open or close its bracket only.
    pub(super) value: Range<u64>,
    pub(super) comma: bool,
}

/// Where a container ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) close: u64,
    pub(super) line: u64,
    /// How many values it holds.
    pub(super) children: u64,
}

impl Row {
    /// The level at which it is shown first, when all deeper ones are folded.
    pub(super) fn level(&self) -> u64 {
        self.indent + u64::from(self.form == Form::Close)
    }

    pub(super) fn start(&self) -> u64 {
        self.key.as_ref().unwrap_or(&self.value).start
    }
}

/// Walks pretty lines.
pub(super) struct Lines<'a, 'b> {
    pub(super) reader: &'a mut Reader<'b>,
    index: &'a Index,
    pub(super) at: u64,
    pub(super) line: u64,
    pub(super) depth: u64,
}

impl<'a, 'b> Lines<'a, 'b> {
    pub(super) fn from(reader: &'a mut Reader<'b>, index: &'a Index, checkpoint: &Checkpoint) -> Self {
        Self { reader, index, at: checkpoint.offset, line: checkpoint.line, depth: u64::from(checkpoint.depth) }
    }

    /// Walks on to where a line begins.
    pub(super) fn seek(&mut self, line: u64) {
        while self.line < line && self.next().is_some() {}
    }

    /// Goes on with the first line in a container that opens at `open`, or with its close.
    pub(super) fn enter(&mut self, open: u64, line: u64, indent: u64) {
        (self.at, self.line, self.depth) = (open + 1, line + 1, indent + 1);
    }

    /// Goes on behind the close of a container, which stands at `close`.
    pub(super) fn leave(&mut self, close: u64, line: u64, indent: u64) {
        (self.at, self.line, self.depth) = (close, line, indent + 1);
        self.next();
    }

    /// Goes on behind the container that the line just walked opens. Its end, if it has one within reach.
    pub(super) fn skip(&mut self, open: &Row) -> Option<End> {
        let record = self.index.outline.record_at(open.value.start).and_then(|id| self.index.outline.record(id));
        if let Some(record) = record {
            let Some(close) = record.close else {
                self.at = self.reader.end();
                return None;
            };
            self.leave(close.get(), record.last_line, open.indent);
            return Some(End { close: close.get(), line: record.last_line, children: u64::from(record.children) });
        }
        let mut children = 0;
        while let Some(row) = self.next() {
            if row.form == Form::Close && row.indent == open.indent {
                return Some(End { close: row.value.start, line: row.line, children });
            }
            children += u64::from(row.form != Form::Close && row.indent == open.indent + 1);
        }
        self.at = self.reader.end();
        None
    }

    /// The next line.
    pub(super) fn next(&mut self) -> Option<Row> {
        let start = match self.blanks(self.at, self.line) {
            Some(start) => start,
            None => self.index.outline.at_line(self.line).filter(|next| next.offset >= self.at)?.offset,
        };
        let first = self.reader.byte(start)?;
        let form = if matches!(first, b'}' | b']') { Form::Close } else { Form::Whole };
        if form == Form::Close {
            self.depth = self.depth.saturating_sub(1);
        }
        let mut row =
            Row { line: self.line, indent: self.depth, form, key: None, value: start..start + 1, comma: false };
        self.line += 1;
        let ended = match first {
            b'}' | b']' => self.comma(&mut row),
            b'"' => self.string_or_key(&mut row),
            _ => self.value(&mut row),
        };
        if ended.is_none() {
            self.hop(&mut row);
        }
        Some(row)
    }

    /// The rest of a line that begins with a string. None, here and below: it was not read to its end.
    fn string_or_key(&mut self, row: &mut Row) -> Option<()> {
        let start = row.value.start;
        row.value.end = self.reader.end();
        let end = self.string(start)?;
        row.value.end = end;
        let after = self.blanks(end, self.line)?;
        if self.reader.byte(after) != Some(b':') {
            return self.comma(row);
        }
        row.key = Some(start..end);
        row.value = after + 1..after + 1;
        let value = self.blanks(after + 1, self.line)?;
        row.value = value..value + 1;
        self.value(row)
    }

    /// A value and what follows it on its line.
    fn value(&mut self, row: &mut Row) -> Option<()> {
        let start = row.value.start;
        let first = self.reader.byte(start)?;
        match first {
            b'{' | b'[' => match self.blanks(start + 1, self.line) {
                Some(close) if self.reader.byte(close) == Some(first + 2) => row.value.end = close + 1,
                None if self
                    .index
                    .outline
                    .at_line(self.line)
                    .is_some_and(|next| u64::from(next.depth) <= self.depth) =>
                {
                    return None;
                }
                _ => {
                    row.form = Form::Open;
                    self.depth += 1;
                    self.at = start + 1;
                    return Some(());
                }
            },
            b'"' => {
                row.value.end = self.reader.end();
                row.value.end = self.string(start)?;
            }
            _ => {
                row.value.end = self.reader.end();
                row.value.end = self.word(start)?;
            }
        }
        self.comma(row)
    }

    /// The comma after a value.
    fn comma(&mut self, row: &mut Row) -> Option<()> {
        self.at = row.value.end;
        let after = self.blanks(self.at, self.line)?;
        if self.reader.byte(after) == Some(b',') {
            row.comma = true;
            self.at = after + 1;
        }
        Some(())
    }

    /// Goes on where the next line is known to begin, else to the end.
    fn hop(&mut self, row: &mut Row) {
        match self.index.outline.at_line(self.line) {
            Some(next) => {
                (self.at, self.depth) = (next.offset, u64::from(next.depth));
                row.value.end = row.value.end.min(next.offset);
                row.comma = !next.closes;
            }
            None => self.at = self.reader.end(),
        }
    }

    /// The first byte from `at` on that is no white space.
    fn blanks(&mut self, at: u64, next: u64) -> Option<u64> {
        self.find(at, next, |bytes| bytes.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')))
    }

    /// The end of a number or word.
    fn word(&mut self, at: u64) -> Option<u64> {
        let is_end = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'}' | b']');
        self.find(at, self.line, |bytes| bytes.iter().position(is_end))
    }

    /// The end of a string, beyond its closing quote.
    fn string(&mut self, at: u64) -> Option<u64> {
        let mut escaped = false;
        let quote = self.find(at + 1, self.line, |bytes| {
            let mut from = usize::from(escaped);
            escaped = false;
            while let Some(found) = bytes.get(from..).and_then(|bytes| memchr2(b'"', b'\\', bytes)) {
                if bytes.get(from + found) == Some(&b'"') {
                    return Some(from + found);
                }
                from += found + 2;
                escaped = from > bytes.len();
            }
            None
        })?;
        Some(quote + 1)
    }

    /// Looks for a byte piece by piece. None at the end, or when it is far and the line `next` is known to begin
    /// beyond.
    fn find(&mut self, from: u64, next: u64, mut position: impl FnMut(&[u8]) -> Option<usize>) -> Option<u64> {
        let mut at = from;
        loop {
            let bytes = self.reader.rest(at);
            if bytes.is_empty() {
                return None;
            }
            if let Some(found) = position(bytes) {
                return Some(at + found as u64);
            }
            at += bytes.len() as u64;
            if at - from > PATIENCE && self.index.outline.at_line(next).is_some_and(|known| known.offset >= at) {
                return None;
            }
        }
    }
}
