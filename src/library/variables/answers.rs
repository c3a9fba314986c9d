//! Values from earlier answers of this run: `{{create.response.body.transactionId}}`.
//!
//! What an answer is called by is the name of its request. The start of its body is kept, so that a value is had without
//! reading anything again.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use serde_json::value::RawValue;

use crate::domain::{
    exchange::Exchange,
    secret::Secret,
    template::{Value, Variable},
};

/// Bytes of a body that are kept; a larger one gives no values.
const KEPT: usize = 256 << 10;
/// Answers that are kept, the newest ones.
const MOST: usize = 200;

/// The newest answer of each request that has a name.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    kept: BTreeMap<String, Arc<Kept>>,
    /// Variables that a response handler sets from them: name, whose answer, path.
    gives: Vec<(String, String, String)>,
    told: u64,
}

#[derive(Debug)]
struct Kept {
    number: u64,
    exchange: Arc<Exchange>,
    /// Nothing where it is too large, or could not be read.
    body: Option<String>,
}

impl Answers {
    /// Learns the answer of a request by what it is called, and the variables that it gives: name and path.
    pub fn learn<'a>(
        &mut self,
        names: impl IntoIterator<Item = &'a str>,
        gives: &[(String, String)],
        exchange: &Arc<Exchange>,
    ) {
        let Some(kept) = Kept::of(exchange, self.told + 1) else { return };
        self.told += 1;
        let kept = Arc::new(kept);
        let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
        for name in &names {
            self.kept.insert((*name).to_owned(), kept.clone());
        }
        if let Some(name) = names.first() {
            for (variable, path) in gives {
                self.gives.retain(|(known, ..)| known != variable);
                self.gives.push((variable.clone(), (*name).to_owned(), path.clone()));
            }
        }
        while self.kept.len() > MOST {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.number).map(|(name, _)| name.clone());
            oldest.map(|name| self.kept.remove(&name));
        }
    }

    /// The variables that response handlers set.
    pub(super) fn given(&self) -> impl Iterator<Item = Variable> {
        self.gives.iter().map(|(variable, name, path)| Variable {
            name: variable.clone(),
            value: self.at(name, path, variable),
            source: format!("answer of {name}"),
        })
    }

    /// Whether a request of that name was answered in this run.
    pub fn has(&self, name: &str) -> bool {
        self.kept.contains_key(name)
    }

    /// The bodies that are kept, each by what its answer is called.
    pub fn bodies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.kept.iter().filter_map(|(name, kept)| Some((name.as_str(), kept.body.as_deref()?)))
    }

    /// What a mention stands for, and where from; nothing where it names no answer.
    pub fn value(&self, mention: &str) -> Option<(Value, String)> {
        if let Some((name, path)) = mention.split_once(".response.") {
            return Some((self.at(name, path, mention), format!("answer of {name}")));
        }
        // httpyac: the body by the bare name.
        let (name, path) = mention.split_once('.')?;
        self.has(name).then(|| (self.at(name, &format!("body.{path}"), mention), format!("answer of {name}")))
    }

    fn at(&self, name: &str, path: &str, mention: &str) -> Value {
        let Some(kept) = self.kept.get(name) else {
            return Value::Missing(format!("`{name}` was not answered in this run; send it first"));
        };
        match kept.value(path) {
            // It would be drawn on screen and kept with the drafts.
            Ok(text) if is_secret_by_name(mention) => Value::Secret(Arc::new(Secret::new(text))),
            Ok(text) => Value::Literal(text),
            Err(why) => Value::Missing(format!("the answer of `{name}` {why}")),
        }
    }
}

/// The value of an answer at a path that begins with `body`, `headers` or `status`; `Err` goes on after "the answer".
pub(in crate::library) fn value_of(exchange: &Arc<Exchange>, path: &str) -> Result<String, String> {
    let Some(kept) = Kept::of(exchange, 0) else { return Err("did not come".to_owned()) };
    kept.value(path)
}

