//! A command as one line: its words apart by blanks, quotes around those that hold some. No shell reads it, so nothing
//! but quotes and the backslash means anything.

/// The words of a line; `None` where a quote is open or a backslash is the last character.
pub fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(letter),
            (_, '\\') => word.get_or_insert_default().push(letters.next()?),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// The line that these words are.
pub fn joined(words: &[String]) -> String {
    let quoted = |word: &String| {
        let plain =
            !word.is_empty() && !word.contains(|letter: char| letter.is_whitespace() || "'\"\\".contains(letter));
        if plain { word.clone() } else { format!("'{}'", word.replace('\'', r"'\''")) }
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_at_blanks_outside_quotes_and_no_shell_reads_them() {
        for (line, words) in [
            ("", vec![]),
            ("  pass  show mine ", vec!["pass", "show", "mine"]),
            (r#"a 'b c' "d \" e" f\ g"#, vec!["a", "b c", "d \" e", "f g"]),
            ("a '' $HOME;x", vec!["a", "", "$HOME;x"]),
            (r"'it'\''s' 'a\b'", vec!["it's", r"a\b"]),
        ] {
            let split = split(line).unwrap();
            assert_eq!(split, words, "{line}");
            assert_eq!(super::split(&joined(&split)).unwrap(), words, "{line}");
        }
        assert_eq!((split("a 'b"), split("a \\")), (None, None));
    }
}
