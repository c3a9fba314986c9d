//! What is read, whatever the body: counted by the reader, which is the only one to read for a view.

use super::*;
use crate::document::{Document, Indexer, Line, Mode, Step, pen::Pen};

#[test]
fn no_order_of_reads_exceeds_the_budget() {
    let body = Body::of(vec![b'x'; 4 << 20]);
    let mut reader = Reader::new(&body, body.len());
    for jump in 0..10_000_u64 {
        reader.bytes((jump * 7919) % (4 << 20), 3000);
    }
    assert_eq!(reader.left, 0);
    assert!(reader.rest(3 << 20).is_empty());
}

#[test]
fn bytes_are_those_of_the_body() {
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let body = Body::of(bytes.clone());
    let mut reader = Reader::new(&body, 99_000);
    for (at, count) in [(0, 10), (5, 5000), (2000, 100), (98_990, 100), (50_000, 20_000), (99_000, 1)] {
        let end = (at + count).min(99_000);
        assert_eq!(reader.bytes(at as u64, count), &bytes[at..end]);
    }
}

/// Bodies made to cost: their names and bytes.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let text = |name, text: String| (name, text.into_bytes());
    vec![
        text("a million opens", "[".repeat(1_000_000)),
        text("deep and closed", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))),
        text("deep objects", "{\"a\":".repeat(100_000)),
        text("a string of 10 MB", format!("[1,\"{}\",2]", "x".repeat(10_000_000))),
        text("a string of escapes", format!("[1,\"{}\",2]", "\\\"".repeat(2_000_000))),
        text("a string of wide characters", format!("[1,\"{}\",2]", "日本語".repeat(500_000))),
        text("a string that does not end", format!("[1,\"{}", "\\".repeat(2_000_001))),
        text("a number of 4 MB", format!("[1,{},2]", "9".repeat(4_000_000))),
        text("a key of 4 MB", format!("{{\"{}\":[1],\"b\":2}}", "k".repeat(4_000_000))),
        text("blanks between everything", format!("[{0}1{0},{0}{{{0}\"a\"{0}:{0}1{0}}}{0}]", " ".repeat(200_000))),
        text("a million line ends in a broken body", format!("[1,2 {}", "\n".repeat(1_000_000))),
        text("strings of 20 kB", format!("[{}1]", format!("\"{}\",", "x".repeat(20_000)).repeat(100))),
        text("objects of 20 kB", format!("[{}1]", format!("{{\"a\":[{}1]}},", "1,".repeat(10_000)).repeat(100))),
        text("a million values", format!("[{}1]", "1,".repeat(1_000_000))),
        text("empty containers", format!("[{}{{}}]", "[],{},".repeat(200_000))),
        text("combining marks", format!("\"{}\"", "\u{301}".repeat(1_000_000))),
        ("bad bytes", vec![0xff; 1_000_000]),
        ("zeros", vec![0; 1_000_000]),
        ("a deep nest again and again", {
            let nest = format!("{}1{}", "[".repeat(9_000), "]".repeat(9_000));
            format!("[{}]", vec![nest; 60].join(",")).into_bytes()
        }),
    ]
}

/// A window and the bytes that were read for it.
fn window(document: &Document, top: u64, left: usize) -> (Vec<Line>, usize) {
    let end = match document.mode() {
        Mode::Pretty => document.index.pretty_end(),
        Mode::Raw => document.index.end(),
        Mode::Hex => document.body.len(),
    };
    let mut reader = Reader::new(&document.body, end);
    let window = document.window_by(&mut reader, top, 40, &Pen::new(left..left + 120));
    (window, BUDGET - reader.left)
}

#[test]
fn every_hostile_body_is_seen_by_windows_within_the_budget() {
    for (name, bytes) in hostile() {
        let mut document = Document::new(Body::of(bytes), Some("application/json"));
        let mut indexer = Indexer::new(&document);
        while indexer.step(1 << 20) == Step::More {}
        document.learn(indexer.index());
        for mode in [Mode::Pretty, Mode::Raw, Mode::Hex] {
            document.set_mode(mode);
            let levels = if mode == Mode::Pretty { &[None, Some(0), Some(1), Some(3)][..] } else { &[None] };
            for level in levels {
                match level {
                    Some(level) => document.fold_to(*level),
                    None => document.unfold_all(),
                }
                for part in 0..=4 {
                    let count = document.count();
                    assert!(count.exact, "{name}");
                    let top = (count.lines.saturating_sub(1)) * part / 4;
                    for left in [0, 500, 1_000_000] {
                        let (lines, read) = window(&document, top, left);
                        assert!(read <= BUDGET, "{name}");
                        assert!(
                            !lines.is_empty(),
                            "{name}: nothing of line {top} of {count:?} in {mode:?} at {level:?}"
                        );
                    }
                    document.path(top);
                    document.value(top);
                    document.toggle_fold(top);
                    document.toggle_fold(top);
                }
            }
        }
    }
}

#[test]
fn an_ordinary_window_reads_little_more_than_it_shows() {
    let item = "{\"id\":1234567,\"name\":\"Ann\",\"tags\":[\"a\",\"b\"],\"ok\":true},";
    let mut document = Document::new(Body::of(format!("[{}1]", item.repeat(100_000))), Some("application/json"));
    let mut indexer = Indexer::new(&document);
    while indexer.step(1 << 20) == Step::More {}
    document.learn(indexer.index());
    for part in 0..=20 {
        let (lines, read) = window(&document, (document.count().lines - 40) * part / 20, 0);
        assert_eq!(lines.len(), 40);
        assert!(read <= 64 << 10, "{read} bytes");
    }
}
