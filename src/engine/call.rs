//! One call from the key to the answer: the rules, the token, the attempts, the one renewal and the one replay.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    Call, Shared,
    error::{failure, internal},
    redirect::{self, Next},
    token_manager::{Endpoint, Wallet},
    transport::{Outgoing, is_unchanged},
};
use crate::domain::{
    challenge::asks_for_another_token,
    credential::Access,
    diagnosis::Carried,
    exchange::{Attempt, Exchange, ExchangeId, Failure, FailureKind, Hop, Outcome, SentWith},
    flow::{FlowStep, Refusal, TokenFailure, TokenFailureKind},
    origin::Origin,
    profile::Profile,
    request::{Authorization, Prepared, Purpose},
    secret::Secret,
    token::{Token, TokenFacts, TokenPolicy},
};

mod verdict;

use verdict::{asks_to_wait, diagnosed, exchange_challenges, refusing_place};

/// Makes the call; see [`super::Engine::execute`].
pub(super) async fn executed(shared: &Shared, id: ExchangeId, call: Call, cancel: CancellationToken) -> Exchange {
    let began = shared.clock.boot();
    let prepared = &call.prepared;
    let mut exchange = Exchange {
        id,
        name: prepared.name.clone(),
        method: prepared.method.clone(),
        url: prepared.url.clone(),
        profile: call.profile.name.clone(),
        policy: call.policy,
        on_purpose: match &prepared.authorization {
            Authorization::OnPurpose(purpose) => Some(purpose.to_string()),
            Authorization::Managed | Authorization::Typed => None,
        },
        started: shared.clock.wall(),
        began,
        took: std::time::Duration::ZERO,
        attempts: Vec::new(),
        outcome: Outcome::Cancelled,
        renewal: None,
        diagnosis: None,
    };
    let mut notes = Notes::default();
    let run = Run { shared, id, call: &call };
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Outcome::Cancelled,
        outcome = run.made(&mut exchange, &mut notes) => outcome,
    };
    exchange.took = shared.clock.boot().since(began);
    let masks = shared.secrets.masks();
    exchange.outcome = match outcome {
        Outcome::Failed(failure) => Outcome::Failed(Failure { text: masks.masked(&failure.text), ..failure }),
        outcome => outcome,
    };
    exchange.diagnosis = diagnosed(shared, &call, &exchange, &notes).map(|diagnosis| diagnosis.masked(masks));
    shared.past.remember(&exchange);
    run.tell(ending(&exchange));
    exchange
}

/// The last event of a call.
fn ending(exchange: &Exchange) -> FlowStep {
    match &exchange.outcome {
        Outcome::Cancelled => FlowStep::Cancelled,
        Outcome::Refused(refusal) => FlowStep::Refused(refusal.clone()),
        Outcome::Failed(failure) => FlowStep::Failed(failure.clone()),
        Outcome::NoToken(why) => FlowStep::GaveUp { why: why.text.clone() },
        Outcome::Answered => match exchange.answer() {
            Some(answer) if answer.status == StatusCode::UNAUTHORIZED => {
                let cause = exchange.diagnosis.as_ref().and_then(|diagnosis| diagnosis.causes.first());
                let why = cause.map_or_else(|| "the server refused the call".to_owned(), |cause| cause.what.clone());
                FlowStep::GaveUp { why }
            }
            Some(answer) => FlowStep::Completed { status: answer.status, size: answer.body.len(), took: exchange.took },
            None => FlowStep::Failed(internal("the call ended without an answer")),
        },
    }
}

/// What is noted on the way for the diagnosis.
#[derive(Default)]
struct Notes {
    /// The tokens it went out with.
    tokens: Vec<Arc<TokenFacts>>,
    /// How the authorization of the last attempt was written.
    carried: Option<Carried>,
    /// Whether its endpoint is known to refuse fresh tokens.
    known_futile: bool,
    /// Why it could not be repeated.
    not_repeated: Option<String>,
}

struct Run<'a> {
    shared: &'a Shared,
    id: ExchangeId,
    call: &'a Call,
}

/// What a request carries.
struct Carrying {
    with: SentWith,
    header: Option<HeaderValue>,
}

impl Carrying {
    fn nothing(with: SentWith) -> Self {
        Self { with, header: None }
    }

