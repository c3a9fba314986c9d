//! Where a pretty line stands: in which containers, as which value, behind how many lines of each level.

use std::ops::Range;

use super::{
    index::Index,
    json::{Form, Lines, Row},
    outline::{Id, Levels},
    reader::Reader,
    sanitize::shown,
};

/// Steps of a path that are told; those above are an ellipsis.
const STEPS: usize = 32;
/// Bytes before a container that are read to find its key, and bytes of a key that are told.
const KEY: usize = 256;

/// A pretty line in its containers.
pub(super) struct Place {
    pub(super) row: Row,
    /// Which value of its container it is, unless that is too deep to be counted in; nothing to a close.
    child: Option<u64>,
    /// The containers around it that no record tells, the outermost first. The last one of a close is its own.
    inner: Vec<Level>,
    /// The innermost container around those that has a record, and whether there are others between.
    outer: Option<Id>,
    gap: bool,
    /// The lines before it, by level.
    pub(super) levels: Levels,
}

/// A container that is open.
struct Level {
    row: Row,
    child: Option<u64>,
    /// How many of its values ended before.
    ended: u64,
}

impl Place {
    /// Walks to a line from the checkpoint before it.
    pub(super) fn of(reader: &mut Reader<'_>, index: &Index, line: u64) -> Option<Self> {
        let outline = &index.outline;
        let checkpoint = outline.before_line(line);
        let mut lines = Lines::from(reader, index, &checkpoint);
        let mut depth = u64::from(checkpoint.depth);
        let mut levels = checkpoint.levels;
        let mut inner: Vec<Level> = Vec::new();
        let mut outer = checkpoint.container;
        let mut gap = !checkpoint.is_innermost && depth > 0;
        let mut ended = u64::from(checkpoint.child);
        loop {
            let row = lines.next()?;
            let child = match inner.last() {
                Some(level) => Some(level.ended),
                None => (!gap).then_some(ended),
            };
            if row.line == line {
                return Some(Self { row, child, inner, outer, gap, levels });
            }
            levels.add(row.level());
            if row.form == Form::Open {
                inner.push(Level { row, child, ended: 0 });
                continue;
            }
            if row.form == Form::Close && inner.pop().is_none() {
                depth = depth.saturating_sub(1);
                let record = outer.and_then(|id| outline.record(id));
                let recorded = record.map_or(0, |record| u64::from(record.depth) + 1);
                gap = depth > recorded;
                if let Some(record) = record.filter(|_| depth < recorded) {
                    (outer, ended) = (record.parent, u64::from(record.child));
                }
            }
            if row.comma {
                match inner.last_mut() {
                    Some(level) => level.ended += 1,
                    None if !gap => ended += 1,
                    None => {}
                }
            }
        }
    }

    /// Which value of its container it is.
    pub(super) fn child(&self) -> Option<u64> {
        self.child.filter(|_| self.row.form != Form::Close)
    }

    /// The containers around it, the innermost first: their lines and depths. Without those that cannot be folded
    /// because they are too deep.
    pub(super) fn containers<'a>(&'a self, index: &'a Index) -> impl Iterator<Item = (u64, u64)> + 'a {
        let mut outer = self.outer;
        let records = std::iter::from_fn(move || {
            let record = index.outline.record(outer?)?;
            outer = record.parent;
            Some((record.line, u64::from(record.depth)))
        });
        self.inner.iter().rev().map(|level| (level.row.line, level.row.indent)).chain(records)
    }

    /// Its path in the words of jq: `.data[3].id`; of a close that of its container.
    pub(super) fn path(&self, reader: &mut Reader<'_>, index: &Index) -> String {
        let own = (self.row.form != Form::Close).then_some((&self.row, self.child));
        let inner = self.inner.iter().rev().map(|level| (&level.row, level.child));
        let mut steps: Vec<String> = Vec::new();
        for (row, child) in own.into_iter().chain(inner).filter(|(row, _)| row.indent > 0).take(STEPS) {
            steps.push(match (&row.key, child) {
                (Some(key), _) => key_text(reader.bytes(key.start, length(key).min(KEY))),
                (None, Some(child)) => format!("[{child}]"),
                (None, None) => "[…]".to_owned(),
            });
        }
        let mut outer = self.outer.filter(|_| !self.gap);
        while steps.len() < STEPS
            && let Some(record) = outer.and_then(|id| index.outline.record(id))
            && record.depth > 0
        {
            let key = key_before(reader, record.open);
            steps.push(key.unwrap_or_else(|| format!("[{}]", record.child)));
            outer = record.parent;
        }
        let start = if (steps.len() as u64) < self.row.indent { "…" } else { "" };
        let path: String = steps.into_iter().rev().collect();
        let dot = if start.is_empty() && !path.starts_with('.') { "." } else { "" };
        format!("{start}{dot}{path}")
    }
}

fn length(range: &Range<u64>) -> usize {
    usize::try_from(range.end - range.start).unwrap_or(usize::MAX)
}

/// The key of the container that opens at `open`, if it has one.
fn key_before(reader: &mut Reader<'_>, open: u64) -> Option<String> {
    let from = open.saturating_sub(KEY as u64);
    let bytes = reader.bytes(from, length(&(from..open))).trim_ascii_end();
    let bytes = bytes.strip_suffix(b":")?.trim_ascii_end();
    let inside = bytes.strip_suffix(b"\"")?;
    // An even run of backslashes before a quote means that it is not escaped.
    let is_real = |at: usize| {
        let before = inside.get(..at).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0
    };
    let start = (0..inside.len()).rev().find(|at| inside.get(*at) == Some(&b'"') && is_real(*at));
    Some(start.and_then(|start| bytes.get(start..)).map_or_else(|| "[\"…\"]".to_owned(), key_text))
}

/// A key as sent, with its quotes, as a step: bare where it is a plain word.
fn key_text(quoted: &[u8]) -> String {
    let text = String::from_utf8_lossy(quoted);
    let text = shown(&text);
    let Some(inside) = text.strip_prefix('"') else { return "[\"…\"]".to_owned() };
    let Some(word) = inside.strip_suffix('"').filter(|_| inside.len() < KEY) else {
        return format!("[\"{inside}…\"]");
    };
    let is_word = word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && word.starts_with(|letter: char| !letter.is_ascii_digit());
    if is_word { format!(".{word}") } else { format!("[{text}]") }
}
