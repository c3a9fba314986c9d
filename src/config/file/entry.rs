//! A form of a profile, written into the text of a config file: what was changed in it and nothing else.

use toml_edit::{DocumentMut, Item, Table, TableLike};

use super::write::{ChangeError, Setting, entered, insert, parsed, removed};
use super::{Flaw, VERSION};
use crate::domain::profile_form::{Change, Entry, Field, FormFault, NONE, Origin, PRODUCTION, Written};

/// The text with that change.
pub fn changed(text: &str, change: &Change) -> Result<String, ChangeError> {
    match change {
        Change::Write(entry) => written(text, entry),
        Change::RemoveProfile(profile) => removed(text, profile),
        Change::RemoveCredential(profile, credential) => without_credential(text, profile, credential),
    }
}

fn written(text: &str, entry: &Entry) -> Result<String, ChangeError> {
    let mut document = parsed(text)?;
    if text.trim().is_empty() {
        document.insert("version", Item::Value(VERSION.into()));
    }
    let name = match &entry.origin {
        Origin::Beside(profile) => profile.clone(),
        _ => entry.now.text(Field::Name).to_owned(),
    };
    named(&mut document, entry, &name)?;
    let profile = entered(entered(document.as_table_mut(), "profiles")?, &name)?;
    if !entry.origin.is_credential() {
        settle(profile, entry, false);
    }
    if changes(entry, true).next().is_none() {
        return Ok(document.to_string());
    }
    let own = entry.now.text(Field::Credential);
    let credentials = entered(profile, "credentials")?;
    let before = match &entry.origin {
        Origin::Of(_, credential) => credential.as_deref(),
        // Its credentials came along; the one in the form is the one of that name.
        Origin::CopyOf(_) => Some(own),
        Origin::New | Origin::Beside(_) => None,
    };
    if before != Some(own) {
        if credentials.contains_key(own) {
            return Err(ChangeError::There(format!("profiles.{name}.credentials.{own}")));
        }
        if let Some(item) = before.and_then(|before| credentials.remove(before)) {
            credentials.insert(own, item);
        }
    }
    settle(entered(credentials, own)?, entry, true);
    Ok(document.to_string())
}

/// Makes the profile of that name what it is to become: a new one, a copy, or one that had another name.
fn named(document: &mut DocumentMut, entry: &Entry, name: &str) -> Result<(), ChangeError> {
    let profiles = entered(document.as_table_mut(), "profiles")?;
    let old = match &entry.origin {
        Origin::Beside(_) => return Ok(()),
        Origin::Of(old, _) if old == name => return Ok(()),
        Origin::Of(old, _) => Some(old),
        Origin::New | Origin::CopyOf(_) => None,
    };
    if profiles.contains_key(name) {
        return Err(ChangeError::There(format!("profiles.{name}")));
    }
    let item = match (&entry.origin, old) {
        (_, Some(old)) => profiles.remove(old),
        (Origin::CopyOf(model), None) => profiles.get(model).cloned().map(|mut item| {
            placed_last(&mut item);
            item
        }),
        _ => None,
    };
    profiles.insert(name, item.unwrap_or_else(|| Item::Table(Table::new())));
    if let Some(old) = old
        && document.get("profile").and_then(Item::as_str) == Some(old)
    {
        insert(document.as_table_mut(), "profile", &Setting::Text(name.to_owned()));
    }
    Ok(())
}

/// A table that was copied stands behind what is there, without the comments of the other one.
fn placed_last(item: &mut Item) {
    if let Some(table) = item.as_table_mut() {
        table.set_position(None);
        table.decor_mut().clear();
        table.iter_mut().for_each(|(_, item)| placed_last(item));
    }
}

