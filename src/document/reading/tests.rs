//! Character sets, what is laid out, and that nothing secret shows in either.

use proptest::prelude::*;

use super::*;
use crate::{
    document::{Document, Indexer, Mode, SpanKind, Step, tests::all},
    domain::{redact::Redactor, secret::Secret},
};

fn named(media_type: &str, head: &[u8]) -> Option<&'static str> {
    charset(Some(media_type), head).map(Encoding::name)
}

#[test]
fn the_mark_at_the_start_counts_more_than_the_word_and_utf_8_needs_no_reading() {
    assert_eq!(named("text/plain; charset=ISO-8859-1", b"x"), Some("windows-1252"));
    assert_eq!(named("text/plain;CHARSET=\"utf-16le\"", b"x"), Some("UTF-16LE"));
    assert_eq!(named("text/plain; charset=latin1", b"\xfe\xff\0x"), Some("UTF-16BE"));
    assert_eq!(named("text/plain; charset=latin1", b"\xef\xbb\xbfx"), None);
    for said in ["text/plain; charset=utf-8", "text/plain", "text/plain; charset=klingon", "text/plain; charset"] {
        assert_eq!(named(said, b"x"), None, "{said}");
    }
}

#[test]
fn a_body_is_decoded_across_the_pieces_it_is_read_in_and_what_is_cut_is_marked() {
    let text = "\u{20ac}\u{1f600}".repeat(40_000);
    let mut sent: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    sent.extend(b"\x3d\xd8");
    let charset = Encoding::for_label(b"utf-16le").unwrap();
    let reading = Reading { sent: Body::of(sent), charset: Some(charset), media_type: None };
    let read = reading.read(None).text.unwrap();
    let read = String::from_utf8(read.bytes(0, usize::MAX >> 1).unwrap()).unwrap();
    assert_eq!(read, format!("{text}\u{fffd}"));
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn text_in_another_character_set_is_looked_at_as_text_and_its_bytes_stay() {
    let sent = utf_16("\u{feff}{\"caf\u{e9}\":1}");
    let mut document = Document::new(Body::of(sent.clone()), Some("application/json"));
    assert_eq!((document.kind(), document.mode()), (Kind::Json, Mode::Pretty));
    assert_eq!(all(&document), "{\n  \"caf\u{e9}\": 1\n}");
    assert_eq!(document.path(1).as_deref(), Some(".[\"caf\u{e9}\"]"));
    assert_eq!(document.about().as_deref(), Some("decoded from UTF-16LE"));
    document.set_mode(Mode::Hex);
    assert!(all(&document).starts_with("00000000  ff fe 7b 00 22 00"), "{}", all(&document));
    assert_eq!(document.sent().bytes(0, 1000).unwrap(), sent);
    document.set_mode(Mode::Raw);
    assert_eq!(all(&document), "{\"caf\u{e9}\":1}");
    let latin = Document::new(Body::of(b"caf\xe9".to_vec()), Some("text/plain; charset=iso-8859-1"));
    assert_eq!(all(&latin), "caf\u{e9}");
    // Nobody said so: the byte is marked, not guessed at.
    let unsaid = Document::new(Body::of(b"un caf\xe9 au lait".to_vec()), Some("text/plain"));
    assert_eq!(all(&unsaid), "un caf<E9> au lait");
}

#[test]
fn markup_and_forms_are_laid_out_coloured_and_as_they_were_sent_by_choice() {
    let mut xml = Document::new(Body::of("<a x='1'><b>t</b></a>"), Some("text/xml"));
    assert_eq!((xml.mode(), all(&xml).as_str()), (Mode::Pretty, "<a x='1'>\n  <b>t</b>\n</a>"));
    let kinds: Vec<_> = xml.window(0, 1, 0..80)[0].spans.iter().map(|span| span.kind).collect();
    assert_eq!(kinds, [SpanKind::Key, SpanKind::String, SpanKind::Key]);
    xml.set_mode(Mode::Raw);
    assert_eq!(all(&xml), "<a x='1'><b>t</b></a>");
    let form = Document::new(Body::of("a=1&b=%26"), Some("application/x-www-form-urlencoded"));
    assert_eq!(all(&form), "a = 1\nb = &");
    let events = Document::new(Body::of("event: paid\ndata: {}\n"), Some("text/event-stream"));
    assert_eq!(all(&events), "event: paid\ndata: {}");
    assert_eq!(events.window(0, 1, 0..80)[0].spans[0].kind, SpanKind::Key);
}

#[test]
fn a_large_body_is_read_by_whoever_has_a_thread_and_then_indexed_anew() {
    let text = format!("<a>{}</a>", "<b>t</b>".repeat(20_000));
    let mut document = Document::new(Body::of(text.clone()), Some("application/xml"));
    assert_eq!((document.mode(), document.modes()), (Mode::Raw, &[Mode::Raw, Mode::Hex][..]));
    let reading = document.reading().unwrap();
    document.learn_to_read(reading.read(None));
    assert!(document.reading().is_none() && document.wants_index());
    let mut indexer = Indexer::new(&document);
    while indexer.step(1 << 20) != Step::Done {}
    document.learn(indexer.index());
    assert_eq!((document.mode(), document.count().lines), (Mode::Pretty, 20_002));
    // A larger one that cannot be decoded yet is bytes, and nothing else: a secret in it would not be found as text.
    let coded = Document::new(Body::of(utf_16(&"x".repeat(70_000))), Some("text/plain; charset=utf-16le"));
    assert_eq!(coded.modes(), [Mode::Hex]);
}

#[test]
fn pictures_are_named_with_their_size() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x06\x40\0\0\0\x02\x08\x06\0\0\0";
    let document = Document::new(Body::of(png.to_vec()), Some("application/octet-stream"));
    assert_eq!((document.kind().name(), document.mode()), ("PNG image", Mode::Hex));
    assert_eq!(document.about().as_deref(), Some("1 600 \u{d7} 2 pixels"));
}

