//! Tokens that commands share because a person said so: a file for each key of a token, 0600 in a folder of 0700, which
//! the token never leaves but for a run of this program. Refuses what is anybody else's: a file that others could have
//! written is not read.
//!
//! ```text
//!  key          32 random bytes; made once
//!  NAME.lock    empty; who holds its lock looks for the token, or fetches it
//!  NAME.token   the token and its life; NAME is an HMAC under that key of all that makes one token another
//! ```
//!
//! So a name tells nothing of id or secret, and another secret is another file. The lock is held from the look to the end
//! of the token call: of many processes one asks. The engine calls it.

use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Flaw, beside, file};
use crate::domain::{
    clock::Boot,
    credential::Access,
    redact::Redactor,
    secret::{FingerprintKey, Secret},
};

/// See the module; cheap to clone.
#[derive(Clone, Debug)]
pub struct TokenCache {
    folder: Arc<Path>,
}

/// The place of one token, which no other process looks at or writes for as long as this is held.
pub struct Held {
    file: PathBuf,
    _lock: fs::File,
}

/// A token as it is kept.
pub struct Kept {
    /// Its text.
    pub secret: Secret,
    /// How long it lived when it was issued; `None` where nobody told.
    pub life: Option<Duration>,
    /// The scope granted.
    pub scope: Option<String>,
    /// When it was asked for, by the clock that counts sleep.
    pub sent: Boot,
    /// The same, on the wall.
    pub issued: Timestamp,
}

/// The file of a token.
#[derive(Serialize, Deserialize)]
struct Written<'t> {
    authscope: u32,
    token: Cow<'t, str>,
    life_ms: Option<u64>,
    scope: Option<String>,
    sent_ms: u64,
    issued_ms: i64,
}

const VERSION: u32 = 1;
const TOKEN: &str = "token";

impl TokenCache {
    /// The tokens of that folder, which is made when the first one is kept.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder: folder.into() }
    }

    /// Waits until nobody else holds the place of the token of `access`.
    pub async fn held(&self, access: &Access) -> Result<Held, Flaw> {
        let (cache, access) = (self.clone(), access.clone());
        beside(move || {
            let file = cache.folder.join(cache.name(&access)?);
            let lock = file::lock(&file.with_extension("lock"))?;
            Ok(Held { file: file.with_extension(TOKEN), _lock: lock })
        })
        .await
    }

    /// Whether nobody else can have written, or can read, what is kept for `access`.
    pub async fn check(&self, access: &Access) -> Result<(), Flaw> {
        let (cache, access) = (self.clone(), access.clone());
        beside(move || {
            let file = cache.folder.join(cache.name(&access)?).with_extension(TOKEN);
            if fs::symlink_metadata(&file).is_ok() {
                file::bytes(&file)?;
            }
            Ok(())
        })
        .await
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Removes every token that is kept; how many there were.
    pub fn forget(&self) -> Result<usize, Flaw> {
        let kept: Vec<_> = self.kept().collect();
        kept.iter().try_for_each(|file| file::remove(file))?;
        Ok(kept.len())
    }

    /// Every token that is kept is recognised by `masks` from now on.
    pub fn recognised_by(&self, masks: &Redactor) {
        for bytes in self.kept().filter_map(|file| file::bytes(&file).ok()) {
            if let Ok(written) = serde_json::from_slice::<Written<'_>>(&bytes) {
                masks.recognise(&Secret::new(written.token), "kept token");
            }
        }
    }

    /// The files of the tokens.
    fn kept(&self) -> impl Iterator<Item = PathBuf> + use<> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        files.filter(|file| file.extension().is_some_and(|extension| extension == TOKEN))
    }

    /// The name of a token's file without its ending.
    fn name(&self, access: &Access) -> Result<String, Flaw> {
        let key = &access.key;
        let headers = key.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let what = (&key.origins, key.token_url.as_str(), &key.client_id, key.wire.name(), &key.fields, &key.answer);
        let what = Zeroizing::new(format!("{what:?} {:?} {:?}", headers.collect::<Vec<_>>(), access.secret.expose()));
        Ok(FingerprintKey::new(&self.key()?).fingerprint(&Secret::new(what.as_str())).whole())
    }

    /// The key of the names, made where there is none.
    fn key(&self) -> Result<[u8; 32], Flaw> {
        let file = self.folder.join("key");
        if fs::symlink_metadata(&file).is_err() {
            let mut bytes = [0_u8; 32];
            let no_randomness = |error: getrandom::Error| Flaw::new(error.to_string(), "try once more");
            getrandom::fill(&mut bytes).map_err(no_randomness)?;
            // Whoever was faster made it.
            if let Err(flaw) = file::create(&file, &Secret::new(BASE64_STANDARD.encode(bytes)))
                && fs::symlink_metadata(&file).is_err()
            {
                return Err(flaw);
            }
        }
        let text = file::read(&file)?;
        let no_key = || Flaw::new(format!("{} is no key of authscope", file.display()), "remove it and try once more");
        let bytes = BASE64_STANDARD.decode(text.expose()).map_err(|_| no_key())?;
        bytes.try_into().map_err(|_| no_key())
    }
}

