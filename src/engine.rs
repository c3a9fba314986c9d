//! The headless heart: one call a person makes becomes one or two attempts, and everything that happens is told.
//!
//! ```text
//!  execute ─► rules ─► wallet: a token ─► attempt 1 (hops) ─┬─► 2xx … 5xx ─► Completed
//!                                                           └─► 401 ─► renewable? ─► a newer token ─► attempt 2 ─► the end
//! ```
//!
//! At most one renewal and one replay; a 401 on a fresh token is an answer. The engine knows no terminal, no config and
//! no sandbox; `tui`, `cli` and the tests drive it alike. Who observes learns of every step as a [`FlowEvent`].

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        clock::Clock,
        credential::{Access, Credential, SecretSource},
        exchange::{Exchange, ExchangeId, Failure},
        flow::{FlowEvent, FlowStep, Refusal, TokenFailure},
        profile::Profile,
        request::Prepared,
        secret::{FingerprintKey, Secret},
        token::{TokenFacts, TokenPolicy, TokenStatus},
    },
    secrets::{self, Secrets},
};

mod call;
mod client;
mod error;
mod past;
mod redirect;
mod retry_after;
pub mod timer;
mod timing;
mod tls;
mod token_call;
pub mod token_endpoint;
pub mod token_manager;
mod transport;
mod trial;
mod witness;

use client::Clients;
use token_manager::{Dice, TokenManager};
use transport::Transport;

/// Whoever wants to know what happens. Called on the engine's thread: it must be quick and must not call back.
pub type Observer = Arc<dyn Fn(FlowEvent) + Send + Sync>;

/// What an engine is made of.
pub struct Setup {
    /// Where time comes from.
    pub clock: Clock,
    /// Who is told.
    pub observer: Observer,
    /// Jitter: a number from 0 to 1 at each call.
    pub dice: Dice,
    /// The folder of large bodies.
    pub cache: Option<PathBuf>,
    /// What reads the secrets, and keeps them.
    pub secrets: Secrets,
    /// Whether a token that has served a call is renewed by a timer (the explorer: yes).
    pub timer: bool,
}

/// A call to make.
#[derive(Clone, Debug)]
pub struct Call {
    /// The request.
    pub prepared: Prepared,
    /// Where, and under which limits.
    pub profile: Arc<Profile>,
    /// Who, by the name of the credential; the first one for an empty name.
    pub credential: String,
    /// When tokens are fetched for it.
    pub policy: TokenPolicy,
}

/// The engine; cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Shared>);

struct Shared {
    clock: Clock,
    observer: Observer,
    tokens: TokenManager,
    transport: Transport,
    clients: Arc<Clients>,
    prints: Arc<FingerprintKey>,
    secrets: Secrets,
    /// How far boot time was ahead of monotonic time at the last look.
    slept: Mutex<Duration>,
    /// What endpoints answered lately.
    past: past::Memory,
}

/// A gap between the two clocks that means that the machine slept.
const SLEEP: Duration = Duration::from_secs(2);

impl Engine {
    /// An engine with no token, no connection, and a fresh key for its fingerprints.
    pub fn new(setup: Setup) -> Self {
        let mut key = [0; 32];
        // Without randomness fingerprints are still consistent within this run; they are for display and comparison.
        let _ = getrandom::fill(&mut key);
        let prints = Arc::new(FingerprintKey::new(&key));
        let clients = Arc::new(Clients::new(setup.clock.clone()));
        let fetch = {
            let (clients, clock) = (clients.clone(), setup.clock.clone());
            Arc::new(move |access| token_call::fetched(clients.clone(), clock.clone(), access))
        };
        let tokens = TokenManager::new(
            setup.clock.clone(),
            setup.observer.clone(),
            setup.dice,
            fetch,
            prints.clone(),
            setup.timer,
            setup.secrets.masks().clone(),
        );
        let transport = Transport { clients: clients.clone(), clock: setup.clock.clone(), cache: setup.cache };
        let slept = Mutex::new(gap(&setup.clock));
        Self(Arc::new(Shared {
            clock: setup.clock,
            observer: setup.observer,
            tokens,
            transport,
            clients,
            prints,
            secrets: setup.secrets,
            slept,
            past: past::Memory::default(),
        }))
    }

