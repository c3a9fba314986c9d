//! A request being typed, and a request that can be sent. [`Prepared`] is made by validation alone.

use std::{fmt, sync::Arc};

use http::{HeaderName, HeaderValue, Method, header};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    secret::Secret,
    target,
    template::{self, Variables},
    token::TokenSerial,
};

mod address;
mod body;
mod kind;

pub use body::{Piece, RequestBody, body_file};
pub use kind::{Formatters, Kind};

/// A request as a person types it: every field is text and may be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// Its name in the list.
    pub name: String,
    /// `GET`, `POST`, … .
    pub method: String,
    /// The address, with `{{variables}}`.
    pub url: String,
    /// Query parameters that are added to the address.
    pub query: Vec<Pair>,
    /// Header fields.
    pub headers: Vec<Pair>,
    /// The body as text; empty is no body.
    pub body: String,
    /// Values of this request's own variables.
    pub variables: Vec<Pair>,
}

/// A name and a value that can be switched off without being lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether it counts.
    pub on: bool,
}

impl Pair {
    /// A pair that counts.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), on: true }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.name.is_empty() && self.value.is_empty()
    }
}

/// What a field of a draft is called, to mark the one that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The method.
    Method,
    /// The address.
    Url,
    /// The query parameter at that place.
    Query(usize),
    /// The header field at that place.
    Header(usize),
    /// The body.
    Body,
    /// The variable at that place.
    Variable(usize),
}

/// Why a draft cannot be sent: which field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct DraftError {
    /// The field to mark.
    pub field: Field,
    /// What is wrong, on what, and what to do.
    pub text: String,
}

/// Which token a request goes out with.
#[derive(Clone, Debug, Default)]
pub enum Authorization {
    /// The one its policy gives; a 401 renews it and replays the call.
    #[default]
    Managed,
    /// The person typed an `Authorization` header: nothing is fetched, attached or renewed.
    Typed,
    /// One chosen on purpose; never replayed.
    OnPurpose(Purpose),
}

/// A token chosen on purpose.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// None at all.
    NoToken,
    /// The one its policy gives, whose refusal is shown as it is: nothing is renewed or replayed.
    NoReplay,
    /// An older one that is still in memory.
    Generation(TokenSerial),
    /// One the person typed.
    Token(Arc<Secret>),
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken => f.write_str("no token"),
            Self::NoReplay => f.write_str("no replay"),
            Self::Generation(serial) => write!(f, "{serial}"),
            Self::Token(_) => f.write_str("a typed token"),
        }
    }
}

/// A request that can be sent.
#[derive(Clone, Debug)]
#[expect(clippy::manual_non_exhaustive, reason = "within the crate too, validation alone makes one")]
pub struct Prepared {
    /// Its name in the list, for the timeline.
    pub name: String,
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// Header fields in the order given; secret-bearing ones are marked sensitive.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: RequestBody,
    /// Which token it goes out with.
    pub authorization: Authorization,
    /// Whether redirects are followed.
    pub follow: bool,
    _validated: (),
}

impl Prepared {
    /// A request from parts that are right by their types. The method and the header fields that HTTP forbids a client
    /// to set by hand are refused.
    pub fn new(
        method: Method,
        url: Url,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: RequestBody,
    ) -> Result<Self, DraftError> {
        if super::origin::Origin::of(&url).is_none() {
            let text = format!("`{}` is not an http or https address", url.scheme());
            return Err(DraftError { field: Field::Url, text });
        }
        if method == Method::CONNECT {
            return Err(DraftError {
                field: Field::Method,
                text: "CONNECT asks a proxy for a tunnel; choose another method".to_owned(),
            });
        }
        let framing = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::HOST];
        if let Some(at) = headers.iter().position(|(name, _)| framing.contains(name)) {
            let text = "Host, Content-Length, Transfer-Encoding and Connection follow from the address and the body; remove the row".to_owned();
            return Err(DraftError { field: Field::Header(at), text });
        }
        let mut url = target::strict(url);
        url.set_fragment(None);
        let typed = headers.iter().any(|(name, _)| name == header::AUTHORIZATION);
        let headers = headers.into_iter().map(|(name, mut value)| {
            value.set_sensitive(value.is_sensitive() || is_secret_bearing(&name));
            (name, value)
        });
        Ok(Self {
            name: String::new(),
            method,
            url,
            headers: headers.collect(),
            body,
            authorization: if typed { Authorization::Typed } else { Authorization::Managed },
            follow: true,
            _validated: (),
        })
    }

    /// Whether a lost connection may be followed by a second send (RFC 9110 §9.2.2).
    pub fn is_idempotent(&self) -> bool {
        [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE, Method::PUT, Method::DELETE].contains(&self.method)
    }

    /// The same request under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

/// Whether the value of a header field is a secret by what the field is for.
pub fn is_secret_bearing(name: &HeaderName) -> bool {
    let name = name.as_str();
    let named = ["authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token", "api-key"];
    named.contains(&name) || name.ends_with("-token") || name.ends_with("-secret")
}

