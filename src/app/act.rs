//! What each action does, by the pane that has the focus.

use std::time::Duration;

use http::Method;

use super::{
    App, EditTarget, Editing, Stale, command,
    composer::{self, Target},
    editor::{Editor, Motion},
    effect::{Effect, Order},
    focus::Pane,
    keys, layout,
    notice::Notice,
    overlay::{self, Overlay, Pasted, Way},
    palette::Palette,
    response::Tab,
    timeline,
};
use crate::{
    config::action::{Action, Context},
    document::Fold,
    domain::{
        profile::Place,
        request::{Authorization, Pair, Prepared, Purpose},
        token::TokenSerial,
    },
};

/// How long a second Ctrl-C quits.
const QUIT_ARMED: Duration = Duration::from_secs(2);
/// Columns of one step sideways.
const SIDEWAYS: usize = 8;

/// Does it, and gives what the runtime is to do.
pub(super) fn done(app: &mut App, action: Action) -> Vec<Effect> {
    app.touch(Stale::Now);
    match action {
        Action::Back => back(app),
        Action::CancelOrQuit => return cancel_or_quit(app),
        Action::Quit => return quit(app),
        Action::Redraw => app.touch(Stale::Everything),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Help => help(app),
        Action::Log => return vec![Effect::ReadLog],
        Action::Palette => open_palette(app),
        Action::CommandLine => {
            app.editing = Some(Editing { target: EditTarget::Command, editor: Editor::line("") });
        }
        Action::Send => return send(app),
        Action::Repeat => return repeat(app),
        Action::SendOnPurpose => ask_how_to_send(app),
        Action::RenewToken => return renew(app),
        Action::Policy => {
            let policy = app.environment.next_policy();
            app.say(Notice::good(format!("Policy is {}.", policy.name()), app.now.boot));
        }
        Action::WhyRefused => why_refused(app),
        Action::Environment => app.overlay = Some(Overlay::Environments { at: app.environment.active() }),
        Action::Credential => choose_credential(app),
        Action::SandboxLab => sandbox_lab(app),
        Action::TokenPane => focus(app, Pane::Token),
        Action::FocusPane(number) => {
            if let Some(pane) = Pane::numbered(number) {
                focus(app, pane);
            }
        }
        Action::NextField => beside(app, true),
        Action::PreviousField => beside(app, false),
        Action::Mouse => {
            app.mouse = !app.mouse;
            let who = if app.mouse { "here: a click puts the focus" } else { "the terminal's: it selects text" };
            app.say(Notice::good(format!("The mouse is {who}."), app.now.boot));
            return vec![Effect::Mouse(app.mouse)];
        }
        Action::Zoom => app.zoomed = !app.zoomed,
        Action::Sidebar => app.sidebar = !app.sidebar,
        Action::Search => search(app),
        Action::NextMatch => app.response.next_hit(true),
        Action::PreviousMatch => app.response.next_hit(false),
        Action::Edit => edit(app),
        Action::Open => return open(app),
        Action::Toggle => toggle(app),
        Action::FoldAll => fold_all(app, true),
        Action::UnfoldAll => fold_all(app, false),
        Action::ViewMode => view_mode(app),
        Action::Add => add(app),
        Action::Delete => delete(app),
        Action::PreviousTab => turn(app, false),
        Action::NextTab => turn(app, true),
        Action::ScrollLeft => app.response.left = app.response.left.saturating_sub(SIDEWAYS),
        Action::ScrollRight => app.response.left += SIDEWAYS,
        Action::MoveLeft => sideways(app, false),
        Action::MoveRight => sideways(app, true),
        Action::MoveDown => step(app, 1),
        Action::MoveUp => step(app, -1),
        Action::PageDown => step(app, page(app)),
        Action::PageUp => step(app, -page(app)),
        Action::Top => step(app, -FAR),
        Action::Bottom => step(app, FAR),
        Action::LineStart => motion(app, Motion::LineStart),
        Action::LineEnd => motion(app, Motion::LineEnd),
        Action::WordLeft => motion(app, Motion::WordLeft),
        Action::WordRight => motion(app, Motion::WordRight),
        Action::DeleteWordBack => in_field(app, |editor| editor.delete_to(Motion::WordLeft)),
        Action::DeleteToLineStart => in_field(app, |editor| editor.delete_to(Motion::LineStart)),
        Action::DeleteToLineEnd => in_field(app, |editor| editor.delete_to(Motion::LineEnd)),
        Action::Undo => in_field(app, |editor| {
            editor.undo();
        }),
        Action::Redo => in_field(app, |editor| {
            editor.redo();
        }),
        Action::UndoRequest => take_back(app, true),
        Action::RedoRequest => take_back(app, false),
        Action::Copy => ask_what_to_copy(app),
    }
    Vec::new()
}

