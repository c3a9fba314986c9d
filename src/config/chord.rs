//! Keys as a person writes them: `ctrl-s`, `f5`, `shift-left`, and sequences such as `g g`.
//!
//! Owns the words for keys and one canonical form, so that a key is the same however a terminal reports it. Refuses
//! keys that a terminal cannot tell from another. The keymap and the terminal's input build [`Chord`]s.

use std::fmt;

/// A key without its modifiers. Letters carry their case, so `Char('S')` is what Shift and `s` make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A key that types this character.
    Char(char),
    /// A function key.
    F(u8),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab; with Shift it is what terminals call "back tab".
    Tab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// Keys that have a word: as written in the config file, and as shown.
const NAMED: &[(Key, &str, &str)] = &[
    (Key::Char(' '), "space", "Space"),
    (Key::Enter, "enter", "Enter"),
    (Key::Esc, "esc", "Esc"),
    (Key::Tab, "tab", "Tab"),
    (Key::Backspace, "backspace", "Backspace"),
    (Key::Delete, "delete", "Del"),
    (Key::Insert, "insert", "Ins"),
    (Key::Left, "left", "←"),
    (Key::Right, "right", "→"),
    (Key::Up, "up", "↑"),
    (Key::Down, "down", "↓"),
    (Key::Home, "home", "Home"),
    (Key::End, "end", "End"),
    (Key::PageUp, "pageup", "PgUp"),
    (Key::PageDown, "pagedown", "PgDn"),
];

/// What is held down with a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mods {
    /// Control.
    pub ctrl: bool,
    /// Alt, also called Option or Meta.
    pub alt: bool,
    /// Shift; never set where it only chose the character.
    pub shift: bool,
}

/// A key and what is held down with it, in canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    key: Key,
    mods: Mods,
}

/// Why a text names no usable key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChordError {
    /// Nothing was written.
    #[error("a key is missing")]
    Empty,
    /// No key has this name.
    #[error(
        "`{0}` is no key: write a character, f1 to f12, or a name such as `enter`, `space`, `left`, `pageup`, \
         after `ctrl-`, `alt-` or `shift-`"
    )]
    UnknownKey(String),
    /// Terminals, multiplexers or desktops keep the key for something else.
    #[error("`{chord}` cannot be bound: {why}")]
    NeverBound {
        /// The key as written.
        chord: String,
        /// What it means instead.
        why: &'static str,
    },
}

impl Chord {
    /// The canonical form of a key press, however a terminal reports it:
    /// Shift that only chose the character is dropped, letters with Ctrl or Alt are lower case, and byte 0x1F, which
    /// some report as Ctrl-7, is `Ctrl-_`.
    pub fn new(key: Key, mods: Mods) -> Self {
        let Key::Char(typed) = key else {
            return Self { key, mods };
        };
        let (typed, mods) = match typed {
            '7' | '-' if mods.ctrl && (typed == '7' || mods.shift) => ('_', Mods { shift: false, ..mods }),
            // Ctrl-Shift-c is not Ctrl-c: where a terminal tells them apart, they stay apart.
            letter if mods.ctrl && letter.is_alphabetic() => (lower(letter), mods),
            letter if mods.alt => (lower(letter), Mods { shift: false, ..mods }),
            letter if mods.shift => (upper(letter), Mods { shift: false, ..mods }),
            other => (other, mods),
        };
        Self { key: Key::Char(typed), mods }
    }

    /// A key with nothing held down.
    pub fn plain(key: Key) -> Self {
        Self::new(key, Mods::default())
    }

    /// The key.
    pub fn key(self) -> Key {
        self.key
    }

    /// What is held down with it.
    pub fn mods(self) -> Mods {
        self.mods
    }

