//! The list of requests.

use super::{heading, method_columns, pen::Pen, selected};
use crate::{
    app::{App, EditTarget, focus::Pane, requests::Row},
    config::theme::{Role, Sign},
};

pub(super) fn render(pen: &mut Pen<'_>, app: &App) {
    let looking = app.editing.as_ref().filter(|editing| editing.target == EditTarget::Find);
    let count = match looking {
        Some(_) => format!("/ {}   {}", app.requests.looked_for(), app.requests.count()),
        None => app.requests.count().to_string(),
    };
    heading::titled(pen, 0, app, Pane::Requests, &count);
    let rows = app.requests.rows();
    let methods = rows.iter().filter_map(|row| match row {
        Row::Entry(entry, _) => Some(entry.draft.method.as_str()),
        Row::Group { .. } => None,
    });
    let methods = method_columns(methods);
    let page = usize::from(pen.height().saturating_sub(1));
    for (at, row) in rows.iter().skip(app.requests.top).take(page).enumerate() {
        let y = u16::try_from(at + 1).unwrap_or(u16::MAX);
        draw(pen, y, row, app.focus == Pane::Requests, methods);
    }
    if rows.len() > page {
        super::thumb(pen, 1, page, app.requests.top, rows.len());
    }
    below(pen, app, u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(1), looking.is_some());
}

/// What there is to say below the last row, where there is room for it.
fn below(pen: &mut Pen<'_>, app: &App, y: u16, looking: bool) {
    let room = pen.width().saturating_sub(2);
    if y == 1 {
        let (open, close) = (pen.own("“").into_owned(), pen.own("”").into_owned());
        let text = format!("Nothing matches {open}{}{close}.", app.requests.looked_for());
        let y = super::wrapped(pen, 2, 2, room, &text, Role::Strong);
        pen.pieces(2, y, &app.pieces("{back} clears it."), room, Role::Muted);
    } else if !looking && !app.requests.has_own() && y + 6 < pen.height() {
        let y = super::wrapped(pen, 2, y + 1, room, "Your own requests will live here.", Role::Muted);
        pen.pieces(2, y + 1, &app.pieces("{add}  add one"), room, Role::Muted);
    }
}

fn draw(pen: &mut Pen<'_>, y: u16, row: &Row<'_>, focused: bool, methods: u16) {
    match row {
        Row::Group { title, count, folded, here } => {
            if *here {
                selected(pen, y, focused);
            }
            pen.sign(1, y, if *folded { Sign::Folded } else { Sign::Unfolded }, Role::Muted);
            let x = pen.text(3, y, title, if *here { Role::Strong } else { Role::Text });
            if *folded {
                pen.text(x + 2, y, &count.to_string(), Role::Muted);
            }
        }
        Row::Entry(entry, here) => {
            if *here {
                selected(pen, y, focused);
            }
            let method = &entry.draft.method;
            pen.cut(2, y, method, methods, super::method_role(method));
            let changed = entry.is_changed();
            let x = 2 + methods + 1;
            let room = pen.width().saturating_sub(if changed { x + 2 } else { x });
            let name = if entry.draft.name.is_empty() { &entry.draft.url } else { &entry.draft.name };
            pen.cut(x, y, name, room, if *here { Role::Strong } else { Role::Text });
            if changed {
                pen.sign(pen.width().saturating_sub(1), y, Sign::Usable, Role::Attention);
            }
        }
    }
}
