//! Folds against a walk through the value.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use crate::document::{
    Count, sanitize,
    tests::{indexed, json, large, text, values},
};

/// A pretty line as a walk through the value tells it.
struct Model {
    indent: usize,
    text: String,
    /// Of an open: its line up to the bracket, the line of its close, and what the fold says.
    fold: Option<(usize, String)>,
    path: String,
}

fn model(value: &Value, indent: usize, key: &str, path: &str, lines: &mut Vec<Model>) {
    let blank = "  ".repeat(indent);
    let mut push = |text: String| {
        lines.push(Model { indent, text: format!("{blank}{key}{text}"), fold: None, path: path.to_owned() });
    };
    let step = |key: &str| {
        let is_word = key.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && key.chars().all(|letter| letter.is_ascii_alphanumeric());
        if is_word { format!(".{key}") } else { format!("[{}]", sanitize::shown(&Value::from(key).to_string())) }
    };
    let inner: Vec<(String, String, &Value)> = match value {
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, item)| (String::new(), format!("[{at}]"), item)).collect()
        }
        Value::Object(members) => {
            members.iter().map(|(key, item)| (format!("{}: ", Value::from(key.as_str())), step(key), item)).collect()
        }
        _ => Vec::new(),
    };
    if inner.is_empty() {
        return push(value.to_string());
    }
    let (open, close) = if value.is_array() { ("[", "]") } else { ("{", "}") };
    push(open.to_owned());
    let at = lines.len() - 1;
    for (place, (key, step, item)) in inner.iter().enumerate() {
        model(item, indent + 1, key, &format!("{path}{step}"), lines);
        if place + 1 < inner.len() {
            lines.last_mut().unwrap().text.push(',');
        }
    }
    lines.push(Model { indent, text: format!("{blank}{close}"), fold: None, path: path.to_owned() });
    let items = if inner.len() == 1 { "item" } else { "items" };
    let bytes = value.to_string().len();
    let size = if bytes < 1000 { format!("{bytes} B") } else { format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100) };
    let count = match inner.len() {
        count @ 0..1000 => count.to_string(),
        count => format!("{} {:03}", count / 1000, count % 1000),
    };
    let said = format!("{blank}{key}{open}…{close}  {count} {items}, {size}");
    let last = lines.len() - 1;
    lines[at].fold = Some((last, said));
}

/// The lines that are seen, and what is seen of them.
fn seen<'a>(lines: &'a [Model], level: usize, toggled: &BTreeSet<usize>) -> Vec<(usize, &'a str)> {
    let mut seen = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        match &line.fold {
            Some((last, said)) if toggled.contains(&at) != (line.indent >= level) => {
                seen.push((at, said.as_str()));
                at = last + 1;
            }
            _ => {
                seen.push((at, line.text.as_str()));
                at += 1;
            }
        }
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folds_in_any_order_show_what_a_walk_through_the_value_shows(
        value in values(),
        size in 100_usize..60_000,
        step in 1_usize..70_000,
        turns in proptest::collection::vec((0_u8..20, any::<prop::sample::Index>()), 1..16),
    ) {
        let (body, value) = large(&value, &[""], size);
        let mut document = json(&body);
        document.learn(indexed(&document, step));
        let mut lines = Vec::new();
        model(&value, 0, "", "", &mut lines);
        let (mut level, mut toggled) = (usize::MAX, BTreeSet::new());
        for (turn, place) in turns {
            let before = seen(&lines, level, &toggled);
            match turn {
                0 => {
                    document.unfold_all();
                    (level, toggled) = (usize::MAX, BTreeSet::new());
                }
                1..=4 => {
                    level = usize::from(turn) - 1;
                    document.fold_to(level);
                    toggled = BTreeSet::new();
                }
                _ => {
                    let at = place.index(before.len());
                    let line = before[at].0;
                    let own = if lines[line].fold.is_some() {
                        Some(line)
                    } else {
                        lines.iter().position(|open| open.fold.as_ref().is_some_and(|(last, _)| *last == line))
                    };
                    prop_assert_eq!(document.toggle_fold(at as u64), own.is_some());
                    if let Some(own) = own && !toggled.remove(&own) {
                        toggled.insert(own);
                    }
                }
            }
            let after = seen(&lines, level, &toggled);
            prop_assert_eq!(document.count(), Count { lines: after.len() as u64, exact: true });
            let top = place.index(after.len());
            let bottom = (top + 20).min(after.len());
            let window = document.window(top as u64, 20, 0..1000);
            let expected: Vec<_> = after[top..bottom].iter().map(|(_, text)| sanitize::shown(text)).collect();
            prop_assert_eq!(text(&window), expected.join("\n"));
            for (at, line) in window.iter().enumerate().step_by(5) {
                prop_assert_eq!(line.number, after[top + at].0 as u64 + 1);
                prop_assert_eq!(document.visible_line_of(line.range.start), Some((top + at) as u64));
            }
            let path = &lines[after[top].0].path;
            let path = if path.starts_with('.') { path.clone() } else { format!(".{path}") };
            prop_assert_eq!(document.path(top as u64), Some(path));
        }
    }
}
