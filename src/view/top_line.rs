//! The top line and the life line: the token on the left, where it goes on the right, and how long it will live below.
//! They never leave the screen and never dim.

use ratatui::{buffer::Buffer, layout::Rect, style::Color};

use super::pen::{Pen, width};
use crate::{
    app::{
        App,
        layout::Areas,
        token::{NextStep, Piece, TokenState},
    },
    config::theme::{Look, Role, Sign, ThemeName},
    domain::{
        figures,
        origin::Origin,
        profile::{Colour, Place},
        token::{TokenFacts, TokenPolicy},
    },
};

/// Draws both.
pub(super) fn render(buffer: &mut Buffer, areas: &Areas, app: &App, look: &Look) {
    top(&mut Pen::new(buffer, look, areas.top), app);
    if let Some(area) = areas.life {
        life(&mut Pen::new(buffer, look, area), app, area);
    }
}

/// The sign, the word, the clock and the role of the badge.
pub(super) fn badge(app: &App) -> (Sign, &'static str, String, Role) {
    let state = app.token_state();
    let word = state.word();
    let padded = |clock: String| format!("{clock:>5}");
    let (sign, clock, role) = match state {
        TokenState::NoToken => (Sign::Empty, String::new(), Role::BadgeNone),
        TokenState::Fetching(time) | TokenState::Renewing(time) => {
            (Sign::Ellipsis, figures::running(time), Role::BadgeBusy)
        }
        TokenState::Live(None) => (Sign::Usable, "--:--".to_owned(), Role::BadgeLive),
        TokenState::Live(Some(left)) => (Sign::Usable, padded(figures::left(left)), Role::BadgeLive),
        TokenState::Expiring(left) => (Sign::Attention, padded(figures::left(left)), Role::BadgeExpiring),
        TokenState::Expired(ago) => {
            (Sign::Empty, format!("{} ago", figures::counted(ago.as_secs())), Role::BadgeExpired)
        }
        TokenState::Refused(at) => (Sign::Failed, figures::clock(at, &app.zone), Role::BadgeRefused),
        TokenState::CredentialsRefused => (Sign::Failed, String::new(), Role::BadgeRefused),
        TokenState::Waiting(left) => (Sign::Attention, figures::left(left), Role::BadgeExpiring),
    };
    (sign, word, clock, role)
}

/// Where calls go, as the right end of the top line says it.
struct Whereabouts {
    sign: Option<Sign>,
    /// The name of the environment; `PRODUCTION` for one that moves money.
    name: String,
    credential: String,
    host: String,
    /// What calls meet on their way, whole and in a word: a proxy, or what the lab has the sandbox do.
    via: Option<(String, &'static str)>,
    /// The colour that a person gave the profile.
    colour: Option<Colour>,
    production: bool,
}

impl Whereabouts {
    fn of(app: &App) -> Self {
        let profile = app.environment.profile();
        let production = profile.place == Place::Production;
        let sign = match profile.place {
            Place::Sandbox => Some(Sign::Sandbox),
            Place::Production => Some(Sign::Production),
            Place::Ordinary => None,
        };
        let host = profile.base_url.host_str().unwrap_or_default();
        let host = profile.base_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let name = if production { "PRODUCTION".to_owned() } else { profile.name.clone() };
        // Without room for more it is left out like the host; the answer of a call says it too.
        let proxy = Origin::of(&profile.base_url).and_then(|origin| profile.proxy_for(&origin).cloned());
        let via = proxy.filter(|_| app.size.0 >= 60).map(|proxy| {
            let address = proxy.to_string();
            (format!("via {}", address.split_once("://").map_or(address.as_str(), |(_, place)| place)), "via proxy")
        });
        // A fault that somebody forgot is nobody's riddle: it is named as long as it is there, at any width with words.
        let via = via.or_else(|| app.lab.label().filter(|_| profile.place == Place::Sandbox));
        let colour = profile.colour.filter(|_| profile.place == Place::Ordinary);
        let credential = app.environment.credential_name().to_owned();
        Self { sign, name, credential, host, via, colour, production }
    }

