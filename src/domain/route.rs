//! How calls reach the address of a profile: whom they trust, as whom they present themselves, and through which proxy.

use std::{fmt, net::IpAddr, path::PathBuf, sync::Arc};

use url::{Host, Url};

use super::{origin::Origin, secret::Secret};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// A PEM file of the certificate authorities that are trusted in place of the machine's.
    pub authorities: Option<PathBuf>,
    /// The client certificate shown to servers that ask for one.
    pub identity: Option<Identity>,
    /// Its own proxies; without, those of the environment.
    pub proxies: Option<Proxies>,
}

/// A client certificate: two PEM files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The certificate, with those between it and its authority.
    pub certificate: PathBuf,
    /// Its private key, a file that nobody else can read.
    pub key: PathBuf,
}

/// Which calls go through a proxy; none to this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For plain calls.
    pub http: Option<Proxy>,
    /// For encrypted ones.
    pub https: Option<Proxy>,
    /// Hosts that are reached without: names, with all below them, addresses, and networks such as `10.0.0.0/8`, each with
    /// a port or without; `*` is all.
    pub except: Vec<String>,
}

/// A proxy (RFC 9110 §3.7); encrypted calls tunnel through it by CONNECT.
#[derive(Clone)]
pub struct Proxy {
    /// Its address, without user name and password.
    pub address: Url,
    /// The user name and password that it wants.
    pub login: Option<(String, Arc<Secret>)>,
}

impl Proxy {
    /// A proxy at that address; without a scheme it is `http`. The text is not repeated: a password may stand in it.
    pub fn at(written: &str) -> Result<Self, String> {
        let written = written.trim();
        let whole = if written.contains("://") { written.to_owned() } else { format!("http://{written}") };
        let mut address = Url::parse(&whole).map_err(|error| format!("this is no address of a proxy: {error}"))?;
        if Origin::of(&address).is_none() {
            return Err(format!("proxies of the kind `{}` are not supported: name one with `http`", address.scheme()));
        }
        let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let login = (!address.username().is_empty() || address.password().is_some()).then(|| {
            (decoded(address.username()), Arc::new(Secret::new(decoded(address.password().unwrap_or_default()))))
        });
        // An address with a host takes both.
        let _ = address.set_username("").and_then(|()| address.set_password(None));
        Ok(Self { address, login })
    }

    fn same(&self) -> (&Url, Option<&str>) {
        (&self.address, self.login.as_ref().map(|(user, _)| user.as_str()))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxy").field(&self.address.as_str()).finish()
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.address.as_str().trim_end_matches('/'))
    }
}

impl PartialEq for Proxy {
    fn eq(&self, other: &Self) -> bool {
        self.same() == other.same()
    }
}

impl Eq for Proxy {}

impl std::hash::Hash for Proxy {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.same().hash(state);
    }
}

impl Proxies {
    /// One for every call that leaves this machine.
    pub fn all(proxy: Proxy) -> Self {
        Self { http: Some(proxy.clone()), https: Some(proxy), except: Vec::new() }
    }

    /// The proxy of a call to that origin.
    pub fn of(&self, origin: &Origin) -> Option<&Proxy> {
        let proxy = if origin.is_https() { &self.https } else { &self.http };
        proxy.as_ref().filter(|_| !origin.is_loopback() && !self.except.iter().any(|except| covers(except, origin)))
    }
}

/// Whether an entry of `NO_PROXY` means that origin.
fn covers(except: &str, origin: &Origin) -> bool {
    let except = except.trim();
    if except == "*" {
        return true;
    }
    let (host, port) = match except.rsplit_once(':') {
        // An IPv6 address has colons of its own.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse().ok()),
        _ => (except, None),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_start_matches("*.").trim_start_matches('.');
    if host.is_empty() || port.is_some_and(|port: u16| port != origin.port) {
        return false;
    }
    let address = match Host::parse(&origin.host) {
        Ok(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Ok(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        Ok(Host::Domain(_)) | Err(_) => None,
    };
    match (host.split_once('/'), address) {
        (Some((network, bits)), Some(address)) => match (network.parse(), bits.parse()) {
            (Ok(network), Ok(bits)) => is_in(address, network, bits),
            _ => false,
        },
        (None, Some(address)) => host.parse() == Ok(address),
        (_, None) => {
            let host = host.to_ascii_lowercase();
            origin.host == host || origin.host.strip_suffix(&host).is_some_and(|rest| rest.ends_with('.'))
        }
    }
}

/// Whether the first `bits` of both are equal.
fn is_in(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) if bits <= 32 => {
            let other = u64::from(address.to_bits() ^ network.to_bits());
            other >> (32 - bits) == 0
        }
        (IpAddr::V6(address), IpAddr::V6(network)) if bits <= 128 => {
            (address.to_bits() ^ network.to_bits()).checked_shr(128 - bits).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::of(&Url::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn this_machine_and_the_excepted_hosts_are_reached_without_a_proxy() {
        let proxies = |except: &str| Proxies {
            except: except.split(',').map(ToOwned::to_owned).collect(),
            ..Proxies::all(Proxy::at("proxy.example:3128").unwrap())
        };
        for local in ["http://127.0.0.1:9", "https://localhost", "http://[::1]:8080"] {
            assert_eq!(proxies("").of(&origin(local)), None, "{local}");
        }
        let excepted = [
            ("*", "https://api.example"),
            ("api.example", "https://api.example"),
            ("example", "https://api.example"),
            (".example", "https://api.example"),
            ("*.example", "https://api.example"),
            ("else, API.Example ", "https://api.example"),
            ("api.example:8443", "https://api.example:8443"),
            ("10.1.2.3", "http://10.1.2.3"),
            ("10.0.0.0/8", "http://10.1.2.3"),
            ("0.0.0.0/0", "http://10.1.2.3"),
            ("[fd00::1]:80", "http://[fd00::1]"),
            ("fd00::/8", "http://[fd00::1]"),
            ("::/0", "http://[fd00::1]"),
        ];
        for (except, to) in excepted {
            assert_eq!(proxies(except).of(&origin(to)), None, "{except}");
        }
        let others = [
            ("", "https://api.example"),
            (".", "https://api.example"),
            ("pi.example", "https://api.example"),
            ("api.example.org", "https://api.example"),
            ("api.example:8443", "https://api.example"),
            ("10.0.0.0/16", "http://10.1.2.3"),
            ("10.1.2.3/99", "http://10.1.2.3"),
            ("fd00::/8", "http://10.1.2.3"),
        ];
        for (except, to) in others {
            assert!(proxies(except).of(&origin(to)).is_some(), "{except}");
        }
    }

    #[test]
    fn the_password_of_a_proxy_is_in_no_text() {
        let proxy = Proxy::at("http://me:hunter%322@proxy.example:3128").unwrap();
        let (user, password) = proxy.login.as_ref().unwrap();
        assert_eq!((user.as_str(), password.same_as(&Secret::new("hunter22"))), ("me", true));
        assert_eq!(
            (proxy.to_string(), format!("{proxy:?}").contains("hunter")),
            ("http://proxy.example:3128".to_owned(), false)
        );
        for wrong in ["socks5://hunter2@proxy", "http://hunter2@"] {
            assert!(!Proxy::at(wrong).unwrap_err().contains("hunter2"));
        }
    }
}
