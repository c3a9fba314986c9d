//! What stands in the tabs beside the body: header fields, the phases of each trip, both attempts.

use std::time::Duration;

use super::{shown_flow, status};
use crate::{
    app::{
        App,
        response::{
            attempts::{self, AttemptLine},
            headers::{self, HeaderLine},
            timing,
        },
        timeline::Bracket,
    },
    config::theme::{Role, Sign},
    domain::{
        exchange::{Exchange, FieldValue},
        figures,
    },
    view::{self, pen::Pen, status_role, thumb},
};

/// Columns of a header's name before its value.
const NAME: u16 = 26;

pub(super) fn header_lines(pen: &mut Pen<'_>, app: &App, first: u16, lines: &[HeaderLine<'_>]) {
    let rows = usize::from(pen.height().saturating_sub(first));
    let name_columns = NAME.min(pen.width() / 2);
    for (at, line) in lines.iter().skip(app.response.scroll).take(rows).enumerate() {
        let y = first + u16::try_from(at).unwrap_or(0);
        match line {
            HeaderLine::Title(text) => {
                pen.cut(2, y, &app.masks.masked(text), pen.width().saturating_sub(3), Role::Strong);
            }
            HeaderLine::Field(field) => {
                pen.cut(2, y, field.name.as_str(), name_columns - 1, Role::JsonKey);
                let value = headers::shown(&field.value, &app.masks);
                let hidden = matches!(field.value, FieldValue::Hidden { .. });
                let room = pen.width().saturating_sub(3 + name_columns);
                let role = if hidden { Role::Secret } else { Role::Text };
                let value = if hidden { pen.own(&value).into_owned() } else { value };
                pen.cut(2 + name_columns, y, &value, room, role);
            }
            HeaderLine::Blank => {}
        }
    }
    thumb(pen, first, rows, app.response.scroll, lines.len());
}

pub(super) fn attempts(pen: &mut Pen<'_>, app: &App, first: u16) {
    let (Some(exchange), Some(flow)) = (app.shown_exchange(), shown_flow(app)) else { return };
    let lines = attempts::lines(exchange, flow);
    let rows = usize::from(pen.height().saturating_sub(first));
    let end = pen.width().saturating_sub(2);
    for (at, line) in lines.iter().skip(app.response.scroll).take(rows).enumerate() {
        let y = first + u16::try_from(at).unwrap_or(0);
        match line {
            AttemptLine::Head { number, bracket, status: code, took, with } => {
                view::bracket(pen, 2, y, *bracket);
                let x = pen.text(4, y, &number.to_string(), Role::Muted);
                match code {
                    Some(code) => status(pen, x + 2, y, *code),
                    None => {
                        let x = pen.sign(x + 2, y, Sign::Failed, Role::Alarm);
                        pen.text(x + 1, y, "no answer", Role::Alarm)
                    }
                };
                time_and_token(pen, y, end, *took, with);
            }
            AttemptLine::Fact { inside, label, text } => {
                if *inside {
                    view::bracket(pen, 2, y, Bracket::Middle);
                }
                pen.text(7, y, label, Role::Muted);
                pen.cut(16, y, &app.masks.masked(text), end.saturating_sub(16), Role::Text);
            }
            AttemptLine::Renewed { path, took, token } => {
                view::bracket(pen, 2, y, Bracket::Middle);
                pen.sign(4, y, Sign::Produced, Role::Accent);
                pen.text(7, y, "renewed", Role::Muted);
                pen.cut(16, y, &format!("POST {path}"), end.saturating_sub(36), Role::Text);
                time_and_token(pen, y, end, *took, token.as_deref().unwrap_or("no token"));
            }
            AttemptLine::Gap => view::bracket(pen, 2, y, Bracket::Middle),
        }
    }
    thumb(pen, first, rows, app.response.scroll, lines.len());
}

/// The last columns of an attempt: how long it took, and the token, each in columns of their own.
fn time_and_token(pen: &mut Pen<'_>, y: u16, end: u16, took: Duration, token: &str) {
    if end < 44 {
        return;
    }
    let from = end.saturating_sub(9);
    pen.cut(from, y, token, 9, Role::Secret);
    pen.right(from.saturating_sub(3), y, &figures::took(took), Role::Muted);
}

/// Columns of a phase's name before its bar.
const LABEL: u16 = 27;

pub(super) fn timing(pen: &mut Pen<'_>, app: &App, first: u16, exchange: &Exchange) {
    let (lines, whole) = timing::lines(exchange);
    let rows = usize::from(pen.height().saturating_sub(first));
    let label = LABEL.min(pen.width() / 2);
    let numbers = 10;
    let room = pen.width().saturating_sub(label + numbers + 4);
    for (at, line) in lines.iter().skip(app.response.scroll).take(rows).enumerate() {
        let y = first + u16::try_from(at).unwrap_or(0);
        if line.is_phase {
            pen.cut(6, y, &line.label, label.saturating_sub(3), Role::Muted);
        } else {
            // Number and method stay, the path gives way.
            let (call, path) = line.label.split_at(line.label.find('/').unwrap_or(line.label.len()));
            let x = pen.cut(2, y, call, label + 1, Role::Text);
            pen.front_cut(x, y, path, (label + 3).saturating_sub(x), Role::Text);
        }
        let role = match line.status {
            Some(code) => status_role(code),
            None if line.label.starts_with("wait") => Role::Accent,
            None => Role::Muted,
        };
        let column = |time: Duration| {
            let part = time.as_secs_f64() / whole.as_secs_f64().max(1e-9);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of the width")]
            let column = (part.clamp(0.0, 1.0) * f64::from(room)).round() as u16;
            column
        };
        let (from, to) = (column(line.from), column(line.from + line.took));
        let sign = if line.is_phase { Sign::Hairline } else { Sign::Pen };
        pen.line(label + 4 + from, y, (to.saturating_sub(from)).max(1), sign, role);
        pen.right(pen.width().saturating_sub(1), y, &figures::took(line.took), Role::Muted);
    }
    thumb(pen, first, rows, app.response.scroll, lines.len());
}
