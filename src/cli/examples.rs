//! The examples in the help of each command. Those of a command that has others below it are told again in the help of
//! each of these, the lines that are its own.

use clap::Command;

/// The same command line, no command of it without an example.
pub(super) fn told(command: Command) -> Command {
    let (path, examples) = (command.get_name().to_owned(), text(&command));
    command.mut_subcommands(|below| with_own(below, &path, &examples))
}

fn with_own(command: Command, path: &str, of_all: &str) -> Command {
    let path = format!("{path} {}", command.get_name());
    let mut examples = text(&command);
    let command = if examples.is_empty() {
        let is_own =
            |line: &&str| line.split_once(&path).is_some_and(|(_, rest)| !rest.starts_with(char::is_alphanumeric));
        let own: Vec<_> = of_all.lines().filter(is_own).collect();
        examples = format!("Examples:\n{}", own.join("\n"));
        if own.is_empty() { command } else { command.after_help(examples.clone()) }
    } else {
        command
    };
    command.mut_subcommands(|below| with_own(below, &path, &examples))
}

fn text(command: &Command) -> String {
    command.get_after_help().map(ToString::to_string).unwrap_or_default()
}
