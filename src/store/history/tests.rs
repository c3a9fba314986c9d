use super::*;
use crate::domain::record::Trip;

fn record(url: &str, started: i64) -> Record {
    let trip =
        Trip { attempt: 2, status: Some(201), received: vec![("x-trace".into(), "abc-77".into())], ..Trip::default() };
    Record {
        method: "POST".into(),
        url: url.into(),
        started,
        trips: vec![trip],
        request_body: "{\"currency\":\"EUR\"}".into(),
        body: b"{\"transactionId\":\"txn_0042\"}".repeat(100),
        ..Record::default()
    }
}

fn urls(history: &History, words: &str) -> Vec<String> {
    history.list(words, 10).unwrap().into_iter().map(|entry| entry.url).collect()
}

#[test]
fn a_record_is_found_by_its_address_status_header_fields_and_bodies() {
    let folder = tempfile::tempdir().unwrap();
    let (mut history, aside) = History::open(folder.path()).unwrap();
    assert_eq!(aside, None);
    history.add(&[record("https://h/payments/7", 1), record("https://h/refunds", 2)], 3, Retention::default()).unwrap();
    assert_eq!(urls(&history, ""), ["https://h/refunds", "https://h/payments/7"]);
    assert_eq!(urls(&history, "paym"), ["https://h/payments/7"]);
    for words in ["201", "abc-77", "EUR", "txn_0042", "post h 201", "x-trace: abc"] {
        assert_eq!(urls(&history, words).len(), 2, "{words}");
    }
    for words in ["nowhere", "payments refunds", "\" OR 1", "-"] {
        assert!(urls(&history, words).len() != 1, "{words}");
    }
    let entry = &history.list("", 1).unwrap()[0];
    assert_eq!((entry.status, entry.attempts, entry.id), (Some(201), 2, 2));
    assert_eq!(history.record(2).unwrap(), Some(record("https://h/refunds", 2)));
    assert_eq!(history.record(3).unwrap(), None);
}

#[test]
fn what_is_old_or_too_much_goes_with_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let (mut history, _) = History::open(folder.path()).unwrap();
    let now = 100 * MILLISECONDS_A_DAY;
    history.add(&[record("http://old", 1)], 2, Retention::default()).unwrap();
    history.add(&[record("http://new", now)], now, Retention::default()).unwrap();
    assert_eq!((urls(&history, ""), urls(&history, "old")), (vec!["http://new".to_owned()], vec![]));
    history
        .add(&(0..10).map(|at| record(&format!("http://n{at}"), now)).collect::<Vec<_>>(), now, Retention::default())
        .unwrap();
    let each: i64 = history.connection.query_row("SELECT max(bytes) FROM exchanges", [], |row| row.get(0)).unwrap();
    history.writing(|writing| retain(writing, 0, 3 * each, None)).unwrap();
    assert_eq!(urls(&history, ""), ["http://n9", "http://n8", "http://n7"]);
}

#[test]
fn what_is_cleared_is_in_no_file_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let (mut history, _) = History::open(folder.path()).unwrap();
    history.add(&[record("http://h/gone-canary", 1), record("http://h/kept", 10)], 11, Retention::default()).unwrap();
    assert_eq!(history.clear(5).unwrap(), 1);
    assert_eq!(urls(&history, ""), ["http://h/kept"]);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(memchr::memmem::find(&bytes, b"gone").is_none());
    }
}

#[test]
fn a_later_version_is_left_alone_and_what_is_no_database_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    drop(History::open(folder.path()).unwrap());
    let connection = Connection::open(folder.path().join(FILE)).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);
    assert!(matches!(History::open(folder.path()), Err(StoreError::Later { version: 2, known: 1, .. })));
    let broken = tempfile::tempdir().unwrap();
    std::fs::write(broken.path().join(FILE), "no database at all, but long enough to be read as one").unwrap();
    let (history, aside) = History::open(broken.path()).unwrap();
    assert_eq!(history.count().unwrap(), 0);
    assert!(aside.unwrap().ends_with("history-set-aside-1.db"));
}

#[test]
fn no_more_calls_are_kept_than_a_person_wants_and_one_can_be_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (mut history, _) = History::open(folder.path()).unwrap();
    let three = Retention { calls: Some(3), ..Retention::default() };
    history.add(&(1..=5).map(|at| record(&format!("http://n{at}"), at)).collect::<Vec<_>>(), 6, three).unwrap();
    assert_eq!(urls(&history, ""), ["http://n5", "http://n4", "http://n3"]);
    assert_eq!(history.forget(4).unwrap(), 1);
    assert_eq!((urls(&history, "").len(), urls(&history, "n4").len()), (2, 0));
    assert_eq!(history.forget(4).unwrap(), 0);
}
