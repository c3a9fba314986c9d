//! Makes the calls of a check and tells what came of them.

use std::{
    borrow::Cow,
    sync::{Mutex, PoisonError},
};

use http::{Method, StatusCode, header};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    cli::{exit::Exit, session::Session},
    domain::{
        challenge::challenges,
        exchange::{Answer, Exchange, ExchangeId, Outcome},
        flow::{FlowEvent, FlowStep},
        redact::Redactor,
        request::{Authorization, Prepared, RequestBody},
        secrecy::is_secret_by_name,
        token::TokenPolicy,
    },
    engine::Call,
};

/// See the module.
pub(super) struct Witness<'a> {
    pub(super) session: &'a Session,
    pub(super) events: &'a Mutex<Vec<FlowEvent>>,
    pub(super) masks: &'a Redactor,
}

impl Witness<'_> {
    /// A GET, with what it is to carry.
    pub(super) async fn got(&self, url: &Url, authorization: Authorization) -> anyhow::Result<Exchange> {
        let mut prepared = Prepared::new(Method::GET, url.clone(), Vec::new(), RequestBody::Empty)?;
        prepared.authorization = authorization;
        let call = Call {
            prepared,
            profile: self.session.profile.clone(),
            credential: String::new(),
            policy: TokenPolicy::Reuse,
        };
        Ok(self.session.engine.execute(ExchangeId(1), call, CancellationToken::new()).await)
    }

    /// How many token calls went out so far.
    pub(super) fn token_calls(&self) -> usize {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.iter().filter(|event| matches!(event.step, FlowStep::TokenRequested { .. })).count()
    }

    /// Whether a text holds a secret that is known, or a parameter that is one by its name.
    pub(super) fn tells_a_secret(&self, url: &Url) -> bool {
        let is_one = |(name, value): (Cow<'_, str>, Cow<'_, str>)| is_secret_by_name(&name) && !value.is_empty();
        self.masks.hides(url.as_str()) || url.query_pairs().any(is_one)
    }
}

/// The answer, or how the call ended without one and what that comes to.
pub(super) fn answer(exchange: &Exchange) -> Result<&Answer, (String, Exit)> {
    let why = match &exchange.outcome {
        Outcome::Answered => return exchange.answer().ok_or_else(|| ("no answer came".to_owned(), Exit::Failed)),
        Outcome::Failed(failure) => failure.text.clone(),
        Outcome::NoToken(failure) => failure.text.clone(),
        Outcome::Refused(refusal) => refusal.to_string(),
        Outcome::Cancelled => "cancelled".to_owned(),
    };
    Err((why, Exit::of(exchange)))
}

/// Whether a 401 says that it is one: by the documented body, or by a challenge (RFC 6750 §3). `Err` tells what stands
/// there instead.
pub(super) fn refusal(answer: &Answer) -> Result<String, String> {
    if answer.status != StatusCode::UNAUTHORIZED {
        return Err(format!("answered {} where 401 is expected", answer.status));
    }
    let fields = answer.headers.iter().filter(|field| field.name == header::WWW_AUTHENTICATE);
    let fields: Vec<_> = fields.filter_map(|field| field.text()).collect();
    let schemes: Vec<_> = challenges(fields).into_iter().map(|challenge| challenge.scheme).collect();
    let body = answer.body.bytes(0, 64 << 10).unwrap_or_default();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let is_documented = body["statusCode"] == 401 && body["message"].is_string() && body["error"].is_string();
    match (is_documented, schemes.as_slice()) {
        (true, []) => Ok("401 with the documented body".to_owned()),
        (true, schemes) => Ok(format!("401 with the documented body and a challenge: {}", schemes.join(", "))),
        (false, []) => Err("401 with neither the documented body nor a challenge (RFC 6750 3)".to_owned()),
        (false, schemes) => Ok(format!("401 with a challenge: {}", schemes.join(", "))),
    }
}
