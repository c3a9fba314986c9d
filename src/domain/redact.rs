//! Masks in text: wherever a known secret would show, its pseudonym shows.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::secret::Secret;

mod marks;

pub use marks::Hidden;
use marks::Marks;

/// The secrets of a run and what stands for each; clones share them, so that one that is learnt late is masked
/// everywhere. A secret shorter than 6 bytes is not looked for: masking it would tear holes into honest text.
#[derive(Clone, Debug, Default)]
pub struct Redactor(Arc<RwLock<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Those that are kept, and are looked for in parts too.
    kept: Vec<Arc<Secret>>,
    /// All of them, by hash.
    marks: Marks,
}

/// All but the unreserved characters of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const SHORTEST: usize = 6;
/// Characters of a secret that are a part of it; fewer stand in honest text too.
const PART: usize = 12;

impl Redactor {
    /// The same, having learnt a secret.
    #[must_use]
    pub fn with(self, secret: Arc<Secret>, pseudonym: &str) -> Self {
        self.learn(secret, pseudonym);
        self
    }

    /// Learns a secret that lives as long as the run, and its pseudonym; one that is known keeps the pseudonym it has.
    pub fn learn(&self, secret: Arc<Secret>, pseudonym: &str) {
        if self.known().kept.iter().any(|other| other.same_as(&secret)) {
            return;
        }
        let mut known = self.learning();
        if known.mark(&secret, pseudonym, true) {
            known.kept.push(secret);
        }
    }

    /// Learns to recognise a secret without keeping it: a token, which is wiped when it is over.
    pub fn recognise(&self, secret: &Secret, pseudonym: &str) {
        self.learning().mark(secret, pseudonym, false);
    }

    /// Where known secrets stand in a text: plain, JSON-escaped, percent-encoded or in base64.
    pub fn found(&self, bytes: &[u8]) -> Vec<Hidden> {
        self.known().marks.found(bytes)
    }

    /// The most bytes that a known secret has in any form; 0 where none is known.
    pub fn longest(&self) -> usize {
        self.known().marks.longest()
    }

    /// How many bytes at the end of a text may be the beginning of a secret whose rest is still to come.
    pub fn tail(&self, bytes: &[u8]) -> usize {
        self.known().marks.tail(bytes)
    }

    /// The text with every known secret replaced.
    pub fn masked(&self, text: &str) -> String {
        let (mut masked, mut at) = (String::new(), 0);
        for Hidden { range, pseudonym } in self.found(text.as_bytes()) {
            masked.push_str(text.get(at..range.start).unwrap_or_default());
            masked.push_str(&dots(&pseudonym));
            at = range.end;
        }
        masked.push_str(text.get(at..).unwrap_or_default());
        masked
    }

    /// Whether a known secret stands in a text, whole.
    pub fn hides(&self, text: &str) -> bool {
        !self.found(text.as_bytes()).is_empty()
    }

    /// The same, and parts of a secret are replaced too: for what is written to a disk while it is being typed.
    pub fn parts_masked(&self, text: &str) -> String {
        let mut masked = self.masked(text);
        for form in self.known().kept.iter().flat_map(|secret| forms(secret)) {
            let ends = form.char_indices().map(|(at, _)| at).skip(PART).chain([form.len()]);
            for part in form.char_indices().zip(ends).filter_map(|((start, _), end)| form.get(start..end)) {
                if masked.contains(part) {
                    masked = masked.replace(part, "••••••••");
                }
            }
        }
        masked
    }

