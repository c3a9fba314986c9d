//! Profiles and credentials added, changed, copied, deleted and tried; and those that take the place of others, so that
//! nothing of one place is taken for another's.

use std::{path::PathBuf, sync::Arc};

use super::{
    App, Stale,
    effect::{Effect, Subject},
    form::Form,
    notice::{Notice, sentences},
    overlay::Overlay,
    rotation,
};
use crate::domain::{
    profile::{Place, Profile},
    profile_form::{Change, Field, FormFault, Origin, Written},
    trial::Trial,
};

/// The profiles as they are after a change of the file.
#[derive(Debug)]
pub struct Saved {
    /// All of them, in the order they are offered.
    pub profiles: Vec<Arc<Profile>>,
    /// The file.
    pub file: PathBuf,
}

/// A token call that is tried.
#[derive(Debug)]
pub struct Trying {
    /// Which; a later one is another.
    pub number: u64,
    /// The form that is tried, to go back to.
    pub form: Option<Box<Form>>,
    /// What came of it, once it is over.
    pub end: Option<Result<Box<Trial>, FormFault>>,
    /// First row shown.
    pub top: usize,
}

/// What can be done to a profile, as `:profile` takes it.
pub(super) const VERBS: [&str; 6] = ["add", "edit", "duplicate", "delete", "test", "rotate"];

/// Does it to the profile of that row, with the credential of that name.
pub(super) fn done(app: &mut App, verb: &str, row: usize, credential: Option<&str>) -> Vec<Effect> {
    app.touch(Stale::Now);
    if verb == "add" {
        open(app, Origin::New, Written::default(), None);
        return Vec::new();
    }
    if verb == "rotate" {
        return rotation::open(app, app.environment.credential_at());
    }
    let Some(profile) = app.environment.profiles().nth(row).cloned() else { return Vec::new() };
    if verb == "test" {
        let credential = credential.unwrap_or_default().to_owned();
        return try_out(app, None, Subject::Profile(profile, credential));
    }
    if profile.place == Place::Sandbox {
        app.say(Notice::attention("The sandbox is the program's own. `:profile add` adds a place of yours."));
        return Vec::new();
    }
    let name = profile.name.clone();
    let known = profile.credentials.iter();
    let credential = known.clone().find(|known| Some(known.name.as_str()) == credential).or(known.clone().next());
    let mut written = Written::of(&profile, credential);
    match verb {
        "edit" => {
            let credential = credential.map(|credential| credential.name.clone());
            open(app, Origin::Of(name, credential), written, None);
        }
        "duplicate" => {
            written.set(Field::Name, format!("{name}-copy"));
            open(app, Origin::CopyOf(name), written, None);
        }
        _ => app.overlay = Some(Overlay::Forget(Change::RemoveProfile(name))),
    }
    Vec::new()
}

/// Does it to a credential of the active profile.
pub(super) fn done_to_credential(app: &mut App, verb: &str, row: usize) -> Vec<Effect> {
    let (at, profile) = (app.environment.active(), app.environment.profile().clone());
    let credential = profile.credentials.get(row);
    match (verb, credential) {
        ("test", Some(credential)) => return done(app, verb, at, Some(&credential.name)),
        ("rotate", _) => return rotation::open(app, row),
        _ if profile.place == Place::Sandbox => return done(app, "edit", at, None),
        ("add", _) | ("edit", None) => {
            let mut written = Written::default();
            written.set(Field::Name, &profile.name);
            open(app, Origin::Beside(profile.name.clone()), written, None);
        }
        ("edit", Some(credential)) => {
            let origin = Origin::Of(profile.name.clone(), Some(credential.name.clone()));
            open(app, origin, Written::of(&profile, Some(credential)), Some(Field::ClientId));
        }
        ("delete", Some(credential)) => {
            let change = Change::RemoveCredential(profile.name.clone(), credential.name.clone());
            app.overlay = Some(Overlay::Forget(change));
        }
        _ => app.say(Notice::attention("There is no credential here.")),
    }
    app.touch(Stale::Now);
    Vec::new()
}

/// Opens a form; as it was left, where it was left unsaved.
fn open(app: &mut App, origin: Origin, shown: Written, field: Option<Field>) {
    let left = app.left_forms.iter().position(|form| form.origin == origin);
    let form = match left {
        Some(at) => {
            app.say(Notice::attention("This is the form as it was left. Nothing of it is saved yet."));
            app.left_forms.swap_remove(at)
        }
        None => {
            let mut form = Box::new(Form::new(origin, shown));
            if let Some(field) = field {
                form.go_to(field);
            }
            form
        }
    };
    app.overlay = Some(Overlay::Form(form));
}

/// Takes what is on top away; a form with changes is kept as it is, and that is said. An exchange that is under way goes
/// on.
pub(super) fn put_aside(app: &mut App) {
    let form = match app.overlay.take() {
        Some(Overlay::Form(form) | Overlay::Trial(Trying { form: Some(form), .. })) => form,
        Some(Overlay::Rotation(rotating)) if rotating.works() => {
            app.rotating_behind = Some(rotating);
            return;
        }
        _ => return,
    };
    if form.is_changed() {
        app.left_forms.retain(|other| other.origin != form.origin);
        app.left_forms.push(form);
        app.say(Notice::attention("The form is not saved. It opens again as it is until the program ends."));
    }
}

