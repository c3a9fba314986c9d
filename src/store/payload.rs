//! Bodies that are put together of texts and files, once, so that they can be sent again.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use bytes::Bytes;

use crate::{
    body::BodyWriter,
    domain::{
        request::{Piece, RequestBody},
        template,
    },
};

/// The largest file whose variables are filled in.
const FILLED: u64 = 16 << 20;

/// A body that cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// A file of it cannot be read.
    #[error("`{0}`, a file of the body, cannot be read: {1}")]
    Unreadable(String, io::Error),
    /// Its variables cannot be filled in.
    #[error("`{0}`, a file of the body: {1}")]
    Unfilled(String, String),
    /// It cannot be kept for a second send.
    #[error("the body cannot be kept for a second send: {0}")]
    Unkept(String),
}

/// The body with its files read, which are named from `folder`. One that is a single file is opened anew for each attempt.
pub fn assembled(body: RequestBody, folder: &Path, cache: Option<&Path>) -> Result<RequestBody, PayloadError> {
    let RequestBody::Unread(pieces) = body else { return Ok(body) };
    if let [Piece::File { path, filled: None }] = &pieces[..] {
        let path = folder.join(path);
        let unreadable = |error| PayloadError::Unreadable(path.display().to_string(), error);
        let facts = std::fs::metadata(&path).map_err(unreadable)?;
        if !facts.is_file() {
            return Err(unreadable(io::Error::other("it is no regular file")));
        }
        return Ok(RequestBody::File { size: facts.len(), modified: facts.modified().ok(), path });
    }
    let mut writer = BodyWriter::new(cache);
    let body = writer.body();
    for piece in &pieces {
        match piece {
            Piece::Text(text) => push(&mut writer, text.as_bytes())?,
            Piece::File { path, filled } => {
                let path = folder.join(path);
                let name = path.display().to_string();
                let unreadable = |error| PayloadError::Unreadable(name.clone(), error);
                let mut file = File::open(&path).map_err(unreadable)?;
                if !file.metadata().map_err(unreadable)?.is_file() {
                    return Err(unreadable(io::Error::other("it is no regular file")));
                }
                match filled {
                    Some(variables) => {
                        let mut text = String::new();
                        file.take(FILLED).read_to_string(&mut text).map_err(unreadable)?;
                        let text = template::resolved(&text, variables)
                            .map_err(|error| PayloadError::Unfilled(name.clone(), error.to_string()))?;
                        push(&mut writer, text.as_bytes())?;
                    }
                    None => {
                        let mut buffer = vec![0; 64 << 10];
                        loop {
                            let count = file.read(&mut buffer).map_err(unreadable)?;
                            if count == 0 {
                                break;
                            }
                            push(&mut writer, buffer.get(..count).unwrap_or_default())?;
                        }
                    }
                }
            }
        }
    }
    writer.complete();
    Ok(RequestBody::Spooled(body))
}

fn push(writer: &mut BodyWriter, bytes: &[u8]) -> Result<(), PayloadError> {
    writer.push(&Bytes::copy_from_slice(bytes)).map_err(|error| PayloadError::Unkept(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_put_together_in_order_and_one_file_stays_a_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.bin"), [0, 159, 10]).unwrap();
        let file = || Piece::File { path: "a.bin".into(), filled: None };
        let one = assembled(RequestBody::Unread(vec![file()]), folder.path(), None).unwrap();
        assert!(matches!(one, RequestBody::File { size: 3, .. }));
        let texts = |text: &str| Piece::Text(text.to_owned());
        let many = RequestBody::Unread(vec![texts("x"), file(), texts("y")]);
        let RequestBody::Spooled(body) = assembled(many, folder.path(), None).unwrap() else { panic!() };
        assert_eq!(body.bytes(0, 10).unwrap(), [b'x', 0, 159, 10, b'y']);
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let body = RequestBody::Unread(vec![Piece::File { path: "no".into(), filled: None }]);
        let told = assembled(body, Path::new("/nowhere"), None).unwrap_err().to_string();
        assert!(told.starts_with("`/nowhere/no`"), "{told}");
    }
}
