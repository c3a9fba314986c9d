//! The door: what it refuses before anything is looked at or written down.
//!
//! A web page can make a browser call 127.0.0.1, by name (DNS rebinding) or across origins. So a request whose host is
//! not loopback is refused, and any request with an `Origin`; control routes and the journal want a header that a page
//! cannot set without asking first. `front` calls it; the handlers behind it call [`Bearer`].

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderName, StatusCode, header, request::Parts},
    response::Response,
};

use super::{Shared, answers, order::Unchecked, shifted};

/// Wanted on control routes and the journal, with any value.
pub(super) const CONTROL_HEADER: HeaderName = HeaderName::from_static("x-authscope-sandbox");

/// Whether a path is one of the sandbox's levers rather than a part of the API it plays.
pub(super) fn is_lever(path: &str) -> bool {
    path.starts_with("/_sandbox/control/") || path == "/_sandbox/journal"
}

/// The refusal of a request that may not come in.
pub(super) fn refusal(request: &Request) -> Option<Response> {
    let headers = request.headers();
    let mut hosts = headers.get_all(header::HOST).iter();
    let named = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_loopback),
        _ => false,
    };
    let targeted = request.uri().authority().is_none_or(|authority| is_loopback(authority.as_str()));
    let why = if !named || !targeted {
        "the sandbox answers to loopback hosts only"
    } else if headers.contains_key(header::ORIGIN) {
        "the sandbox answers no web page"
    } else if is_lever(request.uri().path()) && !headers.contains_key(CONTROL_HEADER) {
        "this route wants the header X-Authscope-Sandbox"
    } else {
        return None;
    };
    Some(answers::failure(StatusCode::FORBIDDEN, why))
}

/// Whether an authority (`host` or `host:port`) names this machine: 127.0.0.0/8, `[::1]` or `localhost`.
fn is_loopback(authority: &str) -> bool {
    let (host, rest) = match authority.find(']') {
        Some(end) => authority.split_at(end + 1),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port_is_fine =
        rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    port_is_fine
        && (host.eq_ignore_ascii_case("localhost")
            || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
            || v6.is_some_and(|v6| v6.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())))
}

/// The one bearer token of a request (RFC 6750 §2.1); `None` for no header, several, another scheme.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start_matches(' '))
}

/// Proof that the request carried a token that is good now; its rejection is the documented 401.
pub(super) struct Bearer;

impl FromRequestParts<Shared> for Bearer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, inner: &Shared) -> Result<Self, Response> {
        let scenario = &inner.scenario;
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            if scenario.lets_in(Unchecked::Bare) {
                return Ok(Self);
            }
            return Err(answers::marked(answers::unauthorized(), "the answer to a missing Authorization"));
        }
        let now = shifted(inner.time(), scenario.checking_offset());
        let once = scenario.shape().one_use;
        match bearer(&parts.headers) {
            Some(token) if inner.issuer.accepts(token, now, once) => Ok(Self),
            Some(token) if scenario.lets_in(Unchecked::Altered) && inner.issuer.serial(token).is_none() => Ok(Self),
            _ => Err(answers::unauthorized()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_told_from_names_that_only_look_like_it() {
        for host in ["127.0.0.1", "127.0.0.1:80", "127.9.9.9:1", "localhost", "LocalHost:4000", "[::1]", "[::1]:99"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "127.0.0.1.example.com",
            "localhost.example.com",
            "localhost:80@example.com",
            "10.0.0.1",
            "0.0.0.0",
            "[::2]",
            "[::1]x",
            "::1",
            "[::ffff:127.0.0.1]",
            "127.1",
            "127.0.0.1:80:80",
            "]",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn one_bearer_token_is_read_and_nothing_else() {
        let read = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().unwrap());
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(read(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(read(&["bearer  abc"]).as_deref(), Some("abc"));
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["Bearer a", "Bearer b"]), None);
        assert_eq!(read(&["Basic abc"]), None);
    }
}
