//! Draws stretches of a body with a pen, piece by piece and no further than can be seen.

use std::ops::Range;

use super::{
    SpanKind,
    json::{Form, Row},
    pen::Pen,
    reader::Reader,
};
use crate::domain::redact::dots;

/// Levels of indentation that are drawn; a deeper one is told as a number.
const INDENTS: u64 = 40;
/// Bytes of a line that are drawn in one go.
const PIECE: usize = 512;

/// Draws a pretty line.
pub(super) fn row(reader: &mut Reader<'_>, row: &Row, pen: &mut Pen) {
    start(reader, row, pen);
    match reader.byte(row.value.start).filter(|_| !row.value.is_empty()) {
        None => {}
        Some(b'{') if row.form == Form::Whole => pen.text(SpanKind::Punct, "{}"),
        Some(b'[') if row.form == Form::Whole => pen.text(SpanKind::Punct, "[]"),
        Some(b'{' | b'[' | b'}' | b']') => bytes(reader, row.value.clone(), SpanKind::Punct, pen),
        Some(b'"') => bytes(reader, row.value.clone(), SpanKind::String, pen),
        Some(b'-' | b'0'..=b'9') => bytes(reader, row.value.clone(), SpanKind::Number, pen),
        Some(_) => bytes(reader, row.value.clone(), SpanKind::Literal, pen),
    }
    if row.comma {
        pen.text(SpanKind::Punct, ",");
    }
}

/// Draws what comes before the value of a line.
pub(super) fn start(reader: &mut Reader<'_>, row: &Row, pen: &mut Pen) {
    let indent = usize::try_from(row.indent.min(INDENTS) * 2).unwrap_or_default();
    pen.text(SpanKind::Text, &" ".repeat(indent));
    if row.indent > INDENTS {
        pen.text(SpanKind::Mark, &format!("{} ", row.indent));
    }
    if let Some(key) = &row.key {
        bytes(reader, key.clone(), SpanKind::Key, pen);
        pen.text(SpanKind::Punct, ": ");
    }
}

/// Draws bytes of the body as far as they can be seen.
pub(super) fn bytes(reader: &mut Reader<'_>, range: Range<u64>, kind: SpanKind, pen: &mut Pen) {
    let mut at = range.start;
    let unread = (pen.unmeasured() as u64).min(range.end.saturating_sub(at));
    if unread > 0 {
        let continued = reader.bytes(at + unread, 3).iter().take_while(|byte| (0x80..0xc0).contains(*byte)).count();
        let skipped = (unread + continued as u64).min(range.end - at);
        at += skipped;
        pen.step_over(usize::try_from(skipped).unwrap_or(usize::MAX));
        // A secret that began in what was stepped over is not shown by its end.
        if let Some((secret, pseudonym)) = reader.hidden(at..at + 1).into_iter().next() {
            pen.text(SpanKind::Mark, &dots(&pseudonym));
            at = secret.end;
        }
    }
    while at < range.end {
        if pen.is_full() {
            return pen.cut();
        }
        let secret = reader.hidden_ahead(at..range.end.min(at + PIECE as u64)).into_iter().next();
        if let Some((secret, pseudonym)) = secret.clone().filter(|(secret, _)| secret.start == at) {
            pen.text(SpanKind::Mark, &dots(&pseudonym));
            at = secret.end;
            continue;
        }
        let until = secret.map_or(range.end, |(secret, _)| secret.start.min(range.end));
        let most = usize::try_from(until - at).unwrap_or(usize::MAX);
        let piece = reader.bytes(at, most.min(PIECE));
        if piece.is_empty() {
            return pen.cut();
        }
        let piece = if piece.len() < most { whole_characters(piece) } else { piece };
        at += piece.len() as u64;
        pen.bytes(kind, piece);
    }
}

/// Leaves out the end of a piece that the next one might change: all from the last ASCII character on, on which
/// combining marks may follow, or at least a character that is cut.
fn whole_characters(piece: &[u8]) -> &[u8] {
    let ascii = piece.iter().rposition(u8::is_ascii).filter(|at| *at > 0);
    let start =
        ascii.or_else(|| piece.iter().rposition(|byte| *byte >= 0xc0).filter(|at| *at > 0 && piece.len() - at < 4));
    start.and_then(|at| piece.get(..at)).unwrap_or(piece)
}
