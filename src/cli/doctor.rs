//! `authscope doctor`: what of this machine authscope works with, what is in its way, and what to do about each.
//!
//! Looks and asks; changes nothing, makes no call, starts no command of a profile and reads out no secret.

use clap::Args;
use serde_json::json;

use super::{
    exit::Exit,
    practices, printer,
    start::{Globals, Start},
};
use crate::{config::paths::Paths, domain::practice::Practice};

mod machine;
mod terminal;

const EXAMPLES: &str = "\
Examples:
  authscope doctor
  authscope doctor --json
  authscope doctor --profile mine

Exit codes:
  0 nothing is in the way    2 something is";

/// Looks at what authscope needs of this machine, and says what to do
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Print one JSON object a line
    #[arg(long)]
    pub(super) json: bool,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Good,
    /// Something works less well than it could.
    Note,
    /// Something does not work.
    Trouble,
}

/// One thing that was looked at.
pub(super) struct Finding {
    name: &'static str,
    state: State,
    seen: String,
    /// What to do, where there is something.
    todo: Option<String>,
}

impl Finding {
    fn good(name: &'static str, seen: impl Into<String>) -> Self {
        Self { name, state: State::Good, seen: seen.into(), todo: None }
    }

    fn note(name: &'static str, seen: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { name, state: State::Note, seen: seen.into(), todo: Some(todo.into()) }
    }

    fn trouble(name: &'static str, seen: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { name, state: State::Trouble, seen: seen.into(), todo: Some(todo.into()) }
    }

    /// On a line, and what to do on the next.
    pub(super) fn text(&self) -> String {
        let state = match self.state {
            State::Good => "ok",
            State::Note => "note",
            State::Trouble => "TROUBLE",
        };
        let line = format!("{state:<7}  {:<12}  {}", self.name, self.seen);
        self.todo.iter().fold(line, |line, todo| format!("{line}\n{:23}{todo}", ""))
    }

    fn json(&self) -> String {
        let state = match self.state {
            State::Good => "ok",
            State::Note => "note",
            State::Trouble => "trouble",
        };
        json!({ "what": self.name, "state": state, "seen": self.seen, "to_do": self.todo }).to_string()
    }
}

/// Looks, and tells.
pub(super) async fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let findings = findings(globals).await;
    for finding in &findings {
        printer::line(&if arguments.json { finding.json() } else { finding.text() })?;
    }
    let bad = findings.iter().any(|finding| finding.state == State::Trouble);
    Ok(if bad { Exit::Usage } else { Exit::Done })
}

/// A practice of the documentation; one that is not kept is no trouble of this machine.
fn practice(judged: &Practice) -> Finding {
    let seen = format!("{}: {}; {}", judged.what, judged.state.word(), judged.seen);
    match judged.improve {
        Some((how, _)) => Finding::note("practice", seen, how),
        None => Finding::good("practice", seen),
    }
}

/// Everything that there is to see.
pub(super) async fn findings(globals: &Globals) -> Vec<Finding> {
    let paths = Paths::of_this_machine();
    let version = env!("CARGO_PKG_VERSION");
    let system = format!("{version} on {} {}", std::env::consts::OS, std::env::consts::ARCH);
    let mut findings = vec![Finding::good("authscope", system)];
    findings.extend(machine::places(&paths));
    match Start::forgiving(globals) {
        Ok((start, wrong)) => {
            findings.push(machine::config(globals, &start, wrong));
            findings.extend(machine::profile(globals, &start));
            findings.push(machine::project(globals, &paths));
            findings.push(machine::keyring(&start).await);
            findings.push(machine::authorities(&start).await);
            findings.push(machine::clock(&start));
            findings.extend(practices::judged(&start).iter().map(practice));
        }
        Err(stop) => findings.push(Finding::trouble("config", stop.text, stop.hint.unwrap_or_default())),
    }
    findings.extend(terminal::findings(&|name| std::env::var(name).ok()));
    findings
}
