//! Sends a token call over HTTP. It has a path of its own: no redirects, no 401 handling, at most 1 MiB of answer.

use futures_util::future::BoxFuture;
use http::{HeaderValue, Method, header};
use zeroize::Zeroizing;

use super::{
    client::Clients,
    error::{failure, internal, of_library, through},
    timing::{TRIP, Trip},
    token_endpoint::{TokenAsk, TokenReply},
};
use crate::domain::{
    clock::Clock,
    credential::Access,
    exchange::{Failure, FailureKind},
    origin::Origin,
};

/// The longest token answer.
const LONGEST: usize = 1 << 20;

/// Asks the token endpoint of `access` once. Dropped, it closes its connection. The limit of time is the caller's.
pub(super) fn fetched(
    clients: std::sync::Arc<Clients>,
    clock: Clock,
    access: Access,
) -> BoxFuture<'static, Result<TokenReply, Failure>> {
    Box::pin(async move {
        let url = access.profile.token_url.clone();
        let origin = Origin::of(&url).ok_or_else(|| internal("the token URL has no origin"))?;
        let client = clients.of(&access.profile, &url).await?;
        let TokenAsk { mut headers, body } = TokenAsk::new(&access);
        headers.insert(header::USER_AGENT, HeaderValue::from_static(concat!("authscope/", env!("CARGO_PKG_VERSION"))));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let mut request = reqwest::Request::new(Method::POST, url);
        *request.headers_mut() = headers;
        *request.body_mut() = Some(body.to_vec().into());
        let (sent, wall) = (clock.boot(), clock.wall());
        let via = access.profile.proxy_for(&origin).map(ToString::to_string);
        let failed = |error: reqwest::Error| through(via.as_deref(), of_library(&error, &origin));
        let trip = Trip::new(&clock, access.profile.limits.connect);
        let mut response = TRIP.scope(trip, client.execute(request)).await.map_err(failed)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > LONGEST {
                return Err(failure(
                    FailureKind::TooLarge,
                    format!("the token answer of {origin} is larger than 1 MiB"),
                ));
            }
            body.extend_from_slice(&chunk);
        }
        let round_trip = clock.boot().since(sent);
        let middle = wall.checked_add(round_trip / 2).unwrap_or(wall);
        Ok(TokenReply { status, headers, body, round_trip, middle })
    })
}
