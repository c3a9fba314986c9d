//! Files that nobody else on the machine may read: 0600 in a folder of 0700, whatever the umask, and never through a
//! link.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    path::Path,
};

/// Makes the folder and whatever is missing above it.
pub(super) fn made(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Makes sure that a file is there, is a file, and is nobody else's to read.
pub(super) fn guarded(file: &Path) -> io::Result<()> {
    match fs::symlink_metadata(file) {
        Ok(found) if !found.is_file() => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{} is no ordinary file", file.display())))
        }
        Ok(found) => tightened(file, &found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            match private(&mut options).open(file) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
                // Another instance made it in between.
                Ok(_) | Err(_) => Ok(()),
            }
        }
        Err(error) => Err(error),
    }
}

/// Opens a file to write at its end.
pub(super) fn appended(file: &Path) -> io::Result<File> {
    guarded(file)?;
    OpenOptions::new().append(true).open(file)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn tightened(file: &Path, found: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if found.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn tightened(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}
