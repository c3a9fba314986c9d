//! The token ledger: the last hours in cells, a lane a generation, and what is known of the one in hand.

use super::{PADDING, Pen, Sheet, SheetRow, sheets};
use crate::{
    app::{
        App,
        ledger::{self, Cell, Picture},
        overlay,
    },
    config::theme::{Role, Sign},
    domain::figures,
    view::pen::width,
};

/// Columns before a lane, and behind it.
const NAME: usize = 9;
const STATE: usize = 10;
/// Lanes shown at once.
const LANES: usize = 12;

pub(super) fn sheet(app: &App, at: usize) -> Sheet {
    let columns = sheets::text(app, overlay::REASON);
    let picture = Picture::of(app, columns.saturating_sub(NAME + STATE));
    let now = app.now.wall.as_millisecond();
    let count = app.ledger.entries().len();
    let from = (at + 1).saturating_sub(LANES);
    let clock = |at| figures::clock_short(at, &app.zone);
    let (begin, end) = (clock(picture.from), clock(app.now.wall));
    let between = columns.saturating_sub(NAME + STATE + width(&begin) + width(&end));
    let mut rows = vec![SheetRow::Axis(format!("{begin}{}{end}", " ".repeat(between)))];
    rows.extend(app.ledger.entries().skip(from).take(LANES).map(|entry| {
        let name = if entry.earlier { "before".to_owned() } else { format!("tok#{}", entry.serial) };
        SheetRow::Life(name, picture.lane(entry), entry.state(now).to_owned())
    }));
    rows.push(SheetRow::Blank);
    if let Some(entry) = app.ledger.entries().nth(at) {
        rows.extend(sheets::rows(ledger::told(app, entry, columns)));
    }
    rows.push(SheetRow::Blank);
    rows.push(SheetRow::Legend);
    Sheet {
        title: "Token ledger".to_owned(),
        about: format!("{} of {count}", (at + 1).min(count)),
        keys: "Enter its calls   d decode   j k move   {back} close",
        columns: overlay::REASON,
        rows,
        at: 1 + at - from,
        choosing: true,
    }
}

fn sign(cell: Cell) -> Option<(Sign, Role)> {
    Some(match cell {
        Cell::Nothing => return None,
        Cell::Issued => (Sign::Usable, Role::Ok),
        Cell::Life => (Sign::Hairline, Role::Muted),
        Cell::Used => (Sign::Pen, Role::Accent),
        Cell::Refused => (Sign::SaidNo, Role::Attention),
        Cell::Over => (Sign::Empty, Role::Muted),
    })
}

/// One lane.
pub(super) fn life(pen: &mut Pen<'_>, y: u16, name: &str, cells: &[Cell], state: &str) {
    pen.cut(PADDING, y, name, 8, Role::Secret);
    let mut x = PADDING + u16::try_from(NAME).unwrap_or(0);
    for cell in cells {
        if let Some((sign, role)) = sign(*cell) {
            pen.sign(x, y, sign, role);
        }
        x += 1;
    }
    let role = if ledger::is_refusal(state) { Role::Attention } else { Role::Text };
    pen.cut(x + 2, y, state, pen.width().saturating_sub(x + 2), role);
}

/// The times at the ends of the lanes.
pub(super) fn axis(pen: &mut Pen<'_>, y: u16, text: &str) {
    pen.text(PADDING + u16::try_from(NAME).unwrap_or(0), y, text, Role::Muted);
}

/// What the signs mean.
pub(super) fn legend(pen: &mut Pen<'_>, y: u16) {
    let mut x = PADDING;
    let known = [
        (Cell::Issued, "issued"),
        (Cell::Life, "its life"),
        (Cell::Used, "a call"),
        (Cell::Refused, "refused"),
        (Cell::Over, "over"),
    ];
    for (cell, word) in known {
        if let Some((sign, role)) = sign(cell) {
            x = pen.sign(x, y, sign, role) + 1;
            x = pen.text(x, y, word, Role::Muted) + 3;
        }
    }
}
