//! The request being typed: its line, and the tab in front.

use std::borrow::Cow;

use ratatui::style::Style;

use super::{
    code,
    heading::{self, HeadingTab},
    pen::{Pen, end_cut, fits, width},
    select, selected, snippet, typed,
};
use crate::{
    app::{
        App, EditTarget, Editing,
        composer::{Tab, Target},
        editor::{Row, Text},
        focus::Pane,
        layout,
        token::Piece,
        wrap::words,
    },
    config::{
        action::{Action, Context},
        theme::{Role, Sign, Surface, ThemeName},
    },
    domain::{
        request::Pair,
        template::{Variables, mentions},
        token::TokenPolicy,
    },
};

/// Draws the pane; gives where the cursor of an edited field stands.
pub(super) fn render(pen: &mut Pen<'_>, app: &App, in_strip: bool) -> Option<(u16, u16)> {
    let entry = app.requests.entry();
    let tabs: Vec<_> = Tab::ALL.iter().map(|tab| heading_tab(app, *tab)).collect();
    let (line, top) = if in_strip { (0, 2) } else { (1, 0) };
    // The pane's name stands in the strip, where there is one; the heading names the request then.
    let mut x = if in_strip {
        pen.cut(2, top, &entry.draft.name, pen.width() / 3, Role::Strong) + 1
    } else {
        heading::name(pen, top, app, Pane::Composer)
    };
    if entry.is_changed() {
        x = pen.text(x + 1, top, "changed", Role::Attention) + 1;
    }
    heading::with_tabs(pen, top, app, Pane::Composer, x, &tabs);
    let cursor = request_line(pen, line, app);
    let first = layout::composer_above(app);
    let below = layout::composer_below(app);
    let text = pen.height().saturating_sub(below.rows(pen.height()));
    let mut y = pen.height().saturating_sub(u16::from(below.asks) + u16::try_from(below.error.len()).unwrap_or(0));
    for (at, line) in below.error.iter().enumerate() {
        if at == 0 {
            pen.sign(2, y, Sign::Attention, Role::Attention);
        }
        pen.text(4, y, line, Role::Attention);
        y += 1;
    }
    if below.asks {
        warning(pen, y, app);
    }
    let mut pen = pen.part(0, 0, pen.width(), text);
    let pen = &mut pen;
    if entry.token_call {
        token_call(pen, first, app);
        return cursor;
    }
    let within = match app.composer.tab {
        Tab::Body => body(pen, first, app),
        Tab::Auth => {
            auth(pen, first, app);
            None
        }
        Tab::Code => {
            as_code(pen, first, app);
            None
        }
        tab => rows(pen, first, app, tab),
    };
    cursor.or(within)
}

/// What is to be known before the key that sends is pressed in a field.
fn warning(pen: &mut Pen<'_>, y: u16, app: &App) {
    let x = pen.sign(2, y, Sign::Attention, Role::Attention) + 1;
    let send = app.keymap.hint(Action::Send, Context::Edit).unwrap_or_default();
    let words = |text: &str| Piece::Words(text.to_owned());
    let text = [words("This is production: "), Piece::Key(send), words(" asks before it sends.")];
    pen.pieces(x, y, &text, pen.width().saturating_sub(x), Role::Text);
}

/// The request in one line, above the response where there is no room for more.
pub(super) fn render_line(pen: &mut Pen<'_>, app: &App) {
    let draft = &app.requests.entry().draft;
    let x = pen.text(2, 0, &format!("{:<4}", draft.method), super::method_role(&draft.method));
    let name_width = u16::try_from(width(&draft.name)).unwrap_or(0).min(pen.width() / 3);
    let room = pen.width().saturating_sub(x + 1 + name_width + 3);
    address(pen, app, (x + 1, 0), &app.masks.masked(&draft.address()), room, Role::Text);
    let end = pen.width();
    let name = end_cut(&draft.name, usize::from(name_width), pen.look.sign(Sign::Ellipsis)).into_owned();
    pen.right(end, 0, &name, Role::Muted);
}

fn heading_tab(app: &App, tab: Tab) -> HeadingTab {
    let entry = app.requests.entry();
    let count = match tab {
        Tab::Vars => Some(entry.variables().len()),
        Tab::Body | Tab::Auth | Tab::Code => None,
        Tab::Headers | Tab::Params => tab.rows(&entry.draft).map(|rows| rows.iter().filter(|row| row.on).count()),
    };
    HeadingTab { name: tab.name(), count, active: tab == app.composer.tab }
}

