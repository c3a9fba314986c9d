//! What could be meant by the word before the cursor of a field of the composer: variables, header fields and their
//! values, addresses that were saved or called, members of JSON that the same endpoint answered with.
//!
//! Nothing is fetched for it: all of it is in memory.

use super::{
    App, EditTarget, Stale,
    composer::{METHODS, Tab, Target},
    notice::Notice,
};
use crate::domain::template::{Variable, dynamic, mentions};

mod fields;
mod json;

/// Offers shown at most.
const MOST: usize = 50;
/// Letters before the cursor that are looked at.
const LOOKED_AT: usize = 400;

/// The open list.
#[derive(Debug)]
pub struct Completing {
    /// What could be meant.
    pub offers: Vec<Candidate>,
    /// The one in hand.
    pub at: usize,
    /// The field it is for.
    target: Target,
    /// Letters before the cursor, and behind it, that it takes the place of.
    replaces: (usize, usize),
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is put there.
    pub text: String,
    /// What it is, or where it is from.
    pub about: String,
}

impl Candidate {
    /// As it is listed: the braces that close a name go without saying.
    pub fn shown(&self) -> &str {
        let name = self.text.strip_suffix("}}").filter(|name| !name.contains("{{"));
        name.unwrap_or(&self.text)
    }

    fn new(text: impl Into<String>, about: impl Into<String>) -> Self {
        Self { text: text.into(), about: about.into() }
    }
}

/// Opens the list, or goes on in it.
pub(super) fn complete(app: &mut App) {
    if let Some(completing) = &mut app.completing {
        completing.at = (completing.at + 1) % completing.offers.len().max(1);
        return;
    }
    app.completing = found(app);
    if app.completing.is_none() {
        app.say(Notice::attention("Nothing is known that could be meant here."));
    }
}

/// Follows what was typed, a `brace` or another letter: `{{` opens the list, an open one shows what still fits.
pub(super) fn follow(app: &mut App, brace: bool) {
    let target = in_hand(app);
    let opens = brace && target.is_some() && before(app).ends_with("{{");
    let open = app.completing.as_ref().is_some_and(|open| Some(open.target) == target);
    if !(opens || open) {
        if app.completing.take().is_some() {
            app.touch(Stale::Now);
        }
        return;
    }
    let at = app.completing.as_ref().and_then(|open| open.offers.get(open.at)).cloned();
    app.completing = found(app).map(|found| {
        let at = at.and_then(|at| found.offers.iter().position(|offer| *offer == at)).unwrap_or(0);
        Completing { at, ..found }
    });
    app.touch(Stale::Now);
}

/// Moves in the open list; whether there is one.
pub(super) fn step(app: &mut App, down: bool) -> bool {
    let Some(open) = &mut app.completing else { return false };
    let last = open.offers.len().saturating_sub(1);
    open.at = if down { (open.at + 1).min(last) } else { open.at.saturating_sub(1) };
    app.touch(Stale::Now);
    true
}

/// Puts what is in hand into the field; whether a list was open.
pub(super) fn take(app: &mut App) -> bool {
    let Some(open) = app.completing.take() else { return false };
    if let (Some(offer), Some(editing)) = (open.offers.get(open.at), &mut app.editing) {
        let (before, behind) = open.replaces;
        editing.editor.replace_around(before, behind, &offer.text);
    }
    app.touch(Stale::Now);
    true
}

/// Closes the list; whether one was open.
pub(super) fn close(app: &mut App) -> bool {
    app.completing.take().is_some()
}

/// The field that is edited.
fn in_hand(app: &App) -> Option<Target> {
    app.editing.as_ref().filter(|_| app.overlay.is_none()).and_then(|editing| match editing.target {
        EditTarget::Composer(target) => Some(target),
        _ => None,
    })
}

/// The line of the field up to the cursor, the end of it where it is long.
fn before(app: &App) -> String {
    app.editing.as_ref().map_or_else(String::new, |editing| editing.editor.line_before(LOOKED_AT))
}

fn found(app: &App) -> Option<Completing> {
    let target = in_hand(app)?;
    let line = before(app);
    let behind = app.editing.as_ref().map_or_else(String::new, |editing| editing.editor.line_behind(LOOKED_AT));
    let mut rest = 0;
    let (word, offers) = match opened_variable(&line) {
        Some(name) => {
            let closed = closed_variable(&behind);
            rest = closed.unwrap_or(0);
            (name, variables(app, name, closed.is_some()))
        }
        None if target == Target::Body => {
            let (word, offers) = json::members(app, &line, &behind)?;
            (word, offers)
        }
        None => (line.as_str(), of_field(app, target)),
    };
    let wanted = word.to_lowercase();
    let mut offers: Vec<Candidate> =
        offers.into_iter().filter(|offer| offer.text != word && fits(&offer.text, &wanted)).collect();
    // What begins with what was typed goes first; each group as it came.
    offers.sort_by_key(|offer| !begins(&offer.text, &wanted));
    offers.dedup_by(|left, right| left.text == right.text);
    offers.truncate(MOST);
    (!offers.is_empty()).then(|| Completing { offers, at: 0, target, replaces: (word.chars().count(), rest) })
}

