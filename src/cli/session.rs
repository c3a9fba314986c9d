//! What a headless command works with: an engine, the profile its calls go to, and who makes them. Where that is the
//! sandbox, it is served in this process for as long as the command runs.

use std::{path::PathBuf, sync::Arc};

use super::{
    exit::Stop,
    printer,
    start::{Globals, Start},
};
use crate::{
    config::profiles::SANDBOX,
    domain::{clock::Clock, profile::Profile, redact::Redactor},
    engine::{Engine, Observer},
};

/// See the module.
pub(super) struct Session {
    pub(super) engine: Engine,
    pub(super) clock: Clock,
    pub(super) profile: Arc<Profile>,
    /// The folder of large bodies.
    pub(super) cache: Option<PathBuf>,
}

impl Session {
    /// Opens the profile that the options, the environment or the config file choose, as `changed` by the command.
    /// Needs a runtime.
    pub(super) fn open(
        globals: &Globals,
        observer: Observer,
        masks: Redactor,
        as_json: bool,
        changed: impl FnOnce(&mut Profile),
    ) -> Result<Self, Stop> {
        let start = Start::strict(globals)?;
        for flaw in &start.config.warnings {
            printer::warning(&flaw.to_string(), as_json);
        }
        let engine = start.engine(observer, masks);
        let (cache, mut profile) = (start.cache(), start.profiles.active().clone());
        changed(Arc::make_mut(&mut profile));
        if profile.name == SANDBOX {
            tokio::spawn(start.sandbox.serve(std::future::pending()));
        }
        Ok(Self { engine, clock: start.clock, profile, cache })
    }
}
