//! `authscope config`: where the config file is, what one looks like, what is wrong with it, the keys it makes, and the
//! themes beside it.

use clap::{Args, Subcommand};

use super::{
    exit::{Exit, Stop},
    printer,
    start::{self, Globals},
};
use crate::config::{
    file,
    nearest::not_allowed,
    own_themes,
    paths::Paths,
    theme::{AUTO, Theme, ThemeName},
};

const EXAMPLES: &str = "\
Examples:
  authscope config path
  authscope config example > authscope.toml
  authscope config check --config authscope.toml
  authscope config themes
  authscope config theme dark > mine.toml
  authscope config keys
  authscope config schema > authscope.schema.json";

/// Tells about the config file
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Print where the config file is read from
    Path,
    /// Print a file with every key at its default
    Example,
    /// Say what is wrong with the config file and the environment; exits with 2 if anything is
    Check,
    /// Print the JSON schema of the config file, for editors
    Schema,
    /// Print every action with its keys
    Keys,
    /// Print every theme with its source; exits with 2 if anything is wrong with one
    Themes,
    /// Print the file of a built-in theme, to make one of your own from
    Theme {
        /// dark, light, ansi16 or mono
        #[arg(value_parser = built_in)]
        name: ThemeName,
    },
}

/// Prints what is asked for.
pub(super) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let paths = Paths::of_this_machine();
    let path = || {
        let path = start::config_path(globals, &paths);
        path.ok_or_else(|| Stop::usage("this machine names no home folder, so there is no place for a config file"))
    };
    match arguments.what {
        What::Path => printer::line(&path()?.display().to_string())?,
        What::Example => printer::line(file::EXAMPLE.trim_end())?,
        What::Schema => printer::line(&format!("{:#}", file::schema()))?,
        What::Themes => return themes(globals, &paths),
        What::Theme { name } => {
            printer::line(&format!("based_on = \"{}\"\n{}", name.name(), name.source().trim_end()))?;
        }
        What::Keys => printer::line(start::config(globals, &paths)?.keymap.text().trim_end())?,
        What::Check => {
            let config = start::config(globals, &paths)?;
            start::environment()?;
            let (theme, flaws) = start::theme(globals, &paths, &config);
            for flaw in config.warnings.iter().chain(&flaws) {
                printer::note(&format!("authscope: {flaw}"));
            }
            if !config.warnings.is_empty() || !flaws.is_empty() {
                return Ok(Exit::Usage);
            }
            if let (Some(theme), Some(named)) = (theme, &config.theme) {
                note_if_hard_to_read(&theme, &named.name);
            }
            let path = path()?;
            let found = if path.exists() { "nothing is wrong with it" } else { "there is none, so the defaults hold" };
            printer::line(&format!("{}: {found}", path.display()))?;
        }
    }
    Ok(Exit::Done)
}

/// Prints every theme; a file that cannot be used is told, and the others are printed all the same.
fn themes(globals: &Globals, paths: &Paths) -> anyhow::Result<Exit> {
    let themes = start::own_themes(globals, paths);
    let (own, mut end) = (themes.files(), Exit::Done);
    let names = ThemeName::ALL.map(ThemeName::name).into_iter().chain([AUTO]).chain(own.iter().map(String::as_str));
    let widest = names.map(|name| name.chars().count()).max().unwrap_or(0);
    for name in ThemeName::ALL.map(ThemeName::name) {
        printer::line(&format!("{name:widest$}  built in"))?;
    }
    printer::line(&format!("{AUTO:widest$}  the one of these that suits the terminal"))?;
    for name in own {
        let file = themes.file(&name).unwrap_or_default();
        if own_themes::is_built_in(&name) {
            printer::note(&format!(
                "authscope: {}: `{name}` is built in: give this theme another name",
                file.display()
            ));
            end = Exit::Usage;
            continue;
        }
        match themes.find(&name) {
            Ok(theme) => {
                let base = theme.as_ref().map_or(AUTO, |theme| theme.base().name());
                printer::line(&format!("{name:widest$}  {}, based on {base}", file.display()))?;
                if let Some(theme) = theme {
                    note_if_hard_to_read(&theme, &name);
                }
            }
            Err(why) => {
                printer::line(&format!("{name:widest$}  {}, which cannot be used", file.display()))?;
                why.to_string().lines().for_each(|line| printer::note(&format!("authscope: {line}")));
                end = Exit::Usage;
            }
        }
    }
    Ok(end)
}

fn note_if_hard_to_read(theme: &Theme, name: &str) {
    if let Some(hard) = theme.hard_to_read(name) {
        printer::note(&format!("authscope: {hard}"));
    }
}

/// A built-in theme of a command line.
fn built_in(written: &str) -> Result<ThemeName, String> {
    ThemeName::named(written).ok_or_else(|| not_allowed(written, &ThemeName::ALL.map(ThemeName::name)))
}
