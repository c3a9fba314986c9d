//! A token call that is only tried. It shares nothing with the tokens in use: no token of it serves a call, and what is
//! refused to it holds nobody back.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Engine, call, token_endpoint::TokenAsk};
use crate::domain::{
    credential::Access,
    flow::{FlowEvent, FlowStep, TokenCall},
    secret::Secret,
    trial::Trial,
};

/// What stands for the secret in a request that is shown; no form of a token call writes it in another way.
const STAND_IN: &str = "********";

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
        Trial { profile: access.profile.clone(), request: request(access), call, token }
    }
}

/// The request as it goes out, with another secret in it: the true one is in none of its encodings.
fn request(access: &Access) -> Vec<String> {
    let shown = Access { secret: Arc::new(Secret::new(STAND_IN)), ..access.clone() };
    let TokenAsk { headers, body } = TokenAsk::new(&shown);
    let mut lines = vec![format!("POST {}", access.profile.token_url)];
    lines.extend(headers.iter().map(|(name, value)| {
        let value = if value.is_sensitive() {
            format!("Basic {STAND_IN}").into()
        } else {
            String::from_utf8_lossy(value.as_bytes())
        };
        format!("{name}: {value}")
    }));
    lines.push(String::new());
    lines.push(String::from_utf8_lossy(&body).into_owned());
    lines
}
