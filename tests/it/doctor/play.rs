//! A scenario as data, and how it is played.

use std::{sync::Arc, time::Duration};

use authscope::{
    domain::{
        exchange::Exchange,
        profile::Profile,
        request::{Authorization, Purpose},
        secret::Secret,
        token::{TokenPolicy, TokenSerial},
    },
    sandbox::{Answer, Endpoint, Order},
};
use http::Method;

use crate::world::{STATUS, World};

/// What happens, in order; the last call is the one to explain.
pub struct Scenario {
    pub name: &'static str,
    pub steps: &'static [Step],
}

/// One thing that happens.
pub enum Step {
    /// The profile is another one.
    Profile(fn(&mut Profile)),
    /// The sandbox misbehaves.
    Order(fn(&World) -> Order),
    /// A token is fetched.
    Renew,
    /// Time passes, in seconds.
    Pass(u64),
    /// The status is asked for.
    Send,
    /// Another address is called.
    SendTo(&'static str),
    /// The status is asked for with this `Authorization`.
    Header(&'static str),
    /// The status is asked for with a token that is typed.
    Typed(fn(&World) -> String),
    /// The status is asked for, and its refusal left as it is.
    NoReplay,
    /// The status is asked for without a token.
    NoToken,
    /// What everybody may ask for is asked for without a token.
    Open,
    /// The status is asked for with the token of that number.
    Older(u64),
    /// What leads to another origin is asked for.
    Redirected,
}

pub fn manual(profile: &mut Profile) {
    profile.policy = TokenPolicy::Manual;
}

pub fn api(answer: Answer) -> Order {
    Order::Answer { endpoint: Endpoint::Api, answer, times: None }
}

pub fn token(answer: Answer) -> Order {
    Order::Answer { endpoint: Endpoint::Token, answer, times: None }
}

pub fn challenge(field: &str) -> Order {
    api(Answer::Challenge(vec![field.to_owned()]))
}

pub fn status(status: u16, retry_after: Option<&str>) -> Answer {
    Answer::Status { status, retry_after: retry_after.map(str::to_owned) }
}

pub fn raw(status: u16, content_type: &str, body: &str) -> Answer {
    Answer::Raw { status, content_type: content_type.to_owned(), body: body.to_owned() }
}

/// Tokens that claim this beside the usual.
pub fn claims(json: &str) -> Order {
    Order::Claims { set: serde_json::from_str(json).unwrap() }
}

/// Plays it: the world, every call, and what the last one was given as `Authorization` by hand.
pub async fn played(scenario: &Scenario) -> (World, Vec<Exchange>, Option<String>) {
    let mut world = World::new();
    let (mut exchanges, mut typed) = (Vec::new(), None);
    for step in scenario.steps {
        let mut request = world.get(STATUS);
        typed = None;
        match step {
            Step::Profile(change) => {
                world.change(change);
                continue;
            }
            Step::Order(order) => {
                world.order(order(&world));
                continue;
            }
            Step::Renew => {
                world.engine.renew(&world.access()).await.unwrap();
                continue;
            }
            Step::Pass(seconds) => {
                world.hands.advance(Duration::from_secs(*seconds));
                continue;
            }
            Step::Send => {}
            Step::SendTo(path) => request = world.get(path),
            Step::Header(value) => {
                request = world.request(Method::GET, STATUS, &[("authorization", value)], "");
                typed = Some((*value).to_owned());
            }
            Step::Typed(text) => {
                let text = text(&world);
                typed = Some(format!("{} {text}", world.profile.header.prefix));
                request.authorization = Authorization::OnPurpose(Purpose::Token(Arc::new(Secret::new(text))));
            }
            Step::NoReplay => request.authorization = Authorization::OnPurpose(Purpose::NoReplay),
            Step::NoToken => request.authorization = Authorization::OnPurpose(Purpose::NoToken),
            Step::Open => {
                request = world.get("/_sandbox/open");
                request.authorization = Authorization::OnPurpose(Purpose::NoToken);
            }
            Step::Older(serial) => {
                request.authorization = Authorization::OnPurpose(Purpose::Generation(TokenSerial(*serial)));
            }
            Step::Redirected => {
                let to = format!("http://localhost:{}/_sandbox/echo", world.sandbox.port());
                request = world.get(&format!("/_sandbox/redirect?to={to}"));
            }
        }
        exchanges.push(world.send(request).await);
    }
    (world, exchanges, typed)
}
