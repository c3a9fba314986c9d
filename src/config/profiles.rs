//! The profiles that can be chosen: the two built in, those of the config file, and the one that environment variables
//! describe. Owns which of them is active. Never reads a secret: a profile names the variable that holds it.

use std::sync::Arc;

use url::Url;

use super::file::{Config, address, base_address};
use super::nearest::{nearest, not_allowed};
use crate::domain::credential::{CLIENT_SECRET, Credential, SecretSource};
use crate::domain::origin::Origin;
use crate::domain::profile::{Place, Profile, TOKEN_PATH, TokenRequest};
use crate::domain::route::Proxies;
use crate::domain::secret::Secret;

/// Name of the profile that plays the API on this machine.
pub const SANDBOX: &str = "sandbox";
/// Name of the built-in profile of the documented API.
pub const PAYSECUREZ: &str = "paysecurez";
/// Name of the profile that environment variables describe.
pub const ENVIRONMENT: &str = "environment";

/// How long its tokens live (AUTH page).
const DOCUMENTED_LIFE: std::time::Duration = std::time::Duration::from_secs(1800);

/// The sandbox at its address of this start, with the clients it has made.
pub fn sandbox(base_url: Url, clients: impl IntoIterator<Item = (String, Arc<Secret>)>) -> Profile {
    let token_url = under(&base_url, TOKEN_PATH).unwrap_or_else(|_| base_url.clone());
    let mut profile = Profile::new(SANDBOX, base_url, token_url);
    profile.place = Place::Sandbox;
    profile.expected_life = Some(DOCUMENTED_LIFE);
    profile.credentials = clients
        .into_iter()
        .map(|(id, secret)| Credential { name: id.clone(), ..Credential::new(id, SecretSource::Sandbox(secret)) })
        .collect();
    profile
}

/// The documented API in production, without credentials.
#[expect(clippy::missing_panics_doc, reason = "the addresses are constant, and a test reads them")]
pub fn paysecurez() -> Profile {
    let parsed = |text| Url::parse(text).expect("a constant address");
    let mut profile =
        Profile::new(PAYSECUREZ, parsed("https://api.paysecurez.com"), parsed("https://api.paysecurez.com/api/token"));
    profile.place = Place::Production;
    profile.expected_life = Some(DOCUMENTED_LIFE);
    profile
}

/// A variable whose value cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment variable `{variable}`: {what}")]
pub struct EnvironmentError {
    /// Its name.
    pub variable: &'static str,
    /// What is wrong, and what is allowed.
    pub what: String,
}

/// The profile that `AUTHSCOPE_BASE_URL` and its companions describe, if that one is set.
/// `variable` looks a variable up; an empty one counts as unset.
pub fn from_environment(variable: &dyn Fn(&str) -> Option<String>) -> Result<Option<Profile>, EnvironmentError> {
    let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    let wrong = |variable| move |what| EnvironmentError { variable, what };
    let Some(base) = set("AUTHSCOPE_BASE_URL") else {
        return Ok(None);
    };
    let base = base_address(&base).map_err(wrong("AUTHSCOPE_BASE_URL"))?;
    let token = set("AUTHSCOPE_TOKEN_URL").unwrap_or_else(|| TOKEN_PATH.to_owned());
    let token = under(&base, &token).map_err(wrong("AUTHSCOPE_TOKEN_URL"))?;
    let mut profile = Profile::new(ENVIRONMENT, base, token);
    if let Some(wire) = set("AUTHSCOPE_TOKEN_REQUEST") {
        profile.wire = TokenRequest::named(wire.trim())
            .ok_or_else(|| not_allowed(&wire, &TokenRequest::ALL.map(TokenRequest::name)))
            .map_err(wrong("AUTHSCOPE_TOKEN_REQUEST"))?;
    }
    if let Some(id) = set("AUTHSCOPE_CLIENT_ID") {
        let mut credential = Credential::new(id, SecretSource::Environment(CLIENT_SECRET.to_owned()));
        credential.scope = set("AUTHSCOPE_SCOPE");
        profile.credentials.push(credential);
    }
    Ok(Some(profile))
}

