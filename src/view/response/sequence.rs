//! The Flow tab: who said what to whom, as lifelines with arrows between them; where they have no room, as a list.

use std::time::Duration;

use crate::{
    app::{
        App,
        focus::Pane,
        response::sequence::{Mark, Party, Step},
        timeline::{Bracket, Flow},
        wrap::words,
    },
    config::theme::{Role, Sign},
    domain::figures,
    view::{
        self,
        pen::{Pen, width},
        selected, status_role, status_sign, thumb,
    },
};

/// Columns of the pane from which on there are lifelines: those of a screen of 60.
const LIFELINES: u16 = 58;
/// Columns from which on there is room for names below the names.
const WIDE: u16 = 90;

pub(super) fn render(pen: &mut Pen<'_>, app: &App, first: u16) {
    let Some(flow) = app.shown_flow() else { return };
    let steps = app.sequence();
    let last = pen.height().saturating_sub(1);
    let says = if pen.width() < WIDE {
        "Secrets are masked; tok# stands for one."
    } else {
        "The steps that -v, the timeline and the history tell. Secrets are masked: tok#N stands for the Nth token."
    };
    pen.cut(2, last, says, pen.width().saturating_sub(3), Role::Muted);
    if pen.width() < LIFELINES {
        return list(pen, app, first, last, &steps);
    }
    let lanes = Lanes::of(pen.width(), Party::of(flow));
    let below = names(pen, app, flow, &lanes, first);
    let page = usize::from(last.saturating_sub(below));
    // Blank rows between the steps where all of them have room for one.
    let heights = |gap: usize| steps.iter().map(|step| lanes.height(step) + gap).collect::<Vec<_>>();
    let (roomy, tight) = (heights(1), heights(0));
    let heights = if roomy.iter().sum::<usize>() <= page { roomy } else { tight };
    let whole: usize = heights.iter().sum();
    // The step in hand is in sight; while it goes on, the newest is.
    let in_hand = if flow.is_running() { steps.len() } else { app.response.in_hand + 1 };
    let end: usize = heights.iter().take(in_hand).sum();
    let top = end.saturating_sub(page).min(whole.saturating_sub(page));
    let mut y = 0;
    for (at, (step, height)) in steps.iter().zip(&heights).enumerate() {
        let from = y;
        y += height;
        for row in from..y {
            let Some(place) = row.checked_sub(top).filter(|place| *place < page) else { continue };
            let place = below + u16::try_from(place).unwrap_or(0);
            lanes.lifelines(pen, place);
            draw(pen, place, step, row - from, &lanes);
            if at == app.response.in_hand && row == from {
                selected(pen, place, app.focus == Pane::Response);
            }
        }
    }
    for row in (whole..page).take(1) {
        lanes.lifelines(pen, below + u16::try_from(row).unwrap_or(0));
    }
    thumb(pen, below, page, top, whole);
}

/// Where each party stands.
struct Lanes {
    parties: &'static [Party],
    places: Vec<u16>,
    /// The column behind the time of a step.
    time: u16,
    end: u16,
}

impl Lanes {
    fn of(columns: u16, parties: &'static [Party]) -> Self {
        let time = 11;
        let end = columns.saturating_sub(2);
        let (from, to) = (time + 4, end.saturating_sub(if columns < WIDE { 3 } else { 8 }));
        let span = to.saturating_sub(from);
        let place = |party: &Party| match (party, parties.contains(&Party::You)) {
            (Party::You, _) => from,
            (Party::Authscope, true) => from + span * 26 / 100,
            (Party::TokenEndpoint, _) => from + span * 60 / 100,
            (Party::Api, _) => to,
            (Party::Authscope, false) => from + 6,
        };
        Self { parties, places: parties.iter().map(place).collect(), time, end }
    }

    fn place(&self, party: Party) -> u16 {
        self.parties.iter().position(|known| *known == party).and_then(|at| self.places.get(at)).copied().unwrap_or(0)
    }

    /// The first column of what is decided, and how many there are.
    fn decided(&self) -> (u16, u16) {
        let from = self.place(Party::Authscope) + 2;
        (from, self.places.last().copied().unwrap_or(self.end).max(self.end.min(from + 30)).saturating_sub(from + 1))
    }

    fn note(&self, step: &Step) -> Vec<String> {
        let (_, room) = self.decided();
        let room = room.saturating_sub(if step.mark.is_some() { 2 } else { 0 });
        words(&step.text, usize::from(room))
    }

