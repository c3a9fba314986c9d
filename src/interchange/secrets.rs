//! What looks like a secret in a request that came from elsewhere: it is never written into a file that is shared.

use super::{Import, variable_name};
use crate::domain::{
    looks_secret::{form_masked, json_masked},
    request::{Draft, is_secret_bearing},
    secrecy::is_secret_by_name,
};

impl Import {
    /// Puts a variable in the place of every value that looks like a secret, and says so; a bearer token goes, since
    /// the profile has its own.
    pub fn hide_secrets(&mut self) {
        let mut hidden = Vec::new();
        for found in &mut self.requests {
            hide(&mut found.draft, &mut hidden);
        }
        self.variables.retain(|variable| {
            let keeps =
                variable.value.is_empty() || variable.value.contains("{{") || !is_secret_by_name(&variable.name);
            if !keeps {
                hidden.push((format!("the value of `{}`", variable.name), AS_VARIABLE));
            }
            keeps
        });
        for (what, why) in hidden {
            self.leave(what, why);
        }
    }
}

const AS_VARIABLE: &str = "a secret is not written into a file: give the variable a value in Vars";
const BEARER: &str = "the token of the profile goes in its place";

fn hide(draft: &mut Draft, hidden: &mut Vec<(String, &'static str)>) {
    draft.headers.retain(|header| {
        let bearer = header.name.eq_ignore_ascii_case("authorization")
            && header.value.get(..7).is_some_and(|begin| begin.eq_ignore_ascii_case("bearer "));
        if bearer {
            hidden.push(("a bearer token".to_owned(), BEARER));
        }
        !bearer
    });
    let is_secret =
        |name: &str| is_secret_by_name(name) || name.trim().parse().is_ok_and(|name| is_secret_bearing(&name));
    let rows = draft.headers.iter_mut().chain(&mut draft.query).chain(&mut draft.variables);
    for row in rows.filter(|row| is_secret(&row.name) && !is_variable(&row.value)) {
        row.value = stand_in(&row.name, hidden);
    }
    draft.variables.retain(|row| row.value != format!("{{{{{}}}}}", variable_name(&row.name)));
    draft.url = form_masked(&draft.url, |name| stand_in(name, hidden));
    if draft.body.trim_start().starts_with(['{', '[']) {
        draft.body = json_masked(&draft.body, |name| stand_in(name, hidden));
    } else if draft.body.contains('=') && !draft.body.contains('\n') {
        draft.body = form_masked(&draft.body, |name| stand_in(name, hidden));
    }
}

fn is_variable(value: &str) -> bool {
    value.is_empty() || value.contains("{{")
}

fn stand_in(name: &str, hidden: &mut Vec<(String, &'static str)>) -> String {
    hidden.push((format!("the value of `{name}`"), AS_VARIABLE));
    format!("{{{{{}}}}}", variable_name(&name.to_lowercase()))
}
