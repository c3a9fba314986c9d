//! What a document shows in its pretty mode: lines of JSON with folds as far as the grammar holds, the raw text from
//! there on.

use super::{
    Document, Fold, Line, Mode, SpanKind, draw,
    fold::{Container, Counted, Folds},
    json::{End, Form, Lines, Row},
    outline::LEVELS,
    pen::Pen,
    place::Place,
    quantity,
    reader::Reader,
    text,
};

/// Bytes of a value that are told at most.
const VALUE: u64 = 64 << 10;

impl Document {
    /// Where the line stands, in the words of jq: `.data[3].id`. Pretty lines only; of the last 32 levels.
    pub fn path(&self, line: u64) -> Option<String> {
        let place = self.place(line)?;
        Some(place.path(&mut self.pretty_reader(), &self.index))
    }

    /// The value at a line as it was sent, at most 64 KiB of it: of a container all of it, of a raw line its text.
    pub fn value(&self, line: u64) -> Option<String> {
        let range = match self.place(line) {
            Some(Place { row, .. }) if row.form == Form::Open => {
                row.value.start..self.end(&row).map_or(self.index.pretty_end(), |end| end.close + 1)
            }
            Some(Place { row, .. }) => row.value,
            None => self.window(line, 1, 0..1).pop()?.range,
        };
        let most = usize::try_from(range.end.saturating_sub(range.start).min(VALUE)).unwrap_or_default();
        Some(String::from_utf8_lossy(self.reader().bytes(range.start, most)).into_owned())
    }

    /// Folds or unfolds the container that begins or ends at a visible line. Whether there is one whose end is known.
    pub fn toggle_fold(&mut self, line: u64) -> bool {
        let Some(mut place) = self.place(line) else { return false };
        if place.row.form == Form::Close {
            let opening = place.containers(&self.index).next().and_then(|(line, _)| self.place_of(line));
            let Some(opening) = opening else { return false };
            place = opening;
        }
        if self.folds.untoggle(place.row.line) {
            return true;
        }
        let Some((container, before, until)) = self.container(&place) else { return false };
        self.folds.toggle(container, before, until);
        true
    }

    /// Folds every container in the outermost one.
    pub fn fold_all(&mut self) {
        self.fold_to(1);
    }

    /// Unfolds all.
    pub fn unfold_all(&mut self) {
        self.folds = Folds::default();
    }

    /// Folds every container that so many others hold; a level beyond 7 is taken as 7.
    pub fn fold_to(&mut self, level: usize) {
        self.folds = Folds::to_level(Some(level.min(LEVELS - 1) as u64));
    }

    pub(super) fn pretty_count(&self) -> u64 {
        self.visible_pretty() + self.rest_count()
    }

    pub(super) fn pretty_window(&self, reader: &mut Reader<'_>, top: u64, rows: usize, blank: &Pen) -> Vec<Line> {
        let visible = self.visible_pretty();
        let in_pretty = usize::try_from(visible.saturating_sub(top)).unwrap_or(usize::MAX).min(rows);
        let mut window = Vec::new();
        if in_pretty > 0 {
            let mut lines = self.lines_at(reader, top);
            while window.len() < in_pretty
                && let Some(row) = lines.next()
            {
                window.push(self.pretty_row(&mut lines, &row, blank.clone()));
            }
        }
        if window.len() == in_pretty {
            reader.extend(self.index.end());
            self.rest(reader, top.saturating_sub(visible), rows - in_pretty, blank, &mut window);
        }
        window
    }

