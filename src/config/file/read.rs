//! From the text of a config file to a [`Config`], with the place of everything that is wrong.

use std::path::{Path, PathBuf};

use serde_ignored::Path as Trail;
use toml::Spanned;
use toml::de::{DeTable, Error as TomlError};

use super::{Config, Flaw, NamedTheme, VERSION, shape};
use crate::config::flaw::line_and_column;
use crate::config::keymap::Keymap;
use crate::config::nearest::nearest;
use crate::config::profiles::{self, ENVIRONMENT, PAYSECUREZ, SANDBOX};
use crate::config::theme::AUTO;
use crate::domain::credential::{Credential, SecretSource, keyring_entry};
use crate::domain::profile::{Limits, Place, Profile, TOKEN_PATH};
use crate::domain::record::Retention;
use crate::domain::request::Formatters;
use crate::domain::route::{Identity, Route};
use crate::domain::token_answer::{TokenAnswer, TokenHeader};

/// What the text says; `file` names it in messages.
pub(super) fn config(text: &str, file: &Path) -> Result<Config, Flaw> {
    let mut reader = Reader { file, text, document: DeTable::new() };
    let document = DeTable::parse(text).map_err(|error| reader.syntax(&error))?;
    reader.document = document.get_ref().clone();
    reader.config(document)
}

/// A text on its way to a [`Config`].
struct Reader<'t> {
    file: &'t Path,
    text: &'t str,
    /// The text as TOML, to find where a key is written.
    document: DeTable<'t>,
}

impl<'t> Reader<'t> {
    fn config(&self, document: Spanned<DeTable<'t>>) -> Result<Config, Flaw> {
        let mut unknown = Vec::new();
        let written: shape::File =
            serde_ignored::deserialize(toml::Deserializer::from(document), |trail| unknown.push(segments(&trail)))
                .map_err(|error| self.syntax(&error))?;

        let later_version = self.later_version(written.version)?;
        let (keymap, problems) = Keymap::with(&written.keys);
        let mut warnings: Vec<_> = unknown.iter().map(|path| self.unknown_key(path)).collect();
        warnings.extend(problems.iter().map(|problem| self.flaw(&["keys", problem.action()], problem.to_string())));
        if let Some(version) = later_version {
            let what = format!("version {version} is later than {VERSION}: read as far as known, and never written");
            warnings.push(self.flaw(&["version"], what));
        }
        warnings.sort_by_key(|warning| warning.place);

        let mut named: Vec<_> = written.profiles.into_iter().collect();
        named.sort_by_key(|(name, _)| self.position(&["profiles", name]));
        let profiles =
            named.into_iter().map(|(name, written)| self.profile(&name, written)).collect::<Result<Vec<_>, _>>()?;
        self.chosen(written.profile.as_deref(), &profiles)?;
        let shape::Look { theme, signs, background } = written.look;
        let place = self.position(&["look", "theme"]).map(|at| line_and_column(self.text, at));
        let theme = theme.filter(|name| name != AUTO).map(|name| NamedTheme { name, place });
        let (signs, background) =
            (signs.and_then(|choice| choice.0), background.map(|word| word.0).unwrap_or_default());
        let level = written.log.level.map(|word| word.0).unwrap_or_default();
        let (kept, usual) = (written.history, Retention::default());
        let history = Retention {
            days: kept.days.map_or(usual.days, |days| days.0),
            calls: kept.calls.map(|calls| calls.0).or(usual.calls),
            body: kept.bodies.map_or(usual.body, |body| body.0),
        };
        let shape::Format { json, text } = written.format;
        let formatters = Formatters { json: json.map(|program| program.0), text: text.map(|program| program.0) };
        Ok(Config {
            profile: written.profile,
            collection: written.collection.map(|path| self.found(&path.0)),
            theme,
            signs,
            background,
            level,
            history,
            formatters,
            keymap,
            profiles,
            later_version,
            warnings,
        })
    }

    fn later_version(&self, version: i64) -> Result<Option<i64>, Flaw> {
        match version {
            ..=0 => Err(self.flaw(&["version"], format!("there is no version {version}: write {VERSION}"))),
            VERSION => Ok(None),
            later => Ok(Some(later)),
        }
    }

    fn chosen(&self, name: Option<&str>, profiles: &[Profile]) -> Result<(), Flaw> {
        let own = profiles.iter().map(|profile| profile.name.as_str()).filter(|name| *name != PAYSECUREZ);
        let known = [SANDBOX, PAYSECUREZ].into_iter().chain(own);
        match name {
            Some(name) if known.clone().all(|known| known != name) => {
                Err(self.flaw(&["profile"], profiles::unknown(name, known).to_string()))
            }
            _ => Ok(()),
        }
    }

