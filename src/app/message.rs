//! What can happen to the explorer: facts in the past tense, from the terminal, the engine and the runtime.

use std::{path::PathBuf, sync::Arc};

use super::{
    collection::{FileChange, FileFault},
    consent::Wants,
    editor::Text,
    effect::{Order, Saving},
    history::Told,
    importing::Coming,
    profiles::Saved,
    resting::Found,
    rotation::Stood,
    session::Snapshot,
};
use crate::{
    body::Body,
    config::{chord::Chord, theme::Theme},
    document::{Fault, Index, Read},
    domain::{
        exchange::Exchange,
        flow::{FlowEvent, Refusal, TokenFailure},
        ledger::LedgerEntry,
        profile_form::{Change, FormFault},
        secret::Secret,
        token::{TokenFacts, TokenSerial, TokenStatus},
        trial::Trial,
    },
    library::variables::Outside,
};

/// A fact that arrived.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(Chord),
    /// Text was pasted, as one piece.
    Pasted(String),
    /// The left button was pressed at a column and a row.
    Clicked(u16, u16),
    /// The wheel was turned at a column and a row: down, or up.
    Turned {
        /// The column.
        x: u16,
        /// The row.
        y: u16,
        /// Whether down.
        down: bool,
    },
    /// The terminal has the focus now, or has it no more.
    Focused(bool),
    /// The terminal has another size: columns and rows.
    Resized(u16, u16),
    /// Time went by: what counts on screen may read otherwise now.
    Ticked,
    /// Something happened in the engine.
    Flowed(FlowEvent),
    /// A call is over.
    Settled(Box<Exchange>),
    /// A renewal asked for by a key is over.
    Renewed(Result<Arc<TokenFacts>, Arc<TokenFailure>>),
    /// The config file was changed, with the profiles there are now, or was not, and why.
    ProfilesChanged(Change, Result<Saved, FormFault>),
    /// The trial of that number is over, or could not be made.
    Tried(u64, Result<Box<Trial>, FormFault>),
    /// A step of the exchange of that number was made.
    RotationStepped(u64, String),
    /// How the exchange of that number stands, or why it came to nothing, in words.
    RotationStood(u64, Result<Stood, String>),
    /// How the tokens of the active credential stand, or why there can be none.
    TokenStood(Result<TokenStatus, Refusal>),
    /// How the secrets of the profile of that name rest, each by the name of its credential.
    SecretsRest(String, Vec<(String, Found)>),
    /// The text of a token, to be revealed; nothing where it is not kept any more.
    TokenGiven(TokenSerial, Option<Arc<Secret>>),
    /// A token was dropped.
    TokenDropped(TokenSerial),
    /// A text was copied, or could not be: the words for it.
    Copied(Result<String, String>),
    /// A text could not be copied by the ways that can be told to have worked.
    Uncopied {
        /// What it is.
        what: String,
        /// The text.
        text: String,
    },
    /// The editor is done: the text as it is now, or why it is as it was, in words.
    Edited {
        /// The text.
        text: Result<String, String>,
        /// Whether the field is left now.
        leave: bool,
    },
    /// The pager or the browser could not show anything, in words.
    Unpaged(String),
    /// A body was saved, or was not.
    Saved(SaveEnd),
    /// A secret is asked for: the number of the question, and its words.
    Asked(u64, String),
    /// Nobody waits for the answer to that question any more.
    Unasked(u64),
    /// What the sandbox does out of the ordinary, a line each.
    Misbehaved(Vec<String>),
    /// What was kept is read, if anything was; from now on everything is kept.
    Restored(Option<Box<Snapshot>>),
    /// Something cannot be kept, or could not be read, in words.
    StoreFailed(String),
    /// Changes cannot be kept for now, and why; or they are again.
    Kept(Result<(), String>),
    /// The files of the collection were read: its folder, each with its path from there and its text, and what was passed
    /// over.
    CollectionRead(PathBuf, Vec<(PathBuf, String)>, Vec<String>),
    /// A file of the collection was written, or why not.
    FileWritten(Box<FileChange>, Result<(), FileFault>),
    /// What a request wants of the machine was read; or nobody agreed to it yet; or why it cannot be.
    OutsideRead(Box<Wants>, Result<Outside, Option<String>>),
    /// The body of a call is put together, or why it cannot be.
    Assembled(Result<Box<Order>, String>),
    /// Tokens of earlier runs, the oldest first.
    LedgerRead(Vec<LedgerEntry>),
    /// The last lines of the log, or why there are none.
    LogRead(Result<Vec<String>, String>),
    /// The person's own theme of that name was read, or why it cannot be used.
    ThemeRead(String, Result<Box<Theme>, String>),
    /// More is known of the lines of a body.
    Indexed(Body, Arc<Index>),
    /// What a body reads as that was sent so.
    Read(Body, Box<Read>),
    /// More came of the file or pipe that is looked at, or its end.
    Grown,
    /// What came out of the filter of that number, or why nothing did.
    Filtered(u64, Result<Body, String>),
    /// A path was followed in a body: the byte it leads to, or why it leads nowhere.
    Located(Body, Result<u64, String>),
    /// A body that is being typed was checked: where it breaks, if it does.
    Checked(Text, Option<Fault>),
    /// What the clipboard or a file holds was read, or why not.
    Came(Result<Box<Coming>, String>),
    /// The history was read or changed, or why not.
    HistoryTold(Result<Told, String>),
    /// A program formatted a body: the body as it was, and what it is to be, or why it stays.
    Formatted(String, Result<String, String>),
    /// A search found these places (offsets into the body) so far; `done` when it has seen all of it.
    Found {
        /// Which search.
        search: u64,
        /// Offsets, ascending.
        hits: Vec<u64>,
        /// Whether the whole body was seen.
        done: bool,
    },
}

/// What came of putting a body into a file.
#[derive(Debug)]
pub enum SaveEnd {
    /// It is there, in words.
    Done(String),
    /// A file of that name is there already.
    Exists(Saving),
    /// It has this secret in it, and nobody has agreed to that.
    Holds(Saving, String),
    /// It is not there, in words.
    Failed(String),
}
