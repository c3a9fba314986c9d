//! The explorer without a terminal: its whole state, and the pure function that moves it.
//!
//! Owns what is on screen ([`App`]), what can happen ([`message::Message`]) and what is ordered in return
//! ([`effect::Effect`]). No I/O, no clock, no task: the runtime puts the time into [`App::now`] before each message and
//! carries out the effects. `view` reads it, `tui` drives it.

pub mod act;
pub mod asking;
pub mod code;
pub mod collection;
pub mod command;
pub mod completing;
pub mod composer;
pub mod consent;
pub mod copy;
pub mod credentials;
pub mod editor;
pub mod effect;
pub mod environment;
pub mod filtering;
pub mod focus;
pub mod form;
pub mod format;
pub mod history;
pub mod importing;
pub mod keys;
pub mod lab;
pub mod layout;
pub mod ledger;
pub mod measuring;
pub mod message;
mod mouse;
pub mod notice;
pub mod overlay;
pub mod palette;
pub mod picking;
pub mod profiles;
pub mod requests;
pub mod response;
pub mod resting;
pub mod rotation;
pub mod sending;
pub mod session;
pub mod ticks;
pub mod timeline;
pub mod token;
pub mod token_menu;
pub mod touring;
pub mod update;
pub mod variables;
pub mod viewing;
pub mod wrap;

#[cfg(test)]
mod tests;

use std::{collections::VecDeque, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    config::{action::Context, chord::Chord, keymap::Keymap},
    domain::{
        clock::Boot, exchange::Exchange, flow::Refusal, profile::Profile, redact::Redactor, request::Formatters,
        token::TokenStatus,
    },
    library::collection::Collection,
};
use asking::Question;
use code::Code;
use command::CommandLine;
use completing::Completing;
use composer::{Composer, Target};
use editor::Editor;
use environment::Environment;
use focus::Pane;
use form::Form;
use lab::Lab;
use layout::Borders;
use ledger::Ledger;
use measuring::Measuring;
use notice::Notice;
use overlay::{Overlay, Trouble};
use profiles::Trying;
use requests::Requests;
use response::Response;
use resting::Resting;
use rotation::Rotating;
use sending::Sending;
use session::Keeping;
use timeline::Timeline;
use touring::Touring;
use variables::Known;
use viewing::Viewing;

pub use update::update;

/// The whole state of the explorer.
pub struct App {
    /// The time of the message in hand.
    pub now: Now,
    /// The zone in which times are shown.
    pub zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Which key means what.
    pub keymap: Keymap,
    /// The keys of a sequence so far.
    pub pending: Vec<Chord>,
    /// Which pane has the focus.
    pub focus: Pane,
    /// Which of token and credentials is shown where they share a place.
    pub lower_left: Pane,
    /// Whether the focused pane has the screen to itself.
    pub zoomed: bool,
    /// Whether the terminal tells of the mouse; else it selects text with it.
    pub mouse: bool,
    /// Whether the left column is there.
    pub sidebar: bool,
    /// How far a person moved the borders between the panes.
    pub borders: Borders,
    /// What lies on top.
    pub overlay: Option<Overlay>,
    /// The text field that has the focus.
    pub editing: Option<Editing>,
    /// What could be meant by the word before the cursor.
    pub completing: Option<Completing>,
    /// What stands in place of the hints.
    pub notice: Option<Notice>,
    /// Questions for a secret, the one that is asked first.
    pub questions: VecDeque<Question>,
    /// Where calls go and who makes them.
    pub environment: Environment,
    /// What the engine says of the tokens there, or why there can be none.
    pub status: Result<TokenStatus, Refusal>,
    /// The list of requests.
    pub requests: Requests,
    /// The request being typed.
    pub composer: Composer,
    /// That request as code.
    pub code: Code,
    /// The answer being looked at.
    pub response: Response,
    /// The file or pipe that is looked at, where the explorer is there for nothing else.
    pub viewing: Option<Viewing>,
    /// First row shown of the token pane, and of the credentials.
    pub scrolls: Scrolls,
    /// What happened.
    pub timeline: Timeline,
    /// What is on its way.
    pub sending: Sending,
    /// The folder of `.http` files that is open.
    pub collection: Option<Collection>,
    /// Where variables get their values from, beside the request itself.
    pub known: Known,
    /// What the sandbox does out of the ordinary.
    pub lab: Lab,
    /// What the lab measures.
    pub measuring: Measuring,
    /// The tour.
    pub tour: Touring,
    /// Forms that were left unsaved, one at most for each thing they are to become.
    pub left_forms: Vec<Box<Form>>,
    /// The trial that a question for its secret lies on.
    trying_behind: Option<Trying>,
    /// What is known of the secrets of the credentials.
    pub resting: Resting,
    /// The exchange of a secret that goes on though nobody looks at it.
    rotating_behind: Option<Rotating>,
    /// How many token calls were tried, and secrets exchanged.
    trials: u64,
    /// What was typed on the command line before.
    pub command: CommandLine,
    /// How many filters were typed.
    filtered: u64,
    /// The filters that were used before.
    pub filters: CommandLine,
    /// The programs that format bodies.
    pub formatters: Formatters,
    /// The names of the person's own themes, as they were at the start.
    pub own_themes: Vec<String>,
    /// Until when a second Ctrl-C quits.
    pub quit_armed: Option<Boot>,
    /// Every token of this run.
    pub ledger: Ledger,
    /// What is kept for the next start, and when.
    pub keeping: Keeping,
    /// The secrets that are not shown wherever a server sends them back.
    pub masks: Redactor,
    /// What of the screen is out of date.
    stale: Stale,
}

