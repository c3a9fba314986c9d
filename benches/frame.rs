//! What a frame costs: layout, drawing and the difference to the frame before, at two sizes; and the bytes that a key
//! sends to the terminal.
//!
//! `cargo bench --bench frame` prints it. In a terminal: without one, a whole frame includes the program that the
//! terminal's library starts to ask for a size.

use std::{cell::RefCell, io, rc::Rc, sync::Arc, time::Duration};

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
use divan::{AllocProfiler, Bencher};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};
use url::Url;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// A writer that counts.
#[derive(Clone, Default)]
struct Wire(Rc<RefCell<usize>>);

impl io::Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        *self.0.borrow_mut() += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Stage {
    app: App,
    look: Look,
    wire: Wire,
    terminal: Terminal<CrosstermBackend<Wire>>,
}

impl Stage {
    fn new((width, height): (u16, u16)) -> Self {
        let base = Url::parse("http://127.0.0.1:43117").expect("a constant address");
        let client = ("demo-client".to_owned(), Arc::new(Secret::new("a secret of the bench")));
        let app = App::new(Start {
            now: Now { boot: Boot(Duration::from_secs(100_000)), wall: Timestamp::UNIX_EPOCH },
            zone: TimeZone::UTC,
            size: (width, height),
            keymap: Keymap::default(),
            profiles: vec![Arc::new(profiles::sandbox(base, [client]))],
            active: 0,
            trouble: None,
        });
        let wire = Wire::default();
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
        let terminal =
            Terminal::with_options(CrosstermBackend::new(wire.clone()), TerminalOptions { viewport }).expect("no I/O");
        let mut stage = Self { app, look: Look::new(ThemeName::Dark, Signs::Unicode), wire, terminal };
        stage.press("k");
        stage.draw();
        stage
    }

    fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            update(&mut self.app, Message::Key(Chord::parse(key).expect("a key")));
        }
    }

    fn draw(&mut self) {
        self.terminal.draw(|frame| view::render(frame, &self.app, &self.look)).expect("no I/O");
    }

    /// Bytes that the frame after some keys sends.
    fn bytes(&mut self, keys: &str) -> usize {
        self.press(keys);
        let before = *self.wire.0.borrow();
        self.draw();
        *self.wire.0.borrow() - before
    }
}

const SIZES: [(u16, u16); 2] = [(120, 40), (200, 60)];

/// A frame that differs from the one before by the row in hand.
#[divan::bench(args = [0, 1])]
fn moved_cursor(bencher: Bencher<'_, '_>, size: usize) {
    let mut stage = Stage::new(SIZES[size]);
    let mut down = false;
    bencher.bench_local(|| {
        down = !down;
        stage.press(if down { "j" } else { "k" });
        stage.draw();
    });
}

/// A frame that is drawn whole.
#[divan::bench(args = [0, 1])]
fn whole_frame(bencher: Bencher<'_, '_>, size: usize) {
    let mut stage = Stage::new(SIZES[size]);
    let (width, height) = SIZES[size];
    bencher.bench_local(|| {
        stage.terminal.resize(Rect::new(0, 0, width, height)).expect("no I/O");
        stage.draw();
    });
}

/// A letter typed into the body of a request.
#[divan::bench(args = [0, 1])]
fn typed_letter(bencher: Bencher<'_, '_>, size: usize) {
    let mut stage = Stage::new(SIZES[size]);
    stage.press("e");
    bencher.bench_local(|| {
        stage.press("x");
        stage.draw();
        stage.press("backspace");
    });
}

#[expect(clippy::print_stdout, reason = "a bench prints")]
fn main() {
    for size in SIZES {
        let mut stage = Stage::new(size);
        let moved = stage.bytes("j");
        let focus = stage.bytes("3");
        stage.press("1 e");
        stage.draw();
        let typed = stage.bytes("x");
        println!("{}x{}: a row down {moved} bytes, another pane {focus} bytes, a letter {typed} bytes", size.0, size.1);
    }
    divan::main();
}
