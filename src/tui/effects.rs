//! Carries out what the state orders: calls and renewals as tasks, searching through bodies on threads of their own.
//!
//! Owns every task and thread it starts, each with a token that cancels it and a message that ends it. Refuses to know
//! what they mean. The loop calls it.

use std::{collections::HashMap, io, path::PathBuf, sync::Arc, thread, time::Duration};

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Ending, Play, ProfileFile, browser,
    clipboard::{self, Clipboard, Piece},
    event_loop::Pause,
    filing::Filing,
    filter_process, formatting, importing, keeping,
    questions::Questions,
    record::Record,
    remembering,
    rotations::Rotations,
    saving, terminal,
};
use crate::{
    app::{
        composer,
        effect::{Effect, Order, Subject, TokenWish},
        message::Message,
        notice::sentences,
        resting::Found,
    },
    body::{Body, Completion},
    config::own_themes::OwnThemes,
    document::{Document, Indexer, Pattern, Reading, Searcher, Step},
    domain::{
        clock::Clock,
        credential::Credential,
        exchange::{Exchange, ExchangeId},
        profile_form::FormFault,
        record::{Record as Kept, Retention},
        redact::Redactor,
        request::Prepared,
    },
    engine::{Call, Engine, Observer, timer},
    secrets::{self, Hidden, keeper::Keeper},
    store::{Store, history::Writer, ledger::LedgerWriter},
};

/// Bytes looked at between two messages: some milliseconds.
const PIECE: usize = 4 << 20;
/// How long work that was cancelled may take to end.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a frame that tells progress stands.
const FRAME: Duration = Duration::from_millis(16);

/// An observer that logs what it is told and sends it on.
pub(super) fn observer(messages: UnboundedSender<Message>, record: Record) -> Observer {
    Arc::new(move |event| {
        record.flow(&event);
        let _ = messages.send(Message::Flowed(event));
    })
}

/// See the module.
pub(super) struct Effects {
    engine: Engine,
    clock: Clock,
    play: Play,
    messages: UnboundedSender<Message>,
    clipboard: Clipboard,
    record: Record,
    questions: Questions,
    own_themes: OwnThemes,
    /// The config file, as far as there is one.
    profile_file: Option<Arc<dyn ProfileFile>>,
    filing: Filing,
    /// Where snapshots are kept once it is open, and the secrets that are not.
    store: Option<(Store, Redactor)>,
    /// Where calls are kept once they are over, and the secrets that are not.
    history: Option<(Writer, Retention, Redactor)>,
    /// The folder of the history that is shown.
    past: Option<PathBuf>,
    /// Where tokens are kept without their text.
    ledger: Option<LedgerWriter>,
    calls: HashMap<ExchangeId, (CancellationToken, Prepared)>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Of the thread that learns the lines of a body, and of the one that searches: the last one started.
    index: CancellationToken,
    search: CancellationToken,
    /// Of the one that follows a path.
    locate: CancellationToken,
    /// Of the process that filters, and the program that it is.
    filter: CancellationToken,
    program: Option<PathBuf>,
    /// Of the token call that is tried, alone or before a secret is exchanged: the last one.
    trial: CancellationToken,
    /// Stops reading the file or pipe that is looked at.
    stop_reading: Option<Box<dyn FnOnce() + Send>>,
}