/// Method and address, with variables as things that can be followed.
fn request_line(pen: &mut Pen<'_>, y: u16, app: &App) -> Option<(u16, u16)> {
    let draft = &app.requests.entry().draft;
    let here = app.composer.row == 0 && app.focus == Pane::Composer;
    if here && app.editing.is_none() {
        selected(pen, y, true);
    }
    let cursor = field(pen, 2, y, 8, app, Target::Method);
    let x = if cursor.is_some() {
        10
    } else {
        let style = pen.look.style(super::method_role(&draft.method));
        // Where methods differ by weight alone, that is left to them.
        let coloured = !matches!(pen.look.theme(), ThemeName::Mono | ThemeName::Ansi16);
        let style = if coloured { style.bold() } else { style };
        let style = chosen(pen, here && !app.composer.right, style);
        pen.styled(2, y, &format!("{:<4}", draft.method), style)
    };
    let room = pen.width().saturating_sub(x + 1);
    let url = field(pen, x + 1, y, room, app, Target::Url);
    if url.is_none() {
        address(pen, app, (x + 1, y), &app.masks.masked(&draft.address()), room, Role::Strong);
        mark_error(pen, y, app.composer.error(Target::Url, draft).or(app.composer.error(Target::Method, draft)));
    }
    cursor.or(url)
}

fn chosen(pen: &Pen<'_>, here: bool, style: Style) -> Style {
    if here { style.patch(pen.look.style(Role::RowSelect)).underlined() } else { style }
}

fn mark_error(pen: &mut Pen<'_>, y: u16, error: Option<&str>) {
    if error.is_some() {
        pen.sign(0, y, Sign::Attention, Role::Attention);
    }
}

/// An address, cut in its middle, its variables blue.
fn address(pen: &mut Pen<'_>, app: &App, (x, y): (u16, u16), url: &str, room: u16, role: Role) {
    let sign = pen.look.sign(Sign::Ellipsis);
    let room = usize::from(room);
    let shown = if fits(url, room) {
        url.to_owned()
    } else {
        let head = end_cut(url, room.saturating_sub(room / 3), sign).into_owned();
        let tail: String = url.chars().rev().take(room / 3).collect::<Vec<_>>().into_iter().rev().collect();
        head + &tail
    };
    variables(pen, app, (x, y), &shown, role);
}

/// A text in which `{{variables}}` stand out, those without a value too.
fn variables(pen: &mut Pen<'_>, app: &App, (x, y): (u16, u16), text: &str, role: Role) -> u16 {
    let (mut x, mut from) = (x, 0);
    let mentions = mentions(text);
    let reach = (!mentions.is_empty()).then(|| app.variables());
    for (name, range) in mentions {
        x = pen.text(x, y, text.get(from..range.start).unwrap_or_default(), role);
        let found = reach.as_ref().and_then(|reach| reach.named(name));
        let known = found.is_some_and(|variable| !variable.value.is_missing());
        let role = if known { Role::Accent } else { Role::Attention };
        x = pen.text(x, y, text.get(range.clone()).unwrap_or_default(), role);
        from = range.end;
    }
    pen.text(x, y, text.get(from..).unwrap_or_default(), role)
}

/// The field that is being edited, if it is this one: tinted, with its edge; gives where its cursor stands.
fn field(pen: &mut Pen<'_>, x: u16, y: u16, columns: u16, app: &App, target: Target) -> Option<(u16, u16)> {
    let editing = edited(app, target)?;
    let surface = pen.look.surface(Surface::Field);
    pen.tint(x, y, columns, surface);
    pen.sign(x.saturating_sub(1), y, Sign::SelectedElsewhere, Role::Accent);
    let row = editing.editor.row(0, usize::from(columns.saturating_sub(1)));
    Some(typed(pen, x, y, &row, pen.look.style(Role::Text).patch(surface)))
}

fn edited(app: &App, target: Target) -> Option<&Editing> {
    app.editing.as_ref().filter(|editing| editing.target == EditTarget::Composer(target))
}

