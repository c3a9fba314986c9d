//! `authscope man`: the manual, a page a command, from the tables that the command line is read by.

use std::{fs, path::PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use super::{
    exit::{Exit, Stop},
    printer,
};
use crate::domain::redact::Redactor;

const EXAMPLES: &str = "\
Examples:
  authscope man | man -l -
  authscope man ~/.local/share/man/man1";

/// Prints the page of the manual, or writes one for each command into a folder
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The folder of the pages; pages of the same names are written anew
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Prints it, or writes them.
pub(super) fn run(arguments: &Arguments, command: Command) -> anyhow::Result<Exit> {
    let Some(folder) = &arguments.folder else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        printer::output(&Redactor::default()).write_all(&page)?;
        return Ok(Exit::Done);
    };
    let unwritable = |error| Stop::usage(format!("no page can be written into {}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(unwritable)?;
    clap_mangen::generate_to(command, folder).map_err(unwritable)?;
    printer::note(&format!("authscope: the pages are in {}", folder.display()));
    Ok(Exit::Done)
}
