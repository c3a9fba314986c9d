//! Reads what is to be imported, on a thread of its own: the clipboard, or a file that a person names. Nothing that it
//! names itself is read.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
    thread,
};

use tokio::sync::mpsc::UnboundedSender;

use super::{clipboard, saving};
use crate::{
    app::{importing::Coming, message::Message},
    secrets::Hidden,
};

/// Bytes that are read.
const LARGEST: u64 = 64 << 20;

/// Reads the clipboard.
///
/// Fails when the system gives no thread.
pub(super) fn clipboard(hidden: Hidden, messages: UnboundedSender<Message>) -> io::Result<()> {
    on_a_thread(messages, move || {
        let text = clipboard::text(&hidden)?;
        let none = "the clipboard holds neither requests nor an address nor JSON";
        Coming::of(&text, "the clipboard").ok_or_else(|| none.to_owned())
    })
}

/// Reads a file.
///
/// Fails when the system gives no thread.
pub(super) fn file(path: String, messages: UnboundedSender<Message>) -> io::Result<()> {
    on_a_thread(messages, move || {
        let text = text(&saving::whole(&path)).map_err(|error| format!("{path}: {error}"))?;
        let none = "its format cannot be told: it is no curl command, OpenAPI, Postman, HAR, .http or JSON";
        Coming::of(&text, &path).ok_or_else(|| format!("{path}: {none}"))
    })
}

fn on_a_thread(
    messages: UnboundedSender<Message>,
    read: impl FnOnce() -> Result<Coming, String> + Send + 'static,
) -> io::Result<()> {
    let work = move || drop(messages.send(Message::Came(read().map(Box::new))));
    thread::Builder::new().name("import".to_owned()).spawn(work).map(drop)
}

fn text(path: &Path) -> io::Result<String> {
    // Asked before it is opened: to open a pipe waits for whoever writes it.
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is no text in UTF-8"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_no_file_of_requests_and_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
        assert!(text(&path).unwrap_err().to_string().contains("no regular file"));
    }
}
