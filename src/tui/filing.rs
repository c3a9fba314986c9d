//! The files of the collection on threads of their own: read, watched, written; and what a request wants of the machine.

use std::{io, path::PathBuf, sync::Arc, thread};

use tokio::sync::mpsc::UnboundedSender;

use crate::{
    app::{
        collection::{Done, FileChange, FileFault},
        consent::Wants,
        effect::Order,
        message::Message,
    },
    library::variables::Outside,
    store::{
        files::{self, WriteError},
        payload::assembled,
    },
};

/// What of the machine a request may read, as seen from here.
pub trait Machine: Send + Sync {
    /// Reads it, where the file is trusted or a person `agreed` just now, which trusts it as it is. Nothing where nobody
    /// agreed yet; in words where it cannot be.
    fn read(&self, wants: &Wants, agreed: bool) -> Result<Outside, Option<String>>;
}

/// Where the files of a run are.
#[derive(Clone, Default)]
pub(super) struct Filing {
    pub(super) machine: Option<Arc<dyn Machine>>,
    /// The folder of the trash.
    pub(super) state: Option<PathBuf>,
    /// The folder of large bodies.
    pub(super) cache: Option<PathBuf>,
}

/// Reads the collection, and again after each change of it.
pub(super) fn opened(folder: PathBuf, messages: UnboundedSender<Message>) -> io::Result<()> {
    let read = {
        let (folder, messages) = (folder.clone(), messages.clone());
        move || {
            let message = match files::read(&folder) {
                Ok(found) => Message::CollectionRead(folder.clone(), found.files, found.passed_over),
                Err(error) => {
                    Message::StoreFailed(format!("the collection {} cannot be read: {error}", folder.display()))
                }
            };
            messages.send(message).is_ok()
        }
    };
    thread::Builder::new()
        .name("collection".to_owned())
        .spawn(move || {
            // Watched first, so that nothing that is written meanwhile is missed.
            if let Err(error) = files::watch(&folder, read.clone()) {
                let text = format!("changes of the collection by other programs are not seen: {error}");
                let _ = messages.send(Message::StoreFailed(text));
            }
            read();
        })
        .map(drop)
}

impl Filing {
    /// Writes a file of the collection; what is cut out of it is kept in the trash first.
    pub(super) fn write(&self, change: Box<FileChange>, messages: UnboundedSender<Message>) -> io::Result<()> {
        let state = self.state.clone();
        let work = move || {
            let end = written(&change, state);
            let _ = messages.send(Message::FileWritten(change, end));
        };
        thread::Builder::new().name("file".to_owned()).spawn(work).map(drop)
    }

    /// Reads what a request wants of the machine.
    pub(super) fn read(&self, wants: Box<Wants>, agreed: bool, messages: UnboundedSender<Message>) -> io::Result<()> {
        let machine = self.machine.clone();
        let work = move || {
            let end = machine.map_or_else(|| Err(None), |machine| machine.read(&wants, agreed));
            let _ = messages.send(Message::OutsideRead(wants, end));
        };
        thread::Builder::new().name("outside".to_owned()).spawn(work).map(drop)
    }

    /// Puts the body of a call together.
    pub(super) fn assemble(
        &self,
        mut order: Box<Order>,
        folder: PathBuf,
        messages: UnboundedSender<Message>,
    ) -> io::Result<()> {
        let cache = self.cache.clone();
        let work = move || {
            let body = assembled(std::mem::take(&mut order.prepared.body), &folder, cache.as_deref());
            let end = body.map_err(|error| error.to_string()).map(|body| {
                order.prepared.body = body;
                order
            });
            let _ = messages.send(Message::Assembled(end));
        };
        thread::Builder::new().name("body".to_owned()).spawn(work).map(drop)
    }
}

fn written(change: &FileChange, state: Option<PathBuf>) -> Result<(), FileFault> {
    if let (Done::Cut(_, text), Some(state)) = (&change.what, state) {
        let name = change.file.display().to_string();
        files::trash(&state, &name, text).map_err(|error| {
            FileFault::Refused(format!("nothing was deleted: the trash cannot be written: {error}"))
        })?;
    }
    let path = change.folder.join(&change.file);
    files::write(&path, change.before.as_deref(), &change.text).map_err(|error| match error {
        WriteError::Changed(_, theirs) => FileFault::Changed(theirs),
        WriteError::Refused(..) => FileFault::Refused(error.to_string()),
    })
}
