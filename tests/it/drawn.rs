//! What others wrote is drawn, never obeyed: 200,000 sequences that would steer a terminal, and every byte there is.
//!
//! Drawn for real: the bytes that a terminal would get are looked at one by one, and are fed to a virtual one, which
//! tells whatever reaches it beside text, colours and the place of the cursor.

use std::{cell::RefCell, io, rc::Rc};

use authscope::{document::sanitize::is_unsafe, view};
use http::HeaderValue;
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};
use serde_json::Value;

use crate::{promises::number, stage::Stage};

/// Numbers that look like chance and are the same in every run (xorshift).
pub struct Dice(u64);

impl Dice {
    pub fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    fn of<'a>(&mut self, all: &[&'a [u8]]) -> &'a [u8] {
        all[self.below(all.len())]
    }
}

/// A sequence that steers a terminal, whole or torn, in 7 bits or 8.
pub fn sequence(dice: &mut Dice) -> Vec<u8> {
    const PARAMETERS: [&[u8]; 12] =
        [b"", b"2", b"31", b"1;1", b"?1049", b"?1000", b"?25", b"?2004", b"5;20", b"38;2;1;2;3", b"8;1;1", b">4;2"];
    const FINALS: &[u8] = b"mHJKhlrtcnqpsuABCDLMPX@`";
    const STRINGS: [&[u8]; 8] =
        [b"0;title", b"2;title", b"8;;http://x", b"52;c;cm0=", b"10;?", b"q", b"1337;File=:AA", b"4;1;?"];
    const ENDS: [&[u8]; 5] = [b"\x07", b"\x1b\\", b"\x9c", "\u{9c}".as_bytes(), b""];
    const SHORT: [&[u8]; 16] = [
        b"\x1bc", b"\x1b7", b"\x1b8", b"\x1bD", b"\x1bM", b"\x1bE", b"\x1bH", b"\x1b=", b"\x1b>", b"\x1b#8", b"\x1b(0",
        b"\x1bN", b"\x1b%@", b"\x1b", b"\x0e", b"\x07",
    ];
    const UNSEEN: [&str; 10] = [
        "\u{202e}",
        "\u{2066}",
        "\u{200f}",
        "\u{61c}",
        "\u{200b}",
        "\u{feff}",
        "\u{e0041}",
        "\u{2028}",
        "\u{ad}",
        "\u{2060}",
    ];
    match dice.below(8) {
        0..=2 => {
            let start = dice.of(&[b"\x1b[", b"\x9b", "\u{9b}".as_bytes()]);
            let last = [FINALS[dice.below(FINALS.len())]];
            [start, dice.of(&PARAMETERS), dice.of(&[b"", b" ", b"!", b"$"]), &last].concat()
        }
        3 | 4 => {
            let starts: [&[u8]; 8] =
                [b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b^", b"\x1bX", b"\x9d", b"\x90", "\u{9d}".as_bytes()];
            [dice.of(&starts), dice.of(&STRINGS), dice.of(&ENDS)].concat()
        }
        5 => dice.of(&SHORT).to_vec(),
        6 => UNSEEN[dice.below(UNSEEN.len())].as_bytes().to_vec(),
        _ => vec![u8::try_from(dice.below(256)).unwrap()],
    }
}

/// So many of them.
pub fn sequences(count: usize, dice: &mut Dice) -> Vec<Vec<u8>> {
    (0..count).map(|_| sequence(dice)).collect()
}

/// What reaches a terminal beside what it shows.
#[derive(Debug, Default, PartialEq)]
pub struct Heard(Vec<String>);

impl vt100::Callbacks for Heard {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("bell".to_owned());
    }
    fn visual_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("visual bell".to_owned());
    }
    fn resize(&mut self, _: &mut vt100::Screen, size: (u16, u16)) {
        self.0.push(format!("resize {size:?}"));
    }
    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        self.0.push(format!("icon {name:?}"));
    }
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.0.push(format!("title {title:?}"));
    }
    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, kind: &[u8], _: &[u8]) {
        self.0.push(format!("clipboard {kind:?}"));
    }
    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, kind: &[u8]) {
        self.0.push(format!("paste {kind:?}"));
    }
    fn unhandled_char(&mut self, _: &mut vt100::Screen, letter: char) {
        // The sign for what is no character is one.
        if letter != char::REPLACEMENT_CHARACTER {
            self.0.push(format!("character {letter:?}"));
        }
    }
    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        self.0.push(format!("control {byte}"));
    }
    fn unhandled_escape(&mut self, _: &mut vt100::Screen, first: Option<u8>, second: Option<u8>, last: u8) {
        self.0.push(format!("escape {first:?} {second:?} {last}"));
    }
    fn unhandled_csi(
        &mut self,
        _: &mut vt100::Screen,
        first: Option<u8>,
        second: Option<u8>,
        parameters: &[&[u16]],
        last: char,
    ) {
        // Colours that this terminal does not know are ours; `only_text` has looked at them.
        if last != 'm' {
            self.0.push(format!("csi {first:?} {second:?} {parameters:?} {last}"));
        }
    }
    fn unhandled_osc(&mut self, _: &mut vt100::Screen, words: &[&[u8]]) {
        self.0.push(format!("osc {words:?}"));
    }
}

