//! The request being typed: where the cursor stands in it, and its fields as places that can be edited.

use std::borrow::Cow;

use super::{App, editor::Text, notice::sentences, wrap::words};
use crate::{
    body::Body,
    document::{Document, Fault, Indexer, Step},
    domain::{
        request::{Draft, DraftError, Field, Pair},
        template::{Value, mentions},
    },
};

/// A tab of the composer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The body.
    #[default]
    Body,
    /// Header fields.
    Headers,
    /// Query parameters.
    Params,
    /// Which token goes out, and why.
    Auth,
    /// The variables of the request, and those in reach.
    Vars,
    /// The request as code.
    Code,
}

impl Tab {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [Self::Body, Self::Headers, Self::Params, Self::Auth, Self::Vars, Self::Code];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "Body",
            Self::Headers => "Headers",
            Self::Params => "Params",
            Self::Auth => "Auth",
            Self::Vars => "Vars",
            Self::Code => "Code",
        }
    }

    /// The rows of a draft that it shows.
    pub fn rows(self, draft: &Draft) -> Option<Cow<'_, [Pair]>> {
        match self {
            Self::Headers => Some(Cow::Borrowed(&draft.headers)),
            Self::Params => Some(Cow::Owned(draft.parameters())),
            Self::Vars => Some(Cow::Borrowed(&draft.variables)),
            Self::Body | Self::Auth | Self::Code => None,
        }
    }

    /// The rows that can be added to.
    fn own(self, draft: &mut Draft) -> Option<&mut Vec<Pair>> {
        match self {
            Self::Headers => Some(&mut draft.headers),
            Self::Params => Some(&mut draft.query),
            Self::Vars => Some(&mut draft.variables),
            Self::Body | Self::Auth | Self::Code => None,
        }
    }

    /// Adds a row behind them.
    pub fn push(self, draft: &mut Draft, row: Pair) {
        if let Some(rows) = self.own(draft) {
            rows.push(row);
        }
    }

    /// Changes a row.
    pub fn change(self, draft: &mut Draft, at: usize, change: impl FnOnce(&mut Pair)) {
        match self {
            Self::Params => draft.change_parameter(at, change),
            tab => {
                if let Some(row) = tab.own(draft).and_then(|rows| rows.get_mut(at)) {
                    change(row);
                }
            }
        }
    }

    /// Takes a row out.
    pub fn remove(self, draft: &mut Draft, at: usize) {
        match self {
            Self::Params => draft.remove_parameter(at),
            tab => {
                if let Some(rows) = tab.own(draft).filter(|rows| at < rows.len()) {
                    rows.remove(at);
                }
            }
        }
    }

    /// Says a row twice.
    pub fn repeat(self, draft: &mut Draft, at: usize) {
        match self {
            Self::Params => draft.repeat_parameter(at),
            tab => {
                if let Some(rows) = tab.own(draft).filter(|rows| at < rows.len()) {
                    rows.insert(at, rows[at].clone());
                }
            }
        }
    }
}

/// A field that can be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The method.
    Method,
    /// The address.
    Url,
    /// The body.
    Body,
    /// A cell of the rows of a tab: which tab, which row, and whether it is the value.
    Cell(Tab, usize, bool),
}

impl Target {
    /// The text of the field.
    pub fn text(self, draft: &Draft) -> String {
        match self {
            Self::Method => draft.method.clone(),
            Self::Url => draft.address(),
            Self::Body => draft.body.clone(),
            Self::Cell(tab, row, value) => {
                let row = tab.rows(draft).and_then(|rows| rows.get(row).cloned());
                row.map_or_else(String::new, |row| if value { row.value } else { row.name })
            }
        }
    }

    /// Puts a text into the field.
    pub fn set(self, draft: &mut Draft, text: String) {
        match self {
            Self::Method => draft.method = text,
            Self::Url => draft.set_address(&text),
            Self::Body => draft.body = text,
            Self::Cell(tab, row, value) => {
                tab.change(draft, row, |row| *(if value { &mut row.value } else { &mut row.name }) = text);
            }
        }
    }

    /// The field of a draft that an error is about.
    pub fn of(field: Field, draft: &Draft) -> Self {
        match field {
            Field::Method => Self::Method,
            Field::Url => Self::Url,
            Field::Body => Self::Body,
            Field::Header(row) => Self::Cell(Tab::Headers, row, true),
            Field::Query(row) => Self::Cell(Tab::Params, draft.parameter_of_row(row), true),
            Field::Variable(row) => Self::Cell(Tab::Vars, row, true),
        }
    }
}

/// The methods that are offered, in the order they are offered.
pub const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// The method offered after this one.
pub fn next_method(method: &str) -> &'static str {
    let at = METHODS.iter().position(|known| *known == method).map_or(0, |at| at + 1);
    METHODS[at % METHODS.len()]
}

/// The composer.
#[derive(Default)]
pub struct Composer {
    /// The tab in front.
    pub tab: Tab,
    /// The row in hand: 0 is method and address, then the rows of the tab.
    pub row: usize,
    /// Whether the right-hand cell of the row is in hand: the address, or a value.
    pub right: bool,
    /// First line shown of the body, or first row of the tab.
    pub top: usize,
    /// What was wrong with the request when it was to be sent.
    pub errors: Vec<DraftError>,
    /// Where the body that is being typed is not JSON, if it is meant to be, as far as that is known.
    pub fault: Option<Fault>,
    /// The body of which that is known.
    pub(super) checked: Option<Text>,
    /// Whether a large body is being checked.
    pub(super) checking: bool,
}

