//! Where a secret comes from. Called by the engine when a call needs one; it keeps none.

use std::sync::Arc;

use crate::domain::{
    credential::{Credential, SecretSource},
    flow::Refusal,
    profile::Profile,
    secret::Secret,
};

/// The secret of a credential, read from its source now, or what to give where there is none.
pub fn resolved(profile: &Profile, credential: &Credential) -> Result<Arc<Secret>, Refusal> {
    let none = |give: String| Refusal::NoCredential { profile: profile.name.clone(), give };
    match &credential.secret {
        SecretSource::Sandbox(secret) => Ok(secret.clone()),
        SecretSource::Environment(name) => match std::env::var(name) {
            Ok(text) => Ok(Arc::new(Secret::new(text))),
            Err(std::env::VarError::NotPresent) => Err(none(format!("set the environment variable `{name}`"))),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(none(format!("the environment variable `{name}` is not UTF-8")))
            }
        },
        SecretSource::Missing => Err(none(missing(profile))),
    }
}

/// What to write where a profile has no secret.
pub fn missing(profile: &Profile) -> String {
    let name = &profile.name;
    format!(
        "give it a client id and a secret: `[profiles.{name}.credentials.default]` with `client-id` and `secret = {{ env = \"NAME\" }}` in the config file, \
         or AUTHSCOPE_BASE_URL, AUTHSCOPE_CLIENT_ID and AUTHSCOPE_CLIENT_SECRET in the environment; it stays in memory"
    )
}
