//! A body through a filter of jq: one value goes in, any number come out, a line each.
//!
//! Nobody knows how long a filter takes or what it needs, so it runs in a process of its own, which can be killed: whoever
//! has the body gives it with [`hand`], and the process calls [`filtered`]. What is in memory at once is bounded: a body,
//! or a value of one, of at most [`LARGEST`] bytes. A larger body is gone through value by value where the filter begins
//! with the values of an array in it (`.[]`, `.data[]`): what follows sees one of them at a time.
//!
//! Between the two goes a row of texts, each after its length in four bytes: the filter as it was typed, the filter that
//! runs if it is another, and the values.

use std::io::{self, Read, Write};

use jaq_core::{
    Compiler, Ctx, Vars, data,
    load::{Arena, File, Loader},
};
use jaq_json::Val;

use super::{Document, Kind};
use crate::{body::Completion, domain::json_depth::depth};

/// Bytes of a value that a filter is handed at once.
pub const LARGEST: u64 = 16 << 20;
/// Bytes of what comes out of a filter.
const MOST: usize = 64 << 20;
/// Levels of a value that a filter is handed: the library goes through them on its stack.
const DEEPEST: usize = 2000;
/// Bytes of a body that are read at once.
const CHUNK: usize = 64 << 10;

type Filter = jaq_core::Filter<data::JustLut<Val>>;

/// Gives a filter and its body to whoever calls [`filtered`] at the other end, or says in a line why not. That nobody
/// listens any more is no error here: why is said there.
pub fn hand(document: &Document, code: &str, to: &mut dyn Write) -> Result<(), String> {
    let body = document.text();
    if matches!(document.kind(), Kind::Binary | Kind::Image(_)) {
        return Err("a filter wants JSON, and these are bytes".to_owned());
    }
    if body.completion() == Completion::Arriving {
        return Err("a filter wants the whole body, and this one still arrives".to_owned());
    }
    if body.len() > LARGEST && body != document.body() {
        return Err("a filter of a large body wants it looked at as text, not as bytes".to_owned());
    }
    let handed = if body.len() <= LARGEST {
        given(code, "", to).and_then(|()| value(document, 0, body.len(), to))
    } else {
        let values = values_of(code);
        // Handed before it is refused: what is wrong with the filter itself is said first.
        given(code, values.as_ref().map_or("", |(_, rest)| rest), to).and_then(|()| {
            let Some((path, _)) = values else {
                let most = LARGEST >> 20;
                let how = "a filter goes through an array value by value: begin it with `.[]` or `.data[]`";
                return Err(Unhanded::Why(format!("beyond {most} MiB {how}")));
            };
            let mut unheard = false;
            let end = document.each_value(path, &mut |start, end| {
                value(document, start, end, to).map_err(|error| match error {
                    Unhanded::Why(why) => why,
                    Unhanded::Unheard => {
                        unheard = true;
                        String::new()
                    }
                })
            });
            end.map_err(|why| if unheard { Unhanded::Unheard } else { Unhanded::Why(why) })
        })
    };
    match handed.and_then(|()| Ok(to.flush()?)) {
        Ok(()) | Err(Unhanded::Unheard) => Ok(()),
        Err(Unhanded::Why(why)) => Err(why),
    }
}

/// Why not all was handed.
enum Unhanded {
    /// As a person is told.
    Why(String),
    /// Nobody listens any more.
    Unheard,
}

impl From<io::Error> for Unhanded {
    fn from(_: io::Error) -> Self {
        Self::Unheard
    }
}

/// Hands the filter, and the one that runs where it is another.
fn given(code: &str, runs: &str, to: &mut dyn Write) -> Result<(), Unhanded> {
    for text in [code, runs] {
        to.write_all(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes())?;
        to.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Hands a range of the body, piece by piece.
fn value(document: &Document, start: u64, end: u64, to: &mut dyn Write) -> Result<(), Unhanded> {
    let too_large = || Unhanded::Why(format!("a value of more than {} MiB is too large for a filter", LARGEST >> 20));
    let length =
        u32::try_from(end - start).ok().filter(|length| u64::from(*length) <= LARGEST).ok_or_else(too_large)?;
    to.write_all(&length.to_le_bytes())?;
    let mut at = start;
    while at < end {
        let most = usize::try_from(end - at).unwrap_or(CHUNK).min(CHUNK);
        let bytes = document.text().bytes(at, most);
        let bytes = bytes.map_err(|error| Unhanded::Why(format!("the body cannot be read: {error}")))?;
        if bytes.is_empty() {
            return Err(Unhanded::Why("the body cannot be read: it has become shorter".to_owned()));
        }
        to.write_all(&bytes)?;
        at += bytes.len() as u64;
    }
    Ok(())
}

/// Writes what comes out of what is handed, a value a line; or says in a line why that is not all.
pub fn filtered(mut input: impl Read, out: impl Write) -> Result<(), String> {
    let (Some(code), Some(runs)) = (next(&mut input)?, next(&mut input)?) else { return Ok(()) };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|error| error.to_string());
    let (code, runs) = (text(code)?, text(runs)?);
    let mut filter = compiled(&code)?;
    if !runs.is_empty() {
        filter = compiled(&runs)?;
    }
    let mut run = Run { filter, out, written: 0 };
    while let Some(value) = next(&mut input)? {
        run.whole(&value)?;
    }
    run.out.flush().map_err(|error| unwritten(&error))
}

/// The next text that is handed; none at the end, and where whoever hands it broke off, who says why.
fn next(input: &mut impl Read) -> Result<Option<Vec<u8>>, String> {
    let mut read = || {
        let mut length = [0; 4];
        input.read_exact(&mut length)?;
        let mut bytes = vec![0; usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX)];
        input.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if io::Error::kind(&error) == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(format!("the body cannot be read: {error}")),
    }
}

