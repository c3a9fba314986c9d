//! The places where a secret of a person's is kept by us: an entry of the system's keyring, or a file. Everything here
//! may wait: it is called on a thread that may be kept waiting.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{Flaw, file, keyring};
use crate::domain::{credential::SecretSource, secret::Secret};

/// A place that holds one secret, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The entry of the system's keyring that has this name.
    Keyring(String),
    /// A file that holds it and nothing else, in the clear.
    File(PathBuf),
}

impl Keeper {
    /// The place behind a source; `None` where the secret is not in our hands.
    pub fn of(source: &SecretSource) -> Option<Self> {
        match source {
            SecretSource::Keyring(name) => Some(Self::Keyring(name.clone())),
            SecretSource::File(path) => Some(Self::File(path.clone())),
            SecretSource::Missing
            | SecretSource::Untrusted(_)
            | SecretSource::Sandbox(_)
            | SecretSource::Environment(_)
            | SecretSource::Command(_)
            | SecretSource::Prompt => None,
        }
    }

    /// The source that reads from here.
    pub fn source(&self) -> SecretSource {
        match self {
            Self::Keyring(name) => SecretSource::Keyring(name.clone()),
            Self::File(path) => SecretSource::File(path.clone()),
        }
    }

    /// Where the former secret is kept until a rotation is confirmed.
    #[must_use]
    pub fn former(&self) -> Self {
        match self {
            Self::Keyring(name) => Self::Keyring(format!("{name} (former)")),
            Self::File(path) => {
                let mut name = path.clone().into_os_string();
                name.push(".former");
                Self::File(name.into())
            }
        }
    }

    /// The secret; `None` where there is none.
    pub fn get(&self) -> Result<Option<Secret>, Flaw> {
        match self {
            Self::Keyring(name) => keyring::get(name),
            Self::File(path) if is_missing(path) => Ok(None),
            Self::File(path) => file::read(path).map(Some),
        }
    }

    /// Puts a secret where there is none.
    pub fn put(&self, secret: &Secret, now: Timestamp) -> Result<(), Flaw> {
        match self {
            Self::Keyring(name) => match keyring::get(name)? {
                Some(_) => Err(Flaw::new("there is one already", "remove it first")),
                None => keyring::set(name, secret, now),
            },
            Self::File(path) => file::create(path, secret),
        }
    }

    /// Puts a secret in the place of the one that is there, whole or not at all.
    pub fn replace(&self, secret: &Secret, now: Timestamp) -> Result<(), Flaw> {
        match self {
            Self::Keyring(name) => keyring::set(name, secret, now),
            Self::File(path) => file::replace(path, secret),
        }
    }

    /// Removes what is there; `false` where nothing is.
    pub fn remove(&self) -> Result<bool, Flaw> {
        match self {
            Self::Keyring(name) => keyring::remove(name),
            Self::File(path) if is_missing(path) => Ok(false),
            Self::File(path) => file::remove(path).map(|()| true),
        }
    }

    /// When it was written, where that is known.
    pub fn written(&self) -> Option<Timestamp> {
        match self {
            Self::Keyring(name) => keyring::written(name),
            Self::File(path) => std::fs::symlink_metadata(path).ok()?.modified().ok()?.try_into().ok(),
        }
    }
}

impl fmt::Display for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring(name) => write!(f, "the keyring entry `{name}`"),
            Self::File(path) => write!(f, "the file {}", path.display()),
        }
    }
}

/// Whether there is nothing at all at that path; what cannot be told is there.
fn is_missing(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}
