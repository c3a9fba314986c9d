//! What kind of body a request has, and the content type that says so.

use super::{Draft, Pair, body_file};

/// The kind of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON (RFC 8259).
    Json,
    /// Plain text.
    Text,
    /// Fields of a form, joined by `&`.
    Form,
    /// Parts (RFC 7578), each a text or a file.
    Multipart,
    /// The bytes of a file.
    File,
    /// No body.
    None,
}

/// The programs that format a body, each by its kind, with their arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formatters {
    /// Of JSON.
    pub json: Option<Vec<String>>,
    /// Of text.
    pub text: Option<Vec<String>>,
}

impl Formatters {
    /// The one of a kind.
    pub fn of(&self, kind: Kind) -> Option<&Vec<String>> {
        match kind {
            Kind::Json => self.json.as_ref(),
            Kind::Text => self.text.as_ref(),
            Kind::Form | Kind::Multipart | Kind::File | Kind::None => None,
        }
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=";
/// What the boundaries begin with that are made here.
const BOUNDARY: &str = "authscope-";

impl Kind {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 6] = [Self::Json, Self::Text, Self::Form, Self::Multipart, Self::File, Self::None];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Text => "text",
            Self::Form => "form",
            Self::Multipart => "multipart",
            Self::File => "file",
            Self::None => "none",
        }
    }

    /// The kind of the body of a draft: by its content type, else by how it begins.
    pub fn of(draft: &Draft) -> Self {
        let body = draft.body.trim();
        let typed = draft.content_type().map(|row| row.value.trim().to_ascii_lowercase()).unwrap_or_default();
        match typed.split(';').next().unwrap_or_default().trim() {
            _ if body.is_empty() => Self::None,
            _ if !body.contains('\n') && body_file(body).is_some() => Self::File,
            FORM => Self::Form,
            kind if kind.starts_with("multipart/") => Self::Multipart,
            kind if kind.ends_with("json") => Self::Json,
            "" if body.starts_with(['{', '[']) => Self::Json,
            _ => Self::Text,
        }
    }

    /// The content type that goes with it.
    fn content_type(self, boundary: &str) -> Option<String> {
        Some(match self {
            Self::Json => "application/json".to_owned(),
            Self::Text => "text/plain; charset=utf-8".to_owned(),
            Self::Form => FORM.to_owned(),
            Self::Multipart => format!("{MULTIPART}{boundary}"),
            Self::File => "application/octet-stream".to_owned(),
            Self::None => return None,
        })
    }
}

impl Draft {
    /// The row of its content type that counts.
    fn content_type(&self) -> Option<&Pair> {
        self.headers.iter().find(|row| row.on && is_content_type(row))
    }

    /// Whether a person chose the content type, so that it follows no kind.
    pub fn content_type_by_hand(&self) -> bool {
        self.headers.iter().filter(|row| is_content_type(row)).any(|row| !row.on || !is_of_a_kind(&row.value))
    }

    /// Gives it a body of that kind: the content type follows unless it was set by hand, and what the kind needs to begin
    /// with stands there where there was nothing. `number` makes a boundary.
    pub fn set_kind(&mut self, kind: Kind, number: u64) {
        let boundary = format!("{BOUNDARY}{number:x}");
        let before = Kind::of(self);
        match kind {
            Kind::None => self.body.clear(),
            Kind::File if before != kind => "< ./".clone_into(&mut self.body),
            Kind::Multipart if before == Kind::Form => self.body = parts(&fields(&self.body), &boundary, false),
            Kind::Multipart if self.body.trim().is_empty() => {
                self.body = parts(&[("note".to_owned(), "text".to_owned())], &boundary, true);
            }
            Kind::Multipart if before == kind => return,
            Kind::Json if self.body.trim().is_empty() => "{\n  \n}".clone_into(&mut self.body),
            _ if before == Kind::File => self.body.clear(),
            _ => {}
        }
        if self.content_type_by_hand() {
            return;
        }
        let at = self.headers.iter().position(is_content_type);
        match (kind.content_type(&boundary), at) {
            (Some(value), Some(at)) => self.headers[at].value = value,
            (Some(value), None) => self.headers.push(Pair::new("Content-Type", value)),
            (None, Some(at)) => {
                self.headers.remove(at);
            }
            (None, None) => {}
        }
    }

