//! The token ledger: every generation of this run, made from flow events and from how the tokens stand, and what lies on
//! top to look at it. What earlier runs kept stands before it. From a response it opens at the token that went out with
//! it; from there the calls of a token are shown in the timeline.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    App, Stale,
    effect::Effect,
    focus::Pane,
    notice::Notice,
    overlay::{Overlay, lines::Line},
    profiles,
    timeline::Flow,
    token_menu::Page,
    wrap::words,
};
use crate::domain::{
    figures,
    flow::{FlowEvent, FlowStep},
    ledger::{LedgerEntry, Use},
    redact::Redactor,
    token::{TokenEnd, TokenSerial, TokenStatus},
};

/// Generations that are kept.
const KEPT: usize = 200;
/// Requests that are told of each.
const USES: usize = 20;
/// The longest time that is drawn, in milliseconds.
pub const LONGEST: i64 = 8 * 60 * 60 * 1000;
/// The shortest.
const SHORTEST: i64 = 10 * 60 * 1000;

/// See the module.
#[derive(Default)]
pub struct Ledger {
    /// Oldest first.
    entries: Vec<LedgerEntry>,
    /// The numbers of those that are not kept as they are now.
    changed: BTreeSet<u64>,
}

impl Ledger {
    /// Every generation, the newest first.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &LedgerEntry> {
        self.entries.iter().rev()
    }

    fn of(&mut self, serial: TokenSerial) -> Option<&mut LedgerEntry> {
        self.entries.iter_mut().rev().find(|entry| entry.serial == serial.0 && !entry.earlier)
    }

    /// Puts what earlier runs kept before it.
    pub(super) fn earlier(&mut self, found: Vec<LedgerEntry>) {
        let found = found.into_iter().map(|entry| LedgerEntry { earlier: true, ..entry });
        self.entries.splice(0..0, found);
    }

    /// The order to keep what changed since the last one, if anything did.
    pub(super) fn kept(&mut self) -> Option<Effect> {
        let changed = std::mem::take(&mut self.changed);
        let entries = self.entries.iter().filter(|entry| !entry.earlier && changed.contains(&entry.serial));
        let entries: Vec<_> = entries.cloned().collect();
        (!entries.is_empty()).then_some(Effect::KeepLedger(entries))
    }

    /// Something happened, within that flow where there is one, else under that profile.
    pub(super) fn learn(&mut self, event: &FlowEvent, flow: Option<&Flow>, profile: &str, masks: &Redactor) {
        let at = event.wall.as_millisecond();
        match &event.step {
            FlowStep::TokenIssued { token, .. } => {
                self.changed.insert(token.serial.0);
                self.entries.push(LedgerEntry {
                    issued: token.issued.as_millisecond(),
                    serial: token.serial.0,
                    generation: token.generation.0,
                    print: token.fingerprint.to_string(),
                    profile: flow.map_or(profile, |flow| &flow.profile).to_owned(),
                    life: token.life.map(|life| life.as_secs()),
                    why: masks.masked(&wanted(event, flow)),
                    ..LedgerEntry::default()
                });
                if self.entries.len() > KEPT {
                    self.entries.remove(0);
                }
            }
            FlowStep::RequestSent { method, url, with, .. } => {
                let Some(entry) = with.token().and_then(|token| self.of(token.serial)) else { return };
                entry.used += 1;
                let exchange = event.exchange.map_or(0, |id| id.0);
                let call = masks.masked(&format!("{method} {}", url.path()));
                entry.uses.push(Use { at, call, status: None, exchange });
                if entry.uses.len() > USES {
                    entry.uses.remove(0);
                }
                let serial = entry.serial;
                self.changed.insert(serial);
            }
            FlowStep::HeadReceived { answer, .. } => {
                let Some(exchange) = event.exchange.map(|id| id.0) else { return };
                let entries = self.entries.iter_mut().filter(|entry| !entry.earlier);
                let uses = entries.flat_map(|entry| entry.uses.iter_mut().map(|used| (entry.serial, used)));
                let of_it = uses.filter(|(_, used)| used.exchange == exchange && used.status.is_none());
                if let Some((serial, last)) = of_it.max_by_key(|(_, used)| used.at) {
                    last.status = Some(answer.status.as_u16());
                    self.changed.insert(serial);
                }
            }
            _ => {}
        }
    }

    /// How the tokens stand, those that ended among them.
    pub(super) fn stood(&mut self, status: &TokenStatus) {
        for (token, end, at) in &status.earlier {
            if let Some(entry) = self.of(token.serial).filter(|entry| entry.end.is_none()) {
                entry.end = Some((end.word().to_owned(), at.as_millisecond()));
                self.changed.insert(token.serial.0);
            }
        }
    }
}

