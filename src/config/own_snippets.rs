//! The languages of a person: a folder each, in the folder `snippets` beside the config file.
//!
//! Finds and reads them, and never writes; what the files mean is the business of the snippets. The command line and the
//! explorer's start call it.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::flaw::Flaw;

/// The largest file that is read.
const LARGEST: u64 = 256 << 10;

/// One language: the name of its folder, and its files by their names.
pub type OwnLanguage = (String, Vec<(String, String)>);

/// Where they are beside a config file.
pub fn folder(config: &Path) -> PathBuf {
    config.with_file_name("snippets")
}

/// All of them in alphabetical order, and what of them cannot be read.
pub fn all(folder: &Path) -> (Vec<OwnLanguage>, Vec<Flaw>) {
    let (mut languages, mut flaws) = (Vec::new(), Vec::new());
    for path in entries(folder).into_iter().filter(|path| path.is_dir()) {
        let Some(name) = name(&path) else { continue };
        let mut files = Vec::new();
        for file in entries(&path).into_iter().filter(|file| is_one(file)) {
            match text(&file) {
                Ok(text) => files.extend(self::name(&file).map(|name| (name, text))),
                Err(what) => flaws.push(Flaw { file, place: None, key: String::new(), what }),
            }
        }
        languages.push((name, files));
    }
    (languages, flaws)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> Option<String> {
    path.file_name()?.to_str().map(str::to_owned)
}

fn is_one(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind == "jinja" || kind == "toml") && file.is_file()
}

fn text(file: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = fs::File::open(file).and_then(|opened| opened.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error: io::Error| format!("the template cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("larger than {} kB, so it is no template", LARGEST >> 10));
    }
    String::from_utf8(bytes)
        .map_err(|error| format!("no UTF-8 text: byte {} begins no character", error.utf8_error().valid_up_to()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_templates_are_read_and_what_cannot_be_is_told() {
        let home = tempfile::tempdir().unwrap();
        let folder = folder(&home.path().join("config.toml"));
        assert!(all(&folder).0.is_empty());
        fs::create_dir_all(folder.join("perl")).unwrap();
        fs::write(folder.join("perl/call.jinja"), "x").unwrap();
        fs::write(folder.join("perl/flow.jinja"), b"\xff").unwrap();
        fs::write(folder.join("perl/notes.txt"), "x").unwrap();
        let (languages, flaws) = all(&folder);
        assert_eq!(languages, [("perl".to_owned(), vec![("call.jinja".to_owned(), "x".to_owned())])]);
        assert_eq!(flaws.len(), 1);
    }
}