    /// The character that this chord types in a text field, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.key {
            Key::Char(typed) if !self.mods.ctrl && !self.mods.alt => Some(typed),
            _ => None,
        }
    }

    /// One key, as written in the config file.
    pub fn parse(text: &str) -> Result<Self, ChordError> {
        let mut rest = text.trim();
        let mut mods = Mods::default();
        if rest.is_empty() {
            return Err(ChordError::Empty);
        }
        while let Some((word, tail)) = rest.split_once('-').filter(|(_, tail)| !tail.is_empty()) {
            match word.to_ascii_lowercase().as_str() {
                "ctrl" | "control" => mods.ctrl = true,
                "alt" | "option" | "meta" => mods.alt = true,
                "shift" => mods.shift = true,
                _ => return Err(ChordError::UnknownKey(text.trim().to_owned())),
            }
            rest = tail;
        }
        let key = named_key(rest).ok_or_else(|| ChordError::UnknownKey(text.trim().to_owned()))?;
        Ok(Self::new(key, mods))
    }

    /// A key, or several to be pressed one after another with blanks between, as written in the config file.
    pub fn parse_sequence(text: &str) -> Result<Vec<Self>, ChordError> {
        let chords: Vec<_> = text.split_whitespace().map(Self::parse).collect::<Result<_, _>>()?;
        if chords.is_empty() { Err(ChordError::Empty) } else { Ok(chords) }
    }

    /// Why no action may have this key in any context, if so.
    pub fn never_bound(self) -> Option<&'static str> {
        let Mods { ctrl, alt, shift } = self.mods;
        match self.key {
            Key::Char('h') if ctrl => Some("terminals send Backspace for it"),
            Key::Char('i') if ctrl => Some("terminals send Tab for it"),
            Key::Char('j' | 'm') if ctrl => Some("terminals send Enter for it"),
            Key::Char('[') if ctrl => Some("terminals send Esc for it"),
            Key::Char('v') if ctrl => Some("terminals paste with it"),
            Key::Char(_) if ctrl && shift => Some("most terminals cannot tell it from the key without Shift"),
            Key::Char('0'..='9') if alt => Some("terminals switch their tabs with it"),
            Key::F(10 | 11) => Some("desktops keep it for menus and full screen"),
            _ => None,
        }
    }

    /// Whether terminal multiplexers take this key as their prefix, so that it is bound in text fields only.
    pub fn is_multiplexer_prefix(self) -> bool {
        self.mods == Mods { ctrl: true, ..Mods::default() } && matches!(self.key, Key::Char('a' | 'b'))
    }

    /// As written in the config file; `parse` reads it back.
    pub fn name(self) -> String {
        let Mods { ctrl, alt, shift } = self.mods;
        let held = [(ctrl, "ctrl-"), (alt, "alt-"), (shift, "shift-")];
        let mut name: String = held.into_iter().filter(|(held, _)| *held).map(|(_, word)| word).collect();
        match (NAMED.iter().find(|(key, ..)| *key == self.key), self.key) {
            (Some((_, word, _)), _) => name.push_str(word),
            (None, Key::Char(typed)) => name.push(typed),
            (None, Key::F(number)) => name.extend(["f", &number.to_string()]),
            (None, _) => {}
        }
        name
    }
}

impl fmt::Display for Chord {
    /// As shown in hints and help: `Ctrl-S`, `F5`, `Shift-←`, `s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mods { ctrl, alt, shift } = self.mods;
        for (held, word) in [(ctrl, "Ctrl-"), (alt, "Alt-"), (shift, "Shift-")] {
            if held {
                f.write_str(word)?;
            }
        }
        match (NAMED.iter().find(|(key, ..)| *key == self.key), self.key) {
            (Some((.., shown)), _) => f.write_str(shown),
            (None, Key::Char(typed)) if ctrl || alt => write!(f, "{}", upper(typed)),
            (None, Key::Char(typed)) => write!(f, "{typed}"),
            (None, Key::F(number)) => write!(f, "F{number}"),
            (None, _) => Ok(()),
        }
    }
}

