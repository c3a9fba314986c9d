//! Which containers are folded: all from a level on, and those toggled by hand. An overlay, whatever the body.
//!
//! The visible lines fall into [`Stretch`]es within which they are counted in one way: as lines that are shown at the
//! level, or, inside a container that was opened against the level, as its values. A toggled container ends a stretch:
//!
//! ```text
//!     {                       ┐ shown at level 1
//!       "a": {…}  3 items     │
//!       "b": {                ┘ opened by hand
//!         "c": […]  9 items   ┐ values of b
//!         "d": 1              │
//!       },                    ┘ its close counts as one more
//!       "e": {…}  2 items     ┐ shown at level 1 again
//! ```

use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// A container and where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Container {
    pub(super) open: u64,
    pub(super) close: u64,
    pub(super) line: u64,
    pub(super) last_line: u64,
    /// How many containers hold it, how many values it holds, and which value of its container it is.
    pub(super) indent: u64,
    pub(super) children: u64,
    pub(super) child: u64,
}

/// A container toggled by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Toggled {
    container: Container,
    /// Lines shown at the level before it and up to its end.
    before: u64,
    until: u64,
}

/// How the lines of a stretch are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Lines that are shown at the level.
    Shown,
    /// Values of a container.
    Values(Container),
}

/// Visible lines that are counted in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Its first visible line, and the first line that can be in it.
    pub(super) visible: u64,
    pub(super) line: u64,
    pub(super) counted: Counted,
    /// What its first line is counted as.
    pub(super) rank: u64,
}

/// The folds of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Folds {
    /// Containers that so many others hold are folded unless toggled.
    level: Option<u64>,
    /// By the line of the opening bracket.
    toggled: BTreeMap<u64, Toggled>,
}

impl Folds {
    pub(super) fn to_level(level: Option<u64>) -> Self {
        Self { level, toggled: BTreeMap::new() }
    }

    pub(super) fn level(&self) -> Option<u64> {
        self.level
    }

    /// Whether the container of a line is folded, if it is seen at all.
    pub(super) fn is_folded(&self, line: u64, indent: u64) -> bool {
        self.toggled.contains_key(&line) != self.level.is_some_and(|level| indent >= level)
    }

    /// Takes a toggle back. Whether there was one.
    pub(super) fn untoggle(&mut self, line: u64) -> bool {
        self.toggled.remove(&line).is_some()
    }

    /// Toggles a container that has so many lines shown at the level before it and up to its end.
    pub(super) fn toggle(&mut self, container: Container, before: u64, until: u64) {
        self.toggled.insert(container.line, Toggled { container, before, until });
    }

    /// The stretches from the first line on. The last one has no end.
    pub(super) fn stretches(&self) -> Vec<Stretch> {
        let mut stretches = vec![Stretch { visible: 0, line: 0, counted: Counted::Shown, rank: 0 }];
        let mut open: Vec<Toggled> = Vec::new();
        let mut hidden = 0;
        for toggled in self.toggled.values() {
            let Container { line, indent, .. } = toggled.container;
            while let Some(ended) = open.pop_if(|outer| outer.container.last_line < line) {
                leave(&mut stretches, &ended);
            }
            let is_seen = line >= hidden
                && match open.last() {
                    Some(outer) => indent == outer.container.indent + 1,
                    None => self.level.is_none_or(|level| indent <= level),
                };
            if !is_seen {
                continue;
            }
            if self.is_folded(line, indent) {
                hidden = toggled.container.last_line + 1;
                pass(&mut stretches, toggled);
            } else {
                enter(&mut stretches, toggled);
                open.push(*toggled);
            }
        }
        while let Some(ended) = open.pop() {
            leave(&mut stretches, &ended);
        }
        stretches
    }
}

/// The visible line of a toggled container in the last stretch.
fn visible(last: Stretch, toggled: &Toggled) -> u64 {
    let rank = match last.counted {
        Counted::Shown => toggled.before,
        Counted::Values(_) => toggled.container.child,
    };
    last.visible + rank - last.rank
}

/// Ends the stretch at a container that is one line.
fn pass(stretches: &mut Vec<Stretch>, toggled: &Toggled) {
    if let Some(&last) = stretches.last() {
        let visible = visible(last, toggled) + 1;
        stretches.push(after(last.counted, toggled, visible));
    }
}

/// Ends the stretch at a container that is open, with a stretch of its values.
fn enter(stretches: &mut Vec<Stretch>, toggled: &Toggled) {
    if let Some(&last) = stretches.last() {
        let visible = visible(last, toggled) + 1;
        let Container { line, .. } = toggled.container;
        stretches.push(Stretch { visible, line: line + 1, counted: Counted::Values(toggled.container), rank: 0 });
    }
}

/// Ends the values of a container: its close is the last line of them.
fn leave(stretches: &mut Vec<Stretch>, toggled: &Toggled) {
    let Some(&last) = stretches.last() else { return };
    let visible = last.visible + toggled.container.children - last.rank + 1;
    // What is around it goes on as it was before it.
    let around = stretches.iter().rev().find(|stretch| stretch.line <= toggled.container.line);
    if let Some(counted) = around.map(|stretch| stretch.counted) {
        stretches.push(after(counted, toggled, visible));
    }
}

/// The stretch behind a container.
fn after(counted: Counted, toggled: &Toggled, visible: u64) -> Stretch {
    let rank = match counted {
        Counted::Shown => toggled.until,
        Counted::Values(_) => toggled.container.child + 1,
    };
    Stretch { visible, line: toggled.container.last_line + 1, counted, rank }
}
