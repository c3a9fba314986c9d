//! The whole screen at three sizes, where what matters is how its parts go together; and at the sizes in between.

use authscope::config::theme::{Look, Signs, ThemeName};

use super::{
    pictures::{self, SIZES, Story},
    stories as told,
};
use crate::stage::Stage;

pub const WHOLE: &[(&str, Story)] = &[
    ("proxied", told::kept_in_a_file),
    ("first", told::nothing),
    ("healed", told::healed),
    ("fetching", told::fetching),
    ("credentials_refused", told::credentials_refused),
    ("no_credential", told::asked_without_credential),
    ("editing", told::broken_body),
    ("selecting", told::selecting),
    ("production_editing", told::production_editing),
    ("command_line", told::commanding),
    ("search", told::searched),
    ("find", told::finding),
    ("zoomed", told::zoomed),
    ("zoomed_timing", told::zoomed_timing),
    ("zoomed_flow", told::zoomed_flow),
    ("tour", told::tour),
    ("tour_done", told::tour_done),
    ("tour_under_the_lab", told::tour_under_the_lab),
];

/// A file or a pipe and nothing beside it: no token, no environment.
pub const VIEWED: &[(&str, Story)] =
    &[("viewing", told::viewing), ("viewing_pipe", told::viewing_pipe), ("viewing_filter", told::viewing_filter)];

/// Sizes between and below the three.
pub const OTHER_SIZES: &[(u16, u16)] =
    &[(160, 48), (100, 30), (110, 24), (99, 40), (60, 16), (50, 14), (30, 9), (16, 4), (8, 3)];

/// Looks beside the usual one.
pub const LOOKS: [(ThemeName, Signs); 2] = [(ThemeName::Mono, Signs::Unicode), (ThemeName::Ansi16, Signs::Ascii)];

/// Takes the pictures of a table of whole screens.
pub fn pictured(table: &[(&str, Story)]) {
    for (name, story) in table {
        for size in SIZES {
            let mut stage = Stage::new(size.0, size.1);
            story(&mut stage);
            pictures::compared(&pictures::named(name, size), &stage.text());
        }
    }
}

#[test]
fn the_whole_screen_at_three_sizes() {
    pictured(WHOLE);
    pictured(VIEWED);
}

#[test]
fn the_middle_and_the_small_sizes_keep_what_matters() {
    for size in OTHER_SIZES {
        let mut stage = Stage::new(size.0, size.1);
        told::healed(&mut stage);
        stage.press("3");
        pictures::compared(&pictures::named("sizes", *size), &stage.text());
    }
}

#[test]
fn the_other_looks_show_every_state() {
    for (theme, signs) in LOOKS {
        let mut stage = Stage::new(120, 40);
        stage.look = Look::new(theme, signs);
        told::healed(&mut stage);
        pictures::compared(&format!("look_{}", theme.name()), &stage.text());
    }
}
