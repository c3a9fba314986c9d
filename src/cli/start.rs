//! What every face of the program begins with: the config file, the environment, the sandbox's listener, the profiles,
//! and from them an engine.
//!
//! The sandbox is bound at once, since its profile needs an address, and serves when it is told to. A command stops at a
//! file that is wrong; the explorer opens on the sandbox and is handed the text.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;

use super::{exit::Stop, prompt};
use crate::{
    config::{
        file::{
            self, Config, FileError,
            write::{ChangeError, NotWritten},
        },
        flaw::Flaw,
        nearest::not_allowed,
        own_themes::OwnThemes,
        paths::Paths,
        profiles::{self, EnvironmentError, Profiles},
        project, proxies,
        theme::Theme,
        trust::Trust,
    },
    domain::{
        clock::Clock, level::Level, origin::Origin, profile::Profile, redact::Redactor, route::Proxies, secret::Secret,
    },
    engine::{Engine, Observer, Setup, timer, token_manager::Dice},
    sandbox::{Bound, LIFETIME, Options, Sandbox},
    secrets::{Person, Secrets, token_cache::TokenCache},
};

const HEADING: &str = "Options of every command";

/// Options of every command.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Globals {
    /// The profile calls go to: one of the config file, `sandbox` or `paysecurez`
    #[arg(long, global = true, value_name = "NAME", help_heading = HEADING)]
    pub(super) profile: Option<String>,
    /// The config file, in place of the usual one
    #[arg(long, global = true, value_name = "FILE", help_heading = HEADING)]
    pub(super) config: Option<PathBuf>,
    /// An origin beside this machine that secrets may go to over plain http; may be given more than once
    #[arg(long, global = true, value_name = "ORIGIN", value_parser = file::origin, help_heading = HEADING)]
    pub(super) insecure_http: Vec<Origin>,
    /// A PEM file of certificate authorities, trusted in place of the machine's
    #[arg(long, global = true, value_name = "FILE", help_heading = HEADING)]
    pub(super) cacert: Option<PathBuf>,
    /// The folder of `.http` files whose requests are offered, in place of the config file's
    #[arg(long, global = true, value_name = "DIR", help_heading = HEADING)]
    pub(super) collection: Option<PathBuf>,
    /// A proxy for all calls that leave this machine, in place of those of the environment; `none` for no proxy
    #[arg(long, global = true, value_name = "URL", value_parser = proxies::proxies, help_heading = HEADING)]
    pub(super) proxy: Option<Proxies>,
    /// Keep tokens for the next command, in a file that nobody else can read, and use those that one kept
    #[arg(long, global = true, help_heading = HEADING)]
    pub(super) token_cache: bool,
}

/// See the module.
pub(super) struct Start {
    /// Where things live.
    pub(super) paths: Paths,
    /// What the config file says.
    pub(super) config: Config,
    /// All profiles, and the active one.
    pub(super) profiles: Profiles,
    /// The sandbox, not serving yet.
    pub(super) sandbox: Bound,
    /// The system's clock.
    pub(super) clock: Clock,
}

impl Start {
    /// For a command: what is wrong ends it.
    pub(super) fn strict(globals: &Globals) -> Result<Self, Stop> {
        let paths = Paths::of_this_machine();
        let config = config(globals, &paths)?;
        Self::with(globals, paths, config, environment()?, globals.profile.as_deref())
    }

    /// For the explorer: a file or a variable that is wrong leaves the sandbox, and a text to show.
    pub(super) fn forgiving(globals: &Globals) -> Result<(Self, Option<String>), Stop> {
        let paths = Paths::of_this_machine();
        let read = config(globals, &paths).and_then(|config| {
            let level = level()?.unwrap_or(config.level);
            Ok((Config { level, ..config }, environment()?))
        });
        match read {
            Ok((config, environment)) => {
                let wished = globals.profile.as_deref();
                Ok((Self::with(globals, paths, config, environment, wished)?, None))
            }
            Err(wrong) => {
                Ok((Self::with(globals, paths, Config::default(), (None, Proxies::default()), None)?, Some(wrong.text)))
            }
        }
    }

    fn with(
        globals: &Globals,
        paths: Paths,
        config: Config,
        (environment, proxies): (Option<Profile>, Proxies),
        wished: Option<&str>,
    ) -> Result<Self, Stop> {
        let clock = Clock::system();
        let sandbox = bound(&clock, 0, LIFETIME, false, false)
            .map_err(|error| Stop::usage(format!("the sandbox finds no port on 127.0.0.1: {error}")))?;
        let local = sandbox_profile(&sandbox.handle())?;
        let profiles = profiles(globals, &config, (environment, proxies), local, wished)?;
        Ok(Self { paths, config, profiles, sandbox, clock })
    }

