//! The files of an import: one for each folder of requests.

use std::{collections::BTreeMap, path::PathBuf};

use super::{Import, Left};
use crate::{
    domain::{request::Pair, template},
    library::http_file::HttpFile,
};

/// The files, with the requests that a `.http` file can say; the others are told as left.
pub fn files(import: &mut Import, name: &str) -> Vec<(PathBuf, String)> {
    let mut files: BTreeMap<PathBuf, HttpFile> = BTreeMap::new();
    let mut taken = Vec::new();
    for found in std::mem::take(&mut import.requests) {
        let file = files.entry(path(&found.folders, name)).or_default();
        match file.push(&found.draft) {
            Ok(_) => taken.push(found),
            Err(unwritable) => {
                import.left.push(Left { what: format!("`{}`", found.draft.name), why: unwritable.why });
            }
        }
    }
    import.requests = taken;
    files.retain(|_, file| file.requests().next().is_some());
    if files.is_empty() && !import.variables.is_empty() {
        files.insert(path(&[], name), HttpFile::default());
    }
    let only = import.requests.is_empty();
    files
        .into_iter()
        .map(|(path, file)| {
            let requests = file.text();
            let mut text = variables(&import.variables, &requests, only);
            text.push_str(&requests);
            (path, text)
        })
        .collect()
}

/// The variables that a file mentions, themselves and by the values of others; `all` of them where it is about nothing
/// else.
fn variables(variables: &[Pair], requests: &str, all: bool) -> String {
    let mut wanted: Vec<&Pair> = Vec::new();
    let mut texts = vec![requests];
    while let Some(text) = texts.pop() {
        for (name, _) in template::mentions(text) {
            let new = variables.iter().find(|row| row.name == name && !wanted.contains(row));
            if let Some(row) = new {
                wanted.push(row);
                texts.push(&row.value);
            }
        }
    }
    let line = |row: &Pair| {
        let value = row.value.replace(['\r', '\n'], " ");
        let off = if row.on && !row.value.is_empty() { "" } else { "# " };
        format!("{off}@{} = {value}\n", row.name)
    };
    let lines: String = variables.iter().filter(|row| all || wanted.contains(row)).map(line).collect();
    if lines.is_empty() { lines } else { lines + "\n" }
}

/// `Orders/Deep.http` for the folders Orders and Deep.
fn path(folders: &[String], name: &str) -> PathBuf {
    let mut parts: Vec<String> = folders.iter().map(|folder| fit(folder)).collect();
    let last = parts.pop().unwrap_or_else(|| fit(name));
    let mut path: PathBuf = parts.into_iter().collect();
    path.push(format!("{last}.http"));
    path
}

/// A name that every file system takes, and that leads nowhere else.
fn fit(name: &str) -> String {
    let fit = |letter: char| if letter.is_alphanumeric() || "-_".contains(letter) { letter } else { '-' };
    let name: String = name.chars().map(fit).take(60).collect();
    let name = name.trim_matches('-');
    let reserved = ["con", "prn", "aux", "nul"];
    let lower = name.to_lowercase();
    if name.is_empty() || reserved.contains(&lower.as_str()) || lower.starts_with("com") && lower.len() == 4 {
        return format!("requests-{name}").trim_end_matches('-').to_owned();
    }
    name.to_owned()
}
