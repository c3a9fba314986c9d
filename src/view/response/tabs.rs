//! What stands in the tabs beside the body: header fields, the phases of each trip, both attempts.

use std::time::Duration;

use super::{shown_flow, status};
use crate::{
    app::{
        App,
        focus::Pane,
        layout,
        response::{
            attempts::{self, AttemptLine},
            facts::FactLine,
            headers::{self, HeaderLine},
            timing::{self, TimingLine},
        },
        timeline::Bracket,
    },
    config::theme::{Role, Sign},
    domain::{
        exchange::{Exchange, FieldValue},
        figures,
    },
    view::{
        self,
        pen::{Pen, width},
        selected, status_role, thumb,
    },
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
            HeaderLine::Group(text) => {
                pen.cut(2, y, text, pen.width().saturating_sub(3), Role::Muted);
            }
            HeaderLine::Blank => {}
        }
        in_hand(pen, app, y, at);
    }
    thumb(pen, first, rows, app.response.scroll, lines.len());
}

/// Marks the row in hand.
fn in_hand(pen: &mut Pen<'_>, app: &App, y: u16, at: usize) {
    if app.response.scroll + at == app.response.in_hand {
        selected(pen, y, app.focus == Pane::Response);
    }
}

pub(super) fn facts(pen: &mut Pen<'_>, app: &App, first: u16, lines: &[FactLine]) {
    let rows = usize::from(pen.height().saturating_sub(first));
    let labels = lines.iter().map(|line| if let FactLine::Fact { label, .. } = line { width(label) } else { 0 });
    let from = 5 + u16::try_from(labels.max().unwrap_or(0)).unwrap_or(u16::MAX).min(pen.width() / 2).min(NAME);
    let room = pen.width().saturating_sub(from + 1);
    for (at, line) in lines.iter().skip(app.response.scroll).take(rows).enumerate() {
        let y = first + u16::try_from(at).unwrap_or(0);
        match line {
            FactLine::Title(text) => {
                pen.cut(2, y, text, pen.width().saturating_sub(3), Role::Strong);
            }
            FactLine::Fact { label, text } => {
                pen.cut(2, y, &app.masks.masked(label), from - 4, Role::JsonKey);
                pen.cut(from, y, &app.masks.masked(text), room, Role::Text);
            }
            FactLine::Words(text) => {
                pen.cut(from, y, &app.masks.masked(text), room, Role::Muted);
            }
            FactLine::Blank => {}
        }
        in_hand(pen, app, y, at);
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
            AttemptLine::Blank => {}
            AttemptLine::Differs([what, first, last]) => {
                let half = end.saturating_sub(22) / 2;
                let role = if at_head(&lines, line) { Role::Muted } else { Role::Text };
                pen.cut(2, y, what, 19, Role::Muted);
                pen.cut(22, y, &app.masks.masked(first), half.saturating_sub(2), role);
                pen.cut(22 + half, y, &app.masks.masked(last), half, role);
            }
        }
        in_hand(pen, app, y, at);
    }
    thumb(pen, first, rows, app.response.scroll, lines.len());
}

