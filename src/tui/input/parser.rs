//! What the bytes of a terminal mean: keys, pastes, the mouse, the focus.
//!
//! Ours and no library's, because of where a read may end. A terminal's sequence can be torn anywhere, on its ESC too;
//! whoever takes that for the Esc key takes the rest for commands. Here the bytes mean the same however they come in
//! pieces; only an ESC that nothing follows for a while is the key, which [`Parser::rest`] is told of.
//!
//! Sequences are those of xterm (ECMA-48, `ctlseqs`), with the keys of rxvt and of the Linux console. Whatever is none
//! that is known, an answer to a question of some other program among them, is passed over whole.

use memchr::memmem;
use zeroize::Zeroizing;

use crate::{
    app::message::Message,
    config::chord::{Chord, Key, Mods},
};

const ESC: u8 = 0x1b;
const PASTE_END: &[u8] = b"\x1b[201~";
/// Bytes of the longest sequence that is waited for.
const LONGEST: usize = 1 << 16;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Parser {
    /// What was fed and has no meaning yet.
    torn: Vec<u8>,
    /// The paste that has begun, so far; it may be a secret.
    paste: Option<Zeroizing<Vec<u8>>>,
}

/// What stands at the start of some bytes.
struct Start {
    /// How many bytes it has.
    length: usize,
    /// What they mean, if anything.
    message: Option<Message>,
    /// Whether they are the mark of a paste that begins.
    pastes: bool,
}

impl Start {
    fn new(length: usize, message: Option<Message>) -> Self {
        Self { length, message, pastes: false }
    }
}

impl Parser {
    /// Takes bytes in, and tells what they mean together with those before.
    pub(super) fn feed(&mut self, bytes: &[u8], told: &mut Vec<Message>) {
        self.torn.extend_from_slice(bytes);
        let mut at = 0;
        loop {
            if let Some(paste) = &mut self.paste {
                let seen = paste.len().saturating_sub(PASTE_END.len() - 1);
                paste.extend(self.torn.drain(..).skip(std::mem::take(&mut at)));
                let Some(end) = memmem::find(&paste[seen..], PASTE_END).map(|end| seen + end) else { return };
                self.torn.extend_from_slice(&paste[end + PASTE_END.len()..]);
                paste.truncate(end);
                told.push(Message::Pasted(String::from_utf8_lossy(paste).into_owned()));
                self.paste = None;
            }
            let Some(Start { length, message, pastes }) = start(&self.torn[at..]) else { break };
            told.extend(message);
            at += length;
            self.paste = pastes.then(Zeroizing::default);
        }
        self.torn.drain(..at);
        if self.torn.len() > LONGEST {
            self.torn.clear();
        }
    }

    /// Whether a sequence has begun.
    pub(super) fn is_torn(&self) -> bool {
        !self.torn.is_empty()
    }

    /// Nothing came for a while: tells of what may be whole as it is.
    ///
    /// `ESC [` and `ESC O` go on waiting. Their last byte may be late, and would be a command.
    pub(super) fn rest(&mut self, told: &mut Vec<Message>) {
        match self.torn.as_slice() {
            [ESC] => told.push(press(Key::Esc, Mods::default())),
            [ESC, b'[' | b'O', ..] => return,
            [ESC, letter] => told.push(press(Key::Char(char::from(*letter)), ALT)),
            _ => {}
        }
        self.torn.clear();
    }
}

const ALT: Mods = Mods { ctrl: false, alt: true, shift: false };

fn press(key: Key, mods: Mods) -> Message {
    Message::Key(Chord::new(key, mods))
}

