//! A token call that is only tried: what went out, what came back, and what each part of that was taken for.

use std::sync::Arc;

use super::{
    flow::{TokenCall, TokenFailure},
    profile::Profile,
    token::{TokenFacts, TokenNote},
};

/// See the module.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The profile it was made for.
    pub profile: Arc<Profile>,
    /// The request as it went out, a line each; something stands in for the secret.
    pub request: Vec<String>,
    /// The call, where one was made.
    pub call: Option<Arc<TokenCall>>,
    /// Its token, or why there is none.
    pub token: Result<Arc<TokenFacts>, Arc<TokenFailure>>,
}

impl Trial {
    /// The answer, a line each; nothing where none came.
    pub fn answer(&self) -> Vec<String> {
        let Some(call) = &self.call else { return Vec::new() };
        let mut lines: Vec<_> = call.status.iter().map(ToString::to_string).collect();
        let headers = call.headers.iter().filter_map(|field| Some(format!("{}: {}", field.name, field.text()?)));
        lines.extend(headers);
        lines.push(String::new());
        lines.extend(call.body.lines().map(ToOwned::to_owned));
        lines
    }

    /// What each part of the answer was taken for: where it stands, and what it says. Nothing where no token came.
    pub fn read(&self) -> Option<Vec<(String, String)>> {
        let token = self.token.as_ref().ok()?;
        let answer = &self.profile.answer;
        let kind = if token.jwt.is_some() { "a JWT" } else { "opaque" };
        let life = token.life.map_or("unknown".to_owned(), |life| format!("{} s", life.as_secs()));
        let mut read = vec![
            (answer.token.to_string(), format!("{}, {} bytes, {kind}", token.serial, token.size)),
            (format!("{} ({})", answer.expiry, answer.expiry_is.name()), format!("it lives {life}")),
        ];
        read.extend(token.scope.iter().map(|scope| ("scope".to_owned(), scope.clone())));
        read.extend(
            token.skew_ms.map(|skew| ("Date".to_owned(), format!("the server's clock minus ours: {} s", skew / 1000))),
        );
        read.extend(token.notes.iter().map(|note| ("note".to_owned(), TokenNote::words(note))));
        Some(read)
    }
}
