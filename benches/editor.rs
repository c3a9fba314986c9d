//! What a key costs in a large text: the key, what follows from it, and the frame, at 120x40.
//!
//! `cargo bench --bench editor` prints it. In a terminal: see the bench of frames.

use std::{io, sync::Arc, time::Duration};

use authscope::{
    app::{App, Now, Start, message::Message, update},
    config::{
        chord::Chord,
        keymap::Keymap,
        profiles,
        theme::{Look, Signs, ThemeName},
    },
    domain::{clock::Boot, secret::Secret},
    view,
};
use divan::Bencher;
use jiff::{Timestamp, tz::TimeZone};
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};
use url::Url;

/// The explorer, its frames sent nowhere.
struct Stage {
    app: App,
    look: Look,
    terminal: Terminal<CrosstermBackend<io::Sink>>,
}

impl Stage {
    /// The request in hand has this body.
    fn new(body: String) -> Self {
        let base = Url::parse("http://127.0.0.1:43117").expect("a constant address");
        let client = ("demo-client".to_owned(), Arc::new(Secret::new("a secret of the bench")));
        let mut app = App::new(Start {
            now: Now { boot: Boot(Duration::from_secs(100_000)), wall: Timestamp::UNIX_EPOCH },
            zone: TimeZone::UTC,
            size: (120, 40),
            keymap: Keymap::default(),
            profiles: vec![Arc::new(profiles::sandbox(base, [client]))],
            active: 0,
            trouble: None,
        });
        app.requests.entry_mut().change(|draft| draft.body = body);
        let viewport = Viewport::Fixed(Rect::new(0, 0, 120, 40));
        let terminal = Terminal::with_options(CrosstermBackend::new(io::sink()), TerminalOptions { viewport });
        let mut stage =
            Self { app, look: Look::new(ThemeName::Dark, Signs::Unicode), terminal: terminal.expect("no I/O") };
        stage.draw();
        stage
    }

    /// A body that is being edited; in its middle the same text stands before the cursor and behind it.
    fn editing(text: &str, place: Place) -> Self {
        let mut stage = Self::new(text.to_owned());
        stage.press("e");
        match place {
            Place::Start => {}
            Place::Middle => stage.tell(Message::Pasted(text.to_owned())),
            Place::End => stage.press("ctrl-end"),
        }
        stage.draw();
        stage
    }

    fn tell(&mut self, message: Message) {
        update(&mut self.app, message);
    }

    fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.tell(Message::Key(Chord::parse(key).expect("a key")));
        }
    }

    fn draw(&mut self) {
        self.terminal.draw(|frame| view::render(frame, &self.app, &self.look)).expect("no I/O");
    }
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Start,
    Middle,
    End,
}

const PLACES: [Place; 3] = [Place::Start, Place::Middle, Place::End];
const MEGABYTE: usize = 1_000_000;

/// JSON of so many bytes, a member to a line.
fn lines(bytes: usize) -> String {
    let line =
        |number| format!("  \"reference {number:08}\": \"a value with \\\"quotes\\\" in it, and {{{{more}}}}\",\n");
    let count = bytes / line(0).len();
    format!("{{\n{}  \"last\": 1\n}}\n", (0..count).map(line).collect::<String>())
}

/// The same in one line.
fn line(bytes: usize) -> String {
    lines(bytes).replace('\n', "")
}

/// A letter typed, its frame drawn.
fn typed(bencher: Bencher<'_, '_>, text: &str, place: Place) {
    let mut stage = Stage::editing(text, place);
    bencher.bench_local(|| {
        stage.press("x");
        stage.draw();
    });
}

#[divan::bench(args = PLACES)]
fn key_in_1_mb_of_lines(bencher: Bencher<'_, '_>, place: Place) {
    typed(bencher, &lines(MEGABYTE), place);
}

#[divan::bench(args = PLACES)]
fn key_in_10_mb_of_lines(bencher: Bencher<'_, '_>, place: Place) {
    typed(bencher, &lines(10 * MEGABYTE), place);
}

#[divan::bench(args = PLACES)]
fn key_in_a_line_of_1_mb(bencher: Bencher<'_, '_>, place: Place) {
    typed(bencher, &line(MEGABYTE), place);
}

#[divan::bench(args = PLACES)]
fn key_in_a_line_of_10_mb(bencher: Bencher<'_, '_>, place: Place) {
    typed(bencher, &line(10 * MEGABYTE), place);
}

