//! Going through the rows and tabs of a pane, and changing the row in hand.

use super::{focus, show_from_timeline};
use crate::{
    app::{
        App, collection,
        composer::{self, Target},
        effect::Effect,
        focus::Pane,
        keys, layout,
        notice::Notice,
        overlay::{self, Overlay},
        picking::{self, Picking},
        response::Tab,
    },
    config::action::{Action, Context},
    document::{Fold, Mode},
    domain::request::Pair,
};

/// More rows than anything on screen has.
pub(in crate::app) const FAR: isize = isize::MAX / 2;

pub(super) fn page(app: &App) -> isize {
    let rows = if app.overlay.is_some() { 10 } else { layout::page(app, app.focus) };
    isize::try_from(rows.saturating_sub(1).max(1)).unwrap_or(1)
}

pub(super) fn toggle(app: &mut App) {
    match app.focus {
        Pane::Requests => app.requests.toggle(),
        Pane::Composer => toggle_row(app),
        Pane::Response => {
            let line = app.response.line();
            let document = app.response.document.as_mut().filter(|document| document.mode() == Mode::Pretty);
            let Some(document) = document else { return };
            if !line.is_some_and(|line| document.toggle_fold(line)) && !document.count().exact {
                app.say(Notice::attention("Where this ends is not known yet: the body is still looked through."));
            }
        }
        Pane::Timeline => app.timeline.unfold(None),
        Pane::Token | Pane::Credentials => {}
    }
}

/// A row counts or not; the method becomes the next one.
fn toggle_row(app: &mut App) {
    if on_code(app) {
        return app.code.next_kind();
    }
    let draft = &app.requests.entry().draft;
    let target = app.composer.target(draft);
    if target == Some(Target::Body) {
        return picking::open(app, Picking::Kind);
    }
    app.requests.entry_mut().change(|draft| match target {
        Some(Target::Method) => draft.method = composer::next_method(&draft.method).to_owned(),
        Some(Target::Cell(tab, row, _)) => tab.change(draft, row, |row| row.on = !row.on),
        Some(Target::Url | Target::Body) | None => {}
    });
    // A parameter that is switched off leaves the text of the address: it is the first row then.
    let draft = &app.requests.entry().draft;
    if let Some(Target::Cell(composer::Tab::Params, row, _)) = target
        && row <= draft.parameter_of_row(0)
        && draft.query.first().is_some_and(|row| !row.on)
    {
        app.composer.row = draft.parameter_of_row(0) + 1;
    }
}

pub(super) fn fold_all(app: &mut App, fold: bool) {
    match app.focus {
        Pane::Requests => app.requests.fold_all(fold),
        Pane::Timeline => app.timeline.unfold_all(!fold),
        Pane::Response => match &mut app.response.document {
            Some(document) if fold => document.fold_all(),
            Some(document) => document.unfold_all(),
            None => {}
        },
        Pane::Composer | Pane::Token | Pane::Credentials => {}
    }
}

pub(super) fn view_mode(app: &mut App) {
    let Some(document) = &mut app.response.document else { return };
    let modes = document.modes();
    let at = modes.iter().position(|mode| *mode == document.mode()).map_or(0, |at| at + 1);
    if let Some(mode) = modes.get(at % modes.len().max(1)) {
        let before = document.body().clone();
        document.set_mode(*mode);
        if *document.body() != before {
            app.response.turned();
        }
        app.response.go_to_line(0);
    }
}

pub(super) fn add(app: &mut App) {
    match (app.focus, app.composer.tab) {
        (Pane::Requests, _) => {
            app.requests.add(app.now.wall);
            app.composer.opened(&app.requests.entry().draft);
            focus(app, Pane::Composer);
            keys::edit(app, Target::Url);
        }
        (Pane::Composer, tab) => {
            let Some(row) = tab.rows(&app.requests.entry().draft).map(|rows| rows.len()) else { return };
            app.requests.entry_mut().change(|draft| tab.push(draft, Pair::new("", "")));
            keys::edit(app, Target::Cell(tab, row, false));
        }
        _ => {}
    }
}

/// Gives the variable in hand, whose value comes from elsewhere, a row of the request's own.
pub(super) fn give_value(app: &mut App) {
    let row = app.requests.entry().draft.variables.len();
    let below = app.composer.row.checked_sub(row + 1).filter(|_| app.composer.tab == composer::Tab::Vars);
    let Some(name) = below.and_then(|at| app.inherited().nth(at)).map(str::to_owned) else { return };
    app.requests.entry_mut().change(|draft| draft.variables.push(Pair::new(name, "")));
    keys::edit(app, Target::Cell(composer::Tab::Vars, row, true));
}

pub(super) fn delete(app: &mut App) {
    match app.focus {
        Pane::Requests => {
            if let Some(asked) = app.requests.asks_to_delete() {
                app.overlay = Some(Overlay::Delete { asked });
            }
        }
        Pane::Composer => {
            let (tab, row) = (app.composer.tab, app.composer.row);
            if let Some(at) = row.checked_sub(1) {
                app.requests.entry_mut().change(|draft| tab.remove(draft, at));
            }
            app.composer.row = row.min(app.composer_rows());
        }
        _ => {}
    }
}