/// All profiles of this start, and the active one.
#[derive(Clone, Debug)]
pub struct Profiles {
    all: Vec<Arc<Profile>>,
    active: usize,
}

/// A profile was named that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no profile is named `{name}`{}: there are {}", .nearest.as_ref().map(|name| format!(", did you mean `{name}`")).unwrap_or_default(), .known.join(", "))]
pub struct UnknownProfile {
    /// As written.
    pub name: String,
    /// The known name nearest to it.
    pub nearest: Option<String>,
    /// Those that exist.
    pub known: Vec<String>,
}

impl Profiles {
    /// Sandbox and environment, then those of the file, then `paysecurez` unless the file has its own.
    /// Active is the one `wished` for, else that of the environment, else the file's choice, else the sandbox.
    pub fn new(
        config: &Config,
        environment: Option<Profile>,
        sandbox: Profile,
        wished: Option<&str>,
    ) -> Result<Self, UnknownProfile> {
        let active = wished
            .or(environment.as_ref().map(|profile| profile.name.as_str()))
            .or(config.profile.as_deref())
            .unwrap_or(SANDBOX)
            .to_owned();
        let mut all = vec![sandbox];
        all.extend(environment);
        all.extend(config.profiles.iter().cloned());
        if all.iter().all(|profile| profile.name != PAYSECUREZ) {
            all.push(paysecurez());
        }
        let at = all.iter().position(|profile| profile.name == active);
        let at = at.ok_or_else(|| unknown(&active, all.iter().map(|profile| profile.name.as_str())))?;
        Ok(Self { all: all.into_iter().map(Arc::new).collect(), active: at })
    }

    /// The same profiles, each with origins that its secrets may go to over plain `http` for this run.
    #[must_use]
    pub fn with_insecure_origins(self, origins: &[Origin]) -> Self {
        self.changed(|profile| profile.insecure_origins.extend_from_slice(origins))
    }

    /// The same profiles, those without proxies of their own with these.
    #[must_use]
    pub fn with_proxies(self, proxies: &Proxies) -> Self {
        self.changed(|profile| {
            profile.route.proxies.get_or_insert_with(|| proxies.clone());
        })
    }

    /// The same profiles, each changed.
    #[must_use]
    pub fn changed(mut self, change: impl Fn(&mut Profile)) -> Self {
        self.all.iter_mut().for_each(|profile| change(Arc::make_mut(profile)));
        self
    }

    /// All of them, in the order they are offered.
    pub fn all(&self) -> &[Arc<Profile>] {
        &self.all
    }

    /// The one of that name.
    pub fn named(&self, name: &str) -> Result<&Arc<Profile>, UnknownProfile> {
        let found = self.all.iter().find(|profile| profile.name == name);
        found.ok_or_else(|| unknown(name, self.all.iter().map(|profile| profile.name.as_str())))
    }

    /// The one that calls go to at the start.
    pub fn active(&self) -> &Arc<Profile> {
        &self.all[self.active]
    }
}

/// The error about a name that is none of `known`.
pub(super) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> UnknownProfile {
    UnknownProfile {
        name: name.to_owned(),
        nearest: nearest(name, known.clone()).map(ToOwned::to_owned),
        known: known.map(ToOwned::to_owned).collect(),
    }
}

