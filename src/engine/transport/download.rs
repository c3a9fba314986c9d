//! The body of an answer on its way into a [`crate::body::Body`]: decoded where it is encoded, under every limit.
//!
//! What cannot be decoded is never lost: as long as nothing came of it, the bytes are kept as they came.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::header;
use tokio::{io::AsyncReadExt as _, task};
use tokio_util::io::StreamReader;

use super::{Late, Pulse, Transport};
use crate::{
    body::{
        BodyWriter,
        encoding::{self, Bomb, Coding, Encoding},
    },
    domain::{
        clock::Boot,
        exchange::{Failure, FailureKind},
        flow::FlowStep,
        origin::Origin,
        profile::Limits,
    },
    engine::error::{failure, of_library},
};

/// Bytes of a body between two tellings of progress.
const PROGRESS: u64 = 256 << 10;
/// Decoded bytes that are taken at once.
const PIECE: usize = 64 << 10;
/// Decoded bytes after which the thread is given to others: a small answer may take long to decode.
const TURN: u64 = 1 << 20;
/// Bytes that are kept as they came until something was decoded.
const HEAD: u64 = 1 << 20;

/// What a download works with.
pub(super) struct Download<'a> {
    pub(super) transport: &'a Transport,
    pub(super) limits: &'a Limits,
    pub(super) origin: &'a Origin,
    /// None for a stream of events.
    pub(super) deadline: Option<Boot>,
    /// Bytes announced.
    pub(super) expected: Option<u64>,
    pub(super) tell: &'a (dyn Fn(FlowStep) + Sync),
}

/// How much came, and what was told of it.
#[derive(Default)]
struct Progress {
    kept: u64,
    told: Option<u64>,
}

/// What decoding came to.
enum Decoded {
    /// It is what it said it is.
    Whole,
    /// It is not, from its first byte on: here it is as it came, as far as it was read.
    Not(Vec<Bytes>, io::Error),
}

