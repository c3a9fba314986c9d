//! Code, a line at a time: comments, strings, numbers and the words of its language coloured. Nothing is judged here.

use super::pen::Pen;
use crate::{config::theme::Role, snippet::About};

/// Draws a line from a column on; `open` is the quote of a string that began above, and is told for the line below.
pub(super) fn line(pen: &mut Pen<'_>, x: u16, y: u16, text: &str, about: &About, open: &mut Option<char>) {
    let mut x = x;
    for (role, piece) in tokens(text, about, open) {
        x = pen.text(x, y, piece, role);
    }
}

/// The same without drawing it.
pub(super) fn pass(text: &str, about: &About, open: &mut Option<char>) {
    tokens(text, about, open);
}

fn tokens<'t>(text: &'t str, about: &About, open: &mut Option<char>) -> Vec<(Role, &'t str)> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (role, length) = match (first, *open) {
            (_, Some(quote)) => (Role::JsonString, string(rest, 0, quote, about, open)),
            ('"' | '\'' | '`', None) => (Role::JsonString, string(rest, first.len_utf8(), first, about, open)),
            (_, None) if rest.starts_with(&about.comment) && begins_a_word(text, rest) => (Role::Muted, rest.len()),
            (first, None) if first.is_ascii_digit() => {
                (Role::JsonNumber, run(rest, |letter| letter.is_ascii_digit() || letter == '.'))
            }
            (first, None) if first.is_alphabetic() || first == '_' => {
                let length = run(rest, |letter| letter.is_alphanumeric() || letter == '_');
                let word = rest.get(..length).unwrap_or_default();
                let known = about.keywords.iter().any(|keyword| keyword == word);
                (if known { Role::JsonLiteral } else { Role::Text }, length)
            }
            (first, None) => (Role::Text, first.len_utf8()),
        };
        let (token, behind) = rest.split_at_checked(length.max(1)).unwrap_or((rest, ""));
        tokens.push((role, token));
        rest = behind;
    }
    tokens
}

/// A comment begins a line, or stands behind a blank.
fn begins_a_word(text: &str, rest: &str) -> bool {
    let before = text.get(..text.len() - rest.len()).unwrap_or_default();
    before.is_empty() || before.ends_with(char::is_whitespace)
}

/// The length of a string up to its quote, or of the rest of the line. In a shell's single quotes nothing is escaped, and
/// they alone go on below, as Go's and JavaScript's back quotes do.
fn string(text: &str, behind: usize, quote: char, about: &About, open: &mut Option<char>) -> usize {
    let raw = quote == '\'' && matches!(about.escaper.as_str(), "curl" | "httpie" | "powershell");
    let mut escaped = false;
    for (at, letter) in text.char_indices().filter(|(at, _)| *at >= behind) {
        if letter == quote && !escaped {
            *open = None;
            return at + letter.len_utf8();
        }
        escaped = letter == '\\' && !escaped && !raw;
    }
    *open = (raw || quote == '`').then_some(quote);
    text.len()
}

fn run(text: &str, keep: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !keep(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_code_are_told_apart_and_none_is_lost() {
        let about = About {
            comment: "#".to_owned(),
            keywords: vec!["if".to_owned()],
            escaper: "curl".to_owned(),
            ..About::default()
        };
        let mut open = None;
        for (text, role, found) in [
            ("if x # why", Role::JsonLiteral, "if"),
            ("if x # why", Role::Muted, "# why"),
            (r#"a "b\"c" 12"#, Role::JsonString, r#""b\"c""#),
            (r#"a "b\"c" 12"#, Role::JsonNumber, "12"),
            (r"a 'b\' c", Role::JsonString, r"'b\'"),
            ("x 'begun", Role::JsonString, "'begun"),
        ] {
            let tokens = tokens(text, &about, &mut open);
            assert_eq!(tokens.iter().map(|(_, text)| *text).collect::<String>(), text);
            assert!(tokens.contains(&(role, found)), "{tokens:?}");
        }
        assert_eq!(tokens("ended' if", &about, &mut open)[0], (Role::JsonString, "ended'"));
        assert_eq!(open, None);
    }
}
