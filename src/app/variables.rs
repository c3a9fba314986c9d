//! What is in reach of the request in hand by `{{name}}`, and what earlier answers gave.
//!
//! Values are drawn from a key that the runtime hands in once, and from the time of the message in hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{App, effect::Effect, notice::Notice};
use crate::{
    domain::{
        exchange::{Exchange, ExchangeId},
        template::{Value, Variables, dynamic::Draws},
    },
    library::{
        http_file::Block,
        variables::{Layer, Outside, Reach, answers::Answers},
    },
};

/// See the module.
#[derive(Default)]
pub struct Known {
    /// Variables that count for this run.
    run: Vec<(String, String)>,
    /// The newest answers by the names of their requests.
    answers: Answers,
    /// How the requests on their way are called.
    asked: BTreeMap<ExchangeId, Called>,
    /// What of the environment was read, and for what.
    outside: BTreeMap<String, Outside>,
    /// Which files may be read, and for what.
    files: BTreeSet<(String, PathBuf)>,
    /// Where values are drawn from.
    pub key: [u8; 32],
    drawn: u64,
    /// How many secrets were learnt.
    secrets: usize,
}

/// What others call a request by, and the variables that its answer gives: name and path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// Its setting `@name`, its title.
    pub names: Vec<String>,
    /// The variables its answer gives.
    pub gives: Vec<(String, String)>,
}

impl Called {
    /// What a request of a file is called by.
    pub fn of(block: &Block) -> Self {
        let named = block.setting("name").filter(|name| !name.is_empty() && *name != block.draft.name);
        Self { names: named.map(str::to_owned).into_iter().collect(), gives: block.gives.clone() }
    }
}

impl Known {
    /// A request went on its way.
    pub(super) fn asked(&mut self, id: ExchangeId, called: Called) {
        self.asked.insert(id, called);
    }

    /// A call is over.
    pub(super) fn settled(&mut self, exchange: &std::sync::Arc<Exchange>) {
        if let Some(called) = self.asked.remove(&exchange.id) {
            self.answers.learn(called.names.iter().map(String::as_str), &called.gives, exchange);
        }
    }

    /// The bodies of the answers of this run, each by what its request is called.
    pub(super) fn bodies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.answers.bodies()
    }

    /// A person agreed that this be read.
    pub(super) fn give(&mut self, of: &str, outside: Outside, files: &[PathBuf]) {
        self.outside.entry(of.to_owned()).or_default().read.extend(outside.read);
        self.files.extend(files.iter().map(|path| (of.to_owned(), path.clone())));
    }

    /// Whether a file outside may be read.
    pub(super) fn may_read(&self, of: &str, path: &Path) -> bool {
        self.files.contains(&(of.to_owned(), path.to_owned()))
    }

    /// What was agreed to for files is to be agreed to anew.
    pub(super) fn forget_outside(&mut self) {
        self.outside.clear();
        self.files.clear();
    }

    /// Gives a variable a value for this run; nothing takes it away.
    pub fn set(&mut self, name: &str, value: &str) {
        self.run.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.run.push((name.to_owned(), value.to_owned()));
        }
    }
}

impl App {
    /// All that is in reach of the request in hand.
    pub fn variables(&self) -> Variables {
        let profile = self.environment.profile();
        let draws = Draws::new(self.now.wall, self.known.key, self.known.drawn);
        let variables = self.in_reach(|reach, names| reach.variables(names));
        variables.drawing(draws).bound_to(profile.bound_origins())
    }

    /// The same, and what a name means that is only being typed.
    pub(super) fn in_reach_of(&self, name: &str) -> Variables {
        self.in_reach(|reach, names| reach.variables(names.into_iter().chain([name.to_owned()])))
    }

    /// The variables of the environment that the request in hand wants and was not given.
    pub(super) fn wanted_variables(&self) -> Vec<String> {
        self.in_reach(|reach, names| reach.wanted(names))
    }

    fn in_reach<T>(&self, asked: impl FnOnce(Reach<'_>, Vec<String>) -> T) -> T {
        let entry = self.requests.entry();
        let near = [Layer::new("run", self.known.run.iter().cloned()), Layer::own(&entry.draft)];
        let filed = self.collection.as_ref().zip(entry.home.as_ref());
        let mut far = filed.map_or_else(Vec::new, |(collection, home)| collection.layers(&home.file));
        far.extend(self.environment.layers());
        let none = Outside::default();
        let outside = self.known.outside.get(&self.consents_as()).unwrap_or(&none);
        let reach = Reach { near: &near, answers: &self.known.answers, far: &far, outside };
        asked(reach, entry.variables().to_vec())
    }

    /// Takes note of what a request that is sent drew and of the secrets it was given.
    pub(super) fn used(&mut self, variables: &Variables) {
        self.known.drawn = variables.draws();
        for variable in variables.iter() {
            if let Value::Secret(secret) = &variable.value {
                self.known.secrets += 1;
                self.masks.learn(secret.clone(), &format!("var#{}", self.known.secrets));
            }
        }
    }
}

/// Gives a variable a value for this run.
pub(super) fn set(app: &mut App, words: &str) -> Result<Vec<Effect>, String> {
    let (name, value) = words.split_once([' ', '=']).map_or((words, ""), |(name, value)| (name, value.trim()));
    if name.is_empty() || !name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')) {
        return Err(format!("`{name}` is no name of a variable: letters, digits, `_`, `-` and `.`"));
    }
    app.known.set(name, value);
    let text = if value.is_empty() {
        format!("{name} has no value of this run any more.")
    } else {
        format!("{name} is {value} for this run.")
    };
    app.say(Notice::good(text, app.now.boot));
    Ok(Vec::new())
}
