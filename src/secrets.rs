//! Where a secret comes from: it is read when a token first needs it, once, and kept in memory for the run.
//!
//! Owns the reading of environment, files, commands, answers and the system's keyring, what was read, and the places
//! where a secret is kept for a person ([`keeper`]); refuses to read before it must, and to write one where nobody said
//! so. A command and a question take their time: many calls that wait for one wait for the same one,
//! and when none of them waits any more, it is stopped. The engine asks.

mod command;
mod file;
pub mod keeper;
mod keyring;
pub mod rotation;
pub mod token_cache;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Either, Shared, WeakShared, select},
};

use crate::domain::{
    credential::{CLIENT_SECRET, Credential, SecretSource},
    flow::Refusal,
    profile::Profile,
    redact::Redactor,
    secret::Secret,
};

/// Asks the person for a secret, without showing what is typed. Dropped, the question is taken back.
///
/// A person who does not want to answer is told by [`io::ErrorKind::Interrupted`].
pub type Ask = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Secret>> + Send + Sync>;

/// Who answers questions.
#[derive(Clone, Default)]
pub enum Person {
    /// Nobody.
    #[default]
    Absent,
    /// A person at the terminal, where a command may ask its own questions too.
    AtTerminal(Ask),
    /// A person at a screen that no command may write on.
    AtScreen(Ask),
}

impl Person {
    fn ask(&self) -> Option<&Ask> {
        match self {
            Self::Absent => None,
            Self::AtTerminal(ask) | Self::AtScreen(ask) => Some(ask),
        }
    }
}

/// The longest secret, in bytes: what is longer is something else.
pub const LONGEST: usize = 64 << 10;

/// The secrets of a run; cheap to clone.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Inner>);

#[derive(Default)]
struct Inner {
    person: Person,
    masks: Redactor,
    /// Variables that hold secrets, so that no child sees them.
    hidden: Hidden,
    /// What stands for the secret of a credential, by the names of profile and credential.
    pseudonyms: HashMap<(String, String), String>,
    read: Mutex<HashMap<Place, Reading>>,
}

/// The variables that hold secrets: no program that is started is handed them. Clones share them.
#[derive(Clone, Default)]
pub struct Hidden(Arc<Mutex<Vec<String>>>);

impl Hidden {
    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hide(&self, profiles: &[Arc<Profile>]) {
        let sources = profiles.iter().flat_map(|profile| &profile.credentials).map(|credential| &credential.secret);
        let named = sources.filter_map(|source| match source {
            SecretSource::Environment(name) => Some(name.as_str()),
            _ => None,
        });
        let mut hidden = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for name in named.chain([CLIENT_SECRET]) {
            if hidden.iter().all(|known| known != name) {
                hidden.push(name.to_owned());
            }
        }
    }
}

/// What is read once. One place that two credentials name is read once for both.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Place {
    File(PathBuf),
    Command(Vec<String>),
    Keyring(String),
    Prompt { profile: String, credential: String },
}

type Outcome = Result<Arc<Secret>, Flaw>;

enum Reading {
    UnderWay(WeakShared<BoxFuture<'static, Outcome>>),
    Done(Outcome),
}

/// Why a source gives no secret, and what to do; no secret in either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub why: String,
    /// What to do about it.
    pub mend: String,
}

impl Flaw {
    fn new(why: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { why: why.into(), mend: mend.into() }
    }

    fn of(self, profile: &Profile, credential: &Credential) -> Refusal {
        let (profile, from) = (profile.name.clone(), credential.secret.origin());
        Refusal::SecretUnavailable { what: "client secret", profile, from, why: self.why, mend: self.mend }
    }
}

impl Secrets {
    /// For these profiles. `masks` learns every secret that is read.
    pub fn new(profiles: &[Arc<Profile>], person: Person, masks: Redactor) -> Self {
        let hidden = Hidden::default();
        hidden.hide(profiles);
        let credentials = profiles.iter().flat_map(|profile| {
            profile.credentials.iter().map(|credential| (profile.name.clone(), credential.name.clone()))
        });
        let pseudonyms = credentials.enumerate().map(|(at, names)| (names, format!("sec#{}", at + 1)));
        Self(Arc::new(Inner { person, masks, pseudonyms: pseudonyms.collect(), hidden, read: Mutex::default() }))
    }

