//! Literal search through a body of any size, piece by piece, on whatever thread calls it.

use memchr::{memchr2, memmem};

use crate::body::{Body, Completion};

use super::Document;

/// Places that are told at most; who needs more has a filter to write.
const MOST: usize = 100_000;

/// Looks for a text in the bytes of a body. A needle without an upper-case letter ignores case.
#[derive(Clone, Debug)]
pub struct Searcher {
    body: Body,
    needle: Needle,
    at: u64,
    found: usize,
}

#[derive(Clone, Debug)]
enum Needle {
    Exact(Box<memmem::Finder<'static>>),
    /// Each character in both cases.
    AnyCase(Vec<[Vec<u8>; 2]>),
}

impl Searcher {
    /// A search from the start of the body of a document.
    pub fn new(document: &Document, needle: &str) -> Self {
        let needle = if needle.chars().any(char::is_uppercase) || !needle.chars().any(char::is_lowercase) {
            Needle::Exact(Box::new(memmem::Finder::new(needle).into_owned()))
        } else {
            Needle::AnyCase(needle.chars().map(cases).collect())
        };
        Self { body: document.body().clone(), needle, at: 0, found: 0 }
    }

    /// Looks through up to so many bytes more and adds the offsets where the needle begins. Whether there is more to
    /// look through now; a body that grows may have more later.
    pub fn step(&mut self, bytes: usize, hits: &mut Vec<u64>) -> bool {
        let longest = self.needle.longest();
        if longest == 0 || self.found >= MOST {
            return false;
        }
        // Asked before the length: a body that has ended does not grow any more.
        let ended = self.body.completion() != Completion::Arriving;
        let len = self.body.len();
        let chunk = self.body.bytes(self.at, bytes.max(longest) + longest - 1).unwrap_or_default();
        let last = ended && self.at + chunk.len() as u64 >= len;
        // A needle that begins in the last bytes may go on behind them: they are looked at again.
        let own = if last { chunk.len() } else { chunk.len().saturating_sub(longest - 1) };
        let before = hits.len();
        self.needle.find(&chunk, own, MOST - self.found, |found| hits.push(self.at + found as u64));
        self.found += hits.len() - before;
        self.at += own as u64;
        !last && own > 0
    }
}

impl Needle {
    fn longest(&self) -> usize {
        match self {
            Self::Exact(finder) => finder.needle().len(),
            Self::AnyCase(letters) => letters.iter().map(|[one, other]| one.len().max(other.len())).sum(),
        }
    }

    /// Gives the places of `chunk` before `own` where the needle begins.
    fn find(&self, chunk: &[u8], own: usize, most: usize, each: impl FnMut(usize)) {
        match self {
            Self::Exact(finder) => {
                // Overlapping places count once: the next is looked for behind the last.
                finder.find_iter(chunk).take_while(|at| *at < own).take(most).for_each(each);
            }
            Self::AnyCase(letters) => any_case(letters, chunk, own).take(most).for_each(each),
        }
    }
}

fn any_case(letters: &[[Vec<u8>; 2]], chunk: &[u8], own: usize) -> impl Iterator<Item = usize> {
    let first = letters.first().map(|cases| cases.each_ref().map(|case| case.first().copied().unwrap_or_default()));
    let [lower, upper] = first.unwrap_or_default();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + memchr2(lower, upper, chunk.get(from..own)?)?;
            from = at + 1;
            if let Some(rest) = letters.iter().try_fold(chunk.get(at..)?, |rest, cases| after(rest, cases)) {
                from = chunk.len() - rest.len();
                return Some(at);
            }
        }
    })
}

/// What follows a letter, if the text begins with it.
fn after<'a>(text: &'a [u8], cases: &[Vec<u8>; 2]) -> Option<&'a [u8]> {
    cases.iter().find_map(|case| text.strip_prefix(case.as_slice()))
}

/// A letter in lower and upper case, where it has one of one character.
fn cases(letter: char) -> [Vec<u8>; 2] {
    let mut upper = letter.to_uppercase();
    let upper = match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => letter,
    };
    [letter, upper].map(|letter| letter.encode_utf8(&mut [0; 4]).as_bytes().to_vec())
}
