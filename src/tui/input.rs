//! What a person does, as messages: key presses in canonical form, pastes as one piece, clicks, the focus.
//!
//! A thread of its own reads the terminal, as long as its [`Listener`] lives: a program that is run in between must have
//! every key for itself, and a paste whose end is lost must not keep a signal from ending this one.

use std::io;

use zeroize::Zeroize as _;

use crate::{app::message::Message, config::chord::Key};

#[cfg(any(unix, test))]
mod parser;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::listen;
#[cfg(windows)]
pub(super) use windows::listen;

/// What was read at once: a few keys, or a paste and what was there directly behind it.
pub(super) type Read = io::Result<Vec<Message>>;

/// Keeps the thread that reads the terminal; dropped, nothing is read any more.
pub(super) struct Listener {
    #[cfg(unix)]
    _thread: unix::Reader,
}

/// Makes text of the keys behind a paste.
///
/// A paste that carries the mark of its end inside arrives as a paste and keys; taken as keys, the rest of it would be
/// commands. What is there as soon as the paste is belongs to it.
#[derive(Debug, Default)]
pub(super) struct Pasting {
    text: Option<String>,
}

impl Pasting {
    /// What was read, as it is meant now; nothing for a part of a paste.
    pub(super) fn message(&mut self, read: Message) -> Option<Message> {
        match (read, &mut self.text) {
            (Message::Pasted(mut pasted), text) => {
                text.get_or_insert_default().push_str(&pasted);
                // It may have been a secret.
                pasted.zeroize();
            }
            (Message::Key(chord), Some(text)) => match chord.key() {
                Key::Enter => text.push('\n'),
                Key::Tab => text.push('\t'),
                _ => text.extend(chord.typed()),
            },
            (other, _) => return Some(other),
        }
        None
    }

    /// Nothing more is there: what was pasted.
    pub(super) fn end(&mut self) -> Option<Message> {
        self.text.take().map(Message::Pasted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::chord::Chord;

    #[test]
    fn keys_that_are_there_as_soon_as_a_paste_are_text_of_it() {
        let mut pasting = Pasting::default();
        let press = |name: &str| Message::Key(Chord::parse(name).unwrap());
        let pasted = |text: &str| Message::Pasted(text.to_owned());
        for read in [pasted("curl "), press("q"), press("ctrl-c"), press("esc"), press("enter"), pasted("x")] {
            assert!(pasting.message(read).is_none());
        }
        assert!(matches!(pasting.end(), Some(Message::Pasted(text)) if text == "curl q\nx"));
        assert!(pasting.end().is_none());
        assert!(matches!(pasting.message(press("q")), Some(Message::Key(_))));
    }
}
