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

/// How a line of text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// Not at all.
    Plain,
    /// A line of XML or HTML that begins outside of a tag.
    Markup,
    /// A name up to this, and what it names.
    Name(&'static [u8]),
}

/// Bytes of a line that are looked at to colour it.
const PAINTED: usize = 4 << 10;

/// Draws a line of text as far as it can be seen.
pub(super) fn text(reader: &mut Reader<'_>, range: Range<u64>, paint: Paint, pen: &mut Pen) {
    let mut at = range.start;
    if paint != Paint::Plain {
        let most = usize::try_from(range.end - range.start).unwrap_or(PAINTED).min(PAINTED);
        let head = reader.bytes(range.start, most).to_vec();
        for (length, kind) in painted(&head, paint) {
            let (from, to) = (at, at + length as u64);
            at = to;
            // A secret that began in the stretch before was drawn whole there.
            let ended = reader.hidden(from..from + 1).into_iter().find(|(secret, _)| secret.start < from);
            let from = ended.map_or(from, |(secret, _)| secret.end);
            if from < to {
                bytes(reader, from..to, kind, pen);
            }
            at = at.max(from);
        }
    }
    if at < range.end || paint == Paint::Plain {
        bytes(reader, at..range.end, SpanKind::Text, pen);
    }
}

/// The stretches of the start of a line: how many bytes, and what they are.
fn painted(head: &[u8], paint: Paint) -> Vec<(usize, SpanKind)> {
    match paint {
        Paint::Plain => Vec::new(),
        Paint::Name(sign) => match memchr::memmem::find(head, sign) {
            Some(end) => vec![(end, SpanKind::Key), (sign.len(), SpanKind::Punct)],
            None => Vec::new(),
        },
        Paint::Markup => {
            let mut found = Vec::new();
            let (mut kind, mut start, mut quote) = (SpanKind::Text, 0, 0);
            for (at, byte) in head.iter().enumerate() {
                let (next, from) = match (kind, byte) {
                    (SpanKind::Text, b'<') => (SpanKind::Key, at),
                    (SpanKind::Key, b'>') => (SpanKind::Text, at + 1),
                    (SpanKind::Key, b'"' | b'\'') => {
                        quote = *byte;
                        (SpanKind::String, at)
                    }
                    (SpanKind::String, byte) if *byte == quote => (SpanKind::Key, at + 1),
                    _ => continue,
                };
                if from > start {
                    found.push((from - start, kind));
                }
                (kind, start) = (next, from);
            }
            if head.len() > start {
                found.push((head.len() - start, kind));
            }
            found
        }
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
