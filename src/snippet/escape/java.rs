//! Java.

use super::{Escape, Form, Piece, Pieces, escaped, is_hidden, usual, utf16};

/// See the module.
pub(in crate::snippet) struct Java;

/// Bytes of a text that is written as one constant; the format of classes ends at 65,535.
const CONSTANT: usize = 30_000;
/// Characters of a part of a longer one.
const PART: usize = 5_000;

impl Escape for Java {
    /// All but ASCII is escaped: what a file is read as is the compiler's guess.
    fn literal(&self, text: &str) -> String {
        let body = escaped(text, |letter| {
            usual(letter, '"').or_else(|| (is_hidden(letter) || !letter.is_ascii()).then(|| utf16(letter)))
        });
        format!("\"{body}\"")
    }

    fn variable(&self, name: &str, form: Form) -> String {
        let value = format!("env({})", self.literal(name));
        match form {
            Form::Plain => value,
            Form::Json => format!("quoted({value})"),
            Form::Field => format!("URLEncoder.encode({value}, StandardCharsets.UTF_8)"),
            Form::Percent => format!("URLEncoder.encode({value}, StandardCharsets.UTF_8).replace(\"+\", \"%20\")"),
        }
    }

    /// A long text is put together when the code runs.
    fn lines(&self, pieces: &Pieces, indent: &str) -> String {
        let mut lines = pieces.lines().0;
        let long = pieces.literal().len() > CONSTANT;
        if long {
            let parts = |piece: Piece| match piece {
                Piece::Text(text) => {
                    let letters: Vec<_> = text.chars().collect();
                    letters.chunks(PART).map(|part| Piece::Text(part.iter().collect())).collect()
                }
                other => vec![other],
            };
            lines = lines.into_iter().flat_map(parts).collect();
        }
        let parts: Vec<_> = lines.iter().map(|piece| self.part(piece)).collect();
        match (long, parts.is_empty()) {
            (_, true) => self.literal(""),
            (true, _) => format!("String.join(\"\",\n{indent}{})", parts.join(&format!(",\n{indent}"))),
            (false, _) => parts.join(&format!(" +\n{indent}")),
        }
    }
}
