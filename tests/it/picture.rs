//! The pictures of the README: real frames as SVG.

use std::{env, fmt::Write as _, fs, path::Path};

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};

use crate::stage::{CAPTURED, Stage};

/// The background of the dark theme, which a picture has by itself.
const BACKGROUND: (u8, u8, u8) = (0x0f, 0x13, 0x1a);

/// A frame as text with colours, in the words of a terminal.
fn ansi(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width)) {
        let mut before = String::new();
        for cell in row {
            let codes = codes(cell);
            if codes != before {
                write!(text, "\u{1b}[0m{codes}").unwrap();
                before = codes;
            }
            text.push_str(cell.symbol());
        }
        text.push_str("\u{1b}[0m\n");
    }
    text
}

fn codes(cell: &Cell) -> String {
    let mut codes = String::new();
    for (modifier, code) in
        [(Modifier::BOLD, 1), (Modifier::DIM, 2), (Modifier::UNDERLINED, 4), (Modifier::REVERSED, 7)]
    {
        if cell.modifier.contains(modifier) {
            write!(codes, "\u{1b}[{code}m").unwrap();
        }
    }
    for (layer, colour) in [(38, cell.fg), (48, cell.bg)] {
        if let Color::Rgb(red, green, blue) = colour
            && (red, green, blue) != BACKGROUND
        {
            write!(codes, "\u{1b}[{layer};2;{red};{green};{blue}m").unwrap();
        }
    }
    codes
}

/// `AUTHSCOPE_BLESS=1` in the environment of the test run writes the picture instead of comparing it.
fn compared(name: &str, stage: &mut Stage) {
    let (red, green, blue) = BACKGROUND;
    let background = anstyle::RgbColor(red, green, blue).into();
    let svg = anstyle_svg::Term::new().bg_color(background).render_svg(&ansi(&stage.buffer()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name);
    if env::var_os("AUTHSCOPE_BLESS").is_some() {
        fs::write(path, svg).unwrap();
    } else {
        let drawn = fs::read_to_string(path).unwrap_or_default();
        assert!(drawn == svg, "run this test with AUTHSCOPE_BLESS=1 to draw assets/{name}");
    }
}

/// The first call of the stage that is healed, some seconds ago.
fn healed() -> Stage {
    let mut stage = Stage::new(120, 40);
    let order = stage.send();
    stage.answered(&order, 200, CAPTURED);
    stage.tick(491_000);
    let order = stage.send();
    stage.healed(&order, 200, CAPTURED);
    stage
}

#[test]
fn the_picture_of_the_readme_is_a_real_frame() {
    let mut stage = healed();
    stage.press("3");
    stage.tick(19_000);
    compared("screen.svg", &mut stage);
}

#[test]
fn the_picture_of_a_healed_401_is_a_real_frame() {
    let mut stage = healed();
    stage.press("6 enter");
    stage.tick(19_000);
    compared("flow.svg", &mut stage);
}
