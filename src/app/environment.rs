//! Where calls go and who makes them: the profiles, the active one, its credential and its policy.

use std::sync::Arc;

use crate::{
    domain::{
        credential::Credential,
        profile::{Place, Profile},
        token::TokenPolicy,
    },
    library::{catalogue::SEEDED_TRANSACTION, variables::Layer},
};

/// All profiles with what was chosen in each.
pub struct Environment {
    chosen: Vec<Chosen>,
    active: usize,
}

struct Chosen {
    profile: Arc<Profile>,
    credential: usize,
    policy: TokenPolicy,
}

impl Environment {
    /// These profiles, each with its first credential and its own policy. There is at least one.
    pub fn new(profiles: Vec<Arc<Profile>>, active: usize) -> Self {
        let chosen = |profile: Arc<Profile>| Chosen { policy: profile.policy, profile, credential: 0 };
        let chosen: Vec<_> = profiles.into_iter().map(chosen).collect();
        let active = active.min(chosen.len().saturating_sub(1));
        Self { chosen, active }
    }

    /// All profiles, in the order they are offered.
    pub fn profiles(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.chosen.iter().map(|chosen| &chosen.profile)
    }

    /// Which of them is active.
    pub fn active(&self) -> usize {
        self.active
    }

    /// The active profile.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.chosen[self.active].profile
    }

    /// The chosen credential of the active profile.
    pub fn credential(&self) -> Option<&Credential> {
        self.profile().credentials.get(self.credential_at())
    }

    /// Which of the active profile's credentials is chosen.
    pub fn credential_at(&self) -> usize {
        self.chosen[self.active].credential
    }

    /// Its name; empty when there is none.
    pub fn credential_name(&self) -> &str {
        self.credential().map_or("", |credential| &credential.name)
    }

    /// The policy in force.
    pub fn policy(&self) -> TokenPolicy {
        self.chosen[self.active].policy
    }

    /// Puts the next policy in force, and names it.
    pub fn next_policy(&mut self) -> TokenPolicy {
        let chosen = &mut self.chosen[self.active];
        let at = TokenPolicy::ALL.iter().position(|policy| *policy == chosen.policy).unwrap_or(0);
        chosen.policy = TokenPolicy::ALL[(at + 1) % TokenPolicy::ALL.len()];
        chosen.policy
    }

    /// Puts a policy in force.
    pub fn set_policy(&mut self, policy: TokenPolicy) {
        self.chosen[self.active].policy = policy;
    }

    /// Makes another profile the active one.
    pub fn choose_profile(&mut self, at: usize) {
        self.active = at.min(self.chosen.len().saturating_sub(1));
    }

    /// Chooses another credential of the active profile.
    pub fn choose_credential(&mut self, at: usize) {
        let last = self.profile().credentials.len().saturating_sub(1);
        self.chosen[self.active].credential = at.min(last);
    }

    /// Puts these profiles in the place of those that are there, and gives those of before that are gone or another now.
    /// By its name the active one stays so, and in each what was chosen stays chosen; one that did not change stays the
    /// same value.
    pub fn replace(&mut self, profiles: Vec<Arc<Profile>>) -> Vec<Arc<Profile>> {
        let name = self.profile().name.clone();
        let mut before = std::mem::take(&mut self.chosen);
        let settled = |profile: Arc<Profile>| {
            let Some(at) = before.iter().position(|chosen| chosen.profile.name == profile.name) else {
                return Chosen { policy: profile.policy, profile, credential: 0 };
            };
            if before[at].profile == profile {
                return before.swap_remove(at);
            }
            let Chosen { profile: old, credential, policy } = &before[at];
            let credential = old.credentials.get(*credential).map(|credential| &credential.name);
            let credential = profile.credentials.iter().position(|known| Some(&known.name) == credential);
            let policy = if *policy == old.policy { profile.policy } else { *policy };
            Chosen { profile, credential: credential.unwrap_or(0), policy }
        };
        self.chosen = profiles.into_iter().map(settled).collect();
        self.active = self.chosen.iter().position(|chosen| chosen.profile.name == name).unwrap_or(0);
        before.into_iter().map(|chosen| chosen.profile).collect()
    }

    /// What was chosen in each profile otherwise than it says itself: its name, the credential, the policy.
    pub fn choices(&self) -> impl Iterator<Item = (&str, Option<&str>, Option<TokenPolicy>)> {
        self.chosen.iter().filter_map(|chosen| {
            let profile = &chosen.profile;
            let credential = profile.credentials.get(chosen.credential).filter(|_| chosen.credential > 0);
            let policy = Some(chosen.policy).filter(|policy| *policy != profile.policy);
            let any = credential.is_some() || policy.is_some();
            any.then(|| (profile.name.as_str(), credential.map(|credential| credential.name.as_str()), policy))
        })
    }

    /// Chooses in the profile of that name, where there is one, and where it knows the credential.
    pub fn choose(&mut self, profile: &str, credential: Option<&str>, policy: Option<TokenPolicy>) {
        let Some(chosen) = self.chosen.iter_mut().find(|chosen| chosen.profile.name == profile) else { return };
        let known = |name: &str| chosen.profile.credentials.iter().position(|credential| credential.name == name);
        chosen.credential = credential.and_then(known).unwrap_or(chosen.credential);
        chosen.policy = policy.unwrap_or(chosen.policy);
    }

    /// `sec#N`, what stands for the secret of a credential of the active profile.
    pub fn pseudonym(&self, credential: usize) -> String {
        let before: usize = self.chosen[..self.active].iter().map(|chosen| chosen.profile.credentials.len()).sum();
        format!("sec#{}", before + credential + 1)
    }

    /// The variables that the active profile gives, the nearest first.
    pub fn layers(&self) -> Vec<Layer> {
        layers(self.profile())
    }
}

/// The variables that a profile gives, the nearest first.
pub fn layers(profile: &Profile) -> Vec<Layer> {
    let own = profile.variables.iter().cloned();
    let addresses = [("base_url", profile.base()), ("token_url", profile.token_url.as_str())];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let seeded = (profile.place == Place::Sandbox).then_some(("txNo", SEEDED_TRANSACTION));
    vec![Layer::new("profile", own.chain(addresses.map(owned))), Layer::new("sandbox", seeded.map(owned))]
}
