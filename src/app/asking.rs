//! Questions for a secret, one after the other: each waits on top of the panes until it is answered or taken back.

use super::{
    App, Stale,
    effect::Effect,
    overlay::Overlay,
    rotation::{Rotating, Stage},
};
use crate::domain::secret::SecretInput;

/// A question for a secret.
#[derive(Debug)]
pub struct Question {
    /// Its number.
    pub id: u64,
    /// What is asked for.
    pub text: String,
    /// The answer so far.
    pub typed: SecretInput,
}

impl App {
    /// A secret is asked for.
    pub(super) fn asked(&mut self, id: u64, text: String) {
        self.questions.push_back(Question { id, text, typed: SecretInput::default() });
    }

    /// Nobody waits for an answer any more.
    pub(super) fn unasked(&mut self, id: u64) {
        let is_first = self.questions.front().is_some_and(|question| question.id == id);
        self.questions.retain(|question| question.id != id);
        if is_first && matches!(self.overlay, Some(Overlay::Ask)) {
            self.overlay = self.trying_behind.take().map(Overlay::Trial);
        }
        self.touch(Stale::Now);
    }

    /// Brings the first question up, where nothing else lies on top; a trial waits for its answer, so it makes way.
    pub(super) fn bring_question(&mut self) {
        let waits = matches!(&self.overlay, Some(Overlay::Trial(trying)) if trying.end.is_none());
        if waits
            && !self.questions.is_empty()
            && let Some(Overlay::Trial(trying)) = self.overlay.take()
        {
            self.trying_behind = Some(trying);
        }
        if self.overlay.is_none() && !self.questions.is_empty() {
            self.overlay = Some(Overlay::Ask);
            self.touch(Stale::Now);
        }
    }

    /// The secret that is being typed on top.
    pub(super) fn typed_secret(&mut self) -> Option<&mut SecretInput> {
        match &mut self.overlay {
            Some(Overlay::Ask) => self.questions.front_mut().map(|question| &mut question.typed),
            Some(Overlay::TypedToken(typed) | Overlay::Rotation(Rotating { stage: Stage::Asking(typed), .. })) => {
                Some(typed)
            }
            _ => None,
        }
    }

    /// The question is answered, or not: the next one comes up.
    pub(super) fn answer(&mut self, given: bool) -> Vec<Effect> {
        let Some(Question { id, typed, .. }) = self.questions.pop_front() else { return Vec::new() };
        self.overlay = self.trying_behind.take().map(Overlay::Trial);
        vec![Effect::Answer(id, given.then(|| typed.secret()))]
    }
}
