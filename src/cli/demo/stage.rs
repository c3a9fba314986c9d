//! Where the demo is played: a sandbox, an engine that calls it, and the steps, each judged by what came.

use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::Step;
use crate::{
    cli::start,
    domain::{
        clock::Clock,
        credential::SecretSource,
        exchange::{Answer, Attempt, Exchange, ExchangeId, Outcome},
        flow::{FlowEvent, FlowStep, TokenCall, TokenFailureKind},
        profile::Profile,
        request::{Prepared, RequestBody},
        secret::Secret,
        token::{Generation, TokenFacts, TokenPolicy},
    },
    engine::{Call, Engine, Setup},
    sandbox::{Order, Sandbox},
    secrets::Secrets,
};

/// The body of a 401 as documented, byte for byte (AUTH page).
const DOCUMENTED_401: &[u8] = br#"{"statusCode":401,"message":"Unauthorized","error":"Invalid or expired token"}"#;
/// The life of a token as documented, in seconds (AUTH page).
const DOCUMENTED_LIFE: u16 = 1800;
/// A call that needs a token, of a transaction that the sandbox knows from the start.
const STATUS: &str = "/api/v1/transactions/txn_demo0001/status";

/// See the module.
pub(super) struct Stage {
    engine: Engine,
    sandbox: Sandbox,
    profile: Arc<Profile>,
    events: Arc<Mutex<Vec<FlowEvent>>>,
}

impl Stage {
    pub(super) fn new(clock: Clock, sandbox: Sandbox) -> anyhow::Result<Self> {
        let events: Arc<Mutex<Vec<FlowEvent>>> = Arc::default();
        let seen = events.clone();
        let observer = Arc::new(move |event| seen.lock().unwrap_or_else(PoisonError::into_inner).push(event));
        let (dice, secrets) = (start::dice(), Secrets::default());
        let engine = Engine::new(Setup { clock, observer, dice, cache: None, secrets, timer: false });
        let profile = Arc::new(start::sandbox_profile(&sandbox)?);
        Ok(Self { engine, sandbox, profile, events })
    }

    /// A token is fetched.
    pub(super) async fn token(&self) -> Step {
        let step = |went_so, text| Step { name: "token", went_so, status: None, token: None, text };
        let renewed = match self.engine.access(&self.profile, "").await {
            Ok(access) => self.engine.renew(&access).await.map_err(|failure| failure.text.clone()),
            Err(refusal) => Err(refusal.to_string()),
        };
        if let Err(why) = renewed {
            return step(false, why);
        }
        let Some((token, call)) = self.issued() else { return step(false, "no token was issued".to_owned()) };
        let as_documented = says_documented_life(&call);
        let text = if as_documented {
            format!("POST /api/token: expires_in {DOCUMENTED_LIFE}, token_type Bearer, as documented")
        } else {
            format!("POST /api/token: not as documented: {}", call.body)
        };
        let status = call.status.map(|status| status.as_u16());
        Step { status, token: Some(token.names()), ..step(as_documented, text) }
    }

    /// A call goes out with it.
    pub(super) async fn call(&self) -> anyhow::Result<Step> {
        let exchange = self.sent(&self.profile).await?;
        let attempt = exchange.attempts.first();
        let went_so = exchange.attempts.len() == 1 && status(attempt) == Some(200) && generation(attempt) == Some(1);
        Ok(step_of("call", went_so, attempt, format!("GET {STATUS}")))
    }

    /// Time passes at the sandbox, and nowhere else.
    pub(super) fn expiry(&self) -> Step {
        let token = self.issued().map(|(token, _)| token);
        let past = i64::from(DOCUMENTED_LIFE) + 1;
        self.sandbox.order(Order::Clock { offset_seconds: past });
        Step {
            name: "expiry",
            went_so: token.is_some(),
            status: None,
            token: token.map(|token| token.names()),
            text: format!("the sandbox's clock is moved on by {past} s, past the end of the token"),
        }
    }

