//! JavaScript.

use super::{Escape, Form, Pieces, escaped, is_hidden, usual, utf16};

/// See the module.
pub(in crate::snippet) struct JavaScript;

impl Escape for JavaScript {
    /// What ends a script within a page is broken up, so that the code can stand in one.
    fn literal(&self, text: &str) -> String {
        let quote = if text.contains('"') && !text.contains('\'') { '\'' } else { '"' };
        let body = escaped(text, |letter| usual(letter, quote).or_else(|| is_hidden(letter).then(|| utf16(letter))));
        format!("{quote}{}{quote}", body.replace("</", "<\\/").replace("<!--", "<\\!--"))
    }

    fn variable(&self, name: &str, form: Form) -> String {
        let value = format!("env({})", self.literal(name));
        let field = || format!("new URLSearchParams({{ x: {value} }}).toString().slice(2)");
        match form {
            Form::Plain => value,
            Form::Json => format!("JSON.stringify({value})"),
            Form::Field => field(),
            Form::Percent => format!("{}.replaceAll(\"+\", \"%20\")", field()),
        }
    }

    /// A field is a string of bytes there.
    fn field(&self, pieces: &Pieces) -> String {
        let value = self.expression(pieces);
        if pieces.literal().is_ascii() { value } else { format!("Buffer.from({value}).toString(\"latin1\")") }
    }
}
