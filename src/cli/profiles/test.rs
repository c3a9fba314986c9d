//! `authscope profiles test`: one token call, shown as it went out (the secret by what stands for it), as it was
//! answered, and how each part of the answer was read.

use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};

use crate::{
    cli::{
        exit::{Exit, Stop},
        printer,
        session::Session,
        signals::Signals,
        start::Globals,
    },
    domain::{redact::Redactor, trial::Trial},
};

/// Make a token call, and show the request, the answer and how it was read
#[derive(Args)]
pub(super) struct Arguments {
    /// The profile
    name: String,
    /// The credential; the first one unless given
    #[arg(long, value_name = "NAME", default_value = "")]
    credential: String,
}

/// Makes it; a call that failed is shown too.
pub(super) async fn run(arguments: &Arguments, globals: &Globals, as_json: bool) -> anyhow::Result<Exit> {
    let signals = Signals::listen()?;
    let globals = Globals { profile: Some(arguments.name.clone()), ..globals.clone() };
    let masks = Redactor::default();
    let session = Session::open(&globals, Arc::new(|_| {}), masks.clone(), as_json, |_| {})?;
    let asked = async {
        let access = session.engine.access(&session.profile, &arguments.credential).await;
        let access = access.map_err(|refusal| Stop::refused(&refusal))?;
        Ok::<_, Stop>(session.engine.trial(&access).await)
    };
    let trial = match signals.or(asked).await {
        Ok(asked) => asked?,
        Err(exit) => return Ok(exit),
    };
    printer::line(&masks.masked(&if as_json { json(&trial) } else { text(&trial) }))?;
    trial.token.map(|_| Exit::Done).map_err(|failure| Stop::no_token(&failure).into())
}

fn text(trial: &Trial) -> String {
    let marked = |mark: &str, lines: &[String]| {
        lines.iter().map(|line| format!("{mark} {line}").trim_end().to_owned()).collect::<Vec<_>>()
    };
    let mut lines = marked(">", &trial.request);
    lines.extend(marked("<", &trial.answer()));
    if let Some(read) = trial.read() {
        let read: Vec<_> = read.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
        lines.extend([String::new(), printer::columns(&read)]);
    }
    lines.join("\n")
}

fn json(trial: &Trial) -> String {
    let read = trial
        .read()
        .map(|read| read.iter().map(|(key, value)| json!({ "from": key, "read": value })).collect::<Value>());
    let answer = trial
        .call
        .as_ref()
        .map(|call| json!({ "status": call.status.map(|status| status.as_u16()), "body": call.body }));
    json!({ "request": trial.request, "answer": answer, "read": read }).to_string()
}
