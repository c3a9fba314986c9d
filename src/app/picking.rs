//! One of a few, chosen from a list: the method of the request in hand, or the kind of its body.

use super::{
    App, Stale,
    composer::{METHODS, Target},
    editor::Motion,
    keys,
    notice::Notice,
    overlay::Overlay,
};
use crate::domain::request::Kind;

/// What is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picking {
    /// A method.
    Method,
    /// The kind of the body.
    Kind,
}

/// What each method is for (RFC 9110 §9.3, RFC 5789), in the order of [`METHODS`].
const MEANT: [&str; 7] = [
    "reads; may be repeated",
    "hands something over to be acted on; a repeat may act twice",
    "puts something there, whole; may be repeated",
    "changes a part of what is there",
    "takes away what is there; may be repeated",
    "reads the head alone; may be repeated",
    "asks what can be done there",
];

impl Picking {
    /// What there is to choose from, each with what it means.
    pub fn offers(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Method => METHODS.into_iter().zip(MEANT).collect(),
            Self::Kind => Kind::ALL.map(|kind| (kind.name(), meant(kind))).into(),
        }
    }
}

fn meant(kind: Kind) -> &'static str {
    match kind {
        Kind::Json => "application/json, looked over while it is typed",
        Kind::Text => "text/plain",
        Kind::Form => "fields: name=value, joined by &, a line each if you like",
        Kind::Multipart => "parts, each a text, or `< path` for a file",
        Kind::File => "`< path`: its bytes, read anew for each attempt",
        Kind::None => "nothing; what is there is taken out",
    }
}

/// Opens the list, the one of the request in hand chosen.
pub(super) fn open(app: &mut App, what: Picking) {
    let entry = app.requests.entry();
    if entry.token_call {
        app.say(Notice::attention("The token call is made by the profile. `:profile edit` opens its form."));
        return;
    }
    let now = match what {
        Picking::Method => entry.draft.method.clone(),
        Picking::Kind => Kind::of(&entry.draft).name().to_owned(),
    };
    let at = what.offers().iter().position(|(name, _)| *name == now).unwrap_or(0);
    app.overlay = Some(Overlay::Pick { what, at });
}

/// Takes what is in hand.
pub(super) fn chosen(app: &mut App, what: Picking, at: usize) {
    app.touch(Stale::Now);
    match what {
        Picking::Method => {
            if let Some(method) = METHODS.get(at) {
                app.requests.entry_mut().change(|draft| (*method).clone_into(&mut draft.method));
            }
        }
        Picking::Kind => {
            if let Some(kind) = Kind::ALL.get(at) {
                set_kind(app, *kind);
            }
        }
    }
}

fn set_kind(app: &mut App, kind: Kind) {
    let number = app.now.wall.as_nanosecond().unsigned_abs();
    let by_hand = app.requests.entry().draft.content_type_by_hand();
    let empty = app.requests.entry().draft.body.trim().is_empty();
    app.requests.entry_mut().change(|draft| draft.set_kind(kind, u64::try_from(number).unwrap_or(u64::MAX)));
    app.composer.top = 0;
    if by_hand {
        app.say(Notice::attention("The Content-Type row of Headers was set by hand: it stays as it is."));
    }
    // What is to be filled in next is in hand at once.
    if kind == Kind::File || (empty && kind != Kind::None) {
        keys::edit(app, Target::Body);
        if let Some(editing) = app.editing.as_mut() {
            match kind {
                Kind::Json => {
                    editing.editor.go(Motion::Down);
                    editing.editor.go(Motion::LineEnd);
                }
                Kind::File => editing.editor.go(Motion::End),
                _ => {}
            }
        }
    }
}
