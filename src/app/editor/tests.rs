use proptest::{prelude::*, sample::select};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::*;

fn lines(text: &str) -> Editor {
    Editor::lines(Text::new(text))
}

/// Row of the cursor, and its column in cells.
fn place(editor: &Editor) -> (usize, usize) {
    (editor.cursor_row(), editor.column())
}

fn typed(text: &str) -> Editor {
    let mut editor = lines("");
    text.chars().for_each(|letter| if letter == '\n' { editor.break_line() } else { editor.type_char(letter) });
    editor
}

#[test]
fn typing_is_taken_back_a_word_at_a_time_and_a_paste_at_once() {
    let mut editor = typed("one two");
    editor.paste(" three\nfour five");
    assert_eq!(editor.text(), "one two three\nfour five");
    let mut seen = Vec::new();
    while editor.is_changed() {
        editor.undo();
        seen.push(editor.text());
    }
    assert_eq!(seen, ["one two", "one", ""]);
    (0..3).for_each(|_| editor.redo());
    assert_eq!(editor.text(), "one two three\nfour five");
}

#[test]
fn the_cursor_keeps_its_column_over_short_lines() {
    let mut editor = lines("abcdef\nab\nabcdef");
    editor.go(Motion::LineEnd);
    editor.go(Motion::Down);
    assert_eq!(place(&editor), (1, 2));
    editor.go(Motion::Down);
    assert_eq!(place(&editor), (2, 6));
}

#[test]
fn a_cluster_is_stepped_over_and_deleted_as_one() {
    let mut editor = Editor::line("ae\u{301}");
    editor.go(Motion::Left);
    assert_eq!(place(&editor).1, 1);
    editor.go(Motion::End);
    editor.delete_to(Motion::Left);
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
    editor.undo();
    assert_eq!(editor.text(), "{{base_url}}/");
}

#[test]
fn a_word_is_one_however_long_it_is() {
    let (blanks, word) = (" ".repeat(5000), "é_".repeat(5000));
    let mut editor = Editor::line(&format!("a{blanks}{word}{blanks}b"));
    let mut reached = |motion| {
        editor.go(motion);
        editor.cursor
    };
    assert_eq!([Motion::WordLeft; 3].map(&mut reached), [20_001, 5001, 0]);
    assert_eq!([Motion::WordRight; 3].map(&mut reached), [1, 15_001, 20_002]);
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
    let text = Text::new("ab漢字c❤\u{fe0f}d\u{1b}\tx");
    let drawn = |columns| {
        let row = text.row(0, columns);
        (row.text, row.more_right)
    };
    assert_eq!(drawn(4), ("ab漢".to_owned(), true));
    assert_eq!(drawn(5), ("ab漢".to_owned(), true), "half a character is not drawn");
    assert_eq!(drawn(9), ("ab漢字c❤\u{fe0f}".to_owned(), true), "two cells by its variation");
    assert_eq!(drawn(99), ("ab漢字c❤\u{fe0f}d^[    x".to_owned(), false));
    assert_eq!(text.row(7, 9).text, "");
}

#[test]
fn the_window_follows_the_cursor_down_and_up() {
    let mut editor = lines(&"x\n".repeat(50));
    for (motion, top) in [(Motion::Start, 0), (Motion::End, 41), (Motion::Up, 41), (Motion::Start, 0)] {
        editor.go(motion);
        editor.reveal(10, 20);
        assert_eq!(editor.top(), top, "{motion:?}");
    }
}

#[test]
fn the_row_of_the_cursor_goes_sideways_on_its_own() {
    let mut editor = lines(&format!("{}\n{}", "0123456789".repeat(10), "abcdefghij".repeat(10)));
    let mut seen = |motions: &[Motion]| {
        for motion in motions {
            editor.go(*motion);
        }
        editor.reveal(2, 10);
        let row = editor.row(0, 10);
        (row.text, row.cursor, row.more_left, row.more_right, editor.row(1, 10).text)
    };
    let other = || "abcdefghij".to_owned();
    assert_eq!(seen(&[Motion::LineEnd]), ("123456789".to_owned(), Some(9), true, false, other()));
    assert_eq!(seen(&[Motion::Left; 9]), ("123456789".to_owned(), Some(0), true, false, other()), "it stays");
    assert_eq!(seen(&[Motion::Left]), ("5678901234".to_owned(), Some(5), true, true, other()), "it jumps");
    assert_eq!(seen(&[Motion::LineStart]), ("0123456789".to_owned(), Some(0), false, true, other()));
    assert_eq!(seen(&[Motion::Right; 10]), ("1234567890".to_owned(), Some(9), true, true, other()));
}

