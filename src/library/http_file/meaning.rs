//! What the lines of a part say: a request, its settings, its variables.

use percent_encoding::percent_decode_str;

use super::{
    Block, Part,
    lines::{self, Kind, Line},
};
use crate::domain::request::{Draft, Pair};

impl Part {
    pub(super) fn of(&self, kinds: &[Kind]) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| kinds.contains(&line.kind))
    }

    /// The request, if there is one.
    pub(super) fn block(&self) -> Option<Block> {
        let request = self.of(&[Kind::Request]).next()?.content();
        let (method, url, _) = lines::request(request.trim())?;
        let mut draft = Draft {
            name: self.name(),
            method: if method.is_empty() { "GET".to_owned() } else { method.to_ascii_uppercase() },
            url: url.to_owned(),
            variables: self.variables().collect(),
            ..Draft::default()
        };
        for line in self.of(&[Kind::Continued]) {
            draft.url.push_str(line.content().trim());
        }
        draft.query = self.of(&[Kind::Parameter, Kind::ParameterOff]).map(parameter).collect();
        draft.headers = self.of(&[Kind::Header, Kind::HeaderOff]).filter_map(header).collect();
        let body: Vec<_> = self.of(&[Kind::Body]).map(Line::content).collect();
        body.join("\n").trim_end().clone_into(&mut draft.body);
        let settings = self.settings().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let gives = self.of(&[Kind::Script]).flat_map(|line| gives(line.content())).collect();
        Some(Block { draft, settings, gives })
    }

    /// The title of its `###`, else what `# @name` says.
    fn name(&self) -> String {
        let title = self.of(&[Kind::Separator]).next().map(|line| line.content().trim_start_matches('#').trim());
        let said = || self.settings().find(|(name, _)| *name == "name").map(|(_, value)| value);
        title.filter(|title| !title.is_empty()).or_else(said).unwrap_or_default().to_owned()
    }

    fn settings(&self) -> impl Iterator<Item = (&str, &str)> {
        let said = |line| Some(lines::setting(lines::comment(Line::content(line))?.strip_prefix('@')?));
        self.of(&[Kind::Setting]).filter_map(said)
    }

    /// The variables it gives values to.
    pub(super) fn variables(&self) -> impl Iterator<Item = Pair> {
        self.of(&[Kind::Variable, Kind::VariableOff]).filter_map(|line| {
            let on = line.kind == Kind::Variable;
            let text = if on { line.content().trim() } else { lines::comment(line.content())? };
            let (name, value) = lines::variable(text.strip_prefix('@')?)?;
            Some(Pair { on, ..Pair::new(name, value) })
        })
    }
}

fn header(line: &Line) -> Option<Pair> {
    let on = line.kind == Kind::Header;
    let text = if on { line.content().trim() } else { lines::comment(line.content())? };
    let (name, value) = lines::header(text)?;
    Some(Pair { on, ..Pair::new(name, value) })
}

fn parameter(line: &Line) -> Pair {
    let on = line.kind == Kind::Parameter;
    let text = if on { line.content().trim() } else { lines::comment(line.content()).unwrap_or_default() };
    let text = text.trim_start_matches(['?', '&']);
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    Pair { on, ..Pair::new(decoded(name), decoded(value)) }
}

/// The variables that a line of a response handler sets from the answer.
fn gives(line: &str) -> Vec<(String, String)> {
    let found = line.split("client.global.set(").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once(',')?;
        let name = name.trim().trim_matches(['"', '\'', '`']);
        let rest = rest.trim_start();
        let length = rest.find([')', ',', ';', ' ']).unwrap_or(rest.len());
        let path = rest.get(..length)?.strip_prefix("response.")?;
        Some((name.to_owned(), path.to_owned()))
    });
    found.collect()
}