impl Effects {
    pub(super) fn new(
        engine: Engine,
        clock: Clock,
        play: Play,
        messages: UnboundedSender<Message>,
        record: Record,
    ) -> Self {
        Self {
            engine,
            clock,
            play,
            clipboard: Clipboard::new(messages.clone()),
            messages,
            record,
            questions: Questions::default(),
            own_themes: OwnThemes::default(),
            profile_file: None,
            filing: Filing::default(),
            store: None,
            history: None,
            ledger: None,
            past: None,
            calls: HashMap::new(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            index: CancellationToken::new(),
            search: CancellationToken::new(),
            locate: CancellationToken::new(),
            filter: CancellationToken::new(),
            program: None,
            trial: CancellationToken::new(),
            stop_reading: None,
        }
    }

    /// The same, with this way to stop reading what is looked at.
    pub(super) fn reading(self, stop: Box<dyn FnOnce() + Send>) -> Self {
        Self { stop_reading: Some(stop), ..self }
    }

    /// The same, with these themes to read.
    pub(super) fn with_themes(self, own_themes: OwnThemes) -> Self {
        Self { own_themes, ..self }
    }

    /// The same, with these questions to answer.
    pub(super) fn with_questions(self, questions: Questions) -> Self {
        Self { questions, ..self }
    }

    /// The same, with this config file to change.
    pub(super) fn with_profile_file(self, profile_file: Option<Arc<dyn ProfileFile>>) -> Self {
        Self { profile_file, ..self }
    }

    /// The same, with these files to write.
    pub(super) fn with_filing(self, filing: Filing) -> Self {
        Self { filing, ..self }
    }

    /// The same, with the program that a filter runs in.
    pub(super) fn with_program(self, program: Option<PathBuf>) -> Self {
        Self { program, ..self }
    }

    /// The same, with the history of that folder to show.
    pub(super) fn with_past(self, past: Option<PathBuf>) -> Self {
        Self { past, ..self }
    }

    /// No program that is started is handed these variables.
    pub(super) fn without_variables(mut self, hidden: Hidden) -> Self {
        self.clipboard.hidden = hidden;
        self
    }

    /// Snapshots are kept there from now on, the secrets of `masks` not among them.
    pub(super) fn keep_in(&mut self, store: Store, masks: Redactor) {
        self.store = Some((store, masks));
    }

    /// Calls are kept there from now on, the secrets of `masks` not among them.
    pub(super) fn remember_in(&mut self, history: Writer, retention: Retention, masks: Redactor) {
        self.history = Some((history, retention, masks));
    }

    /// Tokens are kept there, without their text, from now on.
    pub(super) fn account_in(&mut self, ledger: LedgerWriter) {
        self.ledger = Some(ledger);
    }

    pub(super) fn record(&self) -> &Record {
        &self.record
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Begins to carry it out; gives why the loop is to pause, if it is.
    ///
    /// Fails when the system gives no thread.
    pub(super) fn carry_out(&mut self, effect: Effect) -> io::Result<Option<Pause>> {
        match effect {
            Effect::Send(order) => self.send(*order),
            Effect::Cancel(id) => {
                if let Some((call, _)) = self.calls.get(&id) {
                    call.cancel();
                }
            }
            Effect::Renew(profile, credential) => {
                let (engine, stop) = (self.engine.clone(), self.stop.clone());
                let renewed = async move { engine.renew_for(&profile, &credential).await };
                self.spawn(async move { stop.run_until_cancelled(renewed).await.map(Message::Renewed) });
            }
            Effect::LookAtSecrets(profile) => {
                let messages = self.messages.clone();
                let look = move || {
                    let found = profile.credentials.iter().map(|known| (known.name.clone(), found(known))).collect();
                    let _ = messages.send(Message::SecretsRest(profile.name.clone(), found));
                };
                thread::Builder::new().name("secrets".to_owned()).spawn(look)?;
            }
            Effect::Token { profile, credential, serial, wish } => {
                let access = self.engine.access_at_hand(&profile, &credential).ok().flatten();
                let token = access.as_ref().and_then(|access| self.engine.tokens().kept(access, serial));
                match (access, token.map(|token| token.secret.clone()), wish) {
                    (_, Some(secret), TokenWish::Copy) => {
                        self.clipboard.copy(Piece::of(format!("{serial}, which is a secret"), &secret))?;
                    }
                    (Some(access), Some(_), TokenWish::Drop) => {
                        self.engine.tokens().drop_token(&access);
                        self.tell(Message::TokenDropped(serial));
                    }
                    (_, secret, _) => self.tell(Message::TokenGiven(serial, secret)),
                }
            }
            Effect::Play(fault) => self.tell(Message::Misbehaved((self.play)(fault))),
            Effect::Index(document) => self.index(&document)?,
            Effect::StopReading => {
                if let Some(stop) = self.stop_reading.take() {
                    stop();
                }
            }
            Effect::Search { search, document, pattern } => self.search(search, &document, pattern)?,
            Effect::Filter { number, document, code } => self.filter(number, document, code),
            Effect::Read(reading) => self.read(reading)?,
            Effect::StopFilter => self.filter.cancel(),
            Effect::Locate { document, path } => self.locate(document, path)?,
            Effect::Check(text) => {
                let messages = self.messages.clone();
                let check = move || {
                    let fault = composer::fault(&text.whole());
                    let _ = messages.send(Message::Checked(text, fault));
                };
                thread::Builder::new().name("check".to_owned()).spawn(check)?;
            }
            Effect::Format { words, text } => {
                let (hidden, clock) = (self.clipboard.hidden.clone(), self.clock.clone());
                self.spawn(async move {
                    let outcome = formatting::formatted(&words, &text, &hidden, &clock).await;
                    Some(Message::Formatted(text, outcome))
                });
            }
            Effect::Copy { what, text } => self.clipboard.copy(Piece { what, text })?,
            Effect::CopyByTerminal { what, text } => {
                self.tell(Message::Copied(clipboard::by_terminal(&what, &text)));
            }
            Effect::Save(saving) => {
                let messages = self.messages.clone();
                let save = move || {
                    let _ = messages.send(Message::Saved(saving::saved(saving)));
                };
                thread::Builder::new().name("save".to_owned()).spawn(save)?;
            }
            Effect::Browse(url) => browser::opened(&url, &self.clipboard.hidden, self.messages.clone())?,
            Effect::Mouse(on) => terminal::mouse(on)?,
            // The loop draws, so it has the look.
            Effect::Theme(_) => {}
            Effect::Keep(snapshot) => {
                if let Some((store, masks)) = &self.store {
                    let masks = masks.clone();
                    store.keep(move || keeping::written(*snapshot, &masks));
                }
            }
            Effect::KeepLedger(entries) => {
                if let Some(ledger) = &self.ledger {
                    ledger.keep(entries);
                }
            }
            Effect::ReadClipboard => importing::clipboard(self.clipboard.hidden.clone(), self.messages.clone())?,
            Effect::ReadRequests(path) => importing::file(path, self.messages.clone())?,
            Effect::ReadLog => {
                let (log, messages) = (self.record.log().clone(), self.messages.clone());
                let read = move || {
                    let _ = messages.send(Message::LogRead(log.tail().map_err(|error| error.to_string())));
                };
                thread::Builder::new().name("log".to_owned()).spawn(read)?;
            }
            Effect::History(wish) => remembering::ordered(self.past.clone(), wish, self.messages.clone())?,
            Effect::WriteFile(change) => self.filing.write(change, self.messages.clone())?,
            Effect::ReadOutside(wants, agreed) => self.filing.read(wants, agreed, self.messages.clone())?,
            Effect::Assemble(order, folder) => self.filing.assemble(order, folder, self.messages.clone())?,
            Effect::Answer(id, secret) => self.questions.answer(id, secret),
            Effect::Outside(errand) => return Ok(Some(Pause::Outside(errand))),
            Effect::ReadTheme(name) => {
                let (themes, messages) = (self.own_themes.clone(), self.messages.clone());
                let read = move || {
                    let found = themes.find(&name).map_err(|why| why.to_string());
                    // A built-in theme is no file, and is not asked for here.
                    if let Some(outcome) = found.map(|theme| theme.map(Box::new)).transpose() {
                        let _ = messages.send(Message::ThemeRead(name, outcome));
                    }
                };
                thread::Builder::new().name("theme".to_owned()).spawn(read)?;
            }
            Effect::ChangeProfiles(change) => {
                let (file, messages) = (self.profile_file.clone(), self.messages.clone());
                let work = move || {
                    let end = file.ok_or_else(no_file).and_then(|file| file.change(&change));
                    let _ = messages.send(Message::ProfilesChanged(change, end));
                };
                thread::Builder::new().name("config".to_owned()).spawn(work)?;
            }
            Effect::Try(number, subject) => self.try_out(number, subject),
            Effect::StopTrial => self.trial.cancel(),
            Effect::Rotate { number, profile, credential, order } => {
                self.trial.cancel();
                self.trial = self.stop.child_token();
                let (engine, clock, messages) = (self.engine.clone(), self.clock.clone(), self.messages.clone());
                let rotations = Rotations { engine, clock, messages, number, profile, credential };
                let stop = self.trial.clone();
                self.spawn(async move { Some(rotations.done(order, stop).await) });
            }
            Effect::Learn { profiles, outdated } => {
                for profile in outdated {
                    self.engine.outdate(&profile);
                }
                self.engine.learn(&profiles);
            }
            Effect::Suspend => return Ok(Some(Pause::Suspended)),
            Effect::Quit => return Ok(Some(Pause::Ended(Ending::Quit))),
        }
        Ok(None)
    }

    /// A call is over.
    pub(super) fn settled(&mut self, exchange: &Exchange) {
        let Some((_, request)) = self.calls.remove(&exchange.id) else { return };
        if let Some((history, retention, masks)) = &self.history {
            let (exchange, masks, most) = (exchange.clone(), masks.clone(), retention.body);
            history.add(move || Kept::of(&exchange, Some(&request), &masks, most));
        }
    }

    /// Cancels everything, and waits a moment for what has something to tidy up.
    pub(super) async fn stop(&self) {
        self.stop.cancel();
        self.index.cancel();
        self.search.cancel();
        self.locate.cancel();
        self.filter.cancel();
        self.tasks.close();
        // What takes longer is dropped with the runtime.
        timer::limited(&self.clock, self.clock.boot() + PATIENCE, self.tasks.wait()).await;
    }

    /// Tries a token call, in the place of one that is tried now.
    fn try_out(&mut self, number: u64, subject: Subject) {
        self.trial.cancel();
        self.trial = self.stop.child_token();
        let (engine, file, stop) = (self.engine.clone(), self.profile_file.clone(), self.trial.clone());
        let tried = async move {
            let (profile, credential) = match subject {
                Subject::Profile(profile, credential) => (profile, credential),
                Subject::Entry(entry) => {
                    let read = move || file.ok_or_else(no_file).and_then(|file| file.tried(&entry));
                    let read = tokio::task::spawn_blocking(read).await;
                    read.unwrap_or_else(|error| Err(FormFault::whole(error.to_string())))?
                }
            };
            engine.learn(std::slice::from_ref(&profile));
            let access = engine.access_afresh(&profile, &credential).await.map_err(|refusal| {
                FormFault::whole(sentences(&format!("nothing was sent: {refusal}"), Some(&refusal.hint())))
            })?;
            Ok(Box::new(engine.trial(&access).await))
        };
        self.spawn(async move {
            let end = stop.run_until_cancelled(tried).await?;
            Some(Message::Tried(number, end))
        });
    }

    fn send(&mut self, order: Order) {
        let Order { id, prepared, profile, credential, policy, .. } = order;
        let cancel = self.stop.child_token();
        self.calls.insert(id, (cancel.clone(), prepared.clone()));
        let (engine, call) = (self.engine.clone(), Call { prepared, profile, credential, policy });
        self.spawn(async move { Some(Message::Settled(Box::new(engine.execute(id, call, cancel).await))) });
    }

    /// Runs a task whose end is a message, unless it is the end of everything.
    fn spawn(&self, work: impl Future<Output = Option<Message>> + Send + 'static) {
        let messages = self.messages.clone();
        self.tasks.spawn(async move {
            if let Some(message) = work.await {
                let _ = messages.send(message);
            }
        });
    }

    /// Learns the lines of a body, as it grows. An index that is large is told less often: each time it is copied.
    fn index(&mut self, document: &Document) -> io::Result<()> {
        let mut indexer = Indexer::new(document);
        let (body, messages) = (document.body().clone(), self.messages.clone());
        let mut due = PIECE as u64;
        let piece = move || {
            let step = indexer.step(PIECE);
            let end = indexer.end();
            if step == Step::More && end < due {
                return true;
            }
            due = end + (PIECE as u64).max(end / 8);
            let heard = messages.send(Message::Indexed(body.clone(), indexer.index())).is_ok();
            if heard && step == Step::CaughtUp {
                await_more(&body, end);
            }
            heard && step != Step::Done
        };
        self.index = on_a_thread("index", &self.index, piece)?;
        Ok(())
    }

    /// Tells of each growth of the file or pipe that is looked at, until its end.
    pub(super) fn follow(&self, body: Body) -> io::Result<()> {
        let messages = self.messages.clone();
        let mut seen = 0;
        let piece = move || {
            await_more(&body, seen);
            // Asked before the length: a body that has ended does not grow any more.
            let ended = body.completion() != Completion::Arriving;
            let news = ended || body.len() > seen;
            seen = body.len();
            (!news || messages.send(Message::Grown).is_ok()) && !ended
        };
        thread::Builder::new().name("follow".to_owned()).spawn(on_and_on(self.stop.clone(), piece)).map(drop)
    }

    /// Looks through a body, as it grows. Many hits are told less often: each time they are copied.
    fn search(&mut self, search: u64, document: &Document, pattern: Pattern) -> io::Result<()> {
        let mut searcher = Searcher::new(document, pattern);
        let (body, messages) = (document.body().clone(), self.messages.clone());
        let (mut hits, mut told) = (Vec::new(), 0);
        let piece = move || {
            let step = searcher.step(PIECE, &mut hits);
            let done = step == Step::Done;
            if done || hits.len() > told && (step == Step::CaughtUp || hits.len() > told + told / 8) {
                told = hits.len();
                if messages.send(Message::Found { search, hits: hits.clone(), done }).is_err() {
                    return false;
                }
            }
            if step == Step::CaughtUp {
                await_more(&body, body.len());
            }
            !done
        };
        self.search = on_a_thread("search", &self.search, piece)?;
        Ok(())
    }

    /// Filters in a process of its own, which is killed when nobody waits for it any more.
    fn filter(&mut self, number: u64, document: Document, code: String) {
        self.filter.cancel();
        self.filter = self.stop.child_token();
        let (program, cancel) = (self.program.clone(), self.filter.clone());
        let filtered = filter_process::filtered(program, document, code);
        self.spawn(async move {
            let end = cancel.run_until_cancelled_owned(filtered).await?;
            Some(Message::Filtered(number, end.map(Body::of)))
        });
    }

    /// Reads a body on a thread of its own; whoever does not look at it any more takes nothing from it.
    fn read(&self, reading: Reading) -> io::Result<()> {
        let (messages, folder) = (self.messages.clone(), self.filing.cache.clone());
        let work = move || {
            let read = Box::new(reading.read(folder.as_deref()));
            let _ = messages.send(Message::Read(reading.sent().clone(), read));
        };
        thread::Builder::new().name("read".to_owned()).spawn(work).map(drop)
    }

    fn locate(&mut self, document: Document, path: String) -> io::Result<()> {
        self.locate.cancel();
        self.locate = CancellationToken::new();
        let (cancel, messages) = (self.locate.clone(), self.messages.clone());
        let work = move || {
            let end = document.locate(&path, &|| !cancel.is_cancelled());
            if !cancel.is_cancelled() {
                let _ = messages.send(Message::Located(document.body().clone(), end));
            }
        };
        thread::Builder::new().name("locate".to_owned()).spawn(work).map(drop)
    }

    fn tell(&self, message: Message) {
        let _ = self.messages.send(message);
    }
}

/// How a secret rests; the keyring may take its time.
fn found(credential: &Credential) -> Found {
    let secrets::Rest { mode, state, .. } = secrets::rest(&credential.secret);
    let written = Keeper::of(&credential.secret).and_then(|keeper| keeper.written());
    Found { mode, written, flaw: state.err().map(|flaw| flaw.why) }
}

fn no_file() -> FormFault {
    FormFault::whole("this machine names no home folder: name the config file by `--config` at the start")
}

/// Does work piece by piece on a thread of its own, as long as there is more and nobody cancels it by the token that is
/// given back. It takes the place of what is `running`.
fn on_a_thread(
    name: &str,
    running: &CancellationToken,
    piece: impl FnMut() -> bool + Send + 'static,
) -> io::Result<CancellationToken> {
    running.cancel();
    let cancel = CancellationToken::new();
    thread::Builder::new().name(name.to_owned()).spawn(on_and_on(cancel.clone(), piece))?;
    Ok(cancel)
}

fn on_and_on(cancel: CancellationToken, mut piece: impl FnMut() -> bool) -> impl FnOnce() {
    move || while !cancel.is_cancelled() && piece() {}
}

/// Waits until a body has more than so many bytes, and then until they are many, or have stood for a frame: what is told
/// of each of a thousand chunks is told too often.
fn await_more(body: &Body, beyond: u64) {
    if body.grown(beyond, PATIENCE) && beyond > 0 {
        body.grown(beyond + PIECE as u64, FRAME);
    }
}

#[cfg(test)]
mod tests;
