//! A refused call and all that is known around it, turned into facts.

use std::sync::Arc;

use http::header;
use jiff::{Timestamp, fmt::rfc2822::DateTimeParser};
use serde_json::Value;

use super::{
    carried::Carried,
    fact::{Fact, Facts},
    past::{Past, media_type},
};
use crate::domain::{
    challenge::challenges,
    credential::Credential,
    exchange::{Attempt, Exchange, Hop, Outcome, SentWith},
    flow::{TokenFailure, TokenFailureKind},
    jwt::Jwt,
    origin::Origin,
    profile::Profile,
    token::{TokenFacts, TokenNote, TokenPolicy, TokenSerial},
};

/// What a diagnosis rests on.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The call.
    pub exchange: &'a Exchange,
    /// Its profile.
    pub profile: &'a Profile,
    /// Who called, if that is known.
    pub credential: Option<&'a Credential>,
    /// The tokens it went out with.
    pub tokens: &'a [Arc<TokenFacts>],
    /// How the authorization of its last attempt was written, if that is known.
    pub carried: Option<&'a Carried>,
    /// What was answered before, the oldest first.
    pub past: &'a [Past],
    /// Whether its endpoint refused a fresh token within the last minute.
    pub known_futile: bool,
    /// Why it was not repeated, where a changed body stood in the way.
    pub not_repeated: Option<String>,
}

static DATES: DateTimeParser = DateTimeParser::new();

impl<'a> Case<'a> {
    /// A call of which nothing is known but itself.
    pub fn of(exchange: &'a Exchange, profile: &'a Profile) -> Self {
        Self {
            exchange,
            profile,
            credential: None,
            tokens: &[],
            carried: None,
            past: &[],
            known_futile: false,
            not_repeated: None,
        }
    }

    /// The attempt and the hop that were refused: the first attempt where the next one healed it.
    fn refusal(&self) -> Option<(usize, &'a Attempt, &'a Hop)> {
        let at = if self.exchange.healed() { 0 } else { self.exchange.attempts.len().checked_sub(1)? };
        let attempt = self.exchange.attempts.get(at)?;
        let hop = attempt.hops.last()?;
        let status = hop.answer.as_ref()?.status.as_u16();
        matches!(status, 401 | 403).then_some((at, attempt, hop))
    }

    /// Whether there is something to explain: a refusal, healed or not, or no token.
    pub fn is_refused(&self) -> bool {
        self.refusal().is_some() || matches!(self.exchange.outcome, Outcome::NoToken(_))
    }

