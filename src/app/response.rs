//! The answer being looked at: which one, by which tab, from which row on, and what is looked for in it.
//!
//! The lines of the body that are on screen are read here, once for each message, and kept; drawing reads none.

use std::sync::Arc;

use http::header;

use super::{filtering::Filtering, timeline::Flow};
use crate::{
    document::{Document, Line, Mode, Part},
    domain::{
        exchange::{Answer, Exchange, ExchangeId},
        figures,
        flow::TokenCall,
        redact::Redactor,
    },
};

pub mod attempts;
pub mod cookies;
pub mod facts;
pub mod headers;
mod moving;
mod search;
pub mod sequence;
pub mod timing;
pub mod tls;

pub use search::Search;

/// What the response pane shows.
#[derive(Clone, Debug)]
pub enum Shown {
    /// The answer of an exchange, finished or on its way.
    Exchange(ExchangeId),
    /// The answer of a token call.
    TokenCall(Arc<TokenCall>),
    /// A file or a pipe.
    File,
}

/// A tab of the response pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The body.
    #[default]
    Body,
    /// The header fields of answer and request.
    Headers,
    /// The cookies that were set.
    Cookies,
    /// How long each phase took.
    Timing,
    /// The encryption.
    Tls,
    /// Who said what to whom.
    Flow,
    /// The attempts side by side.
    Attempts,
}

impl Tab {
    /// All of them, in order.
    pub const ALL: [Self; 7] =
        [Self::Body, Self::Headers, Self::Cookies, Self::Timing, Self::Tls, Self::Flow, Self::Attempts];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "Body",
            Self::Headers => "Headers",
            Self::Cookies => "Cookies",
            Self::Timing => "Timing",
            Self::Tls => "TLS",
            Self::Flow => "Flow",
            Self::Attempts => "Attempts",
        }
    }
}

/// The response pane.
#[derive(Default)]
pub struct Response {
    /// What it shows.
    pub shown: Option<Shown>,
    /// The tab in front.
    pub tab: Tab,
    /// The body as something to look at.
    pub document: Option<Document>,
    /// The line in hand, and the first one shown.
    pub cursor: u64,
    /// First line shown.
    pub top: u64,
    /// First column shown.
    pub left: usize,
    /// Whether long lines go on in the next row; then which row of its line is in hand, and which is the first shown.
    pub wrap: bool,
    /// The row in hand of its line.
    pub row: usize,
    /// The first row shown of the first line shown.
    pub top_row: usize,
    /// Whether lines are numbered.
    pub numbers: bool,
    /// The lines on screen, and which each is.
    pub lines: Vec<Line>,
    /// Which line, and which row of it, each of them is.
    pub places: Vec<Part>,
    /// How far above the last line the one in hand is, while it is found from there.
    pub from_end: Option<u64>,
    /// Whether the lines on screen are the last ones, whose numbers nobody knows yet.
    pub is_tail: bool,
    /// Columns of a line on screen.
    columns: usize,
    /// The path of the line in hand, and what stands there: `string, 7 characters`.
    pub here: Option<(String, String)>,
    /// First row shown of the other tabs.
    pub scroll: usize,
    /// The row in hand of the other tabs.
    pub in_hand: usize,
    /// What is looked for.
    pub search: Option<Search>,
    /// The filter in force, or being typed.
    pub filter: Option<Filtering>,
    /// The secrets that are not shown.
    pub masks: Redactor,
    /// Whether the lines of the body are being learnt.
    pub index_ordered: bool,
    /// Whether the body is being read otherwise than as it was sent.
    pub reading_ordered: bool,
    searches: u64,
}

impl Response {
    /// The exchange it shows.
    pub fn exchange(&self) -> Option<ExchangeId> {
        match self.shown {
            Some(Shown::Exchange(id)) => Some(id),
            Some(Shown::TokenCall(_) | Shown::File) | None => None,
        }
    }

    /// Shows the answer of an exchange, from its start.
    pub fn show_exchange(&mut self, id: ExchangeId, flow: Option<&Flow>) {
        let document = flow.and_then(|flow| flow.answer.as_deref()).map(|answer| self.document_of(answer));
        self.show(Shown::Exchange(id), document);
        if flow.and_then(|flow| flow.exchange.as_deref()).is_some_and(Exchange::healed) {
            self.tab = Tab::Attempts;
        }
    }

    /// Shows the answer of a token call, secrets masked.
    pub fn show_token_call(&mut self, call: &Arc<TokenCall>) {
        let kind = call.headers.iter().find(|field| field.name == header::CONTENT_TYPE).and_then(|field| field.text());
        let document = Document::new(crate::body::Body::of(call.body.clone()), kind).hiding(self.masks.clone());
        self.show(Shown::TokenCall(call.clone()), Some(document));
    }