/// Bytes of a body that are read anew with every key; a larger one is read on a thread of its own.
pub(super) const CHECKED: usize = 64 << 10;
/// Bytes that are read at once there.
const PIECE: usize = 4 << 20;

/// Where a text breaks that begins as JSON does; a variable stands for a value, or for a part of a string.
pub fn fault(text: &str) -> Option<Fault> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut filled = text.to_owned();
    for (_, range) in mentions(text) {
        let digits = "1".repeat(range.len());
        filled.replace_range(range, &digits);
    }
    let mut document = Document::new(Body::of(filled), Some("application/json"));
    let mut indexer = Indexer::new(&document);
    while indexer.step(PIECE) == Step::More {}
    document.learn(indexer.index());
    document.fault()
}

impl Composer {
    /// Another request is open.
    pub fn opened(&mut self, draft: &Draft) {
        let tab = if draft.body.is_empty() { Tab::Vars } else { Tab::Body };
        // A check that is on its way still ends.
        *self = Self { tab, right: true, checking: self.checking, ..Self::default() };
    }

    /// How many rows there are below the address.
    pub fn rows(&self, draft: &Draft) -> usize {
        match self.tab {
            Tab::Body | Tab::Code => 1,
            Tab::Auth => 0,
            tab => tab.rows(draft).map_or(0, |rows| rows.len()),
        }
    }

    /// Brings the row in hand into sight, of so many where so many have room. In the body, lines scroll without it.
    pub(super) fn reveal(&mut self, rows: usize, page: usize) {
        if !matches!(self.tab, Tab::Body | Tab::Code) {
            let at = self.row.saturating_sub(1);
            self.top = self.top.min(rows.saturating_sub(page)).clamp((at + 1).saturating_sub(page), at);
        }
    }

    /// The field in hand.
    pub fn target(&self, draft: &Draft) -> Option<Target> {
        match (self.row, self.tab) {
            (0, _) if self.right => Some(Target::Url),
            (0, _) => Some(Target::Method),
            (_, Tab::Body) => Some(Target::Body),
            (_, Tab::Code) => None,
            (row, tab) if row <= self.rows(draft) => Some(Target::Cell(tab, row - 1, self.right)),
            _ => None,
        }
    }

    /// Puts the cursor on a field.
    pub fn go(&mut self, target: Target) {
        match target {
            Target::Method => (self.row, self.right) = (0, false),
            Target::Url => (self.row, self.right) = (0, true),
            Target::Body => (self.tab, self.row) = (Tab::Body, 1),
            Target::Cell(tab, row, value) => (self.tab, self.row, self.right) = (tab, row + 1, value),
        }
    }

    /// The field after this one, or before it, round and round through the request.
    pub fn beside(&self, target: Target, forward: bool, draft: &Draft) -> Target {
        let mut all = vec![Target::Method, Target::Url];
        match self.tab {
            Tab::Body => all.push(Target::Body),
            Tab::Auth | Tab::Code => {}
            tab => {
                let cells = |row| [Target::Cell(tab, row, false), Target::Cell(tab, row, true)];
                all.extend((0..self.rows(draft)).flat_map(cells));
            }
        }
        let at = all.iter().position(|known| *known == target).unwrap_or(0);
        let step = if forward { 1 } else { all.len() - 1 };
        all[(at + step) % all.len()]
    }

    /// What is wrong with a field.
    pub fn error(&self, target: Target, draft: &Draft) -> Option<&str> {
        self.errors.iter().find(|error| Target::of(error.field, draft) == target).map(|error| error.text.as_str())
    }

    /// What is wrong with a row of a tab, whichever cell it is.
    pub fn row_error(&self, tab: Tab, row: usize, draft: &Draft) -> Option<&str> {
        self.error(Target::Cell(tab, row, true), draft)
    }
}

impl App {
    /// What is wrong with the row in hand, in lines of at most so many columns.
    pub fn composer_error(&self, columns: usize) -> Vec<String> {
        let (composer, draft) = (&self.composer, &self.requests.entry().draft);
        let error = match (composer.row, composer.tab) {
            (0, _) => composer.error(Target::Url, draft).or(composer.error(Target::Method, draft)),
            (_, Tab::Body) => composer.error(Target::Body, draft),
            (row, tab) => composer.row_error(tab, row - 1, draft),
        };
        let unknown = || self.unknown().map(|why| words(&sentences(&why, None), columns));
        error.map(|error| words(&sentences(error, None), columns)).or_else(unknown).unwrap_or_default()
    }

    /// A variable that the request in hand mentions and that has no value now, in words, before that is in the way.
    fn unknown(&self) -> Option<String> {
        let names = self.requests.entry().variables();
        let reach = (!names.is_empty()).then(|| self.variables())?;
        names.iter().find_map(|name| match reach.named(name).map(|variable| &variable.value) {
            None => Some(format!("`{{{{{name}}}}}` has no value: a row in Vars gives it one")),
            Some(Value::Missing(why)) => Some(format!("`{{{{{name}}}}}` has no value yet: {why}")),
            Some(_) => None,
        })
    }

    /// The variables that the request mentions and does not give itself: the rows of Vars below its own.
    pub fn inherited(&self) -> impl Iterator<Item = &str> {
        let entry = self.requests.entry();
        let own = |name: &str| entry.draft.variables.iter().any(|row| row.on && row.name == name);
        entry.variables().iter().map(String::as_str).filter(move |name| !own(name))
    }

    /// How many rows there are below the address to stand on.
    pub fn composer_rows(&self) -> usize {
        let inherited = if self.composer.tab == Tab::Vars { self.inherited().count() } else { 0 };
        self.composer.rows(&self.requests.entry().draft) + inherited
    }
}
