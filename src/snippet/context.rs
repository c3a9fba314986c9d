//! What the templates are filled in with.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderName, HeaderValue, header};
use minijinja::Value;
use serde::Serialize;
use url::Url;

use super::{
    Kind, SnippetError, Subject,
    expiry::{Expiry, Step},
    pieces::{Form, Piece, Pieces},
    variables::{Variable, Variables, written},
};
use crate::domain::{
    credential::{Credential, token_fields},
    profile::{Profile, TokenRequest},
    request::{Authorization, Prepared, RequestBody, is_secret_bearing},
};

const FORM: &str = "application/x-www-form-urlencoded";

/// See the module.
#[derive(Serialize)]
pub(super) struct Context {
    /// `token`, `call` or `flow`.
    kind: &'static str,
    /// What the code is of, and what has to be known about it: a line each.
    notes: Vec<String>,
    /// The environment variables that it reads.
    variables: Vec<Named>,
    request: Option<Request>,
    token: Option<Token>,
}

#[derive(Serialize)]
struct Named {
    name: String,
    holds: String,
}

/// An address, whole and in its parts.
#[derive(Serialize)]
struct Address {
    url: Value,
    scheme: String,
    /// As in the address: one of IPv6 in brackets.
    host: String,
    port: u16,
    tls: bool,
    /// Path and query.
    target: Value,
}

#[derive(Serialize)]
struct Field {
    name: String,
    value: Value,
    empty: bool,
    /// Whether its literal part is ASCII.
    ascii: bool,
}

#[derive(Serialize)]
struct Payload {
    /// The text, unless it is none.
    text: Option<Value>,
    base64: String,
    /// Every byte in ASCII, as literals of bytes have it in Rust.
    escaped: String,
    size: usize,
    /// Whether a NUL stands in it, which no shell can hand over.
    nul: bool,
    ascii: bool,
}

/// The request.
#[derive(Serialize)]
struct Request {
    name: String,
    method: String,
    address: Address,
    /// One by one, the token among them where it is a call.
    headers: Vec<Field>,
    /// The same, those of one name as one (RFC 9110 §5.3).
    joined: Vec<Field>,
    body: Option<Payload>,
    /// Whether it says what its body is.
    content_type: bool,
    /// Whether clients that rewrite percent signs leave its target alone.
    plain_target: bool,
}

/// The token call.
#[derive(Serialize)]
struct Token {
    address: Address,
    /// One by one, without that of Basic credentials.
    headers: Vec<Field>,
    joined: Vec<Field>,
    /// `json`, `form-body` or `form-basic`.
    wire: &'static str,
    /// Name and value of every field, not encoded.
    fields: Vec<Field>,
    /// Whether no two fields have one name.
    unique: bool,
    /// The whole body.
    body: Value,
    /// Id and secret, encoded and joined, before base64.
    basic: Option<Value>,
    /// Where the answer has the token: the names that lead there.
    path: Vec<Step>,
    expiry: Expiry,
}

impl Context {
    pub(super) fn new(
        kind: Kind,
        subject: &Subject<'_>,
        not_expressible: Option<&str>,
    ) -> Result<(Self, Vec<Variable>), SnippetError> {
        let mut variables = Variables::new(subject.revealed);
        let mut notes = Vec::new();
        let request = match (kind, subject.request) {
            (Kind::Token, _) => None,
            (_, None) => return Err(SnippetError::NoRequest(kind)),
            (_, Some(request)) => {
                let title = if request.name.is_empty() { String::new() } else { format!("{}: ", request.name) };
                notes.push(format!("{title}{} {}", request.method, request.url.host_str().unwrap_or_default()));
                Some(Request::of(kind, request, subject.profile, &mut variables)?)
            }
        };
        let token = match kind {
            Kind::Call => None,
            Kind::Flow
                if matches!(subject.request.map(|request| &request.authorization), Some(Authorization::Typed)) =>
            {
                return Err(SnippetError::TypedAuthorization);
            }
            Kind::Token | Kind::Flow => {
                let nobody = || SnippetError::NoCredential(subject.profile.name.clone());
                let credential = subject.credential.ok_or_else(nobody)?;
                if kind == Kind::Token {
                    notes.push(format!("The token call of `{}` as `{}`.", subject.profile.name, credential.client_id));
                }
                notes.extend(Expiry::note(subject.profile).filter(|_| kind == Kind::Flow));
                Some(Token::of(subject.profile, credential, &mut variables))
            }
        };
        notes.extend(way(subject.profile));
        notes.extend(not_expressible.map(|why| format!("Not expressible here: {why}.")));
        let named = |known: &Variable| Named { name: known.name.clone(), holds: known.holds.clone() };
        let named: Vec<_> = variables.all().iter().map(named).collect();
        Ok((Self { kind: kind.name(), notes, variables: named, request, token }, variables.named()))
    }
}