    /// The same call again: refused, renewed, replayed.
    pub(super) async fn healing(&self) -> anyhow::Result<[Step; 3]> {
        let exchange = self.sent(&self.profile).await?;
        let (first, second) = (exchange.attempts.first(), exchange.attempts.get(1));
        let body = first.and_then(answered).map(|answer| answer.body.bytes(0, 2 * DOCUMENTED_401.len())).transpose()?;
        let as_documented = status(first) == Some(401) && body.as_deref() == Some(DOCUMENTED_401);
        let text = if as_documented {
            "the same call is refused, its body byte for byte as documented"
        } else {
            "the answer is not the documented refusal"
        };
        let refused = step_of("refused", as_documented && generation(first) == Some(1), first, text.to_owned());

        let issued = self.issued().filter(|(token, _)| token.generation == Generation(2));
        let renewal = Step {
            name: "renewal",
            went_so: issued.as_ref().is_some_and(|(_, call)| says_documented_life(call)),
            status: issued.as_ref().and_then(|(_, call)| call.status).map(|status| status.as_u16()),
            token: issued.as_ref().map(|(token, _)| token.names()),
            text: "one token call for the token that was refused".to_owned(),
        };
        let went_so = exchange.attempts.len() == 2 && status(second) == Some(200) && generation(second) == Some(2);
        let replay = step_of("replay", went_so, second, "the call is sent once more, and answered".to_owned());
        Ok([refused, renewal, replay])
    }

    /// Two calls with a wrong secret: one token call, and nothing else goes out.
    pub(super) async fn wrong_secret(&self) -> anyhow::Result<Step> {
        let mut profile = Profile::clone(&self.profile);
        for credential in &mut profile.credentials {
            credential.secret = SecretSource::Sandbox(Arc::new(Secret::new("not-the-secret")));
        }
        let profile = Arc::new(profile);
        let before = self.sandbox.journal().counts();
        let calls = [self.sent(&profile).await?, self.sent(&profile).await?];
        let after = self.sandbox.journal().counts();
        let refused = calls.iter().filter_map(|call| match &call.outcome {
            Outcome::NoToken(why) if why.kind == TokenFailureKind::CredentialsRefused => Some(why.clone()),
            _ => None,
        });
        let refused: Vec<_> = refused.collect();
        let went_so =
            refused.len() == 2 && after.token_calls == before.token_calls + 1 && after.api_calls == before.api_calls;
        let status = refused.first().and_then(|why| why.call.as_ref()?.status).map(|status| status.as_u16());
        let text = "two calls ask for a token once, and are not sent".to_owned();
        Ok(Step { name: "wrong secret", went_so, status, token: None, text })
    }

    async fn sent(&self, profile: &Arc<Profile>) -> anyhow::Result<Exchange> {
        let url = profile.base_url.join(STATUS)?;
        let call = Call {
            prepared: Prepared::new(Method::GET, url, Vec::new(), RequestBody::Empty)?,
            profile: profile.clone(),
            credential: String::new(),
            policy: TokenPolicy::Reuse,
        };
        Ok(self.engine.execute(ExchangeId(1), call, CancellationToken::new()).await)
    }

    /// The last token that was issued, and the call it came by.
    fn issued(&self) -> Option<(Arc<TokenFacts>, Arc<TokenCall>)> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.iter().rev().find_map(|event| match &event.step {
            FlowStep::TokenIssued { token, call } => Some((token.clone(), call.clone())),
            _ => None,
        })
    }
}

/// Whether a token answer tells life and type as the documentation does.
fn says_documented_life(call: &TokenCall) -> bool {
    let said: Value = serde_json::from_str(&call.body).unwrap_or_default();
    said.get("expires_in") == Some(&DOCUMENTED_LIFE.into()) && said.get("token_type") == Some(&"Bearer".into())
}

fn step_of(name: &'static str, went_so: bool, attempt: Option<&Attempt>, text: String) -> Step {
    let token = attempt.and_then(|attempt| attempt.sent_with.token());
    Step { name, went_so, status: status(attempt), token, text }
}

fn answered(attempt: &Attempt) -> Option<&Answer> {
    attempt.hops.last()?.answer.as_ref()
}

fn status(attempt: Option<&Attempt>) -> Option<u16> {
    Some(answered(attempt?)?.status.as_u16())
}

fn generation(attempt: Option<&Attempt>) -> Option<u64> {
    Some(attempt?.sent_with.token()?.generation.0)
}
