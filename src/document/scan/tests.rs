//! RFC 8259, rule by rule.

use crate::{
    body::Body,
    document::{Document, Mode},
};

fn json(text: impl Into<Vec<u8>>) -> Document {
    Document::new(Body::of(text), Some("application/json"))
}

fn is_json(texts: &[&str]) {
    for text in texts {
        assert_eq!(json(*text).fault(), None, "{text}");
    }
}

/// Each text with the fault that is told.
fn is_not_json(texts: &[(&str, &str)]) {
    for (text, told) in texts {
        let fault = json(*text).fault().map(|fault| fault.to_string());
        assert_eq!(fault.as_deref(), Some(format!("not JSON: {told}").as_str()), "{text}");
    }
}

#[test]
fn section_2_a_text_is_one_value_with_white_space_around() {
    is_json(&["1", "\"a\"", "null", " \t\r\n[ ] \t\r\n", "{\n\"a\"\t:\r1 , \"b\":2}"]);
    is_not_json(&[
        ("", "line 1, column 1, the body ends where more must come"),
        (" \n", "line 2, column 1, the body ends where more must come"),
        ("1 2", "line 1, column 3, nothing may follow the value, but `2` does"),
        ("[]]", "line 1, column 3, nothing may follow the value, but `]` does"),
        ("{}\n//x", "line 2, column 1, nothing may follow the value, but `/` does"),
        ("\u{a0}1", "line 1, column 1, a value was expected, not <C2>"),
        ("\u{c}1", "line 1, column 1, a value was expected, not U+000C"),
    ]);
}

#[test]
fn section_3_a_value_is_one_of_seven_and_its_words_are_lower_case() {
    is_json(&["false", "null", "true", "{}", "[]", "0", "\"\""]);
    is_not_json(&[
        ("True", "line 1, column 1, a value was expected, not `T`"),
        ("[nul]", "line 1, column 2, a word other than `true`, `false` and `null`"),
        ("truth", "line 1, column 1, a word other than `true`, `false` and `null`"),
        ("tru", "line 1, column 1, the body ends inside a value"),
        ("NaN", "line 1, column 1, a value was expected, not `N`"),
        ("nulls", "line 1, column 5, nothing may follow the value, but `s` does"),
    ]);
}

#[test]
fn section_4_an_object_is_pairs_of_a_quoted_key_and_a_value() {
    is_json(&["{}", "{\"\":0}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":[]}}"]);
    is_not_json(&[
        ("{a:1}", "line 1, column 2, a key in double quotes or `}` was expected, not `a`"),
        ("{'a':1}", "line 1, column 2, a key in double quotes or `}` was expected, not `'`"),
        ("{\"a\" 1}", "line 1, column 6, `:` was expected after the key, not `1`"),
        ("{\"a\":}", "line 1, column 6, a value was expected, not `}`"),
        ("{\"a\":1,}", "line 1, column 8, a key in double quotes was expected, not `}`"),
        ("{\"a\":1 \"b\":2}", "line 1, column 8, `,` or `}` was expected, not `\"`"),
        ("{\"a\":1]", "line 1, column 7, `,` or `}` was expected, not `]`"),
        ("{\"a\":1", "line 1, column 7, the body ends where more must come"),
        ("{\"a", "line 1, column 2, the body ends inside a string"),
    ]);
}

#[test]
fn section_5_an_array_is_values_with_commas_between() {
    is_json(&["[]", "[1,\"a\",null,[{}]]"]);
    is_not_json(&[
        ("[1,]", "line 1, column 4, a value was expected, not `]`"),
        ("[,1]", "line 1, column 2, a value was expected, not `,`"),
        ("[1 2]", "line 1, column 4, `,` or `]` was expected, not `2`"),
        ("[1}", "line 1, column 3, `,` or `]` was expected, not `}`"),
        ("[1:2]", "line 1, column 3, `,` or `]` was expected, not `:`"),
        ("[", "line 1, column 2, the body ends where more must come"),
    ]);
}

