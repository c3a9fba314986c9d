//! Between what the state keeps and the text that the store does.

use tokio::sync::mpsc::UnboundedSender;

use crate::{
    app::{message::Message, session::Snapshot},
    domain::redact::Redactor,
    store::{Kept, Told, ledger::LedgerTold},
};

/// Tells the loop what the store tells; the profile of the last run is left out unless it is wished for.
pub(super) fn teller(messages: UnboundedSender<Message>, restore_profile: bool) -> impl FnMut(Told) + Send + 'static {
    move |told| {
        let message = match told {
            Told::Opened(None) => Message::Restored(None),
            Told::Trouble(text) => Message::StoreFailed(text),
            Told::Unwritten(text) => Message::Kept(Err(text)),
            Told::Written => Message::Kept(Ok(())),
            Told::Opened(Some(kept)) => {
                let mut snapshot = read(&kept);
                if !restore_profile {
                    snapshot.session.profile.clear();
                }
                Message::Restored(Some(Box::new(snapshot)))
            }
        };
        let _ = messages.send(message);
    }
}

/// Tells the loop what earlier runs kept of their tokens.
pub(super) fn ledger_teller(messages: UnboundedSender<Message>) -> impl FnMut(LedgerTold) + Send + 'static {
    move |told| {
        let _ = messages.send(match told {
            LedgerTold::Earlier(found) => Message::LedgerRead(found),
            LedgerTold::Trouble(text) => Message::StoreFailed(text),
        });
    }
}

/// What was kept, as far as it can be read: a later version may have written more, or otherwise.
fn read(kept: &Kept) -> Snapshot {
    let drafts = kept.drafts.iter().filter_map(|(key, json)| Some((key.clone(), serde_json::from_str(json).ok()?)));
    Snapshot { session: serde_json::from_str(&kept.session).unwrap_or_default(), drafts: drafts.collect() }
}

/// A snapshot as text, without a secret that is known.
pub(super) fn written(snapshot: Snapshot, masks: &Redactor) -> Kept {
    let Snapshot { session, drafts } = snapshot.masked(masks);
    let drafts = drafts.into_iter().filter_map(|(key, draft)| Some((key, serde_json::to_string(&draft).ok()?)));
    Kept { session: serde_json::to_string(&session).unwrap_or_default(), drafts: drafts.collect() }
}
