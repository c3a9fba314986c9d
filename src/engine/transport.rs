//! One hop: a request goes out, its answer comes into a [`crate::body::Body`], under every limit.
//!
//! The record ([`Hop`]) is filled in as things happen, so that a cancelled hop keeps what came.

use std::{
    io::{self, Read, Seek, SeekFrom, Write as _},
    path::PathBuf,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use url::Url;

use super::{
    client::Clients,
    error::{died_unanswered, failure, internal, of_library, through},
    timer,
    timing::{Notes, TRIP, Trip},
    tls,
};
use crate::{
    body::{BodyWriter, encoding},
    domain::{
        clock::{Boot, Clock},
        exchange::{
            Answer, Failure, FailureKind, FieldValue, HeaderField, Hop, SentRequest, SentWith, Timings, TlsFacts,
        },
        flow::FlowStep,
        origin::Origin,
        profile::{Limits, Profile},
        request::RequestBody,
        token::TokenRef,
    },
};

mod download;

use download::Download;

/// Bytes read at once from a request body on disk.
const CHUNK: usize = 64 << 10;

/// Sends hops.
pub(super) struct Transport {
    pub(super) clients: Arc<Clients>,
    pub(super) clock: Clock,
    /// The folder of large bodies.
    pub(super) cache: Option<PathBuf>,
}

/// A request as it will go out on this hop.
pub(super) struct Outgoing<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// The header field that carries a token.
    pub(super) token_header: &'a HeaderName,
    pub(super) body: Option<&'a RequestBody>,
}

impl Outgoing<'_> {
    /// Every header field that goes out, those that HTTP wants included.
    fn fields(&self) -> HeaderMap {
        let mut fields = HeaderMap::new();
        let host = self.url.host_str().unwrap_or_default();
        let host = self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        fields.extend(HeaderValue::from_str(&host).ok().map(|host| (header::HOST, host)));
        for (name, value) in &self.headers {
            fields.append(name.clone(), value.clone());
        }
        let usual = [
            (header::ACCEPT, "*/*"),
            (header::ACCEPT_ENCODING, encoding::ACCEPTED),
            (header::USER_AGENT, concat!("authscope/", env!("CARGO_PKG_VERSION"))),
        ];
        for (name, value) in usual {
            fields.entry(name).or_insert(HeaderValue::from_static(value));
        }
        let size = self.body.map_or(0, RequestBody::size);
        if size > 0 || [Method::POST, Method::PUT, Method::PATCH].contains(&self.method) {
            fields.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
        }
        fields
    }

    /// The record of this request, before anything of it is sent.
    pub(super) fn hop(&self, with: SentWith, clock: &Clock) -> Hop {
        let token = |name| with.token().filter(|_| name == self.token_header);
        let headers = self.fields().iter().map(|(name, value)| recorded(name, value, token(name))).collect();
        let size = self.body.map_or(0, RequestBody::size);
        Hop {
            request: SentRequest { method: self.method.clone(), url: self.url.clone(), headers, size },
            sent: clock.wall(),
            answer: None,
            timings: Timings::default(),
            remote: None,
            tls: None,
            via: None,
            reconnected: false,
            failure: None,
        }
    }
}

/// A header field for the record: a sensitive one is hidden behind what stands for it.
fn recorded(name: &HeaderName, value: &HeaderValue, token: Option<TokenRef>) -> HeaderField {
    let shown = || HeaderField { name: name.clone(), value: FieldValue::Shown(value.clone()) };
    if !value.is_sensitive() {
        return shown();
    }
    let scheme = value.to_str().ok().and_then(|text| text.split_once(' ')).map(|(scheme, _)| scheme.to_owned());
    let pseudonym = match token {
        Some(token) => token.serial.to_string(),
        None => "typed".to_owned(),
    };
    HeaderField { name: name.clone(), value: FieldValue::Hidden { scheme, pseudonym, size: value.len() } }
}

