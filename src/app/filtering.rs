//! The filter of the response: what is typed, what came of it, and the body that it was made of.
//!
//! What comes out is a body like any other and takes its place; the last one that came out stays while another filter is
//! typed, or has a fault. Leaving the filter brings the body back.

use super::{
    App, EditTarget, Editing, Stale, editor::Editor, effect::Effect, focus::Pane, notice::Notice, response::Tab,
};
use crate::{body::Body, document::Document};

/// What comes out of a filter is a value a line.
const LINES: &str = "application/x-ndjson";

/// See the module.
#[derive(Clone, Debug)]
pub struct Filtering {
    /// The body that is filtered.
    source: Document,
    /// The filter, as it is typed by now.
    pub code: String,
    /// Which of those that were typed.
    number: u64,
    /// Whether what comes out is not known yet.
    pub running: bool,
    /// Why nothing came out.
    pub error: Option<String>,
}

/// Opens the prompt, with the filter in force.
pub(super) fn begin(app: &mut App) {
    let Some(document) = app.response.document.clone() else {
        return app.say(Notice::attention("There is no body to filter yet."));
    };
    super::act::focus(app, Pane::Response);
    (app.response.tab, app.response.search) = (Tab::Body, None);
    let filter = app.response.filter.get_or_insert_with(|| Filtering {
        source: document,
        code: String::new(),
        number: 0,
        running: false,
        error: None,
    });
    app.editing = Some(Editing { target: EditTarget::Filter, editor: Editor::line(&filter.code) });
}

/// The order that follows from what is typed by now, if it is another filter.
pub(super) fn typed(app: &mut App) -> Option<Effect> {
    let editing = app.editing.as_ref().filter(|editing| editing.target == EditTarget::Filter)?;
    let code = editing.editor.text();
    let filter = app.response.filter.as_mut().filter(|filter| filter.code != code)?;
    (filter.code, filter.error) = (code.clone(), None);
    app.filtered += 1;
    (filter.number, filter.running) = (app.filtered, !code.trim().is_empty());
    let (number, document, runs) = (filter.number, filter.source.clone(), filter.running);
    app.touch(Stale::Now);
    if runs {
        return Some(Effect::Filter { number, document, code });
    }
    app.response.put(document);
    Some(Effect::StopFilter)
}

/// Something came out of a filter, or nothing did.
pub(super) fn done(app: &mut App, number: u64, end: Result<Body, String>) {
    let masks = app.response.masks.clone();
    let Some(filter) = app.response.filter.as_mut().filter(|filter| filter.number == number && filter.running) else {
        return;
    };
    filter.running = false;
    match end {
        Ok(body) => app.response.put(Document::new(body, Some(LINES)).hiding(masks)),
        Err(why) => filter.error = Some(masks.masked(&why)),
    }
    app.touch(Stale::Now);
}

/// The filter is taken as it is.
pub(super) fn accept(app: &mut App, code: &str) {
    if code.trim().is_empty() {
        leave(app);
    } else {
        app.filters.remember(code);
    }
}

/// Brings the body back; whether there was a filter.
pub(super) fn leave(app: &mut App) -> bool {
    let Some(filter) = app.response.filter.take() else { return false };
    app.response.put(filter.source);
    true
}

/// Waits no more for what comes out; whether anything was waited for.
pub(super) fn stop(app: &mut App) -> bool {
    let Some(filter) = app.response.filter.as_mut().filter(|filter| filter.running) else { return false };
    (filter.running, filter.error) = (false, Some("stopped".to_owned()));
    true
}
