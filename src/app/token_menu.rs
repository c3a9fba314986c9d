//! The token in hand and what can be done with it: fetched, decoded, revealed for ten seconds, copied, dropped. A revealed
//! token is held nowhere but on its page, so whatever takes that away hides it.

use std::{sync::Arc, time::Duration};

use super::{
    App, Stale, act,
    effect::{Effect, TokenWish},
    ledger,
    notice::Notice,
    overlay::{Overlay, lines::Line},
    profiles,
    wrap::words,
};
use crate::domain::{
    clock::Boot,
    secret::Secret,
    token::{TokenFacts, TokenSerial},
};

/// Bytes that a person can have typed: a part of a secret is looked for in them, the whole in more than that.
const TYPED: usize = 64 << 10;

/// How long a token is revealed.
pub const REVEALED: Duration = Duration::from_secs(10);

/// Which page is open.
#[derive(Debug)]
pub enum Page {
    /// What can be done.
    Menu {
        /// The row in hand.
        at: usize,
    },
    /// The text of that token is asked for.
    Asked(TokenSerial),
    /// What the token says of itself.
    Claims {
        /// Which token.
        token: Arc<TokenFacts>,
        /// First row shown.
        top: usize,
    },
    /// Its text.
    Revealed {
        /// Which token.
        serial: TokenSerial,
        /// Its text.
        secret: Arc<Secret>,
        /// Until when.
        until: Boot,
        /// First row shown.
        top: usize,
    },
}

/// One thing that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key.
    pub key: char,
    /// What it does.
    pub text: &'static str,
}

const FETCH: Row = Row { key: 'f', text: "fetch one now" };
const RENEW: Row = Row { key: 'f', text: "fetch another one now" };
const LEDGER: Row = Row { key: 'l', text: "the ledger: every token of this run" };
const OF_A_TOKEN: [Row; 4] = [
    Row { key: 'd', text: "decode it: what it says of itself" },
    Row { key: 'r', text: "reveal it for 10 s" },
    Row { key: 'y', text: "copy it; whoever can paste has it then" },
    Row { key: 'x', text: "drop it; the next send fetches another" },
];

impl App {
    /// The token that can be revealed, copied and dropped.
    fn token_at_hand(&self) -> Option<&Arc<TokenFacts>> {
        self.status.as_ref().ok()?.token.as_ref()
    }

    /// What can be done with the token in hand.
    pub fn token_rows(&self) -> Vec<Row> {
        match self.token_at_hand() {
            None => vec![FETCH, LEDGER],
            Some(_) => [RENEW].into_iter().chain(OF_A_TOKEN).chain([LEDGER]).collect(),
        }
    }

    /// Until when a token is revealed.
    pub(super) fn revealed_until(&self) -> Option<Boot> {
        match &self.overlay {
            Some(Overlay::Token(Page::Revealed { until, .. })) => Some(*until),
            _ => None,
        }
    }

    /// Hides a token that is revealed, or about to be; whether one was.
    pub(super) fn hide_token(&mut self) -> bool {
        let shown = matches!(&self.overlay, Some(Overlay::Token(Page::Revealed { .. } | Page::Asked(_))));
        if shown {
            self.overlay = Some(Overlay::Token(Page::Menu { at: 0 }));
            self.touch(Stale::Now);
        }
        shown
    }
}

/// The text of a token that is revealed, in lines of so many columns.
pub fn text_lines(secret: &Secret, columns: usize) -> Vec<Line> {
    words(secret.expose(), columns).into_iter().map(Line::Words).collect()
}

/// Opens the menu.
pub(super) fn open(app: &mut App) {
    profiles::put_aside(app);
    app.overlay = Some(Overlay::Token(Page::Menu { at: 0 }));
}

/// Does what that row of the menu says.
pub(super) fn chosen(app: &mut App, at: usize) -> Vec<Effect> {
    match app.token_rows().get(at) {
        Some(row) => letter(app, row.key),
        None => Vec::new(),
    }
}

/// A letter: of the menu what its row says, of a page the way back to the menu.
pub(super) fn letter(app: &mut App, letter: char) -> Vec<Effect> {
    app.touch(Stale::Now);
    if letter == 'X' {
        hide_secrets(app);
        return Vec::new();
    }
    let known = matches!(&app.overlay, Some(Overlay::Token(Page::Menu { .. })))
        && app.token_rows().iter().any(|row| row.key == letter);
    match (app.token_at_hand().cloned(), letter) {
        _ if !known => Vec::new(),
        (_, 'f') => {
            app.overlay = None;
            act::calls::renew(app)
        }
        (_, 'l') => {
            ledger::open(app);
            Vec::new()
        }
        (Some(token), 'd') => {
            app.overlay = Some(Overlay::Token(Page::Claims { token, top: 0 }));
            Vec::new()
        }
        (Some(token), 'r') => {
            app.overlay = Some(Overlay::Token(Page::Asked(token.serial)));
            vec![wished(app, token.serial, TokenWish::Reveal)]
        }
        (Some(token), 'y') => {
            app.overlay = None;
            vec![wished(app, token.serial, TokenWish::Copy)]
        }
        (Some(token), 'x') => {
            app.overlay = None;
            vec![wished(app, token.serial, TokenWish::Drop)]
        }
        _ => Vec::new(),
    }
}

fn wished(app: &App, serial: TokenSerial, wish: TokenWish) -> Effect {
    let (profile, credential) = (app.environment.profile().clone(), app.environment.credential_name().to_owned());
    Effect::Token { profile, credential, serial, wish }
}

/// The text of a token came, or the token is gone. Nobody waits for it any more once its page was left.
pub(super) fn given(app: &mut App, serial: TokenSerial, secret: Option<Arc<Secret>>) {
    let waits = matches!(&app.overlay, Some(Overlay::Token(Page::Asked(asked))) if *asked == serial);
    match secret {
        Some(secret) if waits => {
            let until = app.now.boot + REVEALED;
            app.overlay = Some(Overlay::Token(Page::Revealed { serial, secret, until, top: 0 }));
        }
        Some(_) => {}
        None => {
            app.hide_token();
            app.say(Notice::attention(format!("{serial} is not kept any more.")));
        }
    }
    app.touch(Stale::Now);
}

/// A token was dropped.
pub(super) fn dropped(app: &mut App, serial: TokenSerial) {
    app.say(Notice::good(format!("{serial} is dropped."), app.now.boot));
}

/// Hides every secret at once: one that is revealed, and one that is typed in a field, which is left.
pub(super) fn hide_secrets(app: &mut App) {
    app.hide_token();
    let typed = app.field().map(|editor| editor.text()).unwrap_or_default();
    let holds_one = if typed.len() <= TYPED { app.masks.finds(&typed) } else { app.masks.hides(&typed) };
    match (&app.overlay, holds_one) {
        (Some(_), true) => profiles::put_aside(app),
        (None, true) => act::leave_field(app),
        (_, false) => {}
    }
    app.say(Notice::good("Every secret is hidden.", app.now.boot));
}

#[cfg(test)]
mod tests;
