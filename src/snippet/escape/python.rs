//! Python.

use super::{Escape, Form, Piece, Pieces, escaped, is_hidden, usual};

/// See the module.
pub(in crate::snippet) struct Python;

impl Escape for Python {
    fn literal(&self, text: &str) -> String {
        let quote = if text.contains('"') && !text.contains('\'') { '\'' } else { '"' };
        let body = escaped(text, |letter| {
            usual(letter, quote).or_else(|| {
                is_hidden(letter).then(|| match u32::from(letter) {
                    code @ 0..=0xff => format!("\\x{code:02x}"),
                    code => format!("\\u{code:04x}"),
                })
            })
        });
        format!("{quote}{body}{quote}")
    }

    fn variable(&self, name: &str, form: Form) -> String {
        let value = format!("os.environ[{}]", self.literal(name));
        match form {
            Form::Plain => value,
            Form::Json => format!("json.dumps({value}, ensure_ascii=False)"),
            Form::Field => format!("quote_plus({value}, safe=\"*\").replace(\"~\", \"%7E\")"),
            Form::Percent => format!("quote({value}, safe=\"*\").replace(\"~\", \"%7E\")"),
        }
    }

    /// Literals side by side are one.
    fn lines(&self, pieces: &Pieces, indent: &str) -> String {
        let lines = pieces.lines();
        let literals = lines.0.iter().all(|piece| matches!(piece, Piece::Text(_)));
        let parts: Vec<_> = lines.0.iter().map(|piece| self.part(piece)).collect();
        match parts.len() {
            0 => "\"\"".to_owned(),
            1 => parts.concat(),
            _ => {
                let between = if literals { format!("\n{indent}    ") } else { format!("\n{indent}    + ") };
                format!("(\n{indent}    {}\n{indent})", parts.join(&between))
            }
        }
    }

    /// The library encodes text as Latin-1, and leaves bytes alone.
    fn field(&self, pieces: &Pieces) -> String {
        let value = self.expression(pieces);
        match pieces.0.as_slice() {
            _ if pieces.literal().is_ascii() => value,
            [_] => format!("{value}.encode()"),
            _ => format!("({value}).encode()"),
        }
    }
}
