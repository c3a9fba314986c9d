//! The Headers tab: the fields of the answer, then those of the request as it went out.

use crate::{
    body::encoding::Encoding,
    domain::{
        exchange::{Answer, Exchange, FieldValue, HeaderField, Hop},
        figures,
        redact::{Redactor, dots},
    },
};

/// One line of the tab.
pub enum HeaderLine<'a> {
    /// What follows: the answer or the request, and a word about it.
    Title(String),
    /// What the fields below are about.
    Group(&'static str),
    /// A field.
    Field(&'a HeaderField),
    /// Nothing.
    Blank,
}

/// The lines for the last hop of an exchange.
pub fn lines(exchange: &Exchange) -> Vec<HeaderLine<'_>> {
    let mut lines = Vec::new();
    let Some(hop) = exchange.attempts.last().and_then(|attempt| attempt.hops.last()) else { return lines };
    if let Some(answer) = &hop.answer {
        lines.push(HeaderLine::Title(answer_title(answer)));
        lines.extend(grouped(&answer.headers));
        lines.push(HeaderLine::Blank);
    }
    lines.push(HeaderLine::Title(request_title(hop)));
    lines.extend(hop.request.headers.iter().map(HeaderLine::Field));
    lines
}

/// The fields of a token call's answer; what it sent holds the secret and is not kept.
pub fn of_token_call(fields: &[HeaderField]) -> Vec<HeaderLine<'_>> {
    std::iter::once(HeaderLine::Title("answer of the token endpoint".to_owned())).chain(grouped(fields)).collect()
}

/// What a field can be about, and the names that say so; a name that ends in `-` stands for all that begin so.
const GROUPS: [(&str, &[&str]); 4] = [
    ("the body", &["content-", "accept-ranges", "transfer-encoding", "trailer"]),
    (
        "how long it may be kept",
        &["cache-control", "age", "expires", "etag", "last-modified", "vary", "pragma", "date"],
    ),
    (
        "who may do what",
        &[
            "www-authenticate",
            "set-cookie",
            "strict-transport-security",
            "content-security-policy",
            "access-control-",
            "cross-origin-",
            "referrer-policy",
            "permissions-policy",
            "allow",
            "x-frame-options",
            "x-content-type-options",
        ],
    ),
    ("how often", &["retry-after", "ratelimit", "ratelimit-", "x-ratelimit-", "x-rate-limit-"]),
];

/// The fields by what they are about, in the order received within that. Few of them need no order.
fn grouped(fields: &[HeaderField]) -> Vec<HeaderLine<'_>> {
    const FEW: usize = 5;
    if fields.len() <= FEW {
        return fields.iter().map(HeaderLine::Field).collect();
    }
    let named = |name: &str, known: &str| name == known || known.ends_with('-') && name.starts_with(known);
    // A longer name says more than one that stands for many.
    let group = |field: &HeaderField| {
        let whole = GROUPS.iter().position(|(_, names)| names.contains(&field.name.as_str()));
        whole.or_else(|| {
            GROUPS.iter().position(|(_, names)| names.iter().any(|known| named(field.name.as_str(), known)))
        })
    };
    let titles = GROUPS.iter().enumerate().map(|(at, (title, _))| (Some(at), *title)).chain([(None, "anything else")]);
    let of = |at| fields.iter().filter(move |field| group(field) == at).map(HeaderLine::Field).collect::<Vec<_>>();
    let groups = titles.map(|(at, title)| (title, of(at))).filter(|(_, lines)| !lines.is_empty());
    groups.flat_map(|(title, lines)| std::iter::once(HeaderLine::Group(title)).chain(lines)).collect()
}

/// The head in a line; of a body that came compressed, how much of it came and what that is.
fn answer_title(answer: &Answer) -> String {
    let head = format!("answer   {:?}   {}", answer.version, answer.status);
    match answer.encoding() {
        Encoding::Identity => head,
        encoding @ Encoding::Unknown(_) => format!("{head}   {encoding}, not decoded"),
        encoding @ Encoding::Coded(_) => {
            let (wire, size) = (figures::size(answer.body.wire()), figures::size(answer.body.len()));
            format!("{head}   {wire} as {encoding}, {size} decoded")
        }
    }
}

fn request_title(hop: &Hop) -> String {
    let request = &hop.request;
    format!("request   {} {}", request.method, request.url)
}

/// The value of a field as it may be shown: a secret is eight dots and what stands for it.
pub fn shown(value: &FieldValue, masks: &Redactor) -> String {
    match value {
        FieldValue::Shown(value) => masks.masked(&String::from_utf8_lossy(value.as_bytes())),
        FieldValue::Hidden { scheme, pseudonym, size } => {
            let scheme = scheme.as_ref().map(|scheme| format!("{scheme} ")).unwrap_or_default();
            format!("{scheme}{}   {size} B", dots(pseudonym))
        }
    }
}
