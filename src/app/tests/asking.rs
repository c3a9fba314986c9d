//! Questions for a secret.

use super::*;
use crate::app::overlay::Overlay;

fn asked(app: &mut App, id: u64) {
    update(app, Message::Asked(id, format!("Secret {id}")));
}

/// The answers among what is ordered: to which question, and whether there is one.
fn answers(effects: Vec<Effect>) -> Vec<(u64, Option<usize>)> {
    let answer = |effect| match effect {
        Effect::Answer(id, secret) => Some((id, secret.map(|secret: Secret| secret.size()))),
        _ => None,
    };
    effects.into_iter().filter_map(answer).collect()
}

#[test]
fn questions_are_answered_one_after_the_other() {
    let mut app = app();
    asked(&mut app, 1);
    asked(&mut app, 2);
    type_text(&mut app, "q?é");
    press(&mut app, "backspace");
    assert_eq!(answers(press(&mut app, "enter")), [(1, Some(2))]);
    update(&mut app, Message::Pasted("pasted\n".to_owned()));
    press(&mut app, "ctrl-u");
    update(&mut app, Message::Pasted("pasted\r\n".to_owned()));
    assert_eq!(answers(press(&mut app, "enter")), [(2, Some(6))]);
    assert!(app.overlay.is_none());
}

#[test]
fn a_question_is_left_by_esc_and_outlasts_whatever_lies_over_it() {
    let mut app = app();
    asked(&mut app, 1);
    type_text(&mut app, "ab");
    assert!(press(&mut app, "f5").is_empty(), "nothing is sent from there");
    press(&mut app, "f1");
    assert!(matches!(app.overlay, Some(Overlay::Help { .. })));
    assert!(press(&mut app, "esc").is_empty());
    assert!(matches!(app.overlay, Some(Overlay::Ask)) && !app.questions[0].typed.is_empty());
    assert_eq!(answers(press(&mut app, "esc")), [(1, None)]);
    assert!(app.overlay.is_none());
}

#[test]
fn a_question_that_is_taken_back_is_gone_and_nothing_else() {
    let mut app = app();
    press(&mut app, "?");
    asked(&mut app, 1);
    assert!(matches!(app.overlay, Some(Overlay::Help { .. })));
    asked(&mut app, 2);
    update(&mut app, Message::Unasked(1));
    press(&mut app, "esc");
    assert_eq!(app.questions[0].id, 2);
    update(&mut app, Message::Unasked(2));
    assert!(app.overlay.is_none() && app.questions.is_empty());
}
