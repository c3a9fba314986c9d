//! The shape of the config file, as TOML gives it: tables, and values that explain themselves when they are wrong.
//! Says what is allowed and never repeats a value that may be a secret.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::config::keymap::Overrides;
use crate::config::nearest::not_allowed;
use crate::config::quantity;
use crate::config::theme::{AUTO, Background, Signs};
use crate::domain::level::Level;
use crate::domain::origin::Origin;
use crate::domain::profile::{Colour, TokenRequest};
use crate::domain::target;
use crate::domain::token::TokenPolicy;
use crate::domain::token_answer::ExpiryIs;

mod route;
mod source;
mod token_call;

pub(super) use route::{PathText, ProxyText};
pub(super) use source::SecretPlace;
pub(super) use token_call::{Fields, HeaderText, Headers, MemberText, Prefix};

/// The whole file.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", expecting = "a table")]
pub(super) struct File {
    #[serde(default = "this_version")]
    pub(super) version: i64,
    pub(super) profile: Option<String>,
    pub(super) collection: Option<PathText>,
    #[serde(default)]
    pub(super) look: Look,
    #[serde(default)]
    pub(super) log: Log,
    #[serde(default)]
    pub(super) history: History,
    #[serde(default)]
    pub(super) format: Format,
    #[serde(default)]
    pub(super) keys: Overrides,
    #[serde(default)]
    pub(super) profiles: BTreeMap<String, Profile>,
}

fn this_version() -> i64 {
    super::VERSION
}

/// `[look]`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", expecting = "a table")]
pub(super) struct Look {
    /// Of a built-in theme, or of a person's own.
    pub(super) theme: Option<String>,
    pub(super) signs: Option<Choice<Signs>>,
    pub(super) background: Option<Word<Background>>,
}

/// `[log]`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", expecting = "a table")]
pub(super) struct Log {
    pub(super) level: Option<Word<Level>>,
}

/// `[history]`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", expecting = "a table")]
pub(super) struct History {
    pub(super) days: Option<Count>,
    pub(super) calls: Option<Count>,
    pub(super) bodies: Option<KeptBody>,
}

/// A number from 1 on.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "i64")]
pub(super) struct Count(pub(super) u32);

impl TryFrom<i64> for Count {
    type Error = String;

    fn try_from(written: i64) -> Result<Self, String> {
        let count = u32::try_from(written).ok().filter(|count| *count > 0);
        count.map(Self).ok_or_else(|| format!("`{written}` is no number from 1 to {}", u32::MAX))
    }
}

/// Bytes of a body that are kept.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "Size")]
pub(super) struct KeptBody(pub(super) usize);

impl TryFrom<Size> for KeptBody {
    type Error = String;

    fn try_from(size: Size) -> Result<Self, String> {
        let most: u64 = 16 << 20;
        let fits = usize::try_from(size.0).ok().filter(|_| size.0 <= most);
        fits.map(Self).ok_or_else(|| "at most 16 MiB of a body are kept; 0 keeps none".to_owned())
    }
}

/// `[format]`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", expecting = "a table")]
pub(super) struct Format {
    pub(super) json: Option<Program>,
    pub(super) text: Option<Program>,
}

/// A program and its arguments, started without a shell.
#[derive(Deserialize)]
#[serde(try_from = "Vec<String>")]
pub(super) struct Program(pub(super) Vec<String>);

impl TryFrom<Vec<String>> for Program {
    type Error = String;

    fn try_from(words: Vec<String>) -> Result<Self, String> {
        let named = words.first().is_some_and(|program| !program.is_empty());
        if !named || words.iter().any(|word| word.contains('\0')) {
            return Err("write a program and its arguments, such as `[\"jq\", \".\"]`".to_owned());
        }
        Ok(Self(words))
    }
}