    fn pretty_row(&self, lines: &mut Lines<'_, '_>, row: &Row, mut pen: Pen) -> Line {
        if row.form != Form::Open || !self.folds.is_folded(row.line, row.indent) {
            let fold = (row.form == Form::Open).then_some(Fold::Open);
            draw::row(lines.reader, row, &mut pen);
            return pen.line(row.line, fold, row.start()..row.value.end);
        }
        draw::start(lines.reader, row, &mut pen);
        let brackets = if lines.reader.byte(row.value.start) == Some(b'{') { "{…}" } else { "[…]" };
        let Some(end) = lines.skip(row) else {
            pen.text(SpanKind::FoldSummary, brackets);
            return pen.line(row.line, Some(Fold::Closed), row.start()..self.index.pretty_end());
        };
        let items = if end.children == 1 { "item" } else { "items" };
        let size = quantity::bytes(end.close + 1 - row.value.start);
        pen.text(SpanKind::FoldSummary, &format!("{brackets}  {} {items}, {size}", quantity::grouped(end.children)));
        pen.line(row.line, Some(Fold::Closed), row.start()..end.close + 1)
    }

    /// The raw text from where the grammar broke: the rest of that line, then line by line.
    fn rest(&self, reader: &mut Reader<'_>, skipped: u64, rows: usize, blank: &Pen, window: &mut Vec<Line>) {
        let Some(held) = self.index.held.filter(|_| rows > 0) else { return };
        let pretty = self.index.outline.lines();
        let mut lines = match skipped {
            0 => text::Lines::at(reader, &self.index.raw, held.at, held.line),
            _ => text::Lines::at_line(reader, &self.index.raw, held.line + skipped),
        };
        for _ in 0..rows {
            let Some((line, range)) = lines.next() else { break };
            let mut pen = blank.clone();
            let broken = self.index.fault.as_ref().map(|fault| fault.offset).filter(|at| range.contains(at));
            let until = broken.unwrap_or(range.end);
            draw::bytes(lines.reader, range.start..until, SpanKind::Text, &mut pen);
            if let Some(at) = broken {
                draw::bytes(lines.reader, at..at + 1, SpanKind::Fault, &mut pen);
                draw::bytes(lines.reader, at + 1..range.end, SpanKind::Text, &mut pen);
            }
            window.push(pen.line(pretty + line - held.line, None, range));
        }
    }

    /// How many lines the raw text behind the pretty part has.
    fn rest_count(&self) -> u64 {
        let held = self.index.held.filter(|held| held.at < self.index.end());
        held.map_or(0, |held| self.index.raw.count(self.index.end()) - held.line)
    }

    pub(super) fn pretty_line_of(&self, offset: u64) -> Option<u64> {
        if offset >= self.index.end() {
            return None;
        }
        if let Some(held) = self.index.held.filter(|held| held.at <= offset) {
            let line = text::line_of(&mut self.reader(), &self.index.raw, offset);
            return Some(self.visible_pretty() + line - held.line);
        }
        let mut reader = self.pretty_reader();
        let mut lines = Lines::from(&mut reader, &self.index, &self.index.outline.before(offset));
        let mut line = lines.line;
        while let Some(row) = lines.next().filter(|row| row.start() <= offset) {
            line = row.line;
        }
        let place = self.place_of(line)?;
        let folded = place.containers(&self.index).filter(|(line, depth)| self.folds.is_folded(*line, *depth)).last();
        match folded {
            Some((line, _)) => self.visible(&self.place_of(line)?),
            None => self.visible(&place),
        }
    }

    /// How many pretty lines are visible.
    fn visible_pretty(&self) -> u64 {
        let all = match self.folds.level() {
            Some(level) => self.index.outline.levels().shown(level),
            None => self.index.outline.lines(),
        };
        self.folds.stretches().last().map_or(all, |last| last.visible + all.saturating_sub(last.rank))
    }

    /// The visible line of one that is not hidden.
    fn visible(&self, place: &Place) -> Option<u64> {
        let line = place.row.line;
        let stretches = self.folds.stretches();
        let stretch = stretches.iter().rev().find(|stretch| stretch.line <= line)?;
        let rank = match stretch.counted {
            Counted::Values(container) if line == container.last_line => container.children,
            Counted::Values(_) => place.child()?,
            Counted::Shown => self.shown_before(place),
        };
        Some(stretch.visible + rank.saturating_sub(stretch.rank))
    }

