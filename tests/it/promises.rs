//! The promises of this program and the faults it survives, each tied by its number to the tests that hold it.
//!
//! A row is a number, the promise in one sentence, and the names of its tests. One test checks that each of them exists.

use std::{collections::BTreeSet, fs, path::Path};

pub mod table;

use table::{FAULTS, PROMISES, Row};

/// The number that stands at that place in the sentence of a promise: assertions read their literals off the table.
pub fn number(promise: u32, place: usize) -> usize {
    let row = PROMISES.iter().find(|row| row.number == promise).unwrap_or_else(|| panic!("no promise {promise}"));
    let digits = row.sentence.split(|letter: char| !letter.is_ascii_digit()).filter(|word| !word.is_empty());
    digits
        .map(|word| word.parse().unwrap())
        .nth(place)
        .unwrap_or_else(|| panic!("promise {promise} has no number {place}"))
}

/// Every test function of the crate by name.
fn tests() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("tests")];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|kind| kind != "rs") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let mut is_test = false;
            for line in text.lines().map(str::trim) {
                if line.starts_with("#[test") || line.starts_with("#[tokio::test") {
                    is_test = true;
                } else if let Some(name) = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn ")) {
                    if is_test {
                        found.insert(name.split('(').next().unwrap_or_default().to_owned());
                    }
                    is_test = false;
                }
            }
        }
    }
    found
}

/// Checks that each row of a table has a number of its own, a sentence, and tests that exist.
pub fn checked(rows: &[Row]) {
    let tests = tests();
    let mut numbers = BTreeSet::new();
    for Row { number, sentence, tests: names } in rows {
        assert!(numbers.insert(number), "{number} stands twice");
        assert!(!names.is_empty() && !sentence.is_empty(), "{number} is empty");
        for name in *names {
            assert!(tests.contains(*name), "{number} names `{name}`, and there is no such test");
        }
    }
}

#[test]
fn every_promise_and_every_fault_names_tests_that_exist() {
    checked(PROMISES);
    checked(FAULTS);
}
