//! What leaves the explorer: a field for the editor, something to read for the pager, an address for the browser, a body
//! for a file.

use super::{edit as edit_in_place, leave_field};
use url::Url;

use crate::{
    app::{
        App, Stale,
        effect::{Effect, Errand, Pages, Saving},
        focus::Pane,
        message::SaveEnd,
        notice::Notice,
        overlay::{Agreement, Overlay},
        response::Tab,
    },
    body::Completion,
    document::Kind,
};

/// Hands the field in hand to the editor; over the panes, the one that `edit` would open. A body goes as a copy to look at.
pub(super) fn edit(app: &mut App) -> Vec<Effect> {
    if app.editing.is_none() && app.focus == Pane::Response {
        let document = app.response.document.clone().filter(|_| app.response.tab == Tab::Body);
        let Some(document) = document else {
            app.say(Notice::attention("There is no body to look at in the editor."));
            return Vec::new();
        };
        let suffix = match document.kind() {
            Kind::Json | Kind::JsonLines => ".json",
            Kind::Xml => ".xml",
            Kind::Html => ".html",
            _ => ".txt",
        };
        return vec![Effect::Outside(Errand::Look(document, suffix))];
    }
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

/// Asks whether the address in hand is to be opened in the browser; it is shown whole, and in ASCII.
pub(super) fn browse(app: &mut App) {
    let url = app.address_in_hand().and_then(|text| Url::parse(text.trim()).ok());
    match url.filter(|url| matches!(url.scheme(), "http" | "https")) {
        None => app.say(Notice::attention("Nothing in hand here is an http or https address.")),
        Some(url) if app.masks.finds(url.as_str()) => {
            app.say(Notice::attention("The address has a secret in it: it is handed to no other program."));
        }
        Some(url) => app.overlay = Some(Overlay::Agree(Agreement::Browse(url))),
    }
}

/// Saves the body that is shown; what stands in the way is asked about.
pub(in crate::app) fn save(app: &mut App, path: &str) -> Result<Vec<Effect>, String> {
    let document = app.response.document.as_ref().ok_or("there is no body yet")?;
    let (body, text) = (document.sent().clone(), document.text().clone());
    match body.completion() {
        Completion::Arriving => return Err("the body is still on its way: save it when it is there".to_owned()),
        Completion::LetGo(_) => return Err("the body is no longer kept".to_owned()),
        Completion::Complete | Completion::Incomplete(_) => {}
    }
    let path = path.to_owned();
    Ok(vec![Effect::Save(Saving { path, body, text, masks: app.masks.clone(), over: false, with_secret: false })])
}

/// A body is saved, or something is to be agreed to first.
pub(in crate::app) fn saved(app: &mut App, end: SaveEnd) {
    match end {
        SaveEnd::Done(words) => app.say(Notice::good(words, app.now.boot)),
        SaveEnd::Failed(why) => app.say(Notice::bad(why)),
        SaveEnd::Exists(saving) => {
            let asked = format!("{} is there already. What is in it would be gone.", saving.path);
            agree(app, asked, Saving { over: true, ..saving });
        }
        SaveEnd::Holds(saving, pseudonym) => {
            let asked = format!("The body has {pseudonym} in it. It is saved as it is, for nobody else to read.");
            agree(app, asked, Saving { with_secret: true, ..saving });
        }
    }
    app.touch(Stale::Now);
}

fn agree(app: &mut App, asked: String, saving: Saving) {
    if app.overlay.is_some() {
        // Whoever is at something else by now has not asked for this question.
        app.say(Notice::attention(format!("{} is not saved: {asked}", saving.path)));
        return;
    }
    app.overlay = Some(Overlay::Agree(Agreement::Save { asked, saving }));
}
