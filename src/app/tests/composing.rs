//! The composer as a person types in it: the address and its parameters, kinds of bodies, and their arrangement.

use super::{app, press, type_text};
use crate::{
    app::{App, composer::Tab, effect::Effect, message::Message, overlay::Overlay, update},
    domain::request::{Draft, Formatters, Pair},
};

fn draft(app: &App) -> &Draft {
    &app.requests.entry().draft
}

/// A new request with that address, its parameters in front.
fn with_address(address: &str) -> App {
    let mut app = app();
    press(&mut app, "a ctrl-u");
    type_text(&mut app, address);
    press(&mut app, "enter [ [");
    assert_eq!(app.composer.tab, Tab::Params);
    app
}

#[test]
fn what_is_typed_in_the_address_stands_in_params_and_the_other_way_round() {
    let mut app = with_address("{{base_url}}/x?page=2&q=a%20b");
    let names = |app: &App| draft(app).parameters().iter().map(|row| row.name.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(names(&app), "page q");
    press(&mut app, "j l e ctrl-u");
    type_text(&mut app, "3 & 4");
    press(&mut app, "enter a");
    type_text(&mut app, "more");
    press(&mut app, "tab");
    type_text(&mut app, "ä");
    press(&mut app, "enter");
    assert_eq!(draft(&app).address(), "{{base_url}}/x?page=3%20%26%204&q=a%20b&more=%C3%A4");
    // What was not touched goes out as it was typed.
    let url = draft(&app).prepared(&app.variables()).unwrap().url;
    assert_eq!(url.query(), Some("page=3%20%26%204&q=a%20b&more=%C3%A4"));
    press(&mut app, "u u");
    assert_eq!(draft(&app).address(), "{{base_url}}/x?page=3%20%26%204&q=a%20b", "an empty row says nothing");
}

#[test]
fn a_parameter_that_is_switched_off_leaves_the_address_and_comes_back() {
    let mut app = with_address("{{base_url}}/x?a=1&b=2");
    press(&mut app, "j space");
    assert_eq!(draft(&app).address(), "{{base_url}}/x?b=2");
    assert_eq!(draft(&app).query, [Pair { on: false, ..Pair::new("a", "1") }]);
    press(&mut app, "space");
    assert_eq!(draft(&app).address(), "{{base_url}}/x?b=2&a=1", "the cursor went along with it");
    press(&mut app, "d");
    assert_eq!(draft(&app).address(), "{{base_url}}/x?b=2");
}

#[test]
fn a_method_is_chosen_from_a_list_or_typed() {
    let mut app = with_address("{{base_url}}/x");
    press(&mut app, "k h enter j j enter");
    assert_eq!(draft(&app).method, "PUT");
    press(&mut app, "enter e ctrl-u");
    type_text(&mut app, "PURGE");
    press(&mut app, "enter");
    assert_eq!(draft(&app).method, "PURGE");
}

#[test]
fn a_kind_of_body_brings_its_content_type_and_one_undo_takes_both_back() {
    let mut app = with_address("{{base_url}}/x");
    press(&mut app, "[ [ j space");
    assert!(matches!(app.overlay, Some(Overlay::Pick { .. })));
    press(&mut app, "home enter");
    type_text(&mut app, "\"a\": 1");
    press(&mut app, "esc");
    assert_eq!(draft(&app).body, "{\n  \"a\": 1\n}");
    assert_eq!(draft(&app).headers, [Pair::new("Content-Type", "application/json")]);
    press(&mut app, "u u");
    assert_eq!((draft(&app).body.as_str(), draft(&app).headers.len()), ("", 0));
}

#[test]
fn a_typed_body_of_json_brings_its_content_type_along() {
    let mut app = with_address("{{base_url}}/x");
    press(&mut app, "[ [ j e");
    update(&mut app, Message::Pasted("{\"b\":1,\"a\":{{n}}}".to_owned()));
    press(&mut app, "ctrl-x ctrl-f esc");
    assert_eq!(draft(&app).body, "{\n  \"b\": 1,\n  \"a\": {{n}}\n}");
    assert_eq!(draft(&app).headers, [Pair::new("Content-Type", "application/json")]);
    press(&mut app, "u");
    assert_eq!((draft(&app).body.as_str(), draft(&app).headers.len()), ("", 0));
}

#[test]
fn a_body_goes_through_the_program_that_the_config_names_and_what_was_typed_since_stays() {
    let mut app = with_address("{{base_url}}/x");
    app.formatters = Formatters { json: Some(vec!["jq".to_owned(), ".".to_owned()]), text: None };
    press(&mut app, "[ [ j e");
    update(&mut app, Message::Pasted("[1]".to_owned()));
    press(&mut app, "esc");
    let effects = press(&mut app, "F");
    let [Effect::Format { words, text }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((words.len(), text.as_str()), (2, "[1]"));
    update(&mut app, Message::Formatted("[1]".to_owned(), Err("it said: no".to_owned())));
    assert_eq!(draft(&app).body, "[1]");
    update(&mut app, Message::Formatted("[2]".to_owned(), Ok("[ 2 ]".to_owned())));
    assert_eq!(draft(&app).body, "[1]", "it is another body by now");
    update(&mut app, Message::Formatted("[1]".to_owned(), Ok("[ 1 ]".to_owned())));
    assert_eq!(draft(&app).body, "[ 1 ]");
}

fn offered(app: &App) -> Vec<&str> {
    app.completing.iter().flat_map(|open| &open.offers).map(|offer| offer.text.as_str()).collect()
}

#[test]
fn a_begun_variable_is_completed_with_where_it_comes_from_and_its_braces_are_closed_once() {
    let mut app = with_address("/x");
    press(&mut app, "k e ctrl-u");
    type_text(&mut app, "{{");
    assert!(offered(&app).contains(&"base_url}}"), "{:?}", offered(&app));
    type_text(&mut app, "base");
    assert_eq!(offered(&app), ["base_url}}"]);
    assert!(app.completing.as_ref().unwrap().offers[0].about.starts_with("profile   http://127.0.0.1"));
    press(&mut app, "tab");
    type_text(&mut app, "/y");
    let (name, text, known) = {
        press(&mut app, "left left");
        app.variable_at_cursor().unwrap()
    };
    assert_eq!((name.as_str(), text.starts_with("profile"), known), ("base_url", true, true));
    press(&mut app, "enter");
    assert_eq!(draft(&app).url, "{{base_url}}/y");
    press(&mut app, "e home right right right ctrl-n tab enter");
    assert_eq!(draft(&app).url, "{{base_url}}/y", "the rest of the name is taken along");
}

#[test]
fn escape_closes_the_list_before_it_leaves_the_field_and_tab_goes_on_without_one() {
    let mut app = with_address("/x");
    press(&mut app, "k e");
    type_text(&mut app, "{{");
    press(&mut app, "esc");
    assert!(app.completing.is_none() && app.editing.is_some());
    press(&mut app, "esc");
    assert!(app.editing.is_none());
}

#[test]
fn header_names_their_values_and_members_of_json_are_offered() {
    let mut app = with_address("/x");
    press(&mut app, "[ a");
    type_text(&mut app, "content-t");
    press(&mut app, "ctrl-n tab tab ctrl-space");
    assert_eq!(draft(&app).headers[0].name, "Content-Type");
    assert_eq!(offered(&app)[0], "application/json");
    press(&mut app, "tab esc");
    assert_eq!(draft(&app).headers[0].value, "application/json");
    // The catalogue's request to the same address has members.
    press(&mut app, "k k e ctrl-u");
    type_text(&mut app, "{{base_url}}/api/v1/transactions");
    press(&mut app, "enter [ j e");
    type_text(&mut app, "{\"cur");
    press(&mut app, "ctrl-n");
    assert_eq!(offered(&app), ["\"currency\": "]);
    press(&mut app, "tab");
    type_text(&mut app, "\"x");
    press(&mut app, "ctrl-n");
    assert!(app.completing.is_none(), "a value is no member");
}

#[test]
fn a_variable_without_a_value_is_said_before_anything_is_sent() {
    let app = with_address("{{base_url}}/{{nobody}}");
    assert_eq!(app.composer_error(90), ["`{{nobody}}` has no value: a row in Vars gives it one."]);
}