/// More rows than anything on screen has.
const FAR: isize = isize::MAX / 2;

fn page(app: &App) -> isize {
    let rows = if app.overlay.is_some() { 10 } else { layout::page(app, app.focus) };
    isize::try_from(rows.saturating_sub(1).max(1)).unwrap_or(1)
}

fn motion(app: &mut App, motion: Motion) {
    in_field(app, |editor| editor.go(motion));
}

fn in_field(app: &mut App, change: impl FnOnce(&mut Editor)) {
    if let Some(editing) = &mut app.editing {
        change(&mut editing.editor);
    }
}

pub(super) fn focus(app: &mut App, pane: Pane) {
    app.focus = pane;
    if matches!(pane, Pane::Token | Pane::Credentials) {
        app.lower_left = pane;
    }
    if pane == Pane::Requests || pane == Pane::Credentials {
        app.sidebar = true;
    }
}

/// One level back, never out.
fn back(app: &mut App) {
    if app.overlay.take().is_some() {
        return;
    }
    if app.editing.is_some() {
        app.requests.find("");
        leave_field(app);
    } else if app.response.search.take().is_none() {
        app.zoomed = false;
    }
}

/// Puts the text of the field in hand where it belongs and leaves the field.
pub(super) fn leave_field(app: &mut App) {
    let Some(editing) = app.editing.take() else { return };
    if let EditTarget::Composer(target) = editing.target
        && editing.editor.is_changed()
    {
        app.requests.entry_mut().change(|draft| target.set(draft, editing.editor.text()));
        app.composer.errors.retain(|error| Target::of(error.field) != target);
    }
}

/// Enter in a field of one line: it is taken.
pub(super) fn accept_field(app: &mut App) -> Vec<Effect> {
    app.touch(Stale::Now);
    let typed = app.editing.as_ref().map(|editing| (editing.target, editing.editor.text()));
    leave_field(app);
    match typed {
        Some((EditTarget::Search, needle)) if needle.is_empty() => app.response.search = None,
        Some((EditTarget::Search, needle)) => return begin_search(app, needle),
        Some((EditTarget::Command, line)) => return command::run(app, &line),
        Some((EditTarget::Find, _)) => {
            // What was found stays open; the whole list is there again.
            app.requests.find("");
        }
        Some((EditTarget::Composer(_), _)) | None => {}
    }
    Vec::new()
}

fn open_palette(app: &mut App) {
    let context = if app.editing.is_some() { Context::Edit } else { Context::Nav };
    app.overlay = match app.overlay.take() {
        Some(Overlay::Palette(_)) => None,
        _ => Some(Overlay::Palette(Box::new(Palette::new(context)))),
    };
}

fn cancel_or_quit(app: &mut App) -> Vec<Effect> {
    let cancelled = app.sending.cancel_all();
    if !cancelled.is_empty() {
        app.quit_armed = None;
        return cancelled.into_iter().map(Effect::Cancel).collect();
    }
    if app.quit_armed.take().is_some() {
        return vec![Effect::Quit];
    }
    let until = app.now.boot + QUIT_ARMED;
    app.quit_armed = Some(until);
    app.say(Notice { until: Some(until), ..Notice::attention("Nothing is running. Ctrl-C again quits.") });
    Vec::new()
}

fn quit(app: &mut App) -> Vec<Effect> {
    if app.zoomed {
        app.zoomed = false;
        return Vec::new();
    }
    let running = app.sending.running().len();
    // What is kept is there again at the next start.
    let changed = if app.keeping.is_on() { 0 } else { app.requests.changed() };
    let many = |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
    let why = match (running, changed) {
        (0, 0) => return vec![Effect::Quit],
        (0, changed) => format!("{} not saved.", many(changed, "request is changed and", "requests are changed and")),
        (running, _) => format!("{}.", many(running, "call is still on its way", "calls are still on their way")),
    };
    app.overlay = Some(Overlay::Quit { why });
    Vec::new()
}

