//! curl command lines as requests: those of bash, of the Windows prompt, and what browsers copy.
//!
//! Reads the words as the shell would ([`shell`], [`cmd`]) and the options as curl would ([`options`]); runs nothing and
//! looks nothing up. A shell variable becomes a variable of the request.

use options::{CurlOption, Use};
use request::Parts;
pub(super) use request::name_of;
use shell::Command;

use super::{Files, Import};
use crate::domain::template;

mod address;
mod cmd;
mod form;
pub mod options;
mod request;
mod shell;

/// Whether a text looks like a curl command line, alone or with others.
pub fn is_curl(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let first = first.trim_start_matches(['$', '%', '>']).trim_start();
    first.split_whitespace().next().is_some_and(is_curl_program) && first.contains(char::is_whitespace)
}

fn is_curl_program(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    name == "curl" || name.eq_ignore_ascii_case("curl.exe")
}

/// The requests of the curl commands in a text; `files` are those that may be read.
pub fn imported(text: &str, files: &Files) -> Import {
    let mut import = Import::default();
    let commands = if cmd::is_for_cmd(text) { cmd::commands(text) } else { shell::commands(text) };
    match commands {
        Ok(commands) => commands.iter().for_each(|command| one(command, files, &mut import)),
        Err(why) => import.leave("the command line", why),
    }
    if import.requests.is_empty() && import.left.is_empty() && import.asks.is_empty() {
        import.leave("the text", "there is no curl command in it");
    }
    for found in &mut import.requests {
        found.draft.name = name_of(&found.draft);
    }
    import
}

fn one(command: &Command, files: &Files, import: &mut Import) {
    // Assignments, a prompt and what runs another program stand before it.
    let Some(at) = command.words.iter().position(|word| is_curl_program(word)) else {
        let program = command.words.first().map(String::as_str).unwrap_or_default();
        return import.leave(format!("`{program}`"), "it is no curl command, and nothing is run");
    };
    for part in &command.run {
        import.leave(format!("`{part}`"), "nothing is run: put what it prints in its place");
    }
    for file in &command.redirected {
        import.leave(format!("a redirection of `{file}`"), "an import opens no file for a shell");
    }
    let words: Vec<&str> = command.words.iter().skip(at + 1).map(String::as_str).collect();
    let given = [("-", command.input.as_ref())].into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?)));
    let mut files = files.clone();
    files.extend(given.map(|(name, text)| (name, text.clone().into_bytes())));
    let mut reading = Reading { files: &files, import, parts: vec![Parts::default()] };
    if let Err(why) = reading.words(&words, 0) {
        return reading.import.leave("the command line", why);
    }
    let parts = reading.parts;
    let before = import.requests.len();
    for parts in parts {
        parts.requests(&files, import);
    }
    let variables: Vec<String> = import
        .requests
        .iter()
        .skip(before)
        .flat_map(|found| {
            let draft = &found.draft;
            let texts = [&draft.url, &draft.body].into_iter().chain(draft.headers.iter().map(|header| &header.value));
            texts.flat_map(|text| template::mentions(text)).map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
        })
        .collect();
    for name in variables {
        import.leave(format!("the value of `{{{{{name}}}}}`"), "the shell has it: give it in Vars");
    }
}

/// The options of one command being read.
struct Reading<'a> {
    files: &'a Files,
    import: &'a mut Import,
    /// One for each part between `--next`.
    parts: Vec<Parts>,
}

impl Reading<'_> {
    fn words(&mut self, words: &[&str], depth: usize) -> Result<(), String> {
        let mut words = words.iter().copied();
        let mut all_addresses = false;
        while let Some(word) = words.next() {
            if all_addresses || word == "-" || !word.starts_with('-') {
                self.parts().addresses.push(word.to_owned());
            } else if word == "--" {
                all_addresses = true;
            } else if let Some(name) = word.strip_prefix("--") {
                let (option, off) = options::named(name).ok_or_else(|| format!("curl has no option `{word}`"))?;
                let value = if option.value { Some(value(word, words.next())?) } else { None };
                self.option(option, value, off, depth)?;
            } else {
                let mut letters = word.chars();
                letters.next();
                while let Some(letter) = letters.next() {
                    let option = options::of_letter(letter).ok_or_else(|| format!("curl has no option `-{letter}`"))?;
                    let value = match (option.value, letters.as_str()) {
                        (false, _) => None,
                        (true, "") => Some(value(word, words.next())?),
                        (true, rest) => Some(rest),
                    };
                    self.option(option, value, false, depth)?;
                    if option.value {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn parts(&mut self) -> &mut Parts {
        if self.parts.is_empty() {
            self.parts.push(Parts::default());
        }
        let last = self.parts.len() - 1;
        &mut self.parts[last]
    }

    fn option(&mut self, option: &CurlOption, value: Option<&str>, off: bool, depth: usize) -> Result<(), String> {
        let (name, value) = (format!("--{}", option.name), value.unwrap_or_default());
        match (option.usage, option.name) {
            (Use::Ignored(why), _) => {
                if why == options::SCHEME {
                    self.parts().other_scheme = !off;
                }
                self.import.leave(name, why);
            }
            (Use::Writes, _) => {
                let file = if option.value { format!("{name} `{value}`") } else { name };
                self.import.leave(file, "it would write a file, which an import never does: `send … > FILE` does");
            }
            (_, "next") => self.parts.push(Parts::default()),
            (_, "config") if depth > 3 => self.import.leave(format!("{name} `{value}`"), "files name each other"),
            (_, "config") => {
                if let Some(text) = self.import.read_text(self.files, value, "options") {
                    let words = config(&text);
                    let words: Vec<&str> = words.iter().map(String::as_str).collect();
                    self.words(&words, depth + 1)?;
                }
            }
            (_, short) => {
                let (files, mut parts) = (self.files, std::mem::take(self.parts()));
                let taken = parts.take(short, value, off, files, self.import);
                *self.parts() = parts;
                taken?;
            }
        }
        Ok(())
    }
}

fn value<'a>(word: &str, value: Option<&'a str>) -> Result<&'a str, String> {
    value.ok_or_else(|| format!("`{word}` wants a value"))
}

/// The options of a config file: one a line, `name = value`, with or without dashes and quotes.
fn config(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let end = line.find(|letter: char| letter.is_whitespace() || "=:".contains(letter)).unwrap_or(line.len());
        let (name, rest) = line.split_at(end);
        words.push(if name.starts_with('-') { name.to_owned() } else { format!("--{name}") });
        let rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || "=:".contains(letter));
        if let Some(quoted) = rest.strip_prefix('"') {
            let (mut word, mut letters) = (String::new(), quoted.chars());
            while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                let escaped = |letter| match letter {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'v' => '\u{b}',
                    other => other,
                };
                word.extend(if letter == '\\' { letters.next().map(escaped) } else { Some(letter) });
            }
            words.push(word);
        } else if !rest.is_empty() {
            words.push(rest.split_whitespace().next().unwrap_or_default().to_owned());
        }
    }
    words
}
