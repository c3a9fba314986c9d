//! The token: how it stands, how long, what is known of it, what it says of itself, and those before it.

use serde_json::Value;

use super::{
    digits, heading,
    pen::{Pen, width},
    top_line,
};
use crate::{
    app::{App, focus::Pane, layout::Areas, notice::sentences, token::TokenState, wrap::words},
    config::theme::{Role, Sign, Signs},
    domain::{
        figures,
        jwt::Jwt,
        token::{TokenEnd, TokenFacts, TokenPolicy},
    },
};

/// Rows from which on the time left is drawn large.
const ROOM_FOR_DIGITS: u16 = 24;

/// A line of the pane below the state.
enum Line {
    Fact(String, String, Role),
    /// A token that is over: its label, its pseudonym, how it ended, and when.
    Earlier(&'static str, String, (&'static str, Role), String),
    Title(String),
    /// A line of a note, and whether it is the first one.
    Note(bool, String),
    Blank,
}

pub(super) fn render(pen: &mut Pen<'_>, app: &App, areas: &Areas) {
    let name = app.token().map(|token| token.serial.to_string()).unwrap_or_default();
    if areas.shared_lower_left {
        shared_heading(pen, app);
    } else {
        heading::titled(pen, 0, app, Pane::Token, &name);
    }
    let Some(token) = app.token() else { return empty(pen, app) };
    let first = if areas.shared_lower_left { 1 } else { 2 };
    let below = state(pen, app, token, first);
    let labels = if pen.width() >= WIDE { 12 } else { 9 };
    let lines = lines(app, token, labels, pen.width());
    let room = usize::from(pen.height().saturating_sub(below));
    let top = usize::from(app.scrolls.token).min(lines.len().saturating_sub(room));
    for (at, line) in lines.iter().skip(top).take(room).enumerate() {
        let y = below + u16::try_from(at).unwrap_or(0);
        // The last column is the thumb's.
        let end = pen.width().saturating_sub(u16::from(lines.len() > room));
        match line {
            Line::Fact(label, value, role) => {
                pen.cut(2, y, label, end.saturating_sub(2), Role::Muted);
                pen.cut(labels + 2, y, value, end.saturating_sub(labels + 2), *role);
            }
            Line::Earlier(label, serial, (how, role), when) => {
                pen.text(2, y, label, Role::Muted);
                let mut x = labels + 2;
                for (text, role) in [(serial.as_str(), Role::Secret), (how, *role), (when.as_str(), Role::Muted)] {
                    x = pen.cut(x, y, text, end.saturating_sub(x), role) + 1;
                }
            }
            Line::Title(text) => {
                let x = pen.text(0, y, text, Role::Strong) + 1;
                pen.line(x, y, end.saturating_sub(x), Sign::Hairline, Role::Rule);
            }
            Line::Note(first, text) => {
                if *first {
                    pen.sign(0, y, Sign::Attention, Role::Attention);
                }
                pen.cut(2, y, text, end.saturating_sub(2), Role::Muted);
            }
            Line::Blank => {}
        }
    }
    super::thumb(pen, below, room, top, lines.len());
}

/// One heading for token and credentials where they share a place.
fn shared_heading(pen: &mut Pen<'_>, app: &App) {
    let mut x = 0;
    for pane in [Pane::Token, Pane::Credentials] {
        let role = match (app.focus == pane, app.lower_left == pane) {
            (true, _) => Role::Focus,
            (_, true) => Role::Strong,
            _ => Role::Muted,
        };
        x = pen.text(x, 0, &pane.number().to_string(), Role::Muted);
        let style = pen.look.style(role);
        let style = if app.lower_left == pane { style.underlined() } else { style };
        x = pen.styled(x + 1, 0, pane.title(), style) + 2;
    }
    heading::rule(pen, 0, app, app.lower_left, x.saturating_sub(1), pen.width());
}

fn empty(pen: &mut Pen<'_>, app: &App) {
    let lines: &[(&str, Role)] = match app.token_state() {
        TokenState::Fetching(_) => &[("A token is on its way.", Role::Strong)],
        TokenState::CredentialsRefused => &[
            ("The credentials are refused.", Role::Strong),
            ("", Role::Muted),
            ("{why-refused} says why", Role::Muted),
        ],
        TokenState::Waiting(_) => &[
            ("No token could be had.", Role::Strong),
            ("", Role::Muted),
            ("{renew-token}  asks again at once", Role::Muted),
        ],
        _ => &[
            ("No token yet.", Role::Strong),
            ("", Role::Muted),
            ("Sending fetches one.", Role::Muted),
            ("", Role::Muted),
            ("{renew-token}  fetches one now", Role::Muted),
        ],
    };
    for (at, (text, role)) in lines.iter().enumerate() {
        let y = 2 + u16::try_from(at).unwrap_or(0);
        pen.pieces(2, y, &app.pieces(text), pen.width().saturating_sub(2), *role);
    }
    let held = app.status.as_ref().ok().and_then(|status| {
        status.credentials_refused.as_ref().or(status.held_until.as_ref().map(|(_, why)| why)).cloned()
    });
    let Some(why) = held else { return };
    super::wrapped(pen, 2, 7, pen.width().saturating_sub(2), &sentences(&why.text, None), Role::Text);
}

