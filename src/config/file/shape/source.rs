//! Where a secret comes from, as it is written. No message repeats a value, which may be the secret itself.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de::Error as _};

/// Where a secret comes from: `{ env = "NAME" }`, `{ file = "PATH" }`, `{ command = ["PROGRAM", …] }`,
/// `{ keyring = true }`, `{ keyring = "NAME" }` or `{ prompt = true }`.
pub(in crate::config::file) enum SecretPlace {
    Environment(String),
    File(PathBuf),
    Command(Vec<String>),
    /// An entry of the keyring; without a name that of the credential.
    Keyring(Option<String>),
    Prompt,
}

impl<'de> Deserialize<'de> for SecretPlace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Read as any value, so that no message can repeat what may be the secret itself.
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Table(table) => secret_place(&table).map_err(D::Error::custom),
            _ => Err(D::Error::custom(format!("a secret does not stand in this file: {SOURCES}"))),
        }
    }
}

const SOURCES: &str = "write `secret = { env = \"NAME\" }`, `{ file = \"PATH\" }`, `{ command = [\"pass\", \"show\", \"NAME\"] }`, `{ keyring = true }` or `{ prompt = true }`";

fn secret_place(table: &toml::Table) -> Result<SecretPlace, String> {
    use toml::Value::{Array, Boolean, String as Text};
    let mut entries = table.iter();
    let (Some((source, value)), None) = (entries.next(), entries.next()) else {
        return Err(format!("a secret has one source: {SOURCES}"));
    };
    let is_word = |text: &str| !text.is_empty() && !text.contains('\0');
    match (source.as_str(), value) {
        ("env", Text(name)) if is_word(name) && !name.contains('=') => Ok(SecretPlace::Environment(name.clone())),
        ("env", _) => Err(format!("`env` is the name of a variable: {SOURCES}")),
        ("file", Text(path)) if is_word(path) => Ok(SecretPlace::File(path.into())),
        ("file", _) => Err(format!("`file` is the path of a file: {SOURCES}")),
        ("command", Array(words)) => {
            let words: Option<Vec<_>> = words.iter().map(|word| word.as_str().map(ToOwned::to_owned)).collect();
            let words = words.filter(|words| {
                words.first().is_some_and(|program| is_word(program)) && !words.iter().any(|word| word.contains('\0'))
            });
            words.map(SecretPlace::Command).ok_or_else(|| COMMAND.to_owned())
        }
        ("command", _) => Err(COMMAND.to_owned()),
        ("keyring", Boolean(true)) => Ok(SecretPlace::Keyring(None)),
        ("keyring", Text(name)) if is_word(name) => Ok(SecretPlace::Keyring(Some(name.clone()))),
        ("keyring", _) => Err(format!("`keyring` is true, or the name of an entry of the keyring: {SOURCES}")),
        ("prompt", Boolean(true)) => Ok(SecretPlace::Prompt),
        ("prompt", _) => Err(format!("`prompt` is true or not there: {SOURCES}")),
        (other, _) => Err(format!("`{}` is no source of secrets: {SOURCES}", other.escape_debug())),
    }
}

const COMMAND: &str = "`command` is a list of a program and its arguments, started without a shell: such as `[\"pass\", \"show\", \"NAME\"]`";
