//! Where a line stands in its document, in the words of jq: `.data[3].id`.

use std::ops::Range;

use super::{
    index::Index,
    json::{Form, Lines},
    reader::Reader,
    sanitize::shown,
};

/// Levels that are told; those above are an ellipsis.
const LEVELS: usize = 32;
/// Bytes before a container that are read to find its key, and bytes of a key that are told.
const KEY: u64 = 256;

/// One step down.
enum Step {
    Key(Range<u64>),
    Child(u64),
    /// A value of a container that is too deep to be counted in.
    Unknown,
}

/// A container that is open: the step to it, and how many of its values came before.
struct Level {
    step: Step,
    children: u64,
}

/// The path of a pretty line.
pub(super) fn of(reader: &mut Reader<'_>, index: &Index, line: u64) -> Option<String> {
    let checkpoint = index.outline.before_line(line);
    let mut lines = Lines::from(reader, index, &checkpoint);
    // Containers that were open at the checkpoint are told by their records, those since by this stack.
    let mut outer = (checkpoint.container, checkpoint.child);
    let mut unknown = checkpoint.container.is_none() && checkpoint.depth > 0;
    let mut depth = checkpoint.depth;
    let mut inner: Vec<Level> = Vec::new();
    let last = loop {
        let row = lines.next()?;
        let here = row.line == line;
        let children = inner.last().map_or(outer.1, |level| level.children);
        let step = match &row.key {
            Some(key) => Step::Key(key.clone()),
            None if inner.is_empty() && unknown => Step::Unknown,
            None => Step::Child(children),
        };
        match row.form {
            Form::Open => {
                if here {
                    break Some(step);
                }
                inner.push(Level { step, children: 0 });
                continue;
            }
            Form::Close if here => break None,
            Form::Close => {
                if inner.pop().is_none() {
                    depth = depth.saturating_sub(1);
                    outer = match outer.0.and_then(|id| index.outline.record(id)) {
                        Some(record) => (record.parent, record.child),
                        None => (None, 0),
                    };
                    unknown = outer.0.is_none() && depth > 0;
                }
            }
            Form::Whole if here => break Some(step),
            Form::Whole => {}
        }
        if row.comma {
            match inner.last_mut() {
                Some(level) => level.children += 1,
                None => outer.1 += 1,
            }
        }
    };
    let at_root = inner.is_empty() && depth == 0;
    let mut steps: Vec<String> = Vec::new();
    let own = last.filter(|_| !at_root);
    let nested = inner.iter().enumerate().rev().filter(|(at, _)| *at > 0 || depth > 0);
    for step in own.iter().chain(nested.map(|(_, level)| &level.step)).take(LEVELS) {
        steps.push(step_text(lines.reader, step));
    }
    let mut container = outer.0;
    while let Some(record) = container.and_then(|id| index.outline.record(id)).filter(|_| steps.len() < LEVELS) {
        if record.parent.is_some() {
            let key = key_before(lines.reader, record.open);
            steps.push(key.unwrap_or_else(|| format!("[{}]", record.child)));
        }
        container = record.parent;
    }
    let start = if unknown || container.is_some() || steps.len() == LEVELS { "…" } else { "" };
    let path: String = steps.into_iter().rev().collect();
    Some(if path.starts_with('.') || !start.is_empty() { format!("{start}{path}") } else { format!(".{path}") })
}

fn step_text(reader: &mut Reader<'_>, step: &Step) -> String {
    match step {
        Step::Child(child) => format!("[{child}]"),
        Step::Unknown => "[…]".to_owned(),
        Step::Key(key) => {
            let count = usize::try_from((key.end - key.start).min(KEY)).unwrap_or_default();
            key_text(reader.bytes(key.start, count))
        }
    }
}

/// The key of the container that opens at `open`, if it has one.
fn key_before(reader: &mut Reader<'_>, open: u64) -> Option<String> {
    let from = open.saturating_sub(KEY);
    let bytes = reader.bytes(from, usize::try_from(open - from).ok()?).trim_ascii_end();
    let bytes = bytes.strip_suffix(b":")?.trim_ascii_end();
    let inside = bytes.strip_suffix(b"\"")?;
    // An even run of backslashes before a quote means that it is not escaped.
    let start = inside.iter().enumerate().rev().find(|(at, byte)| {
        **byte == b'"'
            && inside
                .get(..*at)
                .is_some_and(|before| before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0)
    });
    Some(match start {
        Some((start, _)) => key_text(bytes.get(start..).unwrap_or_default()),
        None => "[\"…\"]".to_owned(),
    })
}

/// A key as sent, with its quotes, as a step: bare where it is a plain word.
fn key_text(quoted: &[u8]) -> String {
    let text = String::from_utf8_lossy(quoted);
    let text = shown(&text);
    let word = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
    let is_word = word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && word.starts_with(|letter: char| !letter.is_ascii_digit());
    if is_word { format!(".{word}") } else { format!("[{text}]") }
}
