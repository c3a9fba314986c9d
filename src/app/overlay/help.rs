//! The rows of the help page: the keys that work where the person is.

use super::Overlay;
use crate::{
    app::App,
    config::{
        action::{ACTIONS, ActionSpec, Context, Group},
        chord,
    },
};

/// A row of the help page.
pub enum HelpRow {
    /// The title of a group.
    Group(&'static str),
    /// An action, with its keys where the person is.
    Action(&'static ActionSpec, String),
}

impl App {
    /// The keys that work where the person is, in their groups; once a filter is typed, those that have it in their
    /// key, name or sentence.
    pub fn help_rows(&self) -> Vec<HelpRow> {
        let context = if self.editing.is_some() { Context::Edit } else { Context::Nav };
        let filter = match &self.overlay {
            Some(Overlay::Help { filter: Some(filter), .. }) => filter.text().to_lowercase(),
            _ => String::new(),
        };
        let mut rows = Vec::new();
        for group in Group::ALL {
            let of_group = ACTIONS.iter().filter(|spec| spec.group == group && self.has_action(spec, context));
            let mut actions = of_group
                .filter_map(|spec| {
                    let keys: Vec<_> = self.keymap.chords_of(spec.action, context).map(chord::shown).collect();
                    (!keys.is_empty()).then(|| (spec, keys.join(" ")))
                })
                .filter(|(spec, keys)| {
                    let text = format!("{keys} {} {} {}", spec.name, spec.label, spec.sentence).to_lowercase();
                    filter.split_whitespace().all(|word| text.contains(word))
                })
                .peekable();
            if actions.peek().is_some() {
                rows.push(HelpRow::Group(group.title()));
                rows.extend(actions.map(|(spec, keys)| HelpRow::Action(spec, keys)));
            }
        }
        rows
    }
}
