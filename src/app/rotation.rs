//! The exchange of a secret for another one, on top of the panes: the new one is typed unseen, each step is shown as it is
//! made, and nothing is confirmed but by a key of its own.

use std::sync::Arc;

use super::{
    App, Stale,
    effect::Effect,
    notice::{Notice, sentences},
    overlay::Overlay,
    profiles,
};
use crate::domain::{
    credential::SecretSource,
    profile::Profile,
    secret::{Secret, SecretInput},
};

/// See the module.
#[derive(Debug)]
pub struct Rotating {
    /// Which; a later one is another.
    pub number: u64,
    /// The profile.
    pub profile: Arc<Profile>,
    /// The name of its credential.
    pub credential: String,
    /// Where its secret comes from, in words.
    pub from: String,
    /// What was done, a step each.
    pub steps: Vec<String>,
    /// Where it stands.
    pub stage: Stage,
    /// First row shown.
    pub top: usize,
}

/// Where an exchange stands.
#[derive(Debug)]
pub enum Stage {
    /// It is looked whether one waits to be confirmed.
    Looking,
    /// The new secret is asked for.
    Asking(SecretInput),
    /// It is under way.
    Working,
    /// The new secret is in its place; the old one is kept until a person confirms, or puts it back.
    Waiting,
    /// Confirmed, or put back.
    Over,
    /// It came to nothing: why, and what to do.
    Failed(String),
}

/// What is to be done.
#[derive(Debug)]
pub enum RotationOrder {
    /// Look whether one waits to be confirmed.
    Look,
    /// Try this secret, and put it in the place of the one that is there.
    Make(Secret),
    /// Delete the old secret.
    Confirm,
    /// Put the old secret back.
    Back,
}

/// How an exchange stands, as told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stood {
    /// It can begin.
    Ready,
    /// The old secret is kept until a person confirms.
    Waiting,
    /// It is over.
    Over,
}

impl Rotating {
    /// Whether it does something by itself now.
    pub fn works(&self) -> bool {
        matches!(self.stage, Stage::Working)
    }

    /// `mine, default`.
    pub fn name(&self) -> String {
        format!("{}, {}", self.profile.name, self.credential)
    }

    fn ordered(&self, order: RotationOrder) -> Effect {
        let (profile, credential) = (self.profile.clone(), self.credential.clone());
        Effect::Rotate { number: self.number, profile, credential, order }
    }
}

impl App {
    /// An exchange that is under way, on top or not.
    pub fn rotation_works(&self) -> bool {
        let on_top = matches!(&self.overlay, Some(Overlay::Rotation(rotating)) if rotating.works());
        on_top || self.rotating_behind.is_some()
    }

    /// The exchange of that number.
    fn rotating(&mut self, number: u64) -> Option<&mut Rotating> {
        let on_top = match &mut self.overlay {
            Some(Overlay::Rotation(rotating)) => Some(rotating),
            _ => None,
        };
        on_top.or(self.rotating_behind.as_mut()).filter(|rotating| rotating.number == number)
    }
}

/// Opens the exchange of the secret of a credential of the active profile.
pub(super) fn open(app: &mut App, row: usize) -> Vec<Effect> {
    app.touch(Stale::Now);
    if let Some(rotating) = app.rotating_behind.take() {
        profiles::put_aside(app);
        app.overlay = Some(Overlay::Rotation(rotating));
        return Vec::new();
    }
    let profile = app.environment.profile().clone();
    let Some(credential) = profile.credentials.get(row) else {
        app.say(Notice::attention("There is no credential here."));
        return Vec::new();
    };
    let from = credential.secret.origin();
    if !matches!(credential.secret, SecretSource::Keyring(_) | SecretSource::File(_)) {
        let name = format!("{}, {}", profile.name, credential.name);
        let text = format!("the secret of {name} is not in our hands ({from})");
        let hint = match credential.secret {
            SecretSource::Sandbox(_) => "the sandbox makes another one at each start",
            SecretSource::Missing | SecretSource::Untrusted(_) => "`:profile edit` says where it comes from",
            _ => "change it where it is, or keep one in the system's keyring by `authscope secret set --keyring`",
        };
        app.say(Notice::attention(sentences(&text, Some(hint))));
        return Vec::new();
    }
    app.trials += 1;
    let (number, credential) = (app.trials, credential.name.clone());
    let rotating = Rotating { number, profile, credential, from, steps: Vec::new(), stage: Stage::Looking, top: 0 };
    let look = rotating.ordered(RotationOrder::Look);
    profiles::put_aside(app);
    app.overlay = Some(Overlay::Rotation(rotating));
    vec![look]
}

/// What was typed is tried.
pub(super) fn given(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Rotation(rotating)) = &mut app.overlay else { return Vec::new() };
    let Stage::Asking(typed) = &mut rotating.stage else { return Vec::new() };
    if typed.is_empty() {
        app.say(Notice::attention("Nothing was typed yet: the new secret is one line of text."));
        return Vec::new();
    }
    let secret = std::mem::take(typed).secret();
    rotating.stage = Stage::Working;
    vec![rotating.ordered(RotationOrder::Make(secret))]
}

/// A letter: it confirms, puts back, or begins anew.
pub(super) fn letter(app: &mut App, letter: char) -> Vec<Effect> {
    let Some(Overlay::Rotation(rotating)) = &mut app.overlay else { return Vec::new() };
    let order = match (&rotating.stage, letter) {
        (Stage::Waiting, 'c') => RotationOrder::Confirm,
        (Stage::Waiting, 'b') => RotationOrder::Back,
        (Stage::Failed(_), 'a') => RotationOrder::Look,
        _ => return Vec::new(),
    };
    if matches!(order, RotationOrder::Look) {
        rotating.steps.clear();
        rotating.stage = Stage::Looking;
    } else {
        rotating.stage = Stage::Working;
    }
    vec![rotating.ordered(order)]
}

/// A step was made.
pub(super) fn stepped(app: &mut App, number: u64, text: &str) {
    let text = app.masks.masked(text);
    if let Some(rotating) = app.rotating(number) {
        rotating.steps.push(text);
        app.touch(Stale::Now);
    }
}

/// It stands so, or it came to nothing. Where nobody looks at it any more, that is said.
pub(super) fn stood(app: &mut App, number: u64, end: Result<Stood, String>) {
    let end = end.map_err(|why| app.masks.masked(&why));
    let Some(rotating) = app.rotating(number) else { return };
    let made = rotating.works() && end == Ok(Stood::Waiting);
    let (profile, credential) = (rotating.profile.name.clone(), rotating.credential.clone());
    rotating.stage = match &end {
        Ok(Stood::Ready) => Stage::Asking(SecretInput::default()),
        Ok(Stood::Waiting) => Stage::Waiting,
        Ok(Stood::Over) => Stage::Over,
        Err(why) => Stage::Failed(why.clone()),
    };
    if made {
        app.secret_rotated(&profile, &credential);
    } else {
        app.resting.outdate();
    }
    app.touch(Stale::Now);
    let Some(rotating) = app.rotating_behind.take_if(|rotating| rotating.number == number) else { return };
    let name = rotating.name();
    app.say(match end {
        Ok(Stood::Waiting) => Notice::good(
            format!("The new secret of {name} is in its place. The old one waits for your word."),
            app.now.boot,
        ),
        Ok(_) => Notice::good(format!("The secret of {name} is exchanged."), app.now.boot),
        Err(why) => Notice::bad(why),
    });
}

#[cfg(test)]
mod tests;