/// Whether a variable of that name holds a secret.
pub(in crate::library) fn is_secret_by_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    ["token", "secret", "password", "apikey", "authorization"].iter().any(|word| name.contains(word))
}

impl Kept {
    /// What is kept of a call that was answered.
    fn of(exchange: &Arc<Exchange>, number: u64) -> Option<Self> {
        let answer = exchange.answer()?;
        let fits = answer.body.len() <= KEPT as u64;
        let body = fits.then(|| answer.body.bytes(0, KEPT).ok()).flatten();
        let body = body.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Some(Self { number, exchange: exchange.clone(), body })
    }

    /// The value at a path that begins with `body`, `headers` or `status`.
    fn value(&self, path: &str) -> Result<String, String> {
        let Some(answer) = self.exchange.answer() else { return Err("is gone".to_owned()) };
        let (part, rest) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
        let steps = steps(rest);
        match part {
            "status" => Ok(answer.status.as_u16().to_string()),
            "headers" => {
                let Some(wanted) = steps.first().map(|wanted| wanted.trim_start_matches("valueOf")) else {
                    return Err("has header fields; name one, as in `headers.Location`".to_owned());
                };
                let field = answer.headers.iter().find(|field| field.name.as_str().eq_ignore_ascii_case(wanted));
                let text = field.and_then(|field| field.text()).map(str::to_owned);
                text.ok_or_else(|| format!("({}) has no header field `{wanted}`", answer.status))
            }
            "body" => {
                let body = self.body.as_deref().ok_or("is larger than 256 KiB; values are taken from smaller ones")?;
                if steps.is_empty() {
                    return Ok(body.to_owned());
                }
                at(body, &steps).map_err(|step| match step {
                    Some(step) => format!("({}) has no `{step}` there", answer.status),
                    None => format!("({}) is not JSON", answer.status),
                })
            }
            other => Err(format!("has `body`, `headers` and `status`, no `{other}`")),
        }
    }
}

/// The steps of a path: `.a`, `[0]`, `['b']`; `$` and `*` are the whole.
fn steps(path: &str) -> Vec<&str> {
    let words = path.split(['.', '[', ']', '(', ')']).map(|word| word.trim_matches(['"', '\'']));
    words.filter(|word| !matches!(*word, "" | "$" | "*" | "valueOf")).collect()
}

/// The value at a path in a JSON text, as it stands there; a string without its quotes. Else the step that leads nowhere,
/// or nothing where the text is not JSON.
fn at<'a>(text: &'a str, steps: &[&'a str]) -> Result<String, Option<&'a str>> {
    let mut here: &RawValue = serde_json::from_str(text).map_err(|_| None)?;
    for step in steps {
        let inside = match step.parse::<usize>() {
            Ok(index) if here.get().starts_with('[') => {
                serde_json::from_str::<Vec<&RawValue>>(here.get()).ok().and_then(|items| items.get(index).copied())
            }
            _ => serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(here.get())
                .ok()
                .and_then(|members| members.get(*step).copied()),
        };
        here = inside.ok_or(Some(*step))?;
    }
    Ok(serde_json::from_str::<String>(here.get()).unwrap_or_else(|_| here.get().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_what_stands_there_as_it_stands_there() {
        const BODY: &str =
            r#"{"a": {"b c": [1, {"d": 25.00}]}, "id": "txn \u00e4", "none": null, "big": 9007199254740993}"#;
        fn found(path: &'static str) -> Result<String, Option<&'static str>> {
            at(BODY, &steps(path))
        }
        assert_eq!(found("$.a['b c'][1].d").unwrap(), "25.00");
        assert_eq!(found(".a[\"b c\"].0").unwrap(), "1");
        assert_eq!(found(".id").unwrap(), "txn ä");
        assert_eq!(found(".big").unwrap(), "9007199254740993");
        assert_eq!(found(".none").unwrap(), "null");
        assert_eq!(found(".a.x").unwrap_err(), Some("x"));
        assert_eq!(at("<html>", &["a"]).unwrap_err(), None);
    }
}
