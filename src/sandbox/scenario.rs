//! What is out of the ordinary now: the faults in force, the calls that hang, the shape of tokens, the clocks.
//!
//! `front` asks it before each call, `token` for the shape of an answer; [`Inner::order`](super::Inner) feeds it. It
//! owns no time and sends nothing.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

use super::order::{Answer, Dating, Endpoint, Field, Order, TokenRequest, Unchecked, Wait};

/// The shape of token answers.
#[derive(Clone, Default)]
pub(super) struct Shape {
    pub(super) expires_in: Field,
    pub(super) token_type: Field,
    pub(super) opaque: bool,
    pub(super) same: bool,
    pub(super) pad: usize,
    pub(super) claims: serde_json::Map<String, serde_json::Value>,
    pub(super) one_use: bool,
    pub(super) accept: Option<TokenRequest>,
}

/// What the headers of every answer say about time.
#[derive(Clone, Default)]
pub(super) struct Stamp {
    pub(super) date: Dating,
    pub(super) age: Option<u64>,
}

pub(super) struct Scenario {
    usual_life: Duration,
    state: Mutex<State>,
}

struct State {
    life: Duration,
    clock: i64,
    checking_clock: i64,
    shape: Shape,
    stamp: Stamp,
    let_in: Option<Unchecked>,
    token: Trouble,
    api: Trouble,
}

/// The faults of one endpoint.
#[derive(Default)]
struct Trouble {
    answer: Option<Fault<Answer>>,
    wait: Option<Fault<Wait>>,
    hanging: VecDeque<oneshot::Sender<()>>,
}

struct Fault<T> {
    what: T,
    /// Calls that will still feel it; `None` is all.
    left: Option<u32>,
}

impl<T: Clone> Fault<T> {
    fn of(what: T, times: Option<u32>) -> Option<Self> {
        (times != Some(0)).then_some(Self { what, left: times })
    }

    /// Takes one call's worth of it.
    fn spent(slot: &mut Option<Self>) -> Option<T> {
        let fault = slot.as_mut()?;
        let what = fault.what.clone();
        if let Some(left) = &mut fault.left {
            *left -= 1;
            if *left == 0 {
                *slot = None;
            }
        }
        Some(what)
    }
}

impl Trouble {
    /// Lets up to `calls` of the hanging calls go on; those whose client left count for nothing.
    fn release(&mut self, calls: usize) {
        let mut left = calls;
        while left > 0 {
            let Some(call) = self.hanging.pop_front() else { return };
            left -= usize::from(call.send(()).is_ok());
        }
    }

    fn lines(&self, endpoint: Endpoint, lines: &mut Vec<String>) {
        let count = |left: Option<u32>| left.map_or(String::new(), |n| format!(", {n} more times"));
        if let Some(fault) = &self.wait {
            lines.push(format!("{endpoint} {}{}", fault.what, count(fault.left)));
        }
        if let Some(fault) = &self.answer {
            lines.push(format!("{endpoint} {}{}", fault.what, count(fault.left)));
        }
    }
}

/// What a call has to wait for.
pub(super) enum Pause {
    For(Duration),
    Until(oneshot::Receiver<()>),
}

impl State {
    fn new(life: Duration) -> Self {
        Self {
            life,
            clock: 0,
            checking_clock: 0,
            shape: Shape::default(),
            stamp: Stamp::default(),
            let_in: None,
            token: Trouble::default(),
            api: Trouble::default(),
        }
    }

    fn trouble(&mut self, endpoint: Endpoint) -> &mut Trouble {
        match endpoint {
            Endpoint::Token => &mut self.token,
            Endpoint::Api => &mut self.api,
        }
    }
}