#[test]
fn no_way_to_look_at_a_decoded_or_laid_out_body_shows_a_secret() {
    let (secret, masks) = ("hunter2-hunter2&=<>", Redactor::default());
    masks.recognise(&Secret::new(secret), "tok#1");
    let markup = format!("<a x=\"{secret}\">{secret}</a>");
    let bodies = [
        (utf_16(&format!("{{\"a\":\"x{secret}\"}}")), "application/json; charset=utf-16le"),
        (utf_16(&secret.repeat(9)), "text/plain; charset=utf-16le"),
        (markup.into_bytes(), "text/xml"),
        (b"a=hunter2-hunter2%26%3D%3C%3E&b=1".to_vec(), "application/x-www-form-urlencoded"),
        (format!("data: {secret}\nhunter2: no").into_bytes(), "text/event-stream"),
    ];
    for (body, media_type) in bodies {
        let mut document = Document::new(Body::of(body), Some(media_type)).hiding(masks.clone());
        for mode in document.modes() {
            document.set_mode(*mode);
            let shown = all(&document);
            for part in ["hunter2-", "h.u.n.t.e.r.2.-", "68 00 75 00 6e", "68 75 6e 74 65 72 32 2d"] {
                assert!(!shown.contains(part), "{media_type} {mode:?}: {shown}");
            }
        }
    }
}

proptest! {
    #[test]
    fn nothing_that_is_sent_cannot_be_looked_at(
        body in proptest::collection::vec(any::<u8>(), 0..300),
        said in "(text/(xml|html|event-stream)|application/x-www-form-urlencoded)(; charset=(utf-16le|shift_jis|iso-2022-jp|latin1))?",
    ) {
        let mut document = Document::new(Body::of(body.clone()), Some(&said));
        for mode in document.modes() {
            document.set_mode(*mode);
            let _ = all(&document);
        }
        prop_assert_eq!(document.sent().bytes(0, 1000).unwrap(), body);
    }
}
