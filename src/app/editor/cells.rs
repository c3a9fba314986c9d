//! Cells of text: what a cluster looks like in a field, how wide it is, and the part of a row that fits a window.
//!
//! Nothing here reads more than the window needs, so that a row may have any length.

use std::borrow::Cow;

use ropey::Rope;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::document::sanitize;

/// The longest cluster that is kept together, in characters.
pub(super) const CLUSTER: usize = 32;
/// Characters of a row whose cells are counted; farther in, each counts as one cell. Nobody sees the start of such a
/// row together with its rest, and a key must not cost more on a longer one.
pub(super) const FAR: usize = 4096;
/// Characters that are looked at for one cell of a window, so that a heap of marks without a width ends too.
const MARKS: usize = 16;

/// Cells of a text within one row.
pub(super) fn cells(text: &str) -> usize {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    text.graphemes(true).map(|cluster| drawn(cluster).width()).sum()
}

/// A cluster as it may be drawn: what the terminal would obey or hide is shown as a mark.
fn drawn(cluster: &str) -> Cow<'_, str> {
    if cluster == "\t" { Cow::Borrowed("    ") } else { sanitize::shown(cluster) }
}

/// The first place from which a text up to `to`, begun no earlier than `start`, fits so many cells.
pub(super) fn back(text: &Rope, start: usize, to: usize, cells: usize) -> usize {
    let mut reach = cells + CLUSTER;
    loop {
        let from = to.saturating_sub(reach).max(start);
        let part = Cow::from(text.slice(from..to));
        let (mut at, mut room) = (to, cells);
        for cluster in part.graphemes(true).rev() {
            match room.checked_sub(drawn(cluster).width()) {
                Some(left) => room = left,
                None => return at,
            }
            at -= cluster.chars().count();
        }
        if from == start || reach > cells * MARKS {
            return from;
        }
        reach *= 2;
    }
}

/// The place behind the last cluster of `start..end` that ends within a column of cells; see [`FAR`].
pub(super) fn at_column(text: &Rope, start: usize, end: usize, column: usize) -> usize {
    let near = end.min(start + FAR);
    let (mut at, mut room) = (start, column);
    for cluster in Cow::from(text.slice(start..near)).graphemes(true) {
        match room.checked_sub(drawn(cluster).width()) {
            Some(left) => room = left,
            None => return at,
        }
        at += cluster.chars().count();
    }
    end.min(near + room)
}

/// The column of cells of a place in the row that begins at `start`; see [`FAR`].
pub(super) fn column(text: &Rope, start: usize, at: usize) -> usize {
    let near = at.min(start + FAR);
    cells(&Cow::from(text.slice(start..near))) + (at - near)
}

/// The part of a row that fits a window.
pub(super) struct Window {
    /// As it is drawn.
    pub(super) text: String,
    /// The place behind what is shown.
    pub(super) to: usize,
    /// Its cells.
    width: usize,
    /// Where each cluster begins, and in which cell.
    clusters: Vec<(usize, usize)>,
}

impl Window {
    /// What of `from..end` fits so many cells.
    pub(super) fn new(text: &Rope, from: usize, end: usize, columns: usize) -> Self {
        let part = Cow::from(text.slice(from..end.min(from + columns * MARKS)));
        let mut window = Self { text: String::new(), to: from, width: 0, clusters: Vec::new() };
        for cluster in part.graphemes(true) {
            let drawn = drawn(cluster);
            let width = drawn.width();
            if window.width + width > columns {
                break;
            }
            window.clusters.push((window.to, window.width));
            window.text.push_str(&drawn);
            window.width += width;
            window.to += cluster.chars().count();
        }
        window
    }

    /// The cell of a place; what lies outside is at an edge.
    pub(super) fn cell(&self, at: usize) -> usize {
        if at >= self.to {
            return self.width;
        }
        let before = self.clusters.partition_point(|(place, _)| *place <= at);
        before.checked_sub(1).map_or(0, |last| self.clusters[last].1)
    }

    /// The place that a cell belongs to.
    pub(super) fn place(&self, cell: usize) -> usize {
        if cell >= self.width {
            return self.to;
        }
        let before = self.clusters.partition_point(|(_, first)| *first <= cell);
        before.checked_sub(1).map_or(self.to, |last| self.clusters[last].0)
    }
}
