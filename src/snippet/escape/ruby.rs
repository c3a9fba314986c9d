//! Ruby.

use super::{Escape, Form, escaped, is_hidden, usual};

/// See the module.
pub(in crate::snippet) struct Ruby;

impl Escape for Ruby {
    /// A number sign begins what is evaluated.
    fn literal(&self, text: &str) -> String {
        let body = escaped(text, |letter| {
            usual(letter, '"')
                .or_else(|| (letter == '#').then(|| "\\#".to_owned()))
                .or_else(|| is_hidden(letter).then(|| format!("\\u{{{:x}}}", u32::from(letter))))
        });
        format!("\"{body}\"")
    }

    fn variable(&self, name: &str, form: Form) -> String {
        let value = format!("ENV.fetch({})", self.literal(name));
        match form {
            Form::Plain => value,
            Form::Json => format!("JSON.generate({value})"),
            Form::Field => format!("URI.encode_www_form_component({value})"),
            Form::Percent => format!("URI.encode_www_form_component({value}).gsub(\"+\", \"%20\")"),
        }
    }
}
