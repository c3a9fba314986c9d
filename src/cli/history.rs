//! `authscope history`: what was called, found again by its words, and cleared.

use std::time::Duration;

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser as _},
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use super::{
    exit::{Exit, Stop},
    printer, prompt,
};
use crate::{
    config::{paths::Paths, quantity},
    domain::{clock::Clock, record::Record},
    interchange::export::{Form, markdown},
    store::history::{Entry, History},
};

const EXAMPLES: &str = "\
Examples:
  authscope history list
  authscope history list payments 401 --limit 5
  authscope history show 42
  authscope history export 42 har
  authscope history clear --older-than 7d";

/// Lists, shows, exports and clears the calls of the last 30 days
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The newest first; with words, those that have all of them in address, status, header fields or body
    List {
        /// Words, or their beginnings
        words: Vec<String>,
        /// How many at most
        #[arg(long, value_name = "N", default_value = "50")]
        limit: usize,
        /// Print one JSON object a call
        #[arg(long)]
        json: bool,
    },
    /// One call: what was sent and what came
    Show {
        /// Its number in the list
        id: i64,
    },
    /// One call as curl, HAR, .http or Markdown
    Export {
        /// Its number in the list
        id: i64,
        /// The format: curl, har, http or markdown
        #[arg(value_parser = PossibleValuesParser::new(Form::ALL.map(Form::name))
            .map(|name| Form::named(&name).unwrap_or(Form::Markdown)))]
        format: Form,
    },
    /// Deletes calls for good
    Clear {
        /// Only those that are older, such as `7d`
        #[arg(long, value_name = "TIME", value_parser = quantity::duration)]
        older_than: Option<Duration>,
        /// Without a question
        #[arg(long)]
        yes: bool,
    },
}

impl Arguments {
    /// Whether errors are wanted as JSON.
    pub(super) fn json(&self) -> bool {
        matches!(self.command, Command::List { json: true, .. })
    }
}

/// Does what is asked.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    let Some(folder) = Paths::of_this_machine().state else {
        return Err(Stop::usage("this machine names no home folder, so there is no history").into());
    };
    let refused = |error: crate::store::database::StoreError| Stop::usage(error.to_string());
    let (mut history, aside) = History::open(&folder).map_err(refused)?;
    if let Some(file) = aside {
        let text = format!("the history could not be read; it is set aside as {}", file.display());
        printer::warning(&text, arguments.json());
    }
    match &arguments.command {
        Command::List { words, limit, json } => {
            for entry in history.list(&words.join(" "), *limit).map_err(refused)? {
                printer::line(&if *json { as_json(&entry) } else { line(&entry) })?;
            }
        }
        Command::Show { id } => {
            let record = found(&history, *id)?;
            printer::line(markdown(&record).trim_end())?;
        }
        Command::Export { id, format } => {
            let record = found(&history, *id)?;
            printer::line(format.text(&record).trim_end())?;
        }
        Command::Clear { older_than, yes } => {
            let now = Clock::system().wall().as_millisecond();
            let age = older_than.map(|age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
            let before = age.map_or(i64::MAX, |age| now.saturating_sub(age));
            let what = older_than.map_or("All calls are", |_| "Those calls are");
            match if *yes { Some(true) } else { prompt::agreed(&format!("{what} deleted for good. Type yes:"))? } {
                Some(true) => {}
                Some(false) => return Ok(Exit::Cancelled),
                None => return Err(Stop::usage("there is nobody to ask").hint("`--yes` says so").into()),
            }
            let count = history.clear(before).map_err(refused)?;
            printer::note(&format!("authscope: {count} calls are deleted"));
        }
    }
    Ok(Exit::Done)
}

fn found(history: &History, id: i64) -> Result<Record, Stop> {
    let record = history.record(id).map_err(|error| Stop::usage(error.to_string()))?;
    record.ok_or_else(|| {
        Stop::usage(format!("the history has no call {id}")).hint("`authscope history list` has the numbers")
    })
}

fn line(entry: &Entry) -> String {
    let at = Timestamp::from_millisecond(entry.started).unwrap_or_default().to_zoned(TimeZone::system());
    let end = entry.status.map_or("---".to_owned(), |status| status.to_string());
    let healed = if entry.attempts > 1 { format!("  {} attempts", entry.attempts) } else { String::new() };
    let trouble = entry.trouble.as_ref().map(|text| format!("  {text}")).unwrap_or_default();
    let Entry { id, took, method, url, profile, .. } = entry;
    format!("{id:>5}  {}  {end}  {took:>6} ms  {profile}  {method} {url}{healed}{trouble}", at.strftime("%F %T"))
}

fn as_json(entry: &Entry) -> String {
    let Entry { id, started, took, method, url, name, profile, status, attempts, trouble } = entry;
    let at = Timestamp::from_millisecond(*started).unwrap_or_default().to_string();
    json!({
        "id": id, "started": at, "took_ms": took, "method": method, "url": url, "name": name, "profile": profile,
        "status": status, "attempts": attempts, "trouble": trouble,
    })
    .to_string()
}
