//! Why a body is not JSON, and where.

use std::fmt;

/// The first place where a body breaks RFC 8259; `not JSON: line L, column C, reason` when displayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line of the raw text, from 1.
    pub line: u64,
    /// The character of that line, from 1.
    pub column: u64,
    /// The byte of the body.
    pub offset: u64,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong, with the byte that was found instead. Section numbers are of RFC 8259.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No value begins so (§3).
    Value(u8),
    /// No key begins so (§4).
    Key(u8),
    /// Neither a key nor the end of the object (§4).
    KeyOrClose(u8),
    /// No colon after a key (§4).
    Colon(u8),
    /// Neither a comma nor the end of the object (§4).
    CommaOrBrace(u8),
    /// Neither a comma nor the end of the array (§5).
    CommaOrBracket(u8),
    /// Something after the one value of the text (§2).
    AfterEnd(u8),
    /// A word other than `true`, `false` and `null` (§3).
    Word,
    /// A number with a zero before its digits (§6).
    LeadingZero,
    /// No digit where a number needs one (§6).
    Digit(u8),
    /// A control character that is not escaped (§7).
    Control(u8),
    /// An escape that there is not (§7).
    Escape(u8),
    /// `\u` without four hexadecimal digits (§7).
    Hex,
    /// A byte that is no UTF-8 (§8.1).
    NotUtf8,
    /// The body ended where more must come.
    Ended,
    /// The body ended inside a string.
    EndedInString,
    /// The body ended inside a number or a word.
    EndedInValue,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not JSON: line {}, column {}, {}", self.line, self.column, self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Value(found) => write!(f, "a value was expected, not {}", byte(found)),
            Self::Key(found) => write!(f, "a key in double quotes was expected, not {}", byte(found)),
            Self::KeyOrClose(found) => write!(f, "a key in double quotes or `}}` was expected, not {}", byte(found)),
            Self::Colon(found) => write!(f, "`:` was expected after the key, not {}", byte(found)),
            Self::CommaOrBrace(found) => write!(f, "`,` or `}}` was expected, not {}", byte(found)),
            Self::CommaOrBracket(found) => write!(f, "`,` or `]` was expected, not {}", byte(found)),
            Self::AfterEnd(found) => write!(f, "nothing may follow the value, but {} does", byte(found)),
            Self::Word => f.write_str("a word other than `true`, `false` and `null`"),
            Self::LeadingZero => f.write_str("a number with a leading zero"),
            Self::Digit(found) => write!(f, "a digit was expected, not {}", byte(found)),
            Self::Control(found) => write!(f, "the control character {} in a string is not escaped", byte(found)),
            Self::Escape(found) => write!(f, "there is no escape \\ with {}", byte(found)),
            Self::Hex => f.write_str("four hexadecimal digits were expected after `\\u`"),
            Self::NotUtf8 => f.write_str("a byte that is not UTF-8"),
            Self::Ended => f.write_str("the body ends where more must come"),
            Self::EndedInString => f.write_str("the body ends inside a string"),
            Self::EndedInValue => f.write_str("the body ends inside a value"),
        }
    }
}

fn byte(byte: u8) -> String {
    match byte {
        b' '..=b'~' => format!("`{}`", char::from(byte)),
        0..=0x7f => format!("U+{byte:04X}"),
        _ => format!("<{byte:02X}>"),
    }
}
