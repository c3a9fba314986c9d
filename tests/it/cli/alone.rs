//! The faces without an API of one's own: the sandbox alone, and the explorer where there is no terminal.

use std::io::{BufRead as _, BufReader};

use insta::assert_snapshot;
use rustix::process::Signal;

use super::program::{Program, end, signal};
use crate::{child, world::STATUS};

#[test]
fn the_sandbox_alone_tells_how_to_use_it_and_serves_until_it_is_told_to_end() {
    let (mut child, home) = Program::new(&["sandbox", "--ttl", "30s"]).start();
    let output = BufReader::new(child.stdout.take().unwrap());
    let told: Vec<String> =
        output.lines().map(Result::unwrap).take_while(|line| !line.ends_with("/_sandbox/journal")).collect();
    let exported: Vec<&String> = told.iter().filter(|line| line.starts_with("export ")).collect();
    assert_eq!(exported.len(), 2, "{told:?}");
    for line in exported {
        let variables = line.split(' ').skip(1).map(|word| word.split_once('=').unwrap());
        let program =
            variables.fold(Program::new(&["token", "--json"]), |program, (name, value)| program.with(name, value));
        let run = program.run();
        let life = run.json()["expires_in"].as_u64().unwrap();
        assert_eq!((run.code, life <= 30), (Some(0), true));
    }
    signal(&child, Signal::TERM);
    let run = end(child, home);
    assert_eq!((run.code, run.notes.as_str()), (Some(143), ""));
}

#[test]
fn the_built_in_sandbox_serves_a_command_that_has_no_profile_of_its_own() {
    let run = Program::new(&["send", STATUS]).run();
    assert_eq!((run.code, run.json()["TransactionId"].as_str()), (Some(0), Some("txn_demo0001")), "{}", run.notes);
}

#[test]
fn without_a_terminal_there_is_one_line_and_no_escape() {
    assert_snapshot!(Program::new(&[]).with("TERM", "xterm-256color").run().told(), @r"
    exit 2
    --- output

    --- notes
    authscope: the explorer needs a terminal: `authscope send URL` makes a call without one, `authscope demo` shows the flow, `--help` the rest
    ");
}

#[test]
fn the_viewer_needs_a_terminal_and_names_what_does_not() {
    let view = || Program::new(&["view", "a.json"]).with("TERM", "xterm-256color").file("a.json", "{}");
    assert_snapshot!(view().run().told(), @"
    exit 2
    --- output

    --- notes
    authscope: the viewer needs a terminal: `cat` shows a file in a pipe, `jq` arranges JSON
    ");
    for (words, said) in [(&["view", "none"][..], "No such file"), (&["view", "."], "a folder")] {
        let (code, seen) = Program::new(words).with("TERM", "xterm-256color").on_terminal("");
        assert!(code == 2 && seen.contains(said) && !seen.contains('\u{1b}'), "{seen}");
    }
    let (code, seen) = Program::new(&["view", "-"]).with("TERM", "xterm-256color").on_terminal("");
    assert!(code == 2 && seen.contains("name a file"), "{seen}");
}

#[test]
fn on_a_terminal_that_knows_nothing_the_explorer_says_so_without_an_escape() {
    let program = || Program::new(&[]);
    for program in [program(), program().with("TERM", ""), program().with("TERM", "dumb")] {
        let (code, seen) = program.on_terminal("");
        assert_eq!((code, seen.lines().count(), seen.contains('\u{1b}')), (2, 1, false), "{seen}");
    }
}

#[test]
fn help_in_a_pipe_has_no_escape() {
    for words in [&["--help"][..], &["send", "--help"], &["help", "token"], &["--version"], &["nonsense"]] {
        let run = Program::new(words).with("TERM", "xterm-256color").run();
        assert!(!run.text().contains('\u{1b}') && !run.notes.contains('\u{1b}'), "{words:?}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn no_core_is_dumped_and_nobody_looks_into_the_process() {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
    if !child::is_child() {
        let test = "cli::alone::no_core_is_dumped_and_nobody_looks_into_the_process";
        child::passed(&child::run(test, None, Vec::new()).await);
        return;
    }
    assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::Dumpable);
    authscope::cli::run(["authscope", "--version"].map(Into::into));
    let cores = getrlimit(Resource::Core);
    assert_eq!((cores.current, cores.maximum), (Some(0), Some(0)));
    assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
}
