//! What lies on top: one frame in the middle, everything behind it fallen back, the top lines untouched.

use ratatui::layout::Rect;

use super::{
    pen::{Pen, front_cut, width},
    selected, typed,
};
use crate::{
    app::{
        App,
        editor::Row,
        layout,
        ledger::Cell,
        overlay::{Overlay, lines},
    },
    config::{
        action::Context,
        theme::{Role, Sign, Surface},
    },
    domain::{
        profile::Place,
        profile_form::{Change, Field},
    },
};

mod form;
mod history;
mod ledger;
mod sheets;

/// What an overlay shows: its frame's texts and its rows.
struct Sheet {
    title: String,
    about: String,
    keys: &'static str,
    columns: u16,
    rows: Vec<SheetRow>,
    /// The row in hand, where rows can be taken; else the first row shown.
    at: usize,
    choosing: bool,
}

/// A row of a sheet.
enum SheetRow {
    /// A key and what it does.
    Key(String, String),
    /// A heading.
    Title(String),
    /// A label and a text.
    Fact(&'static str, String),
    /// A label, and whether a secret was typed.
    Secret(&'static str, bool),
    /// A field that is typed now: its label, its text with the cursor, and what stands there before anything is typed.
    Typed {
        /// Its label.
        label: &'static str,
        /// Its text.
        row: Row,
        /// What stands there before.
        placeholder: &'static str,
    },
    /// A field: its label and its text, or, where that is no text of its own, what stands for it.
    Filled(&'static str, String, bool),
    /// A field that is chosen: its label, the words, and which of them it is.
    Choice {
        /// Its label.
        label: &'static str,
        /// The words.
        words: Vec<&'static str>,
        /// Which of them it is.
        chosen: usize,
    },
    /// What is wrong with the field above.
    Fault(String),
    /// What is to be minded of the field above.
    Warning(String),
    /// What is to be known of the field above.
    Note(String),
    /// Words.
    Words(String),
    /// A line that is there now and was not before, or the other way round.
    Changed(bool, String),
    /// A call: when, method, how it ended, how long it took, where it went, and whether it is marked.
    Call {
        /// When.
        at: String,
        /// The method.
        method: String,
        /// How it ended, and whether well.
        end: (String, Role),
        /// How long it took.
        took: String,
        /// Where it went.
        url: String,
        /// Whether it is marked.
        marked: bool,
    },
    /// What was typed, with its cursor.
    Prompt(Row),
    /// An action: its label with the letters that were hit, its group, its key.
    Hit {
        /// The label.
        label: &'static str,
        /// Letters hit, counted from 0.
        letters: Vec<usize>,
        /// The title of its group.
        group: &'static str,
        /// Its key.
        key: String,
    },
    /// A profile: its sign, its name, where calls go, in so many columns, and what kind of place that is.
    Profile(Option<Sign>, String, String, u16, &'static str),
    /// The life of a token in cells: its pseudonym, the cells, how it stands.
    Life(String, Vec<Cell>, String),
    /// The times at the ends of such cells.
    Axis(String),
    /// What such cells mean.
    Legend,
    /// Nothing.
    Blank,
}

impl From<lines::Line> for SheetRow {
    fn from(line: lines::Line) -> Self {
        match line {
            lines::Line::Title(text) => Self::Title(text),
            lines::Line::Words(text) => Self::Words(text),
            lines::Line::Fact(label, text) => Self::Fact(label, text),
            lines::Line::Key(key, text) => Self::Key(key, text),
            lines::Line::Blank => Self::Blank,
        }
    }
}

/// Rows at the top that stay as they are.
const ABOVE: u16 = 2;

/// Lets the panes fall back behind it.
pub(super) fn dim(pen: &mut Pen<'_>) {
    let (above, width, height) = (ABOVE.min(pen.height()), pen.width(), pen.height());
    pen.part(0, above, width, height - above).dim();
}

/// Draws it; gives where the cursor of its prompt stands.
pub(super) fn render(pen: &mut Pen<'_>, app: &App, overlay: &Overlay) -> Option<(u16, u16)> {
    let sheet = sheets::sheet(app, overlay);
    let above = ABOVE.min(pen.height());
    let (width, height) = (pen.width(), pen.height() - above);
    let whole = width < 100;
    let columns = layout::sheet_columns(app, sheet.columns);
    let room = height.saturating_sub(1);
    let rows = room.min(u16::try_from(sheet.rows.len()).unwrap_or(u16::MAX).saturating_add(4));
    let rows = if whole { room } else { rows };
    let x = (width - columns) / 2;
    let y = above + (height.saturating_sub(rows)) / 2;
    if !whole && !pen.look.paints_background() {
        let mut margin = pen.part(x.saturating_sub(1), y, columns + 2, rows);
        margin.clear(Surface::Raised);
    }
    let mut inner = pen.part(x, y, columns, rows);
    inner.clear(Surface::Raised);
    frame(&mut inner, &sheet, app, overlay, whole);
    let area = Rect::new(1, 2, columns.saturating_sub(2), rows.saturating_sub(3));
    let mut text = inner.part(area.x, area.y, area.width, area.height);
    body(&mut text, &sheet)
}

/// The frame: one that takes the whole width has no sides.
fn frame(pen: &mut Pen<'_>, sheet: &Sheet, app: &App, overlay: &Overlay, whole: bool) {
    let (right, bottom) = (pen.width().saturating_sub(1), pen.height().saturating_sub(1));
    let columns = pen.width();
    pen.line(0, 0, columns, Sign::Hairline, Role::Faint);
    pen.line(0, bottom, columns, Sign::Hairline, Role::Faint);
    for y in if whole { 0..0 } else { 1..bottom } {
        pen.sign(0, y, Sign::BracketMiddle, Role::Faint);
        pen.sign(right, y, Sign::BracketMiddle, Role::Faint);
    }
    let corners = [
        (0, 0, Sign::BracketTop),
        (right, 0, Sign::FrameTopRight),
        (0, bottom, Sign::BracketBottom),
        (right, bottom, Sign::FrameBottomRight),
    ];
    for (x, y, sign) in corners.into_iter().filter(|_| !whole) {
        pen.sign(x, y, sign, Role::Faint);
    }
    let x = pen.text(2, 0, &format!(" {} ", sheet.title), Role::Strong);
    if let Some(name) = production(app, overlay) {
        let text = format!(" {} {name} ", pen.look.sign(Sign::Production));
        pen.cut(x, 0, &text, right.saturating_sub(x + 1), Role::Production);
    }
    if !sheet.about.is_empty() {
        let room = usize::from(right.saturating_sub(x + 4));
        let about = front_cut(&sheet.about, room, pen.look.sign(Sign::Ellipsis)).into_owned();
        pen.right(right.saturating_sub(1), 0, &format!(" {about} "), Role::Muted);
    }
    let keys = app.pieces_in(&pen.own(sheet.keys), Context::Overlay);
    let columns: usize = keys
        .iter()
        .map(|piece| match piece {
            crate::app::token::Piece::Words(text) | crate::app::token::Piece::Key(text) => width(text),
        })
        .sum();
    let columns = u16::try_from(columns).unwrap_or(0);
    let x = right.saturating_sub(columns + 3).max(2);
    pen.text(x, bottom, " ", Role::Muted);
    let end = pen.pieces(x + 1, bottom, &keys, right.saturating_sub(x + 2), Role::Muted);
    pen.text(end, bottom, " ", Role::Muted);
}

/// The place where money moves that a question or a form is about.
fn production(app: &App, overlay: &Overlay) -> Option<String> {
    let profile = match overlay {
        Overlay::Quit { .. } | Overlay::Production(_) | Overlay::Pasted(_) => app.environment.profile(),
        Overlay::Forget(Change::RemoveProfile(name) | Change::RemoveCredential(name, _)) => {
            app.environment.profiles().find(|profile| profile.name == *name)?
        }
        Overlay::Rotation(rotating) => &rotating.profile,
        Overlay::Form(form) => {
            return form.is_production().then(|| form.written().text(Field::Name).to_owned());
        }
        _ => return None,
    };
    (profile.place == Place::Production).then(|| profile.name.clone())
}

/// Blanks between the frame and the text; the bar of the row in hand stands in the first of them.
const PADDING: u16 = 2;

/// Columns of the name of a profile.
const NAME: u16 = 16;

fn body(pen: &mut Pen<'_>, sheet: &Sheet) -> Option<(u16, u16)> {
    let rows = usize::from(pen.height());
    let mut cursor = None;
    let top = if sheet.choosing {
        (sheet.at + 1).saturating_sub(rows)
    } else {
        sheet.at.min(sheet.rows.len().saturating_sub(rows))
    };
    let widest = sheet
        .rows
        .iter()
        .map(|row| match row {
            SheetRow::Key(key, _) => width(&pen.own(key)),
            _ => 0,
        })
        .max()
        .unwrap_or(0);
    for (at, row) in sheet.rows.iter().enumerate().skip(top).take(rows) {
        let y = u16::try_from(at - top).unwrap_or(0);
        let room = pen.width().saturating_sub(2 * PADDING);
        match row {
            SheetRow::Key(key, text) => {
                let key = pen.own(key).into_owned();
                pen.text(PADDING, y, &key, Role::KeyHint);
                let x = PADDING + u16::try_from(widest).unwrap_or(0) + 2;
                pen.cut(x, y, text, pen.width().saturating_sub(x + PADDING), Role::Text);
            }
            SheetRow::Title(text) => {
                pen.cut(PADDING, y, text, room, Role::Strong);
            }
            SheetRow::Fact(label, text) => {
                pen.text(PADDING + 2, y, label, Role::Muted);
                pen.cut(PADDING + lines::FACT, y, text, room.saturating_sub(lines::FACT), Role::Text);
            }
            SheetRow::Secret(label, typed) => {
                pen.text(PADDING + 2, y, label, Role::Muted);
                if *typed {
                    let dots = pen.look.sign(Sign::Hidden).repeat(8);
                    pen.text(PADDING + 12, y, &dots, Role::Secret);
                } else {
                    pen.text(PADDING + 12, y, "type or paste it", Role::Muted);
                }
            }
            SheetRow::Typed { label, row, placeholder } => {
                pen.text(PADDING, y, label, Role::Muted);
                if row.text.is_empty() {
                    pen.cut(FIELD, y, placeholder, pen.width().saturating_sub(FIELD + PADDING), Role::Faint);
                }
                cursor = Some(typed(pen, FIELD, y, row, pen.look.style(Role::Text)));
            }
            SheetRow::Filled(label, text, own) => {
                pen.text(PADDING, y, label, Role::Muted);
                let role = if *own { Role::Text } else { Role::Faint };
                pen.cut(FIELD, y, text, pen.width().saturating_sub(FIELD + PADDING), role);
            }
            SheetRow::Choice { label, words, chosen } => {
                pen.text(PADDING, y, label, Role::Muted);
                choice(pen, y, words, *chosen);
            }
            SheetRow::Fault(text) => marked(pen, y, text, Sign::Failed, Role::Alarm),
            SheetRow::Warning(text) => marked(pen, y, text, Sign::Attention, Role::Attention),
            SheetRow::Note(text) => {
                pen.cut(FIELD + 2, y, text, pen.width().saturating_sub(FIELD + 2 + PADDING), Role::Muted);
            }
            SheetRow::Words(text) => {
                let text = pen.own(text).into_owned();
                pen.cut(PADDING, y, &text, room, Role::Text);
            }
            SheetRow::Changed(added, text) => history::changed(pen, y, *added, text),
            SheetRow::Call { .. } => history::call(pen, y, row),
            SheetRow::Prompt(row) => {
                let x = pen.sign(PADDING, y, Sign::Prompt, Role::KeyHint) + 1;
                cursor = Some(typed(pen, x, y, row, pen.look.style(Role::Text)));
            }
            SheetRow::Hit { label, letters, group, key } => hit(pen, PADDING, y, label, letters, (group, key)),
            SheetRow::Profile(sign, name, base, columns, place) => {
                if let Some(sign) = sign {
                    pen.sign(PADDING, y, *sign, Role::Strong);
                }
                let x = PADDING + 2;
                pen.cut(x, y, name, NAME, Role::Text);
                let end = x + NAME + 1 + columns + 2;
                pen.cut(x + NAME + 1, y, base, *columns, Role::Muted);
                pen.text(end, y, place, if place.is_empty() { Role::Muted } else { Role::Text });
            }
            SheetRow::Life(name, cells, state) => ledger::life(pen, y, name, cells, state),
            SheetRow::Axis(text) => ledger::axis(pen, y, text),
            SheetRow::Legend => ledger::legend(pen, y),
            SheetRow::Blank => {}
        }
        if sheet.choosing && at == sheet.at {
            selected(pen, y, true);
        }
    }
    if sheet.rows.len() > rows {
        super::thumb(pen, 0, rows, top, sheet.rows.len());
    }
    cursor
}

/// Where the text of a field of a form begins.
const FIELD: u16 = PADDING + 18;

/// The words of a choice, the chosen one in brackets; without room for all of them that one alone.
fn choice(pen: &mut Pen<'_>, y: u16, words: &[&str], chosen: usize) {
    let room = usize::from(pen.width().saturating_sub(FIELD + PADDING));
    let all = words.iter().map(|word| width(word) + 2).sum::<usize>() <= room;
    let mut x = FIELD;
    for (at, word) in words.iter().enumerate().filter(|(at, _)| all || *at == chosen) {
        x = if at == chosen {
            pen.text(x, y, &format!("[{word}]"), Role::Strong)
        } else {
            pen.text(x, y, &format!(" {word} "), Role::Muted)
        };
    }
}

fn marked(pen: &mut Pen<'_>, y: u16, text: &str, sign: Sign, role: Role) {
    let x = pen.sign(FIELD, y, sign, role) + 1;
    let text = pen.own(text).into_owned();
    pen.cut(x, y, &text, pen.width().saturating_sub(x + PADDING), Role::Text);
}

/// An action of the palette: letters that were hit stand out, the key is at the right edge.
fn hit(pen: &mut Pen<'_>, x: u16, y: u16, label: &str, letters: &[usize], (group, key): (&str, &str)) {
    let mut at = x;
    for (place, letter) in label.chars().enumerate() {
        let role = if letters.contains(&place) { Role::KeyHint } else { Role::Text };
        at = pen.text(at, y, letter.encode_utf8(&mut [0; 4]), role);
    }
    let key = pen.own(key).into_owned();
    pen.right(pen.width().saturating_sub(PADDING), y, &key, Role::KeyHint);
    let column = pen.width() / 2;
    pen.cut(column.max(at + 2), y, group, pen.width() / 3, Role::Muted);
}