    /// Binds a profile and its credential of that name (the first one for an empty name) to the secret, which is read
    /// now if it was not before. Dropped, a command or a question that nobody else waits for is stopped.
    pub async fn access(&self, profile: &Arc<Profile>, credential: &str) -> Result<Access, Refusal> {
        // A command is not run, and nobody asked, for a secret that would not be sent.
        if let Some(refusal) = call::plain_http(profile, &profile.token_url) {
            return Err(refusal);
        }
        self.0.access(profile, credential).await
    }

    /// The same without reading what may take time: `None` where the secret is read when a call needs it.
    pub fn access_at_hand(&self, profile: &Arc<Profile>, credential: &str) -> Result<Option<Access>, Refusal> {
        let credential = named(profile, credential)?;
        let secret = self.0.secrets.at_hand(profile, credential)?;
        Ok(secret.map(|secret| self.0.bound(profile, credential, secret)))
    }

    /// The access of a trial: a secret that no person was asked for is read anew.
    pub async fn access_afresh(&self, profile: &Arc<Profile>, credential: &str) -> Result<Access, Refusal> {
        let known = named(profile, credential)?;
        if !matches!(known.secret, SecretSource::Prompt) {
            self.0.secrets.forget(profile, known);
        }
        self.access(profile, credential).await
    }

    /// Tries secrets of a profile's credential of that name in the place of its own; nothing is kept of them.
    pub fn trials_of(&self, profile: Arc<Profile>, credential: String) -> secrets::rotation::Trial {
        let engine = self.clone();
        Arc::new(move |secret| {
            let (engine, profile, credential) = (engine.clone(), profile.clone(), credential.clone());
            Box::pin(async move {
                let access = engine.0.access_with(&profile, &credential, secret).await;
                match access {
                    Ok(access) => engine.trial(&access).await.token,
                    Err(refusal) => Err(Arc::new(call::refused_failure(&refusal))),
                }
            })
        })
    }

    /// The secret of a credential is another one now: the next call reads it anew, and what the former one still brings is
    /// thrown away.
    pub fn rotated(&self, profile: &Profile, credential: &str) {
        self.0.tokens.edited(&profile.name);
        if let Ok(credential) = named(profile, credential) {
            self.0.secrets.forget(profile, credential);
        }
    }

    /// These profiles are in use from now on: their secrets are masked wherever something is written, and handed to no
    /// program.
    pub fn learn(&self, profiles: &[Arc<Profile>]) {
        self.0.secrets.learn(profiles);
    }

    /// A profile is gone, or another now: what its token calls still bring is thrown away, and what was read or typed for
    /// it is forgotten, so that none of it goes to another place.
    pub fn outdate(&self, profile: &Profile) {
        self.0.tokens.edited(&profile.name);
        for credential in &profile.credentials {
            self.0.secrets.forget(profile, credential);
        }
    }

    /// Makes a call. Cancelled, it ends at once and keeps what came.
    pub async fn execute(&self, id: ExchangeId, call: Call, cancel: CancellationToken) -> Exchange {
        self.look_at_clocks();
        call::executed(&self.0, id, call, cancel).await
    }

    /// Asks for a token now, whatever was refused before.
    pub async fn renew(&self, access: &Access) -> Result<Arc<TokenFacts>, Arc<TokenFailure>> {
        self.look_at_clocks();
        if let Some(refusal) = call::plain_http(&access.profile, &access.profile.token_url) {
            return Err(Arc::new(call::refused_failure(&refusal)));
        }
        self.0.tokens.renew(access).await.map(|token| token.facts.clone())
    }

