//! The journal: what the sandbox received, counted and kept, so that a test proves its numbers on this side of the wire.
//!
//! Owns counts that can be awaited and the last 1 000 entries. It keeps no token, no secret and no body: a token is
//! its serial, a body its SHA-256. Calls to the control routes and to the journal itself are not in it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;
use tokio::sync::watch;

use super::order::Endpoint;

const KEPT: usize = 1_000;

/// How often what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Calls to the token endpoint.
    pub token_calls: u64,
    /// Tokens that went out in an answer.
    pub token_issued: u64,
    /// Token calls answered with a 4xx status.
    pub token_refused: u64,
    /// Calls to every other route but control and journal.
    pub api_calls: u64,
    /// API calls answered 200.
    pub api_200: u64,
    /// API calls answered 401.
    pub api_401: u64,
    /// API calls that wait for their answer's head now.
    pub in_flight: u64,
    /// The most there were at once.
    pub peak_in_flight: u64,
    /// Token calls that wait for their answer's head now.
    pub token_in_flight: u64,
    /// The most there were at once.
    pub peak_token_in_flight: u64,
    /// Connections accepted.
    pub connections: u64,
    /// Connections open now.
    pub open_connections: u64,
    /// Calls whose client closed before the answer, and endless bodies whose client left.
    pub closed_early: u64,
    /// Requests refused at the door: a host that is not loopback, an origin, a control call without its header.
    pub turned_away: u64,
}

/// One request as received.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Counts from 1.
    pub n: u64,
    /// The connection it came by; counts from 1.
    pub connection: u64,
    /// Which kind of call.
    pub endpoint: Endpoint,
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case and values, in the order received. `Authorization` is its scheme and either `#SERIAL` of a
    /// token of ours or a count of bytes.
    pub headers: Vec<(String, String)>,
    /// Bytes of the body.
    pub body_length: usize,
    /// SHA-256 of the body in hex; `None` for a token call, whose body carries a secret.
    pub body_sha256: Option<String>,
    /// The serial of the token it carried, or, for a token call, of the token that went out; `None` when there was none.
    pub serial: Option<u64>,
    /// The status answered; `None` while it waits, and when the connection went away without one.
    pub status: Option<u16>,
    /// When it came, by the injected clock.
    pub at: Duration,
}

impl Entry {
    /// The values of a header, by its name in lower case.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// What the sandbox received; clones share it.
#[derive(Clone)]
pub struct Journal {
    counts: Arc<watch::Sender<Counts>>,
    entries: Arc<Mutex<Entries>>,
}

#[derive(Default)]
struct Entries {
    /// Requests so far, those no longer kept included.
    received: u64,
    kept: VecDeque<Entry>,
}

impl Journal {
    pub(super) fn new() -> Self {
        Self { counts: Arc::new(watch::Sender::new(Counts::default())), entries: Arc::default() }
    }

    /// How often what happened so far.
    pub fn counts(&self) -> Counts {
        *self.counts.borrow()
    }

    /// The last 1 000 requests, the oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.lines().kept.iter().cloned().collect()
    }

    /// Waits until the counts are so, and gives them as they were then; at once when they are already.
    pub async fn wait_until(&self, so: impl Fn(&Counts) -> bool) -> Counts {
        let mut counts = self.counts.subscribe();
        // An error means that the sender is gone; `self` holds it.
        counts.wait_for(so).await.map_or_else(|_| self.counts(), |counts| *counts)
    }

    fn lines(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, change: impl FnOnce(&mut Counts)) {
        self.counts.send_modify(change);
    }

    pub(super) fn turned_away(&self) {
        self.count(|counts| counts.turned_away += 1);
    }

    pub(super) fn connected(&self) -> Connection {
        let mut number = 0;
        self.count(|counts| {
            counts.connections += 1;
            counts.open_connections += 1;
            number = counts.connections;
        });
        Connection { journal: self.clone(), number }
    }

