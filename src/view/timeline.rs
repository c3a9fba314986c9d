//! What happened, a row a call; the calls of one exchange are tied by a bracket.

use std::time::Duration;

use super::{bracket, heading, method_columns, method_role, pen::Pen, selected, status_role, status_sign};
use crate::{
    app::{
        App, EditTarget,
        focus::Pane,
        layout,
        timeline::{Bracket, Flow, Row, Trip},
    },
    config::theme::{Role, Sign},
    domain::{exchange::Outcome, figures},
};

/// The first of the columns at the right of each row, by the width of the pane.
struct Columns {
    /// Whether times have milliseconds.
    precise: bool,
    bracket: u16,
    method: u16,
    path: u16,
    status: u16,
    /// Columns of the bar at the end of each row, if there is room for one.
    bar: u16,
}

impl Columns {
    fn of(width: u16, alone: bool, methods: u16) -> Self {
        let precise = width >= 98;
        let time = if precise { 12 } else { 8 };
        let bracket = 2 + time + 2;
        let (method, path) = (bracket + 2, bracket + 2 + methods + 1);
        let right = match (width, alone) {
            (_, true) => 25,
            (98.., false) => 40,
            (_, false) => 34,
        };
        let status = width.saturating_sub(right).max(path + 4).min(path + 58);
        let bar = width.saturating_sub(status + right + 3);
        Self { precise, bracket, method, path, status, bar }
    }
}

pub(super) fn render(pen: &mut Pen<'_>, app: &App) {
    let timeline = &app.timeline;
    let many = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let healed = if timeline.healed > 0 { format!("   {} healed", timeline.healed) } else { String::new() };
    let running = app.sending.running().len();
    let running = if running > 1 { format!("{running} on their way   ") } else { String::new() };
    let typing = app.editing.as_ref().is_some_and(|editing| editing.target == EditTarget::Timeline);
    let counts = match timeline.calls {
        _ if typing || !timeline.looked_for().is_empty() => {
            let (shown, all) = (timeline.shown().count(), timeline.flows().len());
            format!("/ {}   {shown} of {all}", timeline.looked_for())
        }
        0 => running,
        calls => format!("{running}{}{healed}", many(calls, "call")),
    };
    heading::titled(pen, 0, app, Pane::Timeline, &counts);
    if timeline.flows().is_empty() {
        let y = if pen.height() > 3 { 2 } else { 1 };
        pen.text(2, y, "Quiet so far.", Role::Strong);
        let text = "Every call will be listed here, the token calls too.";
        pen.cut(2, y + 1, text, pen.width().saturating_sub(2), Role::Muted);
        return;
    }
    if timeline.shown().next().is_none() {
        let text = format!("Nothing matches “{}”.", timeline.looked_for());
        pen.cut(2, 1, &pen.own(&text), pen.width().saturating_sub(2), Role::Muted);
        return;
    }
    let page = usize::from(pen.height().saturating_sub(1));
    let (count, row) = (timeline.count(), timeline.row());
    let top = layout::timeline_top(app);
    let rows: Vec<_> = timeline.rows(top, page).collect();
    let columns = Columns::of(pen.width(), false, method_columns(rows.iter().filter_map(method)));
    let longest = longest(app, top, page);
    for (at, item) in rows.iter().enumerate() {
        let y = u16::try_from(at + 1).unwrap_or(u16::MAX);
        draw(pen, y, item, app, &columns, longest);
        if top + at == row {
            selected(pen, y, app.focus == Pane::Timeline);
        }
    }
    if count > page {
        super::thumb(pen, 1, page, top, count);
    }
}

/// The newest call in one line.
pub(super) fn render_line(pen: &mut Pen<'_>, app: &App) {
    let Some(row) = app.timeline.rows(app.timeline.row(), 1).next() else {
        pen.text(2, 0, "Quiet so far.", Role::Muted);
        return;
    };
    let columns = Columns::of(pen.width(), true, method_columns([method(&row)].into_iter().flatten()));
    draw(pen, 0, &row, app, &columns, Duration::ZERO);
}

/// The method of the call in a row.
fn method<'r>(row: &'r Row<'_>) -> Option<&'r str> {
    match row {
        Row::Trip(_, trip, _) => Some(trip.method.as_str()),
        Row::Unsent(flow) => Some(flow.method.as_str()),
        Row::Event(..) => None,
    }
}

/// The longest exchange on screen, for the scale of the bars, which it shares.
fn longest(app: &App, top: usize, page: usize) -> Duration {
    let took = app.timeline.rows(top, page).filter_map(|row| match row {
        Row::Trip(flow, trip, _) => Some(begins(flow, trip) + trip.took?),
        Row::Unsent(_) | Row::Event(..) => None,
    });
    took.max().unwrap_or_default()
}

/// From the first message of a flow to this one.
fn begins(flow: &Flow, trip: &Trip) -> Duration {
    flow.trips.first().map_or(Duration::ZERO, |first| trip.since.since(first.since))
}

