//! The end of a body before anything is known of its lines: read back from there, as far as a window needs.
//!
//! Pretty lines of JSON are found by reading the last bytes as if they began outside of a string, and where they end
//! inside one, as if they began within. The depth at the end of a body is 0, so those before it can be told.

use std::ops::Range;

use memchr::memrchr;

use super::{
    Document, Line, Mode, SpanKind, draw,
    index::Index,
    json::{Form, Lines},
    outline::Checkpoint,
    pen::Pen,
    reader::Reader,
};

/// Bytes that are read back.
const BACK: u64 = 64 << 10;

/// Where a pretty line begins, and how deep.
#[derive(Clone, Copy)]
struct Start {
    offset: u64,
    depth: i64,
}

pub(super) fn lines(document: &Document, rows: usize, columns: &Range<usize>) -> Vec<Line> {
    let len = document.body.len();
    let mut reader = Reader::new(&document.body, len).hiding(&document.masks);
    let from = len.saturating_sub(BACK);
    match document.mode {
        Mode::Pretty => pretty(&mut reader, from, rows, columns),
        Mode::Raw => raw(&mut reader, from, rows, columns),
        Mode::Hex => {
            let lines = document.count().lines;
            document.window(lines.saturating_sub(rows as u64), rows, columns.clone())
        }
    }
}

fn raw(reader: &mut Reader<'_>, from: u64, rows: usize, columns: &Range<usize>) -> Vec<Line> {
    let bytes = reader.bytes(from, usize::try_from(BACK).unwrap_or_default()).to_vec();
    let mut end = bytes.strip_suffix(b"\n").map_or(bytes.len(), <[u8]>::len);
    let mut found = Vec::new();
    while found.len() < rows {
        let start = memrchr(b'\n', bytes.get(..end).unwrap_or_default()).map_or(0, |at| at + 1);
        found.push(from + start as u64..from + end as u64);
        match start.checked_sub(1) {
            Some(before) => end = before,
            None => break,
        }
    }
    let mut lines = Vec::new();
    for range in found.into_iter().rev() {
        let mut pen = Pen::new(columns.clone());
        draw::bytes(reader, range.clone(), SpanKind::Text, &mut pen);
        lines.push(pen.line(0, None, range));
    }
    lines
}

fn pretty(reader: &mut Reader<'_>, from: u64, rows: usize, columns: &Range<usize>) -> Vec<Line> {
    let bytes = reader.bytes(from, usize::try_from(BACK).unwrap_or_default()).to_vec();
    let outside = walked(&bytes, from, false);
    let (starts, depth, _) = if outside.2 { walked(&bytes, from, true) } else { outside };
    let Some(first) = starts.get(starts.len().saturating_sub(rows)) else { return Vec::new() };
    let depth = u32::try_from(first.depth - depth).unwrap_or_default();
    let checkpoint = Checkpoint { offset: first.offset, depth, ..Checkpoint::default() };
    let unknown = Index::default();
    let mut rest = Lines::from(reader, &unknown, &checkpoint);
    let mut lines = Vec::new();
    while lines.len() < rows
        && let Some(row) = rest.next()
    {
        let mut pen = Pen::new(columns.clone());
        draw::row(rest.reader, &row, &mut pen);
        let fold = (row.form == Form::Open).then_some(super::Fold::Open);
        lines.push(pen.line(0, fold, row.start()..row.value.end));
    }
    lines
}

/// The pretty lines that begin behind the first comma or bracket, the depth at the end beside that at the start, and
/// whether the end is inside a string.
fn walked(bytes: &[u8], from: u64, inside: bool) -> (Vec<Start>, i64, bool) {
    let (mut starts, mut depth, mut inside, mut escaped) = (Vec::new(), 0_i64, inside, false);
    // A line is due with the next token; none is, until something ended a line.
    let (mut due, mut fresh) = (from == 0, false);
    for (byte, offset) in bytes.iter().zip(from..) {
        if inside {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => inside = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b',' => (due, fresh) = (true, false),
            b'}' | b']' => {
                if !fresh {
                    starts.push(Start { offset, depth });
                }
                depth -= 1;
                (due, fresh) = (false, false);
            }
            _ => {
                if due {
                    starts.push(Start { offset, depth });
                }
                let opens = matches!(byte, b'{' | b'[');
                depth += i64::from(opens);
                (due, fresh) = (opens, opens);
                inside = *byte == b'"';
            }
        }
    }
    (starts, depth, inside)
}
