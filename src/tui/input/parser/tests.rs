use proptest::prelude::*;

use super::*;

/// What bytes mean that come in pieces, nothing following the last: a word for each.
fn told<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
    let (mut parser, mut messages) = (Parser::default(), Vec::new());
    for piece in pieces {
        parser.feed(piece, &mut messages);
    }
    parser.rest(&mut messages);
    let name = |message| match message {
        Message::Key(chord) => chord.name(),
        other => format!("{other:?}"),
    };
    messages.into_iter().map(name).collect()
}

fn whole(bytes: &str) -> Vec<String> {
    told([bytes.as_bytes()])
}

#[test]
fn keys_come_in_their_one_form() {
    for (bytes, keys) in [
        ("sSé界", "s S é 界"),
        ("\r\n\t\x7f\x08\0", "enter enter tab backspace backspace ctrl-space"),
        ("\x01\x10\x1a\x1c\x1f", "ctrl-a ctrl-p ctrl-z ctrl-\\ ctrl-_"),
        ("\x1bb\x1bF\x1b_\x1b\x7f\x1b\ré", "alt-b alt-f alt-_ alt-backspace alt-enter é"),
        ("\x1bé\x1b\x06", "alt-é ctrl-alt-f"),
        ("\x1b", "esc"),
        ("\x1b\x1b\x1b", "esc esc esc"),
        ("\x1b\x1b[A", "esc up"),
        ("\x1b[A\x1bOA\x1b[1;1B", "up up down"),
        ("\x1b[1;2D\x1b[1;5C\x1b[1;3H\x1b[1;8F", "shift-left ctrl-right alt-home ctrl-alt-shift-end"),
        ("\x1b[a\x1bOd\x1b[3$\x1b[5^\x1b[6@", "shift-up ctrl-left shift-delete ctrl-pageup ctrl-shift-pagedown"),
        ("\x1b[Z\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "shift-tab insert delete pageup pagedown"),
        ("\x1b[1~\x1b[7~\x1b[4~\x1b[8~", "home home end end"),
        ("\x1bOP\x1bOS\x1b[11~\x1b[15~\x1b[17~\x1b[21~\x1b[23~\x1b[24~", "f1 f4 f1 f5 f6 f10 f11 f12"),
        ("\x1b[[A\x1b[[E\x1b[1;2P", "f1 f5 shift-f1"),
        ("\x1b[13;5u\x1b[27;5;13~\x1b[13;3u", "ctrl-enter ctrl-enter alt-enter"),
        ("\x1b[97;5u\x1b[27u\x1b[115;2u", "ctrl-a esc S"),
        ("\x1b[97;1:3u\x1b[1;1:3A\x1b[97;1:2u", "a"),
    ] {
        assert_eq!(whole(bytes).join(" "), keys, "{bytes:?}");
    }
}

#[test]
fn the_mouse_and_the_focus_are_told() {
    assert_eq!(whole("\x1b[<0;10;3M\x1b[<0;10;3m"), ["Clicked(9, 2)"]);
    assert_eq!(whole("\x1b[M !\"\x1b[<16;1;1M"), ["Clicked(0, 1)", "Clicked(0, 0)"]);
    let turned = whole("\x1b[<64;300;2M\x1b[<65;1;2M");
    assert_eq!(turned, ["Turned { x: 299, y: 1, down: false }", "Turned { x: 0, y: 1, down: true }"]);
    assert_eq!(whole("\x1b[<35;10;10M\x1b[<2;1;1M\x1b[<0;0;0M"), [""; 0]);
    assert_eq!(whole("\x1b[I\x1b[O"), ["Focused(true)", "Focused(false)"]);
}

#[test]
fn what_is_no_key_is_passed_over_whole() {
    let answers = [
        "\x1b[?1;2c",
        "\x1b[1;1R",
        "\x1b[999999u",
        "\x1b[57399u",
        "\x1b]11;rgb:0000/0000/0000\x07",
        "\x1b]11;rgb:0000/0000/0000\x1b\\",
        "\x1bP1+r544e=1b\x1b\\",
        "\x1bP>|some terminal(1)\x1b\\",
        "\x1b_Gi=1;OK\x1b\\",
        "\x1b[201~",
        "\x1bOj",
    ];
    for answer in answers {
        assert_eq!(whole(&format!("{answer}x")), ["x"], "{answer:?}");
    }
    assert_eq!(told([b"\xff\xfe\xc3(\xf0\x9f\x92x".as_slice()]), ["(", "x"]);
    assert_eq!(whole("\x1b[12\x1b[Ax"), ["up", "x"]);
}

#[test]
fn a_paste_is_text_whatever_stands_in_it() {
    let pasted = whole("a\x1b[200~q\r\x1b[A\x03é\x1b[201~b");
    assert_eq!(pasted, ["a", r#"Pasted("q\r\u{1b}[A\u{3}é")"#, "b"]);
    assert_eq!(whole("\x1b[200~without an end"), [""; 0]);
}

#[test]
fn a_sequence_whose_last_byte_is_late_is_waited_for() {
    let (mut parser, mut messages) = (Parser::default(), Vec::new());
    for late in [b"\x1b[".as_slice(), b"\x1bO"] {
        parser.feed(late, &mut messages);
        parser.rest(&mut messages);
        parser.feed(b"B", &mut messages);
    }
    let down = Chord::plain(Key::Down);
    assert!(matches!(messages.as_slice(), [Message::Key(one), Message::Key(two)] if *one == down && *two == down));
    assert!(!parser.is_torn());
}

#[test]
fn a_string_without_an_end_is_given_up() {
    let (mut parser, mut messages) = (Parser::default(), Vec::new());
    parser.feed(b"\x1b]11;", &mut messages);
    parser.rest(&mut messages);
    parser.feed(b"\x1b]11;", &mut messages);
    parser.feed(&vec![b'x'; LONGEST], &mut messages);
    parser.feed(b"q", &mut messages);
    assert!(matches!(messages.as_slice(), [Message::Key(key)] if key.name() == "q"));
}

/// Pieces of what a terminal may send, and of what none does.
fn sequences() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "\x1b",
        "\x1b[",
        "\x1b[<0;12;7M",
        "\x1b[<65;1;1M",
        "\x1b[1;5C",
        "\x1bOP",
        "\x1b[200~",
        "\x1b[201~",
        "\x1b[I",
        "q",
        "é",
        "界",
        "\x1b]11;rgb:0/0/0\x1b\\",
        "\x1bP>|x\x1b\\",
        "\x1b[3$",
        "\x1bb",
        "\x1b[M !!",
        "\r",
        "\x03",
    ]);
    let random = prop::collection::vec(any::<u8>(), 0..4);
    let piece = prop_oneof![4 => known.prop_map(|text: &str| text.as_bytes().to_vec()), 1 => random];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn bytes_mean_the_same_however_they_are_torn(bytes in sequences(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut rest = bytes.as_slice();
        for (at, cut) in cuts.iter().enumerate() {
            let (piece, behind) = rest.split_at(cut - at.checked_sub(1).map_or(0, |before| cuts[before]));
            pieces.push(piece);
            rest = behind;
        }
        pieces.push(rest);
        prop_assert_eq!(told(pieces), told([bytes.as_slice()]));
    }
}
