//! One operation as a request.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    documents::{Documents, Node},
    example,
    places::{self, Key, Places},
};
use crate::{
    domain::request::{Draft, Pair},
    interchange::{Import, multipart, title, variable_name},
};

/// What an operation is read beside.
pub(super) struct Reading<'a> {
    pub(super) documents: &'a Documents,
    pub(super) places: &'a Places,
    pub(super) path: &'a str,
    pub(super) item: Node<'a>,
}

impl Reading<'_> {
    /// Adds the request of an operation.
    pub(super) fn take(&self, method: &str, operation: Node<'_>, import: &mut Import) {
        let method = method.to_uppercase();
        let name =
            ["summary", "operationId"].into_iter().map(|name| operation.text(name)).find(|name| !name.is_empty());
        let name = name.map_or_else(|| format!("{method} {}", self.path), str::to_owned);
        let mut draft = Draft { name: title(&name), method, url: self.address(operation, import), ..Draft::default() };
        let what = format!("`{}`", draft.name);
        let mut seen = Vec::new();
        let mut form = Vec::new();
        // Those of the operation win over those of its path.
        for parameter in operation.items("parameters").chain(self.item.items("parameters")) {
            match self.documents.resolved(parameter) {
                Ok(parameter) => {
                    let key = (parameter.text("in").to_owned(), parameter.text("name").to_owned());
                    if !seen.contains(&key) {
                        seen.push(key);
                        self.parameter(parameter, &mut draft, &mut form, import);
                    }
                }
                Err(why) => import.leave(format!("a parameter of {what}"), why),
            }
        }
        if let Some(body) = operation.member("requestBody") {
            match self.documents.resolved(body) {
                Ok(body) => self.body(body, &mut draft, &what, import),
                Err(why) => import.leave(format!("the body of {what}"), why),
            }
        }
        if !form.is_empty() {
            let multipart = self.media_types(operation, "consumes").any(|kind| kind == "multipart/form-data");
            put_form(&mut draft, multipart, &form);
        }
        self.prove(operation, &mut draft, &what, import);
        for part in ["callbacks"] {
            if operation.value.get(part).is_some() {
                import.leave(format!("the callbacks of {what}"), "they are calls to you, not yours");
            }
        }
        let tag = operation.items("tags").next().and_then(|tag| tag.value.as_str()).map(title);
        let folder = tag.or_else(|| self.path.split('/').find(|part| !part.is_empty()).map(title));
        import.push(folder.into_iter().collect(), draft);
    }

    fn address(&self, operation: Node<'_>, import: &mut Import) -> String {
        let own = operation.items("servers").chain(self.item.items("servers")).next();
        let base = own.map_or_else(|| "{{base_url}}".to_owned(), |server| places::filled(server, import));
        let base = if own.is_some() && !base.contains("://") { format!("{{{{base_url}}}}{base}") } else { base };
        let mut address = base.trim_end_matches('/').to_owned();
        let mut rest = self.path;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            let _ = write!(address, "{before}{{{{{}}}}}", variable_name(name));
            rest = behind;
        }
        address + rest
    }

    fn media_types<'b>(&'b self, operation: Node<'b>, name: &'static str) -> impl Iterator<Item = &'b str> {
        let root = self.documents.root();
        let owner = if operation.value.get(name).is_some() { operation } else { root };
        owner.items(name).filter_map(|kind| kind.value.as_str())
    }

    fn parameter(&self, parameter: Node<'_>, draft: &mut Draft, form: &mut Vec<Pair>, import: &mut Import) {
        let name = parameter.text("name");
        let required = parameter.value.get("required") == Some(&Value::Bool(true));
        let schema = parameter.member("schema").or_else(|| {
            parameter
                .member("content")?
                .value
                .as_object()?
                .values()
                .next()?
                .get("schema")
                .map(|value| Node { value, ..parameter })
        });
        let given = parameter.value.get("example").or_else(|| first_example(self.documents, parameter)).cloned();
        let value = given.unwrap_or_else(|| example::of(self.documents, schema.unwrap_or(parameter)));
        let place = parameter.text("in");
        if ["deepObject", "pipeDelimited", "spaceDelimited", "matrix", "label"].contains(&parameter.text("style")) {
            import.leave(
                format!("the style of `{}` in `{}`", title(name), draft.name),
                "the parameter is written simply",
            );
        }
        let pair = Pair { on: required, ..Pair::new(name, plain(&value)) };
        match place {
            "path" => {
                draft.variables.push(Pair::new(variable_name(name), pair.value));
            }
            "query" => match &value {
                Value::Array(items) if parameter.value.get("explode") != Some(&Value::Bool(false)) => {
                    draft.query.extend(items.iter().map(|item| Pair { on: required, ..Pair::new(name, plain(item)) }));
                }
                _ => draft.query.push(pair),
            },
            "header" if ["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str()) => {}
            "header" => draft.headers.push(pair),
            "cookie" => {
                draft.headers.push(Pair { on: required, ..Pair::new("Cookie", format!("{name}={}", pair.value)) });
            }
            "body" => {
                let kind = self.media_types(parameter, "consumes").next().unwrap_or("application/json").to_owned();
                put_body(draft, &kind, &value, import);
            }
            "formData" if parameter.text("type") == "file" => {
                import.leave(format!("the file `{}` in `{}`", title(name), draft.name), "no file is read");
            }
            "formData" => form.push(pair),
            other => {
                import.leave(format!("the parameter `{}`", title(name)), format!("`{}` is no place", title(other)));
            }
        }
    }

    fn body(&self, body: Node<'_>, draft: &mut Draft, what: &str, import: &mut Import) {
        let Some(content) = body.member("content") else { return };
        let kinds = content.value.as_object().into_iter().flatten();
        let rank = |kind: &str| match kind {
            kind if kind.starts_with("application/json") => 0,
            kind if kind.contains("json") => 1,
            "application/x-www-form-urlencoded" => 2,
            "multipart/form-data" => 3,
            kind if kind.starts_with("text/") => 4,
            _ => 5,
        };
        let mut kinds: Vec<_> = kinds.collect();
        kinds.sort_by_key(|(kind, _)| rank(kind));
        for (kind, _) in kinds.iter().skip(1) {
            import.leave(format!("the body of {what} as `{}`", title(kind)), "another kind of it is taken");
        }
        let Some((kind, value)) = kinds.first() else { return };
        let media = Node { value, ..content };
        let given = media.value.get("example").or_else(|| first_example(self.documents, media)).cloned();
        let made = || media.member("schema").map(|schema| example::of(self.documents, schema));
        let value = given.or_else(made).unwrap_or(Value::Null);
        put_body(draft, kind, &value, import);
    }

    fn prove(&self, operation: Node<'_>, draft: &mut Draft, what: &str, import: &mut Import) {
        let owner = if operation.value.get("security").is_some() { operation } else { self.documents.root() };
        let mut wanted = owner.items("security");
        let Some(first) = wanted.next() else {
            if owner.value.get("security").is_some() {
                import.leave(format!("{what} without a token"), "every call carries the profile's: `S` sends without");
            }
            return;
        };
        for name in first.value.as_object().into_iter().flat_map(|names| names.keys()) {
            match self.places.keys.get(name) {
                Some(Key::Header(pair)) => draft.headers.push(pair.clone()),
                Some(Key::Query(pair)) => draft.query.push(pair.clone()),
                Some(Key::Token) | None => {}
            }
        }
    }
}

