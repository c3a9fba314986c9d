//! The one text field: a text, a cursor, and every change taken back and made again.
//!
//! Lines are drawn from a window of rows and columns, so that the cost of a key does not grow with the text. A paste is
//! one change.

use ropey::Rope;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

/// See the module.
pub struct Editor {
    text: Rope,
    /// In characters from the start.
    cursor: usize,
    many_lines: bool,
    /// The column that moving up and down tries to keep, in cells.
    wish: Option<usize>,
    done: Vec<Change>,
    undone: Vec<Change>,
    /// Whether the next typed character joins the last change.
    typing: bool,
    /// First row and column shown.
    top: usize,
    left: usize,
}

impl std::fmt::Debug for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A text may be long, and is a person's own.
        f.debug_struct("Editor").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

/// A change: at a place, a text gone and a text in its place.
struct Change {
    at: usize,
    removed: String,
    inserted: String,
}

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
    /// A field of one line; line breaks become blanks. The cursor stands at its end.
    pub fn line(text: &str) -> Self {
        Self::of(&text.replace(['\r', '\n'], " "), false)
    }

    /// A field of many lines; the cursor stands at its start.
    pub fn lines(text: &str) -> Self {
        let mut editor = Self::of(text, true);
        editor.cursor = 0;
        editor
    }

    fn of(text: &str, many_lines: bool) -> Self {
        let text = Rope::from_str(text);
        let cursor = text.len_chars();
        Self {
            text,
            cursor,
            many_lines,
            wish: None,
            done: Vec::new(),
            undone: Vec::new(),
            typing: false,
            top: 0,
            left: 0,
        }
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.text.to_string()
    }

    /// Bytes of the text.
    pub fn bytes(&self) -> usize {
        self.text.len_bytes()
    }

    /// Whether it may have more than one line.
    pub fn has_many_lines(&self) -> bool {
        self.many_lines
    }

    /// Whether anything was changed that can be taken back.
    pub fn is_changed(&self) -> bool {
        !self.done.is_empty()
    }

    /// Types a character at the cursor.
    pub fn type_char(&mut self, typed: char) {
        let text = typed.encode_utf8(&mut [0; 4]).to_owned();
        let joins = self.typing && !typed.is_whitespace();
        if let Some(last) = self.done.last_mut().filter(|_| joins)
            && last.at + last.inserted.chars().count() == self.cursor
        {
            last.inserted.push(typed);
            self.text.insert_char(self.cursor, typed);
            self.cursor += 1;
            self.wish = None;
            self.undone.clear();
            return;
        }
        self.replace(self.cursor, self.cursor, text);
        self.typing = true;
    }

    /// Puts a text in at the cursor, as one change.
    pub fn paste(&mut self, text: &str) {
        let text = self.fitted(text);
        if !text.is_empty() {
            self.replace(self.cursor, self.cursor, text);
        }
    }

    /// Puts another text in the place of the whole, as one change; the cursor stays in its line.
    pub fn set_text(&mut self, text: &str) {
        let text = self.fitted(text);
        if self.text != text {
            let line = self.text.char_to_line(self.cursor);
            self.replace(0, self.text.len_chars(), text);
            if self.many_lines {
                self.cursor = self.text.line_to_char(line.min(self.text.len_lines() - 1));
            }
        }
    }

    /// A text with the line breaks that this field can have.
    fn fitted(&self, text: &str) -> String {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if self.many_lines { text } else { text.trim_end_matches('\n').replace('\n', " ") }
    }

    /// Breaks the line and keeps its indentation; a field of one line has no break.
    pub fn break_line(&mut self) {
        if !self.many_lines {
            return;
        }
        let start = self.line_start();
        let indent: String =
            self.text.slice(start..self.cursor).chars().take_while(|letter| matches!(letter, ' ' | '\t')).collect();
        self.replace(self.cursor, self.cursor, format!("\n{indent}"));
    }

    /// Deletes what stands before the cursor.
    pub fn delete_back(&mut self) {
        let from = self.moved(Motion::Left);
        self.delete(from, self.cursor);
    }

    /// Deletes what stands at the cursor.
    pub fn delete_forward(&mut self) {
        let to = self.moved(Motion::Right);
        self.delete(self.cursor, to);
    }

    /// Deletes from the cursor to where a motion leads.
    pub fn delete_to(&mut self, motion: Motion) {
        let to = self.moved(motion);
        self.delete(self.cursor.min(to), self.cursor.max(to));
    }

    fn delete(&mut self, from: usize, to: usize) {
        if from < to {
            self.replace(from, to, String::new());
        }
    }

    /// Takes the last change back.
    pub fn undo(&mut self) -> bool {
        self.typing = false;
        let Some(change) = self.done.pop() else { return false };
        self.cursor = self.swapped(change.at, &change.inserted, &change.removed);
        self.undone.push(change);
        true
    }

    /// Makes the change again that was taken back last.
    pub fn redo(&mut self) -> bool {
        self.typing = false;
        let Some(change) = self.undone.pop() else { return false };
        self.cursor = self.swapped(change.at, &change.removed, &change.inserted);
        self.done.push(change);
        true
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion) {
        let vertical = matches!(motion, Motion::Up | Motion::Down | Motion::PageUp(_) | Motion::PageDown(_));
        if vertical {
            self.wish = Some(self.wish.unwrap_or_else(|| self.cursor_cell().1));
        }
        self.cursor = self.moved(motion);
        if !vertical {
            self.wish = None;
        }
        self.typing = false;
    }

    /// Row of the cursor, and its column in cells.
    pub fn cursor_cell(&self) -> (usize, usize) {
        let row = self.text.char_to_line(self.cursor);
        let before = self.text.slice(self.text.line_to_char(row)..self.cursor);
        (row, before.chars().map(cells).sum())
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.text.len_lines()
    }

    /// Scrolls as little as needed to show the cursor in so many rows and columns, and gives the first of each.
    pub fn revealed(&mut self, rows: usize, columns: usize) -> (usize, usize) {
        let (row, column) = self.cursor_cell();
        self.top = self.top.clamp(row.saturating_sub(rows.saturating_sub(1)), row);
        self.left = self.left.clamp(column.saturating_sub(columns.saturating_sub(1)), column);
        (self.top, self.left)
    }

    /// First row and first column shown.
    pub fn origin(&self) -> (usize, usize) {
        (self.top, self.left)
    }

    /// A row from a column of cells on, at most so many cells of it; nothing for a row that is not there.
    pub fn row(&self, row: usize, from: usize, columns: usize) -> String {
        let Some(line) = self.text.get_line(row) else { return String::new() };
        let mut shown = String::new();
        let (mut at, end) = (0, from + columns);
        for letter in line.chars().filter(|letter| !matches!(letter, '\n' | '\r')) {
            let next = at + cells(letter);
            if next > end {
                break;
            }
            if at >= from {
                shown.push_str(&visible(letter));
            } else if next > from {
                shown.extend(std::iter::repeat_n(' ', next - from));
            }
            at = next;
        }
        shown
    }

    fn replace(&mut self, from: usize, to: usize, inserted: String) {
        let removed = self.text.slice(from..to).to_string();
        self.cursor = self.swapped(from, &removed, &inserted);
        self.done.push(Change { at: from, removed, inserted });
        self.undone.clear();
        (self.wish, self.typing) = (None, false);
    }

    /// Puts one text in the place of another, and gives the place behind it.
    fn swapped(&mut self, at: usize, old: &str, new: &str) -> usize {
        self.text.remove(at..at + old.chars().count());
        self.text.insert(at, new);
        at + new.chars().count()
    }

    fn line_start(&self) -> usize {
        self.text.line_to_char(self.text.char_to_line(self.cursor))
    }

    /// The end of a row, before its line break.
    fn row_end(&self, row: usize) -> usize {
        let mut end = self.text.line_to_char(row + 1);
        while end > self.text.line_to_char(row) && matches!(self.text.char(end - 1), '\n' | '\r') {
            end -= 1;
        }
        end
    }

    fn moved(&self, motion: Motion) -> usize {
        let row = self.text.char_to_line(self.cursor);
        match motion {
            Motion::Left => self.cursor - self.grapheme_before(),
            Motion::Right => self.cursor + self.grapheme_at(),
            Motion::LineStart => self.line_start(),
            Motion::LineEnd => self.row_end(row),
            Motion::WordLeft => self.word_left(),
            Motion::WordRight => self.word_right(),
            Motion::Up => self.at_wish(row.checked_sub(1)),
            Motion::Down => self.at_wish((row + 1 < self.rows()).then_some(row + 1)),
            Motion::PageUp(rows) => self.at_wish(Some(row.saturating_sub(rows))),
            Motion::PageDown(rows) => self.at_wish(Some((row + rows).min(self.rows().saturating_sub(1)))),
            Motion::Start => 0,
            Motion::End => self.text.len_chars(),
        }
    }

    /// The place in a row nearest to the column that is kept; the cursor where there is no such row.
    fn at_wish(&self, row: Option<usize>) -> usize {
        let Some(row) = row else { return self.cursor };
        let wish = self.wish.unwrap_or_else(|| self.cursor_cell().1);
        let (start, end) = (self.text.line_to_char(row), self.row_end(row));
        let mut column = 0;
        for (at, letter) in self.text.slice(start..end).chars().enumerate() {
            column += cells(letter);
            if column > wish {
                return start + at;
            }
        }
        end
    }

    /// Characters of the cluster before the cursor, looked for within its line.
    fn grapheme_before(&self) -> usize {
        let from = self.cursor.saturating_sub(CLUSTER).max(self.line_start());
        let before = self.text.slice(from..self.cursor).to_string();
        match before.graphemes(true).next_back() {
            Some(cluster) => cluster.chars().count(),
            None => usize::from(self.cursor > 0),
        }
    }

    /// Characters of the cluster at the cursor.
    fn grapheme_at(&self) -> usize {
        let to = (self.cursor + CLUSTER).min(self.text.len_chars());
        let after = self.text.slice(self.cursor..to).to_string();
        after.graphemes(true).next().map_or(0, |cluster| cluster.chars().count())
    }

    fn word_left(&self) -> usize {
        let mut at = self.cursor;
        let mut letters = self.text.chars_at(self.cursor);
        let mut in_word = false;
        while let Some(letter) = letters.prev() {
            if is_word(letter) {
                in_word = true;
            } else if in_word {
                break;
            }
            at -= 1;
        }
        at
    }

    fn word_right(&self) -> usize {
        let mut at = self.cursor;
        let mut in_word = false;
        for letter in self.text.chars_at(self.cursor) {
            if is_word(letter) {
                in_word = true;
            } else if in_word {
                break;
            }
            at += 1;
        }
        at
    }
}

