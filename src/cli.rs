//! The command line: one file a command, over the engine that the explorer uses too.
//!
//! Owns the words of the command line, the exit codes ([`exit`]) and everything that is printed ([`printer`]): an
//! answer to standard output as it came, everything else to standard error. `main` calls [`run()`] and nothing else.

use std::ffi::OsString;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

mod bundle;
mod chain;
mod check;
mod collection;
mod completions;
mod config;
mod cores;
mod demo;
mod doctor;
mod examples;
pub mod exit;
mod explain;
mod explore;
mod export;
mod filter;
mod history;
mod import;
mod man;
mod practices;
mod printer;
mod profile_file;
mod profiles;
mod prompt;
mod report;
mod run;
mod sandbox;
mod secret;
mod send;
mod session;
mod signals;
mod snippet;
mod start;
mod token;
mod tour;
mod trust;
mod view;

use exit::Exit;
use start::Globals;

const EXAMPLES: &str = "\
Examples:
  authscope
  authscope demo
  authscope --profile paysecurez --config ./authscope.toml";

/// Explores HTTP APIs whose calls carry a short-lived bearer token: without a command, on the screen.
#[derive(Parser)]
#[command(name = "authscope", version, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    /// Without a command: find nothing of the last run again; what it left is kept
    #[arg(long)]
    fresh: bool,
    /// Without a command: keep no call of this run in the history
    #[arg(long)]
    private: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Send(send::Arguments),
    Check(check::Arguments),
    Run(run::Arguments),
    View(view::Arguments),
    Import(import::Arguments),
    Export(export::Arguments),
    Snippet(snippet::Arguments),
    History(history::Arguments),
    Explain(explain::Arguments),
    Practices(practices::Arguments),
    Token(token::Arguments),
    Tour(tour::Arguments),
    Config(config::Arguments),
    Profiles(profiles::Arguments),
    Secret(secret::Arguments),
    Trust(trust::Arguments),
    Sandbox(sandbox::Arguments),
    Filter(filter::Arguments),
    Doctor(doctor::Arguments),
    Bundle(bundle::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Command {
    /// Whether errors are wanted as JSON.
    fn json(&self) -> bool {
        match self {
            Self::Demo(arguments) => arguments.json,
            Self::Send(arguments) => arguments.json,
            Self::Check(arguments) => arguments.forms.json,
            Self::Run(arguments) => arguments.forms.json,
            Self::Doctor(arguments) => arguments.json,
            Self::Token(arguments) => arguments.json,
            Self::Profiles(arguments) => arguments.json,
            Self::Secret(arguments) => arguments.json,
            Self::History(arguments) => arguments.json(),
            Self::Explain(arguments) => arguments.json,
            Self::Practices(arguments) => arguments.json,
            Self::View(_)
            | Self::Tour(_)
            | Self::Import(_)
            | Self::Export(_)
            | Self::Snippet(_)
            | Self::Config(_)
            | Self::Trust(_)
            | Self::Sandbox(_)
            | Self::Filter(_)
            | Self::Bundle(_)
            | Self::Completions(_)
            | Self::Man(_) => false,
        }
    }
}

/// The command line as it can be written.
fn grammar() -> clap::Command {
    examples::told(Cli::command())
}

fn read(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut matches = grammar().try_get_matches_from(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut grammar()))
}

/// Reads the command line, does what it says, and tells how that ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    cores::off();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match read(&arguments) {
        Ok(cli) => cli,
        Err(error) => return printer::unparsed(&error, arguments.iter().any(|word| word == "--json")),
    };
    let outcome = match &cli.command {
        None => explore::run(&cli.globals, cli.fresh, cli.private, None),
        Some(Command::Demo(arguments)) => in_runtime(demo::run(arguments)),
        Some(Command::Send(arguments)) => in_runtime(send::run(arguments, &cli.globals)),
        Some(Command::Check(arguments)) => in_runtime(check::run(arguments, &cli.globals)),
        Some(Command::Run(arguments)) => in_runtime(run::run(arguments, &cli.globals)),
        Some(Command::View(arguments)) => view::run(arguments, &cli.globals),
        Some(Command::Import(arguments)) => import::run(arguments),
        Some(Command::History(arguments)) => history::run(arguments),
        Some(Command::Explain(arguments)) => explain::run(arguments, &cli.globals),
        Some(Command::Practices(arguments)) => practices::run(arguments, &cli.globals),
        Some(Command::Export(arguments)) => export::run(arguments, &cli.globals),
        Some(Command::Snippet(arguments)) => in_runtime(snippet::run(arguments, &cli.globals)),
        Some(Command::Token(arguments)) => in_runtime(token::run(arguments, &cli.globals)),
        Some(Command::Tour(arguments)) => tour::run(arguments, &cli.globals),
        Some(Command::Config(arguments)) => config::run(arguments, &cli.globals),
        Some(Command::Profiles(arguments)) => in_runtime(profiles::run(arguments, &cli.globals)),
        Some(Command::Secret(arguments)) => in_runtime(secret::run(arguments, &cli.globals)),
        Some(Command::Trust(arguments)) => trust::run(arguments, &cli.globals),
        Some(Command::Sandbox(arguments)) => in_runtime(sandbox::run(arguments)),
        Some(Command::Filter(filter::Arguments {})) => filter::run(),
        Some(Command::Doctor(arguments)) => in_runtime(doctor::run(arguments, &cli.globals)),
        Some(Command::Bundle(arguments)) => in_runtime(bundle::run(arguments, &cli.globals)),
        Some(Command::Completions(arguments)) => completions::run(arguments, grammar()),
        Some(Command::Man(arguments)) => man::run(arguments, grammar()),
    };
    let json = cli.command.as_ref().is_some_and(Command::json);
    outcome.unwrap_or_else(|error| printer::failed(&error, json))
}

/// Runs a command on this thread. What is still in the way of its end when it is over is left behind.
fn in_runtime(command: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        crate::tui::outlive_full_files()?;
        command.await
    });
    runtime.shutdown_background();
    outcome
}

#[cfg(test)]
mod tests;
