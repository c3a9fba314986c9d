//! Which format a text has, and its import.

use serde_json::Value;

use super::{Files, Found, Import, curl, har, openapi, postman};
use crate::{
    domain::request::Pair,
    library::http_file::{self, HttpFile},
};

/// A format that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// curl command lines.
    Curl,
    /// OpenAPI 2.0, 3.0 or 3.1, as JSON or YAML.
    OpenApi,
    /// A collection or an environment of Postman 2.1.
    Postman,
    /// An archive of HTTP 1.2.
    Har,
    /// A `.http` file.
    Http,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Curl, Self::OpenApi, Self::Postman, Self::Har, Self::Http];

    /// As written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::OpenApi => "openapi",
            Self::Postman => "postman",
            Self::Har => "har",
            Self::Http => "http",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The one that a text has, if it can be told.
    pub fn of(text: &str) -> Option<Self> {
        if curl::is_curl(text) {
            return Some(Self::Curl);
        }
        if text.trim_start().starts_with('{') {
            let json: Value = serde_json::from_str(text).ok()?;
            let has = |pointer: &str| json.pointer(pointer).is_some();
            return if has("/openapi") || has("/swagger") {
                Some(Self::OpenApi)
            } else if has("/log/entries") {
                Some(Self::Har)
            } else if has("/info") && has("/item") || has("/values") {
                Some(Self::Postman)
            } else {
                None
            };
        }
        let key = |line: &str| {
            ["openapi", "swagger"].contains(&line.split(':').next().unwrap_or_default().trim_matches(['"', '\'']))
        };
        if text.lines().any(key) {
            return Some(Self::OpenApi);
        }
        (!http_file::blocks(text).is_empty()).then_some(Self::Http)
    }

    /// What a text of this format gives; `files` are those that may be read.
    pub fn imported(self, text: &str, files: &Files) -> Import {
        match self {
            Self::Curl => curl::imported(text, files),
            Self::OpenApi => openapi::imported(text, files),
            Self::Postman => postman::imported(text),
            Self::Har => har::imported(text),
            Self::Http => http(text),
        }
    }
}

fn http(text: &str) -> Import {
    let mut import = Import::default();
    for block in http_file::blocks(text) {
        for (setting, _) in &block.settings {
            import.leave(format!("the setting `@{setting}`"), "settings stay with their file: open the file instead");
        }
        import.requests.push(Found { folders: Vec::new(), draft: block.draft });
    }
    let variables = HttpFile::parse(text).variables();
    import.variables = variables.into_iter().map(|(name, value)| Pair::new(name, value)).collect();
    if import.requests.is_empty() {
        import.leave("the text", "there is no request in it");
    }
    import
}
