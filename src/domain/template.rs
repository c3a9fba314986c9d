//! `{{variables}}` in the text of a request.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{origin::Origin, secret::Secret};

pub mod dynamic;

use dynamic::{Draws, Dynamic};

/// The variables in reach of one send, each with where it comes from. A name given twice has its first value.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    rows: Vec<Variable>,
    draws: Draws,
    /// Where a secret among them may go.
    origins: Vec<Origin>,
    /// What was drawn for a variable stays so for this send, wherever it is mentioned.
    drawn: Arc<Mutex<BTreeMap<String, String>>>,
}

/// One variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub value: Value,
    /// For the screen: profile, request, … .
    pub source: String,
}

/// What a variable stands for.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text, which may hold variables itself.
    Text(String),
    /// A text from elsewhere: what looks like a variable in it is none.
    Literal(String),
    /// A secret, which goes to the origins of the profile alone and is drawn nowhere.
    Secret(Arc<Secret>),
    /// A value that each mention draws anew.
    Drawn(Dynamic),
    /// None for now, and why.
    Missing(String),
}

impl Value {
    /// Whether it has none for now.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }

    /// As it is shown: without a secret, and without a draw.
    pub fn shown(&self) -> &str {
        match self {
            Self::Text(text) | Self::Literal(text) => text,
            Self::Secret(_) => "••••••••",
            Self::Drawn(_) => "drawn when it is sent",
            Self::Missing(why) => why,
        }
    }
}

impl Variables {
    /// From triples of name, value and source, the nearest first.
    pub fn new<'a>(triples: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> Self {
        let own = |(name, value, source): (&str, &str, &str)| Variable {
            name: name.into(),
            value: Value::Text(value.into()),
            source: source.into(),
        };
        Self::of(triples.into_iter().map(own).collect())
    }

    /// These, the nearest first.
    pub fn of(rows: Vec<Variable>) -> Self {
        Self { rows, ..Self::default() }
    }

    /// The same, drawing from there.
    #[must_use]
    pub fn drawing(self, draws: Draws) -> Self {
        Self { draws, ..self }
    }

    /// The same, where secrets may go to these origins.
    #[must_use]
    pub fn bound_to(self, origins: Vec<Origin>) -> Self {
        Self { origins, ..self }
    }

    /// The variable of that name.
    pub fn named(&self, name: &str) -> Option<&Variable> {
        self.rows.iter().find(|variable| variable.name == name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.rows.iter()
    }

    /// How many values were drawn, those before this send included.
    pub fn draws(&self) -> u64 {
        self.draws.count()
    }

    /// Whether a secret among them may go to that origin.
    pub fn may_send_secrets_to(&self, origin: &Origin) -> bool {
        self.origins.contains(origin)
    }
}

/// Why a text could not be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Nobody gives this variable a value; the chain that leads to it.
    #[error("`{{{{{0}}}}}` has no value{1}: add a row for it in Vars, or mend its name")]
    Unknown(String, Chain),
    /// It has no value for now, and why; the chain that leads to it.
    #[error("`{{{{{0}}}}}` has no value{2}: {1}")]
    Missing(String, String, Chain),
    /// A variable that needs itself; the chain is named.
    #[error("`{{{{{0}}}}}` needs itself: {1}")]
    Loop(String, String),
    /// The text grew beyond 16 MiB.
    #[error("filling in the variables made the text larger than 16 MiB")]
    TooLarge,
}

/// The variables that lead from a text to the one that fails; empty where the text mentions it itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain(Vec<String>);

impl std::fmt::Display for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.len() < 2 { Ok(()) } else { write!(f, " ({})", self.0.join(" → ")) }
    }
}

const LARGEST: usize = 16 << 20;

/// A text with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// The variables whose secrets stand in it.
    pub secrets: Vec<String>,
}

/// The text with every variable filled in. `{{` without `}}`, and braces around anything but a name, stay as they are.
pub fn resolved(text: &str, variables: &Variables) -> Result<String, TemplateError> {
    filled(text, variables).map(|filled| filled.text)
}

