//! A collection: a folder of `.http` files, as values.
//!
//! Owns what is in it, how a request of it is found by its name, and which variables its files and folders give. Reads
//! and writes no file: `store::files` does. `app` shows it, `cli` sends from it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    http_file::{Block, HttpFile},
    variables::Layer,
};

/// The file of a folder whose variables count in every file of the folder, and below it.
pub const SHARED: &str = "variables.http";
/// The folder that is a collection without being named, where it holds a `.http` file.
pub const USUAL: &str = "requests";

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    folder: PathBuf,
    files: BTreeMap<PathBuf, Kept>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    text: String,
    file: HttpFile,
}

/// Where a request of a collection is: its file, from the folder on, and its place there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The place in it.
    pub at: usize,
}

impl Collection {
    /// The files of a folder, each with its path from there and its text.
    pub fn new(folder: PathBuf, files: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        let mut collection = Self { folder, files: BTreeMap::new() };
        for (path, text) in files {
            collection.put(path, text);
        }
        collection
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder that a file of it is in: what a request there names files from.
    pub fn folder_of(&self, file: &Path) -> PathBuf {
        self.folder.join(file).parent().map_or_else(|| self.folder.clone(), Path::to_owned)
    }

    /// Its files, by their paths from the folder on.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &HttpFile)> {
        self.files.iter().map(|(path, kept)| (path.as_path(), &kept.file))
    }

    /// One of them.
    pub fn file(&self, path: &Path) -> Option<&HttpFile> {
        self.files.get(path).map(|kept| &kept.file)
    }

    /// Its text as it was read or written last.
    pub fn text(&self, path: &Path) -> Option<&str> {
        self.files.get(path).map(|kept| kept.text.as_str())
    }

    /// Takes in the text of a file, new or another one.
    pub fn put(&mut self, path: PathBuf, text: String) {
        let file = HttpFile::parse(&text);
        self.files.insert(path, Kept { text, file });
    }

    /// A file is gone.
    pub fn forget(&mut self, path: &Path) {
        self.files.remove(path);
    }

    /// Every request, with its place.
    pub fn requests(&self) -> impl Iterator<Item = (Place, Block)> {
        self.files().flat_map(|(path, file)| {
            file.requests().map(move |(at, block)| (Place { file: path.to_owned(), at }, block))
        })
    }

    /// The variables in reach in a file, the nearest first: its own, those of its folder, and of each folder above.
    pub fn layers(&self, path: &Path) -> Vec<Layer> {
        let own = self.file(path).map(|file| Layer::new("file", file.variables()));
        let above = path.ancestors().skip(1).filter(|_| path.file_name().is_none_or(|name| name != SHARED));
        let shared = above.filter_map(|folder| {
            let file = self.file(&folder.join(SHARED))?;
            let name =
                folder.file_name().map_or_else(|| "folder".to_owned(), |name| name.to_string_lossy().into_owned());
            Some(Layer::new(name, file.variables()))
        });
        own.into_iter().chain(shared).collect()
    }

    /// The requests that a name means: the one that is called so, or all of a file that is.
    pub fn named(&self, name: &str) -> Vec<(Place, Block)> {
        let of_file = |path: &Path| path == Path::new(name) || path.with_extension("") == Path::new(name);
        let called = |block: &Block| block.id() == name || block.draft.name == name;
        let one = self.requests().find(|(_, block)| called(block));
        match one {
            Some(one) => vec![one],
            None => self.requests().filter(|(place, _)| of_file(&place.file)).collect(),
        }
    }

    /// Everything that [`Collection::named`] finds something by.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (_, block) in self.requests() {
            names.extend([block.id().to_owned(), block.draft.name.clone()]);
        }
        names.extend(self.files.keys().map(|path| path.display().to_string()));
        names.retain(|name| !name.is_empty());
        names.dedup();
        names
    }
}

/// Whether a path leads out of the folder it begins in, or may: it is whole, or goes up.
pub fn leads_out(path: &Path) -> bool {
    use std::path::Component::{CurDir, Normal};
    path.components().any(|part| !matches!(part, Normal(_) | CurDir))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection() -> Collection {
        let files = [
            ("variables.http", "@host = http://127.0.0.1:1\n@a = top\n"),
            ("pay/variables.http", "@a = pay\n"),
            ("pay/card.http", "@own = 1\n### Create\n# @name create\nPOST {{host}}/x\n\n### Status\nGET {{host}}/y\n"),
        ];
        Collection::new("/c".into(), files.map(|(path, text)| (path.into(), text.to_owned())))
    }

    #[test]
    fn a_name_means_a_request_or_a_whole_file() {
        let collection = collection();
        let found = |name: &str| {
            let found = collection.named(name);
            found.into_iter().map(|(_, block)| block.draft.name).collect::<Vec<_>>()
        };
        assert_eq!(found("create"), ["Create"]);
        assert_eq!(found("Status"), ["Status"]);
        for name in ["pay/card.http", "pay/card"] {
            assert_eq!(found(name), ["Create", "Status"]);
        }
        assert!(found("nobody").is_empty());
        assert!(collection.names().contains(&"pay/card.http".to_owned()));
    }

    #[test]
    fn the_variables_of_a_file_come_before_those_of_its_folders() {
        let layers = collection().layers(Path::new("pay/card.http"));
        let sources: Vec<_> = layers.iter().map(|layer| layer.source.as_str()).collect();
        assert_eq!(sources, ["file", "pay", "folder"]);
        assert_eq!(layers[1].rows, [("a".to_owned(), "pay".to_owned())]);
    }

    #[test]
    fn a_path_that_may_leave_its_folder_is_told() {
        for (path, out) in [("a/b", false), ("./a", false), ("../a", true), ("a/../../b", true), ("/etc/passwd", true)]
        {
            assert_eq!(leads_out(Path::new(path)), out, "{path}");
        }
    }
}
