//! The grammar of RFC 8259 as a machine that eats a body piece by piece: strict, without recursion, one bit a level.
//!
//! It tells a [`Structure`] where values, containers and commas stand, and stops at the first fault. A byte that is no
//! UTF-8 inside a string (§8.1) is a fault too, but the structure holds across it, so the machine goes on.

use super::{
    fault::{Fault, Reason},
    nesting::Nesting,
    tokens,
};

mod run;

#[cfg(test)]
mod tests;

/// What the machine tells as it goes; offsets are of the body.
pub(super) trait Structure {
    /// A key, or a value that is no container, begins.
    fn scalar(&mut self, at: u64);
    /// A container begins.
    fn open(&mut self, at: u64);
    /// The innermost container ends; `at` is its bracket.
    fn close(&mut self, at: u64);
    /// A comma between values.
    fn comma(&mut self);
    /// What began at `at` broke the grammar before it ended: it never was.
    fn retract(&mut self, at: u64);
}

/// Where the machine is in the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Value,
    ElementOrClose,
    KeyOrClose,
    Key,
    Colon,
    CommaOrClose,
    End,
    String,
    Escape,
    Hex(u8),
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    Sign,
    Power,
    Word(&'static [u8]),
    Bom(&'static [u8]),
}

/// A byte, and how many bytes of its line before it continue a character.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    at: u64,
    continued: u64,
}

/// A UTF-8 sequence under way (RFC 3629 §4): continuation bytes to come and the range of the next.
#[derive(Clone, Copy, Debug)]
struct Sequence {
    place: Place,
    left: u8,
    from: u8,
    to: u8,
}

#[derive(Clone, Debug)]
pub(super) struct Scanner {
    state: State,
    /// The string under way is a key.
    key: bool,
    sequence: Option<Sequence>,
    /// Bytes eaten.
    at: u64,
    /// Where the token under way begins.
    token: Place,
    nesting: Nesting,
    /// Line ends so far, where the line under way begins, and how many of its bytes continue a character.
    lines: u64,
    line: u64,
    continued: u64,
    /// The first byte that is no UTF-8.
    pub(super) bad_byte: Option<Fault>,
    /// Whether a value may follow another.
    many: bool,
}

/// A grammar broken for good.
pub(super) struct Broken {
    pub(super) fault: Fault,
    /// Up to here all was well.
    pub(super) held: u64,
}

impl Scanner {
    pub(super) fn new() -> Self {
        Self {
            state: State::Value,
            key: false,
            sequence: None,
            at: 0,
            token: Place::default(),
            nesting: Nesting::default(),
            lines: 0,
            line: 0,
            continued: 0,
            bad_byte: None,
            many: false,
        }
    }

    /// The same for a text of any number of values, one behind another.
    pub(super) fn of_many(self) -> Self {
        Self { many: true, ..self }
    }

    /// Eats the next bytes of the body.
    pub(super) fn feed(&mut self, chunk: &[u8], into: &mut impl Structure) -> Result<(), Box<Broken>> {
        let base = self.at;
        let mut i = 0;
        loop {
            i = if self.state == State::String && self.sequence.is_none() {
                i + tokens::plain(chunk.get(i..).unwrap_or_default())
            } else {
                self.run(chunk, i, base, into)
            };
            let Some(&byte) = chunk.get(i) else { break };
            self.at = base + i as u64;
            i += usize::from(self.step(byte, into)?);
        }
        self.at = base + chunk.len() as u64;
        Ok(())
    }

    /// The body ended.
    pub(super) fn finish(&mut self, into: &mut impl Structure) -> Result<(), Box<Broken>> {
        if let Some(sequence) = self.sequence.take() {
            self.note_bad_byte(sequence.place);
        }
        if matches!(self.state, State::Zero | State::Integer | State::Fraction | State::Power) {
            self.state = self.after();
        }
        match self.state {
            State::End => Ok(()),
            State::Value if self.many && self.nesting.depth == 0 => Ok(()),
            State::CommaOrClose
            | State::Colon
            | State::Value
            | State::Key
            | State::KeyOrClose
            | State::ElementOrClose => self.broken(self.here(), Reason::Ended, into),
            State::String | State::Escape | State::Hex(_) => self.broken(self.token, Reason::EndedInString, into),
            _ => self.broken(self.token, Reason::EndedInValue, into),
        }
    }

