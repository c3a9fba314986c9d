//! The answer: its status, and the tab in front.

use http::StatusCode;

use super::{
    heading::{self, HeadingTab},
    pen::{Pen, width},
    selected, status_role, status_sign, typed,
};
use crate::{
    app::{
        App, EditTarget,
        focus::Pane,
        layout,
        notice::sentences,
        response::{Shown, Tab, cookies, headers, tls},
        timeline::Flow,
    },
    body::{Completion, encoding::Encoding},
    config::theme::{Role, Sign},
    document::{Fold, Line, MOST_HITS, Mode, Pattern, SpanKind},
    domain::{
        exchange::{Exchange, Outcome},
        figures,
        flow::{FlowStep, TokenCall},
        profile::Place,
    },
};

mod sequence;
mod tabs;

/// Columns of a pane that has the screen to itself, in which the line of the status names the call too.
const WIDE: u16 = 96;

/// Draws the pane; gives where the cursor of the search prompt stands.
pub(super) fn render(pen: &mut Pen<'_>, app: &App, in_strip: bool) -> Option<(u16, u16)> {
    let tabs: Vec<_> = app
        .response_tabs()
        .into_iter()
        .map(|(tab, count)| HeadingTab { name: tab.name(), count, active: tab == app.response.tab })
        .collect();
    let first = if in_strip {
        let end = status_line(pen, 0, app, true);
        let from = if end > 2 { end + 2 } else { end };
        heading::with_tabs(pen, 0, app, Pane::Response, from, &tabs);
        2
    } else {
        heading::tabbed(pen, 0, app, Pane::Response, &tabs);
        status_line(pen, 1, app, false);
        u16::try_from(layout::response_above(app)).unwrap_or(0)
    };
    match (&app.response.shown, app.response.tab) {
        (None, _) => {
            empty(pen, app, first);
            None
        }
        (Some(_), Tab::Body) | (Some(Shown::File), _) => body(pen, app, first),
        (Some(_), Tab::Flow) => {
            sequence::render(pen, app, first);
            None
        }
        (Some(Shown::TokenCall(call)), _) => {
            tabs::header_lines(pen, app, first, &headers::of_token_call(&call.headers));
            None
        }
        (Some(Shown::Exchange(_)), tab) => {
            if let Some(exchange) = app.shown_exchange() {
                match tab {
                    Tab::Headers => tabs::header_lines(pen, app, first, &headers::lines(exchange)),
                    Tab::Cookies => tabs::facts(pen, app, first, &cookies::lines(exchange)),
                    Tab::Tls => tabs::facts(pen, app, first, &tls::lines(exchange, app.now.wall)),
                    Tab::Timing => tabs::timing(pen, app, first, exchange),
                    Tab::Attempts | Tab::Body | Tab::Flow => tabs::attempts(pen, app, first),
                }
            }
            None
        }
    }
}

fn empty(pen: &mut Pen<'_>, app: &App, first: u16) {
    let lines = [
        ("Nothing sent yet.", Role::Strong),
        ("", Role::Muted),
        ("{send}  sends this request", Role::Muted),
        ("", Role::Muted),
        ("A token is fetched first, on its own.", Role::Muted),
    ];
    let y = first.saturating_sub(1);
    for (at, (text, role)) in lines.iter().enumerate() {
        let y = y + u16::try_from(at).unwrap_or(0);
        pen.pieces(2, y, &app.pieces(text), pen.width().saturating_sub(2), *role);
    }
    if app.environment.profile().place == Place::Sandbox {
        let text = "Nothing leaves this machine: the sandbox runs inside.";
        pen.cut(2, y + 5, text, pen.width().saturating_sub(2), Role::Muted);
    }
}

/// The flow of the exchange that is shown.
fn shown_flow(app: &App) -> Option<&Flow> {
    app.timeline.flow(app.response.exchange()?)
}

