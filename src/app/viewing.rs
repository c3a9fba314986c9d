//! A file or a pipe to look at, in the frame of the explorer and nothing beside it: no request, no token, no call.
//!
//! Owns what it is called, since when it is read, and which actions and commands there are then. `authscope view` starts
//! an explorer with one; everything that is done to a body is done by `response` as ever.

use super::{App, Stale, effect::Effect, focus::Pane, notice::Notice};
use crate::{
    body::Completion,
    config::action::{Action, ActionSpec, Context},
    document::Document,
    domain::clock::Boot,
};

/// See the module.
#[derive(Clone, Debug)]
pub struct Viewing {
    /// What it is called: the path of a file, or that it is standard input.
    pub name: String,
    /// Since when it is read.
    pub since: Boot,
    /// Whether reading it was told to stop.
    pub stopped: bool,
}

impl App {
    /// Shows a file or a pipe, and is there for nothing else from now on.
    pub fn view(&mut self, name: String, document: Document) {
        self.response.show_file(document);
        (self.focus, self.zoomed) = (Pane::Response, true);
        self.viewing = Some(Viewing { name, since: self.now.boot, stopped: false });
    }

    /// Whether an action can be asked for here at all.
    pub fn has_action(&self, spec: &ActionSpec, context: Context) -> bool {
        self.viewing.is_none() || !is_of_calls(spec.action, context)
    }

    /// Whether what is looked at still arrives.
    pub fn is_reading(&self) -> bool {
        let body = self.response.document.as_ref().filter(|_| self.viewing.is_some()).map(Document::body);
        body.is_some_and(|body| body.completion() == Completion::Arriving)
    }
}

/// Whether an action needs a request or a pane beside the one that shows the file.
fn is_of_calls(action: Action, context: Context) -> bool {
    use Action as A;
    match action {
        A::Editor | A::NextField | A::PreviousField | A::Edit => context == Context::Nav,
        A::Send
        | A::SendOnPurpose
        | A::Repeat
        | A::TokenPane
        | A::RenewToken
        | A::Policy
        | A::WhyRefused
        | A::Running
        | A::Environment
        | A::Credential
        | A::RotateSecret
        | A::TokenMenu
        | A::HideSecrets
        | A::Duplicate
        | A::FocusPane(_)
        | A::Zoom
        | A::Sidebar
        | A::Add
        | A::Delete
        | A::SandboxLab
        | A::CopyCode
        | A::UndoRequest
        | A::RedoRequest
        | A::PreviousTab
        | A::NextTab
        | A::Save => true,
        _ => false,
    }
}

/// Commands that need one.
pub(super) const OF_CALLS: [&str; 6] = ["resize", "policy", "profile", "environment", "set", "lesson"];

/// Refuses what is not there, and says so.
pub(super) fn refused(app: &mut App) -> Vec<Effect> {
    app.say(Notice::attention("A file is looked at here: there is no request to do that with."));
    Vec::new()
}

/// More of it came, or its end.
pub(super) fn grown(app: &mut App) {
    let Some(document) = app.response.document.as_mut().filter(|_| app.viewing.is_some()) else { return };
    let first = document.count().lines == 0;
    document.grown();
    let ended = document.sent().completion() != Completion::Arriving;
    app.touch(if first || ended { Stale::Now } else { Stale::Progress });
}

/// Stops reading it; nothing where nothing is read.
pub(super) fn stop(app: &mut App) -> Option<Effect> {
    let reading = app.is_reading();
    let viewing = app.viewing.as_mut().filter(|viewing| reading && !viewing.stopped)?;
    viewing.stopped = true;
    Some(Effect::StopReading)
}
