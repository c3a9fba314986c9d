//! Who calls: each credential with where its secret comes from and where it rests.

use super::{heading, pen::Pen};
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
            pen.cut(11, y, value, pen.width().saturating_sub(11), *role);
        }
        y += 5;
    }
}

fn empty(pen: &mut Pen<'_>, app: &App) {
    let name = &app.environment.profile().name;
    let lines = [
        "No client id and no secret yet.".to_owned(),
        format!("[profiles.{name}"),
        " .credentials.default]".to_owned(),
        "in the config file names them;".to_owned(),
        "the secret stays in an".to_owned(),
        "environment variable.".to_owned(),
    ];
    for (at, line) in lines.iter().enumerate() {
        let role = if at == 0 { Role::Strong } else { Role::Muted };
        pen.cut(2, 1 + u16::try_from(at).unwrap_or(0), line, pen.width().saturating_sub(2), role);
    }
    pen.pieces(2, 8, &app.pieces("{environment} another place"), pen.width().saturating_sub(2), Role::Muted);
}
