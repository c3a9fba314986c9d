//! What the program says about its config file.

use std::{fs, path::Path};

use insta::assert_snapshot;

use super::program::{Program, Run};

/// What was told, the home folder by a name of its own.
fn told(run: &Run) -> String {
    run.told().replace(run.home.path().to_str().unwrap(), "HOME")
}

#[test]
fn the_example_is_the_file_of_this_repository() {
    let example = Program::new(&["config", "example"]).run();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml");
    assert_eq!((example.code, example.text()), (Some(0), fs::read_to_string(file).unwrap()));
}

#[test]
fn the_path_is_the_usual_one_or_the_one_that_was_named() {
    assert_snapshot!(told(&Program::new(&["config", "path"]).run()), @r"
    exit 0
    --- output
    HOME/config/authscope/config.toml
    --- notes
    ");
    assert_eq!(Program::new(&["config", "path", "--config", "mine.toml"]).run().text(), "mine.toml\n");
}

#[test]
fn a_file_or_none_that_is_in_order_is_checked_with_0() {
    assert_snapshot!(told(&Program::new(&["config", "check"]).run()), @r"
    exit 0
    --- output
    HOME/config/authscope/config.toml: there is none, so the defaults hold
    --- notes
    ");
    assert_snapshot!(told(&Program::new(&["config", "check"]).configured(authscope::config::file::EXAMPLE).run()), @r"
    exit 0
    --- output
    HOME/config/authscope/config.toml: nothing is wrong with it
    --- notes
    ");
}

#[test]
fn a_file_that_is_wrong_is_checked_with_2_and_its_place() {
    let broken = "version = 1\n[profiles.mine]\nbase-url = 7\n";
    assert_snapshot!(told(&Program::new(&["config", "check"]).configured(broken).run()), @r"
    exit 2
    --- output

    --- notes
    authscope: HOME/config/authscope/config.toml:3:12: `profiles.mine.base-url`: expected a string, found integer
    ");
    let unknown = "version = 1\n[profiles.mine]\nbase_url = \"https://api.example\"\n";
    assert_snapshot!(told(&Program::new(&["config", "check"]).configured(unknown).run()), @r"
    exit 2
    --- output

    --- notes
    authscope: HOME/config/authscope/config.toml:2:11: `profiles.mine`: `base-url` is missing: write where calls go, such as `https://api.example`
    ");
    let passed_over = "version = 1\n[look]\ncolour = \"red\"\n";
    assert_snapshot!(told(&Program::new(&["config", "check"]).configured(passed_over).run()), @r"
    exit 2
    --- output

    --- notes
    authscope: HOME/config/authscope/config.toml:3:1: `look.colour`: this key is not known and was passed over
    ");
}

#[test]
fn a_wrong_variable_is_checked_with_2() {
    let run = Program::new(&["config", "check"]).with("AUTHSCOPE_BASE_URL", "ftp://x").run();
    assert_snapshot!(told(&run), @r"
    exit 2
    --- output

    --- notes
    authscope: environment variable `AUTHSCOPE_BASE_URL`: `ftp` addresses cannot be called: write one with `https`
    ");
}

#[test]
fn a_command_stops_at_a_broken_file_and_warns_of_an_unknown_key() {
    let broken = Program::new(&["send", "/x"]).configured("profile = [").run();
    assert_eq!(broken.code, Some(2));
    assert!(broken.notes.contains("config.toml:1:"), "{}", broken.notes);
    let unknown = Program::new(&["token", "--json"]).configured("colour = 1\n").run();
    assert_eq!(unknown.code, Some(0));
    let warning: serde_json::Value = serde_json::from_str(&unknown.notes).unwrap();
    assert!(warning["warning"].as_str().unwrap().contains("`colour`"));
}

#[test]
fn the_keys_are_those_of_the_file() {
    let run = Program::new(&["config", "keys"]).configured("[keys]\nsend = [\"x\"]\n").run();
    let line = run.text().lines().find(|line| line.trim_start().starts_with("send ")).unwrap().to_owned();
    assert_eq!((run.code, line.split_whitespace().nth(1)), (Some(0), Some("x")));
}
