//! The command line as clap knows it.

use clap::{CommandFactory as _, Parser as _};

use super::Cli;

/// The words of a line of a shell, as far as the examples need one.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

#[test]
fn the_command_line_has_no_contradiction() {
    Cli::command().debug_assert();
}

/// The examples of a command that can be typed, its own and those of each command below it.
fn examples(command: &clap::Command, above: &str, least: usize, seen: &mut Vec<String>) {
    let path = format!("{above}{}", command.get_name());
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let programs = help.lines().flat_map(|line| line.split(" | "));
    let found =
        programs.filter_map(|program| program.split_once("authscope").filter(|(before, _)| !before.contains('.')));
    let found: Vec<_> = found
        .map(|(_, example)| example.split(['<', '>']).next().unwrap().trim_end().trim_end_matches(')').to_owned())
        .collect();
    assert!(found.len() >= least, "`{path}` has {} examples", found.len());
    seen.extend(found);
    for below in command.get_subcommands() {
        examples(below, &format!("{path} "), 1, seen);
    }
}

#[test]
fn every_command_shows_examples_that_can_be_typed() {
    let cli = super::grammar();
    let mut seen = Vec::new();
    examples(&cli, "", 2, &mut seen);
    for command in cli.get_subcommands() {
        examples(command, "authscope ", 2, &mut seen);
    }
    for example in seen {
        if let Err(error) = Cli::try_parse_from(words(&format!("authscope{example}"))) {
            panic!("{example}: {error}");
        }
    }
}