fn begins(text: &str, wanted: &str) -> bool {
    text.to_lowercase().trim_start_matches('"').starts_with(wanted.trim_start_matches('"'))
}

fn fits(text: &str, wanted: &str) -> bool {
    text.to_lowercase().contains(wanted)
}

/// The begun name of a variable that the cursor stands in.
fn opened_variable(line: &str) -> Option<&str> {
    let (_, name) = line.rsplit_once("{{")?;
    (!name.contains(['{', '}'])).then(|| name.trim_start())
}

/// Letters of the name of a variable that stand behind the cursor, where its braces are closed.
fn closed_variable(behind: &str) -> Option<usize> {
    let (name, _) = behind.split_once("}}")?;
    (!name.contains(['{', '"', ' '])).then(|| name.chars().count())
}

/// Names of variables, each with its value and where that is from.
fn variables(app: &App, begun: &str, closed: bool) -> Vec<Candidate> {
    let close = if closed { "" } else { "}}" };
    let said = |variable: &Variable| {
        let value: String = app.masks.masked(variable.value.shown()).chars().take(40).collect();
        Candidate::new(format!("{}{close}", variable.name), format!("{}   {value}", variable.source))
    };
    let reach = app.variables();
    let mut offers: Vec<Candidate> = Vec::new();
    for variable in reach.iter().filter(|variable| !variable.name.starts_with('$')) {
        let offer = said(variable);
        if offers.iter().all(|known| known.text != offer.text) {
            offers.push(offer);
        }
    }
    for (name, body) in app.known.bodies().filter(|(name, _)| !name.contains(char::is_whitespace)) {
        let about = format!("answer of {name}");
        let members = json::names(body).into_iter();
        offers.extend(members.map(|member| Candidate::new(format!("{name}.response.body.{member}{close}"), &about)));
    }
    let drawn = dynamic::NAMES.iter().filter(|_| begun.is_empty() || begun.starts_with('$'));
    offers.extend(drawn.map(|(name, about)| Candidate::new(format!("{name}{close}"), *about)));
    offers
}

/// What a field that is no body could hold as a whole.
fn of_field(app: &App, target: Target) -> Vec<Candidate> {
    match target {
        Target::Method => METHODS.map(|method| Candidate::new(method, "")).into(),
        Target::Url => addresses(app),
        Target::Cell(Tab::Headers, _, false) => fields::names(),
        Target::Cell(Tab::Headers, row, true) => {
            let name = app.requests.entry().draft.headers.get(row).map(|row| row.name.clone()).unwrap_or_default();
            let mut offers = fields::values(&name);
            let rows = app.requests.entries().flat_map(|entry| &entry.draft.headers);
            let same = rows.filter(|row| row.name.eq_ignore_ascii_case(&name) && !app.masks.finds(&row.value));
            offers.extend(same.map(|row| Candidate::new(row.value.clone(), "of another request")));
            offers.retain(|offer| !offer.text.is_empty());
            offers
        }
        Target::Cell(Tab::Params, _, value) => {
            let rows = app.requests.entries().flat_map(|entry| entry.draft.parameters());
            let text = rows.map(|row| if value { row.value } else { row.name });
            let text = text.filter(|text| !text.is_empty() && !app.masks.finds(text));
            text.map(|text| Candidate::new(text, "of another request")).collect()
        }
        Target::Cell(..) | Target::Body => Vec::new(),
    }
}

/// Addresses that were saved, and those that were called.
fn addresses(app: &App) -> Vec<Candidate> {
    let open = &app.requests.entry().key;
    let saved = app.requests.entries().filter(|entry| entry.key != *open);
    let saved = saved.map(|entry| Candidate::new(entry.draft.address(), entry.draft.name.clone()));
    let called = app.timeline.flows().iter().rev().map(|flow| Candidate::new(flow.url.as_str(), "was called"));
    let mut offers: Vec<Candidate> = Vec::new();
    for offer in saved.chain(called).filter(|offer| !offer.text.is_empty() && !app.masks.finds(&offer.text)) {
        if offers.iter().all(|known| known.text != offer.text) {
            offers.push(offer);
        }
    }
    offers
}

impl App {
    /// The variable that the cursor of a field of the composer stands in or behind: its name, its value and where that is
    /// from, and whether it has one.
    pub fn variable_at_cursor(&self) -> Option<(String, String, bool)> {
        in_hand(self)?;
        let editor = &self.editing.as_ref()?.editor;
        let (before, behind) = (editor.line_before(LOOKED_AT), editor.line_behind(LOOKED_AT));
        let line = format!("{before}{behind}");
        let at = before.len();
        let (name, _) = mentions(&line).into_iter().find(|(_, range)| range.start < at && at <= range.end)?;
        let reach = self.in_reach_of(name);
        Some(match reach.named(name) {
            Some(variable) => {
                let value = self.masks.masked(variable.value.shown());
                (name.to_owned(), format!("{}   {value}", variable.source), !variable.value.is_missing())
            }
            None => (name.to_owned(), "has no value: a row in Vars gives it one".to_owned(), false),
        })
    }
}
