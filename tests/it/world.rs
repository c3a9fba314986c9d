//! A world for a flow test: a sandbox, an engine that calls it over loopback, and one manual clock for both.
//!
//! Nothing in it waits for real time: a test orders faults, lets calls start, learns from the journal or from the
//! clock's deadlines how far they are, and moves the clock.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use authscope::{
    domain::{
        clock::{Boot, Clock, ManualClock},
        credential::{Access, Credential, SecretSource},
        exchange::{Exchange, ExchangeId},
        flow::{FlowEvent, FlowStep},
        profile::{Place, Profile},
        request::{Prepared, RequestBody, header_field},
        secret::Secret,
        token::TokenPolicy,
    },
    engine::{Call, Engine, Setup, timer},
    sandbox::{Client, Options, Order, Sandbox},
    secrets::Secrets,
};
use http::Method;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

/// See the module.
pub struct World {
    pub clock: Clock,
    pub hands: ManualClock,
    pub sandbox: Sandbox,
    pub engine: Engine,
    pub profile: Arc<Profile>,
    pub events: Events,
    ids: std::sync::atomic::AtomicU64,
    server: JoinHandle<()>,
}

/// Every flow event so far.
#[derive(Clone, Default)]
pub struct Events(Arc<Mutex<Vec<FlowEvent>>>);

impl Events {
    pub fn all(&self) -> Vec<FlowEvent> {
        self.0.lock().unwrap().clone()
    }

    pub fn count(&self, is: impl Fn(&FlowStep) -> bool) -> usize {
        self.all().iter().filter(|event| is(&event.step)).count()
    }
}

/// A path of the sandbox that wants a token and answers 200.
pub const STATUS: &str = "/api/v1/transactions/txn_demo0001/status";

impl World {
    /// A world at rest: no token yet, tokens live 1800 s.
    pub fn new() -> Self {
        Self::with(false, 0.5)
    }

    /// The same, and the sandbox knows these clients.
    pub fn knowing(clients: Vec<Client>) -> Self {
        Self::of(false, 0.5, Some(clients), false)
    }

    /// The same, stale tokens renewed by a timer as in the explorer.
    pub fn with_timer() -> Self {
        Self::with(true, 0.5)
    }

    /// With a timer or without, and with dice that always fall so.
    pub fn with(timer: bool, dice: f64) -> Self {
        Self::of(timer, dice, None, false)
    }

    /// One whose token endpoint is strict and knows these clients.
    pub fn strict(clients: Vec<Client>) -> Self {
        Self::of(false, 0.5, Some(clients), true)
    }

    fn of(timer: bool, dice: f64, clients: Option<Vec<Client>>, strict: bool) -> Self {
        let (clock, hands) = Clock::manual("2026-11-23T14:00:00Z".parse().unwrap());
        let bound = Sandbox::bind(Options {
            port: 0,
            lifetime: Duration::from_secs(1800),
            now: {
                let clock = clock.clone();
                Arc::new(move || Duration::from_millis(clock.wall().as_millisecond().unsigned_abs()))
            },
            sleep: {
                let clock = clock.clone();
                Arc::new(move |time| {
                    let clock = clock.clone();
                    Box::pin(async move { timer::sleep_until(&clock, clock.boot() + time).await })
                })
            },
            clients,
            tls: false,
            strict,
        })
        .unwrap();
        let sandbox = bound.handle();
        let server = tokio::spawn(async move { bound.serve(std::future::pending()).await.unwrap() });
        let events = Events::default();
        let seen = events.clone();
        let engine = Engine::new(Setup {
            clock: clock.clone(),
            observer: Arc::new(move |event| seen.0.lock().unwrap().push(event)),
            dice: Arc::new(move || dice),
            cache: None,
            secrets: Secrets::default(),
            timer,
        });
        let profile = Arc::new(profile(&sandbox, "demo"));
        Self { clock, hands, sandbox, engine, profile, events, ids: 0.into(), server }
    }

    /// Another profile of the same world.
    pub fn change(&mut self, change: impl FnOnce(&mut Profile)) {
        change(Arc::make_mut(&mut self.profile));
    }