    /// A profile of the file; one named like the built-in API says what differs from that.
    fn profile(&self, name: &str, written: shape::Profile) -> Result<Profile, Flaw> {
        let at = |key| ["profiles", name, key];
        if name == SANDBOX || name == ENVIRONMENT {
            let what = format!("the profile `{name}` is the program's own: give this one another name");
            return Err(self.flaw(&["profiles", name], what));
        }
        if !is_plain(name) {
            return Err(self.flaw(&["profiles", name], PLAIN.to_owned()));
        }
        let route = self.route(name, &written)?;
        let base = written.base_url.map(|base| base.0);
        let mut profile = if name == PAYSECUREZ {
            profiles::paysecurez()
        } else {
            let Some(base) = base.clone() else {
                let what = "`base-url` is missing: write where calls go, such as `https://api.example`".to_owned();
                return Err(self.flaw(&["profiles", name], what));
            };
            Profile::new(name, base.clone(), base)
        };
        profile.base_url = base.unwrap_or(profile.base_url);
        profile.token_url = profiles::under(&profile.base_url, written.token_url.as_deref().unwrap_or(TOKEN_PATH))
            .map_err(|what| self.flaw(&at("token-url"), what))?;
        profile.wire = written.token_request.map_or(profile.wire, |word| word.0);
        profile.policy = written.policy.map_or(profile.policy, |word| word.0);
        profile.place = match written.production {
            Some(true) => Place::Production,
            Some(false) => Place::Ordinary,
            None => profile.place,
        };
        profile.expected_life = written.expected_lifetime.map(|time| time.0).or(profile.expected_life);
        profile.route = route;
        profile.renewal_lead = written.renewal_lead.map(|time| time.0);
        profile.token_cache = written.token_cache.unwrap_or_default();
        profile.colour = written.colour.map(|word| word.0);
        profile.header = TokenHeader {
            name: written.header.name.map_or(profile.header.name, |name| name.0),
            prefix: written.header.prefix.map_or(profile.header.prefix, |prefix| prefix.0),
        };
        profile.variables = written.variables.into_iter().collect();
        profile.token_headers = written.token_request_headers.0;
        profile.answer = answer(written.token_answer, profile.answer);
        profile.allowed_origins = written.allowed_origins.into_iter().map(|origin| origin.0).collect();
        profile.limits = limits(&written.limits, &profile.limits);

        let mut named: Vec<_> = written.credentials.into_iter().collect();
        named.sort_by_key(|(credential, _)| self.position(&["profiles", name, "credentials", credential]));
        for (credential, told) in named {
            if !is_plain(&credential) {
                return Err(self.flaw(&["profiles", name, "credentials", &credential], PLAIN.to_owned()));
            }
            profile.credentials.push(Credential {
                secret: told.secret.map_or(SecretSource::Missing, |place| self.source(place, name, &credential)),
                name: credential,
                client_id: told.client_id.0,
                scope: told.scope.or_else(|| written.scope.clone()),
                audience: told.audience,
                resource: told.resource,
                extra: joined(&written.token_fields.0, &told.token_fields.0),
            });
        }
        Ok(profile)
    }

    fn route(&self, name: &str, written: &shape::Profile) -> Result<Route, Flaw> {
        let found = |path: &Option<shape::PathText>| path.as_ref().map(|path| self.found(&path.0));
        let identity = match (found(&written.client_certificate), found(&written.client_key)) {
            (Some(certificate), Some(key)) => Some(Identity { certificate, key }),
            (None, None) => None,
            (Some(_), None) => {
                let what = "`client-key` is missing: the file with the private key of this certificate".to_owned();
                return Err(self.flaw(&["profiles", name, "client-certificate"], what));
            }
            (None, Some(_)) => {
                let what = "`client-certificate` is missing: the file with the certificate of this key".to_owned();
                return Err(self.flaw(&["profiles", name, "client-key"], what));
            }
        };
        let proxies = written.proxy.as_ref().map(|proxy| proxy.0.clone());
        Ok(Route { authorities: found(&written.ca_file), identity, proxies })
    }

    fn source(&self, place: shape::SecretPlace, profile: &str, credential: &str) -> SecretSource {
        match place {
            shape::SecretPlace::Environment(name) => SecretSource::Environment(name),
            shape::SecretPlace::File(path) => SecretSource::File(self.found(&path)),
            shape::SecretPlace::Command(words) => SecretSource::Command(words),
            shape::SecretPlace::Keyring(name) => {
                SecretSource::Keyring(name.unwrap_or_else(|| keyring_entry(profile, credential)))
            }
            shape::SecretPlace::Prompt => SecretSource::Prompt,
        }
    }

