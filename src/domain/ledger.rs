//! The account of tokens: what each generation was, why it was fetched, what went out with it and how it ended. The text
//! of a token is no part of it, so it may be kept.

use serde::{Deserialize, Serialize};

/// One generation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LedgerEntry {
    /// When it was issued: milliseconds since 1970.
    pub issued: i64,
    /// The number of its pseudonym, counted over its run.
    pub serial: u64,
    /// Which generation of its key it was.
    pub generation: u64,
    /// Its fingerprint, which says nothing beyond its run.
    pub print: String,
    /// The profile it was fetched for.
    pub profile: String,
    /// Seconds it was to live, where that was told.
    pub life: Option<u64>,
    /// Why it was fetched.
    pub why: String,
    /// How many requests went out with it.
    pub used: u64,
    /// The newest of them.
    pub uses: Vec<Use>,
    /// How it ended, and when.
    pub end: Option<(String, i64)>,
    /// Whether it is of an earlier run.
    #[serde(skip)]
    pub earlier: bool,
}

/// A request that went out with a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Use {
    /// When: milliseconds since 1970.
    pub at: i64,
    /// Its method and path.
    pub call: String,
    /// The status of its answer.
    pub status: Option<u16>,
    /// The exchange that it belongs to, within its run.
    #[serde(skip)]
    pub exchange: u64,
}

impl LedgerEntry {
    /// When it is over by its own word.
    pub fn over(&self) -> Option<i64> {
        let life = i64::try_from(self.life?).unwrap_or(i64::MAX);
        Some(self.issued.saturating_add(life.saturating_mul(1000)))
    }

    /// Where it ends at that moment: at its end, when it is over, or not yet.
    pub fn until(&self, now: i64) -> i64 {
        let end = self.end.as_ref().map(|(_, at)| *at);
        let left = self.earlier.then(|| self.uses.last().map_or(self.issued, |last| last.at));
        end.or(left).or_else(|| self.over()).unwrap_or(now).min(now).max(self.issued)
    }

    /// How it stands at that moment, in a word: how it ended, `expired`, `left` by an earlier run, or `in use`.
    pub fn state(&self, now: i64) -> &str {
        match &self.end {
            Some((how, _)) => how,
            None if self.over().is_some_and(|over| over <= now) => "expired",
            None if self.earlier => "left",
            None => "in use",
        }
    }
}
