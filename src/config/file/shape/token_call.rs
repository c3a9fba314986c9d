//! What a profile says of its token call: further fields and header fields, and where the answer says what.

use http::{HeaderName, HeaderValue, header};
use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Table;

use crate::domain::token_answer::Member;

/// Further fields of the token call, by name.
#[derive(Clone, Default)]
pub(in crate::config::file) struct Fields(pub(in crate::config::file) Vec<(String, String)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let own = ["client_id", "client_secret", "grant_type", "scope", "audience", "resource"];
        let field = |(name, value): (String, toml::Value)| match value {
            _ if own.contains(&name.as_str()) => {
                Err(format!("the field `{name}` follows from the credential: leave it out"))
            }
            toml::Value::String(value) => Ok((name, value)),
            _ => Err(format!("the field `{}` is text: write it in quotes", name.escape_debug())),
        };
        let table = Table::deserialize(deserializer)?;
        table.into_iter().map(field).collect::<Result<_, _>>().map(Self).map_err(D::Error::custom)
    }
}

/// Further header fields of the token call, by name.
#[derive(Default)]
pub(in crate::config::file) struct Headers(pub(in crate::config::file) Vec<(HeaderName, HeaderValue)>);

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let field = |(name, value): (String, toml::Value)| {
            let name = header_name(&name)?;
            let own = [header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT_ENCODING, header::USER_AGENT];
            if own.contains(&name) {
                return Err(format!("the header field `{name}` follows from the token call: leave it out"));
            }
            let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
            value
                .map(|value| (name.clone(), value))
                .ok_or_else(|| format!("the header field `{name}` is a line of text"))
        };
        let table = Table::deserialize(deserializer)?;
        table.into_iter().map(field).collect::<Result<_, _>>().map(Self).map_err(D::Error::custom)
    }
}

/// The name of a header field that a person may set.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(in crate::config::file) struct HeaderText(pub(in crate::config::file) HeaderName);

impl TryFrom<String> for HeaderText {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        header_name(&written).map(Self)
    }
}

fn header_name(written: &str) -> Result<HeaderName, String> {
    let framing = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::HOST];
    match HeaderName::from_bytes(written.as_bytes()) {
        Ok(name) if framing.contains(&name) => {
            Err(format!("the header field `{name}` follows from the message itself"))
        }
        Ok(name) => Ok(name),
        Err(_) => Err("a header field has a name of letters, digits and `-`: such as `X-Api-Token`".to_owned()),
    }
}

/// What stands before a token.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(in crate::config::file) struct Prefix(pub(in crate::config::file) String);

impl TryFrom<String> for Prefix {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let is_word = written.bytes().all(|byte| byte.is_ascii_graphic());
        if is_word { Ok(Self(written)) } else { Err("a prefix is a word such as `Bearer`, or empty".to_owned()) }
    }
}

/// The name of a member, or a pointer to one.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(in crate::config::file) struct MemberText(pub(in crate::config::file) Member);

impl TryFrom<String> for MemberText {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        if written.is_empty() {
            return Err("write the name of a member, or a pointer such as `/data/token`".to_owned());
        }
        Ok(Self(Member::named(&written)))
    }
}
