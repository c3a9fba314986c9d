//! What endpoints answered before, so that a refusal can be set beside it. No secret and no body is in it.

use http::{Method, header};
use url::Url;

use crate::domain::{
    exchange::{Exchange, Hop},
    origin::Origin,
    token::TokenSerial,
};

/// One answer that came earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The profile it was asked under.
    pub profile: String,
    /// Who answered.
    pub origin: Origin,
    /// The method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// The token it went out with.
    pub token: Option<TokenSerial>,
    /// The status.
    pub status: u16,
    /// The media type, without parameters.
    pub media_type: Option<String>,
    /// The `Server` field.
    pub server: Option<String>,
}

impl Past {
    /// Every answer of an exchange, in order.
    pub fn of(exchange: &Exchange) -> Vec<Self> {
        let hops = exchange.attempts.iter().flat_map(|attempt| {
            let token = attempt.sent_with.token().map(|token| token.serial);
            attempt.hops.iter().map(move |hop| (token, hop))
        });
        hops.filter_map(|(token, hop)| {
            let answer = hop.answer.as_ref()?;
            let url: &Url = &hop.request.url;
            Some(Self {
                profile: exchange.profile.clone(),
                origin: Origin::of(url)?,
                method: hop.request.method.clone(),
                path: url.path().to_owned(),
                token,
                status: answer.status.as_u16(),
                media_type: media_type(hop),
                server: answer.header(header::SERVER.as_str()).map(str::to_owned),
            })
        })
        .collect()
    }

    /// Whether it was no refusal and no failure.
    pub fn is_good(&self) -> bool {
        (200..400).contains(&self.status)
    }
}

/// The media type of an answer, in lower case and without parameters.
pub(super) fn media_type(hop: &Hop) -> Option<String> {
    let value = hop.answer.as_ref()?.header(header::CONTENT_TYPE.as_str())?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}
