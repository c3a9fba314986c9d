//! What each action does, by the pane that has the focus.

pub(in crate::app) mod calls;
pub(super) mod outside;
pub(super) mod rows;

use std::time::Duration;

use super::{
    App, EditTarget, Editing, Stale, collection, command, completing,
    composer::Target,
    editor::{Editor, Motion},
    effect::Effect,
    filtering,
    focus::Pane,
    format, history, keys, layout, ledger,
    notice::Notice,
    overlay::{self, Overlay},
    palette::Palette,
    picking::{self, Picking},
    profiles,
    response::Tab,
    rotation, timeline, token_menu, touring, viewing,
};
use crate::{
    config::action::{Action, Context},
    document::Pattern,
    domain::{profile::Place, secret::SecretInput},
};

/// How long a second Ctrl-C quits.
const QUIT_ARMED: Duration = Duration::from_secs(2);
/// Columns of one step sideways.
const SIDEWAYS: usize = 8;

/// Does it, and gives what the runtime is to do.
pub(super) fn done(app: &mut App, action: Action) -> Vec<Effect> {
    app.touch(Stale::Now);
    if !app.has_action(action.spec(), app.context()) {
        return viewing::refused(app);
    }
    match action {
        Action::Back => return back(app),
        Action::CancelOrQuit => return cancel_or_quit(app),
        Action::Quit => return quit(app),
        Action::Redraw => app.touch(Stale::Everything),
        Action::Suspend => {
            app.hide_token();
            return vec![Effect::Suspend];
        }
        Action::TokenMenu => token_menu::open(app),
        Action::Ledger => ledger::open(app),
        Action::HideSecrets => token_menu::hide_secrets(app),
        Action::Help => help(app),
        Action::Paste => return vec![Effect::ReadClipboard],
        Action::History => return history::open(app),
        Action::Log => return vec![Effect::ReadLog],
        Action::Palette => open_palette(app),
        Action::CommandLine => {
            app.editing = Some(Editing { target: EditTarget::Command, editor: Editor::line("") });
        }
        Action::Save if app.form_mut().is_some() => return profiles::save(app),
        Action::Save if app.overlay.is_none() => return collection::save(app),
        Action::Save => {}
        Action::Send if app.form_mut().is_some() => return profiles::try_form(app),
        Action::Send => return calls::send(app),
        Action::Repeat => return calls::repeat(app),
        Action::SendOnPurpose => calls::ask_how_to_send(app),
        Action::RenewToken => return calls::renew(app),
        Action::Policy => {
            let policy = app.environment.next_policy();
            app.say(Notice::good(format!("Policy is {}.", policy.name()), app.now.boot));
        }
        Action::WhyRefused => calls::why_refused(app),
        Action::Running => running(app),
        Action::Environment => app.overlay = Some(Overlay::Environments { at: app.environment.active() }),
        Action::Credential => choose_credential(app),
        Action::RotateSecret => return rotate(app),
        Action::SandboxLab => sandbox_lab(app),
        Action::Tour => touring::pressed(app),
        Action::TokenPane => focus(app, Pane::Token),
        Action::FocusPane(number) => {
            if let Some(pane) = Pane::numbered(number) {
                focus(app, pane);
            }
        }
        Action::NextField if completing::take(app) => {}
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
        Action::Filter => filtering::begin(app),
        Action::NextMatch => app.response.next_hit(true),
        Action::PreviousMatch => app.response.next_hit(false),
        Action::Edit if app.focus == Pane::Credentials => return to_credential(app, "edit"),
        Action::Edit => edit(app),
        Action::Open => return open(app),
        Action::Toggle => rows::toggle(app),
        Action::FoldAll => rows::fold_all(app, true),
        Action::UnfoldAll => rows::fold_all(app, false),
        Action::ViewMode => rows::view_mode(app),
        Action::Add if app.focus == Pane::Credentials => return to_credential(app, "add"),
        Action::Add => rows::add(app),
        Action::Delete if app.focus == Pane::Credentials => return to_credential(app, "delete"),
        Action::Delete => rows::delete(app),
        Action::Duplicate if app.focus == Pane::Credentials => {
            let (at, credential) = (app.environment.active(), app.environment.credential_name().to_owned());
            return profiles::done(app, "duplicate", at, Some(&credential));
        }
        Action::Duplicate => rows::duplicate(app),
        Action::PreviousTab => rows::turn(app, false),
        Action::NextTab => rows::turn(app, true),
        Action::ScrollLeft => app.response.left = app.response.left.saturating_sub(SIDEWAYS),
        Action::ScrollRight => app.response.left += if app.response.wrap { 0 } else { SIDEWAYS },
        Action::Wrap => app.response.toggle_wrap(),
        Action::LineNumbers => app.response.numbers = !app.response.numbers,
        Action::MoveLeft => rows::sideways(app, false),
        Action::MoveRight => rows::sideways(app, true),
        Action::MoveDown => rows::step(app, 1),
        Action::MoveUp => rows::step(app, -1),
        Action::PageDown => rows::step(app, rows::page(app)),
        Action::PageUp => rows::step(app, -rows::page(app)),
        Action::Top => rows::step(app, -rows::FAR),
        Action::Bottom => rows::step(app, rows::FAR),
        Action::LineStart => motion(app, Motion::LineStart),
        Action::LineEnd => motion(app, Motion::LineEnd),
        Action::WordLeft => motion(app, Motion::WordLeft),
        Action::WordRight => motion(app, Motion::WordRight),
        // Nobody sees where the cursor of a secret is: it is one word, and goes as one.
        Action::DeleteToLineStart | Action::DeleteWordBack if app.typed_secret().is_some() => {
            app.typed_secret().into_iter().for_each(SecretInput::clear);
        }
        Action::DeleteWordBack => in_field(app, |editor| editor.delete_to(Motion::WordLeft)),
        Action::DeleteToLineStart => in_field(app, |editor| editor.delete_to(Motion::LineStart)),
        Action::DeleteToLineEnd => in_field(app, |editor| editor.delete_to(Motion::LineEnd)),
        Action::SelectAll => in_field(app, Editor::select_all),
        Action::CopySelection => return copy_selection(app, |editor| editor.selected()),
        Action::CutSelection => return copy_selection(app, Editor::cut),
        Action::Complete => completing::complete(app),
        Action::Undo => in_field(app, Editor::undo),
        Action::Redo => in_field(app, Editor::redo),
        Action::UndoRequest => return take_back(app, true),
        Action::RedoRequest => return take_back(app, false),
        Action::Copy => ask_what_to_copy(app),
        Action::CopyCode => return app.copy_code(),
        Action::Format => return format::body(app),
        Action::Editor => return outside::edit(app),
        Action::Pager => return outside::page(app),
        Action::Browser => outside::browse(app),
    }
    Vec::new()
}

