//! `authscope secret`: where the secrets of a profile come from and rest. None is read out, no command is started.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    exit::{Exit, Stop},
    printer,
    start::{Globals, Start},
};
use crate::{config::profiles::UnknownProfile, domain::credential::Credential, secrets};

const EXAMPLES: &str = "\
Examples:
  authscope secret where paysecurez
  authscope secret where paysecurez --json";

/// Tells where the secrets of a profile are
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Print JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Say for each credential where its secret comes from, where it rests, and whether it can be had
    Where {
        /// The profile
        #[arg(value_name = "PROFILE")]
        profile: String,
    },
}

/// Tells it.
pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let What::Where { profile: name } = &arguments.what;
    let start = Start::strict(globals)?;
    let profile = start.profiles.named(name).map_err(|error: UnknownProfile| Stop::usage(error.to_string()))?;
    let told: Vec<_> = profile.credentials.iter().map(told).collect();
    if told.is_empty() {
        return Err(Stop::usage(format!("profile `{name}` has no credential")).hint(secrets::missing(profile)).into());
    }
    if arguments.json {
        let all = told.iter().map(|lines| {
            let members = lines.iter().map(|(key, value)| ((*key).to_owned(), Value::from(value.as_str())));
            Value::Object(members.collect())
        });
        printer::line(&json!({ "profile": name, "credentials": all.collect::<Vec<_>>() }).to_string())?;
    } else {
        printer::line(&told.iter().map(|lines| printer::columns(lines)).collect::<Vec<_>>().join("\n\n"))?;
    }
    Ok(Exit::Done)
}

/// What is told of a credential: keys and values.
pub(super) fn told(credential: &Credential) -> Vec<(&'static str, String)> {
    let secrets::Rest { place, mode, state } = secrets::rest(&credential.secret);
    let mut told = vec![
        ("credential", credential.name.clone()),
        ("client id", credential.client_id.clone()),
        ("source", credential.secret.origin()),
        ("rests", place),
    ];
    told.extend(mode.map(|mode| ("mode", mode)));
    match state {
        Ok(state) => told.push(("state", state.to_owned())),
        Err(flaw) => told.extend([("state", flaw.why), ("mend", flaw.mend)]),
    }
    told
}