impl Transport {
    /// Sends a request and reads its answer to the end, filling in `hop` on the way. At `deadline` its time is over.
    pub(super) async fn send(
        &self,
        outgoing: &Outgoing<'_>,
        profile: &Profile,
        deadline: Boot,
        hop: &mut Hop,
        tell: &(dyn Fn(FlowStep) + Sync),
    ) -> Result<(), Failure> {
        let began = self.clock.boot();
        let origin = Origin::of(&outgoing.url).ok_or_else(|| internal("the address has no origin"))?;
        let client = self.clients.of(profile, &outgoing.url).await?;
        let limits = &profile.limits;
        let idempotent = [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE, Method::PUT, Method::DELETE];
        let trip = Trip::new(&self.clock, limits.connect);
        let (response, sent) = loop {
            let pulse = Pulse::new(&self.clock);
            let mut request = reqwest::Request::new(outgoing.method.clone(), outgoing.url.clone());
            *request.headers_mut() = outgoing.fields();
            *request.body_mut() = outgoing.body.map(|body| streamed(body, &pulse)).transpose()?.flatten();
            let sent = self.clock.boot();
            let answer = TRIP.scope(trip.clone(), client.execute(request));
            let error = match self.within(answer, &pulse, Some(deadline), limits.idle).await {
                Ok(Ok(response)) => break (response, sent),
                Ok(Err(error)) => error,
                Err(late) => return Err(late.failure(&origin, limits)),
            };
            if hop.reconnected || !idempotent.contains(&outgoing.method) || !died_unanswered(&error) {
                return Err(through(hop.via.as_deref(), of_library(&error, &origin)));
            }
            hop.reconnected = true;
            tell(FlowStep::Reconnected);
        };
        let headed = self.clock.boot();
        fill_timings(&mut hop.timings, trip.notes(), sent, headed);
        hop.remote = response.remote_addr();
        hop.tls = response.extensions().get::<reqwest::tls::TlsInfo>().and_then(|info| {
            let chain = self.clients.witnessed().chain(info.peer_certificate()?);
            Some(TlsFacts { version: info.version().map(tls::named), chain })
        });
        let writer = BodyWriter::new(self.cache.as_deref());
        let answer = Answer {
            version: response.version(),
            status: response.status(),
            headers: response
                .headers()
                .iter()
                .map(|(name, value)| HeaderField { name: name.clone(), value: FieldValue::Shown(value.clone()) })
                .collect(),
            body: writer.body(),
        };
        let download = Download {
            transport: self,
            limits,
            origin: &origin,
            deadline: (!download::is_event_stream(&response)).then_some(deadline),
            expected: response.content_length(),
            tell,
        };
        let encoding = answer.encoding();
        hop.answer = Some(answer.clone());
        tell(FlowStep::HeadReceived { answer: Arc::new(answer), after: headed.since(began) });
        let outcome = download.run(response, writer, &encoding).await;
        hop.timings.download = Some(self.clock.boot().since(headed));
        hop.timings.total = self.clock.boot().since(began);
        outcome
    }

    /// What `work` gives, unless nothing moves for `idle`, or `deadline` comes.
    async fn within<T>(
        &self,
        work: impl Future<Output = T>,
        pulse: &Pulse,
        deadline: Option<Boot>,
        idle: Duration,
    ) -> Result<T, Late> {
        let mut work = pin!(work);
        loop {
            let quiet = pulse.last() + idle;
            let until = deadline.map_or(quiet, |deadline| deadline.min(quiet));
            if let Some(output) = timer::limited(&self.clock, until, &mut work).await {
                return Ok(output);
            }
            let now = self.clock.boot();
            if deadline.is_some_and(|deadline| now >= deadline) {
                return Err(Late::Total);
            }
            if now >= pulse.last() + idle {
                return Err(Late::Idle);
            }
        }
    }
}

/// Which limit of time was reached.
enum Late {
    Idle,
    Total,
}

impl Late {
    fn failure(&self, origin: &Origin, limits: &Limits) -> Failure {
        match self {
            Self::Idle => {
                let text = format!("no byte from {origin} for {} s", limits.idle.as_secs());
                failure(FailureKind::Idle, text)
            }
            Self::Total => {
                let text = format!("not done within the limit of {} s", limits.total.as_secs());
                failure(FailureKind::TotalTime, text)
            }
        }
    }
}

