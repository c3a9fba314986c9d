//! `authscope secret rotate`: another secret in the place of the one that is there, as [`crate::secrets::rotation`] does it.

use std::sync::Arc;

use super::{Subject, step};
use crate::{
    cli::{exit::Stop, prompt, session::Session, start::Globals},
    domain::redact::Redactor,
    secrets::{
        Flaw, beside,
        rotation::{self, Setback},
    },
};

/// The exchange of the secret of one credential.
pub(super) struct Rotation {
    subject: Subject,
    steps: rotation::Rotation,
    as_json: bool,
}

impl Rotation {
    /// For a secret that is in our hands.
    pub(super) fn of(subject: Subject, globals: &Globals, as_json: bool) -> Result<Self, Stop> {
        let keeper = subject.keeper()?;
        let globals = Globals { profile: Some(subject.profile.name.clone()), ..globals.clone() };
        let session = Session::open(&globals, Arc::new(|_| {}), Redactor::default(), as_json, |_| {})?;
        let (engine, clock, token_url) = (session.engine, session.clock, session.profile.token_url.clone());
        let trial = engine.trials_of(session.profile, subject.credential.name.clone());
        let tell = Arc::new(move |text: String| step(&text, as_json));
        Ok(Self { subject, steps: rotation::Rotation { keeper, token_url, clock, trial, tell }, as_json })
    }

    /// Makes it; asks for the new secret, and at the end whether the old one may go.
    pub(super) async fn made(&self) -> anyhow::Result<()> {
        let old = self.steps.old().await.map_err(|setback| self.stop(&setback))?;
        let question = format!("New client secret of {}: ", self.subject.name());
        let new = Arc::new(prompt::given(&question).await?);
        let made = async { self.steps.exchanged(self.steps.tried(old, new).await?).await };
        made.await.map_err(|setback| self.stop(&setback))?;
        let unasked = |error: std::io::Error| Flaw { why: error.to_string(), mend: "try once more".to_owned() };
        let agreed = beside(move || prompt::agreed(QUESTION).map_err(unasked));
        match agreed.await.map_err(|flaw| Stop::no_secret("the question", flaw))? {
            Some(true) => self.confirmed().await,
            _ => {
                step(&self.ways(), self.as_json);
                Ok(())
            }
        }
    }

    /// Deletes the old secret.
    pub(super) async fn confirmed(&self) -> anyhow::Result<()> {
        Ok(self.steps.confirmed().await.map_err(|setback| self.stop(&setback))?)
    }

    /// Puts the old secret back.
    pub(super) async fn back(&self) -> anyhow::Result<()> {
        Ok(self.steps.back().await.map_err(|setback| self.stop(&setback))?)
    }

    fn stop(&self, setback: &Setback) -> Stop {
        let text = setback.to_string();
        match setback.cause() {
            Setback::Failed(failure) => Stop { text, ..Stop::no_token(failure) },
            Setback::Place { place, flaw } => Stop { text, ..Stop::no_secret(place, flaw.clone()) },
            Setback::Waits(_) => Stop::usage(text).hint(self.ways()),
            Setback::Nothing(_) => {
                Stop::usage(text).hint(format!("{} puts the first one there", self.subject.command("set")))
            }
            _ => Stop::usage(text),
        }
    }

    fn ways(&self) -> String {
        let (confirm, back) = (self.subject.command("rotate --confirm"), self.subject.command("rotate --back"));
        format!("{confirm} deletes the old secret, {back} puts it back")
    }
}

const QUESTION: &str = "Does everything work with the new secret? `yes` deletes the old one, all else keeps it:";
