//! What the client of a language cannot send as it is, or rewrites on the way. Each rule is one that its page tells too.

use http::{Method, header};
use url::Url;

use crate::domain::request::{Prepared, RequestBody};

/// A rule: what the client cannot send of a request.
pub(super) type Limit = fn(&Prepared) -> Option<&'static str>;

/// Whether clients that read percent signs and write them anew leave a target alone: its escapes are in capitals, none
/// is of a character that needs none (RFC 3986 §2.3), no query is empty, no path begins with two slashes.
pub(super) fn is_plain(url: &Url) -> bool {
    let target = &url[url::Position::BeforePath..];
    let rewritten = |piece: &str| {
        let digits = piece.get(..2).unwrap_or_default();
        let byte = u8::from_str_radix(digits, 16).unwrap_or_default();
        digits.bytes().any(|digit| digit.is_ascii_lowercase())
            || byte.is_ascii_alphanumeric()
            || b"-._~".contains(&byte)
    };
    !target.starts_with("//") && !target.ends_with('?') && !target.split('%').skip(1).any(rewritten)
}

fn has_body(request: &Prepared) -> bool {
    !matches!(&request.body, RequestBody::Empty) && request.body.size() > 0
}

fn is_rewritten(request: &Prepared) -> bool {
    request.method.as_str().bytes().any(|byte| byte.is_ascii_lowercase())
}

/// curl waits for the body of an answer to HEAD unless it is told so, and then sends none.
pub(super) fn curl(request: &Prepared) -> Option<&'static str> {
    (request.method == Method::HEAD && has_body(request)).then_some("curl sends no body with HEAD")
}

/// The fetch of the WHATWG, as Node has it.
pub(super) fn fetch(request: &Prepared) -> Option<&'static str> {
    let (method, has) = (&request.method, |name: &str| request.headers.iter().any(|(known, _)| known.as_str() == name));
    if [Method::GET, Method::HEAD].contains(method) && has_body(request) {
        Some("fetch sends no body with GET or HEAD")
    } else if *method == Method::TRACE || method.as_str() == "TRACK" {
        Some("fetch refuses TRACE")
    } else if ["expect", "upgrade", "keep-alive"].into_iter().any(has) {
        Some("fetch sets Expect, Upgrade and Keep-Alive itself")
    } else if ["get", "post", "put", "delete", "head", "options"]
        .iter()
        .any(|known| method.as_str().eq_ignore_ascii_case(known) && is_rewritten(request))
    {
        Some("fetch writes the method in capitals")
    } else {
        None
    }
}

/// requests, over urllib3.
pub(super) fn requests(request: &Prepared) -> Option<&'static str> {
    if is_rewritten(request) {
        Some("requests writes the method in capitals")
    } else if request.url.path().starts_with("//") {
        Some("requests takes slashes from the start of a path")
    } else {
        None
    }
}

/// HTTPie, over requests.
pub(super) fn httpie(request: &Prepared) -> Option<&'static str> {
    let item = |text: &[u8]| text.windows(2).any(|pair| pair[0] == b'\\' && b":;=@".contains(&pair[1]));
    if is_rewritten(request) {
        Some("HTTPie writes the method in capitals")
    } else if !is_plain(&request.url) {
        Some("HTTPie writes percent signs, an empty query and slashes at the start of a path anew")
    } else if request.headers.iter().any(|(_, value)| item(value.as_bytes())) {
        Some("HTTPie reads a backslash before : ; = @ in a header as a sign of its own")
    } else {
        None
    }
}

/// java.net.http.
pub(super) fn java(request: &Prepared) -> Option<&'static str> {
    if request.headers.iter().any(|(name, _)| [header::EXPECT, header::UPGRADE].contains(name)) {
        Some("java.net.http sets Expect and Upgrade itself")
    } else if request.headers.iter().any(|(_, value)| !value.as_bytes().is_ascii()) {
        Some("java.net.http sends a question mark for every header character beyond ASCII")
    } else {
        None
    }
}

/// net/http of Go.
pub(super) fn go(request: &Prepared) -> Option<&'static str> {
    let empty = |name| request.headers.iter().any(|(known, value)| *known == name && value.is_empty());
    empty(header::USER_AGENT).then_some("net/http leaves out an empty User-Agent")
}

/// A client that sends everything.
pub(super) fn none(_: &Prepared) -> Option<&'static str> {
    None
}
