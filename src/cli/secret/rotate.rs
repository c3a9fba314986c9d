//! `authscope secret rotate`: another secret in the place of the one that is there.
//!
//! ```text
//!  tried beside the old ─► old kept as former ─► new in its place ─► read back and tried ─► former deleted
//!          │ refused                │ fails                │ fails            │ refused        when confirmed
//!          ▼                        ▼                      ▼                  ▼
//!    nothing changed          nothing changed        old back in its place, former deleted
//! ```
//!
//! Interrupted anywhere, the old secret is there: in its place, as the former one, or both.

use std::sync::Arc;

use super::{Subject, step};
use crate::{
    cli::{exit::Stop, prompt, session::Session, start::Globals},
    domain::{clock::Clock, credential::SecretSource, redact::Redactor, secret::Secret},
    secrets::{Flaw, beside, keeper::Keeper},
};

/// The exchange of the secret of one credential.
pub(super) struct Rotation {
    subject: Subject,
    keeper: Keeper,
    globals: Globals,
    as_json: bool,
}

impl Rotation {
    /// For a secret that is in our hands.
    pub(super) fn of(subject: Subject, globals: &Globals, as_json: bool) -> Result<Self, Stop> {
        let keeper = subject.keeper()?;
        let globals = Globals { profile: Some(subject.profile.name.clone()), ..globals.clone() };
        Ok(Self { subject, keeper, globals, as_json })
    }

    /// Makes it; asks for the new secret, and at the end whether the old one may go.
    pub(super) async fn made(&self) -> anyhow::Result<()> {
        let former = self.keeper.former();
        if self.read(&former).await?.is_some() {
            return Err(Stop::usage(format!("a rotation waits to be confirmed: the old secret is in {former}"))
                .hint(self.ways())
                .into());
        }
        let Some(old) = self.read(&self.keeper).await? else {
            let stop = Stop::usage(format!("there is no secret in {}", self.keeper));
            return Err(stop.hint(format!("{} puts the first one there", self.subject.command("set"))).into());
        };
        let question = format!("New client secret of {}: ", self.subject.name());
        let new = Arc::new(prompt::given(&question).await?);
        if new.same_as(&old) {
            return Err(Stop::usage("this is the secret that is in use").into());
        }
        self.step(&format!(
            "1 of 4: the new secret is tried beside the old one, at {}",
            self.subject.profile.token_url
        ));
        let unchanged = |stop: Stop| Stop {
            text: format!("the new secret does not work: {}; nothing was changed", stop.text),
            ..stop
        };
        self.step(&format!("it works: {}", self.tried(new.clone()).await.map_err(unchanged)?));
        self.step(&format!("2 of 4: the old secret is kept in {former}"));
        self.put(&former, old.clone()).await?;
        self.step(&format!("3 of 4: the new secret is put into {}", self.keeper));
        if let Err(stop) = self.swapped(&new).await {
            return Err(self.rolled_back(old, stop).await.into());
        }
        self.step(&format!("4 of 4: the old secret is in {former} until this is confirmed"));
        let agreed = beside(|| prompt::agreed(QUESTION).map_err(|error| flaw(&error.to_string())));
        match agreed.await.map_err(|flaw| Stop::no_secret("the question", flaw))? {
            Some(true) => self.confirmed().await,
            _ => {
                self.step(&self.ways());
                Ok(())
            }
        }
    }

    /// Deletes the old secret.
    pub(super) async fn confirmed(&self) -> anyhow::Result<()> {
        let former = self.keeper.former();
        if !self.removed(&former).await? {
            return Err(self.nothing_waits().into());
        }
        self.step(&format!("confirmed: the old secret is gone from {former}"));
        Ok(())
    }

    /// Puts the old secret back.
    pub(super) async fn back(&self) -> anyhow::Result<()> {
        let former = self.keeper.former();
        let Some(old) = self.read(&former).await? else { return Err(self.nothing_waits().into()) };
        self.replace(old).await?;
        self.step(&format!("the old secret is back in {}", self.keeper));
        self.removed(&former).await?;
        Ok(())
    }

