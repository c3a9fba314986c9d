use super::*;
use crate::body::Body;

fn read(pages: Pages) -> String {
    let mut out = Vec::new();
    write(pages, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_body_is_written_as_it_is_looked_at_with_every_fold_open() {
    let mut document = Document::new(Body::of(r#"{"a":[1,2]}"#), Some("application/json"));
    document.fold_all();
    assert_eq!(read(Pages::Body(document)), "{\n  \"a\": [\n    1,\n    2\n  ]\n}\n");
}

#[test]
fn a_body_of_many_lines_and_a_long_line_is_written_whole() {
    let long = "0123456789é".repeat(40_000);
    let text = format!("{}{long}\nthe end", "a line\n".repeat(10 * ROWS + 1));
    let document = Document::new(Body::of(text.as_str()), Some("text/plain"));
    assert!(read(Pages::Body(document)) == text + "\n");
}

#[test]
fn no_byte_is_a_command_for_the_terminal() {
    for pages in [
        Pages::Text("a\u{1b}]0;title\u{7}b\n".to_owned()),
        Pages::Body(Document::new(Body::of("a\u{1b}]0;title\u{7}b\n"), Some("text/plain"))),
    ] {
        let read = read(pages);
        assert!(read.starts_with('a') && read.ends_with("b\n"), "{read}");
        assert!(!read.trim_end().contains(char::is_control), "{read}");
    }
}

#[test]
fn what_an_editor_leaves_at_the_end_is_no_change() {
    for (before, wrote, after) in [("a", "a\n", "a"), ("a", "b\r\n", "b"), ("a\n", "a\n", "a\n"), ("", "\n", "")] {
        let file = written(wrote, ".txt").unwrap();
        assert_eq!(read_back(file, before).unwrap(), after, "{wrote:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_file_of_an_editor_is_its_owners_alone_and_goes_with_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let file = written("{}", ".json").unwrap();
    let path = file.path().to_owned();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    drop(file);
    assert!(!path.exists());
}
