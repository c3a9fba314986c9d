//! What a person sees: pictures of the screen at three sizes, and the rules that every picture keeps.

use std::{cell::Cell, io, rc::Rc};

use authscope::{
    app::{Stale, effect::Effect, focus::Pane, message::Message, overlay::Overlay, token::TokenState},
    config::theme::{Look, Role, Signs, ThemeName},
    domain::flow::{FlowStep, Refusal},
    view,
};
use ratatui::{
    Terminal, TerminalOptions, Viewport,
    backend::CrosstermBackend,
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier},
};

use crate::stage::{CAPTURED, Stage, UNAUTHORIZED, text};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Takes a picture of a story at each size.
fn pictures(name: &str, story: impl Fn(&mut Stage)) {
    for (width, height) in SIZES {
        let mut stage = Stage::new(width, height);
        story(&mut stage);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), stage.text());
    }
}

/// One call that was answered a minute ago.
pub fn answered(stage: &mut Stage) {
    let order = stage.send();
    stage.answered(&order, 200, CAPTURED);
    stage.tick(60_000);
}

/// A second call whose token was refused, renewed and replayed.
pub fn healed(stage: &mut Stage) {
    answered(stage);
    let order = stage.send();
    stage.healed(&order, 200, CAPTURED);
    stage.tick(1000);
}

/// A second call whose endpoint takes no token at all.
fn refused(stage: &mut Stage) {
    answered(stage);
    let order = stage.send();
    stage.healed(&order, 401, UNAUTHORIZED);
}

#[test]
fn the_first_screen_says_what_to_press() {
    pictures("first", |_| {});
}

#[test]
fn an_answered_call_shows_its_body_its_token_and_its_rows() {
    pictures("answered", answered);
}

#[test]
fn a_healed_call_shows_both_attempts_and_the_renewal_between_them() {
    pictures("healed", healed);
}

#[test]
fn a_call_on_its_way_shows_what_it_waits_for() {
    pictures("fetching", |stage| {
        let order = stage.send();
        let url = order.profile.token_url.clone();
        stage.flow(Some(order.id), FlowStep::TokenRequested { url, attempt: 1 });
        let mut status = stage.status();
        status.fetching_since = Some(stage.app.now.boot);
        stage.tell(Message::TokenStood(Ok(status)));
        stage.tick(400);
        assert_eq!(stage.app.token_state(), TokenState::Fetching(std::time::Duration::from_millis(400)));
    });
}

#[test]
fn refused_credentials_are_said_with_what_to_do() {
    pictures("credentials_refused", |stage| {
        let order = stage.send();
        stage.without_token(&order);
    });
}

#[test]
fn a_call_refused_twice_is_explained() {
    pictures("why", |stage| {
        refused(stage);
        stage.press("!");
    });
}

#[test]
fn the_token_pane_counts_down_and_shows_claims() {
    pictures("token", |stage| {
        healed(stage);
        stage.press("t");
    });
}

#[test]
fn the_sandbox_lab_lists_its_faults() {
    pictures("lab", |stage| {
        answered(stage);
        stage.press("M");
    });
}

#[test]
fn the_keys_of_the_place_are_shown() {
    pictures("help", |stage| {
        stage.press("?");
    });
}

#[test]
fn the_palette_shows_the_letters_it_hit_and_what_is_in_hand() {
    pictures("palette", |stage| {
        answered(stage);
        stage.press("ctrl-p");
        stage.type_text("ren");
    });
}

#[test]
fn the_command_line_shows_what_could_be_meant() {
    pictures("command_line", |stage| {
        answered(stage);
        stage.press(":");
        stage.type_text("re");
    });
}

#[test]
fn a_body_being_edited_is_marked_as_such() {
    pictures("editing", |stage| {
        stage.press("k 2 j e");
        stage.press("down end");
        stage.type_text(" ");
    });
}

