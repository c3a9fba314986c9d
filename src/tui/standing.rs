//! How the tokens of the active credential stand, asked of the engine whenever it may have changed.

use std::sync::Arc;

use crate::{
    app::{App, message::Message},
    domain::{
        profile::Profile,
        token::{TokenPolicy, TokenStatus},
    },
    engine::Engine,
};

/// Who was asked about last.
#[derive(Default)]
pub(super) struct Standing {
    asked: Option<Asked>,
}

struct Asked {
    profile: Arc<Profile>,
    credential: String,
    policy: TokenPolicy,
}

impl Standing {
    /// What the engine says of whoever is chosen now; nothing while nobody else is and there is no `news`.
    pub(super) fn told(&mut self, engine: &Engine, app: &App, news: bool) -> Option<Message> {
        let (profile, credential) = (app.environment.profile(), app.environment.credential_name());
        let policy = app.environment.policy();
        let same = |asked: &Asked| {
            Arc::ptr_eq(&asked.profile, profile) && asked.credential == credential && asked.policy == policy
        };
        if !news && self.asked.as_ref().is_some_and(same) {
            return None;
        }
        let access = engine.access_at_hand(profile, credential);
        if let Ok(Some(access)) = &access {
            // By any other policy a token that is kept is nobody's to renew but a person's.
            engine.tokens().by_hand(access, policy != TokenPolicy::Reuse);
        }
        // Without its secret, which is read when a call needs it, nobody has a token yet.
        let status = access.map(|access| access.map_or_else(TokenStatus::default, |access| engine.status(&access)));
        self.asked = Some(Asked { profile: profile.clone(), credential: credential.to_owned(), policy });
        Some(Message::TokenStood(status))
    }
}
