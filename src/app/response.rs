//! The answer being looked at: which one, by which tab, from which row on, and what is looked for in it.
//!
//! The lines of the body that are on screen are read here, once for each message, and kept; drawing reads none.

use std::sync::Arc;

use http::header;

use super::timeline::Flow;
use crate::{
    document::{Document, Line, Mode},
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
pub mod timing;
pub mod tls;

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
    /// The attempts side by side.
    Attempts,
}

impl Tab {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [Self::Body, Self::Headers, Self::Cookies, Self::Timing, Self::Tls, Self::Attempts];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "Body",
            Self::Headers => "Headers",
            Self::Cookies => "Cookies",
            Self::Timing => "Timing",
            Self::Tls => "TLS",
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
    /// The lines on screen.
    pub lines: Vec<Line>,
    /// The path of the line in hand, and what stands there: `string, 7 characters`.
    pub here: Option<(String, String)>,
    /// First row shown of the other tabs, and the one in hand.
    pub scroll: usize,
    /// See above.
    pub row: usize,
    /// What is looked for.
    pub search: Option<Search>,
    /// The secrets that are not shown.
    pub masks: Redactor,
    /// Whether the lines of the body are being learnt.
    pub index_ordered: bool,
    searches: u64,
}

/// A search in the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Which search.
    pub number: u64,
    /// What is looked for.
    pub needle: String,
    /// Where it was found so far, as offsets into the body.
    pub hits: Vec<u64>,
    /// Whether the whole body was seen.
    pub done: bool,
    /// The hit in hand.
    pub at: usize,
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
        self.search = None;
    }

    /// The head of another answer of the same exchange came.
    pub fn answered(&mut self, answer: &Answer) {
        self.document = Some(self.document_of(answer));
        self.rewind();
    }

    fn rewind(&mut self) {
        self.index_ordered = false;
        (self.cursor, self.top, self.left, self.scroll, self.row) = (0, 0, 0, 0, 0);
        self.lines.clear();
    }

    /// Begins a search; gives its number.
    pub fn begin_search(&mut self, needle: String) -> u64 {
        self.searches += 1;
        self.search = Some(Search { number: self.searches, needle, hits: Vec::new(), done: false, at: 0 });
        self.searches
    }

    /// Takes in what a search found so far. Whether it is the one in force.
    pub fn found(&mut self, number: u64, hits: Vec<u64>, done: bool) -> bool {
        let cursor = self.cursor;
        let Some(search) = self.search.as_mut().filter(|search| search.number == number) else { return false };
        let first = search.hits.is_empty() && !hits.is_empty();
        (search.hits, search.done) = (hits, done);
        if first && let Some(document) = &self.document {
            // The first hit at or behind the cursor, else the first of all.
            let behind =
                search.hits.iter().position(|hit| document.visible_line_of(*hit).is_some_and(|at| at >= cursor));
            search.at = behind.unwrap_or(0);
            self.go_to_hit();
        }
        true
    }

    /// Goes to the next hit, or to the one before.
    pub fn next_hit(&mut self, forward: bool) {
        let Some(search) = self.search.as_mut().filter(|search| !search.hits.is_empty()) else { return };
        let count = search.hits.len();
        search.at = if forward { (search.at + 1) % count } else { (search.at + count - 1) % count };
        self.go_to_hit();
    }

    fn go_to_hit(&mut self) {
        let hit = self.search.as_ref().and_then(|search| search.hits.get(search.at).copied());
        if let (Some(hit), Some(document)) = (hit, &mut self.document) {
            if document.visible_line_of(hit).is_none() {
                document.unfold_all();
            }
            self.cursor = document.visible_line_of(hit).unwrap_or(self.cursor);
        }
    }

    /// Turns to a tab, from its first row on.
    pub fn turn(&mut self, tab: Tab) {
        (self.tab, self.scroll, self.row) = (tab, 0, 0);
    }

    /// Moves what is in hand of a tab beside the body, which has so many rows, of which a page is on screen. A picture
    /// scrolls.
    pub fn step_row(&mut self, by: isize, rows: usize, page: usize) {
        let last = rows.saturating_sub(page);
        if self.tab == Tab::Timing {
            self.scroll = self.scroll.saturating_add_signed(by).min(last);
            return;
        }
        self.row = self.row.saturating_add_signed(by).min(rows.saturating_sub(1));
        self.scroll = self.scroll.min(last).clamp((self.row + 1).saturating_sub(page), self.row);
    }

    /// Moves the cursor of the body by so many lines.
    pub fn step(&mut self, by: i64) {
        let Some(document) = &self.document else { return };
        let last = document.count().lines.saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// Reads the lines that so many rows and columns show, the cursor among them.
    pub fn read(&mut self, rows: usize, columns: usize) {
        let Some(document) = &self.document else {
            self.lines.clear();
            self.here = None;
            return;
        };
        let count = document.count().lines;
        self.cursor = self.cursor.min(count.saturating_sub(1));
        let page = (rows as u64).max(1);
        self.top = self.top.min(count.saturating_sub(page)).clamp((self.cursor + 1).saturating_sub(page), self.cursor);
        self.lines = document.window(self.top, rows, self.left..self.left + columns);
        // Of a value with a secret in it the length is not told either.
        let value = document.value(self.cursor).map(|value| (self.masks.masked(&value) == value, value));
        let about = match value {
            Some((true, value)) => about(&value),
            Some((false, _)) | None => String::new(),
        };
        self.here = self.path().map(|path| (path, about));
    }

    /// The column at which the text of the body begins: pretty lines leave room for the sign of a fold.
    pub fn edge(&self) -> u16 {
        match self.document.as_ref().map(Document::mode) {
            Some(Mode::Pretty) => 4,
            _ => 2,
        }
    }

    /// The path of the line in hand.
    pub fn path(&self) -> Option<String> {
        Some(self.masks.masked(&self.document.as_ref()?.path(self.cursor)?))
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
