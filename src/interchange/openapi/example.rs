//! A value that a schema describes: the example it gives, or one that fits.

use std::cell::Cell;

use serde_json::{Map, Value, json};

use super::documents::{Documents, Node};

/// Schemas within each other.
const DEEPEST: usize = 10;
/// Values of one example.
const MOST: u32 = 2000;

/// An example of a schema.
pub(super) fn of(documents: &Documents, schema: Node<'_>) -> Value {
    Making { documents, left: Cell::new(MOST) }.value(schema, &[]).unwrap_or(Value::Null)
}

struct Making<'a> {
    documents: &'a Documents,
    left: Cell<u32>,
}

impl Making<'_> {
    fn value(&self, schema: Node<'_>, within: &[&Value]) -> Option<Value> {
        let left = self.left.get().checked_sub(1)?;
        self.left.set(left);
        let schema = self.documents.resolved(schema).ok()?;
        if within.len() > DEEPEST || within.iter().any(|outer| std::ptr::eq(*outer, schema.value)) {
            return None;
        }
        let within = &[within, &[schema.value]].concat();
        let given = |name: &str| schema.value.get(name).cloned();
        let first = |name: &str| schema.value.get(name)?.as_array()?.first().cloned();
        let given = given("example").or_else(|| first("examples")).or_else(|| given("default"));
        if let Some(given) = given.or_else(|| schema.value.get("const").cloned()).or_else(|| first("enum")) {
            return Some(given);
        }
        if schema.value.get("allOf").is_some() {
            let mut whole = self.object(schema, within);
            for part in schema.items("allOf") {
                if let Some(Value::Object(part)) = self.value(part, within) {
                    whole.extend(part);
                }
            }
            return Some(Value::Object(whole));
        }
        let choice = schema.items("oneOf").chain(schema.items("anyOf")).next();
        if let Some(choice) = choice {
            return self.value(choice, within);
        }
        let kind = match schema.value.get("type") {
            Some(Value::String(kind)) => kind.as_str(),
            Some(Value::Array(kinds)) => {
                kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
            }
            _ if schema.value.get("properties").is_some() => "object",
            _ if schema.value.get("items").is_some() => "array",
            _ => return None,
        };
        Some(match kind {
            "object" => Value::Object(self.object(schema, within)),
            "array" => {
                let item = schema.member("items").and_then(|items| self.value(items, within));
                Value::Array(item.into_iter().collect())
            }
            "integer" => schema.value.get("minimum").filter(|least| least.is_i64()).cloned().unwrap_or(json!(1)),
            "number" => schema.value.get("minimum").cloned().unwrap_or(json!(1.0)),
            "boolean" => Value::Bool(true),
            "string" => Value::String(text(schema.text("format")).to_owned()),
            _ => Value::Null,
        })
    }

    fn object(&self, schema: Node<'_>, within: &[&Value]) -> Map<String, Value> {
        let mut object = Map::new();
        let Some(members) = schema.member("properties") else { return object };
        for (name, value) in members.value.as_object().into_iter().flatten() {
            if value.get("readOnly") == Some(&Value::Bool(true)) {
                continue;
            }
            if let Some(value) = self.value(Node { value, ..members }, within) {
                object.insert(name.clone(), value);
            }
        }
        object
    }
}

fn text(format: &str) -> &'static str {
    match format {
        "date-time" => "2026-01-31T12:00:00Z",
        "date" => "2026-01-31",
        "time" => "12:00:00Z",
        "uuid" => "123e4567-e89b-12d3-a456-426614174000",
        "email" => "someone@example.com",
        "uri" | "url" => "https://example.com/",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "dGV4dA==",
        _ => "text",
    }
}
