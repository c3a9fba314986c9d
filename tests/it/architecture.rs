//! The layers of the house, read off `src`: who imports whom, and who reaches out.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const ROOMS: [&str; 16] = [
    "app",
    "body",
    "cli",
    "config",
    "document",
    "domain",
    "engine",
    "interchange",
    "library",
    "sandbox",
    "secrets",
    "snippet",
    "store",
    "tour",
    "tui",
    "view",
];

/// Words that mean I/O, a clock or a task of one's own.
const REACHING_OUT: [&str; 8] =
    ["tokio", "reqwest", "crossterm", "std::fs", "std::env", "std::process", "std::thread", "std::net"];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    found
}

/// The code of a file: no comments, no unit tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn room(path: &Path) -> String {
    path.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn is_unit_test(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs")
}

/// The rooms that a text names by `crate::room` or within `crate::{room, …}`.
fn imports(code: &str) -> BTreeSet<String> {
    let words = |text: &str| {
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').map(str::to_owned).collect::<Vec<_>>()
    };
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut start = 0;
            for (at, letter) in group.char_indices() {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 || (depth == 1 && letter == ',') {
                    found.extend(
                        words(group[start..at].trim_start_matches([',', ' ', '\n']))
                            .into_iter()
                            .find(|word| !word.is_empty()),
                    );
                    start = at;
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            found.extend(words(rest).into_iter().next());
        }
    }
    found.retain(|word| ROOMS.contains(&word.as_str()));
    found
}

#[expect(clippy::match_same_arms, reason = "a table, one row a room")]
fn allowed(path: &Path) -> Option<&'static [&'static str]> {
    let file = path.to_string_lossy();
    let pure_config = ["config/action", "config/chord", "config/keymap", "config/theme"];
    if pure_config.iter().any(|pure| file.starts_with(pure)) {
        return Some(&["config", "domain"]);
    }
    Some(match room(path).as_str() {
        "body" => &[],
        "domain" => &["body"],
        "secrets" => &["domain"],
        "engine" => &["body", "domain", "secrets"],
        "document" => &["body", "domain"],
        "library" | "snippet" | "tour" => &["domain"],
        "interchange" => &["domain", "library"],
        "store" => &["body", "domain", "library"],
        "config" => &["domain"],
        "app" => &["body", "config", "document", "domain", "interchange", "library", "snippet", "tour"],
        "view" => &["app", "body", "config", "document", "domain", "interchange", "library", "snippet", "tour"],
        "sandbox" => &[],
        _ => return None,
    })
}

#[test]
fn every_room_imports_only_what_its_layer_may() {
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        if is_unit_test(&path) {
            continue;
        }
        let own = room(&path);
        seen.insert(own.clone());
        let Some(allowed) = allowed(&path) else { continue };
        for import in imports(&code(&text)) {
            assert!(import == own || allowed.contains(&import.as_str()), "{} imports `{import}`", path.display());
        }
    }
    for room in ROOMS {
        assert!(seen.contains(room), "the room `{room}` is gone: mend this test and the plan in `src/lib.rs`");
    }
}

#[test]
fn of_config_the_app_and_the_view_see_the_pure_part_only() {
    for (path, text) in sources() {
        if !matches!(room(&path).as_str(), "app" | "view") || is_unit_test(&path) {
            continue;
        }
        let code = code(&text);
        for impure in ["config::file", "config::own_themes", "config::profiles", "config::paths"] {
            assert!(!code.contains(impure), "{} imports `{impure}`", path.display());
        }
    }
}

#[test]
fn pure_rooms_do_not_reach_out() {
    for (path, text) in sources() {
        if is_unit_test(&path) {
            continue;
        }
        let (room, code) = (room(&path), code(&text));
        let file = path.to_string_lossy().into_owned();
        let pure_config = ["config/action", "config/chord", "config/keymap", "config/theme"]
            .iter()
            .any(|pure| file.starts_with(pure));
        let forbidden: &[&str] = match room.as_str() {
            "app" | "document" | "interchange" | "library" | "snippet" | "tour" | "view" => &REACHING_OUT,
            "domain" => &[
                "tokio",
                "reqwest",
                "ratatui",
                "crossterm",
                "std::fs",
                "std::env",
                "std::process",
                "std::thread",
                "std::net::Tcp",
            ],
            "engine" | "secrets" | "store" => &["ratatui", "crossterm"],
            _ if pure_config => &REACHING_OUT,
            _ => continue,
        };
        for word in forbidden {
            assert!(!code.contains(word), "{file} names `{word}`");
        }
        if room == "view" {
            assert!(!code.contains("&mut App"), "{file} wants `&mut App`");
        }
        if matches!(room.as_str(), "app" | "view" | "document" | "interchange" | "library" | "snippet" | "tour") {
            assert!(!code.contains("Clock"), "{file} names a clock");
        }
    }
}

#[test]
fn a_secret_leaves_its_type_in_few_files_only() {
    let mut exposing: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| !is_unit_test(path) && code(text).contains(".expose()"))
        .map(|(path, _)| path.to_string_lossy().into_owned())
        .collect();
    exposing.sort();
    let known = [
        "app/token_menu.rs",
        "cli/check/altered.rs",
        "cli/token.rs",
        "domain/redact.rs",
        "domain/secret.rs",
        "domain/template.rs",
        "engine/call.rs",
        "engine/client.rs",
        "engine/token_endpoint.rs",
        "secrets/file.rs",
        "secrets/keyring.rs",
        "secrets/token_cache.rs",
        "engine/token_manager/flight.rs",
        "tui/clipboard.rs",
        "snippet/variables.rs",
    ];
    for file in &exposing {
        assert!(known.contains(&file.as_str()), "{file} exposes a secret: is that its business?");
    }
}

#[test]
fn no_test_of_this_house_sleeps_or_is_ignored() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let tests = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    let of_src = sources().into_iter();
    let of_tests = tests.map(|path| (path.clone(), fs::read_to_string(path).unwrap()));
    for (path, text) in of_src.chain(of_tests) {
        if path.ends_with("architecture.rs") || path.ends_with("engine/timer.rs") {
            continue;
        }
        for word in ["thread::sleep", "time::sleep", "#[ignore"] {
            assert!(!text.contains(word), "{} has `{word}`", path.display());
        }
    }
}
