//! What each line of a `.http` file is.

use crate::domain::request::body_file;

/// A line with its end, if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `### name`.
    Separator,
    /// Nothing, around what is something.
    Blank,
    /// `# …` or `// …`.
    Comment,
    /// `# @name value`.
    Setting,
    /// `@name = value`.
    Variable,
    /// The same, switched off: `# @name = value`.
    VariableOff,
    /// `METHOD address HTTP/1.1`.
    Request,
    /// A further piece of the address, indented.
    Continued,
    /// A further piece that is a parameter: `?name=value`, `&name=value`.
    Parameter,
    /// The same, switched off: `# &name=value`.
    ParameterOff,
    /// `Name: value`.
    Header,
    /// The same, switched off: `# Name: value`.
    HeaderOff,
    /// A line of the body.
    Body,
    /// A script, a test or where an answer is to be written: kept and not run.
    Script,
    /// An answer that is told of.
    Answer,
    /// Anything else: kept.
    Other,
}

impl Line {
    /// Its text without its end.
    pub(super) fn content(&self) -> &str {
        content(&self.text)
    }

    /// Its end.
    pub(super) fn end(&self) -> &str {
        self.text.get(self.content().len()..).unwrap_or_default()
    }
}

fn content(line: &str) -> &str {
    line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line))
}

/// How far a part was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Head,
    Body,
    /// Behind what is no part of a body: the body is over.
    Tail,
    Answer,
}

/// The lines of a text.
pub(super) fn of(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let mut state = State::Before;
    // What ends the script in hand.
    let mut script: Option<&'static str> = None;
    for whole in text.split_inclusive('\n') {
        let line = content(whole);
        let kind = if line.starts_with("###") {
            (state, script) = (State::Before, None);
            Kind::Separator
        } else if let Some(end) = script {
            script = (!ends(line, end)).then_some(end);
            Kind::Script
        } else {
            script = opened(line, state);
            if state == State::Body && (script.is_some() || is_aside(line, &mut state)) {
                state = if state == State::Answer { state } else { State::Tail };
            }
            match (script, state) {
                (Some(_), _) => Kind::Script,
                (None, State::Before) => before(line, &mut state),
                (None, State::Head) => head(line, &mut state, found.last().map(|line| line.kind)),
                (None, State::Body) => Kind::Body,
                (None, State::Tail) => tail(line, &mut state),
                (None, State::Answer) => Kind::Answer,
            }
        };
        found.push(Line { text: whole.to_owned(), kind });
    }
    settle(&mut found);
    found
}

/// Blank lines behind a body are none of it.
fn settle(lines: &mut [Line]) {
    let mut inside = false;
    for line in lines.iter_mut().rev() {
        if line.kind == Kind::Body {
            inside |= !line.content().trim().is_empty();
            if !inside {
                line.kind = Kind::Blank;
            }
        } else {
            inside = false;
        }
    }
}

/// What ends the script that begins in this line and goes on after it.
fn opened(line: &str, state: State) -> Option<&'static str> {
    let script = line.strip_prefix(['<', '>']).map(str::trim_start).and_then(|rest| rest.strip_prefix("{%"));
    if let Some(rest) = script {
        return (!rest.contains("%}")).then_some("%}");
    }
    // httpyac: braces with nothing behind them, or with the event they wait for.
    let code = line.trim_end().strip_prefix("{{").filter(|_| state != State::Answer)?;
    let alone = code.is_empty() || (code.starts_with(['@', '+']) && !code.contains("}}"));
    alone.then_some("}}")
}

fn ends(line: &str, end: &str) -> bool {
    if end == "}}" { line.trim_end() == end } else { line.contains(end) }
}

fn before(line: &str, state: &mut State) -> Kind {
    let text = line.trim();
    if text.is_empty() {
        return Kind::Blank;
    }
    if let Some(comment) = comment(text) {
        return match comment.strip_prefix('@') {
            Some(setting) if variable(setting).is_some_and(|(name, _)| name != "name") => Kind::VariableOff,
            Some(_) => Kind::Setting,
            None => Kind::Comment,
        };
    }
    if text.strip_prefix('@').is_some_and(|text| variable(text).is_some()) {
        return Kind::Variable;
    }
    if line.starts_with(['<', '>', '?']) {
        return Kind::Script;
    }
    if request(text).is_none() {
        return Kind::Other;
    }
    *state = State::Head;
    Kind::Request
}

