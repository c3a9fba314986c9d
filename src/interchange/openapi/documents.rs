//! The files of a description, and what refers to what.

use std::{cell::Cell, collections::BTreeMap};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::interchange::{Files, Import};

/// References that are followed from one to the next.
const CHAIN: usize = 32;
/// Lists and maps of YAML in each other.
const DEEPEST: i32 = 500;
/// References of one description that are followed in all.
const MOST: u32 = 200_000;

/// A text as JSON or as YAML.
pub(super) fn parsed(text: &str) -> Result<Value, String> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"));
    }
    // The reader of YAML takes a time that grows with the square of this.
    let open = text.bytes().fold((0_i32, 0), |(open, most), byte| match byte {
        b'[' | b'{' => (open + 1, most.max(open + 1)),
        b']' | b'}' => (open - 1, most),
        _ => (open, most),
    });
    if open.1 > DEEPEST {
        return Err(format!("its lists lie more than {DEEPEST} deep in each other"));
    }
    yaml_serde::from_str(text).map_err(|error| format!("it is no YAML: {error}"))
}

/// A part of a file.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) file: &'a str,
    pub(super) value: &'a Value,
}

impl<'a> Node<'a> {
    /// A member, if it has one of that name.
    pub(super) fn member(self, name: &str) -> Option<Self> {
        self.value.get(name).map(|value| Self { value, ..self })
    }

    /// What a list has.
    pub(super) fn items(self, name: &str) -> impl Iterator<Item = Self> {
        let list = self.value.get(name).and_then(Value::as_array);
        list.into_iter().flatten().map(move |value| Self { value, ..self })
    }

    /// A text, or nothing.
    pub(super) fn text(self, name: &str) -> &'a str {
        self.value.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// See the module.
pub(super) struct Documents {
    files: BTreeMap<String, Value>,
    followed: Cell<u32>,
}

impl Documents {
    /// The description and every file that it refers to and that may be read.
    pub(super) fn new(root: Value, files: &Files, import: &mut Import) -> Self {
        let mut documents = BTreeMap::new();
        let mut wanted = Vec::new();
        references("", &root, &mut wanted, import);
        documents.insert(String::new(), root);
        while let Some(file) = wanted.pop() {
            if documents.contains_key(&file) {
                continue;
            }
            let Some(text) = import.read_text(files, &file, "a part of the description") else { continue };
            match parsed(&text) {
                Ok(value) => {
                    references(&file, &value, &mut wanted, import);
                    documents.insert(file, value);
                }
                Err(why) => import.leave(format!("`{file}`"), why),
            }
        }
        Self { files: documents, followed: Cell::new(0) }
    }

    pub(super) fn root(&self) -> Node<'_> {
        const NOTHING: &Value = &Value::Null;
        Node { file: "", value: self.files.get("").unwrap_or(NOTHING) }
    }

    /// What a part stands for: itself, or what it refers to.
    pub(super) fn resolved<'a>(&'a self, node: Node<'a>) -> Result<Node<'a>, String> {
        let mut node = node;
        for _ in 0..CHAIN {
            let Some(reference) = node.value.get("$ref").and_then(Value::as_str) else { return Ok(node) };
            self.followed.set(self.followed.get() + 1);
            if self.followed.get() > MOST {
                return Err(format!("it has more than {MOST} references"));
            }
            let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
            let file = if file.is_empty() { node.file.to_owned() } else { beside(node.file, file) };
            let Some((file, document)) = self.files.get_key_value(&file) else {
                return Err(format!("`{reference}` was not read"));
            };
            let pointer = percent_decode_str(pointer).decode_utf8_lossy();
            let Some(value) = document.pointer(&pointer) else {
                return Err(format!("`{reference}` leads nowhere"));
            };
            node = Node { file, value };
        }
        Err("its references go round in a circle".to_owned())
    }
}

/// The files that a part refers to.
fn references(file: &str, value: &Value, wanted: &mut Vec<String>, import: &mut Import) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let other = reference.split('#').next().unwrap_or_default();
                if other.contains(':') {
                    import.leave(format!("`{reference}`"), "nothing is fetched: save it beside the description");
                } else if !other.is_empty() {
                    wanted.push(beside(file, other));
                }
            }
            members.values().for_each(|value| references(file, value, wanted, import));
        }
        Value::Array(items) => items.iter().for_each(|value| references(file, value, wanted, import)),
        _ => {}
    }
}

/// A path that is written in a file, from the folder of the description.
fn beside(file: &str, path: &str) -> String {
    let path = percent_decode_str(path).decode_utf8_lossy();
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = if path.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    parts.retain(|part| !part.is_empty());
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let absolute = if path.starts_with('/') || (file.starts_with('/') && !path.starts_with('/')) { "/" } else { "" };
    format!("{absolute}{}", parts.join("/"))
}