/// What stands at the start; nothing where it is too little to tell.
fn start(bytes: &[u8]) -> Option<Start> {
    match bytes {
        [] | [ESC] | [ESC, b']' | b'P' | b'_' | b'X' | b'^'] => None,
        [ESC, b'[', rest @ ..] => control(rest),
        [ESC, b'O', rest @ ..] => match rest {
            [] => None,
            [letter, ..] => Some(Start::new(3, application(*letter))),
        },
        // Two of them are two presses: the second may begin something.
        [ESC, ESC, ..] => Some(Start::new(1, Some(press(Key::Esc, Mods::default())))),
        // The answer of a terminal to a question that somebody else asked: a string, up to its end.
        [ESC, b']', b'0'..=b'9', ..] | [ESC, b'P', b'0'..=b'9' | b'>' | b'!', ..] | [ESC, b'_', b'G', ..] => {
            let end = bytes.iter().enumerate().skip(2).find_map(|(at, byte)| match *byte {
                0x07 => Some(at + 1),
                ESC if bytes.get(at + 1) == Some(&b'\\') => Some(at + 2),
                _ => None,
            });
            end.map(|end| Start::new(end, None))
        }
        [ESC, rest @ ..] => plain(rest).map(|start| Start::new(start.length + 1, start.message.map(with_alt))),
        _ => plain(bytes),
    }
}

fn with_alt(message: Message) -> Message {
    match message {
        Message::Key(chord) => press(chord.key(), Mods { alt: true, ..chord.mods() }),
        other => other,
    }
}

/// A key that is one character.
fn plain(bytes: &[u8]) -> Option<Start> {
    let first = bytes.first()?;
    let one = |key| Some(Start::new(1, Some(key)));
    let ctrl = |letter: u8| press(Key::Char(char::from(letter)), Mods { ctrl: true, ..Mods::default() });
    let length = match first {
        b'\r' | b'\n' => return one(press(Key::Enter, Mods::default())),
        b'\t' => return one(press(Key::Tab, Mods::default())),
        0x08 | 0x7f => return one(press(Key::Backspace, Mods::default())),
        0 => return one(ctrl(b' ')),
        0x01..=0x1a => return one(ctrl(first + 0x60)),
        0x1b..=0x1f => return one(ctrl(first + 0x40)),
        0x20..=0x7e => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        0x80..=0xc1 | 0xf5..=0xff => return Some(Start::new(1, None)),
    };
    let continued = bytes.iter().skip(1).take(length - 1).take_while(|byte| matches!(byte, 0x80..=0xbf)).count();
    if continued + 1 < length {
        // Cut off by something else, it is no character.
        return (bytes.len() > continued + 1).then(|| Start::new(continued + 1, None));
    }
    let typed = std::str::from_utf8(&bytes[..length]).ok().and_then(|text| text.chars().next());
    Some(Start::new(length, typed.map(|typed| press(Key::Char(typed), Mods::default()))))
}

/// What follows `ESC O`: a key of the application mode; in lower case, of rxvt with Ctrl.
fn application(letter: u8) -> Option<Message> {
    let ctrl = Mods { ctrl: letter.is_ascii_lowercase(), ..Mods::default() };
    match letter {
        b'M' => Some(press(Key::Enter, Mods::default())),
        b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S' | b'a'..=b'd' => {
            lettered(letter.to_ascii_uppercase()).map(|key| press(key, ctrl))
        }
        _ => None,
    }
}

fn lettered(letter: u8) -> Option<Key> {
    Some(match letter {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'F' => Key::End,
        b'H' => Key::Home,
        b'P'..=b'S' => Key::F(letter - b'P' + 1),
        _ => return None,
    })
}

/// What follows `ESC [`: parameters, then the byte that says what it is.
fn control(rest: &[u8]) -> Option<Start> {
    let whole = |length: usize, message| Some(Start::new(length + 2, message));
    match rest {
        [] | [b'[' | b'M'] | [b'M', _] | [b'M', _, _] => return None,
        // The Linux console's function keys.
        [b'[', letter, ..] => {
            let number = letter.wrapping_sub(b'A') + 1;
            return whole(2, (1..=5).contains(&number).then(|| press(Key::F(number), Mods::default())));
        }
        // The mouse in three bytes, where a terminal does not tell it in decimals.
        [b'M', button, x, y, ..] => {
            let place = |byte: u8| u16::from(byte).saturating_sub(32);
            return whole(4, mouse(place(*button), place(*x), place(*y)));
        }
        _ => {}
    }
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    // rxvt ends a key with Shift by a byte that ends nothing anywhere else.
    if digits > 0 && rest.get(digits) == Some(&b'$') {
        return whole(digits + 1, numbered(numbers(rest).0, Mods { shift: true, ..Mods::default() }));
    }
    let length = rest.iter().take_while(|byte| matches!(byte, 0x20..=0x3f)).count();
    let parameters = &rest[..length];
    match rest.get(length) {
        None => None,
        Some(b'~') if parameters == b"200" => Some(Start { length: length + 3, message: None, pastes: true }),
        Some(last @ 0x40..=0x7e) => whole(length + 1, meaning(parameters, *last)),
        // Cut off by something else.
        Some(_) => whole(length, None),
    }
}