/// Deletes the request in hand, which a person agreed to.
pub(in crate::app) fn delete_request(app: &mut App) -> Vec<Effect> {
    if let Some(effects) = collection::delete(app) {
        return effects;
    }
    if let Some(text) = app.requests.delete() {
        let undo = app.keymap.hint(Action::UndoRequest, Context::Nav).unwrap_or_default();
        app.say(Notice::good(format!("{text} {undo} takes that back."), app.now.boot));
        app.composer.opened(&app.requests.entry().draft);
    }
    Vec::new()
}

/// Makes another one of the request or the row in hand, and goes to it.
pub(super) fn duplicate(app: &mut App) {
    match app.focus {
        Pane::Requests => match app.requests.duplicate(app.now.wall) {
            Some(name) => {
                app.composer.opened(&app.requests.entry().draft);
                app.say(Notice::good(format!("“{name}” is a request of yours."), app.now.boot));
            }
            None => app.say(Notice::attention("There is no request here that can have a copy.")),
        },
        Pane::Composer => {
            let (tab, row) = (app.composer.tab, app.composer.row);
            let rows = tab.rows(&app.requests.entry().draft).map_or(0, |rows| rows.len());
            if !(1..=rows).contains(&row) {
                return;
            }
            app.requests.entry_mut().change(|draft| tab.repeat(draft, row - 1));
            app.composer.row = row + 1;
        }
        _ => {}
    }
}

pub(super) fn turn(app: &mut App, forward: bool) {
    let turned = |at: usize, count: usize| (at + if forward { 1 } else { count - 1 }) % count;
    match app.focus {
        Pane::Response => {
            let tabs = app.response_tabs();
            if !tabs.is_empty() {
                let at = tabs.iter().position(|(tab, _)| *tab == app.response.tab).unwrap_or(0);
                app.response.turn(tabs[turned(at, tabs.len())].0);
            }
        }
        _ => {
            let tabs = composer::Tab::ALL;
            let at = tabs.iter().position(|tab| *tab == app.composer.tab).unwrap_or(0);
            app.composer.tab = tabs[turned(at, tabs.len())];
            // Code has nothing to step through: its keys are at hand at once.
            (app.composer.row, app.composer.top) = (usize::from(app.composer.tab == composer::Tab::Code), 0);
        }
    }
}

/// Whether code is in hand.
fn on_code(app: &App) -> bool {
    app.composer.tab == composer::Tab::Code && app.composer.row == 1
}

pub(super) fn sideways(app: &mut App, right: bool) {
    match app.focus {
        Pane::Requests => app.requests.fold(!right),
        Pane::Composer if on_code(app) => {
            app.code.turn_language(right);
            app.composer.top = 0;
        }
        Pane::Composer => app.composer.right = right,
        Pane::Timeline => app.timeline.unfold(Some(right)),
        Pane::Response => {
            let Some(line) = app.response.line() else { return };
            let at = line.checked_sub(app.response.top).and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX);
            let fold = app.response.lines.get(at).and_then(|line| line.fold);
            let wanted = if right { Some(Fold::Closed) } else { Some(Fold::Open) };
            if let Some(document) = app.response.document.as_mut().filter(|_| fold == wanted) {
                document.toggle_fold(line);
            }
        }
        Pane::Token | Pane::Credentials => {}
    }
}

/// Moves what is in hand by so many rows.
pub(in crate::app) fn step(app: &mut App, by: isize) {
    if app.context() == Context::Overlay {
        return overlay::step(app, by);
    }
    match app.focus {
        Pane::Requests => {
            let row = app.requests.row().saturating_add_signed(by);
            if app.requests.go(row) {
                app.composer.opened(&app.requests.entry().draft);
            }
        }
        Pane::Composer => step_composer(app, by),
        Pane::Response if app.response.tab == Tab::Body && by == FAR => app.response.step_to_end(),
        Pane::Response if app.response.tab == Tab::Body => app.response.step(by as i64),
        Pane::Response => {
            let (rows, page) = (app.response_rows(), layout::page(app, Pane::Response));
            app.response.step_row(by, rows, page);
        }
        Pane::Timeline => {
            let row = app.timeline.row().saturating_add_signed(by);
            app.timeline.go(row.min(app.timeline.count().saturating_sub(1)));
            show_from_timeline(app);
        }
        Pane::Token => scroll(&mut app.scrolls.token, by),
        Pane::Credentials => scroll(&mut app.scrolls.credentials, by),
    }
}

fn scroll(top: &mut u16, by: isize) {
    *top = u16::try_from(usize::from(*top).saturating_add_signed(by).min(200)).unwrap_or(0);
}

/// In the body tab the body scrolls once it is in hand; elsewhere rows are stepped through.
fn step_composer(app: &mut App, by: isize) {
    let last = app.composer_rows();
    let lines = match app.composer.tab {
        // A line of it says the language.
        composer::Tab::Code => app.code.lines().map_or(0, |lines| lines.len() + layout::ABOVE_CODE),
        _ => app.requests.entry().body().rows(),
    };
    if matches!(app.composer.tab, composer::Tab::Body | composer::Tab::Code) && app.composer.row == 1 {
        let most = lines.saturating_sub(layout::page(app, Pane::Composer));
        if by < 0 && app.composer.top == 0 {
            app.composer.row = 0;
        }
        app.composer.top = app.composer.top.saturating_add_signed(by).min(most);
    } else {
        app.composer.row = app.composer.row.saturating_add_signed(by).min(last);
    }
}