    /// A path of the file: after `~/` within the home folder, else from the folder that the file is in.
    fn found(&self, path: &Path) -> PathBuf {
        let home = directories::BaseDirs::new();
        match (path.strip_prefix("~"), home) {
            (Ok(rest), Some(home)) => home.home_dir().join(rest),
            _ => self.file.parent().unwrap_or(Path::new("")).join(path),
        }
    }

    /// A key that is passed over.
    fn unknown_key(&self, path: &[String]) -> Flaw {
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        let (name, table) = path.split_last().map_or(("", &[][..]), |(name, table)| (*name, table));
        let nearest = nearest(name, shape::known_keys(table).iter().copied());
        let hint = nearest.map(|known| format!(", did you mean `{known}`?")).unwrap_or_default();
        self.flaw(&path, format!("this key is not known and was passed over{hint}"))
    }

    /// What TOML itself, or the shape of the file, has to say.
    fn syntax(&self, error: &TomlError) -> Flaw {
        // Without the text at hand, the error tells its keys instead of quoting the line.
        let mut bare = error.clone();
        bare.set_input(None);
        let bare = bare.to_string();
        let key = bare.lines().rev().find_map(|line| line.strip_prefix("in `")?.strip_suffix('`'));
        Flaw {
            file: self.file.to_owned(),
            place: error.span().map(|span| line_and_column(self.text, span.start)),
            key: key.unwrap_or_default().to_owned(),
            what: without_value(error.message()),
        }
    }

    fn flaw(&self, path: &[&str], what: String) -> Flaw {
        let place = self.position(path).map(|at| line_and_column(self.text, at));
        Flaw { file: self.file.to_owned(), place, key: path.join("."), what }
    }

    /// Where the last key of a path is written.
    fn position(&self, path: &[&str]) -> Option<usize> {
        let (first, rest) = path.split_first()?;
        let (mut key, mut value) = self.document.get_key_value(*first)?;
        for segment in rest {
            (key, value) = value.get_ref().as_table()?.get_key_value(*segment)?;
        }
        Some(key.span().start)
    }
}

/// What a name of a profile or credential is made of.
const PLAIN: &str = "a name is made of letters, digits, `-`, `_`, `.` and blanks, 40 at most";

fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    !name.trim().is_empty() && name.chars().count() <= 40 && name.chars().all(plain)
}

fn answer(written: shape::Answer, usual: TokenAnswer) -> TokenAnswer {
    TokenAnswer {
        token: written.token.map_or(usual.token, |member| member.0),
        kind: written.kind.map_or(usual.kind, |member| member.0),
        expiry: written.expiry.map_or(usual.expiry, |member| member.0),
        expiry_is: written.expiry_is.map_or(usual.expiry_is, |word| word.0),
    }
}

/// The fields of a profile, those of a credential in the place of, or after, them.
fn joined(profile: &[(String, String)], credential: &[(String, String)]) -> Vec<(String, String)> {
    let others = profile.iter().filter(|(name, _)| credential.iter().all(|(own, _)| own != name));
    others.cloned().chain(credential.iter().cloned()).collect()
}

fn limits(written: &shape::Limits, usual: &Limits) -> Limits {
    Limits {
        connect: written.connect_timeout.map_or(usual.connect, |time| time.0),
        flight: written.token_timeout.map_or(usual.flight, |time| time.0),
        idle: written.idle_timeout.map_or(usual.idle, |time| time.0),
        total: written.total_timeout.map_or(usual.total, |time| time.0),
        max_body: written.max_body.map_or(usual.max_body, |size| size.0),
        max_expansion: written.max_expansion.map_or(usual.max_expansion, |times| u64::from(times.get())),
        redirects: written.max_redirects.map_or(usual.redirects, |count| count as usize),
    }
}

/// A path of keys; the wrappers that the reader passes through have no name.
fn segments(trail: &Trail<'_>) -> Vec<String> {
    match trail {
        Trail::Root => Vec::new(),
        Trail::Seq { parent, index } => [segments(parent), vec![index.to_string()]].concat(),
        Trail::Map { parent, key } => [segments(parent), vec![key.clone()]].concat(),
        Trail::Some { parent } | Trail::NewtypeStruct { parent } | Trail::NewtypeVariant { parent } => segments(parent),
    }
}

/// The message of a wrong type without the value, which may be a secret at the wrong place.
fn without_value(message: &str) -> String {
    let wrong = ["invalid type: ", "invalid value: "].into_iter().find_map(|start| message.strip_prefix(start));
    match wrong.and_then(|wrong| wrong.rsplit_once(", expected ")) {
        Some((found, expected)) => {
            let kind = found.split(['"', '`']).next().unwrap_or_default().trim();
            format!("expected {expected}, found {kind}")
        }
        None => message.to_owned(),
    }
}
