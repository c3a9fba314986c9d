//! Which key means which action, in each context.
//!
//! Built from [`ACTIONS`] and from what a person wrote under `[keys]`. Owns the rules of binding: one meaning for a key
//! in a context, no key that is the start of another's sequence, letters are text in fields and belong to the overlay
//! in overlays. Update resolves keys here; help, hints, README and `config keys` print from here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::action::{ACTIONS, Action, ActionSpec, Context, Group};
use super::chord::{Chord, ChordError, shown};
use super::nearest::nearest;

/// What a person wrote under `[keys]`: name of an action to its keys.
pub type Overrides = BTreeMap<String, Vec<String>>;

/// What a key press came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It asks for this.
    Action(Action),
    /// It is the start of a sequence.
    Pending,
    /// It means nothing here; in a text field it may be text. What was pending is over.
    Unbound,
}

/// What is wrong with a person's keys. Each is a warning: the rest of the keys stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// No action has this name.
    #[error("no action is named `{name}`{}", suggestion(*.nearest))]
    UnknownAction {
        /// As written.
        name: String,
        /// The known name nearest to it.
        nearest: Option<&'static str>,
    },
    /// A text names no usable key.
    #[error("a key of `{action}`: {source}")]
    BadKey {
        /// Whose key it was to be.
        action: &'static str,
        /// Why.
        source: ChordError,
    },
    /// A key cannot work where its action can be asked for.
    #[error("`{keys}` of `{action}` can be used nowhere: {why}")]
    NoPlace {
        /// As shown.
        keys: String,
        /// Whose key it was to be.
        action: &'static str,
        /// What it is instead.
        why: &'static str,
    },
    /// Two actions want one key in one context, or one wants the start of the other's sequence.
    #[error("`{keys}` of `{loser}` is or begins a key of `{winner}` in {}, which keeps it", .context.name())]
    Twice {
        /// As shown.
        keys: String,
        /// Who keeps it.
        winner: &'static str,
        /// Who does not get it.
        loser: &'static str,
        /// Where.
        context: Context,
    },
    /// Other keys took the last key of an action.
    #[error("`{action}` has no key left: its own were given to other actions")]
    Unreachable {
        /// Which.
        action: &'static str,
    },
}

impl KeyProblem {
    /// The name of the action it is about, as written in the config file.
    pub fn action(&self) -> &str {
        match self {
            Self::UnknownAction { name, .. } => name,
            Self::BadKey { action, .. } | Self::NoPlace { action, .. } | Self::Unreachable { action } => action,
            Self::Twice { loser, .. } => loser,
        }
    }
}

fn suggestion(nearest: Option<&'static str>) -> String {
    nearest.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default()
}

/// Keys and their meanings.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

#[derive(Clone, Debug)]
struct Binding {
    context: Context,
    keys: Vec<Chord>,
    spec: &'static ActionSpec,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::with(&Overrides::new()).0
    }
}

impl Keymap {
    /// The default keys with a person's own in their place. An action named in `overrides` has those keys and no
    /// others, save that [vital](Action::is_vital) ones keep theirs; a key taken from a default is simply moved.
    pub fn with(overrides: &Overrides) -> (Self, Vec<KeyProblem>) {
        let mut map = Self { bindings: Vec::new() };
        let mut problems = Vec::new();
        for name in overrides.keys().filter(|name| spec_named(name).is_none()) {
            let nearest = nearest(name, ACTIONS.iter().map(|spec| spec.name));
            problems.push(KeyProblem::UnknownAction { name: name.clone(), nearest });
        }
        for spec in ACTIONS.iter().filter(|spec| spec.action.is_vital()) {
            map.bind(spec, spec.keys, &mut problems);
        }
        for spec in ACTIONS {
            if let Some(keys) = overrides.get(spec.name) {
                map.bind(spec, keys, &mut problems);
            }
        }
        for spec in ACTIONS {
            if !spec.action.is_vital() && !overrides.contains_key(spec.name) {
                // That a default gives way to a person's key is what the person asked for.
                map.bind(spec, spec.keys, &mut Vec::new());
            }
        }
        for spec in ACTIONS {
            let unbound_on_purpose = overrides.get(spec.name).is_some_and(Vec::is_empty);
            if !unbound_on_purpose && map.bindings.iter().all(|bound| bound.spec.action != spec.action) {
                problems.push(KeyProblem::Unreachable { action: spec.name });
            }
        }
        (map, problems)
    }

    /// What `chord` means in `context` after the chords in `pending`.
    pub fn resolve(&self, context: Context, pending: &[Chord], chord: Chord) -> Resolution {
        let pressed = || pending.iter().chain([&chord]);
        let mut resolution = Resolution::Unbound;
        for bound in self.bindings.iter().filter(|bound| bound.context == context) {
            if bound.keys.iter().eq(pressed()) {
                return Resolution::Action(bound.spec.action);
            }
            if bound.keys.len() > pending.len() + 1 && bound.keys.iter().zip(pressed()).all(|(a, b)| a == b) {
                resolution = Resolution::Pending;
            }
        }
        resolution
    }

