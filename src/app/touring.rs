//! The tour in the explorer: opened, gone on with, left and taken up again; what shows that its steps are done is read
//! off the state and off what the engine tells.
//!
//! It lies beside the panes and takes no key but its own. It plays on the sandbox unless a person wants it where they
//! are; there it sends no payment.

use std::time::Duration;

use super::{
    App, Stale, act,
    composer::Tab as ComposerTab,
    effect::Order,
    focus::Pane,
    layout,
    notice::Notice,
    overlay::Overlay,
    requests,
    response::Tab,
    token::{Piece, TokenState},
    token_menu::Page,
};
use crate::{
    config::action::{Action, Context},
    domain::{clock::Boot, flow::FlowEvent, profile::Place as Kind, token::TokenPolicy},
    snippet,
    tour::{Deed, Kept, LESSONS, Place, Walk},
};

/// How long a step waits for its next hint.
const PATIENCE: Duration = Duration::from_secs(45);
/// A token that lives so long at most is called short.
const SHORT: Duration = Duration::from_secs(60);
/// See the module.
#[derive(Debug, Default)]
pub struct Touring {
    walk: Option<Walk>,
    kept: Kept,
    /// Whether this run offers it.
    offers: bool,
    /// What is to be opened once what was kept is there.
    pub wanted: Option<Wanted>,
    /// When the step in hand gets its next hint.
    due: Option<Boot>,
    /// The profile that was active before.
    came_from: Option<String>,
}

/// Which lesson, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Counted from 1; where it goes on without one.
    pub lesson: Option<usize>,
    /// Whether on the profile in hand, whatever it is.
    pub here: bool,
}

impl Touring {
    /// How far the person is, while the tour is open.
    pub fn walk(&self) -> Option<&Walk> {
        self.walk.as_ref()
    }

    /// Whether the tour is offered on the last line: at the first start, until it is opened.
    pub fn is_offered(&self) -> bool {
        self.offers && self.walk.is_none()
    }

    /// What is found again at the next start.
    pub(super) fn kept(&self) -> Kept {
        self.kept
    }

    /// What the last run left.
    pub(super) fn restore(&mut self, kept: Kept) {
        self.kept = kept;
    }

    /// Offers the tour unless it was offered before; whether it is now.
    pub(super) fn offer(&mut self) -> bool {
        self.offers = !self.kept.offered;
        self.kept.offered = true;
        self.offers
    }

    /// When the step in hand gets a hint by itself.
    pub(super) fn due(&self) -> Option<Boot> {
        self.due
    }
}

/// Its key: opens it; in it goes on, gives a hint, or goes past a step that none is left for.
pub(super) fn pressed(app: &mut App) {
    let Some(walk) = &mut app.tour.walk else { return open(app, Wanted::default()) };
    if walk.step().is_some() && walk.has_hint() {
        walk.give_hint();
        app.tour.due = Some(app.now.boot + PATIENCE);
        return;
    }
    match walk.next() {
        Some(place) => show(app, place),
        None => {
            app.tour.kept.place = Place::default();
            let text = format!("That was the tour. {} begins it again.", key(app, Action::Tour));
            end(app, text);
        }
    }
}

/// Opens a lesson, or the one where it goes on.
pub(super) fn open(app: &mut App, wanted: Wanted) {
    app.tour.offers = false;
    if app.environment.profile().place != Kind::Sandbox && !wanted.here {
        let Some(at) = app.environment.profiles().position(|profile| profile.place == Kind::Sandbox) else { return };
        app.tour.came_from = Some(app.environment.profile().name.clone());
        act::choose_environment(app, at);
        app.say(Notice::good("The tour plays on the sandbox; `:lesson here` plays it on your profile.", app.now.boot));
    }
    let chosen = wanted.lesson.map(|lesson| Place { lesson: lesson.saturating_sub(1), screen: 0 });
    show(app, chosen.unwrap_or(app.tour.kept.place));
}

fn show(app: &mut App, place: Place) {
    act::leave_field(app);
    let walk = Walk::from(place, app.environment.profile().place == Kind::Sandbox);
    app.tour.kept.place = walk.place();
    app.tour.walk = Some(walk);
    app.tour.due = Some(app.now.boot + PATIENCE);
    app.requests.stand_on(requests::STATUS);
    app.composer.opened(&app.requests.entry().draft);
    app.touch(Stale::Now);
}

/// What was kept is there, or never will be: what was wanted at the start is opened.
pub(super) fn begun(app: &mut App) {
    if let Some(wanted) = app.tour.wanted.take() {
        open(app, wanted);
    }
}

/// Leaves it for now; whether it was open.
pub(super) fn leave(app: &mut App) -> bool {
    let Some(walk) = &app.tour.walk else { return false };
    let lesson = walk.place().lesson + 1;
    let text = format!("The tour waits in lesson {lesson}. {} goes on with it.", key(app, Action::Tour));
    end(app, text);
    true
}

fn end(app: &mut App, mut text: String) {
    (app.tour.walk, app.tour.due) = (None, None);
    let before = app.tour.came_from.take().filter(|_| app.environment.profile().place == Kind::Sandbox);
    let at = before.and_then(|name| app.environment.profiles().position(|profile| profile.name == name));
    if let Some(at) = at {
        act::choose_environment(app, at);
        text = format!("{text} Calls go to {} again.", app.environment.profile().name);
    }
    app.say(Notice::good(text, app.now.boot));
}

