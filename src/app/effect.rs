//! What the explorer orders: imperatives, carried out by the runtime.

use std::{path::PathBuf, sync::Arc};

use url::Url;

use super::{
    collection::FileChange, consent::Wants, editor::Text, history::Wish, lab::Fault, rotation::RotationOrder,
    session::Snapshot, variables::Called,
};
use crate::{
    body::Body,
    config::theme::Theme,
    document::{Document, Pattern, Reading},
    domain::{
        exchange::ExchangeId,
        ledger::LedgerEntry,
        profile::Profile,
        profile_form::{Change, Entry},
        redact::Redactor,
        request::Prepared,
        secret::Secret,
        token::{TokenPolicy, TokenSerial},
    },
};

/// An order to the runtime.
#[derive(Debug)]
pub enum Effect {
    /// Make this call; its end comes as [`super::message::Message::Settled`].
    Send(Box<Order>),
    /// Cancel this call; what had come is kept.
    Cancel(ExchangeId),
    /// Ask for a token now, for this profile and its credential of that name.
    Renew(Arc<Profile>, String),
    /// Look how the secrets of a profile rest, without reading one; it comes as
    /// [`super::message::Message::SecretsRest`].
    LookAtSecrets(Arc<Profile>),
    /// Do something with a token that is kept.
    Token {
        /// The profile it is kept for.
        profile: Arc<Profile>,
        /// The name of its credential.
        credential: String,
        /// Which.
        serial: TokenSerial,
        /// What.
        wish: TokenWish,
    },
    /// Let the sandbox misbehave, or behave.
    Play(Fault),
    /// Learn the lines of a body on a thread of its own, as it grows.
    Index(Document),
    /// Read no more of the file or pipe that is looked at; what came is kept.
    StopReading,
    /// Look for a text in a body, on a thread of its own, as the search of that number; the one before it ends.
    Search {
        /// Which search.
        search: u64,
        /// In what.
        document: Document,
        /// For what.
        pattern: Pattern,
    },
    /// Read a body that is to be decoded or laid out, on a thread of its own.
    Read(Reading),
    /// Send a body through a filter in a process of its own, as the filter of that number; the one before it ends.
    Filter {
        /// Which filter.
        number: u64,
        /// The body.
        document: Document,
        /// The filter, in the language of jq.
        code: String,
    },
    /// Wait no more for what a filter gives.
    StopFilter,
    /// Look on a thread of its own where a path leads in a body.
    Locate {
        /// In what.
        document: Document,
        /// The path.
        path: String,
    },
    /// Look on a thread of its own where a body that is being typed breaks; what comes of it is
    /// [`super::message::Message::Checked`].
    Check(Text),
    /// Have a program format a body; what comes of it is [`super::message::Message::Formatted`].
    Format {
        /// The program and its arguments.
        words: Vec<String>,
        /// The body.
        text: String,
    },
    /// Copy a text, which is called so; how that went comes as [`super::message::Message::Copied`].
    Copy {
        /// What it is.
        what: String,
        /// The text.
        text: String,
    },
    /// Ask the terminal itself to copy a text, which is called so.
    CopyByTerminal {
        /// What it is.
        what: String,
        /// The text.
        text: String,
    },
    /// Put a body into a file, on a thread of its own; what comes of it is [`super::message::Message::Saved`].
    Save(Saving),
    /// Open an address in the browser.
    Browse(Url),
    /// Let the terminal tell of the mouse, or keep it for itself.
    Mouse(bool),
    /// Draw with that theme from now on, or with the one that suits the terminal.
    Theme(Option<Box<Theme>>),
    /// Read the person's own theme of that name; it comes as [`super::message::Message::ThemeRead`].
    ReadTheme(String),
    /// Keep this for the next start, in place of what was kept before.
    Keep(Box<Snapshot>),
    /// Change the config file; its end comes as [`super::message::Message::ProfilesChanged`].
    ChangeProfiles(Change),
    /// Make the trial of that number; its end comes as [`super::message::Message::Tried`]. The one before it ends.
    Try(u64, Subject),
    /// Stop the trial, or the first token call of an exchange.
    StopTrial,
    /// Exchange the secret of a credential, as the exchange of that number: what was done comes as
    /// [`super::message::Message::RotationStepped`], how it stands as [`super::message::Message::RotationStood`].
    Rotate {
        /// Which.
        number: u64,
        /// The profile.
        profile: Arc<Profile>,
        /// The name of its credential.
        credential: String,
        /// What is to be done.
        order: RotationOrder,
    },
    /// These are the profiles now; what still comes for those that are outdated is nobody's.
    Learn {
        /// All of them.
        profiles: Vec<Arc<Profile>>,
        /// Those that are gone, or another now.
        outdated: Vec<Arc<Profile>>,
    },
    /// Keep these generations of tokens as they are now.
    KeepLedger(Vec<LedgerEntry>),
    /// Read the clipboard; what comes of it is [`super::message::Message::Came`].
    ReadClipboard,
    /// Read a file of requests, the same way.
    ReadRequests(String),
    /// Read the end of the log.
    ReadLog,
    /// Read or change the history; what comes of it is [`super::message::Message::HistoryTold`].
    History(Wish),
    /// Write a file of the collection; its end comes as [`super::message::Message::FileWritten`].
    WriteFile(Box<FileChange>),
    /// Read what a request wants of the machine, if its file is trusted or a person agreed just now; it comes as
    /// [`super::message::Message::OutsideRead`].
    ReadOutside(Box<Wants>, bool),
    /// Put the body of a call together, its files named from that folder; it comes as
    /// [`super::message::Message::Assembled`].
    Assemble(Box<Order>, PathBuf),
    /// The answer to the question of that number; nothing where it is not given.
    Answer(u64, Option<Secret>),
    /// Give the terminal to another program for a while.
    Outside(Errand),
    /// Stop the program as a shell's job, until the shell lets it go on.
    Suspend,
    /// End the program.
    Quit,
}

