//! The tour beside the panes: a column at the right where there is room for one, else a strip above the last line.

use super::pen::{Pen, width};
use crate::{
    app::{App, token::Piece},
    config::theme::{Role, Sign, Surface},
    tour::{LESSONS, Walk},
};

/// Draws it.
pub(super) fn render(pen: &mut Pen<'_>, app: &App, in_column: bool) {
    let Some(walk) = app.tour.walk() else { return };
    pen.clear(Surface::Raised);
    if in_column { column(pen, app, walk) } else { strip(pen, app, walk) }
}

/// `3 of 10`.
fn count(walk: &Walk) -> String {
    format!("{} of {}", walk.place().lesson + 1, LESSONS.len())
}

/// A cell for each lesson, so many columns apart.
fn bar(pen: &mut Pen<'_>, x: u16, y: u16, walk: &Walk, apart: u16) {
    let at = walk.place().lesson;
    for lesson in 0..LESSONS.len() {
        let (sign, role) = match lesson {
            lesson if lesson < at => (Sign::Pen, Role::Ok),
            lesson if lesson == at => (Sign::Pen, Role::Accent),
            _ => (Sign::Hairline, Role::LifeSpent),
        };
        pen.sign(x + u16::try_from(lesson).unwrap_or(0) * apart, y, sign, role);
    }
}

fn strip(pen: &mut Pen<'_>, app: &App, walk: &Walk) {
    let (columns, rows) = (pen.width(), pen.height());
    let keys = app.tour_keys();
    let taken = u16::try_from(keys.iter().map(|piece| width(piece.text())).sum::<usize>()).unwrap_or(0);
    let right = columns.saturating_sub(taken + 1);
    pen.line(0, 0, columns, Sign::Hairline, Role::Rule);
    let x = pen.text(0, 0, " Tour ", Role::Focus);
    let x = pen.text(x, 0, &format!("{}  ", count(walk)), Role::Muted);
    let x = pen.cut(x, 0, &format!("{} ", walk.title()), right.saturating_sub(x + 1), Role::Strong);
    let cells = u16::try_from(LESSONS.len()).unwrap_or(0);
    if x + cells + 6 < right {
        pen.text(right - cells - 3, 0, &" ".repeat(usize::from(cells) + 2), Role::Muted);
        bar(pen, right - cells - 2, 0, walk, 1);
    }
    if x < right {
        pen.text(right - 1, 0, " ", Role::Muted);
        pen.pieces(right, 0, &keys, taken, Role::Muted);
    }
    let mut steps = steps(app, walk, usize::from(columns.saturating_sub(4)));
    // Of the steps the one in hand and what follows it stay, of the text what is left.
    let room = usize::from(rows.saturating_sub(1));
    let done = steps.iter().take_while(|(mark, _)| *mark == Some(Mark::Done)).count();
    let over = steps.len().saturating_sub(room).min(done);
    steps.drain(..over);
    let text = lines(app, &app.tour_text(), usize::from(columns.saturating_sub(2)));
    let kept = room.saturating_sub(steps.len());
    let mut y = 1;
    for line in text.iter().take(kept) {
        pen.pieces(1, y, line, columns.saturating_sub(2), Role::Text);
        y += 1;
    }
    drawn(pen, 1, y, &steps);
}

/// Blanks between the edge of the column and its text.
const PADDING: u16 = 2;

