//! What a body is, and the ways to look at it.

/// What a body is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON (RFC 8259), said by its media type or seen in its first bytes.
    Json,
    /// A JSON value a line, or one behind another: a stream of them.
    JsonLines,
    /// XML.
    Xml,
    /// HTML.
    Html,
    /// The fields of a form, as a browser sends them (`application/x-www-form-urlencoded`).
    Form,
    /// Events that a server sends one after the other (`text/event-stream`).
    Events,
    /// Text of any other kind.
    Text,
    /// A picture, and of which format.
    Image(&'static str),
    /// Bytes that are no text.
    Binary,
}

/// A way to look at a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A value a line, indented.
    Pretty,
    /// As it was sent, line by line.
    Raw,
    /// Sixteen bytes a line.
    Hex,
}

impl Mode {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Raw => "raw",
            Self::Hex => "hex",
        }
    }
}

impl Kind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::JsonLines => "JSON lines",
            Self::Xml => "XML",
            Self::Html => "HTML",
            Self::Form => "form",
            Self::Events => "events",
            Self::Text => "text",
            Self::Image(format) => format,
            Self::Binary => "bytes",
        }
    }

    /// Whether it is made of JSON values.
    pub(super) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::JsonLines)
    }

    /// Told from the media type (RFC 9110 §8.3.1), else from the first bytes.
    pub(super) fn of(content_type: Option<&str>, head: &[u8]) -> Self {
        let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
        let essence = essence.trim().to_ascii_lowercase();
        if matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json") {
            return Self::Json;
        }
        if matches!(
            essence.as_str(),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines"
        ) {
            return Self::JsonLines;
        }
        if let Some(format) = image(head) {
            return Self::Image(format);
        }
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if text.contains(&0) || text.utf8_chunks().filter(|chunk| chunk.invalid().len() == 1).count() > text.len() / 8 {
            return Self::Binary;
        }
        match essence.as_str() {
            "text/event-stream" => return Self::Events,
            "application/x-www-form-urlencoded" => return Self::Form,
            "text/html" => return Self::Html,
            "application/xhtml+xml" | "application/xml" | "text/xml" => return Self::Xml,
            _ if essence.ends_with("+xml") => return Self::Xml,
            _ => {}
        }
        match text.trim_ascii_start() {
            text if begins_with(text, b"<?xml") => Self::Xml,
            text if begins_with(text, b"<!doctype html") || begins_with(text, b"<html") => Self::Html,
            text if is_in_lines(text) => Self::JsonLines,
            [b'{', rest @ ..] if matches!(rest.trim_ascii_start().first(), None | Some(b'"' | b'}')) => Self::Json,
            [b'[', rest @ ..] if rest.trim_ascii_start().first().is_none_or(|byte| begins_a_value(*byte)) => Self::Json,
            _ => Self::Text,
        }
    }

    /// The ways to look at it, the first one first.
    pub fn modes(self) -> &'static [Mode] {
        match self {
            Self::Json | Self::JsonLines => &[Mode::Pretty, Mode::Raw, Mode::Hex],
            Self::Xml | Self::Html | Self::Form | Self::Events | Self::Text => &[Mode::Raw, Mode::Hex],
            Self::Image(_) | Self::Binary => &[Mode::Hex, Mode::Raw],
        }
    }
}

fn begins_with(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// The format of a picture, by its first bytes.
fn image(head: &[u8]) -> Option<&'static str> {
    use imagesize::ImageType;

    Some(match imagesize::image_type(head).ok()? {
        ImageType::Png => "PNG image",
        ImageType::Jpeg => "JPEG image",
        ImageType::Gif => "GIF image",
        ImageType::Webp => "WebP image",
        ImageType::Bmp => "BMP image",
        ImageType::Ico => "icon",
        ImageType::Tiff => "TIFF image",
        ImageType::Heif(_) => "HEIF image",
        _ => return None,
    })
}

/// Whether an object ends with the first line and another begins with the second.
fn is_in_lines(text: &[u8]) -> bool {
    let mut lines = text.splitn(2, |byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    first.starts_with(b"{\"") && first.ends_with(b"}") && second.starts_with(b"{")
}

fn begins_a_value(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b']' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_says_json_whatever_the_bytes() {
        for said in ["application/json", "Application/JSON; charset=utf-8", "application/problem+json", "text/json"] {
            assert_eq!(Kind::of(Some(said), b"<html>"), Kind::Json, "{said}");
        }
    }

    #[test]
    fn the_media_type_says_what_text_is_but_not_that_bytes_are_text() {
        for (said, kind) in [
            ("text/html; charset=utf-8", Kind::Html),
            ("application/soap+xml", Kind::Xml),
            ("application/x-www-form-urlencoded", Kind::Form),
            ("text/event-stream", Kind::Events),
            ("text/plain", Kind::Text),
        ] {
            assert_eq!(Kind::of(Some(said), b"a=1"), kind, "{said}");
        }
        assert_eq!(Kind::of(Some("text/html"), b"\0\0\0"), Kind::Binary);
    }

    #[test]
    fn without_a_word_the_first_bytes_tell() {
        for (head, kind) in [
            (&b" {\"a\":1}"[..], Kind::Json),
            (b"[1]", Kind::Json),
            (b"\xef\xbb\xbf{}", Kind::Json),
            (b"{\"a\":1}\n{\"a\":2}\n", Kind::JsonLines),
            (b"{\"a\":{}\n}", Kind::Json),
            (b"{{ template }}", Kind::Text),
            (b"[section]\nkey = 1", Kind::Text),
            (b"<HTML>", Kind::Html),
            (b"<?xml version='1.0'?><a/>", Kind::Xml),
            (b"<a href='x'>", Kind::Text),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01", Kind::Image("JPEG image")),
            (b"caf\xe9 au lait, s'il vous plait", Kind::Text),
            (b"", Kind::Text),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Kind::Image("PNG image")),
            (b"\x7fELF\x02\0\0", Kind::Binary),
        ] {
            assert_eq!(Kind::of(None, head), kind, "{head:?}");
        }
    }
}
