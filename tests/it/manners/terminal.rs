//! Copying on a real pseudo-terminal: by which way it went is said.

use std::{fs, os::unix::fs::PermissionsExt as _};

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::terminal::window::Window;

/// The address of the request that is open at the start, copied.
fn copied(window: &mut Window) {
    window.until_shown("? keys");
    window.press("y");
    window.until_shown("the address");
    window.press("u");
    window.until_shown("Copied the address");
}

#[test]
fn a_copy_that_neither_desktop_nor_tmux_take_goes_to_the_terminal_and_says_so() {
    let mut window = Window::open();
    copied(&mut window);
    let screen = window.text();
    let told = String::from_utf8_lossy(window.bytes()).into_owned();
    let (_, sequence) = told.split_once("\x1b]52;c;").unwrap();
    let text = BASE64_STANDARD.decode(sequence.split('\x1b').next().unwrap()).unwrap();
    assert!(text.ends_with(b"/api/v1/transactions/txn_demo0001/status"), "{text:?}");
    assert!(screen.contains(&format!("Copied the address, {} bytes, by OSC 52", text.len())), "{screen}");
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn a_copy_goes_by_tmux_where_there_is_no_desktop_and_says_how_many_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (program, buffer) = (folder.path().join("tmux"), folder.path().join("buffer"));
    fs::write(&program, "#!/bin/sh\nexec cat > \"$BUFFER\"\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let (folder, told) = (folder.path().display().to_string(), buffer.display().to_string());
    let variables = [("TERM", "xterm-256color"), ("TMUX", "/tmp/tmux"), ("FOLDER", &folder), ("BUFFER", &told)];
    let mut window = Window::shell(&["-c", "PATH=\"$FOLDER:$PATH\" exec \"$PROGRAM\""], &variables);
    copied(&mut window);
    let text = fs::read_to_string(&buffer).unwrap();
    assert!(text.ends_with("/api/v1/transactions/txn_demo0001/status"), "{text}");
    let screen = window.text();
    assert!(screen.contains(&format!("Copied the address, {} bytes, by tmux.", text.len())), "{screen}");
    assert!(!String::from_utf8_lossy(window.bytes()).contains("\x1b]52;"), "the terminal is not asked as well");
    window.press("q");
    window.until(|window| !window.is_taken());
    assert_eq!(window.ended(), 0);
}
