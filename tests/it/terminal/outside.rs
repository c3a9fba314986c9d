//! The person's own programs, which have the terminal for a while.

use std::fs;

use rustix::process::Signal;

use super::window::Window;

/// An editor that tells that it is there and waits for a line, which it puts in the place of the whole file.
const ASKING: (&str, &str) = ("EDITOR", "sh -c 'echo give a line; read -r line; echo \"$line\" >\"$1\"' editor");

#[test]
fn a_field_is_edited_in_the_editor_which_has_the_terminal_to_itself() {
    let mut window = Window::open_with(&[ASKING]);
    // Over the panes the field that `edit` would open, and it is left.
    window.press("\x1bOS");
    window.until(|window| !window.is_taken() && window.text().contains("give a line"));
    assert!(!window.hides_the_cursor());
    window.press("{{base_url}}/from-the-editor?q=s\n");
    window.until(|window| window.is_taken() && window.text().contains("/from-the-editor"));
    window.until(Window::hides_the_cursor);
    // In a field, which is not left; it is one change.
    window.press("e");
    window.until(|window| !window.hides_the_cursor());
    window.press("\x18\x05");
    window.until(|window| !window.is_taken());
    window.press("{{base_url}}/another\n");
    window.until(|window| window.is_taken() && window.text().contains("/another"));
    window.press("\x1f");
    window.until(|window| window.text().contains("/from-the-editor") && !window.text().contains("/another"));
    window.press("\x1b");
    window.until(Window::hides_the_cursor);
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn a_text_stays_as_it_was_where_the_editor_fails_or_is_none() {
    for (editor, said) in [
        ("false", "`false` ended with exit status: 1; the text is as it was."),
        ("/no/such/program", "ended with exit status: 127; the text is as it was."),
        (" ", "No editor is named. Set `EDITOR`"),
    ] {
        let mut window = Window::open_with(&[("EDITOR", editor)]);
        window.press("\x1bOS");
        window.until_shown(said);
        assert!(window.text().contains("GET  {{base_url}}/api/v1/transactions/{{txNo}}/status"), "{}", window.text());
        window.press("q");
        assert_eq!(window.end(), 0);
    }
}

#[test]
fn a_text_that_is_not_utf_8_is_kept_in_its_file() {
    let mut window = Window::open_with(&[("VISUAL", "printf '\\377' >"), ("TMPDIR", ".")]);
    window.press("\x1bOS");
    window.until_shown("is not UTF-8");
    let mut files = fs::read_dir(window.home()).unwrap().map(|entry| entry.unwrap().path());
    let kept = files.find(|path| path.extension().is_some_and(|suffix| suffix == "txt")).unwrap();
    assert_eq!(fs::read(kept).unwrap(), b"\xff");
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn a_body_is_read_in_the_pager_whole_and_without_a_control() {
    let mut window =
        Window::open_with(&[("PAGER", "cat >read; env >variables"), ("AUTHSCOPE_CLIENT_SECRET", "hidden")]);
    window.press("\x1bOR");
    window.until_shown("There is nothing to read yet.");
    window.press("s");
    window.until_shown("200 OK");
    window.press("\x1bOR");
    let home = window.home().to_owned();
    let taken = |window: &Window| window.bytes().windows(8).filter(|bytes| *bytes == b"\x1b[?1049h").count();
    window.until(|window| taken(window) == 2);
    let read = fs::read_to_string(home.join("read")).unwrap();
    assert!(read.starts_with("{\n") && read.ends_with("}\n") && read.contains("\"txn_demo0001\""), "{read}");
    let variables = fs::read_to_string(home.join("variables")).unwrap();
    assert!(variables.contains("PAGER=") && !variables.contains("hidden"), "{variables}");
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn a_body_is_looked_at_in_the_editor_as_a_copy_that_changes_nothing_and_is_gone_afterwards() {
    let editor = ("EDITOR", "sh -c 'cp \"$1\" looked; stat -c %a \"$1\" >mode; echo \"$1\" >name' editor");
    let mut window = Window::open_with(&[editor]);
    window.press("s");
    window.until_shown("200 OK");
    window.press("3\x1bOS");
    let home = window.home().to_owned();
    window.until(|_| home.join("name").exists());
    window.until(|window| window.is_taken() && window.text().contains("txn_demo0001"));
    assert!(fs::read_to_string(home.join("looked")).unwrap().starts_with("{\n"));
    assert_eq!(fs::read_to_string(home.join("mode")).unwrap(), "400\n");
    let name = fs::read_to_string(home.join("name")).unwrap();
    window.press("q");
    assert_eq!(window.end(), 0);
    assert!(!std::path::Path::new(name.trim()).exists(), "{name}");
}

#[test]
fn an_address_is_opened_in_the_browser_once_it_was_shown_and_agreed_to_without_a_secret_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let opener = folder.path().join("xdg-open");
    fs::write(&opener, "#!/bin/sh\nenv >variables\necho \"$@\" >opened\n").unwrap();
    fs::set_permissions(&opener, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let mut window = Window::open_with(&[("PATH", &path), ("AUTHSCOPE_CLIENT_SECRET", "hidden")]);
    let home = window.home().to_owned();
    window.press("s");
    window.until_shown("200 OK");
    window.press("2o");
    window.until_shown("Open in the browser");
    window.until_shown("/api/v1/transactions/txn_demo0001/status");
    assert!(!home.join("opened").exists());
    window.press("y");
    window.until(|_| fs::read_to_string(home.join("opened")).is_ok_and(|address| address.ends_with('\n')));
    let address = fs::read_to_string(home.join("opened")).unwrap();
    assert!(address.starts_with("http://127.0.0.1:") && address.trim().ends_with("/status"), "{address}");
    assert!(!fs::read_to_string(home.join("variables")).unwrap().contains("hidden"));
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn a_body_is_saved_by_its_command_and_not_over_another_file_unasked() {
    let mut window = Window::open();
    let file = window.home().join("body.json");
    window.press(":w ~/body.json\r");
    window.until_shown("there is no body yet");
    window.press("s");
    window.until_shown("200 OK");
    window.press(":w ~/body.json\r");
    window.until_shown("Saved the body");
    let first = fs::read_to_string(&file).unwrap();
    assert!(first.starts_with('{') && first.contains("txn_demo0001"), "{first}");
    fs::write(&file, "mine").unwrap();
    window.press(":w ~/body.json\r");
    window.until_shown("is there already");
    window.press("n");
    window.until(|window| !window.text().contains("is there already"));
    window.press(":w body.json\r");
    window.until_shown("is there already");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    window.press("y");
    window.until_shown("Saved the body");
    assert_eq!(fs::read_to_string(&file).unwrap(), first);
    window.press("q");
    assert_eq!(window.end(), 0);
}

#[test]
fn what_ends_the_program_ends_the_editor_too() {
    let mut window = Window::open_with(&[ASKING]);
    window.press("\x1bOS");
    window.until_shown("give a line");
    window.signal(Signal::TERM);
    assert_eq!(window.end(), 143);
}
