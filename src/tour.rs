//! The tour: ten lessons that a person goes through on the running program, and what shows that a step of one is done.
//!
//! Owns the lessons (plain files under `assets/tour`, which a person can edit), the facts they rest on by name, and the
//! rules of progress. Refuses to know what is on screen: whether something stands as a step wants it is asked of the
//! caller. Values and rules only; `app::touring` walks through it, `view::tour` draws it.

pub mod deed;
pub mod lesson;
pub mod walk;

use std::sync::LazyLock;

pub use deed::{Deed, Happened, Witness};
pub use lesson::{Lesson, Part, Screen, Step};
pub use walk::{Kept, Place, Walk};

/// The files of the lessons, in order.
pub const FILES: [(&str, &str); 10] = [
    ("01-get-a-token", include_str!("../assets/tour/01-get-a-token.toml")),
    ("02-read-it", include_str!("../assets/tour/02-read-it.toml")),
    ("03-use-it", include_str!("../assets/tour/03-use-it.toml")),
    ("04-the-countdown", include_str!("../assets/tour/04-the-countdown.toml")),
    ("05-let-it-die", include_str!("../assets/tour/05-let-it-die.toml")),
    ("06-read-the-401", include_str!("../assets/tour/06-read-the-401.toml")),
    ("07-heal-it-by-hand", include_str!("../assets/tour/07-heal-it-by-hand.toml")),
    ("08-let-authscope-heal-it", include_str!("../assets/tour/08-let-authscope-heal-it.toml")),
    ("09-a-token-per-transaction", include_str!("../assets/tour/09-a-token-per-transaction.toml")),
    ("10-rotate-and-take-it-home", include_str!("../assets/tour/10-rotate-and-take-it-home.toml")),
];

/// The lessons. A test reads every file; one that could not be read would be left out here.
pub static LESSONS: LazyLock<Vec<Lesson>> =
    LazyLock::new(|| FILES.iter().filter_map(|(_, text)| Lesson::parse(text).ok()).collect());

#[cfg(test)]
mod tests;
