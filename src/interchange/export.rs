//! Requests and calls for others to read: a curl command for bash, HAR 1.2, a `.http` file, a transcript in Markdown.
//!
//! A record has no secret in it unless whoever made it was asked for that; nothing is masked here.

mod curl;
mod har;
mod http;
mod markdown;

pub use curl::curl;
pub use har::har;
pub use http::{draft, http};
pub use markdown::markdown;

use crate::domain::record::Record;

/// A format that can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A command line for bash.
    Curl,
    /// An archive.
    Har,
    /// A `.http` file.
    Http,
    /// A transcript.
    Markdown,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Curl, Self::Har, Self::Http, Self::Markdown];

    /// As written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Har => "har",
            Self::Http => "http",
            Self::Markdown => "markdown",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// The text of a record.
    pub fn text(self, record: &Record) -> String {
        match self {
            Self::Curl => curl(record),
            Self::Har => har(std::slice::from_ref(record)),
            Self::Http => http(record),
            Self::Markdown => markdown(record),
        }
    }
}

/// The header fields that a person would write: those that follow from the address and the body are not.
fn written(record: &Record) -> impl Iterator<Item = &(String, String)> {
    let follow = ["host", "content-length", "connection", "transfer-encoding", "accept-encoding", "user-agent"];
    let sent = record.trips.first().map(|trip| trip.sent.as_slice()).unwrap_or_default();
    sent.iter().filter(move |(name, value)| {
        let name = name.to_lowercase();
        !(follow.contains(&name.as_str()) && (name != "user-agent" || value.starts_with("authscope/")))
            && !(name == "accept" && value == "*/*")
    })
}

/// Whether a value stands for a secret that is not shown.
fn is_hidden(value: &str) -> bool {
    value.contains("••••••••")
}