/// `[profiles.NAME]`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", expecting = "a table")]
pub(super) struct Profile {
    pub(super) base_url: Option<BaseUrl>,
    /// An address, or a path after the base URL; read when that is known.
    pub(super) token_url: Option<String>,
    pub(super) token_request: Option<Word<TokenRequest>>,
    pub(super) policy: Option<Word<TokenPolicy>>,
    pub(super) production: Option<bool>,
    #[serde(default)]
    pub(super) allowed_origins: Vec<OriginText>,
    pub(super) ca_file: Option<PathText>,
    pub(super) client_certificate: Option<PathText>,
    pub(super) client_key: Option<PathText>,
    pub(super) proxy: Option<ProxyText>,
    pub(super) scope: Option<String>,
    pub(super) expected_lifetime: Option<Time>,
    pub(super) renewal_lead: Option<Time>,
    pub(super) token_cache: Option<bool>,
    pub(super) colour: Option<Word<Colour>>,
    #[serde(default)]
    pub(super) header: Header,
    #[serde(default)]
    pub(super) variables: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) token_fields: Fields,
    #[serde(default)]
    pub(super) token_request_headers: Headers,
    #[serde(default)]
    pub(super) token_answer: Answer,
    #[serde(default)]
    pub(super) limits: Limits,
    #[serde(default)]
    pub(super) credentials: BTreeMap<String, Credential>,
}

/// `[profiles.NAME.header]`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", expecting = "a table")]
pub(super) struct Header {
    pub(super) name: Option<HeaderText>,
    pub(super) prefix: Option<Prefix>,
}

/// `[profiles.NAME.token-answer]`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", expecting = "a table")]
pub(super) struct Answer {
    pub(super) token: Option<MemberText>,
    #[serde(rename = "type")]
    pub(super) kind: Option<MemberText>,
    pub(super) expiry: Option<MemberText>,
    pub(super) expiry_is: Option<Word<ExpiryIs>>,
}

/// `[profiles.NAME.limits]`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", expecting = "a table")]
pub(super) struct Limits {
    pub(super) connect_timeout: Option<Time>,
    pub(super) token_timeout: Option<Time>,
    pub(super) idle_timeout: Option<Time>,
    pub(super) total_timeout: Option<Time>,
    pub(super) max_body: Option<Size>,
    pub(super) max_expansion: Option<NonZeroU32>,
    pub(super) max_redirects: Option<u32>,
}

/// `[profiles.NAME.credentials.NAME]`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", expecting = "a table with `client-id` and `secret`")]
pub(super) struct Credential {
    pub(super) client_id: ClientId,
    pub(super) secret: Option<SecretPlace>,
    pub(super) scope: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) resource: Option<String>,
    #[serde(default)]
    pub(super) token_fields: Fields,
}

/// The keys known in the table at `path`; none where names are free.
pub(super) fn known_keys(path: &[&str]) -> &'static [&'static str] {
    match path {
        [] => &["version", "profile", "collection", "look", "log", "history", "format", "keys", "profiles"],
        ["look"] => &["theme", "signs", "background"],
        ["log"] => &["level"],
        ["history"] => &["days", "calls", "bodies"],
        ["format"] => &["json", "text"],
        ["profiles", _] => &[
            "base-url",
            "token-url",
            "token-request",
            "policy",
            "production",
            "allowed-origins",
            "ca-file",
            "client-certificate",
            "client-key",
            "proxy",
            "scope",
            "expected-lifetime",
            "renewal-lead",
            "token-cache",
            "colour",
            "header",
            "variables",
            "token-fields",
            "token-request-headers",
            "token-answer",
            "limits",
            "credentials",
        ],
        ["profiles", _, "header"] => &["name", "prefix"],
        ["profiles", _, "token-answer"] => &["token", "type", "expiry", "expiry-is"],
        ["profiles", _, "limits"] => &[
            "connect-timeout",
            "token-timeout",
            "idle-timeout",
            "total-timeout",
            "max-body",
            "max-expansion",
            "max-redirects",
        ],
        ["profiles", _, "credentials", _] => &["client-id", "secret", "scope", "audience", "resource", "token-fields"],
        _ => &[],
    }
}

/// A word out of a fixed set.
pub(super) trait Words: Sized + Copy {
    /// The words, in the order they are offered.
    fn words() -> Vec<&'static str>;
    /// What a word stands for.
    fn of(word: &str) -> Option<Self>;
}