/// A sequence as shown: `g g`.
pub fn shown(sequence: &[Chord]) -> String {
    sequence.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The key that a word or a single character names.
fn named_key(word: &str) -> Option<Key> {
    let small = word.to_lowercase();
    let alias = match small.as_str() {
        "escape" => "esc",
        "return" => "enter",
        "del" => "delete",
        "ins" => "insert",
        "pgup" => "pageup",
        "pgdn" => "pagedown",
        other => other,
    };
    if let Some((key, ..)) = NAMED.iter().find(|(_, name, shown)| *name == alias || *shown == word) {
        return Some(*key);
    }
    let mut characters = word.chars();
    if let (Some(typed), None) = (characters.next(), characters.next()) {
        return (!typed.is_control() && !typed.is_whitespace()).then_some(Key::Char(typed));
    }
    let number = small.strip_prefix('f')?.parse().ok()?;
    (1..=12).contains(&number).then_some(Key::F(number))
}

/// The lower case of a character that has exactly one.
fn lower(typed: char) -> char {
    single(typed, typed.to_lowercase())
}

/// The upper case of a character that has exactly one.
fn upper(typed: char) -> char {
    single(typed, typed.to_uppercase())
}

fn single(typed: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => typed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chord(text: &str) -> Chord {
        Chord::parse(text).unwrap()
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let keys = "s S g ! - _ < ? 1 ü f1 F12 enter esc tab space pgdn ctrl-s Ctrl-S alt-enter ctrl-_ ctrl-left \
                    shift-left shift-tab alt-b ctrl-alt-x ctrl-- alt--";
        for text in keys.split_whitespace() {
            let read = chord(text);
            assert_eq!(chord(&read.name()), read, "{text} as a name");
            assert_eq!(chord(&read.to_string()), read, "{text} as shown");
        }
    }

    #[test]
    fn keys_are_shown_as_people_say_them() {
        let shown = ["ctrl-s", "f5", "shift-left", "esc", "space", "alt-b", "s", "S", "shift-s", "ctrl-_", "pgdn"];
        let shown: Vec<_> = shown.into_iter().map(|text| chord(text).to_string()).collect();
        assert_eq!(shown, ["Ctrl-S", "F5", "Shift-←", "Esc", "Space", "Alt-B", "s", "S", "S", "Ctrl-_", "PgDn"]);
        assert_eq!(super::shown(&Chord::parse_sequence(" g  g ").unwrap()), "g g");
    }

    #[test]
    fn a_key_is_the_same_however_the_terminal_reports_it() {
        let ctrl = Mods { ctrl: true, ..Mods::default() };
        let shift = Mods { shift: true, ..Mods::default() };
        assert_eq!(Chord::new(Key::Char('7'), ctrl), chord("ctrl-_"));
        assert_eq!(Chord::new(Key::Char('-'), Mods { shift: true, ..ctrl }), chord("ctrl-_"));
        assert_eq!(Chord::new(Key::Char('G'), shift), chord("G"));
        assert_eq!(Chord::new(Key::Char('g'), shift), chord("G"));
        assert_eq!(Chord::new(Key::Char('?'), shift), chord("?"));
        assert_eq!(Chord::new(Key::Char('B'), Mods { alt: true, shift: true, ctrl: false }), chord("alt-b"));
        assert_ne!(Chord::new(Key::Char('C'), Mods { shift: true, ..ctrl }), chord("ctrl-c"));
    }

    #[test]
    fn what_is_no_key_is_said() {
        for text in ["f0", "f13", "hyper-x", "ctrl-", "word", "ctrl-nothing", "shift-alt-"] {
            assert!(matches!(Chord::parse(text), Err(ChordError::UnknownKey(_))), "{text}");
        }
        assert_eq!(Chord::parse("  "), Err(ChordError::Empty));
        assert_eq!(Chord::parse_sequence(""), Err(ChordError::Empty));
    }

    #[test]
    fn keys_that_mean_something_else_are_never_bound() {
        for text in ["ctrl-h", "ctrl-i", "ctrl-j", "ctrl-m", "ctrl-[", "ctrl-shift-s", "ctrl-v", "f10", "f11", "alt-1"]
        {
            assert!(chord(text).never_bound().is_some(), "{text}");
        }
        for text in ["ctrl-s", "s", "f5", "alt-b", "1", "ctrl-a", "shift-left", "ctrl-enter"] {
            assert!(chord(text).never_bound().is_none(), "{text}");
        }
        assert!(chord("ctrl-a").is_multiplexer_prefix() && chord("ctrl-b").is_multiplexer_prefix());
    }
}
