//! Linux: `CLOCK_BOOTTIME` counts sleep, `CLOCK_MONOTONIC` does not.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

pub(in super::super) fn boot() -> Duration {
    duration(clock_gettime(ClockId::Boottime))
}

pub(in super::super) fn monotonic() -> Duration {
    duration(clock_gettime(ClockId::Monotonic))
}

fn duration(time: Timespec) -> Duration {
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