    /// How many lines before a place are shown at the level.
    fn shown_before(&self, place: &Place) -> u64 {
        self.folds.level().map_or(place.row.line, |level| place.levels.shown(level))
    }

    /// Pretty lines from a visible one on.
    fn lines_at<'a, 'b>(&'a self, reader: &'a mut Reader<'b>, visible: u64) -> Lines<'a, 'b> {
        let outline = &self.index.outline;
        let stretches = self.folds.stretches();
        let stretch = stretches.iter().rev().find(|stretch| stretch.visible <= visible);
        let (counted, rank) = stretch.map_or((Counted::Shown, 0), |at| (at.counted, at.rank + (visible - at.visible)));
        match (counted, self.folds.level()) {
            (Counted::Shown, None) => {
                let mut lines = Lines::from(reader, &self.index, &outline.before_line(rank));
                lines.seek(rank);
                lines
            }
            (Counted::Shown, Some(level)) => {
                let checkpoint = outline.before_shown(level, rank);
                let mut shown = checkpoint.levels.shown(level);
                let mut lines = Lines::from(reader, &self.index, &checkpoint);
                // The level of the next line is its depth, be it an open, a value or a close.
                while (lines.depth > level || shown < rank)
                    && let Some(row) = lines.next()
                {
                    shown += u64::from(row.level() <= level);
                }
                lines
            }
            (Counted::Values(container), _) => {
                let near = outline.record_at(container.open).and_then(|id| outline.before_child(id, rank));
                let (mut lines, mut begun) = match near {
                    Some((checkpoint, begun)) => (Lines::from(reader, &self.index, &checkpoint), begun),
                    None => {
                        let mut lines = Lines::from(reader, &self.index, &outline.before_line(container.line));
                        lines.enter(container.open, container.line, container.indent);
                        (lines, 0)
                    }
                };
                let depth = container.indent + 1;
                while (lines.depth > depth || begun < rank)
                    && let Some(row) = lines.next()
                {
                    begun += u64::from(row.indent == depth && row.form != Form::Close);
                }
                lines
            }
        }
    }

    /// The place of a visible line of the pretty part.
    fn place(&self, visible: u64) -> Option<Place> {
        if self.mode != Mode::Pretty || visible >= self.visible_pretty() {
            return None;
        }
        let line = self.lines_at(&mut self.pretty_reader(), visible).line;
        self.place_of(line)
    }

    fn place_of(&self, line: u64) -> Option<Place> {
        Place::of(&mut self.pretty_reader(), &self.index, line)
    }

    /// The container that opens at a place, and how many lines are shown at the level before it and up to its end.
    fn container(&self, place: &Place) -> Option<(Container, u64, u64)> {
        let (row, end) = (&place.row, self.end(&place.row)?);
        let before = self.shown_before(place);
        let until = match self.folds.level() {
            None => end.line + 1,
            Some(level) if row.indent < level => self.shown_before(&self.place_of(end.line)?) + 1,
            Some(level) => before + u64::from(row.indent == level),
        };
        let child = if row.indent == 0 { 0 } else { place.child()? };
        let container = Container {
            open: row.value.start,
            close: end.close,
            line: row.line,
            last_line: end.line,
            indent: row.indent,
            children: end.children,
            child,
        };
        Some((container, before, until))
    }

    /// Where the container of an open line ends.
    fn end(&self, row: &Row) -> Option<End> {
        if row.form != Form::Open {
            return None;
        }
        let mut reader = self.pretty_reader();
        let mut lines = Lines::from(&mut reader, &self.index, &self.index.outline.before_line(row.line));
        lines.enter(row.value.start, row.line, row.indent);
        lines.skip(row)
    }

    /// A reader to the end of the pretty part.
    pub(super) fn pretty_reader(&self) -> Reader<'_> {
        Reader::new(&self.body, self.index.pretty_end()).hiding(&self.masks)
    }
}
