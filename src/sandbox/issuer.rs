//! The issuer: tokens signed with HS256 (RFC 7515, RFC 7518 §3.2) or opaque, numbered from 1, checked on every call.
//!
//! Owns the signing key, the dice and the book of what was issued and revoked. It reads no clock: the time comes with
//! each question. A token's text is not kept, but for the last one, which can be given again on order.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_lc_rs::{digest, hmac};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use serde_json::{Map, Value, json};

/// The numbers nobody can guess: a keyed hash of a counter, so that drawing cannot fail once the key is there.
pub(super) struct Dice {
    key: hmac::Key,
    draws: AtomicU64,
}

impl Dice {
    fn new() -> Result<Self, getrandom::Error> {
        Ok(Self { key: random_key()?, draws: AtomicU64::new(0) })
    }

    /// 32 random bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let draw = self.draws.fetch_add(1, Ordering::Relaxed);
        hmac::sign(&self.key, &draw.to_be_bytes()).as_ref().to_vec()
    }

    /// 43 characters of base64url.
    pub(super) fn text(&self) -> String {
        BASE64URL.encode(self.bytes())
    }
}

fn random_key() -> Result<hmac::Key, getrandom::Error> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &key))
}

/// A token as it goes out.
#[derive(Clone)]
pub(super) struct Issued {
    pub(super) text: String,
    pub(super) serial: u64,
}

/// What a token is to be like.
pub(super) struct Wanted<'a> {
    pub(super) issuer: &'a str,
    pub(super) subject: &'a str,
    pub(super) now: Duration,
    pub(super) life: Duration,
    pub(super) opaque: bool,
    pub(super) same: bool,
    pub(super) pad: usize,
    /// What it claims otherwise; `null` is not at all.
    pub(super) claims: &'a Map<String, Value>,
}

pub(super) struct Issuer {
    key: hmac::Key,
    dice: Dice,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    /// The token with serial n stands at n - 1.
    records: Vec<Record>,
    /// Digests of opaque tokens and their serials.
    opaque: HashMap<Vec<u8>, u64>,
    last: Option<Issued>,
}

struct Record {
    not_before: Duration,
    expires: Duration,
    revoked: bool,
    /// Whether it is for somebody else by its claims.
    foreign: bool,
    /// Whether it was taken before.
    used: bool,
}

impl Book {
    fn record(&mut self, serial: u64) -> Option<&mut Record> {
        self.records.get_mut(usize::try_from(serial.checked_sub(1)?).ok()?)
    }
}

impl Issuer {
    /// Draws its keys; fails when the system gives no randomness.
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        Ok(Self { key: random_key()?, dice: Dice::new()?, book: Mutex::default() })
    }

    pub(super) fn dice(&self) -> &Dice {
        &self.dice
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A token; the one before it when that is what is wanted.
    pub(super) fn issue(&self, wanted: &Wanted<'_>) -> Issued {
        let mut book = self.book();
        if let (true, Some(last)) = (wanted.same, &book.last) {
            return last.clone();
        }
        let issued = u64::try_from(book.records.len()).unwrap_or(u64::MAX).saturating_add(1);
        let text = if wanted.opaque { self.opaque(wanted.pad) } else { self.jwt(issued, wanted) };
        if wanted.opaque {
            book.opaque.insert(digest_of(&text), issued);
        }
        book.records.push(Record {
            not_before: Duration::from_secs(wanted.now.as_secs()),
            // The claim `exp` counts from a whole second; the token is good for its full life nevertheless.
            expires: wanted.now.saturating_add(Duration::from_secs(wanted.life.as_secs())),
            revoked: false,
            foreign: ["iss", "aud", "cnf"].iter().any(|claim| wanted.claims.contains_key(*claim)),
            used: false,
        });
        let issued = Issued { text, serial: issued };
        book.last = Some(issued.clone());
        issued
    }

    fn opaque(&self, pad: usize) -> String {
        let mut text = format!("opaque.{}", self.dice.text());
        text.extend(std::iter::repeat_n('x', pad.saturating_sub(text.len())));
        text
    }

    fn jwt(&self, serial: u64, wanted: &Wanted<'_>) -> String {
        let iat = wanted.now.as_secs();
        let mut claims = json!({
            "iss": wanted.issuer,
            "aud": "sandbox",
            "sub": wanted.subject,
            "iat": iat,
            "nbf": iat,
            "exp": iat.saturating_add(wanted.life.as_secs()),
            "jti": self.dice.text(),
            "gen": serial,
        });
        for (name, value) in wanted.claims {
            claims[name] = value.clone();
        }
        if let Some(claims) = claims.as_object_mut() {
            claims.retain(|_, value| !value.is_null());
        }
        let head = BASE64URL.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        // Two dots, and 43 characters of signature; 4 characters of base64 carry 3 bytes.
        let room = wanted.pad.saturating_sub(head.len() + 45).div_ceil(4) * 3;
        let missing = room.saturating_sub(claims.to_string().len() + r#","pad":"""#.len());
        if missing > 0 {
            claims["pad"] = Value::from("x".repeat(missing));
        }
        let signed = format!("{head}.{}", BASE64URL.encode(claims.to_string()));
        let signature = BASE64URL.encode(hmac::sign(&self.key, signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// The serial of a token this issuer made, whatever became of it since; `None` for every other text.
    pub(super) fn serial(&self, token: &str) -> Option<u64> {
        if let Some(serial) = self.book().opaque.get(&digest_of(token)) {
            return Some(*serial);
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = BASE64URL.decode(signature).ok()?;
        // Compares in constant time. What this key has signed is a JWT of ours, so its header needs no look.
        hmac::verify(&self.key, signed.as_bytes(), &signature).ok()?;
        let claims = BASE64URL.decode(signed.split_once('.')?.1).ok()?;
        serde_json::from_slice::<Value>(&claims).ok()?.get("gen")?.as_u64()
    }

    /// Whether a token is good at this time: ours, begun, not over, not revoked, for us, and not used before where it may
    /// be used once.
    pub(super) fn accepts(&self, token: &str, now: Duration, once: bool) -> bool {
        self.serial(token).is_some_and(|serial| {
            self.book().record(serial).is_some_and(|record| {
                let in_time = record.not_before <= now && now < record.expires;
                let spent = once && record.used;
                let good = in_time && !(record.revoked || record.foreign || spent);
                record.used |= good;
                good
            })
        })
    }

    pub(super) fn revoke_all(&self) {
        self.book().records.iter_mut().for_each(|record| record.revoked = true);
    }

    pub(super) fn revoke_last(&self) {
        if let Some(record) = self.book().records.last_mut() {
            record.revoked = true;
        }
    }

    pub(super) fn revoke(&self, serial: u64) {
        if let Some(record) = self.book().record(serial) {
            record.revoked = true;
        }
    }
}

fn digest_of(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec()
}