/// Status, duration, size and token in one line, or without the token where tabs share it; gives the column behind it.
fn status_line(pen: &mut Pen<'_>, y: u16, app: &App, short: bool) -> u16 {
    if let Some(Shown::TokenCall(call)) = &app.response.shown {
        return token_call_line(pen, y, call);
    }
    let Some(flow) = shown_flow(app) else { return 2 };
    let mut x = 2;
    if let Some(answer) = &flow.answer {
        x = status(pen, x, y, answer.status);
    }
    if let Some(running) = app.response.exchange().and_then(|id| app.sending.of(id)) {
        let time = figures::running(app.now.boot.since(running.since));
        let what = match (running.cancelled, &flow.answer) {
            (true, _) => "stopping",
            (false, Some(_)) => "arriving",
            (false, None) => "on its way",
        };
        let gap = if flow.answer.is_some() { 3 } else { 0 };
        let sign = pen.look.sign(Sign::Ellipsis);
        x = pen.text(x + gap, y, &format!("{sign} {what}"), Role::Accent);
        if flow.answer.is_some() {
            // How far it is stands below the body.
            return x;
        }
        x = pen.text(x + 2, y, &time, Role::Accent) + 3;
        return pen.pieces(x, y, &app.pieces("{cancel-or-quit} stops"), pen.width().saturating_sub(x), Role::Muted);
    }
    let Some(exchange) = &flow.exchange else { return x };
    if flow.answer.is_none() {
        return ended_line(pen, x, y, exchange);
    }
    x = pen.text(x + 3, y, &figures::took(exchange.took), Role::Muted);
    if let Some(answer) = &flow.answer {
        let completion = answer.body.completion();
        let size = if let Completion::LetGo(size) = completion { size } else { answer.body.len() };
        x = pen.text(x + 3, y, &figures::size(size), Role::Muted);
        if let Encoding::Unknown(name) = answer.encoding() {
            x = pen.text(x + 3, y, &format!("still {name}"), Role::Attention);
        }
        if let Completion::Incomplete(_) = completion {
            x = pen.text(x + 3, y, "incomplete", Role::Alarm);
        }
    }
    let with = exchange.attempts.last().map(|attempt| attempt.sent_with.to_string()).unwrap_or_default();
    let healed = if exchange.healed() { "healed, " } else { "" };
    if short {
        return if exchange.healed() { pen.text(x + 3, y, "healed", Role::Muted) } else { x };
    }
    let has_token = exchange.attempts.last().is_some_and(|attempt| attempt.sent_with.token().is_some());
    let words = if has_token { format!("{healed}sent with ") } else { String::new() };
    let room = pen.width().saturating_sub(x + 3);
    if usize::from(room) < width(&words) + width(&with) {
        return x;
    }
    let x = pen.text(x + 3, y, &words, Role::Muted);
    let x = pen.text(x, y, &with, if has_token { Role::Secret } else { Role::Muted });
    let call = format!("{} {}", flow.method, flow.url.path());
    if usize::from(pen.width().saturating_sub(x + 3)) < width(&call) || pen.width() < WIDE {
        return x;
    }
    pen.text(x + 3, y, &call, Role::Muted)
}

/// What stands in place of a status where no answer came.
fn ended_line(pen: &mut Pen<'_>, x: u16, y: u16, exchange: &Exchange) -> u16 {
    let (sign, role, text) = match &exchange.outcome {
        Outcome::Failed(_) => (Sign::Failed, Role::Alarm, "no answer"),
        Outcome::NoToken(_) => (Sign::Failed, Role::Alarm, "no token, nothing was sent"),
        Outcome::Refused(_) => (Sign::Attention, Role::Attention, "not sent"),
        Outcome::Cancelled => (Sign::Attention, Role::Attention, "cancelled"),
        Outcome::Answered => return x,
    };
    let x = pen.sign(x, y, sign, role);
    let x = pen.text(x + 1, y, text, role);
    pen.text(x + 3, y, &figures::took(exchange.took), Role::Muted)
}

