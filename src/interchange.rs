//! Requests that come from elsewhere and go elsewhere: text to values and back.
//!
//! Owns what a foreign format means in the words of the house. It reads no file, asks nobody and opens no connection:
//! a file that a text names is an [`Ask`], and its bytes are handed in after a yes. What cannot be taken is
//! [`Left`] with its reason, never dropped. `cli` and `app` call it.

use std::collections::BTreeMap;

use crate::domain::request::{Draft, Pair};

pub mod curl;
pub mod export;
mod files;
pub mod format;
pub mod har;
mod multipart;
pub mod openapi;
pub mod postman;
pub mod recorded;
mod secrets;
mod server;

pub use files::files;
pub use server::{Server, profiles};

/// Requests that one import gives.
const MOST_REQUESTS: usize = 5000;

/// The files that a person let an import read, by the name that the text has for each.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a text gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// The requests, in order.
    pub requests: Vec<Found>,
    /// Variables that they mention and the text gives a value.
    pub variables: Vec<Pair>,
    /// Places where the requests go, for a config file.
    pub servers: Vec<Server>,
    /// Files that wait for a yes.
    pub asks: Vec<Ask>,
    /// What was not taken.
    pub left: Vec<Left>,
}

/// A request that was found, and the folder that the text had it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The names of its folders, the outermost first.
    pub folders: Vec<String>,
    /// The request.
    pub draft: Draft,
}

/// A file that a text wants to have read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The file, as the text names it.
    pub file: String,
    /// What for.
    pub what: String,
}

/// A part that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The part.
    pub what: String,
    /// Why, and what to do instead.
    pub why: String,
}

impl Import {
    /// Adds a request, unless there are too many.
    fn push(&mut self, folders: Vec<String>, draft: Draft) {
        if self.requests.len() < MOST_REQUESTS {
            self.requests.push(Found { folders, draft });
        } else {
            self.leave(format!("requests after the first {MOST_REQUESTS}"), "an import takes no more at once");
        }
    }

    fn leave(&mut self, what: impl Into<String>, why: impl Into<String>) {
        let left = Left { what: what.into(), why: why.into() };
        if !self.left.contains(&left) {
            self.left.push(left);
        }
    }

    /// The bytes of a file, or a question for it.
    fn read<'a>(&mut self, files: &'a Files, file: &str, what: &str) -> Option<&'a [u8]> {
        let found = files.get(file).map(Vec::as_slice);
        let ask = Ask { file: file.to_owned(), what: what.to_owned() };
        if found.is_none() && !self.asks.contains(&ask) {
            self.asks.push(ask);
        }
        found
    }

    /// The text of a file; one that is none is left out.
    fn read_text(&mut self, files: &Files, file: &str, what: &str) -> Option<String> {
        let bytes = self.read(files, file, what)?.to_vec();
        let text = String::from_utf8(bytes).ok();
        if text.is_none() {
            self.leave(format!("{what} `{file}`"), "it is no text in UTF-8: send it with `send -d @FILE`");
        }
        text
    }
}

/// A text of one line, of a length that a list can show.
fn title(text: &str) -> String {
    let mut words = String::new();
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()).filter(|word| !word.is_empty())
    {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words.chars().take(120).collect()
}

/// A name as a variable can have it.
fn variable_name(name: &str) -> String {
    let fit = |letter: char| if letter.is_alphanumeric() || "_-.$".contains(letter) { letter } else { '_' };
    name.trim().chars().map(fit).collect()
}
