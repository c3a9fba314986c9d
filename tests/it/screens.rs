//! What a person sees: pictures of the screen at three sizes, and the rules that every picture keeps.

use std::{cell::Cell, io, rc::Rc};

use authscope::{
    app::{Stale, effect::Effect, focus::Pane, message::Message},
    config::theme::{Look, Role, Signs, ThemeName},
    document::{Indexer, Step},
    domain::profile::Place,
    view,
};
use ratatui::{
    Terminal, TerminalOptions, Viewport,
    backend::CrosstermBackend,
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier},
};

use crate::stage::{Stage, text};

mod matrix;
pub use matrix::cut_out;
pub mod overlays;
pub mod pictures;
pub mod stories;
mod whole;

pub use pictures::Story;
pub use stories::{answered, healed};

use pictures::SIZES;

/// Themes in which a selection has a picture.
const SELECTIONS: [ThemeName; 2] = [ThemeName::Dark, ThemeName::Mono];

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
    for theme in SELECTIONS {
        let mut stage = Stage::new(120, 40);
        stage.look = Look::new(theme, Signs::Unicode);
        stories::selecting(&mut stage);
        pictures::compared(&format!("selection_{}", theme.name()), &underlined(&stage.buffer()));
        let (buffer, style) = (stage.buffer(), stage.look.style(Role::RowSelect).underlined());
        let selected = buffer[(40, 7)].style();
        assert_eq!(selected.patch(style), selected, "{theme:?}");
        assert_ne!(selected, buffer[(34, 7)].style(), "{theme:?}");
    }
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
fn what_is_learnt_of_an_answer_whose_place_another_took_is_nobodys() {
    let mut stage = Stage::new(120, 40);
    let large = format!("[{}1]", "1,\n".repeat(200_000));
    let order = stage.send();
    let token = stage.fetch(Some(order.id), 29);
    stage.hop(&order, 1, &token, 401, &large, 12);
    assert!(stage.app.response.index_ordered);
    let refused = stage.app.response.document.clone().unwrap();
    let mut indexer = Indexer::new(&refused);
    while indexer.step(1 << 20) == Step::More {}
    stage.answered(&order, 200, &large);
    assert!(stage.app.response.index_ordered);
    stage.tell(Message::Indexed(refused.body().clone(), indexer.index()));
    assert!(!stage.app.response.document.as_ref().unwrap().count().exact);
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
        stage.type_text("the last");
        let (text, cursor) = (stage.text(), stage.cursor());
        let row = text.lines().position(|row| row.contains("the last")).unwrap();
        assert_eq!(usize::from(cursor.1), row, "{text}");
        assert!(text.contains("▲ This is production: F5 asks before it sends."), "{text}");
    }
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

/// Every story that has a picture, each once, for the rules.
pub fn stories() -> Vec<Story> {
    let pictured = whole::WHOLE.iter().chain(overlays::OVERLAYS).map(|(_, story)| *story);
    let mut stories: Vec<Story> = pictured.chain(matrix::stories()).collect();
    stories.sort_by_key(|story| *story as usize);
    stories.dedup_by_key(|story| *story as usize);
    stories
}

#[test]
fn nothing_panics_at_any_size_and_badge_and_environment_stay() {
    for story in stories() {
        let mut stage = Stage::new(120, 40);
        story(&mut stage);
        // Both sides of each border at which the layout changes.
        let widths = [1, 16, 59, 60, 99, 100, 119, 120, 160, 200];
        let sizes = widths.into_iter().flat_map(|width| [1, 4, 10, 16, 36].map(|height| (width, height)));
        for (width, height) in sizes.chain([(500, 2), (1, 200)]) {
            stage.tell(Message::Resized(width, height));
            let screen = stage.text();
            if width >= 16 {
                let top = screen.lines().next().unwrap_or_default();
                let signs = ["○", "●", "▲", "✗", "…"];
                assert!(signs.iter().any(|sign| top.contains(sign)), "{width}x{height}: {top:?}");
                // An ordinary place has no sign; its name stays.
                let profile = stage.app.environment.profile();
                let stays =
                    if profile.place == Place::Ordinary { &[profile.name.as_str()][..] } else { &["◇", "◆"] };
                assert!(stays.iter().any(|sign| top.contains(sign)), "{width}x{height}: {top:?}");
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

/// How many titles have the pen behind them.
pub fn heavy_headings(buffer: &Buffer) -> usize {
    let text = text(buffer);
    let heavy = |pane: &Pane| text.matches(&format!("{} {} ━", pane.number(), pane.title())).count();
    Pane::ALL.iter().map(heavy).sum()
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
