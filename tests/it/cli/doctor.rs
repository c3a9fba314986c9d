//! What is in the way on this machine, and what to do.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::program::Program;

/// The state of each line that is told under a name.
fn states(program: Program) -> (Option<i32>, Vec<(String, String, String)>) {
    let run = program.run();
    let lines = run.text();
    let lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let word = |line: &serde_json::Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    (run.code, lines.map(|line| (word(&line, "what"), word(&line, "state"), word(&line, "to_do"))).collect())
}

fn of(states: &[(String, String, String)], name: &str) -> (String, String) {
    let (_, state, todo) = states.iter().find(|(known, ..)| known == name).unwrap();
    (state.clone(), todo.clone())
}

#[test]
fn a_machine_is_looked_at_line_by_line_and_no_trouble_is_without_what_to_do() {
    let (code, states) = states(Program::new(&["doctor", "--json"]).with("TERM", "xterm-256color"));
    for name in [
        "authscope",
        "state",
        "config",
        "profile",
        "secret",
        "trust",
        "keyring",
        "TLS roots",
        "clock",
        "terminal",
        "keys",
        "clipboard",
    ] {
        assert!(states.iter().any(|(known, ..)| known == name), "{name}: {states:?}");
    }
    assert!(states.iter().all(|(_, state, todo)| state == "ok" || !todo.is_empty()), "{states:?}");
    assert_eq!(states.iter().filter(|(name, ..)| name == "practice").count(), 7);
    let trouble = states.iter().any(|(_, state, _)| state == "trouble");
    assert_eq!(code, Some(if trouble { 2 } else { 0 }));
    assert_eq!(of(&states, "keyring").0, "note", "no profile needs one");
}

#[test]
fn a_config_file_and_a_secret_that_cannot_be_used_are_trouble_and_end_with_2() {
    let (code, broken) = states(Program::new(&["doctor", "--json"]).configured("this is no toml"));
    assert_eq!((code, of(&broken, "config").0.as_str()), (Some(2), "trouble"));
    let config = "profile = \"mine\"\n[profiles.mine]\nbase-url = \"https://api.example\"\n[profiles.mine.credentials.default]\nclient-id = \"me\"\nsecret = { env = \"NOT_SET\" }\n";
    let (code, unset) = states(Program::new(&["doctor", "--json"]).configured(config));
    assert_eq!((code, of(&unset, "secret").0.as_str()), (Some(2), "trouble"));
}

#[test]
fn a_folder_that_others_look_into_is_noted_with_the_chmod_to_type() {
    let program = Program::new(&["doctor", "--json"]);
    let state = program.home.path().join("state/authscope");
    fs::create_dir_all(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o755)).unwrap();
    let (_, states) = states(program);
    let (state_of_it, todo) = of(&states, "state");
    assert_eq!((state_of_it.as_str(), todo.as_str()), ("note", format!("chmod 700 '{}'", state.display()).as_str()));
}

#[test]
fn for_a_person_what_to_do_stands_below_the_line() {
    let run = Program::new(&["doctor"]).with("TERM", "dumb").run();
    assert!(run.text().contains("note     terminal      TERM is `dumb`"), "{}", run.text());
    assert!(run.text().contains("\n                       start it in a terminal"), "{}", run.text());
}
