//! What the program says about its config file.

use std::{fs, path::Path};

use authscope::config::theme::{Theme, ThemeName};
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

#[test]
fn themes_are_listed_with_their_source_and_what_is_wrong_with_them() {
    let themes = |words: &[&str]| {
        Program::new(words)
            .file("config/authscope/themes/night.toml", "based_on = \"light\"\n")
            .file("config/authscope/themes/notes.txt", "no theme")
    };
    assert_snapshot!(told(&themes(&["config", "themes"]).run()), @r"
    exit 0
    --- output
    dark    built in
    light   built in
    ansi16  built in
    mono    built in
    auto    the one of these that suits the terminal
    night   HOME/config/authscope/themes/night.toml, based on light
    --- notes
    ");
    let dim = "[role]\nmuted = { fg = \"#68748a\" }\n";
    let more = themes(&["config", "themes"])
        .file("config/authscope/themes/dim.toml", dim)
        .file("config/authscope/themes/dark.toml", "")
        .file("config/authscope/themes/odd.toml", "[role]\naccnt = {}\nok = { fg = \"gren\" }\n")
        .file("config/authscope/themes/latin.toml", b"# \xe9");
    assert_snapshot!(told(&more.run()), @r"
    exit 2
    --- output
    dark    built in
    light   built in
    ansi16  built in
    mono    built in
    auto    the one of these that suits the terminal
    dim     HOME/config/authscope/themes/dim.toml, based on dark
    latin   HOME/config/authscope/themes/latin.toml, which cannot be used
    night   HOME/config/authscope/themes/night.toml, based on light
    odd     HOME/config/authscope/themes/odd.toml, which cannot be used
    --- notes
    authscope: HOME/config/authscope/themes/dark.toml: `dark` is built in: give this theme another name
    authscope: Theme dim is hard to read: muted 3.0 on select. Text wants a contrast of 4.5.
    authscope: HOME/config/authscope/themes/latin.toml: no UTF-8 text: byte 2 begins no character
    authscope: HOME/config/authscope/themes/odd.toml:2:1: `role.accnt`: this name is not known: did you mean `accent`?
    authscope: HOME/config/authscope/themes/odd.toml:3:13: `role.ok`: `gren` is no colour: write `#rrggbb`, `reset`, or one of the sixteen such as `red` or `red_bright`
    ");
}

#[test]
fn the_theme_of_the_file_is_checked_and_no_call_needs_it() {
    let named = |words: &[&str], name: &str| Program::new(words).configured(&format!("[look]\ntheme = \"{name}\"\n"));
    assert_snapshot!(told(&named(&["config", "check"], "drak").run()), @r"
    exit 2
    --- output

    --- notes
    authscope: HOME/config/authscope/config.toml:2:1: `look.theme`: there is no theme `drak`: did you mean `dark`?
    ");
    assert_snapshot!(told(&named(&["config", "check"], "../secret").run()), @r"
    exit 2
    --- output

    --- notes
    authscope: HOME/config/authscope/config.toml:2:1: `look.theme`: there is no theme `../secret`: there are auto, dark, light, ansi16, mono; one of yours is a file in HOME/config/authscope/themes
    ");
    let odd = named(&["config", "check"], "odd").file("config/authscope/themes/odd.toml", "[role]\naccnt = {}\n");
    assert_snapshot!(told(&odd.run()), @r"
    exit 2
    --- output

    --- notes
    authscope: HOME/config/authscope/themes/odd.toml:2:1: `role.accnt`: this name is not known: did you mean `accent`?
    ");
    let dim = "[role]\nmuted = { fg = \"#68748a\" }\n";
    let dim = named(&["config", "check"], "dim").file("config/authscope/themes/dim.toml", dim);
    assert_snapshot!(told(&dim.run()), @r"
    exit 0
    --- output
    HOME/config/authscope/config.toml: nothing is wrong with it
    --- notes
    authscope: Theme dim is hard to read: muted 3.0 on select. Text wants a contrast of 4.5.
    ");
    assert_eq!(named(&["token", "--json"], "drak").run().code, Some(0));
}

#[test]
fn a_built_in_theme_is_printed_as_the_beginning_of_ones_own() {
    for name in ["dark", "light", "ansi16", "mono"] {
        let run = Program::new(&["config", "theme", name]).run();
        let theme = Theme::parse(&run.text(), Path::new("mine.toml")).unwrap();
        assert_eq!(theme, Theme::built_in(ThemeName::named(name).unwrap()));
    }
    let run = Program::new(&["config", "theme", "drak"]).run();
    assert_eq!(run.code, Some(2));
    assert!(run.notes.contains("write `dark`, `light`, `ansi16` or `mono`"), "{}", run.notes);
}
