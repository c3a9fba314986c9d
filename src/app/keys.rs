//! From a key press to what it means where the person is: an action, a letter of a text field, a key of an overlay.

use super::{
    App, EditTarget, Editing, Stale, act, completing,
    composer::Target,
    editor::{Editor, Motion},
    effect::Effect,
    form::Form,
    history, importing, layout,
    notice::Notice,
    overlay::{self, Overlay},
    profiles,
};
use crate::config::{
    action::{Action, Context, Group},
    chord::{Chord, Key, Mods},
    keymap::Resolution,
};

/// A key was pressed.
pub(super) fn pressed(app: &mut App, chord: Chord) -> Vec<Effect> {
    let context = app.context();
    if app.notice.take().is_some() {
        app.touch(Stale::Now);
    }
    let pending = std::mem::take(&mut app.pending);
    let armed = app.quit_armed.take();
    if pending.is_empty()
        && let Some(action) = of_field_on_top(app, chord)
    {
        return act::done(app, action);
    }
    match app.keymap.resolve(context, &pending, chord) {
        Resolution::Action(Action::CancelOrQuit) => {
            app.quit_armed = armed;
            act::done(app, Action::CancelOrQuit)
        }
        Resolution::Action(action) => act::done(app, action),
        Resolution::Pending => {
            app.pending = pending;
            app.pending.push(chord);
            Vec::new()
        }
        Resolution::Unbound => match context {
            Context::Nav => Vec::new(),
            Context::Edit => typed(app, chord),
            Context::Overlay => overlay_key(app, chord),
        },
    }
}

/// What a key with Ctrl or Alt does to the text of a field that lies on top: the same as in any other field.
fn of_field_on_top(app: &mut App, chord: Chord) -> Option<Action> {
    let Mods { ctrl, alt, .. } = chord.mods();
    let on_top = app.overlay.is_some() && (app.typed_secret().is_some() || app.field().is_some());
    match app.keymap.resolve(Context::Edit, &[], chord) {
        Resolution::Action(action) if on_top && (ctrl || alt) && action.spec().group == Group::Editing => Some(action),
        _ => None,
    }
}

/// A key of a text field that is no action: a letter, or a motion every field has.
fn typed(app: &mut App, chord: Chord) -> Vec<Effect> {
    let rows = app.editing.as_ref().map_or(1, |editing| match editing.target {
        EditTarget::Composer(_) => layout::page(app, super::focus::Pane::Composer),
        EditTarget::Search | EditTarget::Command | EditTarget::Find | EditTarget::Timeline | EditTarget::Filter => 1,
    });
    if chord.key() == Key::Enter && app.editing.as_ref().is_some_and(|editing| !editing.editor.has_many_lines()) {
        return act::accept_field(app);
    }
    if let (Some(editing @ Editing { target: EditTarget::Command | EditTarget::Filter, .. }), Key::Up | Key::Down) =
        (&mut app.editing, chord.key())
    {
        let history = if editing.target == EditTarget::Filter { &mut app.filters } else { &mut app.command };
        if let Some(line) = history.recall(chord.key() == Key::Up) {
            editing.editor = Editor::line(&line);
        }
        app.touch(Stale::Now);
        return Vec::new();
    }
    if matches!(chord.key(), Key::Up | Key::Down) && completing::step(app, chord.key() == Key::Down) {
        return Vec::new();
    }
    let Some(editing) = &mut app.editing else { return Vec::new() };
    if field_key(&mut editing.editor, chord, rows) {
        app.touch(Stale::Now);
    }
    Vec::new()
}

/// A letter, or a motion every field has, which selects with Shift; whether it was one.
fn field_key(editor: &mut Editor, chord: Chord, rows: usize) -> bool {
    let Mods { ctrl, alt, shift } = chord.mods();
    let motion = match chord.key() {
        Key::Left => Motion::Left,
        Key::Right => Motion::Right,
        Key::Up => Motion::Up,
        Key::Down => Motion::Down,
        Key::PageUp => Motion::PageUp(rows),
        Key::PageDown => Motion::PageDown(rows),
        Key::Home if ctrl => Motion::Start,
        Key::End if ctrl => Motion::End,
        Key::Home => Motion::LineStart,
        Key::End => Motion::LineEnd,
        _ => return text_key(editor, chord),
    };
    match shift {
        // Many terminals keep these for themselves.
        true if ctrl || alt => return false,
        true => editor.select(motion),
        false => editor.go(motion),
    }
    true
}

