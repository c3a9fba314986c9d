//! `{{variables}}` in the text of a request.

/// The variables in reach, each with where it comes from. A name given twice has its first value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(Vec<Variable>);

/// One variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value, which may hold variables itself.
    pub value: String,
    /// For the screen: profile, request, … .
    pub source: String,
}

impl Variables {
    /// From triples of name, value and source, the nearest first.
    pub fn new<'a>(triples: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> Self {
        let own = |(name, value, source): (&str, &str, &str)| Variable {
            name: name.into(),
            value: value.into(),
            source: source.into(),
        };
        Self(triples.into_iter().map(own).collect())
    }

    /// The variable of that name.
    pub fn named(&self, name: &str) -> Option<&Variable> {
        self.0.iter().find(|variable| variable.name == name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.0.iter()
    }
}

/// Why a text could not be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Nobody gives this variable a value.
    #[error("`{{{{{0}}}}}` has no value: add a row for it in Vars, or mend its name")]
    Unknown(String),
    /// A variable that needs itself; the chain is named.
    #[error("`{{{{{0}}}}}` needs itself: {1}")]
    Loop(String, String),
    /// The text grew beyond 16 MiB.
    #[error("filling in the variables made the text larger than 16 MiB")]
    TooLarge,
}

const LARGEST: usize = 16 << 20;

/// The text with every variable filled in. `{{` without `}}`, and braces around anything but a name, stay as they are.
pub fn resolved(text: &str, variables: &Variables) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(text.len());
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
        let length = rest.find(|letter: char| !is_of_name(letter) && !letter.is_whitespace()).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(length);
        if !name.trim().is_empty() && !name.trim().contains(char::is_whitespace) && behind.starts_with("}}") {
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
    out: &mut String,
) -> Result<(), TemplateError> {
    let mut from = 0;
    for (name, range) in mentions(text) {
        out.push_str(text.get(from..range.start).unwrap_or_default());
        from = range.end;
        let variable = variables.named(name).ok_or_else(|| TemplateError::Unknown(name.to_owned()))?;
        if chain.contains(&variable.name.as_str()) {
            let steps: Vec<_> = chain.iter().copied().chain([name]).collect();
            return Err(TemplateError::Loop(name.to_owned(), steps.join(" → ")));
        }
        chain.push(&variable.name);
        fill(&variable.value, variables, chain, out)?;
        chain.pop();
        if out.len() > LARGEST {
            return Err(TemplateError::TooLarge);
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Ok(())
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '$')
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
        assert_eq!(resolved("{{c}}", &variables), Err(TemplateError::Unknown("c".into())));
        assert_eq!(resolved("{{a}}", &variables), Err(TemplateError::Loop("a".into(), "a → b → a".into())));
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