    /// Through what calls go, as far as there is room for it.
    fn through(&self, parts: Parts) -> Option<String> {
        let (whole, word) = self.via.as_ref()?;
        (parts >= Parts::Name).then(|| if parts >= Parts::Host { whole.clone() } else { (*word).to_owned() })
    }

    fn columns(&self, parts: Parts, gap: usize) -> usize {
        let mut columns = self.sign.map_or(0, |_| 1);
        if parts >= Parts::Name {
            columns += width(&self.name) + usize::from(self.sign.is_some());
        }
        columns += if self.production { 2 } else { 0 };
        if parts >= Parts::Credential && !self.credential.is_empty() {
            columns += width(&self.credential) + 2 + 2 * gap;
        }
        if parts >= Parts::Host {
            columns += width(&self.host) + 2;
        }
        columns + self.through(parts).map_or(0, |via| width(&via) + 2)
    }

    fn draw(&self, pen: &mut Pen<'_>, x: u16, parts: Parts, gap: usize) {
        let mut x = x;
        if parts >= Parts::Credential && !self.credential.is_empty() {
            x = pen.text(x, 0, &self.credential, Role::Text);
            let gap = " ".repeat(gap);
            x = pen.text(x, 0, &format!("{gap}at{gap}"), Role::Muted);
        }
        let sign = self.sign.map_or("", |sign| pen.look.sign(sign));
        let name = if parts >= Parts::Name { self.name.as_str() } else { "" };
        let blank = if sign.is_empty() || name.is_empty() { "" } else { " " };
        let text = format!("{sign}{blank}{name}");
        x = if self.production {
            pen.text(x, 0, &format!(" {text} "), Role::Production)
        } else {
            let style = pen.look.style(Role::Strong);
            let colour = self.colour.filter(|_| pen.look.theme() != ThemeName::Mono);
            pen.styled(x, 0, &text, colour.map_or(style, |colour| style.fg(painted(colour))))
        };
        if parts >= Parts::Host {
            x = pen.text(x + 2, 0, &self.host, Role::Muted);
        }
        if let Some(via) = self.through(parts) {
            pen.text(x + 2, 0, &via, Role::Attention);
        }
    }
}

/// One of the terminal's own sixteen, so that a person's theme has a say in it.
fn painted(colour: Colour) -> Color {
    match colour {
        Colour::Red => Color::Red,
        Colour::Yellow => Color::Yellow,
        Colour::Green => Color::Green,
        Colour::Cyan => Color::Cyan,
        Colour::Blue => Color::Blue,
        Colour::Magenta => Color::Magenta,
    }
}

/// How much of the right end is shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Parts {
    Sign,
    Name,
    Credential,
    Host,
}

fn top(pen: &mut Pen<'_>, app: &App) {
    let whereabouts = Whereabouts::of(app);
    if whereabouts.production {
        let style = pen.look.style(Role::ProductionLine);
        pen.tint(0, 0, pen.width(), style);
    }
    let columns = usize::from(pen.width());
    let (sign, word, clock, role) = badge(app);
    let badge = match columns {
        0..9 => pen.look.sign(sign).to_owned(),
        9..30 => {
            let clock = clock.trim();
            // The sign of the environment has room behind it, or the clock has none.
            let fits = !clock.is_empty() && width(clock) + 5 + whereabouts.columns(Parts::Sign, 1) <= columns;
            let clock = if fits { format!("{clock} ") } else { String::new() };
            format!(" {} {clock}", pen.look.sign(sign))
        }
        _ if clock.is_empty() => format!(" {} {word} ", pen.look.sign(sign)),
        _ => format!(" {} {word}  {clock} ", pen.look.sign(sign)),
    };
    let margin = u16::from(columns >= 30);
    let mut x = pen.text(margin, 0, &badge, role);
    if columns < 9 {
        return;
    }
    let gap = if columns >= 100 { 2 } else { 1 };
    let name = app.token().map(|token| token.serial.to_string()).filter(|_| columns >= 44);
    let next = if columns >= 60 { next_step(app, columns) } else { Vec::new() };
    let named = name.as_ref().map_or(0, |name| width(name) + 2);
    let told: usize = next.iter().map(|piece| width(piece.text())).sum();
    let left = usize::from(x) + named + if told > 0 { told + 2 } else { 0 };
    // What goes first is left out of every narrower line, too.
    let widest = match columns {
        100.. => Parts::Host,
        60.. => Parts::Credential,
        _ => Parts::Name,
    };
    let room = columns.saturating_sub(1);
    let parts = [Parts::Host, Parts::Credential, Parts::Name]
        .into_iter()
        .find(|parts| *parts <= widest && left + 2 + whereabouts.columns(*parts, gap) <= room)
        .unwrap_or_else(|| {
            let named = usize::from(x) + 1 + whereabouts.columns(Parts::Name, gap) <= room;
            if named && columns >= 16 { Parts::Name } else { Parts::Sign }
        });
    let right = room.saturating_sub(whereabouts.columns(parts, gap));
    let right = u16::try_from(right).unwrap_or(u16::MAX);
    let end = right.saturating_sub(2);
    if let Some(name) = name.filter(|name| usize::from(x) + 2 + width(name) <= usize::from(end)) {
        x = pen.text(x + 2, 0, &name, Role::Secret);
    }
    if !next.is_empty() && x + 2 < end {
        pen.pieces(x + 2, 0, &next, end - x - 2, Role::Muted);
    }
    if right >= x || columns < 30 {
        whereabouts.draw(pen, right, parts, gap);
    }
}

