//! The shape of the config file as a JSON schema (draft 2020-12), for editors that complete and check TOML by one.
//!
//! Keys come from [`known_keys`], words from the types they stand for, explanations from the comments of the example.
//! What a value means beyond its form, `config check` says.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    EXAMPLE, VERSION,
    shape::{Words, known_keys},
};
use crate::{
    config::{
        action::ACTIONS,
        theme::{AUTO, Background, Signs},
    },
    domain::{
        level::Level,
        profile::{Colour, TokenRequest},
        token::TokenPolicy,
        token_answer::ExpiryIs,
    },
};

/// The schema.
pub fn schema() -> Value {
    let told = explanations();
    let mut whole = table(&[], &told);
    if let Some(whole) = whole.as_object_mut() {
        whole.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        whole.insert("title".to_owned(), json!("The config file of authscope"));
    }
    whole
}

/// A table whose keys are known.
fn table(path: &[&str], told: &BTreeMap<String, String>) -> Value {
    let mut properties = Map::new();
    for key in known_keys(path) {
        let path = [path, &[key]].concat();
        let mut value = value(&path, told);
        let said = told.get(&path.join("."));
        if let (Some(said), Some(value)) = (said, value.as_object_mut()) {
            value.insert("description".to_owned(), json!(said));
        }
        properties.insert((*key).to_owned(), value);
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// What may stand at a path.
fn value(path: &[&str], told: &BTreeMap<String, String>) -> Value {
    let text = || json!({ "type": "string" });
    let by_name = |of_each: Value| json!({ "type": "object", "additionalProperties": of_each });
    let lists = |of_each: Value| json!({ "type": "array", "items": of_each });
    match path {
        ["version"] => json!({ "type": "integer", "minimum": 1, "default": VERSION }),
        ["look", "signs"] => words::<Signs>(&[AUTO]),
        ["look", "background"] => words::<Background>(&[]),
        ["log", "level"] => words::<Level>(&[]),
        ["format", _] => json!({ "type": "array", "items": text(), "minItems": 1 }),
        ["keys"] => {
            let keys = ACTIONS.iter().map(|spec| (spec.name.to_owned(), lists(text())));
            let keys: Map<_, _> = keys.collect();
            json!({ "type": "object", "properties": keys, "additionalProperties": false })
        }
        ["profiles"] => by_name(table(&["profiles", NAME], told)),
        ["profiles", _, "credentials"] => {
            let mut credential = table(&["profiles", NAME, "credentials", OWN], told);
            credential["required"] = json!(["client-id"]);
            by_name(credential)
        }
        ["profiles", _, "base-url"] => json!({ "type": "string", "format": "uri" }),
        ["profiles", _, "token-request"] => words::<TokenRequest>(&[]),
        ["profiles", _, "policy"] => words::<TokenPolicy>(&[]),
        ["profiles", _, "colour"] => words::<Colour>(&[]),
        ["profiles", _, "token-answer", "expiry-is"] => words::<ExpiryIs>(&[]),
        ["profiles", _, "production" | "token-cache"] => json!({ "type": "boolean" }),
        ["profiles", _, "allowed-origins"] => lists(json!({ "type": "string", "format": "uri" })),
        ["history", "bodies"]
        | ["profiles", _, "expected-lifetime" | "renewal-lead"]
        | [
            "profiles",
            _,
            "limits",
            "connect-timeout" | "token-timeout" | "idle-timeout" | "total-timeout" | "max-body",
        ] => json!({ "type": ["integer", "string"] }),
        ["history", "days" | "calls"] | ["profiles", _, "limits", "max-expansion"] => {
            json!({ "type": "integer", "minimum": 1 })
        }
        ["profiles", _, "limits", "max-redirects"] => json!({ "type": "integer", "minimum": 0 }),
        ["profiles", _, "variables" | "token-fields" | "token-request-headers"]
        | ["profiles", _, "credentials", _, "token-fields"] => by_name(text()),
        ["profiles", _, "credentials", _, "secret"] => secret(),
        path if known_keys(path).is_empty() => text(),
        path => table(path, told),
    }
}

/// Names that the example gives to a profile and a credential.
const NAME: &str = "paysecurez";
const OWN: &str = "default";

fn words<T: Words>(more: &[&'static str]) -> Value {
    let all = [more, &T::words()].concat();
    json!({ "enum": all })
}

/// Where a secret comes from: one source, and never the secret.
fn secret() -> Value {
    let source = |name: &str, value: Value| json!({ "type": "object", "properties": { name: value }, "required": [name], "additionalProperties": false });
    json!({ "oneOf": [
        source("env", json!({ "type": "string" })),
        source("file", json!({ "type": "string" })),
        source("command", json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })),
        source("keyring", json!({ "type": ["boolean", "string"] })),
        source("prompt", json!({ "const": true })),
    ] })
}

/// The comment above each key of the example, by the path of the key; also of those that are switched off.
fn explanations() -> BTreeMap<String, String> {
    let (mut told, mut table, mut comment) = (BTreeMap::new(), String::new(), Vec::new());
    for line in EXAMPLE.lines() {
        if let Some(said) = line.strip_prefix("# ").filter(|_| !line.starts_with("#   ")) {
            comment.push(said.trim());
            continue;
        }
        let written = line.trim_start_matches('#');
        let name = if let Some(header) = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            header.clone_into(&mut table);
            Some(table.clone())
        } else {
            let key = written.split_once(" = ").map(|(key, _)| key);
            key.map(|key| if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") })
        };
        if let Some(name) = name.filter(|_| !comment.is_empty()) {
            told.insert(name, comment.join(" "));
        }
        comment.clear();
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Why a value is not as a schema says, by the words of the schema that are used here.
    fn wrong(value: &Value, schema: &Value, at: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut expect = |holds: bool, what: &Value| {
            if !holds {
                found.push(format!("{at}: {value} is not {what}"));
            }
        };
        if let Some(kinds) = schema.get("type") {
            let is = |kind: &Value| match kind.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => value.is_i64(),
                "boolean" => value.is_boolean(),
                other => panic!("{other}"),
            };
            expect(kinds.as_array().map_or_else(|| is(kinds), |kinds| kinds.iter().any(is)), kinds);
        }
        if let Some(words) = schema.get("enum") {
            expect(words.as_array().unwrap().contains(value), words);
        }
        if let Some(only) = schema.get("const") {
            expect(value == only, only);
        }
        if let Some(least) = schema.get("minimum") {
            expect(value.as_i64() >= least.as_i64(), least);
        }
        if let Some(ways) = schema.get("oneOf") {
            let fit = ways.as_array().unwrap().iter().filter(|way| wrong(value, way, at).is_empty()).count();
            expect(fit == 1, ways);
        }
        for key in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            expect(value.get(key.as_str().unwrap()).is_some(), key);
        }
        for (key, inside) in value.as_object().into_iter().flatten() {
            let known = schema.get("properties").and_then(|known| known.get(key));
            match known.or(schema.get("additionalProperties")) {
                Some(Value::Bool(false)) => found.push(format!("{at}.{key} is not known")),
                Some(schema) => found.extend(wrong(inside, schema, &format!("{at}.{key}"))),
                None => {}
            }
        }
        for item in value.as_array().into_iter().flatten() {
            found.extend(schema.get("items").map(|schema| wrong(item, schema, at)).unwrap_or_default());
        }
        found
    }

    /// A text of TOML as JSON.
    fn read(text: &str) -> Value {
        serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
    }

    #[test]
    fn the_example_is_as_the_schema_says_with_every_setting_switched_on() {
        assert_eq!(wrong(&read(EXAMPLE), &schema(), ""), Vec::<String>::new());
        let on = |line: &str| match line.strip_prefix('#') {
            Some(rest) if rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '[') => {
                rest.to_owned()
            }
            _ => line.to_owned(),
        };
        let all: Vec<_> = EXAMPLE.lines().map(on).collect();
        assert_eq!(wrong(&read(&all.join("\n")), &schema(), ""), Vec::<String>::new());
    }

    #[test]
    fn what_the_file_may_not_say_the_schema_refuses() {
        for text in [
            "colour = 1",
            "[look]\nsigns = \"loud\"",
            "[profiles.a]\npolicy = \"often\"",
            "[profiles.a]\nbase-url = 7",
            "[profiles.a.limits]\nmax-expansion = 0",
            "[profiles.a.credentials.default]\nsecret = { prompt = true }",
            "[profiles.a.credentials.default]\nclient-id = \"me\"\nsecret = \"very-secret\"",
            "[keys]\nsendd = [\"s\"]",
        ] {
            assert_ne!(wrong(&read(text), &schema(), ""), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn every_key_is_in_it_and_explained_where_the_example_explains_it() {
        let schema = schema();
        let profile = &schema["properties"]["profiles"]["additionalProperties"]["properties"];
        let credential = &profile["credentials"]["additionalProperties"]["properties"];
        let tables: [(&[&str], &Value); 8] = [
            (&[], &schema["properties"]),
            (&["look"], &schema["properties"]["look"]["properties"]),
            (&["log"], &schema["properties"]["log"]["properties"]),
            (&["format"], &schema["properties"]["format"]["properties"]),
            (&["profiles", "a"], profile),
            (&["profiles", "a", "header"], &profile["header"]["properties"]),
            (&["profiles", "a", "token-answer"], &profile["token-answer"]["properties"]),
            (&["profiles", "a", "credentials", "b"], credential),
        ];
        for (path, properties) in tables {
            let keys: Vec<_> = properties.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, known_keys(path), "{path:?}");
        }
        assert!(profile["policy"]["description"].as_str().unwrap().contains("per-transaction"));
        assert!(schema["properties"]["look"]["properties"]["theme"]["description"].is_string());
    }
}
