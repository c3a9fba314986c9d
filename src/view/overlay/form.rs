//! The form of a profile, what came of a token call that was tried, and the question before something is deleted.

use super::{
    Sheet, SheetRow,
    sheets::{QUESTION, question, rows, text},
};
use crate::{
    app::{
        App,
        form::Form,
        overlay::{REASON, lines},
        profiles::Trying,
        wrap::words,
    },
    domain::{
        credential::SecretSource,
        profile::TOKEN_PATH,
        profile_form::{Change, Field, NONE, Origin, Written},
    },
};

/// Columns of the form, where there is room.
const FORM: u16 = 96;
/// Columns between its labels and its edge.
const LABEL: usize = 18;

pub(super) fn form(app: &App, form: &Form) -> Sheet {
    let room = usize::from(app.size.0.min(FORM)).saturating_sub(LABEL + 6).max(1);
    let written = form.written();
    let in_hand = form.field();
    let (mut rows, mut at) = (Vec::new(), 0);
    for field in form.fields() {
        if let Some(title) = title(form, field) {
            if !rows.is_empty() {
                rows.push(SheetRow::Blank);
            }
            rows.push(SheetRow::Title(title.to_owned()));
        }
        if field == in_hand {
            at = rows.len();
        }
        rows.push(row(form, &written, field, room));
        let faults = form.faults.iter().filter(|fault| fault.field == Some(field));
        rows.extend(faults.flat_map(|fault| noted(&fault.text, room, SheetRow::Fault)));
        if field == before_rest(&written) {
            rows.extend(rest(&written, room));
        }
    }
    for fault in form.faults.iter().filter(|fault| fault.field.is_none()) {
        rows.push(SheetRow::Blank);
        rows.extend(noted(&fault.text, room, SheetRow::Fault));
    }
    let title = match &form.origin {
        Origin::New => "New profile",
        Origin::CopyOf(_) => "Copy of a profile",
        Origin::Of(..) => "Profile",
        Origin::Beside(_) => "New credential",
    };
    let about = match &form.origin {
        Origin::New => String::new(),
        Origin::CopyOf(name) | Origin::Of(name, _) | Origin::Beside(name) => name.clone(),
    };
    Sheet {
        title: title.to_owned(),
        about: if form.saving { "saving…".to_owned() } else { about },
        keys: if form.types() {
            "{save} save   {send} test   Tab next   {back} close"
        } else {
            "Space another   {save} save   {send} test   Tab next   {back} close"
        },
        columns: FORM,
        rows,
        at,
        choosing: true,
    }
}

/// The heading above a field, where a part begins with it.
fn title(form: &Form, field: Field) -> Option<&'static str> {
    match field {
        Field::Name => Some("Where calls go"),
        Field::Credential if !form.origin.is_credential() => Some("Who calls"),
        Field::Policy => Some("Rules"),
        _ => None,
    }
}

fn row(form: &Form, written: &Written, field: Field, room: usize) -> SheetRow {
    let label = match (field, written.text(Field::Source)) {
        (Field::Secret, "env") => "variable",
        (Field::Secret, "keyring") => "entry",
        (Field::Secret, source) => {
            if source == "file" {
                "file"
            } else {
                "command"
            }
        }
        (field, _) => field.label(),
    };
    let text = written.text(field);
    let words = field.choices();
    if !words.is_empty() {
        let chosen = words.iter().position(|word| *word == text).unwrap_or(0);
        return SheetRow::Choice { label, words, chosen };
    }
    let placeholder = match field {
        Field::TokenUrl => TOKEN_PATH,
        Field::BaseUrl => "https://api.example",
        Field::Lead => "as usual",
        Field::Origins => "that of the base URL alone",
        Field::Secret if label == "variable" => "its name, such as MINE_SECRET",
        Field::Secret if label == "file" => "its path; nobody else can read it",
        Field::Secret if label == "entry" => "named by profile and credential",
        Field::Secret => "pass show mine",
        _ => "",
    };
    if field == form.field() && !form.saving {
        return SheetRow::Typed { label, row: form.editor.row(0, room), placeholder };
    }
    if text.is_empty() {
        SheetRow::Filled(label, placeholder.to_owned(), false)
    } else {
        SheetRow::Filled(label, text.to_owned(), true)
    }
}

/// The field below which it is said where the secret rests.
fn before_rest(written: &Written) -> Field {
    if ["env", "file", "command", "keyring"].contains(&written.text(Field::Source)) {
        Field::Secret
    } else {
        Field::Source
    }
}

/// Where the secret rests by the source that is chosen, before anything is written.
fn rest(written: &Written, room: usize) -> Vec<SheetRow> {
    let (source, text) = match written.text(Field::Source) {
        NONE => (SecretSource::Missing, "no token can be asked for"),
        "env" => (SecretSource::Environment(String::new()), "the config file has the name of the variable alone"),
        "file" => {
            let place = SecretSource::File(std::path::PathBuf::new()).resting_place();
            let text = format!("rests: {place}; a command leaves it with a password manager");
            return noted(&text, room, SheetRow::Warning);
        }
        "keyring" => (SecretSource::Keyring(String::new()), "`authscope secret set` puts it there"),
        "command" => (SecretSource::Command(Vec::new()), "started without a shell when a token needs it"),
        _ => (SecretSource::Prompt, "asked for when a token needs it"),
    };
    noted(&format!("rests: {}; {text}", source.resting_place()), room, SheetRow::Note)
}

fn noted(text: &str, room: usize, row: fn(String) -> SheetRow) -> Vec<SheetRow> {
    let mut lines = words(text, room.saturating_sub(2)).into_iter();
    let first = lines.next().map(row);
    first.into_iter().chain(lines.map(SheetRow::Note)).collect()
}

pub(super) fn trial(app: &App, trying: &Trying) -> Sheet {
    let about = match &trying.end {
        Some(Ok(trial)) => trial.profile.name.clone(),
        Some(Err(_)) | None => String::new(),
    };
    let keys = match (&trying.end, trying.form.is_some()) {
        (None, _) => "{cancel-or-quit} stops it   {back} close",
        (Some(_), true) => "j k scroll   {back} to the form",
        (Some(_), false) => "j k scroll   {back} close",
    };
    let rows = rows(lines::trial(trying, &app.masks, text(app, REASON)));
    Sheet { title: "Test".to_owned(), about, keys, columns: REASON, rows, at: trying.top, choosing: false }
}

pub(super) fn forget(app: &App, change: &Change) -> Sheet {
    let (what, more) = match change {
        Change::RemoveCredential(profile, credential) => (format!("credential `{credential}` of `{profile}`"), ""),
        Change::RemoveProfile(name) => (format!("profile `{name}`"), "All its credentials go with it. "),
        Change::Write(entry) => (format!("`{}`", entry.now.text(Field::Name)), ""),
    };
    let mut sheet = question(app, "Delete", &what, "y deletes   n or {back} does not");
    let told = format!("{more}It is taken out of the config file; the secret stays where it rests.");
    sheet.rows.push(SheetRow::Blank);
    sheet.rows.extend(words(&told, text(app, QUESTION)).into_iter().map(SheetRow::Words));
    sheet
}
