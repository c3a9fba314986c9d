//! A collection in the explorer: what is read, saved, deleted, brought back, and what two write at once.

use std::path::PathBuf;

use authscope::app::{
    collection::{FileChange, FileFault},
    effect::Effect,
    message::Message,
    overlay::Overlay,
};

use crate::stage::Stage;

const FILE: &str = "# mine\n\n### Create\nPOST {{base_url}}/a\nX: 1\n\n{\"a\": 1}\n\n### Status\nGET {{base_url}}/b\n";

fn read(stage: &mut Stage, files: &[(&str, &str)]) {
    let files = files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect();
    stage.tell(Message::CollectionRead("/c".into(), files, Vec::new()));
}

fn opened() -> Stage {
    let mut stage = Stage::new(120, 40);
    read(&mut stage, &[("pay.http", FILE)]);
    stage.press("1");
    go(&mut stage, "Create");
    stage
}

fn go(stage: &mut Stage, name: &str) {
    stage.press("1 g g");
    for _ in 0..20 {
        // The first row is a title.
        stage.press("j");
        if stage.app.requests.entry().draft.name == name && stage.app.requests.entry().home.is_some() {
            return;
        }
    }
    panic!("there is no {name}: {}", stage.text());
}

fn ordered(effects: Vec<Effect>) -> FileChange {
    let written = effects.into_iter().find_map(|effect| match effect {
        Effect::WriteFile(change) => Some(*change),
        _ => None,
    });
    written.expect("an order to write")
}

fn done(stage: &mut Stage, change: &FileChange) {
    stage.tell(Message::FileWritten(Box::new(change.clone()), Ok(())));
}

#[test]
fn a_change_is_saved_by_one_key_and_touches_its_lines_alone() {
    let mut stage = opened();
    assert!(stage.text().contains("pay.http"), "{}", stage.text());
    stage.app.requests.entry_mut().change(|draft| draft.body = "{\"a\": 2}".to_owned());
    let change = ordered(stage.press("ctrl-s"));
    assert_eq!((change.before.as_deref(), change.text.as_str()), (Some(FILE), &*FILE.replace("\"a\": 1", "\"a\": 2")));
    assert!(stage.app.requests.entry().is_changed(), "until it is written it is not saved");
    done(&mut stage, &change);
    assert!(!stage.app.requests.entry().is_changed());
    assert!(stage.text().contains("“Create” is in pay.http."), "{}", stage.text());
}

#[test]
fn a_request_of_ones_own_and_one_of_the_catalogue_are_kept_in_a_file_by_a_command() {
    let mut stage = opened();
    stage.press("1 g g j ctrl-s");
    stage.press("ctrl-u");
    stage.type_text("keep new/card");
    let change = ordered(stage.press("enter"));
    assert_eq!((change.file.display().to_string(), change.before.as_deref()), ("new/card.http".to_owned(), None));
    assert!(
        change.text.starts_with("### Create a payment\nPOST {{base_url}}/api/v1/transactions\n"),
        "{}",
        change.text
    );
    done(&mut stage, &change);
    assert!(stage.text().contains("new/card.http"), "{}", stage.text());
    stage.press(":");
    stage.type_text("keep ../elsewhere");
    assert!(stage.press("enter").is_empty() && stage.text().contains("named from its folder on"), "{}", stage.text());
}

#[test]
fn what_is_added_to_a_file_and_renamed_is_written_when_it_is_saved() {
    let mut stage = opened();
    stage.press("a esc :");
    stage.type_text("rename Third");
    stage.press("enter");
    let change = ordered(stage.press("ctrl-s"));
    assert_eq!(change.text, format!("{FILE}\n### Third\nGET {{{{base_url}}}}/\n"));
    done(&mut stage, &change);
    // The watch tells the same once more.
    read(&mut stage, &[("pay.http", &change.text)]);
    assert_eq!(stage.text().matches("Third").count(), 2, "once in the list, once in the composer: {}", stage.text());
}

#[test]
fn a_deleted_request_comes_back_byte_for_byte_the_last_one_first() {
    let mut stage = opened();
    let mut texts = vec![FILE.to_owned()];
    for name in ["Create", "Status"] {
        go(&mut stage, name);
        let change = ordered(stage.press("d y"));
        texts.push(change.text.clone());
        // The watch may be quicker than the word of what was written.
        read(&mut stage, &[("pay.http", &change.text)]);
        done(&mut stage, &change);
        assert!(stage.text().contains("is deleted from pay.http"), "{}", stage.text());
    }
    for text in texts.iter().rev().skip(1) {
        let change = ordered(stage.press("1 u"));
        assert_eq!(change.text, *text);
        done(&mut stage, &change);
    }
    assert_eq!(stage.app.requests.entry().draft.name, "Create");
}

#[test]
fn what_others_write_is_there_at_once_and_what_is_being_typed_stays() {
    let mut stage = opened();
    stage.app.requests.entry_mut().change(|draft| draft.url = "{{base_url}}/mine".to_owned());
    read(&mut stage, &[("pay.http", &FILE.replace("### Status\nGET", "### Status\nDELETE")), ("new.http", "GET /n\n")]);
    assert_eq!(stage.app.requests.entry().draft.url, "{{base_url}}/mine");
    assert!(stage.text().contains("DELETE") && stage.text().contains("new.http"), "{}", stage.text());
    go(&mut stage, "Status");
    read(&mut stage, &[("pay.http", FILE)]);
    assert_eq!(stage.app.requests.entry().draft.method, "GET");
    read(&mut stage, &[("pay.http", &FILE.replace("Status", "Renamed"))]);
    assert_eq!(stage.app.requests.entry().draft.name, "Renamed");
}

