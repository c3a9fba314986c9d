//! `authscope config`: where the config file is, what one looks like, what is wrong with it, and the keys it makes.

use clap::{Args, Subcommand};

use super::{
    exit::{Exit, Stop},
    printer,
    start::{self, Globals},
};
use crate::config::{file, paths::Paths};

const EXAMPLES: &str = "\
Examples:
  authscope config path
  authscope config example > authscope.toml
  authscope config check --config authscope.toml
  authscope config keys";

/// Tells about the config file
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Print where the config file is read from
    Path,
    /// Print a file with every key at its default
    Example,
    /// Say what is wrong with the config file and the environment; exits with 2 if anything is
    Check,
    /// Print every action with its keys
    Keys,
}

/// Prints what is asked for.
pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let paths = Paths::of_this_machine();
    let path = || {
        let path = globals.config.as_ref().or(paths.config.as_ref());
        path.ok_or_else(|| Stop::usage("this machine names no home folder, so there is no place for a config file"))
    };
    match arguments.what {
        What::Path => printer::line(&path()?.display().to_string())?,
        What::Example => printer::line(file::EXAMPLE.trim_end())?,
        What::Keys => printer::line(start::config(globals, &paths)?.keymap.text().trim_end())?,
        What::Check => {
            let config = start::config(globals, &paths)?;
            start::environment()?;
            for flaw in &config.warnings {
                printer::note(&format!("authscope: {flaw}"));
            }
            if !config.warnings.is_empty() {
                return Ok(Exit::Usage);
            }
            let path = path()?;
            let found = if path.exists() { "nothing is wrong with it" } else { "there is none, so the defaults hold" };
            printer::line(&format!("{}: {found}", path.display()))?;
        }
    }
    Ok(Exit::Done)
}
