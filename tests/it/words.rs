//! What the program says of a token: nothing that it has not checked.

use std::{fs, path::Path};

/// The string literals of a file, its unit tests left out.
fn literals(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
        found.extend(line.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    found
}

fn files(room: &str) -> Vec<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![src.join(room)];
    let mut found = vec![fs::read_to_string(src.join(format!("{room}.rs"))).unwrap()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name != "tests.rs") {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn nothing_that_faces_a_person_calls_a_token_valid_or_verified() {
    let mut seen = 0;
    for room in ["app", "view", "tui", "cli", "engine", "domain"] {
        for text in files(room) {
            for literal in literals(&text) {
                seen += 1;
                let words = literal.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
                for word in words {
                    let word = word.to_lowercase();
                    assert!(!matches!(word.as_str(), "valid" | "verified"), "{room} says: {literal:?}");
                }
            }
        }
    }
    assert!(seen > 200, "only {seen} texts were looked at");
}
