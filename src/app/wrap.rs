//! Breaking a text into lines. Here and not in `view`, since how far a text scrolls follows from how many lines it has.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// A text in lines of at most so many columns, broken at blanks; a word that is longer, an address say, is broken where
/// the line ends.
pub fn words(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.extend(pieces(word, columns)),
        }
    }
    lines
}

/// A word in pieces of at most so many columns; at least one cluster each.
fn pieces(word: &str, columns: usize) -> Vec<String> {
    if word.width() <= columns {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for cluster in word.graphemes(true) {
        if used > 0 && used + cluster.width() > columns {
            pieces.push(String::new());
            used = 0;
        }
        used += cluster.width();
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(cluster);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_at_blanks_and_a_long_word_where_the_line_ends() {
        assert_eq!(words("one two  three", 7), ["one two", "three"]);
        assert_eq!(words("at http://a.example/b now", 8), ["at", "http://a", ".example", "/b now"]);
        assert_eq!(words("漢字漢", 5), ["漢字", "漢"]);
        assert_eq!(words("漢字", 1), ["漢", "字"]);
        assert!(words("  ", 9).is_empty());
    }
}
