//! A profile and one of its credentials as a person fills them in: every field a text, what is wrong with one said of
//! that field. Never holds a secret, only where it comes from.

use std::collections::BTreeMap;

use super::{
    credential::{Credential, SecretSource, keyring_entry},
    profile::{Colour, Place, Profile, TOKEN_PATH, TokenRequest},
    token::TokenPolicy,
    words,
};

/// One field, in the order they stand in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is described by its label and its hint")]
pub enum Field {
    Name,
    BaseUrl,
    TokenUrl,
    Wire,
    Credential,
    ClientId,
    Source,
    /// What the source wants: a name, a path, a command.
    Secret,
    Scope,
    Audience,
    Policy,
    Lead,
    Origins,
    Place,
    Colour,
}

/// No choice, as a word.
pub const NONE: &str = "none";
/// Where money moves, as a word.
pub const PRODUCTION: &str = "production";

impl Field {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Name,
        Self::BaseUrl,
        Self::TokenUrl,
        Self::Wire,
        Self::Credential,
        Self::ClientId,
        Self::Source,
        Self::Secret,
        Self::Scope,
        Self::Audience,
        Self::Policy,
        Self::Lead,
        Self::Origins,
        Self::Place,
        Self::Colour,
    ];

    /// Its name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::BaseUrl => "base URL",
            Self::TokenUrl => "token URL",
            Self::Wire => "token request",
            Self::Credential => "credential",
            Self::ClientId => "client id",
            Self::Source => "secret from",
            Self::Secret => "",
            Self::Scope => "scope",
            Self::Audience => "audience",
            Self::Policy => "policy",
            Self::Lead => "renewal lead",
            Self::Origins => "allowed origins",
            Self::Place => "place",
            Self::Colour => "colour",
        }
    }

    /// Its key in the config file; those of a name have none.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name | Self::Credential => "",
            Self::BaseUrl => "base-url",
            Self::TokenUrl => "token-url",
            Self::Wire => "token-request",
            Self::ClientId => "client-id",
            Self::Source | Self::Secret => "secret",
            Self::Scope => "scope",
            Self::Audience => "audience",
            Self::Policy => "policy",
            Self::Lead => "renewal-lead",
            Self::Origins => "allowed-origins",
            Self::Place => "production",
            Self::Colour => "colour",
        }
    }

    /// The words it is chosen from; empty where it is typed.
    pub fn choices(self) -> Vec<&'static str> {
        match self {
            Self::Wire => TokenRequest::ALL.map(TokenRequest::name).to_vec(),
            Self::Source => vec![NONE, "env", "file", "command", "keyring", "prompt"],
            Self::Policy => TokenPolicy::ALL.map(TokenPolicy::name).to_vec(),
            Self::Place => vec!["ordinary", PRODUCTION],
            Self::Colour => [NONE].into_iter().chain(Colour::ALL.map(Colour::name)).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it belongs to the credential.
    pub fn is_of_credential(self) -> bool {
        (Self::Credential..=Self::Audience).contains(&self)
    }
}

/// The text of every field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written(BTreeMap<Field, String>);

impl Default for Written {
    /// Nothing filled in, every choice at its first word.
    fn default() -> Self {
        let mut written = Self(BTreeMap::new());
        for field in Field::ALL {
            written.set(field, field.choices().first().copied().unwrap_or_default());
        }
        written.set(Field::Credential, "default");
        written
    }
}

impl Written {
    /// A profile as it is, and its credential of that name, if any; without, what belongs to a credential is blank.
    pub fn of(profile: &Profile, credential: Option<&Credential>) -> Self {
        let mut written = Self::default();
        let (base, token) = (profile.base(), profile.token_url.as_str());
        let path = token.strip_prefix(base).filter(|path| path.starts_with('/'));
        written.set(Field::Name, &profile.name);
        written.set(Field::BaseUrl, base);
        written.set(Field::TokenUrl, path.map_or(token, |path| if path == TOKEN_PATH { "" } else { path }));
        written.set(Field::Wire, profile.wire.name());
        written.set(Field::Policy, profile.policy.name());
        let lead = profile.renewal_lead.map(|lead| format!("{} s", lead.as_secs_f64()));
        written.set(Field::Lead, lead.unwrap_or_default());
        let origins: Vec<_> = profile.allowed_origins.iter().map(ToString::to_string).collect();
        written.set(Field::Origins, origins.join(" "));
        let production = profile.place == Place::Production;
        written.set(Field::Place, if production { PRODUCTION } else { "ordinary" });
        written.set(Field::Colour, profile.colour.map_or(NONE, Colour::name));
        if let Some(credential) = credential {
            let (source, value) = match &credential.secret {
                SecretSource::Missing | SecretSource::Sandbox(_) | SecretSource::Untrusted(_) => (NONE, String::new()),
                SecretSource::Environment(name) => ("env", name.clone()),
                SecretSource::File(path) => ("file", path.display().to_string()),
                SecretSource::Command(words) => ("command", words::joined(words)),
                SecretSource::Keyring(name) => ("keyring", name.clone()),
                SecretSource::Prompt => ("prompt", String::new()),
            };
            written.set(Field::Credential, &credential.name);
            written.set(Field::ClientId, &credential.client_id);
            written.set(Field::Source, source);
            written.set(Field::Secret, value);
            written.set(Field::Scope, credential.scope.as_deref().unwrap_or_default());
            written.set(Field::Audience, credential.audience.as_deref().unwrap_or_default());
        }
        written
    }

    /// The text of a field, without blanks around it.
    pub fn text(&self, field: Field) -> &str {
        self.0.get(&field).map(|text| text.trim()).unwrap_or_default()
    }

