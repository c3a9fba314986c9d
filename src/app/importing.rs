//! What comes from elsewhere: pasted over the panes, read from the clipboard or from a file. It is offered, and put where
//! a person says: among their own requests, or into files of the collection.

use std::{collections::BTreeSet, path::PathBuf};

use serde::de::IgnoredAny;
use url::Url;

use super::{
    App, Stale, act,
    collection::{Done, FileChange},
    composer::Target,
    effect::Effect,
    focus::Pane,
    notice::{Notice, sentences},
    overlay::Overlay,
    profiles,
};
use crate::{
    config::action::{Action, Context},
    domain::{request::Draft, template},
    interchange::{Files, Import, files, format::Format},
};

/// Bytes of a pasted text that are read as requests while a person waits.
const AT_ONCE: usize = 256 << 10;

/// What a text could be taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coming {
    /// The address of a new request.
    Address(String),
    /// The JSON body of the request in hand.
    Body(String),
    /// Requests of another program.
    Requests(Box<Requests>),
}

/// Requests of another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requests {
    /// What the text gave.
    pub import: Import,
    /// As what it was read.
    pub format: Format,
    /// What the text is called; its file, where it is from one.
    pub name: String,
}

impl Coming {
    /// What a text could be taken for, if anything; `name` is what it is called.
    pub fn of(text: &str, name: &str) -> Option<Self> {
        let trimmed = text.trim();
        let is_address = trimmed.starts_with("http://") || trimmed.starts_with("https://");
        if is_address && !trimmed.contains(char::is_whitespace) && Url::parse(trimmed).is_ok() {
            return Some(Self::Address(trimmed.to_owned()));
        }
        if let Some(format) = Format::of(trimmed) {
            let import = format.imported(trimmed, &Files::new());
            // A body may have a member `values`, as an environment of Postman has.
            let is_body = format == Format::Postman && import.requests.is_empty() && import.variables.is_empty();
            if !is_body {
                return Some(Self::Requests(Box::new(Requests { import, format, name: name.to_owned() })));
            }
        }
        let is_json = trimmed.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(trimmed).is_ok();
        is_json.then(|| Self::Body(trimmed.to_owned()))
    }
}

/// A text was pasted over the panes.
pub(super) fn pasted(app: &mut App, text: &str) {
    if text.len() > AT_ONCE && !text.trim_start().starts_with(['{', '[', 'c']) {
        app.say(Notice::attention("That is much to paste: put it into a file, and `:import FILE` reads it."));
        return;
    }
    match Coming::of(text, "what was pasted") {
        Some(coming) => app.overlay = Some(Overlay::Pasted(coming)),
        None => {
            let text = "Pasted over the panes: neither an address nor JSON. {edit} opens a field for text.";
            let key = app.keymap.hint(Action::Edit, Context::Nav).unwrap_or_default();
            app.say(Notice::attention(text.replace("{edit}", &key)));
        }
    }
}

/// What the clipboard or a file holds was read.
pub(super) fn came(app: &mut App, outcome: Result<Box<Coming>, String>) {
    app.touch(Stale::Now);
    match outcome {
        // Whoever is at something else by now is not to answer this by accident.
        Ok(_) if app.overlay.is_some() || app.editing.is_some() => {
            app.say(Notice::attention("What was read is not taken: something else is in hand by now."));
        }
        Ok(coming) => {
            profiles::put_aside(app);
            app.overlay = Some(Overlay::Pasted(*coming));
        }
        Err(why) => app.say(Notice::attention(sentences(&why, None))),
    }
}