/// How authscope goes there and this code does not.
fn way(profile: &Profile) -> Vec<String> {
    let route = &profile.route;
    let mut notes = Vec::new();
    if let Some(file) = &route.authorities {
        notes.push(format!(
            "authscope trusts the authorities in {} here; this code trusts the usual ones.",
            file.display()
        ));
    }
    if route.identity.is_some() {
        notes.push("authscope shows a client certificate here; this code does not.".to_owned());
    }
    notes
}

impl Address {
    fn of(url: &Url, variables: &mut Variables<'_>) -> Self {
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut target = Pieces::text(url.path());
        if let Some(query) = url.query() {
            target.push_text("?");
            target.extend(&variables.fields(query));
        }
        let port = url.port().map_or(String::new(), |port| format!(":{port}"));
        let mut whole = Pieces::text(format!("{}://{host}{port}", url.scheme()));
        whole.extend(&target);
        Self {
            url: whole.value(),
            scheme: url.scheme().to_owned(),
            host,
            port: url.port_or_known_default().unwrap_or(443),
            tls: url.scheme() == "https",
            target: target.value(),
        }
    }
}

impl Field {
    fn new(name: impl Into<String>, value: Pieces) -> Self {
        let (empty, ascii) = (value.is_empty(), value.literal().is_ascii());
        Self { name: name.into(), value: value.value(), empty, ascii }
    }
}

/// Header fields one by one, and those of one name as one.
fn fields(headers: Vec<(HeaderName, Pieces)>) -> (Vec<Field>, Vec<Field>) {
    let mut joined: Vec<(HeaderName, Pieces)> = Vec::new();
    for (name, value) in &headers {
        match joined.iter_mut().find(|(known, _)| known == name) {
            Some((_, before)) => {
                before.push_text(if name == header::COOKIE { "; " } else { ", " });
                before.extend(value);
            }
            None => joined.push((name.clone(), value.clone())),
        }
    }
    let field = |(name, value): (HeaderName, Pieces)| Field::new(capitalised(&name), value);
    (headers.into_iter().map(field).collect(), joined.into_iter().map(field).collect())
}

/// As people write it: `Content-Type`.
fn capitalised(name: &HeaderName) -> String {
    let words = name.as_str().split('-').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    words.collect::<Vec<_>>().join("-")
}

/// The text of a value; what is no UTF-8 cannot be typed.
fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

