//! The steps of a check, each judged by what came.

use std::{sync::Arc, time::Duration};

use http::{StatusCode, header};
use url::Url;

use super::{
    Bounds,
    altered::altered,
    witness::{Witness, answer, refusal},
};
use crate::{
    cli::{
        exit::{Exit, Stop},
        report::{Report, Step},
    },
    domain::{
        credential::Access,
        exchange::Exchange,
        flow::{FlowStep, TokenCall, TokenFailure, TokenFailureKind},
        origin::Origin,
        profile::Profile,
        request::{Authorization, Purpose},
        token::{TokenFacts, TokenNote},
    },
    engine::timer,
    sandbox::{self, Endpoint, Order},
};

const HTTPS: &str = "https";
const TOKEN: &str = "token";
const TYPE: &str = "token type";
const LIFETIME: &str = "lifetime";
const CALL: &str = "call";
const NO_TOKEN: &str = "no token";
const ALTERED: &str = "altered token";
const EXPIRED: &str = "expired token";
const SCOPE: &str = "wrong scope";
const URLS: &str = "no token in a URL";
const RENEWAL: &str = "renewal, replay";
/// What nothing is known of without a token.
const WITH_TOKEN: [&str; 7] = [LIFETIME, CALL, ALTERED, EXPIRED, SCOPE, URLS, RENEWAL];

/// See the module.
pub(super) struct Check<'a> {
    pub(super) witness: Witness<'a>,
    pub(super) report: Report,
    /// What this client may get.
    pub(super) url: Url,
    /// What it may not.
    pub(super) forbidden: Option<Url>,
    pub(super) lifetime: Option<Bounds>,
    pub(super) wait: Option<Duration>,
    /// Every address that was called, or that an answer led to.
    pub(super) urls: Vec<Url>,
}

