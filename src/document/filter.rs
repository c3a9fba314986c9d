//! A body through a filter of jq: one value goes in, any number come out, a line each.
//!
//! A thread of its own calls [`filtered`], since nobody knows how long a filter takes: between two values it asks whether
//! anybody still waits. What is in memory at once is bounded: a body, or a value of one, of at most [`LARGEST`] bytes. A
//! larger body is gone through value by value where the filter begins with the values of an array in it (`.[]`,
//! `.data[]`): what follows sees one of them at a time.

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

type Filter = jaq_core::Filter<data::JustLut<Val>>;

/// What came out, a value a line; or why nothing did, in a line. Whoever does not wait any more says so by `goes_on`.
pub fn filtered(document: &Document, code: &str, goes_on: &dyn Fn() -> bool) -> Result<String, String> {
    let body = document.body();
    if document.kind() == Kind::Binary {
        return Err("a filter wants JSON, and these are bytes".to_owned());
    }
    if body.completion() == Completion::Arriving {
        return Err("a filter wants the whole body, and this one still arrives".to_owned());
    }
    let mut run = Run { filter: compiled(code)?, out: String::new(), goes_on };
    if body.len() <= LARGEST {
        run.whole(&bytes(document, 0, body.len())?)?;
        return Ok(run.out);
    }
    let Some((path, rest)) = values_of(code) else {
        let most = LARGEST >> 20;
        return Err(format!(
            "beyond {most} MiB a filter goes through an array value by value: begin it with `.[]` or `.data[]`"
        ));
    };
    run.filter = compiled(&rest)?;
    document.each_value(path, &mut |start, end| {
        if !goes_on() {
            return Err("stopped".to_owned());
        }
        if end - start > LARGEST {
            return Err(format!("a value of more than {} MiB is too large for a filter", LARGEST >> 20));
        }
        run.whole(&bytes(document, start, end)?)
    })?;
    Ok(run.out)
}

struct Run<'a> {
    filter: Filter,
    out: String,
    goes_on: &'a dyn Fn() -> bool,
}

impl Run<'_> {
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
                if !(self.goes_on)() {
                    return Err("stopped".to_owned());
                }
                // The library's own way to take what is thrown ends the program at a `halt`.
                let value = value.map_err(|thrown| {
                    thrown
                        .get_err()
                        .map_or_else(|_| "nothing can be ended from a filter".to_owned(), |error| error.to_string())
                })?;
                self.out.push_str(&value.to_string());
                self.out.push('\n');
                if self.out.len() > MOST {
                    return Err(format!("more than {} MiB come out of it", MOST >> 20));
                }
            }
        }
        Ok(())
    }
}

fn bytes(document: &Document, start: u64, end: u64) -> Result<Vec<u8>, String> {
    let count = usize::try_from(end - start).unwrap_or(usize::MAX);
    document.body().bytes(start, count).map_err(|error| format!("the body cannot be read: {error}"))
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
        filtered(&Document::new(Body::of(text), Some("application/json")), code, &|| true)
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
    fn a_filter_without_end_is_left_between_two_values_and_one_that_grows_ends_at_its_limit() {
        let document = Document::new(Body::of("0"), Some("application/json"));
        let asked = std::cell::Cell::new(0);
        let goes_on = || {
            asked.set(asked.get() + 1);
            asked.get() < 100
        };
        assert_eq!(filtered(&document, "repeat(1)", &goes_on), Err("stopped".to_owned()));
        assert!(through("0", "repeat(\"x\" * 1000000)").unwrap_err().contains("come out of it"));
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
        let yes = || true;
        assert_eq!(filtered(&document, ".data[] | select(.id > 19997) | .id", &yes), Ok("19998\n19999\n".to_owned()));
        assert_eq!(filtered(&document, ".e[]", &yes), Ok(String::new()));
        assert!(filtered(&document, ".n[]", &yes).unwrap_err().contains("no array"));
        assert!(filtered(&document, "length", &yes).unwrap_err().contains("begin it with"));
    }
}
