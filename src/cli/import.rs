//! `authscope import`: requests of another program as `.http` files.
//!
//! The text is read whole; a file that it names is read after a yes that shows its name, and nothing is fetched or run.
//! No file is written over unless that is asked for.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser as _},
};

use super::{
    exit::{Exit, Stop},
    printer, prompt,
};
use crate::interchange::{Ask, Files, Import, files, format::Format, profiles};

mod written;

/// Bytes of a text, or of a file that it names.
const LARGEST: u64 = 64 << 20;

const EXAMPLES: &str = "\
Examples:
  authscope import openapi.yaml --to requests
  authscope import - < command.txt
  authscope import collection.json --format postman --to . --yes";

/// Turns requests of another program into .http files: curl commands, OpenAPI, Postman, HAR, .http
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The file, or `-` for standard input
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// The folder to write into; without it the requests go to standard output
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// The format, where the text does not tell it
    #[arg(long, value_parser = PossibleValuesParser::new(Format::ALL.map(Format::name)).map(|name| Format::named(&name).unwrap_or(Format::Http)))]
    format: Option<Format>,
    /// Read the files that it names without a question
    #[arg(short, long)]
    yes: bool,
    /// Write over files that are there
    #[arg(long, requires = "to")]
    overwrite: bool,
}

/// Reads, asks, writes and tells.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    let from_input = arguments.file.as_os_str() == "-";
    let text = if from_input { read(io::stdin().lock(), "standard input") } else { opened(&arguments.file) }?;
    let text = String::from_utf8(text).map_err(|_| Stop::usage("it is no text in UTF-8"))?;
    let format = arguments.format.or_else(|| Format::of(&text));
    let Some(format) = format else {
        let text = "its format cannot be told: it is no curl command, OpenAPI, Postman, HAR or .http";
        return Err(Stop::usage(text).hint("`--format` names one").into());
    };
    let folder = if from_input { Path::new("") } else { arguments.file.parent().unwrap_or(Path::new("")) };
    let mut import = consented(arguments, format, &text, folder)?;
    import.hide_secrets();
    if import.requests.is_empty() && import.variables.is_empty() {
        tell(&import);
        return Err(
            Stop::usage(format!("there is no request in it that can be taken, read as {}", format.name())).into()
        );
    }
    let name = arguments.file.file_stem().filter(|_| !from_input).map(|name| name.to_string_lossy().into_owned());
    let mut made = files(&mut import, name.as_deref().unwrap_or("requests"));
    match &arguments.to {
        None => {
            for (_, text) in &made {
                printer::line(text.trim_end())?;
            }
        }
        Some(folder) => {
            if !import.servers.is_empty() {
                made.push((PathBuf::from("authscope.toml"), profiles(&import.servers)?));
            }
            written::write(folder, &made, arguments.overwrite)?;
            for (path, _) in &made {
                printer::note(&format!("authscope: wrote {}", folder.join(path).display()));
            }
        }
    }
    printer::note(&format!("authscope: took {} requests, read as {}", import.requests.len(), format.name()));
    for server in import.servers.iter().filter(|_| arguments.to.is_none()) {
        printer::note(&format!("  profile {}: {}", server.name, server.base_url));
    }
    tell(&import);
    Ok(Exit::Done)
}

/// What was not taken, and why.
fn tell(import: &Import) {
    for ask in &import.asks {
        printer::note(&format!("  not read: {} for {}: it needs a yes (--yes)", ask.file, ask.what));
    }
    for left in &import.left {
        printer::note(&format!("  not taken: {}: {}", left.what, left.why));
    }
}

/// The import, with the files that the person lets it read.
fn consented(arguments: &Arguments, format: Format, text: &str, folder: &Path) -> anyhow::Result<Import> {
    let (mut files, mut refused) = (Files::new(), Vec::<Ask>::new());
    loop {
        let import = format.imported(text, &files);
        let new: Vec<_> = import.asks.iter().filter(|ask| !refused.contains(ask)).cloned().collect();
        if new.is_empty() {
            return Ok(import);
        }
        for ask in new {
            let path = folder.join(&ask.file);
            if !files.contains_key(&ask.file) && (arguments.yes || agreed(&path, &ask)?) {
                files.insert(ask.file, opened(&path)?);
            } else {
                refused.push(ask);
            }
        }
    }
}

fn agreed(path: &Path, ask: &Ask) -> anyhow::Result<bool> {
    // Where the text itself came from standard input, nobody can answer there.
    Ok(prompt::agreed(&format!("Read {} for {}? Type yes:", path.display(), ask.what))?.unwrap_or(false))
}

fn opened(path: &Path) -> anyhow::Result<Vec<u8>> {
    let unreadable = |error: io::Error| Stop::usage(format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Stop::usage(format!("{} is no file", path.display())).into());
    }
    read(file, &path.display().to_string())
}

fn read(from: impl io::Read, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| Stop::usage(format!("{name}: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Stop::usage(format!("{name} is larger than {} MiB", LARGEST >> 20)).into());
    }
    Ok(bytes)
}