    pub fn access(&self) -> Access {
        self.engine.access_at_hand(&self.profile, "").unwrap().unwrap()
    }

    pub fn get(&self, path: &str) -> Prepared {
        self.request(Method::GET, path, &[], "")
    }

    pub fn request(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Prepared {
        let url = Url::parse(self.profile.base()).unwrap().join(path).unwrap();
        let headers = headers.iter().map(|(name, value)| header_field(name, value).unwrap()).collect();
        let body = if body.is_empty() { RequestBody::Empty } else { RequestBody::Bytes(body.to_owned().into()) };
        Prepared::new(method, url, headers, body).unwrap()
    }

    pub fn call(&self, prepared: Prepared) -> Call {
        Call { prepared, profile: self.profile.clone(), credential: String::new(), policy: self.profile.policy }
    }

    /// Makes a call and waits for its end.
    pub async fn send(&self, prepared: Prepared) -> Exchange {
        self.sent(self.call(prepared)).await
    }

    pub async fn sent(&self, call: Call) -> Exchange {
        guarded(self.engine.execute(self.next_id(), call, CancellationToken::new())).await
    }

    /// Starts a call as a task of its own.
    pub fn start(&self, call: Call) -> (JoinHandle<Exchange>, CancellationToken) {
        let (engine, cancel, id) = (self.engine.clone(), CancellationToken::new(), self.next_id());
        let token = cancel.clone();
        (tokio::spawn(async move { engine.execute(id, call, token).await }), cancel)
    }

    /// Starts many calls at once.
    pub fn start_many(&self, count: usize, prepared: &Prepared) -> Vec<JoinHandle<Exchange>> {
        (0..count).map(|_| self.start(self.call(prepared.clone())).0).collect()
    }

    pub fn order(&self, order: Order) {
        self.sandbox.order(order);
    }

    /// Lets everything run until it is so. The guard against hanging is the test runner's.
    pub async fn until(&self, so: impl Fn() -> bool) {
        let guard = Guard::new();
        while !so() {
            guard.check();
            tokio::task::yield_now().await;
        }
    }

    /// Lets everything run until somebody waits for the instant that is `wait` from now; then that time passes.
    pub async fn pass(&self, wait: Duration) {
        let until = self.now() + wait;
        self.until(|| self.hands.deadlines().contains(&until)).await;
        self.hands.advance(wait);
    }

    pub fn now(&self) -> Boot {
        self.clock.boot()
    }

    fn next_id(&self) -> ExchangeId {
        ExchangeId(self.ids.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Ends a test that hangs, after a minute of real time.
pub struct Guard(std::time::Instant);

#[expect(clippy::disallowed_methods, reason = "a guard against hanging is about real time")]
impl Guard {
    pub fn new() -> Self {
        Self(std::time::Instant::now())
    }

    pub fn check(&self) {
        assert!(self.0.elapsed() < Duration::from_secs(60), "nothing came for a minute");
    }
}

/// What `work` gives; a test in which it hangs fails after a minute of real time.
#[expect(clippy::disallowed_methods, reason = "a guard against hanging is about real time")]
pub async fn guarded<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), work).await.expect("nothing came for a minute")
}

/// A profile of the sandbox with its first client.
pub fn profile(sandbox: &Sandbox, name: &str) -> Profile {
    let client = &sandbox.clients()[0];
    let base = Url::parse(sandbox.base_url()).unwrap();
    let token = base.join("/api/token").unwrap();
    let source = SecretSource::Sandbox(Arc::new(Secret::new(client.secret.clone())));
    Profile {
        place: Place::Sandbox,
        policy: TokenPolicy::Reuse,
        credentials: vec![Credential::new(client.id.clone(), source)],
        ..Profile::new(name, base, token)
    }
}

/// The ends of many calls.
pub async fn ends(tasks: Vec<JoinHandle<Exchange>>) -> Vec<Exchange> {
    let mut ends = Vec::new();
    for task in tasks {
        ends.push(guarded(task).await.unwrap());
    }
    ends
}

/// The last status, 0 for none.
pub fn status(exchange: &Exchange) -> u16 {
    exchange.status().map_or(0, |status| status.as_u16())
}
