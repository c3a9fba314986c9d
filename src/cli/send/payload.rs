//! The body of the answer on its way to standard output, while it arrives.
//!
//! A thread of its own writes it, so that a reader that does not read holds up neither the call nor a signal. It starts
//! with the head of the answer that counts: no 401, which may be healed, and no redirect that is followed; one of those
//! that turns out to be the last word is written when the call is over.

use std::{
    io::{self, Write as _},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    time::Duration,
};

use http::StatusCode;
use tokio::task::{self, JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    body::{Body, Completion},
    cli::printer,
    domain::{flow::FlowStep, redact::Redactor},
    engine::Observer,
};

/// Bytes written at once.
const CHUNK: usize = 64 << 10;
/// How long bytes that came may stay unwritten: not all of them are told.
const LATEST: Duration = Duration::from_millis(50);

/// See the module.
pub(super) struct Stream {
    line: Line,
    printed: JoinHandle<io::Result<()>>,
}

/// The line to the thread that writes.
#[derive(Clone)]
struct Line(Arc<Mutex<State>>);

struct State {
    tell: Option<Sender<Word>>,
    begun: bool,
}

enum Word {
    /// The body that counts.
    Begin(Body),
    /// More of it came.
    More,
}

impl Stream {
    /// Waits for the head that counts. When nobody reads any more, the call is cancelled.
    pub(super) fn new(cancel: CancellationToken, masks: Redactor) -> Self {
        let (tell, told) = mpsc::channel();
        let printed = task::spawn_blocking(move || {
            let outcome = poured(&told, &masks);
            if outcome.is_err() {
                cancel.cancel();
            }
            outcome
        });
        Self { line: Line(Arc::new(Mutex::new(State { tell: Some(tell), begun: false }))), printed }
    }

    /// An observer that looks for the head that counts.
    pub(super) fn watch(&self, follow: bool) -> Observer {
        let line = self.line.clone();
        Arc::new(move |event| match event.step {
            FlowStep::HeadReceived { answer, .. } if counts(answer.status, follow) => line.begin(answer.body.clone()),
            FlowStep::BodyProgress { .. } => line.say(Word::More),
            _ => {}
        })
    }

    /// The call is over, and this was its last answer: the writing ends with it.
    pub(super) fn ended(self, last: Option<Body>) -> JoinHandle<io::Result<()>> {
        if let Some(body) = last {
            self.line.begin(body);
        }
        self.line.state().tell = None;
        self.printed
    }
}

/// Whether an answer with this status is certainly the last one.
fn counts(status: StatusCode, follow: bool) -> bool {
    status != StatusCode::UNAUTHORIZED && !(follow && status.is_redirection())
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, body: Body) {
        let first = !std::mem::replace(&mut self.state().begun, true);
        if first {
            self.say(Word::Begin(body));
        }
    }

    fn say(&self, word: Word) {
        if let Some(tell) = &self.state().tell {
            // The thread may have ended: then nobody reads.
            let _ = tell.send(word);
        }
    }
}

/// Writes the body that counts until it ends.
fn poured(told: &Receiver<Word>, masks: &Redactor) -> io::Result<()> {
    let body = loop {
        match told.recv() {
            Ok(Word::Begin(body)) => break body,
            Ok(Word::More) => {}
            Err(_) => return Ok(()),
        }
    };
    let (mut out, mut offset) = (printer::output(masks), 0);
    loop {
        // Looked at before the bytes: what came in between is found in the next round.
        let ended = body.completion() != Completion::Arriving;
        let bytes = body.bytes(offset, CHUNK)?;
        out.write_all(&bytes)?;
        offset += bytes.len() as u64;
        if bytes.is_empty() {
            out.flush()?;
            if ended {
                return Ok(());
            }
            // Whether a word came or not: the body is looked at again. Once the call is over this does not wait.
            let _ = told.recv_timeout(LATEST);
        }
    }
}
