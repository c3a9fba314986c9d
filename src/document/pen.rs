//! Draws one line of spans into a range of columns: what lies left or right of it is only counted.

use std::ops::Range;

use super::{
    Fold, Line, Span, SpanKind,
    sanitize::{Piece, byte_pieces, pieces},
};

/// Columns of a line that are found by measuring it; beyond them a byte counts as a column, so that no line is read
/// from its start to its end to show its middle.
const MEASURED: usize = 64 << 10;

#[derive(Clone)]
pub(super) struct Pen {
    columns: Range<usize>,
    at: usize,
    spans: Vec<Span>,
    more_left: bool,
    more_right: bool,
    /// A character that begins before the last column is drawn whole.
    whole: bool,
}

impl Pen {
    pub(super) fn new(columns: Range<usize>) -> Self {
        Self { columns, at: 0, spans: Vec::new(), more_left: false, more_right: false, whole: false }
    }

    /// The same, which draws a character whole that begins before the last column, and none that began before the first.
    pub(super) fn with_whole_characters(self) -> Self {
        Self { whole: true, ..self }
    }

    /// Whether nothing more can be seen of this line.
    pub(super) fn is_full(&self) -> bool {
        self.at >= self.columns.end
    }

    /// Writes text of our own or of a server.
    pub(super) fn text(&mut self, kind: SpanKind, text: &str) {
        pieces(text, |piece| self.piece(kind, &piece));
    }

    /// Writes bytes of a server.
    pub(super) fn bytes(&mut self, kind: SpanKind, bytes: &[u8]) {
        byte_pieces(bytes, |piece| self.piece(kind, &piece));
    }

    /// What was drawn, as a line.
    pub(super) fn line(self, number: u64, fold: Option<Fold>, range: Range<u64>) -> Line {
        let Self { spans, more_left, more_right, .. } = self;
        Line { spans, number: number + 1, fold, more_left, more_right, range }
    }

    /// Says that there is more than was written.
    pub(super) fn cut(&mut self) {
        self.more_right = true;
    }

    /// How many bytes may be stepped over, unread, before the first that can be seen.
    pub(super) fn unmeasured(&self) -> usize {
        let hidden = self.columns.start.saturating_sub(self.at);
        if hidden > MEASURED { hidden } else { 0 }
    }

    /// Steps over bytes that were not read.
    pub(super) fn step_over(&mut self, bytes: usize) {
        self.at += bytes;
        self.more_left |= bytes > 0;
    }

    fn piece(&mut self, kind: SpanKind, piece: &Piece<'_>) {
        let kind = if piece.mark { SpanKind::Mark } else { kind };
        let (from, to) = (self.at, self.at + piece.width);
        self.at = to;
        let Range { start, end } = self.columns;
        self.more_left |= from < start;
        let drawn_whole = self.whole && from < end && to > end && !piece.text.is_ascii();
        self.more_right |= to > end && !drawn_whole;
        if from >= start && (to <= end || drawn_whole) {
            self.push(kind, &piece.text);
        } else if to > start && from < end {
            let seen = to.min(end) - from.max(start);
            match piece.text.get(start.saturating_sub(from)..).and_then(|text| text.get(..seen)) {
                Some(text) if piece.text.is_ascii() => self.push(kind, text),
                _ => self.push(SpanKind::Text, &" ".repeat(seen)),
            }
        }
    }

    fn push(&mut self, kind: SpanKind, text: &str) {
        match self.spans.last_mut().filter(|last| last.kind == kind) {
            Some(last) => last.text.push_str(text),
            None => self.spans.push(Span { kind, text: text.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str, columns: Range<usize>) -> (String, bool, bool) {
        let mut pen = Pen::new(columns);
        pen.text(SpanKind::Text, text);
        (pen.spans.iter().map(|span| span.text.as_str()).collect(), pen.more_left, pen.more_right)
    }

    #[test]
    fn a_range_of_columns_is_what_is_seen() {
        assert_eq!(seen("abcdef", 0..6), ("abcdef".to_owned(), false, false));
        assert_eq!(seen("abcdef", 2..4), ("cd".to_owned(), true, true));
        assert_eq!(seen("abcdef", 6..9), (String::new(), true, false));
    }

    #[test]
    fn half_of_a_wide_character_is_a_blank() {
        assert_eq!(seen("日本語", 1..5), (" 本 ".to_owned(), true, true));
        assert_eq!(seen("日本語", 1..6), (" 本語".to_owned(), true, false));
    }

    #[test]
    fn a_mark_is_a_span_of_its_own() {
        let mut pen = Pen::new(0..80);
        pen.text(SpanKind::String, "a\u{1b}b");
        let kinds: Vec<_> = pen.spans.iter().map(|span| (span.kind, span.text.as_str())).collect();
        assert_eq!(kinds, [(SpanKind::String, "a"), (SpanKind::Mark, "^["), (SpanKind::String, "b")]);
    }
}
