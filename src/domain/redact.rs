//! Masks in text: wherever a known secret would show, its pseudonym shows.

use std::sync::Arc;

use super::secret::Secret;

/// The secrets of a run and what stands for each. A secret shorter than 6 bytes is not looked for: masking it would
/// tear holes into honest text.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    known: Vec<(Arc<Secret>, String)>,
}

const SHORTEST: usize = 6;

impl Redactor {
    /// Learns a secret and its pseudonym.
    #[must_use]
    pub fn with(mut self, secret: Arc<Secret>, pseudonym: impl Into<String>) -> Self {
        if secret.size() >= SHORTEST {
            self.known.push((secret, pseudonym.into()));
            self.known.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.size()));
        }
        self
    }

    /// The text with every known secret replaced, plain, JSON-escaped or percent-encoded.
    pub fn masked(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for (secret, pseudonym) in &self.known {
            let plain = secret.expose();
            let json = serde_json::to_string(plain).unwrap_or_default();
            let percent = percent_encoding::utf8_percent_encode(plain, percent_encoding::NON_ALPHANUMERIC).to_string();
            for form in [plain, json.trim_matches('"'), percent.as_str()] {
                if masked.contains(form) {
                    masked = masked.replace(form, &format!("•••••••• {pseudonym}"));
                }
            }
        }
        masked
    }
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
}
