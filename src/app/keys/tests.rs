//! Keys and clicks in a text field.

use super::*;
use crate::app::{
    message::Message,
    tests::{app, press, type_text},
    update,
};

fn editor(app: &App) -> &Editor {
    match &app.overlay {
        Some(Overlay::Palette(palette)) => &palette.editor,
        _ => &app.editing.as_ref().unwrap().editor,
    }
}

/// Opens an empty body and pastes a text into it; the cursor stands at its end.
fn with_body(text: &str) -> (App, Vec<Effect>) {
    let mut app = app();
    press(&mut app, "k");
    app.requests.entry_mut().change(|draft| draft.body.clear());
    press(&mut app, "2 [ ] j e");
    let effects = update(&mut app, Message::Pasted(text.to_owned()));
    (app, effects)
}

#[test]
fn shift_with_an_arrow_selects_in_every_field() {
    for field in ["2 k e", ":", "1 /", "ctrl-p", "2 [ [ [ a"] {
        let mut app = app();
        press(&mut app, field);
        type_text(&mut app, "abcd");
        press(&mut app, "shift-left shift-left");
        assert_eq!(editor(&app).selected().as_deref(), Some("cd"), "{field}");
        press(&mut app, "shift-home");
        assert!(editor(&app).selected().unwrap().ends_with("abcd"), "{field}");
        press(&mut app, "left");
        assert_eq!(editor(&app).selected(), None, "{field}");
    }
    let (mut app, _) = with_body("one\ntwo\nthree");
    press(&mut app, "home shift-up shift-end");
    assert_eq!(editor(&app).selected().as_deref(), Some("\n"));
    press(&mut app, "ctrl-home shift-pagedown");
    assert_eq!(editor(&app).selected().as_deref(), Some("one\ntwo\n"));
}

#[test]
fn ctrl_shift_is_left_to_the_terminal() {
    let (mut app, _) = with_body("one two");
    press(&mut app, "ctrl-shift-left ctrl-shift-home alt-shift-left");
    assert_eq!(editor(&app).selected(), None);
    type_text(&mut app, "x");
    assert_eq!(editor(&app).text(), "one twox");
}

#[test]
fn what_is_selected_is_copied_or_cut_by_a_key() {
    for field in ["2 k e", ":", "1 /", "ctrl-p"] {
        let mut app = app();
        press(&mut app, field);
        type_text(&mut app, "abcd");
        let before = editor(&app).text();
        assert!(press(&mut app, "alt-w").is_empty() && app.notice.take().is_some(), "{field}: it says how to select");
        for (keys, after) in [("shift-left alt-w", before.as_str()), ("alt-x", &before[..before.len() - 1])] {
            let effects = press(&mut app, keys);
            let [Effect::Copy { what, text }] = &effects[..] else { panic!("{field} {keys}: {effects:?}") };
            assert_eq!((what.as_str(), text.as_str(), editor(&app).text().as_str()), ("the selection", "d", after));
        }
    }
    let mut app = app();
    assert!(press(&mut app, "? alt-x").is_empty() && app.notice.is_none(), "there is no field");
}

#[test]
fn a_large_body_is_checked_beside_the_keys_one_check_at_a_time() {
    fn checks(effects: Vec<Effect>) -> Vec<crate::app::editor::Text> {
        let check = |effect| match effect {
            Effect::Check(text) => Some(text),
            _ => None,
        };
        effects.into_iter().filter_map(check).collect()
    }
    fn checked(app: &mut App, text: crate::app::editor::Text) -> Vec<Effect> {
        let fault = crate::app::composer::fault(&text.whole());
        update(app, Message::Checked(text, fault))
    }
    let large = format!("[{}1 2]", "1,\n".repeat(30_000));
    let (mut app, effects) = with_body(&large);
    let first = checks(effects).pop().unwrap();
    assert!(checks(press(&mut app, "backspace left")).is_empty(), "the first goes on");
    let second = checks(checked(&mut app, first)).pop().unwrap();
    assert_eq!(app.composer.fault, None, "what is known is of an older text");
    assert_eq!(second.bytes(), large.len() - 1);
    assert!(checks(checked(&mut app, second)).is_empty());
    assert!(app.composer.fault.as_ref().unwrap().to_string().contains("line 30001"), "{:?}", app.composer.fault);
    assert!(checks(press(&mut app, "right")).is_empty() && app.composer.fault.is_some(), "nothing was changed");
    let third = checks(press(&mut app, "x")).pop().unwrap();
    assert_eq!(app.composer.fault, None);
    press(&mut app, "esc");
    assert!(checks(checked(&mut app, third)).is_empty() && app.composer.fault.is_none(), "the field is left");
    assert_eq!(checks(press(&mut app, "e")).len(), 1, "it is checked as it is opened");
}

#[test]
fn a_click_into_the_body_that_is_edited_puts_the_cursor_there() {
    for (size, x, y) in [((120, 40), 30, 6), ((80, 24), 1, 8)] {
        let (mut app, _) = with_body("one\ntwo\nthree");
        update(&mut app, Message::Resized(size.0, size.1));
        press(&mut app, "shift-left");
        update(&mut app, Message::Clicked(x + 3, y + 1));
        type_text(&mut app, "X");
        assert_eq!(editor(&app).text(), "one\ntXwo\nthree", "{size:?}");
        update(&mut app, Message::Clicked(x + 3, y - 2));
        assert!(app.editing.is_none(), "{size:?}: elsewhere the field is left");
        assert_eq!(app.requests.entry().draft.body, "one\ntXwo\nthree");
    }
}

#[test]
fn a_large_paste_is_whole_in_a_field_of_a_request_and_cut_where_every_frame_reads_it() {
    let large = "é".repeat(5_000_000);
    for (keys, whole) in [("/", false), (":", false), ("ctrl-p", false), ("? /", false), ("e", true)] {
        let mut app = app();
        press(&mut app, keys);
        pasted(&mut app, &large);
        let field = match (&app.overlay, &app.editing) {
            (Some(Overlay::Palette(palette)), _) => &palette.editor,
            (Some(Overlay::Help { filter: Some(filter), .. }), _) => filter,
            (_, Some(editing)) => &editing.editor,
            _ => panic!("{keys} opens a field"),
        };
        let taken = field.text().matches('é').count();
        assert_eq!(taken, if whole { 5_000_000 } else { 2_000 }, "{keys}");
        assert_eq!(app.notice.is_some(), !whole, "{keys}");
    }
}

#[test]
fn the_keys_of_a_field_do_the_same_in_one_that_lies_on_top() {
    let mut app = app();
    press(&mut app, "ctrl-p");
    type_text(&mut app, "one two");
    press(&mut app, "ctrl-w");
    let typed = |app: &mut App| app.field().unwrap().text();
    assert_eq!(typed(&mut app), "one ");
    press(&mut app, "ctrl-u");
    assert_eq!(typed(&mut app), "");
    press(&mut app, "ctrl-_");
    assert_eq!(typed(&mut app), "one ");
    press(&mut app, "esc E a");
    type_text(&mut app, "staging");
    press(&mut app, "ctrl-a ctrl-k");
    assert_eq!(typed(&mut app), "");
}
