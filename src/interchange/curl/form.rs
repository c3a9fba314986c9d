//! `-F`: the parts of a multipart form (RFC 7578), as curl writes them.

use std::fmt::Write as _;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::interchange::{Files, Import};

/// One part.
#[derive(Default)]
pub(super) struct Part {
    name: String,
    content: String,
    file_name: Option<String>,
    kind: Option<String>,
    headers: Vec<String>,
    encoder: Option<String>,
    is_file: bool,
}

/// Adds what one option says. With `syntax`, `@`, `<` and `;type=…` mean something.
pub(super) fn add(
    parts: &mut Vec<Part>,
    written: &str,
    syntax: bool,
    files: &Files,
    import: &mut Import,
) -> Result<(), String> {
    let (name, rest) = written.split_once('=').ok_or("-F wants `name=content`")?;
    if !syntax {
        parts.push(Part { name: name.to_owned(), content: rest.to_owned(), ..Part::default() });
        return Ok(());
    }
    if rest.starts_with('(') || name.is_empty() {
        import.leave(format!("-F `{written}`"), "parts within parts are not taken");
        return Ok(());
    }
    let sign = rest.chars().next().filter(|sign| matches!(sign, '@' | '<'));
    let rest = if sign.is_some() { rest.get(1..).unwrap_or_default() } else { rest };
    let mut reader = Words { rest };
    let content = reader.word(if sign == Some('@') { &[';', ','] } else { &[';'] });
    let mut part = Part { name: name.to_owned(), ..Part::default() };
    while let Some(end) = reader.take() {
        if end == ',' {
            import.leave(format!("-F `{written}`"), "one file a part is taken, not several");
            break;
        }
        setting(&mut part, &mut reader, files, import);
    }
    match sign {
        None => part.content = content,
        Some(sign) => {
            part.content = import.read_text(files, &content, "a part of the form").unwrap_or_default();
            if sign == '@' {
                part.is_file = true;
                part.file_name.get_or_insert_with(|| content.rsplit('/').next().unwrap_or_default().to_owned());
            }
        }
    }
    parts.push(part);
    Ok(())
}

fn setting(part: &mut Part, reader: &mut Words, files: &Files, import: &mut Import) {
    reader.rest = reader.rest.trim_start();
    let before = reader.rest;
    let Some((name, rest)) = before.split_once('=') else { return reader.rest = "" };
    reader.rest = rest;
    match name.trim() {
        // The parameters of a media type are parted by `;` too.
        "type" => {
            let mut kind = reader.word(&[';', ',']);
            while reader.rest.starts_with(';') && !is_setting(reader.rest) {
                reader.take();
                kind = format!("{kind};{}", reader.word(&[';', ',']));
            }
            part.kind = Some(kind.trim().to_owned());
        }
        "filename" => part.file_name = Some(reader.word(&[';', ','])),
        "headers" => match reader.rest.strip_prefix('@') {
            None => part.headers.push(reader.word(&[';', ','])),
            Some(rest) => {
                reader.rest = rest;
                let file = reader.word(&[';', ',']);
                let text = import.read_text(files, &file, "header fields").unwrap_or_default();
                part.headers.extend(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
            }
        },
        "encoder" => {
            let encoder = reader.word(&[';', ',']);
            if ["base64", "binary", "8bit"].contains(&encoder.as_str()) {
                part.encoder = Some(encoder);
            } else {
                import.leave(format!("`;encoder={encoder}` of a form"), "base64, binary and 8bit are taken");
            }
        }
        other => {
            let value = reader.word(&[';', ',']);
            import.leave(format!("`;{other}={value}` of a form"), "curl knows type, filename, headers and encoder");
        }
    }
}

fn is_setting(rest: &str) -> bool {
    let rest = rest.trim_start_matches([';', ' ']);
    ["type=", "filename=", "headers=", "encoder="].iter().any(|name| rest.starts_with(name))
}

struct Words<'a> {
    rest: &'a str,
}

impl Words<'_> {
    fn take(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = self.rest.get(letter.len_utf8()..).unwrap_or_default();
        Some(letter)
    }

    /// Up to one of the ends; within quotes they are characters like others.
    fn word(&mut self, ends: &[char]) -> String {
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let (mut word, mut letters) = (String::new(), quoted.char_indices());
            while let Some((at, letter)) = letters.next() {
                match letter {
                    '"' => {
                        let rest = quoted.get(at + 1..).unwrap_or_default();
                        self.rest = rest.trim_start();
                        return word;
                    }
                    '\\' => match letters.next() {
                        Some((_, escaped @ ('"' | '\\'))) => word.push(escaped),
                        other => {
                            word.push('\\');
                            word.extend(other.map(|(_, letter)| letter));
                        }
                    },
                    letter => word.push(letter),
                }
            }
        }
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }
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
