//! What is known of the secrets of the credentials beside where they come from: how each rests, since when, and when it
//! was used and exchanged last. Times are kept for the next start, a secret never.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{App, Stale, effect::Effect};
use crate::domain::{figures, profile::Profile};

/// When a secret was used and exchanged last, in seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Times {
    /// When a token call went out with it.
    pub used: Option<i64>,
    /// When it took the place of another one.
    pub rotated: Option<i64>,
}

/// How a secret rests, as it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The mode of its file.
    pub mode: Option<String>,
    /// When it was put there.
    pub written: Option<Timestamp>,
    /// What is in the way of reading it.
    pub flaw: Option<String>,
}

/// See the module. By the names of profile and credential.
#[derive(Debug, Default)]
pub struct Resting {
    /// When each was used and exchanged.
    pub times: BTreeMap<String, Times>,
    found: BTreeMap<String, Found>,
    looked_at: Option<Arc<Profile>>,
    /// Whether the first frame is through, so that it may be looked.
    pub(super) opened: bool,
}

/// What stands for a credential among all.
pub fn key(profile: &str, credential: &str) -> String {
    format!("{profile}/{credential}")
}

impl Resting {
    /// How the secret of a credential was found to rest.
    pub fn found(&self, profile: &str, credential: &str) -> Option<&Found> {
        self.found.get(&key(profile, credential))
    }

    /// It may rest otherwise than it was found.
    pub(super) fn outdate(&mut self) {
        self.looked_at = None;
    }
}

impl App {
    /// Orders a look at the secrets of the active profile, unless it was looked at already.
    pub(super) fn look_at_secrets(&mut self) -> Option<Effect> {
        let profile = self.environment.profile();
        let known = self.resting.looked_at.as_ref().is_some_and(|known| Arc::ptr_eq(known, profile));
        if known || !self.resting.opened {
            return None;
        }
        self.resting.looked_at = Some(profile.clone());
        Some(Effect::LookAtSecrets(profile.clone()))
    }

    /// This is how the secrets of a profile rest.
    pub(super) fn secrets_rest(&mut self, profile: &str, found: Vec<(String, Found)>) {
        let found = found.into_iter().map(|(credential, found)| (key(profile, &credential), found));
        self.resting.found.extend(found);
        self.touch(Stale::Now);
    }

    /// The secret of the active credential was used then, where that is later than what is known.
    pub(super) fn secret_used(&mut self, at: Option<Timestamp>) {
        let Some(at) = at.map(Timestamp::as_second) else { return };
        let key = key(&self.environment.profile().name, self.environment.credential_name());
        let times = self.resting.times.entry(key).or_default();
        times.used = times.used.max(Some(at));
    }

    /// The secret of a credential is another one now.
    pub(super) fn secret_rotated(&mut self, profile: &str, credential: &str) {
        self.resting.times.entry(key(profile, credential)).or_default().rotated = Some(self.now.wall.as_second());
        self.resting.outdate();
    }

    /// What is known of the secret of a credential of the active profile: labels and texts.
    pub fn secret_facts(&self, credential: &str) -> Vec<(&'static str, String)> {
        let profile = &self.environment.profile().name;
        let found = self.resting.found(profile, credential);
        let times = self.resting.times.get(&key(profile, credential)).copied().unwrap_or_default();
        let second = |at: Option<i64>| at.and_then(|at| Timestamp::from_second(at).ok());
        let told = |at: Timestamp| {
            let gone = self.now.wall.duration_since(at).unsigned_abs();
            // A text of minutes would be wrong a minute later.
            if gone.as_secs() < 172_800 { figures::moment(at, self.now.wall, &self.zone) } else { figures::ago(gone) }
        };
        let facts = [
            ("mode", found.and_then(|found| found.mode.clone())),
            ("written", found.and_then(|found| found.written).map(told)),
            ("used", second(times.used).map(told)),
            ("rotated", second(times.rotated).map(told)),
            ("state", found.and_then(|found| found.flaw.clone())),
        ];
        facts.into_iter().filter_map(|(label, text)| Some((label, text?))).collect()
    }
}

#[cfg(test)]
mod tests;
