//! The pretty lines of a JSON body as arithmetic, and what is kept of them.
//!
//! A comma ends a line, an open ends a line, a close begins one; a close right after its open does not, so `{}` stays
//! on one line. So a line begins with the first token after a comma or an open, or with a close. Kept are the first
//! line start of each stride and the containers that lie across one: about 0.9 % of a body.

use std::num::{NonZeroU32, NonZeroU64};

use super::{index::stride, scan::Structure};

/// Containers deeper than this are known by their lines only.
const DEEPEST: usize = 10_000;
/// No more records than these, which take 8 MiB.
const MOST_RECORDS: u64 = 170_000;
/// Levels that lines are counted by: folds to a level are known for so many.
pub(super) const LEVELS: usize = 8;

/// Which record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(NonZeroU32);

impl Id {
    fn of(place: usize) -> Option<Self> {
        u32::try_from(place + 1).ok().and_then(NonZeroU32::new).map(Self)
    }

    fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// How many lines are shown at which level. A line is of the level at which it is shown first: a close, which a fold
/// hides, one deeper than its indentation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Levels([u32; LEVELS]);

impl Levels {
    pub(super) fn add(&mut self, level: u64) {
        if let Some(count) = usize::try_from(level).ok().and_then(|level| self.0.get_mut(level)) {
            *count = count.saturating_add(1);
        }
    }

    fn take(&mut self, level: u64) {
        if let Some(count) = usize::try_from(level).ok().and_then(|level| self.0.get_mut(level)) {
            *count = count.saturating_sub(1);
        }
    }

    /// How many are shown when every container at `level` or deeper is folded.
    pub(super) fn shown(&self, level: u64) -> u64 {
        self.0.iter().zip(0..=level).map(|(count, _)| u64::from(*count)).sum()
    }
}

/// The start of a pretty line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checkpoint {
    pub(super) offset: u64,
    pub(super) line: u64,
    /// The lines before, by level.
    pub(super) levels: Levels,
    /// Containers that are open here.
    pub(super) depth: u32,
    /// The innermost of them that has a record.
    pub(super) container: Option<Id>,
    /// How many commas of it came before.
    pub(super) child: u32,
    /// It is the innermost of all.
    pub(super) is_innermost: bool,
    /// The line is a close.
    pub(super) closes: bool,
}

/// A container that lies across a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) open: u64,
    /// Its closing bracket, once that was seen.
    pub(super) close: Option<NonZeroU64>,
    /// Its lines, the second once it is closed.
    pub(super) line: u64,
    pub(super) last_line: u64,
    pub(super) parent: Option<Id>,
    /// How many containers hold it.
    pub(super) depth: u32,
    /// Which value of its parent it is.
    pub(super) child: u32,
    /// How many values it holds.
    pub(super) children: u32,
}

#[derive(Clone, Debug)]
struct Container {
    open: u64,
    line: u64,
    /// Values that a comma ended.
    commas: u32,
    record: Option<Id>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    checkpoints: Vec<Checkpoint>,
    records: Vec<Record>,
    /// Lines that have begun, and the same by level.
    lines: u64,
    levels: Levels,
    /// The containers that are open, down to [`DEEPEST`], and how many of those have a record.
    open: Vec<Container>,
    recorded: usize,
    depth: u32,
    /// The line under way has ended; the next token begins another.
    ended: bool,
    /// The last token was an open.
    fresh: bool,
    /// Where the next checkpoint is due.
    due: u64,
    /// Where the last line began, and its level.
    last: (u64, u64),
}

