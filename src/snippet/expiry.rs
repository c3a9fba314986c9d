//! How the code of a flow knows when to renew, and what it does not know.

use std::time::Duration;

use serde::Serialize;

use crate::domain::{
    profile::Profile,
    token_answer::{ExpiryIs, Member},
};

/// One name of those that lead to a member of the answer.
#[derive(Serialize)]
pub(super) struct Step {
    name: String,
    /// Whether it is a place in a list.
    index: bool,
}

impl Step {
    pub(super) fn all(member: &Member) -> Vec<Self> {
        let names = member.names().iter();
        names.map(|name| Self { name: name.clone(), index: name.parse::<usize>().is_ok() }).collect()
    }
}

/// For the templates.
#[derive(Serialize)]
pub(super) struct Expiry {
    /// Where the answer says it: the names that lead there.
    path: Vec<Step>,
    /// `seconds` from now, `epoch` seconds, or `none` where the code keeps a token until it is refused.
    form: &'static str,
    /// Seconds before the end at which a token is renewed; unless given, the smaller of 60 and a tenth of its life.
    lead: Option<u64>,
}

impl Expiry {
    pub(super) fn of(profile: &Profile) -> Self {
        let answer = &profile.answer;
        Self {
            path: Step::all(&answer.expiry),
            form: match answer.expiry_is {
                ExpiryIs::Seconds => "seconds",
                ExpiryIs::Epoch => "epoch",
                ExpiryIs::Rfc3339 | ExpiryIs::Jwt => "none",
            },
            lead: profile.renewal_lead.as_ref().map(Duration::as_secs),
        }
    }

    /// What the code does not do and authscope does.
    pub(super) fn note(profile: &Profile) -> Option<String> {
        let what = match profile.answer.expiry_is {
            ExpiryIs::Seconds | ExpiryIs::Epoch => return None,
            ExpiryIs::Rfc3339 => format!("the date in `{}`", profile.answer.expiry),
            ExpiryIs::Jwt => "the `exp` inside the token".to_owned(),
        };
        Some(format!("This code does not read {what}: it keeps a token until a 401 refuses it."))
    }
}