    fn height(&self, step: &Step) -> usize {
        if step.way.is_some() { 2 } else { self.note(step).len().clamp(1, 3) }
    }

    fn lifelines(&self, pen: &mut Pen<'_>, y: u16) {
        for x in &self.places {
            pen.sign(*x, y, Sign::BracketMiddle, Role::Rule);
        }
    }
}

/// Who takes part; gives the row below.
fn names(pen: &mut Pen<'_>, app: &App, flow: &Flow, lanes: &Lanes, y: u16) -> u16 {
    let centred = |pen: &mut Pen<'_>, x: u16, y: u16, text: &str, most: u16, role| {
        let columns = u16::try_from(width(text)).unwrap_or(u16::MAX).min(most);
        let from = x.saturating_sub(columns / 2).min(lanes.end.saturating_sub(columns));
        pen.front_cut(from, y, text, columns, role);
    };
    let token_path = flow.trips.iter().find(|trip| trip.is_token_call).map(|trip| &trip.url);
    let profile = flow.exchange.as_ref().map(|exchange| &exchange.profile);
    for party in lanes.parties {
        let x = lanes.place(*party);
        centred(pen, x, y, party.name(), 14, Role::Strong);
        if pen.width() < WIDE {
            continue;
        }
        let about = match party {
            Party::You => continue,
            Party::Authscope => profile.cloned().unwrap_or_else(|| app.environment.profile().name.clone()),
            Party::TokenEndpoint => token_path.map(|url| url.path().to_owned()).unwrap_or_default(),
            Party::Api => flow.url[url::Position::BeforeHost..url::Position::AfterPort].to_owned(),
        };
        centred(pen, x, y + 1, &app.masks.masked(&about), 24, Role::Muted);
    }
    y + if pen.width() < WIDE { 1 } else { 2 }
}

/// One row of a step; the first of a message says what it says, the second is its arrow.
fn draw(pen: &mut Pen<'_>, y: u16, step: &Step, row: usize, lanes: &Lanes) {
    if row == 0 {
        pen.right(lanes.time, y, &relative(step.after), Role::Muted);
    }
    let Some((from, to)) = step.way else {
        let (x, room) = lanes.decided();
        let said = lanes.note(step);
        let Some(line) = said.get(row) else { return };
        let x = if row == 0 { mark(pen, x, y, step.mark, 1) } else { x };
        // A little air around what runs over a lifeline.
        pen.cut(x, y, line, room, if step.mark == Some(Mark::Running) { Role::Accent } else { Role::Text });
        return;
    };
    let (left, right) = (lanes.place(from).min(lanes.place(to)), lanes.place(from).max(lanes.place(to)));
    let role = match step.mark {
        Some(Mark::Status(status)) => status_role(status),
        Some(Mark::Failed) => Role::Alarm,
        Some(Mark::Attention) => Role::Attention,
        Some(Mark::Running) | None => Role::Muted,
    };
    match row {
        0 => {
            // What has no room above its own arrow goes on to the right of it.
            let all = lanes.places.last().copied().unwrap_or(right).max(right);
            let room = if usize::from(right.saturating_sub(left + 3)) >= columns(step) { right } else { all };
            let end = said(pen, left + 2, y, step, room.saturating_sub(1));
            // No lifeline is taken for a letter of the text.
            if end < room {
                pen.text(end, y, " ", Role::Text);
            }
        }
        1 => {
            pen.line(left + 1, y, right.saturating_sub(left + 1), Sign::Hairline, role);
            if from < to {
                pen.sign(right.saturating_sub(1), y, Sign::ArrowRight, role);
            } else {
                pen.sign(left + 1, y, Sign::ArrowLeft, role);
            }
        }
        _ => {}
    }
}

/// Columns of what a message says.
fn columns(step: &Step) -> usize {
    let mark = match step.mark {
        Some(Mark::Status(_)) => 7,
        Some(_) => 2,
        None => 0,
    };
    let parts = [step.text.as_str(), step.token.as_deref().unwrap_or_default(), &step.tail];
    let parts = parts.map(width).into_iter().filter(|part| *part > 0).map(|part| part + 3);
    mark + parts.sum::<usize>().saturating_sub(3)
}

