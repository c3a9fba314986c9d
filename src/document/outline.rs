//! The pretty lines of a JSON body as arithmetic, and what is kept of them.
//!
//! A comma ends a line, an open ends a line, a close begins one; a close right after its open does not, so `{}` stays
//! on one line. So a line begins with the first token after a comma or an open, or with a close. Kept are the first
//! line start of each stride and the containers that lie across one.

use super::{index::stride, scan::Structure};

/// Containers deeper than this are known by their lines only.
const DEEPEST: usize = 10_000;
/// No more records than these, which take 8 MiB.
const MOST_RECORDS: u64 = 170_000;

/// The start of a pretty line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checkpoint {
    pub(super) offset: u64,
    pub(super) line: u64,
    /// Containers that are open here.
    pub(super) depth: u64,
    /// The record of the innermost of them, unless it is too deep to have one.
    pub(super) container: Option<u32>,
    /// How many values of it come before this line.
    pub(super) child: u64,
    /// The line is a close.
    pub(super) closes: bool,
}

/// A container that lies across a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) open: u64,
    /// Its closing bracket, once that was seen.
    pub(super) close: Option<u64>,
    /// Its lines, the second once it is closed.
    pub(super) line: u64,
    pub(super) last_line: u64,
    pub(super) parent: Option<u32>,
    /// Which value of its parent it is.
    pub(super) child: u64,
    /// How many values it holds.
    pub(super) children: u64,
}

#[derive(Clone, Debug)]
struct Container {
    open: u64,
    line: u64,
    /// Values that a comma ended.
    children: u64,
    record: Option<u32>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    checkpoints: Vec<Checkpoint>,
    records: Vec<Record>,
    /// Lines that have begun.
    lines: u64,
    /// The containers that are open, down to [`DEEPEST`], and how many of those have a record.
    open: Vec<Container>,
    recorded: usize,
    depth: u64,
    /// The line under way has ended; the next token begins another.
    ended: bool,
    /// The last token was an open.
    fresh: bool,
    /// Where the next checkpoint is due.
    due: u64,
    /// Where the last line began.
    last: u64,
}

impl Outline {
    /// How many lines have begun.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// The nearest checkpoint at or before a line.
    pub(super) fn before_line(&self, line: u64) -> Checkpoint {
        self.nearest(self.checkpoints.partition_point(|checkpoint| checkpoint.line <= line))
    }

    /// The nearest checkpoint at or before an offset.
    pub(super) fn before(&self, at: u64) -> Checkpoint {
        self.nearest(self.checkpoints.partition_point(|checkpoint| checkpoint.offset <= at))
    }

    /// The checkpoint at a line, if there is one.
    pub(super) fn at_line(&self, line: u64) -> Option<&Checkpoint> {
        let at = self.checkpoints.binary_search_by_key(&line, |checkpoint| checkpoint.line).ok()?;
        self.checkpoints.get(at)
    }

    /// The record of a container by its opening bracket, if it has one.
    pub(super) fn record_at(&self, open: u64) -> Option<&Record> {
        let at = self.records.binary_search_by_key(&open, |record| record.open).ok()?;
        self.records.get(at)
    }

    pub(super) fn record(&self, id: u32) -> Option<&Record> {
        self.records.get(id as usize)
    }

    fn nearest(&self, after: usize) -> Checkpoint {
        after.checked_sub(1).and_then(|at| self.checkpoints.get(at)).copied().unwrap_or_default()
    }

    fn begin_line(&mut self, at: u64, closes: bool) {
        if at >= self.due {
            self.keep(at, closes);
        }
        self.lines += 1;
        self.last = at;
    }

    #[cold]
    fn keep(&mut self, at: u64, closes: bool) {
        self.due = at + stride(at);
        let most = (at / 8192 + DEEPEST as u64).min(MOST_RECORDS);
        let mut parent = self.recorded.checked_sub(1).and_then(|top| self.open.get(top)?.record);
        let mut child = self.recorded.checked_sub(1).and_then(|top| Some(self.open.get(top)?.children)).unwrap_or(0);
        for container in self.open.iter_mut().skip(self.recorded) {
            let Some(id) = u32::try_from(self.records.len()).ok().filter(|id| u64::from(*id) < most) else { break };
            self.records.push(Record {
                open: container.open,
                close: None,
                line: container.line,
                last_line: 0,
                parent,
                child,
                children: 0,
            });
            container.record = Some(id);
            (parent, child) = (Some(id), container.children);
            self.recorded += 1;
        }
        let innermost = usize::try_from(self.depth).ok().and_then(|depth| self.open.get(depth.checked_sub(1)?));
        self.checkpoints.push(Checkpoint {
            offset: at,
            line: self.lines,
            depth: self.depth,
            container: innermost.and_then(|container| container.record),
            child: innermost.map_or(0, |container| container.children),
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
        if self.open.len() as u64 == self.depth && self.open.len() < DEEPEST {
            self.open.push(Container { open: at, line: self.lines - 1, children: 0, record: None });
        }
        self.depth += 1;
    }

    fn close(&mut self, at: u64) {
        let empty = self.fresh;
        if !empty {
            self.begin_line(at, true);
        }
        (self.ended, self.fresh) = (false, false);
        if self.open.len() as u64 == self.depth
            && let Some(container) = self.open.pop()
        {
            self.recorded = self.recorded.min(self.open.len());
            let record = container.record.and_then(|id| self.records.get_mut(id as usize));
            if let Some(record) = record {
                record.close = Some(at);
                record.last_line = self.lines - 1;
                record.children = container.children + u64::from(!empty);
            }
        }
        self.depth -= 1;
    }

    fn comma(&mut self) {
        self.ended = true;
        if self.open.len() as u64 == self.depth
            && let Some(container) = self.open.last_mut()
        {
            container.children += 1;
        }
    }

    fn retract(&mut self, at: u64) {
        if self.lines > 0 && self.last == at {
            self.lines -= 1;
            if self.checkpoints.last().is_some_and(|checkpoint| checkpoint.offset == at) {
                self.checkpoints.pop();
            }
        }
    }
}
