//! The one text field: a text, a cursor, a selection, and every change taken back and made again.
//!
//! The text is a rope, so a change costs the same wherever it is made, and the text before it is kept for nothing but
//! what differs. What is drawn is a window: the rows on screen, each from its start, but for the row of the cursor, which
//! goes sideways on its own. So the cost of a key grows neither with the text nor with the length of a line. A paste is
//! one change.

mod cells;
mod motion;
mod quotes;
mod text;

#[cfg(test)]
mod tests;

use std::{borrow::Cow, ops::Range};

use ropey::Rope;

pub use motion::Motion;
pub use text::{Row, Text};

use cells::{Window, back, cells, column};
use quotes::Quotes;
use text::row_range;

/// See the module.
pub struct Editor {
    text: Rope,
    /// In characters from the start.
    cursor: usize,
    /// The other end of the selection.
    anchor: Option<usize>,
    many_lines: bool,
    /// The column that moving up and down tries to keep, in cells.
    wish: Option<usize>,
    done: Vec<Change>,
    undone: Vec<Change>,
    /// Whether the next typed character joins the last change.
    typing: bool,
    /// First row shown.
    top: usize,
    /// The first character shown of the row of the cursor.
    left: usize,
    /// Whether it lies within a string.
    quotes: Quotes,
}

impl std::fmt::Debug for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A text may be long, and is a person's own.
        f.debug_struct("Editor").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

/// A change: the text on its other side, its place, and where the cursor stood before it and after it.
struct Change {
    text: Rope,
    at: usize,
    before: usize,
    after: usize,
}

impl Editor {
    /// A field of one line; line breaks become blanks. The cursor stands at its end.
    pub fn line(text: &str) -> Self {
        let text = Rope::from_str(&text.replace(['\r', '\n'], " "));
        Self { cursor: text.len_chars(), ..Self::of(text, false) }
    }

    /// A field of many lines; the cursor stands at its start.
    pub fn lines(text: Text) -> Self {
        Self::of(text.0, true)
    }

    fn of(text: Rope, many_lines: bool) -> Self {
        Self {
            text,
            cursor: 0,
            anchor: None,
            many_lines,
            wish: None,
            done: Vec::new(),
            undone: Vec::new(),
            typing: false,
            top: 0,
            left: 0,
            quotes: Quotes::default(),
        }
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.text.to_string()
    }

    /// The text as it is now.
    pub fn now(&self) -> Text {
        Text(self.text.clone())
    }

    /// Whether it may have more than one line.
    pub fn has_many_lines(&self) -> bool {
        self.many_lines
    }

    /// Whether anything was changed that can be taken back.
    pub fn is_changed(&self) -> bool {
        !self.done.is_empty()
    }

