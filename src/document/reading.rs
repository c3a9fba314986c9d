//! A body read as a person would: decoded from its character set (the mark at its start, else the `charset` of its media
//! type, by the names of the WHATWG Encoding Standard), and laid out where it is XML, HTML or a form.
//!
//! The bytes are never changed: what is read is another body beside them, made once all of them are there. Small ones are
//! read at once, larger ones by whoever has a thread and calls [`Reading::read`].

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};

use super::{Kind, layout};
use crate::body::{Body, BodyWriter, Completion};

/// Bytes of a text that is laid out at most.
const LARGEST: u64 = 16 << 20;
/// Bytes decoded at once.
const CHUNK: usize = 64 << 10;
/// Bytes that tell the kind of a text.
const HEAD: usize = 4 << 10;

/// A body to be read; cheap to clone.
#[derive(Clone, Debug)]
pub struct Reading {
    pub(super) sent: Body,
    pub(super) charset: Option<&'static Encoding>,
    pub(super) media_type: Option<Arc<str>>,
}

/// What it reads as.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// In UTF-8, where it was sent in another character set.
    pub(super) text: Option<Body>,
    /// Laid out, where there is a way to.
    pub(super) laid_out: Option<Body>,
}

/// The character set of a body, unless it is UTF-8 or nobody says. A word that names none is as good as none.
pub(super) fn charset(media_type: Option<&str>, head: &[u8]) -> Option<&'static Encoding> {
    let said = || {
        let parameters = media_type?.split(';').skip(1);
        let mut named = parameters.filter_map(|parameter| parameter.split_once('='));
        let (_, label) = named.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
        Encoding::for_label_no_replacement(label.trim().trim_matches('"').as_bytes())
    };
    let marked = Encoding::for_bom(head).map(|(encoding, _)| encoding);
    marked.or_else(said).filter(|encoding| *encoding != UTF_8)
}

impl Reading {
    /// The body that is read.
    pub fn sent(&self) -> &Body {
        &self.sent
    }

    /// Reads it. What is decoded of a large one is kept in a file of `folder`. What cannot be read is left out.
    pub fn read(&self, folder: Option<&Path>) -> Read {
        let text = self.charset.and_then(|charset| decoded(&self.sent, charset, folder));
        let read = text.as_ref().unwrap_or(&self.sent);
        let kind = Kind::of(self.media_type.as_deref(), &read.bytes(0, HEAD).unwrap_or_default());
        let laid_out = laid_out(read, kind);
        Read { text, laid_out }
    }
}

fn decoded(sent: &Body, charset: &'static Encoding, folder: Option<&Path>) -> Option<Body> {
    let mut writer = BodyWriter::new(folder);
    let mut decoder = charset.new_decoder();
    let mut at = 0;
    loop {
        let chunk = sent.bytes(at, CHUNK).ok()?;
        at += chunk.len() as u64;
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(chunk.len())?);
        let _ = decoder.decode_to_string(&chunk, &mut text, chunk.is_empty());
        writer.push(&Bytes::from(text)).ok()?;
        if chunk.is_empty() {
            break;
        }
    }
    let text = writer.body();
    match sent.completion() {
        Completion::Incomplete(why) => writer.incomplete(why),
        _ => writer.complete(),
    }
    Some(text)
}

fn laid_out(text: &Body, kind: Kind) -> Option<Body> {
    let lay: fn(&str) -> String = match kind {
        Kind::Xml => |text| layout::markup(text, false),
        Kind::Html => |text| layout::markup(text, true),
        Kind::Form => layout::form,
        _ => return None,
    };
    let len = usize::try_from(text.len()).ok().filter(|_| text.len() <= LARGEST)?;
    // Bytes that are no text are marked where it is looked at as it was sent.
    let text = String::from_utf8(text.bytes(0, len).ok()?).ok()?;
    Some(Body::of(lay(&text)))
}

#[cfg(test)]
mod tests;
