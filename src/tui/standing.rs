//! How the tokens of the active credential stand, asked of the engine whenever it may have changed.

use std::sync::Arc;

use crate::{
    app::{App, message::Message},
    domain::{credential::Access, flow::Refusal, profile::Profile, token::TokenPolicy},
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
    access: Result<Access, Refusal>,
}

impl Standing {
    /// What the engine says of whoever is chosen now; nothing while nobody else is and there is no `news`.
    pub(super) fn told(&mut self, engine: &Engine, app: &App, news: bool) -> Option<Message> {
        let (profile, credential) = (app.environment.profile(), app.environment.credential_name());
        let policy = app.environment.policy();
        let same = |asked: &&mut Asked| Arc::ptr_eq(&asked.profile, profile) && asked.credential == credential;
        let access = match self.asked.as_mut().filter(same) {
            Some(asked) if !news && asked.policy == policy => return None,
            // What was missing may be there by now.
            Some(Asked { access: Err(_), .. }) | None => engine.access(profile, credential),
            Some(asked) => asked.access.clone(),
        };
        if let Ok(access) = &access {
            // By any other policy a token that is kept is nobody's to renew but a person's.
            engine.tokens().by_hand(access, policy != TokenPolicy::Reuse);
        }
        let status = access.as_ref().map(|access| engine.status(access)).map_err(Clone::clone);
        let (profile, credential) = (profile.clone(), credential.to_owned());
        self.asked = Some(Asked { profile, credential, policy, access });
        Some(Message::TokenStood(status))
    }
}
