//! What to try where no cause can be named, and what it is not.

use super::{super::RuledOut, Experiment, Fact, Facts, Remedy, fresh, left, server_clock, status, token::time};

/// The experiment that tells the most.
pub(in super::super) fn next(facts: &Facts) -> Experiment {
    let (what, remedy) = if status(facts) == Some(403) {
        (
            "send it as another client, or with an older token: if that is answered, it is about this client's rights",
            Remedy::OnPurpose,
        )
    } else if facts.has(&Fact::SentTyped) {
        (
            "send it with a token that is fetched: if that is answered, what was typed is wrong; remove a header row that stands in its way",
            Remedy::Send,
        )
    } else if facts.has(&Fact::Manual) {
        ("renew the token and send again: if the next one is answered, this one was ended at the server", Remedy::Renew)
    } else if fresh(facts).is_some() || facts.has(&Fact::KnownFutile) {
        (
            "send it without a token: the same answer says that the token is not what it looks at; then try another request with the same token",
            Remedy::OnPurpose,
        )
    } else {
        (
            "send it as usual: the token is renewed and the call repeated; whether the next token is answered tells",
            Remedy::Send,
        )
    };
    Experiment { what: what.to_owned(), remedy }
}

/// What the facts speak against.
pub(in super::super) fn ruled_out(facts: &Facts) -> Vec<RuledOut> {
    let mut out = Vec::new();
    let mut add = |what, seen: String| out.push(RuledOut { what, seen });
    if let Some((token, seconds)) = left(facts).filter(|(_, seconds)| *seconds > 0) {
        add("expired", format!("{token} had {} left by our clock", time(seconds)));
    }
    if let Some(ahead) = server_clock(facts).filter(|ahead| ahead.abs() <= 5) {
        add("clocks differ", format!("the server's clock is {ahead:+} s from ours"));
    }
    let header = facts.find(|fact| if let Fact::SentIn(header) = fact { Some(header.as_str()) } else { None });
    let flawed = facts.find(|fact| if let Fact::Flawed(_) = fact { Some(()) } else { None });
    if let Some(header) = header.filter(|_| flawed.is_none()) {
        add("malformed header", format!("`{header}` held one token, with nothing stray around it"));
        add("lost at a redirect", "the request that was refused carried it".to_owned());
    }
    if let Some((token, _)) = fresh(facts) {
        add("wrong secret", format!("it earned {token} for this call"));
    }
    if status(facts) == Some(401)
        && facts.find(|fact| if let Fact::Error { .. } = fact { Some(()) } else { None }).is_none()
    {
        add("scope", "a 403 or `insufficient_scope` would say so (RFC 6750, section 3.1)".to_owned());
    }
    out
}
