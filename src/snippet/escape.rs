//! One escaper a language: any text as a literal, and what the code knows when it runs, as an expression.
//!
//! A character that cannot be seen, or that changes how others are seen (controls, line and paragraph separators, marks of
//! direction), is written as an escape wherever the language has one. A NUL in a shell's text is the business of its
//! templates.

use super::pieces::{Form, Piece, Pieces};

mod csharp;
mod go;
mod java;
mod javascript;
mod powershell;
mod python;
mod ruby;
mod rust;
mod shell;

pub(super) use csharp::CSharp;
pub(super) use go::Go;
pub(super) use java::Java;
pub(super) use javascript::JavaScript;
pub(super) use powershell::PowerShell;
pub(super) use python::Python;
pub(super) use ruby::Ruby;
pub(super) use rust::Rust;
pub(super) use shell::Shell;

/// See the module.
pub(super) trait Escape: Send + Sync {
    /// A literal that is this text.
    fn literal(&self, text: &str) -> String;

    /// The value of an environment variable, written so.
    fn variable(&self, name: &str, form: Form) -> String;

    /// A variable of the code.
    fn local(&self, name: &str) -> String {
        name.to_owned()
    }

    /// A part of a text.
    fn part(&self, piece: &Piece) -> String {
        match piece {
            Piece::Text(text) => self.literal(text),
            Piece::Variable(name, form) => self.variable(name, *form),
            Piece::Local(name) => self.local(name),
        }
    }

    /// A whole text as an expression.
    fn expression(&self, pieces: &Pieces) -> String {
        if pieces.0.is_empty() {
            return self.literal("");
        }
        pieces.0.iter().map(|piece| self.part(piece)).collect::<Vec<_>>().join(" + ")
    }

    /// The same over several lines, as the text is; the first begins where it is written.
    fn lines(&self, pieces: &Pieces, indent: &str) -> String {
        let lines = pieces.lines();
        if lines.0.is_empty() {
            return self.literal("");
        }
        lines.0.iter().map(|piece| self.part(piece)).collect::<Vec<_>>().join(&format!(" +\n{indent}"))
    }

    /// The value of a header field.
    fn field(&self, pieces: &Pieces) -> String {
        self.expression(pieces)
    }

    /// A text within a comment of one line.
    fn comment(&self, text: &str) -> String {
        escaped(text, |letter| match letter {
            '\\' => Some("\\\\".to_owned()),
            _ => is_hidden(letter).then(|| letter.escape_unicode().to_string().replace("\\u", "U+")),
        })
    }
}

/// A text in which a rule replaces letters.
fn escaped(text: &str, rule: impl Fn(char) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for letter in text.chars() {
        match rule(letter) {
            Some(written) => out.push_str(&written),
            None => out.push(letter),
        }
    }
    out
}

/// Whether a character cannot be seen, or changes how others are seen.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The escapes that most languages share: of the quote, the backslash, line feed, carriage return and tab.
fn usual(letter: char, quote: char) -> Option<String> {
    Some(match letter {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\\' => "\\\\".to_owned(),
        letter if letter == quote => format!("\\{quote}"),
        _ => return None,
    })
}

/// Four hexadecimal digits of each UTF-16 unit.
fn utf16(letter: char) -> String {
    let mut units = [0; 2];
    let units: Vec<_> = letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    units.concat()
}
