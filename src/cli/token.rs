//! `authscope token`: one token is fetched, and told by its state, generation and expiry.
//!
//! The one command that can show a token: with `--reveal`, bare, to a pipe; on a terminal it asks first.

use std::{
    io::{self, IsTerminal as _},
    sync::Arc,
};

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    exit::{Exit, Stop},
    printer, prompt,
    session::Session,
    signals::Signals,
    start::Globals,
};
use crate::{
    config::{paths::Paths, profiles::SANDBOX},
    domain::{
        redact::Redactor,
        token::{Freshness, TokenFacts, TokenNote},
    },
    secrets::token_cache::TokenCache,
};

const EXAMPLES: &str = "\
Examples:
  authscope token
  authscope token --json --profile paysecurez
  TOKEN=$(authscope token --reveal)";

/// Fetches a token and tells its state, generation and expiry, never its text
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
    /// Print the bare token; on a terminal it asks first
    #[arg(long, conflicts_with = "json")]
    reveal: bool,
    /// Fetch none; remove every token that commands kept for each other by `--token-cache`
    #[arg(long, conflicts_with_all = ["json", "reveal"])]
    forget: bool,
}

/// Asks for a token: a new process has none, unless one was kept for it.
pub(super) async fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    if arguments.forget {
        return forgotten().map(|()| Exit::Done);
    }
    if arguments.reveal && io::stdout().is_terminal() && !agreed()? {
        return Ok(Exit::Cancelled);
    }
    let signals = Signals::listen()?;
    let session = Session::open(globals, Arc::new(|_| {}), Redactor::default(), arguments.json, |_| {})?;
    let asked = async {
        let access = session.engine.access(&session.profile, "").await.map_err(|refusal| Stop::refused(&refusal))?;
        let token = session.engine.renew(&access).await.map_err(|failure| Stop::no_token(&failure))?;
        Ok::<_, Stop>((access, token))
    };
    let (access, token) = match signals.or(asked).await {
        Ok(asked) => asked?,
        Err(exit) => return Ok(exit),
    };
    if arguments.reveal {
        if session.profile.name == SANDBOX {
            printer::note("authscope: this token ends with this command; `authscope sandbox` is an API that stays");
        }
        let Some(token) = session.engine.tokens().kept(&access, token.serial) else {
            anyhow::bail!("{} is gone", token.serial);
        };
        printer::line(token.secret.expose())?;
    } else {
        let freshness = token.freshness(session.clock.boot());
        let left = token.remaining(session.clock.boot()).map(|left| left.as_secs());
        let text =
            if arguments.json { json(&token, freshness, left).to_string() } else { text(&token, freshness, left) };
        printer::line(&text)?;
    }
    Ok(Exit::Done)
}

/// Removes the tokens that are kept.
fn forgotten() -> anyhow::Result<()> {
    let Some(folder) = Paths::of_this_machine().tokens() else {
        return Err(Stop::usage("this machine names no home folder, so no token is kept").into());
    };
    let place = folder.display().to_string();
    let count = TokenCache::at(folder).forget().map_err(|flaw| Stop::no_secret(&place, flaw))?;
    let tokens = if count == 1 { "1 token is" } else { &format!("{count} tokens are") };
    printer::note(&format!("authscope: {tokens} gone from {place}"));
    Ok(())
}

/// Whether the person wants the token on this terminal.
fn agreed() -> anyhow::Result<bool> {
    let agreed = prompt::agreed("Show the token on this terminal, where it stays in the scrollback? Type yes:")?;
    Ok(agreed.ok_or_else(|| {
        Stop::usage("there is nobody to ask whether the token may be shown on this terminal")
            .hint("send it to a pipe: `TOKEN=$(authscope token --reveal)`")
    })?)
}

fn word(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh => "live",
        Freshness::Stale => "expiring",
        Freshness::Expired => "expired",
    }
}

fn text(token: &TokenFacts, freshness: Freshness, left: Option<u64>) -> String {
    let expiry = match (token.expires_at(), left) {
        (Some(at), Some(left)) => format!("{}, in {left} s", on_the_wall(at)),
        _ => "unknown: the answer tells no life".to_owned(),
    };
    let mut lines = vec![
        format!("state       {}", word(freshness).to_uppercase()),
        format!("token       {}, {} bytes, {}", token.serial, token.size, token.fingerprint),
        format!("generation  {}", token.generation.0),
        format!("expires     {expiry}"),
    ];
    lines.extend(token.scope.iter().map(|scope| format!("scope       {scope}")));
    lines.extend(token.notes.iter().map(|note| format!("note        {}", note.words())));
    lines.join("\n")
}

fn json(token: &TokenFacts, freshness: Freshness, left: Option<u64>) -> Value {
    json!({
        "state": word(freshness),
        "token": token.serial.to_string(),
        "generation": token.generation.0,
        "expires_in": left,
        "expires_at": token.expires_at().map(|at| at.to_string()),
        "size": token.size,
        "fingerprint": token.fingerprint.to_string(),
        "scope": token.scope,
        "notes": token.notes.iter().map(TokenNote::words).collect::<Vec<_>>(),
    })
}

fn on_the_wall(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}