/// A screen whose underlined cells stand in brackets.
fn underlined(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut inside = false;
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let marked = cell.modifier.contains(Modifier::UNDERLINED);
            if marked != inside {
                text.push(if marked { '⟦' } else { '⟧' });
            }
            inside = marked;
            text.push_str(cell.symbol());
        }
        text.push_str(if inside { "⟧\n" } else { "\n" });
    }
    text
}

#[test]
fn what_is_selected_is_marked_with_colour_and_without() {
    for theme in [ThemeName::Dark, ThemeName::Mono] {
        let mut stage = Stage::new(120, 40);
        stage.look = Look::new(theme, Signs::Unicode);
        selecting(&mut stage);
        insta::assert_snapshot!(format!("selection_{}", theme.name()), underlined(&stage.buffer()));
        let (buffer, style) = (stage.buffer(), stage.look.style(Role::RowSelect).underlined());
        let selected = buffer[(40, 7)].style();
        assert_eq!(selected.patch(style), selected, "{theme:?}");
        assert_ne!(selected, buffer[(34, 7)].style(), "{theme:?}");
    }
}

/// A body of which two lines and the beginning of a third are selected.
fn selecting(stage: &mut Stage) {
    stage.press("k 2 j e down right right right right right shift-down shift-down shift-left");
}

#[test]
fn the_last_row_of_a_body_is_in_sight_while_it_is_typed() {
    for (width, height) in SIZES {
        let mut stage = Stage::new(width, height);
        stage.press("k 2 j e ctrl-end");
        for _ in 0..40 {
            stage.press("enter");
        }
        stage.type_text("the end");
        assert!(stage.text().contains("the end"), "{}", stage.text());
    }
}

#[test]
fn a_long_line_is_coloured_right_from_its_middle() {
    let mut stage = Stage::new(120, 40);
    stage.press("k 2 j e");
    stage.type_text("{\"key\": \"");
    stage.type_text(&"long ".repeat(30));
    let colour = |stage: &mut Stage, y| stage.buffer()[(40, y)].fg;
    let string = stage.look.style(Role::JsonString).fg.unwrap();
    assert_eq!(colour(&mut stage, 6), string, "{}", stage.text());
    assert!(stage.text().lines().nth(6).unwrap().contains("▏… long long"), "{}", stage.text());
    stage.press("home end left");
    assert_eq!(colour(&mut stage, 6), string);
}

#[test]
fn a_body_that_is_no_json_is_said_to_be_while_it_is_typed_and_variables_are_no_fault() {
    let mut stage = Stage::new(80, 24);
    stage.press("k 2 j e down end");
    stage.type_text(" \"amount\": {{n}},");
    assert!(!stage.text().contains("not JSON"), "{}", stage.text());
    stage.press("backspace");
    assert!(stage.text().contains(" EDIT  ▲ not JSON: line 3, column 3"), "{}", stage.text());
    stage.press("esc");
    assert!(!stage.text().contains("not JSON"), "{}", stage.text());
}

#[test]
fn header_fields_can_be_added() {
    pictures("header_row", |stage| {
        stage.press("2 [ [ [ a");
        stage.type_text("X-Order");
        stage.press("tab");
        stage.type_text("{{nobody}}");
        stage.press("esc s");
    });
}

#[test]
fn requests_are_found_while_their_words_are_typed() {
    pictures("find", |stage| {
        stage.press("/");
        stage.type_text("echo");
    });
}

#[test]
fn what_can_be_copied_is_offered_with_its_beginning() {
    pictures("copy", |stage| {
        answered(stage);
        stage.press("3 j y");
    });
}

#[test]
fn a_search_marks_its_hits_and_counts_them() {
    pictures("search", |stage| {
        answered(stage);
        stage.press("3 /");
        stage.type_text("captured");
        stage.press("enter");
        let search = stage.app.response.search.as_ref().unwrap().number;
        let hits = CAPTURED.match_indices("Captured").map(|(at, _)| at as u64).collect();
        stage.tell(Message::Found { search, hits, done: true });
        stage.press("n");
    });
}

