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
    domain::{
        clock::Clock,
        exchange::Exchange,
        profile::Profile,
        record::{Record, Retention},
        redact::Redactor,
        request::Prepared,
    },
    engine::{Engine, Observer},
    sandbox::Sandbox,
    store::history::Writer,
};

/// See the module.
pub(super) struct Session {
    pub(super) engine: Engine,
    pub(super) clock: Clock,
    pub(super) profile: Arc<Profile>,
    /// The sandbox, where it is that which is called.
    pub(super) sandbox: Option<Sandbox>,
    /// The folder of large bodies.
    pub(super) cache: Option<PathBuf>,
    state: Option<PathBuf>,
    /// Where calls are kept, if they are to be, and the secrets that are not.
    history: Option<(Writer, Redactor)>,
    retention: Retention,
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
        let sandbox = (profile.name == SANDBOX).then(|| start.sandbox.handle());
        if sandbox.is_some() {
            tokio::spawn(start.sandbox.serve(std::future::pending()));
        }
        Ok(Self {
            engine,
            clock: start.clock,
            profile,
            sandbox,
            cache,
            state: start.paths.state,
            history: None,
            retention: start.config.history,
        })
    }

    /// The same, its calls kept in the history without the secrets of `masks`.
    pub(super) fn remembering(mut self, masks: &Redactor, as_json: bool) -> Self {
        let tell = move |text: String| printer::warning(&text, as_json);
        let writer = Writer::open(self.state.clone(), self.clock.clone(), self.retention, tell);
        // Without a thread for it the call is made all the same.
        self.history = writer.ok().map(|writer| (writer, masks.clone()));
        self
    }

    /// Keeps a call that is over in the history.
    pub(super) fn keep(&self, exchange: &Exchange, request: &Prepared) {
        if let Some((writer, masks)) = &self.history {
            let (exchange, request, masks) = (exchange.clone(), request.clone(), masks.clone());
            let most = self.retention.body;
            writer.add(move || Record::of(&exchange, Some(&request), &masks, most));
        }
    }
}