    /// A body was typed where there was none: the content type of its kind goes with it, where that is plain.
    pub fn follow_body(&mut self) {
        let kind = Kind::of(self);
        if matches!(kind, Kind::Json) && !self.headers.iter().any(is_content_type) {
            self.headers.extend(kind.content_type("").map(|value| Pair::new("Content-Type", value)));
        }
    }
}

fn is_content_type(row: &Pair) -> bool {
    row.name.trim().eq_ignore_ascii_case("content-type")
}

/// Whether a content type is one that goes with a kind.
fn is_of_a_kind(value: &str) -> bool {
    let plain = Kind::ALL.iter().filter(|kind| **kind != Kind::Multipart);
    plain.filter_map(|kind| kind.content_type("")).any(|known| known == value.trim())
        || value.trim().strip_prefix(MULTIPART).is_some_and(|boundary| boundary.starts_with(BOUNDARY))
}

/// The fields of a form.
fn fields(body: &str) -> Vec<(String, String)> {
    let text: String = body.lines().map(str::trim).collect();
    url::form_urlencoded::parse(text.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// Parts that say these fields, and one for a file behind them.
fn parts(fields: &[(String, String)], boundary: &str, with_file: bool) -> String {
    let mut lines = Vec::new();
    for (name, value) in fields {
        let name = name.replace('"', "%22");
        lines.push(format!("--{boundary}\nContent-Disposition: form-data; name=\"{name}\"\n\n{value}"));
    }
    if with_file {
        lines.push(format!(
            "--{boundary}\nContent-Disposition: form-data; name=\"file\"; filename=\"file.bin\"\n\
             Content-Type: application/octet-stream\n\n< ./file.bin"
        ));
    }
    lines.push(format!("--{boundary}--"));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(draft: &Draft) -> Vec<&str> {
        draft.headers.iter().map(|row| row.value.as_str()).collect()
    }

    #[test]
    fn the_content_type_follows_the_kind_unless_it_was_set_by_hand() {
        let mut draft = Draft { body: "{}".to_owned(), ..Draft::default() };
        for kind in Kind::ALL {
            draft.set_kind(kind, 7);
            assert_eq!(types(&draft).len(), usize::from(kind != Kind::None), "{kind:?}");
        }
        draft.headers = vec![Pair::new("content-type", "application/vnd.api+json")];
        draft.body = "{}".to_owned();
        assert_eq!(Kind::of(&draft), Kind::Json);
        draft.set_kind(Kind::Text, 7);
        assert_eq!(types(&draft), ["application/vnd.api+json"]);
    }

    #[test]
    fn a_form_becomes_parts_that_say_the_same() {
        let mut draft = Draft::default();
        draft.set_kind(Kind::Form, 1);
        draft.body = "a=1\n&b=x+y".to_owned();
        assert_eq!(Kind::of(&draft), Kind::Form);
        draft.set_kind(Kind::Multipart, 15);
        let said = "--authscope-f\nContent-Disposition: form-data; name=\"a\"\n\n1\n--authscope-f\n\
                    Content-Disposition: form-data; name=\"b\"\n\nx y\n--authscope-f--";
        assert_eq!(draft.body, said);
        assert_eq!(types(&draft), ["multipart/form-data; boundary=authscope-f"]);
        // Chosen again, its boundary stays that of the body.
        draft.set_kind(Kind::Multipart, 16);
        assert_eq!(types(&draft), ["multipart/form-data; boundary=authscope-f"]);
    }

    #[test]
    fn a_typed_body_brings_the_content_type_of_json_along_once() {
        let mut draft = Draft { body: "[1]".to_owned(), ..Draft::default() };
        draft.follow_body();
        draft.follow_body();
        assert_eq!(types(&draft), ["application/json"]);
        draft.headers[0].on = false;
        draft.follow_body();
        assert_eq!(draft.headers.len(), 1);
    }
}
