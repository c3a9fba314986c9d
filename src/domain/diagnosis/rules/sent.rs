//! What was wrong with what was sent.

use super::{Cause, Fact, Facts, Remedy, likely};

pub(super) fn nothing(facts: &Facts) -> Option<Cause> {
    facts.has(&Fact::SentNothing).then(|| {
        let seen = "it went out without one".to_owned();
        likely("no-token", "No token was sent.", seen, "send it with a token", Remedy::Send)
    })
}

pub(super) fn left_behind(facts: &Facts) -> Option<Cause> {
    let (from, to) = facts.find(|fact| match fact {
        Fact::LeftBehind { from, to } => Some((from, to)),
        _ => None,
    })?;
    Some(likely(
        "left-behind",
        "The token stayed behind at a redirect.",
        format!("{from} sent the call on to {to}; a token goes to its own origins only, so it went there without"),
        "call that address itself, or add its origin to `allowed-origins` of the profile if it is yours",
        Remedy::Profile,
    ))
}

pub(super) fn flawed(facts: &Facts) -> Option<Cause> {
    let flaw = facts.find(|fact| if let Fact::Flawed(flaw) = fact { Some(flaw) } else { None })?;
    let header = facts.find(|fact| if let Fact::SentIn(header) = fact { Some(header.as_str()) } else { None });
    Some(likely(
        flaw.name(),
        format!("The header holds {}.", flaw.words()),
        format!("`{}` was sent so; `Bearer`, one blank and the token are wanted", header.unwrap_or("authorization")),
        "remove the header row, and a token is fetched and written as it should be",
        Remedy::Request,
    ))
}
