//! Collections and environments of Postman 2.1. Scripts in them are not run, answers in them not taken.

use serde_json::Value;

use super::{Import, multipart, title, variable_name};
use crate::domain::{
    request::{Draft, Pair},
    secrecy::is_secret_by_name,
};

mod address;
mod authorization;

/// Folders within each other.
const DEEPEST: usize = 32;

/// The requests of a collection, or the variables of an environment.
pub fn imported(text: &str) -> Import {
    let mut import = Import::default();
    let json: Value = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => {
            import.leave("the collection", format!("it is no JSON: {error}"));
            return import;
        }
    };
    if let Some(values) = json.get("values").and_then(Value::as_array) {
        variables(values, &mut import);
        return import;
    }
    let schema = json.pointer("/info/schema").and_then(Value::as_str).unwrap_or_default();
    if !schema.is_empty() && !schema.contains("/v2.") {
        import.leave("the collection", "it is not of version 2: export it as v2.1");
        return import;
    }
    variables(list(&json, "variable"), &mut import);
    let reading = Reading { folders: Vec::new(), authorization: json.get("auth") };
    events(&json, "the collection", &mut import);
    reading.items(list(&json, "item"), &mut import);
    import
}

fn list<'a>(json: &'a Value, name: &str) -> &'a [Value] {
    json.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text(json: &Value, name: &str) -> String {
    match json.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        _ => String::new(),
    }
}

fn is_on(json: &Value) -> bool {
    json.get("disabled") != Some(&Value::Bool(true)) && json.get("enabled") != Some(&Value::Bool(false))
}

fn variables(values: &[Value], import: &mut Import) {
    for value in values {
        let (name, kind) = (variable_name(&text(value, "key")), text(value, "type"));
        if name.is_empty() {
            continue;
        }
        let secret = kind == "secret" || is_secret_by_name(&name);
        if secret && !text(value, "value").is_empty() {
            import.leave(format!("the value of `{name}`"), "a secret is not written into a file: give it in Vars");
        }
        let value = Pair {
            on: is_on(value),
            ..Pair::new(name, if secret { String::new() } else { known(&text(value, "value")) })
        };
        import.variables.push(value);
    }
}

/// The variables that Postman makes up, by the names they have here.
fn known(text: &str) -> String {
    text.replace("{{$guid}}", "{{$uuid}}").replace("{{$randomUUID}}", "{{$uuid}}")
}

/// Scripts of an item.
fn events(item: &Value, name: &str, import: &mut Import) {
    for event in list(item, "event") {
        let lines = event.pointer("/script/exec");
        let empty = match lines {
            Some(Value::Array(lines)) => {
                lines.iter().all(|line| line.as_str().is_none_or(|line| line.trim().is_empty()))
            }
            Some(Value::String(line)) => line.trim().is_empty(),
            _ => true,
        };
        if !empty {
            import.leave(format!("a script of {name} ({})", text(event, "listen")), "nothing is run");
        }
    }
}

struct Reading<'a> {
    folders: Vec<String>,
    authorization: Option<&'a Value>,
}

impl<'a> Reading<'a> {
    fn items(&self, items: &'a [Value], import: &mut Import) {
        for item in items {
            let name = title(&text(item, "name"));
            let authorization = item.get("auth").filter(|auth| !auth.is_null()).or(self.authorization);
            if item.get("item").is_some() {
                events(item, &format!("`{name}`"), import);
                if self.folders.len() >= DEEPEST {
                    import.leave(format!("the folder `{name}`"), "it lies too deep");
                    continue;
                }
                let folders = self.folders.iter().cloned().chain([name]).collect();
                Reading { folders, authorization }.items(list(item, "item"), import);
            } else {
                self.request(item, &name, authorization, import);
            }
        }
    }

