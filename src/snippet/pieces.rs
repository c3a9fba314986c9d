//! A text that is written as code: literal parts, and parts that the code knows when it runs.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

/// One part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it stands.
    Text(String),
    /// An environment variable.
    Variable(String, Form),
    /// A variable of the code.
    Local(String),
}

/// How the value of an environment variable is written into the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// As a JSON string, its quotes included.
    Json,
    /// Form-urlencoded, a blank as `+`.
    Field,
    /// The same, a blank as `%20`: one half of Basic credentials (RFC 6749 §2.3.1).
    Percent,
}

/// A text in parts, as templates hand it to the filters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces(pub(super) Vec<Piece>);

impl Object for Pieces {
    /// A text, and no map of nothing, which would count as false.
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

impl Pieces {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self(vec![Piece::Text(text.into())])
    }

    pub(super) fn push_text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    pub(super) fn push(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.push_text(&text),
            other => self.0.push(other),
        }
    }

    pub(super) fn extend(&mut self, other: &Self) {
        other.0.iter().cloned().for_each(|piece| self.push(piece));
    }

    /// The literal parts together.
    pub(super) fn literal(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => Some(text.clone()),
            Piece::Variable(..) | Piece::Local(_) => None,
        };
        self.0.iter().filter_map(text).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Text(text) if text.is_empty()))
    }

    /// The same with a part of its own for each line.
    pub(super) fn lines(&self) -> Self {
        let mut lines = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => {
                    lines.extend(text.split_inclusive('\n').map(|line| Piece::Text(line.to_owned())));
                }
                other => lines.push(other.clone()),
            }
        }
        Self(lines)
    }

    /// For a template.
    pub(super) fn value(self) -> Value {
        Value::from_object(self)
    }

    /// Out of a template: a text in parts, or a plain one.
    pub(super) fn of(value: &Value) -> Arc<Self> {
        value
            .downcast_object::<Self>()
            .unwrap_or_else(|| Arc::new(Self::text(value.as_str().map_or_else(|| value.to_string(), str::to_owned))))
    }
}
