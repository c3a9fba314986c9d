//! The terminal, taken and given back: one guard, whatever ends the program.
//!
//! Owns the modes that are set and the one way out to the screen. Giving back may be asked for twice, from a panic too,
//! and never fails aloud: there is nobody left to tell. Once it is given back nothing more is written.

use std::{
    io::{self, Write},
    sync::atomic::{AtomicBool, Ordering},
};

use crossterm::{
    cursor::{Hide, Show},
    event::{DisableBracketedPaste, EnableBracketedPaste},
    execute,
    style::{Attribute, Print, SetAttribute},
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};

/// Whether the terminal is ours now. The panic hook must find it without being handed anything.
static OURS: AtomicBool = AtomicBool::new(false);
/// Whether the terminal is to tell of the mouse while it is ours.
static MOUSE: AtomicBool = AtomicBool::new(true);

/// Presses, releases and the wheel (1000), told in decimals (1006). Not each movement (1003): nobody asks for it, and it
/// would wake the loop for nothing.
const MOUSE_ON: &str = "\u{1b}[?1000h\u{1b}[?1006h";
const MOUSE_OFF: &str = "\u{1b}[?1006l\u{1b}[?1000l";
/// Whether the terminal has the focus (1004).
const FOCUS_ON: &str = "\u{1b}[?1004h";
const FOCUS_OFF: &str = "\u{1b}[?1004l";

/// The terminal is ours as long as this lives.
pub(super) struct Guard(());

impl Guard {
    /// Takes the terminal; a step that fails undoes those before it.
    pub(super) fn enter() -> io::Result<Self> {
        take()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> io::Result<()> {
    OURS.store(true, Ordering::SeqCst);
    let modes = || execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Print(FOCUS_ON), Hide);
    let taken = enable_raw_mode().and_then(|()| modes());
    let taken = taken.and_then(|()| mouse(MOUSE.load(Ordering::SeqCst)));
    if taken.is_err() {
        give_back();
    }
    taken
}

/// Lets the terminal tell of the mouse, or keep it for itself.
pub(super) fn mouse(on: bool) -> io::Result<()> {
    MOUSE.store(on, Ordering::SeqCst);
    sequence(if on { MOUSE_ON } else { MOUSE_OFF }.as_bytes())
}

/// Takes it again after this process stood still.
pub(super) fn take_again() -> io::Result<()> {
    // Who stopped us from outside may have changed the modes; those kept from before are the ones to go back to.
    let _ = disable_raw_mode();
    take()
}

/// Sets everything back as it was, if it is not already.
pub(super) fn give_back() {
    if OURS.swap(false, Ordering::SeqCst) {
        let plain = SetAttribute(Attribute::Reset);
        let mut out = io::stdout();
        let _ = execute!(out, Print(MOUSE_OFF), Print(FOCUS_OFF), plain, DisableBracketedPaste);
        let _ = execute!(out, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

/// The way out to the screen: a frame goes out in one piece, and none once the terminal is given back.
pub(super) fn output() -> impl Write {
    Output(Vec::new())
}

/// Sends a sequence beside the frames, while the terminal is ours.
pub(super) fn sequence(bytes: &[u8]) -> io::Result<()> {
    let mut output = Output(bytes.to_vec());
    output.flush()
}

struct Output(Vec<u8>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let frame = std::mem::take(&mut self.0);
        if !OURS.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        out.write_all(&frame)?;
        out.flush()
    }
}
