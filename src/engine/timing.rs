//! Hooks that tell how long each phase of a connection takes: name, socket, encryption.
//!
//! The phases of one trip are noted in a task-local, which the hooks find because the connection is made inside the
//! task of the request. A trip that notes nothing used an open connection.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::{
    NamedGroup,
    client::{ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue},
    pki_types::ServerName,
};
use tower::{Layer, Service};

use super::timer;
use crate::domain::clock::{Boot, Clock};

/// What the hooks noted of one trip.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Notes {
    pub(super) connecting: Option<Boot>,
    pub(super) resolved: Option<Boot>,
    pub(super) encrypting: Option<Boot>,
    pub(super) connected: Option<Boot>,
}

/// One trip: its notes, and how long its connection may take.
#[derive(Clone)]
pub(super) struct Trip {
    pub(super) clock: Clock,
    pub(super) limit: Duration,
    pub(super) notes: Arc<Mutex<Notes>>,
}

tokio::task_local! {
    pub(super) static TRIP: Trip;
}

impl Trip {
    pub(super) fn new(clock: &Clock, limit: Duration) -> Self {
        Self { clock: clock.clone(), limit, notes: Arc::default() }
    }

    pub(super) fn notes(&self) -> Notes {
        *self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, write: impl FnOnce(&mut Notes, Boot)) {
        write(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner), self.clock.boot());
    }
}

fn note(write: impl FnOnce(&mut Notes, Boot)) {
    // Where the connection is finished in another task there is nobody to tell.
    let _ = TRIP.try_with(|trip| trip.note(write));
}

/// A name that has no address, as an error of its own kind.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` has no address: {why}")]
pub(super) struct NoAddress {
    pub(super) name: String,
    pub(super) why: String,
}

/// A connection that was not there in time, as an error of its own kind.
#[derive(Debug, thiserror::Error)]
#[error("no connection within {} s", .0.as_secs())]
pub(super) struct TooLate(pub(super) Duration);

/// The system's resolver, timed.
pub(super) struct TimedResolver;

impl Resolve for TimedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.and_then(|found| {
                let found: Vec<SocketAddr> = found.collect();
                if found.is_empty() { Err(io::Error::other("the answer is empty")) } else { Ok(found) }
            });
            note(|notes, now| notes.resolved = Some(now));
            match found {
                Ok(found) => Ok(Box::new(found.into_iter()) as Addrs),
                Err(error) => Err(NoAddress { name: name.as_str().to_owned(), why: error.to_string() }.into()),
            }
        })
    }
}

/// Wraps the connector: notes its start and end, and holds it to its limit.
#[derive(Clone)]
pub(super) struct TimedConnections(pub(super) Clock);

#[derive(Clone)]
pub(super) struct TimedConnector<S> {
    inner: S,
    clock: Clock,
}

impl<S> Layer<S> for TimedConnections {
    type Service = TimedConnector<S>;
    fn layer(&self, inner: S) -> Self::Service {
        TimedConnector { inner, clock: self.0.clone() }
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The limit where the task of the request is not the one that connects.
const USUAL_LIMIT: Duration = Duration::from_secs(5);

impl<S, Q> Service<Q> for TimedConnector<S>
where
    S: Service<Q, Error = BoxError> + Send,
    S::Future: Send + 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: Q) -> Self::Future {
        note(|notes, now| notes.connecting = Some(now));
        let limit = TRIP.try_with(|trip| trip.limit).unwrap_or(USUAL_LIMIT);
        let (clock, connection) = (self.clock.clone(), self.inner.call(target));
        Box::pin(async move {
            let until = clock.boot() + limit;
            match timer::limited(&clock, until, connection).await {
                Some(Ok(connection)) => {
                    note(|notes, now| notes.connected = Some(now));
                    Ok(connection)
                }
                Some(Err(error)) => Err(error),
                None => Err(TooLate(limit).into()),
            }
        })
    }
}

/// A store of TLS sessions; rustls asks it when it begins to encrypt, so it knows when the socket was there.
#[derive(Debug)]
pub(super) struct TimedSessions(ClientSessionMemoryCache);

impl TimedSessions {
    pub(super) fn new(sessions: ClientSessionMemoryCache) -> Self {
        Self(sessions)
    }
}

impl ClientSessionStore for TimedSessions {
    fn kx_hint(&self, name: &ServerName<'_>) -> Option<NamedGroup> {
        note(|notes, now| notes.encrypting = notes.encrypting.or(Some(now)));
        self.0.kx_hint(name)
    }
    fn set_kx_hint(&self, name: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(name, group);
    }
    fn set_tls12_session(&self, name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(name, value);
    }
    fn tls12_session(&self, name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls12_session(name)
    }
    fn remove_tls12_session(&self, name: &ServerName<'static>) {
        self.0.remove_tls12_session(name);
    }
    fn insert_tls13_ticket(&self, name: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(name, value);
    }
    fn take_tls13_ticket(&self, name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.0.take_tls13_ticket(name)
    }
}
