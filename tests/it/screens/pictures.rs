//! Pictures of the screen on disk: which there are, and what each shows.
//!
//! Every picture has a row in one of the tables; a picture without a row and a row without a picture both fail.

use std::{collections::BTreeSet, fs, path::Path};

use super::{
    matrix::MATRIX,
    overlays::OVERLAYS,
    whole::{VIEWED, WHOLE},
};
use crate::stage::Stage;

/// What brings the screen to a state.
pub type Story = fn(&mut Stage);

/// The sizes at which everything is looked at.
pub const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Compares with the picture of that name; none can be taken that stands in no table.
pub fn compared(name: &str, text: &str) {
    assert!(known().contains(name), "{name} stands in no table");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The name of a picture at a size.
pub fn named(name: &str, (width, height): (u16, u16)) -> String {
    format!("{name}_{width}x{height}")
}

/// The names of all pictures.
fn known() -> BTreeSet<String> {
    let matrix = MATRIX.iter().flat_map(|row| row.states().map(|(state, _)| row.name(state)));
    let hostile = crate::hostile::shown::CASES.iter().map(|(name, _)| format!("hostile_{name}"));
    let whole = WHOLE.iter().chain(OVERLAYS).chain(VIEWED).map(|(name, _)| (*name).to_owned());
    let at_sizes = matrix.chain(whole).chain(hostile).flat_map(|name| SIZES.map(|size| named(&name, size)));
    let others = super::whole::OTHER_SIZES.iter().map(|size| named("sizes", *size));
    let selections = super::SELECTIONS.iter().map(|theme| format!("selection_{}", theme.name()));
    at_sizes
        .chain(others)
        .chain(selections)
        .chain(super::whole::LOOKS.map(|(theme, _)| format!("look_{}", theme.name())))
        .collect()
}

#[test]
fn every_picture_stands_in_a_table_and_every_row_has_its_pictures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // What differs lies beside its picture as `.snap.new`.
    let taken: BTreeSet<_> = files.filter_map(|file| file.strip_suffix(".snap").map(str::to_owned)).collect();
    let known = known();
    let differ: Vec<_> = taken.symmetric_difference(&known).collect();
    assert!(differ.is_empty(), "{differ:?}");
}
