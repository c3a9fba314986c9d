//! Keys that any terminal can tell: what it sends for each without a protocol of its own, and what can be asked for by
//! name.

use std::collections::BTreeMap;

use authscope::config::{
    action::{ACTIONS, Context},
    chord::{Chord, Key, Mods},
    keymap::Keymap,
};

use crate::stage::Stage;

/// What an xterm, and tmux on its behalf, sends for a key without an extended protocol; nothing where it cannot tell
/// the key from another one (xterm's control sequences, "PC-Style Function Keys").
fn bytes(chord: Chord) -> Option<Vec<u8>> {
    let Mods { ctrl, alt, shift } = chord.mods();
    let modified = 1 + u8::from(shift) + 2 * u8::from(alt) + 4 * u8::from(ctrl);
    let cursor = |last: char| match modified {
        1 => format!("\x1b[{last}"),
        _ => format!("\x1b[1;{modified}{last}"),
    };
    let tilde = |number: u8| match modified {
        1 => format!("\x1b[{number}~"),
        _ => format!("\x1b[{number};{modified}~"),
    };
    let plain = match chord.key() {
        Key::Char(letter @ 'a'..='z') if ctrl && !shift => char::from(letter as u8 & 0x1f).to_string(),
        Key::Char('_') if ctrl && !shift => "\x1f".to_owned(),
        Key::Char(_) if ctrl => return None,
        // The beginnings of other sequences.
        Key::Char('[' | 'O') if alt => return None,
        Key::Char(letter) => letter.to_string(),
        Key::Enter if !ctrl && !shift => "\r".to_owned(),
        Key::Tab if !ctrl && !shift => "\t".to_owned(),
        Key::Tab if shift && !ctrl && !alt => return Some(b"\x1b[Z".to_vec()),
        Key::Esc if modified == 1 => "\x1b".to_owned(),
        Key::Backspace if !ctrl && !shift => "\x7f".to_owned(),
        Key::Up => return Some(cursor('A').into_bytes()),
        Key::Down => return Some(cursor('B').into_bytes()),
        Key::Right => return Some(cursor('C').into_bytes()),
        Key::Left => return Some(cursor('D').into_bytes()),
        Key::End => return Some(cursor('F').into_bytes()),
        Key::Home => return Some(cursor('H').into_bytes()),
        Key::Insert => return Some(tilde(2).into_bytes()),
        Key::Delete => return Some(tilde(3).into_bytes()),
        Key::PageUp => return Some(tilde(5).into_bytes()),
        Key::PageDown => return Some(tilde(6).into_bytes()),
        Key::F(number @ 1..=4) if modified == 1 => format!("\x1bO{}", char::from(b'P' + number - 1)),
        Key::F(number @ 1..=4) => format!("\x1b[1;{modified}{}", char::from(b'P' + number - 1)),
        Key::F(number @ 5..=12) => tilde([15, 17, 18, 19, 20, 21, 23, 24][usize::from(number) - 5]),
        Key::Enter | Key::Tab | Key::Esc | Key::Backspace | Key::F(_) => return None,
    };
    let prefix = if alt { "\x1b" } else { "" };
    Some(format!("{prefix}{plain}").into_bytes())
}

#[test]
fn every_action_has_a_key_that_any_terminal_tells_apart() {
    let map = Keymap::default();
    for context in Context::ALL {
        let mut sent = BTreeMap::new();
        for spec in ACTIONS {
            let keys: Vec<_> = map.chords_of(spec.action, context).collect();
            let told =
                keys.iter().filter_map(|keys| keys.iter().map(|chord| bytes(*chord)).collect::<Option<Vec<_>>>());
            let told: Vec<_> = told.map(|keys| keys.concat()).collect();
            assert!(keys.is_empty() || !told.is_empty(), "{} in {context:?} wants a newer terminal", spec.name);
            for bytes in told {
                let other = sent.insert(bytes.clone(), spec.name);
                assert!(other.is_none(), "{other:?} and {} both are {bytes:?} in {context:?}", spec.name);
            }
        }
    }
}

#[test]
fn every_action_of_the_panes_is_a_command_by_its_name() {
    let stage = Stage::new(120, 40);
    let known: Vec<String> = stage.app.completions("").into_iter().map(|completion| completion.word).collect();
    for spec in ACTIONS {
        let of_fields = !spec.contexts.contains(&Context::Nav);
        assert!(of_fields || known.iter().any(|name| name == spec.name), "`:{}`", spec.name);
    }
}
