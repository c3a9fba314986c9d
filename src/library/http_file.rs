//! The `.http` format: requests as text, with `###` between them, as JetBrains' client, VS Code's REST Client, kulala
//! and httpyac read it.
//!
//! ```text
//! ### Check its status                    its name
//! # @sandbox                              a setting
//! GET {{base_url}}/x/{{id}}               method and address
//! Accept: application/json                header fields, up to a blank line
//!
//! {"a": 1}                                the body, up to the next ###
//! ```

use crate::domain::request::{Draft, Pair};

/// One request of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The request.
    pub draft: Draft,
    /// Its settings, `# @name value`, in order; a setting without a value has an empty one.
    pub settings: Vec<(String, String)>,
}

impl Block {
    /// The value of a setting, if it stands there.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The requests of a text, in order. A part without a request line is no request.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut part: Option<(String, Vec<&str>)> = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("###") {
            found.extend(part.take().and_then(|(name, lines)| block(name, &lines)));
            part = Some((name.trim().to_owned(), Vec::new()));
        } else {
            part.get_or_insert_default().1.push(line);
        }
    }
    found.extend(part.and_then(|(name, lines)| block(name, &lines)));
    found
}

fn block(name: String, lines: &[&str]) -> Option<Block> {
    let mut lines = lines.iter().copied();
    let mut draft = Draft { name, ..Draft::default() };
    let mut settings = Vec::new();
    let request = loop {
        let line = lines.next()?.trim();
        let comment = line.strip_prefix('#').or_else(|| line.strip_prefix("//"));
        match comment.map(|comment| comment.trim_start().strip_prefix('@')) {
            Some(Some(setting)) => {
                let (name, value) = setting.split_once(char::is_whitespace).unwrap_or((setting, ""));
                settings.push((name.to_owned(), value.trim().to_owned()));
            }
            Some(None) => {}
            None if line.is_empty() => {}
            None => break line,
        }
    };
    let (method, url) = request.split_once(char::is_whitespace).unwrap_or(("GET", request));
    method.clone_into(&mut draft.method);
    url.trim().clone_into(&mut draft.url);
    for line in lines.by_ref() {
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':').filter(|_| !line.starts_with('#')) {
            draft.headers.push(Pair::new(name.trim(), value.trim()));
        }
    }
    lines.collect::<Vec<_>>().join("\n").trim_end().clone_into(&mut draft.body);
    Some(Block { draft, settings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_apart_with_their_settings_headers_and_bodies() {
        let text =
            "# a file\n\n### One\n# @group A b\n// a remark\nPOST {{u}}/x\nA: 1\nB:2\n\n{\n  1\n}\n\n###\nhttp://h/\n";
        let found = blocks(text);
        assert_eq!(found.len(), 2);
        let one = &found[0];
        assert_eq!(
            (one.draft.name.as_str(), one.draft.method.as_str(), one.draft.url.as_str()),
            ("One", "POST", "{{u}}/x")
        );
        assert_eq!(one.draft.headers, [Pair::new("A", "1"), Pair::new("B", "2")]);
        assert_eq!(one.draft.body, "{\n  1\n}");
        assert_eq!((one.setting("group"), one.setting("sandbox")), (Some("A b"), None));
        assert_eq!((found[1].draft.method.as_str(), found[1].draft.url.as_str()), ("GET", "http://h/"));
    }

    #[test]
    fn a_text_without_a_request_has_none() {
        for text in ["", "###", "# only\n### remarks\n# here", "\n\n"] {
            assert_eq!(blocks(text), [], "{text:?}");
        }
    }
}