impl Check<'_> {
    /// All of them; gives what kept a token from coming.
    pub(super) async fn all(&mut self) -> anyhow::Result<Option<Stop>> {
        let profile = self.witness.session.profile.clone();
        let step = https(&profile);
        self.tell(Duration::ZERO, step)?;
        // Without a token nothing is sent that would tell a secret, so this one comes first.
        let (took, step) = self.timed(async |check| check.without().await).await?;
        self.tell(took, step)?;

        let clock = self.witness.session.clock.clone();
        let began = clock.boot();
        let issued = self.issued(&profile).await;
        let took = clock.boot().since(began);
        let (access, token, call) = match issued {
            Ok(issued) => issued,
            Err(stopped) => {
                for step in stopped.steps() {
                    self.tell(took, step)?;
                }
                for name in WITH_TOKEN {
                    self.tell(Duration::ZERO, Step::not_judged(name, "there is no token"))?;
                }
                return Ok(stopped.stop);
            }
        };
        let kind = if token.jwt.is_some() { "a JWT" } else { "opaque" };
        let status = call.status.map_or_else(String::new, |status| status.as_u16().to_string());
        self.tell(took, Step::good(TOKEN, format!("POST {}: {status}, {}, {kind}", call.url, token.serial)))?;
        self.tell(Duration::ZERO, token_type(&token))?;
        let step = self.life(&token);
        self.tell(Duration::ZERO, step)?;

        let (took, step) = self.timed(async |check| check.call().await).await?;
        self.tell(took, step)?;
        let (took, step) = self.timed(async |check| check.with_altered(&access, &token).await).await?;
        self.tell(took, step)?;
        let (took, step) = self.timed(async |check| check.with_expired(&token).await).await?;
        self.tell(took, step)?;
        let (took, step) = self.timed(async |check| check.without_scope().await).await?;
        self.tell(took, step)?;
        let (took, step) = self.timed(async |check| check.renewed(&access, &token).await).await?;
        self.tell(took, step)?;
        let step = self.addresses();
        self.tell(Duration::ZERO, step)?;
        Ok(None)
    }

    fn tell(&mut self, took: Duration, step: Step) -> anyhow::Result<()> {
        self.report.tell(Step { took, ..step })
    }

    async fn timed(
        &mut self,
        judged: impl AsyncFnOnce(&mut Self) -> anyhow::Result<Step>,
    ) -> anyhow::Result<(Duration, Step)> {
        let clock = self.witness.session.clock.clone();
        let began = clock.boot();
        let step = judged(self).await?;
        Ok((clock.boot().since(began), step))
    }

    async fn got(&mut self, url: &Url, authorization: Authorization) -> anyhow::Result<Exchange> {
        let exchange = self.witness.got(url, authorization).await?;
        for hop in exchange.attempts.iter().flat_map(|attempt| &attempt.hops) {
            self.urls.push(hop.request.url.clone());
            let to = hop.answer.as_ref().and_then(|answer| answer.header("location"));
            self.urls.extend(to.and_then(|to| hop.request.url.join(to).ok()));
        }
        Ok(exchange)
    }

    async fn issued(&self, profile: &Arc<Profile>) -> Result<(Access, Arc<TokenFacts>, Arc<TokenCall>), NoToken> {
        let engine = &self.witness.session.engine;
        let access = engine.access(profile, "").await.map_err(|refusal| NoToken::of(Stop::refused(&refusal), None))?;
        let renewed = engine.renew(&access).await;
        let token = renewed.map_err(|why| NoToken::of(Stop::no_token(&why), Some(&why)))?;
        let events = self.witness.events.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let call = events.iter().rev().find_map(|event| match &event.step {
            FlowStep::TokenIssued { call, .. } => Some(call.clone()),
            _ => None,
        });
        drop(events);
        let call = call.ok_or_else(|| NoToken::of(Stop::usage("no token call was told of"), None))?;
        Ok((access, token, call))
    }

    fn life(&self, token: &TokenFacts) -> Step {
        let differing = token.notes.iter().find(|note| matches!(note, TokenNote::LivesDiffer { .. }));
        if let Some(note) = differing {
            return Step::failed(LIFETIME, note.words());
        }
        match (token.life, self.lifetime) {
            (Some(life), Some(Bounds { least, most })) => {
                let told = format!("{} s, expected {} to {} s", life.as_secs(), least.as_secs(), most.as_secs());
                if (least..=most).contains(&life) { Step::good(LIFETIME, told) } else { Step::failed(LIFETIME, told) }
            }
            (None, Some(_)) => Step::failed(LIFETIME, "the answer tells no life that can be read"),
            (life, None) => {
                let told = life.map_or_else(|| "no life is told".to_owned(), |life| format!("{} s", life.as_secs()));
                Step::not_judged(LIFETIME, format!("{told}, and none is expected: `--lifetime MIN..MAX`"))
            }
        }
    }

    async fn call(&mut self) -> anyhow::Result<Step> {
        let url = self.url.clone();
        let exchange = self.got(&url, Authorization::Managed).await?;
        let path = url.path();
        Ok(match answer(&exchange).map(|answer| answer.status) {
            Err((why, exit)) => Step::failed(CALL, why).ending(exit),
            Ok(status) if status.as_u16() < 400 => Step::good(CALL, format!("GET {path}: {status}")),
            Ok(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
                Step::failed(CALL, format!("GET {path}: {status} to a new token"))
            }
            Ok(status) => {
                let more = "name a GET that this client may make: `authscope check PATH`";
                Step::not_judged(CALL, format!("GET {path}: {status}; {more}"))
            }
        })
    }

    async fn without(&mut self) -> anyhow::Result<Step> {
        let url = self.url.clone();
        let exchange = self.got(&url, Authorization::OnPurpose(Purpose::NoToken)).await?;
        Ok(refused(NO_TOKEN, &exchange))
    }

    async fn with_altered(&mut self, access: &Access, token: &TokenFacts) -> anyhow::Result<Step> {
        let Some(kept) = self.witness.session.engine.tokens().kept(access, token.serial) else {
            return Ok(Step::not_judged(ALTERED, format!("{} is gone", token.serial)));
        };
        let url = self.url.clone();
        let other = Authorization::OnPurpose(Purpose::Token(Arc::new(altered(&kept.secret))));
        Ok(refused(ALTERED, &self.got(&url, other).await?))
    }

    async fn with_expired(&mut self, token: &TokenFacts) -> anyhow::Result<Step> {
        let session = self.witness.session;
        let Some(expiry) = token.expiry() else {
            return Ok(Step::not_judged(EXPIRED, "no life is told, so nobody knows when it ends"));
        };
        let left = expiry.since(session.clock.boot());
        let waits = self.wait.is_some_and(|wait| left <= wait);
        match &session.sandbox {
            Some(sandbox) => {
                let past = i64::try_from(left.as_secs()).unwrap_or(i64::MAX - 2) + 2;
                sandbox.order(Order::Clock { offset_seconds: past });
            }
            None if waits => timer::sleep_until(&session.clock, expiry + Duration::from_secs(1)).await,
            None => {
                let text = format!("{} lives {} s more: `--wait TIME` waits for its end", token.serial, left.as_secs());
                return Ok(Step::not_judged(EXPIRED, text));
            }
        }
        let url = self.url.clone();
        let exchange = self.got(&url, Authorization::OnPurpose(Purpose::Generation(token.serial))).await?;
        if let Some(sandbox) = &session.sandbox {
            sandbox.order(Order::Clock { offset_seconds: 0 });
        }
        Ok(refused(EXPIRED, &exchange))
    }

    async fn without_scope(&mut self) -> anyhow::Result<Step> {
        let url = match (&self.forbidden, &self.witness.session.sandbox) {
            (Some(url), _) => url.clone(),
            (None, Some(sandbox)) => {
                let answer = sandbox::Answer::Scope("payments:write".to_owned());
                sandbox.order(Order::Answer { endpoint: Endpoint::Api, answer, times: Some(1) });
                self.url.clone()
            }
            (None, None) => {
                let text = "no address is known that this client has no scope for: `--forbidden PATH`";
                return Ok(Step::not_judged(SCOPE, text));
            }
        };
        let before = self.witness.token_calls();
        let exchange = self.got(&url, Authorization::Managed).await?;
        Ok(match answer(&exchange) {
            Err((why, exit)) => Step::failed(SCOPE, why).ending(exit),
            Ok(answer) if answer.status != StatusCode::FORBIDDEN => {
                Step::failed(SCOPE, format!("GET {}: {} where 403 is expected", url.path(), answer.status))
            }
            Ok(answer) => {
                let challenge = answer.header(header::WWW_AUTHENTICATE.as_str()).unwrap_or("no challenge");
                let calls = self.witness.token_calls() - before;
                Step::good(SCOPE, format!("403, {challenge}; {calls} token calls"))
            }
        })
    }

    /// What heals a 401: where one can be had, the whole of it; elsewhere another token, and a call with that.
    async fn renewed(&mut self, access: &Access, former: &TokenFacts) -> anyhow::Result<Step> {
        let (engine, url) = (self.witness.session.engine.clone(), self.url.clone());
        let renewed = match engine.renew(access).await {
            Ok(renewed) => renewed,
            Err(why) => return Ok(Step::failed(RENEWAL, why.text.clone()).ending(Exit::of_token_failure(&why))),
        };
        if renewed.fingerprint == former.fingerprint {
            return Ok(Step::failed(
                RENEWAL,
                "a further token call gives the same token: one that is refused stays so",
            ));
        }
        if let Some(sandbox) = &self.witness.session.sandbox {
            sandbox.order(Order::RevokeAll);
        }
        let before = self.witness.token_calls();
        let exchange = self.got(&url, Authorization::Managed).await?;
        let (attempts, calls) = (exchange.attempts.len(), self.witness.token_calls() - before);
        let status = match answer(&exchange) {
            Ok(answer) => answer.status,
            Err((why, exit)) => return Ok(Step::failed(RENEWAL, why).ending(exit)),
        };
        let is_refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        Ok(if self.witness.session.sandbox.is_some() {
            let text = format!("a revoked token: {attempts} attempts, {calls} token call, then {status}");
            if (attempts, calls, is_refused) == (2, 1, false) {
                Step::good(RENEWAL, text)
            } else {
                Step::failed(RENEWAL, text)
            }
        } else if is_refused {
            Step::failed(RENEWAL, format!("{} is another token, and is answered {status}", renewed.serial))
        } else {
            let text =
                format!("{} is another token, and is answered {status}; no 401 could be had to heal", renewed.serial);
            Step::good(RENEWAL, text)
        })
    }

    fn addresses(&self) -> Step {
        match self.urls.iter().find(|url| self.witness.tells_a_secret(url)) {
            Some(url) => {
                let shown = format!("{}{}", url.origin().ascii_serialization(), url.path());
                Step::failed(URLS, format!("a secret stands in the query of {shown}"))
            }
            None => Step::good(URLS, format!("{} addresses called or led to have none", self.urls.len())),
        }
    }
}

