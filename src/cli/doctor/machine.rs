//! The machine: folders and files and who may read them, the config, secrets, certificate authorities, the clock.

use std::{fs, path::Path, sync::Arc, time::Duration};

use super::Finding;
use crate::{
    cli::start::{self, Globals, Start},
    config::{paths::Paths, profiles},
    domain::{credential::SecretSource, redact::Redactor},
    engine::timer,
    secrets::{self, Flaw, beside, keeper::Keeper},
};

/// How long a keyring may take to answer: one that asks a person is not waited for.
const KEYRING: Duration = Duration::from_secs(3);
/// A clock before this cannot be right: seconds since 1970 on the first of January 2026.
const TOO_EARLY: i64 = 1_767_225_600;

/// The folders, and whether others can look into them.
pub(super) fn places(paths: &Paths) -> Vec<Finding> {
    let log = paths.log();
    let database = paths.state.as_ref().map(|folder| folder.join("authscope.db"));
    let history = paths.state.as_ref().map(|folder| folder.join("history.db"));
    let kinds = [
        ("state", paths.state.as_deref(), "the session, the history and the log"),
        ("cache", paths.cache.as_deref(), "large bodies"),
        ("session", database.as_deref(), "drafts and layout"),
        ("history", history.as_deref(), "calls of the last 30 days"),
        ("log", log.as_deref(), "errors"),
    ];
    kinds.into_iter().map(|(name, place, what)| held(name, place, what)).collect()
}

fn held(name: &'static str, place: Option<&Path>, what: &str) -> Finding {
    let Some(place) = place else {
        return Finding::note(name, format!("nowhere: {what} will not be kept"), "set HOME to a folder of yours");
    };
    let shown = place.display();
    match fs::symlink_metadata(place) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Finding::good(name, format!("{shown}, not there yet: {what}"))
        }
        Err(error) => Finding::trouble(name, format!("{shown}: {error}"), "let this account reach it"),
        Ok(found) => match (open_to_others(&found), found.permissions().readonly()) {
            (Some(mode), _) if name != "cache" => {
                let wanted = if found.is_dir() { "700" } else { "600" };
                let text = format!("{shown} ({mode}) can be looked into by others on this machine");
                Finding::note(name, text, format!("chmod {wanted} '{shown}'"))
            }
            (_, true) => Finding::note(name, format!("{shown} cannot be written"), format!("chmod u+w '{shown}'")),
            _ => Finding::good(name, format!("{shown}: {what}")),
        },
    }
}

#[cfg(unix)]
fn open_to_others(found: &fs::Metadata) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = found.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| format!("{mode:o}"))
}

#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> Option<String> {
    None
}

/// The config file.
pub(super) fn config(globals: &Globals, start: &Start, wrong: Option<String>) -> Finding {
    const CHECK: &str = "`authscope config check` says where; `authscope config example` prints a file that is right";
    let path = start::config_path(globals, &start.paths).map(|path| path.display().to_string());
    let path = path.unwrap_or_else(|| "no place for a config file".to_owned());
    if let Some(wrong) = wrong {
        return Finding::trouble("config", wrong, CHECK);
    }
    match start.config.warnings.as_slice() {
        [] if Path::new(&path).exists() => Finding::good("config", path),
        [] => Finding::good("config", format!("{path}, not there: the defaults hold")),
        [first, ..] => Finding::note("config", first.to_string(), CHECK),
    }
}

/// The profile that is active, and the secrets of its credentials.
pub(super) fn profile(globals: &Globals, start: &Start) -> Vec<Finding> {
    let profile = start.profiles.active();
    let ends = format!("{}: {}, tokens from {}", profile.name, profile.base(), profile.token_url);
    let mut found = vec![Finding::good("profile", ends)];
    let proxied =
        crate::domain::origin::Origin::of(&profile.base_url).and_then(|origin| profile.proxy_for(&origin).cloned());
    found.extend(proxied.map(|proxy| Finding::good("proxy", format!("calls go through {}", proxy.address))));
    if let Some(file) = &globals.cacert {
        found.push(Finding::good("authorities", format!("{} in place of the machine's", file.display())));
    }
    if profile.credentials.is_empty() {
        found.push(Finding::note("secret", format!("{} has none", profile.name), secrets::missing(profile)));
    }
    for credential in &profile.credentials {
        let rest = secrets::rest(&credential.secret);
        let text = format!("{}: {}, {}", credential.name, credential.secret.origin(), rest.place);
        found.push(match rest.state {
            Ok(state) => Finding::good("secret", format!("{text}: {state}")),
            Err(Flaw { why, mend }) => Finding::trouble("secret", format!("{text}: {why}"), mend),
        });
    }
    found
}

/// A project file, and whether it counts.
pub(super) fn project(globals: &Globals, paths: &Paths) -> Finding {
    match start::project(globals, paths) {
        Ok(None) => Finding::good("trust", "no project file in this folder"),
        Ok(Some(project)) if project.trusted => {
            Finding::good("trust", format!("{} is trusted", project.file.display()))
        }
        Ok(Some(project)) => {
            let text =
                format!("{} is not trusted: its commands, files and variables are not used", project.file.display());
            Finding::note("trust", text, "`authscope trust` shows what it would run and send, and asks")
        }
        Err(stop) => Finding::trouble("trust", stop.text, stop.hint.unwrap_or_default()),
    }
}

/// Whether a keyring answers. Asks for an entry that nobody has.
pub(super) async fn keyring(start: &Start) -> Finding {
    let asked = beside(|| Keeper::Keyring("authscope/doctor".to_owned()).get().map(|_| ()));
    let answered = timer::limited(&start.clock, start.clock.boot() + KEYRING, asked).await;
    let credentials = start.profiles.active().credentials.iter();
    let is_needed = credentials.into_iter().any(|credential| matches!(credential.secret, SecretSource::Keyring(_)));
    let found = |text, mend| {
        if is_needed { Finding::trouble("keyring", text, mend) } else { Finding::note("keyring", text, mend) }
    };
    match answered {
        Some(Ok(())) => Finding::good("keyring", "it answers"),
        Some(Err(Flaw { why, mend })) => found(why, mend),
        None => found("it does not answer, and may be waiting for you".to_owned(), "unlock it".to_owned()),
    }
}

/// Whether https calls can be checked.
pub(super) async fn authorities(start: &Start) -> Finding {
    let engine = start.engine(Arc::new(|_| {}), Redactor::default());
    match engine.checks_https(start.profiles.active()).await {
        Ok(()) => Finding::good("TLS roots", "servers can be checked, TLS 1.2 and 1.3"),
        Err(failure) => Finding::trouble("TLS roots", failure.text, failure.hint.unwrap_or_default()),
    }
}

/// The clock, as far as it can be judged without asking anybody.
pub(super) fn clock(start: &Start) -> Finding {
    let now = start.clock.wall();
    if now.as_second() < TOO_EARLY {
        let text = format!("{now:.0} is before this program was made: certificates will seem not to count yet");
        return Finding::trouble("clock", text, "set the clock of this machine");
    }
    let text = format!("{now:.0}; how far a server's is off, `authscope profiles test NAME` tells by a token call");
    Finding::good("clock", if start.profiles.active().name == profiles::SANDBOX { format!("{now:.0}") } else { text })
}