    /// What is known.
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        if let Some((at, attempt, hop)) = self.refusal() {
            of_answer(&mut facts, hop);
            self.sent(&mut facts, attempt, hop);
            self.token(&mut facts, attempt, hop);
            self.before(&mut facts, at, attempt, hop);
        }
        if let Some(host) = self.profile.token_url.host_str() {
            facts.add(Fact::TokenEndpoint(host.to_owned()));
        }
        let failure = match &self.exchange.outcome {
            Outcome::NoToken(failure) => Some(failure),
            _ => self.exchange.renewal.as_ref(),
        };
        if let Some(failure) = failure {
            token_trouble(&mut facts, failure);
        }
        if let Some(why) = &self.not_repeated {
            facts.add(Fact::NotRepeated(why.clone()));
        }
        facts
    }

    /// What was sent.
    fn sent(&self, facts: &mut Facts, attempt: &Attempt, hop: &Hop) {
        match attempt.sent_with {
            SentWith::Nothing => return facts.add(Fact::SentNothing),
            SentWith::Typed => facts.add(Fact::SentTyped),
            SentWith::OlderToken(token) => facts.add(Fact::SentOlder(token.serial.to_string())),
            SentWith::Token(_) => {
                if self.exchange.policy == TokenPolicy::Manual {
                    facts.add(Fact::Manual);
                }
            }
        }
        if self.exchange.on_purpose.as_deref() == Some("no replay") {
            facts.add(Fact::NoReplay);
        }
        let origin = Origin::of(&hop.request.url);
        let first = attempt.hops.first().and_then(|first| Origin::of(&first.request.url));
        let carries = |hop: &Hop| hop.request.headers.iter().any(|field| field.name == self.profile.header.name);
        if let (Some(from), Some(to)) = (first, origin)
            && from != to
            && attempt.hops.first().is_some_and(carries)
            && !carries(hop)
        {
            return facts.add(Fact::LeftBehind { from: from.to_string(), to: to.to_string() });
        }
        if let Some(carried) = self.carried {
            facts.add(Fact::SentIn(carried.header.clone()));
            if let Some(scheme) = &carried.scheme {
                facts.add(Fact::SentBy(scheme.clone()));
            }
            if let Some(flaw) = &carried.flaw {
                facts.add(Fact::Flawed(flaw.clone()));
            }
        }
    }

    /// What the token that was refused is like.
    fn token(&self, facts: &mut Facts, attempt: &Attempt, hop: &Hop) {
        let serial = attempt.sent_with.token().map(|token| token.serial);
        let token = self.tokens.iter().find(|token| Some(token.serial) == serial);
        if let Some(token) = token {
            let sent = elapsed(self.exchange.started, hop.sent);
            let at = self.exchange.began + std::time::Duration::from_millis(sent.unsigned_abs());
            if let Some(expiry) = token.expiry() {
                let (left, over) = (expiry.since(at).as_secs(), at.since(expiry).as_secs());
                let seconds = if at >= expiry { -seconds(over).max(1) } else { seconds(left) };
                facts.add(Fact::Left { token: token.serial.to_string(), seconds });
            }
            if let Some(scope) = &token.scope {
                facts.add(Fact::ScopeGranted(scope.clone()));
            }
            if !token.notes.contains(&TokenNote::Shared) {
                facts.add(Fact::IssuedBefore(token.serial.to_string()));
            }
        }
        let jwt = token.and_then(|token| token.jwt.as_ref());
        let typed = self.carried.filter(|_| token.is_none()).and_then(|carried| carried.jwt.as_ref());
        if let Some(jwt) = jwt.or(typed) {
            self.claims(facts, jwt, hop.sent);
        }
        if let Some(credential) = self.credential.filter(|_| serial.is_some()) {
            if let Some(audience) = credential.audience.clone().filter(|audience| !audience.is_empty()) {
                facts.add(Fact::AudienceAsked(audience));
            }
            if let Some(scope) = credential.scope.clone().filter(|scope| !scope.is_empty()) {
                facts.add(Fact::ScopeAsked(scope));
            }
        }
    }

    fn claims(&self, facts: &mut Facts, jwt: &Jwt, sent: Timestamp) {
        let from_now = |seconds: i64| seconds.saturating_sub(sent.as_second());
        if let Some(begins) = jwt.seconds("nbf").or_else(|| jwt.seconds("iat")) {
            facts.add(Fact::Begins(from_now(begins)));
        }
        if let Some(ends) = jwt.seconds("exp") {
            facts.add(Fact::Ends(from_now(ends)));
        }
        if let Some(issuer) = jwt.claims.get("iss").and_then(Value::as_str) {
            facts.add(Fact::Issuer(issuer.to_owned()));
        }
        let audience: Vec<String> = match jwt.claims.get("aud") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        if !audience.is_empty() {
            facts.add(Fact::Audience(audience));
        }
        let bound = jwt.claims.get("cnf").and_then(Value::as_object);
        if bound.is_some_and(|cnf| cnf.contains_key("jkt")) {
            facts.add(Fact::Bound("a key (DPoP, RFC 9449, section 6)"));
        } else if bound.is_some_and(|cnf| cnf.contains_key("x5t#S256")) && self.profile.route.identity.is_none() {
            facts.add(Fact::Bound("a client certificate (RFC 8705, section 3), and none is given in the profile"));
        }
    }

    /// What this endpoint and its neighbours did before, and what became of the next token.
    fn before(&self, facts: &mut Facts, at: usize, attempt: &Attempt, hop: &Hop) {
        let Some(origin) = Origin::of(&hop.request.url) else { return };
        let place = (&hop.request.method, hop.request.url.path());
        let neighbours = || self.past.iter().filter(|past| past.origin == origin);
        let refused: Vec<TokenSerial> = self.exchange.attempts.iter().take(at + 1).filter_map(serial).collect();
        let good = |past: &&Past| past.is_good() && past.token.is_some_and(|token| refused.contains(&token));
        let here = |past: &&Past| (&past.method, past.path.as_str()) == place;
        if let Some(token) = neighbours().filter(good).find(here).and_then(|past| past.token) {
            facts.add(Fact::AcceptedBefore(token.to_string()));
        }
        if let Some(past) = neighbours().filter(good).find(|past| !here(past)) {
            let token = past.token.map(|token| token.to_string()).unwrap_or_default();
            facts.add(Fact::AcceptedElsewhere { place: format!("{} {}", past.method, past.path), token });
        }
        if let (SentWith::OlderToken(sent), Some(newer)) =
            (attempt.sent_with, neighbours().filter(|past| past.is_good()).filter_map(|past| past.token).max())
            && newer > sent.serial
        {
            facts.add(Fact::NewerAccepted(newer.to_string()));
        }
        if let Some(past) = neighbours().rfind(|past| past.is_good()) {
            facts.extend(past.media_type.clone().map(Fact::MediaTypeBefore));
            facts.extend(past.server.clone().map(Fact::ServerBefore));
        }
        let used_up = self.used_up(&origin);
        // One is no row.
        if used_up > 1 {
            facts.add(Fact::UsedUp(used_up));
        }
        if self.exchange.healed() {
            if let Some(next) = self.exchange.attempts.get(at + 1).and_then(serial) {
                facts.add(Fact::NextAccepted(next.to_string()));
            }
        } else if at > 0 {
            let fresh = serial(attempt).and_then(|serial| self.tokens.iter().find(|token| token.serial == serial));
            if let Some(fresh) = fresh {
                let age = elapsed(fresh.issued, hop.sent).unsigned_abs();
                facts.add(Fact::FreshRefused { token: fresh.serial.to_string(), age });
                let is_same = |token: &Arc<TokenFacts>| {
                    token.serial != fresh.serial
                        && refused.contains(&token.serial)
                        && token.fingerprint == fresh.fingerprint
                };
                if self.tokens.iter().any(is_same) {
                    facts.add(Fact::SameAgain);
                }
            }
        }
        if self.known_futile {
            facts.add(Fact::KnownFutile);
        }
    }

    /// How many tokens in a row this origin took once and refused the second time, the refused one the last of them.
    fn used_up(&self, origin: &Origin) -> usize {
        let mut uses: Vec<(TokenSerial, u16)> = self
            .past
            .iter()
            .filter(|past| past.origin == *origin)
            .filter_map(|past| Some((past.token?, past.status)))
            .collect();
        let now = Past::of(self.exchange);
        uses.extend(now.iter().filter_map(|past| Some((past.token?, past.status))));
        let mut serials: Vec<_> = uses.iter().filter(|(_, status)| *status == 401).map(|(serial, _)| *serial).collect();
        serials.dedup();
        serials
            .iter()
            .rev()
            .take_while(|serial| {
                let of_it: Vec<_> =
                    uses.iter().filter(|(used, _)| used == *serial).map(|(_, status)| *status).collect();
                matches!(of_it.as_slice(), [200..=299, 401])
            })
            .count()
    }
}

