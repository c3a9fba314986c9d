//! How the composer comes to its states.

use authscope::app::message::Message;

use crate::stage::Stage;

/// A request that is changed, and cannot be sent: a variable has no value.
pub fn unsendable(stage: &mut Stage) {
    stage.press("2 k e end");
    stage.type_text("/{{nobody}}");
    stage.press("esc f5");
}

/// The request that has a body.
pub fn with_body(stage: &mut Stage) {
    stage.press("1 k 2");
}

/// The whole flow in another language.
pub fn flow_as_code(stage: &mut Stage) {
    with_body(stage);
    stage.press("] ] ] ] ] l l space");
}

/// A body of many and long lines.
pub fn long_body(stage: &mut Stage) {
    with_body(stage);
    let row = |row| format!("\"row {row}\": \"{}\"\n", "long ".repeat(if row % 9 == 0 { 60 } else { 1 }));
    stage.press("j e");
    stage.tell(Message::Pasted((0..70).map(row).collect::<Vec<_>>().concat()));
    stage.press("esc");
}

/// A body that is being typed, and breaks.
pub fn broken_body(stage: &mut Stage) {
    with_body(stage);
    stage.press("j e down end");
    stage.type_text(" ,");
}

/// A variable that is begun in a body: what could be meant lies below it.
pub fn completing(stage: &mut Stage) {
    with_body(stage);
    stage.press("j e down down end left backspace backspace backspace backspace backspace");
    stage.type_text("{{");
    stage.press("down");
}

/// Rows of a tab of the composer: names and values.
fn rows(stage: &mut Stage, tabs: &str, rows: &[(String, String)]) {
    stage.press("2");
    stage.press(tabs);
    for (name, value) in rows {
        stage.press("a");
        stage.tell(Message::Pasted(name.clone()));
        stage.press("tab");
        stage.tell(Message::Pasted(value.clone()));
        stage.press("esc");
    }
}

fn two_rows() -> Vec<(String, String)> {
    [("X-Order", "ORDER-1"), ("X-Base", "{{base_url}}/x")].map(|(name, value)| (name.into(), value.into())).into()
}

fn many_rows() -> Vec<(String, String)> {
    (0..50).map(|row| (format!("x-a-name-too-long-for-its-column-{row}"), "a value that goes on ".repeat(9))).collect()
}

fn a_row_without_a_value() -> Vec<(String, String)> {
    vec![("X-Order".to_owned(), "{{nobody}}".to_owned())]
}

// From the variables, which are in front where there is no body.
const HEADERS: &str = "[ [ [";
const PARAMS: &str = "[ [";

pub fn two_headers(stage: &mut Stage) {
    rows(stage, HEADERS, &two_rows());
    stage.press("k space");
}

pub fn too_many_headers(stage: &mut Stage) {
    rows(stage, HEADERS, &many_rows());
}

/// A row in the middle of many, being typed.
pub fn a_header_far_down(stage: &mut Stage) {
    too_many_headers(stage);
    stage.press(&"k ".repeat(25));
    stage.press("e");
}

pub fn a_header_without_a_value(stage: &mut Stage) {
    rows(stage, HEADERS, &a_row_without_a_value());
    stage.press("f5");
}

pub fn two_params(stage: &mut Stage) {
    rows(stage, PARAMS, &two_rows());
}

pub fn too_many_params(stage: &mut Stage) {
    rows(stage, PARAMS, &many_rows());
}

pub fn a_param_without_a_value(stage: &mut Stage) {
    rows(stage, PARAMS, &a_row_without_a_value());
    stage.press("f5");
}

pub fn two_variables(stage: &mut Stage) {
    rows(stage, "", &two_rows());
}

pub fn too_many_variables(stage: &mut Stage) {
    rows(stage, "", &many_rows());
}

pub fn no_variables(stage: &mut Stage) {
    stage.press("2 k e ctrl-u");
    stage.type_text("http://127.0.0.1:43117/");
    stage.press("esc");
}

/// The call for a token, in the composer.
pub fn token_call(stage: &mut Stage) {
    stage.press("1 j");
}

/// A body of which two lines and the beginning of a third are selected.
pub fn selecting(stage: &mut Stage) {
    stage.press("k 2 j e down right right right right right shift-down shift-down shift-left");
}

pub fn production_editing(stage: &mut Stage) {
    stage.press("E j enter k 2 j e");
}