fn help(app: &mut App) {
    app.overlay = match app.overlay.take() {
        Some(Overlay::Help { .. }) => None,
        _ => Some(Overlay::Help { top: 0 }),
    };
}

fn send(app: &mut App) -> Vec<Effect> {
    if matches!(app.overlay, Some(Overlay::Production(_) | Overlay::Quit { .. })) {
        return Vec::new();
    }
    app.overlay = None;
    leave_field(app);
    if app.requests.entry().token_call {
        return renew(app);
    }
    match prepared(app) {
        Some(prepared) => send_prepared(app, prepared),
        None => Vec::new(),
    }
}

/// The request in hand as it can be sent; else its fields are marked and the first of them is said.
fn prepared(app: &mut App) -> Option<Prepared> {
    let draft = &app.requests.entry().draft;
    match draft.prepared(&app.environment.variables(draft)) {
        Ok(prepared) => {
            app.composer.errors.clear();
            Some(prepared)
        }
        Err(errors) => {
            if let Some(error) = errors.first() {
                app.composer.go(Target::of(error.field));
                app.say(Notice::attention(format!("Nothing was sent: {}", error.text)));
            }
            app.composer.errors = errors;
            focus(app, Pane::Composer);
            None
        }
    }
}

fn send_prepared(app: &mut App, prepared: Prepared) -> Vec<Effect> {
    let order = Order {
        id: app.sending.next_id(),
        prepared,
        profile: app.environment.profile().clone(),
        credential: app.environment.credential_name().to_owned(),
        policy: app.environment.policy(),
    };
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&order.prepared.method);
    // Without a credential nothing goes out, so there is nothing to agree to.
    let asks = order.profile.place == Place::Production && !reads && app.status.is_ok();
    if asks && !app.sending.production_agreed {
        app.overlay = Some(Overlay::Production(order.into()));
        return Vec::new();
    }
    send_order(app, order)
}

/// Makes a call, and brings its answer to the front.
pub(super) fn send_order(app: &mut App, order: Order) -> Vec<Effect> {
    let Prepared { name, method, url, .. } = &order.prepared;
    app.timeline.begin(order.id, name, method, url, app.now.wall);
    app.sending.begin(order.id, app.now.boot);
    app.sending.last = Some(order.clone());
    let tab = app.response.tab;
    app.response.show_exchange(order.id, None);
    if tab == Tab::Headers {
        app.response.tab = tab;
    }
    if layout::areas(app).pane(Pane::Response).is_none() {
        app.focus = Pane::Response;
    }
    app.touch(Stale::Now);
    vec![Effect::Send(Box::new(order))]
}

fn repeat(app: &mut App) -> Vec<Effect> {
    match app.sending.last.clone() {
        Some(last) => {
            let id = app.sending.next_id();
            send_order(app, Order { id, ..last })
        }
        None => {
            app.say(Notice::attention("Nothing was sent yet."));
            Vec::new()
        }
    }
}

fn ask_how_to_send(app: &mut App) {
    let mut ways = vec![Way::NoToken];
    if let Ok(status) = &app.status {
        let kept = status.token.iter().chain(status.earlier.iter().map(|(token, ..)| token));
        let mut serials: Vec<TokenSerial> = kept.map(|token| token.serial).collect();
        serials.dedup();
        ways.extend(serials.into_iter().map(Way::Older));
    }
    app.overlay = Some(Overlay::OnPurpose { ways, at: 0 });
}

/// Sends the request in hand once in another way.
pub(super) fn send_on_purpose(app: &mut App, way: Way) -> Vec<Effect> {
    let Some(mut prepared) = prepared(app) else { return Vec::new() };
    prepared.authorization = Authorization::OnPurpose(match way {
        Way::NoToken => Purpose::NoToken,
        Way::Older(serial) => Purpose::Generation(serial),
    });
    send_prepared(app, prepared)
}