impl Scenario {
    pub(super) fn new(usual_life: Duration) -> Self {
        Self { usual_life, state: Mutex::new(State::new(usual_life)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Applies an order; those about single tokens and connections are not for here and do nothing.
    pub(super) fn order(&self, order: Order) {
        let mut state = self.state();
        match order {
            Order::Answer { endpoint, answer, times } => state.trouble(endpoint).answer = Fault::of(answer, times),
            Order::Wait { endpoint, wait, times } => state.trouble(endpoint).wait = Fault::of(wait, times),
            Order::Release { endpoint, calls } => state.trouble(endpoint).release(calls.unwrap_or(usize::MAX)),
            // Dropping the senders lets the hanging calls go on.
            Order::Normal { endpoint } => *state.trouble(endpoint) = Trouble::default(),
            Order::Reset => *state = State::new(self.usual_life),
            Order::Lifetime { life } => state.life = life,
            Order::ExpiresIn { field } => state.shape.expires_in = field,
            Order::TokenType { field } => state.shape.token_type = field,
            Order::OpaqueTokens { on } => state.shape.opaque = on,
            Order::SameToken { on } => state.shape.same = on,
            Order::Claims { set } => state.shape.claims = set,
            Order::OneUse { on } => state.shape.one_use = on,
            Order::Pad { bytes } => state.shape.pad = bytes,
            Order::Accept { only } => state.shape.accept = only,
            Order::LetIn { calls } => state.let_in = calls,
            Order::Clock { offset_seconds } => state.clock = offset_seconds,
            Order::CheckingClock { offset_seconds } => state.checking_clock = offset_seconds,
            Order::Date { date } => state.stamp.date = date,
            Order::Age { seconds } => state.stamp.age = seconds,
            Order::RevokeAll | Order::RevokeLast | Order::Revoke { .. } | Order::CloseIdle => {}
        }
    }

    /// What this call waits for before it is looked at.
    pub(super) fn pause(&self, endpoint: Endpoint) -> Option<Pause> {
        let mut state = self.state();
        let trouble = state.trouble(endpoint);
        match Fault::spent(&mut trouble.wait)? {
            Wait::Seconds(delay) => Some(Pause::For(delay)),
            Wait::Hang => {
                let (release, released) = oneshot::channel();
                trouble.hanging.retain(|call| !call.is_closed());
                trouble.hanging.push_back(release);
                Some(Pause::Until(released))
            }
        }
    }

    /// The answer this call gets instead of the usual one.
    pub(super) fn answer(&self, endpoint: Endpoint) -> Option<Answer> {
        Fault::spent(&mut self.state().trouble(endpoint).answer)
    }

    pub(super) fn shape(&self) -> Shape {
        self.state().shape.clone()
    }

    pub(super) fn stamp(&self) -> Stamp {
        self.state().stamp.clone()
    }

    pub(super) fn life(&self) -> Duration {
        self.state().life
    }

    pub(super) fn lets_in(&self, calls: Unchecked) -> bool {
        self.state().let_in == Some(calls)
    }

    pub(super) fn clock_offset(&self) -> i64 {
        self.state().clock
    }

    pub(super) fn checking_offset(&self) -> i64 {
        self.state().checking_clock
    }

    /// What is out of the ordinary, a line each.
    pub(super) fn lines(&self) -> Vec<String> {
        let state = self.state();
        let mut lines = Vec::new();
        state.token.lines(Endpoint::Token, &mut lines);
        state.api.lines(Endpoint::Api, &mut lines);
        let shape = &state.shape;
        let field = |name: &str, field: &Field| match field {
            Field::Usual => None,
            Field::Missing => Some(format!("token answers have no `{name}`")),
            Field::Json(text) => Some(format!("token answers say `{name}`: {text}")),
        };
        let clock = |name: &str, offset: i64| (offset != 0).then(|| format!("the {name} is off by {offset:+} s"));
        lines.extend(
            [
                (state.life != self.usual_life).then(|| format!("tokens live {} s", state.life.as_secs())),
                field("expires_in", &shape.expires_in),
                field("token_type", &shape.token_type),
                shape.opaque.then(|| "tokens are opaque".to_owned()),
                shape.same.then(|| "the same token is given again".to_owned()),
                (!shape.claims.is_empty()).then(|| {
                    let names: Vec<_> = shape.claims.keys().map(|name| format!("`{name}`")).collect();
                    format!("tokens claim {} on order", names.join(", "))
                }),
                shape.one_use.then(|| "tokens are taken once".to_owned()),
                (shape.pad > 0).then(|| format!("tokens are padded to {} bytes", shape.pad)),
                shape.accept.map(|way| format!("the token endpoint takes {way:?} only")),
                state.let_in.map(|calls| match calls {
                    Unchecked::Bare => "calls without a token are let in".to_owned(),
                    Unchecked::Altered => "calls with an altered token are let in".to_owned(),
                }),
                clock("server's clock", state.clock),
                clock("clock that checks tokens", state.checking_clock),
                (state.stamp.date != Dating::Usual).then(|| "the Date header is odd".to_owned()),
                state.stamp.age.map(|age| format!("answers carry Age {age}")),
            ]
            .into_iter()
            .flatten(),
        );
        lines
    }
}
