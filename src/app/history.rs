//! The history on top of the panes: calls of this run and of those before, searched, looked at, compared, copied, taken
//! into the composer, sent again and deleted.
//!
//! The database is read and changed by orders; here is what came of them. A record has no secret in it.

use jiff::Timestamp;
use similar::{ChangeTag, TextDiff};

use super::{
    App, Stale, act,
    copy::Offer,
    editor::Editor,
    effect::Effect,
    focus::Pane,
    format,
    notice::{Notice, sentences},
    overlay::Overlay,
};
use crate::{
    domain::{
        figures,
        record::{Entry, Record},
    },
    interchange::export::{Form, draft, markdown},
};

/// Calls listed at most.
pub const LISTED: usize = 200;
/// Lines of a text that are compared, and shown.
const LINES: usize = 20_000;

/// The history, open.
#[derive(Debug)]
pub struct Past {
    /// What is looked for.
    pub find: Editor,
    /// Whether that is typed now.
    pub finding: bool,
    /// What was found, the newest first.
    pub entries: Vec<Entry>,
    /// Whether that is known by now.
    pub known: bool,
    /// The row in hand.
    pub at: usize,
    /// The call that another one is to be compared with.
    pub marked: Option<i64>,
    /// What is shown in place of the list.
    pub page: Page,
    /// Which list was asked for last.
    asked: u64,
}

/// What is shown.
#[derive(Debug)]
pub enum Page {
    /// The list.
    List,
    /// One call, or two compared; first line shown.
    Text {
        /// What it is.
        title: String,
        /// Its lines.
        lines: Vec<Shown>,
        /// First line shown.
        top: usize,
    },
    /// Whether a call is to be deleted; all of them for none.
    Asked(Option<i64>),
}

/// A line of a text: what it is in a comparison, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Whether it is there now and was not before, or the other way round.
    pub added: Option<bool>,
    /// What it says.
    pub text: String,
}

/// What is done with the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The calls that have these words, as the list of that number.
    List(String, u64),
    /// These calls, for that.
    Read(Vec<i64>, Purpose),
    /// A call is deleted; all of them for none.
    Forget(Option<i64>),
}

/// What a call is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be looked at.
    Open,
    /// To be compared.
    Compare,
    /// To be copied.
    Copy,
    /// To be a request of a person's own.
    Keep,
    /// The same, and sent.
    Resend,
}

/// What came of it.
#[derive(Debug)]
pub enum Told {
    /// The list of that number.
    Listed(u64, Vec<Entry>),
    /// The calls that were asked for, as far as they are there.
    Read(Vec<Record>, Purpose),
    /// The lines of two calls that began then.
    Compared((i64, i64), Vec<Shown>),
    /// So many were deleted.
    Forgotten(usize),
}

impl Told {
    /// Calls that were read for a purpose. Two are compared here, which takes its time: for a thread of its own.
    pub fn of(records: Vec<Record>, purpose: Purpose) -> Self {
        match (purpose, &records[..]) {
            (Purpose::Compare, [before, after]) => {
                Self::Compared((before.started, after.started), compared(&as_text(before), &as_text(after)))
            }
            _ => Self::Read(records, purpose),
        }
    }
}

/// Opens it.
pub(super) fn open(app: &mut App) -> Vec<Effect> {
    super::profiles::put_aside(app);
    app.overlay = Some(Overlay::History(Box::new(Past {
        find: Editor::line(""),
        finding: false,
        entries: Vec::new(),
        known: false,
        at: 0,
        marked: None,
        page: Page::List,
        asked: 0,
    })));
    asked_for(app)
}

/// The order to list what is looked for now.
fn asked_for(app: &mut App) -> Vec<Effect> {
    let Some(past) = past(app) else { return Vec::new() };
    past.asked += 1;
    vec![Effect::History(Wish::List(past.find.text(), past.asked))]
}

fn past(app: &mut App) -> Option<&mut Past> {
    match &mut app.overlay {
        Some(Overlay::History(past)) => Some(past),
        _ => None,
    }
}

impl Past {
    /// The call in hand.
    fn here(&self) -> Option<&Entry> {
        self.entries.get(self.at).filter(|_| matches!(self.page, Page::List))
    }

    /// The row in hand, or the first one shown.
    pub(super) fn row_mut(&mut self) -> Option<&mut usize> {
        match &mut self.page {
            Page::List => Some(&mut self.at),
            Page::Text { top, .. } => Some(top),
            Page::Asked(_) => None,
        }
    }

