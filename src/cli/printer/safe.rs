//! Text of others made safe for a terminal: what would steer it, or hide, becomes a mark that can be seen.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use crate::document::sanitize;

/// The text with every character that steers a terminal or cannot be seen written as a mark; its lines stay lines.
pub(super) fn safe(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unsafe(letter) {
            shown.push_str(&sanitize::letter_mark(letter));
        } else {
            shown.push(letter);
        }
    }
    shown.into()
}

/// As on the screen, but for tab and line feed.
fn is_unsafe(letter: char) -> bool {
    !matches!(letter, '\t' | '\n') && sanitize::is_unsafe(letter)
}

/// A writer in front of a terminal. A character may come in pieces.
pub(super) struct Safe<W: Write> {
    terminal: W,
    /// The begun character at the end of what came last.
    begun: Vec<u8>,
}

impl<W: Write> Safe<W> {
    pub(super) fn new(terminal: W) -> Self {
        Self { terminal, begun: Vec::new() }
    }
}

impl<W: Write> Write for Safe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut joined = std::mem::take(&mut self.begun);
        joined.extend_from_slice(bytes);
        let mut chunks = joined.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.terminal.write_all(safe(chunk.valid()).as_bytes())?;
            let rest = chunk.invalid();
            if chunks.peek().is_none() && begins_character(rest) {
                self.begun = rest.to_vec();
                break;
            }
            for byte in rest {
                self.terminal.write_all(sanitize::byte_mark(*byte).as_bytes())?;
            }
        }
        Ok(bytes.len())
    }

    /// A begun character stays: its rest may still come.
    fn flush(&mut self) -> io::Result<()> {
        self.terminal.flush()
    }
}

impl<W: Write> Drop for Safe<W> {
    fn drop(&mut self) {
        for byte in std::mem::take(&mut self.begun) {
            // Nobody is left to tell.
            let _ = self.terminal.write_all(sanitize::byte_mark(byte).as_bytes());
        }
    }
}

/// Whether more bytes could make a character of these.
fn begins_character(bytes: &[u8]) -> bool {
    matches!(std::str::from_utf8(bytes), Err(error) if error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[&[u8]]) -> String {
        let mut terminal = Vec::new();
        let mut safe = Safe::new(&mut terminal);
        for piece in pieces {
            safe.write_all(piece).unwrap();
        }
        drop(safe);
        String::from_utf8(terminal).unwrap()
    }

    #[test]
    fn what_steers_a_terminal_or_hides_becomes_a_mark() {
        assert_eq!(safe("a\tb\nä"), "a\tb\nä");
        assert_eq!(safe("\u{1b}[2J\r\u{9b}\u{202e}x"), "^[[2J^M<U+009B><U+202E>x");
    }

    #[test]
    fn a_character_in_pieces_is_whole_and_a_broken_byte_is_marked() {
        let euro = "€".as_bytes();
        assert_eq!(shown(&[&euro[..1], &euro[1..2], &euro[2..], b"!"]), "€!");
        assert_eq!(shown(&[&euro[..2], b"!", &[0xff]]), "<E2><82>!<FF>");
        assert_eq!(shown(&[&euro[..2]]), "<E2><82>");
    }

    #[test]
    fn no_byte_of_256_reaches_the_terminal_as_a_control() {
        let all: Vec<u8> = (0..=255).collect();
        assert!(shown(&[&all]).chars().all(|letter| !letter.is_control() || matches!(letter, '\t' | '\n')));
    }
}