    /// An engine that tells `observer`, teaches `masks`, asks on the terminal, and has no timer: a command is over soon.
    pub(super) fn engine(&self, observer: Observer, masks: Redactor) -> Engine {
        let secrets = Secrets::new(self.profiles.all(), Person::AtTerminal(prompt::asked()), masks);
        let (clock, cache) = (self.clock.clone(), self.cache());
        let engine = Engine::new(Setup { clock, observer, dice: dice(), cache, secrets, timer: false });
        if let Some(folder) = self.paths.tokens() {
            engine.tokens().share_by(TokenCache::at(folder));
        }
        engine
    }

    /// The folder of large bodies, made if it can be.
    pub(super) fn cache(&self) -> Option<PathBuf> {
        self.paths.cache.clone().filter(|folder| fs::create_dir_all(folder).is_ok())
    }
}

/// The profiles of a config file and of the environment, as the options change them.
pub(super) fn profiles(
    globals: &Globals,
    config: &Config,
    (environment, proxies): (Option<Profile>, Proxies),
    sandbox: Profile,
    wished: Option<&str>,
) -> Result<Profiles, Stop> {
    let profiles = Profiles::new(config, environment, sandbox, wished);
    let profiles = profiles.map_err(|error| Stop::usage(error.to_string()))?;
    let profiles = profiles.changed(|profile| {
        profile.route.proxies = globals.proxy.clone().or(profile.route.proxies.take());
        profile.token_cache |= globals.token_cache;
        profile.route.authorities = globals.cacert.clone().or(profile.route.authorities.take());
    });
    Ok(profiles.with_insecure_origins(&globals.insecure_http).with_proxies(&proxies))
}

/// The config file that was named, or the usual one where there is one, and that of the project over it.
pub(super) fn config(globals: &Globals, paths: &Paths) -> Result<Config, Stop> {
    with_project(globals, paths, own_config(globals, paths)?)
}

/// A config of the person's own, and that of the project over it.
pub(super) fn with_project(globals: &Globals, paths: &Paths, own: Config) -> Result<Config, Stop> {
    let Some(Project { file, bytes, trusted }) = project(globals, paths)? else { return Ok(own) };
    let theirs = file::parse(&bytes, &file).map_err(unusable)?;
    let laid = project::over(own, theirs, &file, trusted);
    laid.map_err(|repointed| Stop::usage(repointed.to_string()).hint(repointed.hint()))
}

/// The same without that of a project.
pub(super) fn own_config(globals: &Globals, paths: &Paths) -> Result<Config, Stop> {
    let Some(path) = config_path(globals, paths) else { return Ok(Config::default()) };
    match file::load(path) {
        Ok(Some(config)) => Ok(config),
        Ok(None) if globals.config.is_none() => Ok(Config::default()),
        Ok(None) => Err(Stop::usage(format!("there is no config file {}", path.display()))),
        Err(error) => Err(unusable(error)),
    }
}

/// Where the config file is, whether or not there is one.
pub(super) fn config_path<'p>(globals: &'p Globals, paths: &'p Paths) -> Option<&'p Path> {
    globals.config.as_deref().or(paths.config.as_deref())
}

/// The themes beside it.
pub(super) fn own_themes(globals: &Globals, paths: &Paths) -> OwnThemes {
    config_path(globals, paths).map_or_else(OwnThemes::default, OwnThemes::beside)
}

/// The theme that the config file names; where it cannot be used the one it is based on, and what is wrong with it.
pub(super) fn theme(globals: &Globals, paths: &Paths, config: &Config) -> (Option<Theme>, Vec<Flaw>) {
    let (Some(path), Some(named)) = (config_path(globals, paths), &config.theme) else { return (None, Vec::new()) };
    match OwnThemes::beside(path).find(&named.name) {
        Ok(theme) => (theme, Vec::new()),
        Err(why) => (why.base().map(Theme::built_in), why.flaws(path, named)),
    }
}

fn unusable(error: FileError) -> Stop {
    Stop::usage(format!("{:#}", anyhow::Error::new(error)))
}

/// A project file: what is trusted is what was read.
pub(super) struct Project {
    pub(super) file: PathBuf,
    pub(super) bytes: Vec<u8>,
    pub(super) trusted: bool,
}

