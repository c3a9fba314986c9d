//! Which project files a person trusts: by path and SHA-256, so that a changed file is asked about again. Kept in a file
//! of the state folder, a line each.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};

use super::file::{self, FileError};

/// The trusted files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// Hash and path.
    known: Vec<(String, PathBuf)>,
}

impl Trust {
    /// What the file says; nothing where there is none. A line that cannot be read trusts nothing.
    pub fn load(file: &Path) -> Result<Self, FileError> {
        let text = file::text(file)?.unwrap_or_default();
        let lines = text.lines().filter_map(|line| line.split_once("  "));
        Ok(Self { known: lines.map(|(hash, path)| (hash.to_owned(), path.into())).collect() })
    }

    /// Whether that file, with these bytes in it, is trusted. The path is whole and without links.
    pub fn holds(&self, path: &Path, bytes: &[u8]) -> bool {
        let hash = hash(bytes);
        self.known.iter().any(|(known, file)| *known == hash && file == path)
    }

    /// The same with that file trusted as it is now, whatever it was before; `None` for a path that is no line of text,
    /// which could be read as another one.
    #[must_use]
    pub fn with(self, path: &Path, bytes: &[u8]) -> Option<Self> {
        path.to_str().filter(|path| !path.contains('\n'))?;
        let mut trust = self.without(path);
        trust.known.push((hash(bytes), path.to_owned()));
        Some(trust)
    }

    /// The same without that file.
    #[must_use]
    pub fn without(mut self, path: &Path) -> Self {
        self.known.retain(|(_, file)| file != path);
        self
    }

    /// As it is written.
    pub fn text(&self) -> String {
        self.known.iter().fold(String::new(), |mut text, (hash, path)| {
            let _ = writeln!(text, "{hash}  {}", path.display());
            text
        })
    }
}

fn hash(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_trusted_as_it_was_and_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("trusted");
        let (here, there) = (Path::new("/a b/authscope.toml"), Path::new("/c/authscope.toml"));
        let trust = Trust::load(&store).unwrap().with(here, b"one").unwrap();
        let trust = trust.with(there, b"two").and_then(|trust| trust.with(here, b"three")).unwrap();
        let two_lines = format!("/x\n{}  /d/authscope.toml", hash(b"four"));
        assert_eq!(trust.clone().with(Path::new(&two_lines), b"five"), None);
        std::fs::write(&store, trust.text()).unwrap();
        let trust = Trust::load(&store).unwrap();
        assert!(trust.holds(here, b"three") && trust.holds(there, b"two"));
        assert!(!trust.holds(here, b"one") && !trust.holds(there, b"three"));
        assert!(!trust.without(here).holds(here, b"three"));
    }
}