fn draw(pen: &mut Pen<'_>, y: u16, row: &Row<'_>, app: &App, columns: &Columns, longest: Duration) {
    match row {
        Row::Trip(flow, trip, place) => draw_trip(pen, y, (*flow, *trip, *place), app, columns, longest),
        Row::Unsent(flow) => draw_unsent(pen, y, flow, app, columns),
        Row::Event(flow, event) => {
            let (name, what) = event.words();
            let began = flow.events.first().map_or(event.at, |first| first.at);
            let time = format!("+{}", figures::took(event.at.since(began)));
            // From the beginning of its exchange, whose own time stands above.
            pen.right(columns.bracket - 2, y, &time, Role::Muted);
            let x = pen.text(columns.method, y, &format!("{name:<16}"), Role::Muted);
            pen.cut(x + 1, y, &app.masks.masked(&what), pen.width().saturating_sub(x + 2), Role::Muted);
        }
    }
}

fn time(pen: &mut Pen<'_>, y: u16, at: jiff::Timestamp, app: &App, columns: &Columns) {
    let text = figures::moment(at, app.now.wall, &app.zone);
    // What has no date is of today; where there is no room for one, the time of day has to do.
    let text = match (columns.precise, text.contains('-')) {
        (true, true) => text,
        (true, false) => figures::clock_precise(at, &app.zone),
        (false, _) => figures::clock(at, &app.zone),
    };
    pen.text(2, y, &text, Role::Muted);
}

fn draw_trip(
    pen: &mut Pen<'_>,
    y: u16,
    (flow, trip, place): (&Flow, &Trip, Bracket),
    app: &App,
    columns: &Columns,
    longest: Duration,
) {
    time(pen, y, trip.at, app, columns);
    bracket(pen, columns.bracket, y, place);
    let method = trip.method.as_str();
    pen.cut(columns.method, y, method, columns.path - columns.method - 1, method_role(method));
    path(pen, y, &app.masks.masked(trip.url.path()), columns);
    let x = columns.status;
    let role = trip.status.map_or(Role::Alarm, status_role);
    match (trip.status, trip.took) {
        (Some(status), _) => {
            let x = pen.sign(x, y, status_sign(status), role);
            pen.text(x + 1, y, status.as_str(), role);
        }
        (None, Some(_)) => {
            pen.sign(x, y, Sign::Failed, Role::Alarm);
        }
        (None, None) => {
            pen.sign(x, y, Sign::Ellipsis, Role::Accent);
        }
    }
    let took = match trip.took {
        Some(took) => figures::took(took),
        None => figures::running(app.now.boot.since(trip.since)),
    };
    let role_of_time = if trip.took.is_some() { Role::Muted } else { Role::Accent };
    pen.right(x + 14, y, &took, role_of_time);
    let token = trip.issued.or(trip.token).map(|serial| serial.to_string()).unwrap_or_default();
    if trip.issued.is_some() {
        pen.sign(x + 16, y, Sign::Produced, Role::Text);
    }
    let end = pen.text(x + 18, y, &token, Role::Secret);
    let outcome = end.max(x + 23) + 2;
    let most = if columns.bar > 0 { 16 } else { pen.width().saturating_sub(outcome + 1) };
    let role = if trip.outcome == "refused" { Role::Attention } else { Role::Muted };
    pen.cut(outcome, y, &app.masks.masked(&trip.outcome), most, role);
    if columns.bar > 4 && !longest.is_zero() {
        let part = |time: Duration| time.as_secs_f64() / longest.as_secs_f64();
        let from = begins(flow, trip);
        let to = from + trip.took.unwrap_or_default();
        // The last column is the thumb's.
        pen.bar(pen.width().saturating_sub(columns.bar + 1), y, columns.bar, part(from)..part(to), true, role);
    }
}

fn draw_unsent(pen: &mut Pen<'_>, y: u16, flow: &Flow, app: &App, columns: &Columns) {
    time(pen, y, flow.at, app, columns);
    let method = flow.method.as_str();
    pen.cut(columns.method, y, method, columns.path - columns.method - 1, method_role(method));
    path(pen, y, &app.masks.masked(flow.url.path()), columns);
    let (sign, role, text) = match flow.exchange.as_deref().map(|exchange| &exchange.outcome) {
        None => (Sign::Ellipsis, Role::Accent, "waits for a token"),
        Some(Outcome::Refused(_)) => (Sign::Attention, Role::Attention, "not sent"),
        Some(Outcome::NoToken(_)) => (Sign::Failed, Role::Alarm, "no token, not sent"),
        Some(Outcome::Cancelled) => (Sign::Attention, Role::Attention, "cancelled"),
        Some(Outcome::Failed(_) | Outcome::Answered) => (Sign::Failed, Role::Alarm, "failed"),
    };
    let x = pen.sign(columns.status, y, sign, role);
    pen.cut(x + 1, y, text, pen.width().saturating_sub(x + 2), role);
}

fn path(pen: &mut Pen<'_>, y: u16, path: &str, columns: &Columns) {
    let room = columns.status.saturating_sub(columns.path + 2).min(56);
    pen.front_cut(columns.path, y, path, room, Role::Text);
}