fn renew(app: &mut App) -> Vec<Effect> {
    if let Err(refusal) = &app.status {
        let text = format!("no token can be asked for: {refusal}");
        app.say(Notice::attention(super::notice::sentences(&text, Some(&refusal.hint()))));
        return Vec::new();
    }
    app.sending.renewing = Some(app.now.boot);
    vec![Effect::Renew(app.environment.profile().clone(), app.environment.credential_name().to_owned())]
}

fn why_refused(app: &mut App) {
    let refused = app.response.exchange().filter(|id| {
        app.timeline.flow(*id).and_then(|flow| flow.exchange.as_ref()).is_some_and(|exchange| {
            exchange.diagnosis.is_some() || exchange.attempts.len() > 1 || exchange.answer().is_none()
        })
    });
    let no_token = app.status.as_ref().ok().and_then(|status| {
        let held = status.held_until.as_ref().map(|(_, why)| why);
        status.credentials_refused.as_ref().or(held).cloned()
    });
    match (refused, no_token) {
        (Some(exchange), _) => app.overlay = Some(Overlay::Doctor { exchange, top: 0 }),
        (None, Some(why)) => app.overlay = Some(Overlay::NoToken(why)),
        (None, None) => app.say(Notice::attention("The call in hand was not refused.")),
    }
}

fn choose_credential(app: &mut App) {
    if app.environment.profile().credentials.is_empty() {
        let profile = &app.environment.profile().name;
        app.say(Notice::attention(format!("Profile `{profile}` has no credentials; the config file names them.")));
    } else {
        app.overlay = Some(Overlay::Credentials { at: app.environment.credential_at() });
    }
}

/// Makes another profile the active one.
pub(super) fn choose_environment(app: &mut App, at: usize) {
    app.environment.choose_profile(at);
    let profile = app.environment.profile().clone();
    app.requests.follow(&profile);
    app.composer.opened(&app.requests.entry().draft);
    app.status = Ok(crate::domain::token::TokenStatus::default());
    app.say(Notice::good(format!("Calls go to {} now.", profile.name), app.now.boot));
}

fn sandbox_lab(app: &mut App) {
    if app.environment.profile().place == Place::Sandbox {
        app.overlay = Some(Overlay::Lab { at: 0 });
    } else {
        app.say(Notice::attention("The lab is for the sandbox; this profile is another place."));
    }
}

fn beside(app: &mut App, forward: bool) {
    match (&app.overlay, app.editing.as_ref().map(|editing| editing.target)) {
        (Some(_), _) => overlay::step(app, if forward { 1 } else { -1 }),
        (None, Some(EditTarget::Composer(target))) => {
            leave_field(app);
            let next = app.composer.beside(target, forward, &app.requests.entry().draft);
            keys::edit(app, next);
        }
        (None, Some(EditTarget::Command)) => complete(app),
        (None, Some(EditTarget::Search | EditTarget::Find)) => {}
        (None, None) => focus(app, if forward { app.focus.next() } else { app.focus.previous() }),
    }
}

/// Takes what could be meant by the line so far: all that its completions share, or the only one.
fn complete(app: &mut App) {
    let Some(editing) = &app.editing else { return };
    let lines: Vec<String> =
        app.completions(&editing.editor.text()).into_iter().map(|completion| completion.line).collect();
    let Some(mut shared) = lines.first().cloned() else { return };
    for line in &lines {
        let same = shared.char_indices().zip(line.chars()).take_while(|((_, left), right)| left == right);
        let end = same.last().map_or(0, |((at, letter), _)| at + letter.len_utf8());
        shared.truncate(end);
    }
    app.editing = Some(Editing { target: EditTarget::Command, editor: Editor::line(&shared) });
}

fn search(app: &mut App) {
    if app.focus == Pane::Requests {
        app.editing = Some(Editing { target: EditTarget::Find, editor: Editor::line("") });
        return;
    }
    if app.response.document.is_none() {
        app.say(Notice::attention("There is no body to search yet."));
        return;
    }
    focus(app, Pane::Response);
    app.response.tab = Tab::Body;
    app.editing = Some(Editing { target: EditTarget::Search, editor: Editor::line("") });
}

fn begin_search(app: &mut App, needle: String) -> Vec<Effect> {
    let Some(document) = app.response.document.clone() else { return Vec::new() };
    let search = app.response.begin_search(needle.clone());
    vec![Effect::Search { search, document, needle }]
}

