//! Rust.

use super::{Escape, Form, Piece, Pieces, escaped, is_hidden, usual};

/// See the module.
pub(in crate::snippet) struct Rust;

impl Escape for Rust {
    /// Raw where that reads better and nothing has to be escaped.
    fn literal(&self, text: &str) -> String {
        let raw = text.contains(['"', '\\']) && !text.chars().any(is_hidden) && !text.contains("\"#");
        if raw {
            return format!("r#\"{text}\"#");
        }
        let body = escaped(text, |letter| {
            usual(letter, '"').or_else(|| is_hidden(letter).then(|| format!("\\u{{{:x}}}", u32::from(letter))))
        });
        format!("\"{body}\"")
    }

    /// `env`, `quoted` and `field` are functions of the code.
    fn variable(&self, name: &str, form: Form) -> String {
        let value = format!("env({})?", self.literal(name));
        match form {
            Form::Plain => value,
            Form::Json => format!("serde_json::to_string(&{value})?"),
            Form::Field => format!("field(&{value})"),
            Form::Percent => format!("field(&{value}).replace('+', \"%20\")"),
        }
    }

    fn expression(&self, pieces: &Pieces) -> String {
        together(self, pieces, " ")
    }

    /// Literals are put together by the compiler.
    fn lines(&self, pieces: &Pieces, indent: &str) -> String {
        together(self, &pieces.lines(), &format!("\n{indent}    "))
    }

    /// Bytes, since a text of a field is ASCII there.
    fn field(&self, pieces: &Pieces) -> String {
        let value = self.expression(pieces);
        if pieces.literal().is_ascii() { value } else { format!("{value}.as_bytes()") }
    }
}

fn together(escape: &Rust, pieces: &Pieces, between: &str) -> String {
    let parts: Vec<_> = pieces.0.iter().map(|piece| escape.part(piece)).collect();
    let literal = pieces.0.iter().all(|piece| matches!(piece, Piece::Text(_)));
    match parts.as_slice() {
        [] => escape.literal(""),
        [one] => one.clone(),
        _ => {
            let (macro_name, parts) = if literal {
                ("concat!(", parts.join(&format!(",{between}")))
            } else {
                let places = "{}".repeat(parts.len());
                ("format!(", format!("\"{places}\",{between}{}", parts.join(&format!(",{between}"))))
            };
            let (open, close) = if between.starts_with('\n') {
                (between.to_owned(), between.strip_suffix("    ").unwrap_or_default().to_owned())
            } else {
                (String::new(), String::new())
            };
            format!("{macro_name}{open}{parts}{}{close})", if close.is_empty() { "" } else { "," })
        }
    }
}
