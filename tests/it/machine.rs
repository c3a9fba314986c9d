//! The machine that keeps tokens, under random orders of events.
//!
//! The orders drive the real [`TokenManager`] with its own lock, flights and tasks, on a manual clock. What stands on
//! the other side, a token endpoint and an API, is played here; it notes what reaches it, and a small model predicts
//! what may. Held: at most one flight a key; generations only grow, by one; at most two answers a call; no flight
//! without a reason; every call ends; no token of another key, of before an edit, or after its end; nothing is asked
//! after a refusal until an edit or a key; and all of it however calls are cancelled.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use authscope::{
    domain::{
        clock::{Boot, Clock, ManualClock},
        credential::{Access, Credential, SecretSource},
        exchange::{Failure, FailureKind},
        flow::{FlowEvent, FlowStep, TokenFailureKind},
        profile::Profile,
        redact::Redactor,
        secret::{FingerprintKey, Secret},
        token::{Token, TokenFacts},
    },
    engine::{
        token_endpoint::TokenReply,
        token_manager::{Fetch, TokenManager},
    },
};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use proptest::prelude::*;
use tokio::{sync::oneshot, task::JoinHandle};
use url::Url;
use zeroize::Zeroizing;

/// One event of an order.
#[derive(Clone, Debug)]
enum Event {
    Call {
        key: usize,
        /// Whether it drops a token that was refused before it asks for a newer one.
        drops: bool,
    },
    /// The API answers the call that has waited longest, or the one before it, ….
    Answer {
        nth: usize,
    },
    /// The token endpoint answers.
    Land {
        key: usize,
        how: Landing,
    },
    Cancel {
        nth: usize,
    },
    Advance {
        seconds: u64,
    },
    RevokeAll {
        key: usize,
    },
    Edit {
        key: usize,
    },
    Renew {
        key: usize,
    },
}

#[derive(Clone, Copy, Debug)]
enum Landing {
    Token { life: u64 },
    Unavailable,
    Unreachable,
    Refused,
    Panic,
}

fn event() -> impl Strategy<Value = Event> {
    let key = 0..2_usize;
    let landing = prop_oneof![
        6 => prop_oneof![Just(0_u64), Just(20), Just(1800)].prop_map(|life| Landing::Token { life }),
        1 => Just(Landing::Unavailable),
        1 => Just(Landing::Unreachable),
        1 => Just(Landing::Refused),
        1 => Just(Landing::Panic),
    ];
    prop_oneof![
        6 => (key.clone(), prop::bool::weighted(0.7)).prop_map(|(key, drops)| Event::Call { key, drops }),
        6 => (0..4_usize).prop_map(|nth| Event::Answer { nth }),
        6 => (key.clone(), landing).prop_map(|(key, how)| Event::Land { key, how }),
        2 => (0..4_usize).prop_map(|nth| Event::Cancel { nth }),
        3 => prop_oneof![Just(1_u64), Just(18), Just(31), Just(61), Just(1741)].prop_map(|seconds| Event::Advance { seconds }),
        2 => key.clone().prop_map(|key| Event::RevokeAll { key }),
        1 => key.clone().prop_map(|key| Event::Edit { key }),
        1 => key.prop_map(|key| Event::Renew { key }),
    ]
}

/// What the other side and the model know of one key.
#[derive(Default)]
struct Side {
    issued: u64,
    revoked_up_to: u64,
    in_flight: bool,
    waiting: Vec<oneshot::Sender<Landing>>,
    /// The model: what the slot must hold.
    token: Option<Arc<TokenFacts>>,
    generation: u64,
    /// Somebody asked for a newer one than this generation, which is still there.
    refused_up_to: u64,
    epoch: u64,
    flight_epoch: u64,
    refused: bool,
    failures: u32,
    held_until: Boot,
    quiet_until: Boot,
    /// Whether a key press asked for the next flight.
    pressed: bool,
    /// Key presses that wait for their token.
    renewing: u32,
    in_background: bool,
    last_expiry: Option<Boot>,
    flights: u64,
}

struct Table {
    clock: Clock,
    hands: ManualClock,
    sides: Mutex<[Side; 2]>,
    broken: Mutex<Vec<String>>,
}

