//! The exchange of a secret that is in our hands for another one, step by step. A command and the explorer make it alike.
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

use futures_util::future::BoxFuture;
use url::Url;

use super::{Flaw, beside, keeper::Keeper};
use crate::domain::{clock::Clock, flow::TokenFailure, secret::Secret, token::TokenFacts};

/// Makes a token call with a secret, of which nothing is kept.
pub type Trial =
    Arc<dyn Fn(Arc<Secret>) -> BoxFuture<'static, Result<Arc<TokenFacts>, Arc<TokenFailure>>> + Send + Sync>;

/// Told of each step as it is made.
pub type Tell = Arc<dyn Fn(String) + Send + Sync>;

/// See the module.
pub struct Rotation {
    /// Where the secret is.
    pub keeper: Keeper,
    /// Where token calls go.
    pub token_url: Url,
    /// Where time comes from.
    pub clock: Clock,
    /// Tries a secret.
    pub trial: Trial,
    /// Told of each step.
    pub tell: Tell,
}

/// A new secret that works, and the old one it is to take the place of.
pub struct Tried {
    old: Arc<Secret>,
    new: Arc<Secret>,
}

/// Why an exchange was not made. No secret is in it.
#[derive(Debug, thiserror::Error)]
pub enum Setback {
    /// One was made before, and nobody said yet whether it works.
    #[error("a rotation waits to be confirmed: the old secret is in {0}")]
    Waits(Keeper),
    /// There is nothing to exchange.
    #[error("there is no secret in {0}")]
    Nothing(Keeper),
    /// The new secret is the old one.
    #[error("this is the secret that is in use")]
    Same,
    /// There is nothing to confirm, or to put back.
    #[error("no rotation waits to be confirmed: there is no old secret in {0}")]
    NothingWaits(Keeper),
    /// A token call failed.
    #[error("{}", .0.text)]
    Failed(Arc<TokenFailure>),
    /// A place cannot be read or written.
    #[error("{place}: {}", .flaw.why)]
    Place {
        /// Which.
        place: Keeper,
        /// Why.
        flaw: Flaw,
    },
    /// It was the first token call.
    #[error("the new secret does not work: {0}; nothing was changed")]
    Unchanged(Box<Self>),
    /// It came after the new secret was put into its place.
    #[error("{0}; rolled back: the old secret is in its place")]
    RolledBack(Box<Self>),
    /// It came then, and the old secret cannot be put back either.
    #[error("{why}; it cannot be rolled back ({back}): the old secret is in {former}")]
    Stuck {
        /// What failed.
        why: Box<Self>,
        /// What failed then.
        back: Box<Self>,
        /// Where the old secret is.
        former: Keeper,
    },
}

impl Setback {
    /// What it began with.
    pub fn cause(&self) -> &Self {
        match self {
            Self::Unchanged(cause) | Self::RolledBack(cause) | Self::Stuck { why: cause, .. } => cause.cause(),
            cause => cause,
        }
    }

    /// What to do, where what failed says it.
    pub fn hint(&self) -> Option<&str> {
        match self.cause() {
            Self::Failed(failure) => failure.hint.as_deref(),
            Self::Place { flaw, .. } => Some(&flaw.mend),
            _ => None,
        }
    }
}

impl Rotation {
    /// Whether an old secret is kept until somebody confirms.
    pub async fn waits(&self) -> Result<bool, Setback> {
        Ok(self.read(&self.keeper.former()).await?.is_some())
    }

    /// The secret that is in use; none where an exchange can begin no more or not yet.
    pub async fn old(&self) -> Result<Arc<Secret>, Setback> {
        if self.waits().await? {
            return Err(Setback::Waits(self.keeper.former()));
        }
        self.read(&self.keeper).await?.ok_or_else(|| Setback::Nothing(self.keeper.clone()))
    }

    /// Tries the new secret beside the old one. Dropped, nothing was changed.
    pub async fn tried(&self, old: Arc<Secret>, new: Arc<Secret>) -> Result<Tried, Setback> {
        if new.same_as(&old) {
            return Err(Setback::Same);
        }
        self.step(format!("1 of 4: the new secret is tried beside the old one, at {}", self.token_url));
        let unchanged = |setback| Setback::Unchanged(Box::new(setback));
        let works = self.works(new.clone()).await.map_err(unchanged)?;
        self.step(format!("it works: {works}"));
        Ok(Tried { old, new })
    }

