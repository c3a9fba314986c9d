//! The words of a command line as the Windows prompt and the programs it starts read them.
//!
//! Twice: the prompt takes `^` away and parts commands, the program parts its words by `"` and `\`. `%NAME%` becomes a
//! variable of the request.

use std::fmt::Write as _;

use super::shell::Command;

/// Whether a text is written for the Windows prompt: a `^` ends a line or stands before a quote.
pub(super) fn is_for_cmd(text: &str) -> bool {
    text.contains("^\"") || text.lines().any(|line| line.trim_end().ends_with('^'))
}

/// The commands of a text.
pub(super) fn commands(text: &str) -> Result<Vec<Command>, String> {
    let lines = without_carets(text);
    let commands = lines.iter().map(|line| Ok(Command { words: words(line)?, ..Command::default() }));
    let commands: Vec<_> = commands.collect::<Result<_, String>>()?;
    Ok(commands.into_iter().filter(|command| !command.words.is_empty()).collect())
}

/// What the prompt hands to each program.
fn without_carets(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let mut letters = text.chars().peekable();
    let (mut lines, mut line, mut quoted) = (Vec::new(), String::new(), false);
    while let Some(letter) = letters.next() {
        match letter {
            '^' if !quoted => {
                // At the end of a line it joins the next, whose first character it guards too.
                letters.next_if_eq(&'\n');
                line.extend(letters.next());
            }
            '%' => {
                let rest: String = letters.clone().take_while(|letter| *letter != '%' && *letter != '\n').collect();
                let is_name = !rest.is_empty()
                    && rest.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
                    && letters.clone().nth(rest.len()) == Some('%');
                if is_name {
                    let _ = write!(line, "{{{{{rest}}}}}");
                    letters.nth(rest.len());
                } else {
                    line.push('%');
                }
            }
            '\n' | '&' | '|' if !quoted || letter == '\n' => {
                lines.push(std::mem::take(&mut line));
                quoted = false;
            }
            letter => {
                quoted ^= letter == '"';
                line.push(letter);
            }
        }
    }
    lines.push(line);
    lines
}

/// The words of one program: 2n backslashes before a quote are n, one more is the quote itself, `""` within quotes too.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut letters = line.chars().peekable();
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' if !quoted => words.extend(word.take()),
            '\\' => {
                let mut count = 1;
                while letters.next_if_eq(&'\\').is_some() {
                    count += 1;
                }
                let before_quote = letters.peek() == Some(&'"');
                let kept = if before_quote { count / 2 } else { count };
                let word = word.get_or_insert_default();
                word.extend(std::iter::repeat_n('\\', kept));
                if before_quote && count % 2 == 1 {
                    word.extend(letters.next());
                }
            }
            '"' if quoted && letters.next_if_eq(&'"').is_some() => word.get_or_insert_default().push('"'),
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            letter => word.get_or_insert_default().push(letter),
        }
    }
    if quoted {
        return Err("a `\"` is not closed".to_owned());
    }
    words.extend(word);
    Ok(words)
}
