//! Changes of the config file: text in, text out, what a person wrote around them kept as it stands; and the file that
//! is written, whole or not at all.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::{Config, FileError, VERSION};
use crate::domain::credential::SecretSource;

/// What is added to a config file: a profile, a credential, or both.
#[derive(Clone, Debug)]
pub struct Addition {
    /// The name of the profile.
    pub profile: String,
    /// Its settings, by their keys.
    pub settings: Vec<(&'static str, Setting)>,
    /// A credential of it: its name and settings.
    pub credential: Option<(String, Vec<(&'static str, Setting)>)>,
}

/// The value of a setting.
#[derive(Clone, Debug)]
pub enum Setting {
    /// A word, an address, a path.
    Text(String),
    /// Some of those.
    Texts(Vec<String>),
    /// Yes or no.
    Flag(bool),
    /// Where a secret comes from; one that no file can name is left out.
    Source(SecretSource),
}

/// Why a change is not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The text is no TOML.
    #[error("the config file cannot be changed while it is broken")]
    Broken,
    /// What is to be added is there.
    #[error("`{0}` stands in the config file already")]
    There(String),
    /// What is to be removed is not there.
    #[error("`{0}` does not stand in the config file")]
    NotThere(String),
}

/// The text with a profile or a credential more.
pub fn added(text: &str, addition: &Addition) -> Result<String, ChangeError> {
    let mut document = parsed(text)?;
    if text.trim().is_empty() {
        document.insert("version", Item::Value(VERSION.into()));
    }
    let name = &addition.profile;
    let profiles = entered(document.as_table_mut(), "profiles")?;
    let is_there = profiles.contains_key(name);
    if is_there && (addition.credential.is_none() || !addition.settings.is_empty()) {
        return Err(ChangeError::There(format!("profiles.{name}")));
    }
    if !is_there && addition.credential.is_none() {
        profiles.insert(name, Item::Table(Table::new()));
    }
    let profile = entered(profiles, name)?;
    for (key, setting) in &addition.settings {
        insert(profile, key, setting);
    }
    if let Some((credential, settings)) = &addition.credential {
        let credentials = entered(profile, "credentials")?;
        if credentials.contains_key(credential) {
            return Err(ChangeError::There(format!("profiles.{name}.credentials.{credential}")));
        }
        let credential = entered(credentials, credential)?;
        for (key, setting) in settings {
            insert(credential, key, setting);
        }
    }
    Ok(document.to_string())
}

/// The text with another source of the secret of a credential that stands there.
pub fn sourced(text: &str, profile: &str, credential: &str, source: &SecretSource) -> Result<String, ChangeError> {
    let mut document = parsed(text)?;
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for name in ["profiles", profile, "credentials", credential] {
        let there = table.get_mut(name).and_then(Item::as_table_like_mut);
        table = there.ok_or_else(|| ChangeError::NotThere(format!("profiles.{profile}.credentials.{credential}")))?;
    }
    insert(table, "secret", &Setting::Source(source.clone()));
    Ok(document.to_string())
}

/// The text without a profile, nor the choice of it.
pub fn removed(text: &str, profile: &str) -> Result<String, ChangeError> {
    let mut document = parsed(text)?;
    let profiles = document.get_mut("profiles").and_then(Item::as_table_like_mut);
    if profiles.and_then(|profiles| profiles.remove(profile)).is_none() {
        return Err(ChangeError::NotThere(format!("profiles.{profile}")));
    }
    if document.get("profile").and_then(Item::as_str) == Some(profile) {
        document.remove("profile");
    }
    Ok(document.to_string())
}

pub(super) fn parsed(text: &str) -> Result<DocumentMut, ChangeError> {
    text.parse().map_err(|_| ChangeError::Broken)
}

/// The table of that name, made where it is not there: without a head of its own until something stands in it.
pub(super) fn entered<'t>(table: &'t mut dyn TableLike, name: &str) -> Result<&'t mut dyn TableLike, ChangeError> {
    let made = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    table.entry(name).or_insert_with(made).as_table_like_mut().ok_or(ChangeError::Broken)
}

