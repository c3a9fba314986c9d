//! The config file: text in, validated values out.
//!
//! Owns the rules of the file and the words about what is wrong with it: file, line, column, key, what is allowed.
//! Never quotes a line of the file, since a secret may stand in it by mistake. What changes a file is in [`mod@write`]. The command line ends
//! with code 2 on an error; the explorer opens on the sandbox and shows it.

pub mod entry;
mod read;
mod schema;
mod shape;
pub mod write;

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

pub use super::flaw::Flaw;
pub use schema::schema;
pub use shape::{address, base_address, origin};

use super::keymap::Keymap;
use super::theme::{Background, Signs};
use crate::domain::level::Level;
use crate::domain::profile::Profile;
use crate::domain::record::Retention;
use crate::domain::request::Formatters;

/// The version of the format that this program writes and knows whole.
pub const VERSION: i64 = 1;
/// The largest file that is read.
pub const LARGEST: u64 = 1 << 20;
/// What `authscope config example` prints: every key, explained, at its default.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

/// What a config file says, validated.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The profile it chooses.
    pub profile: Option<String>,
    /// The folder of its collection.
    pub collection: Option<PathBuf>,
    /// The theme it names, which is found elsewhere; `None` leaves it to the terminal.
    pub theme: Option<NamedTheme>,
    /// The signs it wishes for; `None` leaves them to the terminal.
    pub signs: Option<Signs>,
    /// Who paints the background.
    pub background: Background,
    /// How much is logged.
    pub level: Level,
    /// What is kept of calls.
    pub history: Retention,
    /// The programs that format bodies.
    pub formatters: Formatters,
    /// The keys, its own in place of the defaults.
    pub keymap: Keymap,
    /// Its profiles, in its order.
    pub profiles: Vec<Profile>,
    /// Its version, when that is later than [`VERSION`]: such a file is read as far as known and never written.
    pub later_version: Option<i64>,
    /// What was passed over, in the order of the file.
    pub warnings: Vec<Flaw>,
}

/// The name of a theme, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTheme {
    /// The name.
    pub name: String,
    /// Line and column from 1.
    pub place: Option<(usize, usize)>,
}

/// Why a file cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be opened or read.
    #[error("config file {} cannot be read", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is larger than a config file can be.
    #[error("config file {} is larger than {} MiB, so it is no config file", .file.display(), LARGEST >> 20)]
    TooLarge {
        /// The file.
        file: PathBuf,
    },
    /// It is no text.
    #[error("config file {} is not UTF-8 text: byte {offset} begins no character", .file.display())]
    NotText {
        /// The file.
        file: PathBuf,
        /// The first byte that is wrong, from 0.
        offset: usize,
    },
    /// It says something that cannot be.
    #[error("{0}")]
    Invalid(Flaw),
}

/// Reads a config file; `None` when there is no such file.
pub fn load(file: &Path) -> Result<Option<Config>, FileError> {
    bytes(file)?.map(|bytes| parse(&bytes, file)).transpose()
}

/// The text of a config file; `None` when there is no such file.
pub fn text(file: &Path) -> Result<Option<String>, FileError> {
    let not_text =
        |error: FromUtf8Error| FileError::NotText { file: file.to_owned(), offset: error.utf8_error().valid_up_to() };
    bytes(file)?.map(|bytes| String::from_utf8(bytes).map_err(not_text)).transpose()
}

/// The bytes of a config file, as far as it can be one; `None` when there is no such file.
pub fn bytes(file: &Path) -> Result<Option<Vec<u8>>, FileError> {
    let unreadable = |source| FileError::Unreadable { file: file.to_owned(), source };
    let opened = match std::fs::File::open(file) {
        Ok(opened) => opened,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut bytes = Vec::new();
    // By what is read, not by what the system says of its size: a device has none.
    opened.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(Some(bytes))
}

/// Reads the text of a config file, which `file` names in messages.
pub fn parse(bytes: &[u8], file: &Path) -> Result<Config, FileError> {
    if u64::try_from(bytes.len()).is_ok_and(|size| size > LARGEST) {
        return Err(FileError::TooLarge { file: file.to_owned() });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| FileError::NotText { file: file.to_owned(), offset: error.valid_up_to() })?;
    read::config(text, file).map_err(FileError::Invalid)
}

#[cfg(test)]
mod tests;