/// The sign of what it came to, and so many blanks; gives the column behind it.
fn mark(pen: &mut Pen<'_>, x: u16, y: u16, mark: Option<Mark>, gap: u16) -> u16 {
    match mark {
        Some(Mark::Status(status)) => {
            let role = status_role(status);
            let x = pen.sign(x, y, status_sign(status), role);
            pen.text(x + 1, y, status.as_str(), role) + gap
        }
        Some(Mark::Failed) => pen.sign(x, y, Sign::Failed, Role::Alarm) + gap,
        Some(Mark::Attention) => pen.sign(x, y, Sign::Attention, Role::Attention) + gap,
        Some(Mark::Running) => pen.sign(x, y, Sign::Ellipsis, Role::Accent) + gap,
        None => x,
    }
}

/// What a message says, up to a column: its own words give way to what else there is to know. Gives the column behind it.
fn said(pen: &mut Pen<'_>, x: u16, y: u16, step: &Step, end: u16) -> u16 {
    let gap = if matches!(step.mark, Some(Mark::Status(_))) { 2 } else { 1 };
    let start = x;
    let x = mark(pen, x, y, step.mark, gap);
    let token = step.token.as_deref().unwrap_or_default();
    let behind = [token, &step.tail].into_iter().filter(|part| !part.is_empty()).map(|part| width(part) + 3);
    let behind = u16::try_from(behind.sum::<usize>()).unwrap_or(u16::MAX);
    let room = end.saturating_sub(x).saturating_sub(behind);
    let mut x = x;
    if !step.text.is_empty() && room >= 4 {
        let role = match step.mark {
            Some(Mark::Failed) => Role::Alarm,
            Some(Mark::Attention) => Role::Attention,
            _ => Role::Text,
        };
        x = match step.text.split_once(" /") {
            // The end of a path says more than its beginning.
            Some((method, path)) if step.mark.is_none() => {
                let at = pen.text(x, y, method, role) + 1;
                pen.front_cut(at, y, &format!("/{path}"), room.saturating_sub(at - x), role)
            }
            _ => pen.cut(x, y, &step.text, room, role),
        };
    }
    for (part, role) in [(token, Role::Secret), (step.tail.as_str(), Role::Muted)] {
        if !part.is_empty() {
            let gap = if x == start || (step.text.is_empty() && part == token) { 0 } else { 3 };
            x = pen.cut(x + gap, y, part, end.saturating_sub(x + gap), role);
        }
    }
    x
}

/// The time of a step, from the beginning.
fn relative(after: Duration) -> String {
    if after.is_zero() { "0 ms".to_owned() } else { format!("+{}", figures::took(after)) }
}

/// A row a step: the time, the bracket, the other side, and what was said.
fn list(pen: &mut Pen<'_>, app: &App, first: u16, last: u16, steps: &[Step]) {
    let rows = usize::from(last.saturating_sub(first));
    let in_hand = if app.shown_flow().is_some_and(Flow::is_running) { steps.len() } else { app.response.in_hand + 1 };
    let top = in_hand.min(steps.len()).saturating_sub(rows);
    let end = pen.width().saturating_sub(2);
    for (at, step) in steps.iter().enumerate().skip(top).take(rows) {
        let y = first + u16::try_from(at - top).unwrap_or(0);
        let x = pen.right(11, y, &relative(step.after), Role::Muted);
        debug_assert!(x < 12, "a time has its columns");
        let place = match at {
            0 if steps.len() == 1 => Bracket::Alone,
            0 => Bracket::Top,
            at if at + 1 == steps.len() => Bracket::Bottom,
            _ => Bracket::Middle,
        };
        view::bracket(pen, 12, y, place);
        match step.way {
            Some((from, to)) => {
                let other = if from == Party::Authscope { to } else { from };
                let sign = if from == Party::Authscope { Sign::ArrowRight } else { Sign::ArrowLeft };
                let name = if other == Party::TokenEndpoint { "token" } else { other.name() };
                let x = pen.sign(14, y, sign, Role::Muted);
                pen.text(x + 1, y, name, Role::Muted);
                said(pen, 22, y, step, end);
            }
            None => {
                let x = mark(pen, 16, y, step.mark, 1);
                pen.cut(x, y, &step.text, end.saturating_sub(x), Role::Muted);
            }
        }
        if at == app.response.in_hand {
            selected(pen, y, app.focus == Pane::Response);
        }
    }
    thumb(pen, first, rows, top, steps.len());
}