    /// The place of what is selected, if anything is.
    fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor.filter(|anchor| *anchor != self.cursor)?;
        Some(anchor.min(self.cursor)..anchor.max(self.cursor))
    }

    /// What is selected, if anything is.
    pub fn selected(&self) -> Option<String> {
        self.selection().map(|place| self.text.slice(place).to_string())
    }

    /// Whether anything is selected.
    pub fn has_selection(&self) -> bool {
        self.selection().is_some()
    }

    /// Selects all of it.
    pub fn select_all(&mut self) {
        self.go(Motion::Start);
        self.select(Motion::End);
    }

    /// Types a character at the cursor, in place of what is selected.
    pub fn type_char(&mut self, typed: char) {
        if self.typing
            && !typed.is_whitespace()
            && !self.has_selection()
            && let Some(last) = self.done.last_mut().filter(|last| last.after == self.cursor)
        {
            self.text.insert_char(self.cursor, typed);
            self.cursor += 1;
            last.after = self.cursor;
            self.wish = None;
            self.undone.clear();
            return;
        }
        self.insert(typed.encode_utf8(&mut [0; 4]));
        self.typing = true;
    }

    /// Puts a text in the place of what is selected, as one change.
    pub fn paste(&mut self, text: &str) {
        let text = self.fitted(text);
        if !text.is_empty() {
            self.insert(&text);
        }
    }

    /// Puts another text in the place of the whole, as one change; the cursor stays in its line.
    pub fn set_text(&mut self, text: &str) {
        let text = self.fitted(text);
        if self.text != *text {
            let line = self.text.char_to_line(self.cursor);
            self.replace(0..self.text.len_chars(), &text);
            if self.many_lines {
                self.cursor = self.text.line_to_char(line.min(self.text.len_lines() - 1));
            }
        }
    }

    /// Puts a text in the place of so many letters before the cursor and behind it, as one change within the line.
    pub fn replace_around(&mut self, before: usize, behind: usize, text: &str) {
        let from = self.cursor.saturating_sub(before).max(self.row_start(self.cursor));
        let to = (self.cursor + behind).min(row_range(&self.text, self.cursor_row()).end);
        self.replace(from..to.max(from), text);
    }

    /// The line of the cursor up to it, so many letters at most.
    pub fn line_before(&self, most: usize) -> String {
        let from = self.row_start(self.cursor).max(self.cursor.saturating_sub(most));
        self.text.slice(from..self.cursor).to_string()
    }

    /// The line of the cursor from it on, so many letters at most.
    pub fn line_behind(&self, most: usize) -> String {
        let end = row_range(&self.text, self.cursor_row()).end;
        self.text.slice(self.cursor..end.clamp(self.cursor, self.cursor + most)).to_string()
    }

    /// A text with the line breaks that this field can have.
    fn fitted<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::from(text);
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n").into();
        }
        if !self.many_lines && text.contains('\n') {
            text = text.trim_end_matches('\n').replace('\n', " ").into();
        }
        text
    }

    /// Breaks the line and keeps its indentation; a field of one line has no break.
    pub fn break_line(&mut self) {
        if !self.many_lines {
            return;
        }
        let at = self.selection().map_or(self.cursor, |place| place.start);
        let before = self.text.slice(self.text.line_to_char(self.text.char_to_line(at))..at);
        let indent: String = before.chars().take_while(|letter| matches!(letter, ' ' | '\t')).collect();
        self.insert(&format!("\n{indent}"));
    }

    fn insert(&mut self, text: &str) {
        self.replace(self.selection().unwrap_or(self.cursor..self.cursor), text);
    }

    /// Deletes from the cursor to where a motion leads, or what is selected.
    pub fn delete_to(&mut self, motion: Motion) {
        let place = self.selection().unwrap_or_else(|| {
            let to = self.moved(motion);
            self.cursor.min(to)..self.cursor.max(to)
        });
        if !place.is_empty() {
            self.replace(place, "");
        }
    }

    /// Takes what is selected out.
    pub fn cut(&mut self) -> Option<String> {
        let cut = self.selected()?;
        self.insert("");
        Some(cut)
    }

    /// Takes the last change back.
    pub fn undo(&mut self) {
        if let Some(mut change) = self.done.pop() {
            self.swap(&mut change);
            self.cursor = change.before;
            self.undone.push(change);
        }
    }

    /// Makes the change again that was taken back last.
    pub fn redo(&mut self) {
        if let Some(mut change) = self.undone.pop() {
            self.swap(&mut change);
            self.cursor = change.after;
            self.done.push(change);
        }
    }

    fn swap(&mut self, change: &mut Change) {
        self.changes_at(change.at);
        std::mem::swap(&mut self.text, &mut change.text);
    }

    fn replace(&mut self, place: Range<usize>, text: &str) {
        self.changes_at(place.start);
        let behind = self.text.len_chars() - place.end;
        let (at, before, other) = (place.start, self.cursor, self.text.clone());
        self.text.remove(place);
        self.text.insert(at, text);
        self.cursor = self.text.len_chars() - behind;
        self.done.push(Change { text: other, at, before, after: self.cursor });
        self.undone.clear();
    }

    /// The text is about to be changed from there on.
    fn changes_at(&mut self, at: usize) {
        if at < self.quotes.at() {
            self.quotes.go(&self.text, self.row_start(at), at);
        }
        (self.anchor, self.wish, self.typing) = (None, None, false);
    }

    /// Moves the cursor; nothing is selected then.
    pub fn go(&mut self, motion: Motion) {
        self.anchor = None;
        self.step(motion);
    }

    /// Moves the cursor, and selects what it passes.
    pub fn select(&mut self, motion: Motion) {
        self.anchor = self.anchor.or(Some(self.cursor));
        self.step(motion);
    }

    fn step(&mut self, motion: Motion) {
        let vertical = matches!(motion, Motion::Up | Motion::Down | Motion::PageUp(_) | Motion::PageDown(_));
        self.wish = vertical.then(|| self.wish.unwrap_or_else(|| self.column()));
        self.cursor = self.moved(motion);
        self.typing = false;
    }

    /// Puts the cursor where a person points: rows below the first one shown, and a column of so many.
    pub fn point(&mut self, row: usize, column: usize, columns: usize) {
        let row = (self.top + row).min(self.text.len_lines() - 1);
        let range = row_range(&self.text, row);
        let from = if row == self.cursor_row() { self.first(columns) } else { range.start };
        self.cursor = Window::new(&self.text, from, range.end, columns).place(column);
        (self.anchor, self.wish, self.typing) = (None, None, false);
    }

    /// First row shown.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Scrolls as little as needed to show the cursor in so many rows and columns.
    pub fn reveal(&mut self, rows: usize, columns: usize) {
        let row = self.cursor_row();
        self.top = self.top.clamp((row + 1).saturating_sub(rows), row);
        self.left = self.first(columns);
        if self.many_lines {
            self.quotes.go(&self.text, self.row_start(self.cursor), self.left);
        }
    }

    /// A row as far as it can be seen in so many columns.
    pub fn row(&self, row: usize, columns: usize) -> Row {
        let range = row_range(&self.text, row);
        let here = row == self.cursor_row();
        let from = if here { self.first(columns) } else { range.start };
        let window = Window::new(&self.text, from, range.end, columns);
        let selected = self.selection().map_or(0..0, |place| {
            let broken = window.to == range.end && place.contains(&range.end);
            window.cell(place.start)..window.cell(place.end) + usize::from(broken)
        });
        Row {
            selected,
            cursor: here.then(|| window.cell(self.cursor)),
            quoted: from > range.start && from == self.quotes.at() && self.quotes.open(),
            more_left: from > range.start,
            more_right: window.to < range.end,
            text: window.text,
        }
    }

    /// The first character shown of the row of the cursor: its start, unless the cursor were out of sight then.
    fn first(&self, columns: usize) -> usize {
        let start = self.row_start(self.cursor);
        let least = back(&self.text, start, self.cursor, columns.saturating_sub(1));
        // A mark that was typed behind it may have made the left edge the middle of a cluster.
        let fits = |left| cells(&Cow::from(self.text.slice(left..self.cursor))) < columns;
        if least == start || ((least..=self.cursor).contains(&self.left) && fits(self.left)) {
            return if least == start { start } else { self.left };
        }
        if self.left < least { least } else { back(&self.text, start, self.cursor, columns / 2) }
    }

    fn cursor_row(&self) -> usize {
        self.text.char_to_line(self.cursor)
    }

    fn row_start(&self, at: usize) -> usize {
        self.text.line_to_char(self.text.char_to_line(at))
    }

    fn column(&self) -> usize {
        column(&self.text, self.row_start(self.cursor), self.cursor)
    }
}
