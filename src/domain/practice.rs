//! The seven practices that the documentation recommends (AUTH page), judged for one profile and credential.
//!
//! Each state rests on what the profile says and on what was looked at on this machine; what was not looked at is unknown,
//! never kept.

use std::time::Duration;

use super::{
    credential::{Credential, SecretSource},
    diagnosis::Remedy,
    figures,
    origin::Origin,
    profile::Profile,
    token::TokenPolicy,
};

/// From which age on a secret is called old. The documentation names none: this is ours.
const OLD: Duration = Duration::from_hours(90 * 24);

/// How far a practice is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is.
    Kept,
    /// It is, as far as it goes; the evidence says how far.
    Partly,
    /// It is not.
    NotKept,
    /// Nothing says.
    Unknown,
}

impl State {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Partly => "partly",
            Self::NotKept => "not kept",
            Self::Unknown => "unknown",
        }
    }
}

/// One practice, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    /// Its name in JSON.
    pub name: &'static str,
    /// What is recommended, in own words.
    pub what: &'static str,
    /// How far it is kept.
    pub state: State,
    /// What says so.
    pub seen: String,
    /// What would improve it, and the step that does; nothing where it is kept.
    pub improve: Option<(&'static str, Remedy)>,
}

/// What was looked at on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// The age of the secret since it was put in its place or exchanged last.
    pub age: Option<Duration>,
    /// What is wrong with the place of the secret.
    pub flaw: Option<String>,
}

/// All seven, in the order of the page.
pub fn practices(
    profile: &Profile,
    policy: TokenPolicy,
    credential: Option<&Credential>,
    looked: &Looked,
) -> [Practice; 7] {
    [
        fresh(policy),
        safe(credential, looked),
        rotated(credential, looked),
        encrypted(profile),
        unshared(profile),
        stored(profile),
        healed(policy),
    ]
}