struct Run<W> {
    filter: Filter,
    out: W,
    written: usize,
}

impl<W: Write> Run<W> {
    /// Sends the values of a text through the filter.
    fn whole(&mut self, text: &[u8]) -> Result<(), String> {
        if depth(text) > DEEPEST {
            return Err(format!("it is nested deeper than {DEEPEST} levels, which is too deep for a filter"));
        }
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        for input in jaq_json::read::parse_many(text) {
            let input = input.map_err(|error| format!("not JSON: {error}"))?;
            let context = Ctx::<data::JustLut<Val>>::new(&self.filter.lut, Vars::new([]));
            for value in self.filter.id.run((context, input)) {
                // The library's own way to take what is thrown ends the program at a `halt`.
                let value = value.map_err(|thrown| {
                    thrown
                        .get_err()
                        .map_or_else(|_| "nothing can be ended from a filter".to_owned(), |error| error.to_string())
                })?;
                let line = format!("{value}\n");
                self.written += line.len();
                if self.written > MOST {
                    return Err(format!("more than {} MiB come out of it", MOST >> 20));
                }
                self.out.write_all(line.as_bytes()).map_err(|error| unwritten(&error))?;
            }
        }
        Ok(())
    }
}

fn unwritten(error: &io::Error) -> String {
    format!("what comes out cannot be written: {error}")
}

fn compiled(code: &str) -> Result<Filter, String> {
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let arena = Arena::default();
    let modules = Loader::new(definitions).load(&arena, File { code, path: () }).map_err(|errors| {
        let wrong = errors.into_iter().map(|(_, error)| match error {
            jaq_core::load::Error::Io(errors) => errors.into_iter().map(|(_, why)| why).next(),
            jaq_core::load::Error::Lex(errors) => {
                errors.into_iter().map(|(wanted, at)| misread(wanted.as_str(), at)).next()
            }
            jaq_core::load::Error::Parse(errors) => {
                errors.into_iter().map(|(wanted, at)| misread(wanted.as_str(), at)).next()
            }
        });
        wrong.flatten().next().unwrap_or_else(|| "it is no filter".to_owned())
    })?;
    // Secrets may stand in the environment.
    let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs()).filter(|(name, ..)| *name != "env");
    Compiler::default().with_funs(functions).compile(modules).map_err(|errors| {
        let unknown = errors.into_iter().flat_map(|(_, errors)| errors).next();
        unknown.map_or_else(
            || "it is no filter".to_owned(),
            |(name, what)| format!("there is no {} `{name}`", what.as_str()),
        )
    })
}

fn misread(wanted: &str, at: &str) -> String {
    let found: String = at.chars().take(20).collect();
    if found.is_empty() { format!("{wanted} is wanted at the end") } else { format!("{wanted} is wanted at `{found}`") }
}

