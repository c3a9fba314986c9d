//! The clocks of the operating system, one file for each family: which of them counts sleep differs.

#[cfg(target_os = "linux")]
#[path = "system/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "system/other.rs"]
mod platform;

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

pub(super) use platform::{boot, monotonic};

/// Wall time. A clock before 1970 or past the year 9999 is told as the nearest time that can be written.
#[expect(clippy::disallowed_methods, reason = "this is the file that reads the wall clock")]
pub(super) fn wall() -> Timestamp {
    let now = SystemTime::now();
    Timestamp::try_from(now).unwrap_or_else(|_| {
        if now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).is_zero() {
            Timestamp::UNIX_EPOCH
        } else {
            Timestamp::MAX
        }
    })
}
