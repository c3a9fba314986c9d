//! How far a person is: which screen, which steps of it are done, how many hints were given.

use serde::{Deserialize, Serialize};

use super::{Deed, Happened, LESSONS, Screen, Step, Witness};
use crate::domain::flow::FlowEvent;

/// A screen of a lesson, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Which lesson.
    pub lesson: usize,
    /// Which of its screens.
    pub screen: usize,
}

/// What is found again at the next start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Whether the tour was offered.
    pub offered: bool,
    /// Where it goes on.
    pub place: Place,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Walk {
    place: Place,
    on_sandbox: bool,
    done: usize,
    hints: usize,
    witness: Witness,
}

impl Walk {
    /// A walk that goes on there, on the sandbox or elsewhere.
    pub fn from(place: Place, on_sandbox: bool) -> Self {
        let there = LESSONS.get(place.lesson).is_some_and(|lesson| place.screen < lesson.screens.len());
        Self { place: if there { place } else { Place::default() }, on_sandbox, ..Self::default() }
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The title of the lesson in hand.
    pub fn title(&self) -> &'static str {
        LESSONS.get(self.place.lesson).map_or("", |lesson| lesson.title.as_str())
    }

    /// The screen in hand.
    pub fn screen(&self) -> Option<&'static Screen> {
        LESSONS.get(self.place.lesson)?.screens.get(self.place.screen)
    }

    /// The steps of the screen in hand.
    pub fn steps(&self) -> Vec<&'static Step> {
        self.screen().map(|screen| screen.steps(self.on_sandbox).collect()).unwrap_or_default()
    }

    /// How many of them are done: all before that one.
    pub fn done(&self) -> usize {
        self.done
    }

    /// The step in hand; nothing where all are done.
    pub fn step(&self) -> Option<&'static Step> {
        self.steps().get(self.done).copied()
    }

    /// The hint that is shown for it.
    pub fn hint(&self) -> Option<&'static str> {
        self.step()?.hints.get(self.hints.checked_sub(1)?).map(String::as_str)
    }

    /// Whether there is one more hint.
    pub fn has_hint(&self) -> bool {
        self.step().is_some_and(|step| self.hints < step.hints.len())
    }

    /// Gives one more hint.
    pub fn give_hint(&mut self) {
        self.hints += usize::from(self.has_hint());
    }

    /// Something happened in the engine.
    pub fn learn(&mut self, event: &FlowEvent) {
        self.witness.learn(event);
    }

    /// Something happened that no flow event tells.
    pub fn note(&mut self, deed: Deed) {
        self.witness.note(deed);
    }

    /// Ticks off what is done by now, as `stands` tells what is; whether anything was.
    pub fn look(&mut self, stands: impl Fn(Deed) -> bool) -> bool {
        let before = self.done;
        while let Some(step) = self.step() {
            let done = match step.until.kind() {
                Happened::Once => self.witness.saw(step.until),
                Happened::Stands => stands(step.until),
            };
            if !done {
                break;
            }
            (self.done, self.hints) = (self.done + 1, 0);
        }
        self.done > before
    }

    /// The screen behind the one in hand; nothing at the end.
    pub fn next(&self) -> Option<Place> {
        let Place { lesson, screen } = self.place;
        let within = Place { lesson, screen: screen + 1 };
        let behind = Place { lesson: lesson + 1, screen: 0 };
        let is_there = |place: &Place| LESSONS.get(place.lesson).is_some_and(|it| place.screen < it.screens.len());
        [within, behind].into_iter().find(is_there)
    }
}