    /// The new secret in its place, read from there and tried once more.
    async fn swapped(&self, new: &Arc<Secret>) -> Result<(), Stop> {
        self.replace(new.clone()).await?;
        let read = self.read(&self.keeper).await?.filter(|read| read.same_as(new));
        let other = || Stop::no_secret(&self.keeper, flaw("it does not hold what was put there"));
        self.step(&format!("read from there it works: {}", self.tried(read.ok_or_else(other)?).await?));
        Ok(())
    }

    async fn rolled_back(&self, old: Arc<Secret>, why: Stop) -> Stop {
        let former = self.keeper.former();
        let text = match self.replace(old).await {
            Ok(()) => {
                // One that stays is told by the next rotation.
                let _ = self.removed(&former).await;
                format!("{}; rolled back: the old secret is in its place", why.text)
            }
            Err(stop) => {
                format!("{}; it cannot be rolled back ({}): the old secret is in {former}", why.text, stop.text)
            }
        };
        Stop { text, ..why }
    }

    /// What a token call with that secret gives, in words.
    async fn tried(&self, secret: Arc<Secret>) -> Result<String, Stop> {
        let name = &self.subject.credential.name;
        // A secret at hand, as one that the sandbox made.
        let session = Session::open(&self.globals, Arc::new(|_| {}), Redactor::default(), self.as_json, |profile| {
            let chosen = profile.credentials.iter_mut().filter(|credential| credential.name == *name);
            chosen.for_each(|credential| credential.secret = SecretSource::Sandbox(secret.clone()));
        })?;
        let access = session.engine.access(&session.profile, name).await.map_err(|refusal| Stop::refused(&refusal))?;
        let token = session.engine.renew(&access).await.map_err(|failure| Stop::no_token(&failure))?;
        let life = token.life.map_or("an unknown time".to_owned(), |life| format!("{} s", life.as_secs()));
        Ok(format!("a token that lives {life}"))
    }

    fn nothing_waits(&self) -> Stop {
        Stop::usage(format!("no rotation waits to be confirmed: there is no old secret in {}", self.keeper.former()))
    }

    fn ways(&self) -> String {
        let (confirm, back) = (self.subject.command("rotate --confirm"), self.subject.command("rotate --back"));
        format!("{confirm} deletes the old secret, {back} puts it back")
    }

    fn step(&self, text: &str) {
        step(text, self.as_json);
    }

    async fn read(&self, place: &Keeper) -> Result<Option<Arc<Secret>>, Stop> {
        let asked = place.clone();
        let read = beside(move || asked.get()).await.map_err(|flaw| Stop::no_secret(place, flaw))?;
        Ok(read.map(Arc::new))
    }

    async fn put(&self, place: &Keeper, secret: Arc<Secret>) -> Result<(), Stop> {
        let (asked, now) = (place.clone(), Clock::system().wall());
        beside(move || asked.put(&secret, now)).await.map_err(|flaw| Stop::no_secret(place, flaw))
    }

    async fn replace(&self, secret: Arc<Secret>) -> Result<(), Stop> {
        let (asked, now) = (self.keeper.clone(), Clock::system().wall());
        beside(move || asked.replace(&secret, now)).await.map_err(|flaw| Stop::no_secret(&self.keeper, flaw))
    }

    async fn removed(&self, place: &Keeper) -> Result<bool, Stop> {
        let asked = place.clone();
        beside(move || asked.remove()).await.map_err(|flaw| Stop::no_secret(place, flaw))
    }
}

const QUESTION: &str = "Does everything work with the new secret? `yes` deletes the old one, all else keeps it:";

fn flaw(why: &str) -> Flaw {
    Flaw { why: why.to_owned(), mend: "try once more".to_owned() }
}