    /// Fills a field in.
    pub fn set(&mut self, field: Field, text: impl Into<String>) {
        self.0.insert(field, text.into());
    }

    /// Where the secret comes from, or why that is not whole yet.
    pub fn source(&self) -> Result<SecretSource, FormFault> {
        let value = self.text(Field::Secret);
        let wants = |what: &str| Err(FormFault::at(Field::Secret, format!("nothing is named yet: write {what}")));
        match self.text(Field::Source) {
            "env" if value.is_empty() => wants("the name of the variable that holds the secret"),
            "env" => Ok(SecretSource::Environment(value.to_owned())),
            "file" if value.is_empty() => wants("the path of the file that holds the secret"),
            "file" => Ok(SecretSource::File(value.into())),
            "command" => match words::split(value) {
                None => Err(FormFault::at(Field::Secret, "a quote is open: close it".to_owned())),
                Some(words) if words.is_empty() => wants("a program and its arguments, such as `pass show mine`"),
                Some(words) => Ok(SecretSource::Command(words)),
            },
            "keyring" if value.is_empty() => {
                Ok(SecretSource::Keyring(keyring_entry(self.text(Field::Name), self.text(Field::Credential))))
            }
            "keyring" => Ok(SecretSource::Keyring(value.to_owned())),
            "prompt" => Ok(SecretSource::Prompt),
            _ => Ok(SecretSource::Missing),
        }
    }

    /// Whether anything of a credential is filled in.
    pub fn has_credential(&self) -> bool {
        let blank = Self::default();
        let mut of_credential = Field::ALL.into_iter().filter(|field| field.is_of_credential());
        of_credential.any(|field| self.text(field) != blank.text(field))
    }

    /// What can be told to be wrong without the config file, the first field first.
    pub fn faults(&self) -> Vec<FormFault> {
        let missing = [
            (Field::Name, true, "a profile has a name: write one, such as `staging`"),
            (Field::BaseUrl, true, "it says where calls go: write an address, such as `https://api.example`"),
            (Field::Credential, self.has_credential(), "a credential has a name: write one, such as `default`"),
            (Field::ClientId, self.has_credential(), "a credential says who calls: write its client id"),
        ];
        let missing = missing.into_iter().filter(|(field, needed, _)| *needed && self.text(*field).is_empty());
        missing.map(|(field, _, text)| FormFault::at(field, text.to_owned())).chain(self.source().err()).collect()
    }
}

/// What is wrong with a field, or with the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFault {
    /// The field, where it is one's.
    pub field: Option<Field>,
    /// What, why, and what to do.
    pub text: String,
}

impl FormFault {
    /// Of that field.
    pub fn at(field: Field, text: String) -> Self {
        Self { field: Some(field), text }
    }

    /// Of the whole.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { field: None, text: text.into() }
    }
}

/// A form that was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is to become.
    pub origin: Origin,
    /// The fields as they were; of a new profile, and of a copy, blank.
    pub before: Written,
    /// The fields as they are.
    pub now: Written,
}

/// What a form is to become in the config file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Another profile.
    New,
    /// Another profile, like that one.
    CopyOf(String),
    /// That profile, changed; with a credential of it, which is changed too.
    Of(String, Option<String>),
    /// One more credential of that profile.
    Beside(String),
}

impl Origin {
    /// Whether only what belongs to a credential is asked for.
    pub fn is_credential(&self) -> bool {
        matches!(self, Self::Beside(_))
    }
}

/// A change of the config file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// What a form says.
    Write(Box<Entry>),
    /// A profile less, with all its credentials.
    RemoveProfile(String),
    /// A credential of a profile less.
    RemoveCredential(String, String),
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use url::Url;

    use super::*;

    #[test]
    fn a_profile_is_read_into_the_form_as_it_is_and_its_token_url_follows_the_base() {
        let url = |text| Url::parse(text).unwrap();
        for (token, shown) in [
            ("https://a.example/v2/api/token", ""),
            ("https://a.example/v2/oauth", "/oauth"),
            ("https://b.example/t", "https://b.example/t"),
        ] {
            let profile = Profile::new("a", url("https://a.example/v2/"), url(token));
            let written = Written::of(&profile, None);
            assert_eq!((written.text(Field::BaseUrl), written.text(Field::TokenUrl)), ("https://a.example/v2", shown));
            assert!(!written.has_credential() && written.faults().is_empty(), "{written:?}");
        }
    }

    #[test]
    fn a_source_is_read_back_as_it_was_written() {
        let command = |words: &[&str]| SecretSource::Command(words.iter().map(|word| (*word).to_owned()).collect());
        for source in [
            SecretSource::Missing,
            SecretSource::Environment("MINE".to_owned()),
            SecretSource::File(PathBuf::from("/a b/c")),
            command(&["pass", "show", "a b", "it's", ""]),
            SecretSource::Prompt,
        ] {
            let profile =
                Profile::new("a", Url::parse("https://a.example").unwrap(), Url::parse("https://a.example").unwrap());
            let written = Written::of(&profile, Some(&Credential::new("me", source.clone())));
            assert_eq!(written.source().unwrap(), source);
        }
    }

    #[test]
    fn what_is_missing_is_said_at_its_field() {
        let mut written = Written::default();
        written.set(Field::Source, "command");
        written.set(Field::Secret, "pass 'show");
        let fields: Vec<_> = written.faults().into_iter().filter_map(|fault| fault.field).collect();
        assert_eq!(fields, [Field::Name, Field::BaseUrl, Field::ClientId, Field::Secret]);
    }
}
