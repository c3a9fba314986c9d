//! What a 401 asks for: the challenges of `WWW-Authenticate` (RFC 9110 §11.6.1, RFC 6750 §3).
//!
//! Servers write this header badly, so the parser never fails: what it cannot read it skips. It reads each byte once.

/// One challenge: a scheme and its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Challenge {
    /// The scheme as sent, `Bearer` in any case.
    pub scheme: String,
    /// Names in lower case, values without their quotes, in the order sent.
    pub params: Vec<(String, String)>,
}

impl Challenge {
    /// Whether it is of this scheme (schemes have no case).
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The value of a parameter, the first one where it is sent twice.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The `error` of a Bearer challenge (RFC 6750 §3.1).
    pub fn error(&self) -> Option<&str> {
        self.param("error")
    }
}

/// The challenges of all `WWW-Authenticate` fields of one answer, in order.
pub fn challenges<'a>(fields: impl IntoIterator<Item = &'a str>) -> Vec<Challenge> {
    let mut found = Vec::new();
    for field in fields {
        Reader { rest: field }.read_into(&mut found);
    }
    found
}

/// Whether a 401 with these challenges may be healed by another token of the same kind.
///
/// No challenge at all counts as yes: the documented API promises none. Bearer with no `error`, or with `invalid_token`,
/// counts as yes; any other error of a Bearer challenge, or a list without Bearer in it, is a no.
pub fn asks_for_another_token(challenges: &[Challenge]) -> bool {
    let mut bearer = challenges.iter().filter(|challenge| challenge.is("Bearer")).peekable();
    if bearer.peek().is_none() {
        return challenges.is_empty();
    }
    bearer.all(|challenge| matches!(challenge.error(), None | Some("invalid_token")))
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn read_into(&mut self, found: &mut Vec<Challenge>) {
        let mut open: Option<Challenge> = None;
        loop {
            self.rest = self.rest.trim_start_matches([',', ' ', '\t']);
            if self.rest.is_empty() {
                break;
            }
            let word = self.take_while(is_token);
            if word.is_empty() {
                self.skip_item();
                continue;
            }
            let after = self.rest.trim_start_matches([' ', '\t']);
            match (after.strip_prefix('='), &mut open) {
                (Some(value), Some(challenge)) if !value.starts_with('=') => {
                    self.rest = value.trim_start_matches([' ', '\t']);
                    let value = self.value();
                    challenge.params.push((word.to_ascii_lowercase(), value));
                }
                (Some(_), _) => self.skip_item(),
                (None, _) => {
                    found.extend(open.take());
                    let ends = self.rest.is_empty() || self.rest.starts_with([' ', '\t', ',']);
                    if ends {
                        open = Some(Challenge { scheme: word.to_owned(), params: Vec::new() });
                        self.skip_token68();
                    } else {
                        self.skip_item();
                    }
                }
            }
        }
        found.extend(open);
    }

    /// Steps over a `token68` (`Negotiate oYG…==`), which no scheme read here needs.
    fn skip_token68(&mut self) {
        let text = self.rest.trim_start_matches([' ', '\t']);
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        let word = text.get(..end).unwrap_or_default();
        let is_token68 = word.trim_end_matches('=').bytes().all(|byte| is_token(byte) || byte == b'/');
        let padded = word.ends_with('=') && !word.trim_end_matches('=').is_empty();
        let alone = text.get(end..).unwrap_or_default().trim_start_matches([' ', '\t']);
        if is_token68 && (padded || word.contains('/')) && (alone.is_empty() || alone.starts_with(',')) {
            self.rest = text.get(end..).unwrap_or_default();
        }
    }

    fn value(&mut self) -> String {
        if let Some(text) = self.rest.strip_prefix('"') {
            let mut value = String::new();
            let mut escaped = false;
            for (at, letter) in text.char_indices() {
                match letter {
                    _ if escaped => {
                        value.push(letter);
                        escaped = false;
                    }
                    '\\' => escaped = true,
                    '"' => {
                        self.rest = text.get(at + 1..).unwrap_or_default();
                        return value;
                    }
                    _ => value.push(letter),
                }
            }
            self.rest = "";
            return value;
        }
        self.take_while(|byte| byte != b',' && byte != b' ' && byte != b'\t').to_owned()
    }

    fn take_while(&mut self, keep: impl Fn(u8) -> bool) -> &'a str {
        let end = self.rest.bytes().position(|byte| !keep(byte)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }

    fn skip_item(&mut self) {
        let end = self.rest.find(',').unwrap_or(self.rest.len());
        self.rest = self.rest.get(end..).unwrap_or_default();
    }
}

/// A byte of an RFC 9110 §5.6.2 token.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemes(field: &str) -> Vec<String> {
        challenges([field]).into_iter().map(|challenge| challenge.scheme).collect()
    }

    #[test]
    fn several_challenges_in_one_field_are_told_apart() {
        let found =
            challenges([r#"Basic realm="a, b", bEaReR error="invalid_token", error_description="it \"died\"""#]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].param("realm"), Some("a, b"));
        assert_eq!(found[1].error(), Some("invalid_token"));
        assert_eq!(found[1].param("error_description"), Some(r#"it "died""#));
    }

    #[test]
    fn a_token68_is_stepped_over() {
        assert_eq!(schemes("Negotiate oYG0MIGxoAMKAQGi==, Bearer"), ["Negotiate", "Bearer"]);
    }

    #[test]
    fn junk_gives_no_challenge_and_takes_linear_time() {
        for junk in ["", ",,,,", "====", "=\"", "\u{1b}[31m", "a=b=c", "\"\"\"", "é"] {
            assert!(challenges([junk]).iter().all(|challenge| challenge.error().is_none()), "{junk:?}");
        }
        let long = format!("Bearer realm=\"{}\"", "x".repeat(60_000));
        assert_eq!(challenges([long.as_str()])[0].param("realm").map(str::len), Some(60_000));
    }

    #[test]
    fn only_an_invalid_token_or_silence_asks_for_another_token() {
        let asks = |fields: &[&str]| asks_for_another_token(&challenges(fields.iter().copied()));
        for yes in [
            &[][..],
            &["Bearer"],
            &["Bearer error=\"invalid_token\""],
            &["DPoP algs=\"ES256\", Bearer error=invalid_token"],
        ] {
            assert!(asks(yes), "{yes:?}");
        }
        for no in [
            &["Basic realm=\"x\""][..],
            &["Bearer error=\"insufficient_scope\""],
            &["Bearer error=\"invalid_request\""],
            &["Bearer error=\"insufficient_claims\", claims=\"e30=\""],
            &["DPoP algs=\"ES256\""],
            &["Negotiate"],
        ] {
            assert!(!asks(no), "{no:?}");
        }
    }
}
