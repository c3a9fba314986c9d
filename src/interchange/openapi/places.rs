//! Where the calls of a description go, and how they prove who calls.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use super::documents::{Documents, Node};
use crate::{
    domain::request::Pair,
    interchange::{Import, Server, server, title, variable_name},
};

/// What each security scheme adds to a request: header fields and query parameters, with a variable as value.
#[derive(Default)]
pub(super) struct Places {
    pub(super) keys: BTreeMap<String, Key>,
    pub(super) is_second: bool,
}

/// Where a key stands in a request.
pub(super) enum Key {
    Header(Pair),
    Query(Pair),
    /// The profile's token.
    Token,
}

/// Reads servers and security schemes; what a profile can say of them becomes profiles.
pub(super) fn taken(documents: &Documents, is_second: bool, import: &mut Import) -> Places {
    let root = documents.root();
    let mut places = Places { is_second, ..Places::default() };
    let mut addresses: Vec<(String, String)> = if is_second { second(root) } else { third(root, import) };
    addresses.retain(|(address, _)| {
        let whole = Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !whole {
            import.leave(
                format!("the server `{}`", title(address)),
                "it is no whole address: give a profile its base-url",
            );
        }
        whole
    });
    let schemes = if is_second {
        root.member("securityDefinitions")
    } else {
        root.member("components").and_then(|all| all.member("securitySchemes"))
    };
    let mut token = None;
    if let Some(schemes) = schemes {
        for (name, value) in schemes.value.as_object().into_iter().flatten() {
            match documents.resolved(Node { value, ..schemes }) {
                Ok(scheme) => scheme_taken(name, scheme, &mut places, &mut token, import),
                Err(why) => import.leave(format!("the security scheme `{}`", title(name)), why),
            }
        }
    }
    let fallback = server::name_of(root.member("info").map_or("", |info| info.text("title")));
    for (base_url, name) in addresses {
        let name = server::name_of(&name);
        let name = [name, fallback.clone(), "imported".to_owned()].into_iter().find(|name| !name.is_empty());
        let mut server = Server { name: name.unwrap_or_default(), base_url, ..token.clone().unwrap_or_default() };
        // A token call may be written from the server on.
        server.token_url = server
            .token_url
            .map(|url| Url::parse(&server.base_url).and_then(|base| base.join(&url)).map_or(url, String::from));
        let whole = server.base_url.trim_end_matches('/').len();
        server.base_url.truncate(whole);
        import.servers.push(server);
    }
    places
}

/// `schemes`, `host` and `basePath` of 2.0.
fn second(root: Node<'_>) -> Vec<(String, String)> {
    let host = root.text("host");
    if host.is_empty() {
        return Vec::new();
    }
    let schemes: Vec<&str> = root.items("schemes").filter_map(|scheme| scheme.value.as_str()).collect();
    let scheme = if schemes.contains(&"https") || schemes.is_empty() { "https" } else { "http" };
    vec![(format!("{scheme}://{host}{}", root.text("basePath")), String::new())]
}

/// `servers` of 3.x, their variables at their defaults.
fn third(root: Node<'_>, import: &mut Import) -> Vec<(String, String)> {
    root.items("servers").map(|server| (filled(server, import), server.text("description").to_owned())).collect()
}

/// The address of a server.
pub(super) fn filled(server: Node<'_>, import: &mut Import) -> String {
    let mut address = server.text("url").to_owned();
    for (name, variable) in server.value.get("variables").and_then(Value::as_object).into_iter().flatten() {
        let written = format!("{{{name}}}");
        if address.contains(&written) {
            let default = variable.get("default").and_then(Value::as_str).unwrap_or_default();
            address = address.replace(&written, default);
            import.leave(
                format!("other values of `{}`", title(name)),
                format!("the server is taken with `{}`", title(default)),
            );
        }
    }
    address
}

fn scheme_taken(name: &str, scheme: Node<'_>, places: &mut Places, token: &mut Option<Server>, import: &mut Import) {
    let what = format!("the security scheme `{}`", title(name));
    let variable = format!("{{{{{}}}}}", variable_name(name));
    let mut flows = Vec::new();
    match (scheme.text("type"), scheme.text("in")) {
        ("apiKey", place) => {
            let pair = Pair::new(scheme.text("name"), variable);
            let key = match place {
                "query" => Key::Query(pair),
                "cookie" => Key::Header(Pair::new("Cookie", format!("{}={}", pair.name, pair.value))),
                _ => Key::Header(pair),
            };
            places.keys.insert(name.to_owned(), key);
            import.variables.push(Pair::new(variable_name(name), ""));
            return import.leave(format!("the value of `{}`", variable_name(name)), "it is a secret: give it in Vars");
        }
        ("http", _) if scheme.text("scheme").eq_ignore_ascii_case("bearer") => {
            places.keys.insert(name.to_owned(), Key::Token);
            return import.leave(what, "it does not say where tokens come from: give the profile its token-url");
        }
        ("basic" | "http", _) => {
            return import.leave(what, "tokens are the profile's; Basic is a header `Authorization`");
        }
        // Of 2.0: one flow, in the scheme itself.
        ("oauth2", _) if places.is_second => flows.push((scheme.text("flow"), scheme)),
        ("oauth2", _) => {
            let all = scheme.member("flows");
            let names = all.and_then(|all| all.value.as_object()).into_iter().flatten();
            flows.extend(names.filter_map(|(name, value)| Some((name.as_str(), Node { value, ..all? }))));
        }
        (other, _) => return import.leave(what, format!("`{}` is another way to prove who calls", title(other))),
    }
    places.keys.insert(name.to_owned(), Key::Token);
    for (kind, flow) in flows {
        if !["clientCredentials", "application"].contains(&kind) {
            import
                .leave(format!("the flow `{}` of {what}", title(kind)), "tokens are asked for with client credentials");
            continue;
        }
        let scopes = flow.value.get("scopes").and_then(Value::as_object);
        let scope: Vec<&str> = scopes.into_iter().flat_map(|scopes| scopes.keys().map(String::as_str)).collect();
        *token = Some(Server {
            token_url: Some(flow.text("tokenUrl").to_owned()),
            token_request: Some("form-basic"),
            scope: Some(scope.join(" ")).filter(|scope| !scope.is_empty()),
            ..Server::default()
        });
        import.leave(format!("client id and secret for {what}"), "give the profile a credential: `authscope profiles`");
    }
}