fn key(app: &App, action: Action) -> String {
    app.keymap.hint(action, Context::Nav).unwrap_or_else(|| format!(":{}", action.spec().name))
}

/// The command `:lesson`: a number, or `here` for the profile in hand.
pub(super) fn command(app: &mut App, word: &str) -> Result<(), String> {
    let wanted = match word.trim() {
        "here" => Wanted { here: true, ..Wanted::default() },
        number => {
            let lesson = number.parse().ok().filter(|lesson| (1..=LESSONS.len()).contains(lesson));
            let lesson = lesson.ok_or_else(|| format!("write a number from 1 to {}, or `here`", LESSONS.len()))?;
            Wanted { lesson: Some(lesson), here: app.tour.walk.is_some() }
        }
    };
    open(app, wanted);
    Ok(())
}

/// Something happened in the engine.
pub(super) fn learned(app: &mut App, event: &FlowEvent) {
    if let Some(walk) = &mut app.tour.walk {
        walk.learn(event);
    }
}

/// A text was copied: code, where that is in front.
pub(super) fn copied(app: &mut App) {
    let code = stands(app, Deed::CodeShown);
    if let Some(walk) = app.tour.walk.as_mut().filter(|_| code) {
        walk.note(Deed::CodeCopied);
    }
}

/// Ticks off what is done by now, and gives the hint that is due.
pub(super) fn followed(app: &mut App) {
    let Some(mut walk) = app.tour.walk.take() else { return };
    let moved = walk.look(|deed| stands(app, deed));
    let due = app.tour.due.is_some_and(|due| due <= app.now.boot);
    if due && !moved {
        walk.give_hint();
    }
    if moved || due {
        app.tour.due = walk.has_hint().then(|| app.now.boot + PATIENCE);
        app.touch(Stale::Now);
    }
    app.tour.walk = Some(walk);
}

/// Whether it is so now.
fn stands(app: &App, deed: Deed) -> bool {
    let is_shown = |pane| layout::areas(app).pane(pane).is_some();
    let code = app.composer.tab == ComposerTab::Code && is_shown(Pane::Composer);
    match deed {
        Deed::ClaimsShown => matches!(app.overlay, Some(Overlay::Token(Page::Claims { .. }))),
        Deed::ReasonShown => matches!(app.overlay, Some(Overlay::Doctor { .. } | Overlay::NoToken { .. })),
        Deed::NothingOnTop => app.overlay.is_none(),
        Deed::TokenPane => app.focus == Pane::Token,
        Deed::TimelinePane => app.focus == Pane::Timeline,
        Deed::HeadersShown => {
            app.response.tab == Tab::Headers && app.response.exchange().is_some() && is_shown(Pane::Response)
        }
        Deed::ShortToken => app.token().and_then(|token| token.life).is_some_and(|life| life <= SHORT),
        Deed::TokenExpired => matches!(app.token_state(), TokenState::Expired(_)),
        Deed::PolicyManual => app.environment.policy() == TokenPolicy::Manual,
        Deed::PolicyReuse => app.environment.policy() == TokenPolicy::Reuse,
        Deed::PolicyPerTransaction => app.environment.policy() == TokenPolicy::PerTransaction,
        Deed::SandboxFaulty => !app.lab.lines.is_empty(),
        Deed::SandboxUsual => app.lab.lines.is_empty(),
        Deed::CodeShown => code,
        Deed::FlowShown => code && app.code_kind() == snippet::Kind::Flow,
        _ => false,
    }
}

/// Why a call is not made while the tour is open, if it is not: no lesson moves money.
pub(super) fn forbids(app: &App, order: &Order) -> Option<Notice> {
    app.tour.walk.as_ref()?;
    let reads = ["GET", "HEAD", "OPTIONS"].contains(&order.prepared.method.as_str());
    (order.profile.place != Kind::Sandbox && !reads).then(|| {
        let back = key(app, Action::Back);
        Notice::attention(format!("Nothing was sent: the tour pays with no one's money. {back} leaves the tour."))
    })
}

impl App {
    /// The text of the tour that is shown now.
    pub fn tour_text(&self) -> String {
        let Some((walk, screen)) = self.tour.walk.as_ref().and_then(|walk| Some((walk, walk.screen()?))) else {
            return String::new();
        };
        match (walk.hint(), walk.step()) {
            (Some(hint), _) => hint.to_owned(),
            (None, Some(_)) => screen.before.text.clone(),
            (None, None) if walk.steps().is_empty() => format!("{} {}", screen.before.text, screen.after.text),
            (None, None) => screen.after.text.clone(),
        }
    }

    /// What its key does now, and how it is left.
    pub fn tour_keys(&self) -> Vec<Piece> {
        let Some(walk) = &self.tour.walk else { return Vec::new() };
        self.pieces(match (walk.step(), walk.has_hint()) {
            (Some(_), true) => "{tour} hint   {back} leave",
            (Some(_), false) => "{tour} skip   {back} leave",
            (None, _) => "{back} leave",
        })
    }
}

#[cfg(test)]
mod tests;
