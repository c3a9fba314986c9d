//! The project file `authscope.toml` over a person's own: it came with a folder, from whoever made that, so it adds and
//! never changes, and until it is trusted nothing of it runs, is read, or is sent.

use std::path::{Component, Path, PathBuf};

use super::file::{Config, Flaw, NamedTheme};
use super::profiles::PAYSECUREZ;
use crate::domain::credential::SecretSource;
use crate::domain::profile::Profile;
use crate::domain::route::Route;

/// Its name, in the folder that the program is started in.
pub const NAME: &str = "authscope.toml";

/// A project file wants to change what is not its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("project file {}: the profile `{profile}` is yours or built in, and a project file never changes one", .file.display())]
pub struct Repointed {
    /// The project file.
    pub file: PathBuf,
    /// The profile.
    pub profile: String,
}

impl Repointed {
    /// What to do about it.
    pub fn hint(&self) -> String {
        format!(
            "nothing was sent and nothing was run; look at `[profiles.{}]` there, and give it another name",
            self.profile
        )
    }
}

/// A person's own config with that of a project over it, which is `trusted` or not.
///
/// Untrusted it adds profiles that have no secret and go their usual way, and its look. Trusted it adds all of them, and
/// chooses the active one. Keys are a person's own in any case.
pub fn over(own: Config, project: Config, file: &Path, trusted: bool) -> Result<Config, Repointed> {
    let is_taken = |name: &str| name == PAYSECUREZ || own.profiles.iter().any(|profile| profile.name == name);
    if let Some(profile) = project.profiles.iter().find(|profile| is_taken(&profile.name)) {
        return Err(Repointed { file: file.to_owned(), profile: profile.name.clone() });
    }
    let mut config = own;
    // Its place is one of another file.
    config.theme = project.theme.map(|theme| NamedTheme { place: None, ..theme }).or(config.theme);
    config.signs = project.signs.or(config.signs);
    // Its requests are text that is shown; those of a folder elsewhere are none of its business.
    let within = |folder: &PathBuf| {
        let own = file.parent().unwrap_or(Path::new(""));
        let inside = folder.strip_prefix(own).ok();
        inside.is_some_and(|inside| {
            inside.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        })
    };
    config.collection = project.collection.filter(|folder| trusted || within(folder)).or(config.collection);
    config.warnings.extend(project.warnings);
    if trusted {
        config.profile = project.profile.or(config.profile);
        config.profiles.extend(project.profiles);
        return Ok(config);
    }
    config.warnings.push(Flaw {
        file: file.to_owned(),
        place: None,
        key: String::new(),
        what: "this project file is not trusted, so its secrets, files and proxies are passed over: `authscope trust` shows them".to_owned(),
    });
    config.profiles.extend(project.profiles.into_iter().map(|profile| disarmed(profile, file)));
    Ok(config)
}

/// What a profile may be of an untrusted file: its addresses, and who would call.
fn disarmed(mut profile: Profile, file: &Path) -> Profile {
    profile.route = Route::default();
    profile.token_headers.clear();
    for credential in &mut profile.credentials {
        credential.secret = SecretSource::Untrusted(file.to_owned());
        credential.extra.clear();
    }
    profile
}

