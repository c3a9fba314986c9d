//! The only wait of the engine: until an instant of the boot clock, however the machine slept in between.

use std::{future::Future, pin::pin, time::Duration};

use futures_util::future::{Either, select};

use crate::domain::clock::{Boot, Clock};

/// The longest single sleep: the system's timers may stand still while the machine sleeps, so the clock is looked at
/// again after it.
const LONGEST: Duration = Duration::from_secs(30);

/// Returns once `clock` stands at `until` or later.
#[expect(clippy::disallowed_methods, reason = "this is the one file that waits")]
pub async fn sleep_until(clock: &Clock, until: Boot) {
    if let Some(manual) = clock.as_manual() {
        return manual.sleep_until(until).await;
    }
    loop {
        let left = until.since(clock.boot());
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(LONGEST)).await;
    }
}

/// What `work` gives, unless `until` comes first: then `work` is dropped and `None` told.
pub async fn limited<T>(clock: &Clock, until: Boot, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(sleep_until(clock, until))).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(((), _)) => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[tokio::test]
    async fn a_wait_on_a_manual_clock_ends_when_the_clock_is_advanced() {
        let (clock, hands) = Clock::manual(Timestamp::UNIX_EPOCH);
        let until = clock.boot() + Duration::from_hours(1);
        let wait = tokio::spawn({
            let clock = clock.clone();
            async move { limited(&clock, until, std::future::pending::<()>()).await }
        });
        while hands.deadlines() != [until] {
            tokio::task::yield_now().await;
        }
        hands.advance(Duration::from_mins(59));
        tokio::task::yield_now().await;
        assert!(!wait.is_finished());
        hands.advance(Duration::from_mins(1));
        assert_eq!(wait.await.unwrap(), None);
        assert!(hands.deadlines().is_empty());
    }
}
