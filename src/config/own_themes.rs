//! The themes of a person: a file each, in the folder `themes` beside the config file.
//!
//! Finds a theme by its name, built in or not, and says what is wrong with one. Reads, and never writes. The command
//! line and the explorer's runtime call it; what a theme means is [`super::theme`]'s.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{
    file::NamedTheme,
    flaw::Flaw,
    nearest::nearest,
    theme::{AUTO, Broken, Theme, ThemeName},
};

/// The largest file that is read.
const LARGEST: u64 = 64 << 10;

/// Where the themes of a person are; nowhere on a machine without a home folder.
#[derive(Clone, Debug, Default)]
pub struct OwnThemes {
    folder: Option<PathBuf>,
}

/// Why there is no theme of a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTheme {
    /// None is named so; what could be meant.
    #[error("there is no theme `{name}`: {hint}")]
    Unknown {
        /// The name.
        name: String,
        /// What could be meant, or where it would be.
        hint: String,
    },
    /// Its file cannot be used.
    #[error("{}", .0.flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Broken(Broken),
}

impl NoTheme {
    /// The built-in theme it is based on, where that could be read.
    pub fn base(&self) -> Option<ThemeName> {
        match self {
            Self::Broken(broken) => broken.base,
            Self::Unknown { .. } => None,
        }
    }

    /// What is wrong, where `config` names the theme.
    pub fn flaws(self, config: &Path, named: &NamedTheme) -> Vec<Flaw> {
        match self {
            Self::Broken(broken) => broken.flaws,
            Self::Unknown { .. } => {
                let (place, what) = (named.place, self.to_string());
                vec![Flaw { file: config.to_owned(), place, key: "look.theme".to_owned(), what }]
            }
        }
    }
}

impl OwnThemes {
    /// Those beside a config file.
    pub fn beside(config: &Path) -> Self {
        Self { folder: Some(config.with_file_name("themes")) }
    }

    /// Their names in alphabetical order.
    pub fn names(&self) -> Vec<String> {
        self.files().into_iter().filter(|name| !is_built_in(name)).collect()
    }

    /// The names of all files in alphabetical order, of those too that have the name of a built-in theme and cannot
    /// take its place.
    pub fn files(&self) -> Vec<String> {
        let entries = self.folder.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let name = |entry: fs::DirEntry| {
            let path = entry.path();
            let is_theme = path.extension().is_some_and(|kind| kind == "toml") && path.is_file();
            path.file_stem().filter(|_| is_theme)?.to_str().map(str::to_owned)
        };
        let mut names: Vec<_> = entries.filter_map(name).collect();
        names.sort_unstable();
        names
    }

    /// The file of a person's theme.
    pub fn file(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(format!("{name}.toml")))
    }

    /// The theme of a name: a built-in one, a person's own, or `None` for the word that leaves it to the terminal.
    pub fn find(&self, name: &str) -> Result<Option<Theme>, NoTheme> {
        if name == AUTO {
            return Ok(None);
        }
        if let Some(name) = ThemeName::named(name) {
            return Ok(Some(Theme::built_in(name)));
        }
        // Among the names of the folder only, so that no name leads out of it.
        let own = self.names();
        let Some(file) = self.file(name).filter(|_| own.iter().any(|known| known == name)) else {
            return Err(self.unknown(name, &own));
        };
        let text = text(&file).map_err(|what| {
            let flaw = Flaw { file: file.clone(), place: None, key: String::new(), what };
            NoTheme::Broken(Broken { flaws: vec![flaw], base: None })
        })?;
        Theme::parse(&text, &file).map(Some).map_err(NoTheme::Broken)
    }

    fn unknown(&self, name: &str, own: &[String]) -> NoTheme {
        let built_in = [AUTO].into_iter().chain(ThemeName::ALL.map(ThemeName::name));
        let known: Vec<_> = built_in.chain(own.iter().map(String::as_str)).collect();
        let hint = match (nearest(name, known.iter().copied()), &self.folder) {
            (Some(known), _) => format!("did you mean `{known}`?"),
            (None, Some(folder)) => {
                format!("there are {}; one of yours is a file in {}", known.join(", "), folder.display())
            }
            (None, None) => format!("there are {}", known.join(", ")),
        };
        NoTheme::Unknown { name: name.escape_debug().to_string(), hint }
    }
}

/// Whether a name is the program's own.
pub fn is_built_in(name: &str) -> bool {
    name == AUTO || ThemeName::named(name).is_some()
}

fn text(file: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = fs::File::open(file).and_then(|opened| opened.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error: io::Error| format!("the theme cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("larger than {} kB, so it is no theme", LARGEST >> 10));
    }
    String::from_utf8(bytes)
        .map_err(|error| format!("no UTF-8 text: byte {} begins no character", error.utf8_error().valid_up_to()))
}
