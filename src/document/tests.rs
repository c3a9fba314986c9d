//! The room as its users see it.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::body::BodyWriter;

pub(super) fn json(text: &str) -> Document {
    Document::new(Body::of(text), Some("application/json"))
}

pub(super) fn text(lines: &[Line]) -> String {
    let lines: Vec<String> =
        lines.iter().map(|line| line.spans.iter().map(|span| span.text.as_str()).collect()).collect();
    lines.join("\n")
}

pub(super) fn all(document: &Document) -> String {
    text(&document.window(0, 100_000, 0..10_000))
}

#[test]
fn a_small_document_is_pretty_at_once() {
    let document = json(r#"{"a":[1,2.50,{}],"b":{"c":"é\u00e9","d":[]},"b":null}"#);
    assert_eq!(
        all(&document),
        "{\n  \"a\": [\n    1,\n    2.50,\n    {}\n  ],\n  \"b\": {\n    \"c\": \"é\\u00e9\",\n    \"d\": []\n  },\n  \"b\": null\n}"
    );
    assert_eq!(document.count(), Count { lines: 12, exact: true });
    assert_eq!(document.fault(), None);
    let paths: Vec<_> = (0..12).map(|line| document.path(line).unwrap()).collect();
    assert_eq!(paths, [".", ".a", ".a[0]", ".a[1]", ".a[2]", ".a", ".b", ".b.c", ".b.d", ".b", ".b", "."]);
}

#[test]
fn a_fold_tells_its_size_and_opens_again() {
    let mut document = json(r#"{"a":[1,2,3],"b":{"c":1}}"#);
    assert!(document.toggle_fold(1));
    assert_eq!(all(&document), "{\n  \"a\": […]  3 items, 7 B\n  \"b\": {\n    \"c\": 1\n  }\n}");
    assert_eq!(document.count().lines, 6);
    assert_eq!(document.visible_line_of(6), Some(1), "a hit in a fold is shown by the fold");
    assert_eq!(document.path(3).as_deref(), Some(".b.c"));
    assert!(document.toggle_fold(1));
    assert_eq!(document.count().lines, 10);
    document.fold_all();
    assert_eq!(all(&document), "{\n  \"a\": […]  3 items, 7 B\n  \"b\": {…}  1 item, 7 B\n}");
    document.unfold_all();
    assert_eq!(document.count().lines, 10);
}

#[test]
fn broken_json_is_pretty_as_far_as_it_holds() {
    let document = json("{\"a\": 1,\n \"b\": tru}\nmore\n");
    assert_eq!(
        document.fault().unwrap().to_string(),
        "not JSON: line 2, column 7, a word other than `true`, `false` and `null`"
    );
    assert_eq!(all(&document), "{\n  \"a\": 1,\n  \"b\": \ntru}\nmore");
    assert_eq!(document.count(), Count { lines: 5, exact: true });
    assert_eq!(document.visible_line_of(22), Some(4));
}

#[test]
fn text_and_bytes_have_their_modes() {
    let mut document = Document::new(Body::of("a\r\nb\n\nc"), Some("text/plain"));
    assert_eq!(all(&document), "a^M\nb\n\nc");
    assert_eq!(document.count(), Count { lines: 4, exact: true });
    document.set_mode(Mode::Pretty);
    assert_eq!(document.mode(), Mode::Raw, "text has no pretty form");
    document.set_mode(Mode::Hex);
    assert_eq!(document.count().lines, 1);
    assert!(all(&document).starts_with("00000000  61 0d 0a"));
}

#[test]
fn a_search_finds_every_place_whatever_its_steps() {
    let document = json(r#"{"Name":"Ann","name":"ANN","n":"MÜLLER müller"}"#);
    for step in [1, 3, 7, 1000] {
        for (needle, hits) in [("ann", vec![9, 22]), ("Ann", vec![9]), ("name", vec![2, 15]), ("müller", vec![32, 40])]
        {
            let mut searcher = Searcher::new(&document, Pattern::new(needle).unwrap());
            let mut found = Vec::new();
            while searcher.step(step, &mut found) == Step::More {}
            assert_eq!(found, hits, "{needle} by {step}");
        }
    }
}

/// Any JSON value of a few levels.
pub(super) fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |number| serde_json::Number::from_f64(number).map(Value::Number)),
        "[ -~]{0,12}".prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec(("[a-z \"\\\\]{0,6}", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The value as text with blanks wherever the grammar allows them, taken from `blanks` in turn.
fn spaced(value: &Value, blanks: &mut impl Iterator<Item = &'static str>, text: &mut String) {
    let mut blank = |text: &mut String| text.push_str(blanks.next().unwrap_or_default());
    blank(text);
    match value {
        Value::Array(items) => {
            text.push('[');
            blank(text);
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                spaced(item, blanks, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            blank(text);
            for (at, (key, member)) in members.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                spaced(&Value::from(key.as_str()), blanks, text);
                text.push(':');
                spaced(member, blanks, text);
            }
            text.push('}');
        }
        _ => text.push_str(&value.to_string()),
    }
    text.push_str(blanks.next().unwrap_or_default());
}

pub(super) fn indexed(document: &Document, step: usize) -> Arc<Index> {
    let mut indexer = Indexer::new(document);
    while indexer.step(step) == Step::More {}
    indexer.index()
}

/// A document of about `size` bytes: an array of copies of the value.
pub(super) fn large(value: &Value, blanks: &[&'static str], size: usize) -> (String, Value) {
    let mut one = String::new();
    let mut blanks = blanks.iter().copied().cycle();
    spaced(value, &mut blanks, &mut one);
    let count = size / one.len() + 1;
    (format!("[{}]", vec![one; count].join(",")), Value::from(vec![value.clone(); count]))
}

pub(super) fn blanks() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(proptest::sample::select(vec!["", "", " ", "\n", "\t\r\n  "]), 1..8)
}

/// What serde_json prints, made safe as the document makes it.
fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap();
    text.split('\n').map(|line| sanitize::shown(line).into_owned()).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pretty_lines_are_those_of_serde_json(value in values(), blanks in blanks()) {
        let mut body = String::new();
        spaced(&value, &mut blanks.iter().copied().cycle(), &mut body);
        let document = json(&body);
        prop_assert_eq!(document.fault(), None);
        let expected = pretty(&value);
        prop_assert_eq!(document.count(), Count { lines: expected.split('\n').count() as u64, exact: true });
        prop_assert_eq!(all(&document), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_window_is_a_slice_of_the_whole(value in values(), blanks in blanks(), step in 1_usize..70_000, tops in proptest::collection::vec(any::<prop::sample::Index>(), 8)) {
        let (body, value) = large(&value, &blanks, 60_000);
        let mut document = json(&body);
        document.learn(indexed(&document, step));
        let expected = pretty(&value);
        let expected: Vec<&str> = expected.split('\n').collect();
        prop_assert_eq!(document.count(), Count { lines: expected.len() as u64, exact: true });
        for top in tops {
            let top = top.index(expected.len());
            let bottom = (top + 40).min(expected.len());
            let window = document.window(top as u64, 40, 0..1000);
            prop_assert_eq!(text(&window), expected[top..bottom].join("\n"));
            for (at, line) in window.iter().enumerate().step_by(9) {
                prop_assert_eq!(line.number, (top + at) as u64 + 1);
                prop_assert_eq!(document.visible_line_of(line.range.start), Some((top + at) as u64));
            }
        }
    }
}

/// Bodies that may or may not be JSON: a value with some bytes changed, or anything.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let spots = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    let signs = proptest::sample::select(b"{}[],:\"\\\n 0-.eu\x1b\xe9\xef\xff".to_vec());
    let broken = (values(), blanks(), spots).prop_map(|(value, blanks, spots)| {
        let mut text = String::new();
        spaced(&value, &mut blanks.iter().copied().cycle(), &mut text);
        let mut bytes = text.into_bytes();
        for (spot, byte) in spots {
            let at = spot.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    });
    let spots = proptest::collection::vec((any::<prop::sample::Index>(), signs.clone()), 1..4);
    let inserted = (values(), spots).prop_map(|(value, spots)| {
        let mut bytes = value.to_string().into_bytes();
        for (spot, byte) in spots {
            bytes.insert(spot.index(bytes.len() + 1), byte);
        }
        bytes
    });
    prop_oneof![
        broken,
        inserted,
        proptest::collection::vec(signs, 0..200),
        proptest::collection::vec(any::<u8>(), 0..200)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_is_safe_to_look_at_in_every_mode(bytes in bodies(), level in 0_usize..5, turns in proptest::collection::vec(any::<prop::sample::Index>(), 0..4)) {
        let mut document = Document::new(Body::of(bytes.clone()), Some("application/json"));
        for mode in [Mode::Pretty, Mode::Raw, Mode::Hex] {
            document.set_mode(mode);
            if level < 4 {
                document.fold_to(level);
            }
            for turn in &turns {
                document.toggle_fold(turn.index(100) as u64);
            }
            let whole = document.window(0, 10_000, 0..100_000);
            prop_assert_eq!(document.count(), Count { lines: whole.len() as u64, exact: true });
            for (at, line) in whole.iter().enumerate() {
                prop_assert_eq!(&document.window(at as u64, 1, 0..100_000), std::slice::from_ref(line));
                let unsafe_one = line.spans.iter().flat_map(|span| span.text.chars()).find(|letter| sanitize::is_unsafe(*letter));
                prop_assert!(unsafe_one.is_none(), "{:?} in {:?}", unsafe_one, line);
                if !line.range.is_empty() {
                    prop_assert_eq!(document.visible_line_of(line.range.start), Some(at as u64));
                }
                prop_assert!(line.range.end <= bytes.len() as u64);
                document.path(at as u64);
                document.value(at as u64);
            }
            prop_assert_eq!(document.window(whole.len() as u64, 10, 0..100), []);
        }
    }

    #[test]
    fn the_fault_is_where_it_is_however_the_body_arrives(bytes in bodies(), step in 1_usize..9) {
        let document = Document::new(Body::of(bytes), Some("application/json"));
        prop_assert_eq!(document.fault(), indexed(&document, step).fault.clone());
    }

    #[test]
    fn what_serde_json_reads_has_no_fault_and_what_it_refuses_has_one(bytes in bodies()) {
        let document = Document::new(Body::of(bytes.clone()), Some("application/json"));
        match serde_json::from_slice::<Value>(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)) {
            Ok(_) => prop_assert_eq!(document.fault(), None),
            Err(error) => {
                // The grammar allows numbers of any size and surrogates of any kind; serde_json does not.
                let error = error.to_string();
                let stricter = ["out of range", "surrogate", "hex escape"].iter().any(|reason| error.contains(reason));
                prop_assert!(stricter || document.fault().is_some(), "{}", error);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_body_is_seen_while_it_arrives_and_only_its_last_line_changes(
        value in values(),
        blanks in blanks(),
        pieces in 1_usize..200,
    ) {
        let mut body = String::new();
        spaced(&value, &mut blanks.iter().copied().cycle(), &mut body);
        let expected = pretty(&value);
        let expected: Vec<&str> = expected.split('\n').collect();
        let mut writer = BodyWriter::new(None);
        let mut document = Document::new(writer.body(), Some("application/json"));
        for piece in body.as_bytes().chunks(pieces) {
            writer.push(&piece.to_vec().into()).unwrap();
            document.grown();
            prop_assert_eq!(document.fault(), None);
            let shown = all(&document);
            let shown: Vec<&str> = shown.split('\n').collect();
            prop_assert_eq!(document.count().lines.max(1), shown.len() as u64);
            prop_assert!(!document.count().exact);
            let known = shown.len() - 1;
            prop_assert_eq!(&shown[..known], &expected[..known]);
        }
        writer.complete();
        document.grown();
        prop_assert_eq!(document.count(), Count { lines: expected.len() as u64, exact: true });
    }
}

#[test]
fn what_a_body_is_is_told_by_its_first_bytes_when_they_come() {
    let mut writer = BodyWriter::new(None);
    let mut document = Document::new(writer.body(), None);
    assert_eq!((document.kind(), document.mode(), document.count().lines), (Kind::Text, Mode::Raw, 0));
    writer.push(&"{\"a\":".into()).unwrap();
    document.grown();
    assert_eq!((document.kind(), document.mode(), document.count().lines), (Kind::Json, Mode::Pretty, 2));
    writer.incomplete("the connection closed");
    document.grown();
    let told = "not JSON: line 1, column 6, the body ends where more must come";
    assert_eq!(document.fault().map(|fault| fault.to_string()).as_deref(), Some(told));
    assert_eq!(all(&document), "{\n  \"a\": ");
}

#[test]
fn an_index_is_learned_only_if_it_knows_more() {
    let mut document = json(&format!("[{}1]", "1,".repeat(100_000)));
    assert!(!document.count().exact);
    let mut indexer = Indexer::new(&document);
    assert_eq!(indexer.step(100), Step::More);
    let early = indexer.index();
    while indexer.step(10_000) == Step::More {}
    document.learn(indexer.index());
    document.learn(early);
    assert_eq!(document.count(), Count { lines: 100_003, exact: true });
    assert_eq!(text(&document.window(100_000, 9, 0..80)), "  1,\n  1\n]");
}

#[test]
fn numbers_keys_and_escapes_are_shown_as_they_were_sent() {
    let sent = ["9007199254740993", "1e400", "25.00", "-0", "1E+2", &"7".repeat(400), r#""\u00e9\/\ud800""#, r#""é""#];
    let members: Vec<String> = sent.iter().map(|value| format!("\"same\":{value}")).collect();
    let document = json(&format!("{{{}}}", members.join(",")));
    assert_eq!(document.fault(), None);
    for (at, value) in sent.iter().enumerate() {
        assert_eq!(document.value(at as u64 + 1).as_deref(), Some(*value));
        let line = text(&document.window(at as u64 + 1, 1, 0..1000));
        assert_eq!(line.trim_end_matches(','), format!("  \"same\": {value}"));
    }
    assert_eq!(document.value(0).unwrap().len() as u64, document.body().len());
}

#[test]
fn indentation_beyond_40_levels_is_a_number() {
    let document = json(&format!("{}1{}", "[".repeat(60), "]".repeat(60)));
    assert_eq!(text(&document.window(40, 2, 0..200)), format!("{0}[\n{0}41 [", "  ".repeat(40)));
    assert_eq!(document.path(60).unwrap(), format!("…{}", "[0]".repeat(32)));
}

#[test]
fn a_range_of_columns_is_cut_out_of_a_line_of_any_length() {
    let mut document = json(&format!("[\"{}é{}\"]", "ab".repeat(20_000), "cd".repeat(2_000_000)));
    document.learn(indexed(&document, 1 << 20));
    let line = |columns| document.window(1, 1, columns).remove(0);
    assert_eq!(text(&[line(0..6)]), "  \"aba");
    assert!(line(0..6).more_right && !line(0..6).more_left);
    assert_eq!(text(&[line(40_000..40_006)]), "babécd");
    assert!(line(3_000_000..3_000_010).more_left);
    assert_eq!(text(&[line(3_000_000..3_000_010)]).len(), 10);
}

#[test]
fn a_secret_is_drawn_as_what_stands_for_it_and_moves_no_offset() {
    let (secret, masks) = ("hunter2-hunter2-hunter2", Redactor::default());
    masks.recognise(&crate::domain::secret::Secret::new(secret), "tok#1");
    let text = format!("{{\"a\":\"{secret}\",\"b\":\"x{secret}{secret}y\"}}");
    let mut bare = Document::new(Body::of(text.as_bytes()), Some("application/json"));
    let mut hiding = bare.clone().hiding(masks.clone());
    let drawn = |lines: &[Line]| {
        lines.iter().flat_map(|line| &line.spans).map(|span| span.text.as_str()).collect::<Vec<_>>().concat()
    };
    for mode in bare.modes() {
        bare.set_mode(*mode);
        hiding.set_mode(*mode);
        let (shown, hidden) = (bare.window(0, 40, 0..200), hiding.window(0, 40, 0..200));
        let places = |lines: &[Line]| lines.iter().map(|line| (line.number, line.range.clone())).collect::<Vec<_>>();
        assert_eq!(places(&shown), places(&hidden));
        assert_eq!((drawn(&shown).contains("unter"), drawn(&hidden).contains("unter")), (true, false), "{mode:?}");
    }
    hiding.set_mode(Mode::Pretty);
    assert!(drawn(&hiding.window(2, 1, 0..200)).contains("\"x•••••••• tok#1•••••••• tok#1y\""));
    assert_eq!(hiding.body().bytes(0, 1000).unwrap(), text.as_bytes());
    // Far to the right of a long line what comes before is not read; a secret that began there is hidden all the same.
    let long = Document::new(Body::of(format!("{}{secret} end", "x".repeat(70_000))), None).hiding(masks);
    for left in 69_990..70_023 {
        let seen = drawn(&long.window(0, 1, left..left + 12));
        assert!(!seen.contains("nter"), "{left}: {seen}");
    }
}

/// The text of lines, numbers and folds left out.
fn texts(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| line.spans.iter().map(|span| span.text.as_str()).collect()).collect()
}

#[test]
fn the_tail_is_what_the_last_lines_are_once_they_are_known() {
    let items: Vec<String> = (0..9000)
        .map(|at| format!("{{\"id\":{at},\"t\":\"a, [b] {{c}} \\\"d\\\"\\\\\",\"e\":[],\"deep\":[[{at}]]}}"))
        .collect();
    let long = "x,".repeat(60_000);
    for text in [
        format!("[{}]", items.join(",")),
        format!("{{\"a\":{{\"b\":[{}]}},\"last\":{{}}}}\n", items.join(" ,\n ")),
        format!("{{\"a\":[{}],\"long\":\"{long}\"}}", items.join(",")),
        format!("{}1{}", "[".repeat(40_000), "]".repeat(40_000)),
    ] {
        let fresh = Document::new(Body::of(text), None);
        assert!(!fresh.count().exact);
        let known = fully_known(fresh.clone());
        for mode in [Mode::Pretty, Mode::Raw, Mode::Hex] {
            let (mut fresh, mut known) = (fresh.clone(), known.clone());
            fresh.set_mode(mode);
            known.set_mode(mode);
            let last = known.window(known.count().lines.saturating_sub(20), 20, 0..100);
            let tail = fresh.tail(20, 0..100);
            // Of a raw line that begins further back than is read the rest is shown.
            if mode != Mode::Raw || tail.len() > 1 {
                assert!(
                    texts(&last).ends_with(&texts(&tail)[tail.len().min(2) - 1..]),
                    "{mode:?}\n{tail:#?}\n{last:#?}"
                );
            }
        }
    }
}

fn fully_known(mut document: Document) -> Document {
    let mut indexer = Indexer::new(&document);
    while indexer.step(1 << 20) != Step::Done {}
    document.learn(indexer.index());
    document
}

#[test]
fn wrapped_rows_are_all_of_a_line_and_no_wide_character_is_lost() {
    let text = format!("short\n{}\n\nab{}z\n", "0123456789".repeat(20), "日本語".repeat(30));
    let document = Document::new(Body::of(text.clone()), Some("text/plain"));
    for columns in [2, 3, 7, 20, 500] {
        let rows = document.wrapped(Part::default(), 1000, columns);
        let mut lines = vec![String::new(); 4];
        for (part, line) in &rows {
            lines[usize::try_from(part.line).unwrap()] += &texts(std::slice::from_ref(line))[0];
        }
        let drawn: Vec<String> = lines.iter().map(|line| line.replace(' ', "")).collect();
        assert_eq!(drawn.join("\n"), text.trim_end_matches('\n'), "{columns}");
        let places: Vec<Part> = rows.iter().map(|(part, _)| *part).collect();
        for (at, part) in places.iter().enumerate() {
            assert_eq!(document.part_after(places[0], at, columns), *part);
            assert_eq!(document.part_before(places[places.len() - 1], places.len() - 1 - at, columns), *part);
        }
        assert_eq!(document.last_row(1, columns), places.iter().filter(|part| part.line == 1).count() - 1);
    }
}

#[test]
fn a_regular_expression_is_found_across_the_ends_of_pieces() {
    let text = format!("{}key-123 {}key-45", "x".repeat(100_000), "y".repeat(100_000));
    let document = Document::new(Body::of(text), Some("text/plain"));
    let mut searcher = Searcher::new(&document, Pattern::new("re:key-\\d+").unwrap());
    let mut found = Vec::new();
    while searcher.step(1000, &mut found) == Step::More {}
    assert_eq!(found, [100_000, 200_008]);
}
