//! Who calls: a client id and where its secret comes from (RFC 6749 §2.3.1).

use std::{path::PathBuf, sync::Arc};

use http::{HeaderName, HeaderValue};
use url::Url;

use super::{
    origin::Origin,
    profile::{Profile, TokenRequest},
    secret::{Fingerprint, FingerprintKey, Secret},
    token_answer::TokenAnswer,
};

/// The variable that holds the secret of the profile that the environment describes.
pub const CLIENT_SECRET: &str = "AUTHSCOPE_CLIENT_SECRET";

/// One named identity of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its name within the profile, `default` when there is one only.
    pub name: String,
    /// The client identifier (RFC 6749 §2.2).
    pub client_id: String,
    /// Where the secret comes from.
    pub secret: SecretSource,
    /// The scope asked for; never sent when `None`.
    pub scope: Option<String>,
    /// The audience asked for.
    pub audience: Option<String>,
    /// The resource asked for (RFC 8707).
    pub resource: Option<String>,
    /// Further fields of the token call, in order.
    pub extra: Vec<(String, String)>,
}

impl Credential {
    /// An identity with nothing but its id and its secret.
    pub fn new(client_id: impl Into<String>, secret: SecretSource) -> Self {
        Self {
            name: "default".to_owned(),
            client_id: client_id.into(),
            secret,
            scope: None,
            audience: None,
            resource: None,
            extra: Vec::new(),
        }
    }
}

/// Where a secret comes from.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// None was given: no request is made, and the screen says what to give.
    Missing,
    /// The built-in sandbox made it at this start.
    Sandbox(Arc<Secret>),
    /// An environment variable of that name, read when a token is first needed.
    Environment(String),
    /// A file that holds it and nothing else, readable by its owner alone; read when a token is first needed.
    File(PathBuf),
    /// A command and its arguments, started without a shell when a token is first needed; what it prints is the secret.
    Command(Vec<String>),
    /// The entry of that name in the system's keyring, read when a token is first needed.
    Keyring(String),
    /// The person, asked when a token is first needed.
    Prompt,
    /// One that a project file names which is not trusted: nothing of it is used.
    Untrusted(PathBuf),
}

impl PartialEq for SecretSource {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Missing, Self::Missing) | (Self::Prompt, Self::Prompt) => true,
            (Self::Sandbox(own), Self::Sandbox(other)) => own.same_as(other),
            (Self::Environment(own), Self::Environment(other)) | (Self::Keyring(own), Self::Keyring(other)) => {
                own == other
            }
            (Self::File(own), Self::File(other)) | (Self::Untrusted(own), Self::Untrusted(other)) => own == other,
            (Self::Command(own), Self::Command(other)) => own == other,
            _ => false,
        }
    }
}

impl Eq for SecretSource {}

impl SecretSource {
    /// For the screen: where it comes from.
    pub fn origin(&self) -> String {
        match self {
            Self::Missing => "not given".to_owned(),
            Self::Sandbox(_) => "sandbox".to_owned(),
            Self::Environment(name) => format!("${name}"),
            Self::File(path) => format!("file {}", path.display()),
            Self::Command(words) => format!("command {}", words.join(" ")),
            Self::Keyring(name) => format!("keyring {name}"),
            Self::Prompt => "asked for".to_owned(),
            Self::Untrusted(_) => "not trusted".to_owned(),
        }
    }

    /// For the screen: where it rests.
    pub fn resting_place(&self) -> &'static str {
        match self {
            Self::Missing | Self::Untrusted(_) => "nowhere",
            Self::Sandbox(_) | Self::Prompt => "memory only",
            Self::Environment(_) => "environment",
            Self::File(_) => "that file, in the clear",
            Self::Command(_) => "where the command has it",
            Self::Keyring(_) => "the system's keyring",
        }
    }
}

/// The name of a credential's entry in the keyring, where none is given.
pub fn keyring_entry(profile: &str, credential: &str) -> String {
    format!("{profile}/{credential}")
}

/// All that makes one token different from another. Tokens are never shared across any of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenKey {
    /// The origins a token may be sent to.
    pub origins: Vec<Origin>,
    /// Where tokens are asked for.
    pub token_url: Url,
    /// The client identifier.
    pub client_id: String,
    /// Stands for the secret: another secret is another key.
    pub secret: Fingerprint,
    /// How the token call is written.
    pub wire: TokenRequest,
    /// Scope, audience, resource and extra fields, as they are sent.
    pub fields: Vec<(String, String)>,
    /// Further header fields of the token call.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Where its answer says what.
    pub answer: TokenAnswer,
}

/// A profile, one of its credentials and that one's secret: what a call goes out with.
#[derive(Clone, Debug)]
pub struct Access {
    /// Where.
    pub profile: Arc<Profile>,
    /// Who.
    pub credential: Arc<Credential>,
    /// The secret, at hand.
    pub secret: Arc<Secret>,
    /// The key of its tokens.
    pub key: Arc<TokenKey>,
}

impl Access {
    /// Binds a secret to the profile and credential it belongs to.
    pub fn new(
        profile: Arc<Profile>,
        credential: Arc<Credential>,
        secret: Arc<Secret>,
        prints: &FingerprintKey,
    ) -> Self {
        let key = TokenKey {
            origins: profile.bound_origins(),
            token_url: profile.token_url.clone(),
            client_id: credential.client_id.clone(),
            secret: prints.fingerprint(&secret),
            wire: profile.wire,
            fields: token_fields(&credential),
            headers: profile.token_headers.clone(),
            answer: profile.answer.clone(),
        };
        Self { profile, credential, secret, key: Arc::new(key) }
    }
}

/// The optional fields of a token call, in the order they are sent; an empty scope is not sent.
pub fn token_fields(credential: &Credential) -> Vec<(String, String)> {
    let named = [("scope", &credential.scope), ("audience", &credential.audience), ("resource", &credential.resource)];
    let named = named.into_iter().filter_map(|(name, value)| {
        value.as_ref().filter(|value| !value.is_empty()).map(|value| (name.to_owned(), value.clone()))
    });
    named.chain(credential.extra.iter().cloned()).collect()
}
