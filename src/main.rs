//! The front door: the command line is read, a face is picked, its outcome becomes the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    authscope::cli::run(std::env::args_os()).into()
}
