//! A body through a program that formats: started without a shell and without our secrets in its environment, the body on
//! its standard input, for a time. What it prints takes the place of the body only where it ends well.

use std::{io, process::Stdio, time::Duration};

use futures_util::future::join3;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::Command,
};

use crate::{domain::clock::Clock, engine::timer, secrets::Hidden};

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that it may print.
const MOST: u64 = 64 << 20;
/// Bytes of its complaints that are kept.
const COMPLAINTS: u64 = 1 << 10;

/// What the program makes of a text, or why nothing, in words.
pub(super) async fn formatted(words: &[String], text: &str, hidden: &Hidden, clock: &Clock) -> Result<String, String> {
    let Some((program, arguments)) = words.split_first() else { return Err("no program is named".to_owned()) };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    for name in hidden.names() {
        command.env_remove(name);
    }
    let mut child = command.spawn().map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let give = async {
        // One that reads only the beginning is as good as one that reads all.
        if let Some(mut stdin) = stdin {
            let _ = stdin.write_all(text.as_bytes()).await;
        }
    };
    let print = async {
        let mut printed = Vec::new();
        if let Some(stdout) = stdout {
            stdout.take(MOST + 1).read_to_end(&mut printed).await?;
        }
        Ok::<_, io::Error>(printed)
    };
    let complain = async {
        let mut said = Vec::new();
        if let Some(mut stderr) = stderr {
            (&mut stderr).take(COMPLAINTS).read_to_end(&mut said).await?;
            tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await?;
        }
        Ok::<_, io::Error>(String::from_utf8_lossy(&said).trim().to_owned())
    };
    let work = async {
        let ((), printed, said) = join3(give, print, complain).await;
        Ok::<_, io::Error>((printed?, said?, child.wait().await?))
    };
    let ended = timer::limited(clock, clock.boot() + PATIENCE, work).await;
    let (printed, said, status) = match ended {
        Some(ended) => ended.map_err(|error| format!("`{program}`: {error}"))?,
        None => return Err(format!("`{program}` took longer than {} s and was stopped", PATIENCE.as_secs())),
    };
    if !status.success() {
        let said = if said.is_empty() { "run it by hand to see why".to_owned() } else { format!("it said: {said}") };
        return Err(format!("`{program}` failed ({status}); {said}"));
    }
    if printed.len() as u64 > MOST {
        return Err(format!("`{program}` printed more than {} MiB", MOST >> 20));
    }
    let printed = String::from_utf8(printed).map_err(|_| format!("what `{program}` printed is no text"))?;
    if printed.trim().is_empty() {
        return Err(format!("`{program}` printed nothing"));
    }
    // Most programs end what they print with a line break.
    let ends = text.ends_with('\n');
    Ok(if ends { printed } else { printed.strip_suffix('\n').map(str::to_owned).unwrap_or(printed) })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn by(words: &[&str], text: &str) -> Result<String, String> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        formatted(&words, text, &Hidden::default(), &Clock::system()).await
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_body_goes_through_a_program_and_what_goes_wrong_is_told() {
        assert_eq!(by(&["cat"], "{}").await.as_deref(), Ok("{}"));
        assert_eq!(by(&["sh", "-c", "cat >/dev/null; echo done"], "{}").await.as_deref(), Ok("done"));
        let failed = by(&["sh", "-c", "echo 'no such thing' >&2; exit 3"], "{}").await.unwrap_err();
        assert!(failed.contains("it said: no such thing"), "{failed}");
        assert!(by(&["true"], "{}").await.unwrap_err().contains("printed nothing"));
        assert!(by(&["authscope-no-such-program"], "{}").await.unwrap_err().contains("cannot be started"));
    }
}
