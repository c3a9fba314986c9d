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
        lines.extend(answer.headers.iter().map(HeaderLine::Field));
        lines.push(HeaderLine::Blank);
    }
    lines.push(HeaderLine::Title(request_title(hop)));
    lines.extend(hop.request.headers.iter().map(HeaderLine::Field));
    lines
}

/// The fields of a token call's answer; what it sent holds the secret and is not kept.
pub fn of_token_call(fields: &[HeaderField]) -> Vec<HeaderLine<'_>> {
    std::iter::once(HeaderLine::Title("answer of the token endpoint".to_owned()))
        .chain(fields.iter().map(HeaderLine::Field))
        .collect()
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
