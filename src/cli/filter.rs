//! `authscope filter`, which no help lists: the process in which the explorer runs a filter of jq, to be able to kill it.
//!
//! Reads the filter and the body from standard input, writes what comes out to standard output and why nothing does to
//! standard error. Before that it takes from itself what a filter has no use for: time and memory without end.

use std::{
    io::{self, BufWriter, Write as _},
    thread,
};

use anyhow::Context as _;
use clap::Args;

use super::exit::Exit;
use crate::{
    document::filtered,
    tui::filter_process::{MEMORY, SECONDS},
};

/// Bytes of the stack of a filter, which goes through nested values on it; what is not used is not taken.
const STACK: usize = 256 << 20;

const EXAMPLES: &str = "\
Examples:
  authscope filter < handed
  authscope filter < handed > lines";

/// Runs a filter of jq for the explorer
#[derive(Args)]
#[command(hide = true, after_help = EXAMPLES)]
pub(super) struct Arguments {}

/// Filters what is handed, on a thread with a large stack.
pub(super) fn run() -> anyhow::Result<Exit> {
    limit().context("a filter is not run where its memory and time cannot be limited")?;
    let work = || filtered(io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    let thread = thread::Builder::new().name("filter".to_owned()).stack_size(STACK).spawn(work)?;
    match thread.join() {
        Ok(Ok(())) => Ok(Exit::Done),
        Ok(Err(why)) => {
            writeln!(io::stderr(), "{why}")?;
            Ok(Exit::Usage)
        }
        Err(_) => Ok(Exit::Failed),
    }
}

/// Sets the limits, and ends with whoever started it where the system can. Core dumps are off already.
#[cfg(unix)]
fn limit() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    for (resource, most) in [(Resource::As, MEMORY), (Resource::Cpu, SECONDS)] {
        let now = getrlimit(resource);
        let lower = |known: Option<u64>| Some(known.map_or(most, |known| known.min(most)));
        setrlimit(resource, Rlimit { current: lower(now.current), maximum: now.maximum })?;
    }
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

/// The system has no such limits: a filter is killed by whoever started it.
#[cfg(not(unix))]
fn limit() -> io::Result<()> {
    Ok(())
}
