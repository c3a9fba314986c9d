//! Changes of a `.http` file that leave every other byte as it is.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{
    HttpFile, Part,
    lines::{self, Kind, Line},
};
use crate::domain::request::{Draft, Pair};

/// A request that a `.http` file cannot say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{name}” cannot stand in a .http file as it is: {why}")]
pub struct Unwritable {
    /// The name of the request.
    pub name: String,
    /// What is in its way.
    pub why: String,
}

/// What may not stand in a parameter on a line of its own; braces of variables may.
const PARAMETER: &AsciiSet = &CONTROLS.add(b' ').add(b'&').add(b'#').add(b'%').add(b'+').add(b'"').add(b'<').add(b'>');

impl HttpFile {
    /// Makes the request at a place say what a draft says. Only lines whose meaning changes are touched; where the file
    /// would say something else afterwards, nothing is changed.
    pub fn change(&mut self, at: usize, draft: &Draft) -> Result<(), Unwritable> {
        let Some(part) = self.parts.get(at) else { return Err(unwritable(draft, "its place is gone")) };
        let mut changed = part.clone();
        changed.say(draft, self.line_end());
        self.put(at, draft, changed)
    }

    /// Adds a request at the end; its place.
    pub fn push(&mut self, draft: &Draft) -> Result<usize, Unwritable> {
        self.insert(self.parts.len(), draft)
    }

    /// Adds a request before that place, or at the end; its place.
    pub fn insert(&mut self, at: usize, draft: &Draft) -> Result<usize, Unwritable> {
        let end = self.line_end();
        let name = if draft.name.is_empty() { String::new() } else { format!(" {}", draft.name) };
        let text = format!("###{name}{end}{} {end}", draft.method);
        let mut part = Part { lines: lines::of(&text) };
        part.say(draft, end);
        let at = at.min(self.parts.len());
        let mut file = self.clone();
        file.parts.insert(at, part.clone());
        file.part_ways(at);
        file.part_ways(at + 1);
        let part = file.parts[at].clone();
        file.put(at, draft, part)?;
        *self = file;
        Ok(at)
    }

    /// Puts the text of a part before that place, or at the end, as it was taken out.
    pub fn put_part(&mut self, at: usize, text: &str) -> usize {
        let at = at.min(self.parts.len());
        self.parts.insert(at, Part { lines: lines::of(text) });
        self.part_ways(at);
        self.part_ways(at + 1);
        at
    }

    /// Takes a request out, with its comments and settings; its text.
    pub fn remove(&mut self, at: usize) -> Option<String> {
        let text = self.part(at)?;
        self.parts.remove(at);
        Some(text)
    }

    /// Sees to it that what stands before a part ends with a line end, and the part begins with `###`.
    fn part_ways(&mut self, at: usize) {
        let end = self.line_end();
        if let Some(last) =
            at.checked_sub(1).and_then(|at| self.parts.get_mut(at)).and_then(|part| part.lines.last_mut())
        {
            if last.end().is_empty() {
                last.text.push_str(end);
            }
            if !last.content().trim().is_empty() && self.parts.len() > at {
                let blank = Line { text: end.to_owned(), kind: Kind::Blank };
                self.parts[at - 1].lines.push(blank);
            }
        }
        if let Some(part) = self.parts.get_mut(at).filter(|_| at > 0)
            && part.lines.first().is_some_and(|line| line.kind != Kind::Separator)
        {
            part.lines.insert(0, Line { text: format!("###{end}"), kind: Kind::Separator });
        }
    }

    /// Puts a part in its place if the file then says the draft there, and what it said elsewhere.
    fn put(&mut self, at: usize, draft: &Draft, part: Part) -> Result<(), Unwritable> {
        let mut file = self.clone();
        file.parts[at] = part;
        let read = Self::parse(&file.text());
        if read.parts.len() != file.parts.len() {
            return Err(unwritable(draft, "a line that begins with ### parts requests"));
        }
        let Some(block) = read.request(at) else { return Err(unwritable(draft, "it has no request line")) };
        if let Some(why) = difference(&block.draft, draft) {
            return Err(unwritable(draft, why));
        }
        *self = read;
        Ok(())
    }

    /// How its lines end.
    fn line_end(&self) -> &'static str {
        let first = self.parts.iter().flat_map(|part| &part.lines).find(|line| !line.end().is_empty());
        if first.is_some_and(|line| line.end() == "\r\n") { "\r\n" } else { "\n" }
    }
}

fn unwritable(draft: &Draft, why: &str) -> Unwritable {
    Unwritable { name: draft.name.clone(), why: why.to_owned() }
}

