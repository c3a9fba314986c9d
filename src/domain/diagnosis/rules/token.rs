//! What is wrong with the token itself: its times, its claims, its scope.

use std::time::Duration;

use url::Url;

use super::{Cause, Fact, Facts, Remedy, left, likely, possible, server_clock, status, was_accepted};
use crate::domain::figures;

fn ends(facts: &Facts) -> Option<i64> {
    facts.find(|fact| if let Fact::Ends(seconds) = fact { Some(*seconds) } else { None })
}

/// Seconds in words.
pub(super) fn time(seconds: i64) -> String {
    figures::counted(Duration::from_secs(seconds.unsigned_abs()).as_secs())
}

pub(super) fn expired(facts: &Facts) -> Option<Cause> {
    let renew = if facts.has(&Fact::Manual) { Remedy::Renew } else { Remedy::Send };
    let seen = match (left(facts), ends(facts)) {
        (Some((token, seconds)), _) if seconds < 0 => {
            let sent =
                if facts.has(&Fact::Manual) { "policy manual sends it all the same" } else { "it was sent on purpose" };
            format!("by our clock {token} was over for {} when it went out; {sent}", time(seconds))
        }
        (None, Some(ends)) if ends <= 0 => {
            format!("its own `exp` was over for {} when it went out (RFC 7519, section 4.1.4)", time(ends))
        }
        _ => return None,
    };
    Some(likely("expired", "The token was over.", seen, "fetch another one", renew))
}

pub(super) fn early(facts: &Facts) -> Option<Cause> {
    let begins = facts.find(|fact| if let Fact::Begins(seconds) = fact { Some(*seconds) } else { None })?;
    let early = begins.saturating_sub(server_clock(facts)?);
    (early > 0).then(|| {
        likely(
            "too-early",
            "The token is issued in the server's future.",
            format!("it counts from {early} s after the clock of the server that refused it (RFC 7519, section 4.1.5)"),
            "send again in a moment: the servers' clocks differ",
            Remedy::Send,
        )
    })
}

pub(super) fn clock_ahead(facts: &Facts) -> Option<Cause> {
    let (ends, ahead) = (ends(facts)?, server_clock(facts)?);
    (ends > 0 && ends <= ahead).then(|| {
        likely(
            "clock-ahead",
            "The clock of the server that refused it is ahead, and the token is over by it.",
            format!("that clock is {} ahead of ours, and the token had {} left here", time(ahead), time(ends)),
            "look at the token's times; set this machine's clock, or tell whoever runs the API",
            Remedy::Token,
        )
    })
}

pub(super) fn bound(facts: &Facts) -> Option<Cause> {
    let to = facts.find(|fact| if let Fact::Bound(to) = fact { Some(*to) } else { None })?;
    (!was_accepted(facts)).then(|| {
        likely(
            "bound",
            "The token is bound, and was sent without what it is bound to.",
            format!("its claim `cnf` binds it to {to}"),
            "give the certificate in the profile, or ask for a token that is not bound",
            Remedy::Profile,
        )
    })
}

fn audience_of(facts: &Facts) -> Option<&[String]> {
    facts.find(|fact| if let Fact::Audience(audience) = fact { Some(audience.as_slice()) } else { None })
}

pub(super) fn audience(facts: &Facts) -> Option<Cause> {
    let audience = audience_of(facts).filter(|_| !was_accepted(facts))?;
    let asked = facts.find(|fact| if let Fact::AudienceAsked(asked) = fact { Some(asked) } else { None });
    let shown = audience.join(", ");
    if let Some(asked) = asked.filter(|asked| !audience.contains(asked)) {
        return Some(likely(
            "audience",
            "The token is for another audience than the one asked for.",
            format!("`{asked}` was asked for, its `aud` says `{shown}` (RFC 7519, section 4.1.3)"),
            "correct the audience of the credential, or ask why the token endpoint gives another one",
            Remedy::Credential,
        ));
    }
    let api = host_of_api(facts)?;
    let hosts: Option<Vec<String>> = audience.iter().map(|one| host(one)).collect();
    hosts.filter(|hosts| !hosts.iter().any(|host| is_kin(host, api))).map(|_| {
        likely(
            "audience",
            "The token is for another API.",
            format!("its `aud` names `{shown}`, the call went to `{api}` (RFC 7519, section 4.1.3)"),
            "check both addresses of the profile: they may belong to different environments",
            Remedy::Profile,
        )
    })
}

pub(super) fn scope_granted(facts: &Facts) -> Option<Cause> {
    let asked = facts.find(|fact| if let Fact::ScopeAsked(scope) = fact { Some(scope) } else { None })?;
    let granted = facts.find(|fact| if let Fact::ScopeGranted(scope) = fact { Some(scope) } else { None })?;
    let missing: Vec<_> = asked.split(' ').filter(|one| !granted.split(' ').any(|given| given == *one)).collect();
    (status(facts) == Some(403) && !missing.is_empty()).then(|| {
        likely(
            "scope-not-granted",
            "The token was granted less than was asked for.",
            format!("`{}` was asked for and not granted; the answer is 403", missing.join(" ")),
            "have that scope granted to this client; another token would have no more",
            Remedy::Credential,
        )
    })
}

/// A foreign issuer is possible only: some APIs take tokens of an issuer that is nobody's neighbour.
pub(super) fn issuer(facts: &Facts) -> Option<Cause> {
    let issuer = facts.find(|fact| if let Fact::Issuer(issuer) = fact { Some(issuer) } else { None })?;
    let endpoint = facts.find(|fact| if let Fact::TokenEndpoint(host) = fact { Some(host.as_str()) } else { None })?;
    let (host, api) = (host(issuer)?, host_of_api(facts)?);
    let is_foreign = !is_kin(&host, api) && !is_kin(&host, endpoint);
    (is_foreign && !was_accepted(facts)).then(|| {
        possible(
            "environment",
            "The token belongs to another environment.",
            format!("its `iss` names `{host}`; the API is `{api}`, and tokens come from `{endpoint}`"),
            "choose the profile it belongs to, or look at the two addresses of this one",
            Remedy::Profile,
        )
    })
}

fn host_of_api(facts: &Facts) -> Option<&str> {
    facts.find(|fact| if let Fact::Api(host) = fact { Some(host.as_str()) } else { None })
}

fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}

/// Whether two hosts may well be of one house: the same, or names with the same last two labels.
fn is_kin(one: &str, other: &str) -> bool {
    let is_name =
        |host: &str| host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_alphabetic()));
    let house = |host: &str| host.rsplitn(3, '.').take(2).map(str::to_owned).collect::<Vec<_>>();
    one == other || (is_name(one) && is_name(other) && house(one) == house(other))
}
