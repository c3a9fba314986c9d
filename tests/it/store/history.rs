//! The history: several processes at once, kills, locks, and no secret.

use std::{
    io::{self, Write as _},
    path::Path,
    process::Stdio,
};

use authscope::{
    domain::record::{Record, Retention, Trip},
    store::history::{FILE, History},
};

use super::explorer::{Explorer, state};
use crate::{child, cli::program::Program, promises::number};

fn record(name: &str) -> Record {
    let trip = Trip { attempt: 1, status: Some(200), ..Trip::default() };
    Record {
        name: name.to_owned(),
        method: "GET".to_owned(),
        url: format!("http://h/{name}"),
        trips: vec![trip],
        body: name.repeat(500).into_bytes(),
        started: 1,
        ..Record::default()
    }
}

fn opened(home: &Path) -> History {
    let (history, aside) = History::open(home).unwrap();
    assert_eq!(aside, None, "what a process left behind is whole");
    history
}

#[test]
fn eight_processes_at_once_add_every_call_of_each_to_the_history() {
    let (count, each) = (number(51, 0), number(51, 1));
    if child::is_child() {
        let (home, name) = (child::told("STORE_HOME"), child::told("STORE_NAME"));
        let mut history = opened(Path::new(&home));
        (0..each).for_each(|row| history.add(&[record(&format!("{name}-{row}"))], 1, Retention::default()).unwrap());
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let test = "store::history::eight_processes_at_once_add_every_call_of_each_to_the_history";
    let start = |name: usize| {
        let mut command = child::command(test);
        command.env("STORE_HOME", home.path()).env("STORE_NAME", name.to_string());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let processes: Vec<_> = (0..count).map(start).collect();
    for process in processes {
        child::passed(&process.wait_with_output().unwrap());
    }
    let history = opened(home.path());
    assert_eq!(history.count().unwrap(), (count * each) as u64);
    assert_eq!(history.list("3-999", 9).unwrap().len(), 1);
}

#[test]
fn a_process_killed_while_it_adds_to_the_history_leaves_whole_calls() {
    const BATCH: u64 = 5;
    if child::is_child() {
        let mut history = opened(Path::new(&child::told("STORE_HOME")));
        let mut out = io::stdout().lock();
        let batch: Vec<_> = (0..BATCH).map(|at| record(&format!("call{at}"))).collect();
        loop {
            history.add(&batch, 1, Retention::default()).unwrap();
            writeln!(out, "written {}", history.count().unwrap()).unwrap();
        }
    }
    let home = tempfile::tempdir().unwrap();
    let rounds = std::env::var("AUTHSCOPE_KILLS").map_or_else(|_| number(50, 1), |kills| kills.parse().unwrap());
    let (mut last, mut seed) = (0, 7_u32);
    for round in 0..rounds {
        let test = "store::history::a_process_killed_while_it_adds_to_the_history_leaves_whole_calls";
        let told = super::killed_while_it_writes(test, home.path(), round, &mut seed);
        let history = opened(home.path());
        let count = history.count().unwrap();
        assert!(
            count >= told && told > last && count.is_multiple_of(BATCH),
            "round {round}: {count}, told {told}, before {last}"
        );
        let newest = &history.list("", 1).unwrap()[0];
        assert_eq!(history.record(newest.id).unwrap().unwrap().body, newest.name.repeat(500).into_bytes());
        last = count;
    }
}

#[tokio::test]
async fn calls_are_listed_searched_shown_exported_and_cleared() {
    let run = Program::new(&[
        "send",
        "POST",
        "/_sandbox/echo",
        "-d",
        "{\"reference\":\"tea\",\"password\":\"history-canary\"}",
        "--history",
    ])
    .run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let run = Program::within(run.home, &["send", "/nowhere", "--history"]).run();
    let run = Program::within(run.home, &["send", "/_sandbox/open"]).run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let run = Program::within(run.home, &["history", "list"]).run();
    assert_eq!((run.code, run.text().lines().count()), (Some(0), 2), "{}", run.told());
    let run = Program::within(run.home, &["history", "list", "tea", "--json"]).run();
    let row = run.json();
    assert_eq!((&row["id"], &row["status"], &row["method"]), (&1.into(), &200.into(), &"POST".into()), "{row}");
    let run = Program::within(run.home, &["history", "show", "1"]).run();
    assert!(run.text().contains("\"reference\"") && run.text().contains("tok#1"), "{}", run.told());
    for format in ["curl", "har", "http", "markdown"] {
        let exported = Program::within(tempfile::tempdir().unwrap(), &["history", "export", "1", format]);
        let exported = exported.with("XDG_STATE_HOME", run.home.path().join("state").to_str().unwrap()).run();
        assert!(exported.text().contains("tea") && !exported.told().contains("canary"), "{}", exported.told());
    }
    assert!(run.files().iter().all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("history-canary")));
    let run = Program::within(run.home, &["history", "show", "9"]).run();
    assert_eq!(run.code, Some(2));
    let run = Program::within(run.home, &["history", "clear"]).run();
    assert!(run.code == Some(2) && run.notes.contains("`--yes` says so"), "{}", run.told());
    let run = Program::within(run.home, &["history", "clear", "--older-than", "1h", "--yes"]).run();
    assert!(run.notes.contains("0 calls are deleted"), "{}", run.notes);
    let run = Program::within(run.home, &["history", "clear", "--yes"]).run();
    assert!(run.notes.contains("2 calls are deleted"), "{}", run.notes);
    assert_eq!(Program::within(run.home, &["history", "list"]).run().text(), "");
}

#[test]
fn a_history_that_another_program_holds_or_that_is_of_a_later_version_hinders_no_call() {
    let run = Program::new(&["send", "/_sandbox/open", "--history"]).run();
    let file = state(run.home.path()).join(FILE);
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let run = Program::within(run.home, &["send", "/_sandbox/open", "--history"]).run();
    assert_eq!(run.code, Some(0));
    assert!(run.notes.contains("the history is not kept") && run.notes.contains("locked"), "{}", run.notes);
    other.execute_batch("ROLLBACK; PRAGMA user_version = 9").unwrap();
    let run = Program::within(run.home, &["send", "/_sandbox/open", "--history"]).run();
    assert_eq!(run.code, Some(0));
    assert!(run.notes.contains("later than 1; it was left alone"), "{}", run.notes);
    drop(other);
    std::fs::write(&file, "no database, but long enough that it could be taken for one").unwrap();
    let run = Program::within(run.home, &["send", "/_sandbox/open", "--history"]).run();
    assert!(run.code == Some(0) && run.notes.contains("set aside as"), "{}", run.notes);
}

#[test]
fn the_explorer_keeps_its_calls_unless_it_is_private() {
    let home = tempfile::tempdir().unwrap();
    for (words, count) in [("--private", 0), ("", 1)] {
        let mut explorer = Explorer::open(home.path(), &[], words);
        explorer.press("s");
        explorer.until("Captured");
        assert_eq!(explorer.end("q").0, 0);
        assert_eq!(state(home.path()).join("ledger.db").exists(), count == 1, "{words}");
        assert_eq!(opened(&state(home.path())).count().unwrap(), count, "{words}");
    }
}