#[test]
fn section_6_a_number_is_decimal_without_leading_zeros() {
    is_json(&["0", "-0", "9007199254740993", "1e400", "-1.50E-07", "1E+2", &"9".repeat(400)]);
    is_not_json(&[
        ("01", "line 1, column 2, a number with a leading zero"),
        ("-", "line 1, column 1, the body ends inside a value"),
        ("-a", "line 1, column 2, a digit was expected, not `a`"),
        ("+1", "line 1, column 1, a value was expected, not `+`"),
        (".5", "line 1, column 1, a value was expected, not `.`"),
        ("[1.]", "line 1, column 4, a digit was expected, not `]`"),
        ("[1e]", "line 1, column 4, a digit was expected, not `]`"),
        ("1e+", "line 1, column 1, the body ends inside a value"),
        ("1.2.3", "line 1, column 4, nothing may follow the value, but `.` does"),
        ("0x1", "line 1, column 2, nothing may follow the value, but `x` does"),
        ("Infinity", "line 1, column 1, a value was expected, not `I`"),
    ]);
}

#[test]
fn section_7_a_string_is_quoted_and_its_controls_are_escaped() {
    is_json(&[
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u0000\uABCD\uabcd""#,
        r#""\ud800""#,
        r#""\uDFAA\u0000""#,
        "\"\u{7f}\u{80}\u{2028}\u{10ffff}\"",
    ]);
    is_not_json(&[
        ("\"a\nb\"", "line 1, column 3, the control character U+000A in a string is not escaped"),
        ("\"\t\"", "line 1, column 2, the control character U+0009 in a string is not escaped"),
        ("\"\0\"", "line 1, column 2, the control character U+0000 in a string is not escaped"),
        (r#""\x41""#, "line 1, column 3, there is no escape \\ with `x`"),
        (r#""\u12G4""#, "line 1, column 6, four hexadecimal digits were expected after `\\u`"),
        (r#""\u12"#, "line 1, column 1, the body ends inside a string"),
        (r#""\"#, "line 1, column 1, the body ends inside a string"),
        ("'a'", "line 1, column 1, a value was expected, not `'`"),
    ]);
}

#[test]
fn section_8_1_the_text_is_utf_8_and_a_byte_order_mark_is_ignored() {
    let document = json("\u{feff}{\"a\":1}");
    assert_eq!(document.fault(), None);
    assert_eq!(document.window(0, 9, 0..9).len(), 3);
    for (bytes, column) in [
        (&b"\"caf\xe9\""[..], 5),
        (b"\"\xc3\xa9\xff\"", 3),
        (b"\"\xe2\x82\"", 2),
        (b"\"\xc0\xaf\"", 2),
        (b"\"\xed\xa0\x80\"", 2),
        (b"\"\xf4\x90\x80\x80\"", 2),
        (b"\"\xf0\x9f\x98", 2),
    ] {
        let told = format!("not JSON: line 1, column {column}, a byte that is not UTF-8");
        assert_eq!(json(bytes).fault().map(|fault| fault.to_string()), Some(told), "{bytes:x?}");
    }
}

#[test]
fn a_byte_that_is_no_utf_8_is_told_and_the_structure_goes_on() {
    let document = json(b"{\"name\":\"caf\xe9\",\"n\":1}");
    assert!(document.fault().is_some());
    let lines = document.window(0, 9, 0..80);
    let text: Vec<String> =
        lines.iter().map(|line| line.spans.iter().map(|span| span.text.as_str()).collect()).collect();
    assert_eq!(text, ["{", "  \"name\": \"caf<E9>\",", "  \"n\": 1", "}"]);
}

#[test]
fn section_9_depth_and_size_have_no_limit() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let mut indexer = crate::document::Indexer::new(&json(text.as_str()));
        while indexer.step(1 << 16) == crate::document::Step::More {}
        assert_eq!(indexer.index().fault, None);
        assert_eq!(indexer.index().outline.lines(), 200_001, "{open}");
    }
}

#[test]
fn lines_and_columns_count_characters_of_the_raw_text() {
    is_not_json(&[
        ("[\"日本\", x]", "line 1, column 8, a value was expected, not `x`"),
        ("[\r\n  1,\r\n  é]", "line 3, column 3, a value was expected, not <C3>"),
    ]);
    let mut document = json("[\n1,\n2 3]\n4");
    assert_eq!(document.fault().map(|fault| (fault.line, fault.column, fault.offset)), Some((3, 3, 7)));
    document.set_mode(Mode::Raw);
    assert_eq!(document.visible_line_of(7), Some(2));
}