    /// How many rows there are to stand on, where so many are shown at once.
    pub(super) fn rows(&self, page: usize) -> usize {
        match &self.page {
            Page::List => self.entries.len(),
            Page::Text { lines, .. } => lines.len().saturating_sub(page) + 1,
            Page::Asked(_) => 0,
        }
    }

    /// The field of what is looked for, while that is typed.
    pub(super) fn typed(&mut self) -> Option<&mut Editor> {
        self.finding.then_some(&mut self.find)
    }
}

/// What is looked for was changed.
pub(super) fn found_anew(app: &mut App) -> Vec<Effect> {
    if let Some(past) = past(app) {
        past.at = 0;
    }
    asked_for(app)
}

/// One level back; whether there was one.
pub(super) fn back(app: &mut App) -> bool {
    let Some(past) = past(app) else { return false };
    if matches!(past.page, Page::List) {
        return std::mem::take(&mut past.finding);
    }
    past.page = Page::List;
    true
}

/// Takes what is in hand: opens it, or ends the search.
pub(super) fn opened(app: &mut App) -> Vec<Effect> {
    let Some(past) = past(app) else { return Vec::new() };
    past.finding = false;
    wish(app, Purpose::Open)
}

fn wish(app: &mut App, purpose: Purpose) -> Vec<Effect> {
    let here = past(app).and_then(|past| past.here()).map(|entry| entry.id);
    here.map(|id| Effect::History(Wish::Read(vec![id], purpose))).into_iter().collect()
}

/// A letter that is a key here.
pub(super) fn letter(app: &mut App, letter: char) -> Vec<Effect> {
    app.touch(Stale::Now);
    let Some(past) = past(app) else { return Vec::new() };
    let here = past.here().map(|entry| entry.id);
    match (&past.page, letter) {
        (Page::Asked(which), 'y') => {
            let which = *which;
            past.page = Page::List;
            return vec![Effect::History(Wish::Forget(which))];
        }
        (Page::Asked(_), 'n') => past.page = Page::List,
        (Page::List, '/') => past.finding = true,
        (Page::List, 'd') => past.page = here.map_or(Page::List, |id| Page::Asked(Some(id))),
        (Page::List, 'D') if !past.entries.is_empty() => past.page = Page::Asked(None),
        (Page::List, 'm') => match (past.marked.take(), here) {
            (Some(before), Some(id)) if before != id => {
                // The older one first, whichever was marked first.
                let both = vec![before.min(id), before.max(id)];
                return vec![Effect::History(Wish::Read(both, Purpose::Compare))];
            }
            (None, here) => past.marked = here,
            (Some(_), _) => {}
        },
        (Page::List, 'y') => return wish(app, Purpose::Copy),
        (Page::List, 'a') => return wish(app, Purpose::Keep),
        (Page::List, 's') => return wish(app, Purpose::Resend),
        _ => {}
    }
    Vec::new()
}

/// What came of an order.
pub(super) fn told(app: &mut App, outcome: Result<Told, String>) -> Vec<Effect> {
    app.touch(Stale::Now);
    match outcome {
        Err(why) => {
            if let Some(past) = past(app) {
                past.known = true;
            }
            app.say(Notice::attention(sentences(&why, None)));
        }
        Ok(Told::Listed(number, entries)) => {
            if let Some(past) = past(app).filter(|past| past.asked == number) {
                past.at = past.at.min(entries.len().saturating_sub(1));
                (past.entries, past.known) = (entries, true);
            }
        }
        Ok(Told::Forgotten(count)) => {
            let calls = if count == 1 { "call is" } else { "calls are" };
            app.say(Notice::good(format!("{count} {calls} deleted for good."), app.now.boot));
            return asked_for(app);
        }
        Ok(Told::Compared((before, after), lines)) => {
            let title = format!("{} and {}", when(app, before), when(app, after));
            show(app, title, lines);
        }
        Ok(Told::Read(records, purpose)) => return read(app, &records, purpose),
    }
    Vec::new()
}

