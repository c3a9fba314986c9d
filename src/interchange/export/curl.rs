//! A command line for bash that sends the same request. What is hidden is a shell variable in it.

use std::fmt::Write as _;

use super::{is_hidden, written};
use crate::domain::record::Record;

/// The command.
pub fn curl(record: &Record) -> String {
    let mut command = "curl".to_owned();
    let body = !record.request_body.is_empty();
    match (record.method.as_str(), body) {
        ("GET", false) | ("POST", true) => {}
        ("HEAD", false) => command.push_str(" --head"),
        (method, _) => {
            let _ = write!(command, " --request {}", quoted(method));
        }
    }
    if record.url.contains(['[', ']', '{', '}']) {
        command.push_str(" --globoff");
    }
    let _ = write!(command, " {}", quoted(&record.url));
    let mut typed_kind = false;
    for (name, value) in written(record) {
        typed_kind |= name.eq_ignore_ascii_case("content-type");
        let field = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        let word = if is_hidden(value) { with_variable(name, value) } else { quoted(&field) };
        let _ = write!(command, " \\\n  --header {word}");
    }
    if body {
        if !typed_kind {
            command.push_str(" \\\n  --header 'Content-Type:'");
        }
        let _ = write!(command, " \\\n  --data-raw {}", quoted(&record.request_body));
    }
    command + "\n"
}

/// `"Authorization: Bearer $AUTHORIZATION"`.
fn with_variable(name: &str, value: &str) -> String {
    let variable: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' })
        .collect();
    let scheme = value.split_once(" •").map(|(scheme, _)| format!("{scheme} ")).unwrap_or_default();
    format!("\"{name}: {scheme}${variable}\"")
}

/// A word that bash takes as it stands.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,@%+".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
