//! The history as the explorer asks for it: each order on a thread of its own, with a connection of its own.

use std::{io, path::PathBuf, thread};

use tokio::sync::mpsc::UnboundedSender;

use crate::{
    app::{
        history::{LISTED, Told, Wish},
        message::Message,
    },
    store::{database::StoreError, history::History},
};

/// Carries an order out on the history in that folder; without one, none is kept.
///
/// Fails when the system gives no thread.
pub(super) fn ordered(folder: Option<PathBuf>, wish: Wish, messages: UnboundedSender<Message>) -> io::Result<()> {
    let work = move || {
        let outcome = match folder {
            Some(folder) => told(&folder, wish).map_err(|error| format!("the history: {error}")),
            None => Err("this run keeps no history, and shows none".to_owned()),
        };
        let _ = messages.send(Message::HistoryTold(outcome));
    };
    thread::Builder::new().name("past".to_owned()).spawn(work).map(drop)
}

fn told(folder: &std::path::Path, wish: Wish) -> Result<Told, StoreError> {
    let (mut history, _) = History::open(folder)?;
    Ok(match wish {
        Wish::List(words, number) => Told::Listed(number, history.list(&words, LISTED)?),
        Wish::Read(ids, purpose) => {
            let mut records = Vec::new();
            for id in ids {
                records.extend(history.record(id)?);
            }
            Told::of(records, purpose)
        }
        Wish::Forget(Some(id)) => Told::Forgotten(history.forget(id)?),
        Wish::Forget(None) => Told::Forgotten(history.clear(i64::MAX)?),
    })
}