/// Writes the form on top into the config file, unless something is wrong with it.
pub(super) fn save(app: &mut App) -> Vec<Effect> {
    app.touch(Stale::Now);
    let Some(form) = app.form_mut().filter(|form| !form.saving) else { return Vec::new() };
    let faults = form.own_faults();
    form.saving = faults.is_empty();
    if form.saving {
        form.faults.clear();
        return vec![Effect::ChangeProfiles(Change::Write(Box::new(form.entry())))];
    }
    form.mark(faults);
    Vec::new()
}

/// Tries what the form on top says.
pub(super) fn try_form(app: &mut App) -> Vec<Effect> {
    app.touch(Stale::Now);
    let Some(Overlay::Form(mut form)) = app.overlay.take() else { return Vec::new() };
    let faults = form.own_faults();
    if !faults.is_empty() || form.saving {
        if !form.saving {
            form.mark(faults);
        }
        app.overlay = Some(Overlay::Form(form));
        return Vec::new();
    }
    let entry = Box::new(form.entry());
    try_out(app, Some(form), Subject::Entry(entry))
}

fn try_out(app: &mut App, form: Option<Box<Form>>, subject: Subject) -> Vec<Effect> {
    app.trials += 1;
    let number = app.trials;
    app.overlay = Some(Overlay::Trial(Trying { number, form, end: None, top: 0 }));
    vec![Effect::Try(number, subject)]
}

/// A trial is over. One that nobody waits for any more shows nothing.
pub(super) fn tried(app: &mut App, number: u64, end: Result<Box<Trial>, FormFault>) {
    let Some(Overlay::Trial(trying)) = app.overlay.as_mut().filter(|overlay| overlay.is_trial(number)) else { return };
    app.stale = Stale::Now;
    match (end, trying.form.take()) {
        (Err(fault), Some(mut form)) if fault.field.is_some() => {
            form.mark(vec![fault]);
            app.overlay = Some(Overlay::Form(form));
        }
        (end, form) => (trying.end, trying.form) = (Some(end), form),
    }
}

/// Leaves a trial: back to its form, if it was one's. What is still on its way comes to its end, and shows nothing.
pub(super) fn leave_trial(app: &mut App) {
    if let Some(Overlay::Trial(trying)) = app.overlay.take() {
        app.overlay = trying.form.map(Overlay::Form);
    }
}

/// The file was changed, or was not.
pub(super) fn changed(app: &mut App, change: &Change, end: Result<Saved, FormFault>) -> Vec<Effect> {
    app.touch(Stale::Now);
    let origin = match change {
        Change::Write(entry) => Some(&entry.origin),
        Change::RemoveProfile(_) | Change::RemoveCredential(..) => None,
    };
    let on_top = matches!(&app.overlay, Some(Overlay::Form(form)) if Some(&form.origin) == origin && form.saving);
    let saved = match end {
        Ok(saved) => saved,
        Err(fault) => {
            match app.form_mut().filter(|_| on_top) {
                Some(form) => form.mark(vec![fault]),
                None => app.say(Notice::bad(sentences(&fault.text, None))),
            }
            return Vec::new();
        }
    };
    app.left_forms.retain(|form| Some(&form.origin) != origin);
    let effects = replace(app, saved.profiles);
    let file = saved.file.display();
    let (name, text) = match change {
        Change::Write(entry) => match &entry.origin {
            Origin::Beside(profile) => {
                (profile.as_str(), format!("`{}` of `{profile}` is in {file}.", entry.now.text(Field::Credential)))
            }
            _ => (entry.now.text(Field::Name), format!("`{}` is in {file}.", entry.now.text(Field::Name))),
        },
        Change::RemoveProfile(profile) => (profile.as_str(), format!("`{profile}` is removed from {file}.")),
        Change::RemoveCredential(profile, credential) => {
            (profile.as_str(), format!("`{credential}` of `{profile}` is removed from {file}."))
        }
    };
    if on_top {
        let at = app.environment.profiles().position(|profile| profile.name == name);
        app.overlay = Some(Overlay::Environments { at: at.unwrap_or_default() });
    }
    app.say(Notice::good(text, app.now.boot));
    effects
}

/// Puts these profiles in the place of those that are there. Whatever of one that is gone or another now still comes is
/// not this one's.
fn replace(app: &mut App, profiles: Vec<Arc<Profile>>) -> Vec<Effect> {
    let before = app.environment.profile().clone();
    let outdated = app.environment.replace(profiles);
    let now = app.environment.profile().clone();
    if !Arc::ptr_eq(&before, &now) {
        app.requests.follow(&now);
        app.composer.opened(&app.requests.entry().draft);
        app.status = Ok(crate::domain::token::TokenStatus::default());
    }
    // Who agreed did so to the place it was.
    app.sending.production_agreed.retain(|name| outdated.iter().all(|old| old.name != *name));
    // It would go where calls went before.
    if app.sending.last.as_ref().is_some_and(|last| outdated.iter().any(|old| Arc::ptr_eq(old, &last.profile))) {
        app.sending.last = None;
    }
    let all = app.environment.profiles().cloned().collect();
    vec![Effect::Learn { profiles: all, outdated }]
}

#[cfg(test)]
mod tests;