#[test]
fn two_who_write_the_same_request_are_asked_which_is_to_stay() {
    for (key, draft, order) in [
        ("m", "{{base_url}}/mine", Some("/mine\n")),
        ("t", "{{base_url}}/theirs", None),
        ("b", "{{base_url}}/mine", Some("### Create (mine)\nPOST {{base_url}}/mine\n")),
    ] {
        let mut stage = opened();
        stage.app.requests.entry_mut().change(|draft| draft.url = "{{base_url}}/mine".to_owned());
        let change = ordered(stage.press("ctrl-s"));
        let theirs = FILE.replace("}}/a", "}}/theirs");
        let fault = FileFault::Changed(Some(theirs.clone()));
        stage.tell(Message::FileWritten(Box::new(change), Err(fault)));
        assert!(matches!(stage.app.overlay, Some(Overlay::Conflict { .. })), "{}", stage.text());
        assert!(stage.text().contains("/mine") && stage.text().contains("/theirs"), "{}", stage.text());
        let effects = stage.press(key);
        assert_eq!(stage.app.requests.entry().draft.url, draft, "{key}");
        if let Some(part) = order {
            let change = ordered(effects);
            assert_eq!(change.before, Some(theirs));
            assert!(change.text.contains(part), "{key}: {}", change.text);
        }
    }
}

#[test]
fn two_who_write_different_requests_of_a_file_are_not_asked() {
    let mut stage = opened();
    stage.app.requests.entry_mut().change(|draft| draft.url = "{{base_url}}/mine".to_owned());
    let change = ordered(stage.press("ctrl-s"));
    let theirs = FILE.replace("}}/b", "}}/theirs");
    let fault = FileFault::Changed(Some(theirs.clone()));
    let change = ordered(stage.tell(Message::FileWritten(Box::new(change), Err(fault))));
    assert_eq!(change.text, theirs.replace("}}/a", "}}/mine"));
}

#[test]
fn an_unsaved_draft_of_a_file_is_found_again_whether_or_not_its_collection_is_open() {
    let mut stage = opened();
    stage.app.requests.entry_mut().change(|draft| draft.url = "{{base_url}}/typed".to_owned());
    let snapshot = stage.app.snapshot();
    let mut next = Stage::new(120, 40);
    next.tell(Message::Restored(Some(Box::new(snapshot))));
    assert_eq!(next.app.snapshot().drafts.len(), 1, "without the collection it is kept on");
    read(&mut next, &[("pay.http", FILE)]);
    go(&mut next, "Create");
    assert_eq!(next.app.requests.entry().draft.url, "{{base_url}}/typed");
    assert!(next.app.requests.entry().is_changed());
}

#[test]
fn the_environment_is_read_after_a_yes_that_shows_its_names_and_where_they_go() {
    use authscope::{domain::secret::Secret, library::variables::Outside};
    let mut stage = Stage::new(120, 40);
    read(&mut stage, &[("a.http", "### Key\nGET {{base_url}}/x\nX-Key: {{$processEnv MY_KEY}}\n")]);
    go(&mut stage, "Key");
    let asked = stage.press("s");
    let [Effect::ReadOutside(wants, false)] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(
        (wants.names.as_slice(), wants.to.as_str()),
        (&["MY_KEY".to_owned()][..], "GET http://127.0.0.1:43117/x")
    );
    stage.tell(Message::OutsideRead(wants.clone(), Err(None)));
    let text = stage.text();
    assert!(text.contains("MY_KEY") && text.contains("http://127.0.0.1:43117/x") && text.contains("a.http"), "{text}");
    assert!(stage.press("n").is_empty() && stage.app.overlay.is_none());
    stage.tell(Message::OutsideRead(wants.clone(), Err(None)));
    let agreed = stage.press("y");
    assert!(matches!(&agreed[..], [Effect::ReadOutside(_, true)]), "{agreed:?}");
    let mut outside = Outside::default();
    outside.read.insert("MY_KEY".into(), Some(std::sync::Arc::new(Secret::new("sentinel-of-the-environment"))));
    let sent = Stage::orders(stage.tell(Message::OutsideRead(wants.clone(), Ok(outside))));
    assert!(sent[0].prepared.headers[0].1.is_sensitive());
    assert_eq!(sent[0].prepared.headers[0].1, "sentinel-of-the-environment");
    assert!(!stage.text().contains("sentinel"), "{}", stage.text());
    assert!(!format!("{:?}", stage.app.snapshot()).contains("sentinel"));
    // The file is another: it is asked about again.
    read(&mut stage, &[("a.http", "### Key\nGET {{base_url}}/y\nX-Key: {{$processEnv MY_KEY}}\n")]);
    go(&mut stage, "Key");
    assert!(matches!(&stage.press("s")[..], [Effect::ReadOutside(_, false)]));
}

#[test]
fn a_body_of_a_file_is_put_together_before_it_is_sent_and_one_from_elsewhere_is_asked_about() {
    let mut stage = Stage::new(120, 40);
    let file = "### In\nPOST {{base_url}}/x\n\n< ./in.bin\n\n### Out\nPOST {{base_url}}/x\n\n< /etc/hostname\n";
    read(&mut stage, &[("sub/a.http", file)]);
    go(&mut stage, "In");
    let effects = stage.press("s");
    let [Effect::Assemble(order, folder)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(folder, &PathBuf::from("/c/sub"));
    assert_eq!(Stage::orders(stage.tell(Message::Assembled(Ok(order.clone())))).len(), 1);
    go(&mut stage, "Out");
    let effects = stage.press("s");
    let [Effect::ReadOutside(wants, false)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(wants.files, [PathBuf::from("/etc/hostname")]);
}