/// A terminal that is as it was before, whatever it was told.
pub fn untouched(parser: &vt100::Parser<Heard>) {
    assert_eq!(parser.callbacks(), &Heard::default());
    let screen = parser.screen();
    assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.application_cursor());
    assert!(!screen.application_keypad());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}

/// Whether there is nothing in the bytes but text that can be seen, and `own` sequences, which begin with `ESC [`.
pub fn only_text(bytes: &[u8], own: fn(&[u8]) -> bool) {
    let text = std::str::from_utf8(bytes).expect("what is drawn is UTF-8");
    let mut pieces = text.split('\x1b');
    let seen = |text: &str| {
        // What joins the parts of one sign, as a flag or a family, is drawn with it.
        let bad = text.chars().find(|letter| is_unsafe(*letter) && !matches!(letter, '\r' | '\n' | '\t' | '\u{200d}'));
        assert_eq!(bad, None, "in {text:?}");
    };
    seen(pieces.next().unwrap());
    for piece in pieces {
        let end = piece.bytes().skip(1).position(|byte| (0x40..=0x7e).contains(&byte)).expect("it ends") + 2;
        let (sequence, rest) = piece.split_at(end);
        assert!(own(sequence.as_bytes()), "ESC {sequence:?}");
        seen(rest);
    }
}

/// Colours, the place of the cursor, and whether it is seen.
fn is_drawing(sequence: &[u8]) -> bool {
    let parameters = &sequence[1..sequence.len() - 1];
    let plain = parameters.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':'));
    sequence[0] == b'['
        && (plain && matches!(sequence.last(), Some(b'm' | b'H')) || matches!(sequence, b"[?25l" | b"[?25h"))
}

#[derive(Clone, Default)]
struct Wire(Rc<RefCell<Vec<u8>>>);

impl io::Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The explorer on a real backend, whose bytes go to a virtual terminal.
struct Drawn {
    stage: Stage,
    wire: Wire,
    terminal: Terminal<CrosstermBackend<Wire>>,
    parser: vt100::Parser<Heard>,
}

const SIZE: (u16, u16) = (400, 120);

impl Drawn {
    fn new() -> Self {
        let (wire, area) = (Wire::default(), Rect::new(0, 0, SIZE.0, SIZE.1));
        let options = TerminalOptions { viewport: Viewport::Fixed(area) };
        let terminal = Terminal::with_options(CrosstermBackend::new(wire.clone()), options).unwrap();
        let [columns, rows] = [SIZE.0, SIZE.1].map(|count| count.try_into().unwrap());
        let parser = vt100::Parser::new_with_callbacks(rows, columns, 0, Heard::default());
        Self { stage: Stage::new(SIZE.0, SIZE.1), wire, terminal, parser }
    }