/// What another program has the terminal for.
#[derive(Debug)]
pub enum Errand {
    /// The person's editor, on a text; what comes of it is told by [`super::message::Message::Edited`].
    Edit {
        /// The text as it is.
        text: String,
        /// How the name of its file ends, which tells the editor its language.
        suffix: &'static str,
        /// Whether the field is left then.
        leave: bool,
    },
    /// The person's pager, on something to read.
    Page(Pages),
    /// The person's editor, on something to read that is not to be changed; how the name of its file ends.
    Look(Document, &'static str),
}

/// A body on its way into a file.
#[derive(Clone, Debug)]
pub struct Saving {
    /// The file, as it was typed.
    pub path: String,
    /// The body.
    pub body: Body,
    /// It as text, in which secrets are looked for too.
    pub text: Body,
    /// The secrets that are known.
    pub masks: Redactor,
    /// Whether a file that is there may be written over.
    pub over: bool,
    /// Whether a secret may be in it.
    pub with_secret: bool,
}

/// What is done with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenWish {
    /// Its text comes as [`super::message::Message::TokenGiven`].
    Reveal,
    /// It is copied; how that went comes as [`super::message::Message::Copied`].
    Copy,
    /// It is dropped, which comes as [`super::message::Message::TokenDropped`].
    Drop,
}

/// What is tried.
#[derive(Debug)]
pub enum Subject {
    /// A profile, and its credential of that name; the first one for an empty name.
    Profile(Arc<Profile>, String),
    /// What a form says.
    Entry(Box<Entry>),
}

/// Something to read.
#[derive(Debug)]
pub enum Pages {
    /// A body as it is looked at, whole.
    Body(Document),
    /// A text.
    Text(String),
}

/// A call to make.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its number, given by the explorer.
    pub id: ExchangeId,
    /// The request.
    pub prepared: Prepared,
    /// Where.
    pub profile: Arc<Profile>,
    /// The name of the credential.
    pub credential: String,
    /// When a token is fetched for it.
    pub policy: TokenPolicy,
    /// What others call the request by.
    pub called: Called,
}
