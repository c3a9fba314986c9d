//! The text of a multipart body (RFC 2046 §5.1, RFC 7578).

use std::fmt::Write as _;

use base64::{Engine as _, prelude::BASE64_STANDARD};

/// One part.
#[derive(Default)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) content: String,
    pub(super) file_name: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) headers: Vec<String>,
    pub(super) encoder: Option<String>,
    pub(super) is_file: bool,
}

/// A boundary that stands in no part.
pub(super) fn boundary(parts: &[Part]) -> String {
    let free = |boundary: &String| parts.iter().all(|part| !part.content.contains(boundary.as_str()));
    (0..=u64::MAX).map(|number| format!("----authscope-{number:08}")).find(free).unwrap_or_default()
}

/// The body.
pub(super) fn text(parts: &[Part], boundary: &str, escaped: bool, disposition: &str) -> String {
    let mut text = String::new();
    for part in parts {
        let name = |name: &str| {
            if escaped {
                return name.replace('\\', "\\\\").replace('"', "\\\"");
            }
            name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
        };
        let _ = write!(text, "--{boundary}\r\nContent-Disposition: {disposition}; name=\"{}\"", name(&part.name));
        if let Some(file) = &part.file_name {
            let _ = write!(text, "; filename=\"{}\"", name(file));
        }
        text.push_str("\r\n");
        let guessed = part.file_name.as_deref().and_then(kind_of).map(str::to_owned);
        let kind =
            part.kind.clone().or(guessed).or_else(|| part.is_file.then(|| "application/octet-stream".to_owned()));
        let own_kind = part.headers.iter().any(|line| line.to_ascii_lowercase().starts_with("content-type:"));
        if let Some(kind) = kind.filter(|_| !own_kind) {
            let _ = write!(text, "Content-Type: {kind}\r\n");
        }
        if let Some(encoder) = &part.encoder {
            let _ = write!(text, "Content-Transfer-Encoding: {encoder}\r\n");
        }
        for header in &part.headers {
            let _ = write!(text, "{}\r\n", header.trim_end());
        }
        let _ = write!(text, "\r\n{}\r\n", encoded(part));
    }
    let _ = write!(text, "--{boundary}--\r\n");
    text
}

/// base64 in lines of 76, as curl writes them; the other encoders that change nothing of text leave it.
fn encoded(part: &Part) -> String {
    if part.encoder.as_deref() != Some("base64") {
        return part.content.clone();
    }
    let encoded = BASE64_STANDARD.encode(&part.content);
    let mut lines = encoded.as_bytes().chunks(76).map(String::from_utf8_lossy).peekable();
    let mut text = String::new();
    while let Some(line) = lines.next() {
        text.push_str(&line);
        if lines.peek().is_some() {
            text.push_str("\r\n");
        }
    }
    text
}

/// The media type that curl reads off the end of a file's name.
fn kind_of(name: &str) -> Option<&'static str> {
    let kinds = [
        (".gif", "image/gif"),
        (".jpg", "image/jpeg"),
        (".jpeg", "image/jpeg"),
        (".png", "image/png"),
        (".svg", "image/svg+xml"),
        (".txt", "text/plain"),
        (".htm", "text/html"),
        (".html", "text/html"),
        (".pdf", "application/pdf"),
        (".xml", "application/xml"),
    ];
    let name = name.to_ascii_lowercase();
    kinds.into_iter().find(|(end, _)| name.ends_with(end)).map(|(_, kind)| kind)
}
