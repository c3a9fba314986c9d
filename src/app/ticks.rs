//! When the clock alone makes the screen read otherwise: once a second while something counts, ten times while tenths
//! are shown, and never else.

use std::time::Duration;

use super::{App, token::TokenState};
use crate::domain::clock::Boot;

const TENTH: Duration = Duration::from_millis(100);
const SECOND: Duration = Duration::from_secs(1);

impl App {
    /// When the screen will read otherwise although nothing happened; `None` while nothing counts.
    pub fn next_tick(&self) -> Option<Boot> {
        let now = self.now.boot;
        let running = self.sending.running().iter().map(|running| after(now, now.since(running.since), TENTH));
        let reading = self.viewing.as_ref().filter(|_| self.is_reading());
        let reading = reading.map(|viewing| after(now, now.since(viewing.since), TENTH));
        let until = |left: Duration| now + before(left, SECOND);
        let badge = match self.token_state() {
            TokenState::Live(Some(left)) | TokenState::Expiring(left) | TokenState::Waiting(left) => Some(until(left)),
            TokenState::Expired(ago) => Some(after(now, ago, SECOND)),
            TokenState::Fetching(time) | TokenState::Renewing(time) => Some(after(now, time, TENTH)),
            TokenState::NoToken | TokenState::Live(None) | TokenState::Refused(_) | TokenState::CredentialsRefused => {
                None
            }
        };
        let revealed = self.revealed_until().map(|end| until(end.since(now)));
        let notice = self.notice.as_ref().and_then(|notice| notice.until);
        running
            .chain(reading)
            .chain(badge)
            .chain(revealed)
            .chain(notice)
            .chain(self.quit_armed)
            .chain(self.keeping.due())
            .chain(self.tour.due())
            .filter(|at| *at > now)
            .min()
    }

    /// The clock went by: takes away what has stood long enough.
    pub(super) fn ticked(&mut self) {
        let now = self.now.boot;
        if self.notice.as_ref().is_some_and(|notice| notice.until.is_some_and(|until| until <= now)) {
            self.notice = None;
        }
        if self.revealed_until().is_some_and(|until| until <= now) {
            self.hide_token();
        }
        if self.quit_armed.is_some_and(|until| until <= now) {
            self.quit_armed = None;
        }
    }
}

/// The next instant at which what has gone by is a whole number of steps.
fn after(now: Boot, gone: Duration, step: Duration) -> Boot {
    now + step.saturating_sub(remainder(gone, step))
}

/// How long until what is left is a whole number of steps, and less than now.
fn before(left: Duration, step: Duration) -> Duration {
    let over = remainder(left, step);
    if over.is_zero() { step } else { over }
}

fn remainder(time: Duration, step: Duration) -> Duration {
    let over = time.as_nanos() % step.as_nanos();
    Duration::from_nanos(u64::try_from(over).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_countdown_is_looked_at_when_its_digits_change() {
        assert_eq!(before(ms(1800), SECOND), ms(800));
        assert_eq!(before(ms(2000), SECOND), ms(1000));
        assert_eq!(after(Boot(ms(5000)), ms(1250), TENTH), Boot(ms(5050)));
    }
}