    /// What masks the secrets that were read, and the tokens that were got with them.
    pub fn masks(&self) -> &Redactor {
        &self.0.masks
    }

    /// The variables that hold secrets: no program that is started is handed them.
    pub fn hidden(&self) -> Hidden {
        self.0.hidden.clone()
    }

    /// Teaches the masks every secret that can be had now without running anything: none of them is to be written,
    /// whatever it stands in. The variables that hold them are handed to no program any more.
    pub fn learn(&self, profiles: &[Arc<Profile>]) {
        self.0.hidden.hide(profiles);
        for (profile, credential) in
            profiles.iter().flat_map(|profile| profile.credentials.iter().map(move |credential| (profile, credential)))
        {
            let secret = match &credential.secret {
                // Said when a call needs it.
                SecretSource::File(path) => file::read(path).ok().map(Arc::new),
                _ => self.at_hand(profile, credential).ok().flatten(),
            };
            if let Some(secret) = secret {
                self.learnt(profile, credential, secret);
            }
        }
    }

    /// The secret without reading anything that may take time; `None` where it was not read yet. A reading that failed
    /// is told until another one did not.
    pub fn at_hand(&self, profile: &Profile, credential: &Credential) -> Result<Option<Arc<Secret>>, Refusal> {
        match &credential.secret {
            SecretSource::Missing => return Err(none(profile)),
            SecretSource::Untrusted(file) => {
                return Err(Refusal::Untrusted { profile: profile.name.clone(), file: file.clone() });
            }
            SecretSource::Sandbox(secret) => return Ok(Some(self.learnt(profile, credential, secret.clone()))),
            SecretSource::Environment(name) => {
                let none = |give| Refusal::NoCredential { profile: profile.name.clone(), give };
                return environment(name).map(|secret| Some(self.learnt(profile, credential, secret))).map_err(none);
            }
            SecretSource::File(_) | SecretSource::Command(_) | SecretSource::Keyring(_) | SecretSource::Prompt => {}
        }
        let place = place(&credential.secret, profile, credential);
        match place.as_ref().and_then(|place| self.0.readings().get(place).and_then(Reading::outcome)) {
            Some(outcome) => outcome.map(Some).map_err(|flaw| flaw.of(profile, credential)),
            None => Ok(None),
        }
    }

    /// The secret, read now if it was not read yet. A command is stopped when `time_is_over` comes first.
    pub async fn read(
        &self,
        profile: &Profile,
        credential: &Credential,
        time_is_over: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Arc<Secret>, Refusal> {
        let known = self.at_hand(profile, credential);
        let Some(place) = place(&credential.secret, profile, credential) else {
            return known.and_then(|secret| secret.ok_or_else(|| none(profile)));
        };
        // What failed before may work by now.
        if let Ok(Some(secret)) = known {
            return Ok(secret);
        }
        let reading = self.joined(place, profile, time_is_over);
        let secret = reading.await.map_err(|flaw| flaw.of(profile, credential))?;
        Ok(self.learnt(profile, credential, secret))
    }

    /// Forgets what was read for a credential: the next call reads it anew.
    pub fn forget(&self, profile: &Profile, credential: &Credential) {
        if let Some(place) = place(&credential.secret, profile, credential) {
            self.0.readings().remove(&place);
        }
    }

    /// The same secret, which the masks know from now on.
    fn learnt(&self, profile: &Profile, credential: &Credential, secret: Arc<Secret>) -> Arc<Secret> {
        let pseudonym = self.0.pseudonyms.get(&(profile.name.clone(), credential.name.clone()));
        self.0.masks.learn(secret.clone(), pseudonym.map_or("secret", String::as_str));
        secret
    }

    /// The masks know a secret from now on that may become a credential's.
    pub fn offered(&self, profile: &Profile, credential: &Credential, secret: Arc<Secret>) {
        let pseudonym = self.0.pseudonyms.get(&(profile.name.clone(), credential.name.clone()));
        self.0.masks.learn(secret, &format!("{} new", pseudonym.map_or("secret", String::as_str)));
    }

    /// The reading that is under way, or a new one.
    fn joined(
        &self,
        place: Place,
        profile: &Profile,
        time_is_over: impl Future<Output = ()> + Send + 'static,
    ) -> Shared<BoxFuture<'static, Outcome>> {
        let mut readings = self.0.readings();
        if let Some(Reading::UnderWay(reading)) = readings.get(&place)
            && let Some(reading) = reading.upgrade()
        {
            return reading;
        }
        let reading: BoxFuture<'static, Outcome> = match (place.clone(), &self.0.person) {
            (Place::File(path), _) => async move { beside(move || file::read(&path)).await.map(Arc::new) }.boxed(),
            (Place::Command(words), person) => {
                let hidden = self.0.hidden.names();
                let own_group = !matches!(person, Person::AtTerminal(_));
                async move { command::output(&words, &hidden, own_group, time_is_over).await.map(Arc::new) }.boxed()
            }
            (Place::Keyring(name), person) => from_keyring(name, person.ask().cloned(), time_is_over).boxed(),
            (Place::Prompt { credential, .. }, Person::AtTerminal(ask) | Person::AtScreen(ask)) => {
                let answer = ask(format!("Client secret of {}, {credential}: ", profile.name));
                async move {
                    let unasked = |error: io::Error| match error.kind() {
                        io::ErrorKind::Interrupted => Flaw::new("it was not given", "ask for a token once more"),
                        _ => Flaw::new(format!("nobody can be asked: {error}"), ELSEWHERE),
                    };
                    answer.await.map_err(unasked).and_then(usable).map(Arc::new)
                }
                .boxed()
            }
            (Place::Prompt { .. }, Person::Absent) => {
                async { Err(Flaw::new("there is nobody to ask", ELSEWHERE)) }.boxed()
            }
        };
        let (inner, read) = (self.0.clone(), place.clone());
        let reading = async move {
            let outcome = reading.await;
            inner.readings().insert(read, Reading::Done(outcome.clone()));
            outcome
        };
        let reading = reading.boxed().shared();
        // Weak, so that it is dropped with the last call that waits for it.
        readings.extend(reading.downgrade().map(|weak| (place, Reading::UnderWay(weak))));
        reading
    }
}

