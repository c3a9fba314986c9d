//! Where calls go: an environment with its addresses, its token call and its limits.

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use url::Url;

use super::{
    credential::Credential,
    origin::Origin,
    route::{Identity, Proxy, Route},
    token::TokenPolicy,
    token_answer::{TokenAnswer, TokenHeader},
};

/// Where the documented API issues tokens, after the base URL (AUTH page).
pub const TOKEN_PATH: &str = "/api/token";

/// How the token call is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TokenRequest {
    /// A JSON object of `client_id` and `client_secret`, as the documented API wants it.
    #[default]
    Json,
    /// A form with `grant_type`, `client_id` and `client_secret` (RFC 6749 §2.3.1, §4.4.2).
    FormBody,
    /// A form with `grant_type`; id and secret by HTTP Basic, each form-urlencoded first (RFC 6749 §2.3.1).
    FormBasic,
}

impl TokenRequest {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Json, Self::FormBody, Self::FormBasic];

    /// As written in the config file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::FormBody => "form-body",
            Self::FormBasic => "form-basic",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wire| wire.name() == name)
    }
}

/// What kind of place a profile is; its sign on the top line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Place {
    /// The built-in API on this machine.
    Sandbox,
    /// Anything else.
    #[default]
    Ordinary,
    /// Where money moves: marked on every screen.
    Production,
}

/// A colour that a person gives a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Red.
    Red,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Cyan.
    Cyan,
    /// Blue.
    Blue,
    /// Magenta.
    Magenta,
}

impl Colour {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Red, Self::Yellow, Self::Green, Self::Cyan, Self::Blue, Self::Magenta];

    /// As written in the config file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Cyan => "cyan",
            Self::Blue => "blue",
            Self::Magenta => "magenta",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colour| colour.name() == name)
    }
}

/// Where calls go.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name in the config file.
    pub name: String,
    /// What `{{base_url}}` stands for; without a trailing slash.
    pub base_url: Url,
    /// Where tokens are asked for.
    pub token_url: Url,
    /// Variables of its own, in order.
    pub variables: Vec<(String, String)>,
    /// How they are asked for.
    pub wire: TokenRequest,
    /// When they are asked for.
    pub policy: TokenPolicy,
    /// What kind of place it is.
    pub place: Place,
    /// Further header fields of the token call, in order.
    pub token_headers: Vec<(HeaderName, HeaderValue)>,
    /// Where the answer of the token call says what.
    pub answer: TokenAnswer,
    /// The header field that carries a token.
    pub header: TokenHeader,
    /// How long before its end a token is renewed, unless as usual.
    pub renewal_lead: Option<Duration>,
    /// Whether commands keep its tokens for each other, in a file.
    pub token_cache: bool,
    /// The colour of its sign, unless its kind of place decides.
    pub colour: Option<Colour>,
    /// The life that its documentation promises a token.
    pub expected_life: Option<Duration>,
    /// Origins beside that of the base URL that may see a token.
    pub allowed_origins: Vec<Origin>,
    /// Origins that may be called over plain `http` though they are not on this machine.
    pub insecure_origins: Vec<Origin>,
    /// Trust, client certificate and proxies.
    pub route: Route,
    /// Who may call, the first one unless another is chosen.
    pub credentials: Vec<Credential>,
    /// Limits of its calls.
    pub limits: Limits,
}

impl Profile {
    /// A profile of two addresses, everything else as usual.
    pub fn new(name: impl Into<String>, base_url: Url, token_url: Url) -> Self {
        Self {
            name: name.into(),
            base_url,
            token_url,
            variables: Vec::new(),
            wire: TokenRequest::default(),
            policy: TokenPolicy::default(),
            place: Place::default(),
            token_headers: Vec::new(),
            answer: TokenAnswer::default(),
            header: TokenHeader::default(),
            renewal_lead: None,
            token_cache: false,
            colour: None,
            expected_life: None,
            allowed_origins: Vec::new(),
            insecure_origins: Vec::new(),
            route: Route::default(),
            credentials: Vec::new(),
            limits: Limits::default(),
        }
    }

    /// The origins a token of this profile may be sent to, sorted.
    pub fn bound_origins(&self) -> Vec<Origin> {
        let mut origins: Vec<_> =
            Origin::of(&self.base_url).into_iter().chain(self.allowed_origins.iter().cloned()).collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// Whether a secret may travel to `origin` at all: encrypted, on this machine, or named as an exception.
    pub fn may_carry_secrets(&self, origin: &Origin) -> bool {
        origin.is_https() || origin.is_loopback() || self.insecure_origins.contains(origin)
    }

    /// The client certificate that a call to `origin` may show: like a token it goes to its own origins only, and to the
    /// token endpoint.
    pub fn identity_for(&self, origin: &Origin) -> Option<&Identity> {
        let own = Origin::of(&self.token_url).as_ref() == Some(origin) || self.bound_origins().contains(origin);
        self.route.identity.as_ref().filter(|_| own)
    }

    /// The proxy that a call to `origin` goes through.
    pub fn proxy_for(&self, origin: &Origin) -> Option<&Proxy> {
        self.route.proxies.as_ref()?.of(origin)
    }

    /// The base URL as `{{base_url}}` gives it.
    pub fn base(&self) -> &str {
        self.base_url.as_str().trim_end_matches('/')
    }
}

/// How long, how large, how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To a connected (and encrypted) socket.
    pub connect: Duration,
    /// A whole token call, its retries included.
    pub flight: Duration,
    /// Without a byte of the answer.
    pub idle: Duration,
    /// A whole attempt; none for event streams.
    pub total: Duration,
    /// Bytes of an answer's body.
    pub max_body: u64,
    /// How many times as many bytes as came a compressed body may grow to, once it is over 64 MiB.
    pub max_expansion: u64,
    /// Redirects that are followed.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            flight: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            total: Duration::from_mins(5),
            max_body: 4 << 30,
            max_expansion: 200,
            redirects: 10,
        }
    }
}
