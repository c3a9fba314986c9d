//! PowerShell.

use super::{Escape, Form, Pieces, is_hidden};

/// See the module.
pub(in crate::snippet) struct PowerShell;

impl Escape for PowerShell {
    /// Single quotes, in which nothing but the quote itself means anything; those of typographers are quotes there too.
    /// What cannot be seen stands outside of them, as its number.
    fn literal(&self, text: &str) -> String {
        let (mut parts, mut open) = (Vec::new(), String::new());
        for letter in text.chars() {
            if is_hidden(letter) {
                if !open.is_empty() {
                    parts.push(format!("'{open}'"));
                    open.clear();
                }
                parts.push(format!("[char]0x{:02x}", u32::from(letter)));
            } else {
                open.push(letter);
                if matches!(letter, '\'' | '\u{2018}'..='\u{201b}') {
                    open.push(letter);
                }
            }
        }
        if !open.is_empty() {
            parts.push(format!("'{open}'"));
        }
        match parts.as_slice() {
            [] => "''".to_owned(),
            [one] if one.starts_with('\'') => one.clone(),
            // Text comes first, so that characters are added to it and not to a number.
            [first, ..] if first.starts_with('\'') => format!("({})", parts.join(" + ")),
            _ => format!("('' + {})", parts.join(" + ")),
        }
    }

    fn variable(&self, name: &str, form: Form) -> String {
        let value = format!("$env:{name}");
        match form {
            Form::Plain => value,
            Form::Json => format!("(ConvertTo-Json {value})"),
            Form::Field => format!("(Field {value})"),
            Form::Percent => format!("(Field {value}).Replace('+', '%20')"),
        }
    }

    fn local(&self, name: &str) -> String {
        format!("${name}")
    }

    fn expression(&self, pieces: &Pieces) -> String {
        let parts: Vec<_> = pieces.0.iter().map(|piece| self.part(piece)).collect();
        match parts.as_slice() {
            [] => "''".to_owned(),
            [one] => one.clone(),
            _ => format!("({})", parts.join(" + ")),
        }
    }

    fn lines(&self, pieces: &Pieces, indent: &str) -> String {
        let lines = pieces.lines();
        if lines.0.len() < 2 {
            return self.expression(pieces);
        }
        let parts: Vec<_> = lines.0.iter().map(|piece| self.part(piece)).collect();
        format!("({})", parts.join(&format!(" +\n{indent}")))
    }
}