fn token_call_line(pen: &mut Pen<'_>, y: u16, call: &TokenCall) -> u16 {
    let mut x = 2;
    if let Some(code) = call.status {
        x = status(pen, x, y, code) + 3;
    }
    x = pen.text(x, y, &figures::took(call.took), Role::Muted);
    pen.cut(x + 3, y, &format!("token call, {}", call.wire), pen.width().saturating_sub(x + 3), Role::Muted)
}

fn status(pen: &mut Pen<'_>, x: u16, y: u16, status: StatusCode) -> u16 {
    let role = status_role(status);
    let x = pen.sign(x, y, status_sign(status), role);
    let x = pen.text(x + 1, y, status.as_str(), role);
    pen.text(x + 1, y, status.canonical_reason().unwrap_or(""), role)
}

fn body(pen: &mut Pen<'_>, app: &App, first: u16) -> Option<(u16, u16)> {
    let last = pen.height().saturating_sub(1);
    let rows = usize::from(last.saturating_sub(first));
    let response = &app.response;
    let Some(document) = &response.document else {
        without_body(pen, app, first);
        return None;
    };
    let count = document.count();
    match document.sent().completion() {
        Completion::Arriving => {}
        _ if count.lines > 0 => {}
        Completion::LetGo(_) => {
            pen.text(2, first, "The body is no longer kept.", Role::Strong);
            let text = "Newer ones needed the room.";
            pen.cut(2, first + 1, text, pen.width().saturating_sub(2), Role::Muted);
        }
        Completion::Complete | Completion::Incomplete(_) => {
            let x = pen.text(2, first, "The answer has no body.", Role::Strong) + 1;
            let fields = shown_flow(app).and_then(|flow| flow.answer.as_ref()).map_or(0, |answer| answer.headers.len());
            if fields > 0 {
                let text = format!("Headers {fields} are in the next tab.");
                pen.cut(x, first, &text, pen.width().saturating_sub(x), Role::Muted);
            }
        }
    }
    if let Some(filter) = response.filter.as_ref().filter(|filter| !filter.code.is_empty()) {
        let above = first.saturating_sub(1);
        let x = pen.text(2, above, "filtered by", Role::Muted) + 1;
        pen.cut(x, above, &filter.code, pen.width().saturating_sub(x + 1), Role::Accent);
    }
    let edge = response.edge();
    let pattern = app.pattern();
    let gutter = response.gutter().filter(|_| !response.is_tail);
    for (at, (line, place)) in response.lines.iter().zip(&response.places).take(rows).enumerate() {
        let y = first + u16::try_from(at).unwrap_or(0);
        let here = place.line == response.cursor && (!response.wrap || place.row == response.row);
        if let Some(columns) = gutter.filter(|_| place.row == 0) {
            pen.right(2 + columns, y, &line.number.to_string(), Role::LineNumber);
        }
        draw_line(pen, y, line, edge, response.left + place.row, response.wrap);
        if here {
            selected(pen, y, app.focus == Pane::Response);
        }
        // Over the tint of the row in hand, in which the hit would drown.
        if let Some(pattern) = &pattern {
            matches(pen, y, line, edge, pattern, here);
        }
    }
    if count.lines > rows as u64 {
        super::thumb(
            pen,
            first,
            rows,
            usize::try_from(response.top).unwrap_or(usize::MAX),
            usize::try_from(count.lines).unwrap_or(usize::MAX),
        );
    }
    below(pen, app, last)
}

/// What there is to say where no head of an answer came.
fn without_body(pen: &mut Pen<'_>, app: &App, first: u16) {
    let Some(exchange) = app.shown_exchange() else { return };
    let (text, hint) = match &exchange.outcome {
        Outcome::Failed(failure) => (failure.text.clone(), failure.hint.clone()),
        Outcome::NoToken(why) => (why.text.clone(), why.hint.clone()),
        Outcome::Refused(refusal) => (refusal.to_string(), Some(refusal.hint())),
        Outcome::Cancelled | Outcome::Answered => return,
    };
    let room = pen.width().saturating_sub(2);
    let y = super::wrapped(pen, 2, first, room, &sentences(&text, None), Role::Text);
    if let Some(hint) = hint {
        super::wrapped(pen, 2, y + 1, room, &sentences(&hint, None), Role::Muted);
    }
}

