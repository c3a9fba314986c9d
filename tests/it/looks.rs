//! The rules of the look that hold in every theme: what is filled, what is tinted, and what reads without any colour.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use authscope::{
    app::{
        focus::Pane,
        layout::{self, Form},
        message::Message,
    },
    config::theme::{Look, Role, Signs, Surface, ThemeName},
    domain::{
        flow::{TokenFailure, TokenFailureKind},
        token::TokenStatus,
    },
};
use ratatui::style::{Color, Modifier};

use crate::{
    screens::{answered, healed, stories},
    stage::{Stage, text},
};

type Story = fn(&mut Stage);

/// A story, and the keys that lead to something else on top of it.
fn scenes() -> Vec<(Story, &'static str)> {
    let plain = stories().into_iter().map(|story| (story, ""));
    let answer: Story = answered;
    let on_top = ["ctrl-p", "?", "y", ": r e", "E", "C", "S", "t", "3 / c a p enter j j", "2 [ [ [ a"]
        .map(|keys| (answer, keys));
    let production: Story = |stage| {
        stage.press("E j enter k s");
    };
    plain.chain(on_top).chain([(production, "")]).collect()
}

/// Where there is reverse, or a background that is neither a surface nor a tint: the cells and their style.
fn filled(stage: &mut Stage) -> Vec<(u16, u16, Color, bool)> {
    let buffer = stage.buffer();
    let surfaces = [Surface::Background, Surface::Raised, Surface::Select, Surface::Field];
    let tints = [Role::Match, Role::DiffAdd, Role::DiffDel, Role::ProductionLine, Role::RowSelect];
    let styles = surfaces.map(|surface| stage.look.surface(surface)).into_iter();
    let plain: Vec<_> = styles.chain(tints.map(|role| stage.look.style(role))).filter_map(|style| style.bg).collect();
    let places = (0..buffer.area.height).flat_map(|y| (0..buffer.area.width).map(move |x| (x, y)));
    places
        .map(|(x, y)| (x, y, buffer[(x, y)].bg, buffer[(x, y)].modifier.contains(Modifier::REVERSED)))
        .filter(|(_, _, bg, reversed)| *reversed || !(*bg == Color::Reset || plain.contains(bg)))
        .collect()
}

#[test]
fn fill_and_reverse_stand_for_badge_production_edit_and_the_hit_in_hand_alone() {
    for theme in ThemeName::ALL {
        let mut seen = BTreeSet::new();
        for (story, keys) in scenes() {
            let mut stage = Stage::new(120, 40);
            stage.look = Look::new(theme, Signs::Unicode);
            story(&mut stage);
            stage.press(keys);
            let text = stage.text();
            for (x, y, bg, reversed) in filled(&mut stage) {
                let row = text.lines().nth(usize::from(y)).unwrap_or_default();
                let is = |role: Role| {
                    let style = stage.look.style(role);
                    bg == style.bg.unwrap_or(Color::Reset)
                        && reversed == style.add_modifier.contains(Modifier::REVERSED)
                };
                let edit = y == 39 && (1..7).contains(&x) && row.starts_with("  EDIT ") && is(Role::BadgeBusy);
                let question = row.contains("◆ paysecurez") && is(Role::Production);
                let hit = row.contains("Captured") && is(Role::MatchCurrent);
                assert!(y == 0 || edit || question || hit, "{theme:?} `{keys}`: {bg:?} {reversed} at {x},{y}\n{text}");
                seen.extend(
                    [(y == 0, "top"), (edit, "edit"), (question, "question"), (hit, "hit")]
                        .into_iter()
                        .filter(|(so, _)| *so),
                );
            }
        }
        // Without colours the sign of a field is bold.
        assert_eq!(seen.len(), if theme == ThemeName::Mono { 3 } else { 4 }, "{theme:?} {seen:?}");
    }
}

#[test]
fn one_heading_is_heavy_where_the_focused_pane_has_one() {
    for (width, height) in [(200, 60), (160, 48), (120, 40), (100, 30), (80, 24), (60, 16), (50, 14)] {
        for pane in Pane::ALL {
            let mut stage = Stage::new(width, height);
            healed(&mut stage);
            stage.press(&pane.number().to_string());
            let buffer = stage.buffer();
            let heavy = stage.look.style(Role::RuleFocus).fg.unwrap();
            let is_heavy = |y| (0..width).any(|x| buffer[(x, y)].symbol() == "━" && buffer[(x, y)].fg == heavy);
            let headings = (2..height).filter(|y| is_heavy(*y)).count();
            let shown = layout::areas(&stage.app).pane(pane).is_some_and(|place| place.form == Form::Full);
            assert_eq!(headings, usize::from(shown), "{width}x{height} {pane:?}\n{}", text(&buffer));
        }
    }
}