/// Of a filter that begins with the values of an array: where the array is, and the filter of one value.
fn values_of(code: &str) -> Option<(&str, String)> {
    let code = code.trim();
    let is_path = |text: &str| text.chars().all(|letter| letter.is_alphanumeric() || "._[]".contains(letter));
    let (path, rest) = code.split_once("[]")?;
    let rest = rest.trim_start();
    if !path.starts_with('.') || !is_path(path) {
        return None;
    }
    if rest.is_empty() {
        return Some((path, ".".to_owned()));
    }
    if let Some(filter) = rest.strip_prefix('|') {
        return Some((path, filter.to_owned()));
    }
    // What follows the values directly goes on as their path, up to a bar: `.[].id | …`.
    let (step, filter) = rest.split_once('|').map_or((rest, None), |(step, filter)| (step, Some(filter)));
    let step = step.trim_end();
    if !is_path(step) || !step.starts_with(['.', '[']) {
        return None;
    }
    let dot = if step.starts_with('[') { "." } else { "" };
    Some((path, filter.map_or_else(|| format!("{dot}{step}"), |filter| format!("{dot}{step} | {filter}"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        body::Body,
        document::{Indexer, Step},
    };

    fn through(text: &str, code: &str) -> Result<String, String> {
        both(&Document::new(Body::of(text), Some("application/json")), code)
    }

    /// Both sides, one after the other.
    fn both(document: &Document, code: &str) -> Result<String, String> {
        let (mut handed, mut out) = (Vec::new(), Vec::new());
        let end = hand(document, code, &mut handed);
        filtered(&handed[..], &mut out)?;
        end.map(|()| String::from_utf8(out).unwrap())
    }

    #[test]
    fn each_value_that_comes_out_is_a_line() {
        assert_eq!(through(r#"{"a":[1,{"b":2}],"z":0,"c":"x"}"#, ".a[]"), Ok("1\n{\"b\":2}\n".to_owned()));
        assert_eq!(through(r#"[{"n":2},{"n":1}]"#, "map(.n) | add"), Ok("3\n".to_owned()));
        assert_eq!(through("1\n2\n", ". + 1"), Ok("2\n3\n".to_owned()), "a value a line goes in, too");
        assert_eq!(through("{}", "empty"), Ok(String::new()));
    }

    #[test]
    fn numbers_that_are_not_reckoned_with_and_the_order_of_keys_stay_as_sent() {
        let text = r#"{"z":9007199254740993,"a":1.10,"big":1e400,"long":123456789012345678901234567890}"#;
        assert_eq!(through(text, "."), Ok(format!("{text}\n")));
    }

    #[test]
    fn what_is_wrong_is_said_in_a_line() {
        for (code, why) in [
            (".a |", "is wanted at the end"),
            ("nothing", "there is no filter `nothing`"),
            (".a.b", "cannot index"),
            ("$x", "there is no variable `$x`"),
            ("env", "there is no filter `env`"),
            ("halt", "nothing can be ended"),
        ] {
            let told = through(r#"{"a":"text"}"#, code).unwrap_err();
            assert!(told.contains(why) && !told.contains('\n'), "{code}: {told}");
        }
        assert!(through("{\"a\":", ".").unwrap_err().starts_with("not JSON: "));
        let deep = format!("{}{}", "[".repeat(3000), "]".repeat(3000));
        assert!(through(&deep, ".").unwrap_err().contains("deeper than 2000 levels"));
    }

    #[test]
    fn a_filter_that_grows_ends_at_its_limit() {
        assert!(through("0", "repeat(\"x\" * 1000000)").unwrap_err().contains("come out of it"));
    }

    #[test]
    fn whoever_hands_a_body_to_nobody_stops_and_does_not_complain() {
        let (reader, mut writer) = io::pipe().unwrap();
        drop(reader);
        let document = Document::new(Body::of("0"), Some("application/json"));
        assert_eq!(hand(&document, ".", &mut writer), Ok(()));
    }

    #[test]
    fn a_large_body_is_filtered_value_by_value_where_the_filter_begins_so() {
        for (code, known) in [
            (".[]", Some((".", "."))),
            (".data[] | .id, .x", Some((".data", " .id, .x"))),
            (".[].id", Some((".", ".id"))),
            (".a.b[][0].c | length", Some((".a.b", ".[0].c |  length"))),
            (".[].id, .x", None),
            ("map(.id)", None),
            (".[] + 1", None),
        ] {
            let known = known.map(|(path, rest): (&str, &str)| (path.to_owned(), rest.to_owned()));
            assert_eq!(values_of(code).map(|(path, rest)| (path.trim_end().to_owned(), rest)), known, "{code}");
        }
        let long = "x".repeat(1000);
        let items: Vec<String> = (0..20_000).map(|at| format!("{{\"id\":{at},\"t\":\"{long}\"}}")).collect();
        let text = format!("{{\"n\":1,\"data\":[{}],\"e\":[]}}", items.join(","));
        let mut document = Document::new(Body::of(text), Some("application/json"));
        let mut indexer = Indexer::new(&document);
        while indexer.step(1 << 20) != Step::Done {}
        document.learn(indexer.index());
        assert_eq!(both(&document, ".data[] | select(.id > 19997) | .id"), Ok("19998\n19999\n".to_owned()));
        assert_eq!(both(&document, ".e[]"), Ok(String::new()));
        assert!(both(&document, ".n[]").unwrap_err().contains("no array"));
        assert!(both(&document, "length").unwrap_err().contains("begin it with"));
        assert!(both(&document, "length |").unwrap_err().contains("wanted at the end"), "its own fault is said first");
    }
}
