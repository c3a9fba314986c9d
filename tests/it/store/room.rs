//! No room and no place: a home that is no folder, none that is named, files that may not grow.

use std::fs;

use authscope::store::Kept;

use super::{
    explorer::{Explorer, state},
    kept,
};

/// A home in which a run left a changed request, and what it left.
fn used_home() -> (tempfile::TempDir, Kept) {
    let home = tempfile::tempdir().unwrap();
    let mut explorer = Explorer::open(home.path(), &[], "");
    explorer.press("2ke?kept=1\r");
    explorer.until("?kept=1");
    assert_eq!(explorer.end("q").0, 0);
    let kept = kept(&state(home.path())).unwrap();
    assert!(kept.drafts.values().any(|draft| draft.contains("kept=1")));
    (home, kept)
}

#[test]
fn in_a_home_that_is_no_folder_the_explorer_says_what_it_cannot_keep_and_works() {
    let home = tempfile::tempdir().unwrap();
    let nowhere = "HOME=/dev/null; unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_DATA_HOME";
    let mut explorer = Explorer::open(home.path(), &[("BEFORE", nowhere)], "");
    explorer.until("Requests and layout are not kept");
    explorer.press("s");
    explorer.until("Captured");
    explorer.press("L");
    explorer.until("There is no log");
    assert_eq!(explorer.end("q").0, 0);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn without_home_the_folders_that_are_named_serve() {
    let (home, before) = used_home();
    let mut explorer = Explorer::open(home.path(), &[("BEFORE", "unset HOME")], "");
    explorer.until("?kept=1");
    assert_eq!(explorer.end("q").0, 0);
    assert_eq!(kept(&state(home.path())).unwrap().drafts, before.drafts);
}

#[test]
fn where_no_file_may_grow_the_explorer_says_so_and_what_was_kept_stays() {
    let (home, before) = used_home();
    let log = state(home.path()).join("authscope.log");
    let logged = fs::read(&log).unwrap();
    let mut explorer = Explorer::open(home.path(), &[("BEFORE", "ulimit -f 0")], "");
    explorer.until("Requests and layout are not kept");
    explorer.press("s");
    explorer.until("Captured");
    explorer.press("L");
    explorer.until("what came after it is lost");
    explorer.press("q");
    assert_eq!(explorer.end("q").0, 0);
    assert_eq!(fs::read(&log).unwrap(), logged);
    assert_eq!(kept(&state(home.path())).unwrap(), before);
}

#[test]
fn a_change_that_finds_no_room_is_said_to_be_unkept_and_asked_about_at_the_end() {
    let (home, before) = used_home();
    // 64 KiB hold the database and not what is pasted.
    let mut explorer = Explorer::open(home.path(), &[("BEFORE", "ulimit -f 128")], "");
    explorer.until("?kept=1");
    explorer.press("1kke");
    explorer.press(&format!("\x1b[200~{}\x1b[201~", "a line of words\n".repeat(20_000)));
    explorer.until("Changes are not kept for now");
    explorer.press("\x1b");
    explorer.until("? keys");
    explorer.press("q");
    explorer.until("changed and not saved");
    assert_eq!(explorer.end("y").0, 0);
    assert_eq!(kept(&state(home.path())).unwrap().drafts, before.drafts);
}