/// The longest cluster that is kept together, in characters.
const CLUSTER: usize = 32;
/// Cells of a tab.
const TAB: usize = 4;

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Cells that a character takes in a field.
fn cells(letter: char) -> usize {
    match letter {
        '\n' | '\r' => 0,
        '\t' => TAB,
        letter if is_marked(letter) => 1,
        letter => letter.width().unwrap_or(0),
    }
}

/// A character as it may be drawn: one that the terminal would obey or hide is shown as a mark.
fn visible(letter: char) -> String {
    match letter {
        '\t' => " ".repeat(TAB),
        letter if is_marked(letter) => "\u{fffd}".to_owned(),
        letter => letter.to_string(),
    }
}

/// Whether a mark of one cell stands for a character.
fn is_marked(letter: char) -> bool {
    letter.is_control() || letter.width() == Some(0) && !is_joining(letter)
}

/// Whether a character without a width of its own belongs to the one before it.
fn is_joining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Editor {
        let mut editor = Editor::lines("");
        text.chars().for_each(|letter| if letter == '\n' { editor.break_line() } else { editor.type_char(letter) });
        editor
    }

    #[test]
    fn typing_is_taken_back_a_word_at_a_time_and_a_paste_at_once() {
        let mut editor = typed("one two");
        editor.paste(" three\nfour five");
        assert_eq!(editor.text(), "one two three\nfour five");
        let mut seen = Vec::new();
        while editor.undo() {
            seen.push(editor.text());
        }
        assert_eq!(seen, ["one two", "one", ""]);
        while editor.redo() {}
        assert_eq!(editor.text(), "one two three\nfour five");
    }

    #[test]
    fn the_cursor_keeps_its_column_over_short_lines() {
        let mut editor = Editor::lines("abcdef\nab\nabcdef");
        editor.go(Motion::LineEnd);
        editor.go(Motion::Down);
        assert_eq!(editor.cursor_cell(), (1, 2));
        editor.go(Motion::Down);
        assert_eq!(editor.cursor_cell(), (2, 6));
    }

    #[test]
    fn a_cluster_is_stepped_over_and_deleted_as_one() {
        let mut editor = Editor::line("ae\u{301}");
        editor.go(Motion::Left);
        assert_eq!(editor.cursor_cell().1, 1);
        editor.go(Motion::End);
        editor.delete_back();
        assert_eq!(editor.text(), "a");
    }

    #[test]
    fn words_are_stepped_over_and_deleted() {
        let mut editor = Editor::line("{{base_url}}/api/v1");
        editor.go(Motion::WordLeft);
        editor.delete_to(Motion::WordLeft);
        assert_eq!(editor.text(), "{{base_url}}/v1");
        editor.delete_to(Motion::LineEnd);
        editor.delete_to(Motion::LineStart);
        assert_eq!(editor.text(), "");
        assert!(editor.undo());
        assert_eq!(editor.text(), "{{base_url}}/");
    }

    #[test]
    fn a_field_of_one_line_has_no_breaks() {
        let mut editor = Editor::line("a\nb");
        editor.break_line();
        editor.paste("c\r\nd\n");
        assert_eq!(editor.text(), "a bc d");
    }

    #[test]
    fn a_line_break_keeps_the_indentation() {
        let mut editor = typed("  {");
        editor.break_line();
        editor.type_char('x');
        assert_eq!(editor.text(), "  {\n  x");
    }

    #[test]
    fn a_row_is_cut_to_its_window_of_cells() {
        let editor = Editor::lines("ab漢字cd\u{1b}\tx");
        assert_eq!(editor.row(0, 0, 4), "ab漢");
        assert_eq!(editor.row(0, 3, 4), " 字c");
        assert_eq!(editor.row(0, 7, 99), "d\u{fffd}    x");
        assert_eq!(editor.row(7, 0, 9), "");
    }

    #[test]
    fn the_window_follows_the_cursor() {
        let mut editor = Editor::lines(&"x\n".repeat(50));
        assert_eq!(editor.revealed(10, 20), (0, 0));
        editor.go(Motion::End);
        assert_eq!(editor.revealed(10, 20), (41, 0));
        editor.go(Motion::Start);
        assert_eq!(editor.revealed(10, 20), (0, 0));
    }
}
