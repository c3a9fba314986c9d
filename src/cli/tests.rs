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

#[test]
fn every_command_shows_examples_that_can_be_typed() {
    let cli = Cli::command();
    for command in cli.get_subcommands().chain([&cli]) {
        let help = command.get_after_help().unwrap().to_string();
        let programs = help.lines().flat_map(|line| line.split(" | "));
        let examples =
            programs.filter_map(|program| program.split_once("authscope").filter(|(before, _)| !before.contains('.')));
        let mut seen = 0;
        for (_, example) in examples {
            let example = example.split(['<', '>']).next().unwrap().trim_end().trim_end_matches(')');
            if let Err(error) = Cli::try_parse_from(words(&format!("authscope{example}"))) {
                panic!("{example}: {error}");
            }
            seen += 1;
        }
        assert!(seen >= 2, "{} has {seen} examples", command.get_name());
    }
}