/// Why there is no token to go on with.
struct NoToken {
    stop: Option<Stop>,
    token: Step,
    kind: Step,
}

impl NoToken {
    fn of(stop: Stop, failure: Option<&TokenFailure>) -> Self {
        let of_another_type = failure.and_then(|failure| {
            let call = failure.call.as_ref().filter(|_| failure.kind == TokenFailureKind::NotAToken)?;
            let body: serde_json::Value = serde_json::from_str(&call.body).ok()?;
            let told = body["token_type"].as_str().filter(|told| !told.eq_ignore_ascii_case("Bearer"))?;
            body["access_token"].is_string().then(|| format!("token_type is `{told}`, no Bearer (RFC 6750 4)"))
        });
        match of_another_type {
            Some(text) => Self {
                stop: None,
                token: Step::not_judged(TOKEN, "one came, of a type that is not taken"),
                kind: Step::failed(TYPE, text),
            },
            None => Self {
                token: Step::failed(TOKEN, stop.text.clone()).ending(stop.exit),
                kind: Step::not_judged(TYPE, "there is no token"),
                stop: Some(stop),
            },
        }
    }

    fn steps(&self) -> [Step; 2] {
        [self.token.clone(), self.kind.clone()]
    }
}

/// A refusal that is wanted.
fn refused(name: &str, exchange: &Exchange) -> Step {
    match answer(exchange).map(refusal) {
        Ok(Ok(seen)) => Step::good(name, seen),
        Ok(Err(seen)) => Step::failed(name, seen),
        Err((why, exit)) => Step::failed(name, why).ending(exit),
    }
}

fn token_type(token: &TokenFacts) -> Step {
    if token.notes.contains(&TokenNote::TypeMissing) {
        Step::failed(TYPE, "the answer has no token_type (RFC 6749 5.1)")
    } else if token.notes.contains(&TokenNote::Shared) {
        Step::not_judged(TYPE, "another command got the token, and kept it for this one")
    } else {
        Step::good(TYPE, "Bearer")
    }
}

/// Whether secrets travel encrypted.
fn https(profile: &Profile) -> Step {
    let ends = [("calls", &profile.base_url), ("token calls", &profile.token_url)];
    let plain: Vec<_> = ends.iter().filter(|(_, url)| url.scheme() != "https").collect();
    let is_near = |url: &Url| Origin::of(url).is_some_and(|origin| origin.is_loopback());
    let told = plain.iter().map(|(what, url)| format!("{what} go to {}", url.origin().ascii_serialization()));
    let told = told.collect::<Vec<_>>().join(", ");
    if plain.is_empty() {
        Step::good(HTTPS, "calls and token calls are https")
    } else if plain.iter().all(|(_, url)| is_near(url)) {
        Step::not_judged(HTTPS, format!("{told}: this machine, which needs none"))
    } else {
        Step::failed(HTTPS, told)
    }
}
