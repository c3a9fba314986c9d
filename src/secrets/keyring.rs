//! The system's keyring: the Secret Service, the Keychain of macOS, the Credential Manager of Windows.
//!
//! Everything here may wait for a person who unlocks it: it is called on a thread that may be kept waiting.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use keyring_core::{Entry, Error, api::CredentialStore};
use zeroize::Zeroizing;

use super::{Flaw, text};
use crate::domain::secret::Secret;

/// What all entries of ours are found by.
const SERVICE: &str = "authscope";

/// The attribute that says when an entry was written, where a keyring keeps such.
const WRITTEN: &str = "written";

/// The secret of that name; `None` where there is none.
pub(super) fn get(name: &str) -> Result<Option<Secret>, Flaw> {
    match entry(name).and_then(|entry| entry.get_secret()) {
        Ok(bytes) => text(Zeroizing::new(bytes)).map(Some),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(flaw(&error)),
    }
}

/// Keeps a secret under that name, in the place of what was there.
pub(super) fn set(name: &str, secret: &Secret, now: Timestamp) -> Result<(), Flaw> {
    let entry = entry(name).map_err(|error| flaw(&error))?;
    entry.set_secret(secret.expose().as_bytes()).map_err(|error| flaw(&error))?;
    // Not every keyring keeps attributes; its age is unknown then.
    let _ = entry.update_attributes(&HashMap::from([(WRITTEN, now.to_string().as_str())]));
    Ok(())
}

/// Removes the secret of that name; `false` where there is none.
pub(super) fn remove(name: &str) -> Result<bool, Flaw> {
    match entry(name).and_then(|entry| entry.delete_credential()) {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(flaw(&error)),
    }
}

/// When the secret of that name was written, where the keyring knows.
pub(super) fn written(name: &str) -> Option<Timestamp> {
    let attributes = entry(name).and_then(|entry| entry.get_attributes()).ok()?;
    attributes.get(WRITTEN)?.parse().ok()
}

fn entry(name: &str) -> keyring_core::Result<Entry> {
    store()?.build(SERVICE, name, None)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// What is in the way. No error that is told here carries what a keyring holds.
fn flaw(error: &Error) -> Flaw {
    match error {
        Error::NoStorageAccess(why) => {
            Flaw::new(format!("the keyring is locked or lets nobody in: {why}"), "unlock it and try once more")
        }
        Error::PlatformFailure(why) => Flaw::new(
            format!("no keyring answers: {why}"),
            "start one (on Linux a Secret Service, such as gnome-keyring or KWallet, and its session bus), or name another source",
        ),
        other => Flaw::new(format!("the keyring cannot be used: {other}"), "look at it with the system's own program"),
    }
}