impl Facts {
    fn extend(&mut self, facts: impl IntoIterator<Item = Fact>) {
        facts.into_iter().for_each(|fact| self.add(fact));
    }
}

/// What the answer says of itself.
fn of_answer(facts: &mut Facts, hop: &Hop) {
    let Some(answer) = &hop.answer else { return };
    facts.add(Fact::Status(answer.status.as_u16()));
    if let Some(host) = hop.request.url.host_str() {
        facts.add(Fact::Api(host.to_owned()));
    }
    let fields = answer.headers.iter().filter(|field| field.name == header::WWW_AUTHENTICATE);
    let challenges = challenges(fields.filter_map(|field| field.text()));
    if !challenges.is_empty() {
        facts.add(Fact::Schemes(challenges.iter().map(|challenge| challenge.scheme.clone()).collect()));
    }
    let bearer = challenges.iter().find(|challenge| challenge.is("Bearer"));
    if let Some((bearer, code)) = bearer.and_then(|bearer| Some((bearer, bearer.error()?))) {
        let scope = bearer.param("scope").map(str::to_owned);
        facts.add(Fact::Error { code: code.to_owned(), scope });
    }
    if let Some(kind) = media_type(hop) {
        facts.add(Fact::MediaType(kind));
    }
    if let Some(server) = answer.header(header::SERVER.as_str()) {
        facts.add(Fact::Server(server.to_owned()));
    }
    if let Some(age) = answer.header(header::AGE.as_str()).and_then(|age| age.trim().parse::<u64>().ok()) {
        facts.add(Fact::Age(age.saturating_sub(hop.timings.total.as_secs())));
    }
    if let Some(ahead) = server_time(hop).and_then(|time| time.as_second().checked_sub(hop.sent.as_second())) {
        facts.add(Fact::ServerClock(ahead));
    }
    if let Some(proxy) = &hop.via {
        facts.add(Fact::Proxy(proxy.clone()));
    }
}

/// Why no token came, as facts.
fn token_trouble(facts: &mut Facts, failure: &TokenFailure) {
    let status = failure.call.as_ref().and_then(|call| call.status).map(|status| status.as_u16());
    let media_type = failure.call.as_ref().and_then(|call| {
        let field = call.headers.iter().find(|field| field.name == header::CONTENT_TYPE)?;
        Some(field.text()?.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    });
    facts.add(match (failure.kind, status) {
        (TokenFailureKind::CredentialsRefused, _) => Fact::CredentialsRefused,
        (TokenFailureKind::NotAToken, _) => Fact::NoToken(media_type.unwrap_or_default()),
        (TokenFailureKind::Rejected, Some(status)) => Fact::TokenStatus(status),
        _ => Fact::NoTokenNow(failure.text.clone()),
    });
}

fn serial(attempt: &Attempt) -> Option<TokenSerial> {
    attempt.sent_with.token().map(|token| token.serial)
}

/// The `Date` of an answer, unless a cache gave it: then it tells the time of another call (RFC 9111 §5.1).
fn server_time(hop: &Hop) -> Option<Timestamp> {
    let answer = hop.answer.as_ref()?;
    if answer.header(header::AGE.as_str()).is_some() {
        return None;
    }
    let date = answer.header(header::DATE.as_str())?;
    DATES.parse_timestamp(date).ok()
}

fn elapsed(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millisecond().saturating_sub(from.as_millisecond())
}

fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