    /// Puts the new secret in the place of the old one, which is kept until somebody confirms.
    pub async fn exchanged(&self, Tried { old, new }: Tried) -> Result<(), Setback> {
        let former = self.keeper.former();
        self.step(format!("2 of 4: the old secret is kept in {former}"));
        self.put(&former, old.clone()).await?;
        self.step(format!("3 of 4: the new secret is put into {}", self.keeper));
        if let Err(setback) = self.swapped(&new).await {
            return Err(self.rolled_back(old, setback).await);
        }
        self.step(format!("4 of 4: the old secret is in {former} until this is confirmed"));
        Ok(())
    }

    /// Deletes the old secret.
    pub async fn confirmed(&self) -> Result<(), Setback> {
        let former = self.keeper.former();
        if !self.removed(&former).await? {
            return Err(Setback::NothingWaits(former));
        }
        self.step(format!("confirmed: the old secret is gone from {former}"));
        Ok(())
    }

    /// Puts the old secret back.
    pub async fn back(&self) -> Result<(), Setback> {
        let former = self.keeper.former();
        let Some(old) = self.read(&former).await? else { return Err(Setback::NothingWaits(former)) };
        self.replace(old).await?;
        self.step(format!("the old secret is back in {}", self.keeper));
        self.removed(&former).await?;
        Ok(())
    }

    /// The new secret in its place, read from there and tried once more.
    async fn swapped(&self, new: &Arc<Secret>) -> Result<(), Setback> {
        self.replace(new.clone()).await?;
        let other = || Setback::Place {
            place: self.keeper.clone(),
            flaw: Flaw::new("it does not hold what was put there", "try once more"),
        };
        let read = self.read(&self.keeper).await?.filter(|read| read.same_as(new)).ok_or_else(other)?;
        let works = self.works(read).await?;
        self.step(format!("read from there it works: {works}"));
        Ok(())
    }

    async fn rolled_back(&self, old: Arc<Secret>, why: Setback) -> Setback {
        let (why, former) = (Box::new(why), self.keeper.former());
        match self.replace(old).await {
            Ok(()) => {
                // One that stays is told by the next rotation.
                let _ = self.removed(&former).await;
                Setback::RolledBack(why)
            }
            Err(back) => Setback::Stuck { why, back: Box::new(back), former },
        }
    }

    /// What a token call with that secret gives, in words.
    async fn works(&self, secret: Arc<Secret>) -> Result<String, Setback> {
        let token = (self.trial)(secret).await.map_err(Setback::Failed)?;
        let life = token.life.map_or("an unknown time".to_owned(), |life| format!("{} s", life.as_secs()));
        Ok(format!("a token that lives {life}"))
    }

    fn step(&self, text: String) {
        (self.tell)(text);
    }

    async fn read(&self, place: &Keeper) -> Result<Option<Arc<Secret>>, Setback> {
        Ok(at(place, Keeper::get).await?.map(Arc::new))
    }

    async fn put(&self, place: &Keeper, secret: Arc<Secret>) -> Result<(), Setback> {
        let now = self.clock.wall();
        at(place, move |place| place.put(&secret, now)).await
    }

    async fn replace(&self, secret: Arc<Secret>) -> Result<(), Setback> {
        let now = self.clock.wall();
        at(&self.keeper, move |place| place.replace(&secret, now)).await
    }

    async fn removed(&self, place: &Keeper) -> Result<bool, Setback> {
        at(place, Keeper::remove).await
    }
}

/// Does something at a place, which may take its time.
async fn at<T: Send + 'static>(
    place: &Keeper,
    work: impl FnOnce(&Keeper) -> Result<T, Flaw> + Send + 'static,
) -> Result<T, Setback> {
    let asked = place.clone();
    let done = beside(move || work(&asked)).await;
    done.map_err(|flaw| Setback::Place { place: place.clone(), flaw })
}