/// A letter typed into a body that is just small enough to be checked with each key.
#[divan::bench]
fn key_in_a_body_that_is_checked_at_once(bencher: Bencher<'_, '_>) {
    typed(bencher, &lines(60_000), Place::End);
}

/// To the end of a word of 10 MB.
#[divan::bench]
fn end_of_a_word_of_10_mb(bencher: Bencher<'_, '_>) {
    let mut stage = Stage::editing(&"x".repeat(10 * MEGABYTE), Place::Start);
    bencher.bench_local(|| {
        stage.press("alt-f home");
        stage.draw();
    });
}

/// A letter typed into an address of 10 MB.
#[divan::bench]
fn key_in_an_address_of_10_mb(bencher: Bencher<'_, '_>) {
    let mut stage = Stage::new(String::new());
    stage.press("e");
    stage.tell(Message::Pasted(line(10 * MEGABYTE)));
    bencher.bench_local(|| {
        stage.press("x");
        stage.draw();
    });
}

/// To the end of a line of 10 MB and back, the longest ways there are.
#[divan::bench]
fn home_and_end_of_a_line_of_10_mb(bencher: Bencher<'_, '_>) {
    let mut stage = Stage::editing(&line(10 * MEGABYTE), Place::Start);
    bencher.bench_local(|| {
        stage.press("end");
        stage.draw();
        stage.press("home");
        stage.draw();
    });
}

/// A row down and up again, far into two lines of 10 MB.
#[divan::bench]
fn down_and_up_far_into_lines_of_10_mb(bencher: Bencher<'_, '_>) {
    let text = line(10 * MEGABYTE);
    let mut stage = Stage::editing(&format!("{text}\n{text}"), Place::End);
    bencher.bench_local(|| {
        stage.press("up");
        stage.draw();
        stage.press("down");
        stage.draw();
    });
}

#[divan::bench]
fn paste_of_10_mb(bencher: Bencher<'_, '_>) {
    let fresh = || (Stage::editing("{}\n", Place::Start), lines(10 * MEGABYTE));
    bencher.with_inputs(fresh).bench_local_values(|(mut stage, text)| {
        stage.tell(Message::Pasted(text));
        stage.draw();
        stage
    });
}

#[divan::bench]
fn undo_of_a_paste_of_10_mb(bencher: Bencher<'_, '_>) {
    let mut stage = Stage::editing("{}\n", Place::Start);
    stage.tell(Message::Pasted(lines(10 * MEGABYTE)));
    bencher.bench_local(|| {
        stage.press("ctrl-_");
        stage.draw();
        stage.press("alt-_");
        stage.draw();
    });
}

/// All of it selected, replaced by a letter, and that taken back.
#[divan::bench]
fn replacing_all_of_10_mb(bencher: Bencher<'_, '_>) {
    let mut stage = Stage::editing(&lines(10 * MEGABYTE), Place::Start);
    bencher.bench_local(|| {
        stage.press("alt-a x ctrl-_");
        stage.draw();
    });
}

#[divan::bench]
fn opening_10_mb(bencher: Bencher<'_, '_>) {
    let body = lines(10 * MEGABYTE);
    bencher.with_inputs(|| Stage::new(body.clone())).bench_local_values(|mut stage| {
        stage.press("e");
        stage.draw();
        stage
    });
}

#[divan::bench]
fn leaving_10_mb(bencher: Bencher<'_, '_>) {
    let body = lines(10 * MEGABYTE);
    let fresh = || {
        let mut stage = Stage::editing(&body, Place::End);
        stage.press("x");
        stage
    };
    bencher.with_inputs(fresh).bench_local_values(|mut stage| {
        stage.press("esc");
        stage.draw();
        stage
    });
}

/// A frame of a request whose body of 10 MB is shown, and not edited.
#[divan::bench]
fn a_frame_beside_10_mb(bencher: Bencher<'_, '_>) {
    let mut stage = Stage::new(lines(10 * MEGABYTE));
    stage.press("2");
    bencher.bench_local(|| {
        stage.press("b");
        stage.draw();
    });
}

/// The second at which what is being typed is kept.
#[divan::bench]
fn keeping_10_mb_as_it_is_typed(bencher: Bencher<'_, '_>) {
    let mut stage = Stage::editing(&lines(10 * MEGABYTE), Place::End);
    stage.tell(Message::Restored(None));
    bencher.bench_local(|| {
        stage.app.now.boot = stage.app.now.boot + Duration::from_secs(2);
        stage.press("x");
        stage.draw();
    });
}

fn main() {
    divan::main();
}