fn practice(
    name: &'static str,
    what: &'static str,
    (state, seen): (State, impl Into<String>),
    improve: (&'static str, Remedy),
) -> Practice {
    let improve = (state != State::Kept).then_some(improve);
    Practice { name, what, state, seen: seen.into(), improve }
}

fn fresh(policy: TokenPolicy) -> Practice {
    let judged = match policy {
        TokenPolicy::PerTransaction => (State::Kept, "policy per-transaction fetches one for each send, and drops it"),
        TokenPolicy::Reuse => (State::Partly, "policy reuse keeps a token until near its end"),
        TokenPolicy::Manual => (State::NotKept, "policy manual sends the token there is, even an expired one"),
    };
    let improve = ("choose the policy per-transaction", Remedy::Policy);
    practice("fresh-token", "A new token for each transaction", judged, improve)
}

fn safe(credential: Option<&Credential>, looked: &Looked) -> Practice {
    let improve = ("keep the secret in the keyring, or let a password manager give it", Remedy::Credential);
    let what = "Credentials are kept safe";
    let judged = match (credential.map(|credential| &credential.secret), &looked.flaw) {
        (None | Some(SecretSource::Missing | SecretSource::Untrusted(_)), _) => {
            (State::Unknown, "no secret is given".to_owned())
        }
        (Some(_), Some(flaw)) => (State::NotKept, flaw.clone()),
        (Some(SecretSource::Environment(name)), None) => {
            (State::Partly, format!("`${name}` can be read by every program that was started beside this one"))
        }
        (Some(SecretSource::File(file)), None) => {
            (State::Partly, format!("{} holds it in the clear, for its owner alone", file.display()))
        }
        (Some(source), None) => (State::Kept, format!("it comes from: {}", source.origin())),
    };
    practice("credentials-safe", what, judged, improve)
}

fn rotated(credential: Option<&Credential>, looked: &Looked) -> Practice {
    let improve = ("exchange the secret for another one", Remedy::Secret);
    let what = "Secrets are rotated";
    let judged = match (credential.map(|credential| &credential.secret), looked.age) {
        (Some(SecretSource::Sandbox(_)), _) => (State::Kept, "the sandbox makes another one at each start".to_owned()),
        (_, None) => (State::Unknown, "its place does not tell since when it is there".to_owned()),
        (_, Some(age)) if age > OLD => {
            (State::NotKept, format!("it was put there {}; 90 days is our measure", figures::ago(age)))
        }
        (_, Some(age)) => (State::Kept, format!("it was put there {}", figures::ago(age))),
    };
    practice("secrets-rotated", what, judged, improve)
}

fn encrypted(profile: &Profile) -> Practice {
    let improve = ("use https addresses in the profile", Remedy::Profile);
    let plain =
        [&profile.base_url, &profile.token_url].into_iter().filter_map(Origin::of).find(|origin| !origin.is_https());
    let judged = match (plain, profile.insecure_origins.first()) {
        (Some(origin), _) if origin.is_loopback() => {
            (State::Kept, format!("{origin} is this machine; nothing leaves it"))
        }
        (Some(origin), _) => (State::NotKept, format!("{origin} is plain http")),
        (None, Some(origin)) => (State::Partly, format!("{origin} may be called over plain http")),
        (None, None) => (State::Kept, "both addresses are https, and a token is sent over nothing else".to_owned()),
    };
    practice("https-only", "HTTPS for every call", judged, improve)
}

fn unshared(profile: &Profile) -> Practice {
    let improve = ("leave the bound origins to the one that needs the token", Remedy::Profile);
    let judged = if profile.allowed_origins.is_empty() {
        let origins = profile.bound_origins();
        let origin = origins.first().map(ToString::to_string).unwrap_or_default();
        (State::Kept, format!("a token goes to {origin} alone, and to no other profile or credential"))
    } else {
        (State::Partly, format!("{} further origins may see it", profile.allowed_origins.len()))
    };
    practice("not-shared", "Tokens are not shared between applications", judged, improve)
}

fn stored(profile: &Profile) -> Practice {
    let improve = ("switch `token-cache` off in the profile", Remedy::Profile);
    let judged = if profile.token_cache {
        (State::Partly, "commands keep it for each other in a file that nobody else can read")
    } else {
        (State::Kept, "it is in memory only, and gone at the end")
    };
    practice("proper-storage", "Tokens are stored properly", judged, improve)
}

fn healed(policy: TokenPolicy) -> Practice {
    let judged = match policy {
        TokenPolicy::Manual => (State::NotKept, "policy manual renews nothing unasked"),
        TokenPolicy::Reuse | TokenPolicy::PerTransaction => {
            (State::Kept, "a refused token is renewed once and the call sent once more")
        }
    };
    practice("handles-401", "A 401 is answered by a new token", judged, ("choose the policy reuse", Remedy::Policy))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn profile(base: &str) -> Profile {
        let base = Url::parse(base).unwrap();
        Profile::new("x", base.clone(), base)
    }

    fn states(profile: &Profile, policy: TokenPolicy, source: SecretSource, looked: &Looked) -> Vec<State> {
        let credential = Credential::new("me", source);
        practices(profile, policy, Some(&credential), looked).into_iter().map(|practice| practice.state).collect()
    }

    #[test]
    fn all_seven_are_kept_by_the_best_that_there_is() {
        let looked = Looked { age: Some(Duration::from_hours(24)), flaw: None };
        let keyring = SecretSource::Keyring("x".to_owned());
        let profile = profile("https://api.example");
        assert_eq!(states(&profile, TokenPolicy::PerTransaction, keyring, &looked), [State::Kept; 7]);
    }

    #[test]
    fn each_can_fail_and_says_what_improves_it() {
        let mut profile = profile("http://api.example");
        profile.allowed_origins = vec![Origin::of(&Url::parse("https://other.example").unwrap()).unwrap()];
        profile.token_cache = true;
        let looked = Looked { age: Some(OLD + Duration::from_secs(1)), flaw: Some("others can read it".to_owned()) };
        let file = SecretSource::File("secret".into());
        let credential = Credential::new("me", file);
        for practice in practices(&profile, TokenPolicy::Manual, Some(&credential), &looked) {
            assert_ne!(practice.state, State::Kept, "{practice:?}");
            assert!(practice.improve.is_some() && !practice.seen.is_empty());
        }
    }

    #[test]
    fn what_was_not_looked_at_is_unknown() {
        let states =
            states(&profile("https://a.example"), TokenPolicy::Reuse, SecretSource::Missing, &Looked::default());
        assert_eq!((states[1], states[2]), (State::Unknown, State::Unknown));
    }
}
