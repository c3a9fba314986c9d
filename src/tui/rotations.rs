//! Secrets exchanged for others, as the state orders it and [`crate::secrets::rotation`] does it.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        message::Message,
        notice::sentences,
        rotation::{RotationOrder, Stood},
    },
    domain::{clock::Clock, profile::Profile, secret::Secret},
    engine::Engine,
    secrets::{
        self,
        keeper::Keeper,
        rotation::{Rotation, Setback},
    },
};

/// The exchange of that number.
pub(super) struct Rotations {
    pub(super) engine: Engine,
    pub(super) clock: Clock,
    pub(super) messages: UnboundedSender<Message>,
    pub(super) number: u64,
    pub(super) profile: Arc<Profile>,
    pub(super) credential: String,
}

impl Rotations {
    /// Does it, and tells how it stands then. By `stop` the first token call ends, nothing after it.
    pub(super) async fn done(self, order: RotationOrder, stop: CancellationToken) -> Message {
        let number = self.number;
        let end = match self.rotation() {
            Some(rotation) => self.carried_out(&rotation, order, stop).await,
            None => Err("the secret of this credential is not in our hands any more".to_owned()),
        };
        Message::RotationStood(number, end)
    }

    fn rotation(&self) -> Option<Rotation> {
        let credential = self.profile.credentials.iter().find(|known| known.name == self.credential)?;
        let keeper = Keeper::of(&credential.secret)?;
        let (messages, number) = (self.messages.clone(), self.number);
        Some(Rotation {
            keeper,
            token_url: self.profile.token_url.clone(),
            clock: self.clock.clone(),
            trial: self.engine.trials_of(self.profile.clone(), self.credential.clone()),
            tell: Arc::new(move |text| {
                let _ = messages.send(Message::RotationStepped(number, text));
            }),
        })
    }

    async fn carried_out(
        &self,
        rotation: &Rotation,
        order: RotationOrder,
        stop: CancellationToken,
    ) -> Result<Stood, String> {
        let end = match order {
            RotationOrder::Look => match rotation.old().await {
                Ok(_) => Ok(Stood::Ready),
                Err(Setback::Waits(_)) => Ok(Stood::Waiting),
                Err(setback) => Err(setback),
            },
            RotationOrder::Make(secret) => {
                let secret = match secrets::usable(secret) {
                    Ok(secret) => secret,
                    Err(flaw) => return Err(sentences(&flaw.why, Some(&flaw.mend))),
                };
                match stop.run_until_cancelled(self.tried(rotation, secret)).await {
                    None => return Err("Stopped: nothing was changed.".to_owned()),
                    Some(Err(setback)) => Err(setback),
                    Some(Ok(tried)) => rotation.exchanged(tried).await.map(|()| Stood::Waiting),
                }
            }
            RotationOrder::Confirm => rotation.confirmed().await.map(|()| Stood::Over),
            RotationOrder::Back => rotation.back().await.map(|()| Stood::Over),
        };
        if end.is_ok() {
            self.engine.rotated(&self.profile, &self.credential);
        }
        end.map_err(|setback| self.words(&setback))
    }

    async fn tried(&self, rotation: &Rotation, secret: Secret) -> Result<secrets::rotation::Tried, Setback> {
        rotation.tried(rotation.old().await?, Arc::new(secret)).await
    }

    fn words(&self, setback: &Setback) -> String {
        let first = match setback.cause() {
            Setback::Nothing(_) => {
                Some(format!("`authscope secret set {}` puts the first one there", self.profile.name))
            }
            _ => None,
        };
        sentences(&setback.to_string(), first.as_deref().or(setback.hint()))
    }
}