/// Why a token was fetched.
fn wanted(event: &FlowEvent, flow: Option<&Flow>) -> String {
    if event.exchange.is_none() {
        return "a key asked for it, or the end of the one before was near".to_owned();
    }
    let started = flow.into_iter().flat_map(|flow| &flow.events).find_map(|event| match &event.step {
        FlowStep::RenewStarted { refused: Some(token) } => Some(format!("{} was refused", token.serial)),
        _ => None,
    });
    let call = flow.map(|flow| format!("{} {}", flow.method, flow.url.path())).unwrap_or_default();
    started.map_or_else(|| format!("{call} wanted one"), |why| format!("{why} to {call}"))
}

/// Opens it at the token of what is shown, or at the newest one.
pub(super) fn open(app: &mut App) {
    let shown = app.shown_exchange().and_then(|exchange| exchange.token()).map(|token| token.serial);
    let here = app.timeline.here().filter(|_| app.focus == Pane::Timeline).and_then(|(_, trip)| trip);
    let wanted = here.and_then(|trip| trip.issued.or(trip.token)).or(shown);
    let at =
        wanted.and_then(|wanted| app.ledger.entries().position(|entry| entry.serial == wanted.0 && !entry.earlier));
    if app.ledger.entries.is_empty() {
        app.say(Notice::attention("No token was issued yet: the ledger is empty."));
        return;
    }
    profiles::put_aside(app);
    app.overlay = Some(Overlay::Ledger { at: at.unwrap_or(0) });
    app.touch(Stale::Now);
}

/// Shows the calls of the token in hand in the timeline.
pub(super) fn calls(app: &mut App, at: usize) {
    let Some(serial) = app.ledger.entries().nth(at).map(|entry| TokenSerial(entry.serial)) else { return };
    if app.ledger.entries().nth(at).is_some_and(|entry| entry.earlier) {
        app.say(Notice::attention("Its calls were made by an earlier run: `authscope history list` has them."));
        return;
    }
    app.timeline.find(&serial.to_string());
    super::act::focus(app, Pane::Timeline);
    let back = app.pieces("{back}").iter().map(super::token::Piece::text).collect::<String>();
    app.say(Notice::good(format!("The calls of {serial}. {back} shows all of them again."), app.now.boot));
}

/// Decodes the token in hand, while it is known.
pub(super) fn decode(app: &mut App, at: usize) {
    let Some(serial) = app.ledger.entries().nth(at).map(|entry| TokenSerial(entry.serial)) else { return };
    let here = app.ledger.entries().nth(at).is_some_and(|entry| !entry.earlier);
    match app.facts_of(serial).filter(|_| here) {
        Some(token) => app.overlay = Some(Overlay::Token(Page::Claims { token, top: 0 })),
        None => app.say(Notice::attention(format!("What {serial} says of itself is not kept any more."))),
    }
}

/// One cell of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// It was not there, or is over.
    Nothing,
    /// It was issued.
    Issued,
    /// It was there.
    Life,
    /// A request went out with it.
    Used,
    /// A request with it was refused.
    Refused,
    /// It ended.
    Over,
}

/// The last hours in cells, a lane a generation.
pub struct Picture {
    /// When they begin.
    pub from: Timestamp,
    /// Milliseconds in all.
    pub span: i64,
    now: i64,
    columns: usize,
}

