//! `authscope practices`: the seven practices of the documentation, judged for the active profile. Nothing is sent, and no
//! secret is read.

use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::{
    exit::Exit,
    printer,
    start::{Globals, Start},
};
use crate::{
    domain::{
        credential::Credential,
        practice::{Looked, Practice, practices},
    },
    secrets::{self, keeper::Keeper},
};

const EXAMPLES: &str = "\
Examples:
  authscope practices
  authscope practices --profile paysecurez --json";

/// Judges the seven documented practices for a profile: state, evidence, and what improves each
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Print one JSON array
    #[arg(long)]
    pub(super) json: bool,
}

/// Prints them.
pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let judged = judged(&Start::strict(globals)?);
    if arguments.json {
        let rows: Vec<Value> = judged.iter().map(as_json).collect();
        printer::line(&Value::Array(rows).to_string())?;
    } else {
        let lines = judged.iter().enumerate().map(|(at, practice)| as_text(at + 1, practice));
        printer::line(&lines.collect::<Vec<_>>().join("\n"))?;
    }
    Ok(Exit::Done)
}

/// All seven, for the active profile and its first credential.
pub(super) fn judged(start: &Start) -> [Practice; 7] {
    let profile = start.profiles.active();
    let credential = profile.credentials.first();
    let looked = credential.map(|credential| looked(credential, start)).unwrap_or_default();
    practices(profile, profile.policy, credential, &looked)
}

/// How the secret rests, and since when; the secret itself is not read.
fn looked(credential: &Credential, start: &Start) -> Looked {
    let secrets::Rest { state, .. } = secrets::rest(&credential.secret);
    let written = Keeper::of(&credential.secret).and_then(|keeper| keeper.written());
    let age = written.map(|written| start.clock.wall().as_second().saturating_sub(written.as_second()));
    Looked {
        age: age.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs),
        flaw: state.err().map(|flaw| flaw.why),
    }
}

fn as_json(practice: &Practice) -> Value {
    json!({
        "name": practice.name, "what": practice.what, "state": practice.state.word(), "seen": practice.seen,
        "improve": practice.improve.map(|(how, _)| how),
    })
}

fn as_text(number: usize, practice: &Practice) -> String {
    let improve = practice.improve.map(|(how, _)| format!("\n   do    {how}")).unwrap_or_default();
    format!("{number}  {}: {}\n   seen  {}{improve}", practice.what, practice.state.word(), practice.seen)
}
