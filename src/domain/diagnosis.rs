//! Why a call was refused: causes from facts alone, each with its evidence and what mends it.
//!
//! [`Facts`] are gathered from an exchange, its profile and what happened before ([`Case`]); the rules read nothing else,
//! so a cause without a fact behind it cannot be named. Where the facts name none, [`Diagnosis::next`] says so, and what
//! would tell more. Words that a server writes for people are never a fact: they may say anything.

use super::redact::Redactor;

mod carried;
mod case;
mod fact;
mod past;
mod rules;

pub use carried::{Carried, Flaw};
pub use case::Case;
pub use fact::{Fact, Facts};
pub use past::Past;

/// What the facts say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// The causes, the likeliest first; empty when the facts name none.
    pub causes: Vec<Cause>,
    /// What would tell more, where no cause can be named.
    pub next: Option<Experiment>,
    /// What it is not, each with the fact that says so.
    pub ruled_out: Vec<RuledOut>,
}

/// One cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its name in JSON and in tests, in kebab-case.
    pub name: &'static str,
    /// How far the facts carry.
    pub likelihood: Likelihood,
    /// What is wrong.
    pub what: String,
    /// What was seen that says so.
    pub seen: String,
    /// What to do.
    pub mend: String,
    /// The step that does it, or leads there.
    pub remedy: Remedy,
}

/// How far the facts carry a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likelihood {
    /// They say this.
    Likely,
    /// They fit this, and may fit something else.
    Possible,
}

impl Likelihood {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

/// What to try where no cause can be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// What to do, and what its outcome would say.
    pub what: String,
    /// The step that does it.
    pub remedy: Remedy,
}

/// Something that it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuledOut {
    /// What.
    pub what: &'static str,
    /// The fact that says so.
    pub seen: String,
}

/// A step that mends, as something the explorer has a key for and the command line an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Send the request, with a token as the policy gives it.
    Send,
    /// Renew the token.
    Renew,
    /// Look at the profile, its addresses above all.
    Profile,
    /// Look at the credential.
    Credential,
    /// Give the credential another secret.
    Secret,
    /// Send once in another way.
    OnPurpose,
    /// Choose another policy.
    Policy,
    /// Change the request.
    Request,
    /// Look at what the token says of itself.
    Token,
}

impl Diagnosis {
    /// What those facts say.
    pub fn of(facts: &Facts) -> Self {
        let causes = rules::causes(facts);
        let next = causes.is_empty().then(|| rules::next(facts));
        Self { causes, next, ruled_out: rules::ruled_out(facts) }
    }

    /// The same, where the words of a server do not show a secret.
    #[must_use]
    pub fn masked(mut self, masks: &Redactor) -> Self {
        for Cause { what, seen, mend, .. } in &mut self.causes {
            (*what, *seen, *mend) = (masks.masked(what), masks.masked(seen), masks.masked(mend));
        }
        for RuledOut { seen, .. } in &mut self.ruled_out {
            *seen = masks.masked(seen);
        }
        self
    }
}

#[cfg(test)]
mod tests;
