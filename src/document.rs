//! A body as something to look at, at any size.
//!
//! It owns the kinds, the modes (pretty, raw, hex), the folds, the index of a body and the search through it, and makes
//! whatever it shows safe to draw. It reads a [`Body`] by position and nothing else: no thread, clock or file is here.
//! A view asks for a [`Document::window`], which reads at most 256 KiB however large the body, however long a line;
//! `app` keeps the document and `tui` runs an [`Indexer`] or a [`Searcher`] on a thread of its own.
//!
//! ```text
//!  Body ──► Indexer ─► Index (line starts, large containers, the fault) ─► Document::learn
//!     └───────────────────────────────► Document::window(top, rows, columns) ─► Lines of Spans
//! ```

use std::{ops::Range, sync::Arc};

use crate::{
    body::{Body, Completion},
    domain::redact::Redactor,
};

mod draw;
mod fault;
mod filter;
mod fold;
mod hex;
mod index;
mod json;
mod kind;
mod layout;
mod locate;
mod nesting;
mod outline;
mod pattern;
mod pen;
mod place;
mod pretty;
mod quantity;
mod reader;
mod reading;
pub mod sanitize;
mod scan;
mod search;
mod tail;
mod text;
mod tokens;
mod wrap;

#[cfg(test)]
mod tests;

pub use fault::{Fault, Reason};
pub use filter::{LARGEST as LARGEST_FILTERED, filtered, hand};
pub use index::{Index, Indexer, Step};
pub use kind::{Kind, Mode};
pub use pattern::Pattern;
pub use reading::{Read, Reading};
pub use search::{MOST_HITS, Searcher};
pub use wrap::Part;

use encoding_rs::Encoding;
use fold::Folds;
use pen::Pen;
use reader::Reader;

/// Bytes that are indexed at once, without a thread.
const AT_ONCE: usize = 64 << 10;

/// Bytes that tell what a body is.
const HEAD: usize = 4 << 10;

/// A body, how it is looked at, and what is known of it; cheap to clone.
#[derive(Clone, Debug)]
pub struct Document {
    /// As it was sent.
    sent: Body,
    /// What it reads as, once that is known.
    read: Option<Read>,
    /// What is looked at in this mode.
    body: Body,
    media_type: Option<Arc<str>>,
    kind: Kind,
    mode: Mode,
    /// Whether what is looked at is laid out; it is text then, line by line.
    laid_out: bool,
    folds: Folds,
    index: Arc<Index>,
    masks: Redactor,
}

/// Columns of a line that is not cut.
const WHOLE: usize = 1 << 30;

/// How many lines there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// At least so many.
    pub lines: u64,
    /// No more than that.
    pub exact: bool,
}

/// One line as far as it can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its text, safe to draw.
    pub spans: Vec<Span>,
    /// Its number in this mode, from 1, folds left out of account.
    pub number: u64,
    /// Whether it begins a container that can be folded, or is one that is.
    pub fold: Option<Fold>,
    /// There is more to the left.
    pub more_left: bool,
    /// There is more to the right.
    pub more_right: bool,
    /// The bytes of the body that it stands for.
    pub range: Range<u64>,
}

/// The state of a container at its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Its values are shown.
    Open,
    /// It is one line.
    Closed,
}

/// A stretch of a line of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub kind: SpanKind,
    /// What to draw.
    pub text: String,
}

/// What a stretch of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// Plain text, blanks, the digits of bytes.
    Text,
    /// The name of a member, with its quotes.
    Key,
    /// A string, with its quotes.
    String,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Literal,
    /// Brackets, commas and colons.
    Punct,
    /// What stands for something that cannot be drawn.
    Mark,
    /// A folded container and its size.
    FoldSummary,
    /// Where a line of bytes stands.
    Offset,
    /// Where a body breaks its grammar.
    Fault,
}