fn read(app: &mut App, records: &[Record], purpose: Purpose) -> Vec<Effect> {
    let Some(record) = records.first() else {
        app.say(Notice::attention("That call is in the history no more."));
        return asked_for(app);
    };
    match purpose {
        // Of two that were to be compared, one is there no more.
        Purpose::Open | Purpose::Compare => {
            // Its own marks are those of a text, not of a terminal; what was said stays as it is.
            let head = |at: usize, line: &str| if at < 3 { line.replace(" · ", ", ") } else { line.to_owned() };
            let text = markdown(record);
            let lines = text.lines().take(LINES).enumerate().map(|(at, line)| plain(&head(at, line))).collect();
            show(app, title(record), lines);
        }
        Purpose::Copy => app.overlay = Some(Overlay::Copy { offers: offers(record), at: 0 }),
        Purpose::Keep | Purpose::Resend => {
            app.overlay = None;
            let mut draft = draft(record);
            if draft.name.is_empty() {
                draft.name = title(record);
            }
            let name = draft.name.clone();
            app.requests.take([draft], app.now.wall);
            app.composer.opened(&app.requests.entry().draft);
            act::focus(app, Pane::Composer);
            if purpose == Purpose::Resend {
                return act::calls::send(app);
            }
            app.say(Notice::good(format!("“{name}” is a request of yours."), app.now.boot));
        }
    }
    Vec::new()
}

fn show(app: &mut App, title: String, lines: Vec<Shown>) {
    if let Some(past) = past(app) {
        past.page = Page::Text { title, lines, top: 0 };
    }
}

fn plain(text: &str) -> Shown {
    Shown { added: None, text: text.to_owned() }
}

fn title(record: &Record) -> String {
    let path = record.url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    format!("{} {}", record.method, path.unwrap_or(&record.url))
}

/// What a call was answered with, as a text to be compared.
fn as_text(record: &Record) -> String {
    let last = record.trips.last();
    let mut lines = vec![format!("{} {}", record.method, record.url)];
    lines.extend(last.and_then(|trip| trip.status).map(|status| format!("status {status}")));
    lines.extend(record.trouble.clone());
    let fields = last.map(|trip| trip.received.as_slice()).unwrap_or_default();
    lines.extend(fields.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.push(String::new());
    match record.text() {
        Some(text) => lines.push(format::json(text).unwrap_or_else(|| text.to_owned())),
        None => lines.push(format!("({} bytes that are no text)", record.size)),
    }
    lines.join("\n")
}

/// Two texts line by line: what they share, what is gone, what is new.
fn compared(before: &str, after: &str) -> Vec<Shown> {
    let diff = TextDiff::from_lines(before, after);
    let shown = diff.iter_all_changes().take(LINES).map(|change| Shown {
        added: match change.tag() {
            ChangeTag::Equal => None,
            ChangeTag::Insert => Some(true),
            ChangeTag::Delete => Some(false),
        },
        text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
    });
    shown.collect()
}

fn offers(record: &Record) -> Vec<Offer> {
    let offer = |key, what: &str, text: String| Offer { key, what: what.to_owned(), text };
    let mut offers = vec![
        offer('u', "the address", record.url.clone()),
        offer('c', "the call as curl", Form::Curl.text(record)),
        offer('h', "the request as .http", Form::Http.text(record)),
        offer('m', "the call as Markdown", markdown(record)),
    ];
    if let Some(text) = record.text().filter(|text| !text.is_empty()) {
        offers.push(offer('b', "the body", text.to_owned()));
    }
    offers
}

/// When that was, as the list has it.
pub fn when(app: &App, at: i64) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(app.zone.clone());
    let today = app.now.wall.to_zoned(app.zone.clone()).date() == at.date();
    at.strftime(if today { "%T" } else { "%m-%d %H:%M" }).to_string()
}

/// How a call of the list ended, and how long it took.
pub fn end(entry: &Entry) -> (String, String) {
    let end = match (entry.status, &entry.trouble) {
        (Some(status), _) if entry.attempts > 1 => format!("{status} healed"),
        (Some(status), _) => status.to_string(),
        (None, _) => "none".to_owned(),
    };
    (end, figures::took(std::time::Duration::from_millis(entry.took)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_answers_are_compared_line_by_line() {
        let lines = compared("status 200\na\nb\n", "status 200\na\nc\n");
        let shown: Vec<_> = lines.iter().map(|line| (line.added, line.text.as_str())).collect();
        assert_eq!(shown, [(None, "status 200"), (None, "a"), (Some(false), "b"), (Some(true), "c")]);
    }
}
