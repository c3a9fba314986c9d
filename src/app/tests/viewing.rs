//! A file that is looked at and nothing else.

use super::*;
use crate::{
    body::{Body, BodyWriter},
    document::Document,
};

fn viewing() -> App {
    let mut app = app();
    app.view("f.json".to_owned(), Document::new(Body::of(r#"{"a":[1,{"b":2}]}"#), None));
    app
}

#[test]
fn no_key_command_click_or_paste_leaves_the_file_but_the_one_that_quits() {
    let mut app = viewing();
    for key in "s S . R P E C M e i a d u t tab 1 6 z b F5 [ ] esc esc r".split(' ') {
        let effects = press(&mut app, key);
        assert!(effects.is_empty() && app.overlay.is_none() && app.editing.is_none(), "{key}: {effects:?}");
        assert!(app.focus == Pane::Response && app.zoomed, "{key}");
    }
    for line in ["policy manual", "profile add", "environment sandbox"] {
        press(&mut app, ":");
        type_text(&mut app, line);
        assert!(press(&mut app, "enter").is_empty() && app.overlay.is_none(), "{line}");
    }
    update(&mut app, Message::Pasted("https://api.example/x".to_owned()));
    update(&mut app, Message::Clicked(10, 2));
    assert!(app.overlay.is_none() && app.focus == Pane::Response);
    assert!(matches!(press(&mut app, "q")[..], [Effect::Quit]));
}

#[test]
fn what_cannot_be_done_is_not_offered() {
    let mut app = viewing();
    press(&mut app, "?");
    let offered: Vec<_> = app
        .help_rows()
        .iter()
        .filter_map(|row| match row {
            overlay::HelpRow::Action(spec, _) => Some(spec.action),
            overlay::HelpRow::Group(_) => None,
        })
        .collect();
    assert!(offered.contains(&Action::Search) && !offered.contains(&Action::Send), "{offered:?}");
    press(&mut app, "esc");
    let completed: Vec<_> = app.completions("").into_iter().map(|completion| completion.word).collect();
    let has = |word: &str| completed.iter().any(|known| known == word);
    assert!(has("fold") && !has("policy") && !has("send") && !has("resize"), "{completed:?}");
}

#[test]
fn ctrl_c_stops_reading_once_and_then_arms_the_end() {
    let mut app = app();
    let writer = BodyWriter::new(None);
    app.view("-".to_owned(), Document::new(writer.body(), None));
    assert!(matches!(press(&mut app, "ctrl-c")[..], [Effect::StopReading]));
    assert!(app.next_tick().is_some(), "what is read is counted");
    writer.incomplete("stopped");
    update(&mut app, Message::Grown);
    assert!(press(&mut app, "ctrl-c").is_empty() && app.quit_armed.is_some());
    assert!(matches!(press(&mut app, "ctrl-c")[..], [Effect::Quit]));
}

#[test]
fn a_body_is_indexed_while_it_arrives_and_what_is_learnt_of_another_is_nobodys() {
    let mut app = app();
    let mut writer = BodyWriter::new(None);
    app.view("-".to_owned(), Document::new(writer.body(), None));
    let mut push = |app: &mut App, bytes: &str| {
        writer.push(&bytes::Bytes::copy_from_slice(bytes.as_bytes())).unwrap();
        update(app, Message::Grown)
    };
    assert!(push(&mut app, "[1").is_empty(), "a small one is known at once");
    let effects = push(&mut app, &",22".repeat(40_000));
    let [Effect::Index(document)] = &effects[..] else { panic!("{effects:?}") };
    let mut indexer = crate::document::Indexer::new(document);
    while indexer.step(1 << 20) == crate::document::Step::More {}
    let index = indexer.index();
    assert!(push(&mut app, "]").is_empty(), "once");
    update(&mut app, Message::Indexed(Body::of("another"), index.clone()));
    assert!(app.response.document.as_ref().unwrap().count().lines < 40_000);
    update(&mut app, Message::Indexed(document.body().clone(), index));
    assert_eq!(app.response.document.as_ref().unwrap().count().lines, 40_002);
}
