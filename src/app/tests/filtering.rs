//! The filter of the response: typed, taken, left.

use super::*;
use crate::{body::Body, document::Document};

fn viewing() -> App {
    let mut app = app();
    app.view("f.json".to_owned(), Document::new(Body::of(r#"{"a":[1,{"b":2}]}"#), None));
    app
}

/// Types a filter and tells what comes of the last order, as the runtime would.
fn filter(app: &mut App, code: &str) {
    for letter in code.chars() {
        let effects = update(app, Message::Key(Chord::plain(Key::Char(letter))));
        let [Effect::Filter { number, document, code }] = &effects[..] else { panic!("{effects:?}") };
        let (mut handed, mut out) = (Vec::new(), Vec::new());
        crate::document::hand(document, code, &mut handed).unwrap();
        let end = crate::document::filtered(&handed[..], &mut out);
        update(app, Message::Filtered(*number, end.map(|()| Body::of(out))));
    }
}

fn shown(app: &App) -> String {
    let text = |line: &crate::document::Line| line.spans.iter().map(|span| span.text.as_str()).collect::<String>();
    app.response.lines.iter().map(text).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_comes_out_takes_the_place_of_the_body_while_it_is_typed_and_esc_brings_it_back() {
    let mut app = viewing();
    press(&mut app, "f");
    filter(&mut app, ".a[]");
    assert_eq!(shown(&app), "1\n{\n  \"b\": 2\n}");
    filter(&mut app, " |");
    assert_eq!(shown(&app), "1\n{\n  \"b\": 2\n}", "the last that came out stays");
    assert!(app.response.filter.as_ref().unwrap().error.as_ref().unwrap().contains("wanted at the end"));
    filter(&mut app, " objects.b");
    press(&mut app, "enter");
    assert_eq!((shown(&app), app.editing.is_none()), ("2".to_owned(), true));
    // It is a body like any other, and its filter can be changed.
    press(&mut app, "v v v f backspace backspace");
    assert_eq!(app.response.filter.as_ref().unwrap().code, ".a[] | objects");
    press(&mut app, "esc");
    assert!(shown(&app).starts_with("{\n  \"a\": [") && app.response.filter.is_none());
    press(&mut app, "f up");
    assert_eq!(app.response.filter.as_ref().unwrap().code, ".a[] | objects.b", "what was taken is remembered");
}

#[test]
fn a_late_result_of_a_filter_that_was_changed_or_stopped_is_nobodys() {
    let mut app = viewing();
    press(&mut app, "f");
    let effects = press(&mut app, ".");
    let [Effect::Filter { number: first, .. }] = effects[..] else { panic!("{effects:?}") };
    press(&mut app, "a");
    update(&mut app, Message::Filtered(first, Ok(Body::of("\"late\""))));
    assert!(!shown(&app).contains("late"));
    assert!(matches!(press(&mut app, "ctrl-c")[..], [Effect::StopFilter]));
    update(&mut app, Message::Filtered(first + 1, Ok(Body::of("\"late\""))));
    assert!(!shown(&app).contains("late") && app.response.filter.as_ref().unwrap().error.is_some());
    press(&mut app, "esc esc");
    assert!(shown(&app).starts_with('{') && app.response.filter.is_none());
}
