//! A request, its token call, or the whole flow as source code that a person can paste and run.
//!
//! A language is a folder of templates under `assets/snippets` and one escaper ([`escape`]), which writes any text as a
//! literal of that language; a person's own folders override or add. Secrets are read from the environment by the code
//! and are no text in it, unless they are revealed on purpose. What a client cannot send is said in a comment and told as
//! [`Snippet::not_expressible`]. Pure: values in, text out; `cli` and `app` call [`Language::snippet`].

use std::{fmt, sync::Arc};

use crate::domain::{credential::Credential, profile::Profile, request::Prepared, secret::Secret};

mod context;
mod escape;
mod expiry;
mod language;
mod limits;
mod pieces;
mod template;
mod variables;

#[cfg(test)]
mod tests;

pub use language::{About, Broken, Folder, Language, Proof, Snippets};
pub use variables::Variable;

/// What a snippet is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Kind {
    /// The token call.
    Token,
    /// One call with a token that is at hand.
    #[default]
    Call,
    /// A token fetched and kept until near its end, the call, one renewal and one replay after a 401.
    Flow,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Token, Self::Call, Self::Flow];

    /// As written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Call => "call",
            Self::Flow => "flow",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The one after it, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Token => Self::Call,
            Self::Call => Self::Flow,
            Self::Flow => Self::Token,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is to be written as code.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The request; a token call has none.
    pub request: Option<&'a Prepared>,
    /// Where it goes, and how its token is asked for.
    pub profile: &'a Profile,
    /// Who asks.
    pub credential: Option<&'a Credential>,
    /// Secrets that are to be text, since the person said so.
    pub revealed: Option<&'a Revealed>,
}

/// Secrets that may stand in a snippet.
#[derive(Clone, Debug, Default)]
pub struct Revealed {
    /// The token of a call.
    pub token: Option<Arc<Secret>>,
    /// The secret of the client.
    pub client_secret: Option<Arc<Secret>>,
}

/// Source code.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// The code.
    pub text: String,
    /// The environment variables that it reads.
    pub variables: Vec<Variable>,
    /// What the client of this language cannot send of the request; the code says it too.
    pub not_expressible: Option<String>,
}

/// Why there is no snippet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnippetError {
    /// Only the token call needs no request.
    #[error("a `{0}` snippet is of a request, and there is none")]
    NoRequest(Kind),
    /// The request brings its own credentials.
    #[error("the request carries an `Authorization` of its own, so there is no token to fetch")]
    TypedAuthorization,
    /// There is nobody to fetch a token for.
    #[error("profile `{0}` has no credentials, so there is no token call")]
    NoCredential(String),
    /// The body is in a file or a stream.
    #[error("the body is not at hand")]
    BodyElsewhere,
    /// The template, a person's own perhaps, cannot be filled in.
    #[error("the template `{template}` of {language} cannot be filled in: {why}")]
    Template {
        /// The language.
        language: String,
        /// The file.
        template: String,
        /// What the engine of templates says.
        why: String,
    },
}

impl SnippetError {
    /// What a person can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoRequest(_) => "name a saved request, or a method and an address",
            Self::TypedAuthorization => "kind `call` writes the request as it is",
            Self::NoCredential(_) => "give the profile a client id: `authscope profiles add`, or `:profile edit`",
            Self::BodyElsewhere => "a body of up to 1 MiB can stand in a snippet",
            Self::Template { .. } => "mend the template, or take it away: the built-in one is used then",
        }
    }
}
