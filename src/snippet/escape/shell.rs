//! sh: single quotes, in which nothing but the quote itself means anything.

use super::{Escape, Form, Piece, Pieces};

/// See the module. It writes the arguments of curl and HTTPie.
pub(in crate::snippet) struct Shell;

impl Escape for Shell {
    /// A word that means nothing else needs no quotes.
    fn literal(&self, text: &str) -> String {
        let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        if is_word && !text.is_empty() {
            return text.to_owned();
        }
        format!("'{}'", text.replace('\'', r"'\''"))
    }

    /// `field` and `percent` are functions of the script; jq reads the environment itself, so that no secret is an argument.
    fn variable(&self, name: &str, form: Form) -> String {
        match form {
            Form::Plain => format!("\"${name}\""),
            Form::Json => format!("\"$(jq --null-input env.{name})\""),
            Form::Field => format!("\"$(field {name})\""),
            Form::Percent => format!("\"$(field {name} | sed 's/+/%20/g')\""),
        }
    }

    fn local(&self, name: &str) -> String {
        format!("\"${name}\"")
    }

    /// Parts stand side by side; plain ones together between double quotes.
    fn expression(&self, pieces: &Pieces) -> String {
        let plain = |text: &str| !text.is_empty() && !text.contains(['"', '$', '`', '\\', '!', '\n']);
        let quoted = pieces.0.iter().map(|piece| match piece {
            Piece::Text(text) => plain(text).then(|| text.clone()),
            Piece::Variable(name, Form::Plain) | Piece::Local(name) => Some(format!("${{{name}}}")),
            Piece::Variable(..) => None,
        });
        match quoted.collect::<Option<String>>() {
            Some(text) if pieces.0.len() > 1 => format!("\"{}\"", simple(&text)),
            _ if pieces.0.is_empty() => "''".to_owned(),
            _ => pieces.0.iter().map(|piece| self.part(piece)).collect(),
        }
    }

    fn lines(&self, pieces: &Pieces, _: &str) -> String {
        self.expression(pieces)
    }
}

/// Without the braces of a variable that nothing follows.
fn simple(text: &str) -> String {
    match text.strip_suffix('}').and_then(|text| text.rsplit_once("${")) {
        Some((before, name)) if !name.contains('}') => format!("{before}${name}"),
        _ => text.to_owned(),
    }
}