fn column(pen: &mut Pen<'_>, app: &App, walk: &Walk) {
    let (columns, rows) = (pen.width(), pen.height());
    if !pen.look.paints_background() {
        for y in 0..rows {
            pen.sign(0, y, Sign::BracketMiddle, Role::Faint);
        }
    }
    let room = columns.saturating_sub(2 * PADDING);
    let text = lines(app, &app.tour_text(), usize::from(room));
    let steps = steps(app, walk, usize::from(room.saturating_sub(2)));
    // Blanks give way first, then the end of the text.
    let needed = 4 + text.len() + steps.len();
    let airy = needed + 6 <= usize::from(rows);
    let blank = u16::from(airy);
    let mut y = blank;
    let x = pen.text(PADDING, y, "Tour  ", Role::Focus);
    pen.text(x, y, &count(walk), Role::Muted);
    bar(pen, PADDING, y + 1, walk, 2);
    y += 2 + blank;
    pen.cut(PADDING, y, walk.title(), room, Role::Strong);
    y += 1 + blank;
    let kept = usize::from(rows.saturating_sub(y + 2)).saturating_sub(steps.len());
    for line in text.iter().take(kept) {
        pen.pieces(PADDING, y, line, room, Role::Text);
        y += 1;
    }
    drawn(pen, PADDING, y + 1, &steps);
    pen.pieces(PADDING, rows.saturating_sub(1 + blank), &app.tour_keys(), room, Role::Muted);
}

/// How a step stands.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Done,
    Next,
    Later,
}

/// The lines of the steps, the first of each with its mark.
fn steps(app: &App, walk: &Walk, columns: usize) -> Vec<(Option<Mark>, Vec<Piece>)> {
    let mut rows = Vec::new();
    for (at, step) in walk.steps().into_iter().enumerate() {
        let mark = match at {
            at if at < walk.done() => Mark::Done,
            at if at == walk.done() => Mark::Next,
            _ => Mark::Later,
        };
        let lines = lines(app, &step.text, columns);
        rows.extend(lines.into_iter().enumerate().map(|(at, line)| ((at == 0).then_some(mark), line)));
    }
    if walk.step().is_none() {
        let on = if walk.next().is_some() { "{tour} goes on" } else { "{tour} ends the tour" };
        rows.push((Some(Mark::Next), app.pieces(on)));
    }
    rows
}

fn drawn(pen: &mut Pen<'_>, x: u16, y: u16, steps: &[(Option<Mark>, Vec<Piece>)]) {
    let mut role = Role::Text;
    for ((mark, line), y) in steps.iter().zip(y..pen.height()) {
        match mark {
            Some(Mark::Done) => _ = pen.sign(x, y, Sign::Done, Role::Ok),
            Some(Mark::Next) => _ = pen.sign(x, y, Sign::Prompt, Role::KeyHint),
            Some(Mark::Later) | None => {}
        }
        role = match mark {
            Some(Mark::Next) => Role::Text,
            Some(_) => Role::Muted,
            None => role,
        };
        let room = pen.width().saturating_sub(x + 2);
        pen.pieces(x + 2, y, line, room, role);
    }
}

/// A text in lines of at most so many columns, in which `{action}` is the key of that action and a letter between
/// backticks a key of what lies on top.
fn lines(app: &App, text: &str, columns: usize) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut used = 0;
    for word in marked(app, text) {
        let needed: usize = word.iter().map(|piece| width(piece.text())).sum();
        if used > 0 && used + 1 + needed > columns {
            lines.push(Vec::new());
            used = 0;
        }
        let Some(line) = lines.last_mut() else { continue };
        if used > 0 {
            line.push(Piece::Words(" ".to_owned()));
            used += 1;
        }
        line.extend(word);
        used += needed;
    }
    lines
}

/// The words of a text, each of what is words and what is a key.
fn marked(app: &App, text: &str) -> Vec<Vec<Piece>> {
    let mut words = vec![Vec::new()];
    for piece in app.pieces(text) {
        let Piece::Words(text) = piece else {
            words.last_mut().into_iter().for_each(|word: &mut Vec<Piece>| word.push(piece.clone()));
            continue;
        };
        for (at, part) in text.split('`').enumerate() {
            let is_key = at % 2 == 1 && part.chars().count() == 1;
            for (at, part) in part.split(' ').enumerate() {
                if at > 0 {
                    words.push(Vec::new());
                }
                let piece = if is_key { Piece::Key(part.to_owned()) } else { Piece::Words(part.to_owned()) };
                words.last_mut().into_iter().filter(|_| !part.is_empty()).for_each(|word| word.push(piece.clone()));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
