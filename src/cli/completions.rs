//! `authscope completions`: what a shell needs to complete its words, from the tables that the command line is read by.

use clap::{Args, Command, ValueEnum};
use clap_complete::{Generator, Shell, generate};
use clap_complete_nushell::Nushell;

use super::{exit::Exit, printer};
use crate::domain::redact::Redactor;

const EXAMPLES: &str = "\
Examples:
  authscope completions bash > ~/.local/share/bash-completion/completions/authscope
  authscope completions zsh > ~/.zfunc/_authscope
  authscope completions fish > ~/.config/fish/completions/authscope.fish
  authscope completions nushell > authscope-completions.nu
  authscope completions powershell > authscope.ps1";

/// Prints what completes the words of authscope in a shell
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The shell
    shell: Known,
}

/// Shells that are known.
#[derive(Clone, Copy, ValueEnum)]
enum Known {
    /// Read by bash-completion from the folder of the first example
    Bash,
    /// A file `_authscope` in a folder of `fpath`
    Zsh,
    /// Read by fish from the folder of the third example
    Fish,
    /// `use authscope-completions.nu *` in the config of nushell
    Nushell,
    /// Run by the profile of PowerShell: `. ./authscope.ps1`
    Powershell,
}

/// Prints it.
pub(super) fn run(arguments: &Arguments, command: Command) -> anyhow::Result<Exit> {
    let text = match arguments.shell {
        Known::Bash => text(Shell::Bash, command),
        Known::Zsh => text(Shell::Zsh, command),
        Known::Fish => text(Shell::Fish, command),
        Known::Nushell => text(Nushell, command),
        Known::Powershell => text(Shell::PowerShell, command),
    };
    printer::output(&Redactor::default()).write_all(&text)?;
    Ok(Exit::Done)
}

fn text(shell: impl Generator, mut command: Command) -> Vec<u8> {
    let mut text = Vec::new();
    generate(shell, &mut command, "authscope", &mut text);
    text
}
