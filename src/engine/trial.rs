//! A token call that is only tried. It shares nothing with the tokens in use: no token of it serves a call, and what is
//! refused to it holds nobody back.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Engine, call, token_endpoint};
use crate::domain::{
    credential::Access,
    flow::{FlowEvent, FlowStep, TokenCall},
    trial::Trial,
};

impl Engine {
    /// Makes a token call and keeps nothing of it. Whoever observes is told of it as of any other.
    pub async fn trial(&self, access: &Access) -> Trial {
        self.look_at_clocks();
        let called: Arc<Mutex<Option<Arc<TokenCall>>>> = Arc::default();
        let (seen, observer) = (called.clone(), self.0.observer.clone());
        let apart = self.0.tokens.apart(Arc::new(move |event: FlowEvent| {
            let call = match &event.step {
                FlowStep::TokenIssued { call, .. } => Some(call.clone()),
                FlowStep::TokenFailed(failure) => failure.call.clone(),
                _ => None,
            };
            if call.is_some() {
                *seen.lock().unwrap_or_else(PoisonError::into_inner) = call;
            }
            observer(event);
        }));
        let token = match call::plain_http(&access.profile, &access.profile.token_url) {
            Some(refusal) => Err(Arc::new(call::refused_failure(&refusal))),
            None => apart.renew(access).await.map(|token| token.facts.clone()),
        };
        let call = called.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Trial { profile: access.profile.clone(), request: token_endpoint::told(access), call, token }
    }
}
