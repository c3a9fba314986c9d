//! The last line: a notice, or the keys that fit here; and what lies above it, a notice that is longer than that or what
//! could be meant by the command line.

use super::{
    pen::{Pen, width},
    typed,
};
use crate::{
    app::{
        App, EditTarget, Editing,
        focus::Pane,
        notice::{Notice, Tone},
        response::Tab,
        token::Piece,
    },
    config::{
        action::{Action, Context},
        theme::{Role, Sign, Surface},
    },
    domain::profile::Place,
};

/// Draws it; gives where the cursor of the command line stands.
pub(super) fn render(pen: &mut Pen<'_>, app: &App) -> Option<(u16, u16)> {
    if let Some(editing) = app.editing.as_ref().filter(|editing| editing.target == EditTarget::Command) {
        return Some(command(pen, editing));
    }
    let help = app.keymap.hint(Action::Help, Context::Nav).unwrap_or_default();
    let right = match app.context() {
        Context::Nav => {
            let command = app.keymap.hint(Action::CommandLine, Context::Nav).unwrap_or_default();
            let words = |text: &str| Piece::Words(text.to_owned());
            let help = [Piece::Key(help), words(" keys")];
            let command = [Piece::Key(command), words(" command   ")];
            // Without room for both, the way to all keys stays.
            if pen.width() < 30 { help.into() } else { command.into_iter().chain(help).collect() }
        }
        Context::Edit if app.viewing.is_some() => Vec::new(),
        Context::Edit => {
            let send = app.keymap.hint(Action::Send, Context::Edit).unwrap_or_default();
            let asks = app.asks_first(&app.requests.entry().draft.method);
            let sends = if asks && pen.width() >= 60 { " send, asks first" } else { " send" };
            vec![Piece::Key(send), Piece::Words(sends.to_owned())]
        }
        Context::Overlay => Vec::new(),
    };
    let columns: usize = right.iter().map(|piece| width(piece.text())).sum();
    let columns = u16::try_from(columns).unwrap_or(0);
    let end = pen.width().saturating_sub(1);
    let from = end.saturating_sub(columns);
    pen.pieces(from, 0, &right, columns, Role::Muted);
    let room = from.saturating_sub(3);
    match app.context() {
        _ if let Some(notice) = app.notice.as_ref().filter(|notice| fits(notice, pen.width())) => {
            say(pen, notice, end);
        }
        Context::Edit => editing(pen, app, room),
        Context::Nav => keys(pen, app, room),
        Context::Overlay => {}
    }
    None
}

fn command(pen: &mut Pen<'_>, editing: &Editing) -> (u16, u16) {
    let x = pen.text(1, 0, ": ", Role::KeyHint);
    let room = usize::from(pen.width().saturating_sub(x + 2));
    typed(pen, x, 0, &editing.editor.row(0, room), pen.look.style(Role::Text))
}

/// Names shown above the command line at once.
const SHOWN: usize = 8;

/// Columns of the last line that the keys at its right may take.
const RIGHT: u16 = 20;

/// Whether a notice has room on the last line.
fn fits(notice: &Notice, columns: u16) -> bool {
    width(&notice.text) + 3 <= usize::from(columns.saturating_sub(RIGHT))
}

/// What lies over the rows above the last line, which is `y`.
pub(super) fn above(pen: &mut Pen<'_>, app: &App, y: u16) {
    completions(pen, app, y);
    let Some(notice) = app.notice.as_ref().filter(|notice| !fits(notice, pen.width())) else { return };
    let columns = pen.width().saturating_sub(6);
    let lines = super::words(&pen.own(&notice.text), usize::from(columns));
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(y / 2);
    let mut sheet = pen.part(0, y - rows, pen.width(), rows);
    sheet.clear(Surface::Raised);
    say(&mut sheet, notice, 0);
    for (at, line) in lines.iter().take(usize::from(rows)).enumerate() {
        sheet.cut(3, u16::try_from(at).unwrap_or(0), line, columns, Role::Text);
    }
}

/// What could be meant by the command line so far, above it.
fn completions(pen: &mut Pen<'_>, app: &App, y: u16) {
    let Some(editing) = app.editing.as_ref().filter(|editing| editing.target == EditTarget::Command) else { return };
    let found = app.completions(&editing.editor.text());
    let widest = found.iter().map(|completion| width(&completion.word)).max().unwrap_or(0);
    // The upper half stays: the top line is never covered.
    let rows = u16::try_from(found.len().min(SHOWN)).unwrap_or(0).min(y / 2);
    let width = 76.min(pen.width().saturating_sub(2));
    let mut list = pen.part(1, y - rows, width, rows);
    list.clear(Surface::Raised);
    for (at, completion) in found.iter().take(usize::from(rows)).enumerate() {
        let y = u16::try_from(at).unwrap_or(0);
        list.text(2, y, &completion.word, Role::Accent);
        let x = u16::try_from(widest).unwrap_or(0) + 4;
        list.cut(x, y, &completion.about, width.saturating_sub(x + 1), Role::Muted);
    }
}

fn say(pen: &mut Pen<'_>, notice: &Notice, room: u16) {
    let (sign, role) = match notice.tone {
        Tone::Good => (Sign::Done, Role::Ok),
        Tone::Attention => (Sign::Attention, Role::Attention),
        Tone::Bad => (Sign::Failed, Role::Alarm),
    };
    let x = pen.sign(1, 0, sign, role);
    let text = pen.own(&notice.text).into_owned();
    pen.cut(x + 1, 0, &text, room.saturating_sub(x), Role::Text);
}

