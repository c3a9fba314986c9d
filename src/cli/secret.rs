//! `authscope secret`: where the secrets of a profile come from and rest, and how one that is in our hands gets there, is
//! exchanged and goes. None is read out, and none is an argument.

use std::{path::PathBuf, sync::Arc};

use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{
    exit::{Exit, Stop},
    printer,
    signals::Signals,
    start::{self, Globals, Start},
};
use crate::{
    config::profiles::UnknownProfile,
    domain::{clock::Clock, credential::Credential, figures, profile::Profile},
    secrets::{self, Flaw, beside, keeper::Keeper},
};

mod rotate;
mod set;

const EXAMPLES: &str = "\
Examples:
  authscope secret set mine
  authscope secret set mine --credential other --file other.secret
  authscope secret where mine
  authscope secret rotate mine
  authscope secret remove mine";

/// Keeps the secret of a profile, exchanges it, and tells where it is
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
    /// Keep a secret in the system's keyring, or in a file; it is asked for, or read from standard input
    Set {
        #[command(flatten)]
        who: Who,
        /// Keep it in this new file, in the clear, readable by you alone
        #[arg(long, value_name = "PATH", conflicts_with = "keyring")]
        file: Option<PathBuf>,
        /// Keep it in the system's keyring though the profile names a file
        #[arg(long)]
        keyring: bool,
    },
    /// Try a new secret beside the old one, put it in its place when it works, and keep the old one until that is confirmed
    Rotate {
        #[command(flatten)]
        who: Who,
        /// All works with the new one: delete the old one
        #[arg(long, conflicts_with = "back")]
        confirm: bool,
        /// Put the old one back
        #[arg(long)]
        back: bool,
    },
    /// Remove a secret from the keyring, or its file, and an old one that is kept beside it
    Remove {
        #[command(flatten)]
        who: Who,
    },
}

#[derive(Args)]
struct Who {
    /// The profile
    #[arg(value_name = "PROFILE")]
    profile: String,
    /// The credential; the first one unless given
    #[arg(long, value_name = "NAME")]
    credential: Option<String>,
}

/// Does what is asked for. What waits for a keyring or for a person ends with a signal.
pub(super) async fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let (signals, json) = (Signals::listen()?, arguments.json);
    let done = signals.or(async {
        match &arguments.what {
            What::Where { profile } => place(profile, globals, json).await,
            What::Set { who, file, keyring } => {
                let subject = Subject::find(who, globals)?;
                set::kept(&subject, set::keeper(&subject, file.as_deref(), *keyring)?, globals, json).await
            }
            What::Rotate { who, confirm, back } => {
                let rotation = rotate::Rotation::of(Subject::find(who, globals)?, globals, json)?;
                match (confirm, back) {
                    (true, _) => rotation.confirmed().await,
                    (_, true) => rotation.back().await,
                    _ => rotation.made().await,
                }
            }
            What::Remove { who } => set::removed(&Subject::find(who, globals)?, json).await,
        }
    });
    Ok(match done.await {
        Ok(done) => {
            done?;
            Exit::Done
        }
        Err(exit) => exit,
    })
}

/// The credential that is spoken of, and its profile.
struct Subject {
    profile: Arc<Profile>,
    credential: Credential,
    /// Whether the config file says it, so that it can be changed there.
    is_own: bool,
}

impl Subject {
    fn find(who: &Who, globals: &Globals) -> Result<Self, Stop> {
        let start = Start::strict(globals)?;
        let profile = named(&start, &who.profile)?;
        let chosen = |known: &&Credential| who.credential.as_ref().is_none_or(|name| *name == known.name);
        let Some(credential) = profile.credentials.iter().find(chosen) else {
            let which = who.credential.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
            let stop = Stop::usage(format!("profile `{}` has no credential{which}", who.profile));
            return Err(stop.hint(secrets::missing(profile)));
        };
        let own = start::own_config(globals, &start.paths)?.profiles;
        let own = own.iter().filter(|own| own.name == profile.name);
        let is_own = own.flat_map(|own| &own.credentials).any(|own| own.name == credential.name);
        Ok(Self { profile: profile.clone(), credential: credential.clone(), is_own })
    }

    /// `mine, default`.
    fn name(&self) -> String {
        format!("{}, {}", self.profile.name, self.credential.name)
    }

