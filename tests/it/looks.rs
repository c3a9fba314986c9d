//! The rules of the look that hold in every theme: what is filled, what is tinted, and what reads without any colour.

use authscope::{
    app::message::Message,
    config::theme::{Look, Role, Signs, ThemeName},
};
use ratatui::style::{Color, Modifier};

use crate::stage::{Stage, text};

#[test]
fn the_whole_top_line_of_production_is_tinted_and_its_questions_name_the_profile_in_the_fill_of_its_sign() {
    for theme in ThemeName::ALL {
        let mut stage = Stage::new(120, 40);
        stage.look = Look::new(theme, Signs::Unicode);
        stage.press("E j enter k s");
        let buffer = stage.buffer();
        let style = |role| stage.look.style(role);
        let fill = |x, y| (buffer[(x, y)].bg, buffer[(x, y)].modifier.contains(Modifier::REVERSED));
        let of = |role: Role| {
            let style = style(role);
            (style.bg.unwrap_or(Color::Reset), style.add_modifier.contains(Modifier::REVERSED))
        };
        let known = [Role::ProductionLine, Role::BadgeNone, Role::Production].map(of);
        // Without a tint of its own the line stays as it is.
        let plain = (Color::Reset, false);
        assert!((0..120).all(|x| known.contains(&fill(x, 0)) || fill(x, 0) == plain), "{theme:?}");
        if let Some(tint) = style(Role::ProductionLine).bg {
            assert!((0..120).all(|x| fill(x, 0) != plain), "{theme:?}");
            assert_eq!(fill(119, 0).0, tint);
        }
        let text = text(&buffer);
        let place = |word: &str| {
            let y = text.lines().position(|row| row.contains(word)).unwrap();
            let before = text.lines().nth(y).unwrap().split(word).next().unwrap();
            (u16::try_from(before.chars().count()).unwrap(), u16::try_from(y).unwrap())
        };
        for (word, columns) in [(" ◆ PRODUCTION ", 14), (" ◆ paysecurez ", 14)] {
            let (x, y) = place(word);
            assert!((x..x + columns).all(|x| fill(x, y) == of(Role::Production)), "{theme:?} {word}");
        }
    }
    // Leaving is a question, too; in the sandbox nothing is named.
    for (keys, named) in [("E j enter", true), ("", false)] {
        let mut stage = Stage::new(120, 40);
        stage.press(keys);
        stage.tell(Message::Pasted("{\"a\": 1}".to_owned()));
        assert_eq!(stage.text().contains(" Pasted  ◆ paysecurez "), named);
    }
}