    fn request(&self, item: &Value, name: &str, authorization: Option<&Value>, import: &mut Import) {
        events(item, &format!("`{name}`"), import);
        if !list(item, "response").is_empty() {
            import.leave(format!("the saved answers of `{name}`"), "an import takes requests");
        }
        let request = match item.get("request") {
            Some(Value::String(url)) => serde_json::json!({ "method": "GET", "url": url }),
            Some(request @ Value::Object(_)) => request.clone(),
            _ => return import.leave(format!("`{name}`"), "it has no request"),
        };
        let method = text(&request, "method");
        let mut draft = Draft {
            name: name.to_owned(),
            method: if method.is_empty() { "GET".to_owned() } else { method },
            ..Draft::default()
        };
        address::taken(&request["url"], &mut draft);
        let header = |row: &Value| Pair { on: is_on(row), ..Pair::new(text(row, "key"), known(&text(row, "value"))) };
        match request.get("header") {
            Some(Value::Array(rows)) => draft.headers.extend(rows.iter().map(header)),
            Some(Value::String(lines)) => {
                let rows = lines.lines().filter_map(|line| line.split_once(':'));
                draft.headers.extend(rows.map(|(name, value)| Pair::new(name.trim(), value.trim())));
            }
            _ => {}
        }
        let anew = ["host", "content-length", "connection", "transfer-encoding"];
        draft.headers.retain(|row| !anew.contains(&row.name.to_lowercase().as_str()));
        if let Some(body) = request.get("body").filter(|body| is_on(body)) {
            put_body(body, name, &mut draft, import);
        }
        let own = request.get("auth").filter(|auth| !auth.is_null()).or(authorization);
        if let Some(own) = own {
            authorization::taken(own, name, &mut draft, import);
        }
        import.push(self.folders.clone(), draft);
    }
}

fn put_body(body: &Value, name: &str, draft: &mut Draft, import: &mut Import) {
    let kind = |draft: &mut Draft, kind: &str| {
        if !draft.headers.iter().any(|row| row.on && row.name.eq_ignore_ascii_case("content-type")) {
            draft.headers.push(Pair::new("Content-Type", kind));
        }
    };
    let mode = text(body, "mode");
    match mode.as_str() {
        "raw" => {
            draft.body = known(&text(body, "raw"));
            let language = body.pointer("/options/raw/language").and_then(Value::as_str).unwrap_or_default();
            match language {
                "json" => kind(draft, "application/json"),
                "xml" => kind(draft, "application/xml"),
                "html" => kind(draft, "text/html"),
                "javascript" => kind(draft, "application/javascript"),
                _ if draft.body.is_empty() => {}
                _ => kind(draft, "text/plain"),
            }
        }
        "urlencoded" => {
            let rows = list(body, "urlencoded").iter().filter(|row| is_on(row));
            let rows =
                rows.map(|row| format!("{}={}", encoded(&text(row, "key")), encoded(&known(&text(row, "value")))));
            draft.body = rows.collect::<Vec<_>>().join("&");
            kind(draft, "application/x-www-form-urlencoded");
        }
        "formdata" => {
            let mut parts = Vec::new();
            for row in list(body, "formdata").iter().filter(|row| is_on(row)) {
                if text(row, "type") == "file" {
                    import.leave(format!("the file `{}` in the form of `{name}`", text(row, "key")), "no file is read");
                    continue;
                }
                parts.push(multipart::Part {
                    name: text(row, "key"),
                    content: known(&text(row, "value")),
                    kind: Some(text(row, "contentType")).filter(|kind| !kind.is_empty()),
                    ..multipart::Part::default()
                });
            }
            let boundary = multipart::boundary(&parts);
            draft.body = multipart::text(&parts, &boundary, false, "form-data");
            kind(draft, &format!("multipart/form-data; boundary={boundary}"));
        }
        "graphql" => {
            let graphql = &body["graphql"];
            let variables = text(graphql, "variables");
            let variables = serde_json::from_str(&variables).unwrap_or(Value::Object(serde_json::Map::new()));
            let query = serde_json::json!({ "query": text(graphql, "query"), "variables": variables });
            draft.body = serde_json::to_string_pretty(&query).unwrap_or_default();
            kind(draft, "application/json");
        }
        "" | "none" => {}
        "file" => import.leave(format!("the file that `{name}` sends"), "no file is read"),
        other => import.leave(format!("the body of `{name}`"), format!("`{other}` is no kind that is known")),
    }
}

/// Percent-encoded as a form wants it, variables left alone.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    let plain = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    for (_, range) in crate::domain::template::mentions(text) {
        out.push_str(&plain(text.get(from..range.start).unwrap_or_default()));
        out.push_str(text.get(range.clone()).unwrap_or_default());
        from = range.end;
    }
    out.push_str(&plain(text.get(from..).unwrap_or_default()));
    out
}
