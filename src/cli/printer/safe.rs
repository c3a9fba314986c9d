//! Text of others made safe for a terminal: what would steer it, or hide, becomes a mark that can be seen.

use std::{
    borrow::Cow,
    io::{self, Write},
};

/// The text with every character that steers a terminal or cannot be seen written as `\u{…}`.
pub(super) fn safe(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        text.chars()
            .fold(String::with_capacity(text.len()), |mut shown, letter| {
                if is_unsafe(letter) {
                    shown.extend(letter.escape_unicode());
                } else {
                    shown.push(letter);
                }
                shown
            })
            .into()
    } else {
        text.into()
    }
}

/// Controls but for tab and line feed; marks of direction, joiners and blanks of no width, separators, tags.
fn is_unsafe(letter: char) -> bool {
    match letter {
        '\t' | '\n' => false,
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => true,
        letter => letter.is_control(),
    }
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
                write!(self.terminal, "\\x{byte:02x}")?;
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
            let _ = write!(self.terminal, "\\x{byte:02x}");
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
        assert_eq!(safe("\u{1b}[2J\r\u{9b}\u{202e}x"), r"\u{1b}[2J\u{d}\u{9b}\u{202e}x");
    }

    #[test]
    fn a_character_in_pieces_is_whole_and_a_broken_byte_is_marked() {
        let euro = "€".as_bytes();
        assert_eq!(shown(&[&euro[..1], &euro[1..2], &euro[2..], b"!"]), "€!");
        assert_eq!(shown(&[&euro[..2], b"!", &[0xff]]), r"\xe2\x82!\xff");
        assert_eq!(shown(&[&euro[..2]]), r"\xe2\x82");
    }

    #[test]
    fn no_byte_of_256_reaches_the_terminal_as_a_control() {
        let all: Vec<u8> = (0..=255).collect();
        assert!(shown(&[&all]).chars().all(|letter| !letter.is_control() || matches!(letter, '\t' | '\n')));
    }
}