    /// One byte outside the fast path of strings; whether it was eaten.
    fn step(&mut self, byte: u8, into: &mut impl Structure) -> Result<bool, Box<Broken>> {
        match self.state {
            State::String if self.sequence.is_some() => return Ok(self.continuation(byte).is_some()),
            State::String => self.string(byte, into)?,
            State::Escape => self.escape(byte, into)?,
            State::Hex(left) => match byte {
                b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => {
                    self.state = if left == 1 { State::String } else { State::Hex(left - 1) };
                }
                _ => return self.broken(self.here(), Reason::Hex, into),
            },
            State::Word(rest) => match rest.split_first() {
                Some((expected, rest)) if *expected == byte => {
                    self.state = if rest.is_empty() { self.after() } else { State::Word(rest) };
                }
                _ => return self.broken(self.token, Reason::Word, into),
            },
            State::Bom(rest) => match rest.split_first() {
                Some((expected, rest)) if *expected == byte => {
                    if rest.is_empty() {
                        (self.state, self.line) = (State::Value, self.at + 1);
                    } else {
                        self.state = State::Bom(rest);
                    }
                }
                _ => return self.broken(Place::default(), Reason::Value(0xef), into),
            },
            State::Minus
            | State::Zero
            | State::Integer
            | State::Point
            | State::Fraction
            | State::Exponent
            | State::Sign
            | State::Power => return self.number(byte, into),
            _ => self.structure(byte, into)?,
        }
        Ok(true)
    }

    fn structure(&mut self, byte: u8, into: &mut impl Structure) -> Result<(), Box<Broken>> {
        match (byte, self.state) {
            (b' ' | b'\t' | b'\r', _) => {}
            (b'\n', _) => self.end_line(self.at),
            (b'"', State::Key | State::KeyOrClose) => self.begin_string(true, into),
            (b'"', State::Value | State::ElementOrClose) => self.begin_string(false, into),
            (b':', State::Colon) => self.state = State::Value,
            (b',', State::CommaOrClose) => {
                into.comma();
                self.state = if self.nesting.in_object() { State::Key } else { State::Value };
            }
            (b'}', State::KeyOrClose) | (b']', State::ElementOrClose) => self.close(into),
            (b'}', State::CommaOrClose) if self.nesting.in_object() => self.close(into),
            (b']', State::CommaOrClose) if !self.nesting.in_object() => self.close(into),
            (_, State::Value | State::ElementOrClose) => return self.value(byte, into),
            (_, State::End) if self.many => {
                // As far as lines go, what ends one value is a comma.
                into.comma();
                return self.value(byte, into);
            }
            (_, state) => {
                self.token = self.here();
                let reason = match state {
                    State::Key => Reason::Key(byte),
                    State::KeyOrClose => Reason::KeyOrClose(byte),
                    State::Colon => Reason::Colon(byte),
                    State::End => Reason::AfterEnd(byte),
                    _ if self.nesting.in_object() => Reason::CommaOrBrace(byte),
                    _ => Reason::CommaOrBracket(byte),
                };
                return self.broken(self.here(), reason, into);
            }
        }
        Ok(())
    }

    fn value(&mut self, byte: u8, into: &mut impl Structure) -> Result<(), Box<Broken>> {
        self.state = match byte {
            b'{' | b'[' => {
                into.open(self.at);
                self.nesting.push(byte == b'{');
                self.state = if byte == b'{' { State::KeyOrClose } else { State::ElementOrClose };
                return Ok(());
            }
            b'-' => State::Minus,
            b'0' => State::Zero,
            b'1'..=b'9' => State::Integer,
            b't' => State::Word(b"rue"),
            b'f' => State::Word(b"alse"),
            b'n' => State::Word(b"ull"),
            0xef if self.at == 0 => {
                self.state = State::Bom(b"\xbb\xbf");
                return Ok(());
            }
            _ => {
                self.token = self.here();
                return self.broken(self.here(), Reason::Value(byte), into);
            }
        };
        self.token = self.here();
        into.scalar(self.at);
        Ok(())
    }

    fn begin_string(&mut self, key: bool, into: &mut impl Structure) {
        (self.key, self.token, self.state) = (key, self.here(), State::String);
        into.scalar(self.at);
    }