impl Table {
    fn sides(&self) -> MutexGuard<'_, [Side; 2]> {
        self.sides.lock().unwrap()
    }

    /// Notes a broken invariant: an assertion inside a task of the manager would be caught there.
    fn require(&self, holds: bool, what: &str) {
        if !holds {
            self.broken.lock().unwrap().push(what.to_owned());
        }
    }

    /// The model follows what the manager tells.
    fn told(&self, event: &FlowEvent) {
        let now = self.clock.boot();
        match &event.step {
            FlowStep::TokenRequested { url, attempt: 1 } => self.flight_began(key_of(url), now),
            FlowStep::TokenIssued { token, call } => self.token_came(key_of(&call.url), token, now),
            FlowStep::TokenFailed(why) => {
                let Some(call) = &why.call else { return };
                self.flight_failed(key_of(&call.url), why.kind, call.took, now);
            }
            _ => {}
        }
    }

    fn flight_began(&self, key: usize, now: Boot) {
        let mut sides = self.sides();
        let side = &mut sides[key];
        self.require(!side.in_flight, "I1: two flights of one key at once");
        side.flights += 1;
        side.in_flight = true;
        side.flight_epoch = side.epoch;
        let pressed = std::mem::take(&mut side.pressed);
        let alive = side.token.as_ref().filter(|token| {
            token.generation.0 > side.refused_up_to && token.expiry().is_none_or(|expiry| now < expiry)
        });
        side.in_background = alive.is_some() && !pressed;
        if pressed {
            return;
        }
        self.require(!side.refused, "I8: a flight after the credentials were refused");
        self.require(now >= side.held_until, "a flight before its pause was over");
        if let Some(token) = alive {
            let stale = token.stale_from().is_some_and(|stale| now >= stale);
            self.require(stale, "I4: a flight though the token is fresh");
            self.require(now >= side.quiet_until, "a flight in the background too soon after a failed one");
        }
    }

    fn token_came(&self, key: usize, token: &Arc<TokenFacts>, now: Boot) {
        let mut sides = self.sides();
        let side = &mut sides[key];
        self.require(side.flight_epoch == side.epoch, "a token of before an edit was installed");
        self.require(token.generation.0 == side.generation + 1, "I2: a generation did not grow by one");
        side.generation = token.generation.0;
        let nothing_new = matches!((side.last_expiry, token.expiry()), (Some(before), Some(this)) if this <= before);
        side.quiet_until = if nothing_new { now + quiet(token, now) } else { side.quiet_until };
        side.last_expiry = token.expiry().or(side.last_expiry);
        side.token = Some(token.clone());
        (side.in_flight, side.refused, side.failures, side.held_until) = (false, false, 0, Boot::default());
    }

    fn flight_failed(&self, key: usize, kind: TokenFailureKind, took: Duration, now: Boot) {
        let mut sides = self.sides();
        let side = &mut sides[key];
        side.in_flight = false;
        match kind {
            TokenFailureKind::Superseded => {
                self.require(side.flight_epoch != side.epoch, "a flight was thrown away without an edit");
                side.pressed |= side.renewing > 0;
                return;
            }
            _ if side.flight_epoch != side.epoch => self.require(false, "a failure of before an edit was kept"),
            TokenFailureKind::CredentialsRefused => side.refused = true,
            // A flight that used up its time was pause enough.
            TokenFailureKind::Unavailable if took >= Duration::from_secs(10) => {}
            TokenFailureKind::Unavailable => {
                side.failures += 1;
                let pause = 1_u64 << (side.failures - 1).min(6);
                side.held_until = now + Duration::from_secs(pause.min(60));
            }
            other => self.require(false, &format!("an unexpected failure: {other:?}")),
        }
        if let (Some(token), true) = (&side.token, side.in_background) {
            side.quiet_until = now + quiet(token, now);
        }
    }
}

fn quiet(token: &TokenFacts, now: Boot) -> Duration {
    Duration::from_secs(30).max(token.remaining(now).unwrap_or_default() / 2)
}

fn key_of(url: &Url) -> usize {
    usize::from(url.path().ends_with("/b"))
}

/// Counts a token call as on its way until its future is gone, however it goes.
struct OnItsWay {
    table: Arc<Table>,
    key: usize,
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut sides = self.table.sides();
            sides[self.key].in_flight = false;
        }
    }
}