impl Inner {
    fn readings(&self) -> MutexGuard<'_, HashMap<Place, Reading>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::Done(outcome) => Some(outcome.clone()),
            Self::UnderWay(_) => None,
        }
    }
}

/// Where a secret is when nothing runs, as far as it can be told without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// The place, in words.
    pub place: String,
    /// The mode of a file, such as `0600`.
    pub mode: Option<String>,
    /// Whether it can be had; what is in the way, and what to do.
    pub state: Result<&'static str, Flaw>,
}

/// Where a secret is when nothing runs. Starts no command and asks nobody.
pub fn rest(source: &SecretSource) -> Rest {
    let place = source.resting_place().to_owned();
    let known = |state| Rest { place: place.clone(), mode: None, state };
    match source {
        SecretSource::Missing => known(Err(Flaw::new("none was given", ELSEWHERE.replace("another source", "one")))),
        SecretSource::Untrusted(file) => {
            let why = format!("{} names it, which is not trusted", file.display());
            known(Err(Flaw::new(why, "`authscope trust` shows what it would run and send")))
        }
        SecretSource::Sandbox(_) => known(Ok("made at each start")),
        SecretSource::Environment(name) => known(match environment(name) {
            Ok(_) => Ok("set"),
            Err(mend) => Err(Flaw::new("not to be had in this environment", mend)),
        }),
        SecretSource::File(path) => {
            let state = file::bytes(path).map(|_| "nobody else can read it");
            Rest { place: path.display().to_string(), mode: file::mode(path), state }
        }
        SecretSource::Command(_) => known(Ok("started when a token needs it")),
        SecretSource::Keyring(_) => known(Ok("read when a token needs it")),
        SecretSource::Prompt => known(Ok("asked when a token needs it")),
    }
}

/// The bytes of a file that nobody else can have read or written; no more than a secret has.
pub fn guarded(file: &Path) -> Result<zeroize::Zeroizing<Vec<u8>>, Flaw> {
    file::bytes(file)
}

/// Whether the key of a profile's client certificate is in such a file.
pub async fn check_key(profile: &Profile, key: PathBuf) -> Result<(), Refusal> {
    let from = format!("file {}", key.display());
    beside(move || file::bytes(&key).map(drop)).await.map_err(|Flaw { why, mend }| Refusal::SecretUnavailable {
        what: "client key",
        profile: profile.name.clone(),
        from,
        why,
        mend,
    })
}

