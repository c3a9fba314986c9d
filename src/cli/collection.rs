//! The collection of this start, and what of the machine it may read.
//!
//! It is the folder that `--collection` names, else the one of the config file, else `requests` in this folder where that
//! holds a `.http` file.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    exit::Stop,
    printer,
    start::{self, Globals},
};
use crate::{
    app::consent::Wants,
    config::{
        file::{Config, write},
        nearest::nearest,
        paths::Paths,
        trust::Trust,
    },
    domain::secret::Secret,
    library::{
        collection::{Collection, USUAL},
        http_file::HttpFile,
        variables::{self, Layer, Outside, Reach, answers::Answers},
    },
    store::files,
    tui,
};

/// The folder of the collection, if there is one.
pub(super) fn folder(globals: &Globals, config: &Config) -> Result<Option<PathBuf>, Stop> {
    if let Some(named) = globals.collection.as_ref().or(config.collection.as_ref()) {
        let whole = fs::canonicalize(named).map_err(|error| {
            Stop::usage(format!("the collection {} cannot be opened: {error}", named.display()))
                .hint("`--collection` names a folder of `.http` files")
        })?;
        return Ok(Some(whole));
    }
    let usual = fs::canonicalize(USUAL).ok().filter(|folder| folder.is_dir());
    Ok(usual.filter(|folder| files::read(folder).is_ok_and(|found| !found.files.is_empty())))
}

/// The collection, if there is one; what of it was passed over is said.
pub(super) fn opened(globals: &Globals, paths: &Paths, as_json: bool) -> Result<Option<Collection>, Stop> {
    let config = start::config(globals, paths)?;
    let Some(folder) = folder(globals, &config)? else { return Ok(None) };
    of(folder, as_json).map(Some)
}

/// The collection that a folder is.
pub(super) fn of(folder: PathBuf, as_json: bool) -> Result<Collection, Stop> {
    let found = files::read(&folder)
        .map_err(|error| Stop::usage(format!("the collection {} cannot be read: {error}", folder.display())))?;
    for line in &found.passed_over {
        printer::warning(line, as_json);
    }
    Ok(Collection::new(folder, found.files))
}

/// There is no such request.
pub(super) fn unknown(collection: &Collection, name: &str) -> Stop {
    let names = collection.names();
    let nearest = nearest(name, names.iter().map(String::as_str));
    let hint = nearest.map(|known| format!(": did you mean `{known}`?")).unwrap_or_default();
    Stop::usage(format!("there is no request `{name}` in {}{hint}", collection.folder().display()))
        .hint("an address begins with `/`, or with http:// or https://")
}

/// Whether a file of a collection is trusted as it is.
pub(super) fn is_trusted(paths: &Paths, file: &Path, text: &str) -> bool {
    let trust = paths.trust().and_then(|store| Trust::load(&store).ok());
    trust.is_some_and(|trust| trust.holds(file, text.as_bytes()))
}

/// These variables of the environment.
pub(super) fn read(names: &[String]) -> Outside {
    let value = |name: &String| {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty());
        (name.clone(), value.map(|value| Arc::new(Secret::new(value))))
    };
    Outside { read: names.iter().map(value).collect() }
}

/// What a file would read of the machine if it were trusted, a line each, with where that would go.
pub(super) fn would(file: &HttpFile) -> Vec<String> {
    let mut lines = Vec::new();
    let layers = [Layer::new("file", file.variables())];
    for (_, block) in file.requests() {
        let draft = &block.draft;
        let reach = Reach { near: &layers, answers: &Answers::default(), far: &[], outside: &Outside::default() };
        let (method, url) = (&draft.method, &draft.url);
        for name in reach.wanted(variables::names(draft)) {
            lines.push(format!("reads the variable {name} of the environment and sends it by {method} {url}"));
        }
        for path in variables::files(draft).filter(|path| crate::library::collection::leads_out(Path::new(path))) {
            lines.push(format!("reads the file {path} and sends it by {method} {url}"));
        }
    }
    lines
}

/// The machine, to a request of the explorer.
pub(super) struct Machine {
    /// The file of trusted files.
    store: Option<PathBuf>,
}

impl Machine {
    pub(super) fn of(paths: &Paths) -> Self {
        Self { store: paths.trust() }
    }

    fn trust(&self, file: &Path, text: &str) -> Result<(), String> {
        let store = self.store.as_ref().ok_or("this machine names no home folder, so trust cannot be kept")?;
        let trust = Trust::load(store).map_err(|error| error.to_string())?;
        let trust = trust.with(file, text.as_bytes()).ok_or("a path with such a name cannot be kept")?;
        write::write(store, &trust.text()).map_err(|error| error.to_string())
    }
}

impl tui::Machine for Machine {
    fn read(&self, wants: &Wants, agreed: bool) -> Result<Outside, Option<String>> {
        match &wants.file {
            Some((file, text)) if agreed => self.trust(file, text).map_err(Some)?,
            Some((file, text)) => {
                let trust = self.store.as_ref().and_then(|store| Trust::load(store).ok());
                if !trust.is_some_and(|trust| trust.holds(file, text.as_bytes())) {
                    return Err(None);
                }
            }
            None if agreed => {}
            None => return Err(None),
        }
        Ok(read(&wants.names))
    }
}
