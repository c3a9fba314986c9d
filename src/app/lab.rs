//! The sandbox lab: what the built-in API can be told to do wrong, a key each.
//!
//! The names alone live here; who starts the sandbox knows what each means to it.

/// Something the sandbox can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Every token issued so far is refused from now on.
    ExpireTokens,
    /// Tokens live 20 s from now on.
    Life20,
    /// Tokens live 5 s from now on.
    Life5,
    /// The client's credentials are refused.
    RefuseCredentials,
    /// Token calls take three seconds.
    SlowTokens,
    /// Token calls are never answered.
    HangTokens,
    /// The next token call is answered 429, Retry-After 8.
    ThrottleTokens,
    /// The next token calls are answered 503.
    BreakTokens,
    /// Token calls are answered by a web page.
    HtmlTokens,
    /// Every call is answered 401, whatever its token.
    RefuseCalls,
    /// Every call is answered 403: a scope is missing.
    MissingScope,
    /// The next call is answered 429, Retry-After 5.
    ThrottleCalls,
    /// The next call is answered 503.
    BreakCalls,
    /// The next call's connection is dropped without an answer.
    DropCalls,
    /// The next call's connection is dropped in the middle of the body.
    CutBody,
    /// The server's clock is an hour ahead.
    ServerAhead,
    /// Time runs sixty times as fast: tokens live 30 s, which stand for 30 minutes.
    Warp,
    /// All is as usual.
    Usual,
    /// Nothing new: what is out of the ordinary by now is told.
    Nothing,
}

/// What a key of the lab does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Play {
    /// The sandbox is told something.
    Fault(Fault),
    /// Many calls go out at once, across an expiry.
    Storm,
    /// The same calls go out under two policies.
    Compare,
}

/// One row of the lab.
pub struct Row {
    /// What is played.
    pub play: Play,
    /// Its key; the capital letter plays it and leaves the lab open.
    pub key: char,
    /// What it does.
    pub text: &'static str,
}

const fn row(key: char, fault: Fault, text: &'static str) -> Row {
    Row { play: Play::Fault(fault), key, text }
}

/// All rows, in the order shown.
pub const ROWS: &[Row] = &[
    row('e', Fault::ExpireTokens, "expire every token: the next call meets the documented 401"),
    row('l', Fault::Life20, "tokens live 20 s from now on"),
    row('f', Fault::Life5, "tokens live 5 s from now on"),
    row('c', Fault::RefuseCredentials, "refuse the client's credentials"),
    row('s', Fault::SlowTokens, "token calls take 3 s"),
    row('h', Fault::HangTokens, "token calls are never answered"),
    row('t', Fault::ThrottleTokens, "the next token call: 429, Retry-After 8"),
    row('b', Fault::BreakTokens, "the next three token calls: 503"),
    row('w', Fault::HtmlTokens, "token calls are answered by a web page"),
    row('r', Fault::RefuseCalls, "every call: 401, whatever its token"),
    row('m', Fault::MissingScope, "every call: 403, a scope is missing"),
    row('a', Fault::ThrottleCalls, "the next call: 429, Retry-After 5"),
    row('v', Fault::BreakCalls, "the next call: 503"),
    row('d', Fault::DropCalls, "the next call: no answer, connection dropped"),
    row('x', Fault::CutBody, "the next call: dropped in the middle of its body"),
    row('o', Fault::ServerAhead, "the server's clock is one hour ahead"),
    row('p', Fault::Warp, "time x60: tokens live 30 s, which stand for 30 minutes"),
    Row { play: Play::Storm, key: 'n', text: "storm: every token expires, and 20 calls go out at once" },
    Row { play: Play::Compare, key: 'y', text: "measure: ten calls under reuse, ten per-transaction" },
    row('u', Fault::Usual, "all is as usual again"),
];

impl Fault {
    /// What it does, in words.
    pub fn text(self) -> &'static str {
        ROWS.iter().find(|row| row.play == Play::Fault(self)).map_or("", |row| row.text)
    }
}

/// What is known of the sandbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lab {
    /// What it does out of the ordinary now, a line each.
    pub lines: Vec<String>,
}

/// What stands on the screen while time is warped.
pub const WARPED: &str = "time x60, 30 s stand for 30 min";

impl Lab {
    /// What the top line says of it, in full and in a word; nothing while all is as usual.
    pub fn label(&self) -> Option<(String, &'static str)> {
        let first = self.lines.first()?;
        let whole = match self.lines.len() {
            1 => first.clone(),
            more => format!("lab: {more} faults"),
        };
        let warped = self.lines.iter().any(|line| line == WARPED);
        Some((whole, if warped { "time x60" } else { "lab" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_key_of_its_own_that_moves_nothing() {
        for (at, row) in ROWS.iter().enumerate() {
            assert!(row.key.is_ascii_lowercase() && !matches!(row.key, 'j' | 'k' | 'q' | 'g'), "{}", row.key);
            assert!(ROWS[..at].iter().all(|other| other.key != row.key && other.play != row.play), "{}", row.key);
        }
    }
}
