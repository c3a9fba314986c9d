//! The config file as the explorer changes it: a form is written into it, and its profiles are read again.

use std::{path::PathBuf, sync::Arc};

use super::{
    exit::Stop,
    start::{self, Globals},
};
use crate::{
    app::profiles::Saved,
    config::{
        file::{
            FileError, entry,
            write::{self, ChangeError, NotWritten},
        },
        paths::Paths,
        profiles::SANDBOX,
    },
    domain::{
        profile::Profile,
        profile_form::{Change, Entry, Field, FormFault, Origin},
    },
    tui::ProfileFile,
};

/// See the module.
pub(super) struct File {
    pub(super) globals: Globals,
    pub(super) path: PathBuf,
    /// The profile of the built-in API, which is not in the file.
    pub(super) sandbox: Profile,
}

impl File {
    /// What the file would say with a change, the profiles there would be, and nothing written.
    fn changed(&self, change: &Change) -> Result<(String, Vec<Arc<Profile>>), FormFault> {
        let (text, config) =
            write::changed(&self.path, |text| entry::changed(text, change)).map_err(|error| fault(error, change))?;
        let profiles = start::with_project(&self.globals, &Paths::of_this_machine(), config).and_then(|config| {
            start::profiles(&self.globals, &config, start::environment()?, self.sandbox.clone(), Some(SANDBOX))
        });
        let profiles = profiles.map_err(|Stop { text, hint, .. }| {
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            FormFault::whole(format!("nothing was written: {text}{hint}"))
        })?;
        Ok((text, profiles.all().to_vec()))
    }
}

impl ProfileFile for File {
    fn change(&self, change: &Change) -> Result<Saved, FormFault> {
        let (text, profiles) = self.changed(change)?;
        write::write(&self.path, &text)
            .map_err(|error| FormFault::whole(format!("nothing was written: {}: {error}", self.path.display())))?;
        Ok(Saved { profiles, file: self.path.clone() })
    }

    fn tried(&self, entry: &Entry) -> Result<(Arc<Profile>, String), FormFault> {
        let (_, profiles) = self.changed(&Change::Write(Box::new(entry.clone())))?;
        let name = match &entry.origin {
            Origin::Beside(profile) => profile,
            _ => entry.now.text(Field::Name),
        };
        let profile = profiles.into_iter().find(|profile| profile.name == name);
        let profile = profile.ok_or_else(|| FormFault::whole(format!("there is no profile `{name}`")))?;
        Ok((profile, entry.now.text(Field::Credential).to_owned()))
    }
}

/// What is wrong, at its field where it is one's.
fn fault(error: NotWritten, change: &Change) -> FormFault {
    match (error, change) {
        (NotWritten::Unusable(FileError::Invalid(flaw)), Change::Write(entry)) => entry::fault(&flaw, entry),
        (NotWritten::Unchanged(ChangeError::There(what)), Change::Write(entry)) => {
            let field = if entry.origin.is_credential() || what.contains(".credentials.") {
                Field::Credential
            } else {
                Field::Name
            };
            FormFault::at(field, format!("`{}` is there already: write another name", entry.now.text(field)))
        }
        (error, _) => FormFault::whole(format!("nothing was written: {:#}", anyhow::Error::new(error))),
    }
}