#[test]
fn stripped_of_all_style_each_state_of_the_token_reads_differently() {
    let mut stage = Stage::new(120, 40);
    answered(&mut stage);
    let live = stage.status();
    let token = live.token.clone().unwrap();
    let now = stage.app.now;
    let kind = TokenFailureKind::Throttled { retry_after: Duration::from_secs(8) };
    let why = Arc::new(TokenFailure { kind, text: "429".to_owned(), hint: None, call: None });
    let none = TokenStatus::default();
    let since = Some(now.boot);
    let at_once = [
        none.clone(),
        TokenStatus { fetching_since: since, ..none.clone() },
        live.clone(),
        TokenStatus { fetching_since: since, ..live.clone() },
        TokenStatus { refused: Some((token, now.wall)), ..live.clone() },
        TokenStatus { credentials_refused: Some(why.clone()), ..none.clone() },
        TokenStatus { held_until: Some((now.boot + Duration::from_secs(8), why)), ..none },
    ];
    let mut words = BTreeSet::new();
    let mut lines = BTreeSet::new();
    let mut look_at = |stage: &mut Stage, status: &TokenStatus| {
        stage.tell(Message::TokenStood(Ok(status.clone())));
        let word = stage.app.token_state().word();
        let top = stage.text().lines().next().unwrap().to_owned();
        assert!(top.contains(word), "{top}");
        words.insert(word);
        // The clocks alone do not tell two states apart.
        lines.insert(top.replace(|letter: char| letter.is_ascii_digit(), "0"));
    };
    for status in &at_once {
        look_at(&mut stage, status);
    }
    for minutes in [28, 2] {
        stage.tick(minutes * 60_000);
        look_at(&mut stage, &live);
    }
    assert_eq!((words.len(), lines.len()), (9, 9), "{words:?}\n{lines:#?}");
}

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

#[test]
fn the_top_line_gives_up_its_parts_in_their_order_and_never_badge_or_environment() {
    let mut stage = Stage::new(120, 40);
    healed(&mut stage);
    let parts = ["127.0.0.1:43117", "demo-client", "renews in", "tok#2", "LIVE", "sandbox", "29:59", "◇", "●"];
    let mut fewest = parts.len();
    for width in (1..=160).rev() {
        stage.tell(Message::Resized(width, 24));
        let top = stage.text().lines().next().unwrap().to_owned();
        let missing = parts.iter().take_while(|part| !top.contains(**part)).count();
        // Those behind the first one that is there are there as well.
        assert!(parts[missing..].iter().all(|part| top.contains(part)), "{width}: {top}");
        let kept = parts.len() - missing;
        assert!(kept <= fewest, "{width}: {top}");
        fewest = kept;
        let least = [(100, 9), (72, 8), (60, 7), (44, 6), (30, 5), (20, 4), (11, 3), (9, 2)];
        let (from, at_least) = least.into_iter().find(|(from, _)| width >= *from).unwrap_or((1, 1));
        assert!(kept >= at_least, "from {from} columns on {at_least} parts stand there, at {width}: {top}");
    }
}

#[test]
fn each_pane_has_its_place_in_a_strip_however_narrow_and_a_click_there_goes_to_it() {
    for width in [60, 76, 77, 99] {
        for focus in Pane::ALL {
            for at in 0..6 {
                let mut stage = Stage::new(width, 24);
                stage.press(&focus.number().to_string());
                let (pane, x, columns) = layout::names(&stage.app)[at];
                let strip: String =
                    stage.text().lines().nth(2).unwrap().chars().skip(x.into()).take(columns.into()).collect();
                let whole = format!("{} {}", pane.number(), pane.title());
                assert_eq!(strip, if width >= 77 || pane == focus { whole } else { pane.number().to_string() });
                stage.tell(Message::Clicked(x + columns - 1, 2));
                assert_eq!(stage.app.focus, pane, "{width}");
            }
        }
    }
}

#[test]
fn what_is_empty_says_what_could_be_there() {
    let mut stage = Stage::new(120, 40);
    assert!(stage.text().contains("Your own requests will"));
    stage.press("/");
    stage.type_text("custmer");
    let text = stage.text();
    assert!(
        text.contains("Nothing matches") && text.contains("“custmer”.") && text.contains("Esc clears it."),
        "{text}"
    );
    assert!(!text.contains("Your own requests will"));
    stage.press("esc esc");
    assert!(!stage.text().contains("Nothing matches"), "Esc clears it");
    let order = stage.send();
    stage.answered(&order, 200, "");
    assert!(stage.text().contains("The answer has no body. Headers 3 are in the next tab."), "{}", stage.text());
    stage.press("1 a");
    assert!(!stage.text().contains("Your own requests will"), "there is one now");
}

#[test]
fn a_table_that_holds_a_long_method_shows_it_whole() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut stage = Stage::new(width, height);
        stage.press("2 k k h e ctrl-u");
        stage.type_text("DELETE");
        stage.press("esc");
        let order = stage.send();
        stage.answered(&order, 200, "{}");
        for pane in ["1", "6"] {
            stage.press(pane);
            let text = stage.text();
            let rows = text.lines().filter(|row| row.contains(" DELETE ")).count();
            assert!(rows >= if width == 80 { 1 } else { 2 }, "{text}");
            assert!(pane == "6" || text.contains(" GET     "), "the other methods stand in as many columns: {text}");
        }
    }
}

#[test]
fn with_ascii_signs_nothing_that_the_program_draws_is_beyond_ascii() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        for (story, keys) in scenes() {
            let mut stage = Stage::new(width, height);
            stage.look = Look::new(ThemeName::Mono, Signs::Ascii);
            story(&mut stage);
            stage.press(keys);
            let text = stage.text();
            let beyond: String = text.chars().filter(|letter| !letter.is_ascii()).collect();
            assert_eq!(beyond, "", "`{keys}`\n{text}");
        }
    }
}
