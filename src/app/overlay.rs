//! What can lie on top of the panes: one thing at a time, with keys of its own.

use std::sync::Arc;

use url::Url;

use super::{
    App, Stale, act, collection,
    composer::Target,
    consent::Wants,
    copy::{self, Offer},
    editor::Editor,
    effect::{Effect, Order, Saving},
    focus::Pane,
    form::{self, Form},
    history::{self, Past},
    importing::{self, Coming},
    keys, lab, layout, ledger, measuring,
    notice::Notice,
    palette::Palette,
    picking::{self, Picking},
    profiles::{self, Trying},
    response::sequence::message,
    rotation::{self, Rotating},
    token_menu::{self, Page},
};
use crate::domain::{
    exchange::ExchangeId,
    flow::TokenFailure,
    profile_form::Change,
    secret::SecretInput,
    token::{TokenPolicy, TokenSerial},
};

pub mod claims;
pub mod doctor;
mod help;
pub mod lines;
mod rows;

pub use help::HelpRow;

/// Columns of the help page, where there is room.
pub const HELP: u16 = 114;
/// Columns of a reason, where there is room.
pub const REASON: u16 = 96;

/// Columns of the log: all there are.
pub const LOG: u16 = u16::MAX;

/// What is to leave the explorer, once that is agreed to.
#[derive(Debug)]
pub enum Agreement {
    /// A body, for a file: what stands in the way, and the order without it.
    Save {
        /// What is asked.
        asked: String,
        /// The order.
        saving: Saving,
    },
    /// An address, for the browser.
    Browse(Url),
}

/// See the module.
#[derive(Debug)]
pub enum Overlay {
    /// The keys that work where the person is; first row shown.
    Help {
        /// First row shown.
        top: usize,
        /// What the rows shown have in them, once it is asked for.
        filter: Option<Editor>,
    },
    /// Any action by a few of its letters.
    Palette(Box<Palette>),
    /// The sandbox lab.
    Lab {
        /// The row in hand.
        at: usize,
    },
    /// The calls on their way, the newest first.
    Running {
        /// The row in hand.
        at: usize,
    },
    /// The profiles.
    Environments {
        /// The row in hand.
        at: usize,
    },
    /// The credentials of the active profile.
    Credentials {
        /// The row in hand.
        at: usize,
    },
    /// Ways to send once otherwise.
    OnPurpose {
        /// The ways.
        ways: Vec<Way>,
        /// The row in hand.
        at: usize,
    },
    /// One of a few: a method, or a kind of body.
    Pick {
        /// What is chosen.
        what: Picking,
        /// The row in hand.
        at: usize,
    },
    /// What can be copied here.
    Copy {
        /// The offers.
        offers: Vec<Offer>,
        /// The row in hand.
        at: usize,
    },
    /// Why an exchange was refused.
    Doctor {
        /// Which.
        exchange: ExchangeId,
        /// First row shown.
        top: usize,
    },
    /// Why no token can be had now.
    NoToken {
        /// Why.
        why: Arc<TokenFailure>,
        /// First row shown.
        top: usize,
    },
    /// Whether to leave although something runs or is not saved.
    Quit {
        /// What would be lost.
        why: String,
    },
    /// Whether a call that may move money is to be made in production.
    Production(Arc<Order>),
    /// What is to stay of a request that two wrote, by its key.
    Conflict {
        /// Its key.
        key: String,
    },
    /// Whether a request may read what it wants of the machine.
    Consent(Box<Wants>),
    /// A question for a secret, the first of [`App::questions`].
    Ask,
    /// A token that is typed, to send the request in hand with it.
    TypedToken(SecretInput),
    /// Whether something is to leave the explorer.
    Agree(Agreement),
    /// Whether the request in hand is to be deleted, or a changed one of the catalogue to be as it came.
    Delete {
        /// What is asked.
        asked: String,
    },
    /// The form of a profile.
    Form(Box<Form>),
    /// A token call that is tried.
    Trial(Trying),
    /// The exchange of a secret for another one.
    Rotation(Rotating),
    /// The token in hand, and what can be done with it.
    Token(Page),
    /// Whether a profile or a credential is to be deleted.
    Forget(Change),
    /// What a pasted text could be taken for.
    Pasted(Coming),
    /// The history.
    History(Box<Past>),
    /// The end of the log.
    Log {
        /// Its lines, the oldest first.
        lines: Vec<String>,
        /// First row shown.
        top: usize,
    },
    /// Every token of this run.
    Ledger {
        /// The row in hand.
        at: usize,
    },
    /// A message of a flow, as it went out or came.
    Message(Box<message::Page>),
    /// What is wrong with the config file.
    Trouble(Trouble),
}

/// What is wrong with the config file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Whether the file could not be used at all; else parts of it were passed over.
    pub unusable: bool,
    /// What is wrong and where, a line each.
    pub text: String,
    /// First row shown.
    pub top: usize,
}

/// A way to send once otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Without a token.
    NoToken,
    /// With an older token that is still in memory.
    Older(TokenSerial),
    /// With a token that is typed now.
    Typed,
    /// With the token of the policy, and no renewal or replay when it is refused.
    NoReplay,
    /// As another credential of the profile, by its name.
    Credential(String),
    /// By another policy.
    Policy(TokenPolicy),
}

