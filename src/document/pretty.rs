//! What a document shows in its pretty mode: lines of JSON with folds as far as the grammar holds, the raw text from
//! there on.

use std::ops::Range;

use super::{
    Document, Fold, Line, Mode, SpanKind,
    fold::Folded,
    json::{self, Form, Lines, Row},
    path,
    pen::Pen,
    reader::Reader,
    text,
};

/// Bytes of a value that are told at most.
const VALUE: u64 = 64 << 10;

impl Document {
    /// Where the line stands, in the words of jq: `.data[3].id`. Pretty lines only.
    pub fn path(&self, line: u64) -> Option<String> {
        let line = self.pretty_line(line)?;
        path::of(&mut self.pretty_reader(), &self.index, line)
    }

    /// The value at a line as it was sent, at most 64 KiB of it; of a container all of it, of a raw line its text.
    pub fn value(&self, line: u64) -> Option<String> {
        let mut reader = self.reader();
        let range = match self.pretty_line(line) {
            Some(pretty) => {
                let row = self.row(pretty)?;
                match row.form {
                    Form::Open => {
                        let close = self.folded(&row).map_or(self.index.pretty_end(), |folded| folded.close + 1);
                        row.value.start..close
                    }
                    Form::Whole | Form::Close => row.value,
                }
            }
            None => self.window(line, 1, 0..1).pop()?.range,
        };
        let most = usize::try_from((range.end - range.start).min(VALUE)).unwrap_or_default();
        Some(String::from_utf8_lossy(reader.bytes(range.start, most)).into_owned())
    }

    /// Folds or unfolds the container at a visible line, of its close too. Whether there was one whose end is known.
    pub fn toggle_fold(&mut self, line: u64) -> bool {
        let Some(row) = self.pretty_line(line).and_then(|line| self.row(line)) else { return false };
        if self.folds.remove(row.line) {
            return true;
        }
        let Some(folded) = self.folded(&row) else { return false };
        self.folds.insert(row.line, folded);
        true
    }

    /// Folds every container in the outermost one.
    pub fn fold_all(&mut self) {
        self.fold_to(1);
    }

    /// Unfolds all.
    pub fn unfold_all(&mut self) {
        self.folds.clear();
    }

    /// Folds every container that so many others hold, and shows those.
    pub fn fold_to(&mut self, level: usize) {
        self.folds.clear();
        let mut reader = self.pretty_reader();
        let mut lines = Lines::from(&mut reader, &self.index, &self.index.outline.before_line(0));
        let mut open: Vec<(Row, u64)> = Vec::new();
        let mut found = Vec::new();
        while let Some(row) = lines.next() {
            match row.form {
                Form::Open => open.push((row, 0)),
                Form::Close => {
                    if let Some((at, children)) = open.pop()
                        && at.indent >= level as u64
                    {
                        let (open, close, last_line) = (at.value.start, row.value.start, row.line);
                        found.push((at.line, Folded { open, close, last_line, children }));
                    }
                    if let Some((_, children)) = open.last_mut() {
                        *children += 1;
                    }
                }
                Form::Whole => {
                    if let Some((_, children)) = open.last_mut() {
                        *children += 1;
                    }
                }
            }
        }
        for (line, folded) in found {
            self.folds.insert(line, folded);
        }
    }

    pub(super) fn pretty_count(&self) -> u64 {
        let pretty = self.index.outline.lines();
        pretty - self.folds.hidden_before(pretty) + self.rest_count()
    }

    pub(super) fn pretty_window(
        &self,
        reader: &mut Reader<'_>,
        top: u64,
        rows: usize,
        columns: &Range<usize>,
    ) -> Vec<Line> {
        let first = self.folds.line_at(top);
        let pretty = self.index.outline.lines();
        let mut window = Vec::new();
        if first < pretty {
            let mut pretty_part = Reader::new(&self.body, self.index.pretty_end());
            let mut lines = Lines::from(&mut pretty_part, &self.index, &self.index.outline.before_line(first));
            lines.seek(first);
            while window.len() < rows
                && let Some(row) = lines.next()
            {
                window.push(self.pretty_row(&mut lines, &row, Pen::new(columns.clone())));
            }
        }
        if window.len() < rows
            && let Some(held) = self.index.held
        {
            let skipped = first.saturating_sub(pretty);
            let left = rows - window.len();
            self.rest(reader, held, skipped, left, columns, &mut window);
        }
        window
    }

