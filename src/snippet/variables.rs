//! Which parts of a request are secret, and the environment variable that stands for each in the code.

use std::sync::Arc;

use http::HeaderName;
use url::form_urlencoded;

use super::{
    Revealed,
    pieces::{Form, Piece, Pieces},
};
use crate::domain::{
    credential::{CLIENT_SECRET, SecretSource},
    secrecy::{is_secret_by_name, looks_secret},
    secret::Secret,
};

/// The variable that holds the token of a call.
const TOKEN: &str = "TOKEN";

/// An environment variable that a snippet reads.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What it holds, in words.
    pub holds: String,
    /// The value that the person typed into the request; a token and a client secret are not known here.
    pub typed: Option<Arc<Secret>>,
}

/// The variables of one snippet.
pub(super) struct Variables<'a> {
    revealed: Option<&'a Revealed>,
    named: Vec<Variable>,
}

impl<'a> Variables<'a> {
    pub(super) fn new(revealed: Option<&'a Revealed>) -> Self {
        Self { revealed, named: Vec::new() }
    }

    pub(super) fn named(self) -> Vec<Variable> {
        self.named
    }

    pub(super) fn all(&self) -> &[Variable] {
        &self.named
    }

    /// The token that a call carries.
    pub(super) fn token(&mut self) -> Piece {
        match self.revealed.and_then(|revealed| revealed.token.as_ref()) {
            Some(token) => Piece::Text(token.expose().to_owned()),
            None => Piece::Variable(self.variable(TOKEN, "a bearer token", None), Form::Plain),
        }
    }

    /// The secret of the client, written so.
    pub(super) fn client_secret(&mut self, source: &SecretSource, form: Form) -> Piece {
        if let Some(secret) = self.revealed.and_then(|revealed| revealed.client_secret.as_ref()) {
            return Piece::Text(written(secret.expose(), form));
        }
        let name = match source {
            SecretSource::Environment(name) if is_variable(name) => name,
            _ => CLIENT_SECRET,
        };
        if !self.named.iter().any(|known| known.name == name) {
            self.variable(name, "the client secret", None);
        }
        Piece::Variable(name.to_owned(), form)
    }

    /// The value of a header field; `secret` says that it is one whatever it looks like.
    pub(super) fn header(&mut self, name: &HeaderName, value: &str, secret: bool) -> Pieces {
        let secret = secret || is_secret_by_name(name.as_str()) || looks_secret(value);
        if !secret || value.is_empty() || self.revealed.is_some() {
            return Pieces::text(value);
        }
        let mut pieces = Pieces::default();
        let credentials = match value.split_once(' ') {
            Some((scheme, rest)) if name == http::header::AUTHORIZATION && !rest.is_empty() => {
                pieces.push_text(&format!("{scheme} "));
                rest
            }
            _ => value,
        };
        pieces.push(self.typed(name.as_str(), &format!("what stands in `{name}`"), credentials, Form::Plain));
        pieces
    }

    /// The value of a field of the token call, written so.
    pub(super) fn field(&mut self, name: &str, value: &str, form: Form) -> Piece {
        if !is_secret_by_name(name) || value.is_empty() || self.revealed.is_some() {
            return Piece::Text(written(value, form));
        }
        self.typed(name, &format!("the `{name}` of the token call"), value, form)
    }

    /// A query, or a body of form fields.
    pub(super) fn fields(&mut self, text: &str) -> Pieces {
        let mut pieces = Pieces::default();
        for (at, field) in text.split('&').enumerate() {
            if at > 0 {
                pieces.push_text("&");
            }
            let Some((name, value)) = field.split_once('=').filter(|(_, value)| !value.is_empty()) else {
                pieces.push_text(field);
                continue;
            };
            let read = form_urlencoded::parse(name.as_bytes()).next().map(|(name, _)| name.into_owned());
            let read = read.unwrap_or_default();
            if self.revealed.is_some() || !(is_secret_by_name(&read) || looks_secret(value)) {
                pieces.push_text(field);
                continue;
            }
            pieces.push_text(&format!("{name}="));
            pieces.push(self.typed(&read, &format!("`{read}`, percent-encoded"), value, Form::Plain));
        }
        pieces
    }

    /// A body of JSON, or of anything that looks like it: strings that are secret by the name before them.
    pub(super) fn body(&mut self, text: &str) -> Pieces {
        if self.revealed.is_some() || !text.contains('"') {
            let is_form = !text.contains(char::is_whitespace) && text.contains('=');
            return if is_form { self.fields(text) } else { Pieces::text(text) };
        }
        let (mut pieces, mut from, mut name) = (Pieces::default(), 0, None);
        for (start, end) in strings(text) {
            let between = text.get(from..start).unwrap_or_default();
            let content = text.get(start + 1..end).unwrap_or_default();
            pieces.push_text(between);
            let known = name.take().filter(|_| between.trim() == ":");
            match known {
                Some(name) if is_secret_by_name(name) && !content.is_empty() => {
                    pieces.push_text("\"");
                    let holds = format!("`{name}`, as it stands between the quotes");
                    pieces.push(self.typed(name, &holds, content, Form::Plain));
                    pieces.push_text("\"");
                }
                _ => pieces.push_text(text.get(start..=end).unwrap_or_default()),
            }
            (from, name) = (end + 1, Some(content));
        }
        pieces.push_text(text.get(from..).unwrap_or_default());
        pieces
    }

    fn typed(&mut self, name: &str, holds: &str, value: &str, form: Form) -> Piece {
        Piece::Variable(self.variable(name, holds, Some(value)), form)
    }

    /// A new variable, named after what it stands for.
    fn variable(&mut self, wished: &str, holds: &str, typed: Option<&str>) -> String {
        let upper: String = wished
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' })
            .collect();
        let upper = if typed.is_none() { wished.to_owned() } else { upper };
        let upper = if is_variable(&upper) { upper } else { format!("SECRET_{upper}") };
        let taken = |name: &str| self.named.iter().any(|known| known.name == name);
        let mut name = upper.clone();
        let mut count = 1;
        while taken(&name) {
            count += 1;
            name = format!("{upper}_{count}");
        }
        let typed = typed.map(|value| Arc::new(Secret::new(value)));
        self.named.push(Variable { name: name.clone(), holds: holds.to_owned(), typed });
        name
    }
}

/// Whether every shell takes it for the name of a variable.
fn is_variable(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The places of the quotes around each string of JSON.
fn strings(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut open, mut escaped) = (Vec::new(), None, false);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, open) {
            _ if escaped => escaped = false,
            (b'\\', Some(_)) => escaped = true,
            (b'"', Some(start)) => {
                found.push((start, at));
                open = None;
            }
            (b'"', None) => open = Some(at),
            _ => {}
        }
    }
    found
}

/// A text that is known already, written so.
pub(super) fn written(text: &str, form: Form) -> String {
    match form {
        Form::Plain => text.to_owned(),
        Form::Json => serde_json::to_string(text).unwrap_or_default(),
        Form::Field => form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        Form::Percent => {
            let pieces = form_urlencoded::byte_serialize(text.as_bytes());
            pieces.map(|piece| if piece == "+" { "%20" } else { piece }).collect()
        }
    }
}