/// The fields that differ from what they were: of the profile, or of its credential.
fn changes(entry: &Entry, of_credential: bool) -> impl Iterator<Item = Field> {
    let differs = move |field: &Field| entry.before.text(*field) != entry.now.text(*field);
    // What was a path after the base URL may be an address of its own in the file.
    let follows = differs(&Field::BaseUrl);
    // A credential is asked for whole as soon as there is one.
    let begun = of_credential && !entry.before.has_credential() && entry.now.has_credential();
    // An entry of a keyring may be named by both.
    let named = differs(&Field::Name) || differs(&Field::Credential);
    let renamed = named && entry.now.text(Field::Source) == "keyring";
    Field::ALL.into_iter().filter(move |field| field.is_of_credential() == of_credential).filter(move |field| {
        differs(field)
            || (*field == Field::Source && renamed)
            || (*field == Field::TokenUrl && follows)
            || (*field == Field::ClientId && begun)
    })
}

/// Writes what differs; what is empty now is taken out.
fn settle(table: &mut dyn TableLike, entry: &Entry, of_credential: bool) {
    for field in changes(entry, of_credential).filter(|field| !field.key().is_empty()) {
        match setting(&entry.now, field) {
            Some(setting) => insert(table, field.key(), &setting),
            None => drop(table.remove(field.key())),
        }
    }
}

fn setting(written: &Written, field: Field) -> Option<Setting> {
    let text = written.text(field);
    match field {
        Field::Place => Some(Setting::Flag(text == PRODUCTION)),
        // A form with a source that is not whole is not written.
        Field::Source | Field::Secret if written.text(Field::Source) == NONE => None,
        Field::Source | Field::Secret => written.source().ok().map(Setting::Source),
        Field::Origins => {
            let origins = text.split([' ', ',']).filter(|origin| !origin.is_empty()).map(ToOwned::to_owned);
            Some(origins.collect::<Vec<_>>()).filter(|origins| !origins.is_empty()).map(Setting::Texts)
        }
        _ if text.is_empty() || text == NONE => None,
        _ => Some(Setting::Text(text.to_owned())),
    }
}

fn without_credential(text: &str, profile: &str, credential: &str) -> Result<String, ChangeError> {
    let mut document = parsed(text)?;
    let credentials = ["profiles", profile, "credentials"]
        .iter()
        .try_fold(document.as_table_mut() as &mut dyn TableLike, |table, key| {
            table.get_mut(key).and_then(Item::as_table_like_mut)
        });
    match credentials.and_then(|credentials| credentials.remove(credential)) {
        Some(_) => Ok(document.to_string()),
        None => Err(ChangeError::NotThere(format!("profiles.{profile}.credentials.{credential}"))),
    }
}

/// The fault of a form that a changed file would have; what is wrong elsewhere is told with its place.
pub fn fault(flaw: &Flaw, entry: &Entry) -> FormFault {
    let name = match &entry.origin {
        Origin::Beside(profile) => profile,
        _ => entry.now.text(Field::Name),
    };
    let of_profile = flaw.key.strip_prefix("profiles.").and_then(|rest| rest.strip_prefix(name));
    let field = of_profile.and_then(|rest| {
        let credential = format!(".credentials.{}", entry.now.text(Field::Credential));
        match rest.strip_prefix(credential.as_str()) {
            Some("") => Some(Field::Credential),
            Some(rest) => keyed(rest, true),
            None if rest.is_empty() => Some(Field::Name),
            None => keyed(rest, false),
        }
    });
    let text = if field.is_some() { flaw.what.clone() } else { flaw.to_string() };
    FormFault { field, text }
}

/// The field of a key, `.allowed-origins.0` for instance.
fn keyed(rest: &str, of_credential: bool) -> Option<Field> {
    let key = rest.strip_prefix('.')?.split('.').next()?;
    let key = key.split('[').next()?;
    // Of two fields of one key it is the one that is typed.
    Field::ALL.into_iter().rev().find(|field| field.key() == key && field.is_of_credential() == of_credential)
}

#[cfg(test)]
mod tests;
