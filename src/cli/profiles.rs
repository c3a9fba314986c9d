//! `authscope profiles`: those there are, what each says, another one, a try, and one less.

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    exit::{Exit, Stop},
    printer, secret,
    start::{self, Globals, Start},
};
use crate::{
    config::file::write,
    domain::{
        figures,
        profile::{Place, Profile},
    },
};

mod add;
mod test;

const EXAMPLES: &str = "\
Examples:
  authscope profiles list
  authscope profiles show mine --json
  authscope profiles add mine --base-url https://api.example --client-id me --secret-env MINE_SECRET
  authscope profiles add mine --credential other --client-id you --secret-command pass show mine
  authscope profiles test mine
  authscope profiles remove mine";

/// Lists, shows, adds, tests and removes profiles
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
    /// List the profiles, the active one marked
    List,
    /// Show what a profile says, where its secrets come from and where they rest
    Show {
        /// The profile
        name: String,
    },
    Add(Box<add::Arguments>),
    Test(test::Arguments),
    /// Remove a profile from the config file, with all its credentials
    Remove {
        /// The profile
        name: String,
    },
}

/// Does what is asked for.
pub(super) async fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let json = arguments.json;
    match &arguments.what {
        What::List => printer::line(&list(&Start::strict(globals)?, json))?,
        What::Show { name } => {
            let start = Start::strict(globals)?;
            let profile = start.profiles.named(name).map_err(|error| Stop::usage(error.to_string()))?;
            printer::line(&shown(profile, json))?;
        }
        What::Add(arguments) => add::run(arguments, globals)?,
        What::Test(arguments) => return test::run(arguments, globals, json).await,
        What::Remove { name } => {
            let file = start::changed(globals, |text| write::removed(text, name))?;
            printer::note(&format!("authscope: `{name}` is removed from {}", file.display()));
        }
    }
    Ok(Exit::Done)
}

fn list(start: &Start, as_json: bool) -> String {
    let active = start.profiles.active();
    let rows = start.profiles.all().iter().map(|profile| {
        let credentials = profile.credentials.iter().map(|credential| credential.name.as_str()).collect::<Vec<_>>();
        (profile, Arc::ptr_eq(profile, active), credentials)
    });
    if as_json {
        let rows = rows.map(|(profile, active, credentials)| {
            json!({
                "name": profile.name, "active": active, "place": place(profile.place), "base_url": profile.base(),
                "credentials": credentials,
            })
        });
        return Value::Array(rows.collect()).to_string();
    }
    let widest = start.profiles.all().iter().map(|profile| profile.name.chars().count()).max().unwrap_or(0);
    let rows = rows.map(|(profile, active, credentials)| {
        let mark = if active { '*' } else { ' ' };
        let who = if credentials.is_empty() { "no credential".to_owned() } else { credentials.join(", ") };
        format!("{mark} {:widest$}  {:<10}  {}  {who}", profile.name, place(profile.place), profile.base())
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Sandbox => "sandbox",
        Place::Ordinary => "",
        Place::Production => "production",
    }
}

/// All that a profile says, and each of its credentials.
fn shown(profile: &Profile, as_json: bool) -> String {
    let facts = facts(profile);
    let who: Vec<_> = profile.credentials.iter().map(secret::told).collect();
    if !as_json {
        let parts = [&facts].into_iter().chain(&who).map(|lines| printer::columns(lines));
        return parts.collect::<Vec<_>>().join("\n\n");
    }
    let object = |lines: &[(&str, String)]| {
        lines
            .iter()
            .map(|(key, value)| ((*key).to_owned(), Value::from(value.as_str())))
            .collect::<serde_json::Map<_, _>>()
    };
    let mut told = object(&facts);
    told.insert("credentials".to_owned(), who.iter().map(|lines| Value::Object(object(lines))).collect());
    Value::Object(told).to_string()
}

fn facts(profile: &Profile) -> Vec<(&'static str, String)> {
    let seconds = |time: std::time::Duration| format!("{} s", time.as_secs_f64());
    let joined = |words: Vec<String>| (!words.is_empty()).then(|| words.join(", "));
    let route = &profile.route;
    let header = format!("{}: {} …", profile.header.name, profile.header.prefix).replace(":  ", ": ");
    let answer = &profile.answer;
    let members = format!("{}, {}, {} in {}", answer.token, answer.kind, answer.expiry, answer.expiry_is.name());
    let fields = profile.token_headers.iter().map(|(name, _)| name.to_string());
    let proxy = route.proxies.as_ref().and_then(|proxies| proxies.https.as_ref().or(proxies.http.as_ref()));
    let limits = &profile.limits;
    let told = [
        ("profile", Some(profile.name.clone())),
        ("place", Some(place(profile.place).to_owned()).filter(|place| !place.is_empty())),
        ("colour", profile.colour.map(|colour| colour.name().to_owned())),
        ("base URL", Some(profile.base().to_owned())),
        ("token URL", Some(profile.token_url.to_string())),
        ("token request", Some(profile.wire.name().to_owned())),
        ("its header fields", joined(fields.collect())),
        ("token answer", Some(members)),
        ("token travels as", Some(header)),
        ("policy", Some(profile.policy.name().to_owned())),
        ("renewal lead", profile.renewal_lead.map(seconds)),
        ("token cache", profile.token_cache.then(|| "commands keep its tokens for each other, in a file".to_owned())),
        ("expected lifetime", profile.expected_life.map(seconds)),
        ("token goes to", joined(profile.bound_origins().iter().map(ToString::to_string).collect())),
        ("authorities", route.authorities.as_ref().map(|file| file.display().to_string())),
        ("client certificate", route.identity.as_ref().map(|identity| identity.certificate.display().to_string())),
        ("proxy", proxy.map(ToString::to_string)),
        (
            "limits",
            Some(format!(
                "connect {}, token {}, idle {}, total {}, body {}, at most {} times what came, {} redirects",
                seconds(limits.connect),
                seconds(limits.flight),
                seconds(limits.idle),
                seconds(limits.total),
                figures::size(limits.max_body),
                limits.max_expansion,
                limits.redirects
            )),
        ),
    ];
    told.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}