impl Document {
    /// A body, by its media type and its first bytes.
    pub fn new(body: Body, content_type: Option<&str>) -> Self {
        let media_type = content_type.map(Arc::from);
        let (kind, mode) = (Kind::Text, Mode::Raw);
        let (folds, index, masks) = Default::default();
        let (sent, read, laid_out) = (body.clone(), None, false);
        let mut document = Self { sent, read, body, media_type, kind, mode, laid_out, folds, index, masks };
        document.grown();
        document
    }

    /// The same, which draws what stands for a secret in the place of one. Offsets are those of the body.
    #[must_use]
    pub fn hiding(self, masks: Redactor) -> Self {
        Self { masks, ..self }
    }

    /// The body that is looked at in this mode: of one that is decoded or laid out, that.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The body as it was sent.
    pub fn sent(&self) -> &Body {
        &self.sent
    }

    /// The body as text in UTF-8, as far as it is known.
    pub fn text(&self) -> &Body {
        self.read.as_ref().and_then(|read| read.text.as_ref()).unwrap_or(&self.sent)
    }

    /// What it is taken for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// How it is looked at.
    pub fn mode(&self) -> Mode {
        if self.laid_out { Mode::Pretty } else { self.mode }
    }

    /// The ways to look at it, the first one first.
    pub fn modes(&self) -> &'static [Mode] {
        if self.is_unread() {
            return &[Mode::Hex];
        }
        match &self.read {
            Some(Read { laid_out: Some(_), .. }) => &[Mode::Pretty, Mode::Raw, Mode::Hex],
            _ => self.kind.modes(),
        }
    }

    /// Looks at it in another way, where there is that way.
    pub fn set_mode(&mut self, mode: Mode) {
        if !self.modes().contains(&mode) {
            return;
        }
        let laid_out = self.read.as_ref().and_then(|read| read.laid_out.clone()).filter(|_| mode == Mode::Pretty);
        self.laid_out = laid_out.is_some();
        self.mode = if self.laid_out { Mode::Raw } else { mode };
        let body = match mode {
            Mode::Hex => self.sent.clone(),
            Mode::Pretty | Mode::Raw => laid_out.unwrap_or_else(|| self.text().clone()),
        };
        if body != self.body {
            self.body = body;
            self.folds = Folds::default();
            self.index_anew();
        }
    }

    /// The order to read it, where it is to be read and that takes a thread.
    pub fn reading(&self) -> Option<Reading> {
        self.unread().filter(|_| self.sent.len() >= AT_ONCE as u64)
    }

    /// Takes in what it reads as, and looks at that.
    pub fn learn_to_read(&mut self, read: Read) {
        let first = self.modes().first().copied();
        self.read = Some(read);
        self.kind = self.kind_of(self.text());
        // Whoever looks at it in another way than the first one does so on purpose.
        if first == Some(self.mode()) {
            self.set_mode(self.modes().first().copied().unwrap_or(Mode::Raw));
        }
    }

    /// What there is to read, once all of it is there.
    fn unread(&self) -> Option<Reading> {
        let wanted = self.charset().is_some() || matches!(self.kind, Kind::Xml | Kind::Html | Kind::Form);
        let whole = matches!(self.sent.completion(), Completion::Complete | Completion::Incomplete(_));
        (wanted && whole && self.read.is_none()).then(|| Reading {
            sent: self.sent.clone(),
            charset: self.charset(),
            media_type: self.media_type.clone(),
        })
    }

    /// Whether it is in a character set in which ASCII is other bytes, and not decoded: no secret could be found in it.
    fn is_unread(&self) -> bool {
        let text = self.read.as_ref().and_then(|read| read.text.as_ref());
        text.is_none() && self.charset().is_some_and(|charset| !charset.is_ascii_compatible())
    }

    fn charset(&self) -> Option<&'static Encoding> {
        reading::charset(self.media_type.as_deref(), &self.sent.bytes(0, 3).unwrap_or_default())
    }

    fn kind_of(&self, body: &Body) -> Kind {
        Kind::of(self.media_type.as_deref(), &body.bytes(0, HEAD).unwrap_or_default())
    }

    /// How many lines can be shown.
    pub fn count(&self) -> Count {
        let lines = match self.mode {
            Mode::Pretty => self.pretty_count(),
            Mode::Raw => self.index.raw.count(self.index.end()),
            Mode::Hex => {
                let exact = self.body.completion() != Completion::Arriving;
                return Count { lines: self.body.len().div_ceil(hex::WIDTH), exact };
            }
        };
        Count { lines, exact: self.index.is_whole() }
    }

    /// `rows` lines from the visible line `top` on, cut to a range of columns. It reads at most 256 KiB and gives fewer
    /// rows where they would cost more.
    pub fn window(&self, top: u64, rows: usize, columns: Range<usize>) -> Vec<Line> {
        self.window_by(&mut self.mode_reader(), top, rows, &Pen::new(columns))
    }

    /// A stretch of a visible line in which no wide character is cut in two: it is in the one that it begins in.
    fn whole_characters(&self, line: u64, columns: Range<usize>) -> Option<Line> {
        self.window_by(&mut self.mode_reader(), line, 1, &Pen::new(columns).with_whole_characters()).pop()
    }

    /// `rows` lines from the visible line `top` on, each whole up to a length of 64 MiB: for whoever has the time.
    pub fn whole_lines(&self, top: u64, rows: usize) -> Vec<Line> {
        self.window_by(&mut self.mode_reader().patient(), top, rows, &Pen::new(0..WHOLE))
    }

    /// The last lines of a body that has come whole, before its lines are known: as many as its last 64 KiB tell, at most
    /// `rows`. Their numbers are nobody's.
    pub fn tail(&self, rows: usize, columns: Range<usize>) -> Vec<Line> {
        tail::lines(self, rows, &columns)
    }

    fn mode_reader(&self) -> Reader<'_> {
        match self.mode {
            Mode::Pretty => self.pretty_reader(),
            Mode::Raw => self.reader(),
            Mode::Hex => Reader::new(&self.body, self.body.len()).hiding(&self.masks),
        }
    }

    fn window_by(&self, reader: &mut Reader<'_>, top: u64, rows: usize, blank: &Pen) -> Vec<Line> {
        match self.mode {
            Mode::Pretty => self.pretty_window(reader, top, rows, blank),
            Mode::Raw => {
                let mut lines = text::Lines::at_line(reader, &self.index.raw, top);
                let mut window = Vec::new();
                while window.len() < rows
                    && let Some((line, range)) = lines.next()
                {
                    let mut pen = blank.clone();
                    draw::text(lines.reader, range.clone(), self.paint(), &mut pen);
                    window.push(pen.line(line, None, range));
                }
                window
            }
            Mode::Hex => {
                let mut window = Vec::new();
                let (first, count) = (top.saturating_mul(hex::WIDTH), rows as u64 * hex::WIDTH);
                let shown = first..first.saturating_add(count).min(self.body.len());
                let hidden = reader.hidden(shown.clone());
                let all_hidden = self.hides_in_charset(shown);
                let starts = (0..rows as u64).map(|row| top.saturating_add(row).saturating_mul(hex::WIDTH));
                for at in starts.take_while(|at| *at < self.body.len()) {
                    let bytes = reader.bytes(at, 16);
                    let mut pen = blank.clone();
                    let is_hidden = |at| all_hidden || hidden.iter().any(|(range, _)| range.contains(&at));
                    hex::draw(at, bytes, &is_hidden, &mut pen);
                    window.push(pen.line(at / hex::WIDTH, None, at..at + bytes.len() as u64));
                }
                window
            }
        }
    }

    /// Whether a secret is found near a stretch of the bytes of a character set in which it is other bytes.
    fn hides_in_charset(&self, stretch: Range<u64>) -> bool {
        let Some(charset) = self.charset().filter(|charset| !charset.is_ascii_compatible()) else { return false };
        // Two or four bytes a letter; read from where a letter can begin.
        let around = 4 * self.masks.longest() as u64;
        let from = stretch.start.saturating_sub(around) / 4 * 4;
        let count = usize::try_from((stretch.end + around).saturating_sub(from)).unwrap_or_default();
        let bytes = self.sent.bytes(from, count).unwrap_or_default();
        around > 0 && self.masks.finds(&charset.decode_without_bom_handling(&bytes).0)
    }

    /// How the lines of a text are coloured.
    fn paint(&self) -> draw::Paint {
        match self.kind {
            Kind::Xml | Kind::Html if self.laid_out => draw::Paint::Markup,
            Kind::Form if self.laid_out => draw::Paint::Name(b" = "),
            Kind::Events => draw::Paint::Name(b":"),
            _ => draw::Paint::Plain,
        }
    }

    /// The visible line that shows a byte of the body, once that is known.
    pub fn visible_line_of(&self, offset: u64) -> Option<u64> {
        match self.mode {
            Mode::Pretty => self.pretty_line_of(offset),
            Mode::Raw => {
                (offset < self.index.end()).then(|| text::line_of(&mut self.reader(), &self.index.raw, offset))
            }
            Mode::Hex => (offset < self.body.len()).then_some(offset / hex::WIDTH),
        }
    }

    /// Bytes that are known by their lines.
    pub fn index_end(&self) -> u64 {
        self.index.end()
    }

    /// Whether there is more to learn of it than is learnt at once.
    pub fn wants_index(&self) -> bool {
        !self.index.is_whole() && self.index.end() >= AT_ONCE as u64
    }

    /// Takes in what an [`Indexer`] of this document learned.
    pub fn learn(&mut self, index: Arc<Index>) {
        if index.end() >= self.index.end() && index.kind() == Some(self.kind) {
            self.index = index;
        }
    }

    /// The body has grown or ended: its first 64 KiB are indexed at once, which is all of a small body; one that is to be
    /// read otherwise is, too.
    pub fn grown(&mut self) {
        if self.index.is_whole() || self.index.end() >= AT_ONCE as u64 {
            return;
        }
        let kind = self.kind_of(&self.sent);
        if kind != self.kind || self.index.end() == 0 {
            self.kind = kind;
            self.mode = self.modes().first().copied().unwrap_or(Mode::Raw);
            self.index = Arc::default();
        }
        self.index_start();
        if let Some(reading) = self.unread().filter(|_| self.sent.len() < AT_ONCE as u64) {
            self.learn_to_read(reading.read(None));
        }
    }

    fn index_anew(&mut self) {
        self.index = Arc::default();
        self.index_start();
    }

    fn index_start(&mut self) {
        let mut indexer = Indexer::new(self);
        while indexer.end() < AT_ONCE as u64 && indexer.step(AT_ONCE) == Step::More {}
        self.index = indexer.index();
    }

    /// What it is besides its kind: the size of a picture, the character set that it was decoded from.
    pub fn about(&self) -> Option<String> {
        if let Kind::Image(_) = self.kind {
            let head = self.sent.bytes(0, AT_ONCE).ok()?;
            let size = imagesize::blob_size(&head).ok()?;
            return Some(format!(
                "{} × {} pixels",
                quantity::grouped(size.width as u64),
                quantity::grouped(size.height as u64)
            ));
        }
        let decoded = self.read.as_ref().is_some_and(|read| read.text.is_some());
        self.charset().filter(|_| decoded).map(|charset| format!("decoded from {}", charset.name()))
    }

    /// Why it is not JSON, if it is to be JSON and is not, as far as that is known.
    pub fn fault(&self) -> Option<Fault> {
        self.index.fault.clone()
    }

    /// A reader to the end of what is known.
    fn reader(&self) -> Reader<'_> {
        Reader::new(&self.body, self.index.end()).hiding(&self.masks)
    }
}
