//! One line in place of the hints: what just happened, or what is wrong and what to do.

use std::time::Duration;

use crate::domain::clock::Boot;

/// How long good news stands.
const GOOD_NEWS: Duration = Duration::from_secs(4);

/// What kind of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something worked; gone after four seconds.
    Good,
    /// Something wants attention; stands until the next key.
    Attention,
    /// Something failed; stands until the next key.
    Bad,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Of which kind.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
    /// When it goes by itself.
    pub until: Option<Boot>,
}

impl Notice {
    /// Good news, said at `now`.
    pub fn good(text: impl Into<String>, now: Boot) -> Self {
        Self { tone: Tone::Good, text: text.into(), until: Some(now + GOOD_NEWS) }
    }

    /// Something that wants attention.
    pub fn attention(text: impl Into<String>) -> Self {
        Self { tone: Tone::Attention, text: text.into(), until: None }
    }

    /// Something that failed.
    pub fn bad(text: impl Into<String>) -> Self {
        Self { tone: Tone::Bad, text: text.into(), until: None }
    }
}

/// The words of an error as a sentence and, where there is one, what to do as another.
pub fn sentences(text: &str, hint: Option<&str>) -> String {
    let text = sentence(text);
    hint.map_or_else(|| text.clone(), |hint| format!("{text} {}", sentence(hint)))
}

/// The words of an error as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).chain(std::iter::once('.')).collect()
}
