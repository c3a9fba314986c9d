//! Everything that is printed: an answer to standard output, notes and errors to standard error.
//!
//! What a server sent reaches a pipe as it came; on a terminal, and in every note, it is made safe first.

use std::{
    io::{self, IsTerminal as _, Write},
    path::PathBuf,
};

use serde_json::json;

use super::exit::{Exit, Stop};
use crate::{
    config::paths::Paths,
    domain::{
        clock::{Boot, Clock},
        figures,
        flow::{FlowEvent, words},
        level::Level,
        redact::Redactor,
    },
    store::log::Log,
};

mod masked;
mod safe;

use masked::Masked;
use safe::{Safe, safe};

/// A line of output.
pub(super) fn line(text: &str) -> io::Result<()> {
    let mut out = output(&Redactor::default());
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Keys and values in two columns.
pub(super) fn columns(lines: &[(&str, String)]) -> String {
    let widest = lines.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
    lines.iter().map(|(key, value)| format!("{key:widest$}  {value}")).collect::<Vec<_>>().join("\n")
}

/// Standard output; where it is a terminal it is made safe, and known secrets are masked.
pub(super) fn output(masks: &Redactor) -> Box<dyn Write> {
    let out = io::stdout().lock();
    if out.is_terminal() { Box::new(Masked::new(Safe::new(out), masks.clone())) } else { Box::new(out) }
}

/// A line for the person, beside the output.
pub(super) fn note(text: &str) {
    // Where nobody reads them, notes are not missed.
    let _ = writeln!(io::stderr().lock(), "{}", safe(text));
}

/// What happened, as a line for the person: when since the start, its name, and a sentence about it.
pub(super) fn event(event: &FlowEvent, began: Boot, masks: &Redactor) {
    let (name, what) = event.words();
    let what = masks.masked(&what);
    note(&format!("{:>10}  {name:<15}  {what}", figures::took(event.at.since(began))));
}

/// A warning, on a line.
pub(super) fn warning(text: &str, as_json: bool) {
    note(&if as_json { json!({ "warning": text }).to_string() } else { format!("authscope: warning: {text}") });
}

/// Tells an error, as JSON or as lines for a person, and what it comes to.
pub(super) fn failed(error: &anyhow::Error, as_json: bool) -> Exit {
    let exit = Exit::of_error(error);
    match error.downcast_ref::<Stop>() {
        Some(stop) => stopped(stop, as_json),
        None if exit == Exit::Done => {}
        None => {
            let is_ours = error.chain().all(|cause| cause.downcast_ref::<io::Error>().is_none());
            let text = format!("{error:#}");
            let log = logged(&text).map(|path| format!("the log is {}", path.display()));
            let bug = is_ours.then(|| "this is a bug of authscope".to_owned());
            let hint: Vec<_> = bug.into_iter().chain(log).collect();
            let hint = (!hint.is_empty()).then(|| hint.join("; "));
            stopped(&Stop { exit, text, hint, answer: None }, as_json);
        }
    }
    exit
}

/// Writes an error into the log; gives where that is, unless it cannot be written.
fn logged(text: &str) -> Option<PathBuf> {
    let path = Paths::of_this_machine().log()?;
    let log = Log::open(&path, Level::Error, Redactor::default()).ok()?;
    log.write(Level::Error, Clock::system().wall(), text);
    Some(path)
}

/// Tells what ended a run, and what to do.
pub(super) fn stopped(stop: &Stop, as_json: bool) {
    let Stop { exit, text, hint, answer } = stop;
    if as_json {
        let told = json!({ "error": text, "hint": hint, "answer": answer, "exit": exit.code() });
        return note(&told.to_string());
    }
    note(&format!("authscope: {text}"));
    for more in answer.as_deref().map(words::beginning).iter().chain(hint) {
        note(&format!("  {more}"));
    }
}

/// Tells what clap has to say about the command line: help and version too.
pub(super) fn unparsed(error: &clap::Error, as_json: bool) -> Exit {
    if as_json && error.use_stderr() {
        let text = error.render().to_string();
        let first = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        stopped(&Stop::usage(first.trim()).hint("`--help` tells what can be written"), true);
    } else {
        // Where nobody reads it, it is not missed.
        let _ = error.print();
    }
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}
