//! By inotify, on a thread of its own that ends with the program.

use std::{
    fs, io,
    mem::MaybeUninit,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    thread,
};

use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};

/// Calls `changed` after each change of a file below the folder, once for what comes at once, until it says that nobody
/// listens.
pub fn watch(folder: &Path, mut changed: impl FnMut() -> bool + Send + 'static) -> io::Result<()> {
    let events = inotify::init(CreateFlags::CLOEXEC)?;
    let folder = folder.to_owned();
    looked_at(&events, &folder);
    let work = move || {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        loop {
            let mut reader = Reader::new(&events, &mut buffer);
            if reader.next().is_err() {
                return;
            }
            // What came with it is told with it.
            while !reader.is_buffer_empty() {
                if reader.next().is_err() {
                    return;
                }
            }
            // A folder may be new.
            looked_at(&events, &folder);
            if !changed() {
                return;
            }
        }
    };
    thread::Builder::new().name("watch".to_owned()).spawn(work).map(drop)
}

/// Watches a folder and those below it; one that is watched already stays so.
fn looked_at(events: &OwnedFd, folder: &Path) {
    let wanted = WatchFlags::CLOSE_WRITE
        | WatchFlags::MOVED_TO
        | WatchFlags::MOVED_FROM
        | WatchFlags::CREATE
        | WatchFlags::DELETE
        | WatchFlags::ONLYDIR
        | WatchFlags::DONT_FOLLOW;
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    let mut count = 0;
    while let Some(folder) = folders.pop().filter(|_| count < 500) {
        count += 1;
        // A folder that cannot be watched is read at the next change of another.
        let _ = inotify::add_watch(events, &folder, wanted);
        let inside = fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
        let below = inside.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let seen = below.filter(|entry| {
            let name = entry.file_name();
            !name.to_string_lossy().starts_with('.') && name != "node_modules"
        });
        folders.extend(seen.map(|entry| entry.path()));
    }
}
