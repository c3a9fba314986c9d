//! Long lines over several rows: each row is a stretch of its line, read for itself, so that no line is ever laid out
//! whole.

use super::{Document, Line};

/// A place among the rows of wrapped lines: the visible line, and which of its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The visible line.
    pub line: u64,
    /// Its row, from 0.
    pub row: usize,
}

impl Document {
    /// `rows` rows from a place on, each of so many columns; lines go on in the next row.
    pub fn wrapped(&self, from: Part, rows: usize, columns: usize) -> Vec<(Part, Line)> {
        let mut found = Vec::new();
        let mut at = from;
        while found.len() < rows {
            let Some(line) = self.part(at, columns) else { break };
            let more = line.more_right;
            found.push((at, line));
            at = if more { Part { row: at.row + 1, ..at } } else { Part { line: at.line + 1, row: 0 } };
        }
        found
    }

    /// The place so many rows further, or the last one.
    pub fn part_after(&self, from: Part, rows: usize, columns: usize) -> Part {
        self.wrapped(from, rows + 1, columns).last().map_or(from, |(part, _)| *part)
    }

    /// The place so many rows back, or the first one.
    pub fn part_before(&self, from: Part, rows: usize, columns: usize) -> Part {
        let mut at = from;
        for left in (1..=rows).rev() {
            if at.row >= left {
                return Part { row: at.row - left, ..at };
            }
            if at.row > 0 {
                at.row -= 1;
                continue;
            }
            let Some(line) = at.line.checked_sub(1) else { break };
            at = Part { line, row: self.last_row(line, columns) };
        }
        at
    }

    /// The last row of a line.
    pub fn last_row(&self, line: u64, columns: usize) -> usize {
        let goes_on = |row: usize| self.part(Part { line, row }, columns).is_some_and(|line| line.more_right);
        if !goes_on(0) {
            return 0;
        }
        // The first row behind which nothing is, between one that goes on and one that does not.
        let mut beyond = 1;
        while goes_on(beyond) {
            beyond *= 2;
        }
        let mut before = beyond / 2;
        while beyond - before > 1 {
            let middle = usize::midpoint(before, beyond);
            if goes_on(middle) { before = middle } else { beyond = middle }
        }
        beyond
    }

    fn part(&self, at: Part, columns: usize) -> Option<Line> {
        // The last column is for a wide character that begins before it.
        let columns = columns.saturating_sub(1).max(1);
        let from = at.row.saturating_mul(columns);
        self.whole_characters(at.line, from..from.saturating_add(columns))
    }
}