/// Opens the exchange of the secret of the credential in hand.
pub(super) fn rotate(app: &mut App) -> Vec<Effect> {
    rotation::open(app, app.environment.credential_at())
}

fn to_credential(app: &mut App, verb: &str) -> Vec<Effect> {
    profiles::done_to_credential(app, verb, app.environment.credential_at())
}

fn motion(app: &mut App, motion: Motion) {
    in_field(app, |editor| editor.go(motion));
}

fn in_field(app: &mut App, change: impl FnOnce(&mut Editor)) {
    if let Some(editor) = app.field() {
        change(editor);
    }
    match &mut app.overlay {
        Some(Overlay::Palette(palette)) => palette.at = 0,
        Some(Overlay::Form(form)) => form.mended(),
        _ => {}
    }
}

/// Copies what is selected, as `taken` gives it.
fn copy_selection(app: &mut App, taken: impl FnOnce(&mut Editor) -> Option<String>) -> Vec<Effect> {
    let Some(editor) = app.field() else { return Vec::new() };
    if let Some(text) = taken(editor) {
        return vec![Effect::Copy { what: "the selection".to_owned(), text }];
    }
    app.say(Notice::attention("Nothing is selected: Shift with an arrow, Home or End selects."));
    Vec::new()
}

pub(super) fn focus(app: &mut App, pane: Pane) {
    if app.viewing.is_some() {
        return;
    }
    app.focus = pane;
    if matches!(pane, Pane::Token | Pane::Credentials) {
        app.lower_left = pane;
    }
    if pane == Pane::Requests || pane == Pane::Credentials {
        app.sidebar = true;
    }
}

