//! What is looked for in the body, and where it was found.

use super::Response;
use crate::document::{Fold, Pattern};

/// A search in the body.
#[derive(Clone, Debug)]
pub struct Search {
    /// Which search.
    pub number: u64,
    /// What was typed.
    pub needle: String,
    /// What is looked for.
    pub pattern: Pattern,
    /// Where it was found so far, as offsets into the body.
    pub hits: Vec<u64>,
    /// Whether the whole body was seen.
    pub done: bool,
    /// The hit in hand.
    pub at: usize,
}

impl Response {
    /// Begins a search; gives its number.
    pub fn begin_search(&mut self, needle: String, pattern: Pattern) -> u64 {
        self.searches += 1;
        let (number, hits) = (self.searches, Vec::new());
        self.search = Some(Search { number, needle, pattern, hits, done: false, at: 0 });
        self.searches
    }

    /// Takes in what a search found so far. Whether it is the one in force.
    pub fn found(&mut self, number: u64, hits: Vec<u64>, done: bool) -> bool {
        let cursor = self.line().unwrap_or(0);
        let Some(search) = self.search.as_mut().filter(|search| search.number == number) else { return false };
        let first = search.hits.is_empty() && !hits.is_empty();
        (search.hits, search.done) = (hits, done);
        if first && let Some(document) = &self.document {
            // The first hit at or behind the cursor, else the first of all.
            let behind =
                search.hits.iter().position(|hit| document.visible_line_of(*hit).is_some_and(|at| at >= cursor));
            search.at = behind.unwrap_or(0);
            self.go_to_hit();
        }
        true
    }

    /// Goes to the next hit, or to the one before.
    pub fn next_hit(&mut self, forward: bool) {
        let Some(search) = self.search.as_mut().filter(|search| !search.hits.is_empty()) else { return };
        let count = search.hits.len();
        search.at = if forward { (search.at + 1) % count } else { (search.at + count - 1) % count };
        self.go_to_hit();
    }

    fn go_to_hit(&mut self) {
        if let Some(hit) = self.search.as_ref().and_then(|search| search.hits.get(search.at).copied()) {
            self.go_to(hit);
        }
    }

    /// Goes to the line of a byte of the body, and sideways to where it stands on it. Whether that is known.
    pub fn go_to(&mut self, offset: u64) -> bool {
        let Some(document) = &mut self.document else { return false };
        if document.visible_line_of(offset).is_none() {
            document.unfold_all();
        }
        let Some(cursor) = document.visible_line_of(offset) else { return false };
        (self.cursor, self.row, self.from_end) = (cursor, 0, None);
        let Some(line) = document.window(cursor, 1, 0..200).pop() else { return true };
        let indent = line.spans.first().map_or(0, |span| span.text.len() - span.text.trim_start_matches(' ').len());
        // A byte counts as a column: half a screen makes up for those that do not.
        let column = usize::try_from(offset.saturating_sub(line.range.start)).unwrap_or(usize::MAX) + indent;
        if line.fold == Some(Fold::Closed) {
            return true;
        }
        if self.wrap {
            self.row = column / self.columns.saturating_sub(1).max(1);
        } else if column < self.left || column + self.columns / 4 >= self.left + self.columns {
            self.left = if column + self.columns / 4 < self.columns { 0 } else { column - self.columns / 2 };
        }
        true
    }
}