    /// Draws what there is, and looks at every byte of it.
    fn look(&mut self) {
        let (app, look) = (&self.stage.app, &self.stage.look);
        self.terminal.draw(|frame| view::render(frame, app, look)).unwrap();
        let bytes = std::mem::take(&mut *self.wire.0.borrow_mut());
        only_text(&bytes, is_drawing);
        self.parser.process(&bytes);
        untouched(&self.parser);
    }

    /// Goes through the rows of what has the focus, page by page.
    fn read(&mut self) {
        self.stage.press("g g");
        let mut before = None;
        loop {
            self.look();
            let response = &self.stage.app.response;
            let here = Some((response.cursor, response.row));
            if here == before {
                return;
            }
            before = here;
            self.stage.press("ctrl-d");
        }
    }

    fn answered(&mut self, body: &[u8]) {
        let order = self.stage.send();
        self.stage.answered(&order, 200, body);
        self.stage.press("3");
        self.stage.app.zoomed = true;
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn two_hundred_thousand_sequences_and_every_byte_are_drawn_and_none_is_obeyed() {
    const A_LINE: usize = 24;
    let (count, dice) = (number(35, 1), &mut Dice::new());
    let mut all = sequences(count, dice);
    all.extend((0..=255).map(|byte| vec![byte]));
    let mut drawn = Drawn::new();

    // A tenth as fields, cookies, errors and claims, the rest as bodies: strings of JSON, and lines of text.
    let (others, bodies) = all.split_at(count / 10);
    let line = |sequences: &[Vec<u8>]| {
        let mut line = sequences.concat();
        line.retain(|byte| !matches!(byte, b'\n' | b'"' | b'\\'));
        line
    };
    let lines: Vec<_> = bodies.chunks(A_LINE).map(line).collect();
    let (json, plain) = lines.split_at(lines.len() / 2);
    drawn.answered(&[&b"[\""[..], &json.join(&b"\",\""[..]), b"\"]"].concat());
    drawn.read();
    drawn.answered(&plain.join(&b'\n'));
    drawn.read();

    let (fields, others) = others.split_at(others.len() / 2);
    let fields = fields.iter().filter_map(|sequence| HeaderValue::from_bytes(sequence).ok());
    for (at, value) in fields.enumerate() {
        let mut field = crate::stage::field(if at % 2 == 0 { "x-other" } else { "set-cookie" }, "");
        let value = [b"name=", value.as_bytes(), b"; Path=", value.as_bytes()].concat();
        field.value = authscope::domain::exchange::FieldValue::Shown(HeaderValue::from_bytes(&value).unwrap());
        drawn.stage.more_headers.push(field);
    }
    assert!(drawn.stage.more_headers.len() > 500, "{}", drawn.stage.more_headers.len());
    drawn.answered(b"{}");
    for _ in 0..6 {
        drawn.stage.press("]");
        drawn.read();
    }
    drawn.stage.more_headers.clear();

    let (errors, claims) = others.split_at(others.len() / 2);
    for errors in errors.chunks(200) {
        crate::screens::stories::failed_with(&mut drawn.stage, &text(&errors.concat()));
        drawn.look();
        drawn.stage.press("]");
        drawn.read();
    }
    for claims in claims.chunks(400) {
        let text = |sequences: &[Vec<u8>]| text(&sequences.concat());
        drawn.stage.claims = claims.chunks(8).map(|claim| (text(&claim[..1]), Value::from(text(claim)))).collect();
        let token = drawn.stage.fetch(None, 1);
        assert!(token.jwt.is_some());
        drawn.stage.press("4");
        drawn.look();
    }
}
