//! What a person sees: one function draws the whole screen from the state alone.
//!
//! Owns how things look: a file a pane, the frame of overlays, the top line. Reads [`App`] and a [`Look`], changes
//! neither, and touches no body: the lines on screen are in the state already. `tui` calls it for each frame.

use http::StatusCode;
use ratatui::{Frame, layout::Rect, style::Style};

use crate::{
    app::{
        App,
        editor::Row,
        focus::Pane,
        layout::{self, Form},
        timeline::Bracket,
        wrap::words,
    },
    config::theme::{Look, Role, Sign, Surface},
};
use pen::Pen;

mod code;
mod completing;
mod composer;
mod credentials;
mod digits;
mod heading;
mod hints;
mod overlay;
mod pen;
mod requests;
mod response;
mod snippet;
mod timeline;
mod token;
mod top_line;
mod tour;
mod viewing;

/// Draws the screen.
pub fn render(frame: &mut Frame<'_>, app: &App, look: &Look) {
    let area = frame.area();
    let areas = layout::areas(app);
    let mut cursor = None;
    {
        let buffer = frame.buffer_mut();
        Pen::new(buffer, look, area).clear(Surface::Background);
        match &app.viewing {
            Some(viewing) => viewing::render(buffer, &areas, app, viewing, look),
            None => top_line::render(buffer, &areas, app, look),
        }
        if let Some(strip) = areas.strip {
            names(&mut Pen::new(buffer, look, strip), app);
        }
        for pane in Pane::ALL {
            let Some(place) = areas.pane(pane) else { continue };
            let mut pen = Pen::new(buffer, look, place.area);
            let in_strip = areas.strip.is_some() && !app.zoomed;
            match (pane, place.form) {
                (Pane::Composer, Form::Line) => composer::render_line(&mut pen, app),
                (Pane::Timeline, Form::Line) => timeline::render_line(&mut pen, app),
                (Pane::Requests, _) => requests::render(&mut pen, app),
                (Pane::Composer, Form::Full) => cursor = cursor.or(composer::render(&mut pen, app, in_strip)),
                (Pane::Response, _) => cursor = cursor.or(response::render(&mut pen, app, in_strip)),
                (Pane::Token, _) => token::render(&mut pen, app, &areas),
                (Pane::Credentials, _) => credentials::render(&mut pen, app),
                (Pane::Timeline, Form::Full) => timeline::render(&mut pen, app),
            }
        }
        if let Some(hints) = areas.hints {
            let command = hints::render(&mut Pen::new(buffer, look, hints), app);
            cursor = cursor.or(command);
            hints::above(&mut Pen::new(buffer, look, area), app, hints.y);
        }
        if let (Some(cursor), Some(hints)) = (cursor, areas.hints) {
            let rows = Rect::new(0, 2, area.width, hints.y.saturating_sub(2));
            completing::render(&mut Pen::new(buffer, look, area), app, cursor, rows);
        }
        if let Some(overlay) = &app.overlay {
            overlay::dim(&mut Pen::new(buffer, look, area));
            cursor = overlay::render(&mut Pen::new(buffer, look, layout::sheet_area(app)), app, overlay);
        }
        if let Some(place) = areas.tour {
            tour::render(&mut Pen::new(buffer, look, place), app, place.width < area.width);
        }
    }
    if let Some((x, y)) = cursor {
        frame.set_cursor_position((x, y));
    }
}

/// The six names in a row, where there is room for one pane only.
fn names(pen: &mut Pen<'_>, app: &App) {
    for (pane, x, columns) in layout::names(app) {
        let focused = app.focus == pane;
        let role = if focused { Role::Focus } else { Role::Muted };
        pen.text(x, 0, &pane.number().to_string(), role);
        if columns > 1 {
            let style = pen.look.style(role);
            pen.styled(x + 2, 0, pane.title(), if focused { style.underlined() } else { style });
        }
    }
}

/// Marks a row as the one in hand: strongly in the focused pane, thinly elsewhere.
fn selected(pen: &mut Pen<'_>, y: u16, focused: bool) {
    if focused {
        let style = row_tint(pen.look);
        let width = pen.width();
        pen.tint(0, y, width, style);
        pen.sign(0, y, Sign::Selected, Role::Accent);
    } else {
        pen.sign(0, y, Sign::SelectedElsewhere, Role::Accent);
    }
}

/// Draws a row of a text field; gives where the cursor stands.
fn typed(pen: &mut Pen<'_>, x: u16, y: u16, row: &Row, style: Style) -> (u16, u16) {
    pen.styled(x, y, &row.text, style);
    select(pen, x, y, row);
    pen.place(x + u16::try_from(row.cursor.unwrap_or(0)).unwrap_or(0), y)
}

/// Marks what of a row is selected; underlined, since blanks can be too and not every theme has a tint.
fn select(pen: &mut Pen<'_>, x: u16, y: u16, row: &Row) {
    let column = |at: usize| u16::try_from(at).unwrap_or(0);
    let style = row_tint(pen.look).underlined();
    pen.tint(x + column(row.selected.start), y, column(row.selected.len()), style);
}

/// What lies over a selected row; a tint leaves the colours of the text alone.
fn row_tint(look: &Look) -> Style {
    look.style(Role::RowSelect)
}

/// The thumb of a scroll bar in the last column.
fn thumb(pen: &mut Pen<'_>, first: u16, rows: usize, top: usize, count: usize) {
    if rows == 0 || count <= rows {
        return;
    }
    let size = (rows * rows / count).max(1);
    let room = rows - size;
    let from = (top.min(count - rows) * room).div_ceil(count - rows).min(room);
    let x = pen.width().saturating_sub(1);
    for at in from..from + size {
        pen.sign(x, first + u16::try_from(at).unwrap_or(0), Sign::ScrollThumb, Role::ScrollThumb);
    }
}

/// A text over as many rows as it needs; gives the row below.
fn wrapped(pen: &mut Pen<'_>, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
    let mut y = y;
    for line in words(text, usize::from(columns)) {
        pen.cut(x, y, &line, columns, role);
        y += 1;
    }
    y
}

/// The bracket that ties the calls of one exchange.
fn bracket(pen: &mut Pen<'_>, x: u16, y: u16, place: Bracket) {
    let sign = match place {
        Bracket::Alone => return,
        Bracket::Top => Sign::BracketTop,
        Bracket::Middle => Sign::BracketMiddle,
        Bracket::Bottom => Sign::BracketBottom,
    };
    pen.sign(x, y, sign, Role::Accent);
}

/// Reading or writing: the one bit of a method that matters.
fn method_role(method: &str) -> Role {
    if matches!(method, "GET" | "HEAD" | "OPTIONS") { Role::MethodRead } else { Role::MethodWrite }
}

/// Columns of the methods of a table: seven where one of them is longer than four letters.
fn method_columns<'m>(mut methods: impl Iterator<Item = &'m str>) -> u16 {
    if methods.any(|method| method.len() > 4) { 7 } else { 4 }
}

fn status_role(status: StatusCode) -> Role {
    match status.as_u16() {
        200..=299 => Role::Ok,
        300..=399 => Role::Text,
        400..=499 => Role::Attention,
        _ => Role::Alarm,
    }
}

fn status_sign(status: StatusCode) -> Sign {
    match status.as_u16() {
        200..=299 => Sign::Done,
        300..=399 => Sign::Produced,
        400..=499 => Sign::SaidNo,
        _ => Sign::Failed,
    }
}