fn draw_line(pen: &mut Pen<'_>, y: u16, line: &Line, edge: u16, left: usize, wrap: bool) {
    let mut x = edge;
    for span in &line.spans {
        x = pen.text(x, y, &span.text, span_role(span.kind));
    }
    if line.more_right && !wrap {
        let end = pen.width().saturating_sub(2);
        pen.sign(end, y, Sign::Ellipsis, Role::Muted);
    }
    let indent = line.spans.first().map_or(0, |span| span.text.len() - span.text.trim_start().len());
    let sign = match line.fold {
        Some(Fold::Open) => Sign::Unfolded,
        Some(Fold::Closed) => Sign::Folded,
        None => return,
    };
    if left == 0 {
        let at = (edge + u16::try_from(indent).unwrap_or(0)).saturating_sub(2);
        pen.sign(at, y, sign, Role::Muted);
    }
}

pub(super) fn span_role(kind: SpanKind) -> Role {
    match kind {
        SpanKind::Text => Role::Text,
        SpanKind::Key => Role::JsonKey,
        SpanKind::String => Role::JsonString,
        SpanKind::Number => Role::JsonNumber,
        SpanKind::Literal => Role::JsonLiteral,
        SpanKind::Punct => Role::JsonPunct,
        SpanKind::Mark => Role::Attention,
        SpanKind::FoldSummary => Role::Muted,
        SpanKind::Offset => Role::LineNumber,
        SpanKind::Fault => Role::Alarm,
    }
}

/// Lays the tint of a hit over every place of a line that reads like what is looked for.
fn matches(pen: &mut Pen<'_>, y: u16, line: &Line, edge: u16, pattern: &Pattern, here: bool) {
    let text: String = line.spans.iter().map(|span| span.text.as_str()).collect();
    let style = pen.look.style(if here { Role::MatchCurrent } else { Role::Match });
    for place in pattern.in_line(&text) {
        let x = edge + u16::try_from(width(text.get(..place.start).unwrap_or_default())).unwrap_or(0);
        pen.tint(x, y, u16::try_from(width(text.get(place).unwrap_or_default())).unwrap_or(0), style);
    }
}

