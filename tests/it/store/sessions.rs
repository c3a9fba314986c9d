//! One explorer after another over the same home.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use authscope::store::database;

use super::{
    explorer::{Explorer, state},
    kept,
};

#[test]
fn a_start_finds_again_what_the_last_run_left() {
    let home = tempfile::tempdir().unwrap();
    let mut first = Explorer::open(home.path(), &[], "");
    first.press("2ke");
    first.press("?kept=1\r");
    first.press("6z");
    first.until_so(|shown| !shown.contains("Composer"));
    assert_eq!(first.end("3zq").0, 0, "changes are kept, so nothing is asked");

    let mut second = Explorer::open(home.path(), &[], "");
    second.until("?kept=1");
    assert_eq!(second.end("q").0, 0);
    let text = kept(&state(home.path())).unwrap();
    assert!(text.session.contains(r#""focus":3"#), "{}", text.session);

    let mut fresh = Explorer::open(home.path(), &[], "--fresh");
    assert!(!fresh.shown().contains("?kept=1"));
    fresh.press("6");
    assert_eq!(fresh.end("q").0, 0);
    assert_eq!(kept(&state(home.path())).unwrap().drafts, text.drafts, "a fresh start deletes nothing");
}

#[test]
fn a_killed_explorer_loses_no_draft() {
    let home = tempfile::tempdir().unwrap();
    let mut first = Explorer::open(home.path(), &[], "");
    first.press("2ke");
    first.press("/x9");
    while !kept(&state(home.path())).is_some_and(|kept| kept.drafts.values().any(|draft| draft.contains("status/x9"))) {
        std::hint::spin_loop();
    }
    first.kill();
    let mut second = Explorer::open(home.path(), &[], "");
    second.until("status/x9");
    assert_eq!(second.end("q").0, 0);
}

#[test]
fn the_log_is_shown_by_its_key() {
    let home = tempfile::tempdir().unwrap();
    let mut explorer = Explorer::open(home.path(), &[("AUTHSCOPE_LOG", "debug")], "");
    explorer.press("s");
    explorer.until("Captured");
    explorer.press("L");
    explorer.until_so(|shown| shown.contains("call 1 completed 200 OK") && shown.contains("starts"));
    explorer.press("q");
    explorer.until_so(|shown| !shown.contains("call 1 completed"));
    assert_eq!(explorer.end("q").0, 0);
    let log = fs::read_to_string(state(home.path()).join("authscope.log")).unwrap();
    assert!(log.lines().last().unwrap().ends_with("authscope ends: Quit"), "{log}");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_kept_is_nobody_elses_to_read_under_every_umask() {
    for umask in ["umask 000", "umask 022", "umask 077"] {
        let home = tempfile::tempdir().unwrap();
        let mut explorer = Explorer::open(home.path(), &[("BEFORE", umask)], "");
        explorer.press("6");
        let folder = state(home.path());
        let files = ["", "-wal", "-shm"].map(|suffix| folder.join(format!("{}{suffix}", database::FILE)));
        while !files.iter().all(|file| file.exists()) {
            std::hint::spin_loop();
        }
        for file in files.iter().chain([&folder.join("authscope.log")]) {
            assert_eq!(mode(file), 0o600, "{} under {umask}", file.display());
        }
        assert_eq!(mode(&folder), 0o700, "under {umask}");
        assert_eq!(explorer.end("q").0, 0);
    }
}

#[test]
fn where_nothing_can_be_kept_the_explorer_says_so_and_works() {
    let home = tempfile::tempdir().unwrap();
    // A file in place of the folder: not even root can write there.
    fs::write(home.path().join("state"), "").unwrap();
    let mut explorer = Explorer::open(home.path(), &[], "");
    explorer.until("Requests and layout are not kept");
    explorer.press("s");
    explorer.until("Captured");
    explorer.press("L");
    explorer.until("There is no log");
    assert_eq!(explorer.end("q").0, 0);
}

#[test]
fn a_database_that_another_program_holds_is_waited_for_while_the_screen_works() {
    let home = tempfile::tempdir().unwrap();
    let folder = state(home.path());
    drop(database::Database::open(&folder).unwrap());
    let holder = rusqlite::Connection::open(folder.join(database::FILE)).unwrap();
    let hold = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE theirs (a); COMMIT";
    holder.execute_batch(hold).unwrap();
    let mut explorer = Explorer::open(home.path(), &[], "");
    explorer.press("s");
    explorer.until("Captured");
    assert!(!explorer.shown().contains("not kept"));
    explorer.until("Requests and layout are not kept");
    assert_eq!(explorer.end("q").0, 0);
}

#[test]
fn a_database_that_cannot_be_read_is_set_aside_and_one_of_a_later_version_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let folder = state(home.path());
    fs::create_dir_all(&folder).unwrap();
    let junk = "no database at all ".repeat(1_000);
    fs::write(folder.join(database::FILE), &junk).unwrap();
    let mut explorer = Explorer::open(home.path(), &[], "");
    explorer.until("is set aside as");
    explorer.press("6");
    assert_eq!(explorer.end("q").0, 0);
    assert_eq!(fs::read_to_string(folder.join("authscope-set-aside-1.db")).unwrap(), junk);
    assert!(kept(&folder).is_some());

    let file = folder.join(database::FILE);
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&file).unwrap();
    let mut explorer = Explorer::open(home.path(), &[], "");
    explorer.until("is of version 99");
    explorer.press("5");
    assert_eq!(explorer.end("q").0, 0);
    assert_eq!(fs::read(&file).unwrap(), before);
}
