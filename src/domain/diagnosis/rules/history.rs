//! What endpoints did before, with this token and with others.

use super::{Cause, Fact, Facts, Remedy, fresh, is_in_time, left, likely, possible, schemes, status, token::time};

fn accepted_before(facts: &Facts) -> Option<&str> {
    facts.find(|fact| if let Fact::AcceptedBefore(token) = fact { Some(token.as_str()) } else { None })
}

/// Whether the answer gives a reason of its own.
fn has_reason(facts: &Facts) -> bool {
    let named =
        facts.find(|fact| if let Fact::Error { code, .. } = fact { Some(code != "invalid_token") } else { None });
    named == Some(true)
        || schemes(facts).is_some_and(|schemes| !schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("bearer")))
}

pub(super) fn used_up(facts: &Facts) -> Option<Cause> {
    let tokens = facts.find(|fact| if let Fact::UsedUp(tokens) = fact { Some(*tokens) } else { None })?;
    (tokens >= 3).then(|| {
        likely(
            "one-use",
            "This API takes each token once.",
            format!("{tokens} tokens in a row were answered at their first use and refused at their second"),
            "choose the policy per-transaction: a new token for each send",
            Remedy::Policy,
        )
    })
}

pub(super) fn superseded(facts: &Facts) -> Option<Cause> {
    let sent = facts.find(|fact| if let Fact::SentOlder(token) = fact { Some(token) } else { None })?;
    let newer = facts.find(|fact| if let Fact::NewerAccepted(token) = fact { Some(token) } else { None })?;
    (is_in_time(facts) && !has_reason(facts)).then(|| {
        likely(
            "superseded",
            "A newer token has taken its place.",
            format!("{sent} was sent on purpose and refused; {newer} was answered by the same API"),
            "send it with the token of the policy",
            Remedy::Send,
        )
    })
}

/// Refused while it was good: the same endpoint took it before, or takes the next one.
pub(super) fn revoked(facts: &Facts) -> Option<Cause> {
    let next = facts.find(|fact| if let Fact::NextAccepted(token) = fact { Some(token) } else { None });
    let before = accepted_before(facts).filter(|_| fresh(facts).is_none() && !facts.has(&Fact::KnownFutile));
    let (token, seconds) = left(facts).filter(|(_, seconds)| *seconds > 0)?;
    if !is_in_time(facts) || has_reason(facts) || status(facts) != Some(401) {
        return None;
    }
    let proof = match (next, before) {
        (Some(next), _) => format!("{next} was accepted in its place"),
        (None, Some(_)) => "this endpoint accepted it before".to_owned(),
        (None, None) => return None,
    };
    let (mend, remedy) = match (next, facts.has(&Fact::Manual)) {
        (Some(_), _) => ("look at the token and those before it; if this is often, ask what ends them", Remedy::Token),
        (None, true) => ("renew the token", Remedy::Renew),
        (None, false) => ("send it as usual: the token is renewed and the call repeated", Remedy::Send),
    };
    Some(likely(
        "revoked",
        "The server ended the token before its time.",
        format!("{token} was refused with {} left, and {proof}", time(seconds)),
        mend,
        remedy,
    ))
}

pub(super) fn no_longer(facts: &Facts) -> Option<Cause> {
    let before = accepted_before(facts)?;
    let (token, age) = fresh(facts).filter(|_| is_in_time(facts) && !has_reason(facts) && !is_same(facts))?;
    Some(likely(
        "no-longer",
        "This endpoint takes tokens of this client no longer.",
        format!("it accepted {before} before; now it refused it, and {token} too, {age} ms old"),
        "send it once as another client; ask whether this one was locked or its rights were changed",
        Remedy::OnPurpose,
    ))
}

pub(super) fn always(facts: &Facts) -> Option<Cause> {
    let (place, token) = facts.find(|fact| match fact {
        Fact::AcceptedElsewhere { place, token } => Some((place, token)),
        _ => None,
    })?;
    let refused = match fresh(facts) {
        Some((fresh, age)) => format!("it refused {fresh} too, {age} ms old"),
        None if facts.has(&Fact::KnownFutile) => "it refused a token just issued less than a minute ago".to_owned(),
        None => return None,
    };
    (accepted_before(facts).is_none() && is_in_time(facts) && !has_reason(facts) && !is_same(facts)).then(|| {
        possible(
            "always-refuses",
            "This endpoint takes no token of this client.",
            format!("{refused}; {token} was answered by {place}"),
            "look at its address, and ask whether this client may call it",
            Remedy::Request,
        )
    })
}

fn is_same(facts: &Facts) -> bool {
    facts.has(&Fact::SameAgain)
}
