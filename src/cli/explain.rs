//! `authscope explain`: why a call that was kept or written down was refused. Nothing is sent.

use std::{
    fs,
    io::{self, IsTerminal as _, Read as _},
    path::Path,
    sync::Arc,
};

use clap::Args;
use http::header;
use serde_json::json;
use url::Url;

use super::{
    exit::{Exit, Stop},
    printer,
    start::{Globals, Start},
};
use crate::{
    config::paths::Paths,
    domain::{
        diagnosis::{Carried, Case, Diagnosis, Past},
        exchange::Exchange,
        looks_secret,
        origin::Origin,
        profile::Profile,
        record::Record,
        redact::Redactor,
        secret::Secret,
    },
    interchange::recorded::{UNKNOWN, records},
    store::history::History,
};

/// Bytes of a text.
const LARGEST: u64 = 64 << 20;
/// How many calls of the history are looked through for one that was refused.
const NEWEST: usize = 500;

const EXAMPLES: &str = "\
Examples:
  authscope explain
  authscope explain 42
  curl -v https://api.example/ -H 'Authorization: Bearer ...' 2>&1 | authscope explain -
  authscope explain session.har --json";

/// Tells why a call was refused: one of the history, or one that curl or a browser wrote down
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A file with a HAR, the output of `curl -v`, or HTTP as text; `-` for standard input; a number of the history; or
    /// `last`, the newest call there that was refused
    #[arg(value_name = "FILE|-|last|ID", default_value = "last")]
    what: String,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// A call, and what is known beside it.
struct Found {
    record: Record,
    past: Vec<Past>,
    /// Whether somebody else wrote it down, so that its secrets stand in it and its time may be the server's.
    foreign: bool,
}

/// Explains it.
pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let found = match arguments.what.as_str() {
        "-" => foreign(&read(io::stdin().lock(), "standard input")?, "standard input")?,
        "last" if !Paths::of_this_machine().state.is_some_and(|folder| folder.exists()) => {
            return Err(nothing_kept().into());
        }
        what if what == "last" || what.parse::<i64>().is_ok() && !Path::new(what).exists() => kept(what)?,
        file => {
            let opened = fs::File::open(file).map_err(|error| Stop::usage(format!("{file}: {error}")))?;
            foreign(&read(opened, file)?, file)?
        }
    };
    let unusable = || Stop::usage("an address or a method in it is none");
    let exchange = found.record.exchange().ok_or_else(unusable)?;
    let start = Start::strict(globals)?;
    let profile = profile_of(&exchange, start.profiles.all());
    let diagnosis = diagnosis(&found, &exchange, &profile);
    if arguments.json {
        printer::line(&as_json(&exchange, diagnosis.as_ref()))?;
    } else {
        printer::line(as_text(&exchange, diagnosis.as_ref()).trim_end())?;
    }
    Ok(Exit::Done)
}

