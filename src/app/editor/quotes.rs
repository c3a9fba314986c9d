//! Whether a place of a long row of JSON lies within a string, so that a row seen from its middle is coloured right.
//!
//! A string never spans rows, so the unescaped quotes before a place on its row tell. They are counted from the place
//! that is known already: the cost is that of the way between the two.

use memchr::memchr2_iter;
use ropey::Rope;

/// The place that is known.
#[derive(Clone, Copy, Default)]
pub(super) struct Quotes {
    at: usize,
    open: bool,
}

impl Quotes {
    /// Goes to a place of the row that begins at `start`. Must be called with the text as it is, before a change at or
    /// before the known place.
    pub(super) fn go(&mut self, text: &Rope, start: usize, at: usize) {
        let on_row = self.at >= start && text.char_to_line(self.at) == text.char_to_line(at);
        let known = if on_row && self.at.abs_diff(at) < at - start { *self } else { Self { at: start, open: false } };
        let odd = count(text, known.at.min(at), known.at.max(at)) % 2 == 1;
        *self = Self { at, open: known.open ^ odd };
    }

    /// Whether the known place lies within a string.
    pub(super) fn open(self) -> bool {
        self.open
    }

    /// The known place.
    pub(super) fn at(self) -> usize {
        self.at
    }
}

/// How many quotes without a backslash of their own there are.
fn count(text: &Rope, from: usize, to: usize) -> usize {
    let mut before = text.chars_at(from);
    let mut slashes = std::iter::from_fn(|| before.prev()).take_while(|letter| *letter == '\\').count();
    let mut quotes = 0;
    for chunk in text.slice(from..to).chunks() {
        let mut next = 0;
        for at in memchr2_iter(b'"', b'\\', chunk.as_bytes()) {
            if at > next {
                slashes = 0;
            }
            next = at + 1;
            if chunk.as_bytes()[at] == b'\\' {
                slashes += 1;
            } else {
                quotes += usize::from(slashes % 2 == 0);
                slashes = 0;
            }
        }
        if next < chunk.len() {
            slashes = 0;
        }
    }
    quotes
}
