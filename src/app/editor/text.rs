//! A text as rows that can be drawn.

use std::{fmt, ops::Range};

use ropey::Rope;

use super::cells::Window;

/// A text as it was at one moment; cheap to clone, and never printed.
#[derive(Clone, Default)]
pub struct Text(pub(super) Rope);

/// A row as far as it can be seen.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// As it is drawn.
    pub text: String,
    /// The columns of it that are selected; a selected line break is the one behind the text.
    pub selected: Range<usize>,
    /// The column of the cursor, if it stands here.
    pub cursor: Option<usize>,
    /// Whether it begins within a string of JSON.
    pub quoted: bool,
    /// There is more to the left.
    pub more_left: bool,
    /// There is more to the right.
    pub more_right: bool,
}

impl Text {
    /// A text.
    pub fn new(text: &str) -> Self {
        Self(Rope::from_str(text))
    }

    /// All of it in one piece.
    pub fn whole(&self) -> String {
        self.0.to_string()
    }

    /// Bytes of it.
    pub fn bytes(&self) -> usize {
        self.0.len_bytes()
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.0.len_lines()
    }

    /// Whether nothing was changed from one to the other.
    pub fn is(&self, other: &Self) -> bool {
        self.0.is_instance(&other.0)
    }

    /// A row as far as it fits so many columns; nothing for a row that is not there.
    pub fn row(&self, row: usize, columns: usize) -> Row {
        let range = row_range(&self.0, row);
        let window = Window::new(&self.0, range.start, range.end, columns);
        let more_right = window.to < range.end;
        Row { text: window.text, selected: 0..0, cursor: None, quoted: false, more_left: false, more_right }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.is(other) || self.0 == other.0
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").field("bytes", &self.bytes()).finish_non_exhaustive()
    }
}

/// A row without its line break; nothing where there is none.
pub(super) fn row_range(text: &Rope, row: usize) -> Range<usize> {
    if row >= text.len_lines() {
        return 0..0;
    }
    let (start, mut end) = (text.line_to_char(row), text.line_to_char(row + 1));
    if end > start && text.char(end - 1) == '\n' {
        end -= 1;
        end -= usize::from(end > start && text.char(end - 1) == '\r');
    }
    start..end
}