fn body(pen: &mut Pen<'_>, first: u16, app: &App) -> Option<(u16, u16)> {
    let rows = usize::from(pen.height().saturating_sub(first));
    let columns = layout::body_columns(pen.area());
    let editing = edited(app, Target::Body);
    let any = editing.is_some() || !app.requests.entry().variables().is_empty();
    let reach = any.then(|| app.variables());
    if let Some(editing) = editing {
        let surface = pen.look.surface(Surface::Field);
        let mut cursor = None;
        for row in 0..rows {
            let y = first + u16::try_from(row).unwrap_or(0);
            pen.tint(2, y, pen.width().saturating_sub(2), surface);
            pen.sign(0, y, Sign::SelectedElsewhere, Role::Accent);
            let row = editing.editor.row(editing.editor.top() + row, columns);
            body_row(pen, y, &row);
            mentioned(pen, y, &row, reach.as_ref());
            select(pen, 2, y, &row);
            let at = row.cursor.map(|column| pen.place(2 + u16::try_from(column).unwrap_or(0), y));
            cursor = cursor.or(at);
        }
        return cursor;
    }
    let body = app.requests.entry().body();
    let here = app.focus == Pane::Composer && app.composer.row == 1;
    if body.bytes() == 0 {
        if here {
            selected(pen, first, true);
        }
        let text = app.pieces("No body. {edit} writes one, {toggle} chooses its kind.");
        pen.pieces(2, first, &text, pen.width().saturating_sub(2), Role::Muted);
        return None;
    }
    let lines = body.rows();
    for row in app.composer.top..lines.min(app.composer.top + rows) {
        let y = first + u16::try_from(row - app.composer.top).unwrap_or(0);
        let row = masked_row(app, body, row, columns);
        body_row(pen, y, &row);
        mentioned(pen, y, &row, reach.as_ref());
        if here {
            pen.sign(0, y, Sign::SelectedElsewhere, Role::Accent);
        }
    }
    if lines > rows {
        super::thumb(pen, first, rows, app.composer.top, lines);
    }
    mark_error(pen, first, app.composer.error(Target::Body, &app.requests.entry().draft));
    None
}

/// The variables of a row stand out, those without a value too.
fn mentioned(pen: &mut Pen<'_>, y: u16, row: &Row, reach: Option<&Variables>) {
    let Some(reach) = reach else { return };
    for (name, range) in mentions(&row.text) {
        let known = reach.named(name).is_none_or(|variable| !variable.value.is_missing());
        // A name that is written for the first time may be drawn, or be one of an answer.
        let known = known && (reach.named(name).is_some() || name.starts_with('$'));
        let role = if known { Role::Accent } else { Role::Attention };
        let columns = |text: Option<&str>| u16::try_from(width(text.unwrap_or_default())).unwrap_or(0);
        let x = 2 + columns(row.text.get(..range.start));
        let style = pen.look.style(role);
        pen.tint(x, y, columns(row.text.get(range)), style);
    }
}

/// A row of a body that is not edited now, without the secrets that a person typed into it.
fn masked_row(app: &App, body: &Text, row: usize, columns: usize) -> Row {
    let shown = body.row(row, columns);
    // One that goes on to the right of what is seen is one too.
    let farther = body.row(row, columns + app.masks.longest()).text;
    if !app.masks.hides(&farther) {
        return shown;
    }
    let text = end_cut(&app.masks.masked(&farther), columns, "").into_owned();
    Row { text, ..shown }
}

/// The request as code, under its language and kind.
fn as_code(pen: &mut Pen<'_>, first: u16, app: &App) {
    let here = app.focus == Pane::Composer && app.composer.row == 1;
    let about = app.code.language().map(|language| &language.about);
    let x = pen.text(2, first, about.map_or("", |about| &about.name), Role::Strong);
    let x = pen.text(x + 2, first, app.code_kind().name(), Role::Accent) + 3;
    let keys = app.pieces("{move-left} {move-right} language   {toggle} kind   {copy-code} copies it");
    pen.pieces(x, first, &keys, pen.width().saturating_sub(x), Role::Muted);
    if here {
        pen.sign(0, first, Sign::SelectedElsewhere, Role::Accent);
    }
    let above = u16::try_from(layout::ABOVE_CODE).unwrap_or(0);
    let first = first + above;
    let (lines, about) = match (app.code.lines(), about) {
        (Ok(lines), Some(about)) => (lines, about),
        (why, _) => {
            let why = format!("There is no code of this request: {}.", why.err().unwrap_or("there is no language"));
            super::wrapped(pen, 2, first, pen.width().saturating_sub(3), &why, Role::Attention);
            return;
        }
    };
    let rows = usize::from(pen.height().saturating_sub(first));
    let (mut open, mut y) = (None, first);
    for (at, line) in lines.iter().enumerate().take(app.composer.top + rows) {
        if at < app.composer.top {
            snippet::pass(line, about, &mut open);
        } else {
            // The last columns are the ellipsis's and the thumb's.
            let mut part = pen.part(0, y, pen.width().saturating_sub(2), 1);
            snippet::line(&mut part, 2, 0, line, about, &mut open);
            if width(line) + 3 > usize::from(pen.width()) {
                pen.sign(pen.width().saturating_sub(2), y, Sign::Ellipsis, Role::Muted);
            }
            y += 1;
        }
    }
    super::thumb(pen, first, rows, app.composer.top, lines.len());
}

