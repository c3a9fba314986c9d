//! The rows of what lies on top: which one is in hand or the first shown, and how many there are to stand on.

use super::{HELP, LOG, Overlay, REASON, Trouble, claims, doctor, lines};
use crate::app::{
    App, lab, layout,
    token_menu::{self, Page},
};

impl Overlay {
    /// The row in hand, or the first one shown.
    pub(super) fn at_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::Help { top, .. }
            | Self::Doctor { top, .. }
            | Self::NoToken { top, .. }
            | Self::Log { top, .. }
            | Self::Trouble(Trouble { top, .. })
            | Self::Token(Page::Menu { at: top } | Page::Claims { top, .. } | Page::Revealed { top, .. }) => Some(top),
            Self::Message(page) => Some(&mut page.top),
            Self::Trial(trying) => Some(&mut trying.top),
            Self::Rotation(rotating) => Some(&mut rotating.top),
            Self::Palette(palette) => Some(&mut palette.at),
            Self::History(past) => past.row_mut(),
            Self::Lab { at }
            | Self::Ledger { at }
            | Self::Running { at }
            | Self::Environments { at }
            | Self::Credentials { at }
            | Self::OnPurpose { at, .. }
            | Self::Pick { at, .. }
            | Self::Copy { at, .. } => Some(at),
            Self::Token(Page::Asked(_))
            | Self::Agree(_)
            | Self::Quit { .. }
            | Self::Production(_)
            | Self::Forget(_)
            | Self::Conflict { .. }
            | Self::Consent(_)
            | Self::Form(_)
            | Self::Ask
            | Self::TypedToken(_)
            | Self::Delete { .. }
            | Self::Pasted(_) => None,
        }
    }

    /// How many rows there are to stand on.
    pub(super) fn rows(&self, app: &App) -> usize {
        let scrolled = |lines: usize| lines.saturating_sub(layout::sheet_page(app)) + 1;
        match self {
            Self::Help { filter, .. } => {
                scrolled(lines::help(app, layout::sheet_text(app, HELP)).len() + filter.iter().len() * 2)
            }
            Self::Running { .. } => app.sending.running().len(),
            Self::Doctor { exchange, .. } => {
                let found = app.timeline.flow(*exchange).and_then(|flow| flow.exchange.as_deref());
                scrolled(found.map_or(0, |found| doctor::lines(app, found, layout::sheet_text(app, REASON)).len()))
            }
            Self::NoToken { why, .. } => scrolled(lines::no_token(why, layout::sheet_text(app, REASON)).len()),
            Self::Trouble(trouble) => scrolled(lines::trouble(trouble, layout::sheet_text(app, REASON)).len()),
            Self::Log { lines, .. } => scrolled(lines::log(lines, layout::sheet_text(app, LOG)).len()),
            Self::Message(page) => scrolled(page.lines(layout::sheet_text(app, REASON)).len()),
            Self::Palette(palette) => palette.hits().len(),
            Self::History(past) => past.rows(layout::sheet_page(app)),
            Self::Lab { .. } => lab::ROWS.len(),
            Self::Ledger { .. } => app.ledger.entries().len(),
            Self::Environments { .. } => app.environment.profiles().count(),
            Self::Credentials { .. } => app.environment.profile().credentials.len(),
            Self::OnPurpose { ways, .. } => ways.len(),
            Self::Pick { what, .. } => what.offers().len(),
            Self::Copy { offers, .. } => offers.len(),
            Self::Trial(trying) => scrolled(lines::trial(trying, &app.masks, layout::sheet_text(app, REASON)).len()),
            Self::Token(Page::Menu { .. }) => app.token_rows().len(),
            Self::Token(Page::Claims { token, .. }) => {
                scrolled(claims::lines(app, token, layout::sheet_text(app, REASON)).len())
            }
            Self::Token(Page::Revealed { secret, .. }) => {
                scrolled(token_menu::text_lines(secret, layout::sheet_text(app, REASON)).len())
            }
            Self::Rotation(rotating) => scrolled(lines::rotation(rotating, layout::sheet_text(app, REASON)).len()),
            Self::Token(Page::Asked(_))
            | Self::Agree(_)
            | Self::Quit { .. }
            | Self::Production(_)
            | Self::Forget(_)
            | Self::Conflict { .. }
            | Self::Consent(_)
            | Self::Form(_)
            | Self::Ask
            | Self::TypedToken(_)
            | Self::Delete { .. }
            | Self::Pasted(_) => 0,
        }
    }
}