impl Picture {
    /// The last hours in so many columns: as far back as the oldest generation, within bounds.
    pub fn of(app: &App, columns: usize) -> Self {
        let now = app.now.wall.as_millisecond();
        let oldest = app.ledger.entries().map(|entry| entry.issued).min().unwrap_or(now);
        let span = (now - oldest).clamp(SHORTEST, LONGEST);
        let from = Timestamp::from_millisecond(now - span).unwrap_or(app.now.wall);
        Self { from, span, now, columns: columns.max(1) }
    }

    fn cell(&self, at: i64) -> Option<usize> {
        let gone = at - (self.now - self.span);
        let last = i64::try_from(self.columns).unwrap_or(i64::MAX) - 1;
        (0..=self.span).contains(&gone).then(|| usize::try_from(gone * last / self.span).unwrap_or(0))
    }

    /// One generation in cells.
    pub fn lane(&self, entry: &LedgerEntry) -> Vec<Cell> {
        let mut cells = vec![Cell::Nothing; self.columns];
        let until = entry.until(self.now);
        let begin = self.cell(entry.issued.max(self.now - self.span));
        if let (Some(from), Some(to)) = (begin, self.cell(until)) {
            cells.iter_mut().take(to + 1).skip(from).for_each(|cell| *cell = Cell::Life);
            if until < self.now {
                cells[to] = Cell::Over;
            }
        }
        if let Some(at) = self.cell(entry.issued) {
            cells[at] = Cell::Issued;
        }
        // What was refused is never drawn over.
        for used in &entry.uses {
            let Some(at) = self.cell(used.at) else { continue };
            match used.status {
                Some(401) => cells[at] = Cell::Refused,
                _ if matches!(cells[at], Cell::Life | Cell::Over) => cells[at] = Cell::Used,
                _ => {}
            }
        }
        cells
    }
}

/// What is known of the generation in hand, in lines of so many columns.
pub fn told(app: &App, entry: &LedgerEntry, columns: usize) -> Vec<Line> {
    let moment = |at: i64| {
        let at = Timestamp::from_millisecond(at).unwrap_or_default();
        figures::moment(at, app.now.wall, &app.zone)
    };
    let life = entry.life.map_or("of unknown life".to_owned(), |life| format!("for {life} s"));
    let state = match &entry.end {
        Some((how, at)) => format!("{how} {}", moment(*at)),
        None => entry.state(app.now.wall.as_millisecond()).to_owned(),
    };
    let run = if entry.earlier { " of an earlier run" } else { "" };
    let mut lines = vec![
        Line::Fact("token", format!("tok#{}{run}, generation {}, {}", entry.serial, entry.generation, entry.print)),
        Line::Fact("issued", format!("{} {life}, profile {}", moment(entry.issued), entry.profile)),
    ];
    let mut fact = |label: &'static str, text: &str| {
        let room = columns.saturating_sub(usize::from(super::overlay::lines::FACT));
        let parts = words(text, room).into_iter().enumerate();
        lines.extend(parts.map(|(at, line)| Line::Fact(if at == 0 { label } else { "" }, line)));
    };
    fact("why", &entry.why);
    fact(
        "ended",
        match state.as_str() {
            "in use" => "not yet",
            "left" => "left in memory when its run ended",
            state => state,
        },
    );
    let times = match entry.used {
        0 => "by no call".to_owned(),
        1 => "once".to_owned(),
        times => format!("{} times", figures::grouped(times)),
    };
    fact("used", &times);
    for used in entry.uses.iter().rev().take(3) {
        let status = used.status.map_or("no answer".to_owned(), |status| status.to_string());
        lines.push(Line::Fact("", format!("{}  {status}  {}", moment(used.at), used.call)));
    }
    lines
}

/// Whether the word for an end is that of a refusal.
pub fn is_refusal(state: &str) -> bool {
    state == TokenEnd::Refused.word()
}
