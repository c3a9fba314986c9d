//! How a request proves who calls.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{known, text};
use crate::{
    domain::request::{Draft, Pair},
    interchange::{Import, server::Server},
};

pub(super) fn taken(authorization: &Value, name: &str, draft: &mut Draft, import: &mut Import) {
    let kind = text(authorization, "type");
    // A list of rows in 2.1, an object in 2.0.
    let of = |key: &str| match authorization.get(&kind) {
        Some(Value::Array(rows)) => rows.iter().find(|row| text(row, "key") == key).map(|row| text(row, "value")),
        Some(parts) => Some(text(parts, key)),
        None => None,
    };
    let of = |key: &str| known(&of(key).unwrap_or_default());
    match kind.as_str() {
        "" => {}
        "noauth" => {
            import.leave(format!("`{name}` without a token"), "every call carries the profile's: `S` sends without");
        }
        "bearer" => draft.headers.push(Pair::new("Authorization", format!("Bearer {}", of("token")))),
        "basic" => {
            let pair = format!("{}:{}", of("username"), of("password"));
            if pair.contains("{{") {
                import.leave(format!("the user and password of `{name}`"), "Basic cannot be made of variables");
            } else {
                draft.headers.push(Pair::new("Authorization", format!("Basic {}", BASE64_STANDARD.encode(pair))));
            }
        }
        "apikey" if of("in") == "query" => draft.query.push(Pair::new(of("key"), of("value"))),
        "apikey" => draft.headers.push(Pair::new(of("key"), of("value"))),
        "oauth2" if of("grant_type") == "client_credentials" && !of("accessTokenUrl").is_empty() => {
            let url = of("accessTokenUrl");
            let wire = if of("client_authentication") == "body" { "form-body" } else { "form-basic" };
            let scope = Some(of("scope")).filter(|scope| !scope.is_empty());
            let base = url::Url::parse(&url).map(|url| url.origin().ascii_serialization());
            let Ok(base_url) = base else {
                return import.leave(format!("the token call of `{name}`"), format!("`{url}` is no address yet"));
            };
            let server = Server {
                name: "imported".to_owned(),
                base_url,
                token_url: Some(url),
                token_request: Some(wire),
                scope,
            };
            if !import.servers.contains(&server) {
                import.servers.push(server);
            }
        }
        other => {
            import.leave(format!("`{other}` of `{name}`"), "another way to prove who calls: tokens are the profile's");
        }
    }
}
