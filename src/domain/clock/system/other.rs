//! macOS and Windows (untested): the standard clock counts from the first reading. On Windows it counts sleep; on macOS
//! it may not, and then an expired token is found out by its 401.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

static START: OnceLock<Instant> = OnceLock::new();

#[expect(clippy::disallowed_methods, reason = "this is the file that reads the clock")]
pub(in super::super) fn boot() -> Duration {
    Duration::from_hours(24) + START.get_or_init(Instant::now).elapsed()
}

pub(in super::super) fn monotonic() -> Duration {
    boot()
}
