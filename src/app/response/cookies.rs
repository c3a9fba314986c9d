//! The Cookies tab: what the answers of the last attempt would have kept. It is shown, and never kept or sent.

use http::header;

use super::facts::FactLine;
use crate::domain::exchange::{Exchange, FieldValue};

/// A cookie as a server set it (RFC 6265 §5.2).
#[derive(Debug, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    attributes: Vec<String>,
}

impl Cookie {
    fn parsed(field: &str) -> Option<Self> {
        let mut parts = field.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let attributes = parts.filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let name = name.trim();
        (!name.is_empty()).then(|| Self { name: name.to_owned(), value: value.trim().to_owned(), attributes })
    }
}

/// Every field that sets a cookie, redirects among the answers, each with its host.
fn fields(exchange: &Exchange) -> impl Iterator<Item = (&str, String)> {
    let hops = exchange.attempts.last().into_iter().flat_map(|attempt| &attempt.hops);
    hops.flat_map(|hop| {
        let host = hop.request.url.host_str().unwrap_or_default();
        let headers = hop.answer.iter().flat_map(|answer| &answer.headers);
        headers.filter(|field| field.name == header::SET_COOKIE).filter_map(move |field| match &field.value {
            FieldValue::Shown(value) => Some((host, String::from_utf8_lossy(value.as_bytes()).into_owned())),
            FieldValue::Hidden { .. } => None,
        })
    })
}

/// How many cookies were set.
pub fn count(exchange: &Exchange) -> usize {
    fields(exchange).count()
}

/// The lines of an exchange; none where no cookie was set.
pub fn lines(exchange: &Exchange) -> Vec<FactLine> {
    let mut lines = Vec::new();
    for (host, field) in fields(exchange) {
        let Some(Cookie { name, value, mut attributes }) = Cookie::parsed(&field) else {
            lines.push(FactLine::of("no cookie", field));
            lines.push(FactLine::Words("it has no name, and would be kept by nobody".to_owned()));
            continue;
        };
        let begins = |attribute: &String, word: &str| attribute.to_ascii_lowercase().starts_with(word);
        if !attributes.iter().any(|attribute| begins(attribute, "domain=")) {
            attributes.insert(0, format!("for {host} alone"));
        }
        if !attributes.iter().any(|attribute| begins(attribute, "expires=") || begins(attribute, "max-age=")) {
            attributes.push("until its session ends".to_owned());
        }
        lines.push(FactLine::Fact { label: name, text: value });
        lines.push(FactLine::Words(attributes.join("   ")));
    }
    if !lines.is_empty() {
        lines.push(FactLine::Blank);
        lines.push(FactLine::Title("Shown, and never kept: no call sends them back.".to_owned()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_as_the_standard_says_and_what_is_none_is_not_taken_for_one() {
        let cookie = Cookie::parsed(" sid = a=b ; Path=/; ;HttpOnly").unwrap();
        assert_eq!((cookie.name.as_str(), cookie.value.as_str()), ("sid", "a=b"));
        assert_eq!(cookie.attributes, ["Path=/", "HttpOnly"]);
        assert_eq!(Cookie::parsed("Secure; Path=/"), None);
        assert_eq!(Cookie::parsed("=nameless"), None);
        assert_eq!(Cookie::parsed(""), None);
    }
}
