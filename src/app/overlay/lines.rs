//! The lines of what scrolls on top: built here, so that it scrolls no further than it has lines.

use unicode_width::UnicodeWidthStr as _;

use super::{HelpRow, Trouble};
use crate::{
    app::{
        App,
        notice::sentences,
        profiles::Trying,
        rotation::{Rotating, Stage},
        wrap::words,
    },
    domain::{flow::TokenFailure, redact::Redactor},
};

/// A line on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A heading.
    Title(String),
    /// Words.
    Words(String),
    /// A label and a text.
    Fact(&'static str, String),
    /// A key and what it does; what goes on has no key.
    Key(String, String),
    /// Nothing.
    Blank,
}

/// Columns of a fact before its text.
pub const FACT: u16 = 12;

/// The keys that work where the person is, in lines of so many columns.
pub fn help(app: &App, columns: usize) -> Vec<Line> {
    let rows = app.help_rows();
    let widest = |row: &HelpRow| match row {
        HelpRow::Group(_) => 0,
        HelpRow::Action(_, keys) => keys.width(),
    };
    let beside = columns.saturating_sub(rows.iter().map(widest).max().unwrap_or(0) + 2);
    let mut lines = Vec::new();
    for row in rows {
        match row {
            HelpRow::Group(title) => {
                if !lines.is_empty() {
                    lines.push(Line::Blank);
                }
                lines.push(Line::Title(title.to_owned()));
            }
            HelpRow::Action(spec, mut keys) => {
                let sentence = words(spec.sentence, beside).into_iter();
                lines.extend(sentence.map(|line| Line::Key(std::mem::take(&mut keys), line)));
            }
        }
    }
    lines
}

/// What came of a token call that was tried: whether it works, what went out and what came, in lines of so many columns.
pub fn trial(trying: &Trying, masks: &Redactor, columns: usize) -> Vec<Line> {
    let trial = match &trying.end {
        None => return vec![Line::Words("A token is asked for. Nothing of it is kept.".to_owned())],
        Some(Err(fault)) => return words(&fault.text, columns).into_iter().map(Line::Words).collect(),
        Some(Ok(trial)) => trial,
    };
    let mut lines = match &trial.token {
        Ok(token) => vec![Line::Title(format!("It works: {} was issued, and is not kept.", token.serial))],
        Err(why) => verdict_lines(&sentences(&masks.masked(&why.text), None), why.hint.as_deref(), columns),
    };
    if let Some(read) = trial.read() {
        lines.extend([Line::Blank, Line::Title("How it was read".to_owned())]);
        lines.extend(read.into_iter().map(|(from, read)| Line::Key(from, masks.masked(&read))));
    }
    let mut part = |title: &str, told: &[String]| {
        lines.extend([Line::Blank, Line::Title(title.to_owned())]);
        for line in told {
            lines.extend(if line.is_empty() {
                vec![Line::Blank]
            } else {
                // Before it is cut into lines: a part of a secret is not known for one.
                words(&masks.masked(line), columns).into_iter().map(Line::Words).collect()
            });
        }
    };
    part("The request, without the secret", &trial.request);
    if trial.call.is_some() {
        part("The answer, secrets masked", &trial.answer());
    }
    lines
}

/// How the exchange of a secret stands: what was done, and what comes next, in lines of so many columns.
pub fn rotation(rotating: &Rotating, columns: usize) -> Vec<Line> {
    let told = |text: &str| words(text, columns).into_iter();
    let mut lines: Vec<_> =
        rotating.steps.iter().flat_map(|step| told(&sentences(step, None))).map(Line::Words).collect();
    if !lines.is_empty() {
        lines.push(Line::Blank);
    }
    match &rotating.stage {
        Stage::Looking => lines.push(Line::Words("Its place is looked at.".to_owned())),
        Stage::Asking(_) => {
            let plan = "The new secret is tried beside the old one, by a token call. Only when it works, it is put in its \
                        place; the old one is kept until you confirm. Whatever fails changes nothing, or is rolled back.";
            lines.extend(told(plan).map(Line::Words));
        }
        Stage::Working => lines.push(Line::Words("Working…".to_owned())),
        Stage::Waiting => {
            lines.extend(told("The new secret is in use. The old one is kept until you confirm.").map(Line::Title));
            lines.extend(
                told("Send something with the new one first. This can be left, and opened again, as it is.")
                    .map(Line::Words),
            );
        }
        Stage::Over => lines.push(Line::Title("Done.".to_owned())),
        Stage::Failed(why) => lines.extend(told(why).map(Line::Title)),
    }
    lines
}

/// Why no token can be had, and what the token endpoint said.
pub fn no_token(why: &TokenFailure, columns: usize) -> Vec<Line> {
    let mut lines = verdict_lines(&sentences(&why.text, None), why.hint.as_deref(), columns);
    lines.extend(said(why, columns));
    lines
}

/// What is wrong with the config file, and what came of that; in lines of so many columns.
pub fn trouble(trouble: &Trouble, columns: usize) -> Vec<Line> {
    let end = if trouble.unusable {
        "The explorer opened on the sandbox; the file was not touched."
    } else {
        "Everything else of it counts."
    };
    let wrong = trouble.text.lines().flat_map(|line| words(line, columns)).map(Line::Words);
    wrong.chain([Line::Blank]).chain(words(end, columns).into_iter().map(Line::Words)).collect()
}

/// The end of the log, a long line of it going on below; in lines of so many columns.
pub fn log(lines: &[String], columns: usize) -> Vec<Line> {
    lines.iter().flat_map(|line| words(line, columns)).map(Line::Words).collect()
}

pub(super) fn verdict_lines(verdict: &str, hint: Option<&str>, columns: usize) -> Vec<Line> {
    let hint = hint.map(|hint| sentences(hint, None));
    let verdict = words(verdict, columns).into_iter().map(Line::Title);
    verdict.chain(hint.iter().flat_map(|hint| words(hint, columns)).map(Line::Words)).collect()
}

pub(super) fn fact(label: &'static str, text: &str, columns: usize) -> impl Iterator<Item = Line> {
    let lines = words(text, columns.saturating_sub(usize::from(FACT)));
    lines.into_iter().enumerate().map(move |(at, line)| Line::Fact(if at == 0 { label } else { "" }, line))
}

/// What the token endpoint said, as far as there is room for it.
pub(super) fn said(failure: &TokenFailure, columns: usize) -> Vec<Line> {
    const MOST: usize = 12;
    let Some(call) = failure.call.as_ref().filter(|call| !call.body.is_empty()) else { return Vec::new() };
    let status = call.status.map(|status| format!(", {status}")).unwrap_or_default();
    let title = Line::Title(format!("What the token endpoint said{status}"));
    let lines = call.body.lines().flat_map(|line| words(line, columns)).take(MOST).map(Line::Words);
    [Line::Blank, title].into_iter().chain(lines).collect()
}