/// The state and the time left; gives the row below.
fn state(pen: &mut Pen<'_>, app: &App, token: &TokenFacts, first: u16) -> u16 {
    let (sign, word, clock, badge) = top_line::badge(app);
    let role = match badge {
        Role::BadgeLive => Role::Ok,
        Role::BadgeExpiring => Role::Attention,
        Role::BadgeExpired | Role::BadgeRefused => Role::Alarm,
        Role::BadgeBusy => Role::Accent,
        _ => Role::Muted,
    };
    let large = matches!(app.token_state(), TokenState::Live(Some(_)) | TokenState::Expiring(_))
        && pen.height() >= ROOM_FOR_DIGITS
        && pen.look.signs() == Signs::Unicode;
    let rows = if large { digits::rows(clock.trim()) } else { None };
    // The word stands two blanks behind the digits, or one where the pane is narrow.
    let beside = width(word) + 2;
    let gap = |rows: &[String; 3]| {
        let room = usize::from(pen.width()).checked_sub(2 + width(&rows[0]) + beside)?;
        (room > 0).then_some(if room > 1 { 2 } else { 1 })
    };
    let Some((rows, gap)) = rows.and_then(|rows| gap(&rows).map(|gap| (rows, gap))) else {
        let x = pen.sign(2, first, sign, role);
        let x = pen.text(x + 1, first, word, role);
        pen.text(x + 2, first, clock.trim(), role);
        return first + 2;
    };
    let mut end = 0;
    for (at, row) in (first..).zip(&rows) {
        end = pen.text(2, at, row, role);
    }
    let x = pen.sign(end + gap, first, sign, role);
    pen.text(x + 1, first, word, role);
    if let Some(at) = token.expires_at() {
        pen.text(end + gap, first + 2, &format!("to {}", figures::clock_short(at, &app.zone)), Role::Muted);
    }
    first + 4
}

/// Columns of a pane from which on its labels have more room.
const WIDE: u16 = 36;

/// What is known of the token, in a pane of so many columns, so many of them for the labels.
fn lines(app: &App, token: &TokenFacts, labels: u16, columns: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut fact = |label: &str, value: String, role: Role| lines.push(Line::Fact(label.to_owned(), value, role));
    let now = app.now.boot;
    let on_wall = |at| figures::moment(at, app.now.wall, &app.zone);
    fact("bearer", format!("{} B  {}", figures::grouped(token.size as u64), token.fingerprint), Role::Secret);
    fact("issued", format!("{} {}", on_wall(token.issued), figures::ago(now.since(token.sent))), Role::Text);
    fact("expires", token.expires_at().map_or("not told".to_owned(), on_wall), Role::Text);
    if let Some(status) = app.status.as_ref().ok().filter(|status| status.token.is_some()) {
        let at = token.expires_at().and_then(|at| at.checked_sub(token.margin).ok());
        let renews = match at {
            Some(at) if status.renews_by_timer && at > app.now.wall => on_wall(at),
            _ if app.environment.policy() == TokenPolicy::Manual => "when asked".to_owned(),
            _ => "at the next send".to_owned(),
        };
        fact("renews", renews, Role::Text);
        let times = match status.used {
            0 => "not yet".to_owned(),
            1 => "once".to_owned(),
            times => format!("{} times", figures::grouped(times)),
        };
        fact("used", times, Role::Text);
    }
    fact("gen", token.generation.0.to_string(), Role::Text);
    fact("policy", app.environment.policy().name().to_owned(), Role::Text);
    if let Some(scope) = &token.scope {
        fact("scope", scope.clone(), Role::Text);
    }
    fact("skew", token.skew_ms.map_or("not measured".to_owned(), figures::skew), Role::Text);
    let earlier = app.status.as_ref().map(|status| status.earlier.as_slice()).unwrap_or_default();
    for (at, (token, end, when)) in earlier.iter().enumerate() {
        if at == 0 {
            lines.push(Line::Blank);
        }
        let label = if at == 0 { "earlier" } else { "" };
        let role = if *end == TokenEnd::Refused { Role::Attention } else { Role::Muted };
        let when = figures::clock_short(*when, &app.zone);
        lines.push(Line::Earlier(label, token.serial.to_string(), (end.word(), role), when));
    }
    if !token.notes.is_empty() {
        lines.push(Line::Blank);
        for note in &token.notes {
            let words = words(&note.words(), usize::from(columns.saturating_sub(3)));
            lines.extend(words.into_iter().enumerate().map(|(at, line)| Line::Note(at == 0, line)));
        }
    }
    lines.push(Line::Blank);
    claims(app, token.jwt.as_ref(), labels, &mut lines);
    lines
}

/// What the token says of itself. Nobody has checked its signature here.
/// A name that is longer than a label has a line of its own.
fn claims(app: &App, jwt: Option<&Jwt>, labels: u16, lines: &mut Vec<Line>) {
    let Some(jwt) = jwt else {
        lines.push(Line::Title("Claims".to_owned()));
        lines.push(Line::Fact("none".to_owned(), "the token is opaque".to_owned(), Role::Muted));
        return;
    };
    let algorithm = jwt.header.get("alg").and_then(Value::as_str).unwrap_or("no alg");
    lines.push(Line::Title(format!("Claims, {algorithm}, unchecked")));
    for (name, value) in &jwt.claims {
        let time = matches!(name.as_str(), "exp" | "iat" | "nbf").then(|| jwt.seconds(name)).flatten();
        let time = time.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let text = match (time, value) {
            (Some(time), _) => figures::moment(time, app.now.wall, &app.zone),
            (None, Value::String(text)) => text.clone(),
            (None, other) => other.to_string(),
        };
        let mut name = name.clone();
        if width(&name) >= usize::from(labels) {
            lines.push(Line::Fact(std::mem::take(&mut name), String::new(), Role::Text));
        }
        lines.push(Line::Fact(name, app.masks.masked(&text), Role::Text));
    }
}
