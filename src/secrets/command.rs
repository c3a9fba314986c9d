//! A secret that a command prints: started without a shell, without our own secrets in its environment, for a time.

use std::{
    io,
    pin::pin,
    process::{ExitStatus, Stdio},
};

use futures_util::future::{Either, select, try_join};
use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
};
use zeroize::Zeroizing;

use super::{Flaw, LONGEST, text};
use crate::domain::secret::Secret;

/// Bytes of its complaints that are kept.
const COMPLAINTS: u64 = 4 << 10;

/// What the command prints. Dropped, or when `time_is_over`, it is killed: alone, or with all that it started where it
/// has a group of its own.
pub(super) async fn output(
    words: &[String],
    hidden: &[String],
    own_group: bool,
    time_is_over: impl Future<Output = ()>,
) -> Result<Secret, Flaw> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Flaw::new("the command is empty", "name a program and its arguments"));
    };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    for name in hidden {
        command.env_remove(name);
    }
    let unstarted = |error: io::Error| {
        Flaw::new(format!("`{program}` cannot be started: {error}"), "check its name and that it is installed")
    };
    let mut child = grouped(&mut command, own_group).spawn().map_err(unstarted)?;
    let mut group = Group::of(&child, own_group);
    let ended = match select(pin!(finished(&mut child)), pin!(time_is_over)).await {
        Either::Left((ended, _)) => ended?,
        Either::Right(((), _)) => {
            let mend = "run it by hand to see what it waits for";
            return Err(Flaw::new("the command took too long and was stopped", mend));
        }
    };
    group.is_over();
    let Ended { status, printed, complaints } = ended;
    if status.success() {
        return text(printed);
    }
    let said = complaints.trim();
    let said = if said.is_empty() { "run it by hand to see why".to_owned() } else { format!("it said: {said}") };
    Err(Flaw::new(format!("the command failed ({status})"), said))
}

struct Ended {
    status: ExitStatus,
    printed: Zeroizing<Vec<u8>>,
    complaints: String,
}

async fn finished(child: &mut Child) -> Result<Ended, Flaw> {
    let broken = |error: io::Error| Flaw::new(error.to_string(), "try once more");
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    // Room enough at once: bytes that moved would stay behind in memory.
    let mut printed = Zeroizing::new(Vec::with_capacity(LONGEST + 2));
    let mut complaints = Vec::new();
    let print = async {
        match stdout {
            Some(stdout) => stdout.take(LONGEST as u64 + 1).read_to_end(&mut printed).await.map_err(broken)?,
            None => 0,
        };
        let why = format!("the command printed more than {} KiB", LONGEST >> 10);
        if printed.len() > LONGEST { Err(Flaw::new(why, "a client secret is one line of text")) } else { Ok(()) }
    };
    let complain = async {
        let Some(mut stderr) = stderr else { return Ok(()) };
        (&mut stderr).take(COMPLAINTS).read_to_end(&mut complaints).await.map_err(broken)?;
        // The rest is read, so that it can go on.
        tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await.map(drop).map_err(broken)
    };
    try_join(print, complain).await?;
    let status = child.wait().await.map_err(broken)?;
    Ok(Ended { status, printed, complaints: String::from_utf8_lossy(&complaints).into_owned() })
}

#[cfg(unix)]
fn grouped(command: &mut Command, own_group: bool) -> &mut Command {
    if own_group { command.process_group(0) } else { command }
}

#[cfg(not(unix))]
fn grouped(command: &mut Command, _: bool) -> &mut Command {
    command
}

/// All that a command started; killed when it is dropped before its end.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

#[cfg(unix)]
impl Group {
    fn of(child: &Child, own_group: bool) -> Self {
        let leader = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?));
        Self { leader: leader.filter(|_| own_group) }
    }

    fn is_over(&mut self) {
        self.leader.take();
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader.take() {
            // Gone already: nothing is left to kill.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(not(unix))]
impl Group {
    fn of(_: &Child, _: bool) -> Self {
        Self {}
    }

    fn is_over(&mut self) {}
}
