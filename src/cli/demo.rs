//! `authscope demo`: the whole flow against a sandbox of its own, each step checked.
//!
//! Nothing waits: the sandbox's clock is moved past the end of the token. What is said to be documented is compared with
//! the words of the API's public documentation, not with what the sandbox takes for them.

use clap::Args;
use serde_json::{Value, json};

use super::{exit::Exit, printer, signals::Signals, start};
use crate::{
    domain::{clock::Clock, token::TokenRef},
    sandbox::LIFETIME,
};

mod stage;

use stage::Stage;

const EXAMPLES: &str = "\
Examples:
  authscope demo
  authscope demo --json

It needs no account and no network, and exits with 0 only if every step went as told.";

/// Plays the flow against the built-in sandbox and checks each step
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Print one JSON object a step
    #[arg(long)]
    pub(super) json: bool,
}

/// Plays it to its end, or to a signal.
pub(super) async fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    let signals = Signals::listen()?;
    signals.or(played(arguments)).await.unwrap_or_else(Ok)
}

/// Token, call, expiry, 401, renewal, replay, and a wrong secret.
async fn played(arguments: &Arguments) -> anyhow::Result<Exit> {
    let clock = Clock::system();
    let bound = start::bound(&clock, 0, LIFETIME, false, false)?;
    let stage = Stage::new(clock, bound.handle())?;
    tokio::spawn(bound.serve(std::future::pending()));
    let mut exit = Exit::Done;
    let mut told = |step: Step| {
        if !step.went_so {
            exit = Exit::Failed;
        }
        printer::line(&if arguments.json { step.json().to_string() } else { step.text() })
    };
    told(stage.token().await)?;
    told(stage.call().await?)?;
    told(stage.expiry())?;
    for step in stage.healing().await? {
        told(step)?;
    }
    told(stage.wrong_secret().await?)?;
    Ok(exit)
}

/// One step, as it went.
struct Step {
    name: &'static str,
    went_so: bool,
    status: Option<u16>,
    token: Option<TokenRef>,
    text: String,
}

impl Step {
    fn text(&self) -> String {
        let mark = if self.went_so { "ok" } else { "FAILED" };
        let status = self.status.map_or("-".to_owned(), |status| status.to_string());
        let token =
            self.token.map_or("-".to_owned(), |token| format!("{} generation {}", token.serial, token.generation.0));
        format!("{mark:<6}  {:<12}  {status:>3}  {token:<18}  {}", self.name, self.text)
    }

    fn json(&self) -> Value {
        json!({
            "step": self.name,
            "ok": self.went_so,
            "status": self.status,
            "token": self.token.map(|token| token.serial.to_string()),
            "generation": self.token.map(|token| token.generation.0),
            "text": self.text,
        })
    }
}