/// Whether an answer is a stream of events, which may last.
pub(super) fn is_event_stream(response: &reqwest::Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

impl Download<'_> {
    /// Reads the body to its end.
    pub(super) async fn run(
        &self,
        mut response: reqwest::Response,
        mut writer: BodyWriter,
        encoding: &Encoding,
    ) -> Result<(), Failure> {
        let read = match encoding {
            Encoding::Coded(codings) => Box::pin(self.coded(&mut response, &mut writer, codings)).await,
            Encoding::Identity | Encoding::Unknown(_) => {
                self.plain(&mut response, &mut writer, &mut Progress::default()).await
            }
        };
        match &read {
            Ok(()) => writer.complete(),
            Err(failed) => writer.incomplete(failed.text.clone()),
        }
        read
    }

    /// Keeps what comes as it comes.
    async fn plain(
        &self,
        response: &mut reqwest::Response,
        writer: &mut BodyWriter,
        progress: &mut Progress,
    ) -> Result<(), Failure> {
        let pulse = Pulse::new(&self.transport.clock);
        while let Some(chunk) = self.chunk(response, &pulse, progress.kept).await? {
            self.keep(&chunk, writer, progress, progress.kept + chunk.len() as u64)?;
        }
        Ok(())
    }

    /// The next chunk of the wire.
    async fn chunk(
        &self,
        response: &mut reqwest::Response,
        pulse: &Pulse,
        received: u64,
    ) -> Result<Option<Bytes>, Failure> {
        pulse.beat();
        match self.transport.within(response.chunk(), pulse, self.deadline, self.limits.idle).await {
            Ok(Ok(chunk)) => Ok(chunk),
            Ok(Err(error)) => Err(self.ended(&error, received)),
            Err(late) => Err(self.late(&late)),
        }
    }

    /// Keeps what is sent compressed as what it is.
    async fn coded(
        &self,
        response: &mut reqwest::Response,
        writer: &mut BodyWriter,
        codings: &[Coding],
    ) -> Result<(), Failure> {
        let pulse = Pulse::new(&self.transport.clock);
        let mut progress = Progress::default();
        // Where a body could have been there is none, as in the answer to a HEAD: that is not a broken one.
        let Some(first) = self.chunk(response, &pulse, 0).await? else { return Ok(()) };
        let came = writer.count_wire();
        let decoded = self.decode(first, response, writer, codings, &came, &pulse, &mut progress).await?;
        let name = Encoding::Coded(codings.to_vec());
        let Decoded::Not(head, error) = decoded else {
            // What stands behind the end of an encoding is nothing, but its own end is to come.
            while let Some(chunk) = self.chunk(response, &pulse, came.load(Ordering::Relaxed)).await? {
                if came.fetch_add(chunk.len() as u64, Ordering::Relaxed) > self.limits.max_body {
                    return Err(too_large(self.limits));
                }
            }
            return Ok(());
        };
        writer.as_it_came();
        for chunk in head {
            self.keep(&chunk, writer, &mut progress, 0)?;
        }
        self.plain(response, writer, &mut progress).await?;
        let text = format!("the body is not `{name}` as its `Content-Encoding` says ({error}); it is kept as it came");
        Err(failure(FailureKind::Undecodable, text))
    }

    #[expect(clippy::too_many_arguments, reason = "one body, in all its aspects")]
    async fn decode(
        &self,
        first: Bytes,
        response: &mut reqwest::Response,
        writer: &mut BodyWriter,
        codings: &[Coding],
        came: &Arc<AtomicU64>,
        pulse: &Pulse,
        progress: &mut Progress,
    ) -> Result<Decoded, Failure> {
        let head = Arc::new(Mutex::new(Some(Vec::new())));
        let wire = StreamReader::new(Box::pin(wire(first, response, came.clone(), pulse.clone(), head.clone())));
        let opened = encoding::decoded(wire, codings, came.clone(), self.limits.max_expansion);
        let mut piece = vec![0; PIECE];
        let mut turn = 0;
        let read = self.transport.within(opened, pulse, self.deadline, self.limits.idle).await;
        let mut reader = match read {
            Ok(Ok(reader)) => reader,
            Ok(Err(error)) => return Err(self.broken(&error, codings, came, progress)),
            Err(late) => return Err(self.late(&late)),
        };
        loop {
            let read = reader.read(&mut piece);
            let error = match self.transport.within(read, pulse, self.deadline, self.limits.idle).await {
                Ok(Ok(0)) => return Ok(Decoded::Whole),
                Ok(Ok(count)) => {
                    *head.lock().unwrap_or_else(PoisonError::into_inner) = None;
                    let decoded = Bytes::copy_from_slice(piece.get(..count).unwrap_or_default());
                    self.keep(&decoded, writer, progress, came.load(Ordering::Relaxed))?;
                    turn += count as u64;
                    if turn >= TURN {
                        turn = 0;
                        task::yield_now().await;
                    }
                    continue;
                }
                Ok(Err(error)) => error,
                Err(late) => return Err(self.late(&late)),
            };
            let of_coding = inner::<Bomb>(&error).is_none() && inner::<reqwest::Error>(&error).is_none();
            return match head.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(head) if of_coding => Ok(Decoded::Not(head, error)),
                Some(_) | None => Err(self.broken(&error, codings, came, progress)),
            };
        }
    }

    /// Keeps bytes, as far as the limit of size allows, and tells of them.
    fn keep(
        &self,
        bytes: &Bytes,
        writer: &mut BodyWriter,
        progress: &mut Progress,
        received: u64,
    ) -> Result<(), Failure> {
        let room = self.limits.max_body.saturating_sub(progress.kept);
        let fits = bytes.slice(..bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX)));
        writer.push(&fits).map_err(|error| {
            let text = format!("{error}; {} bytes were kept", progress.kept);
            failure(FailureKind::NoRoom, text)
        })?;
        if fits.len() < bytes.len() {
            return Err(too_large(self.limits));
        }
        progress.kept += bytes.len() as u64;
        if progress.told.is_none_or(|told| progress.kept - told >= PROGRESS) {
            progress.told = Some(progress.kept);
            (self.tell)(FlowStep::BodyProgress { received, expected: self.expected });
        }
        Ok(())
    }

    fn late(&self, late: &Late) -> Failure {
        late.failure(self.origin, self.limits)
    }

    /// The connection ended before the body did.
    fn ended(&self, error: &reqwest::Error, received: u64) -> Failure {
        let cause = of_library(error, self.origin);
        let of = self.expected.map(|expected| format!(" of {expected}")).unwrap_or_default();
        failure(FailureKind::Incomplete, format!("the body ended after {received}{of} bytes: {}", cause.text))
    }

    /// Decoding went no further, and something was kept.
    fn broken(&self, error: &io::Error, codings: &[Coding], came: &AtomicU64, progress: &Progress) -> Failure {
        let came = came.load(Ordering::Relaxed);
        if let Some(ended) = inner::<reqwest::Error>(error) {
            return self.ended(ended, came);
        }
        if let Some(bomb) = inner::<Bomb>(error) {
            let text = format!("the body was not read on: {bomb}");
            let hint = Some("raise `max-expansion` if that is meant".to_owned());
            return Failure { hint, ..failure(FailureKind::TooLarge, text) };
        }
        let (name, kept) = (Encoding::Coded(codings.to_vec()), progress.kept);
        let text = match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                format!("the body ended in the middle of its `{name}`, after {came} bytes, which are {kept} decoded")
            }
            _ => format!("the body is no whole `{name}`: after {came} bytes, which are {kept} decoded: {error}"),
        };
        failure(FailureKind::Undecodable, text)
    }
}

/// What an error of reading carries.
fn inner<E: std::error::Error + 'static>(error: &io::Error) -> Option<&E> {
    error.get_ref()?.downcast_ref()
}

fn too_large(limits: &Limits) -> Failure {
    let text = format!("the body is larger than the limit of {} bytes; the rest was not read", limits.max_body);
    failure(FailureKind::TooLarge, text)
}

/// The chunks of the wire, counted; the first of them are put aside too, as long as there is a place for that.
fn wire(
    first: Bytes,
    response: &mut reqwest::Response,
    came: Arc<AtomicU64>,
    pulse: Pulse,
    head: Arc<Mutex<Option<Vec<Bytes>>>>,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let rest = stream::try_unfold(response, |response| async move {
        let chunk = response.chunk().await.map_err(io::Error::other)?;
        Ok(chunk.map(|chunk| (chunk, response)))
    });
    stream::once(async { Ok(first) }).chain(rest).inspect(move |chunk| {
        let Ok(chunk) = chunk else { return };
        pulse.beat();
        let before = came.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        let mut head = head.lock().unwrap_or_else(PoisonError::into_inner);
        if before > HEAD {
            *head = None;
        }
        if let Some(head) = head.as_mut() {
            head.push(chunk.clone());
        }
    })
}
