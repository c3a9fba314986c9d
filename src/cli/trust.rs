//! `authscope trust`: the project file of this folder is shown for what it would do, and trusted as it is now.

use std::io::{self, IsTerminal as _};

use clap::Args;

use super::{
    exit::{Exit, Stop},
    printer,
    start::{self, Globals, Project},
};
use crate::config::{
    file::{self, write},
    paths::Paths,
    project,
    trust::Trust,
};

const EXAMPLES: &str = "\
Examples:
  authscope trust
  authscope trust --yes
  authscope trust --revoke";

/// Shows what the project file of this folder would run and send, and trusts it as it is now
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Trust it without a question
    #[arg(long, conflicts_with = "revoke")]
    yes: bool,
    /// Trust it no more
    #[arg(long)]
    revoke: bool,
}

/// Asks, and keeps the answer.
pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let paths = Paths::of_this_machine();
    let Some(Project { file, bytes, trusted }) = start::project(globals, &paths)? else {
        return Err(Stop::usage(format!("there is no project file `{}` in this folder", project::NAME)).into());
    };
    let Some(store) = paths.trust() else {
        return Err(Stop::usage("this machine names no home folder, so trust cannot be kept").into());
    };
    let shown = file.display();
    let trust = Trust::load(&store)?;
    if arguments.revoke {
        write::write(&store, &trust.without(&file).text())?;
        printer::note(&format!("authscope: {shown} is not trusted"));
        return Ok(Exit::Done);
    }
    let config = file::parse(&bytes, &file).map_err(|error| Stop::usage(error.to_string()))?;
    printer::line(&format!("{shown}:"))?;
    for line in project::would(&config) {
        printer::line(&format!("  {line}"))?;
    }
    if trusted {
        printer::note("authscope: it is trusted as it is");
        return Ok(Exit::Done);
    }
    if !arguments.yes && !agreed()? {
        return Ok(Exit::Cancelled);
    }
    let Some(trust) = trust.with(&file, &bytes) else {
        return Err(Stop::usage(format!("{shown}: a path with such a name cannot be kept: rename its folder")).into());
    };
    write::write(&store, &trust.text())?;
    printer::note("authscope: it is trusted as it is now; once it changes, it is asked about again");
    Ok(Exit::Done)
}

fn agreed() -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        return Err(Stop::usage("there is nobody to ask whether it is trusted").hint("`--yes` says so").into());
    }
    printer::note("Trust it? Type yes:");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "yes"))
}