impl Request {
    fn of(
        kind: Kind,
        request: &Prepared,
        profile: &Profile,
        variables: &mut Variables<'_>,
    ) -> Result<Self, SnippetError> {
        let header = &profile.header;
        let mut carrying = Pieces::default();
        if !header.prefix.is_empty() {
            carrying.push_text(&format!("{} ", header.prefix));
        }
        let managed = matches!(request.authorization, Authorization::Managed);
        let carrying = managed.then(|| {
            carrying.push(if kind == Kind::Call { variables.token() } else { Piece::Local("token".to_owned()) });
            carrying
        });
        let mut headers = Vec::new();
        for (name, value) in &request.headers {
            if managed && *name == header.name {
                continue;
            }
            headers.push((name.clone(), variables.header(name, &text(value), value.is_sensitive())));
        }
        headers.extend(carrying.map(|value| (header.name.clone(), value)));
        let content_type = headers.iter().any(|(name, _)| *name == header::CONTENT_TYPE);
        let body = match &request.body {
            RequestBody::Empty => None,
            RequestBody::Bytes(bytes) if bytes.is_empty() => None,
            RequestBody::Bytes(bytes) => {
                let text = std::str::from_utf8(bytes).ok();
                Some(Payload {
                    text: text.map(|text| variables.body(text).value()),
                    base64: BASE64_STANDARD.encode(bytes),
                    escaped: bytes.escape_ascii().to_string(),
                    size: bytes.len(),
                    nul: bytes.contains(&0),
                    ascii: bytes.is_ascii(),
                })
            }
            RequestBody::File { .. } | RequestBody::Spooled(_) | RequestBody::Unread(_) => {
                return Err(SnippetError::BodyElsewhere);
            }
        };
        let (headers, joined) = fields(headers);
        Ok(Self {
            name: request.name.clone(),
            method: request.method.to_string(),
            address: Address::of(&request.url, variables),
            headers,
            joined,
            body,
            content_type,
            plain_target: super::limits::is_plain(&request.url),
        })
    }
}

impl Token {
    fn of(profile: &Profile, credential: &Credential, variables: &mut Variables<'_>) -> Self {
        let (id, secret) = ("client_id", "client_secret");
        let mut named: Vec<(String, Option<String>)> = Vec::new();
        if profile.wire != TokenRequest::Json {
            named.push(("grant_type".to_owned(), Some("client_credentials".to_owned())));
        }
        if profile.wire != TokenRequest::FormBasic {
            named.push((id.to_owned(), Some(credential.client_id.clone())));
            named.push((secret.to_owned(), None));
        }
        named.extend(token_fields(credential).into_iter().map(|(name, value)| (name, Some(value))));
        let json = profile.wire == TokenRequest::Json;
        let form = if json { Form::Json } else { Form::Field };
        let mut body = Pieces::text(if json { "{" } else { "" });
        let mut fields_of_body = Vec::new();
        for (at, (name, value)) in named.iter().enumerate() {
            let between = match (at, json) {
                (0, _) => "",
                (_, true) => ",",
                (_, false) => "&",
            };
            body.push_text(&format!("{between}{}{}", written(name, form), if json { ":" } else { "=" }));
            let piece = match value {
                Some(value) => variables.field(name, value, form),
                None => variables.client_secret(&credential.secret, form),
            };
            let plain = match &piece {
                Piece::Variable(name, _) => Piece::Variable(name.clone(), Form::Plain),
                _ => Piece::Text(value.clone().unwrap_or_else(|| {
                    match variables.client_secret(&credential.secret, Form::Plain) {
                        Piece::Text(secret) => secret,
                        _ => String::new(),
                    }
                })),
            };
            body.push(piece);
            fields_of_body.push(Field::new(name.clone(), Pieces(vec![plain])));
        }
        body.push_text(if json { "}" } else { "" });
        let basic = (profile.wire == TokenRequest::FormBasic).then(|| {
            let mut pair = Pieces::text(format!("{}:", written(&credential.client_id, Form::Percent)));
            pair.push(variables.client_secret(&credential.secret, Form::Percent));
            pair.value()
        });
        let mut headers = vec![
            (header::ACCEPT, Pieces::text("application/json")),
            (header::CONTENT_TYPE, Pieces::text(if json { "application/json" } else { FORM })),
        ];
        for (name, value) in &profile.token_headers {
            headers.push((name.clone(), variables.header(name, &text(value), is_secret_bearing(name))));
        }
        let (headers, joined) = fields(headers);
        let mut distinct: Vec<_> = named.iter().map(|(name, _)| name).collect();
        distinct.sort();
        distinct.dedup();
        Self {
            address: Address::of(&profile.token_url, variables),
            headers,
            joined,
            wire: profile.wire.name(),
            unique: distinct.len() == named.len(),
            fields: fields_of_body,
            body: body.value(),
            basic,
            path: Step::all(&profile.answer.token),
            expiry: Expiry::of(profile),
        }
    }
}