/// Where what was read back is not what was to be written.
fn difference(read: &Draft, wanted: &Draft) -> Option<&'static str> {
    let rows = |rows: &[Pair]| -> Vec<Pair> {
        let some = rows.iter().filter(|row| !(row.name.is_empty() && row.value.is_empty()));
        some.map(|row| Pair { name: row.name.trim().to_owned(), value: row.value.trim().to_owned(), on: row.on })
            .collect()
    };
    if read.method != wanted.method.trim().to_ascii_uppercase() {
        return Some("its method is no word");
    }
    if read.url != wanted.url.trim() {
        return Some("its address cannot stand on one line");
    }
    if read.name != wanted.name.trim() && !wanted.name.is_empty() {
        return Some("its name cannot stand on one line");
    }
    if rows(&read.query) != rows(&wanted.query) {
        return Some("a parameter has no name");
    }
    if rows(&read.headers) != rows(&wanted.headers) {
        return Some("a header field is no `Name: value` on one line");
    }
    if rows(&read.variables) != rows(&wanted.variables) {
        return Some("a variable is no `name = value` on one line");
    }
    (read.body != normal(&wanted.body)).then_some("a line of its body would be read as something else")
}

/// A body as it is read back.
fn normal(body: &str) -> String {
    let lines: Vec<_> = body.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    lines.join("\n").trim_end().to_owned()
}

impl Part {
    /// Touches the lines whose meaning is another in the draft.
    fn say(&mut self, draft: &Draft, end: &'static str) {
        let Some(was) = self.block() else { return };
        let was = was.draft;
        if was.name != draft.name {
            self.say_name(&draft.name, end);
        }
        let (method, url) = (draft.method.trim().to_ascii_uppercase(), draft.url.trim());
        if was.method != method || was.url != url {
            self.say_address(&method, url);
        }
        let request = |part: &Self| part.last(&[Kind::Request]).map_or(0, |at| at + 1);
        if was.variables != draft.variables {
            let kinds = [Kind::Variable, Kind::VariableOff];
            let before = self.last(&kinds).map_or_else(|| request(self).saturating_sub(1), |at| at + 1);
            self.say_rows(kinds, &was.variables, &draft.variables, before, end, |row, _| {
                format!("{}@{} = {}", if row.on { "" } else { "# " }, row.name.trim(), row.value.trim())
            });
        }
        if was.query != draft.query {
            let kinds = [Kind::Parameter, Kind::ParameterOff];
            let behind = self.last(&[Kind::Request, Kind::Continued, kinds[0], kinds[1]]).map_or(0, |at| at + 1);
            let asked = url.contains('?');
            self.say_rows(kinds, &was.query, &draft.query, behind, end, |row, at| {
                let mark = if at == 0 && !asked { '?' } else { '&' };
                let encoded = |text: &str| utf8_percent_encode(text, PARAMETER).to_string();
                let off = if row.on { "" } else { "# " };
                format!("    {off}{mark}{}={}", encoded(&row.name), encoded(&row.value))
            });
        }
        if was.headers != draft.headers {
            let kinds = [Kind::Header, Kind::HeaderOff];
            let head = [Kind::Request, Kind::Continued, Kind::Parameter, Kind::ParameterOff, kinds[0], kinds[1]];
            let behind = self.last(&head).map_or(0, |at| at + 1);
            self.say_rows(kinds, &was.headers, &draft.headers, behind, end, |row, _| {
                format!("{}{}: {}", if row.on { "" } else { "# " }, row.name.trim(), row.value.trim())
            });
        }
        if was.body != normal(&draft.body) {
            self.say_body(&was.body, &normal(&draft.body), end);
        }
    }

    fn last(&self, kinds: &[Kind]) -> Option<usize> {
        self.lines.iter().rposition(|line| kinds.contains(&line.kind))
    }

    fn say_name(&mut self, name: &str, end: &'static str) {
        let name = name.trim();
        let title = self.lines.iter_mut().find(|line| line.kind == Kind::Separator);
        let titled = title.as_ref().is_some_and(|line| !line.content().trim_matches('#').trim().is_empty());
        let said = |line: &Line| {
            line.kind == Kind::Setting
                && lines::comment(line.content())
                    .is_some_and(|said| lines::setting(said.trim_start_matches('@')).0 == "name")
        };
        match title {
            Some(title) if titled || name.is_empty() => retold(title, format!("### {name}").trim_end()),
            title => {
                let title = title.map(|title| retold(title, &format!("### {name}")));
                if title.is_none() {
                    let line = Line { text: format!("# @name {name}{end}"), kind: Kind::Setting };
                    match self.lines.iter().position(said) {
                        Some(at) => self.lines[at] = line,
                        None => self.lines.insert(self.last(&[Kind::Request]).unwrap_or(0), line),
                    }
                }
            }
        }
    }

