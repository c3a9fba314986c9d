//! A file or a pipe on the screen, and nothing else.

use std::{fs, io::Write as _, path::Path, thread};

use super::window::{Guard, Window};

/// How many filters run in a folder; on Linux, which tells it.
fn filters(folder: &Path) -> usize {
    let Ok(processes) = fs::read_dir("/proc") else { return 0 };
    let is_filter = |process: &Path| {
        fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == folder)
            && fs::read(process.join("cmdline")).is_ok_and(|words| words.ends_with(b"\0filter\0"))
    };
    processes.filter(|process| process.as_ref().is_ok_and(|process| is_filter(&process.path()))).count()
}

const TERM: (&str, &str) = ("TERM", "xterm-256color");

#[test]
fn a_file_is_looked_at_with_the_keys_of_a_body_and_q_leaves() {
    let script = r#"printf '{"a":[1,2],"b":"two"}' >f.json; exec "$PROGRAM" view f.json"#;
    let mut window = Window::shell(&["-c", script], &[TERM]);
    window.until_shown("\"b\": \"two\"");
    assert!(window.is_taken() && window.text().contains("f.json"));
    window.press("-");
    window.until_shown("2 items");
    window.press("=v");
    window.until_shown("{\"a\":[1,2],\"b\":\"two\"}");
    // There is nothing to send here, and no other pane.
    window.press("s");
    window.until_shown("A file is looked at here");
    window.press("q");
    assert_eq!(window.ended(), 0);
}

fn until_they_are(folder: &Path, count: usize) {
    let guard = Guard::new();
    while filters(folder) != count {
        guard.check(|| format!("{} filters, not {count}", filters(folder)));
        thread::yield_now();
    }
}

#[test]
fn whatever_the_bytes_are_what_is_saved_is_what_was_sent() {
    for (sent, shown) in [
        (&b"caf\xe9, not UTF-8"[..], "caf<E9>, not UTF-8"),
        (b"\xff\xfec\0a\0f\0\xe9\0", "caf\u{e9}"),
        (b"\xef\xbb\xbfmarked at the start", "marked at the start"),
        (b"a NUL \0 in it", "61 20 4e 55 4c 20 00"),
        (b"<?xml version='1.0'?><a><b>one</b></a>", "  <b>one</b>"),
    ] {
        let mut window = Window::shell(&["-c", r#"read -r go; exec "$PROGRAM" view body"#], &[TERM]);
        fs::write(window.home().join("body"), sent).unwrap();
        window.press("\r");
        window.until_shown(shown);
        window.press(":w saved\r");
        window.until_shown("Saved the body");
        assert_eq!(fs::read(window.home().join("saved")).unwrap(), sent);
        window.press("q");
        assert_eq!(window.ended(), 0);
    }
}

#[test]
fn a_filter_that_takes_memory_without_end_is_stopped_and_said_to_be() {
    let mut window = Window::shell(&["-c", r#"echo '[3,1,2]' >f.json; exec "$PROGRAM" view f.json"#], &[TERM]);
    window.until_shown("3,");
    window.press(r#"f[repeat("x" * 1000000)]"#);
    window.until_shown("needs more than 1024 MiB");
    window.press("\x15.[0]");
    window.until_shown("2 B");
    window.press("\x1b");
    window.until_shown("3,");
    window.press("q");
    assert_eq!(window.ended(), 0);
}

#[test]
fn a_filter_without_end_keeps_no_key_waiting() {
    let mut window = Window::shell(&["-c", r#"echo '[3,1,2]' >f.json; exec "$PROGRAM" view f.json"#], &[TERM]);
    window.until_shown("3,");
    window.press("flast(repeat(1))");
    window.until_shown("it runs");
    let home = window.home().canonicalize().unwrap();
    until_they_are(&home, usize::from(cfg!(target_os = "linux")));
    window.press("\x15");
    until_they_are(&home, 0);
    window.until(|window| window.text().contains("3,") && !window.text().contains("it runs"));
    window.press("sort[]");
    window.until_shown("JSON lines   6 B");
    window.press("\r");
    window.until_shown("1 of 3");
    // One that runs when the program ends, ends with it.
    window.press("f\x15last(repeat(1))");
    window.until_shown("it runs");
    window.press("\r");
    window.until(|window| !window.text().contains("EDIT"));
    until_they_are(&home, usize::from(cfg!(target_os = "linux")));
    window.press("q");
    assert_eq!(window.ended(), 0);
    until_they_are(&home, 0);
}

#[test]
fn a_pipe_is_drawn_from_its_first_chunk_while_keys_come_from_the_terminal() {
    let script = r#"mkfifo rest; (printf '{"a":[1,'; cat rest) | "$PROGRAM" view -; echo "exit $?""#;
    let mut window = Window::shell(&["-c", script], &[TERM]);
    window.until(|window| window.text().contains("\"a\": [") && window.text().contains("stops"));
    window.press("v");
    window.until_shown("{\"a\":[1,");
    let rest = window.home().join("rest");
    fs::OpenOptions::new().write(true).open(rest).unwrap().write_all(b"\"the rest\"]}").unwrap();
    window.until(|window| window.text().contains("\"the rest\"]}") && !window.text().contains("stops"));
    window.press("q");
    window.until_shown("exit 0");
    assert_eq!(window.ended(), 0);
}

#[test]
fn reading_a_pipe_that_does_not_end_is_stopped_and_what_came_is_kept() {
    let script = r#"mkfifo never; (echo 'a line'; exec cat never) | "$PROGRAM" view -; echo "exit $?""#;
    let mut window = Window::shell(&["-c", script], &[TERM]);
    window.until_shown("a line");
    window.press("\x03");
    window.until_shown("incomplete");
    assert!(window.text().contains("a line"));
    window.press("q");
    window.until(|window| !window.is_taken());
    // The shell waits for whoever holds the other end of the pipe.
    drop(fs::OpenOptions::new().write(true).open(window.home().join("never")).unwrap());
    window.until_shown("exit 0");
    assert_eq!(window.ended(), 0);
}
