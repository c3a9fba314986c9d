//! What the token endpoint did when another token was wanted.

use super::{Cause, Fact, Facts, Remedy, fresh, likely};

pub(super) fn same_again(facts: &Facts) -> Option<Cause> {
    let (token, _) = fresh(facts).filter(|_| facts.has(&Fact::SameAgain))?;
    Some(likely(
        "same-token",
        "The token endpoint gave the refused token again.",
        format!("{token} has the text of the one before it, and was refused like it"),
        "look at the token, and ask whoever runs the token endpoint why it keeps one that the API refuses",
        Remedy::Token,
    ))
}

fn is_refused(facts: &Facts) -> bool {
    facts.has(&Fact::CredentialsRefused)
}

fn issued_before(facts: &Facts) -> Option<&str> {
    facts.find(|fact| if let Fact::IssuedBefore(token) = fact { Some(token.as_str()) } else { None })
}

pub(super) fn rotated(facts: &Facts) -> Option<Cause> {
    let token = issued_before(facts).filter(|_| is_refused(facts))?;
    Some(likely(
        "secret-rotated",
        "The secret was changed elsewhere.",
        format!("it earned {token} before, and now the token endpoint refuses it"),
        "give the new secret",
        Remedy::Secret,
    ))
}

pub(super) fn refused(facts: &Facts) -> Option<Cause> {
    (is_refused(facts) && issued_before(facts).is_none()).then(|| {
        likely(
            "credentials",
            "The token endpoint does not take this client id and secret.",
            "it refused them, and has issued nothing for them in this run".to_owned(),
            "check client id and secret, and that they belong to this environment",
            Remedy::Credential,
        )
    })
}

pub(super) fn page(facts: &Facts) -> Option<Cause> {
    let kind = facts.find(|fact| if let Fact::NoToken(kind) = fact { Some(kind.as_str()) } else { None })?;
    let (what, seen) = match kind {
        "text/html" | "application/xhtml+xml" => (
            "The token endpoint sent a page instead of a token.",
            format!("its answer is `{kind}`: a sign-in page, a portal of the network or a wrong address"),
        ),
        _ => (
            "The token endpoint sent something that is no token.",
            format!("its answer is `{kind}` without a token in it"),
        ),
    };
    let mend = "check the token URL of the profile, and open it in a browser to see the page";
    Some(likely("token-page", what, seen, mend, Remedy::Profile))
}

pub(super) fn status(facts: &Facts) -> Option<Cause> {
    let status = facts.find(|fact| if let Fact::TokenStatus(status) = fact { Some(*status) } else { None })?;
    let (what, mend) = match status {
        404 | 405 | 410 => ("The token URL is not where tokens are issued.", "check the token URL of the profile"),
        400 | 415 | 422 => (
            "The token endpoint does not take the token request as it is written.",
            "choose another way to write it in the profile: json, form-body or form-basic",
        ),
        _ => ("The token endpoint refused the token request.", "read what it said, and check the token URL"),
    };
    Some(likely("token-request", what, format!("the token endpoint answered {status}"), mend, Remedy::Profile))
}

pub(super) fn not_now(facts: &Facts) -> Option<Cause> {
    let why = facts.find(|fact| if let Fact::NoTokenNow(why) = fact { Some(why) } else { None })?;
    Some(likely(
        "no-renewal",
        "The token was refused or missing, and no other could be had.",
        why.clone(),
        "ask for a token again",
        Remedy::Renew,
    ))
}

pub(super) fn not_repeated(facts: &Facts) -> Option<Cause> {
    let why = facts.find(|fact| if let Fact::NotRepeated(why) = fact { Some(why) } else { None })?;
    let what = "The token was refused, and the call could not be repeated.";
    Some(likely("not-repeated", what, why.clone(), "send it again", Remedy::Send))
}
