//! What is in reach of a request by `{{name}}`: its own variables, those of the run, its file, its folders and the profile;
//! values from earlier answers; values that are drawn at the send; and, once a person said yes, the environment.
//!
//! Owns which of two wins and where each comes from. Refuses to read anything: answers, the environment and draws are
//! handed in.

use std::{collections::BTreeMap, sync::Arc};

use crate::domain::{
    request::{Draft, body_file},
    secret::Secret,
    template::{Value, Variable, Variables, dynamic::Dynamic, mentions},
};

pub mod answers;

use answers::Answers;

/// Variables of one place, the nearest place first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// For the screen: run, request, file, folder, profile.
    pub source: String,
    /// Names and values.
    pub rows: Vec<(String, String)>,
}

impl Layer {
    /// Variables of a place.
    pub fn new(source: impl Into<String>, rows: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { source: source.into(), rows: rows.into_iter().collect() }
    }

    /// Those that a request gives itself.
    pub fn own(draft: &Draft) -> Self {
        let rows = draft.variables.iter().filter(|row| row.on && !row.name.is_empty());
        Self::new("request", rows.map(|row| (row.name.clone(), row.value.clone())))
    }
}

/// What of the machine's environment a request may read.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The variables that were read, each with its value, or nothing where there is no such variable.
    pub read: BTreeMap<String, Option<Arc<Secret>>>,
}

/// The places that variables come from.
#[derive(Clone, Copy)]
pub struct Reach<'a> {
    /// Those that win over answers, the nearest first: run, request.
    pub near: &'a [Layer],
    /// Answers of this run.
    pub answers: &'a Answers,
    /// Those behind them: file, folders, profile.
    pub far: &'a [Layer],
    /// What of the environment may be read.
    pub outside: &'a Outside,
}

impl Reach<'_> {
    /// All that is in reach, and what these names mention, near or far.
    pub fn variables(&self, names: impl IntoIterator<Item = String>) -> Variables {
        let of_layer = |layer: &Layer| -> Vec<Variable> {
            let variable = |(name, value): &(String, String)| Variable {
                name: name.clone(),
                value: Value::Text(value.clone()),
                source: layer.source.clone(),
            };
            layer.rows.iter().map(variable).collect()
        };
        let mut rows: Vec<Variable> = self.near.iter().flat_map(of_layer).collect();
        rows.extend(self.answers.given());
        rows.extend(self.far.iter().flat_map(of_layer));
        let mut names: Vec<String> = names.into_iter().collect();
        let mut at = 0;
        while let Some(name) = names.get(at).cloned() {
            at += 1;
            match rows.iter().find(|row| row.name == name).map(|row| &row.value) {
                Some(Value::Text(text)) => {
                    for (name, _) in mentions(text) {
                        if names.iter().all(|known| known != name) {
                            names.push(name.to_owned());
                        }
                    }
                }
                Some(_) => {}
                None => rows.extend(self.special(&name)),
            }
        }
        Variables::of(rows)
    }

    /// The variables of the environment that these names need and that were not read yet.
    pub fn wanted(&self, names: impl IntoIterator<Item = String>) -> Vec<String> {
        let variables = self.variables(names);
        let of_environment = variables.iter().filter_map(|row| of_environment(&row.name));
        let unread = of_environment.filter(|name| !self.outside.read.contains_key(*name));
        unread.map(str::to_owned).collect()
    }

    /// A variable by the form of its name: one that is drawn, one of the environment, one from an answer.
    fn special(&self, name: &str) -> Option<Variable> {
        let variable = |value, source: &str| Some(Variable { name: name.to_owned(), value, source: source.to_owned() });
        if let Some(wanted) = of_environment(name) {
            let value = match self.outside.read.get(wanted) {
                Some(Some(secret)) => Value::Secret(secret.clone()),
                Some(None) => Value::Missing(format!("the environment has no variable {wanted}")),
                None => Value::Missing(format!("the variable {wanted} of the environment is read once you agree")),
            };
            return variable(value, "environment");
        }
        if name.starts_with('$') {
            let value = Dynamic::of(name).map_or_else(Value::Missing, Value::Drawn);
            return variable(value, "drawn");
        }
        let (value, source) = self.answers.value(name)?;
        variable(value, &source)
    }
}

/// The names that a draft mentions, each once.
pub fn names(draft: &Draft) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (name, _) in texts(draft).flat_map(mentions) {
        if found.iter().all(|known| known != name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// The files that a body names, as they are written.
pub fn files(draft: &Draft) -> impl Iterator<Item = &str> {
    draft.body.lines().filter_map(body_file).map(|(path, _)| path)
}

/// Every text of a draft in which variables are filled in.
fn texts(draft: &Draft) -> impl Iterator<Item = &str> {
    let rows = draft.query.iter().chain(&draft.headers).filter(|row| row.on);
    [draft.url.as_str(), draft.body.as_str()].into_iter().chain(rows.flat_map(|row| [row.name.as_str(), &row.value]))
}

/// The variable of the environment that `$processEnv NAME` or `$env.NAME` names.
fn of_environment(name: &str) -> Option<&str> {
    let named = name.strip_prefix("$processEnv ").or_else(|| name.strip_prefix("$env."))?;
    Some(named.trim().trim_start_matches('%'))
}

#[cfg(test)]
mod tests;
