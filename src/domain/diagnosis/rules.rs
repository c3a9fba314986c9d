//! The rules: which facts speak for which cause. Each rule names its facts, and says nothing without them.

use super::{Cause, Experiment, Fact, Facts, Likelihood, Remedy};

mod answer;
mod history;
mod next;
mod sent;
mod token;
mod token_call;

pub(super) use next::{next, ruled_out};

/// A rule: a cause, if its facts are there.
type Rule = fn(&Facts) -> Option<Cause>;

/// All of them. Within one likelihood the earlier one counts for more: what is plain to see stands before what was
/// concluded.
const RULES: &[Rule] = &[
    sent::nothing,
    sent::left_behind,
    sent::flawed,
    answer::wrong_scheme,
    answer::wrong_header,
    answer::other_scheme,
    answer::scope,
    answer::other_error,
    answer::cached,
    answer::gateway,
    token_call::same_again,
    token::expired,
    token::early,
    token::clock_ahead,
    token::bound,
    token::audience,
    token::scope_granted,
    token_call::rotated,
    token_call::refused,
    token_call::page,
    token_call::status,
    token_call::not_now,
    token_call::not_repeated,
    history::used_up,
    history::superseded,
    history::revoked,
    history::no_longer,
    history::always,
    token::issuer,
];

/// The causes that the facts speak for, the likeliest first.
pub(super) fn causes(facts: &Facts) -> Vec<Cause> {
    let mut causes: Vec<_> = RULES.iter().filter_map(|rule| rule(facts)).collect();
    causes.sort_by_key(|cause| cause.likelihood);
    causes
}

fn likely(name: &'static str, what: impl Into<String>, seen: String, mend: &str, remedy: Remedy) -> Cause {
    let (what, mend) = (what.into(), mend.to_owned());
    Cause { name, likelihood: Likelihood::Likely, what, seen, mend, remedy }
}

fn possible(name: &'static str, what: impl Into<String>, seen: String, mend: &str, remedy: Remedy) -> Cause {
    Cause { likelihood: Likelihood::Possible, ..likely(name, what, seen, mend, remedy) }
}

/// What is left of the token by our clock.
fn left(facts: &Facts) -> Option<(&str, i64)> {
    facts.find(|fact| match fact {
        Fact::Left { token, seconds } => Some((token.as_str(), *seconds)),
        _ => None,
    })
}

fn server_clock(facts: &Facts) -> Option<i64> {
    facts.find(|fact| if let Fact::ServerClock(ahead) = fact { Some(*ahead) } else { None })
}

fn status(facts: &Facts) -> Option<u16> {
    facts.find(|fact| if let Fact::Status(status) = fact { Some(*status) } else { None })
}

/// The schemes that the answer asks for.
fn schemes(facts: &Facts) -> Option<&[String]> {
    facts.find(|fact| if let Fact::Schemes(schemes) = fact { Some(schemes.as_slice()) } else { None })
}

fn asks_for_bearer(facts: &Facts) -> bool {
    schemes(facts).is_some_and(|schemes| schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("bearer")))
}

/// Whether anything of this origin took this token, or the next one took its place: what the token is like is then not
/// what is wrong.
fn was_accepted(facts: &Facts) -> bool {
    facts
        .iter()
        .any(|fact| matches!(fact, Fact::AcceptedBefore(_) | Fact::AcceptedElsewhere { .. } | Fact::NextAccepted(_)))
}

/// Whether the refused token was good by every clock that is known.
fn is_in_time(facts: &Facts) -> bool {
    left(facts).is_none_or(|(_, seconds)| seconds > 0)
        && token::early(facts).is_none()
        && token::clock_ahead(facts).is_none()
}

/// The token that a fresh renewal brought and that was refused too.
fn fresh(facts: &Facts) -> Option<(&str, u64)> {
    facts.find(|fact| match fact {
        Fact::FreshRefused { token, age } => Some((token.as_str(), *age)),
        _ => None,
    })
}
