//! Who calls: each credential with where its secret comes from and where it rests.

use super::{
    heading,
    pen::{Pen, width},
};
use crate::{
    app::{App, focus::Pane},
    config::theme::{Role, Sign},
};

pub(super) fn render(pen: &mut Pen<'_>, app: &App) {
    heading::titled(pen, 0, app, Pane::Credentials, "");
    let rows: Vec<_> = app.credential_rows().collect();
    if rows.is_empty() {
        return empty(pen, app);
    }
    let mut y = 1_u16;
    for row in rows.iter().skip(usize::from(app.scrolls.credentials).min(rows.len() - 1)) {
        if row.chosen {
            pen.sign(0, y, Sign::SelectedElsewhere, Role::Accent);
        }
        pen.cut(
            2,
            y,
            &row.credential.client_id,
            pen.width().saturating_sub(3),
            if row.chosen { Role::Strong } else { Role::Text },
        );
        let dots = pen.look.sign(Sign::Hidden).repeat(8);
        let secret = row.pseudonym.as_ref().map_or("not given".to_owned(), |pseudonym| format!("{dots} {pseudonym}"));
        let facts = [
            ("secret", secret, if row.pseudonym.is_some() { Role::Secret } else { Role::Attention }),
            ("from", row.credential.secret.origin(), Role::Text),
            ("rests", row.credential.secret.resting_place().to_owned(), Role::Text),
        ];
        for (at, (label, value, role)) in facts.iter().enumerate() {
            let y = y + 1 + u16::try_from(at).unwrap_or(0);
            pen.text(2, y, label, Role::Muted);
            pen.cut(11, y, value, pen.width().saturating_sub(12), *role);
        }
        y += ROWS;
    }
    let rows_of = |credentials: usize| credentials * usize::from(ROWS);
    let page = usize::from(pen.height().saturating_sub(1));
    super::thumb(pen, 1, page, rows_of(usize::from(app.scrolls.credentials)), rows_of(rows.len()) - 1);
}

/// Rows of a credential: its id, three facts and a blank.
const ROWS: u16 = 5;

fn empty(pen: &mut Pen<'_>, app: &App) {
    let room = pen.width().saturating_sub(2);
    let mut y = super::wrapped(pen, 2, 2, room, "No client id and no secret yet.", Role::Strong);
    let (table, rest) = (format!("[profiles.{}", app.environment.profile().name), ".credentials.default]");
    let lines = if width(&table) + width(rest) > usize::from(room) {
        vec![table, format!(" {rest}")]
    } else {
        vec![table + rest]
    };
    for line in lines {
        pen.cut(2, y, &line, room, Role::Text);
        y += 1;
    }
    let text = "in the config file names them; the secret stays in an environment variable.";
    y = super::wrapped(pen, 2, y, room, text, Role::Muted);
    pen.pieces(2, y + 1, &app.pieces("{environment} another place"), room, Role::Muted);
}