/// One level back, never out.
fn back(app: &mut App) -> Vec<Effect> {
    if history::back(app) {
        return Vec::new();
    }
    match &mut app.overlay {
        Some(Overlay::Help { filter: filter @ Some(_), .. }) => *filter = None,
        Some(Overlay::Ask) => {
            app.overlay = None;
            return app.answer(false);
        }
        Some(Overlay::Trial(_)) => profiles::leave_trial(app),
        Some(_) => profiles::put_aside(app),
        None => back_in_panes(app),
    }
    Vec::new()
}

fn back_in_panes(app: &mut App) {
    if completing::close(app) {
        return;
    }
    if app.editing.is_some() {
        let filter = app.editing.as_ref().is_some_and(|editing| editing.target == EditTarget::Filter);
        leave_field(app);
        if filter {
            filtering::leave(app);
        }
    } else if app.focus == Pane::Timeline && !app.timeline.looked_for().is_empty() {
        app.timeline.find("");
    } else if app.response.search.take().is_none() && !filtering::leave(app) {
        let zoomed = std::mem::replace(&mut app.zoomed, app.viewing.is_some());
        if zoomed == app.zoomed {
            touring::leave(app);
        }
    }
}

/// Puts the text of the field in hand where it belongs and leaves the field.
pub(super) fn leave_field(app: &mut App) {
    let Some(editing) = app.editing.take() else { return };
    if editing.target == EditTarget::Find {
        // What was found stays open; the whole list is there again.
        app.requests.find("");
    }
    if let EditTarget::Composer(target) = editing.target
        && editing.editor.is_changed()
    {
        let entry = app.requests.entry_mut();
        match target {
            Target::Body => entry.change_body(editing.editor.now()),
            target => entry.change(|draft| target.set(draft, editing.editor.text())),
        }
        let draft = &app.requests.entry().draft;
        app.composer.errors.retain(|error| Target::of(error.field, draft) != target);
    }
}

/// Leaves a field of a request that is gone.
pub(super) fn leave_nowhere(app: &mut App) {
    if app.editing.as_ref().is_some_and(|editing| matches!(editing.target, EditTarget::Composer(_))) {
        app.editing = None;
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
        Some((EditTarget::Filter, code)) => filtering::accept(app, &code),
        Some((EditTarget::Find | EditTarget::Timeline | EditTarget::Composer(_), _)) | None => {}
    }
    Vec::new()
}

fn open_palette(app: &mut App) {
    let context = if app.editing.is_some() { Context::Edit } else { Context::Nav };
    let open = matches!(app.overlay, Some(Overlay::Palette(_)));
    profiles::put_aside(app);
    app.overlay = (!open).then(|| Overlay::Palette(Box::new(Palette::new(app, context))));
}

fn cancel_or_quit(app: &mut App) -> Vec<Effect> {
    if matches!(&app.overlay, Some(Overlay::Trial(trying)) if trying.end.is_none()) {
        app.quit_armed = None;
        profiles::leave_trial(app);
        return vec![Effect::StopTrial];
    }
    if let Some(stop) = viewing::stop(app) {
        app.quit_armed = None;
        return vec![stop];
    }
    if app.rotation_works() {
        // What is being written is not left half done; the token call before that ends at once.
        app.quit_armed = None;
        return vec![Effect::StopTrial];
    }
    if filtering::stop(app) {
        app.quit_armed = None;
        return vec![Effect::StopFilter];
    }
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
    if app.viewing.is_some() {
        return vec![Effect::Quit];
    }
    if app.zoomed {
        app.zoomed = false;
        return Vec::new();
    }
    let running = app.sending.running().len();
    // What is kept is there again at the next start.
    let changed = if app.keeping.works() { 0 } else { app.requests.changed() };
    if app.rotation_works() {
        app.overlay = Some(Overlay::Quit { why: "A secret is being exchanged.".to_owned() });
        return Vec::new();
    }
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
    let open = matches!(app.overlay, Some(Overlay::Help { .. }));
    profiles::put_aside(app);
    app.overlay = (!open).then_some(Overlay::Help { top: 0, filter: None });
}

