//! What outlives a run, under what can happen to it: kills, several instances, odd umasks, folders that are none.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    path::Path,
    process::Stdio,
};

use authscope::store::{Kept, database::Database};

use crate::{child, promises::number};

mod explorer;
mod history;
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

/// Lets the child of a test write, kills it after a few of the numbers it tells, somewhere in its writing; gives the last.
fn killed_while_it_writes(test: &str, home: &Path, round: usize, seed: &mut u32) -> u64 {
    let mut writer = child::command(test).env("STORE_HOME", home).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
    let told = lines.filter_map(|line| line.split("written ").nth(1)?.parse().ok());
    let told = told.take(1 + round % 7).last().unwrap();
    // However far it is then, it is somewhere in its writing.
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (0..*seed >> 16).for_each(|_| std::hint::spin_loop());
    writer.kill().unwrap();
    writer.wait().unwrap();
    told
}

#[test]
fn a_process_killed_while_it_writes_leaves_the_former_or_the_latter_version_whole() {
    if child::is_child() {
        return write_for_ever(Path::new(&child::told("STORE_HOME")));
    }
    let home = tempfile::tempdir().unwrap();
    let rounds = std::env::var("AUTHSCOPE_KILLS").map_or_else(|_| number(50, 1), |kills| kills.parse().unwrap());
    let (mut last, mut seed): (u64, _) = (0, 7_u32);
    for round in 0..rounds {
        let test = "store::a_process_killed_while_it_writes_leaves_the_former_or_the_latter_version_whole";
        let told = killed_while_it_writes(test, home.path(), round, &mut seed);
        let kept = kept(home.path()).unwrap();
        let version: u64 = kept.session.parse().unwrap();
        assert!(version >= told && told > last, "round {round}: {version}, told {told}, before {last}");
        assert!(kept.drafts.len() == 20 && kept.drafts.values().all(|draft| *draft == kept.session), "round {round}");
        last = version;
    }
}

#[test]
fn eight_processes_at_once_keep_every_draft_of_each() {
    let (count, each) = (number(51, 0), number(51, 1));
    if child::is_child() {
        let (home, name) = (child::told("STORE_HOME"), child::told("STORE_NAME"));
        let (mut database, _) = Database::open(Path::new(&home)).unwrap();
        let mut kept = Kept::default();
        for row in 0..each {
            kept.session = format!("{name} {row}");
            kept.drafts.insert(format!("{name} {row}"), row.to_string());
            database.write(&kept).unwrap();
        }
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let processes: Vec<_> = (0..count)
        .map(|name| {
            let mut command = child::command("store::eight_processes_at_once_keep_every_draft_of_each");
            command.env("STORE_HOME", home.path()).env("STORE_NAME", name.to_string());
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for process in processes {
        child::passed(&process.wait_with_output().unwrap());
    }
    assert_eq!(kept(home.path()).unwrap().drafts.len(), count * each);
}