/// Moves the row in hand, or the first one shown.
pub(super) fn step(app: &mut App, by: isize) {
    let rows = app.overlay.as_ref().map_or(0, |overlay| overlay.rows(app));
    let Some(overlay) = &mut app.overlay else { return };
    if let Overlay::Form(form) = overlay {
        form::step(form, by, by.abs() == act::rows::FAR);
    } else if let Some(at) = overlay.at_mut() {
        *at = at.saturating_add_signed(by).min(rows.saturating_sub(1));
    }
    app.touch(Stale::Now);
}

/// Shows the last lines of the log, the very last at the bottom.
pub(super) fn show_log(app: &mut App, lines: Vec<String>) {
    let top = lines::log(&lines, layout::sheet_text(app, LOG)).len().saturating_sub(layout::sheet_page(app));
    profiles::put_aside(app);
    app.overlay = Some(Overlay::Log { lines, top });
}

/// A letter that is a key of the overlay's own.
pub(super) fn letter(app: &mut App, letter: char) -> Vec<Effect> {
    match &app.overlay {
        Some(Overlay::Lab { .. }) => {
            let row = lab::ROWS.iter().position(|row| row.key == letter.to_ascii_lowercase());
            let Some(at) = row else { return Vec::new() };
            app.overlay = letter.is_uppercase().then_some(Overlay::Lab { at });
            play(app, at)
        }
        Some(Overlay::Help { filter: None, .. }) if letter == '/' => {
            app.overlay = Some(Overlay::Help { top: 0, filter: Some(Editor::line("")) });
            Vec::new()
        }
        Some(Overlay::Running { at }) if letter == 'd' => {
            let one = app.running_at(*at).filter(|id| app.sending.cancel(*id));
            one.map(Effect::Cancel).into_iter().collect()
        }
        Some(Overlay::Running { .. }) if letter == 'a' => {
            app.sending.cancel_all().into_iter().map(Effect::Cancel).collect()
        }
        Some(Overlay::Environments { at }) => match verb(letter) {
            Some(verb) => {
                let at = *at;
                let active = at == app.environment.active();
                let credential = app.environment.credential_name().to_owned();
                profiles::done(app, verb, at, active.then_some(credential.as_str()))
            }
            None => Vec::new(),
        },
        Some(Overlay::Credentials { at }) => match verb(letter) {
            Some(verb) if verb != "duplicate" => profiles::done_to_credential(app, verb, *at),
            None if letter == 'r' => profiles::done_to_credential(app, "rotate", *at),
            _ => Vec::new(),
        },
        Some(Overlay::Doctor { .. }) => doctor::letter(app, letter),
        Some(Overlay::Ledger { at }) if letter == 'd' => {
            let at = *at;
            ledger::decode(app, at);
            Vec::new()
        }
        Some(Overlay::Rotation(_)) => rotation::letter(app, letter),
        Some(Overlay::History(_)) => history::letter(app, letter),
        Some(Overlay::Token(_)) => token_menu::letter(app, letter),
        Some(Overlay::Forget(_)) if letter == 'y' => forget(app),
        Some(Overlay::Delete { .. }) if matches!(letter, 'y' | 'd') => {
            app.overlay = None;
            act::rows::delete_request(app)
        }
        Some(Overlay::Conflict { .. }) => collection::decide(app, letter),
        Some(Overlay::Consent(_)) if letter == 'y' => match app.overlay.take() {
            Some(Overlay::Consent(wants)) => vec![Effect::ReadOutside(wants, true)],
            _ => Vec::new(),
        },
        Some(Overlay::Quit { .. }) if letter == 'y' => vec![Effect::Quit],
        Some(Overlay::Production(order)) if letter == 'y' => {
            let order = Order::clone(order);
            app.overlay = None;
            app.sending.production_agreed.insert(order.profile.name.clone());
            act::calls::send_order(app, order)
        }
        Some(Overlay::Pasted(_)) if letter == 'y' => open(app),
        Some(Overlay::Pasted(Coming::Requests(_))) if letter == 'c' => importing::into_collection(app),
        Some(Overlay::Agree(_)) if letter == 'y' => match app.overlay.take() {
            Some(Overlay::Agree(Agreement::Browse(url))) => vec![Effect::Browse(url)],
            Some(Overlay::Agree(Agreement::Save { saving, .. })) => vec![Effect::Save(saving)],
            _ => Vec::new(),
        },
        Some(
            Overlay::Agree(_)
            | Overlay::Quit { .. }
            | Overlay::Production(_)
            | Overlay::Pasted(_)
            | Overlay::Forget(_)
            | Overlay::Consent(_)
            | Overlay::Delete { .. },
        ) if letter == 'n' => {
            app.overlay = None;
            Vec::new()
        }
        Some(Overlay::Pick { what: Picking::Method, .. }) if letter == 'e' => {
            app.overlay = None;
            keys::edit(app, Target::Method);
            Vec::new()
        }
        Some(Overlay::Copy { offers, .. }) => {
            let at = offers.iter().position(|offer| offer.key == letter);
            let Some(at) = at else { return Vec::new() };
            app.overlay = app.overlay.take().map(|overlay| match overlay {
                Overlay::Copy { offers, .. } => Overlay::Copy { offers, at },
                other => other,
            });
            open(app)
        }
        _ => Vec::new(),
    }
}

