//! The embedded API: it plays the PaySecurez API as its public documentation tells it, on 127.0.0.1 only.
//!
//! It owns its routes, its tokens (real HS256 JWTs under a key drawn at start), the faults it plays on order and the
//! journal of what it received. It imports nothing of the crate, so it can disagree with the client. It refuses every
//! address but 127.0.0.1, every host name that is not loopback and every request that a web page could have sent.
//! `cli` starts it, for the explorer, for `demo` and alone; the flow tests count on its journal.
//!
//! What the documentation does not say is marked in the answers by a header, `X-Sandbox-Defined: <what>`.

use std::{
    fmt, io,
    net::{Ipv4Addr, TcpListener},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::{Router, http::Request};
use futures_util::future::BoxFuture;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::Notify,
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tower::Service as _;

mod answers;
mod bodies;
mod control;
mod echo;
mod encoded;
mod encryption;
mod front;
mod guard;
mod issuer;
mod journal;
mod order;
mod routes;
mod scenario;
mod token;
mod transactions;

#[cfg(test)]
mod tests;

use encryption::Encryption;
pub use journal::{Counts, Entry, Journal};
pub use order::{Answer, Dating, Endpoint, Field, Order, TokenRequest, Unchecked, Wait};

/// Wall time since the Unix epoch, injected: the sandbox reads no clock of its own.
pub type Now = Arc<dyn Fn() -> Duration + Send + Sync>;

/// Waits for a time, injected: the sandbox owns no timer.
pub type Sleep = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

/// The life of a token unless told otherwise: 1800 s, as documented.
pub const LIFETIME: Duration = Duration::from_mins(30);

/// What a sandbox is started with.
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// How long a token is accepted; [`LIFETIME`] is what the documentation says.
    pub lifetime: Duration,
    /// The wall clock.
    pub now: Now,
    /// The wait behind every delay.
    pub sleep: Sleep,
    /// The clients it knows; `None` makes two with random secrets.
    pub clients: Option<Vec<Client>>,
    /// Whether it speaks https, with a certificate of an authority made at this start.
    pub tls: bool,
    /// Whether its token endpoint is one of OAuth 2 and nothing else: a form is wanted (RFC 6749 §4.4.2), a scope that
    /// was asked for is told back, and an empty one is refused.
    pub strict: bool,
}

/// A client the token endpoint knows.
#[derive(Clone)]
pub struct Client {
    /// The client id.
    pub id: String,
    /// The client secret.
    pub secret: String,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What every route, the doors and the handle share.
struct Inner {
    port: u16,
    base_url: String,
    clients: Vec<Client>,
    strict: bool,
    now: Now,
    sleep: Sleep,
    issuer: issuer::Issuer,
    scenario: scenario::Scenario,
    transactions: transactions::Ledger,
    journal: Journal,
    /// Told when idle connections are to be closed.
    idle: Notify,
}

type Shared = Arc<Inner>;

impl Inner {
    /// The server's own idea of the wall time: the injected clock and the offset on order.
    fn time(&self) -> Duration {
        shifted((self.now)(), self.scenario.clock_offset())
    }

