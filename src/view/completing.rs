//! What could be meant by the word before the cursor: a small list without a frame, below the cursor or above it.

use ratatui::layout::Rect;

use super::{
    pen::{Pen, width},
    selected,
};
use crate::{
    app::App,
    config::theme::{Role, Surface},
};

/// Rows shown at once.
const SHOWN: usize = 8;
/// Columns at most.
const WIDEST: usize = 76;

/// Draws it beside a cursor at that place of the screen, within the rows between the top line and the hints.
pub(super) fn render(pen: &mut Pen<'_>, app: &App, (x, y): (u16, u16), rows: Rect) {
    let Some(open) = &app.completing else { return };
    let below = rows.bottom().saturating_sub(y + 1);
    let above = y.saturating_sub(rows.y);
    let wanted = u16::try_from(open.offers.len().min(SHOWN)).unwrap_or(0);
    let (first, count) = if below >= wanted || below >= above {
        (y + 1, wanted.min(below))
    } else {
        let count = wanted.min(above);
        (y - count, count)
    };
    let first_shown = (open.at + 1).saturating_sub(usize::from(count));
    let shown = open.offers.iter().enumerate().skip(first_shown).take(usize::from(count));
    let widest = open.offers.iter().map(|offer| width(offer.shown())).max().unwrap_or(0);
    let about = open.offers.iter().map(|offer| width(&offer.about)).max().unwrap_or(0);
    let columns = u16::try_from((widest + about + 7).min(WIDEST)).unwrap_or(0).min(pen.width());
    let x = x.min(pen.width().saturating_sub(columns));
    let mut list = pen.part(x, first, columns, count);
    list.clear(Surface::Raised);
    let word = u16::try_from(widest).unwrap_or(0).min(columns * 3 / 5);
    for (row, (at, offer)) in (0..).zip(shown) {
        if at == open.at {
            selected(&mut list, row, true);
        }
        list.cut(2, row, offer.shown(), word, Role::Accent);
        list.cut(word + 4, row, &offer.about, columns.saturating_sub(word + 5), Role::Muted);
    }
}
