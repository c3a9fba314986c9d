//! How an authorization was written: its scheme, what is wrong with its form, and what the token in it claims. The text
//! itself is not kept.

use crate::domain::jwt::Jwt;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// The header field, in lower case.
    pub header: String,
    /// What stands before the first blank, where that is no part of a token.
    pub scheme: Option<String>,
    /// What is wrong with its form.
    pub flaw: Option<Flaw>,
    /// What the token claims, when it is a JWT.
    pub jwt: Option<Jwt>,
}

/// What can be wrong with the form of an authorization (RFC 6750 §2.1: `Bearer`, one blank, a `b64token`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A token with nothing before it.
    NoScheme,
    /// The scheme stands twice.
    SchemeTwice,
    /// A scheme with nothing behind it.
    Empty,
    /// Quotes around the token.
    Quotes,
    /// White space in the token, or more than one blank before it.
    Blanks,
    /// A placeholder that nobody filled.
    Placeholder,
    /// Dots or asterisks, as they stand for a token where it is hidden.
    Masked,
    /// A character that no token has.
    NoToken,
}

impl Flaw {
    /// Its name, as a cause.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoScheme => "no-scheme",
            Self::SchemeTwice => "scheme-twice",
            Self::Empty => "empty-header",
            Self::Quotes => "quotes",
            Self::Blanks => "white-space",
            Self::Placeholder => "placeholder",
            Self::Masked => "masked-token",
            Self::NoToken => "odd-character",
        }
    }

    /// What is wrong, after "the header holds".
    pub fn words(&self) -> &'static str {
        match self {
            Self::NoScheme => "a token with no `Bearer` before it",
            Self::SchemeTwice => "`Bearer` twice",
            Self::Empty => "a scheme and no token",
            Self::Quotes => "quotes around the token",
            Self::Blanks => "white space within the token or too much before it",
            Self::Placeholder => "a placeholder that was never filled",
            Self::Masked => "the dots or asterisks that stand for a hidden token",
            Self::NoToken => "a character that no token has (RFC 6750, section 2.1)",
        }
    }
}

impl Carried {
    /// Reads a value as it goes out. `prefix` is what the profile puts before a token.
    pub fn read(header: &str, value: &str, prefix: &str) -> Self {
        let (scheme, token) = match value.split_once(' ') {
            Some((scheme, token)) if is_scheme(scheme) => (Some(scheme), token),
            _ if is_scheme(value) && value.eq_ignore_ascii_case("bearer") => (Some(value), ""),
            _ => (None, value),
        };
        // Basic and its like carry something else than a token: its form is not judged.
        let judged = scheme.is_none_or(|scheme| {
            scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case(prefix) || scheme == "DPoP"
        });
        Self {
            header: header.to_ascii_lowercase(),
            scheme: scheme.map(str::to_owned),
            flaw: judged.then(|| flaw(scheme, token, prefix)).flatten(),
            jwt: Jwt::decoded(token.trim().trim_matches(['"', '\''])),
        }
    }
}

fn is_scheme(word: &str) -> bool {
    !word.is_empty() && word.len() <= 24 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn flaw(scheme: Option<&str>, token: &str, prefix: &str) -> Option<Flaw> {
    let bare = token.trim();
    let inner = bare.trim_matches(['"', '\'', '`']);
    let first = bare.split_whitespace().next().unwrap_or_default();
    Some(if bare.is_empty() {
        Flaw::Empty
    } else if is_placeholder(inner) {
        Flaw::Placeholder
    } else if inner.chars().all(|letter| matches!(letter, '•' | '*' | '…' | '.' | 'x' | 'X')) {
        Flaw::Masked
    } else if first != bare && (first.eq_ignore_ascii_case("bearer") || first.eq_ignore_ascii_case(prefix)) {
        Flaw::SchemeTwice
    } else if inner.len() != bare.len() {
        Flaw::Quotes
    } else if token != bare || bare.contains(char::is_whitespace) {
        Flaw::Blanks
    } else if scheme.is_none() && !prefix.is_empty() {
        Flaw::NoScheme
    } else if !bare.trim_end_matches('=').bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
    {
        Flaw::NoToken
    } else {
        return None;
    })
}

fn is_placeholder(text: &str) -> bool {
    let wrapped = [("{{", "}}"), ("${", "}"), ("<", ">"), ("{", "}"), ("%", "%"), ("[", "]")];
    let named = ["undefined", "null", "none", "nil", "token", "your_token", "your-token", "access_token"];
    wrapped.iter().any(|(open, close)| text.len() > 2 && text.starts_with(open) && text.ends_with(close))
        || text.strip_prefix('$').is_some_and(|name| name.starts_with(|letter: char| letter.is_ascii_alphabetic()))
        || named.iter().any(|name| text.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flaw_is_told_from_the_others_and_a_good_header_has_none() {
        for (value, flaw) in [
            ("Bearer abc.def-_~+/==", None),
            ("bearer abc", None),
            ("Basic dTpw=", None),
            ("Digest username=\"x\"", None),
            ("abc.def", Some(Flaw::NoScheme)),
            ("Bearer Bearer abc", Some(Flaw::SchemeTwice)),
            ("Bearer", Some(Flaw::Empty)),
            ("Bearer \"abc\"", Some(Flaw::Quotes)),
            ("Bearer 'abc'", Some(Flaw::Quotes)),
            ("Bearer  abc", Some(Flaw::Blanks)),
            ("Bearer abc def", Some(Flaw::Blanks)),
            ("Bearer {{token}}", Some(Flaw::Placeholder)),
            ("Bearer $TOKEN", Some(Flaw::Placeholder)),
            ("Bearer <token>", Some(Flaw::Placeholder)),
            ("Bearer undefined", Some(Flaw::Placeholder)),
            ("Bearer ********", Some(Flaw::Masked)),
            ("Bearer •••••••• tok", Some(Flaw::Blanks)),
            ("Bearer a,b", Some(Flaw::NoToken)),
        ] {
            assert_eq!(Carried::read("Authorization", value, "Bearer").flaw, flaw, "{value}");
        }
        assert_eq!(Carried::read("X-Token", "abc", "").flaw, None, "where no prefix is wanted");
    }
}
