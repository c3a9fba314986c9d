//! Secrets recognised by their hashes: a token that is over, and wiped, is still known where it comes back.
//!
//! A text is looked through with one rolling hash a length (Rabin and Karp); what it finds is confirmed by a keyed one.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    hash::{BuildHasher as _, RandomState},
    ops::Range,
};

/// How many are remembered of those that are over: each secret has up to 15 forms, and a run shows answers of 500 calls.
const MOST: usize = 1 << 14;

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Marks {
    key: RandomState,
    /// By length, then by rolling hash.
    of_length: BTreeMap<usize, HashMap<u64, Mark>>,
    /// Those that may be forgotten, the oldest first.
    order: VecDeque<(usize, u64)>,
    /// Whether one of them has a blank in it.
    blanks: bool,
}

#[derive(Debug)]
struct Mark {
    confirmed: u64,
    pseudonym: String,
}

/// Where a secret stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Its bytes.
    pub range: Range<usize>,
    /// What stands for it.
    pub pseudonym: String,
}

impl Marks {
    /// Marks a text; `for_good`, or until many others came.
    pub(super) fn add(&mut self, text: &str, pseudonym: &str, for_good: bool) {
        let (size, rolled) = (text.len(), rolled(text.as_bytes()));
        let confirmed = self.key.hash_one(text.as_bytes());
        let marks = self.of_length.entry(size).or_default();
        if marks.contains_key(&rolled) {
            return;
        }
        marks.insert(rolled, Mark { confirmed, pseudonym: pseudonym.to_owned() });
        self.blanks |= text.contains(char::is_whitespace);
        if !for_good {
            self.order.push_back((size, rolled));
        }
        if self.order.len() > MOST
            && let Some((size, rolled)) = self.order.pop_front()
            && let Some(marks) = self.of_length.get_mut(&size)
        {
            marks.remove(&rolled);
            if marks.is_empty() {
                self.of_length.remove(&size);
            }
        }
    }

    /// The length of the longest, 0 where there is none.
    pub(super) fn longest(&self) -> usize {
        self.of_length.last_key_value().map_or(0, |(size, _)| *size)
    }

    /// How many bytes at the end of a text may begin one of them, as far as can be told without knowing them.
    pub(super) fn tail(&self, bytes: &[u8]) -> usize {
        let most = self.longest().saturating_sub(1).min(bytes.len());
        let word = bytes.iter().rev().take_while(|byte| !byte.is_ascii_whitespace()).count();
        if self.blanks { most } else { word.min(most) }
    }

    /// Where they stand in a text, in order, none over another; at one place the longest.
    pub(super) fn found(&self, bytes: &[u8]) -> Vec<Hidden> {
        let mut all = Vec::new();
        for (size, marks) in self.of_length.iter().rev().filter(|(size, _)| **size <= bytes.len()) {
            let out = (1..*size).fold(1_u64, |power, _| power.wrapping_mul(BASE));
            let (first, rest) = bytes.split_at_checked(*size).unwrap_or_default();
            let mut sum = rolled(first);
            // The byte that leaves, and the one that comes; after the last window none does.
            let steps = bytes.iter().zip(rest.iter().map(Some).chain([None])).enumerate();
            for (start, (leaves, comes)) in steps {
                let range = start..start + size;
                let mark = marks.get(&sum).filter(|mark| {
                    bytes.get(range.clone()).is_some_and(|window| self.key.hash_one(window) == mark.confirmed)
                });
                all.extend(mark.map(|mark| Hidden { range, pseudonym: mark.pseudonym.clone() }));
                let Some(comes) = comes else { break };
                sum = sum.wrapping_sub(digit(*leaves).wrapping_mul(out)).wrapping_mul(BASE).wrapping_add(digit(*comes));
            }
        }
        // Stable: of those that begin at one place the longest comes first.
        all.sort_by_key(|hidden| hidden.range.start);
        let mut end = 0;
        all.retain(|hidden| {
            let free = hidden.range.start >= end;
            end = if free { hidden.range.end } else { end };
            free
        });
        all
    }
}

fn digit(byte: u8) -> u64 {
    u64::from(byte) + 1
}

fn rolled(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum: u64, byte| sum.wrapping_mul(BASE).wrapping_add(digit(*byte)))
}