impl Held {
    /// The token that is kept here, if one is that can be read.
    pub fn token(&self) -> Option<Kept> {
        let bytes = file::bytes(&self.file).ok()?;
        let written: Written<'_> = serde_json::from_slice(&bytes).ok()?;
        let secret = Secret::new(written.token);
        (written.authscope == VERSION).then_some(())?;
        Some(Kept {
            secret,
            life: written.life_ms.map(Duration::from_millis),
            scope: written.scope,
            sent: Boot(Duration::from_millis(written.sent_ms)),
            issued: Timestamp::from_millisecond(written.issued_ms).ok()?,
        })
    }

    /// Keeps a token here in place of the one before, and removes those of other places that are over.
    pub async fn keep(self, kept: Kept, now: Timestamp) -> Result<(), Flaw> {
        beside(move || {
            let Kept { secret, life, scope, sent, issued } = kept;
            let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            let (token, issued_ms) = (secret.expose().into(), issued.as_millisecond());
            let written =
                Written { authscope: VERSION, token, life_ms: life.map(ms), scope, sent_ms: ms(sent.0), issued_ms };
            let text =
                serde_json::to_string(&written).map_err(|error| Flaw::new(error.to_string(), "try once more"))?;
            file::replace(&self.file, &Secret::new(text))?;
            let folder = TokenCache::at(self.file.parent().unwrap_or(Path::new(".")).to_owned());
            for file in folder.kept().filter(|file| *file != self.file && is_over(file, now)) {
                // Another process may have been faster.
                let _ = file::remove(&file);
            }
            Ok(())
        })
        .await
    }
}

impl Kept {
    /// What is left of its life; `None` where its life is unknown, nothing where it is over. By the clock that says less:
    /// the one on the wall may be put back, and the other begins anew with the machine.
    pub fn left(&self, boot: Boot, wall: Timestamp) -> Option<Duration> {
        let life = self.life?;
        let by_boot = boot.0.checked_sub(self.sent.0);
        let by_wall = Duration::try_from(wall.duration_since(self.issued)).ok();
        let gone = by_boot.max(by_wall);
        Some(gone.map_or(Duration::ZERO, |gone| life.saturating_sub(gone)))
    }
}

/// Whether the token of a file is over by the clock on the wall.
fn is_over(file: &Path, now: Timestamp) -> bool {
    let Ok(bytes) = file::bytes(file) else { return false };
    let Ok(written) = serde_json::from_slice::<Written<'_>>(&bytes) else { return false };
    let gone = now.as_millisecond().checked_sub(written.issued_ms).and_then(|gone| u64::try_from(gone).ok());
    written.life_ms.zip(gone).is_some_and(|(life, gone)| gone > life)
}

#[cfg(test)]
mod tests;