/// A row of a body, with a sign where it goes on.
fn body_row(pen: &mut Pen<'_>, y: u16, row: &Row) {
    code::json(pen, 2, y, &row.text, row.quoted);
    if row.more_left {
        pen.sign(1, y, Sign::Ellipsis, Role::Muted);
    }
    if row.more_right {
        pen.sign(pen.width().saturating_sub(2), y, Sign::Ellipsis, Role::Muted);
    }
}

fn rows(pen: &mut Pen<'_>, first: u16, app: &App, tab: Tab) -> Option<(u16, u16)> {
    let draft = &app.requests.entry().draft;
    let own = tab.rows(draft).unwrap_or_default();
    let name_columns = layout::name_columns(app);
    let value_at = 2 + name_columns + 1;
    let inherited: Vec<_> = app.inherited().filter(|_| tab == Tab::Vars).collect();
    let (count, top) = (own.len() + inherited.len(), app.composer.top);
    let page = usize::from(pen.height().saturating_sub(first));
    // The last column is the thumb's.
    let end = pen.width().saturating_sub(u16::from(count > page));
    let mut cursor = None;
    for (y, at) in (first..pen.height()).zip(top..count) {
        let here = app.focus == Pane::Composer && app.composer.row == at + 1;
        if here && app.editing.is_none() {
            selected(pen, y, true);
        }
        match own.get(at) {
            Some(row) => {
                let (name, value) = (Target::Cell(tab, at, false), Target::Cell(tab, at, true));
                let in_name = field(pen, 2, y, name_columns, app, name);
                let in_value = field(pen, value_at, y, end.saturating_sub(value_at), app, value);
                let shown = Pair { value: app.masks.masked(&row.value), ..row.clone() };
                pair(
                    (pen, app),
                    y,
                    &shown,
                    (in_name.is_none(), in_value.is_none()),
                    here.then_some(app.composer.right),
                );
                mark_error(pen, y, app.composer.row_error(tab, at, draft));
                cursor = cursor.or(in_name).or(in_value);
            }
            None => inherited_row(pen, y, end, app, inherited[at - own.len()]),
        }
    }
    super::thumb(pen, first, page, top, count);
    if count == 0 {
        let what = match tab {
            Tab::Headers => "No header fields of its own",
            Tab::Params => "No query parameters",
            _ => "No variables",
        };
        let text = app.pieces(&format!("{what}. {{add}} adds one."));
        pen.pieces(2, first, &text, pen.width().saturating_sub(2), Role::Muted);
    }
    cursor
}

