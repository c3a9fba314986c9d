//! C#.

use super::{Escape, Form, escaped, is_hidden, usual, utf16};

/// See the module.
pub(in crate::snippet) struct CSharp;

impl Escape for CSharp {
    fn literal(&self, text: &str) -> String {
        let body = escaped(text, |letter| usual(letter, '"').or_else(|| is_hidden(letter).then(|| utf16(letter))));
        format!("\"{body}\"")
    }

    /// `Env` and `Field` are functions of the code.
    fn variable(&self, name: &str, form: Form) -> String {
        let value = format!("Env({})", self.literal(name));
        match form {
            Form::Plain => value,
            Form::Json => format!("JsonSerializer.Serialize({value}, Relaxed)"),
            Form::Field => format!("Field({value})"),
            Form::Percent => format!("Field({value}).Replace(\"+\", \"%20\")"),
        }
    }
}
