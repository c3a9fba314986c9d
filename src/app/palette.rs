//! The command palette: any action by a few of its letters.

use std::cell::RefCell;

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

use super::{App, editor::Editor};
use crate::config::action::{ACTIONS, Action, ActionSpec, Context};

/// The palette while it is open.
#[derive(Debug)]
pub struct Palette {
    /// What was typed.
    pub editor: Editor,
    /// The row in hand.
    pub at: usize,
    /// What can be done where the person was.
    offered: Vec<&'static ActionSpec>,
}

/// An action that fits what was typed.
pub struct Hit {
    /// The action.
    pub spec: &'static ActionSpec,
    /// Which letters of its label were hit, counted from 0.
    pub letters: Vec<usize>,
}

thread_local! {
    // A matcher holds some 100 kB of tables; one is enough.
    static MATCHER: RefCell<Matcher> = RefCell::new(Matcher::new(Config::DEFAULT));
}

impl Palette {
    /// Opens over a place.
    pub fn new(app: &App, context: Context) -> Self {
        let is_offered = |spec: &&ActionSpec| {
            spec.contexts.contains(&context) && spec.action != Action::Palette && app.has_action(spec, context)
        };
        Self { editor: Editor::line(""), at: 0, offered: ACTIONS.iter().filter(is_offered).collect() }
    }

    /// What fits, the best first; everything, in the order of the help page, before anything is typed.
    pub fn hits(&self) -> Vec<Hit> {
        let typed = self.editor.text();
        let pattern = Pattern::parse(&typed, CaseMatching::Smart, Normalization::Smart);
        // Letters strewn over a sentence are found in every sentence.
        let words = Pattern::new(&typed, CaseMatching::Smart, Normalization::Smart, AtomKind::Substring);
        let mut hits: Vec<(u32, Hit)> = MATCHER.with_borrow_mut(|matcher| {
            self.offered
                .iter()
                .filter_map(|spec| {
                    let (mut label, mut letters) = (Vec::new(), Vec::new());
                    let by_label = pattern.indices(Utf32Str::new(spec.label, &mut label), matcher, &mut letters);
                    let by_sentence = words.score(Utf32Str::new(spec.sentence, &mut Vec::new()), matcher);
                    // The label is what is seen, so a hit there counts double.
                    let score = by_label.map(|score| score * 2).max(by_sentence)?;
                    letters.sort_unstable();
                    let letters = letters.into_iter().map(|at| at as usize).collect();
                    Some((score, Hit { spec, letters }))
                })
                .collect()
        });
        hits.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        hits.into_iter().map(|(_, hit)| hit).collect()
    }

    /// The action in hand.
    pub fn chosen(&self) -> Option<Action> {
        self.hits().get(self.at).map(|hit| hit.spec.action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str) -> Vec<Action> {
        let mut palette = Palette::new(&crate::app::tests::app(), Context::Nav);
        palette.editor.paste(typed);
        palette.hits().into_iter().map(|hit| hit.spec.action).collect()
    }

    #[test]
    fn a_few_letters_find_an_action_by_its_label_first() {
        assert_eq!(found("renew")[0], Action::RenewToken);
        assert_eq!(found("lab")[0], Action::SandboxLab);
        assert!(found("policy")[0] == Action::Policy);
        assert_eq!(found("zzzz"), []);
    }

    #[test]
    fn before_anything_is_typed_everything_is_offered_that_can_be_done_there() {
        let all = found("");
        assert!(all.contains(&Action::Quit) && !all.contains(&Action::Palette));
        assert!(!all.contains(&Action::Undo), "that is for text fields");
    }
}
