//! What looks like a secret in a request that came from elsewhere: it is never written into a file that is shared.

use serde_json::Value;

use super::{Import, variable_name};
use crate::domain::request::{Draft, is_secret_bearing};

/// Whether a name is that of a secret, as far as a name can tell.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let parts = [
        "secret",
        "password",
        "passwd",
        "passphrase",
        "accesstoken",
        "refreshtoken",
        "idtoken",
        "apikey",
        "authtoken",
        "privatekey",
        "clientassertion",
        "sessionid",
        "signature",
        "cvv",
        "cardnumber",
    ];
    name == "token" || parts.iter().any(|part| name.contains(part))
}

impl Import {
    /// Puts a variable in the place of every value that looks like a secret, and says so; a bearer token goes, since
    /// the profile has its own.
    pub fn hide_secrets(&mut self) {
        let mut hidden = Vec::new();
        for found in &mut self.requests {
            hide(&mut found.draft, &mut hidden);
        }
        self.variables.retain(|variable| {
            let keeps = variable.value.is_empty() || variable.value.contains("{{") || !is_secret_name(&variable.name);
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
    let is_secret = |name: &str| is_secret_name(name) || name.trim().parse().is_ok_and(|name| is_secret_bearing(&name));
    let rows = draft.headers.iter_mut().chain(&mut draft.query).chain(&mut draft.variables);
    for row in rows.filter(|row| is_secret(&row.name) && !is_variable(&row.value)) {
        row.value = stand_in(&row.name, hidden);
    }
    draft.variables.retain(|row| row.value != format!("{{{{{}}}}}", variable_name(&row.name)));
    if let Some((address, query)) = draft.url.split_once('?') {
        draft.url = format!("{address}?{}", form_hidden(query, hidden));
    }
    if let Ok(json) = serde_json::from_str::<Value>(&draft.body) {
        let mut found = Vec::new();
        members(&json, &mut found);
        for (name, value) in found {
            let written = serde_json::to_string(&value).unwrap_or_default();
            let put = serde_json::to_string(&stand_in(&name, hidden)).unwrap_or_default();
            draft.body = draft.body.replace(&written, &put);
        }
    } else if draft.body.contains('=') && !draft.body.contains(['\n', '{']) {
        draft.body = form_hidden(&draft.body, hidden);
    }
}

fn is_variable(value: &str) -> bool {
    value.is_empty() || value.contains("{{")
}

fn stand_in(name: &str, hidden: &mut Vec<(String, &'static str)>) -> String {
    hidden.push((format!("the value of `{name}`"), AS_VARIABLE));
    format!("{{{{{}}}}}", variable_name(&name.to_lowercase()))
}

/// `a=1&secret=2` without the secrets.
fn form_hidden(form: &str, hidden: &mut Vec<(String, &'static str)>) -> String {
    let pairs = form.split('&').map(|pair| match pair.split_once('=') {
        Some((name, value)) if is_secret_name(name) && !is_variable(value) => {
            format!("{name}={}", stand_in(name, hidden))
        }
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The texts in JSON that have the name of a secret.
fn members(json: &Value, found: &mut Vec<(String, String)>) {
    match json {
        Value::Object(members_) => {
            for (name, value) in members_ {
                match value {
                    Value::String(text) if is_secret_name(name) && !is_variable(text) => {
                        found.push((name.clone(), text.clone()));
                    }
                    value => members(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| members(item, found)),
        _ => {}
    }
}
