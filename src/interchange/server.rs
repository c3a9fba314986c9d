//! A place that an import names, as a profile of a config file.

use serde::Serialize;

/// A place where calls go, and how it gives tokens, as far as a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Server {
    /// The name of its profile.
    #[serde(skip)]
    pub name: String,
    /// The address that others follow.
    pub base_url: String,
    /// Where tokens are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_url: Option<String>,
    /// How they are asked for, as the config file has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_request: Option<&'static str>,
    /// What is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// The profiles of a config file, with a name for each that no other has.
pub fn profiles(servers: &[Server]) -> Result<String, toml::ser::Error> {
    let mut profiles = toml::Table::new();
    for server in servers {
        let mut name = server.name.clone();
        while profiles.contains_key(&name) {
            name.push('2');
        }
        profiles.insert(name, toml::Value::try_from(server)?);
    }
    toml::to_string(&toml::Table::from_iter([("profiles".to_owned(), toml::Value::Table(profiles))]))
}

/// A name that a profile can have: letters, digits and dashes.
pub(super) fn name_of(text: &str) -> String {
    let fit = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let name: String = text.chars().map(fit).collect();
    let parts: Vec<_> = name.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-").chars().take(40).collect()
}