impl Outline {
    /// Bytes of memory that what is kept takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.checkpoints.as_slice())
            + size_of_val(self.records.as_slice())
            + size_of_val(self.open.as_slice())
    }

    /// How many lines have begun.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// The same by level.
    pub(super) fn levels(&self) -> &Levels {
        &self.levels
    }

    /// The nearest checkpoint at or before a line.
    pub(super) fn before_line(&self, line: u64) -> Checkpoint {
        self.nearest(|checkpoint| checkpoint.line <= line)
    }

    /// The nearest checkpoint at or before an offset.
    pub(super) fn before(&self, at: u64) -> Checkpoint {
        self.nearest(|checkpoint| checkpoint.offset <= at)
    }

    /// The nearest checkpoint at or before the line that has `rank` lines before it when all is folded to a level.
    pub(super) fn before_shown(&self, level: u64, rank: u64) -> Checkpoint {
        self.nearest(|checkpoint| checkpoint.levels.shown(level) <= rank)
    }

    /// The nearest checkpoint within a container before its value `child` begins, and how many of its values begin
    /// before that checkpoint.
    pub(super) fn before_child(&self, container: Id, child: u64) -> Option<(Checkpoint, u64)> {
        let record = self.record(container)?;
        let from = self.checkpoints.partition_point(|checkpoint| checkpoint.offset <= record.open);
        let within = self.checkpoints.get(from..)?;
        let until =
            within.partition_point(|checkpoint| record.close.is_none_or(|close| checkpoint.offset <= close.get()));
        let within = within.get(..until)?;
        let after = within.partition_point(|checkpoint| self.begun(container, checkpoint) <= child);
        let checkpoint = within.get(after.checked_sub(1)?)?;
        Some((*checkpoint, self.begun(container, checkpoint)))
    }

    /// How many values of a container begin before a checkpoint in it.
    fn begun(&self, container: Id, checkpoint: &Checkpoint) -> u64 {
        let mut inside = !checkpoint.is_innermost || checkpoint.closes;
        let mut at = checkpoint.container;
        let mut child = checkpoint.child;
        while let Some(id) = at.filter(|id| *id != container) {
            let record = self.record(id);
            (at, child, inside) =
                (record.and_then(|record| record.parent), record.map_or(0, |record| record.child), true);
        }
        u64::from(child) + u64::from(inside)
    }

    /// The checkpoint at a line, if there is one.
    pub(super) fn at_line(&self, line: u64) -> Option<&Checkpoint> {
        let at = self.checkpoints.binary_search_by_key(&line, |checkpoint| checkpoint.line).ok()?;
        self.checkpoints.get(at)
    }

    /// The record of a container by its opening bracket, if it has one.
    pub(super) fn record_at(&self, open: u64) -> Option<Id> {
        self.records.binary_search_by_key(&open, |record| record.open).ok().and_then(Id::of)
    }

    pub(super) fn record(&self, id: Id) -> Option<&Record> {
        self.records.get(id.place())
    }

    fn nearest(&self, is_before: impl Fn(&Checkpoint) -> bool) -> Checkpoint {
        let after = self.checkpoints.partition_point(is_before);
        after.checked_sub(1).and_then(|at| self.checkpoints.get(at)).copied().unwrap_or_default()
    }

    fn begin_line(&mut self, at: u64, closes: bool) {
        if at >= self.due {
            self.keep(at, closes);
        }
        // An open or a scalar is of the level of its indentation; a close is indented by one less than its depth.
        self.last = (at, u64::from(self.depth));
        self.lines += 1;
        self.levels.add(self.last.1);
    }

    #[cold]
    fn keep(&mut self, at: u64, closes: bool) {
        self.due = at + stride(at);
        let most = usize::try_from((at / 8192 + DEEPEST as u64).min(MOST_RECORDS)).unwrap_or(usize::MAX);
        let innermost = |open: &[Container], recorded: usize| {
            recorded.checked_sub(1).and_then(|top| open.get(top)).map_or((None, 0), |top| (top.record, top.commas))
        };
        let (mut parent, mut child) = innermost(&self.open, self.recorded);
        for container in self.open.iter_mut().skip(self.recorded) {
            let Some(id) = Id::of(self.records.len()).filter(|id| id.place() < most) else { break };
            self.records.push(Record {
                open: container.open,
                close: None,
                line: container.line,
                last_line: 0,
                parent,
                depth: u32::try_from(self.recorded).unwrap_or(u32::MAX),
                child,
                children: 0,
            });
            container.record = Some(id);
            (parent, child) = (Some(id), container.commas);
            self.recorded += 1;
        }
        let (container, child) = innermost(&self.open, self.recorded);
        self.checkpoints.push(Checkpoint {
            offset: at,
            line: self.lines,
            levels: self.levels,
            depth: self.depth,
            container,
            child,
            is_innermost: self.recorded == self.depth as usize,
            closes,
        });
    }
}

impl Structure for Outline {
    fn scalar(&mut self, at: u64) {
        if self.ended || self.lines == 0 {
            self.begin_line(at, false);
        }
        (self.ended, self.fresh) = (false, false);
    }

    fn open(&mut self, at: u64) {
        if self.ended || self.lines == 0 {
            self.begin_line(at, false);
        }
        (self.ended, self.fresh) = (true, true);
        if self.open.len() == self.depth as usize && self.open.len() < DEEPEST {
            self.open.push(Container { open: at, line: self.lines - 1, commas: 0, record: None });
        }
        self.depth += 1;
    }

    fn close(&mut self, at: u64) {
        let empty = self.fresh;
        if !empty {
            self.begin_line(at, true);
        }
        (self.ended, self.fresh) = (false, false);
        if self.open.len() == self.depth as usize
            && let Some(container) = self.open.pop()
        {
            self.recorded = self.recorded.min(self.open.len());
            let record = container.record.and_then(|id| self.records.get_mut(id.place()));
            if let Some(record) = record {
                record.close = NonZeroU64::new(at);
                record.last_line = self.lines - 1;
                record.children = container.commas.saturating_add(u32::from(!empty));
            }
        }
        self.depth -= 1;
    }

    fn comma(&mut self) {
        self.ended = true;
        if self.open.len() == self.depth as usize
            && let Some(container) = self.open.last_mut()
        {
            container.commas = container.commas.saturating_add(1);
        }
    }

    fn retract(&mut self, at: u64) {
        if self.lines > 0 && self.last.0 == at {
            self.lines -= 1;
            self.levels.take(self.last.1);
            if self.checkpoints.last().is_some_and(|checkpoint| checkpoint.offset == at) {
                self.checkpoints.pop();
            }
        }
    }
}
