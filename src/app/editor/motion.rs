//! Where a motion of the cursor leads.

use std::{borrow::Cow, ops::Range};

use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    Editor,
    cells::{CLUSTER, at_column},
    text::row_range,
};

/// A motion of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what it says")]
pub enum Motion {
    Left,
    Right,
    Up,
    Down,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
    PageUp(usize),
    PageDown(usize),
    Start,
    End,
}

impl Editor {
    /// Where a motion leads.
    pub(super) fn moved(&self, motion: Motion) -> usize {
        let row = self.cursor_row();
        let last = self.text.len_lines() - 1;
        match motion {
            Motion::Left => self.cursor - self.cluster_before(),
            Motion::Right => self.cursor + self.cluster_at(),
            Motion::LineStart => self.row_start(self.cursor),
            Motion::LineEnd => row_range(&self.text, row).end,
            Motion::WordLeft => self.word_left(),
            Motion::WordRight => self.word_right(),
            Motion::Up if row == 0 => self.cursor,
            Motion::Up => self.at_wish(row - 1),
            Motion::Down if row == last => self.cursor,
            Motion::Down => self.at_wish(row + 1),
            Motion::PageUp(rows) => self.at_wish(row.saturating_sub(rows)),
            Motion::PageDown(rows) => self.at_wish((row + rows).min(last)),
            Motion::Start => 0,
            Motion::End => self.text.len_chars(),
        }
    }

    /// The place in a row nearest to the column that is kept.
    fn at_wish(&self, row: usize) -> usize {
        let Range { start, end } = row_range(&self.text, row);
        at_column(&self.text, start, end, self.wish.unwrap_or_else(|| self.column()))
    }

    /// Characters of the cluster before the cursor, looked for within its line.
    fn cluster_before(&self) -> usize {
        let from = self.cursor.saturating_sub(CLUSTER).max(self.row_start(self.cursor));
        let before = Cow::from(self.text.slice(from..self.cursor));
        match before.graphemes(true).next_back() {
            Some(cluster) => cluster.chars().count(),
            None if self.cursor > 0 => self.cursor - row_range(&self.text, self.cursor_row() - 1).end,
            None => 0,
        }
    }

    /// Characters of the cluster at the cursor.
    fn cluster_at(&self) -> usize {
        let to = (self.cursor + CLUSTER).min(self.text.len_chars());
        let after = Cow::from(self.text.slice(self.cursor..to));
        after.graphemes(true).next().map_or(0, |cluster| cluster.chars().count())
    }

    fn word_left(&self) -> usize {
        let before = self.text.slice(..self.cursor);
        let (mut chunks, ..) = before.chunks_at_byte(before.len_bytes());
        let back =
            word(std::iter::from_fn(|| chunks.prev()), |text, word| text.trim_end_matches(|at| is_word(at) == word));
        before.byte_to_char(before.len_bytes() - back)
    }

    fn word_right(&self) -> usize {
        let behind = self.text.slice(self.cursor..);
        let on = word(behind.chunks(), |text, word| text.trim_start_matches(|at| is_word(at) == word));
        self.cursor + behind.byte_to_char(on)
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// How many bytes there are to the end of the next word; `trim` takes off what is of words, or what is not.
fn word<'t>(chunks: impl Iterator<Item = &'t str>, trim: impl Fn(&str, bool) -> &str) -> usize {
    let (mut passed, mut in_word) = (0, false);
    for chunk in chunks {
        let behind = if in_word { chunk } else { trim(chunk, false) };
        in_word = !behind.is_empty();
        let rest = trim(behind, true);
        passed += chunk.len() - rest.len();
        if !rest.is_empty() {
            break;
        }
    }
    passed
}