    /// Whether a known secret, or a part of one, stands in a text.
    pub fn finds(&self, text: &str) -> bool {
        self.parts_masked(text) != text
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn learning(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Marks every form of a secret, unless it is too short.
    fn mark(&mut self, secret: &Secret, pseudonym: &str, for_good: bool) -> bool {
        let long_enough = secret.size() >= SHORTEST;
        for form in forms(secret).iter().filter(|_| long_enough) {
            self.marks.add(form, pseudonym, for_good);
        }
        long_enough
    }
}

/// What is drawn in place of a secret.
pub fn dots(pseudonym: &str) -> String {
    format!("•••••••• {pseudonym}")
}

/// A secret as it may stand in text: plain, JSON-escaped in four ways, percent-encoded in four, in base64 behind any
/// number of bytes, as `Basic` has it (of that the part that is the same whatever stands beside it).
fn forms(secret: &Secret) -> Vec<Zeroizing<String>> {
    let plain = secret.expose();
    let json = escaped(plain);
    let slashes = Zeroizing::new(json.replace('/', "\\/"));
    // Twice: JSON in JSON, as `--json` has a body.
    let mut forms = vec![
        plain.to_owned(),
        json.to_string(),
        slashes.to_string(),
        escaped(&json).to_string(),
        escaped(&slashes).to_string(),
    ];
    for set in [NON_ALPHANUMERIC, RESERVED] {
        let encoded = utf8_percent_encode(plain, set);
        forms.push(encoded.to_string());
        // Escapes are ASCII, and what is none of them is passed on as it is.
        forms.push(
            encoded.map(|part| if part.starts_with('%') { part.to_lowercase() } else { part.to_owned() }).collect(),
        );
    }
    for ahead in 0..3 {
        let bytes = Zeroizing::new([vec![0; ahead].as_slice(), plain.as_bytes()].concat());
        for base64 in [&BASE64_STANDARD, &BASE64_URL_SAFE] {
            let encoded = Zeroizing::new(base64.encode(&bytes));
            forms.extend(encoded.get((ahead * 8).div_ceil(6)..bytes.len() * 8 / 6).map(str::to_owned));
        }
    }
    forms.into_iter().map(Zeroizing::new).collect()
}

/// A text as it stands between the quotes of JSON.
fn escaped(text: &str) -> Zeroizing<String> {
    let quoted = Zeroizing::new(serde_json::to_string(text).unwrap_or_default());
    let inner = quoted.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    Zeroizing::new(inner.unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_secret_is_masked() {
        let redactor = Redactor::default().with(Arc::new(Secret::new("p\"ss w/rd")), "sec#1");
        let text = "a p\"ss w/rd b p\\\"ss w/rd c p%22ss%20w%2Frd d";
        assert_eq!(redactor.masked(text), "a •••••••• sec#1 b •••••••• sec#1 c •••••••• sec#1 d");
    }

    #[test]
    fn a_secret_that_is_learnt_late_is_masked_by_every_clone() {
        let redactor = Redactor::default();
        let clone = redactor.clone();
        redactor.learn(Arc::new(Secret::new("hunter2")), "sec#1");
        assert_eq!(clone.masked("a hunter2 b"), "a •••••••• sec#1 b");
    }

    #[test]
    fn a_secret_that_is_not_kept_is_recognised_in_every_form() {
        let redactor = Redactor::default();
        redactor.recognise(&Secret::new("to/ken~0123"), "tok#1");
        let text = "to/ken~0123 to\\/ken~0123 to%2Fken~0123 to%2Fken%7E0123 to/ken~012";
        assert_eq!(redactor.masked(text), format!("{0} {0} {0} {0} to/ken~012", dots("tok#1")));
        let found = redactor.found(b"a to/ken~0123");
        assert_eq!(found, [Hidden { range: 2..13, pseudonym: "tok#1".to_owned() }]);
    }

    #[test]
    fn of_secrets_at_one_place_the_longest_is_masked() {
        let redactor = Redactor::default();
        redactor.recognise(&Secret::new("abcdef"), "tok#1");
        redactor.recognise(&Secret::new("abcdefgh"), "tok#2");
        assert_eq!(redactor.masked("abcdefgh abcdefg"), format!("{} {}g", dots("tok#2"), dots("tok#1")));
    }

    #[test]
    fn the_secrets_of_the_last_calls_are_recognised_and_those_for_good_always() {
        let redactor = Redactor::default().with(Arc::new(Secret::new("kept for good")), "sec#1");
        let token = |number: u32| format!("token-{number:05}");
        (0..5000).for_each(|number| redactor.recognise(&Secret::new(token(number)), "tok"));
        assert!(redactor.hides("kept for good") && redactor.hides(&token(4999)) && redactor.hides(&token(4000)));
        assert!(!redactor.hides(&token(0)));
    }

    #[test]
    fn what_may_begin_a_secret_is_told_from_what_cannot() {
        let redactor = Redactor::default();
        assert_eq!(redactor.tail(b"abc"), 0);
        redactor.recognise(&Secret::new("abcdef"), "tok#1");
        // In base64 it has 8 bytes.
        assert_eq!((redactor.tail(b"a bc"), redactor.tail(b"a "), redactor.tail(b"0123456789")), (2, 0, 7));
        redactor.recognise(&Secret::new("with blanks"), "tok#2");
        // In base64 it has 14 bytes.
        assert_eq!(redactor.tail(b"0123456789 0123456789"), 13);
    }

    #[test]
    fn a_part_of_a_secret_is_masked_where_the_rest_is_still_to_come() {
        let redactor = Redactor::default().with(Arc::new(Secret::new("hunter2-hunter3")), "sec#1");
        assert_eq!(redactor.parts_masked("a hunter2-hunte b hunter2 c"), "a ••••••••e b hunter2 c");
        assert!(redactor.finds("unter2-hunte") && !redactor.finds("hunter2"));
    }
}