    /// Shows a file or a pipe.
    pub fn show_file(&mut self, document: Document) {
        self.show(Shown::File, Some(document));
    }

    fn show(&mut self, shown: Shown, document: Option<Document>) {
        (self.shown, self.document) = (Some(shown), document);
        self.tab = Tab::Body;
        self.rewind();
        (self.search, self.filter, self.reading_ordered) = (None, None, false);
    }

    /// The head of another answer of the same exchange came.
    pub fn answered(&mut self, answer: &Answer) {
        self.put(self.document_of(answer));
        self.filter = None;
    }

    /// Puts a body in the place of what is looked at, from its start.
    pub(super) fn put(&mut self, document: Document) {
        self.document = Some(document);
        self.reading_ordered = false;
        self.rewind();
    }

    fn rewind(&mut self) {
        self.index_ordered = false;
        (self.cursor, self.top, self.left, self.scroll, self.in_hand) = (0, 0, 0, 0, 0);
        (self.row, self.top_row, self.from_end, self.is_tail) = (0, 0, None, false);
        self.lines.clear();
        self.places.clear();
    }

    /// The body is looked at in another way: from its start, and what was looked for in it is forgotten where the bytes
    /// are others.
    pub(super) fn turned(&mut self) {
        (self.search, self.index_ordered) = (None, false);
        self.rewind();
    }

    /// Turns to a tab, from its first row on.
    pub fn turn(&mut self, tab: Tab) {
        (self.tab, self.scroll, self.in_hand) = (tab, 0, 0);
    }

    /// Moves what is in hand of a tab beside the body, which has so many rows, of which a page is on screen. A picture
    /// scrolls.
    pub fn step_row(&mut self, by: isize, rows: usize, page: usize) {
        let last = rows.saturating_sub(page);
        if self.tab == Tab::Timing {
            self.scroll = self.scroll.saturating_add_signed(by).min(last);
            return;
        }
        self.in_hand = self.in_hand.saturating_add_signed(by).min(rows.saturating_sub(1));
        self.scroll = self.scroll.min(last).clamp((self.in_hand + 1).saturating_sub(page), self.in_hand);
    }

    /// The column at which the text of the body begins: pretty lines leave room for the sign of a fold, and a number
    /// takes its own.
    pub fn edge(&self) -> u16 {
        let sign = match self.document.as_ref().map(Document::mode) {
            Some(Mode::Pretty) => 4,
            _ => 2,
        };
        sign + self.gutter().map_or(0, |digits| digits + 1)
    }

    /// Columns of the number of a line, where lines are numbered.
    pub fn gutter(&self) -> Option<u16> {
        let document = self.document.as_ref().filter(|document| self.numbers && document.mode() != Mode::Hex)?;
        let digits = document.count().lines.max(1).ilog10() + 1;
        u16::try_from(digits.max(3)).ok()
    }

    /// The line in hand, unless nobody knows yet which it is.
    pub fn line(&self) -> Option<u64> {
        (!self.is_tail).then_some(self.cursor)
    }

    /// The path of the line in hand.
    pub fn path(&self) -> Option<String> {
        Some(self.masks.masked(&self.document.as_ref()?.path(self.line()?)?))
    }

    fn document_of(&self, answer: &Answer) -> Document {
        Document::new(answer.body.clone(), answer.header("content-type")).hiding(self.masks.clone())
    }
}

/// What a JSON value is, and how long where that says something. Of a very long one only the beginning is known.
fn about(value: &str) -> String {
    match value.bytes().next() {
        Some(b'"') => match serde_json::from_str::<String>(value) {
            Ok(text) => match text.chars().count() {
                1 => "string, 1 character".to_owned(),
                count => format!("string, {} characters", figures::grouped(count as u64)),
            },
            Err(_) => "string".to_owned(),
        },
        Some(b'{') => "object".to_owned(),
        Some(b'[') => "array".to_owned(),
        Some(b't' | b'f') => "true or false".to_owned(),
        Some(b'n') => "null".to_owned(),
        Some(b'-' | b'0'..=b'9') => "number".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_is_and_how_long_is_told() {
        let told = ["\"a\\n\u{e9}\"", "\"cut", "{}", "[1", "-1e9", "false", "null", ""].map(about);
        let wanted = ["string, 3 characters", "string", "object", "array", "number", "true or false", "null", ""];
        assert_eq!(told, wanted);
    }
}
