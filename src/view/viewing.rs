//! The first two lines while a file or a pipe is looked at: what it is called, its size and its kind.

use ratatui::buffer::Buffer;

use super::pen::{Pen, width};
use crate::{
    app::{App, layout::Areas, viewing::Viewing},
    body::Completion,
    config::theme::{Look, Role, Sign},
    domain::figures,
};

/// Draws both.
pub(super) fn render(buffer: &mut Buffer, areas: &Areas, app: &App, viewing: &Viewing, look: &Look) {
    top(&mut Pen::new(buffer, look, areas.top), app, viewing);
    if let Some(area) = areas.life {
        Pen::new(buffer, look, area).line(0, 0, area.width, Sign::Hairline, Role::LifeSpent);
    }
}

fn top(pen: &mut Pen<'_>, app: &App, viewing: &Viewing) {
    let Some(document) = &app.response.document else { return };
    let margin = u16::from(pen.width() >= 30);
    let x = pen.text(margin, 0, " VIEW ", Role::BadgeNone) + 2;
    let mut about = vec![document.kind().name().to_owned(), figures::size(document.sent().len())];
    match document.sent().completion() {
        Completion::Arriving => about.push("arriving".to_owned()),
        Completion::Incomplete(_) => about.push("incomplete".to_owned()),
        Completion::Complete | Completion::LetGo(_) => {}
    }
    let mut about = about.join("   ");
    let room = usize::from(pen.width().saturating_sub(x + 1));
    if width(&about) + 12 > room {
        about = figures::size(document.sent().len());
    }
    if width(&about) + 4 > room {
        about.clear();
    }
    let end = pen.width().saturating_sub(u16::try_from(width(&about) + 3).unwrap_or(0));
    pen.front_cut(x, 0, &viewing.name, end.saturating_sub(x), Role::Strong);
    let role =
        if matches!(document.sent().completion(), Completion::Incomplete(_)) { Role::Alarm } else { Role::Muted };
    pen.right(pen.width().saturating_sub(1), 0, &about, role);
}
