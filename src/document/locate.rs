//! Where a path leads: `.data[3].id`, as the path of a line is told.
//!
//! It goes through the values of one container after another, so it takes its time in large ones: a thread of its own
//! calls it. What is skipped costs nothing where the index knows where it ends.

use super::{
    Document,
    json::{Form, Lines, Row},
    outline::Checkpoint,
    reader::Reader,
};

/// Values that are gone through before somebody is asked whether to go on, and the reader begins anew.
const AT_ONCE: usize = 512;

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// A member, by its key.
    Key(String),
    /// A value of an array, from 0.
    Item(u64),
}

impl Document {
    /// The byte at which the line of a path begins; or why there is none, in a line. Gives up where `goes_on` says so.
    pub fn locate(&self, path: &str, goes_on: &dyn Fn() -> bool) -> Result<u64, String> {
        let steps = steps_of(path)?;
        if !self.kind.is_json() {
            return Err("only JSON has paths".to_owned());
        }
        let first = self.index.outline.before_line(0);
        let mut reader = self.whole_reader();
        let mut lines = Lines::from(&mut reader, &self.index, &first);
        let mut row = lines.next().ok_or("there is nothing yet")?;
        let mut told = String::new();
        for step in &steps {
            row = self.child(&row, step, goes_on).ok_or_else(|| {
                let more = if self.index.is_whole() { "" } else { " in what is known so far" };
                let place = if told.is_empty() { "." } else { &told };
                format!("`{place}` has no {}{more}", step.named())
            })?;
            told.push_str(&step.written());
        }
        Ok(row.start())
    }

    /// Gives where each value of an array stands, in order, until one is refused.
    pub(super) fn each_value(
        &self,
        path: &str,
        each: &mut dyn FnMut(u64, u64) -> Result<(), String>,
    ) -> Result<(), String> {
        let start = self.locate(path, &|| true)?;
        let mut reader = self.whole_reader();
        let mut lines = Lines::from(&mut reader, &self.index, &self.index.outline.before(start));
        let array = loop {
            let row = lines.next().ok_or("the body cannot be read")?;
            if row.start() >= start {
                break row;
            }
        };
        if lines.reader.byte(array.value.start) != Some(b'[') {
            return Err(format!("`{path}` is no array"));
        }
        if array.form != Form::Open {
            return Ok(());
        }
        let depth = array.indent + 1;
        let (mut at, mut line) = (array.value.start + 1, array.line + 1);
        loop {
            let mut reader = self.whole_reader();
            let mut lines = Lines::from(&mut reader, &self.index, &Checkpoint::default());
            (lines.at, lines.line, lines.depth) = (at, line, depth);
            for _ in 0..AT_ONCE {
                let Some(row) = lines.next().filter(|row| row.indent >= depth) else { return Ok(()) };
                let end = match row.form {
                    Form::Open => lines.skip(&row).ok_or("the array does not end")?.close + 1,
                    Form::Whole | Form::Close => row.value.end,
                };
                each(row.value.start, end)?;
            }
            (at, line) = (lines.at, lines.line);
        }
    }

    fn whole_reader(&self) -> Reader<'_> {
        Reader::new(&self.body, self.index.pretty_end()).patient()
    }

    /// The value of a container that a step names; of two of the same key the last, as parsers take it.
    fn child(&self, container: &Row, step: &Step, goes_on: &dyn Fn() -> bool) -> Option<Row> {
        if container.form != Form::Open {
            return None;
        }
        let depth = container.indent + 1;
        let (mut at, mut line) = (container.value.start + 1, container.line + 1);
        let mut count = 0;
        if let Step::Item(wanted) = step {
            // The index knows a value near it.
            let id = self.index.outline.record_at(container.value.start);
            if let Some((checkpoint, begun)) =
                id.and_then(|id| self.index.outline.before_child(id, *wanted)).filter(|(near, _)| !near.closes)
                && u64::from(checkpoint.depth) == depth
            {
                (at, line, count) = (checkpoint.offset, checkpoint.line, begun);
            }
        }
        let mut found = None;
        loop {
            if !goes_on() {
                return None;
            }
            let mut reader = self.whole_reader();
            let mut lines = Lines::from(&mut reader, &self.index, &Checkpoint::default());
            (lines.at, lines.line, lines.depth) = (at, line, depth);
            for _ in 0..AT_ONCE {
                let Some(row) = lines.next().filter(|row| row.indent >= depth) else { return found };
                let is_it = match (step, &row.key) {
                    (Step::Item(wanted), None) => count == *wanted,
                    (Step::Key(wanted), Some(key)) => {
                        let length = usize::try_from(key.end - key.start).unwrap_or(usize::MAX);
                        is_key(lines.reader.bytes(key.start, length.min(64 << 10)), wanted)
                    }
                    _ => false,
                };
                if is_it && matches!(step, Step::Item(_)) {
                    return Some(row);
                }
                if row.form == Form::Open {
                    lines.skip(&row);
                }
                if is_it {
                    found = Some(row);
                }
                count += 1;
            }
            (at, line) = (lines.at, lines.line);
        }
    }
}

