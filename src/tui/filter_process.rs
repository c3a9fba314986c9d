//! A filter in a process of its own: this program once more, which is killed when it is waited for no longer.
//!
//! Owns that process and the thread that hands it the body. The filter goes through the pipe too: it may hold a secret, and
//! words of a command line are seen by others. The process sets its own limits; what they come to is said here.

use std::{
    io::{self, BufWriter},
    path::PathBuf,
    process::{ExitStatus, Stdio},
    thread,
};

use futures_util::future::try_join3;
use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
    sync::oneshot,
};

use crate::document::{Document, hand};

/// The command line of the process.
const FILTER: &str = "filter";
/// Bytes of memory that a filter may have, the stack among them.
pub(crate) const MEMORY: u64 = 1 << 30;
/// Seconds of a processor that a filter may take.
pub(crate) const SECONDS: u64 = 60;
/// The exit code of a filter that has said why nothing comes out.
const TOLD: i32 = 2;

/// Bytes handed to the process at once.
const CHUNK: usize = 64 << 10;
/// Bytes of its complaints that are kept.
const COMPLAINTS: u64 = 4 << 10;

/// What comes out of a filter, or why nothing does. Dropped, it kills the process.
pub(super) async fn filtered(program: Option<PathBuf>, document: Document, code: String) -> Result<Vec<u8>, String> {
    let unstarted = |why: String| format!("the process of the filter cannot be started: {why}");
    let program = program.ok_or_else(|| unstarted("the system does not say where this program is".to_owned()))?;
    let (child, input) = started(program).map_err(|error| unstarted(error.to_string()))?;
    let (tell, handed) = oneshot::channel();
    let work = move || {
        let mut to = BufWriter::with_capacity(CHUNK, input);
        let end = hand(&document, &code, &mut to);
        drop(to);
        let _ = tell.send(end);
    };
    let thread = thread::Builder::new().name("filter".to_owned()).spawn(work);
    thread.map_err(|error| unstarted(error.to_string()))?;
    let (status, out, said) = ended(child).await.map_err(|error| format!("the filter was lost: {error}"))?;
    if !status.success() {
        return Err(why(status, String::from_utf8_lossy(&said).trim()));
    }
    match handed.await {
        Ok(Ok(())) => Ok(out),
        Ok(Err(why)) => Err(why),
        Err(_) => Err("the body cannot be read".to_owned()),
    }
}

/// The process, without a variable of ours, and the pipe that it reads.
fn started(program: PathBuf) -> io::Result<(Child, io::PipeWriter)> {
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(program);
    command.arg(FILTER).env_clear().stdin(reader).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    Ok((command.spawn()?, writer))
}

async fn ended(mut child: Child) -> io::Result<(ExitStatus, Vec<u8>, Vec<u8>)> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let out = async {
        let mut bytes = Vec::new();
        if let Some(mut stdout) = stdout {
            stdout.read_to_end(&mut bytes).await?;
        }
        Ok(bytes)
    };
    let said = async {
        let mut bytes = Vec::new();
        if let Some(stderr) = stderr {
            stderr.take(COMPLAINTS).read_to_end(&mut bytes).await?;
        }
        Ok(bytes)
    };
    try_join3(child.wait(), out, said).await
}

/// Why the process failed. What it complains of is shown only where it was written to be: a panic may hold a value.
fn why(status: ExitStatus, said: &str) -> String {
    if status.code() == Some(TOLD) {
        return said.to_owned();
    }
    if said.contains("memory allocation of") {
        return format!("out of memory: it needs more than {} MiB, and was stopped", MEMORY >> 20);
    }
    if said.contains("overflowed its stack") {
        return "it calls itself deeper than there is room for, and was stopped".to_owned();
    }
    if out_of_time(status) {
        return format!("time over: it kept a processor for {SECONDS} s, and was stopped");
    }
    format!("its process was ended from outside ({status})")
}

#[cfg(unix)]
fn out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;

    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn out_of_time(_: ExitStatus) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn each_end_of_the_process_is_said_in_a_line_and_no_panic_is_shown() {
        let code = |code: i32| ExitStatus::from_raw(code << 8);
        for (status, said, told) in [
            (code(2), "cannot index", "cannot index"),
            (ExitStatus::from_raw(6), "memory allocation of 536870912 bytes failed", "more than 1024 MiB"),
            (ExitStatus::from_raw(6), "thread 'filter' has overflowed its stack", "deeper than there is room for"),
            (ExitStatus::from_raw(24), "", "for 60 s"),
            (ExitStatus::from_raw(9), "", "from outside (signal: 9 (SIGKILL))"),
            (code(101), "panicked at a value", "from outside (exit status: 101)"),
        ] {
            assert!(why(status, said).contains(told), "{}", why(status, said));
        }
    }
}