    /// The keys of an action in a context, the one to hint at first.
    pub fn chords_of(&self, action: Action, context: Context) -> impl Iterator<Item = &[Chord]> {
        self.bindings
            .iter()
            .filter(move |bound| bound.spec.action == action && bound.context == context)
            .map(|bound| bound.keys.as_slice())
    }

    /// The key of an action to show in a hint: `s`, `F5`, `g g`.
    pub fn hint(&self, action: Action, context: Context) -> Option<String> {
        self.chords_of(action, context).next().map(shown)
    }

    /// All keys of an action, wherever they work.
    pub fn keys_of(&self, action: Action) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for bound in self.bindings.iter().filter(|bound| bound.spec.action == action) {
            let shown = shown(&bound.keys);
            if !keys.contains(&shown) {
                keys.push(shown);
            }
        }
        keys
    }

    /// The keys as `authscope config keys` prints them.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let widest = ACTIONS.iter().map(|spec| spec.name.len()).max().unwrap_or_default();
        for group in Group::ALL {
            let _ = writeln!(text, "{}", group.title());
            for spec in ACTIONS.iter().filter(|spec| spec.group == group) {
                let keys = self.keys_of(spec.action).join("  ");
                let _ = writeln!(text, "  {:widest$}  {keys:30}  {}", spec.name, spec.sentence);
            }
            text.push('\n');
        }
        text.push_str(RULE);
        text.push('\n');
        text
    }

    /// The keys as a table for the README.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        for group in Group::ALL {
            let _ = writeln!(text, "| {} | | |\n|---|---|---|", group.title());
            for spec in ACTIONS.iter().filter(|spec| spec.group == group) {
                let keys: Vec<_> = self.keys_of(spec.action).iter().map(|keys| code(keys)).collect();
                let _ = writeln!(text, "| {} | `{}` | {} |", keys.join(" "), spec.name, spec.sentence);
            }
            text.push('\n');
        }
        text.push_str(RULE);
        text.push('\n');
        text
    }

    /// Gives an action its keys, in each of its contexts where they can work and are free.
    fn bind(&mut self, spec: &'static ActionSpec, keys: &[impl AsRef<str>], problems: &mut Vec<KeyProblem>) {
        for written in keys {
            let keys = match sequence(written.as_ref()) {
                Ok(keys) => keys,
                Err(source) => {
                    problems.push(KeyProblem::BadKey { action: spec.name, source });
                    continue;
                }
            };
            let (places, why) = places(spec, &keys);
            if places.is_empty() {
                problems.push(KeyProblem::NoPlace { keys: shown(&keys), action: spec.name, why });
            }
            for context in places {
                let taken = self
                    .bindings
                    .iter()
                    .find(|bound| bound.context == context && bound.keys.iter().zip(&keys).all(|(a, b)| a == b));
                match taken {
                    None => self.bindings.push(Binding { context, keys: keys.clone(), spec }),
                    Some(bound) if bound.spec.action == spec.action => {}
                    Some(bound) => problems.push(KeyProblem::Twice {
                        keys: shown(&keys),
                        winner: bound.spec.name,
                        loser: spec.name,
                        context,
                    }),
                }
            }
        }
    }
}

/// The rule that decides where a key reaches, told under each table of keys.
const RULE: &str = "A key that types a character works in the panes; in a text field it is text.";

/// The row of an action's name.
fn spec_named(name: &str) -> Option<&'static ActionSpec> {
    ACTIONS.iter().find(|spec| spec.name == name)
}

/// A written sequence of keys, each of which may be bound.
fn sequence(written: &str) -> Result<Vec<Chord>, ChordError> {
    let keys = Chord::parse_sequence(written)?;
    match keys.iter().find_map(|chord| chord.never_bound().map(|why| (chord, why))) {
        Some((chord, why)) => Err(ChordError::NeverBound { chord: chord.to_string(), why }),
        None => Ok(keys),
    }
}

/// Where `keys` can ask for an action, and why not in its other contexts.
fn places(spec: &ActionSpec, keys: &[Chord]) -> (Vec<Context>, &'static str) {
    let (only, why) = match keys.first() {
        Some(first) if first.typed().is_some() => (Some(Context::Nav), "it types a character there"),
        Some(_) if keys.iter().any(|chord| chord.is_multiplexer_prefix()) => {
            (Some(Context::Edit), "terminal multiplexers keep it for themselves")
        }
        _ => (None, ""),
    };
    let places = spec.contexts.iter().copied().filter(|context| only.is_none_or(|only| only == *context));
    (places.collect(), why)
}

/// A key as Markdown code inside a table.
fn code(keys: &str) -> String {
    format!("`{}`", keys.replace('|', "\\|"))
}

#[cfg(test)]
mod tests;
