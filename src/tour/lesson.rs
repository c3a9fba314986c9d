//! A lesson as its file says it: screens, each with what is said before and after, and steps in between.
//!
//! In the texts `{renew-token}` stands for the key of that action and a letter between backticks for a key of what lies
//! on top, so that a key that was bound otherwise is shown right.

use serde::Deserialize;

use super::Deed;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lesson {
    /// Its title.
    pub title: String,
    /// What is shown, one after the other.
    pub screens: Vec<Screen>,
}

/// What is shown at once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Screen {
    /// What is said first.
    pub before: Part,
    /// What is to be done, in this order.
    pub steps: Vec<Step>,
    /// What is said once all of it is done.
    pub after: Part,
}

/// Something that is said, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Part {
    /// The words.
    pub text: String,
    /// The page of the documented API, or the section of an RFC, that each fact of it comes from.
    pub sources: Vec<String>,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// What, in words.
    #[serde(rename = "do")]
    pub text: String,
    /// What shows that it is done.
    pub until: Deed,
    /// What helps, more with each.
    pub hints: Vec<String>,
    /// Whether only the sandbox can do it: elsewhere it is left out.
    #[serde(default)]
    pub sandbox: bool,
}

impl Lesson {
    /// What a file says, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

impl Screen {
    /// The steps there are on the sandbox, or elsewhere.
    pub fn steps(&self, on_sandbox: bool) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| on_sandbox || !step.sandbox)
    }
}
