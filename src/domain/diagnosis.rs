//! Why a call was answered 401 or 403: causes from facts alone, each with its evidence and what mends it.

use super::{challenge::Challenge, redact::Redactor};

/// Ranked causes, the likeliest first; empty when the facts name none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// The causes.
    pub causes: Vec<Cause>,
}

/// One cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What is wrong.
    pub what: String,
    /// What was seen that says so.
    pub seen: String,
    /// What to do, key first.
    pub mend: String,
}

/// What is known of a refused call when it is over.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The last status.
    pub status: u16,
    /// The challenges of the last answer.
    pub challenges: Vec<Challenge>,
    /// Whether the last attempt carried a token issued for it after a first 401.
    pub fresh_token_refused: bool,
    /// Whether this endpoint refused a fresh token within the last minute.
    pub known_futile: bool,
    /// Why the renewal failed, if it did.
    pub renewal_failed: Option<String>,
    /// Whether `Authorization` was typed by hand.
    pub typed: bool,
    /// Whether the token was typed, to be sent once.
    pub typed_token: bool,
    /// Whether no token was sent on purpose.
    pub no_token: bool,
    /// Whether a refusal was to be shown as it is, on purpose.
    pub no_replay: bool,
    /// Whether the policy is `manual`.
    pub manual: bool,
    /// Whether the token was over by our clock when it was sent.
    pub expired: bool,
    /// Seconds by which the token is not yet valid by the server's clock (`nbf`, `iat`), where positive.
    pub not_yet_valid: Option<i64>,
}

impl Diagnosis {
    /// The same, where the words of a server do not show a secret.
    #[must_use]
    pub fn masked(mut self, masks: &Redactor) -> Self {
        for Cause { what, seen, .. } in &mut self.causes {
            (*what, *seen) = (masks.masked(what), masks.masked(seen));
        }
        self
    }

    /// The causes that the facts speak for.
    pub fn of(facts: &Facts) -> Self {
        let mut causes = Vec::new();
        let mut add = |what: &str, seen: String, mend: &str| {
            causes.push(Cause { what: what.to_owned(), seen, mend: mend.to_owned() });
        };
        let bearer = facts.challenges.iter().find(|challenge| challenge.is("Bearer"));
        let others: Vec<_> = facts.challenges.iter().map(|challenge| challenge.scheme.as_str()).collect();
        match bearer.and_then(Challenge::error) {
            Some("insufficient_scope") => {
                let wanted = bearer.and_then(|challenge| challenge.param("scope")).unwrap_or("one it does not name");
                add(
                    "The token lacks a scope.",
                    format!("the answer asks for scope `{wanted}`"),
                    "ask for that scope in the profile; another token of the same scope would be refused too",
                );
            }
            Some(error) if error != "invalid_token" => {
                add(
                    "The server names a reason that another token does not heal.",
                    format!("the challenge says `{error}`"),
                    "mend the request",
                );
            }
            _ => {}
        }
        if bearer.is_none() && !others.is_empty() {
            add(
                "The endpoint does not take bearer tokens.",
                format!("it asks for {}", others.join(", ")),
                "check the address, or type the Authorization header it wants",
            );
        }
        if facts.no_token {
            add("No token was sent.", "you asked for that".to_owned(), "`s` sends with a token");
        }
        if facts.no_replay {
            add(
                "The server refused the token, and it was left at that.",
                "you asked for no renewal and no replay".to_owned(),
                "`s` renews the token and replays the call",
            );
        }
        if facts.typed_token {
            add(
                "The server refused the token you typed.",
                "a typed token is sent as it is and never renewed".to_owned(),
                "`s` sends with a token that is fetched",
            );
        }
        if facts.typed {
            add(
                "The server refused the Authorization header you typed.",
                "a typed header is sent as it is and never renewed".to_owned(),
                "remove the header row to let a token be fetched",
            );
        }
        if let Some(why) = &facts.renewal_failed {
            add("The token was refused and no other could be had.", why.clone(), "`R` asks for a token again");
        }
        if facts.manual && facts.expired {
            add(
                "The token was over.",
                "by our clock its life had ended, and policy manual sends it all the same".to_owned(),
                "`R` renews it",
            );
        }
        if let Some(seconds) = facts.not_yet_valid {
            add(
                "The token is issued in the server's future.",
                format!("it counts from {seconds} s after the server's own clock"),
                "the servers' clocks differ: send again in a moment",
            );
        }
        if facts.fresh_token_refused || facts.known_futile {
            let seen = if facts.known_futile {
                "it refused a token just issued less than a minute ago"
            } else {
                "it refused two tokens in a row, the second one just issued"
            };
            add(
                "The endpoint refuses every token of this credential.",
                seen.to_owned(),
                "check the address, the audience and the rights of this client",
            );
        }
        Self { causes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::challenge::challenges;

    #[test]
    fn nothing_is_said_without_a_fact() {
        assert_eq!(Diagnosis::of(&Facts { status: 401, ..Facts::default() }), Diagnosis::default());
    }

    #[test]
    fn the_scope_that_is_wanted_is_named() {
        let facts = Facts {
            status: 403,
            challenges: challenges([r#"Bearer error="insufficient_scope", scope="pay""#]),
            ..Facts::default()
        };
        assert!(Diagnosis::of(&facts).causes[0].seen.contains("`pay`"));
    }
}