/// An address, or a path that follows a base URL whole, so that a base of `…/v2` keeps its `/v2`.
pub fn under(base: &Url, written: &str) -> Result<Url, String> {
    if written.starts_with('/') {
        address(&format!("{}{written}", base.as_str().trim_end_matches('/')))
    } else {
        address(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Result<Option<Profile>, EnvironmentError> {
        from_environment(&|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn local() -> Profile {
        sandbox(
            Url::parse("http://127.0.0.1:43117").unwrap(),
            [("demo-client".to_owned(), Arc::new(Secret::new("very-secret")))],
        )
    }

    #[test]
    fn the_sandbox_is_active_until_another_is_chosen() {
        let profiles = Profiles::new(&Config::default(), None, local(), None).unwrap();
        assert_eq!(profiles.active().name, SANDBOX);
        assert_eq!(profiles.active().token_url.as_str(), "http://127.0.0.1:43117/api/token");
        assert_eq!(profiles.active().credentials[0].name, "demo-client");
        let names: Vec<_> = profiles.all().iter().map(|profile| profile.name.as_str()).collect();
        assert_eq!(names, [SANDBOX, PAYSECUREZ]);
    }

    #[test]
    fn the_documented_api_is_production_and_has_no_credentials() {
        let profile = paysecurez();
        assert_eq!(profile.place, Place::Production);
        assert_eq!(profile.wire, TokenRequest::Json);
        assert_eq!(profile.base(), "https://api.paysecurez.com");
        assert!(profile.credentials.is_empty());
    }

    #[test]
    fn the_environment_describes_a_profile_without_its_secret() {
        let profile = environment(&[
            ("AUTHSCOPE_BASE_URL", "http://127.0.0.1:18500/v2/"),
            ("AUTHSCOPE_TOKEN_REQUEST", "form-basic"),
            ("AUTHSCOPE_CLIENT_ID", "me"),
            ("AUTHSCOPE_CLIENT_SECRET", "very-secret"),
            ("AUTHSCOPE_SCOPE", "read"),
        ]);
        let profile = profile.unwrap().unwrap();
        assert_eq!(profile.token_url.as_str(), "http://127.0.0.1:18500/v2/api/token");
        assert_eq!(profile.wire, TokenRequest::FormBasic);
        assert_eq!(profile.credentials[0].scope.as_deref(), Some("read"));
        assert_eq!(profile.credentials[0].secret.origin(), "$AUTHSCOPE_CLIENT_SECRET");
        assert!(!format!("{profile:?}").contains("very-secret"));

        let profiles = Profiles::new(&Config::default(), Some(profile.clone()), local(), None).unwrap();
        assert_eq!(profiles.active().name, ENVIRONMENT);
        let profiles = Profiles::new(&Config::default(), Some(profile), local(), Some(SANDBOX)).unwrap();
        assert_eq!(profiles.active().name, SANDBOX);
    }

    #[test]
    fn an_environment_without_a_base_url_describes_nothing() {
        assert!(environment(&[("AUTHSCOPE_CLIENT_ID", "me")]).unwrap().is_none());
        assert!(environment(&[("AUTHSCOPE_BASE_URL", " ")]).unwrap().is_none());
    }

    #[test]
    fn a_wrong_variable_is_named_with_what_is_allowed() {
        let base = ("AUTHSCOPE_BASE_URL", "https://api.example");
        let wrong = environment(&[base, ("AUTHSCOPE_TOKEN_REQUEST", "xml")]).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "environment variable `AUTHSCOPE_TOKEN_REQUEST`: `xml` is not allowed: \
             write `json`, `form-body` or `form-basic`"
        );
        let wrong = environment(&[("AUTHSCOPE_BASE_URL", "https://me:very-secret@api.example")]).unwrap_err();
        assert_eq!(wrong.variable, "AUTHSCOPE_BASE_URL");
        assert!(!wrong.to_string().contains("very-secret"), "{wrong}");
    }

    #[test]
    fn an_origin_named_as_insecure_holds_for_every_profile() {
        let plain = Origin::of(&Url::parse("http://api.internal").unwrap()).unwrap();
        let profiles = Profiles::new(&Config::default(), None, local(), None).unwrap();
        assert!(!profiles.active().may_carry_secrets(&plain));
        let profiles = profiles.with_insecure_origins(std::slice::from_ref(&plain));
        assert!(profiles.all().iter().all(|profile| profile.may_carry_secrets(&plain)));
    }

    #[test]
    fn an_unknown_profile_is_said_with_those_that_exist() {
        let wrong = Profiles::new(&Config::default(), None, local(), Some("sandbx")).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "no profile is named `sandbx`, did you mean `sandbox`: there are sandbox, paysecurez"
        );
    }
}