#[test]
fn the_headers_of_an_answer_stand_above_those_of_its_request() {
    pictures("headers", |stage| {
        answered(stage);
        stage.press("3 ]");
    });
}

#[test]
fn the_phases_of_each_trip_are_drawn_on_one_scale() {
    pictures("timing", |stage| {
        healed(stage);
        stage.press("3 [");
    });
}

#[test]
fn an_unfolded_exchange_tells_its_flow_events() {
    pictures("unfolded", |stage| {
        healed(stage);
        stage.press("6 space");
    });
}

#[test]
fn production_is_unmistakable_and_asks_before_it_sends() {
    pictures("production", |stage| {
        stage.press("E j enter k s");
        assert!(matches!(stage.app.overlay, Some(Overlay::Production(_))));
    });
    pictures("production_editing", |stage| {
        stage.press("E j enter k 2 j e");
    });
    pictures("no_credential", |stage| {
        stage.press("E j enter");
        let give = "set the environment variable `PAYSECUREZ_CLIENT_SECRET`".to_owned();
        let refusal = Refusal::NoCredential { profile: "paysecurez".to_owned(), give };
        stage.tell(Message::TokenStood(Err(refusal)));
        stage.press("R");
    });
}

#[test]
fn the_cursor_of_a_long_body_is_in_sight_above_what_is_said_of_production() {
    for (width, height) in SIZES {
        let mut stage = Stage::new(width, height);
        stage.press("E j enter k 2 j e");
        for line in 0..60 {
            stage.type_text(&format!("{line}"));
            stage.press("enter");
        }
        stage.type_text("here");
        let (text, cursor) = (stage.text(), stage.cursor());
        let row = text.lines().position(|row| row.contains("here")).unwrap();
        assert_eq!(usize::from(cursor.1), row, "{text}");
        assert!(text.contains("▲ This is production: F5 asks before it sends."), "{text}");
    }
}

#[test]
fn a_zoomed_pane_has_the_screen() {
    pictures("zoomed", |stage| {
        answered(stage);
        stage.press("3 z");
    });
}

#[test]
fn long_and_hostile_bodies_are_cut_and_marked() {
    pictures("hostile", |stage| {
        let body = format!(
            "{{\"long\":\"{}\",\"esc\":\"a\u{1b}[31mred\u{7}\",\"bidi\":\"\u{202e}evil\",\"deep\":[[[[1]]]],\"n\":1e400}}",
            "x".repeat(300)
        );
        let order = stage.send();
        stage.answered(&order, 200, &body);
    });
}

