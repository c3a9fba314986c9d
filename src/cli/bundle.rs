//! `authscope bundle`: one file for a bug report: versions, what the doctor sees, the config file, the newest calls, the end
//! of the log.
//!
//! No secret is in it: what is known to be one is masked, and so is what looks like one. Before it is written the whole text
//! is searched for every secret and kept token that can be had here without asking anybody, and for each part of one; a
//! find is an error, and nothing is written.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use tempfile::NamedTempFile;

use super::{
    doctor,
    exit::{Exit, Stop},
    printer,
    start::{self, Globals, Start},
};
use crate::{
    domain::{looks_secret, redact::Redactor, secrecy::is_secret_by_name},
    interchange::export::markdown,
    secrets::token_cache::TokenCache,
    store::{history::History, log},
};

const EXAMPLES: &str = "\
Examples:
  authscope bundle report.md
  authscope bundle report.md --calls 3
  authscope bundle report.md --calls 0";

/// Writes a file for a bug report, without a secret: versions, settings, the newest calls and the end of the log
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The file, which is not there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How many of the newest calls of the history go into it
    #[arg(long, value_name = "N", default_value = "5")]
    calls: usize,
}

/// Writes it.
pub(super) async fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let masks = Redactor::default();
    let (start, _) = Start::forgiving(globals)?;
    let engine = start.engine(Arc::new(|_| {}), masks.clone());
    engine.learn(start.profiles.all());
    if let Some(folder) = start.paths.tokens() {
        TokenCache::at(folder).recognised_by(&masks);
    }
    let shown = |text: &str| looks_secret::masked(&masks.parts_masked(text));
    let doctor = doctor::findings(globals).await;
    let doctor: Vec<_> = doctor.iter().map(doctor::Finding::text).collect();
    let mut text = format!(
        "# authscope {}, for a bug report\n\nLook through it before you hand it on: it names hosts, paths and profiles.\n",
        env!("CARGO_PKG_VERSION")
    );
    section(&mut text, "The machine", "text", &shown(&doctor.join("\n")));
    if let Some(path) = start::config_path(globals, &start.paths)
        && let Ok(config) = fs::read_to_string(path)
    {
        section(&mut text, "The config file", "toml", &shown(&without_values(&config)));
    }
    let folder = start.paths.state.as_deref();
    for call in folder.map(|folder| calls(folder, arguments.calls)).unwrap_or_default() {
        text.push_str("\n## A call\n\n");
        text.push_str(&shown(&call));
    }
    if let Some(end) = start.paths.log().and_then(|path| log::end(&path).ok()).filter(|end| !end.is_empty()) {
        section(&mut text, "The end of the log", "text", &shown(&end.join("\n")));
    }
    if masks.finds(&text) {
        let found = "a secret, or a part of one, is in the report";
        return Err(Stop {
            exit: Exit::Failed,
            text: found.to_owned(),
            hint: Some("nothing was written; `--calls 0` leaves the calls out".to_owned()),
            answer: None,
        }
        .into());
    }
    written(&arguments.file, &text)?;
    printer::note(&format!(
        "authscope: {} is written, readable by you alone: look through it",
        arguments.file.display()
    ));
    Ok(Exit::Done)
}

fn section(text: &mut String, title: &str, kind: &str, inside: &str) {
    // A fence longer than any in the text.
    let fence = "`".repeat(3.max(longest_run(inside) + 1));
    text.extend(["\n## ", title, "\n\n", &fence, kind, "\n", inside.trim_end(), "\n", &fence, "\n"]);
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

/// A config file whose keys with the name of a secret have no value, which is where one may stand by mistake.
fn without_values(config: &str) -> String {
    let line = |line: &str| match line.split_once('=') {
        Some((key, value))
            if is_secret_by_name(key) && !value.trim_start().starts_with('{') && value.contains(['"', '\'']) =>
        {
            format!("{key}= \"(left out)\"")
        }
        _ => line.to_owned(),
    };
    config.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The newest calls, as they were kept: without a secret that was known then.
fn calls(folder: &Path, most: usize) -> Vec<String> {
    // Opening it would make one.
    if most == 0 || !folder.join("history.db").exists() {
        return Vec::new();
    }
    let Ok((history, _)) = History::open(folder) else { return Vec::new() };
    let entries = history.list("", most).unwrap_or_default();
    entries.iter().filter_map(|entry| history.record(entry.id).ok().flatten()).map(|record| markdown(&record)).collect()
}

/// A new file, 0600, whole or not at all.
fn written(file: &Path, text: &str) -> Result<(), Stop> {
    let unwritable = |error: std::io::Error| Stop::usage(format!("{} cannot be written: {error}", file.display()));
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = NamedTempFile::new_in(folder).map_err(unwritable)?;
    temporary.write_all(text.as_bytes()).map_err(unwritable)?;
    temporary.persist_noclobber(file).map_err(|error| unwritable(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_stands_in_the_config_file_by_mistake_is_left_out() {
        let config =
            "client-secret = \"very\"\nsecret = { env = \"A\" }\ntoken-cache = true\ntoken-url = \"/t\"\nname = \"x\"";
        let told = without_values(config);
        assert!(
            !told.contains("very") && told.contains("env = \"A\"") && told.contains("token-cache = true"),
            "{told}"
        );
        assert!(told.contains("name = \"x\""), "{told}");
    }

    #[test]
    fn a_fence_is_longer_than_what_stands_between() {
        let mut text = String::new();
        section(&mut text, "A", "text", "```\nx\n````");
        assert!(text.contains("\n`````text\n"), "{text}");
    }
}
