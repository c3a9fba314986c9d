//! Where the answer of a token endpoint says what, and how a token is written into a call. The defaults are those of the
//! standards: RFC 6749 §5.1 for the answer, RFC 6750 §2.1 for the header.

use http::{HeaderName, header};
use serde_json::{Map, Value};

/// Where a token answer says what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenAnswer {
    /// The token itself.
    pub token: Member,
    /// Its type; it need not be there.
    pub kind: Member,
    /// How long it lives, or until when.
    pub expiry: Member,
    /// Which of the two, and how that is written.
    pub expiry_is: ExpiryIs,
}

impl Default for TokenAnswer {
    fn default() -> Self {
        Self {
            token: Member::named("access_token"),
            kind: Member::named("token_type"),
            expiry: Member::named("expires_in"),
            expiry_is: ExpiryIs::Seconds,
        }
    }
}

/// How an expiry is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ExpiryIs {
    /// Seconds from now (RFC 6749 §5.1).
    #[default]
    Seconds,
    /// Seconds since 1970, or milliseconds where the number can be nothing else.
    Epoch,
    /// A date and time with its offset (RFC 3339).
    Rfc3339,
    /// Not at all: the token is a JWT whose `exp` counts (RFC 7519 §4.1.4).
    Jwt,
}

impl ExpiryIs {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Seconds, Self::Epoch, Self::Rfc3339, Self::Jwt];

    /// As written in the config file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Epoch => "epoch",
            Self::Rfc3339 => "rfc3339",
            Self::Jwt => "jwt",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// A member of a JSON object, by the names that lead to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member(Vec<String>);

impl Member {
    /// A member of that name, or, where it begins with `/`, the one that a JSON pointer (RFC 6901) leads to.
    pub fn named(written: &str) -> Self {
        match written.strip_prefix('/') {
            Some(pointer) => Self(pointer.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect()),
            None => Self(vec![written.to_owned()]),
        }
    }

    /// The names that lead to it.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Its value.
    pub fn of<'v>(&self, object: &'v Map<String, Value>) -> Option<&'v Value> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().try_fold(object.get(first)?, |value, name| match value {
            Value::Object(object) => object.get(name),
            Value::Array(array) => array.get(name.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Its value, to be taken out.
    pub fn of_mut<'v>(&self, object: &'v mut Map<String, Value>) -> Option<&'v mut Value> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().try_fold(object.get_mut(first)?, |value, name| match value {
            Value::Object(object) => object.get_mut(name),
            Value::Array(array) => array.get_mut(name.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

impl std::fmt::Display for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_slice() {
            [name] if !name.starts_with('/') => f.write_str(name),
            names => names.iter().try_for_each(|name| write!(f, "/{}", name.replace('~', "~0").replace('/', "~1"))),
        }
    }
}

/// The header field that carries a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHeader {
    /// Its name.
    pub name: HeaderName,
    /// What stands before the token, with a blank between; nothing when empty.
    pub prefix: String,
}

impl Default for TokenHeader {
    fn default() -> Self {
        Self { name: header::AUTHORIZATION, prefix: "Bearer".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_is_found_by_name_or_by_pointer_and_written_as_it_was() {
        let mut value = json!({ "a": 1, "b": { "c/d": [{ "~": 2 }] }, "/": 3 });
        let object = value.as_object_mut().unwrap();
        for (written, found) in
            [("a", Some(1)), ("/b/c~1d/0/~0", Some(2)), ("/~1", Some(3)), ("b/c", None), ("/b/x", None), ("/a/b", None)]
        {
            let member = Member::named(written);
            assert_eq!(member.of(object).and_then(Value::as_i64), found, "{written}");
            assert_eq!(member.of_mut(object).and_then(|value| value.as_i64()), found, "{written}");
            assert_eq!(member.to_string(), written);
        }
    }
}
