//! The address of a request: a text, or its parts.

use serde_json::Value;

use super::{is_on, known, list, text};
use crate::{
    domain::request::{Draft, Pair},
    interchange::variable_name,
};

/// Puts it into the draft: `:id` as a variable, query parameters as rows.
pub(super) fn taken(url: &Value, draft: &mut Draft) {
    let raw = match url {
        Value::String(raw) => raw.clone(),
        parts => match text(parts, "raw") {
            raw if raw.is_empty() => built(parts),
            raw => raw,
        },
    };
    let raw = known(&raw);
    let raw = raw.split('#').next().unwrap_or_default();
    let (path, query) = raw.split_once('?').map_or((raw, None), |(path, query)| (path, Some(query)));
    let begin = path.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = path.split_at(begin);
    let mut parts = rest.split('/');
    let host = parts.next().unwrap_or_default();
    let mut address = format!("{scheme}{host}");
    for part in parts {
        address.push('/');
        match part.strip_prefix(':').filter(|name| !name.is_empty()) {
            Some(name) => address.push_str(&format_variable(name)),
            None => address.push_str(part),
        }
    }
    if scheme.is_empty() && !address.starts_with("{{") && !address.is_empty() {
        address = format!("http://{address}");
    }
    draft.url = address;
    match url.get("query").and_then(Value::as_array) {
        Some(rows) => {
            let pair = |row: &Value| Pair { on: is_on(row), ..Pair::new(text(row, "key"), known(&text(row, "value"))) };
            draft.query = rows.iter().map(pair).collect();
        }
        None => {
            if let Some(query) = query {
                draft.url.push('?');
                draft.url.push_str(query);
            }
        }
    }
    let values = list(url, "variable").iter().filter(|row| !text(row, "key").is_empty());
    draft.variables =
        values.map(|row| Pair::new(variable_name(&text(row, "key")), known(&text(row, "value")))).collect();
}

fn format_variable(name: &str) -> String {
    format!("{{{{{}}}}}", variable_name(name))
}

fn built(parts: &Value) -> String {
    let joined = |name: &str, by: &str| match parts.get(name) {
        Some(Value::Array(parts)) => parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(by),
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    let scheme = joined("protocol", "");
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    let port = text(parts, "port");
    let port = if port.is_empty() { port } else { format!(":{port}") };
    format!("{scheme}{}{port}/{}", joined("host", "."), joined("path", "/").trim_start_matches('/'))
}