/// The text field that has the focus: what it belongs to, and the text as it is now.
pub struct Editing {
    /// What it belongs to.
    pub target: EditTarget,
    /// Its text and cursor.
    pub editor: Editor,
}

/// What a text field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditTarget {
    /// A field of the composer.
    Composer(Target),
    /// What is looked for in the response.
    Search,
    /// What is looked for among the requests.
    Find,
    /// What is looked for among what happened.
    Timeline,
    /// The command line.
    Command,
    /// The filter of the response.
    Filter,
}

/// One moment, as told by the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// For lifetimes.
    pub boot: Boot,
    /// For display.
    pub wall: Timestamp,
}

/// First rows of the panes that only scroll.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scrolls {
    /// Of the token pane.
    pub token: u16,
    /// Of the credentials.
    pub credentials: u16,
}

/// What of the screen is out of date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stale {
    /// Nothing: no byte needs to go to the terminal.
    #[default]
    Nothing,
    /// Progress only: a frame may wait until the last one has stood for 16 ms.
    Progress,
    /// Something a person waits for: the frame is due at the end of this round.
    Now,
    /// Everything, whatever is thought to be on the terminal.
    Everything,
}

/// What an explorer starts with.
pub struct Start {
    /// The time.
    pub now: Now,
    /// The zone in which times are shown.
    pub zone: TimeZone,
    /// Columns and rows.
    pub size: (u16, u16),
    /// The keys.
    pub keymap: Keymap,
    /// All profiles, in the order they are offered.
    pub profiles: Vec<Arc<Profile>>,
    /// The active one.
    pub active: usize,
    /// What is wrong with the config file, shown in a dialog.
    pub trouble: Option<Trouble>,
}

impl App {
    /// The explorer as it opens: the catalogue, the status call chosen, nothing sent.
    pub fn new(start: Start) -> Self {
        let environment = Environment::new(start.profiles, start.active);
        let requests = Requests::new(environment.profile());
        let mut composer = Composer::default();
        composer.opened(&requests.entry().draft);
        Self {
            now: start.now,
            zone: start.zone,
            size: start.size,
            keymap: start.keymap,
            pending: Vec::new(),
            focus: Pane::Requests,
            lower_left: Pane::Token,
            zoomed: false,
            mouse: true,
            sidebar: true,
            borders: Borders::default(),
            overlay: start.trouble.map(Overlay::Trouble),
            editing: None,
            completing: None,
            notice: None,
            questions: VecDeque::new(),
            environment,
            status: Ok(TokenStatus::default()),
            requests,
            composer,
            code: Code::default(),
            response: Response::default(),
            viewing: None,
            scrolls: Scrolls::default(),
            timeline: Timeline::default(),
            sending: Sending::default(),
            collection: None,
            known: Known::default(),
            lab: Lab::default(),
            measuring: Measuring::default(),
            tour: Touring::default(),
            left_forms: Vec::new(),
            trying_behind: None,
            resting: Resting::default(),
            rotating_behind: None,
            trials: 0,
            command: CommandLine::default(),
            filtered: 0,
            filters: CommandLine::default(),
            formatters: Formatters::default(),
            own_themes: Vec::new(),
            quit_armed: None,
            ledger: Ledger::default(),
            keeping: Keeping::default(),
            masks: Redactor::default(),
            stale: Stale::Now,
        }
    }

    /// The same, where what `masks` knows is hidden in all that a server says.
    #[must_use]
    pub fn masked_by(mut self, masks: Redactor) -> Self {
        self.response.masks = masks.clone();
        Self { masks, ..self }
    }

    /// Where keys are read now.
    pub fn context(&self) -> Context {
        match (&self.overlay, &self.editing) {
            (Some(_), _) => Context::Overlay,
            (None, Some(_)) => Context::Edit,
            (None, None) => Context::Nav,
        }
    }

    /// Takes what is out of date: the caller draws.
    pub fn take_stale(&mut self) -> Stale {
        std::mem::take(&mut self.stale)
    }

    /// What is out of date.
    pub fn stale(&self) -> Stale {
        self.stale
    }

    /// Notes that something of the screen is out of date.
    pub(crate) fn touch(&mut self, stale: Stale) {
        self.stale = self.stale.max(stale);
    }

    /// Says something in place of the hints.
    pub(crate) fn say(&mut self, mut notice: Notice) {
        notice.text = self.masks.masked(&notice.text);
        self.notice = Some(notice);
        self.touch(Stale::Now);
    }

    /// The exchange the response pane shows, if it is over.
    pub fn shown_exchange(&self) -> Option<&Arc<Exchange>> {
        self.timeline.flow(self.response.exchange()?)?.exchange.as_ref()
    }
}
