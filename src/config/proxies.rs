//! The proxies that environment variables name, as other programs read them: `http_proxy`, `https_proxy`, `all_proxy`
//! and `no_proxy`, the small letters before the capitals.

use super::profiles::EnvironmentError;
use crate::domain::route::{Proxies, Proxy};

/// What a person writes for no proxy at all.
pub const NONE: &str = "none";

/// The proxies of the environment; `variable` looks a variable up, an empty one counts as unset.
pub fn from_environment(variable: &dyn Fn(&str) -> Option<String>) -> Result<Proxies, EnvironmentError> {
    let first = |names: &[&'static str]| {
        names.iter().find_map(|name| Some((*name, variable(name).filter(|value| !value.trim().is_empty())?)))
    };
    let proxy = |names: &[&'static str]| {
        let read =
            |(variable, value): (_, String)| Proxy::at(&value).map_err(|what| EnvironmentError { variable, what });
        first(names).map(read).transpose()
    };
    // A web server gives the header field `Proxy` of a stranger as HTTP_PROXY to the programs it starts.
    let plain: &[_] =
        if variable("REQUEST_METHOD").is_some() { &["http_proxy"] } else { &["http_proxy", "HTTP_PROXY"] };
    let rest = proxy(&["all_proxy", "ALL_PROXY"])?;
    let except = first(&["no_proxy", "NO_PROXY"]).map(|(_, value)| value).unwrap_or_default();
    Ok(Proxies {
        http: proxy(plain)?.or_else(|| rest.clone()),
        https: proxy(&["https_proxy", "HTTPS_PROXY"])?.or(rest),
        except: except.split(',').map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()).collect(),
    })
}

/// What a person writes for a proxy, or [`NONE`].
pub fn proxies(written: &str) -> Result<Proxies, String> {
    if written == NONE { Ok(Proxies::default()) } else { Proxy::at(written).map(Proxies::all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Proxies, EnvironmentError> {
        from_environment(&|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn told(proxies: &Proxies) -> [Option<String>; 2] {
        [&proxies.http, &proxies.https].map(|proxy| proxy.as_ref().map(ToString::to_string))
    }

    #[test]
    fn variables_name_proxies_as_elsewhere() {
        let some = |text: &str| Some(text.to_owned());
        let cases: [(&[(&str, &str)], _); 6] = [
            (&[], [None, None]),
            (&[("HTTP_PROXY", "http://a"), ("https_proxy", "b:3128")], [some("http://a"), some("http://b:3128")]),
            (&[("http_proxy", "http://a"), ("HTTP_PROXY", "http://b")], [some("http://a"), None]),
            (&[("HTTP_PROXY", "http://a"), ("REQUEST_METHOD", "GET")], [None, None]),
            (&[("ALL_PROXY", "http://a"), ("HTTPS_PROXY", "http://b")], [some("http://a"), some("http://b")]),
            (&[("https_proxy", " ")], [None, None]),
        ];
        for (variables, expected) in cases {
            assert_eq!(told(&read(variables).unwrap()), expected, "{variables:?}");
        }
        assert_eq!(read(&[("NO_PROXY", "a, .b,,")]).unwrap().except, ["a", ".b"]);
        let wrong = read(&[("ALL_PROXY", "socks5://a")]).unwrap_err();
        assert_eq!((wrong.variable, wrong.what.contains("`socks5`")), ("ALL_PROXY", true));
        assert_eq!(told(&proxies(NONE).unwrap()), [None, None]);
    }
}
