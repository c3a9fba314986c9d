//! What is handed to programs of the person's own: a field to the editor, something to read to the pager.

use super::{edit as edit_in_place, leave_field};
use crate::app::{
    App, Stale,
    effect::{Effect, Errand, Pages},
    focus::Pane,
    notice::Notice,
    response::Tab,
};

/// Hands the field in hand to the editor; over the panes, the one that `edit` would open.
pub(super) fn edit(app: &mut App) -> Vec<Effect> {
    let leave = app.editing.is_none();
    if leave {
        edit_in_place(app);
    }
    let Some(editing) = &app.editing else { return Vec::new() };
    let text = editing.editor.text();
    // A field of one line may begin with a variable.
    let is_json = editing.editor.has_many_lines() && text.trim_start().starts_with(['{', '[']);
    let suffix = if is_json { ".json" } else { ".txt" };
    vec![Effect::Outside(Errand::Edit { text, suffix, leave })]
}

/// The editor is done.
pub(in crate::app) fn edited(app: &mut App, text: Result<String, String>, leave: bool) {
    match (text, &mut app.editing) {
        (Ok(text), Some(editing)) => editing.editor.set_text(&text),
        (Ok(_), None) => {}
        (Err(why), _) => app.say(Notice::attention(why)),
    }
    if leave {
        leave_field(app);
    }
    app.touch(Stale::Now);
}

/// Hands what the pane shows to the pager, whole.
pub(super) fn page(app: &mut App) -> Vec<Effect> {
    let request = &app.requests.entry().draft.body;
    let pages = match app.focus {
        Pane::Composer if !request.is_empty() => Some(Pages::Text(request.clone())),
        Pane::Response if app.response.tab == Tab::Headers => app.header_text().map(Pages::Text),
        _ => app.response.document.clone().map(Pages::Body),
    };
    match pages {
        Some(pages) => vec![Effect::Outside(Errand::Page(pages))],
        None => {
            app.say(Notice::attention("There is nothing to read yet."));
            Vec::new()
        }
    }
}
