//! `authscope tour`: the explorer, with the tour open.

use clap::Args;

use super::{exit::Exit, explore, start::Globals};
use crate::{app::touring::Wanted, tour::LESSONS};

const EXAMPLES: &str = "\
Examples:
  authscope tour
  authscope tour --lesson 6
  authscope tour --profile mine

Without --profile it plays on the built-in sandbox, so that nothing leaves this machine. On another profile the steps
that only the sandbox can do are left out, and no payment is sent.";

/// Opens the explorer with the tour: ten short lessons on the life of a bearer token
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The lesson to open, 1 to 10; without it the tour goes on where it was left
    #[arg(long, value_name = "N", value_parser = lesson)]
    lesson: Option<usize>,
}

fn lesson(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=LESSONS.len()).contains(number));
    number.ok_or_else(|| format!("write a number from 1 to {}", LESSONS.len()))
}

pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let wanted = Wanted { lesson: arguments.lesson, here: globals.profile.is_some() };
    explore::run(globals, false, false, Some(wanted))
}