fn editing(pen: &mut Pen<'_>, app: &App, room: u16) {
    let x = pen.text(1, 0, " EDIT ", Role::BadgeBusy);
    if let Some(fault) = &app.composer.fault {
        let x = pen.sign(x + 1, 0, Sign::Attention, Role::Attention);
        pen.cut(x + 1, 0, &fault.to_string(), room.saturating_sub(x + 1), Role::Text);
        return;
    }
    let Some(editing) = &app.editing else { return };
    if app.completing.is_some() {
        let keys = app.pieces("Tab takes it   ↑ ↓ another   {back} none");
        pen.pieces(x + 2, 0, &keys, room.saturating_sub(x + 2), Role::Muted);
        return;
    }
    if let Some((name, text, known)) = app.variable_at_cursor() {
        let role = if known { Role::Accent } else { Role::Attention };
        let x = pen.cut(x + 2, 0, &name, room.saturating_sub(x + 2) / 2, role) + 2;
        pen.cut(x, 0, &text, room.saturating_sub(x), Role::Muted);
        return;
    }
    if editing.target == EditTarget::Filter {
        return filtering(pen, app, x, room);
    }
    let words = match (editing.target, editing.editor.has_many_lines()) {
        _ if editing.editor.has_selection() => "{copy-selection} copy   {cut-selection} cut   {back} done",
        (EditTarget::Search, _) => "Enter search   {back} cancel",
        (EditTarget::Timeline, _) => "a name, a path, 401, tok#2, refused   Enter keeps it   {back} done",
        (_, true) => "{back} done   Tab next field   Ctrl-_ undo",
        (_, false) => "Enter done   Tab next field   {back} done",
    };
    let pieces = app.pieces(&words.replace("Enter", "{open}"));
    pen.pieces(x + 2, 0, &pieces, room.saturating_sub(x + 2), Role::Muted);
}

/// What is wrong with the filter, or how it goes on.
fn filtering(pen: &mut Pen<'_>, app: &App, x: u16, room: u16) {
    let Some(filter) = &app.response.filter else { return };
    if let Some(why) = &filter.error {
        let x = pen.sign(x + 1, 0, Sign::Attention, Role::Attention);
        pen.cut(x + 1, 0, why, room.saturating_sub(x + 1), Role::Text);
        return;
    }
    let words = if filter.running {
        "it runs   {cancel-or-quit} stops   {back} leaves it"
    } else {
        "a filter of jq: .data[] | .id   {open} keeps it   {back} leaves it"
    };
    pen.pieces(x + 2, 0, &app.pieces(words), room.saturating_sub(x + 2), Role::Muted);
}

/// What can be done to a file.
const OF_FILES: [Action; 8] = [
    Action::Search,
    Action::Filter,
    Action::Toggle,
    Action::FoldAll,
    Action::ViewMode,
    Action::Copy,
    Action::Pager,
    Action::Quit,
];

/// What the person is likely to want here.
fn actions(app: &App) -> Vec<Action> {
    if app.viewing.is_some() {
        return OF_FILES.to_vec();
    }
    let mut actions = vec![Action::Send, Action::Edit];
    match app.focus {
        Pane::Requests => actions.extend([Action::Add]),
        Pane::Composer => actions.extend([Action::NextTab, Action::Add, Action::Toggle]),
        Pane::Response if app.response.tab == Tab::Flow => {
            actions.extend([Action::NextTab, Action::Open, Action::Copy]);
        }
        Pane::Response => actions.extend([Action::NextTab, Action::Search, Action::ViewMode, Action::Toggle]),
        Pane::Timeline => actions.extend([Action::Open, Action::Toggle]),
        Pane::Credentials => actions.extend([Action::Add, Action::RotateSecret]),
        Pane::Token => {}
    }
    actions.push(Action::RenewToken);
    if app.shown_exchange().is_some_and(|exchange| exchange.diagnosis.is_some()) {
        actions.push(Action::WhyRefused);
    }
    if app.environment.profile().place == Place::Sandbox {
        actions.push(Action::SandboxLab);
    }
    actions.extend([Action::Policy, Action::Environment, Action::Zoom, Action::Quit]);
    actions
}

/// What can be done here, most useful first; what does not fit is left out.
fn keys(pen: &mut Pen<'_>, app: &App, room: u16) {
    let actions = actions(app);
    let mut x = 1;
    if app.tour.is_offered() {
        let offer = app.pieces("{send} send   {tour} tour: ten short lessons   ");
        x = pen.pieces(x, 0, &offer, room.saturating_sub(x), Role::Muted);
    }
    let actions = actions.into_iter().filter(|action| !app.tour.is_offered() || *action != Action::Send);
    for action in actions {
        let Some(key) = app.keymap.hint(action, Context::Nav) else { continue };
        let key = pen.own(&key).into_owned();
        let label = action.spec().label;
        let needed = u16::try_from(width(&key) + 1 + width(label)).unwrap_or(u16::MAX);
        if x + needed > room {
            return;
        }
        let end = pen.text(x, 0, &key, Role::KeyHint);
        x = pen.text(end + 1, 0, label, Role::Muted) + 3;
    }
}