#[test]
fn what_is_selected_is_replaced_as_one_change() {
    for (change, after) in [
        ((|editor| editor.type_char('x')) as fn(&mut Editor), "axd"),
        (|editor| editor.paste("12"), "a12d"),
        (|editor| editor.delete_to(Motion::Left), "ad"),
        (|editor| editor.delete_to(Motion::LineStart), "ad"),
        (Editor::break_line, "a\nd"),
        (|editor| assert_eq!(editor.cut().as_deref(), Some("bc")), "ad"),
    ] {
        let mut editor = typed("abcd");
        editor.go(Motion::Left);
        editor.select(Motion::Left);
        editor.select(Motion::Left);
        assert_eq!(editor.selected().as_deref(), Some("bc"));
        change(&mut editor);
        assert_eq!((editor.text().as_str(), editor.selected()), (after, None));
        editor.undo();
        assert_eq!((editor.text().as_str(), editor.selected(), editor.cursor), ("abcd", None, 1));
        editor.redo();
        assert_eq!(editor.text(), after);
    }
}

#[test]
fn a_motion_that_does_not_select_drops_the_selection_and_a_change_does_too() {
    let mut editor = lines("one two");
    assert_eq!((editor.cut(), editor.is_changed()), (None, false), "nothing is selected");
    editor.select_all();
    assert_eq!(editor.selected().as_deref(), Some("one two"));
    editor.go(Motion::WordLeft);
    assert!(!editor.has_selection());
    editor.select(Motion::LineEnd);
    assert_eq!(editor.selected().as_deref(), Some("two"));
    editor.select(Motion::WordLeft);
    assert!(!editor.has_selection(), "back where it began");
    editor.type_char('x');
    assert_eq!((editor.text().as_str(), editor.selected()), ("one xtwo", None));
}

#[test]
fn what_is_selected_is_told_in_columns_and_a_line_break_is_the_one_behind() {
    let mut editor = lines("a漢b\n\nxyz");
    editor.go(Motion::Right);
    editor.select(Motion::PageDown(2));
    let selected = |row| editor.row(row, 10).selected;
    assert_eq!([selected(0), selected(1), selected(2)], [1..5, 0..1, 0..1]);
    assert_eq!(editor.row(0, 3).selected, 1..3, "as far as it is seen");
}

#[test]
fn far_into_a_line_a_column_is_kept_too() {
    let mut editor = lines(&format!("{0}\nshort\n{0}", "漢x".repeat(5000)));
    editor.go(Motion::LineEnd);
    editor.go(Motion::Left);
    let column = place(&editor).1;
    editor.go(Motion::PageDown(2));
    assert_eq!(place(&editor), (2, column));
    editor.go(Motion::Up);
    assert_eq!(place(&editor), (1, 5));
    editor.go(Motion::Up);
    assert_eq!(place(&editor), (0, column));
}

#[test]
fn a_line_ends_at_a_line_feed_alone() {
    let mut editor = Editor::line("a\u{2028}b\u{b}c");
    editor.go(Motion::LineStart);
    assert_eq!((editor.cursor, editor.row(0, 99).text.as_str()), (0, "a<U+2028>b^Kc"));
    let mut editor = lines("a\r\nb");
    editor.go(Motion::LineEnd);
    assert_eq!((editor.cursor, editor.row(0, 99).text.as_str()), (1, "a"));
    editor.delete_to(Motion::Right);
    assert_eq!(editor.text(), "ab");
}

#[test]
fn a_click_puts_the_cursor_where_it_points() {
    let mut editor = lines("a漢b\nlonger than that");
    let mut clicked = |row, column| {
        editor.point(row, column, 8);
        editor.reveal(2, 8);
        place(&editor)
    };
    assert_eq!(clicked(0, 1), (0, 1));
    assert_eq!(clicked(0, 2), (0, 1), "the second half of a character");
    assert_eq!(clicked(0, 7), (0, 4));
    assert_eq!(clicked(9, 7), (1, 7));
    assert_eq!(clicked(1, 99), (1, 8), "what is out of sight is not pointed at");
}

/// What a person does to a field.
#[derive(Clone, Debug)]
enum Step {
    Type(char),
    Paste(String),
    Break,
    Go(Motion),
    Select(Motion),
    Delete(Motion),
    Cut,
    Undo,
    Redo,
}

