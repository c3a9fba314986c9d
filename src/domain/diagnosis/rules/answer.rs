//! What the answer itself says: its challenges, where it came from, how old it is.

use super::{Cause, Fact, Facts, Remedy, asks_for_bearer, fresh, likely, possible, schemes};

pub(super) fn wrong_scheme(facts: &Facts) -> Option<Cause> {
    let sent = facts.find(|fact| if let Fact::SentBy(scheme) = fact { Some(scheme) } else { None })?;
    (asks_for_bearer(facts) && !sent.eq_ignore_ascii_case("bearer")).then(|| {
        likely(
            "wrong-scheme",
            "The token was sent by another scheme than the API asks for.",
            format!("`{sent}` was sent, the answer asks for `Bearer`"),
            "set the prefix of the token header in the profile to `Bearer`, or correct the header row",
            Remedy::Profile,
        )
    })
}

pub(super) fn wrong_header(facts: &Facts) -> Option<Cause> {
    let sent = facts.find(|fact| if let Fact::SentIn(header) = fact { Some(header) } else { None })?;
    (asks_for_bearer(facts) && sent != "authorization").then(|| {
        likely(
            "wrong-header",
            "The token was sent in another header field than the API reads.",
            format!(
                "it went out in `{sent}`; a Bearer challenge is answered in `Authorization` (RFC 6750, section 2.1)"
            ),
            "set the name of the token header in the profile to `Authorization`",
            Remedy::Profile,
        )
    })
}

pub(super) fn other_scheme(facts: &Facts) -> Option<Cause> {
    let asked = schemes(facts).filter(|asked| !asked.is_empty() && !asks_for_bearer(facts))?;
    let (name, mend) = if asked.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic")) {
        ("basic-asked", "check the address, or type the `Authorization: Basic` header it wants")
    } else {
        ("other-scheme", "check the address, or type the `Authorization` header it wants")
    };
    Some(likely(
        name,
        "The endpoint does not take bearer tokens.",
        format!("it asks for {} (RFC 9110, section 11.6.1)", asked.join(", ")),
        mend,
        Remedy::Request,
    ))
}

fn error(facts: &Facts) -> Option<(&str, Option<&str>)> {
    facts.find(|fact| match fact {
        Fact::Error { code, scope } => Some((code.as_str(), scope.as_deref())),
        _ => None,
    })
}

pub(super) fn scope(facts: &Facts) -> Option<Cause> {
    let (_, scope) = error(facts).filter(|(code, _)| *code == "insufficient_scope")?;
    let seen = match scope {
        Some(scope) => format!("the answer asks for scope `{scope}` (RFC 6750, section 3.1)"),
        None => "the answer says `insufficient_scope` and names none (RFC 6750, section 3.1)".to_owned(),
    };
    let mend = "ask for that scope in the credential; another token of the same scope would be refused too";
    Some(likely("scope", "The token lacks a scope.", seen, mend, Remedy::Credential))
}

pub(super) fn other_error(facts: &Facts) -> Option<Cause> {
    let (code, _) = error(facts).filter(|(code, _)| !matches!(*code, "insufficient_scope" | "invalid_token"))?;
    Some(likely(
        "other-error",
        "The server names a reason that another token does not heal.",
        format!("the challenge says `{code}`"),
        "mend the request, or sign in as that reason asks",
        Remedy::Request,
    ))
}

pub(super) fn cached(facts: &Facts) -> Option<Cause> {
    let age = facts.find(|fact| if let Fact::Age(age) = fact { Some(*age) } else { None }).filter(|age| *age > 1)?;
    Some(likely(
        "cached",
        "A cache answered, not the API.",
        format!("the answer is {age} s older than this call by its own `Age` field (RFC 9111, section 5.1)"),
        "send `Cache-Control: no-cache` with the request",
        Remedy::Request,
    ))
}

/// A page instead of the API's own kind of answer. A `Via` or a `Server` alone says nothing: most APIs have both.
pub(super) fn gateway(facts: &Facts) -> Option<Cause> {
    let kind = facts.find(|fact| if let Fact::MediaType(kind) = fact { Some(kind.as_str()) } else { None });
    let before = facts.find(|fact| if let Fact::MediaTypeBefore(kind) = fact { Some(kind.as_str()) } else { None });
    let server = facts.find(|fact| if let Fact::Server(server) = fact { Some(server) } else { None });
    let usual = facts.find(|fact| if let Fact::ServerBefore(server) = fact { Some(server) } else { None });
    let proxy = facts.find(|fact| if let Fact::Proxy(proxy) = fact { Some(proxy) } else { None });
    let kind = kind.filter(|kind| matches!(*kind, "text/html" | "application/xhtml+xml"))?;
    let what = "Something between here and the API refused the call, not the API.";
    let mend = "look at the page it sent, and at the proxies and gateways on the way; the token may be good";
    let cause = match (server, usual, before, proxy) {
        (Some(server), Some(usual), ..) if server != usual => {
            likely("gateway", what, format!("`{server}` sent a page; `{usual}` answered before"), mend, Remedy::Profile)
        }
        (.., Some(before), _) if before != kind => {
            let seen = format!("it sent a page, `{kind}`; the API answered in `{before}` before");
            likely("gateway", what, seen, mend, Remedy::Profile)
        }
        (.., Some(proxy)) if fresh(facts).is_some() => {
            let seen = format!("it sent a page twice, and both calls went through the proxy {proxy}");
            possible("gateway", what, seen, mend, Remedy::Profile)
        }
        _ => return None,
    };
    Some(cause)
}
