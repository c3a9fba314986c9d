//! The target of a request: what stands of an address in its first line, in the characters that HTTP allows there.
//!
//! RFC 9112 §3.2 takes a target from RFC 3986, which knows neither `{` nor `|` nor a `%` that begins no escape. An address as
//! browsers read it may hold all of them. Here they are percent-encoded, so that every server reads the same and
//! every client can send the same.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

/// What may stand in an address as browsers read it and not in a target.
const FOREIGN: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What in the text of an address HTTP forbids; an address reader would drop it and call another place.
pub fn forbidden(address: &str) -> Option<String> {
    let found = address.trim().chars().find(char::is_ascii_control)?;
    Some(format!(
        "the address holds `{}`, which no request may carry; write it as `%{:02X}`",
        found.escape_default(),
        u32::from(found)
    ))
}

/// The address with a target that HTTP allows. What is an escape already stays as it is written.
pub fn strict(mut url: Url) -> Url {
    let path = encoded(url.path());
    if path != url.path() {
        url.set_path(&path);
    }
    if let Some(query) = url.query().map(encoded).filter(|query| Some(query.as_str()) != url.query()) {
        url.set_query(Some(&query));
    }
    url
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, piece) in text.split('%').enumerate() {
        if at > 0 {
            let is_escape = piece.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
            out.push_str(if is_escape { "%" } else { "%25" });
        }
        out.extend(utf8_percent_encode(piece, FOREIGN));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_holds_what_http_allows_and_escapes_stay() {
        for (written, sent) in [
            ("http://h/a{b}|^`c", "http://h/a%7Bb%7D%7C%5E%60c"),
            ("http://h/?filter[name]=%zz%2f%41%", "http://h/?filter%5Bname%5D=%25zz%2f%41%25"),
            ("http://h/x?", "http://h/x?"),
            ("http://h/a;b=c,d/!$&'()*+@:~-._", "http://h/a;b=c,d/!$&'()*+@:~-._"),
            ("http://h/日本?q=é", "http://h/%E6%97%A5%E6%9C%AC?q=%C3%A9"),
        ] {
            assert_eq!(strict(Url::parse(written).unwrap()).as_str(), sent);
        }
    }

    #[test]
    fn what_a_reader_of_addresses_drops_is_named() {
        for wrong in ["http://h/a\nb", "http://h/a\0b", "http://h/a\rb", "http://h/a\tb"] {
            assert!(forbidden(wrong).is_some(), "{wrong:?}");
        }
        assert_eq!(forbidden(" http://h/a b\n"), None);
    }
}
