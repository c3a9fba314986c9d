//! The one place where HTTP clients are built, so that all of them keep the same rules.
//!
//! No retries, redirects, cookies, proxies or decompression of the library's own: each of these is ours, so that the
//! record of what was sent is true. Two clients: a plain one, built at once, and one with the system's roots, built on a
//! thread of its own, whose failure is told by the first https call.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::ClientConfig;
use tokio::sync::OnceCell;

use super::{
    error::{failure, internal},
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
            let hint = || Some("start authscope again once they are there".to_owned());
            return built.await.clone().map_err(|text| Failure { hint: hint(), ..failure(FailureKind::Tls, text) });
        }
        let built = pair.plain.get_or_init(|| async {
            tls::nobody().map_err(|error| error.to_string()).and_then(|tls| client(tls, self.clock.clone()))
        });
        built.await.clone().map_err(internal)
    }
}

/// The most header fields of an answer.
pub(super) const MOST_FIELDS: usize = 1000;

fn client(tls: ClientConfig, clock: Clock) -> Result<reqwest::Client, String> {
    builder(tls, clock).build().map_err(|error| error.without_url().to_string())
}

fn builder(tls: ClientConfig, clock: Clock) -> reqwest::ClientBuilder {
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
        .http1_max_headers(MOST_FIELDS)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    #[tokio::test]
    async fn a_host_whose_first_address_has_nobody_is_reached_by_its_second() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let second = listener.local_addr().unwrap();
        let first = SocketAddr::new(std::net::Ipv6Addr::LOCALHOST.into(), second.port());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await.unwrap();
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        });
        let client = builder(tls::nobody().unwrap(), Clock::system());
        let client = client.resolve_to_addrs("localhost", &[first, second]).build().unwrap();
        let answer = client.get(format!("http://localhost:{}/", second.port())).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.remote_addr()), (204, Some(second)));
        server.await.unwrap();
    }
}
