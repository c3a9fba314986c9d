//! The body of a request: what it says, and the form in which it can be sent again.

use std::{path::PathBuf, time::SystemTime};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};

use crate::{
    body::Body,
    domain::template::{self, Variables},
};

/// The body of a request, in a form that can be sent again.
#[derive(Clone, Debug, Default)]
pub enum RequestBody {
    /// None.
    #[default]
    Empty,
    /// Bytes at hand.
    Bytes(Bytes),
    /// A file, opened anew for each attempt; a change of length or time between them means it cannot be repeated.
    File {
        /// Where.
        path: PathBuf,
        /// Its length when the request was prepared.
        size: u64,
        /// Its time of change then.
        modified: Option<SystemTime>,
    },
    /// Standard input, or pieces put together, kept as they were read.
    Spooled(Body),
    /// Texts and files that are to be put together before it is sent.
    Unread(Vec<Piece>),
}

/// A piece of a body that names files.
#[derive(Clone, Debug)]
pub enum Piece {
    /// As it goes out.
    Text(String),
    /// The bytes of a file; with variables, a text in which they are filled in first.
    File {
        /// Where, from the folder of the request.
        path: PathBuf,
        /// The variables in reach.
        filled: Option<Variables>,
    },
}

impl RequestBody {
    /// Its length in bytes; of what is still unread, that of its texts.
    pub fn size(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { size, .. } => *size,
            Self::Spooled(body) => body.len(),
            Self::Unread(pieces) => {
                let text = |piece: &Piece| if let Piece::Text(text) = piece { text.len() as u64 } else { 0 };
                pieces.iter().map(text).sum()
            }
        }
    }

    /// The files that it is still to be read from.
    pub fn files(&self) -> Vec<&PathBuf> {
        let Self::Unread(pieces) = self else { return Vec::new() };
        let mut files = Vec::new();
        for piece in pieces {
            if let Piece::File { path, .. } = piece {
                files.push(path);
            }
        }
        files
    }

    /// The body that a text says once its variables are `filled` in. A line `< path` of what was `typed`, and no line that
    /// a variable brought, stands for the bytes of a file, `<@ path` for its text with variables filled in.
    pub(super) fn written(
        typed: &str,
        filled: String,
        headers: &[(HeaderName, HeaderValue)],
        variables: &Variables,
    ) -> Self {
        let kind =
            headers.iter().find(|(name, _)| name == header::CONTENT_TYPE).and_then(|(_, kind)| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        if filled.is_empty() {
            return Self::Empty;
        }
        let by_parts = kind.starts_with("multipart/");
        if typed.lines().all(|line| body_file(line).is_none()) {
            return Self::Bytes(Bytes::from(arranged(filled, &kind)));
        }
        // Line by line, so that what a variable brings is never read as the name of a file. The whole could be filled in,
        // so each line can.
        let fill = |text: &str| template::resolved(text, variables).unwrap_or_default();
        let (mut pieces, mut text) = (Vec::new(), String::new());
        let end = if by_parts { "\r\n" } else { "\n" };
        let mut lines = typed.lines().peekable();
        while let Some(line) = lines.next() {
            match body_file(line) {
                Some((path, with)) => {
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    pieces.push(Piece::File { path: fill(path).into(), filled: with.then(|| variables.clone()) });
                }
                None => text.push_str(&fill(line)),
            }
            if lines.peek().is_some() || by_parts {
                text.push_str(end);
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Self::Unread(pieces)
    }
}

/// A text as its content type wants it: lines of a form are one, lines of parts end as RFC 2046 §4.1.1 has it.
fn arranged(text: String, kind: &str) -> String {
    if kind.starts_with("multipart/") {
        let lines: String = text.lines().flat_map(|line| [line, "\r\n"]).collect();
        return lines;
    }
    if kind.starts_with("application/x-www-form-urlencoded") && text.contains("\n&") {
        return text.lines().map(str::trim).collect();
    }
    text
}

/// The file that a line of a body names, and whether its variables are filled in: `< path`, `<@ path`, `<@latin1 path`.
pub fn body_file(line: &str) -> Option<(&str, bool)> {
    let rest = line.strip_prefix('<')?;
    let (mark, path) = rest.split_once([' ', '\t'])?;
    let filled = mark.strip_prefix('@');
    let known = mark.is_empty() || filled.is_some_and(|encoding| encoding.chars().all(char::is_alphanumeric));
    let path = path.trim();
    (known && !path.is_empty() && !path.starts_with("{%")).then_some((path, filled.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::{Draft, Pair};

    fn body(kind: &str, text: &str) -> RequestBody {
        let mut draft =
            Draft { method: "POST".into(), url: "http://127.0.0.1/".into(), body: text.into(), ..Draft::default() };
        draft.headers = vec![Pair::new("Content-Type", kind)];
        draft.prepared(&Variables::new([("from", "< /etc/passwd", ""), ("name", "a.bin", "")])).unwrap().body
    }

    fn text(body: &RequestBody) -> String {
        let RequestBody::Bytes(bytes) = body else { panic!("{body:?}") };
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn a_line_of_what_was_typed_names_a_file_and_what_a_variable_brought_names_none() {
        let one = body("text/plain", "< ./{{name}}");
        assert_eq!(one.files(), [&PathBuf::from("./a.bin")]);
        assert_eq!(text(&body("text/plain", "{{from}}")), "< /etc/passwd");
        assert_eq!(body("text/plain", "{{from}}\n< ok").files(), [&PathBuf::from("ok")]);
        assert_eq!(text(&body("text/xml", "<order>\n<a/>\n</order>")), "<order>\n<a/>\n</order>");
        assert!(matches!(pieces(&body("text/plain", "<@ x")), [Piece::File { filled: Some(_), .. }]));
    }

    fn pieces(body: &RequestBody) -> &[Piece] {
        if let RequestBody::Unread(pieces) = body { pieces } else { &[] }
    }

    #[test]
    fn lines_of_a_form_are_one_and_those_of_parts_end_as_they_must() {
        assert_eq!(text(&body("application/x-www-form-urlencoded", "a=1\n&b=2\n&c=3")), "a=1&b=2&c=3");
        assert_eq!(text(&body("multipart/form-data; boundary=x", "--x\n\na\n--x--")), "--x\r\n\r\na\r\n--x--\r\n");
        let parts = body("multipart/form-data; boundary=x", "--x\nA: b\n\n< f\n--x--");
        let [Piece::Text(head), Piece::File { .. }, Piece::Text(tail)] = pieces(&parts) else { panic!("{parts:?}") };
        assert_eq!((head.as_str(), tail.as_str()), ("--x\r\nA: b\r\n\r\n", "\r\n--x--\r\n"));
    }
}