/// Writes a setting; in place of one that is there, with the comment behind that.
pub(super) fn insert(table: &mut dyn TableLike, key: &str, setting: &Setting) {
    let mut value: Value = match setting {
        Setting::Text(text) => text.as_str().into(),
        Setting::Texts(texts) => texts.iter().map(String::as_str).collect::<Array>().into(),
        Setting::Flag(flag) => (*flag).into(),
        Setting::Source(source) => match written(source) {
            Some(source) => source.into(),
            None => return,
        },
    };
    if let Some(before) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = before.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

fn written(source: &SecretSource) -> Option<InlineTable> {
    let (key, value): (_, Value) = match source {
        SecretSource::Missing | SecretSource::Sandbox(_) | SecretSource::Untrusted(_) => return None,
        SecretSource::Environment(name) => ("env", name.as_str().into()),
        SecretSource::File(path) => ("file", path.to_string_lossy().as_ref().into()),
        SecretSource::Command(words) => ("command", words.iter().map(String::as_str).collect::<Array>().into()),
        SecretSource::Keyring(name) => ("keyring", name.as_str().into()),
        SecretSource::Prompt => ("prompt", true.into()),
    };
    Some(InlineTable::from_iter([(key, value)]))
}

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    /// It cannot be used as it is, or could not be used any more.
    #[error(transparent)]
    Unusable(#[from] FileError),
    /// It is of a later version than this program writes.
    #[error("{} is of the later version {version}: it is not changed", .file.display())]
    Later {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: i64,
    },
    /// What is to be changed is not as it would have to be.
    #[error(transparent)]
    Unchanged(#[from] ChangeError),
    /// The system refuses it.
    #[error("{}: {why}", .file.display())]
    Refused {
        /// The file.
        file: PathBuf,
        /// What it says.
        why: io::Error,
    },
}

/// The text of a config file with a change, and what it says then. Nothing is written; a file that is broken, of a later
/// version, or would be broken by the change is refused.
pub fn changed(
    file: &Path,
    change: impl FnOnce(&str) -> Result<String, ChangeError>,
) -> Result<(String, Config), NotWritten> {
    let text = super::text(file)?.unwrap_or_default();
    let before = super::parse(text.as_bytes(), file)?;
    if let Some(version) = before.later_version {
        return Err(NotWritten::Later { file: file.to_owned(), version });
    }
    let text = change(&text)?;
    let config = super::parse(text.as_bytes(), file)?;
    Ok((text, config))
}

/// Changes a config file; what [`changed`] refuses is not written.
pub fn change(file: &Path, change: impl FnOnce(&str) -> Result<String, ChangeError>) -> Result<(), NotWritten> {
    let (text, _) = changed(file, change)?;
    write(file, &text).map_err(|why| NotWritten::Refused { file: file.to_owned(), why })
}

/// Writes a file that nobody else can read (0600, in a folder of 0700 if that has to be made), whole or not at all. A
/// link is not written through: it would change a file that was not named.
pub fn write(file: &Path, text: &str) -> io::Result<()> {
    if fs::symlink_metadata(file).is_ok_and(|found| found.is_symlink()) {
        let what = format!("{} is a symbolic link: name the file itself by `--config`", file.display());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    // Made 0600, and by a name that nobody had.
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(file)?;
    // So that the new name outlives a power cut; not every system syncs folders.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "\
# mine
version = 1 # the first
profile = \"b\"

[profiles.b] # bee
base-url = \"https://b.example\"

[profiles.b.credentials.one]
client-id = \"b1\"

# keys, last
[keys]
send = [\"x\"]
";

    fn addition(profile: &str, credential: Option<&str>) -> Addition {
        let source = SecretSource::Command(vec!["pass".to_owned(), "show".to_owned(), "a \"b\"".to_owned()]);
        let credential = credential.map(|name| {
            let id = ("client-id", Setting::Text("me".to_owned()));
            (name.to_owned(), vec![id, ("secret", Setting::Source(source.clone()))])
        });
        Addition { profile: profile.to_owned(), settings: Vec::new(), credential }
    }

    #[test]
    fn what_a_person_wrote_stands_as_it_stood_before_and_after() {
        let base = ("base-url", Setting::Text("https://a.example".to_owned()));
        let new = Addition { settings: vec![base, ("production", Setting::Flag(true))], ..addition("a", Some("me")) };
        let text = added(WRITTEN, &new).unwrap();
        let expected = "
[profiles.a]
base-url = \"https://a.example\"
production = true

[profiles.a.credentials.me]
client-id = \"me\"
secret = { command = [\"pass\", \"show\", 'a \"b\"'] }
";
        // Beside the other profiles.
        assert_eq!(text, WRITTEN.replace("\n# keys", &format!("{expected}\n# keys")));
        assert_eq!(removed(&text, "a").unwrap(), WRITTEN);
        assert_eq!(added("", &addition("b", Some("x"))).unwrap().lines().next(), Some("version = 1"));
    }

    #[test]
    fn a_credential_is_added_to_a_profile_that_is_there_and_nothing_twice() {
        let text = added(WRITTEN, &addition("b", Some("two"))).unwrap();
        let position = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"));
        assert!(position("client-id = \"b1\"") < position("[profiles.b.credentials.two]"));
        for there in [addition("b", None), addition("b", Some("one"))] {
            assert!(matches!(added(WRITTEN, &there), Err(ChangeError::There(_))));
        }
        assert_eq!(added("a = ", &addition("b", None)), Err(ChangeError::Broken));
        assert_eq!(added("profiles = 1", &addition("b", None)), Err(ChangeError::Broken));
    }

    #[test]
    fn a_profile_is_removed_with_all_of_it_and_the_choice_of_it() {
        let text = removed(WRITTEN, "b").unwrap();
        assert_eq!(text, "# mine\nversion = 1 # the first\n\n# keys, last\n[keys]\nsend = [\"x\"]\n");
        assert_eq!(removed(&text, "b"), Err(ChangeError::NotThere("profiles.b".to_owned())));
    }

    #[test]
    fn a_credential_is_given_another_source_and_the_rest_stands_as_it_stood() {
        let source = SecretSource::Keyring("b/one".to_owned());
        let text = sourced(WRITTEN, "b", "one", &source).unwrap();
        let new = "client-id = \"b1\"\nsecret = { keyring = \"b/one\" }\n";
        assert_eq!(text, WRITTEN.replace("client-id = \"b1\"\n", new));
        assert_eq!(
            sourced(&text, "b", "one", &SecretSource::Prompt).unwrap(),
            text.replace("keyring = \"b/one\"", "prompt = true")
        );
        let missing = sourced(WRITTEN, "b", "two", &source);
        assert_eq!(missing, Err(ChangeError::NotThere("profiles.b.credentials.two".to_owned())));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_written_for_its_owner_alone_and_never_through_a_link() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let file = folder.path().join("new/config.toml");
        for text in ["a = 1\n", "a = 2\n"] {
            write(&file, text).unwrap();
            assert_eq!((fs::read_to_string(&file).unwrap().as_str(), mode(&file)), (text, 0o600));
        }
        assert_eq!(mode(file.parent().unwrap()), 0o700);
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing else is left there");
        let link = folder.path().join("link.toml");
        symlink(&file, &link).unwrap();
        assert!(write(&link, "a = 3\n").unwrap_err().to_string().contains("symbolic link"));
        assert_eq!(fs::read_to_string(&file).unwrap(), "a = 2\n");
    }
}
