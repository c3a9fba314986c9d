//! Where an answer sends us, and what may come along (RFC 9110 §15.4).
//!
//! Pure. Credentials stay with the origin they are bound to: once a chain has left it, they stay off, on the way back
//! too.

use http::{Method, StatusCode};
use url::Url;

use super::error::failure;
use crate::domain::{
    exchange::{Failure, FailureKind},
    origin::Origin,
};

/// What to do after an answer.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// It is the end of the chain.
    Stay,
    /// Go there.
    Go {
        /// Where.
        to: Url,
        /// With this method.
        method: Method,
        /// Whether the body comes along.
        with_body: bool,
        /// Whether it is another origin.
        leaves_origin: bool,
    },
    /// The chain cannot go on.
    Stop(Failure),
}

/// The step after an answer of `status` to a `method` request for `url` that carried a body or not.
pub(super) fn next(status: StatusCode, method: &Method, url: &Url, location: Option<&[u8]>, has_body: bool) -> Next {
    let (301 | 302 | 303 | 307 | 308, Some(location)) = (status.as_u16(), location) else { return Next::Stay };
    let stop = |text: String, hint: &str| {
        Next::Stop(Failure { hint: Some(hint.to_owned()), ..failure(FailureKind::Redirect, text) })
    };
    let shown = || String::from_utf8_lossy(location).escape_debug().to_string();
    let to = std::str::from_utf8(location).ok().and_then(|location| url.join(location.trim()).ok());
    let (Some(mut to), Some(from)) = (to, Origin::of(url)) else {
        return stop(
            format!("{status} points to `{}`, which is no address", shown()),
            "the answer is shown as it came",
        );
    };
    let Some(origin) = Origin::of(&to) else {
        return stop(
            format!("{status} points to `{}`, which is not http or https", shown()),
            "the answer is shown as it came",
        );
    };
    if from.is_https() && !origin.is_https() {
        return stop(
            format!("{status} points from https to plain `{origin}`; that is never followed"),
            "call the address by hand if you trust it",
        );
    }
    let leaves_origin = from != origin;
    let keeps = matches!(status.as_u16(), 307 | 308);
    let rewritten = match (status.as_u16(), method) {
        (303, method) if *method != Method::HEAD => Method::GET,
        (301 | 302, method) if *method == Method::POST => Method::GET,
        _ => method.clone(),
    };
    let with_body = has_body && (keeps || rewritten == *method) && rewritten != Method::GET;
    if leaves_origin && with_body {
        return stop(
            format!("{status} asks to send the body to another origin, `{origin}`; it was not sent there"),
            "send the request to that address yourself if you trust it",
        );
    }
    if to.fragment().is_some() {
        to.set_fragment(None);
    }
    // User information in a Location is another party's idea of who we are.
    let _ = to.set_username("");
    let _ = to.set_password(None);
    Next::Go { to, method: rewritten, with_body, leaves_origin }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(status: u16, method: &Method, from: &str, location: &str, has_body: bool) -> Next {
        let status = StatusCode::from_u16(status).unwrap();
        next(status, method, &Url::parse(from).unwrap(), Some(location.as_bytes()), has_body)
    }

    #[test]
    fn a_post_becomes_a_get_but_for_307_and_308() {
        for (status, method, with_body) in
            [(301, Method::GET, false), (303, Method::GET, false), (307, Method::POST, true)]
        {
            let Next::Go { method: got, with_body: body, leaves_origin, .. } =
                go(status, &Method::POST, "http://a/x", "/y", true)
            else {
                panic!("{status}")
            };
            assert_eq!((got, body, leaves_origin), (method, with_body, false));
        }
    }

    #[test]
    fn odd_places_stop_the_chain() {
        for location in ["file:///etc/passwd", "http://[", "javascript:alert(1)", "http://a:99999/"] {
            assert!(matches!(go(302, &Method::GET, "http://a/x", location, false), Next::Stop(_)), "{location}");
        }
        assert!(matches!(go(302, &Method::GET, "https://a/x", "http://a/x", false), Next::Stop(_)));
        assert!(matches!(go(307, &Method::POST, "http://a/x", "http://b/x", true), Next::Stop(_)));
    }

    #[test]
    fn another_port_is_another_origin_and_user_information_is_dropped() {
        let Next::Go { to, leaves_origin, .. } = go(302, &Method::GET, "http://a:1/x", "http://u:p@a:2/y#z", false)
        else {
            panic!()
        };
        assert_eq!((to.as_str(), leaves_origin), ("http://a:2/y", true));
    }
}