/// What a letter does to the profile or the credential in hand.
fn verb(letter: char) -> Option<&'static str> {
    Some(match letter {
        'a' => "add",
        'e' => "edit",
        'D' => "duplicate",
        'd' => "delete",
        't' => "test",
        _ => return None,
    })
}

fn forget(app: &mut App) -> Vec<Effect> {
    match app.overlay.take() {
        Some(Overlay::Forget(change)) => vec![Effect::ChangeProfiles(change)],
        _ => Vec::new(),
    }
}

/// Takes what is in hand.
pub(super) fn open(app: &mut App) -> Vec<Effect> {
    app.touch(Stale::Now);
    if matches!(app.overlay, Some(Overlay::Doctor { .. })) {
        return doctor::mend(app, 0);
    }
    match app.overlay.take() {
        Some(Overlay::Lab { at }) => play(app, at),
        Some(Overlay::Palette(palette)) => match palette.chosen() {
            Some(action) => act::done(app, action),
            None => Vec::new(),
        },
        Some(Overlay::Environments { at }) => {
            act::choose_environment(app, at);
            Vec::new()
        }
        Some(Overlay::Running { at }) => {
            if let Some(id) = app.running_at(at) {
                app.response.show_exchange(id, app.timeline.flow(id));
                act::focus(app, Pane::Response);
            }
            Vec::new()
        }
        Some(Overlay::Ledger { at }) => {
            ledger::calls(app, at);
            Vec::new()
        }
        Some(Overlay::Credentials { at }) => {
            app.environment.choose_credential(at);
            Vec::new()
        }
        Some(Overlay::OnPurpose { ways, at }) => match ways.get(at) {
            Some(way) => act::calls::send_on_purpose(app, way),
            None => Vec::new(),
        },
        Some(Overlay::Copy { mut offers, at }) if at < offers.len() => vec![copy::effect(offers.swap_remove(at))],
        Some(Overlay::Pick { what, at }) => {
            picking::chosen(app, what, at);
            Vec::new()
        }
        Some(Overlay::Pasted(pasted)) => {
            importing::taken(app, pasted);
            Vec::new()
        }
        Some(Overlay::Ask) => app.answer(true),
        Some(Overlay::TypedToken(typed)) => act::calls::send_with_typed(app, typed),
        Some(Overlay::Delete { .. }) => act::rows::delete_request(app),
        Some(Overlay::Token(page)) => {
            let at = if let Page::Menu { at } = page { Some(at) } else { None };
            app.overlay = Some(Overlay::Token(page));
            at.map(|at| token_menu::chosen(app, at)).unwrap_or_default()
        }
        Some(Overlay::Rotation(rotating)) => {
            app.overlay = Some(Overlay::Rotation(rotating));
            rotation::given(app)
        }
        Some(Overlay::Quit { .. }) => vec![Effect::Quit],
        Some(Overlay::History(past)) => {
            app.overlay = Some(Overlay::History(past));
            history::opened(app)
        }
        Some(Overlay::Form(mut form)) => {
            form.go(form.at + 1);
            app.overlay = Some(Overlay::Form(form));
            Vec::new()
        }
        // What is not taken back is agreed to by its own key, never by the one that opens things.
        Some(
            stays @ (Overlay::Agree(_)
            | Overlay::Production(_)
            | Overlay::Forget(_)
            | Overlay::Conflict { .. }
            | Overlay::Consent(_)
            | Overlay::Trial(_)),
        ) => {
            app.overlay = Some(stays);
            Vec::new()
        }
        Some(
            Overlay::Help { .. }
            | Overlay::Doctor { .. }
            | Overlay::NoToken { .. }
            | Overlay::Copy { .. }
            | Overlay::Log { .. }
            | Overlay::Message(_)
            | Overlay::Trouble(_),
        )
        | None => Vec::new(),
    }
}

fn play(app: &mut App, at: usize) -> Vec<Effect> {
    let Some(row) = lab::ROWS.get(at) else { return Vec::new() };
    let fault = match row.play {
        lab::Play::Fault(fault) => fault,
        lab::Play::Storm => return measuring::storm(app),
        lab::Play::Compare => return measuring::compare(app),
    };
    app.say(Notice::good(format!("Sandbox: {}.", fault.text()), app.now.boot));
    vec![Effect::Play(fault)]
}

impl Overlay {
    /// Whether it is the trial of that number.
    pub(super) fn is_trial(&self, number: u64) -> bool {
        matches!(self, Self::Trial(trying) if trying.number == number)
    }
}

impl App {
    /// The call on its way that stands in a row of the list of them.
    pub fn running_at(&self, row: usize) -> Option<ExchangeId> {
        self.sending.running().iter().rev().nth(row).map(|running| running.id)
    }
}