/// The first of the named examples.
fn first_example<'a>(documents: &'a Documents, node: Node<'a>) -> Option<&'a Value> {
    let examples = node.member("examples")?;
    let (_, value) = examples.value.as_object()?.iter().next()?;
    documents.resolved(Node { value, ..examples }).ok()?.value.get("value")
}

/// A value as it stands in an address or a header.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn put_body(draft: &mut Draft, kind: &str, value: &Value, import: &mut Import) {
    let pairs = || -> Vec<Pair> {
        let members = value.as_object().into_iter().flatten();
        members.map(|(name, value)| Pair::new(name, plain(value))).collect()
    };
    match kind {
        "application/x-www-form-urlencoded" => put_form(draft, false, &pairs()),
        kind if kind.starts_with("multipart/") => put_form(draft, true, &pairs()),
        kind => {
            draft.headers.push(Pair::new("Content-Type", kind));
            match value {
                Value::String(text) if !kind.contains("json") => draft.body.clone_from(text),
                Value::Null => {}
                _ if !kind.contains("json") => {
                    import.leave(
                        format!("the body of `{}`", draft.name),
                        format!("no example of `{}` can be made", title(kind)),
                    );
                }
                value => draft.body = serde_json::to_string_pretty(value).unwrap_or_default(),
            }
        }
    }
}

fn put_form(draft: &mut Draft, is_multipart: bool, rows: &[Pair]) {
    if is_multipart {
        let part = |row: &Pair| multipart::Part {
            name: row.name.clone(),
            content: row.value.clone(),
            ..multipart::Part::default()
        };
        let parts: Vec<_> = rows.iter().map(part).collect();
        let boundary = multipart::boundary(&parts);
        draft.body = multipart::text(&parts, &boundary, false, "form-data");
        draft.headers.push(Pair::new("Content-Type", format!("multipart/form-data; boundary={boundary}")));
    } else {
        let rows = rows.iter().map(|row| (row.name.as_str(), row.value.as_str()));
        draft.body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(rows).finish();
        draft.headers.push(Pair::new("Content-Type", "application/x-www-form-urlencoded"));
    }
}
