//! The one place where time comes from.
//!
//! Lifetimes are counted on boot time, which goes on while the machine sleeps; wall time is for display. A manual clock
//! moves only when it is told to, and wakes whoever waits on it, so that tests (and `demo`) never wait.

use std::{
    collections::BTreeMap,
    fmt,
    ops::{Add, Sub},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use jiff::Timestamp;

mod system;

/// An instant on the boot clock: time since the machine started, sleep included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Boot(pub Duration);

impl Boot {
    /// The time from `earlier` to this instant; zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Boot {
    type Output = Self;
    fn add(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time))
    }
}

impl Sub<Duration> for Boot {
    type Output = Self;
    fn sub(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(time))
    }
}

/// Where time comes from; cheap to clone.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Manual(ManualClock),
}

impl Clock {
    /// The clocks of the operating system.
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that moves only by the handle that comes with it. It starts at `wall`, one day after its boot.
    pub fn manual(wall: Timestamp) -> (Self, ManualClock) {
        let hands = Hands { boot: Boot(Duration::from_hours(24)), monotonic: Duration::from_hours(24), wall };
        let manual = ManualClock(Arc::new(Mutex::new(Face { hands, sleepers: BTreeMap::new(), waits: 0 })));
        (Self(Kind::Manual(manual.clone())), manual)
    }

    /// Now, on the boot clock: for lifetimes and limits.
    pub fn boot(&self) -> Boot {
        match &self.0 {
            Kind::System => Boot(system::boot()),
            Kind::Manual(manual) => manual.face().hands.boot,
        }
    }

    /// Now, on the clock that stops while the machine sleeps: its distance from [`Clock::boot`] tells a sleep.
    pub fn monotonic(&self) -> Duration {
        match &self.0 {
            Kind::System => system::monotonic(),
            Kind::Manual(manual) => manual.face().hands.monotonic,
        }
    }

    /// Now, on the wall: for display, and to compare with a server's `Date`. It may jump.
    pub fn wall(&self) -> Timestamp {
        match &self.0 {
            Kind::System => system::wall(),
            Kind::Manual(manual) => manual.face().hands.wall,
        }
    }

    /// The manual clock behind this one, where there is one: a wait on it registers itself there.
    pub fn as_manual(&self) -> Option<&ManualClock> {
        match &self.0 {
            Kind::System => None,
            Kind::Manual(manual) => Some(manual),
        }
    }
}

/// The hands of a manual clock; cheap to clone.
#[derive(Clone)]
pub struct ManualClock(Arc<Mutex<Face>>);

struct Face {
    hands: Hands,
    /// Whoever waits, by the number of its wait: until when, and how to wake it once it was polled.
    sleepers: BTreeMap<u64, (Boot, Option<Waker>)>,
    waits: u64,
}

#[derive(Clone, Copy)]
struct Hands {
    boot: Boot,
    monotonic: Duration,
    wall: Timestamp,
}

impl ManualClock {
    /// Lets time pass, and wakes everybody who waits on this clock.
    pub fn advance(&self, time: Duration) {
        self.turn(|hands| {
            hands.boot = hands.boot + time;
            hands.monotonic += time;
            hands.wall = shifted(hands.wall, time);
        });
    }

    /// Lets time pass as a sleeping machine sees it: the monotonic clock stands still.
    pub fn suspend(&self, time: Duration) {
        self.turn(|hands| {
            hands.boot = hands.boot + time;
            hands.wall = shifted(hands.wall, time);
        });
    }

    /// Sets the wall clock alone, as a person or a time server does.
    pub fn set_wall(&self, wall: Timestamp) {
        self.turn(|hands| hands.wall = wall);
    }

    /// The instants that somebody waits for and that have not come, earliest first.
    pub fn deadlines(&self) -> Vec<Boot> {
        let face = self.face();
        let now = face.hands.boot;
        let mut deadlines: Vec<_> =
            face.sleepers.values().map(|(until, _)| *until).filter(|until| *until > now).collect();
        deadlines.sort_unstable();
        deadlines
    }

    /// A wait that ends once the clock stands at `until` or later.
    pub fn sleep_until(&self, until: Boot) -> ManualSleep {
        let mut face = self.face();
        face.waits += 1;
        let number = face.waits;
        face.sleepers.insert(number, (until, None));
        ManualSleep { clock: self.clone(), until, number }
    }

    fn turn(&self, change: impl FnOnce(&mut Hands)) {
        let wakers: Vec<_> = {
            let mut face = self.face();
            change(&mut face.hands);
            face.sleepers.values_mut().filter_map(|(_, waker)| waker.take()).collect()
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    fn face(&self) -> MutexGuard<'_, Face> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait on a manual clock; dropped, it is no longer among the deadlines.
#[derive(Debug)]
pub struct ManualSleep {
    clock: ManualClock,
    until: Boot,
    number: u64,
}

impl Future for ManualSleep {
    type Output = ();
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut face = self.clock.face();
        if face.hands.boot >= self.until {
            return Poll::Ready(());
        }
        face.sleepers.insert(self.number, (self.until, Some(context.waker().clone())));
        Poll::Pending
    }
}

impl Drop for ManualSleep {
    fn drop(&mut self) {
        self.clock.face().sleepers.remove(&self.number);
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ManualClock({:?})", self.face().hands.boot)
    }
}

fn shifted(wall: Timestamp, time: Duration) -> Timestamp {
    wall.saturating_add(time).unwrap_or(wall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_shows_as_the_distance_of_boot_time_from_monotonic_time() {
        let (clock, hands) = Clock::manual(Timestamp::UNIX_EPOCH);
        hands.advance(Duration::from_secs(5));
        assert_eq!(clock.boot().0, clock.monotonic());
        hands.suspend(Duration::from_mins(40));
        assert_eq!(clock.boot().0.checked_sub(clock.monotonic()), Some(Duration::from_mins(40)));
    }

    #[test]
    fn the_wall_may_jump_without_moving_lifetimes() {
        let (clock, hands) = Clock::manual(Timestamp::UNIX_EPOCH);
        let before = clock.boot();
        hands.set_wall(Timestamp::MAX);
        assert_eq!(clock.boot(), before);
        assert_eq!(clock.wall(), Timestamp::MAX);
    }

    #[test]
    fn boot_time_of_the_system_never_goes_back() {
        let clock = Clock::system();
        let first = clock.boot();
        assert!(clock.boot() >= first);
    }
}