    fn pretty_row(&self, lines: &mut Lines<'_, '_>, row: &Row, mut pen: Pen) -> Line {
        if row.form != Form::Open {
            json::draw(lines.reader, row, &mut pen);
            return pen.line(row.line, None, row.start()..row.value.end);
        }
        let Some(folded) = self.folds.at(row.line) else {
            json::draw(lines.reader, row, &mut pen);
            return pen.line(row.line, Some(Fold::Open), row.start()..row.value.end);
        };
        json::draw_start(lines.reader, row, &mut pen);
        let brackets = if lines.reader.byte(row.value.start) == Some(b'{') { "{…}" } else { "[…]" };
        let size = folded.close + 1 - folded.open;
        let items = if folded.children == 1 { "item" } else { "items" };
        let summary = format!("{brackets}  {} {items}, {}", grouped(folded.children), in_bytes(size));
        pen.text(SpanKind::FoldSummary, &summary);
        lines.skip_to(folded.close, folded.last_line, row.indent);
        pen.line(row.line, Some(Fold::Closed), row.start()..folded.close + 1)
    }

    /// The raw text from where the grammar broke: the rest of that line, then line by line.
    fn rest(
        &self,
        reader: &mut Reader<'_>,
        held: u64,
        skipped: u64,
        rows: usize,
        columns: &Range<usize>,
        window: &mut Vec<Line>,
    ) {
        let first = text::line_of(reader, &self.index.raw, held);
        let pretty = self.index.outline.lines();
        let at = if skipped == 0 { held } else { text::start_of(reader, &self.index.raw, first + skipped) };
        let mut lines = text::Lines::at(reader, &self.index.raw, at);
        for _ in 0..rows {
            let Some((line, range)) = lines.next() else { break };
            let mut pen = Pen::new(columns.clone());
            let broken = self.index.fault.as_ref().map(|fault| fault.offset).filter(|at| range.contains(at));
            if let Some(at) = broken {
                json::draw_bytes(lines.reader, range.start..at, SpanKind::Text, &mut pen);
                json::draw_bytes(lines.reader, at..at + 1, SpanKind::Fault, &mut pen);
                json::draw_bytes(lines.reader, at + 1..range.end, SpanKind::Text, &mut pen);
            } else {
                json::draw_bytes(lines.reader, range.clone(), SpanKind::Text, &mut pen);
            }
            window.push(pen.line(pretty + line - first, None, range));
        }
    }

    /// How many lines the raw text behind the pretty part has.
    fn rest_count(&self) -> u64 {
        let Some(held) = self.index.held.filter(|held| *held < self.index.end()) else { return 0 };
        self.index.raw.count(self.index.end()) - text::line_of(&mut self.reader(), &self.index.raw, held)
    }

    pub(super) fn pretty_line_of(&self, offset: u64) -> Option<u64> {
        if offset >= self.index.end() {
            return None;
        }
        let pretty = self.index.outline.lines();
        let line = match self.index.held.filter(|held| *held <= offset) {
            Some(held) => {
                let mut reader = self.reader();
                let line = text::line_of(&mut reader, &self.index.raw, offset);
                pretty + line - text::line_of(&mut reader, &self.index.raw, held)
            }
            None => {
                let mut reader = self.pretty_reader();
                let mut lines = Lines::from(&mut reader, &self.index, &self.index.outline.before(offset));
                let mut found = lines.line;
                while let Some(row) = lines.next().filter(|row| row.start() <= offset) {
                    found = row.line;
                }
                self.folds.shown(found)
            }
        };
        Some(line - self.folds.hidden_before(line))
    }

    /// The pretty line that is a visible one, in this mode and part.
    fn pretty_line(&self, visible: u64) -> Option<u64> {
        let line = self.folds.line_at(visible);
        (self.mode == Mode::Pretty && line < self.index.outline.lines()).then_some(line)
    }

    fn row(&self, line: u64) -> Option<Row> {
        let mut reader = self.pretty_reader();
        let mut lines = Lines::from(&mut reader, &self.index, &self.index.outline.before_line(line));
        lines.seek(line);
        lines.next()
    }

    /// Where the container of an open line ends, by its record or by reading on.
    fn folded(&self, row: &Row) -> Option<Folded> {
        if row.form != Form::Open {
            return None;
        }
        let open = row.value.start;
        if let Some(record) = self.index.outline.record_at(open) {
            let close = record.close?;
            return Some(Folded { open, close, last_line: record.last_line, children: record.children });
        }
        let mut reader = self.pretty_reader();
        let mut lines = Lines::from(&mut reader, &self.index, &self.index.outline.before_line(row.line));
        lines.seek(row.line + 1);
        let mut children = 0;
        while let Some(next) = lines.next() {
            if next.form == Form::Close && next.indent == row.indent {
                return Some(Folded { open, close: next.value.start, last_line: next.line, children });
            }
            children += u64::from(next.indent == row.indent + 1 && next.form != Form::Close);
        }
        None
    }

    fn pretty_reader(&self) -> Reader<'_> {
        Reader::new(&self.body, self.index.pretty_end())
    }
}

/// A number with a blank between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let lead = digits.len() % 3;
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == lead {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A size in powers of thousand.
fn in_bytes(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}
