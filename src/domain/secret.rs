//! A value that must not be seen: a client secret or a token.
//!
//! It has no `Display`, `Deref`, `AsRef` or `Serialize`; `Debug` is a fixed text; the bytes are wiped on drop. The value
//! leaves through [`Secret::expose`] alone, and a test names the few files that may call it.

use std::fmt;

use aws_lc_rs::hmac;
use zeroize::Zeroizing;

/// A secret text. Share it behind an `Arc`; it cannot be cloned, so each copy is a decision.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes over a text; the caller keeps no copy.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Only where it goes to the wire, or to the person who asked for it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its length in bytes.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no byte. An empty client secret is a legal one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has no line break: a client secret is printable ASCII (RFC 6749 appendix A.2), and nobody's is longer.
    pub fn is_one_line(&self) -> bool {
        !self.0.contains(['\n', '\r'])
    }

    /// Whether both hold the same text, in a time that does not depend on where they differ.
    pub fn same_as(&self, other: &Self) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(self.0.as_bytes(), other.0.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// A secret that is being typed: nothing of it can be seen, and its bytes are wiped on drop.
pub struct SecretInput(Zeroizing<String>);

impl SecretInput {
    /// Bytes it can have. Room for all of them is there from the start: bytes that moved would stay behind in memory.
    const MOST: usize = 64 << 10;

    /// Adds a character, unless it is full.
    pub fn push(&mut self, typed: char) {
        if self.0.len() + typed.len_utf8() <= Self::MOST {
            self.0.push(typed);
        }
    }

    /// Takes the last character away.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// Takes all of it away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was typed.
    pub fn secret(mut self) -> Secret {
        Secret(std::mem::take(&mut self.0))
    }
}

impl Default for SecretInput {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(Self::MOST)))
    }
}

impl fmt::Debug for SecretInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretInput(hidden)")
    }
}

/// The key under which fingerprints are made: drawn at start, kept in memory, never written.
pub struct FingerprintKey(hmac::Key);

impl FingerprintKey {
    /// A key from 32 random bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The keyed fingerprint (HMAC-SHA-256, RFC 2104) of a secret: equal for equal secrets within one run, and of no
    /// use to anyone who does not hold the key.
    pub fn fingerprint(&self, secret: &Secret) -> Fingerprint {
        let tag = hmac::sign(&self.0, secret.expose().as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(tag.as_ref());
        Fingerprint(bytes)
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(hidden)")
    }
}

/// What stands for a secret where the secret must not: 256 bits, of which the screen shows the first 32.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// All of it, in hexadecimal.
    pub fn whole(&self) -> String {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third, fourth, ..] = self.0;
        write!(f, "{first:02x}{second:02x} {third:02x}{fourth:02x}")
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_a_secret() {
        let secret = Secret::new("hunter2hunter2");
        assert_eq!(format!("{secret:?}"), "Secret(hidden)");
    }

    #[test]
    fn fingerprints_agree_for_equal_secrets_under_one_key_only() {
        let (one, other) = (FingerprintKey::new(&[1; 32]), FingerprintKey::new(&[2; 32]));
        let (a, b) = (Secret::new("a"), Secret::new("b"));
        assert_eq!(one.fingerprint(&a), one.fingerprint(&Secret::new("a")));
        assert_ne!(one.fingerprint(&a), one.fingerprint(&b));
        assert_ne!(one.fingerprint(&a), other.fingerprint(&a));
    }
}
