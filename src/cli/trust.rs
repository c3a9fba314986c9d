//! `authscope trust`: the project file of this folder, or a `.http` file, is shown for what it would do, and trusted as
//! it is now.

use std::{
    fs,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    collection,
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
use crate::library::http_file::HttpFile;

const EXAMPLES: &str = "\
Examples:
  authscope trust
  authscope trust --yes
  authscope trust requests/payments.http
  authscope trust --revoke";

/// Shows what the project file of this folder, or a `.http` file, would run and send, and trusts it as it is now
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A `.http` file, in place of the project file
    file: Option<PathBuf>,
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
    let (Project { file, bytes, trusted }, would) = match &arguments.file {
        Some(file) => requests(file, &paths)?,
        None => of_folder(globals, &paths)?,
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
    printer::line(&format!("{shown}:"))?;
    for line in would {
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

/// The project file, and what it would do.
fn of_folder(globals: &Globals, paths: &Paths) -> Result<(Project, Vec<String>), Stop> {
    let Some(project) = start::project(globals, paths)? else {
        return Err(Stop::usage(format!("there is no project file `{}` in this folder", project::NAME)));
    };
    let config = file::parse(&project.bytes, &project.file).map_err(|error| Stop::usage(error.to_string()))?;
    Ok((project, project::would(&config)))
}

/// A file of requests, and what it would read of the machine.
fn requests(file: &Path, paths: &Paths) -> Result<(Project, Vec<String>), Stop> {
    let unreadable = |error: io::Error| Stop::usage(format!("{} cannot be read: {error}", file.display()));
    let whole = fs::canonicalize(file).map_err(unreadable)?;
    if !whole.is_file() {
        return Err(Stop::usage(format!("{} is no regular file", whole.display())));
    }
    let text = fs::read_to_string(&whole).map_err(unreadable)?;
    let mut would = collection::would(&HttpFile::parse(&text));
    if would.is_empty() {
        would.push("reads nothing of the machine".to_owned());
    }
    let trusted = collection::is_trusted(paths, &whole, &text);
    Ok((Project { file: whole, bytes: text.into_bytes(), trusted }, would))
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
