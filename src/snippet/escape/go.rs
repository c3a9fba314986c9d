//! Go.

use super::{Escape, Form, escaped, is_hidden, usual};

/// See the module.
pub(in crate::snippet) struct Go;

impl Escape for Go {
    fn literal(&self, text: &str) -> String {
        let body = escaped(text, |letter| {
            usual(letter, '"').or_else(|| is_hidden(letter).then(|| format!("\\u{:04x}", u32::from(letter))))
        });
        format!("\"{body}\"")
    }

    /// `env`, `quoted`, `field` and `percent` are functions of the code.
    fn variable(&self, name: &str, form: Form) -> String {
        let value = format!("env({})", self.literal(name));
        match form {
            Form::Plain => value,
            Form::Json => format!("quoted({value})"),
            Form::Field => format!("field({value})"),
            Form::Percent => format!("strings.ReplaceAll(field({value}), \"+\", \"%20\")"),
        }
    }
}
