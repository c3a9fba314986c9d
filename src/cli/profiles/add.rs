//! `authscope profiles add`: a profile or a credential more in the config file. The secret itself is never an argument:
//! only where it comes from.

use std::path::PathBuf;

use clap::Args;

use crate::{
    cli::{
        exit::Stop,
        printer,
        start::{self, Globals, whole},
    },
    config::file::write::{self, Addition, Setting},
    domain::credential::{SecretSource, keyring_entry},
    secrets,
};

/// Add a profile, or a credential to one that is there, to the config file
#[derive(Args)]
pub(super) struct Arguments {
    /// Its name; `paysecurez` has its addresses already
    name: String,
    /// Where calls go
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Where tokens are asked for: an address, or a path after the base URL
    #[arg(long, value_name = "URL")]
    token_url: Option<String>,
    /// How they are asked for: json, form-body or form-basic
    #[arg(long, value_name = "FORM")]
    token_request: Option<String>,
    /// When they are asked for: reuse, per-transaction or manual
    #[arg(long)]
    policy: Option<String>,
    /// Mark it on every screen
    #[arg(long)]
    production: bool,
    /// A PEM file of certificate authorities, trusted in place of the machine's
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The name of the credential
    #[arg(long, value_name = "NAME", default_value = "default")]
    credential: String,
    /// Who calls
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// The scope that is asked for
    #[arg(long, requires = "client_id")]
    scope: Option<String>,
    /// The audience that is asked for
    #[arg(long, requires = "client_id")]
    audience: Option<String>,
    /// The resource that is asked for
    #[arg(long, requires = "client_id", value_name = "URL")]
    resource: Option<String>,
    #[command(flatten)]
    source: Source,
}

/// Where the secret comes from.
#[derive(Args)]
#[group(multiple = false, requires = "client_id")]
struct Source {
    /// The secret is in this environment variable
    #[arg(long = "secret-env", value_name = "NAME")]
    env: Option<String>,
    /// The secret is in this file, which nobody else can read
    #[arg(long = "secret-file", value_name = "FILE")]
    file: Option<PathBuf>,
    /// The secret is what this command prints: a program and its arguments, as the last option
    #[arg(long = "secret-command", value_name = "WORD", num_args = 1.., allow_hyphen_values = true)]
    command: Option<Vec<String>>,
    /// The secret is in the system's keyring, where `authscope secret set` puts it
    #[arg(long = "secret-keyring")]
    keyring: bool,
    /// The secret is asked for on the terminal
    #[arg(long = "secret-prompt")]
    prompt: bool,
}

impl Arguments {
    fn source(&self) -> Result<Option<SecretSource>, Stop> {
        let source = &self.source;
        let entry = || SecretSource::Keyring(keyring_entry(&self.name, &self.credential));
        let file = source.file.as_deref().map(whole).transpose()?.map(SecretSource::File);
        Ok(file
            .or_else(|| source.env.clone().map(SecretSource::Environment))
            .or_else(|| source.command.clone().map(SecretSource::Command))
            .or_else(|| source.keyring.then(entry))
            .or_else(|| source.prompt.then_some(SecretSource::Prompt)))
    }
}

/// Writes it, and says what is in the way of its use.
pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<()> {
    let source = arguments.source()?;
    let addition = addition(arguments, source.as_ref())?;
    let file = start::changed(globals, |text| write::added(text, &addition))?;
    let name = &arguments.name;
    printer::note(&format!("authscope: `{name}` is in {}", file.display()));
    if let Some(source) = &source {
        let secrets::Rest { place, state, .. } = secrets::rest(source);
        printer::note(&format!("  its secret comes from {} and rests: {place}", source.origin()));
        if let SecretSource::File(_) = source {
            printer::warning(
                "the file has the secret in the clear; `--secret-keyring` and `--secret-command` leave it with the system's keyring or a password manager",
                false,
            );
        }
        if let SecretSource::Keyring(_) = source {
            let credential = &arguments.credential;
            let which = if credential == "default" { String::new() } else { format!(" --credential '{credential}'") };
            printer::note(&format!("  `authscope secret set '{name}'{which}` puts it there"));
        }
        if let Err(flaw) = state {
            printer::warning(&format!("{}; {}", flaw.why, flaw.mend), false);
        }
    }
    printer::note(&format!("  `authscope profiles test {name}` tries it"));
    Ok(())
}

fn addition(arguments: &Arguments, source: Option<&SecretSource>) -> Result<Addition, Stop> {
    let ca_file = arguments.ca_file.as_deref().map(whole).transpose()?;
    let ca_file = ca_file.map(|path| path.to_string_lossy().into_owned());
    let texts = [
        ("base-url", &arguments.base_url),
        ("token-url", &arguments.token_url),
        ("token-request", &arguments.token_request),
        ("policy", &arguments.policy),
        ("ca-file", &ca_file),
    ];
    let mut settings = given(&texts);
    if arguments.production {
        settings.push(("production", Setting::Flag(true)));
    }
    let credential = arguments.client_id.as_ref().map(|_| {
        let mut who = given(&[("client-id", &arguments.client_id)]);
        who.extend(source.map(|source| ("secret", Setting::Source(source.clone()))));
        let rest = [("scope", &arguments.scope), ("audience", &arguments.audience), ("resource", &arguments.resource)];
        who.extend(given(&rest));
        (arguments.credential.clone(), who)
    });
    Ok(Addition { profile: arguments.name.clone(), settings, credential })
}

fn given(texts: &[(&'static str, &Option<String>)]) -> Vec<(&'static str, Setting)> {
    texts.iter().filter_map(|(key, text)| Some((*key, Setting::Text(Option::clone(text)?)))).collect()
}
