//! What a request wants of the machine: variables of the environment, and files outside its folder. It gets them after a
//! yes that shows their names and where they would go.

use std::path::PathBuf;

use super::{App, act, effect::Effect, notice::Notice, overlay::Overlay};
use crate::{
    domain::request::Prepared,
    library::{collection::leads_out, variables::Outside},
};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wants {
    /// What the yes is for: a file, or a request of the person's own.
    pub of: String,
    /// The file, whole, and what it says; nothing for a request of the person's own.
    pub file: Option<(PathBuf, String)>,
    /// Variables of the environment.
    pub names: Vec<String>,
    /// Files.
    pub files: Vec<PathBuf>,
    /// Where they would go.
    pub to: String,
}

impl App {
    /// What the request in hand belongs to, where a yes counts.
    pub(super) fn consents_as(&self) -> String {
        let entry = self.requests.entry();
        entry.home.as_ref().map_or_else(|| entry.key.clone(), |home| format!("file {}", home.file.display()))
    }

    fn wants(&self, names: Vec<String>, files: Vec<PathBuf>, to: String) -> Wants {
        let file = self.requests.entry().home.as_ref().zip(self.collection.as_ref()).and_then(|(home, collection)| {
            Some((collection.folder().join(&home.file), collection.text(&home.file)?.to_owned()))
        });
        Wants { of: self.consents_as(), file, names, files, to }
    }

    /// What of the environment the request in hand wants and was not given yet.
    pub(super) fn wants_variables(&self) -> Option<Wants> {
        let names = self.wanted_variables();
        let draft = &self.requests.entry().draft;
        let mut base = draft.url.clone();
        for variable in self.environment.layers().iter().flat_map(|layer| &layer.rows) {
            base = base.replace(&format!("{{{{{}}}}}", variable.0), &variable.1);
        }
        (!names.is_empty()).then(|| self.wants(names, Vec::new(), format!("{} {base}", draft.method)))
    }

    /// Which files outside its folder a request wants and was not given yet.
    pub(super) fn wants_files(&self, prepared: &Prepared) -> Option<Wants> {
        let of = self.consents_as();
        let is_own = self.requests.entry().home.is_none();
        let outside = prepared.body.files().into_iter().filter(|path| is_own || leads_out(path));
        let files: Vec<_> = outside.filter(|path| !self.known.may_read(&of, path)).cloned().collect();
        let to = format!("{} {}", prepared.method, self.masks.masked(prepared.url.as_str()));
        (!files.is_empty()).then(|| self.wants(Vec::new(), files, to))
    }
}

/// The runtime says what came of it.
pub(super) fn answered(app: &mut App, wants: Wants, end: Result<Outside, Option<String>>) -> Vec<Effect> {
    match end {
        Ok(outside) => {
            app.known.give(&wants.of, outside, &wants.files);
            if app.consents_as() == wants.of { act::calls::send(app) } else { Vec::new() }
        }
        Err(None) => {
            app.overlay = Some(Overlay::Consent(Box::new(wants)));
            Vec::new()
        }
        Err(Some(why)) => {
            app.say(Notice::bad(why));
            Vec::new()
        }
    }
}