/// What a file would do if it were trusted, a line each: where it sends what, what it runs, and what it reads.
pub fn would(config: &Config) -> Vec<String> {
    let mut lines = Vec::new();
    for profile in &config.profiles {
        let name = &profile.name;
        lines.push(format!(
            "profile `{name}` sends calls to {}, and asks for tokens at {}",
            profile.base(),
            profile.token_url
        ));
        lines.extend(profile.allowed_origins.iter().map(|origin| format!("  its tokens may go to {origin} too")));
        for credential in &profile.credentials {
            let who = &credential.name;
            lines.push(match &credential.secret {
                SecretSource::Command(words) => format!("  runs {words:?} for the secret of `{who}`"),
                SecretSource::File(path) => format!("  reads {} for the secret of `{who}`", path.display()),
                SecretSource::Environment(variable) => {
                    format!("  sends the variable {variable} as the secret of `{who}`")
                }
                SecretSource::Keyring(name) => {
                    format!("  sends the entry `{name}` of your keyring as the secret of `{who}`")
                }
                SecretSource::Prompt => format!("  asks you for the secret of `{who}`"),
                SecretSource::Missing | SecretSource::Sandbox(_) | SecretSource::Untrusted(_) => {
                    format!("  has no secret of `{who}`")
                }
            });
            lines.extend(credential.extra.iter().map(|(field, value)| format!("  sends the field {field}={value}")));
        }
        lines.extend(
            profile.token_headers.iter().map(|(field, value)| format!("  sends the header field {field}: {value:?}")),
        );
        lines.extend(
            profile.route.authorities.iter().map(|file| format!("  trusts the authorities of {}", file.display())),
        );
        let identity = profile.route.identity.iter();
        lines.extend(identity.map(|identity| {
            format!("  shows {} with the key {}", identity.certificate.display(), identity.key.display())
        }));
        let proxies = profile.route.proxies.iter().flat_map(|proxies| &proxies.https);
        lines.extend(proxies.map(|proxy| format!("  calls through the proxy {proxy}")));
    }
    lines.extend(config.profile.iter().map(|profile| format!("makes `{profile}` the active profile")));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::parse;
    use crate::config::keymap::Keymap;
    use crate::config::theme::Signs;

    const PROJECT: &str = r#"
profile = "theirs"
[look]
theme = "light"
[keys]
send = ["x"]
[profiles.theirs]
base-url = "https://theirs.example"
ca-file = "ca.pem"
client-certificate = "me.pem"
client-key = "me.key"
proxy = "http://proxy.example"
token-fields = { tenant = "7" }
token-request-headers = { X-Version = "2" }
allowed-origins = ["https://more.example"]
[profiles.theirs.credentials.a]
client-id = "a"
secret = { command = ["touch", "ran"] }
[profiles.theirs.credentials.b]
client-id = "b"
secret = { file = "secret" }
[profiles.theirs.credentials.c]
client-id = "c"
secret = { env = "AWS_SECRET_ACCESS_KEY" }
[profiles.theirs.credentials.entry]
client-id = "d"
secret = { keyring = "mine/default" }
"#;

    fn config(text: &str) -> Config {
        parse(text.as_bytes(), Path::new("/p/authscope.toml")).unwrap()
    }

    fn laid(trusted: bool) -> Config {
        let own = config(
            "profile = \"mine\"\n[look]\nsigns = \"ascii\"\n[profiles.mine]\nbase-url = \"https://mine.example\"\n",
        );
        over(own, config(PROJECT), Path::new("/p/authscope.toml"), trusted).unwrap()
    }

    #[test]
    fn an_untrusted_file_adds_addresses_and_its_look_and_nothing_that_runs_is_read_or_sent() {
        let config = laid(false);
        let theirs = &config.profiles[1];
        assert_eq!((config.profile.as_deref(), config.profiles[0].name.as_str()), (Some("mine"), "mine"));
        assert_eq!(
            (config.theme.as_ref().map(|theme| theme.name.as_str()), config.signs),
            (Some("light"), Some(Signs::Ascii))
        );
        assert_eq!(config.keymap.markdown(), Keymap::default().markdown());
        assert_eq!(theirs.base(), "https://theirs.example");
        assert_eq!((&theirs.route, theirs.token_headers.len()), (&Route::default(), 0));
        for credential in &theirs.credentials {
            assert!(matches!(credential.secret, SecretSource::Untrusted(_)) && credential.extra.is_empty());
        }
        assert!(config.warnings[0].what.contains("`authscope trust`"));
    }

    #[test]
    fn a_trusted_file_adds_all_of_it() {
        let config = laid(true);
        let theirs = &config.profiles[1];
        assert_eq!(config.profile.as_deref(), Some("theirs"));
        assert_eq!(config.keymap.markdown(), Keymap::default().markdown());
        assert!(matches!(theirs.credentials[0].secret, SecretSource::Command(_)));
        assert!(theirs.route.authorities.is_some() && theirs.route.proxies.is_some() && config.warnings.is_empty());
    }

    #[test]
    fn no_file_changes_a_profile_that_is_not_its_own_trusted_or_not() {
        let own = config("[profiles.mine]\nbase-url = \"https://mine.example\"\n");
        for name in ["mine", "paysecurez"] {
            let theirs = config(&format!("[profiles.{name}]\nbase-url = \"https://theirs.example\"\n"));
            for trusted in [false, true] {
                let refused = over(own.clone(), theirs.clone(), Path::new("p"), trusted).unwrap_err();
                assert_eq!(refused.profile, name);
            }
        }
    }

    #[test]
    fn what_a_file_would_do_is_told_whole() {
        let told = would(&config(PROJECT)).join("\n");
        for part in [
            "https://theirs.example",
            "https://more.example",
            r#"["touch", "ran"]"#,
            "reads /p/secret",
            "AWS_SECRET_ACCESS_KEY",
            "the entry `mine/default` of your keyring",
            "tenant=7",
            "x-version",
            "/p/ca.pem",
            "/p/me.pem",
            "/p/me.key",
            "proxy.example",
            "`theirs` the active",
        ] {
            assert!(told.contains(part), "{part} in {told}");
        }
    }
}
