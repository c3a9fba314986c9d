//! JSON as a person types it, a line at a time: coloured, its variables blue. Nothing is judged here.

use super::pen::Pen;
use crate::{config::theme::Role, domain::template::mentions};

/// Draws one line, or the rest of one that is `quoted`: within a string.
pub(super) fn json(pen: &mut Pen<'_>, x: u16, y: u16, line: &str, quoted: bool) {
    let mut x = x;
    for (role, text) in tokens(line, quoted) {
        let mut from = 0;
        for (_, range) in mentions(text) {
            x = over(pen, x, y, text.get(from..range.start).unwrap_or_default(), role);
            x = over(pen, x, y, text.get(range.clone()).unwrap_or_default(), Role::Accent);
            from = range.end;
        }
        x = over(pen, x, y, text.get(from..).unwrap_or_default(), role);
    }
}

/// Writes without a background, so that the tint of a field stays.
fn over(pen: &mut Pen<'_>, x: u16, y: u16, text: &str, role: Role) -> u16 {
    if text.is_empty() { x } else { pen.text(x, y, text, role) }
}

/// The pieces of a line, each with what it is. A string of JSON never spans lines, so a line is enough to tell.
fn tokens(line: &str, quoted: bool) -> Vec<(Role, &str)> {
    let mut tokens = Vec::new();
    let mut rest = line;
    let mut quoted = quoted;
    while let Some(first) = rest.chars().next() {
        let (role, length) = match first {
            _ if std::mem::take(&mut quoted) => string(rest, 0),
            '"' => string(rest, 1),
            '{' if rest.starts_with("{{") => (Role::Text, rest.find("}}").map_or(rest.len(), |end| end + 2)),
            '-' | '0'..='9' => {
                (Role::JsonNumber, run(rest, |letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter)))
            }
            letter if letter.is_alphabetic() => {
                let length = run(rest, char::is_alphanumeric);
                let word = rest.get(..length).unwrap_or_default();
                (if matches!(word, "true" | "false" | "null") { Role::JsonLiteral } else { Role::Text }, length)
            }
            letter if letter.is_whitespace() => (Role::Text, run(rest, char::is_whitespace)),
            letter => (Role::JsonPunct, letter.len_utf8()),
        };
        let (token, behind) = rest.split_at_checked(length.max(1)).unwrap_or((rest, ""));
        tokens.push((role, token));
        rest = behind;
    }
    tokens
}

/// A string, of which so many quotes are behind at its start, and its length; before a colon it is a key.
fn string(text: &str, behind: usize) -> (Role, usize) {
    let mut escaped = false;
    let end = text.char_indices().skip(behind).find(|(_, letter)| {
        let ends = *letter == '"' && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    });
    let length = end.map_or(text.len(), |(at, _)| at + 1);
    let is_key = text.get(length..).is_some_and(|behind| behind.trim_start().starts_with(':'));
    (if is_key { Role::JsonKey } else { Role::JsonString }, length)
}

fn run(text: &str, keep: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !keep(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_line_are_told_apart_and_none_is_lost() {
        let line = r#"  "a\"b": [25.00, true, "x{{v}}"], {{w}} oops é"#;
        let tokens = tokens(line, false);
        assert_eq!(tokens.iter().map(|(_, text)| *text).collect::<String>(), line);
        let of = |role: Role| tokens.iter().filter(|(own, _)| *own == role).map(|(_, text)| *text).collect::<Vec<_>>();
        assert_eq!(of(Role::JsonKey), [r#""a\"b""#]);
        assert_eq!(of(Role::JsonString), [r#""x{{v}}""#]);
        assert_eq!(of(Role::JsonNumber), ["25.00"]);
        assert_eq!(of(Role::JsonLiteral), ["true"]);
    }

    #[test]
    fn a_line_that_begins_within_a_string_is_told_apart_too() {
        assert_eq!(tokens(r#"a b": 1"#, true)[0], (Role::JsonKey, r#"a b""#));
        assert_eq!(tokens(r#"", "b""#, true)[0], (Role::JsonString, r#"""#));
        assert_eq!(tokens("true", true), [(Role::JsonString, "true")]);
    }
}