    fn say_address(&mut self, method: &str, url: &str) {
        self.lines.retain(|line| line.kind != Kind::Continued);
        let Some(line) = self.lines.iter_mut().find(|line| line.kind == Kind::Request) else { return };
        let content = line.content();
        let (bare, version) =
            lines::request(content.trim()).map_or((false, ""), |(method, _, version)| (method.is_empty(), version));
        let mut text = String::new();
        if !(bare && method == "GET") {
            let _ = write!(text, "{method} ");
        }
        text.push_str(url);
        if !version.is_empty() {
            let _ = write!(text, " {version}");
        }
        retold(line, &text);
    }

    /// Rows that are the same before and behind what changed keep their lines.
    fn say_rows(
        &mut self,
        kinds: [Kind; 2],
        was: &[Pair],
        now: &[Pair],
        place: usize,
        end: &'static str,
        print: impl Fn(&Pair, usize) -> String,
    ) {
        let now: Vec<_> = now.iter().filter(|row| !(row.name.is_empty() && row.value.is_empty())).collect();
        let lines: Vec<usize> = (0..self.lines.len()).filter(|at| kinds.contains(&self.lines[*at].kind)).collect();
        let same = was.iter().zip(&now).take_while(|(was, now)| was == *now).count();
        let left = was.len().min(now.len()) - same;
        let same_behind =
            was.iter().rev().zip(now.iter().rev()).take(left).take_while(|(was, now)| was == *now).count();
        let (old, new) = (same..was.len() - same_behind, same..now.len() - same_behind);
        let kept = old.len().min(new.len());
        for step in 0..kept {
            let line = &mut self.lines[lines[old.start + step]];
            retold(line, &print(now[new.start + step], new.start + step));
            line.kind = kinds[usize::from(!now[new.start + step].on)];
        }
        let place = lines.get(old.start + kept).copied().unwrap_or(place);
        for at in lines.get(old.start + kept..old.end).unwrap_or_default().iter().rev() {
            self.lines.remove(*at);
        }
        for (step, at) in (new.start + kept..new.end).enumerate() {
            let line = Line { text: print(now[at], at) + end, kind: kinds[usize::from(!now[at].on)] };
            self.insert(place + step, line, end);
        }
    }

    fn say_body(&mut self, was: &str, now: &str, end: &'static str) {
        let lines: Vec<usize> = (0..self.lines.len()).filter(|at| self.lines[*at].kind == Kind::Body).collect();
        let split = |text: &str| -> Vec<String> {
            if text.is_empty() { Vec::new() } else { text.split('\n').map(str::to_owned).collect() }
        };
        let (was, now) = (split(was), split(now));
        let same = was.iter().zip(&now).take_while(|(was, now)| was == now).count();
        let left = was.len().min(now.len()) - same;
        let same_behind = was.iter().rev().zip(now.iter().rev()).take(left).take_while(|(was, now)| was == now).count();
        let mut place = lines.get(same).copied().or_else(|| lines.last().map(|at| at + 1)).unwrap_or_else(|| {
            let head = self.lines.iter().rposition(|line| is_of_head(line.kind)).map_or(0, |at| at + 1);
            // Between the head and the body stands a blank line.
            if self.lines.get(head).is_none_or(|line| line.kind != Kind::Blank) {
                self.insert(head, Line { text: end.to_owned(), kind: Kind::Blank }, end);
            }
            head + 1
        });
        for at in lines.get(same..was.len() - same_behind).unwrap_or_default().iter().rev() {
            self.lines.remove(*at);
        }
        for text in &now[same..now.len() - same_behind] {
            self.insert(place, Line { text: format!("{text}{end}"), kind: Kind::Body }, end);
            place += 1;
        }
        // What follows the body stays apart from it.
        if was.is_empty() && self.lines.get(place).is_some_and(|line| line.kind != Kind::Blank) {
            self.lines.insert(place, Line { text: end.to_owned(), kind: Kind::Blank });
        }
    }

    /// Puts a line in, behind one that ends.
    fn insert(&mut self, at: usize, line: Line, end: &str) {
        if let Some(before) =
            at.checked_sub(1).and_then(|at| self.lines.get_mut(at)).filter(|line| line.end().is_empty())
        {
            before.text.push_str(end);
        }
        self.lines.insert(at.min(self.lines.len()), line);
    }
}

fn is_of_head(kind: Kind) -> bool {
    use Kind::{Continued, Header, HeaderOff, Parameter, ParameterOff, Request};
    [Request, Continued, Parameter, ParameterOff, Header, HeaderOff].contains(&kind)
}

/// Puts another text into a line; its end stays.
fn retold(line: &mut Line, text: &str) {
    line.text = format!("{text}{}", line.end());
}
