//! A token that is no longer what the server signed.

use crate::domain::secret::Secret;

/// The same but for one letter: one of a JWT's signature, or of the middle of an opaque token. The last letters are left
/// alone, since in base64 some of their bits say nothing.
pub(super) fn altered(token: &Secret) -> Secret {
    let text = token.expose();
    let from = text.rfind('.').map_or(0, |dot| dot + 1);
    let at = from + (text.len() - from) / 2;
    let other = if text.as_bytes().get(at) == Some(&b'A') { "B" } else { "A" };
    let end = at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Secret::new([text.get(..at).unwrap_or_default(), other, text.get(end..).unwrap_or_default()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_of_a_signature_is_another_one() {
        for (token, wanted) in
            [("h.c.signature", "h.c.signAture"), ("h.c.AAAA", "h.c.AABA"), ("opaque", "opaAue"), ("", "A")]
        {
            assert!(altered(&Secret::new(token)).same_as(&Secret::new(wanted)), "{token}");
        }
    }
}
