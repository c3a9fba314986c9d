//! Reads by position: `pread` where there is one, so that readers never disturb the writer's place.

use std::{fs::File, io};

#[cfg(unix)]
use std::os::unix::fs::FileExt as _;
#[cfg(windows)]
use std::os::windows::fs::FileExt as _;

/// Fills `buffer` from `offset` on; fewer bytes only at the end of the file.
pub(super) fn read(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        #[cfg(unix)]
        let read = file.read_at(rest, offset + done as u64);
        #[cfg(windows)]
        let read = file.seek_read(rest, offset + done as u64);
        match read {
            Ok(0) => break,
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