#[test]
fn a_body_that_is_no_json_says_where_it_breaks() {
    pictures("broken", |stage| {
        let order = stage.send();
        stage.answered(&order, 200, r#"{"a": 1, "b": tru}"#);
    });
}

#[test]
fn the_lines_of_a_large_body_are_learnt_once_each_time_it_is_looked_at() {
    let mut stage = Stage::new(120, 40);
    let order = stage.send();
    stage.answered(&order, 200, &format!("[{}1]", "1,\n".repeat(200_000)));
    answered(&mut stage);
    let learns = |effects: Vec<Effect>| effects.iter().filter(|effect| matches!(effect, Effect::Index(..))).count();
    for row in 0..6 {
        stage.press("6 g g");
        stage.press(&"j ".repeat(row));
        let orders = learns(stage.press("enter"));
        let opened = stage.app.response.exchange() == Some(order.id);
        assert_eq!(orders, usize::from(opened), "row {row}");
        if opened {
            assert_eq!(learns(stage.press("3 j j G 6")), 0);
            return;
        }
    }
    panic!("the large answer was not opened");
}

#[test]
fn the_lines_of_a_large_body_are_not_learnt_while_another_answer_may_take_its_place() {
    let mut stage = Stage::new(120, 40);
    let large = format!("[{}1]", "1,\n".repeat(200_000));
    let order = stage.send();
    let token = stage.fetch(Some(order.id), 29);
    stage.hop(&order, 1, &token, 401, &large, 12);
    assert!(stage.app.response.document.is_some() && !stage.app.response.index_ordered);
    stage.answered(&order, 200, &large);
    assert!(stage.app.response.index_ordered);
}

#[test]
fn the_cursor_of_a_field_and_what_is_typed_before_it_stay_in_sight() {
    for (width, height) in SIZES {
        let mut stage = Stage::new(width, height);
        stage.press("2 k e");
        stage.type_text("/and-so-on/to-the-end");
        assert!(stage.text().contains("/to-the-end"), "{}", stage.text());
    }
}

#[test]
fn the_middle_and_the_small_sizes_keep_what_matters() {
    for (width, height) in [(160, 48), (100, 30), (110, 24), (99, 40), (60, 16), (50, 14), (30, 9), (16, 4), (8, 3)] {
        let mut stage = Stage::new(width, height);
        healed(&mut stage);
        stage.press("3");
        insta::assert_snapshot!(format!("sizes_{width}x{height}"), stage.text());
    }
}

#[test]
fn the_other_looks_show_every_state() {
    for (theme, signs) in [(ThemeName::Mono, Signs::Unicode), (ThemeName::Ansi16, Signs::Ascii)] {
        let mut stage = Stage::new(120, 40);
        stage.look = Look::new(theme, signs);
        healed(&mut stage);
        insta::assert_snapshot!(format!("look_{}", theme.name()), stage.text());
    }
}

/// Every story of this file at its end, for the rules.
pub fn stories() -> Vec<fn(&mut Stage)> {
    vec![
        |_| {},
        answered,
        healed,
        refused,
        |stage| {
            let order = stage.send();
            stage.without_token(&order);
        },
        |stage| {
            stage.press("M");
        },
        |stage| {
            stage.press("k 2 j e");
        },
        selecting,
        |stage| {
            stage.press("E j enter");
        },
        |stage| {
            refused(stage);
            stage.press("!");
        },
    ]
}

#[test]
fn nothing_panics_at_any_size_and_badge_and_environment_stay() {
    for story in stories() {
        let mut stage = Stage::new(120, 40);
        story(&mut stage);
        let sizes = (1..=200).step_by(11).flat_map(|width| (1..=60).step_by(6).map(move |height| (width, height)));
        for (width, height) in sizes.chain([(1, 1), (16, 1), (500, 2), (1, 200)]) {
            stage.tell(Message::Resized(width, height));
            let screen = stage.text();
            if width >= 16 {
                let top = screen.lines().next().unwrap_or_default();
                let signs = ["○", "●", "▲", "✗", "…"];
                assert!(signs.iter().any(|sign| top.contains(sign)), "{width}x{height}: {top:?}");
                assert!(["◇", "◆"].iter().any(|sign| top.contains(sign)), "{width}x{height}: {top:?}");
            }
        }
    }
}

#[test]
fn at_80_columns_badge_environment_next_step_and_credential_are_whole() {
    let mut stage = Stage::new(80, 24);
    healed(&mut stage);
    let top = stage.text().lines().next().unwrap().to_owned();
    for part in ["● LIVE  29:59", "tok#2", "renews in 28:59", "demo-client", "◇ sandbox"] {
        assert!(top.contains(part), "{part}: {top}");
    }
    for (width, part) in [(60, "sandbox"), (40, "sandbox"), (20, "sandbox"), (1, "●")] {
        stage.tell(Message::Resized(width, 24));
        let top = stage.text().lines().next().unwrap().to_owned();
        assert!(top.contains(part), "{width}: {top}");
    }
}

fn heavy_headings(buffer: &Buffer) -> usize {
    // Rows 0 and 1 are the top lines; a heavy heading has a run of the pen behind its title.
    let text = text(buffer);
    text.lines()
        .skip(2)
        .filter(|row| {
            let titled = Pane::ALL.iter().any(|pane| row.contains(pane.title()));
            titled && row.contains("━━━")
        })
        .count()
}

#[test]
fn at_most_one_heading_is_heavy() {
    for pane in "1 2 3 4 5 6".split(' ') {
        let mut stage = Stage::new(120, 40);
        healed(&mut stage);
        stage.press(pane);
        assert_eq!(heavy_headings(&stage.buffer()), 1, "pane {pane}");
    }
}

#[test]
fn mono_draws_no_colour_and_ansi16_none_beyond_the_sixteen() {
    for story in stories() {
        for theme in [ThemeName::Mono, ThemeName::Ansi16] {
            let mut stage = Stage::new(120, 40);
            stage.look = Look::new(theme, Signs::Unicode);
            story(&mut stage);
            for cell in &stage.buffer().content {
                for colour in [cell.fg, cell.bg] {
                    let plain = matches!(colour, Color::Reset);
                    let sixteen = !matches!(colour, Color::Rgb(..) | Color::Indexed(_));
                    assert!(plain || (theme == ThemeName::Ansi16 && sixteen), "{theme:?} draws {colour:?}");
                }
            }
        }
    }
}

#[test]
fn an_overlay_leaves_the_top_lines_as_they_are() {
    for keys in ["?", "M", "E", "C", "S"] {
        let mut stage = Stage::new(120, 40);
        healed(&mut stage);
        let before = stage.buffer();
        stage.press(keys);
        let after = stage.buffer();
        assert!(stage.app.overlay.is_some(), "{keys}");
        for y in 0..2 {
            for x in 0..120 {
                assert_eq!(before[(x, y)], after[(x, y)], "{keys} at {x},{y}");
            }
        }
    }
}

/// A writer that counts.
#[derive(Clone, Default)]
struct Wire(Rc<Cell<usize>>);

impl io::Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_key_in_a_field_redraws_once_and_writes_under_400_bytes() {
    for (width, height) in SIZES {
        let mut stage = Stage::new(width, height);
        answered(&mut stage);
        stage.press("2 e");
        let wire = Wire::default();
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
        let mut terminal =
            Terminal::with_options(CrosstermBackend::new(wire.clone()), TerminalOptions { viewport }).unwrap();
        let mut draw = |stage: &mut Stage| {
            let before = wire.0.get();
            stage.app.take_stale();
            terminal.draw(|frame| view::render(frame, &stage.app, &stage.look)).unwrap();
            wire.0.get() - before
        };
        draw(&mut stage);
        stage.type_text("x");
        assert_eq!(stage.app.stale(), Stale::Now, "one frame is due");
        let bytes = draw(&mut stage);
        assert!((1..400).contains(&bytes), "{width}x{height}: {bytes} bytes");
        assert_eq!(stage.app.stale(), Stale::Nothing);
        stage.tick(1000);
        let bytes = draw(&mut stage);
        assert!((1..=300).contains(&bytes), "{width}x{height}: {bytes} bytes a second for a countdown");
    }
}

#[test]
fn the_life_line_drains_to_the_left_and_carries_a_notch() {
    let mut stage = Stage::new(120, 40);
    let line = |stage: &mut Stage| stage.text().lines().nth(1).unwrap().to_owned();
    answered(&mut stage);
    let full = line(&mut stage);
    stage.tick(840_000);
    let half = line(&mut stage);
    let lit = |line: &str| line.matches('━').count();
    assert!(lit(&full) > 110 && (55..=60).contains(&lit(&half)), "{full}\n{half}");
    assert_eq!(half.chars().position(|sign| sign == '╺'), Some(4), "{half}");
}