/// The line under the body: the search being typed or in force, else the path; the position at the right.
fn below(pen: &mut Pen<'_>, app: &App, y: u16) -> Option<(u16, u16)> {
    let response = &app.response;
    let document = response.document.as_ref()?;
    let count = document.count();
    let more = if count.exact { "" } else { "at least " };
    let position = if response.is_tail {
        let part = document.index_end() * 100 / document.body().len().max(1);
        format!("the end, {part} % is looked through")
    } else {
        format!("{} of {more}{}", figures::grouped(response.cursor + 1), figures::grouped(count.lines))
    };
    let way = if document.mode() == Mode::Pretty { String::new() } else { format!("{}   ", document.mode().name()) };
    let fault = document.fault().filter(|_| count.lines > 0);
    let call = response.exchange().and_then(|id| app.sending.of(id)).map(|call| call.since);
    let running = call.or(app.viewing.as_ref().filter(|_| app.is_reading()).map(|viewing| viewing.since));
    let right = if count.lines > 0 && fault.is_none() && running.is_none() {
        pen.right(pen.width().saturating_sub(1), y, &format!("{way}{position}"), Role::Muted)
    } else {
        pen.width()
    };
    let room = right.saturating_sub(4);
    if let Some(editing) = app.editing.as_ref().filter(|editing| editing.target == EditTarget::Search) {
        let x = pen.text(2, y, "/ ", Role::KeyHint);
        let row = editing.editor.row(0, usize::from(room));
        return Some(typed(pen, x, y, &row, pen.look.style(Role::Text)));
    }
    if let Some(editing) = app.editing.as_ref().filter(|editing| editing.target == EditTarget::Filter) {
        let x = pen.text(2, y, "f ", Role::KeyHint);
        let row = editing.editor.row(0, usize::from(room));
        return Some(typed(pen, x, y, &row, pen.look.style(Role::Text)));
    }
    if let Some(since) = running {
        progress(pen, app, y, right, &figures::running(app.now.boot.since(since)));
    } else if let Some(search) = &response.search {
        let found = match (search.hits.len(), search.done) {
            (0, true) => "nothing matches".to_owned(),
            (0, false) => "looking".to_owned(),
            (MOST_HITS.., _) => format!("{} of the first {}", search.at + 1, figures::grouped(MOST_HITS as u64)),
            (hits, done) => format!("{} of {hits}{}", search.at + 1, if done { "" } else { ", looking" }),
        };
        pen.cut(2, y, &format!("/ {}   {found}", search.needle), room, Role::Accent);
    } else if let Completion::Incomplete(why) = document.sent().completion() {
        pen.cut(2, y, &app.masks.masked(&format!("incomplete: {why}")), room, Role::Attention);
    } else if let Some(fault) = fault {
        pen.cut(2, y, &fault.to_string(), room, Role::Attention);
    } else if let Some(about) = document.about().filter(|_| response.here.is_none()) {
        pen.cut(2, y, &format!("{}, {about}", document.kind().name()), room, Role::Muted);
    } else if let Some((path, about)) = &response.here {
        let x = pen.front_cut(2, y, path, room, Role::Accent) + 3;
        if usize::from(right.saturating_sub(x + 2)) >= width(about) {
            pen.text(x, y, about, Role::Muted);
        }
    }
    None
}

/// How much came a second since the head did, once that is long enough ago to say something.
fn rate(app: &App, flow: &Flow, received: u64) -> Option<String> {
    let head = flow.events.iter().rev().find(|event| matches!(event.step, FlowStep::HeadReceived { .. }))?;
    let time = u64::try_from(app.now.boot.since(head.at).as_millis()).ok()?;
    (time >= 100).then(|| format!("{}/s", figures::size(received.saturating_mul(1000) / time)))
}

/// Columns of the pen that draws how much of a body came.
const PROGRESS: u16 = 40;

/// How much of the body came, and of how much where that is known, since when, and what stops it.
fn progress(pen: &mut Pen<'_>, app: &App, y: u16, right: u16, time: &str) {
    let flow = shown_flow(app);
    let received = match (flow, &app.response.document) {
        (Some(flow), _) => flow.answer.as_ref().map_or(0, |answer| answer.body.wire()),
        (None, document) => document.as_ref().map_or(0, |document| document.sent().len()),
    };
    let expected = flow.and_then(|flow| {
        flow.events.iter().rev().find_map(|event| match event.step {
            FlowStep::BodyProgress { expected, .. } => expected,
            _ => None,
        })
    });
    let size = expected.map_or_else(|| figures::size(received), |all| figures::size_of(received, all));
    let rate = flow.and_then(|flow| rate(app, flow, received)).map(|rate| format!("{rate}   ")).unwrap_or_default();
    let text = app.pieces(&format!("{size}   {rate}{time}   {{cancel-or-quit}} stops"));
    let columns: usize = text.iter().map(|piece| width(piece.text())).sum();
    let room = right.saturating_sub(7 + u16::try_from(columns).unwrap_or(0)).min(PROGRESS);
    let mut x = 2;
    if let Some(all) = expected.filter(|all| *all > 0 && room >= 4) {
        #[expect(clippy::cast_precision_loss, reason = "half a column is drawn")]
        let part = received as f64 / all as f64;
        pen.line(x, y, room, Sign::Hairline, Role::LifeSpent);
        pen.bar(x, y, room, 0.0..part, true, Role::Accent);
        x += room + 3;
    }
    pen.pieces(x, y, &text, right.saturating_sub(x + 2), Role::Muted);
}
