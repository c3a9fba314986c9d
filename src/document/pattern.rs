//! What is looked for: a text as it is typed, or a regular expression behind `re:`.
//!
//! Without an upper-case letter both ignore case. A text is found wherever it stands in the bytes of a body; a regular
//! expression in stretches of at most [`LONGEST`] bytes, so that no body is ever in memory whole.

use std::ops::Range;

use memchr::{memchr2, memmem};
use regex::bytes::{Regex, RegexBuilder};

/// What makes the rest a regular expression.
const REGEX: &str = "re:";
/// Bytes of the longest place that a regular expression surely finds.
pub(super) const LONGEST: usize = 64 << 10;
/// Bytes that a compiled expression may take.
const MOST: usize = 2 << 20;

/// See the module.
#[derive(Clone, Debug)]
pub struct Pattern(Needle);

#[derive(Clone, Debug)]
enum Needle {
    Exact(Box<memmem::Finder<'static>>),
    /// Each character in both cases.
    AnyCase(Vec<[Vec<u8>; 2]>),
    Regex(Box<Regex>),
}

impl Pattern {
    /// What was typed; or why it is no regular expression, in a line.
    pub fn new(typed: &str) -> Result<Self, String> {
        if let Some(written) = typed.strip_prefix(REGEX) {
            let any_case = !names_upper_case(written);
            let built = RegexBuilder::new(written).case_insensitive(any_case).multi_line(true).size_limit(MOST).build();
            return built.map(|regex| Self(Needle::Regex(Box::new(regex)))).map_err(|error| last_line(&error));
        }
        Ok(Self(if typed.chars().any(char::is_uppercase) || !typed.chars().any(char::is_lowercase) {
            Needle::Exact(Box::new(memmem::Finder::new(typed).into_owned()))
        } else {
            Needle::AnyCase(typed.chars().map(cases).collect())
        }))
    }

    /// Bytes that a place may have.
    pub(super) fn longest(&self) -> usize {
        match &self.0 {
            Needle::Exact(finder) => finder.needle().len(),
            Needle::AnyCase(letters) => letters.iter().map(|[one, other]| one.len().max(other.len())).sum(),
            Needle::Regex(_) => LONGEST,
        }
    }

    /// The places in a line, as ranges of its bytes.
    pub fn in_line(&self, line: &str) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        if self.longest() > 0 {
            self.find(line.as_bytes(), line.len(), usize::MAX, |place| places.push(place));
        }
        places.retain(|place| line.is_char_boundary(place.start) && line.is_char_boundary(place.end));
        places
    }

    /// Gives the places of `chunk` that begin before `own`.
    pub(super) fn find(&self, chunk: &[u8], own: usize, most: usize, each: impl FnMut(Range<usize>)) {
        match &self.0 {
            Needle::Exact(finder) => {
                // Overlapping places count once: the next is looked for behind the last.
                let length = finder.needle().len();
                let found = finder.find_iter(chunk).map(|at| at..at + length);
                found.take_while(|place| place.start < own).take(most).for_each(each);
            }
            Needle::AnyCase(letters) => any_case(letters, chunk, own).take(most).for_each(each),
            Needle::Regex(regex) => {
                // A place without a letter is none that can be gone to.
                let found = regex.find_iter(chunk).map(|found| found.range()).take_while(|place| place.start < own);
                found.filter(|place| !place.is_empty()).take(most).for_each(each);
            }
        }
    }
}

/// Whether a regular expression names a letter in upper case; `\S` and its like name none.
fn names_upper_case(written: &str) -> bool {
    let mut escaped = false;
    written.chars().any(|letter| {
        let counts = !escaped && letter.is_uppercase();
        escaped = letter == '\\' && !escaped;
        counts
    })
}

/// What is wrong: the library draws the expression with a mark below, and says it in the last line.
fn last_line(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        _ => error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    }
}

fn any_case(letters: &[[Vec<u8>; 2]], chunk: &[u8], own: usize) -> impl Iterator<Item = Range<usize>> {
    let first = letters.first().map(|cases| cases.each_ref().map(|case| case.first().copied().unwrap_or_default()));
    let [lower, upper] = first.unwrap_or_default();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + memchr2(lower, upper, chunk.get(from..own)?)?;
            from = at + 1;
            if let Some(rest) = letters.iter().try_fold(chunk.get(at..)?, |rest, cases| after(rest, cases)) {
                from = chunk.len() - rest.len();
                return Some(at..from);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn places(typed: &str, line: &str) -> Vec<String> {
        let pattern = Pattern::new(typed).unwrap();
        pattern.in_line(line).into_iter().map(|place| line[place].to_owned()).collect()
    }

    #[test]
    fn case_counts_once_a_letter_of_it_is_typed() {
        assert_eq!(places("ab", "ab AB Ab"), ["ab", "AB", "Ab"]);
        assert_eq!(places("Ab", "ab AB Ab"), ["Ab"]);
        assert_eq!(places("re:a\\S", "ab AB Ab"), ["ab", "AB", "Ab"]);
        assert_eq!(places("re:A.", "ab AB Ab"), ["AB", "Ab"]);
        assert_eq!(places("ü", "ü Ü"), ["ü", "Ü"]);
    }

    #[test]
    fn a_regular_expression_stands_behind_its_prefix_and_a_bad_one_says_why() {
        assert_eq!(places("re:\\d{3}", "12 345 6789"), ["345", "678"]);
        assert_eq!(places("\\d{3}", "12 345 \\d{3}"), ["\\d{3}"]);
        assert_eq!(places("re:x*", "axxb"), ["xx"]);
        assert_eq!(Pattern::new("re:(a").unwrap_err(), "unclosed group");
        assert_eq!(Pattern::new("re:(\\w{1000}){1000}").unwrap_err(), "it is too large");
    }
}
