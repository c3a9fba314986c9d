//! Every look shows every state: by words and signs, never by colour alone.

use std::collections::BTreeMap;

use authscope::{
    app::message::Message,
    config::theme::{Look, Signs, ThemeName},
    domain::token::TokenStatus,
};

use crate::{
    screens::{
        Story,
        stories::{self, answered},
    },
    stage::Stage,
};

/// A renewal that a person waits for, for 0.4 s.
fn renewing(stage: &mut Stage) {
    answered(stage);
    let status = TokenStatus { fetching_since: Some(stage.app.now.boot), ..stage.status() };
    stage.tell(Message::TokenStood(Ok(status)));
    stage.tick(400);
}

fn expiring(stage: &mut Stage) {
    answered(stage);
    stage.tick(1_700_000);
}

/// Each state of the token: its word, its sign, its sign in ASCII, and how it comes about.
const STATES: [(&str, &str, &str, Story); 9] = [
    ("NO TOKEN", "○", "o", stories::nothing),
    ("FETCHING", "…", "~", stories::fetching),
    ("LIVE", "●", "*", answered),
    ("EXPIRING", "▲", "!", expiring),
    ("RENEWING", "…", "~", renewing),
    ("EXPIRED", "○", "o", stories::expired),
    ("REFUSED", "✗", "x", stories::refused),
    ("CREDENTIALS REFUSED", "✗", "x", stories::credentials_refused),
    ("WAITING", "▲", "!", stories::held_back),
];

#[test]
fn every_state_of_the_token_has_its_word_and_its_sign_in_every_look() {
    for theme in ThemeName::ALL {
        for signs in [Signs::Unicode, Signs::Ascii] {
            let mut lines = BTreeMap::new();
            for (word, sign, ascii, story) in STATES {
                let mut stage = Stage::new(120, 40);
                stage.look = Look::new(theme, signs);
                story(&mut stage);
                assert_eq!(stage.app.token_state().word(), word);
                let top = stage.text().lines().next().unwrap().to_owned();
                let sign = if signs == Signs::Ascii { ascii } else { sign };
                assert!(top.starts_with(&format!("  {sign} {word}")), "{theme:?}, {signs:?}: {top}");
                let other = lines.insert(top, word);
                assert_eq!(other, None, "{theme:?}, {signs:?}: {word} reads the same");
            }
        }
    }
}

#[test]
fn the_frames_of_a_terminal_without_unicode_are_ascii() {
    for story in crate::screens::stories() {
        let mut stage = Stage::new(120, 40);
        stage.look = Look::new(ThemeName::Ansi16, Signs::Ascii);
        story(&mut stage);
        let text = stage.text();
        let others: Vec<&str> = text.lines().filter(|line| !line.is_ascii()).collect();
        assert!(others.is_empty(), "{others:#?}");
    }
    let mut stage = Stage::new(120, 40);
    stage.look = Look::new(ThemeName::Ansi16, Signs::Ascii);
    stories::healed(&mut stage);
    stage.press("3 [ [ [");
    stage.tell(Message::Copied(Ok("Copied “a name”.".to_owned())));
    let text = stage.text();
    assert!(text.is_ascii() && text.contains("Bearer ******** tok#2") && text.contains("Copied \"a name\"."), "{text}");
}