fn next_step(app: &App, columns: usize) -> Vec<Piece> {
    let NextStep { mut long, short } = app.next_step();
    if columns < 100 {
        return short;
    }
    if let Some(skew) = app.token().and_then(|token| token.skew_ms).filter(|skew| skew.unsigned_abs() >= 2000) {
        long.push(Piece::Words(format!("   skew {}", figures::skew(skew))));
    }
    long
}

/// What is left of the token's life, drained to the left; a notch where it will be renewed.
fn life(pen: &mut Pen<'_>, app: &App, area: Rect) {
    pen.line(0, 0, area.width, Sign::Hairline, Role::LifeSpent);
    let Some(token) = app.token() else { return };
    let state = app.token_state();
    let role = match state {
        TokenState::Live(_) => Role::Ok,
        TokenState::Expiring(_) | TokenState::Waiting(_) => Role::Attention,
        TokenState::Refused(_) => Role::Alarm,
        TokenState::Fetching(_) | TokenState::Renewing(_) => Role::Accent,
        TokenState::NoToken | TokenState::Expired(_) | TokenState::CredentialsRefused => return,
    };
    let (Some(life), Some(left)) = (token.life, token.remaining(app.now.boot)) else {
        pen.line(0, 0, area.width, Sign::Pen, role);
        return;
    };
    if life.is_zero() {
        return;
    }
    let halves = left.as_secs_f64() / life.as_secs_f64() * f64::from(area.width) * 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nothing and two screens")]
    let halves = halves.ceil().clamp(0.0, f64::from(area.width) * 2.0) as u32;
    for x in 0..area.width {
        let cell = u32::from(x);
        if matches!(state, TokenState::Refused(_)) {
            if halves > 2 * cell {
                pen.sign(x, 0, Sign::Refused, role);
            }
        } else if halves >= 2 * cell + 2 {
            pen.sign(x, 0, Sign::Pen, role);
        } else if halves == 2 * cell + 1 {
            pen.sign(x, 0, Sign::HalfPen, role);
        }
    }
    if let Some(x) = notch(app, token, area.width) {
        let lit = halves >= 2 * u32::from(x) + 2;
        pen.sign(x, 0, Sign::Notch, if lit { role } else { Role::LifeSpent });
    }
}

/// The column at which the token will be renewed, if anything will.
fn notch(app: &App, token: &TokenFacts, width: u16) -> Option<u16> {
    let by_timer = app.status.as_ref().is_ok_and(|status| status.renews_by_timer);
    let shown = matches!(app.token_state(), TokenState::Live(_) | TokenState::Expiring(_));
    let life = token.life.filter(|life| !life.is_zero())?;
    if !by_timer || !shown || app.environment.policy() == TokenPolicy::Manual {
        return None;
    }
    let at = (token.margin.as_secs_f64() / life.as_secs_f64() * f64::from(width)).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a margin is a part of the life")]
    let at = at as u16;
    (at < width).then_some(at)
}