/// The same, with the secrets that are in it.
pub fn filled(text: &str, variables: &Variables) -> Result<Filled, TemplateError> {
    let mut out = Filled { text: String::with_capacity(text.len()), ..Filled::default() };
    fill(text, variables, &mut Vec::new(), &mut out)?;
    Ok(out)
}

/// The names that a text mentions, in order, with the byte range of each with its braces.
pub fn mentions(text: &str) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find("{{")).map(|at| from + at) {
        // What ends a name ends the look for its braces, so that a text of nothing but braces is read once.
        let rest = text.get(open + 2..).unwrap_or_default();
        let length = rest.find(|letter: char| !may_stand(letter)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(length);
        if is_name(name.trim()) && behind.starts_with("}}") {
            from = open + 2 + length + 2;
            found.push((name.trim(), open..from));
        } else {
            from = open + 1;
        }
    }
    found
}

fn fill<'a>(
    text: &str,
    variables: &'a Variables,
    chain: &mut Vec<&'a str>,
    out: &mut Filled,
) -> Result<(), TemplateError> {
    let led = |chain: &[&str], name: &str| {
        Chain(if chain.is_empty() {
            Vec::new()
        } else {
            chain.iter().copied().chain([name]).map(str::to_owned).collect()
        })
    };
    let mut from = 0;
    for (name, range) in mentions(text) {
        out.text.push_str(text.get(from..range.start).unwrap_or_default());
        from = range.end;
        let Some(variable) = variables.named(name) else {
            return Err(TemplateError::Unknown(name.to_owned(), led(chain, name)));
        };
        match &variable.value {
            Value::Text(value) => named(&variable.name, value, variables, chain, out)?,
            Value::Literal(value) => out.text.push_str(value),
            Value::Drawn(what) => out.text.push_str(&variables.draws.draw(what)),
            Value::Missing(why) => {
                return Err(TemplateError::Missing(name.to_owned(), why.clone(), led(chain, name)));
            }
            Value::Secret(secret) => {
                out.text.push_str(secret.expose());
                out.secrets.push(name.to_owned());
            }
        }
        if out.text.len() > LARGEST {
            return Err(TemplateError::TooLarge);
        }
    }
    out.text.push_str(text.get(from..).unwrap_or_default());
    Ok(())
}

/// Puts the value of a variable in, which may mention others.
fn named<'a>(
    name: &'a str,
    value: &str,
    variables: &'a Variables,
    chain: &mut Vec<&'a str>,
    out: &mut Filled,
) -> Result<(), TemplateError> {
    if chain.contains(&name) {
        let steps: Vec<_> = chain.iter().copied().chain([name]).collect();
        return Err(TemplateError::Loop(name.to_owned(), steps.join(" → ")));
    }
    if let Some(drawn) = variables.drawn.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
        out.text.push_str(drawn);
        return Ok(());
    }
    let (start, before) = (out.text.len(), variables.draws());
    chain.push(name);
    fill(value, variables, chain, out)?;
    chain.pop();
    if variables.draws() != before {
        let drawn = out.text.get(start..).unwrap_or_default().to_owned();
        variables.drawn.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), drawn);
    }
    Ok(())
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '$')
}

/// What may stand between braces: arguments of a value that is drawn, a path into an answer.
fn may_stand(letter: char) -> bool {
    is_of_name(letter) || letter.is_whitespace() || "[]()*'\",:+/@%".contains(letter)
}