    /// What to type to do something else with it.
    fn command(&self, what: &str) -> String {
        let (profile, credential) = (&self.profile.name, &self.credential.name);
        let is_first = self.profile.credentials.first().is_some_and(|first| first.name == *credential);
        // Names may have blanks, and nothing worse.
        let word = |name: &str| if name.contains(' ') { format!("'{name}'") } else { name.to_owned() };
        let which = if is_first { String::new() } else { format!(" --credential {}", word(credential)) };
        let (verb, option) =
            what.split_once(' ').map_or((what, String::new()), |(verb, rest)| (verb, format!(" {rest}")));
        format!("`authscope secret {verb} {}{which}{option}`", word(profile))
    }

    /// Where its secret is kept by us.
    fn keeper(&self) -> Result<Keeper, Stop> {
        Keeper::of(&self.credential.secret).ok_or_else(|| {
            let from = self.credential.secret.origin();
            Stop::usage(format!("the secret of {} is not in our hands: {from}", self.name())).hint(format!(
                "change it where it is; {} keeps one in the system's keyring instead",
                self.command("set --keyring")
            ))
        })
    }
}

fn named<'s>(start: &'s Start, name: &str) -> Result<&'s Arc<Profile>, Stop> {
    start.profiles.named(name).map_err(|error: UnknownProfile| Stop::usage(error.to_string()))
}

/// What happened, on a line.
fn step(text: &str, as_json: bool) {
    printer::note(&if as_json { json!({ "step": text }).to_string() } else { format!("authscope: {text}") });
}

/// Tells where the secrets of a profile are.
async fn place(name: &str, globals: &Globals, as_json: bool) -> anyhow::Result<()> {
    let start = Start::strict(globals)?;
    let profile = named(&start, name)?;
    let mut all = Vec::new();
    for credential in &profile.credentials {
        let subject = Subject { profile: profile.clone(), credential: credential.clone(), is_own: true };
        all.push(looked_up(&subject, &start.clock).await);
    }
    if all.is_empty() {
        return Err(Stop::usage(format!("profile `{name}` has no credential")).hint(secrets::missing(profile)).into());
    }
    if as_json {
        let all = all.iter().map(|lines| {
            let members = lines.iter().map(|(key, value)| ((*key).to_owned(), Value::from(value.as_str())));
            Value::Object(members.collect())
        });
        printer::line(&json!({ "profile": name, "credentials": all.collect::<Vec<_>>() }).to_string())?;
    } else {
        printer::line(&all.iter().map(|lines| printer::columns(lines)).collect::<Vec<_>>().join("\n\n"))?;
    }
    Ok(())
}

/// What is told of a credential: keys and values. Starts nothing, and asks neither a person nor the keyring.
pub(super) fn told(credential: &Credential) -> Vec<(&'static str, String)> {
    let secrets::Rest { place, mode, state } = secrets::rest(&credential.secret);
    let mut told = vec![
        ("credential", credential.name.clone()),
        ("client id", credential.client_id.clone()),
        ("source", credential.secret.origin()),
        ("rests", place),
    ];
    told.extend(mode.map(|mode| ("mode", mode)));
    told.extend(state_told(state.map(ToOwned::to_owned)));
    told
}

fn state_told(state: Result<String, Flaw>) -> Vec<(&'static str, String)> {
    match state {
        Ok(state) => vec![("state", state)],
        Err(flaw) => vec![("state", flaw.why), ("mend", flaw.mend)],
    }
}

/// The same, and what the place itself says: whether the secret is there, since when, and whether an old one is kept.
async fn looked_up(subject: &Subject, clock: &Clock) -> Vec<(&'static str, String)> {
    let mut told = told(&subject.credential);
    let Some(keeper) = Keeper::of(&subject.credential.secret) else { return told };
    if let Keeper::Keyring(_) = keeper {
        let asked = keeper.clone();
        let state = beside(move || asked.get()).await.and_then(|secret| {
            let mend = format!("{} puts it there", subject.command("set"));
            secret.map(|_| "it is there".to_owned()).ok_or(Flaw { why: "there is none".to_owned(), mend })
        });
        told.retain(|(key, _)| *key != "state");
        told.extend(state_told(state));
    }
    let former = keeper.former();
    let asked = beside(move || Ok((keeper.written(), former.get()?.map(|_| former)))).await;
    let Ok((written, former)) = asked else { return told };
    if let Some(written) = written {
        let age = clock.wall().duration_since(written).unsigned_abs();
        let at = written.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S %Z");
        told.push(("written", format!("{at}, {}", figures::ago(age))));
    }
    if let Some(former) = former {
        let (confirm, back) = (subject.command("rotate --confirm"), subject.command("rotate --back"));
        told.push(("former", format!("kept in {former} until {confirm} or {back}")));
    }
    told
}
