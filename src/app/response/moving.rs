//! The line in hand of the body, the rows on screen, and how the one moves the others.
//!
//! The end of a body is gone to before its lines are known: what is on screen then are its last lines, and where they
//! stand is found out as soon as they are counted. While a body arrives its end stays in hand.

use super::{Response, about};
use crate::{
    body::Completion,
    document::{Document, Mode, Part},
};

impl Response {
    /// Moves the line in hand by so many lines, or rows where lines are wrapped.
    pub fn step(&mut self, by: i64) {
        let Some(document) = &self.document else { return };
        let last = document.count().lines.saturating_sub(1);
        if let Some(up) = self.from_end {
            if self.is_tail {
                self.from_end = Some(up.saturating_add_signed(-by));
                return;
            }
            if by >= 0 {
                return;
            }
            self.from_end = None;
        }
        if self.wraps(document) {
            let here = Part { line: self.cursor, row: self.row };
            let rows = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
            let there = match by {
                _ if rows > MOST_ROWS => Part { line: self.cursor.saturating_add_signed(by).min(last), row: 0 },
                0.. => document.part_after(here, rows, self.columns),
                _ => document.part_before(here, rows, self.columns),
            };
            (self.cursor, self.row) = (there.line, there.row);
        } else {
            self.cursor = self.cursor.saturating_add_signed(by).min(last);
        }
    }

    /// Goes to the last line, or the last row of it.
    pub fn step_to_end(&mut self) {
        self.from_end = Some(0);
    }

    /// Goes to a line of those that are known.
    pub fn go_to_line(&mut self, line: u64) {
        let last = self.document.as_ref().map_or(0, |document| document.count().lines.saturating_sub(1));
        (self.cursor, self.row, self.from_end) = (line.min(last), 0, None);
    }

    /// Goes to a line on screen.
    pub fn point(&mut self, at: Part) {
        if self.is_tail {
            self.from_end = Some((self.lines.len() as u64).saturating_sub(at.line + 1));
        } else {
            (self.cursor, self.row, self.from_end) = (at.line, at.row, None);
        }
    }

    /// Whether long lines go on in the next row: bytes never do.
    fn wraps(&self, document: &Document) -> bool {
        self.wrap && document.mode() != Mode::Hex
    }

    /// Wraps long lines, or not any more.
    pub fn toggle_wrap(&mut self) {
        self.wrap = !self.wrap;
        (self.left, self.row, self.top_row) = (0, 0, 0);
    }

    /// Whether so many rows are full whatever else comes of the body.
    pub fn is_full(&self, rows: usize) -> bool {
        !self.is_tail && self.lines.len() >= rows
    }

    /// Reads the lines that so many rows and columns show, the cursor among them.
    pub fn read(&mut self, rows: usize, columns: usize) {
        let Some(document) = self.document.take() else {
            self.lines.clear();
            self.places.clear();
            self.here = None;
            return;
        };
        if self.columns != columns {
            (self.row, self.top_row, self.columns) = (0, 0, columns);
        }
        self.is_tail = self.reads_tail(&document, rows);
        if !self.is_tail {
            self.read_known(&document, rows);
        }
        let value = self.line().and_then(|line| document.value(line)).unwrap_or_default();
        // Of a text with a secret in it the length is not told either; of anything else none is.
        let hides = value.starts_with('"') && !self.masks.found(value.as_bytes()).is_empty();
        let about = if hides { String::new() } else { about(&value) };
        self.document = Some(document);
        self.here = self.path().map(|path| (path, about));
    }

    /// Reads the last lines, where they are wanted and no others are known; else finds out which is in hand.
    fn reads_tail(&mut self, document: &Document, rows: usize) -> bool {
        let Some(up) = self.from_end else { return false };
        let (count, arrives) = (document.count(), document.sent().completion() == Completion::Arriving);
        if count.exact || arrives {
            self.cursor = count.lines.saturating_sub(1).saturating_sub(up);
            self.row = if self.wraps(document) && up == 0 { document.last_row(self.cursor, self.columns) } else { 0 };
            self.from_end = Some(up).filter(|_| arrives);
            if self.is_tail {
                // What is on screen stays where it is.
                (self.top, self.top_row) = (count.lines.saturating_sub(self.lines.len() as u64), 0);
            }
            return false;
        }
        self.lines = document.tail(rows, self.left..self.left + self.columns);
        let last = self.lines.len().saturating_sub(1) as u64;
        let up = up.min(last);
        (self.from_end, self.top, self.cursor) = (Some(up), 0, last - up);
        self.places = (0..self.lines.len() as u64).map(|line| Part { line, row: 0 }).collect();
        true
    }

    fn read_known(&mut self, document: &Document, rows: usize) {
        let count = document.count().lines;
        self.cursor = self.cursor.min(count.saturating_sub(1));
        if !self.wraps(document) {
            let page = (rows as u64).max(1);
            let top = self.top.min(count.saturating_sub(page));
            (self.top, self.top_row) = (top.clamp((self.cursor + 1).saturating_sub(page), self.cursor), 0);
            self.lines = document.window(self.top, rows, self.left..self.left + self.columns);
            self.places = (self.top..).take(self.lines.len()).map(|line| Part { line, row: 0 }).collect();
            return;
        }
        let cursor = Part { line: self.cursor, row: self.row };
        let mut top = Part { line: self.top, row: self.top_row }.min(cursor);
        if cursor.line - top.line > rows as u64 {
            top = document.part_before(cursor, rows.saturating_sub(1), self.columns);
        }
        let mut shown = document.wrapped(top, rows, self.columns);
        let last = shown.last().map_or(cursor, |(part, _)| *part);
        if last < cursor || shown.len() < rows {
            top = document.part_before(last.max(cursor), rows.saturating_sub(1), self.columns);
            shown = document.wrapped(top, rows, self.columns);
        }
        (self.top, self.top_row) = (top.line, top.row);
        (self.places, self.lines) = shown.into_iter().unzip();
    }
}

/// Rows beyond which it is lines that are stepped over.
const MOST_ROWS: usize = 1000;
