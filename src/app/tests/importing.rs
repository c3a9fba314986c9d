//! What comes from the clipboard or a file: offered, and put where a person says.

use std::path::PathBuf;

use super::{app, press, type_text};
use crate::{
    app::{App, effect::Effect, importing::Coming, message::Message, overlay::Overlay, update},
    domain::request::Pair,
};

const TWO: &str = "@shop = s1\n\n### One\nGET https://a.example/{{shop}}\nAuthorization: Bearer abcdef\n\n### Two\nGET https://a.example/2\n";

fn came(app: &mut App, text: &str, name: &str) {
    let coming = Coming::of(text, name).unwrap();
    update(app, Message::Came(Ok(Box::new(coming))));
}

#[test]
fn a_key_asks_for_the_clipboard_and_a_command_for_a_file() {
    let mut app = app();
    assert!(matches!(press(&mut app, "p")[..], [Effect::ReadClipboard, ..]));
    press(&mut app, ":");
    type_text(&mut app, "import api.yaml");
    let effects = press(&mut app, "enter");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::ReadRequests(path) if path == "api.yaml")));
    update(&mut app, Message::Came(Err("api.yaml: no such file".to_owned())));
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("no such file")));
}

#[test]
fn requests_become_a_persons_own_with_the_variables_that_they_mention() {
    let mut app = app();
    came(&mut app, TWO, "requests.http");
    press(&mut app, "y");
    let draft = &app.requests.entry().draft;
    assert_eq!((draft.name.as_str(), &draft.variables[..]), ("One", &[Pair::new("shop", "s1")][..]));
    assert_eq!(app.requests.entries().filter(|entry| entry.is_own()).count(), 2);
}

#[test]
fn requests_go_into_a_new_file_of_the_collection_without_what_looks_like_a_secret() {
    let mut app = app();
    let there = vec![(PathBuf::from("api.http"), "### Mine\nGET https://a.example/\n".to_owned())];
    update(&mut app, Message::CollectionRead(PathBuf::from("/c"), there, Vec::new()));
    came(&mut app, TWO, "sub/api.http");
    let effects = press(&mut app, "c");
    let written: Vec<_> = effects
        .into_iter()
        .filter_map(|effect| if let Effect::WriteFile(change) = effect { Some(change) } else { None })
        .collect();
    let [change] = &written[..] else { panic!("{written:?}") };
    assert_eq!((change.file.display().to_string().as_str(), &change.before), ("api-2.http", &None));
    assert!(change.text.contains("@shop = s1") && change.text.contains("### Two"), "{}", change.text);
    assert!(!change.text.contains("abcdef"), "{}", change.text);
    update(&mut app, Message::FileWritten(change.clone(), Ok(())));
    assert!(app.requests.entries().any(|entry| entry.group == "api-2.http" && entry.draft.name == "Two"));
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("api-2.http")));
}

#[test]
fn what_comes_late_lies_on_nothing_that_a_person_is_at() {
    let mut app = app();
    press(&mut app, "?");
    came(&mut app, TWO, "x");
    assert!(matches!(app.overlay, Some(Overlay::Help { .. })));
}