impl Draft {
    /// The request that can be sent, or every field that is in its way.
    pub fn prepared(&self, variables: &Variables) -> Result<Prepared, Vec<DraftError>> {
        let mut errors = Vec::new();
        let mut secrets: Vec<(Field, String)> = Vec::new();
        let mut resolved = |text: &str, field: Field| match template::filled(text, variables) {
            Ok(filled) => {
                secrets.extend(filled.secrets.into_iter().map(|name| (field, name)));
                Some(filled.text)
            }
            Err(error) => {
                errors.push(DraftError { field, text: error.to_string() });
                None
            }
        };
        let url = resolved(self.url.trim(), Field::Url);
        let body = resolved(&self.body, Field::Body);
        let mut rows = |rows: &[Pair], field: fn(usize) -> Field| -> Vec<(usize, String, String)> {
            let on = rows.iter().enumerate().filter(|(_, row)| row.on && !row.is_empty());
            on.filter_map(|(at, row)| Some((at, resolved(&row.name, field(at))?, resolved(&row.value, field(at))?)))
                .collect()
        };
        let (query, headers) = (rows(&self.query, Field::Query), rows(&self.headers, Field::Header));

        let url = url.and_then(|text| match Url::parse(&text) {
            _ if target::forbidden(&text).is_some() => {
                errors.extend(target::forbidden(&text).map(|text| DraftError { field: Field::Url, text }));
                None
            }
            Ok(mut url) => {
                if !query.is_empty() {
                    url.query_pairs_mut().extend_pairs(query.iter().map(|(_, name, value)| (name, value)));
                }
                Some(url)
            }
            Err(error) => {
                errors.push(DraftError { field: Field::Url, text: format!("`{text}` is not an address: {error}") });
                None
            }
        });
        let method = match Method::from_bytes(self.method.trim().as_bytes()) {
            Ok(method) => Some(method),
            Err(_) => {
                let text = format!("`{}` is not a method: letters only, as in GET or POST", self.method);
                errors.push(DraftError { field: Field::Method, text });
                None
            }
        };
        if let Some((origin, (field, name))) = url.as_ref().and_then(super::origin::Origin::of).zip(secrets.first())
            && !variables.may_send_secrets_to(&origin)
        {
            let text = format!(
                "`{{{{{name}}}}}` is a secret and goes to the origins of the profile alone, which {origin} is none of"
            );
            errors.push(DraftError { field: *field, text });
        }
        let mut fields = Vec::new();
        for (at, name, value) in headers {
            match header_field(&name, &value) {
                Ok((name, mut value)) => {
                    value.set_sensitive(secrets.iter().any(|(field, _)| *field == Field::Header(at)));
                    fields.push((name, value));
                }
                Err(text) => errors.push(DraftError { field: Field::Header(at), text }),
            }
        }
        let (Some(method), Some(url), Some(body), true) = (method, url, body, errors.is_empty()) else {
            return Err(errors);
        };
        let body = RequestBody::written(&self.body, body, &fields, variables);
        Prepared::new(method, url, fields, body).map(|request| request.named(&self.name)).map_err(|error| vec![error])
    }
}

/// A header field from two texts, or what is wrong with them.
pub fn header_field(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let field = HeaderName::from_bytes(name.trim().as_bytes())
        .map_err(|_| format!("`{}` is not a header name: letters, digits and dashes only", name.escape_debug()))?;
    let value = HeaderValue::from_bytes(value.trim().as_bytes())
        .map_err(|_| format!("the value of `{field}` holds a line break or a control character"))?;
    Ok((field, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft { method: "GET".into(), url: "{{base_url}}/x?a=1".into(), ..Draft::default() }
    }

    fn variables() -> Variables {
        Variables::new([("base_url", "http://127.0.0.1:1", "profile")])
    }

    #[test]
    fn a_draft_becomes_a_request_with_its_variables_and_query() {
        let mut draft = draft();
        draft.query = vec![Pair::new("q", "a b&c"), Pair { on: false, ..Pair::new("off", "1") }];
        let request = draft.prepared(&variables()).unwrap();
        assert_eq!(request.url.as_str(), "http://127.0.0.1:1/x?a=1&q=a+b%26c");
        assert!(matches!(request.authorization, Authorization::Managed));
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let mut draft = draft();
        draft.url = "{{nobody}}".into();
        draft.method = "GE T".into();
        draft.headers = vec![Pair::new("ok", "1"), Pair::new("bad name", "1"), Pair::new("x", "a\r\nb: c")];
        let fields: Vec<_> = draft.prepared(&variables()).unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, [Field::Url, Field::Method, Field::Header(1), Field::Header(2)]);
    }

    #[test]
    fn a_typed_authorization_wins_and_is_marked_sensitive() {
        let mut draft = draft();
        draft.headers = vec![Pair::new("authorization", "Bearer abc")];
        let request = draft.prepared(&variables()).unwrap();
        assert!(matches!(request.authorization, Authorization::Typed));
        assert!(request.headers[0].1.is_sensitive());
        assert!(!format!("{request:?}").contains("abc"));
    }

    #[test]
    fn framing_fields_are_not_for_typing() {
        let mut draft = draft();
        draft.headers = vec![Pair::new("Content-Length", "3")];
        assert_eq!(draft.prepared(&variables()).unwrap_err()[0].field, Field::Header(0));
    }
}
