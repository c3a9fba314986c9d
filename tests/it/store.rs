//! What outlives a run, under what can happen to it: kills, several instances, odd umasks, folders that are none.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    path::Path,
    process::Stdio,
};

use authscope::store::{Kept, database::Database};

use crate::child;

mod explorer;
mod room;
mod secrets;
mod sessions;

fn kept(home: &Path) -> Option<Kept> {
    let (mut database, set_aside) = Database::open(home).unwrap();
    assert_eq!(set_aside, None, "what a process left behind is whole");
    database.load().unwrap()
}

/// Writes versions of everything, each with its number in every row, and tells each that is written.
fn write_for_ever(home: &Path) {
    let (mut database, _) = Database::open(home).unwrap();
    let begun = database.load().unwrap().map_or(0, |kept| kept.session.parse().unwrap());
    let mut out = io::stdout().lock();
    for version in begun + 1.. {
        let text = format!("{version}");
        let drafts = (0..20).map(|row| (format!("draft {row}"), text.clone())).collect();
        database.write(&Kept { session: text, drafts }).unwrap();
        writeln!(out, "written {version}").unwrap();
    }
}

#[test]
fn a_process_killed_while_it_writes_leaves_the_former_or_the_latter_version_whole() {
    if child::is_child() {
        return write_for_ever(Path::new(&child::told("STORE_HOME")));
    }
    let home = tempfile::tempdir().unwrap();
    let mut last: u64 = 0;
    for round in 0..100 {
        let test = "store::a_process_killed_while_it_writes_leaves_the_former_or_the_latter_version_whole";
        let mut writer = child::command(test).env("STORE_HOME", home.path()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
        let told = lines.filter_map(|line| line.split("written ").nth(1)?.parse().ok());
        // However far it is then, it is somewhere in its writing.
        let told: u64 = told.take(1 + round % 7).last().unwrap();
        writer.kill().unwrap();
        writer.wait().unwrap();
        let kept = kept(home.path()).unwrap();
        let version: u64 = kept.session.parse().unwrap();
        assert!(version >= told && told > last, "round {round}: {version}, told {told}, before {last}");
        assert!(kept.drafts.len() == 20 && kept.drafts.values().all(|draft| *draft == kept.session), "round {round}");
        last = version;
    }
}

#[test]
fn eight_processes_at_once_keep_every_draft_of_each() {
    const EACH: usize = 200;
    if child::is_child() {
        let (home, name) = (child::told("STORE_HOME"), child::told("STORE_NAME"));
        let (mut database, _) = Database::open(Path::new(&home)).unwrap();
        let mut kept = Kept::default();
        for row in 0..EACH {
            kept.session = format!("{name} {row}");
            kept.drafts.insert(format!("{name} {row}"), row.to_string());
            database.write(&kept).unwrap();
        }
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let processes: Vec<_> = (0..8)
        .map(|name: usize| {
            let mut command = child::command("store::eight_processes_at_once_keep_every_draft_of_each");
            command.env("STORE_HOME", home.path()).env("STORE_NAME", name.to_string());
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for process in processes {
        child::passed(&process.wait_with_output().unwrap());
    }
    assert_eq!(kept(home.path()).unwrap().drafts.len(), 8 * EACH);
}