    /// A byte of a string that is no plain ASCII.
    fn string(&mut self, byte: u8, into: &mut impl Structure) -> Result<(), Box<Broken>> {
        match byte {
            b'"' => self.state = if self.key { State::Colon } else { self.after() },
            b'\\' => self.state = State::Escape,
            0..=0x1f => return self.broken(self.here(), Reason::Control(byte), into),
            _ => {
                let (left, from, to) = match byte {
                    0xc2..=0xdf => (1, 0x80, 0xbf),
                    0xe0 => (2, 0xa0, 0xbf),
                    0xe1..=0xec | 0xee | 0xef => (2, 0x80, 0xbf),
                    0xed => (2, 0x80, 0x9f),
                    0xf0 => (3, 0x90, 0xbf),
                    0xf1..=0xf3 => (3, 0x80, 0xbf),
                    0xf4 => (3, 0x80, 0x8f),
                    _ => {
                        self.note_bad_byte(self.here());
                        return Ok(());
                    }
                };
                self.sequence = Some(Sequence { place: self.here(), left, from, to });
            }
        }
        Ok(())
    }

    /// The next byte of a UTF-8 sequence, if it is one.
    fn continuation(&mut self, byte: u8) -> Option<()> {
        let sequence = self.sequence.take()?;
        if !(sequence.from..=sequence.to).contains(&byte) {
            self.note_bad_byte(sequence.place);
            return None;
        }
        self.continued += 1;
        if sequence.left > 1 {
            self.sequence = Some(Sequence { left: sequence.left - 1, from: 0x80, to: 0xbf, ..sequence });
        }
        Some(())
    }

    fn escape(&mut self, byte: u8, into: &mut impl Structure) -> Result<(), Box<Broken>> {
        self.state = match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => State::String,
            b'u' => State::Hex(4),
            _ => return self.broken(self.here(), Reason::Escape(byte), into),
        };
        Ok(())
    }

    fn number(&mut self, byte: u8, into: &mut impl Structure) -> Result<bool, Box<Broken>> {
        self.state = match (self.state, byte) {
            (State::Minus, b'0') => State::Zero,
            (State::Minus, b'1'..=b'9') | (State::Integer, b'0'..=b'9') => State::Integer,
            (State::Zero | State::Integer, b'.') => State::Point,
            (State::Zero | State::Integer | State::Fraction, b'e' | b'E') => State::Exponent,
            (State::Point | State::Fraction, b'0'..=b'9') => State::Fraction,
            (State::Exponent, b'+' | b'-') => State::Sign,
            (State::Exponent | State::Sign | State::Power, b'0'..=b'9') => State::Power,
            (State::Zero, b'0'..=b'9') => return self.broken(self.here(), Reason::LeadingZero, into),
            (State::Minus | State::Point | State::Exponent | State::Sign, _) => {
                return self.broken(self.here(), Reason::Digit(byte), into);
            }
            _ => {
                self.state = self.after();
                return Ok(false);
            }
        };
        Ok(true)
    }

    fn close(&mut self, into: &mut impl Structure) {
        self.leave(self.at, into);
        self.state = self.after();
    }

    fn leave(&mut self, at: u64, into: &mut impl Structure) {
        into.close(at);
        self.nesting.pop();
    }

    fn end_line(&mut self, at: u64) {
        self.lines += 1;
        self.line = at + 1;
        self.continued = 0;
    }

    fn after(&self) -> State {
        if self.nesting.depth == 0 { State::End } else { State::CommaOrClose }
    }

    fn here(&self) -> Place {
        Place { at: self.at, continued: self.continued }
    }

    fn note_bad_byte(&mut self, place: Place) {
        self.continued = place.continued;
        if self.bad_byte.is_none() {
            self.bad_byte = Some(self.fault(place, Reason::NotUtf8));
        }
    }

    fn fault(&self, place: Place, reason: Reason) -> Fault {
        let column = (place.at - self.line.min(place.at)).saturating_sub(place.continued) + 1;
        Fault { line: self.lines + 1, column, offset: place.at, reason }
    }

    fn broken<T>(&self, place: Place, reason: Reason, into: &mut impl Structure) -> Result<T, Box<Broken>> {
        let held = if self.state.is_within_token() { self.token.at } else { place.at };
        into.retract(held);
        Err(Box::new(Broken { fault: self.fault(place, reason), held }))
    }
}

impl State {
    fn is_within_token(self) -> bool {
        use State::{Bom, Colon, CommaOrClose, ElementOrClose, End, Key, KeyOrClose, Value};
        !matches!(self, Value | ElementOrClose | KeyOrClose | Key | Colon | CommaOrClose | End | Bom(_))
    }
}
