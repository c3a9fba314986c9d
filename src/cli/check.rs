//! `authscope check`: whether an API keeps what its tokens promise, step by step, without a screen.
//!
//! Only token calls and GETs are made, so that no payment arises anywhere. What an API gives no occasion to see is told as
//! not judged. The built-in sandbox gives every occasion: its tokens are revoked and its clock is moved.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use clap::Args;

use super::{
    exit::{Exit, Stop},
    printer,
    report::{Forms, Report},
    session::Session,
    signals::Signals,
    start::Globals,
};
use crate::{
    config::{profiles, quantity},
    domain::{redact::Redactor, token::TokenPolicy},
};

mod altered;
mod steps;
mod witness;

use witness::Witness;

const EXAMPLES: &str = "\
Examples:
  authscope check
  authscope check --profile mine /v1/me --junit check.xml
  authscope check --profile mine /v1/me --lifetime 1750s..1800s --forbidden /v1/admin --tap
  authscope check /v1/me --wait 31min --json

Exit codes:
  0 every step that could be judged is ok    1 one is not    2 usage, or refused before anything was sent
  3 credentials    6 network, TLS, token call    7 a limit on size or time    130 cancelled    143 terminated";

/// Checks what an API promises about its tokens: 401 without one or with an altered or old one, their life, renewal
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The path of a GET that this client may make; no other method is used
    #[arg(value_name = "PATH", default_value = "/api/v1/transactions/txn_demo0001/status")]
    path: String,
    /// The shortest and the longest life of a token; the profile's `expected-lifetime`, and 3 % less, unless given
    #[arg(long, value_name = "MIN..MAX", value_parser = bounds)]
    lifetime: Option<Bounds>,
    /// The path of a GET that this client has no scope for: 403 is expected there
    #[arg(long, value_name = "PATH")]
    forbidden: Option<String>,
    /// Wait for the end of the token, where it comes within this time, to see it refused
    #[arg(long, value_name = "TIME", value_parser = quantity::duration)]
    wait: Option<Duration>,
    #[command(flatten)]
    pub(super) forms: Forms,
}

/// Between which two a life has to be.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    least: Duration,
    most: Duration,
}

fn bounds(written: &str) -> Result<Bounds, String> {
    let (least, most) = written.split_once("..").ok_or("write two times, such as `1750s..1800s`")?;
    let (least, most) = (quantity::duration(least)?, quantity::duration(most)?);
    if least > most { Err("the first time is the longer one".to_owned()) } else { Ok(Bounds { least, most }) }
}

/// Looks at all of it, or until a signal comes.
pub(super) async fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let signals = Signals::listen()?;
    signals.or(checked(arguments, globals)).await.unwrap_or_else(Ok)
}

async fn checked(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let (masks, events) = (Redactor::default(), Arc::new(Mutex::new(Vec::new())));
    let seen = events.clone();
    let observer = Arc::new(move |event| seen.lock().unwrap_or_else(PoisonError::into_inner).push(event));
    let json = arguments.forms.json;
    let session = Session::open(globals, observer, masks.clone(), json, |profile| profile.policy = TokenPolicy::Reuse)?;
    let path = |path: &str| {
        // An altered token is nearly a token: it goes where the token goes.
        let under = path.strip_prefix('/').map(|_| profiles::under(&session.profile.base_url, path));
        under
            .unwrap_or_else(|| Err("it begins with `/`".to_owned()))
            .map_err(|wrong| Stop::usage(format!("`{path}` is no path after the base URL: {wrong}")))
    };
    let url = path(&arguments.path)?;
    let forbidden = arguments.forbidden.as_deref().map(path).transpose()?;
    let suite = format!("authscope check {}", session.profile.name);
    let report = Report::begin(suite, &arguments.forms, masks.clone())?;
    let lifetime = arguments.lifetime.or_else(|| {
        let most = session.profile.expected_life?;
        Some(Bounds { least: most * 97 / 100, most })
    });
    let witness = Witness { session: &session, events: &events, masks: &masks };
    let mut check = steps::Check { witness, report, url, forbidden, lifetime, wait: arguments.wait, urls: Vec::new() };
    if let Some(stop) = check.all().await? {
        printer::stopped(&stop, json);
    }
    check.report.end()
}
