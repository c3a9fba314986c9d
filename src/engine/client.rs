//! The one place where HTTP clients are built, so that all of them keep the same rules.
//!
//! No retries, redirects, cookies, proxies or decompression of the library's own: each of these is ours, so that the
//! record of what was sent is true. A client for each way that calls go: plain or encrypted, trusting whom, presenting
//! which certificate, through which proxy. It is built when the first call goes that way, on a thread of its own, since
//! that may read files; what is in its way is told by that call, and tried again by the next.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::ClientConfig;
use tokio::sync::OnceCell;
use url::Url;

use super::{
    error::{failure, internal},
    timing::{TimedConnections, TimedResolver},
    tls,
    witness::Witnessed,
};
use crate::domain::{
    clock::Clock,
    exchange::{Failure, FailureKind},
    origin::Origin,
    profile::Profile,
    route::{Identity, Proxy},
};

/// The clients of an engine.
pub(super) struct Clients {
    clock: Clock,
    witnessed: Arc<Witnessed>,
    made: Mutex<HashMap<Way, Arc<OnceCell<reqwest::Client>>>>,
}

/// What makes one client different from another.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Way {
    encrypted: bool,
    authorities: Option<PathBuf>,
    identity: Option<Identity>,
    proxy: Option<Proxy>,
}

impl Way {
    fn to(profile: &Profile, origin: &Origin) -> Self {
        let proxy = profile.proxy_for(origin).cloned();
        let encrypted = origin.is_https() || proxy.as_ref().is_some_and(|proxy| proxy.address.scheme() == "https");
        if !encrypted {
            return Self { proxy, ..Self::default() };
        }
        let identity = profile.identity_for(origin).cloned();
        Self { encrypted, authorities: profile.route.authorities.clone(), identity, proxy }
    }

    fn client(&self, clock: Clock, witnessed: &Arc<Witnessed>) -> Result<reqwest::Client, Failure> {
        let tls = if self.encrypted {
            tls::trusting(self.authorities.as_deref(), self.identity.as_ref(), witnessed)?
        } else {
            tls::nobody()?
        };
        let unbuilt = |error: reqwest::Error| internal(error.without_url().to_string());
        let mut builder = builder(tls, clock);
        if let Some(proxy) = &self.proxy {
            let all = reqwest::Proxy::all(proxy.address.clone()).map_err(unbuilt)?;
            builder = builder.proxy(match &proxy.login {
                Some((user, password)) => all.basic_auth(user, password.expose()),
                None => all,
            });
        }
        builder.build().map_err(unbuilt)
    }
}

impl Clients {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, witnessed: Arc::default(), made: Mutex::default() }
    }

    /// What servers showed to be trusted.
    pub(super) fn witnessed(&self) -> &Witnessed {
        &self.witnessed
    }

    /// Forgets every open connection: after a sleep of the machine they are dead, and nobody said so.
    pub(super) fn hang_up(&self) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The client for a call of that profile to an address.
    pub(super) async fn of(&self, profile: &Profile, url: &Url) -> Result<reqwest::Client, Failure> {
        let origin = Origin::of(url).ok_or_else(|| internal("the address has no origin"))?;
        self.made(Way::to(profile, &origin)).await
    }

    /// Builds the usual client for https calls.
    pub(super) async fn warm_up(&self) -> Result<(), Failure> {
        self.made(Way { encrypted: true, ..Way::default() }).await.map(drop)
    }

    /// Builds the client for https calls of a profile, without its client certificate and its proxy.
    pub(super) async fn warm_up_for(&self, profile: &Profile) -> Result<(), Failure> {
        let authorities = profile.route.authorities.clone();
        self.made(Way { encrypted: true, authorities, ..Way::default() }).await.map(drop)
    }

    async fn made(&self, way: Way) -> Result<reqwest::Client, Failure> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).entry(way.clone()).or_default().clone();
        let (clock, witnessed) = (self.clock.clone(), self.witnessed.clone());
        let client = made.get_or_try_init(|| async {
            if !way.encrypted {
                return way.client(clock, &witnessed);
            }
            let built = tokio::task::spawn_blocking(move || way.client(clock, &witnessed)).await;
            built.unwrap_or_else(|error| Err(failure(FailureKind::Tls, error.to_string())))
        });
        client.await.cloned()
    }
}

/// The most header fields of an answer.
pub(super) const MOST_FIELDS: usize = 1000;

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