    fn token(
        token: &Token,
        profile: &Profile,
        with: fn(crate::domain::token::TokenRef) -> SentWith,
    ) -> Result<Self, Failure> {
        Ok(Self { with: with(token.facts.names()), header: Some(carrying(&token.secret, profile)?) })
    }
}

impl Run<'_> {
    fn tell(&self, step: FlowStep) {
        self.shared.tell(Some(self.id), step);
    }

    async fn made(&self, exchange: &mut Exchange, notes: &mut Notes) -> Outcome {
        let prepared = &self.call.prepared;
        let header = &self.call.profile.header.name;
        let typed = prepared.headers.iter().any(|(name, _)| name == header);
        let carried = match &prepared.authorization {
            Authorization::Managed | Authorization::OnPurpose(Purpose::NoReplay) if !typed => {
                return self.managed(exchange, notes).await;
            }
            Authorization::Managed | Authorization::OnPurpose(Purpose::NoReplay) | Authorization::Typed => {
                Ok(Carrying::nothing(SentWith::Typed))
            }
            Authorization::OnPurpose(Purpose::NoToken) => Ok(Carrying::nothing(SentWith::Nothing)),
            Authorization::OnPurpose(Purpose::Token(secret)) => {
                self.shared.secrets.masks().recognise(secret, "typed");
                carrying(secret, &self.call.profile)
                    .map(|header| Carrying { with: SentWith::Typed, header: Some(header) })
            }
            Authorization::OnPurpose(Purpose::Generation(serial)) => {
                let access = match self.allowed().await {
                    Ok(access) => access,
                    Err(refusal) => return Outcome::Refused(refusal),
                };
                match self.shared.tokens.kept(&access, *serial) {
                    Some(token) => {
                        notes.tokens.push(token.facts.clone());
                        Carrying::token(&token, &self.call.profile, SentWith::OlderToken)
                    }
                    None => return Outcome::Refused(Refusal::TokenGone(*serial)),
                }
            }
        };
        let bare = matches!(prepared.authorization, Authorization::OnPurpose(Purpose::NoToken));
        if let Some(origin) =
            Origin::of(&prepared.url).filter(|origin| !bare && !self.call.profile.may_carry_secrets(origin))
        {
            return Outcome::Refused(Refusal::PlainHttp(origin));
        }
        let sent = match carried {
            Ok(carried) => self.attempt(exchange, notes, carried).await,
            Err(failure) => Err(failure),
        };
        sent.map_or_else(Outcome::Failed, |()| Outcome::Answered)
    }

    /// The call with a token of its policy: the only kind that is healed.
    async fn managed(&self, exchange: &mut Exchange, notes: &mut Notes) -> Outcome {
        let access = match self.allowed().await {
            Ok(access) => access,
            Err(refusal) => return Outcome::Refused(refusal),
        };
        let wallet = match self.call.policy {
            TokenPolicy::PerTransaction => self.shared.tokens.private(&access),
            TokenPolicy::Reuse | TokenPolicy::Manual => self.shared.tokens.shared(&access),
        };
        let token = if self.call.policy == TokenPolicy::Manual {
            match wallet.at_hand(Some(self.id)) {
                Some(token) => token,
                None => return Outcome::Refused(Refusal::NoTokenYet),
            }
        } else {
            match wallet.acquire(None, Some(self.id)).await {
                Ok(token) => token,
                Err(why) => return Outcome::NoToken(why),
            }
        };
        let sent = self.with_token(exchange, notes, &token).await;
        match sent {
            // The head of a 401 says enough, whatever became of its body.
            Err(failure) if self.refusing_place(exchange).is_none() => Outcome::Failed(failure),
            sent => {
                let outcome = self.healed(exchange, notes, &wallet, &token).await;
                sent.err().filter(|_| exchange.attempts.len() == 1).map_or(outcome, Outcome::Failed)
            }
        }
    }

    fn refusing_place(&self, exchange: &Exchange) -> Option<Endpoint> {
        refusing_place(exchange, &self.call.profile.header.name)
    }

    async fn with_token(&self, exchange: &mut Exchange, notes: &mut Notes, token: &Token) -> Result<(), Failure> {
        notes.tokens.push(token.facts.clone());
        self.attempt(exchange, notes, Carrying::token(token, &self.call.profile, SentWith::Token)?).await
    }

    /// After the first answer: a 401 that another token may heal is followed by one renewal and one replay.
    async fn healed(&self, exchange: &mut Exchange, notes: &mut Notes, wallet: &Wallet, token: &Arc<Token>) -> Outcome {
        let generation = token.facts.generation;
        let Some(place) = self.refusing_place(exchange) else {
            if exchange.status() != Some(StatusCode::UNAUTHORIZED) {
                wallet.answered(generation);
            }
            return Outcome::Answered;
        };
        let challenges = exchange_challenges(exchange);
        let renewable = asks_for_another_token(&challenges);
        self.tell(FlowStep::Challenged { with: SentWith::Token(token.facts.names()), renewable });
        let no_replay = matches!(self.call.prepared.authorization, Authorization::OnPurpose(Purpose::NoReplay));
        if !renewable || no_replay || self.call.policy == TokenPolicy::Manual {
            return Outcome::Answered;
        }
        if wallet.is_futile(&place) {
            notes.known_futile = true;
            return Outcome::Answered;
        }
        wallet.invalidate(generation);
        if !self.can_repeat_body(notes) {
            return Outcome::Answered;
        }
        let newer = match wallet.acquire(Some(token.facts.names()), Some(self.id)).await {
            Ok(newer) => newer,
            Err(why) => {
                self.tell(FlowStep::RenewFailed(why.clone()));
                exchange.renewal = Some(why);
                return Outcome::Answered;
            }
        };
        // It may have changed while the token was on its way.
        if !self.can_repeat_body(notes) {
            return Outcome::Answered;
        }
        self.tell(FlowStep::Replayed(newer.facts.names()));
        if let Err(failure) = self.with_token(exchange, notes, &newer).await {
            return Outcome::Failed(failure);
        }
        if self.refusing_place(exchange).is_some() {
            wallet.remember_futile(place, newer.facts.generation);
        } else {
            wallet.answered(newer.facts.generation);
        }
        Outcome::Answered
    }

    /// Whether the body can be sent byte for byte as before; notes why not.
    fn can_repeat_body(&self, notes: &mut Notes) -> bool {
        let unchanged = is_unchanged(&self.call.prepared.body);
        if !unchanged {
            let why = "the body has changed on disk, so it was not sent again; the refused token is gone: send again";
            notes.not_repeated = Some(why.to_owned());
        }
        unchanged
    }

    /// Whether a token may go out with this call at all, and who asks for it. The secret is read last: a call that our
    /// own rules refuse starts no command and asks nobody.
    async fn allowed(&self) -> Result<Access, Refusal> {
        let (profile, url) = (&self.call.profile, &self.call.prepared.url);
        let bound = profile.bound_origins();
        match Origin::of(url) {
            Some(origin) if !bound.contains(&origin) => {
                return Err(Refusal::UnboundOrigin { origin, profile: profile.name.clone(), bound });
            }
            _ => {}
        }
        match plain_http(profile, url).or_else(|| plain_http(profile, &profile.token_url)) {
            Some(refusal) => Err(refusal),
            None => self.shared.access(profile, &self.call.credential).await,
        }
    }

    /// One trip with its redirects.
    async fn attempt(&self, exchange: &mut Exchange, notes: &mut Notes, carried: Carrying) -> Result<(), Failure> {
        let Prepared { method, url, headers, body, follow, .. } = &self.call.prepared;
        let profile = &self.call.profile;
        let (limits, token_header) = (&profile.limits, &profile.header.name);
        let deadline = self.shared.clock.boot() + limits.total;
        let number = u32::try_from(exchange.attempts.len()).unwrap_or(u32::MAX).saturating_add(1);
        exchange.attempts.push(Attempt { sent_with: carried.with, hops: Vec::new() });
        let Some(attempt) = exchange.attempts.last_mut() else { return Err(internal("no attempt")) };
        let (mut method, mut url, mut body, mut at_home) = (method.clone(), url.clone(), Some(body), true);
        loop {
            let mut fields: Vec<_> = headers
                .iter()
                .filter(|(name, value)| at_home || !(value.is_sensitive() || name == token_header))
                .cloned()
                .collect();
            if body.is_none() {
                // What describes a body goes with it (RFC 9110 §15.4).
                fields.retain(|(name, _)| !name.as_str().starts_with("content-"));
            }
            if let Some(value) = carried.header.as_ref().filter(|_| at_home) {
                fields.retain(|(name, _)| name != token_header);
                fields.push((token_header.clone(), value.clone()));
            }
            if at_home {
                let sent = fields
                    .iter()
                    .find(|(name, _)| name == token_header)
                    .and_then(|(_, value)| std::str::from_utf8(value.as_bytes()).ok());
                let prefix = &profile.header.prefix;
                notes.carried = sent.map(|sent| Carried::read(token_header.as_str(), sent, prefix));
            }
            let outgoing = Outgoing { method: method.clone(), url: url.clone(), headers: fields, token_header, body };
            let via = Origin::of(&url).and_then(|origin| profile.proxy_for(&origin)).map(ToString::to_string);
            attempt.hops.push(Hop { via: via.clone(), ..outgoing.hop(carried.with, &self.shared.clock) });
            let Some(hop) = attempt.hops.last_mut() else { return Err(internal("no hop")) };
            let with = if at_home { carried.with } else { SentWith::Nothing };
            self.tell(FlowStep::RequestSent { attempt: number, method: method.clone(), url: url.clone(), with, via });
            let sent = self.shared.transport.send(&outgoing, profile, deadline, hop, &|step| self.tell(step)).await;
            if let Err(failure) = sent {
                hop.failure = Some(failure.clone());
                return Err(failure);
            }
            let Some(answer) = &hop.answer else { return Err(internal("no answer")) };
            let location = answer.headers.iter().find(|field| field.name == header::LOCATION).and_then(|field| {
                match &field.value {
                    crate::domain::exchange::FieldValue::Shown(value) => Some(value.as_bytes()),
                    crate::domain::exchange::FieldValue::Hidden { .. } => None,
                }
            });
            let (status, has_body) = (answer.status, body.is_some_and(|body| body.size() > 0));
            let step = match follow {
                true => redirect::next(status, &method, &url, location, has_body),
                false => Next::Stay,
            };
            let wait = asks_to_wait(answer, &self.shared.clock);
            let step = match step {
                Next::Go { .. } if attempt.hops.len() > limits.redirects => {
                    let text = format!("more than {} redirects in a row", limits.redirects);
                    let hint = Some("raise `max-redirects`, or call the last address itself".to_owned());
                    Next::Stop(Failure { hint, ..failure(FailureKind::Redirect, text) })
                }
                step => step,
            };
            match step {
                Next::Stay => {
                    if let Some(until) = wait {
                        let why = format!("the API answered {status} and asks to wait; nothing is repeated by itself");
                        self.tell(FlowStep::Waiting { until, why });
                    }
                    return Ok(());
                }
                Next::Stop(failure) => {
                    if let Some(hop) = attempt.hops.last_mut() {
                        hop.failure = Some(failure.clone());
                    }
                    return Err(failure);
                }
                Next::Go { to, method: next, with_body, leaves_origin } => {
                    let token_dropped = leaves_origin && at_home && carried.header.is_some();
                    self.tell(FlowStep::Redirected { status, to: to.clone(), token_dropped });
                    at_home &= !leaves_origin;
                    (method, url) = (next, to);
                    body = body.filter(|_| with_body);
                }
            }
        }
    }
}

/// The header value that carries a token, marked sensitive.
fn carrying(secret: &Secret, profile: &Profile) -> Result<HeaderValue, Failure> {
    let (prefix, token) = (profile.header.prefix.as_str(), secret.expose());
    let text = match prefix {
        "" => zeroize::Zeroizing::new(token.to_owned()),
        prefix => zeroize::Zeroizing::new(format!("{prefix} {token}")),
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        let text = "the token holds a character that no header may hold";
        let hint = Some("the token endpoint has to issue another one".to_owned());
        Failure { hint, ..failure(FailureKind::RequestBody, text) }
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// The rule that secrets travel encrypted, or stay on this machine.
pub(super) fn plain_http(profile: &Profile, url: &Url) -> Option<Refusal> {
    let origin = Origin::of(url)?;
    (!profile.may_carry_secrets(&origin)).then_some(Refusal::PlainHttp(origin))
}

/// The same as the failure of a token call that was never made.
pub(super) fn refused_failure(refusal: &Refusal) -> TokenFailure {
    TokenFailure { kind: TokenFailureKind::Rejected, text: refusal.to_string(), hint: Some(refusal.hint()), call: None }
}
