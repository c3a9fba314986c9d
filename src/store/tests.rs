use std::{fs, path::Path};

use super::*;

fn kept(session: &str, drafts: &[(&str, &str)]) -> Kept {
    let drafts = drafts.iter().map(|(key, json)| ((*key).to_owned(), (*json).to_owned()));
    Kept { session: session.to_owned(), drafts: drafts.collect() }
}

fn opened(folder: &Path) -> Database {
    let (database, set_aside) = Database::open(folder).unwrap();
    assert_eq!(set_aside, None);
    database
}

#[test]
fn what_is_written_is_read_by_the_next_run() {
    let home = tempfile::tempdir().unwrap();
    let mut first = opened(home.path());
    assert_eq!(first.load().unwrap(), None);
    first.write(&kept("s", &[("a", "1"), ("b", "2")])).unwrap();
    first.write(&kept("t", &[("a", "1"), ("c", "3")])).unwrap();
    assert_eq!(opened(home.path()).load().unwrap(), Some(kept("t", &[("a", "1"), ("c", "3")])));
}

#[test]
fn two_instances_leave_each_others_rows_alone() {
    let home = tempfile::tempdir().unwrap();
    let (mut one, mut other) = (opened(home.path()), opened(home.path()));
    one.write(&kept("s", &[("a", "1")])).unwrap();
    other.write(&kept("t", &[("b", "2")])).unwrap();
    one.write(&kept("s", &[("a", "3")])).unwrap();
    assert_eq!(opened(home.path()).load().unwrap(), Some(kept("t", &[("a", "3"), ("b", "2")])));
}

#[test]
fn a_database_that_is_none_is_set_aside_and_a_new_one_begun() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(database::FILE);
    for expected in ["authscope-set-aside-1.db", "authscope-set-aside-2.db"] {
        fs::write(&file, "this is no database, however long it may be ".repeat(100)).unwrap();
        let (mut database, set_aside) = Database::open(home.path()).unwrap();
        let set_aside = set_aside.unwrap();
        assert!(set_aside.ends_with(expected) && fs::read(&set_aside).unwrap().starts_with(b"this is no"));
        database.write(&kept("s", &[])).unwrap();
        drop(database);
        assert_eq!(opened(home.path()).load().unwrap(), Some(kept("s", &[])));
    }
}

#[test]
fn a_database_of_a_later_version_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    drop(opened(home.path()));
    let file = home.path().join(database::FILE);
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 7).unwrap();
    let before = fs::read(&file).unwrap();
    let error = Database::open(home.path()).err().unwrap().to_string();
    assert!(error.ends_with("is of version 7, later than 1; it was left alone"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_database_is_refused_and_its_target_untouched() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("target");
    fs::write(&target, "mine").unwrap();
    std::os::unix::fs::symlink(&target, home.path().join(database::FILE)).unwrap();
    assert!(Database::open(home.path()).is_err());
    assert_eq!(fs::read(&target).unwrap(), b"mine");
}

#[test]
fn without_a_home_the_store_says_so_once_and_takes_orders_all_the_same() {
    let (tell, told) = mpsc::channel();
    let store = Store::open(None, true, move |what| tell.send(what).unwrap()).unwrap();
    store.keep(Kept::default);
    drop(store);
    let all: Vec<_> = told.iter().collect();
    let [Told::Trouble(text)] = &all[..] else { panic!("{all:?}") };
    assert!(text.contains("no home folder"), "{text}");
}

#[test]
fn what_was_ordered_last_is_written_before_the_store_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(Some(home.path().join("new/folder")), true, |_| {}).unwrap();
    for number in 0..50 {
        store.keep(move || kept(&number.to_string(), &[]));
    }
    drop(store);
    assert_eq!(opened(&home.path().join("new/folder")).load().unwrap(), Some(kept("49", &[])));
}

#[test]
fn a_fresh_start_reads_nothing_and_deletes_nothing() {
    let home = tempfile::tempdir().unwrap();
    opened(home.path()).write(&kept("s", &[("a", "1")])).unwrap();
    let (tell, told) = mpsc::channel();
    let store = Store::open(Some(home.path().to_owned()), false, move |what| drop(tell.send(what))).unwrap();
    assert!(matches!(told.recv().unwrap(), Told::Opened(None)));
    store.keep(|| kept("t", &[]));
    drop(store);
    assert_eq!(opened(home.path()).load().unwrap(), Some(kept("t", &[("a", "1")])));
}

#[test]
fn what_could_not_be_written_is_told_once_and_written_at_the_end() {
    let home = tempfile::tempdir().unwrap();
    let (tell, told) = mpsc::channel();
    let store = Store::open(Some(home.path().to_owned()), true, move |what| drop(tell.send(what))).unwrap();
    assert!(matches!(told.recv().unwrap(), Told::Opened(None)));
    let holder = rusqlite::Connection::open(home.path().join(database::FILE)).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.keep(|| kept("s", &[]));
    assert!(matches!(told.recv().unwrap(), Told::Unwritten(text) if text.contains("not kept for now")));
    holder.execute_batch("COMMIT").unwrap();
    drop(store);
    assert!(matches!(told.iter().collect::<Vec<_>>()[..], [Told::Written]));
    assert_eq!(opened(home.path()).load().unwrap(), Some(kept("s", &[])));
}
