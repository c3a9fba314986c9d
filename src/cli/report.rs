//! What `check` and `run` found, a step at a time, and the forms of telling it: lines for a person, JSON, TAP, and JUnit
//! XML beside any of them.
//!
//! A step that cannot be judged says so and why; it never counts as good.

use std::{fs::File, io::Write as _, path::PathBuf, time::Duration};

use clap::Args;
use serde_json::json;

use super::{
    exit::{Exit, Stop},
    printer,
};
use crate::domain::redact::Redactor;

mod junit;

/// The forms, as options.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Forms {
    /// Print one JSON object a step
    #[arg(long)]
    pub(super) json: bool,
    /// Print TAP, version 14
    #[arg(long, conflicts_with = "json")]
    tap: bool,
    /// Write a JUnit XML report into this file, beside what is printed
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// What was found about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is as it should be.
    Good,
    /// It is not.
    Failed,
    /// It could not be found out.
    NotJudged,
}

impl Verdict {
    fn words(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Failed => "FAILED",
            Self::NotJudged => "not judged",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// What.
    pub(super) name: String,
    /// How it stands.
    pub(super) verdict: Verdict,
    /// What was seen, or why nothing was.
    pub(super) text: String,
    /// What it makes of the whole.
    pub(super) exit: Exit,
    /// How long it took.
    pub(super) took: Duration,
}

impl Step {
    /// As it should be, by this evidence.
    pub(super) fn good(name: impl Into<String>, seen: impl Into<String>) -> Self {
        Self::new(name, Verdict::Good, seen, Exit::Done)
    }

    /// Not as it should be, by this evidence.
    pub(super) fn failed(name: impl Into<String>, seen: impl Into<String>) -> Self {
        Self::new(name, Verdict::Failed, seen, Exit::Failed)
    }

    /// Nothing was found out, for this reason.
    pub(super) fn not_judged(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(name, Verdict::NotJudged, why, Exit::Done)
    }

    fn new(name: impl Into<String>, verdict: Verdict, text: impl Into<String>, exit: Exit) -> Self {
        Self { name: name.into(), verdict, text: text.into(), exit, took: Duration::ZERO }
    }

    /// The same, and the whole ends so because of it.
    pub(super) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }
}

/// Tells steps as they come.
pub(super) struct Report {
    suite: String,
    form: Form,
    junit: Option<File>,
    masks: Redactor,
    steps: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Lines,
    Json,
    Tap,
}

impl Report {
    /// Begins; a report that could not be written is found out before anything is sent.
    pub(super) fn begin(suite: String, forms: &Forms, masks: Redactor) -> anyhow::Result<Self> {
        let junit = forms.junit.as_ref().map(|path| {
            File::create(path).map_err(|error| Stop::usage(format!("{} cannot be written: {error}", path.display())))
        });
        let junit = junit.transpose()?;
        let form = match (forms.json, forms.tap) {
            (true, _) => Form::Json,
            (false, true) => Form::Tap,
            (false, false) => Form::Lines,
        };
        if form == Form::Tap {
            printer::line("TAP version 14")?;
        }
        Ok(Self { suite, form, junit, masks, steps: Vec::new() })
    }

    /// Tells a step; no secret that is known stands in it.
    pub(super) fn tell(&mut self, mut step: Step) -> anyhow::Result<()> {
        step.name = self.masks.masked(&step.name);
        step.text = self.masks.masked(&step.text);
        let number = self.steps.len() + 1;
        printer::line(&match self.form {
            Form::Lines => {
                format!("{:<10}  {:<17}  {}", step.verdict.words(), step.name, step.text).trim_end().to_owned()
            }
            Form::Json => as_json(&step),
            Form::Tap => as_tap(&step, number),
        })?;
        self.steps.push(step);
        Ok(())
    }

    /// Tells the end, and what all of it comes to.
    pub(super) fn end(mut self) -> anyhow::Result<Exit> {
        let count = |verdict| self.steps.iter().filter(|step| step.verdict == verdict).count();
        let (good, failed, open) = (count(Verdict::Good), count(Verdict::Failed), count(Verdict::NotJudged));
        match self.form {
            Form::Lines => printer::note(&format!("authscope: {good} ok, {failed} failed, {open} not judged")),
            Form::Json => {}
            Form::Tap => printer::line(&format!("1..{}", self.steps.len()))?,
        }
        if let Some(mut file) = self.junit.take() {
            file.write_all(junit::text(&self.suite, &self.steps).as_bytes())?;
        }
        Ok(self.steps.iter().map(|step| step.exit).min().unwrap_or(Exit::Done))
    }
}

fn as_json(step: &Step) -> String {
    let verdict = match step.verdict {
        Verdict::Good => "ok",
        Verdict::Failed => "failed",
        Verdict::NotJudged => "not judged",
    };
    json!({ "step": step.name, "verdict": verdict, "text": step.text, "took_ms": milliseconds(step.took) }).to_string()
}

fn as_tap(step: &Step, number: usize) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('#', "\\#").replace(['\n', '\r'], " ");
    let (name, text) = (escaped(&step.name), escaped(&step.text));
    match step.verdict {
        Verdict::Good => format!("ok {number} - {name}\n# {}", step.text.replace(['\n', '\r'], " ")),
        Verdict::NotJudged => format!("ok {number} - {name} # SKIP {text}"),
        Verdict::Failed => {
            format!("not ok {number} - {name}\n  ---\n  message: {}\n  ...", json!(step.text))
        }
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
