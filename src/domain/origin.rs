//! Origins (RFC 6454): scheme, host and port. Secrets are bound to them.

use std::fmt;

use url::{Host, Url};

/// An `http` or `https` origin, with its port written out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: String,
    /// Host as an URL writes it: lower case, IPv6 in brackets.
    pub host: String,
    /// Port, the scheme's own one included.
    pub port: u16,
}

impl Origin {
    /// The origin of an address, if it is `http` or `https` and names a host.
    pub fn of(url: &Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_ascii_lowercase(),
            port: url.port_or_known_default()?,
        })
    }

    /// Whether a message to it is encrypted.
    pub fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// Whether it is on this machine: `localhost`, `127.0.0.0/8` or `::1`.
    pub fn is_loopback(&self) -> bool {
        match Host::parse(&self.host) {
            Ok(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Ok(Host::Ipv4(ip)) => ip.is_loopback(),
            Ok(Host::Ipv6(ip)) => ip.is_loopback(),
            Err(_) => false,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("https", 443) | ("http", 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Option<Origin> {
        Origin::of(&Url::parse(text).ok()?)
    }

    #[test]
    fn port_scheme_and_host_each_make_another_origin() {
        let base = origin("https://api.example/x").unwrap();
        assert_eq!(base, origin("https://user@API.example:443/y").unwrap());
        for other in ["http://api.example/", "https://api.example:8443/", "https://api.example.evil/"] {
            assert_ne!(base, origin(other).unwrap());
        }
        assert_eq!(origin("file:///etc/passwd"), None);
    }

    #[test]
    fn loopback_is_told_by_address_not_by_look() {
        for yes in ["http://127.0.0.1:9/", "http://localhost/", "http://[::1]:1/", "http://127.8.9.1/"] {
            assert!(origin(yes).unwrap().is_loopback(), "{yes}");
        }
        for no in ["http://127.0.0.1.evil.example/", "http://10.0.0.1/", "http://localhost.evil.example/"] {
            assert!(!origin(no).unwrap().is_loopback(), "{no}");
        }
    }
}
