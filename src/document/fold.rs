//! Which containers are folded: an overlay of ranges of pretty lines, whatever the body.

use std::collections::BTreeMap;

/// A container that is shown as one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Folded {
    /// Its brackets.
    pub(super) open: u64,
    pub(super) close: u64,
    /// The line of its closing bracket.
    pub(super) last_line: u64,
    /// How many values it holds.
    pub(super) children: u64,
}

/// The folded containers by the line of their opening bracket.
#[derive(Clone, Debug, Default)]
pub(super) struct Folds(BTreeMap<u64, Folded>);

impl Folds {
    pub(super) fn at(&self, line: u64) -> Option<&Folded> {
        self.0.get(&line)
    }

    pub(super) fn insert(&mut self, line: u64, folded: Folded) {
        self.0.insert(line, folded);
    }

    pub(super) fn remove(&mut self, line: u64) -> bool {
        self.0.remove(&line).is_some()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// How many of the lines before `line` are hidden.
    pub(super) fn hidden_before(&self, line: u64) -> u64 {
        self.outermost().take_while(|(from, _)| *from < line).map(|(from, to)| to.min(line - 1) - from).sum()
    }

    /// The line that is the visible line `visible`.
    pub(super) fn line_at(&self, visible: u64) -> u64 {
        let mut line = visible;
        for (from, to) in self.outermost() {
            if from >= line {
                break;
            }
            line += to - from;
        }
        line
    }

    /// The line that shows `line`: itself, or that of the fold it is hidden in.
    pub(super) fn shown(&self, line: u64) -> u64 {
        self.outermost().take_while(|(from, _)| *from < line).find(|(_, to)| line <= *to).map_or(line, |(from, _)| from)
    }

    /// First and last lines of the folds that are in no other.
    fn outermost(&self) -> impl Iterator<Item = (u64, u64)> {
        let mut covered = None;
        self.0.iter().filter_map(move |(from, folded)| {
            if covered.is_some_and(|last| *from <= last) {
                return None;
            }
            covered = Some(folded.last_line);
            Some((*from, folded.last_line))
        })
    }
}
