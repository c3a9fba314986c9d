//! What is made from the tables of the command line: completions, the manual.

use std::{fs, process::Command};

use super::program::Program;
use crate::needs;

#[test]
fn completions_name_every_command_in_every_shell() {
    for shell in ["bash", "zsh", "fish", "nushell", "powershell"] {
        let run = Program::new(&["completions", shell]).run();
        assert_eq!((run.code, run.notes.as_str()), (Some(0), ""));
        for word in ["send", "check", "completions", "snippet", "--profile"] {
            // fish writes `-l profile`, PowerShell quotes the words.
            assert!(run.text().contains(word.trim_start_matches('-')), "{shell} does not complete {word}");
        }
    }
}

#[test]
fn bash_takes_the_completions_and_completes_by_them() {
    let Ok(bash) = Command::new("bash").arg("--version").output() else {
        return needs::skipped("there is no bash");
    };
    assert!(bash.status.success());
    let script = Program::new(&["completions", "bash"]).run().text();
    let asked =
        "COMP_WORDS=(authscope comp); COMP_CWORD=1; _authscope authscope comp authscope; echo \"${COMPREPLY[*]}\"";
    let output = Command::new("bash").args(["--norc", "-c", &format!("{script}\n{asked}")]).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().trim(),
        "completions",
        "{output:?}",
        output = String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_manual_has_a_page_for_every_command_with_its_examples() {
    let run = Program::new(&["man", "pages"]).run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let page = |name: &str| fs::read_to_string(run.home.path().join("pages").join(name)).unwrap();
    assert!(page("authscope.1").contains("authscope\\-check(1)"));
    assert!(page("authscope-send.1").contains("authscope send payments.http"));
    assert!(page("authscope-profiles-show.1").contains("authscope profiles show mine"));
    assert!(Program::new(&["man"]).run().text().contains(".TH authscope 1"));
}