/// When something moved last: a large upload is not idle while it goes on.
#[derive(Clone)]
struct Pulse {
    clock: Clock,
    last: Arc<Mutex<Boot>>,
}

impl Pulse {
    fn new(clock: &Clock) -> Self {
        Self { last: Arc::new(Mutex::new(clock.boot())), clock: clock.clone() }
    }

    fn beat(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = self.clock.boot();
    }

    fn last(&self) -> Boot {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request body for the library. One that has changed since it was prepared is an error, never another body.
fn streamed(body: &RequestBody, pulse: &Pulse) -> Result<Option<reqwest::Body>, Failure> {
    let unreadable =
        |what: &str, error: &io::Error| failure(FailureKind::RequestBody, format!("{what} cannot be read: {error}"));
    Ok(match body {
        RequestBody::Empty => None,
        RequestBody::Unread(_) => {
            return Err(failure(FailureKind::RequestBody, "the files of the body were not read".to_owned()));
        }
        RequestBody::Bytes(bytes) if bytes.len() <= CHUNK => Some(bytes.clone().into()),
        RequestBody::Bytes(bytes) => {
            let (bytes, size) = (bytes.clone(), body.size());
            let chunks = chunked(size, pulse.clone(), move |offset, mut buffer| {
                let from = usize::try_from(offset).unwrap_or(usize::MAX);
                buffer.write(bytes.get(from..).unwrap_or_default())
            });
            Some(reqwest::Body::wrap_stream(chunks))
        }
        RequestBody::Spooled(body) => {
            let body = body.clone();
            let chunks = chunked(body.len(), pulse.clone(), move |offset, buffer| body.read_at(offset, buffer));
            Some(reqwest::Body::wrap_stream(chunks))
        }
        RequestBody::File { path, size, .. } => {
            let name = format!("`{}`", path.display());
            if !is_unchanged(body) {
                return Err(failure(
                    FailureKind::RequestBody,
                    format!("{name} has changed since the request was prepared"),
                ));
            }
            let mut file = std::fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
            let chunks = chunked(*size, pulse.clone(), move |offset, buffer| {
                file.seek(SeekFrom::Start(offset))?;
                file.read(buffer)
            });
            Some(reqwest::Body::wrap_stream(chunks))
        }
    })
}

/// Whether a body would be sent byte for byte as before.
pub(super) fn is_unchanged(body: &RequestBody) -> bool {
    let RequestBody::File { path, size, modified } = body else { return true };
    std::fs::metadata(path).is_ok_and(|now| now.len() == *size && now.modified().ok() == *modified)
}

fn chunked(
    size: u64,
    pulse: Pulse,
    read: impl FnMut(u64, &mut [u8]) -> io::Result<usize> + Send + 'static,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((0_u64, read, pulse), move |(offset, mut read, pulse)| async move {
        let left = usize::try_from(size.saturating_sub(offset)).unwrap_or(usize::MAX).min(CHUNK);
        if left == 0 {
            return Ok(None);
        }
        let mut buffer = vec![0; left];
        let count = read(offset, &mut buffer)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer.truncate(count);
        pulse.beat();
        Ok(Some((Bytes::from(buffer), (offset + count as u64, read, pulse))))
    })
}

fn fill_timings(timings: &mut Timings, notes: Notes, sent: Boot, headed: Boot) {
    let Some(connecting) = notes.connecting else {
        timings.reused = true;
        timings.wait = Some(headed.since(sent));
        return;
    };
    let resolved = notes.resolved;
    let connected = notes.connected.unwrap_or(headed);
    let socket = notes.encrypting.unwrap_or(connected);
    timings.dns = resolved.map(|resolved| resolved.since(connecting));
    timings.connect = Some(socket.since(resolved.unwrap_or(connecting)));
    timings.tls = notes.encrypting.map(|encrypting| connected.since(encrypting));
    timings.wait = Some(headed.since(connected));
}