    fn order(&self, order: Order) {
        match order {
            Order::RevokeAll => self.issuer.revoke_all(),
            Order::RevokeLast => self.issuer.revoke_last(),
            Order::Revoke { serial } => self.issuer.revoke(serial),
            Order::CloseIdle => self.idle.notify_waiters(),
            other => self.scenario.order(other),
        }
    }
}

/// A listener on 127.0.0.1 that does not serve yet; callers queue in the kernel until it does.
pub struct Bound {
    listener: TcpListener,
    inner: Shared,
    encryption: Option<Encryption>,
}

/// The handle inside the process: where it listens, who it knows, what it received, and orders to misbehave.
#[derive(Clone)]
pub struct Sandbox {
    inner: Shared,
}

impl Sandbox {
    /// Binds 127.0.0.1; needs no runtime.
    ///
    /// Fails when the port is taken or the system gives no randomness.
    pub fn bind(options: Options) -> io::Result<Bound> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let issuer = issuer::Issuer::new().map_err(io::Error::other)?;
        let clients = options.clients.unwrap_or_else(|| {
            ["demo-client", "second-client"]
                .map(|id| Client { id: id.to_owned(), secret: format!("sbx_{}", issuer.dice().text()) })
                .to_vec()
        });
        let encryption = options.tls.then(Encryption::new).transpose()?;
        let base_url = format!("{}://127.0.0.1:{port}", if options.tls { "https" } else { "http" });
        let inner = Inner {
            port,
            transactions: transactions::Ledger::seeded(base_url.clone()),
            base_url,
            clients,
            strict: options.strict,
            now: options.now,
            sleep: options.sleep,
            issuer,
            scenario: scenario::Scenario::new(options.lifetime),
            journal: Journal::new(),
            idle: Notify::new(),
        };
        Ok(Bound { listener, inner: Arc::new(inner), encryption })
    }

    /// `http://127.0.0.1:PORT`, or `https`, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.inner.port
    }

    /// The clients the token endpoint knows.
    pub fn clients(&self) -> &[Client] {
        &self.inner.clients
    }

    /// What it received.
    pub fn journal(&self) -> Journal {
        self.inner.journal.clone()
    }

    /// Applies a fault or a control; the next request feels it.
    pub fn order(&self, order: Order) {
        self.inner.order(order);
    }

    /// What is out of the ordinary now, a line each; empty when all is normal.
    pub fn faults(&self) -> Vec<String> {
        self.inner.scenario.lines()
    }
}

impl Bound {
    /// The handle inside the process.
    pub fn handle(&self) -> Sandbox {
        Sandbox { inner: Arc::clone(&self.inner) }
    }

    /// The certificate of the authority behind its own (PEM), where it speaks https.
    pub fn authority(&self) -> Option<&str> {
        self.encryption.as_ref().map(Encryption::authority)
    }

    /// Serves until `stop` resolves; then every connection is dropped.
    ///
    /// Fails when the runtime cannot take the listener.
    pub async fn serve(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let router = routes::router(&self.inner);
        let mut connections = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => return Ok(()),
                Some(_) = connections.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let (inner, router) = (Arc::clone(&self.inner), router.clone());
                        let encryption = self.encryption.clone();
                        connections.spawn(async move { encrypted(inner, router, stream, encryption).await });
                    }
                    // Out of descriptors, most likely: let some connections end instead of spinning.
                    Err(_) => (self.inner.sleep)(Duration::from_millis(20)).await,
                },
            }
        }
    }
}

/// The connection a request came by, in the request's extensions.
#[derive(Clone)]
struct Wire {
    number: u64,
    cut: CancellationToken,
}

/// Serves a connection, after its encryption where there is one.
async fn encrypted(inner: Shared, router: Router, stream: TcpStream, encryption: Option<Encryption>) {
    // Without it small answers wait for the client's delayed acknowledgement. A socket that refuses is dead anyway.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    match encryption {
        None => serve_connection(inner, router, stream).await,
        Some(encryption) => {
            // A client that does not trust it has said why on its own side.
            if let Ok(stream) = encryption.accepted(stream).await {
                serve_connection(inner, router, stream).await;
            }
        }
    }
}

async fn serve_connection(inner: Shared, router: Router, stream: impl AsyncRead + AsyncWrite + Unpin) {
    let open = inner.journal.connected();
    let wire = Wire { number: open.number(), cut: CancellationToken::new() };
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(wire.clone());
        router.clone().call(request)
    });
    let mut connection =
        pin!(http1::Builder::new().auto_date_header(false).serve_connection(TokioIo::new(stream), service));
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            () = wire.cut.cancelled() => return,
            () = inner.idle.notified() => connection.as_mut().graceful_shutdown(),
        }
    }
}

/// A time moved by whole seconds; never before the epoch.
fn shifted(time: Duration, seconds: i64) -> Duration {
    let by = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { time.saturating_sub(by) } else { time.saturating_add(by) }
}