fn motion() -> impl Strategy<Value = Motion> {
    use Motion::*;
    select(vec![Left, Right, Up, Down, WordLeft, WordRight, LineStart, LineEnd, PageUp(2), PageDown(2), Start, End])
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let letters = vec!['a', '_', ' ', '"', '\\', '\t', '漢', 'e', '\u{301}', '{', '\u{7}'];
    let pasted = proptest::collection::vec(select([letters.clone(), vec!['\n', '\n']].concat()), 0..40);
    let step = prop_oneof![
        4 => select(letters).prop_map(Step::Type),
        2 => pasted.prop_map(|letters| Step::Paste(letters.into_iter().collect())),
        1 => Just(Step::Break),
        4 => motion().prop_map(Step::Go),
        3 => motion().prop_map(Step::Select),
        2 => motion().prop_map(Step::Delete),
        1 => Just(Step::Cut),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
    ];
    proptest::collection::vec(step, 1..60)
}

/// The same field as a plain text, which reads all of it for everything.
#[derive(Default)]
struct Plain {
    text: String,
    cursor: usize,
    anchor: Option<usize>,
    wish: Option<usize>,
    typing: bool,
    done: Vec<[(String, usize); 2]>,
    undone: Vec<[(String, usize); 2]>,
}

impl Plain {
    /// The row of the cursor and its column, in bytes.
    fn place(&self) -> (usize, usize) {
        let before = &self.text[..self.cursor];
        (before.matches('\n').count(), self.cursor - before.rfind('\n').map_or(0, |at| at + 1))
    }

    fn in_row(&self, row: usize) -> usize {
        let lines: Vec<_> = self.text.split('\n').collect();
        let (own, column) = self.place();
        let wish = self.wish.unwrap_or_else(|| cells(&lines[own][..column]));
        let start: usize = lines[..row].iter().map(|line| line.len() + 1).sum();
        let fits = |at: &usize| cells(&lines[row][..*at]) <= wish;
        let ends = lines[row].grapheme_indices(true).map(|(at, _)| at).chain([lines[row].len()]);
        start + ends.take_while(fits).last().unwrap_or(0)
    }

    fn moved(&self, motion: Motion) -> usize {
        let (before, behind) = self.text.split_at(self.cursor);
        let (row, last) = (self.place().0, self.text.matches('\n').count());
        let word = |letter: char| letter.is_alphanumeric() || letter == '_';
        match motion {
            Motion::Left => before.grapheme_indices(true).next_back().map_or(0, |(at, _)| at),
            Motion::Right => self.cursor + behind.graphemes(true).next().map_or(0, str::len),
            Motion::LineStart => self.cursor - self.place().1,
            Motion::LineEnd => self.cursor + behind.find('\n').unwrap_or(behind.len()),
            Motion::WordLeft => before.trim_end_matches(|letter| !word(letter)).trim_end_matches(word).len(),
            Motion::WordRight => {
                let rest = behind.trim_start_matches(|letter| !word(letter)).trim_start_matches(word);
                self.text.len() - rest.len()
            }
            Motion::Up if row == 0 => self.cursor,
            Motion::Down if row == last => self.cursor,
            Motion::Up => self.in_row(row - 1),
            Motion::Down => self.in_row(row + 1),
            Motion::PageUp(rows) => self.in_row(row.saturating_sub(rows)),
            Motion::PageDown(rows) => self.in_row((row + rows).min(last)),
            Motion::Start => 0,
            Motion::End => self.text.len(),
        }
    }

    fn step(&mut self, motion: Motion) {
        let vertical = matches!(motion, Motion::Up | Motion::Down | Motion::PageUp(_) | Motion::PageDown(_));
        let (_, column) = self.place();
        let here = cells(&self.text[self.cursor - column..self.cursor]);
        self.wish = vertical.then(|| self.wish.unwrap_or(here));
        (self.cursor, self.typing) = (self.moved(motion), false);
    }

    fn put(&mut self, place: Range<usize>, text: &str) {
        let before = (self.text.clone(), self.cursor);
        self.cursor = place.start + text.len();
        self.text.replace_range(place, text);
        self.done.push([before, (self.text.clone(), self.cursor)]);
        self.undone.clear();
        (self.anchor, self.wish, self.typing) = (None, None, false);
    }

    fn selection(&self) -> Range<usize> {
        let anchor = self.anchor.unwrap_or(self.cursor);
        anchor.min(self.cursor)..anchor.max(self.cursor)
    }

    fn take_back(&mut self, back: bool) {
        let from = if back { &mut self.done } else { &mut self.undone };
        let Some(change) = from.pop() else { return };
        (self.text, self.cursor) = change[usize::from(!back)].clone();
        (if back { &mut self.undone } else { &mut self.done }).push(change);
        (self.anchor, self.wish, self.typing) = (None, None, false);
    }

