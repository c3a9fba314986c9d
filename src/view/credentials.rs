//! Who calls: each credential with where its secret comes from and where it rests.

use super::{heading, pen::Pen};
use crate::{
    app::{App, credentials::Row, focus::Pane},
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
        pen.text(2, y + 1, "secret", Role::Muted);
        let room = pen.width().saturating_sub(12);
        if let Some(pseudonym) = &row.pseudonym {
            let dots = pen.look.sign(Sign::Hidden).repeat(8);
            pen.cut(11, y + 1, &format!("{dots} {pseudonym}"), room, Role::Secret);
            for (y, (label, value)) in (y + 2..).zip(facts(app, row)) {
                pen.text(2, y, label, Role::Muted);
                pen.cut(11, y, &value, room, Role::Text);
            }
        } else {
            pen.cut(11, y + 1, "not given", room, Role::Attention);
            let text = "`secret` in the config file names its source.";
            super::wrapped(pen, 2, y + 2, pen.width().saturating_sub(2), text, Role::Muted);
        }
        y += u16::try_from(height(app, row)).unwrap_or(u16::MAX);
    }
    let rows_of = |credentials: usize| rows.iter().take(credentials).map(|row| height(app, row)).sum::<usize>();
    let page = usize::from(pen.height().saturating_sub(1));
    super::thumb(pen, 1, page, rows_of(usize::from(app.scrolls.credentials)), rows_of(rows.len()) - 1);
}

/// Rows of a credential: its id, what stands for its secret, the facts and a blank.
fn height(app: &App, row: &Row<'_>) -> usize {
    if row.pseudonym.is_some() { 3 + facts(app, row).len() } else { 5 }
}

/// Where a secret is from and rests, and what else is known of it.
fn facts(app: &App, row: &Row<'_>) -> Vec<(&'static str, String)> {
    let secret = &row.credential.secret;
    let mut facts = vec![("from", secret.origin()), ("rests", secret.resting_place().to_owned())];
    facts.extend(app.secret_facts(&row.credential.name));
    facts
}

fn empty(pen: &mut Pen<'_>, app: &App) {
    let room = pen.width().saturating_sub(2);
    let mut y = super::wrapped(pen, 2, 2, room, "No client id and no secret yet.", Role::Strong);
    let text = "The secret stays where it rests; the config file has its source alone.";
    y = super::wrapped(pen, 2, y, room, text, Role::Muted);
    pen.pieces(2, y + 1, &app.pieces("{add} adds one"), room, Role::Muted);
    pen.pieces(2, y + 2, &app.pieces("{environment} another place"), room, Role::Muted);
}