fn pair((pen, app): (&mut Pen<'_>, &App), y: u16, row: &Pair, (name, value): (bool, bool), here: Option<bool>) {
    let usual = if row.on { Role::Text } else { Role::Disabled };
    if name {
        let style = chosen(pen, here == Some(false), pen.look.style(usual));
        let columns = usize::from(layout::name_columns(app));
        let text = end_cut(&row.name, columns, pen.look.sign(Sign::Ellipsis)).into_owned();
        pen.styled(2, y, &text, style);
    }
    if value {
        let at = 2 + layout::name_columns(app) + 1;
        let shown = if row.on { Cow::from(&row.value) } else { format!("{}   off", row.value).into() };
        let room = usize::from(pen.width().saturating_sub(at + 1));
        let shown = end_cut(&shown, room, pen.look.sign(Sign::Ellipsis)).into_owned();
        if here == Some(true) {
            let style = chosen(pen, true, pen.look.style(usual));
            pen.styled(at, y, &shown, style);
        } else {
            variables(pen, app, (at, y), &shown, usual);
        }
    }
}

/// A variable that the request does not give itself, with where its value comes from.
fn inherited_row(pen: &mut Pen<'_>, y: u16, end: u16, app: &App, name: &str) {
    let columns = layout::name_columns(app);
    let at = 2 + columns + 1;
    pen.cut(2, y, name, columns, Role::Accent);
    match app.variables().named(name) {
        Some(variable) => {
            let from = pen.right(end, y, &variable.source, Role::Muted);
            let role = if variable.value.is_missing() { Role::Attention } else { Role::Text };
            pen.cut(at, y, &app.masks.masked(variable.value.shown()), from.saturating_sub(at + 2), role);
        }
        None => {
            let text = app.pieces("has no value; {edit} gives it one");
            pen.pieces(at, y, &text, end.saturating_sub(at), Role::Attention);
        }
    }
}

/// Which token goes out with the request, and why.
fn auth(pen: &mut Pen<'_>, first: u16, app: &App) {
    let draft = &app.requests.entry().draft;
    let typed = draft.headers.iter().any(|row| row.on && row.name.eq_ignore_ascii_case("authorization"));
    let sentence = if typed {
        "the Authorization row of Headers goes out as typed; nothing is fetched or renewed"
    } else {
        match app.environment.policy() {
            TokenPolicy::Reuse => "one token for many calls, renewed near its end",
            TokenPolicy::PerTransaction => "a new token for each send, dropped after it",
            TokenPolicy::Manual => "nothing is fetched, renewed or replayed unasked",
        }
    };
    let credential = app.environment.credential();
    let (token, role) = match (app.token(), credential, &app.status) {
        _ if typed => ("Authorization: as typed".to_owned(), Role::Text),
        (Some(token), ..) => (format!("Authorization: Bearer {}", token.serial), Role::Text),
        (None, None, _) => ("none: there is no credential".to_owned(), Role::Attention),
        (None, Some(_), Err(refusal)) => (format!("none: {refusal}"), Role::Attention),
        (None, Some(_), Ok(_)) => ("Authorization: fetched when sent".to_owned(), Role::Text),
    };
    let profile = app.environment.profile();
    let bound = profile.bound_origins().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let facts = [
        ("policy", format!("{}: {sentence}", app.environment.policy().name()), Role::Text),
        ("header", token, role),
        ("from", format!("POST {}, as {}", profile.token_url, profile.wire.name()), Role::Text),
        ("client", credential.map_or("none", |credential| &credential.client_id).to_owned(), Role::Text),
        ("goes to", bound, Role::Text),
    ];
    let y = facts_in_rows(pen, first, &facts) + 1;
    pen.pieces(2, y, &app.pieces("{policy} switches the policy"), pen.width().saturating_sub(2), Role::Muted);
}

/// Labels and what belongs to each, over as many rows as it needs; gives the row below.
fn facts_in_rows(pen: &mut Pen<'_>, first: u16, facts: &[(&str, String, Role)]) -> u16 {
    let mut y = first;
    for (label, text, role) in facts {
        pen.text(2, y, label, Role::Muted);
        y = super::wrapped(pen, 11, y, pen.width().saturating_sub(12), text, *role).max(y + 1);
    }
    y
}

/// The token call itself, its secret hidden.
fn token_call(pen: &mut Pen<'_>, first: u16, app: &App) {
    let profile = app.environment.profile();
    let Some(credential) = app.environment.credential() else {
        let text = "This profile has no credential yet, so there is nothing to ask with.";
        super::wrapped(pen, 2, first, pen.width().saturating_sub(3), text, Role::Muted);
        return;
    };
    let dots = pen.look.sign(Sign::Hidden).repeat(8);
    let hidden = format!("{dots} {}", app.environment.pseudonym(app.environment.credential_at()));
    let facts = [
        ("form", profile.wire.name().to_owned(), Role::Text),
        ("client", credential.client_id.clone(), Role::Text),
        ("secret", hidden, Role::Secret),
        ("scope", credential.scope.clone().unwrap_or_else(|| "none is asked for".to_owned()), Role::Text),
    ];
    let y = facts_in_rows(pen, first, &facts) + 1;
    let text = "{send} asks for a token now, and keeps it for the calls that follow.";
    for (y, line) in (y..).zip(words(text, usize::from(pen.width().saturating_sub(3)))) {
        pen.pieces(2, y, &app.pieces(&line), pen.width().saturating_sub(2), Role::Muted);
    }
}