/// The project file of the folder that the program is started in. One that is named as the config file is no project's.
pub(super) fn project(globals: &Globals, paths: &Paths) -> Result<Option<Project>, Stop> {
    let Ok(file) = fs::canonicalize(project::NAME) else { return Ok(None) };
    if globals.config.as_ref().is_some_and(|named| fs::canonicalize(named).is_ok_and(|named| named == file)) {
        return Ok(None);
    }
    // A pipe would keep us waiting for whoever made the folder.
    if !fs::metadata(&file).is_ok_and(|found| found.is_file()) {
        return Err(Stop::usage(format!("project file {}: it is no regular file", file.display())));
    }
    let Some(bytes) = file::bytes(&file).map_err(unusable)? else { return Ok(None) };
    let trusted = match paths.trust() {
        Some(store) => Trust::load(&store).map_err(unusable)?.holds(&file, &bytes),
        None => false,
    };
    Ok(Some(Project { file, bytes, trusted }))
}

/// Changes the config file by its text, and gives its path. A file that is broken, of a later version, or would be
/// broken by the change is left alone.
pub(super) fn changed(
    globals: &Globals,
    change: impl FnOnce(&str) -> Result<String, ChangeError>,
) -> Result<PathBuf, Stop> {
    let paths = Paths::of_this_machine();
    let Some(path) = globals.config.clone().or(paths.config) else {
        return Err(Stop::usage("this machine names no home folder: name the config file by `--config`"));
    };
    file::write::change(&path, change).map_err(|error| {
        let is_broken = matches!(error, NotWritten::Unusable(_));
        let stop = Stop::usage(format!("{:#}", anyhow::Error::new(error)));
        if is_broken { stop.hint("nothing was written") } else { stop }
    })?;
    Ok(path)
}

/// A path as seen from here, for a file that is read from elsewhere.
pub(super) fn whole(path: &Path) -> Result<PathBuf, Stop> {
    std::path::absolute(path).map_err(|error| Stop::usage(format!("{}: {error}", path.display())))
}

/// The profile that the environment describes, and its proxies.
pub(super) fn environment() -> Result<(Option<Profile>, Proxies), Stop> {
    let variable = |name: &str| std::env::var(name).ok();
    let wrong = |error: EnvironmentError| Stop::usage(error.to_string());
    Ok((profiles::from_environment(&variable).map_err(wrong)?, proxies::from_environment(&variable).map_err(wrong)?))
}

/// How much is to be logged, where the environment says it.
fn level() -> Result<Option<Level>, Stop> {
    const NAME: &str = "AUTHSCOPE_LOG";
    let Some(written) = std::env::var_os(NAME).filter(|written| !written.is_empty()) else { return Ok(None) };
    let written = written.to_string_lossy();
    let allowed = Level::ALL.map(Level::name);
    let level = Level::named(&written);
    level.map(Some).ok_or_else(|| Stop::usage(format!("{NAME}: {}", not_allowed(&written, &allowed))))
}

/// A sandbox on 127.0.0.1 that goes by `clock` and does not serve yet; port 0 takes a free one.
pub(super) fn bound(clock: &Clock, port: u16, lifetime: Duration, tls: bool, strict: bool) -> io::Result<Bound> {
    let (now, sleep) = (clock.clone(), clock.clone());
    Sandbox::bind(Options {
        port,
        lifetime,
        now: Arc::new(move || Duration::from_millis(now.wall().as_millisecond().unsigned_abs())),
        sleep: Arc::new(move |time| {
            let clock = sleep.clone();
            Box::pin(async move { timer::sleep_until(&clock, clock.boot() + time).await })
        }),
        clients: None,
        tls,
        strict,
    })
}

/// The profile of a sandbox, its clients as credentials.
pub(super) fn sandbox_profile(sandbox: &Sandbox) -> Result<Profile, Stop> {
    let base = file::address(sandbox.base_url()).map_err(Stop::usage)?;
    let clients = sandbox.clients().iter();
    let clients = clients.map(|client| (client.id.clone(), Arc::new(Secret::new(client.secret.clone()))));
    Ok(profiles::sandbox(base, clients))
}

/// Random numbers from 0 to 1, for jitter.
pub(super) fn dice() -> Dice {
    // Without randomness there is no jitter; everything else works.
    Arc::new(|| getrandom::u32().map_or(0.5, |drawn| f64::from(drawn) / f64::from(u32::MAX)))
}