fn meaning(parameters: &[u8], last: u8) -> Option<Message> {
    let none = Mods::default();
    if let Some(report) = parameters.strip_prefix(b"<") {
        let (button, x, y) = numbers(report);
        return if last == b'M' { mouse(button, x, y) } else { None };
    }
    let (first, second, third) = numbers(parameters);
    let mods = modifiers(second);
    match last {
        _ if is_release(parameters) => None,
        // Where the cursor stands has the form of F3.
        b'R' if parameters == b"1;1" => None,
        b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S' if first <= 1 => lettered(last).map(|key| press(key, mods)),
        // rxvt's arrows with Shift.
        b'a'..=b'd' if parameters.is_empty() => {
            lettered(last.to_ascii_uppercase()).map(|key| press(key, Mods { shift: true, ..none }))
        }
        b'Z' => Some(press(Key::Tab, Mods { shift: true, ..none })),
        b'I' if parameters.is_empty() => Some(Message::Focused(true)),
        b'O' if parameters.is_empty() => Some(Message::Focused(false)),
        b'~' if first == 27 => coded(third, mods),
        b'~' => numbered(first, mods),
        b'^' => numbered(first, Mods { ctrl: true, ..none }),
        b'@' => numbered(first, Mods { ctrl: true, shift: true, ..none }),
        b'u' if parameters.first().is_some_and(u8::is_ascii_digit) => coded(first, mods),
        _ => None,
    }
}

/// The first three numbers; 0 for one that is not there.
fn numbers(parameters: &[u8]) -> (u16, u16, u16) {
    let mut numbers = parameters.split(|byte| *byte == b';').map(|number| {
        let digits = number.iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u16, |sum, digit| sum.saturating_mul(10).saturating_add(u16::from(digit - b'0')))
    });
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}

/// Whether the second number says, behind a colon, that the key was let go.
fn is_release(parameters: &[u8]) -> bool {
    parameters.split(|byte| *byte == b';').nth(1).is_some_and(|number| number.ends_with(b":3"))
}

/// xterm's number of what is held down: one more than the sum of the bits.
fn modifiers(number: u16) -> Mods {
    let bits = number.saturating_sub(1);
    Mods { shift: bits & 1 != 0, alt: bits & 2 != 0, ctrl: bits & 4 != 0 }
}

fn numbered(number: u16, mods: Mods) -> Option<Message> {
    let key = match number {
        1 | 7 => Key::Home,
        2 => Key::Insert,
        3 => Key::Delete,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11..=15 => Key::F(u8::try_from(number - 10).ok()?),
        17..=21 => Key::F(u8::try_from(number - 11).ok()?),
        23 | 24 => Key::F(u8::try_from(number - 12).ok()?),
        _ => return None,
    };
    Some(press(key, mods))
}

/// A key told by its character, as terminals do for what has no byte of its own.
fn coded(code: u16, mods: Mods) -> Option<Message> {
    let key = match code {
        9 => Key::Tab,
        13 => Key::Enter,
        27 => Key::Esc,
        8 | 127 => Key::Backspace,
        // Below are controls; above, keys that no table of ours knows, and a number too large to be kept.
        32.. if !(57344..=63743).contains(&code) && code < u16::MAX => Key::Char(char::from_u32(u32::from(code))?),
        _ => return None,
    };
    Some(press(key, mods))
}

/// A button went down or the wheel was turned, at a column and a row that count from one.
fn mouse(button: u16, x: u16, y: u16) -> Option<Message> {
    const HELD: u16 = 4 | 8 | 16;
    let (x, y) = (x.checked_sub(1)?, y.checked_sub(1)?);
    match button & !HELD {
        0 => Some(Message::Clicked(x, y)),
        64 => Some(Message::Turned { x, y, down: false }),
        65 => Some(Message::Turned { x, y, down: true }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