fn head(line: &str, state: &mut State, above: Option<Kind>) -> Kind {
    let text = line.trim();
    if text.is_empty() {
        *state = State::Body;
        return Kind::Blank;
    }
    if let Some(comment) = comment(text) {
        return match comment.strip_prefix('@') {
            Some(_) => Kind::Setting,
            None if comment.starts_with(['?', '&']) && comment.contains('=') => Kind::ParameterOff,
            None if header(comment).is_some() => Kind::HeaderOff,
            None => Kind::Comment,
        };
    }
    let of_address =
        matches!(above, Some(Kind::Request | Kind::Continued | Kind::Parameter | Kind::ParameterOff | Kind::Comment));
    if of_address && line.starts_with([' ', '\t']) && header(text).is_none() {
        return if text.starts_with(['?', '&']) { Kind::Parameter } else { Kind::Continued };
    }
    if is_aside(line, state) {
        return if *state == State::Answer { Kind::Answer } else { Kind::Script };
    }
    if body_file(line).is_some() {
        *state = State::Body;
        return Kind::Body;
    }
    if header(text).is_some() { Kind::Header } else { Kind::Other }
}

fn tail(line: &str, state: &mut State) -> Kind {
    match (is_aside(line, state), *state) {
        (true, State::Answer) => Kind::Answer,
        (true, _) => Kind::Script,
        (false, _) if line.trim().is_empty() => Kind::Blank,
        (false, _) => Kind::Other,
    }
}

/// Whether a line is no part of a body: a script on one line, a test, where the answer goes, or an answer.
fn is_aside(line: &str, state: &mut State) -> bool {
    let told = line.strip_prefix("HTTP/").is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    if told || line.strip_prefix("<>").is_some_and(|rest| rest.starts_with([' ', '\t'])) {
        *state = State::Answer;
        return true;
    }
    let handler = |path: &str| [".js", ".mjs", ".ts", ".lua"].iter().any(|kind| path.trim_end().ends_with(kind));
    line.starts_with("> {%")
        || line.starts_with("?? ")
        || line.strip_prefix("> ").is_some_and(handler)
        || [">> ", ">>! "].iter().any(|mark| line.strip_prefix(mark).is_some_and(|path| !path.trim().is_empty()))
}

/// What a comment says.
pub(super) fn comment(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let said = text.strip_prefix("//").map(|rest| rest.trim_start_matches('/'));
    said.or_else(|| text.starts_with('#').then(|| text.trim_start_matches('#'))).map(str::trim)
}

/// Name and value of `name = value`.
pub(super) fn variable(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim_end();
    (!name.is_empty() && !name.contains(char::is_whitespace)).then_some((name, value.trim()))
}

/// Name and value of `name value` or `name = value`.
pub(super) fn setting(text: &str) -> (&str, &str) {
    let (name, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let value = value.trim();
    (name, value.strip_prefix('=').map_or(value, str::trim_start))
}

/// Name and value of a header field.
pub(super) fn header(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(':')?;
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~{}".contains(letter);
    // What has slashes behind the colon is an address.
    (!name.is_empty() && name.chars().all(is_of_name) && !name.starts_with('&') && !value.starts_with("//"))
        .then_some((name, value.trim()))
}

/// Method, address and the version behind it, of a request line.
pub(super) fn request(text: &str) -> Option<(&str, &str, &str)> {
    const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
    let is_address = |text: &str| {
        text.starts_with(['/', '*'])
            || text.starts_with("{{")
            || text.starts_with("http://")
            || text.starts_with("https://")
    };
    let (method, rest) = match text.split_once(char::is_whitespace) {
        Some((method, rest)) => (method, rest.trim()),
        None => (text, ""),
    };
    let is_word = !method.is_empty() && method.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '-');
    let shouted = is_word && method.chars().all(|letter| !letter.is_ascii_lowercase());
    let known = KNOWN.iter().any(|known| known.eq_ignore_ascii_case(method));
    let (method, rest) = if is_word && ((shouted && !rest.is_empty()) || known) {
        (method, rest)
    } else if is_address(text) {
        ("", text)
    } else {
        return None;
    };
    let version = rest.rsplit_once(char::is_whitespace).map(|(_, word)| word).unwrap_or_default();
    let is_version =
        version.strip_prefix("HTTP/").is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    let version = if is_version { version } else { "" };
    let address = rest.strip_suffix(version).unwrap_or(rest).trim_end();
    Some((method, address, version))
}