/// Takes the last change of the request in hand back, or makes it again.
fn take_back(app: &mut App, back: bool) {
    let entry = app.requests.entry_mut();
    let done = if back { entry.undo() } else { entry.redo() };
    if done {
        app.composer.errors.clear();
        app.composer.row = app.composer.row.min(app.composer.rows(&app.requests.entry().draft));
    } else {
        let text = if back { "Nothing of this request was changed." } else { "Nothing was taken back." };
        app.say(Notice::attention(text));
    }
}

fn ask_what_to_copy(app: &mut App) {
    let offers = app.offers();
    if offers.is_empty() {
        app.say(Notice::attention("There is nothing to copy here."));
    } else {
        app.overlay = Some(Overlay::Copy { offers, at: 0 });
    }
}

fn edit(app: &mut App) {
    if app.requests.entry().token_call {
        app.say(Notice::attention("The token call is made by the profile; its fields are in the config file."));
        return;
    }
    let target = match app.focus {
        Pane::Composer => app.composer.target(&app.requests.entry().draft),
        _ => Some(if app.requests.entry().draft.body.is_empty() { Target::Url } else { Target::Body }),
    };
    focus(app, Pane::Composer);
    if let Some(target) = target {
        keys::edit(app, target);
    }
}

fn open(app: &mut App) -> Vec<Effect> {
    if app.overlay.is_some() {
        return overlay::open(app);
    }
    match app.focus {
        Pane::Requests => focus(app, Pane::Composer),
        Pane::Composer => edit(app),
        Pane::Timeline => {
            show_from_timeline(app);
            focus(app, Pane::Response);
        }
        Pane::Response => toggle(app),
        Pane::Credentials => choose_credential(app),
        Pane::Token => {}
    }
    Vec::new()
}

impl App {
    /// Shows the answer of the newest token call that no exchange asked for.
    pub(super) fn show_last_token_call(&mut self) {
        let of_its_own = |flow: &&timeline::Flow| matches!(flow.key, timeline::FlowKey::Token(_));
        let newest = self.timeline.flows().iter().rev().find(of_its_own).and_then(|flow| flow.trips.last());
        let Some(call) = newest.and_then(|trip| trip.token_call.clone()) else { return };
        self.response.show_token_call(&call);
        if layout::areas(self).pane(Pane::Response).is_none() {
            self.focus = Pane::Response;
        }
    }
}

/// Shows the answer of the row in hand of the timeline.
pub(super) fn show_from_timeline(app: &mut App) {
    let Some((flow, trip)) = app.timeline.here() else { return };
    match (trip.and_then(|trip| trip.token_call.as_ref()), flow.key) {
        (Some(call), _) => app.response.show_token_call(call),
        (None, timeline::FlowKey::Exchange(id)) => app.response.show_exchange(id, Some(flow)),
        (None, timeline::FlowKey::Token(_)) => {}
    }
}

fn toggle(app: &mut App) {
    match app.focus {
        Pane::Requests => app.requests.toggle(),
        Pane::Composer => toggle_row(app),
        Pane::Response => {
            let line = app.response.cursor;
            if let Some(document) = &mut app.response.document {
                document.toggle_fold(line);
            }
        }
        Pane::Timeline => app.timeline.unfold(None),
        Pane::Token | Pane::Credentials => {}
    }
}

/// A row counts or not; the method becomes the next one.
fn toggle_row(app: &mut App) {
    let draft = &app.requests.entry().draft;
    let target = app.composer.target(draft);
    app.requests.entry_mut().change(|draft| match target {
        Some(Target::Method) => draft.method = composer::next_method(&draft.method).to_owned(),
        Some(Target::Cell(tab, row, _)) => {
            if let Some(row) = tab.rows_mut(draft).and_then(|rows| rows.get_mut(row)) {
                row.on = !row.on;
            }
        }
        Some(Target::Url | Target::Body) | None => {}
    });
}