fn text_key(editor: &mut Editor, chord: Chord) -> bool {
    match chord.key() {
        Key::Enter => editor.break_line(),
        Key::Backspace if chord.mods().alt || chord.mods().ctrl => editor.delete_to(Motion::WordLeft),
        Key::Backspace => editor.delete_to(Motion::Left),
        Key::Delete => editor.delete_to(Motion::Right),
        _ => match chord.typed() {
            Some(letter) => editor.type_char(letter),
            None => return false,
        },
    }
    true
}

/// A key of an overlay that is no action there.
fn overlay_key(app: &mut App, chord: Chord) -> Vec<Effect> {
    app.touch(Stale::Now);
    if let Some(Overlay::Palette(palette)) = &mut app.overlay {
        field_key(&mut palette.editor, chord, 1);
        palette.at = 0;
        return Vec::new();
    }
    if let Some(secret) = app.typed_secret() {
        match (chord.key(), chord.typed()) {
            (Key::Backspace, _) => secret.pop(),
            (_, Some(letter)) => secret.push(letter),
            _ => {}
        }
        return Vec::new();
    }
    if let Some(Overlay::Help { top, filter: Some(editor) }) = &mut app.overlay {
        field_key(editor, chord, 1);
        *top = 0;
        return Vec::new();
    }
    if let Some(Overlay::History(past)) = &mut app.overlay
        && let Some(editor) = past.typed()
    {
        return if field_key(editor, chord, 1) { history::found_anew(app) } else { Vec::new() };
    }
    if let Some(form) = app.form_mut() {
        form_key(form, chord);
        return Vec::new();
    }
    match chord.typed() {
        Some('j') => overlay::step(app, 1),
        Some('k') => overlay::step(app, -1),
        Some('q') => profiles::put_aside(app),
        Some(letter) => return overlay::letter(app, letter),
        None => {}
    }
    Vec::new()
}

/// A key of the form: text where one is typed, a choice elsewhere.
fn form_key(form: &mut Form, chord: Chord) {
    match (form.typed(), chord.key()) {
        (Some(editor), _) => {
            if field_key(editor, chord, 1) {
                form.mended();
            }
        }
        (None, Key::Left) => form.choose(false),
        (None, Key::Right | Key::Char(' ')) => form.choose(true),
        (None, _) => {}
    }
}

/// Bytes of a paste that is looked for, or is a command: every frame reads them.
const LOOKED_FOR: usize = 4_000;

/// A text was pasted: it is text in a field, an offer over the panes, and nothing over an overlay.
pub(super) fn pasted(app: &mut App, text: &str) {
    app.pending.clear();
    if let Some(secret) = app.typed_secret() {
        text.trim_end_matches(['\r', '\n']).chars().for_each(|letter| secret.push(letter));
        app.touch(Stale::Now);
        return;
    }
    let looks = match (&app.overlay, &app.editing) {
        (Some(Overlay::Palette(_) | Overlay::Help { .. }), _) => true,
        (None, Some(editing)) => !matches!(editing.target, EditTarget::Composer(_)),
        _ => false,
    };
    let end = if looks { text.floor_char_boundary(LOOKED_FOR) } else { text.len() };
    if end < text.len() {
        app.say(Notice::attention("Only the first 4 kB of what was pasted are taken here."));
    }
    let text = text.get(..end).unwrap_or_default();
    match (&mut app.overlay, &mut app.editing) {
        (Some(Overlay::Palette(palette)), _) => palette.editor.paste(text),
        (Some(Overlay::Help { filter: Some(filter), .. }), _) => filter.paste(text),
        (Some(Overlay::Form(form)), _) => {
            let Some(editor) = form.typed() else { return };
            editor.paste(text);
            form.mended();
        }
        (None, Some(editing)) => editing.editor.paste(text),
        (None, None) if app.viewing.is_some() => drop(super::viewing::refused(app)),
        (None, None) => importing::pasted(app, text),
        (Some(_), _) => return,
    }
    app.touch(Stale::Now);
}

/// Opens a field of the request in hand.
pub(super) fn edit(app: &mut App, target: Target) {
    let entry = app.requests.entry();
    let editor = match target {
        Target::Body => Editor::lines(entry.body().clone()),
        Target::Method | Target::Url | Target::Cell(..) => Editor::line(&target.text(&entry.draft)),
    };
    app.composer.go(target);
    app.editing = Some(Editing { target: EditTarget::Composer(target), editor });
    app.touch(Stale::Now);
}

#[cfg(test)]
mod tests;