macro_rules! words {
    ($($kind:ty),*) => {$(
        impl Words for $kind {
            fn words() -> Vec<&'static str> {
                Self::ALL.map(Self::name).to_vec()
            }
            fn of(word: &str) -> Option<Self> {
                Self::named(word)
            }
        }
    )*};
}
words!(TokenRequest, TokenPolicy, Signs, Background, Level, ExpiryIs, Colour);

/// One of a fixed set of words.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "String", bound = "")]
pub(super) struct Word<T: Words>(pub(super) T);

impl<T: Words> TryFrom<String> for Word<T> {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        T::of(&written).map(Self).ok_or_else(|| not_allowed(&written, &T::words()))
    }
}

/// One of a fixed set of words, or `auto`.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "String", bound = "")]
pub(super) struct Choice<T: Words>(pub(super) Option<T>);

impl<T: Words> TryFrom<String> for Choice<T> {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        if written == AUTO {
            return Ok(Self(None));
        }
        let allowed: Vec<_> = [AUTO].into_iter().chain(T::words()).collect();
        T::of(&written).map(|word| Self(Some(word))).ok_or_else(|| not_allowed(&written, &allowed))
    }
}

/// A base URL.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct BaseUrl(pub(super) Url);

impl TryFrom<String> for BaseUrl {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        base_address(&written).map(Self)
    }
}

/// An address to which calls can go: `http` or `https`, with a host, without user, password or fragment.
pub fn address(written: &str) -> Result<Url, String> {
    // The text is not repeated: a password may stand in it.
    if let Some(wrong) = target::forbidden(written) {
        return Err(wrong);
    }
    let url = Url::parse(written.trim())
        .map_err(|error| format!("this is no address: {error}; write one such as `https://api.example`"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{}` addresses cannot be called: write one with `https`", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address holds no user name and no password here: give a credential instead".to_owned());
    }
    if url.fragment().is_some() {
        return Err("a part after `#` is never sent: leave it out".to_owned());
    }
    Ok(url)
}

/// An address that paths can follow.
pub fn base_address(written: &str) -> Result<Url, String> {
    let url = address(written)?;
    if url.query().is_some() {
        return Err("paths are added to a base URL, so it has no part after `?`".to_owned());
    }
    Ok(url)
}

/// An origin: scheme, host and port, without a path.
pub fn origin(written: &str) -> Result<Origin, String> {
    let url = base_address(written)?;
    if url.path() != "/" {
        return Err(
            "an origin is a scheme, a host and a port, without a path: such as `https://api.example`".to_owned()
        );
    }
    Origin::of(&url).ok_or_else(|| "this address has no origin".to_owned())
}

/// An origin as text.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct OriginText(pub(super) Origin);

impl TryFrom<String> for OriginText {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        origin(&written).map(Self)
    }
}

/// A client identifier: printable ASCII (RFC 6749 appendix A.1).
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct ClientId(pub(super) String);

impl TryFrom<String> for ClientId {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        if written.is_empty() || !written.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
            return Err("a client id is printable ASCII and not empty".to_owned());
        }
        Ok(Self(written))
    }
}

/// A number, or a number with a unit.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a whole number, or text such as \"30 s\" or \"64 MiB\"")]
enum Quantity {
    Number(u64),
    Text(String),
}

/// A time that is not zero.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "Quantity")]
pub(super) struct Time(pub(super) Duration);

impl TryFrom<Quantity> for Time {
    type Error = String;

    fn try_from(written: Quantity) -> Result<Self, String> {
        let time = match written {
            Quantity::Number(seconds) => Duration::from_secs(seconds),
            Quantity::Text(text) => quantity::duration(&text)?,
        };
        if time.is_zero() { Err("a time must be more than zero".to_owned()) } else { Ok(Self(time)) }
    }
}

/// A number of bytes.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "Quantity")]
pub(super) struct Size(pub(super) u64);

impl TryFrom<Quantity> for Size {
    type Error = String;

    fn try_from(written: Quantity) -> Result<Self, String> {
        match written {
            Quantity::Number(bytes) => Ok(Self(bytes)),
            Quantity::Text(text) => quantity::size(&text).map(Self),
        }
    }
}