fn fold_all(app: &mut App, fold: bool) {
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

fn view_mode(app: &mut App) {
    let Some(document) = &mut app.response.document else { return };
    let modes = document.modes();
    let at = modes.iter().position(|mode| *mode == document.mode()).map_or(0, |at| at + 1);
    if let Some(mode) = modes.get(at % modes.len().max(1)) {
        document.set_mode(*mode);
        (app.response.cursor, app.response.top) = (0, 0);
    }
}

fn add(app: &mut App) {
    match (app.focus, app.composer.tab) {
        (Pane::Requests, _) => {
            app.requests.add(app.now.wall);
            app.composer.opened(&app.requests.entry().draft);
            focus(app, Pane::Composer);
            keys::edit(app, Target::Url);
        }
        (Pane::Composer, tab) => {
            let Some(row) = tab.rows(&app.requests.entry().draft).map(Vec::len) else { return };
            app.requests.entry_mut().change(|draft| {
                tab.rows_mut(draft).into_iter().for_each(|rows| rows.push(Pair::new("", "")));
            });
            keys::edit(app, Target::Cell(tab, row, false));
        }
        _ => {}
    }
}

/// Takes a pasted text for what it was offered as.
pub(super) fn take_pasted(app: &mut App, pasted: Pasted) {
    match pasted {
        Pasted::Address(address) => {
            app.requests.add(app.now.wall);
            app.requests.entry_mut().change(|draft| draft.url = address);
            app.composer.opened(&app.requests.entry().draft);
        }
        Pasted::Body(body) => {
            app.requests.entry_mut().change(|draft| draft.body = body);
            app.composer.go(Target::Body);
        }
    }
    focus(app, Pane::Composer);
}

fn delete(app: &mut App) {
    match app.focus {
        Pane::Requests => {
            if let Some(text) = app.requests.delete() {
                app.say(Notice::good(text, app.now.boot));
                app.composer.opened(&app.requests.entry().draft);
            }
        }
        Pane::Composer => {
            let (tab, row) = (app.composer.tab, app.composer.row);
            app.requests.entry_mut().change(|draft| {
                if let Some(rows) = tab.rows_mut(draft).filter(|rows| (1..=rows.len()).contains(&row)) {
                    rows.remove(row - 1);
                }
            });
            app.composer.row = row.min(app.composer.rows(&app.requests.entry().draft));
        }
        _ => {}
    }
}

fn turn(app: &mut App, forward: bool) {
    let turned = |at: usize, count: usize| (at + if forward { 1 } else { count - 1 }) % count;
    match app.focus {
        Pane::Response => {
            let tabs = app.response_tabs();
            if !tabs.is_empty() {
                let at = tabs.iter().position(|(tab, _)| *tab == app.response.tab).unwrap_or(0);
                app.response.tab = tabs[turned(at, tabs.len())].0;
                app.response.scroll = 0;
            }
        }
        _ => {
            let tabs = composer::Tab::ALL;
            let at = tabs.iter().position(|tab| *tab == app.composer.tab).unwrap_or(0);
            app.composer.tab = tabs[turned(at, tabs.len())];
            (app.composer.row, app.composer.top) = (0, 0);
        }
    }
}

fn sideways(app: &mut App, right: bool) {
    match app.focus {
        Pane::Requests => app.requests.fold(!right),
        Pane::Composer => app.composer.right = right,
        Pane::Timeline => app.timeline.unfold(Some(right)),
        Pane::Response => {
            let line = app.response.cursor;
            let at = usize::try_from(line - app.response.top).unwrap_or(usize::MAX);
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
pub(super) fn step(app: &mut App, by: isize) {
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
        Pane::Response if app.response.tab == Tab::Body => app.response.step(by as i64),
        Pane::Response => {
            let last = app.response_rows().saturating_sub(layout::page(app, Pane::Response));
            app.response.scroll = app.response.scroll.saturating_add_signed(by).min(last);
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
    let draft = &app.requests.entry().draft;
    let last = app.composer.rows(draft);
    let lines = draft.body.lines().count();
    if app.composer.tab == composer::Tab::Body && app.composer.row == 1 {
        let most = lines.saturating_sub(layout::page(app, Pane::Composer));
        if by < 0 && app.composer.top == 0 {
            app.composer.row = 0;
        }
        app.composer.top = app.composer.top.saturating_add_signed(by).min(most);
    } else {
        app.composer.row = app.composer.row.saturating_add_signed(by).min(last);
    }
}
