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

fn index_of(document: &Document) -> Arc<crate::document::Index> {
    let mut indexer = crate::document::Indexer::new(document);
    while indexer.step(1 << 20) == crate::document::Step::More {}
    indexer.index()
}

fn on_screen(app: &App) -> Vec<String> {
    app.response.lines.iter().map(|line| line.spans.iter().map(|span| span.text.as_str()).collect()).collect()
}

#[test]
fn the_end_is_shown_before_the_lines_are_known_and_is_the_line_in_hand_once_they_are() {
    let mut app = app();
    let text = format!("{{\"a\":[{}0],\"b\":\"the end\"}}", "1,".repeat(100_000));
    app.view("f".to_owned(), Document::new(Body::of(text), None));
    update(&mut app, Message::Grown);
    press(&mut app, "G");
    assert!(app.response.is_tail && app.response.line().is_none());
    assert!(on_screen(&app).ends_with(&["  \"b\": \"the end\"".to_owned(), "}".to_owned()]));
    press(&mut app, "k");
    let seen = on_screen(&app);
    let document = app.response.document.clone().unwrap();
    update(&mut app, Message::Indexed(document.body().clone(), index_of(&document)));
    assert_eq!((app.response.is_tail, app.response.path().unwrap()), (false, ".b".to_owned()));
    assert_eq!(on_screen(&app), seen);
}

#[test]
fn the_end_of_what_arrives_stays_in_hand_until_it_is_left() {
    let mut app = app();
    let mut writer = BodyWriter::new(None);
    app.view("-".to_owned(), Document::new(writer.body(), None));
    for line in 0..50 {
        writer.push(&bytes::Bytes::from(format!("line {line}\n"))).unwrap();
        update(&mut app, Message::Grown);
        if line == 20 {
            press(&mut app, "G");
        }
    }
    assert_eq!(app.response.cursor, 49);
    press(&mut app, "k");
    writer.push(&bytes::Bytes::from("more\n")).unwrap();
    update(&mut app, Message::Grown);
    assert_eq!(app.response.cursor, 48);
}

#[test]
fn a_path_is_followed_beside_the_keys_and_one_that_leads_nowhere_says_so() {
    let mut app = viewing();
    press(&mut app, ":");
    type_text(&mut app, "path .a[1].b");
    let effects = press(&mut app, "enter");
    let [Effect::Locate { document, path }] = &effects[..] else { panic!("{effects:?}") };
    let found = document.locate(path, &|| true);
    update(&mut app, Message::Located(document.body().clone(), found));
    assert_eq!(app.response.path().unwrap(), ".a[1].b");
    update(&mut app, Message::Located(document.body().clone(), Err("there is none".to_owned())));
    assert!(app.notice.as_ref().unwrap().text.contains("here is none"));
}

#[test]
fn long_lines_are_wrapped_and_stepped_through_row_by_row() {
    let mut app = app();
    let text = format!("first\n{}\nlast", "0123456789".repeat(100));
    app.view("f".to_owned(), Document::new(Body::of(text), Some("text/plain")));
    update(&mut app, Message::Grown);
    press(&mut app, "w");
    assert!(app.response.places.len() > 8, "{:?}", app.response.places);
    press(&mut app, "j j");
    assert_eq!((app.response.cursor, app.response.row), (1, 1));
    press(&mut app, "G");
    assert_eq!((app.response.cursor, app.response.row), (2, 0));
    press(&mut app, "g g # w");
    assert_eq!((app.response.cursor, app.response.places.len(), app.response.gutter()), (0, 3, Some(3)));
}