/// What else there is where nobody can be asked.
const ELSEWHERE: &str = "name another source: `secret = { env = \"NAME\" }`, `{ file = \"PATH\" }` or `{ command = [\"pass\", \"show\", \"NAME\"] }`";

/// What of a source is read once; `None` where nothing is.
fn place(source: &SecretSource, profile: &Profile, credential: &Credential) -> Option<Place> {
    match source {
        SecretSource::Missing
        | SecretSource::Untrusted(_)
        | SecretSource::Sandbox(_)
        | SecretSource::Environment(_) => None,
        SecretSource::File(path) => Some(Place::File(path.clone())),
        SecretSource::Command(words) => Some(Place::Command(words.clone())),
        SecretSource::Keyring(name) => Some(Place::Keyring(name.clone())),
        SecretSource::Prompt => {
            Some(Place::Prompt { profile: profile.name.clone(), credential: credential.name.clone() })
        }
    }
}

/// Does what may wait on a thread of its own, beside the loop. A thread that still waits ends with the process.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> Result<T, Flaw> + Send + 'static) -> Result<T, Flaw> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Flaw::new(error.to_string(), "try once more")))
}

/// The secret that the keyring has. Where the keyring cannot be had, a person who can be asked is told why, and what is
/// typed stays in memory for this run.
async fn from_keyring(name: String, ask: Option<Ask>, time_is_over: impl Future<Output = ()>) -> Outcome {
    let known = name.clone();
    let read = match select(pin!(beside(move || keyring::get(&known))), pin!(time_is_over)).await {
        Either::Left((read, _)) => read,
        Either::Right(((), _)) => Err(Flaw::new("the keyring did not answer in time", "unlock it and try once more")),
    };
    match (read, ask) {
        (Ok(Some(secret)), _) => Ok(Arc::new(secret)),
        (Ok(None), _) => {
            let mend = "`authscope secret set PROFILE` puts it there";
            Err(Flaw::new(format!("the keyring has no entry `{name}` of authscope"), mend))
        }
        (Err(flaw), Some(ask)) => {
            let question = format!("{}. Client secret of {name}, kept for this run only: ", flaw.why);
            // Where nobody can be asked either, the keyring is what is to be mended.
            ask(question).await.map_err(|_| flaw).and_then(usable).map(Arc::new)
        }
        (Err(flaw), None) => Err(flaw),
    }
}

fn none(profile: &Profile) -> Refusal {
    Refusal::NoCredential { profile: profile.name.clone(), give: missing(profile) }
}

fn environment(name: &str) -> Result<Arc<Secret>, String> {
    match std::env::var(name) {
        Ok(text) => Ok(Arc::new(Secret::new(text))),
        Err(std::env::VarError::NotPresent) => Err(format!("set the environment variable `{name}`")),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("the environment variable `{name}` is not UTF-8")),
    }
}

/// A secret from bytes that end in a line feed or not.
pub fn text(mut bytes: zeroize::Zeroizing<Vec<u8>>) -> Result<Secret, Flaw> {
    for end in [b'\n', b'\r'] {
        if bytes.last() == Some(&end) {
            bytes.pop();
        }
    }
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => usable(Secret::new(text)),
        Err(error) => {
            drop(zeroize::Zeroizing::new(error.into_bytes()));
            Err(Flaw::new("it is no UTF-8 text", "a client secret is one line of text"))
        }
    }
}

/// A secret that can be one: a line, and not an empty one.
pub fn usable(secret: Secret) -> Result<Secret, Flaw> {
    match (secret.is_empty(), secret.is_one_line()) {
        (true, _) => Err(Flaw::new("it is empty", "a client secret is one line of text")),
        (_, false) => Err(Flaw::new("it is more than one line", "a client secret is one line of text")),
        _ => Ok(secret),
    }
}

/// What to write where a profile has no secret.
pub fn missing(profile: &Profile) -> String {
    let name = &profile.name;
    format!(
        "give it a client id and a secret: `[profiles.{name}.credentials.default]` with `client-id` and `secret = {{ env = \"NAME\" }}` in the config file, \
         or AUTHSCOPE_BASE_URL, AUTHSCOPE_CLIENT_ID and AUTHSCOPE_CLIENT_SECRET in the environment; it stays in memory"
    )
}

#[cfg(test)]
mod tests;
