//! Messages in, state and orders out: no runtime, no terminal.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use url::Url;

use super::*;
use crate::{config::profiles, domain::secret::Secret};

/// An explorer on the sandbox at 120 by 40, its clock at noon.
pub(super) fn app() -> App {
    let base = Url::parse("http://127.0.0.1:43117").unwrap();
    let clients = ["demo-client", "second-client"].map(|id| (id.to_owned(), Arc::new(Secret::new("very-secret"))));
    App::new(Start {
        now: Now { boot: Boot(std::time::Duration::from_secs(1000)), wall: Timestamp::UNIX_EPOCH },
        zone: TimeZone::UTC,
        size: (120, 40),
        keymap: Keymap::default(),
        profiles: vec![Arc::new(profiles::sandbox(base, clients)), Arc::new(profiles::paysecurez())],
        active: 0,
        trouble: None,
    })
}