/// A name; one that begins with `$` may have arguments, a path into an answer may have brackets.
fn is_name(text: &str) -> bool {
    let plain = !text.is_empty() && text.chars().all(is_of_name);
    let drawn =
        text.strip_prefix('$').is_some_and(|rest| rest.starts_with(char::is_alphabetic)) && !text.contains('\n');
    let path =
        || text.starts_with(char::is_alphabetic) && text.contains(".response.") && !text.contains(char::is_whitespace);
    plain || drawn || path()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_may_hold_variables_themselves() {
        let variables = Variables::new([("a", "{{b}}/x", "request"), ("b", "http://h", "profile")]);
        assert_eq!(resolved("{{a}}/{{ b }}", &variables).unwrap(), "http://h/x/http://h");
    }

    #[test]
    fn braces_that_hold_no_name_stay() {
        let none = Variables::default();
        for text in ["{{", "}}", "{{}}", "{{ }}", "{\"a\":{\"b\":1}}", "{{{", "{{a b}}"] {
            assert_eq!(resolved(text, &none).unwrap(), text);
        }
    }

    #[test]
    fn a_text_of_nothing_but_braces_is_read_once() {
        let braces = "{".repeat(1 << 20);
        assert_eq!(mentions(&format!("{braces} a }}}}")), [("a", braces.len() - 2..braces.len() + 5)]);
    }

    #[test]
    fn unknown_names_and_loops_are_errors_that_name_the_chain() {
        let variables = Variables::new([("a", "{{b}}", ""), ("b", "{{a}}", "")]);
        assert_eq!(resolved("{{c}}", &variables), Err(TemplateError::Unknown("c".into(), Chain::default())));
        assert_eq!(resolved("{{a}}", &variables), Err(TemplateError::Loop("a".into(), "a → b → a".into())));
    }

    #[test]
    fn an_unknown_name_behind_others_is_told_with_the_way_to_it() {
        let variables = Variables::new([("a", "{{b}}", ""), ("b", "{{c}}", "")]);
        let told = resolved("{{a}}", &variables).unwrap_err().to_string();
        assert_eq!(told, "`{{c}}` has no value (a → b → c): add a row for it in Vars, or mend its name");
        let missing =
            Variable { name: "x".into(), value: Value::Missing("send it first".into()), source: String::new() };
        let told = resolved("{{x}}", &Variables::of(vec![missing])).unwrap_err().to_string();
        assert_eq!(told, "`{{x}}` has no value: send it first");
    }

    #[test]
    fn values_that_are_drawn_and_paths_into_answers_are_mentions() {
        let text =
            "{{$uuid}} {{ $randomInt 1 10 }} {{$random.integer(1,5)}} {{a.response.body.$.b[0]['c']}} {{a b}} {{$ x}}";
        let names: Vec<_> = mentions(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["$uuid", "$randomInt 1 10", "$random.integer(1,5)", "a.response.body.$.b[0]['c']"]);
    }

    #[test]
    fn each_mention_draws_anew_and_a_variable_that_draws_is_the_same_throughout_a_send() {
        let drawn = Variable { name: "$uuid".into(), value: Value::Drawn(Dynamic::Uuid), source: String::new() };
        let id = Variable { name: "id".into(), value: Value::Text("{{$uuid}}".into()), source: String::new() };
        let variables = Variables::of(vec![drawn, id]);
        let text = |text| resolved(text, &variables).unwrap();
        let two = text("{{$uuid}} {{$uuid}}");
        let (one, other) = two.split_once(' ').unwrap();
        assert_ne!(one, other);
        assert_eq!(text("{{id}}"), text("{{id}}"));
    }

    #[test]
    fn what_comes_from_elsewhere_is_no_template_and_a_secret_is_told_of() {
        let row = |name: &str, value| Variable { name: name.into(), value, source: String::new() };
        let secret = Value::Secret(Arc::new(Secret::new("hunter2hunter2")));
        let variables = Variables::of(vec![row("a", Value::Literal("{{b}}".into())), row("s", secret)]);
        assert_eq!(resolved("{{a}}", &variables).unwrap(), "{{b}}");
        assert_eq!(filled("x{{s}}", &variables).unwrap().secrets, ["s"]);
        assert!(!format!("{variables:?}").contains("hunter2"));
    }

    #[test]
    fn a_text_that_doubles_at_each_step_is_stopped() {
        let names: Vec<_> =
            (0..40).map(|at| (format!("v{at}"), format!("{{{{v{}}}}}{{{{v{}}}}}", at + 1, at + 1))).collect();
        let mut triples: Vec<_> = names.iter().map(|(name, value)| (name.as_str(), value.as_str(), "")).collect();
        let leaf = "x".repeat(1 << 20);
        triples.push(("v40", &leaf, ""));
        assert_eq!(resolved("{{v0}}", &Variables::new(triples)), Err(TemplateError::TooLarge));
    }
}
