use super::*;

fn entry() -> Entry {
    let draft = Draft { url: "{{base}}/{{id}}".to_owned(), ..Draft::default() };
    Entry::own("own 1".to_owned(), draft)
}

#[test]
fn what_is_known_of_a_request_follows_its_changes() {
    let mut entry = entry();
    let known = |entry: &Entry| (entry.body().rows(), entry.variables().join(" "), entry.is_changed());
    assert_eq!(known(&entry), (1, "base id".to_owned(), false));
    entry.change(|draft| draft.body = "a\n{{more}}".to_owned());
    assert_eq!(known(&entry), (2, "base id more".to_owned(), true));
    entry.change_body(Text::new("a\nb\nc"));
    assert_eq!(known(&entry), (3, "base id".to_owned(), true));
    assert_eq!(entry.draft.body, "a\nb\nc");
    entry.undo();
    assert_eq!(known(&entry), (2, "base id more".to_owned(), true));
    entry.undo();
    assert_eq!(known(&entry), (1, "base id".to_owned(), false));
    entry.redo();
    assert_eq!(known(&entry), (2, "base id more".to_owned(), true));
}

#[test]
fn of_large_bodies_fewer_changes_are_remembered() {
    let mut entry = entry();
    for letter in ["a", "b", "c", "d", "e"] {
        entry.change(|draft| draft.body = letter.repeat(20 << 20));
    }
    let mut seen = Vec::new();
    while entry.undo() {
        seen.push(entry.draft.body.chars().next());
    }
    assert_eq!(seen, [Some('d'), Some('c'), Some('b')]);
    entry.change(|draft| draft.body = "x".repeat(80 << 20));
    entry.change(|draft| draft.body.clear());
    assert!(entry.undo(), "the last change can be taken back whatever its size");
}