    /// Writes a request down; its number is given here.
    pub(super) fn arrival(&self, mut entry: Entry) -> Visit {
        let endpoint = entry.endpoint;
        let n = {
            let mut entries = self.lines();
            entries.received += 1;
            entry.n = entries.received;
            if entries.kept.len() == KEPT {
                entries.kept.pop_front();
            }
            entries.kept.push_back(entry);
            entries.received
        };
        self.count(|counts| match endpoint {
            Endpoint::Token => {
                counts.token_calls += 1;
                counts.token_in_flight += 1;
                counts.peak_token_in_flight = counts.peak_token_in_flight.max(counts.token_in_flight);
            }
            Endpoint::Api => {
                counts.api_calls += 1;
                counts.in_flight += 1;
                counts.peak_in_flight = counts.peak_in_flight.max(counts.in_flight);
            }
        });
        Visit { journal: self.clone(), n, endpoint, end: End::ClosedEarly }
    }

    /// An endless body that counts as closed early when it is dropped.
    pub(super) fn endless(&self) -> Endless {
        Endless(self.clone())
    }
}

/// An open connection.
pub(super) struct Connection {
    journal: Journal,
    number: u64,
}

impl Connection {
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.journal.count(|counts| counts.open_connections -= 1);
    }
}

pub(super) struct Endless(Journal);

impl Drop for Endless {
    fn drop(&mut self) {
        self.0.count(|counts| counts.closed_early += 1);
    }
}

/// A call between its arrival and the head of its answer. Dropped without a word it was closed by the client: the
/// server drops the handler then.
pub(super) struct Visit {
    journal: Journal,
    n: u64,
    endpoint: Endpoint,
    end: End,
}

enum End {
    ClosedEarly,
    HungUp,
    Answered { status: u16, issued: bool },
}

impl Visit {
    /// The answer's head is ready. `issued` is the serial of a token in it.
    pub(super) fn answered(mut self, status: u16, issued: Option<u64>) {
        {
            let mut entries = self.journal.lines();
            let back = usize::try_from(entries.received - self.n).unwrap_or(usize::MAX);
            let place = entries.kept.len().checked_sub(back.saturating_add(1));
            if let Some(entry) = place.and_then(|place| entries.kept.get_mut(place)) {
                entry.status = Some(status);
                entry.serial = issued.or(entry.serial);
            }
        }
        self.end = End::Answered { status, issued: issued.is_some() };
    }

    /// The sandbox itself closes the connection.
    pub(super) fn hung_up(mut self) {
        self.end = End::HungUp;
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.journal.count(|counts| {
            match self.endpoint {
                Endpoint::Token => counts.token_in_flight -= 1,
                Endpoint::Api => counts.in_flight -= 1,
            }
            match (&self.end, self.endpoint) {
                (End::ClosedEarly, _) => counts.closed_early += 1,
                (End::HungUp, _) => {}
                (End::Answered { status, issued }, Endpoint::Token) => {
                    counts.token_issued += u64::from(*issued);
                    counts.token_refused += u64::from((400..500).contains(status));
                }
                (End::Answered { status, .. }, Endpoint::Api) => {
                    counts.api_200 += u64::from(*status == 200);
                    counts.api_401 += u64::from(*status == 401);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_keeps_the_last_requests() {
        let journal = Journal::new();
        for _ in 0..KEPT + 5 {
            let arrival = Entry {
                n: 0,
                connection: 1,
                endpoint: Endpoint::Api,
                method: "GET".to_owned(),
                target: "/".to_owned(),
                headers: Vec::new(),
                body_length: 0,
                body_sha256: None,
                serial: None,
                status: None,
                at: Duration::ZERO,
            };
            journal.arrival(arrival).answered(200, None);
        }
        let entries = journal.entries();
        assert_eq!((entries.len(), entries[0].n, entries[0].status), (KEPT, 6, Some(200)));
        assert_eq!(journal.counts().api_200, KEPT as u64 + 5);
    }
}
