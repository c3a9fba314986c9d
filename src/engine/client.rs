//! The one place where HTTP clients are built, so that all of them keep the same rules.
//!
//! No retries, redirects, cookies, proxies or decompression of the library's own: each of these is ours, so that the
//! record of what was sent is true. Two clients: a plain one, built at once, and one with the system's roots, built on a
//! thread of its own, whose failure is told by the first https call.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::ClientConfig;
use tokio::sync::OnceCell;

use super::{
    error::internal,
    timing::{TimedConnections, TimedResolver},
    tls,
};
use crate::domain::{
    clock::Clock,
    exchange::{Failure, FailureKind},
};

/// The clients of an engine.
pub(super) struct Clients {
    clock: Clock,
    pair: Mutex<Arc<Pair>>,
}

#[derive(Default)]
struct Pair {
    plain: OnceCell<Result<reqwest::Client, String>>,
    secure: OnceCell<Result<reqwest::Client, String>>,
}

impl Clients {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, pair: Mutex::default() }
    }

    /// Forgets every open connection: after a sleep of the machine they are dead, and nobody said so.
    pub(super) fn hang_up(&self) {
        *self.pair.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }

    /// The client for an address of that scheme.
    pub(super) async fn of(&self, scheme: &str) -> Result<reqwest::Client, Failure> {
        let pair = self.pair.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if scheme == "https" {
            let clock = self.clock.clone();
            let built = pair.secure.get_or_init(|| async move {
                let built = tokio::task::spawn_blocking(move || client(tls::system()?, clock)).await;
                built.unwrap_or_else(|error| Err(error.to_string()))
            });
            return built.await.clone().map_err(|text| Failure { kind: FailureKind::Tls, text, hint: None });
        }
        let built = pair.plain.get_or_init(|| async {
            tls::nobody().map_err(|error| error.to_string()).and_then(|tls| client(tls, self.clock.clone()))
        });
        built.await.clone().map_err(internal)
    }
}

fn client(tls: ClientConfig, clock: Clock) -> Result<reqwest::Client, String> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .tls_info(true)
        .dns_resolver(Arc::new(TimedResolver))
        .connector_layer(TimedConnections(clock))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .tcp_nodelay(true)
        .build()
        .map_err(|error| error.without_url().to_string())
}