fn is_key(quoted: &[u8], wanted: &str) -> bool {
    let inside = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    inside == wanted.as_bytes()
        || (inside.contains(&b'\\') && serde_json::from_slice::<String>(quoted).is_ok_and(|key| key == wanted))
}

impl Step {
    fn named(&self) -> String {
        match self {
            Self::Key(key) => format!("key `{key}`"),
            Self::Item(at) => format!("value {at}"),
        }
    }

    fn written(&self) -> String {
        match self {
            Self::Key(key) => format!(".{key}"),
            Self::Item(at) => format!("[{at}]"),
        }
    }
}

/// `.a["b c"][3]`, or `.` alone.
fn steps_of(path: &str) -> Result<Vec<Step>, String> {
    let wrong = || "a path reads like `.data[3][\"a key\"]`".to_owned();
    let mut rest = path.trim();
    if !rest.starts_with(['.', '[']) {
        return steps_of(&format!(".{rest}"));
    }
    let mut steps = Vec::new();
    if rest == "." {
        return Ok(steps);
    }
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let mut keys = serde_json::Deserializer::from_str(inside).into_iter::<serde_json::Value>();
            steps.push(match keys.next() {
                Some(Ok(serde_json::Value::String(key))) => Step::Key(key),
                Some(Ok(serde_json::Value::Number(at))) => Step::Item(at.as_u64().ok_or_else(wrong)?),
                _ => return Err(wrong()),
            });
            rest = inside.get(keys.byte_offset()..).and_then(|rest| rest.strip_prefix(']')).ok_or_else(wrong)?;
        } else {
            let word = rest.strip_prefix('.').ok_or_else(wrong)?;
            let (key, after) = word.split_at(word.find(['.', '[']).unwrap_or(word.len()));
            // The first step may be one of brackets behind the dot.
            match (key.is_empty(), steps.is_empty() && after.starts_with('[')) {
                (false, _) => steps.push(Step::Key(key.to_owned())),
                (true, true) => {}
                (true, false) => return Err(wrong()),
            }
            rest = after;
        }
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{body::Body, document::Indexer};

    #[test]
    fn a_path_leads_where_the_path_of_a_line_says_that_it_is() {
        let many: Vec<String> = (0..20_000).map(|at| format!("{{\"id\":{at},\"a b\":[[{at}],\"x\"]}}")).collect();
        let text = format!("{{\"data\":[{}],\"k\\u00e9y\":{{\"d\":1,\"d\":2}}}}", many.join(","));
        let mut document = Document::new(Body::of(text), None);
        let mut indexer = Indexer::new(&document);
        while indexer.step(1 << 20) != crate::document::Step::Done {}
        document.learn(indexer.index());
        let yes = || true;
        for path in [".", ".data[0]", ".data[17123][\"a b\"][0][0]", ".data[19999].id", "[\"kéy\"]", "data[7].id"] {
            let at = document.locate(path, &yes).unwrap();
            let told = document.path(document.visible_line_of(at).unwrap()).unwrap();
            assert_eq!(told.trim_start_matches('.'), path.replace('é', "\\u00e9").trim_start_matches('.'), "{path}");
        }
        let last = document.locate(".kéy.d", &yes).unwrap();
        assert_eq!(document.value(document.visible_line_of(last).unwrap()).unwrap(), "2", "as parsers take it");
        for (path, why) in [
            (".data[20000]", "`.data` has no value 20000"),
            (".nothing.at.all", "`.` has no key `nothing`"),
            (".data[7].id.deeper", "`.data[7].id` has no key `deeper`"),
            (".data[", "a path reads like `.data[3][\"a key\"]`"),
            ("..a", "a path reads like `.data[3][\"a key\"]`"),
        ] {
            assert_eq!(document.locate(path, &yes).unwrap_err(), why, "{path}");
        }
        assert!(document.locate(".data[3]", &|| false).is_err(), "nobody waits for it any more");
    }
}