fn read(from: impl io::Read, name: &str) -> Result<String, Stop> {
    if name == "standard input" && io::stdin().is_terminal() {
        return Err(Stop::usage("nothing is piped in").hint("`curl -v … 2>&1 | authscope explain -`"));
    }
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| Stop::usage(format!("{name}: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Stop::usage(format!("{name} is larger than {} MiB", LARGEST >> 20)));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last call of a text that was refused, or the last one; those before it are what is known.
fn foreign(text: &str, name: &str) -> Result<Found, Stop> {
    let mut records = records(text);
    let refused = records.iter().rposition(|record| matches!(record.status(), Some(401 | 403)));
    let at = refused.or(records.len().checked_sub(1)).ok_or_else(|| {
        Stop::usage(format!("{name} holds no call with its answer"))
            .hint("a HAR, the output of `curl -v`, or a request and its answer as HTTP text are read")
    })?;
    let past = records.iter().take(at).filter_map(Record::exchange).flat_map(|exchange| Past::of(&exchange)).collect();
    Ok(Found { record: records.swap_remove(at), past, foreign: true })
}

fn nothing_kept() -> Stop {
    Stop::usage("the history has no call that was refused").hint("`authscope send --history` adds a call to it")
}

fn kept(what: &str) -> Result<Found, Stop> {
    let wrong = |error: crate::store::database::StoreError| Stop::usage(error.to_string());
    let folder = Paths::of_this_machine().state.ok_or_else(nothing_kept)?;
    let (history, _) = History::open(&folder).map_err(wrong)?;
    let id = match what.parse() {
        Ok(id) => id,
        Err(_) => {
            let newest = history.list("", NEWEST).map_err(wrong)?;
            let refused = newest.into_iter().find(|entry| matches!(entry.status, Some(401 | 403)));
            refused.ok_or_else(nothing_kept)?.id
        }
    };
    let record = history.record(id).map_err(wrong)?.ok_or_else(|| {
        Stop::usage(format!("the history has no call {id}")).hint("`authscope history list` has the numbers")
    })?;
    Ok(Found { record, past: Vec::new(), foreign: false })
}

/// The profile of its name or of its origin; else one of which nothing is known but that origin.
fn profile_of(exchange: &Exchange, profiles: &[Arc<Profile>]) -> Profile {
    let origin = Origin::of(&exchange.url);
    let of_origin =
        |profile: &&Arc<Profile>| origin.as_ref().is_some_and(|origin| profile.bound_origins().contains(origin));
    let named = profiles.iter().find(|profile| !exchange.profile.is_empty() && profile.name == exchange.profile);
    named.or_else(|| profiles.iter().find(of_origin)).map_or_else(
        || {
            // It names no host, so that nothing is concluded from where tokens come from.
            let nowhere = Url::parse("about:blank").unwrap_or_else(|_| exchange.url.clone());
            Profile::new("", exchange.url.clone(), nowhere)
        },
        |profile| Profile::clone(profile),
    )
}

fn diagnosis(found: &Found, exchange: &Exchange, profile: &Profile) -> Option<Diagnosis> {
    let masks = Redactor::default();
    let trip = found.record.trips.last().filter(|_| found.foreign);
    let field = |name: &str| {
        trip?.sent.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    };
    let value = field(profile.header.name.as_str());
    let carried = value.map(|value| {
        let secret = value.split(' ').next_back().unwrap_or_default();
        masks.recognise(&Secret::new(secret), "token");
        Carried::read(profile.header.name.as_str(), value, &profile.header.prefix)
    });
    let case = Case { carried: carried.as_ref(), past: &found.past, ..Case::of(exchange, profile) };
    let dated = trip.is_none_or(|trip| field_of(&trip.received, header::DATE.as_str()) != Some(trip.at));
    case.is_refused().then(|| {
        let mut diagnosis = Diagnosis::of(&case.facts()).masked(&masks);
        // Two clocks are not compared where one of them was taken for both.
        diagnosis.ruled_out.retain(|out| dated || out.what != "clocks differ");
        diagnosis
    })
}

/// The time in a header field, in milliseconds.
fn field_of(fields: &[(String, String)], name: &str) -> Option<i64> {
    let (_, text) = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?.as_millisecond())
}

fn address(exchange: &Exchange) -> String {
    match exchange.url.as_str() {
        UNKNOWN => "a call whose request is not in it".to_owned(),
        url => format!("{} {}", exchange.method, looks_secret::masked(url)),
    }
}

fn as_text(exchange: &Exchange, diagnosis: Option<&Diagnosis>) -> String {
    let shown = |text: &str| looks_secret::masked(text);
    let end = exchange.status().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let mut lines = vec![format!("{}: {end}", address(exchange))];
    let Some(diagnosis) = diagnosis else {
        lines.push("It was not refused: there is nothing to explain.".to_owned());
        return lines.join("\n");
    };
    for (at, cause) in diagnosis.causes.iter().enumerate() {
        let what = cause.what.trim_end_matches('.');
        lines.extend([
            String::new(),
            format!("{}  {} ({}).", at + 1, shown(what), cause.likelihood.word()),
            format!("   seen  {}", shown(&cause.seen)),
            format!("   do    {}", shown(&cause.mend)),
        ]);
    }
    if let Some(next) = &diagnosis.next {
        lines.extend([
            String::new(),
            "Unknown: the facts name no cause.".to_owned(),
            format!("   try   {}", next.what),
        ]);
    }
    if !diagnosis.ruled_out.is_empty() {
        lines.extend([String::new(), "Ruled out".to_owned()]);
        lines.extend(diagnosis.ruled_out.iter().map(|out| format!("   {}: {}", out.what, shown(&out.seen))));
    }
    lines.join("\n")
}

fn as_json(exchange: &Exchange, diagnosis: Option<&Diagnosis>) -> String {
    let shown = |text: &str| looks_secret::masked(text);
    let causes = diagnosis.iter().flat_map(|diagnosis| &diagnosis.causes).map(|cause| {
        json!({
            "name": cause.name, "likelihood": cause.likelihood.word(), "what": shown(&cause.what),
            "seen": shown(&cause.seen), "mend": shown(&cause.mend),
        })
    });
    let out = diagnosis.iter().flat_map(|diagnosis| &diagnosis.ruled_out);
    json!({
        "method": exchange.method.as_str(),
        "url": (exchange.url.as_str() != UNKNOWN).then(|| shown(exchange.url.as_str())),
        "status": exchange.status().map(|status| status.as_u16()),
        "refused": diagnosis.is_some(),
        "causes": causes.collect::<Vec<_>>(),
        "next": diagnosis.and_then(|diagnosis| diagnosis.next.as_ref()).map(|next| next.what.clone()),
        "ruled_out": out.map(|out| json!({ "what": out.what, "seen": shown(&out.seen) })).collect::<Vec<_>>(),
    })
    .to_string()
}
