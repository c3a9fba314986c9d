//! The files of an import on disk.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::cli::exit::Stop;

/// Writes all of them, or none where one is there that may not be written over.
pub(super) fn write(folder: &Path, files: &[(PathBuf, String)], overwrite: bool) -> anyhow::Result<()> {
    let unwritable = |path: &Path, error: io::Error| Stop::usage(format!("{}: {error}", path.display()));
    let paths = || files.iter().map(|(path, text)| (folder.join(path), text));
    let there = paths().map(|(path, _)| path).find(|path| fs::symlink_metadata(path).is_ok());
    if let Some(path) = there.filter(|_| !overwrite) {
        let text = format!("{} is there, and nothing was written", path.display());
        return Err(Stop::usage(text).hint("name another folder with `--to`, or say `--overwrite`").into());
    }
    for (path, text) in paths() {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
        }
        if overwrite {
            // Beside it first, so that what was there is whole until the new one is.
            let beside = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")));
            let mut beside = beside.map_err(|error| unwritable(&path, error))?;
            beside.write_all(text.as_bytes()).map_err(|error| unwritable(&path, error))?;
            beside.persist(&path).map_err(|error| unwritable(&path, error.error))?;
        } else {
            let file = OpenOptions::new().write(true).create_new(true).open(&path);
            let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|error| unwritable(&path, error))?;
        }
    }
    Ok(())
}
