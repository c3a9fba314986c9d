//! A file or a pipe on the screen, and nothing else.

use std::{fs, io::Write as _};

use super::window::Window;

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

#[test]
fn a_filter_without_end_keeps_no_key_waiting() {
    let mut window = Window::shell(&["-c", r#"echo '[3,1,2]' >f.json; exec "$PROGRAM" view f.json"#], &[TERM]);
    window.until_shown("3,");
    window.press("flast(repeat(1))");
    window.until_shown("it runs");
    window.press("\x15");
    window.until(|window| window.text().contains("3,") && !window.text().contains("it runs"));
    window.press("sort[]");
    window.until_shown("JSON lines   6 B");
    window.press("\r");
    window.until_shown("1 of 3");
    window.press("q");
    assert_eq!(window.ended(), 0);
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
