//! Text of a server made safe to draw: nothing in it moves a cursor, hides, reorders or overlays what stands beside it.
//!
//! Each character that would is replaced by a visible mark in plain ASCII: `^[` for a control character, `<U+202E>` for
//! another, `<E9>` for a byte that is no UTF-8. A tab is an arrow and blanks. Ordinary combining marks stay on their
//! letter; a letter that carries a tower of them shows the first few. The bytes themselves are never changed: copying
//! and saving read the body, not the screen.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Characters of one cluster beyond which it is taken for an attack on the lines around it.
const CLUSTER: usize = 6;

/// A stretch of text that is safe to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What to draw.
    pub text: Cow<'a, str>,
    /// Its width in cells.
    pub width: usize,
    /// Whether it stands for something that cannot be drawn.
    pub mark: bool,
}

/// The text, with a mark in place of each character that is not safe to draw.
pub fn shown(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    pieces(text, |piece| safe.push_str(&piece.text));
    Cow::Owned(safe)
}

/// Gives the text piece by piece: plain ASCII as one, anything else a cluster or a mark at a time.
pub fn pieces<'a>(text: &'a str, mut each: impl FnMut(Piece<'a>)) {
    let mut rest = text;
    while !rest.is_empty() {
        let plain = plain_ascii(rest);
        if plain > 0 {
            let (text, after) = rest.split_at(plain);
            each(Piece { text: Cow::Borrowed(text), width: plain, mark: false });
            rest = after;
        }
        // A cluster is asked for within a short reach, so that a line of any length costs its own length only.
        let reach = rest.char_indices().nth(64).map_or(rest.len(), |(at, _)| at);
        if let Some(cluster) = rest.get(..reach).and_then(|near| near.graphemes(true).next()) {
            clustered(cluster, &mut each);
            rest = rest.get(cluster.len()..).unwrap_or_default();
        }
    }
}

/// Gives bytes piece by piece; each byte that is no UTF-8 has a mark of its own.
pub(super) fn byte_pieces<'a>(bytes: &'a [u8], mut each: impl FnMut(Piece<'a>)) {
    for chunk in bytes.utf8_chunks() {
        pieces(chunk.valid(), &mut each);
        for byte in chunk.invalid() {
            each(mark(byte_mark(*byte)));
        }
    }
}

/// How many leading bytes are printable ASCII that no combining mark follows.
fn plain_ascii(text: &str) -> usize {
    let bytes = text.as_bytes();
    let count = bytes.iter().take_while(|byte| matches!(byte, b' '..=b'~')).count();
    match bytes.get(count) {
        Some(next) if !next.is_ascii() => count.saturating_sub(1),
        _ => count,
    }
}

fn clustered<'a>(cluster: &'a str, each: &mut impl FnMut(Piece<'a>)) {
    if cluster.chars().count() <= CLUSTER && !cluster.chars().any(is_unsafe) && cluster.width() > 0 {
        each(Piece { text: Cow::Borrowed(cluster), width: cluster.width(), mark: false });
        return;
    }
    let mut safe = 0;
    let mut kept = 0;
    for (at, letter) in cluster.char_indices() {
        let alone = safe == at && kept == 0;
        if is_unsafe(letter) || kept == CLUSTER || (alone && letter.width() == Some(0)) {
            flush(cluster.get(safe..at), each);
            each(marked(letter));
            safe = at + letter.len_utf8();
            kept = if kept == CLUSTER { CLUSTER } else { 0 };
        } else {
            kept += 1;
        }
    }
    flush(cluster.get(safe..), each);
}

fn flush<'a>(text: Option<&'a str>, each: &mut impl FnMut(Piece<'a>)) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        each(Piece { text: Cow::Borrowed(text), width: text.width(), mark: false });
    }
}

fn marked(letter: char) -> Piece<'static> {
    mark(if letter == '\t' { "→   ".to_owned() } else { letter_mark(letter) })
}

/// What is drawn in place of a character that is not safe.
pub fn letter_mark(letter: char) -> String {
    match letter {
        '\u{7f}' => "^?".to_owned(),
        '\0'..='\u{1f}' => format!("^{}", char::from(b'@' + letter as u8)),
        _ => format!("<U+{:04X}>", u32::from(letter)),
    }
}

/// What is drawn in place of a byte that is no UTF-8.
pub fn byte_mark(byte: u8) -> String {
    format!("<{byte:02X}>")
}

fn mark(text: String) -> Piece<'static> {
    let width = text.width();
    Piece { text: Cow::Owned(text), width, mark: true }
}

/// Whether a character controls, reorders, separates lines, or is there without being seen.
pub fn is_unsafe(letter: char) -> bool {
    matches!(letter,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_of_any_script_is_left_as_it_is() {
        for text in ["", "plain", "naïve", "e\u{301}tude", "日本語", "한국어", "שלום", "हिन्दी", "❤\u{fe0f}", "👍🏽", "🇩🇪"]
        {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn what_controls_reorders_or_hides_is_marked() {
        assert_eq!(shown("a\x1b]0;x\x07b"), "a^[]0;x^Gb");
        assert_eq!(shown("a\rb\x08\x7f\u{9b}"), "a^Mb^H^?<U+009B>");
        assert_eq!(shown("a\u{202e}b\u{2066}\u{61c}"), "a<U+202E>b<U+2066><U+061C>");
        assert_eq!(shown("a\u{200b}b\u{e0041}\u{2028}"), "a<U+200B>b<U+E0041><U+2028>");
        assert_eq!(shown("\tx"), "→   x");
    }

    #[test]
    fn no_character_that_is_promised_to_be_marked_gets_through() {
        let promised = |letter: char| {
            letter.is_control()
                || matches!(u32::from(letter), 0x202a..=0x202e | 0x2066..=0x2069 | 0x200b..=0x200f | 0x61c)
                || matches!(u32::from(letter), 0x2060..=0x2064 | 0xfeff | 0xe0000..=0xe007f | 0x2028 | 0x2029)
        };
        for letter in ('\0'..=char::MAX).filter(|letter| promised(*letter)) {
            for text in [format!("{letter}"), format!("a{letter}b"), format!("é{letter}\u{301}")] {
                assert!(!shown(&text).chars().any(promised), "{letter:?} gets through");
            }
        }
    }

    #[test]
    fn a_tower_of_combining_marks_is_cut() {
        let tower = format!("a{}b", "\u{301}".repeat(50));
        let text = shown(&tower).into_owned();
        assert!(text.starts_with(&format!("a{}<U+0301>", "\u{301}".repeat(5))), "{text}");
        assert!(text.ends_with("<U+0301>b"));
        assert_eq!(shown("\u{301}a"), "<U+0301>a", "a combining mark on nothing");
    }

    #[test]
    fn widths_of_pieces_are_widths_of_their_text() {
        pieces("a日\u{1b}e\u{301}👍🏽\u{202e}z", |piece| assert_eq!(piece.width, piece.text.width(), "{piece:?}"));
    }

    #[test]
    fn each_bad_byte_has_its_own_mark() {
        let mut text = String::new();
        byte_pieces(b"a\xe9\xffb\xe2\x82", |piece| text.push_str(&piece.text));
        assert_eq!(text, "a<E9><FF>b<E2><82>");
    }
}