    fn done(&mut self, step: &Step) {
        match step {
            Step::Type(letter) => {
                let last = self.done.len().wrapping_sub(1);
                let joins = self.typing && *letter != ' ' && *letter != '\t' && self.selection().is_empty();
                self.put(self.selection(), &letter.to_string());
                if joins {
                    let [_, after] = self.done.pop().unwrap();
                    self.done[last][1] = after;
                }
                self.typing = true;
            }
            Step::Paste(text) if text.is_empty() => {}
            Step::Paste(text) => self.put(self.selection(), text),
            Step::Break => {
                let before = &self.text[..self.selection().start];
                let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
                let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
                self.put(self.selection(), &format!("\n{indent}"));
            }
            Step::Go(motion) => {
                self.anchor = None;
                self.step(*motion);
            }
            Step::Select(motion) => {
                self.anchor = self.anchor.or(Some(self.cursor));
                self.step(*motion);
            }
            Step::Delete(motion) => {
                let to = self.moved(*motion);
                let place = match self.selection() {
                    place if place.is_empty() => self.cursor.min(to)..self.cursor.max(to),
                    place => place,
                };
                if !place.is_empty() {
                    self.put(place, "");
                }
            }
            Step::Cut if self.selection().is_empty() => {}
            Step::Cut => self.put(self.selection(), ""),
            Step::Undo => self.take_back(true),
            Step::Redo => self.take_back(false),
        }
    }

    /// Whether a place on its row lies within a string.
    fn quoted(&self, place: usize) -> bool {
        let line = self.text[..place].rfind('\n').map_or(0, |at| at + 1);
        let (mut open, mut slashes) = (false, 0);
        for byte in self.text[line..place].bytes() {
            open ^= byte == b'"' && slashes % 2 == 0;
            slashes = if byte == b'\\' { slashes + 1 } else { 0 };
        }
        open
    }
}

fn done(editor: &mut Editor, step: &Step) {
    match step {
        Step::Type(letter) => editor.type_char(*letter),
        Step::Paste(text) => editor.paste(text),
        Step::Break => editor.break_line(),
        Step::Go(motion) => editor.go(*motion),
        Step::Select(motion) => editor.select(*motion),
        Step::Delete(motion) => editor.delete_to(*motion),
        Step::Cut => drop(editor.cut()),
        Step::Undo => editor.undo(),
        Step::Redo => editor.redo(),
    }
}

#[test]
fn a_mark_typed_at_the_left_edge_leaves_the_cursor_in_sight() {
    let mut editor = lines("");
    for step in [
        Step::Type('a'),
        Step::Paste("aa\t\u{301}".to_owned()),
        Step::Go(Motion::Start),
        Step::Paste("aaaa".to_owned()),
        Step::Select(Motion::End),
        Step::Paste("a\ta\t".to_owned()),
        Step::Type('漢'),
        Step::Delete(Motion::WordLeft),
        Step::Select(Motion::Left),
        Step::Type('\u{301}'),
    ] {
        done(&mut editor, &step);
        editor.reveal(3, 8);
        let row = editor.row(0, 8);
        assert!(row.cursor.is_some_and(|at| at < 8), "{row:?} after {step:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_to_it_a_field_is_as_a_plain_text_would_be(steps in steps(), columns in 1_usize..12) {
        let (mut editor, mut plain) = (lines(""), Plain::default());
        for step in &steps {
            done(&mut editor, step);
            plain.done(step);
            editor.reveal(3, columns);
            prop_assert_eq!(editor.text(), &plain.text[..], "after {:?}", step);
            let cursor = editor.text.char_to_byte(editor.cursor);
            prop_assert_eq!(cursor, plain.cursor, "after {:?}", step);
            prop_assert_eq!(editor.selected().unwrap_or_default(), &plain.text[plain.selection()]);
            let row = editor.row(plain.place().0, columns);
            prop_assert!(row.cursor.is_some_and(|at| at < columns), "{:?} after {:?}", row, step);
            let left = editor.text.char_to_byte(editor.left);
            prop_assert_eq!(row.quoted, plain.quoted(left), "after {:?}", step);
            prop_assert!(row.text.width() <= columns && row.selected.end <= columns + 1);
            prop_assert!((editor.top()..editor.top() + 3).contains(&plain.place().0));
        }
        while editor.is_changed() {
            editor.undo();
        }
        prop_assert_eq!(editor.text(), "");
    }
}