fn fetch(table: &Arc<Table>) -> Fetch {
    let table = table.clone();
    Arc::new(move |access: Access| {
        let table = table.clone();
        Box::pin(async move {
            let key = key_of(&access.profile.token_url);
            let _on_its_way = OnItsWay { table: table.clone(), key };
            let (land, landing) = oneshot::channel();
            table.sides()[key].waiting.push(land);
            let reply = |status: u16, body: String| TokenReply {
                status: StatusCode::from_u16(status).unwrap(),
                headers: HeaderMap::new(),
                body: Zeroizing::new(body.into_bytes()),
                round_trip: Duration::ZERO,
                middle: Timestamp::UNIX_EPOCH,
            };
            match landing.await.unwrap_or(Landing::Unreachable) {
                Landing::Token { life } => {
                    let mut sides = table.sides();
                    sides[key].issued += 1;
                    let text = format!("{key}.{}", sides[key].issued);
                    Ok(reply(200, format!(r#"{{"access_token":"{text}","token_type":"Bearer","expires_in":{life}}}"#)))
                }
                Landing::Unavailable => Ok(reply(500, "{}".into())),
                Landing::Refused => Ok(reply(401, r#"{"error":"invalid_client"}"#.into())),
                Landing::Unreachable => {
                    Err(Failure { kind: FailureKind::Connect, text: "nobody there".into(), hint: None })
                }
                Landing::Panic => panic!("a bug in the token call, on purpose"),
            }
        })
    })
}

struct Play {
    table: Arc<Table>,
    manager: TokenManager,
    accesses: [Access; 2],
    /// Calls that stand at the API's door, each with what answers it.
    door: Arc<Mutex<Vec<oneshot::Sender<()>>>>,
    calls: Vec<(usize, JoinHandle<()>)>,
    renewals: Vec<JoinHandle<()>>,
    sends: Arc<Mutex<HashMap<usize, u32>>>,
}

impl Play {
    fn new() -> Self {
        let (clock, hands) = Clock::manual(Timestamp::UNIX_EPOCH);
        let table = Arc::new(Table { clock: clock.clone(), hands, sides: Mutex::default(), broken: Mutex::default() });
        let prints = Arc::new(FingerprintKey::new(&[7; 32]));
        let observer = {
            let table = table.clone();
            Arc::new(move |event: FlowEvent| table.told(&event))
        };
        let manager = TokenManager::new(
            clock,
            observer,
            Arc::new(|| 0.5),
            fetch(&table),
            prints.clone(),
            false,
            Redactor::default(),
        );
        let accesses = ["a", "b"].map(|name| {
            let base = Url::parse("http://127.0.0.1:1").unwrap();
            let profile = Profile::new(name, base.clone(), base.join(name).unwrap());
            let credential = Credential::new(name, SecretSource::Missing);
            Access::new(Arc::new(profile), Arc::new(credential), Arc::new(Secret::new("s")), &prints)
        });
        Self {
            table,
            manager,
            accesses,
            door: Arc::default(),
            calls: Vec::new(),
            renewals: Vec::new(),
            sends: Arc::default(),
        }
    }

    /// Lets every task run as far as it can.
    async fn settle(&self) {
        for _ in 0..64 {
            tokio::task::yield_now().await;
        }
    }

    async fn play(&mut self, event: Event) {
        match event {
            Event::Call { key, drops } => self.call(key, drops),
            Event::Answer { nth } => self.answer(nth),
            Event::Land { key, how } => self.land(key, how),
            Event::Cancel { nth } => {
                if let Some((_, call)) = self.calls.iter().rev().filter(|(_, call)| !call.is_finished()).nth(nth) {
                    call.abort();
                }
            }
            Event::Advance { seconds } => self.table.hands.advance(Duration::from_secs(seconds)),
            Event::RevokeAll { key } => {
                let mut sides = self.table.sides();
                sides[key].revoked_up_to = sides[key].issued;
            }
            Event::Edit { key } => {
                {
                    let mut sides = self.table.sides();
                    let side = &mut sides[key];
                    side.epoch += 1;
                    (side.refused, side.held_until) = (false, Boot::default());
                }
                self.manager.edited(["a", "b"][key]);
            }
            Event::Renew { key } => {
                {
                    let mut sides = self.table.sides();
                    let side = &mut sides[key];
                    side.pressed = !side.in_flight;
                    side.renewing += 1;
                    (side.refused, side.held_until, side.failures) = (false, Boot::default(), side.failures);
                }
                let (manager, access) = (self.manager.clone(), self.accesses[key].clone());
                let table = self.table.clone();
                self.renewals.push(tokio::spawn(async move {
                    // Its end is for the one who pressed the key.
                    let _ = manager.renew(&access).await;
                    table.sides()[key].renewing -= 1;
                }));
            }
        }
        self.settle().await;
    }

    fn answer(&self, nth: usize) {
        let mut door = self.door.lock().unwrap();
        if nth < door.len() {
            // A cancelled call is no longer there to hear it.
            let _ = door.remove(nth).send(());
        }
    }

    fn land(&self, key: usize, how: Landing) {
        let mut sides = self.table.sides();
        sides[key].waiting.retain(|land| !land.is_closed());
        if !sides[key].waiting.is_empty() {
            let land = sides[key].waiting.remove(0);
            drop(sides);
            let _ = land.send(how);
        }
    }

    /// One call, as the engine makes it, but for HTTP.
    fn call(&mut self, key: usize, drops: bool) {
        let number = self.calls.len();
        let (table, wallet) = (self.table.clone(), self.manager.shared(&self.accesses[key]));
        let (door, sends) = (self.door.clone(), self.sends.clone());
        let send = move |token: &Token| {
            let (answer, answered) = oneshot::channel();
            *sends.lock().unwrap().entry(number).or_default() += 1;
            let text = token.secret.expose().to_owned();
            let (of, serial) = text.split_once('.').unwrap();
            table.require(of == key.to_string(), "I6: a token of another key went out");
            let serial: u64 = serial.parse().unwrap();
            door.lock().unwrap().push(answer);
            let table = table.clone();
            async move {
                // A call whose door is gone is at its end.
                let _ = answered.await;
                serial > table.sides()[key].revoked_up_to
            }
        };
        let table = self.table.clone();
        self.calls.push((
            number,
            tokio::spawn(async move {
                let Ok(token) = wallet.acquire(None, None).await else { return };
                if send(&token).await {
                    return;
                }
                {
                    let mut sides = table.sides();
                    let side = &mut sides[key];
                    if !drops {
                        side.refused_up_to = side.refused_up_to.max(token.facts.generation.0);
                    } else if side.token.as_ref().is_some_and(|current| current.generation == token.facts.generation) {
                        side.token = None;
                    }
                }
                if drops {
                    wallet.invalidate(token.facts.generation);
                }
                let Ok(newer) = wallet.acquire(Some(token.facts.names()), None).await else { return };
                table.require(
                    newer.facts.generation > token.facts.generation,
                    "a replay with the token that was refused",
                );
                let _ = send(&newer).await;
            }),
        ));
    }

    /// Everybody is answered; then every call must have ended.
    async fn finish(mut self) -> Result<(), TestCaseError> {
        for _ in 0..40 {
            for key in [0, 1] {
                self.play(Event::Land { key, how: Landing::Token { life: 1800 } }).await;
            }
            for _ in 0..self.calls.len() {
                self.play(Event::Answer { nth: 0 }).await;
            }
            if self.calls.iter().all(|(_, call)| call.is_finished())
                && self.renewals.iter().all(JoinHandle::is_finished)
            {
                break;
            }
            self.play(Event::Advance { seconds: 2 }).await;
        }
        let hanging = self.calls.iter().filter(|(_, call)| !call.is_finished()).count();
        prop_assert_eq!(hanging, 0, "I5: calls that never end");
        prop_assert!(self.renewals.iter().all(JoinHandle::is_finished), "I5: a renewal that never ends");
        // However it went before, the next call of each key gets a token and goes out.
        for key in [0, 1] {
            self.play(Event::Edit { key }).await;
            self.play(Event::Advance { seconds: 3600 }).await;
            let number = self.calls.len();
            self.play(Event::Call { key, drops: true }).await;
            for _ in 0..8 {
                self.play(Event::Land { key, how: Landing::Token { life: 1800 } }).await;
                self.play(Event::Answer { nth: 0 }).await;
            }
            let sent = self.sends.lock().unwrap().get(&number).copied();
            prop_assert_eq!(sent, Some(1), "a call after the storm did not go out");
        }
        let most = self.sends.lock().unwrap().values().copied().max().unwrap_or(0);
        prop_assert!(most <= 2, "I3: a call was sent {} times", most);
        let broken = self.table.broken.lock().unwrap().clone();
        prop_assert!(broken.is_empty(), "{:?}", broken);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_machine_holds_its_invariants_under_every_order_of_events(events in prop::collection::vec(event(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut play = Play::new();
            for event in events {
                play.play(event).await;
            }
            play.finish().await
        })?;
    }
}
