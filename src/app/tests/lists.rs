//! The list of what runs, the filter of the help page, a deletion taken back, the person's own programs.

use super::*;
use crate::app::{
    composer::Target,
    effect::{Errand, Pages},
    focus::Pane,
    overlay::HelpRow,
};
use crate::domain::exchange::ExchangeId;

fn cancelled(effects: &[Effect]) -> Vec<u64> {
    let id = |effect: &Effect| match effect {
        Effect::Cancel(id) => Some(id.0),
        _ => None,
    };
    effects.iter().filter_map(id).collect()
}

#[test]
fn one_of_several_calls_is_cancelled_or_all_are() {
    let mut app = app();
    press(&mut app, "r");
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text == "Nothing is on its way."));
    press(&mut app, "s s s s r");
    assert_eq!(cancelled(&press(&mut app, "j d")), [3], "the second of the newest first");
    assert_eq!(cancelled(&press(&mut app, "d")), [0; 0], "it is told to stop only once");
    assert_eq!(cancelled(&press(&mut app, "a")), [4, 2, 1]);
    press(&mut app, "end enter");
    assert_eq!(app.response.exchange(), Some(ExchangeId(1)));
    assert!(app.overlay.is_none() && app.focus == Pane::Response);
}

#[test]
fn the_help_page_is_filtered_and_comes_back_whole() {
    let mut app = app();
    press(&mut app, "?");
    let all = app.help_rows().len();
    press(&mut app, "/");
    type_text(&mut app, "renew TOKEN");
    let names = |app: &App| -> Vec<&str> {
        let name = |row: &HelpRow| match row {
            HelpRow::Action(spec, _) => Some(spec.name),
            HelpRow::Group(_) => None,
        };
        app.help_rows().iter().filter_map(name).collect()
    };
    assert_eq!(names(&app), ["send", "renew-token"]);
    type_text(&mut app, " nothing of the kind jkq");
    assert!(app.help_rows().is_empty() && app.overlay.is_some());
    press(&mut app, "esc");
    assert_eq!(app.help_rows().len(), all);
    press(&mut app, "esc");
    assert!(app.overlay.is_none());
}

#[test]
fn a_deletion_is_taken_back_until_something_else_is_changed() {
    let mut app = app();
    press(&mut app, "a e");
    type_text(&mut app, "one");
    press(&mut app, "esc 1 d y");
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.ends_with("is deleted. u takes that back.")));
    press(&mut app, "u");
    assert!(app.requests.entry().draft.url.ends_with("one"), "{}", app.requests.entry().draft.url);
    press(&mut app, "d y e");
    type_text(&mut app, "two");
    press(&mut app, "esc u");
    assert!(!app.requests.entry().draft.url.contains("two") && !app.requests.entry().draft.url.contains("one"));
    press(&mut app, "u");
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.starts_with("Nothing of this request")));
}

/// What the editor is asked to change.
fn asked(effects: &[Effect]) -> (&str, &str, bool) {
    match effects {
        [.., Effect::Outside(Errand::Edit { text, suffix, leave })] => (text, suffix, *leave),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_comes_back_from_the_editor_is_one_change_of_the_field() {
    let mut app = app();
    press(&mut app, "g g j");
    let body = app.requests.entry().draft.body.clone();
    assert_eq!(asked(&press(&mut app, "f4")), (body.as_str(), ".json", true));
    update(&mut app, Message::Edited { text: Ok("{\"new\": 1}".to_owned()), leave: true });
    assert_eq!(app.requests.entry().draft.body, "{\"new\": 1}");
    assert!(app.editing.is_none());
    press(&mut app, "u");
    assert_eq!(app.requests.entry().draft.body, body);
    keys::edit(&mut app, Target::Url);
    let url = app.requests.entry().draft.url.clone();
    assert_eq!(asked(&press(&mut app, "ctrl-x ctrl-e")), (url.as_str(), ".txt", false));
    update(&mut app, Message::Edited { text: Ok("a\nb\n".to_owned()), leave: false });
    let text = |app: &App| app.editing.as_ref().map(|editing| editing.editor.text());
    assert_eq!(text(&app).as_deref(), Some("a b"));
    press(&mut app, "ctrl-_");
    assert_eq!(text(&app), Some(url.clone()));
    update(&mut app, Message::Edited { text: Err("why".to_owned()), leave: false });
    assert_eq!(text(&app), Some(url));
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text == "why"));
}

#[test]
fn the_pager_is_given_what_the_pane_shows() {
    let mut app = app();
    assert!(press(&mut app, "f3").is_empty() && app.notice.is_some());
    press(&mut app, "g g j");
    let body = app.requests.entry().draft.body.clone();
    let effects = press(&mut app, "2 f3");
    assert!(matches!(&effects[..], [Effect::Outside(Errand::Page(Pages::Text(text)))] if *text == body));
}

#[test]
fn half_a_sequence_and_an_armed_quit_do_not_outlast_the_focus() {
    let mut app = app();
    press(&mut app, "ctrl-c");
    update(&mut app, Message::Focused(false));
    assert!(press(&mut app, "ctrl-c").is_empty());
    press(&mut app, "g");
    update(&mut app, Message::Focused(false));
    update(&mut app, Message::Focused(true));
    let row = app.requests.row();
    press(&mut app, "g");
    assert_eq!(app.requests.row(), row);
}

#[test]
fn the_row_in_hand_of_the_composer_is_in_sight_and_a_click_takes_the_row_it_points_at() {
    let mut app = app();
    press(&mut app, "2 [ [ [");
    for row in 0..30 {
        press(&mut app, "a");
        type_text(&mut app, &format!("X-{row}"));
        press(&mut app, "esc");
    }
    let page = layout::page(&app, Pane::Composer);
    assert_eq!((app.composer.row, app.composer.top), (30, 30 - page));
    press(&mut app, "k k");
    assert_eq!((app.composer.row, app.composer.top), (28, 30 - page), "it stays while the row is in sight");
    let area = layout::areas(&app).pane(Pane::Composer).unwrap().area;
    let second = area.y + layout::composer_above(&app) + 1;
    update(&mut app, Message::Clicked(area.x + 25, second));
    let there = 30 - page + 1;
    assert_eq!((app.composer.row, app.composer.right), (there + 1, true));
    press(&mut app, "h e");
    assert_eq!(app.editing.as_ref().unwrap().editor.text(), format!("X-{there}"));
    press(&mut app, "esc g g");
    assert_eq!((app.composer.row, app.composer.top), (0, 0));
    press(&mut app, "1 j 2");
    assert_eq!(app.composer.top, 0, "another request begins at its top");
}

#[test]
fn a_variable_from_elsewhere_is_given_a_value_of_the_requests_own() {
    let mut app = app();
    press(&mut app, "2 j j e");
    type_text(&mut app, "txn_7");
    press(&mut app, "enter");
    let own = &app.requests.entry().draft.variables;
    assert_eq!((own[0].name.as_str(), own[0].value.as_str()), ("txNo", "txn_7"));
    assert_eq!(app.inherited().collect::<Vec<_>>(), ["base_url"]);
}