/// Takes it for what it was offered as.
pub(super) fn taken(app: &mut App, coming: Coming) {
    match coming {
        Coming::Address(address) => {
            app.requests.add(app.now.wall);
            app.requests.entry_mut().change(|draft| draft.url = address);
            app.composer.opened(&app.requests.entry().draft);
        }
        Coming::Body(body) => {
            app.requests.entry_mut().change(|draft| draft.body = body);
            app.composer.go(Target::Body);
        }
        Coming::Requests(requests) => {
            let import = requests.import;
            if import.requests.is_empty() {
                return;
            }
            let count = import.requests.len();
            let variables = import.variables;
            let drafts = import.requests.into_iter().map(|found| {
                let mut draft = found.draft;
                let wanted = |name: &str| mentioned(&draft).contains(name);
                let given = variables.iter().filter(|row| row.on && !row.value.is_empty() && wanted(&row.name));
                let given: Vec<_> = given.cloned().collect();
                draft.variables.extend(given);
                draft
            });
            app.requests.take(drafts, app.now.wall);
            app.composer.opened(&app.requests.entry().draft);
            if count > 1 {
                app.say(Notice::good(format!("{count} requests are in the list."), app.now.boot));
            }
        }
    }
    act::focus(app, Pane::Composer);
}

/// The names that a draft mentions anywhere.
fn mentioned(draft: &Draft) -> BTreeSet<String> {
    let rows = draft.headers.iter().chain(&draft.query).flat_map(|row| [row.name.as_str(), row.value.as_str()]);
    let texts = [draft.url.as_str(), draft.body.as_str()].into_iter().chain(rows);
    texts.flat_map(template::mentions).map(|(name, _)| name.to_owned()).collect()
}

/// Puts the requests that are offered into new files of the collection, without what looks like a secret.
pub(super) fn into_collection(app: &mut App) -> Vec<Effect> {
    let (Some(Overlay::Pasted(Coming::Requests(requests))), Some(collection)) = (&app.overlay, &app.collection) else {
        return Vec::new();
    };
    let mut import = requests.import.clone();
    if import.requests.is_empty() {
        return Vec::new();
    }
    import.hide_secrets();
    let named = if requests.format == Format::Curl { "imported" } else { requests.name.as_str() };
    let stem = named.rsplit(['/', '\\']).next().unwrap_or(named);
    let stem = stem.split('.').next().filter(|stem| !stem.is_empty() && !stem.contains(' ')).unwrap_or("imported");
    let folder = collection.folder().to_owned();
    let change = |(path, text): (PathBuf, String)| {
        let file = free(&path, &|path| collection.text(path).is_some());
        let what = Done::Came;
        Effect::WriteFile(Box::new(FileChange {
            folder: folder.clone(),
            file,
            before: None,
            text,
            key: String::new(),
            what,
        }))
    };
    let orders = files(&mut import, stem).into_iter().map(change).collect();
    app.overlay = None;
    app.touch(Stale::Now);
    orders
}

/// A path that no file has yet: the wanted one, or one with a number.
fn free(path: &std::path::Path, taken: &dyn Fn(&std::path::Path) -> bool) -> PathBuf {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let numbered = (2..).map(|number| path.with_file_name(format!("{stem}-{number}.http")));
    std::iter::once(path.to_owned()).chain(numbered).find(|path| !taken(path)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_text_is_taken_for_what_it_is() {
        let is = |text: &str| match Coming::of(text, "x") {
            Some(Coming::Requests(requests)) => requests.format.name(),
            Some(Coming::Address(_)) => "address",
            Some(Coming::Body(_)) => "body",
            None => "nothing",
        };
        assert_eq!(is("curl https://a.example/"), "curl");
        assert_eq!(is("https://a.example/"), "address");
        assert_eq!(is("{\"a\": 1}"), "body");
        assert_eq!(is("{\"values\": 1}"), "body");
        assert_eq!(is("{\"openapi\": \"3.0.0\", \"paths\": {}}"), "openapi");
        assert_eq!(is("{\"log\": {\"entries\": []}}"), "har");
        assert_eq!(is("### A\nGET https://a.example/x\n"), "http");
        assert_eq!(is("some words"), "nothing");
    }

    #[test]
    fn a_file_that_is_there_is_never_written_over() {
        let there = ["a.http", "a-2.http"];
        let taken = |path: &Path| there.iter().any(|name| path == Path::new(name));
        assert_eq!(free(Path::new("a.http"), &taken), Path::new("a-3.http"));
        assert_eq!(free(Path::new("b/a.http"), &taken), Path::new("b/a.http"));
    }
}
