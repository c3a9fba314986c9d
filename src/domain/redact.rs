//! Masks in text: wherever a known secret would show, its pseudonym shows.

use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use super::secret::Secret;

/// The secrets of a run and what stands for each; clones share them, so that one that is learnt late is masked
/// everywhere. A secret shorter than 6 bytes is not looked for: masking it would tear holes into honest text.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    known: Arc<RwLock<Vec<Known>>>,
}

#[derive(Debug)]
struct Known {
    secret: Arc<Secret>,
    pseudonym: String,
}

const SHORTEST: usize = 6;
/// Characters of a secret that are a part of it; fewer stand in honest text too.
const PART: usize = 12;

impl Redactor {
    /// The same, having learnt a secret.
    #[must_use]
    pub fn with(self, secret: Arc<Secret>, pseudonym: impl Into<String>) -> Self {
        self.learn(secret, pseudonym);
        self
    }

    /// Learns a secret and its pseudonym; one that is known keeps the pseudonym it has.
    pub fn learn(&self, secret: Arc<Secret>, pseudonym: impl Into<String>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if secret.size() >= SHORTEST && known.iter().all(|other| !other.secret.same_as(&secret)) {
            known.push(Known { secret, pseudonym: pseudonym.into() });
            known.sort_by_key(|known| std::cmp::Reverse(known.secret.size()));
        }
    }

    /// The text with every known secret replaced, plain, JSON-escaped or percent-encoded.
    pub fn masked(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for Known { secret, pseudonym } in &*self.known.read().unwrap_or_else(PoisonError::into_inner) {
            for form in forms(secret) {
                if masked.contains(form.as_str()) {
                    masked = masked.replace(form.as_str(), &format!("•••••••• {pseudonym}"));
                }
            }
        }
        masked
    }

    /// The same, and parts of a secret are replaced too: for what is written to a disk while it is being typed.
    pub fn parts_masked(&self, text: &str) -> String {
        let mut masked = self.masked(text);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        for form in known.iter().flat_map(|known| forms(&known.secret)) {
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
}

/// A secret as it may stand in text: plain, JSON-escaped, percent-encoded.
fn forms(secret: &Secret) -> [Zeroizing<String>; 3] {
    let plain = secret.expose();
    let json = serde_json::to_string(plain).unwrap_or_default();
    let percent = percent_encoding::utf8_percent_encode(plain, percent_encoding::NON_ALPHANUMERIC).to_string();
    [plain.to_owned(), json.trim_matches('"').to_owned(), percent].map(Zeroizing::new)
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
    fn a_part_of_a_secret_is_masked_where_the_rest_is_still_to_come() {
        let redactor = Redactor::default().with(Arc::new(Secret::new("hunter2-hunter3")), "sec#1");
        assert_eq!(redactor.parts_masked("a hunter2-hunte b hunter2 c"), "a ••••••••e b hunter2 c");
        assert!(redactor.finds("unter2-hunte") && !redactor.finds("hunter2"));
    }
}