fn running(app: &mut App) {
    if app.sending.running().is_empty() {
        app.say(Notice::attention("Nothing is on its way."));
    } else {
        app.overlay = Some(Overlay::Running { at: 0 });
    }
}

fn choose_credential(app: &mut App) {
    if app.environment.profile().credentials.is_empty() {
        let profile = &app.environment.profile().name;
        let text = format!("Profile `{profile}` has no credentials. `:profile edit` fills one in.");
        app.say(Notice::attention(text));
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
        (None, Some(EditTarget::Search | EditTarget::Find | EditTarget::Timeline | EditTarget::Filter)) => {}
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
    if app.focus == Pane::Timeline {
        app.timeline.find("");
        app.editing = Some(Editing { target: EditTarget::Timeline, editor: Editor::line("") });
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
    match Pattern::new(&needle) {
        Ok(pattern) => {
            let search = app.response.begin_search(needle, pattern.clone());
            vec![Effect::Search { search, document, pattern }]
        }
        Err(why) => {
            app.say(Notice::attention(format!("`{needle}` is no regular expression: {why}.")));
            Vec::new()
        }
    }
}

/// Takes the last change of the request in hand back, or makes it again.
fn take_back(app: &mut App, back: bool) -> Vec<Effect> {
    if let Some(effects) = back.then(|| collection::bring_back(app)).flatten() {
        return effects;
    }
    if back && app.requests.bring_back() {
        app.composer.opened(&app.requests.entry().draft);
        return Vec::new();
    }
    let entry = app.requests.entry_mut();
    let done = if back { entry.undo() } else { entry.redo() };
    if done {
        app.composer.errors.clear();
        app.composer.row = app.composer.row.min(app.composer_rows());
    } else {
        let text = if back { "Nothing of this request was changed." } else { "Nothing was taken back." };
        app.say(Notice::attention(text));
    }
    Vec::new()
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
        app.say(Notice::attention("The token call is made by the profile. `:profile edit` opens its form."));
        return;
    }
    let target = match app.focus {
        Pane::Composer => app.composer.target(&app.requests.entry().draft),
        _ => Some(if app.requests.entry().draft.body.is_empty() { Target::Url } else { Target::Body }),
    };
    focus(app, Pane::Composer);
    match target {
        Some(target) => keys::edit(app, target),
        None => rows::give_value(app),
    }
}

fn open(app: &mut App) -> Vec<Effect> {
    if app.overlay.is_some() {
        return overlay::open(app);
    }
    match app.focus {
        Pane::Requests => focus(app, Pane::Composer),
        Pane::Composer if app.composer.row == 0 && !app.composer.right => picking::open(app, Picking::Method),
        Pane::Composer => edit(app),
        Pane::Timeline => open_flow(app),
        Pane::Response if app.response.tab == Tab::Flow => match app.message_in_hand() {
            Ok(page) => app.overlay = Some(Overlay::Message(Box::new(page))),
            Err(why) => app.say(Notice::attention(why)),
        },
        Pane::Response => rows::toggle(app),
        Pane::Credentials => choose_credential(app),
        Pane::Token => {}
    }
    Vec::new()
}

impl App {
    /// The text field that keys go to.
    pub(super) fn field(&mut self) -> Option<&mut Editor> {
        match &mut self.overlay {
            Some(Overlay::Palette(palette)) => Some(&mut palette.editor),
            Some(Overlay::Help { filter, .. }) => filter.as_mut(),
            Some(Overlay::Form(form)) => form.typed(),
            Some(Overlay::History(past)) => past.typed(),
            Some(_) => None,
            None => self.editing.as_mut().map(|editing| &mut editing.editor),
        }
    }

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

/// Gives the screen to the flow of the row in hand of the timeline.
fn open_flow(app: &mut App) {
    show_from_timeline(app);
    focus(app, Pane::Response);
    if app.shown_flow().is_some() {
        app.response.turn(Tab::Flow);
        app.zoomed = true;
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
