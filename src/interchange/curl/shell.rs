//! The words of a command line as bash reads them. Nothing is run and nothing is looked up: a shell variable becomes a
//! variable of the request, and what a shell would run stays as it is written.

use std::fmt::Write as _;

/// One simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    /// Its words, unquoted.
    pub(super) words: Vec<String>,
    /// What its standard input is told to be by `<<`.
    pub(super) input: Option<String>,
    /// The files it is told to read or write by `<` and `>`.
    pub(super) redirected: Vec<String>,
    /// Parts that a shell would run.
    pub(super) run: Vec<String>,
}

/// The commands of a text, or what is wrong with it.
pub(super) fn commands(text: &str) -> Result<Vec<Command>, String> {
    let mut reader = Reader { letters: text.chars().collect(), at: 0, found: Vec::new(), waiting: Vec::new() };
    reader.read()?;
    Ok(reader.found.into_iter().filter(|command| !command.words.is_empty()).collect())
}

/// Where the next word goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Word,
    Redirected,
    HereDocument { tabs: bool },
    HereString,
}

struct Reader {
    letters: Vec<char>,
    at: usize,
    found: Vec<Command>,
    /// Here-documents whose lines begin after this one: the command, the end word, whether tabs are dropped.
    waiting: Vec<(usize, String, bool)>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek(0)?;
        self.at += 1;
        Some(letter)
    }

    fn read(&mut self) -> Result<(), String> {
        let (mut command, mut next) = (Command::default(), Next::Word);
        while let Some(letter) = self.peek(0) {
            match letter {
                ' ' | '\t' | '\r' => self.at += 1,
                '\\' if self.is_line_end(1) => self.skip_line_end(),
                '#' => {
                    while self.peek(0).is_some_and(|letter| letter != '\n') {
                        self.at += 1;
                    }
                }
                '\n' | ';' | '|' | '&' | '(' | ')' if !(letter == '&' && self.peek(1) == Some('>')) => {
                    self.at += 1;
                    self.found.push(std::mem::take(&mut command));
                    next = Next::Word;
                    if letter == '\n' {
                        self.here_documents();
                    }
                }
                '<' | '>' | '&' => next = self.redirection(),
                _ => {
                    let word = self.word(&mut command)?;
                    let numbers_a_stream =
                        word.chars().all(|letter| letter.is_ascii_digit()) && matches!(self.peek(0), Some('<' | '>'));
                    match next {
                        Next::Word if numbers_a_stream => {}
                        Next::Word => command.words.push(word),
                        Next::Redirected => command.redirected.push(word),
                        Next::HereString => command.input = Some(word + "\n"),
                        Next::HereDocument { tabs } => self.waiting.push((self.found.len(), word, tabs)),
                    }
                    next = Next::Word;
                }
            }
        }
        self.found.push(command);
        self.here_documents();
        Ok(())
    }

    fn is_line_end(&self, ahead: usize) -> bool {
        self.peek(ahead) == Some('\n') || (self.peek(ahead) == Some('\r') && self.peek(ahead + 1) == Some('\n'))
    }

    /// Past a backslash and the end of its line.
    fn skip_line_end(&mut self) {
        self.at += if self.peek(1) == Some('\r') { 3 } else { 2 };
    }

    fn redirection(&mut self) -> Next {
        let mut sign = String::new();
        while let Some(letter) = self.peek(0).filter(|letter| "<>&|-".contains(*letter) && sign.len() < 3) {
            if letter == '-' && sign != "<<" {
                break;
            }
            sign.push(letter);
            self.at += 1;
        }
        match sign.as_str() {
            "<<<" => Next::HereString,
            "<<" => Next::HereDocument { tabs: false },
            "<<-" => Next::HereDocument { tabs: true },
            _ => Next::Redirected,
        }
    }

    fn here_documents(&mut self) {
        for (command, end, tabs) in std::mem::take(&mut self.waiting) {
            let mut text = String::new();
            while self.at < self.letters.len() {
                let line: String = self.letters.iter().skip(self.at).take_while(|letter| **letter != '\n').collect();
                self.at += line.chars().count() + 1;
                let line = if tabs { line.trim_start_matches('\t') } else { &line };
                if line.trim_end_matches('\r') == end {
                    break;
                }
                text.push_str(line);
                text.push('\n');
            }
            if let Some(command) = self.found.get_mut(command) {
                command.input = Some(text);
            }
        }
    }

    fn word(&mut self, command: &mut Command) -> Result<String, String> {
        let mut word = String::new();
        while let Some(letter) = self.peek(0) {
            match letter {
                ' ' | '\t' | '\n' | '\r' | ';' | '|' | '&' | '<' | '>' | '(' | ')' => break,
                '\\' if self.is_line_end(1) => self.skip_line_end(),
                '\\' => {
                    self.at += 1;
                    word.extend(self.next());
                }
                '\'' => {
                    self.at += 1;
                    loop {
                        match self.next().ok_or("a `'` is not closed")? {
                            '\'' => break,
                            letter => word.push(letter),
                        }
                    }
                }
                '"' => self.double_quoted(&mut word, command)?,
                '$' if self.peek(1) == Some('\'') => self.escaped(&mut word)?,
                '$' if self.peek(1) == Some('"') => self.at += 1,
                '$' | '`' => self.expansion(&mut word, command),
                letter => {
                    self.at += 1;
                    word.push(letter);
                }
            }
        }
        Ok(word)
    }

    fn double_quoted(&mut self, word: &mut String, command: &mut Command) -> Result<(), String> {
        self.at += 1;
        loop {
            match self.peek(0).ok_or("a `\"` is not closed")? {
                '"' => {
                    self.at += 1;
                    return Ok(());
                }
                '\\' if self.is_line_end(1) => self.skip_line_end(),
                '\\' if self.peek(1).is_some_and(|letter| "$`\"\\".contains(letter)) => {
                    self.at += 1;
                    word.extend(self.next());
                }
                '$' | '`' => self.expansion(word, command),
                letter => {
                    self.at += 1;
                    word.push(letter);
                }
            }
        }
    }

    /// `$NAME` and `${NAME}` as a variable of the request; what would be run, as it is written.
    fn expansion(&mut self, word: &mut String, command: &mut Command) {
        let is_of_name = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
        let rest = self.letters.get(self.at + 1..).unwrap_or_default();
        let braced = rest.first() == Some(&'{');
        let name: String = rest.iter().skip(usize::from(braced)).copied().take_while(is_of_name).collect();
        let closed = !braced || rest.get(1 + name.len()) == Some(&'}');
        if self.peek(0) == Some('$') && !name.is_empty() && closed {
            let _ = write!(word, "{{{{{name}}}}}");
            self.at += 1 + name.len() + 2 * usize::from(braced);
            return;
        }
        let from = self.at;
        let end = match (self.next(), self.peek(0)) {
            (Some('`'), _) => Some('`'),
            (_, Some('(')) => Some(')'),
            (_, Some('{')) => Some('}'),
            _ => None,
        };
        if let Some(end) = end {
            while self.next().is_some_and(|letter| letter != end) {}
        }
        let part: String = self.letters.get(from..self.at).unwrap_or_default().iter().collect();
        word.push_str(&part);
        if end.is_some() {
            command.run.push(part);
        }
    }

    /// `$'…'` with the escapes of ANSI C.
    fn escaped(&mut self, word: &mut String) -> Result<(), String> {
        self.at += 2;
        let mut bytes = Vec::new();
        loop {
            let letter = match self.next().ok_or("a `$'` is not closed")? {
                '\'' => break,
                '\\' => match self.next().ok_or("a `$'` is not closed")? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'a' => '\u{7}',
                    'b' => '\u{8}',
                    'e' | 'E' => '\u{1b}',
                    'f' => '\u{c}',
                    'v' => '\u{b}',
                    'u' => self.number(16, 4),
                    'U' => self.number(16, 8),
                    letter @ ('x' | '0'..='7') => {
                        // A byte, which may be a part of a character.
                        self.at -= usize::from(letter != 'x');
                        let (base, most) = if letter == 'x' { (16, 2) } else { (8, 3) };
                        bytes.extend(u8::try_from(u32::from(self.number(base, most)) & 0xff));
                        continue;
                    }
                    letter if "\\'\"?".contains(letter) => letter,
                    letter => {
                        bytes.push(b'\\');
                        letter
                    }
                },
                letter => letter,
            };
            bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes());
        }
        word.push_str(&String::from_utf8_lossy(&bytes));
        Ok(())
    }

    fn number(&mut self, base: u32, most: usize) -> char {
        let mut number = 0;
        for _ in 0..most {
            let Some(digit) = self.peek(0).and_then(|letter| letter.to_digit(base)) else { break };
            self.at += 1;
            number = number * base + digit;
        }
        char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}
