//! No command: the explorer, where there is a terminal to show it on.

use std::{
    env,
    io::{self, IsTerminal as _},
};

use super::{
    exit::{Exit, Stop},
    start::{Globals, Start},
};

/// Opens the explorer, or says what to use where it cannot be shown.
pub(super) fn run(globals: &Globals) -> anyhow::Result<Exit> {
    let in_place = "`authscope send URL` makes a call without one, `authscope demo` shows the flow, `--help` the rest";
    let tty = io::stdin().is_terminal() && io::stdout().is_terminal();
    let term = env::var("TERM").unwrap_or_default();
    if !tty || term.is_empty() || term == "dumb" {
        return Err(Stop::usage(format!("the explorer needs a terminal: {in_place}")).into());
    }
    let (_start, wrong) = Start::forgiving(globals)?;
    let wrong = wrong.map(|wrong| format!(" ({wrong})")).unwrap_or_default();
    Err(Stop::usage(format!("the explorer is not part of this build{wrong}: {in_place}")).into())
}