/// Whether a line is the first of what differs.
fn at_head(lines: &[AttemptLine], line: &AttemptLine) -> bool {
    let head = lines.iter().find(|line| matches!(line, AttemptLine::Differs(_)));
    head.is_some_and(|head| std::ptr::eq(head, line))
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

/// Columns before the bars, and what stands in them where there is room: number, status, call, token.
struct Before {
    bars: u16,
    wide: bool,
}

/// Columns of a step of the scale that has its figure.
const SCALE: u16 = 6;

/// Columns of the figures behind the bars.
const FIGURES: u16 = 11;

pub(super) fn timing(pen: &mut Pen<'_>, app: &App, first: u16, exchange: &Exchange) {
    let Some(flow) = shown_flow(app) else { return };
    let lines = timing::lines(exchange, flow, layout::response_text(app));
    let Some(TimingLine::Scale(steps, step)) = lines.first().cloned() else { return };
    let whole = (step * steps).as_secs_f64();
    let rows = usize::from(pen.height().saturating_sub(first));
    let wide = pen.width() >= 100;
    let before = Before { bars: if wide { 41 } else { 29.min(pen.width() / 2) }, wide };
    let room = pen.width().saturating_sub(before.bars + FIGURES + 1);
    let end = pen.width().saturating_sub(2);
    let part = |from: Duration, took: Duration| from.as_secs_f64() / whole..(from + took).as_secs_f64() / whole;
    for (y, line) in (first..pen.height()).zip(lines.iter().skip(app.response.scroll)) {
        match line {
            TimingLine::Scale(steps, step) => scale(pen, y, &before, room, (*steps, *step)),
            TimingLine::Rule => pen.line(before.bars, y, room, Sign::Hairline, Role::Rule),
            TimingLine::Call(call) => {
                named(pen, y, &before, call);
                let role = call.status.map_or(Role::Alarm, status_role);
                pen.bar(before.bars, y, room, part(call.from, call.took), true, role);
                pen.right(end, y, &figures::took(call.took), Role::Text);
            }
            TimingLine::Phase(phase) => {
                pen.cut(5, y, phase.name, before.bars.saturating_sub(6), Role::Muted);
                let Some(took) = phase.took else {
                    pen.text(before.bars, y, "reused", Role::Muted);
                    continue;
                };
                let role = if phase.name == timing::WAIT { Role::Accent } else { Role::Muted };
                pen.bar(before.bars, y, room, part(phase.from, took), false, role);
                pen.right(end, y, &figures::part(took), Role::Muted);
            }
            TimingLine::InAll(took) => {
                pen.text(2, y, "in all", Role::Muted);
                pen.right(end, y, &figures::took(*took), Role::Text);
            }
            TimingLine::Words(text) => {
                pen.text(2, y, text, Role::Text);
            }
            TimingLine::Blank => {}
        }
    }
    thumb(pen, first, rows, app.response.scroll, lines.len());
}

/// What goes before the bar of a call: number and method stay, the path gives way.
fn named(pen: &mut Pen<'_>, y: u16, before: &Before, call: &timing::Call) {
    match call.attempt {
        Some(number) => pen.text(2, y, &number.to_string(), Role::Muted),
        None => pen.sign(2, y, Sign::Produced, Role::Accent),
    };
    let end = if before.wide { before.bars.saturating_sub(9) } else { before.bars.saturating_sub(1) };
    let mut x = 5;
    if before.wide {
        match call.status {
            Some(code) => {
                let at = pen.sign(x, y, view::status_sign(code), status_role(code));
                pen.text(at + 1, y, code.as_str(), status_role(code));
            }
            None => {
                pen.sign(x, y, Sign::Failed, Role::Alarm);
            }
        }
        pen.cut(end + 1, y, &call.token, before.bars.saturating_sub(end + 2), Role::Secret);
        x = 12;
    }
    let x = pen.text(x, y, call.method.as_str(), Role::Text) + 1;
    pen.front_cut(x, y, &call.path, end.saturating_sub(x), Role::Text);
}

/// The steps of the scale, as many of them as have room, the unit at the last one.
fn scale(pen: &mut Pen<'_>, y: u16, before: &Before, room: u16, (steps, step): (u32, Duration)) {
    let (factor, name) = if step * steps >= Duration::from_secs(1) { (1.0, "s") } else { (1000.0, "ms") };
    let text = |at: u32| {
        let text = format!("{:.2}", step.as_secs_f64() * f64::from(at) * factor);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let limit = pen.right(before.bars + room, y, &format!("{} {name}", text(steps)), Role::Muted);
    // Every step, or every second one, and so on: what they leave out, they leave out evenly.
    let stride = (u32::from(SCALE) * steps).div_ceil(u32::from(room).max(1)).max(1);
    for at in (0..steps).step_by(stride as usize) {
        let text = text(at);
        let x = before.bars + u16::try_from(u32::from(room) * at / steps).unwrap_or(0);
        if usize::from(x) + text.len() < usize::from(limit) {
            pen.text(x, y, &text, Role::Muted);
        }
    }
}