    /// The same for a profile and its credential of that name; a secret that was refused is read anew.
    pub async fn renew_for(
        &self,
        profile: &Arc<Profile>,
        credential: &str,
    ) -> Result<Arc<TokenFacts>, Arc<TokenFailure>> {
        if let Ok(Some(access)) = self.access_at_hand(profile, credential)
            && self.status(&access).credentials_refused.is_some()
        {
            self.0.secrets.forget(profile, &access.credential);
        }
        match self.access(profile, credential).await {
            Ok(access) => self.renew(&access).await,
            Err(refusal) => Err(Arc::new(call::refused_failure(&refusal))),
        }
    }

    /// The keeper of the tokens.
    pub fn tokens(&self) -> &TokenManager {
        &self.0.tokens
    }

    /// What the tokens of `access` look like now.
    pub fn status(&self, access: &Access) -> TokenStatus {
        self.0.tokens.status(access)
    }

    /// Builds the https client now, so that the first https call need not wait for it.
    pub async fn warm_up(&self) {
        // Its failure is told by the first https call.
        let _ = self.0.clients.warm_up().await;
    }

    /// Whether the certificates of servers can be checked for calls of a profile; makes no call.
    pub async fn checks_https(&self, profile: &Profile) -> Result<(), Failure> {
        self.0.clients.warm_up_for(profile).await
    }

    /// Notices that the machine slept: open connections are dead then, and nobody said so.
    pub fn look_at_clocks(&self) {
        let now = gap(&self.0.clock);
        let mut before = self.0.slept.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(*before) > SLEEP {
            self.0.clients.hang_up();
        }
        *before = now;
    }
}

/// How long a command that gives a secret may take: a person may have to unlock something.
const COMMAND: Duration = Duration::from_mins(1);

impl Shared {
    async fn access(&self, profile: &Arc<Profile>, credential: &str) -> Result<Access, Refusal> {
        let credential = named(profile, credential)?;
        let (clock, until) = (self.clock.clone(), self.clock.boot() + COMMAND);
        let time_is_over = async move { timer::sleep_until(&clock, until).await };
        if let Some(identity) = &profile.route.identity {
            secrets::check_key(profile, identity.key.clone()).await?;
        }
        let secret = self.secrets.read(profile, credential, time_is_over).await?;
        let access = self.bound(profile, credential, secret);
        if let Some(cache) = self.tokens.cache_of(&access) {
            // A token that others can have written is used as little as such a secret.
            cache.check(&access).await.map_err(|secrets::Flaw { why, mend }| Refusal::SecretUnavailable {
                what: "kept token",
                profile: profile.name.clone(),
                from: cache.folder().display().to_string(),
                why,
                mend,
            })?;
        }
        Ok(access)
    }

    /// The access with a secret that is not, or not yet, the credential's own.
    async fn access_with(
        &self,
        profile: &Arc<Profile>,
        credential: &str,
        secret: Arc<Secret>,
    ) -> Result<Access, Refusal> {
        let credential = named(profile, credential)?;
        if let Some(identity) = &profile.route.identity {
            secrets::check_key(profile, identity.key.clone()).await?;
        }
        self.secrets.offered(profile, credential, secret.clone());
        Ok(self.bound(profile, credential, secret))
    }

    fn bound(&self, profile: &Arc<Profile>, credential: &Credential, secret: Arc<Secret>) -> Access {
        Access::new(profile.clone(), Arc::new(credential.clone()), secret, &self.prints)
    }

    fn tell(&self, exchange: Option<ExchangeId>, step: FlowStep) {
        (self.observer)(FlowEvent { exchange, at: self.clock.boot(), wall: self.clock.wall(), step });
    }
}

/// The credential of that name, the first one for an empty name.
fn named<'a>(profile: &'a Profile, credential: &str) -> Result<&'a Credential, Refusal> {
    let found = profile.credentials.iter().find(|known| credential.is_empty() || known.name == credential);
    found.ok_or_else(|| Refusal::NoCredential { profile: profile.name.clone(), give: secrets::missing(profile) })
}

fn gap(clock: &Clock) -> Duration {
    clock.boot().0.saturating_sub(clock.monotonic())
}
