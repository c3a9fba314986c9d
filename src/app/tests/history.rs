//! The history on top: what its keys order, and what comes of it.

use super::{app, press, type_text};
use crate::{
    app::{
        App,
        effect::Effect,
        history::{Page, Past, Purpose, Told, Wish},
        message::Message,
        overlay::Overlay,
        update,
    },
    domain::record::{Entry, Record, Trip},
};

fn entry(id: i64) -> Entry {
    Entry {
        id,
        started: id,
        took: 1,
        method: "GET".to_owned(),
        url: format!("http://h/{id}"),
        name: String::new(),
        profile: "sandbox".to_owned(),
        status: Some(200),
        attempts: 1,
        trouble: None,
    }
}

fn record(hidden: bool) -> Record {
    let value = if hidden { "Bearer •••••••• tok#1" } else { "application/json" };
    let name = if hidden { "authorization" } else { "accept" };
    let trip = Trip { attempt: 1, sent: vec![(name.to_owned(), value.to_owned())], ..Trip::default() };
    Record {
        method: "POST".to_owned(),
        url: "http://127.0.0.1:43117/x?a=1".to_owned(),
        request_body: "{}".to_owned(),
        trips: vec![trip],
        ..Record::default()
    }
}

fn past(app: &App) -> &Past {
    match &app.overlay {
        Some(Overlay::History(past)) => past,
        other => panic!("{other:?}"),
    }
}

fn wishes(effects: &[Effect]) -> Vec<&Wish> {
    effects.iter().filter_map(|effect| if let Effect::History(wish) = effect { Some(wish) } else { None }).collect()
}

fn open() -> App {
    let mut app = app();
    let effects = press(&mut app, "H");
    assert_eq!(wishes(&effects), [&Wish::List(String::new(), 1)]);
    update(&mut app, Message::HistoryTold(Ok(Told::Listed(1, vec![entry(3), entry(2), entry(1)]))));
    app
}

#[test]
fn what_is_typed_is_looked_for_and_an_older_list_is_nobodys() {
    let mut app = open();
    press(&mut app, "/");
    type_text(&mut app, "ab");
    update(&mut app, Message::HistoryTold(Ok(Told::Listed(2, vec![entry(9)]))));
    assert_eq!(past(&app).entries.len(), 3, "that was for fewer letters");
    update(&mut app, Message::HistoryTold(Ok(Told::Listed(3, vec![entry(2)]))));
    assert_eq!(past(&app).entries, [entry(2)]);
    press(&mut app, "esc");
    assert!(!past(&app).finding);
    press(&mut app, "esc");
    assert!(app.overlay.is_none());
}

#[test]
fn a_call_is_opened_compared_and_deleted_after_a_yes() {
    let mut app = open();
    let effects = press(&mut app, "enter");
    assert_eq!(wishes(&effects), [&Wish::Read(vec![3], Purpose::Open)]);
    update(&mut app, Message::HistoryTold(Ok(Told::Read(vec![record(false)], Purpose::Open))));
    assert!(matches!(past(&app).page, Page::Text { .. }));
    press(&mut app, "esc m j");
    let effects = press(&mut app, "m");
    assert_eq!(wishes(&effects), [&Wish::Read(vec![2, 3], Purpose::Compare)], "the older one first");
    press(&mut app, "d n");
    assert!(matches!(past(&app).page, Page::List));
    let effects = press(&mut app, "d y");
    assert_eq!(wishes(&effects), [&Wish::Forget(Some(2))]);
    let effects = update(&mut app, Message::HistoryTold(Ok(Told::Forgotten(1))));
    assert_eq!(wishes(&effects).len(), 1, "the list is read anew");
}

#[test]
fn a_call_becomes_a_request_of_ones_own_and_is_sent_again_with_a_token_of_today() {
    let mut app = open();
    update(&mut app, Message::HistoryTold(Ok(Told::Read(vec![record(true)], Purpose::Keep))));
    let draft = &app.requests.entry().draft;
    assert_eq!((draft.method.as_str(), draft.name.as_str()), ("POST", "POST /x?a=1"));
    assert!(draft.headers.is_empty(), "a token of then is nothing now: {:?}", draft.headers);
    press(&mut app, "H");
    let told = Message::HistoryTold(Ok(Told::Read(vec![record(false)], Purpose::Resend)));
    let effects = update(&mut app, told);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Send(_))), "{effects:?}");
    assert!(app.overlay.is_none());
}

#[test]
fn without_a_history_that_is_said() {
    let mut app = app();
    press(&mut app, "H");
    update(&mut app, Message::HistoryTold(Err("this run keeps no history, and shows none".to_owned())));
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("no history")));
    assert!(past(&app).known);
}
