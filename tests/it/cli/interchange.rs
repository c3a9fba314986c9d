//! `import` and `export`, as a person types them.

use std::fs;

use authscope::library::http_file;

use super::program::{Program, Run};
use crate::interchange::sample;

fn within(words: &[&str], files: &[(&str, &str)]) -> Run {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Program::within(home, words).run()
}

#[test]
fn a_command_line_from_standard_input_comes_out_as_a_http_file() {
    let run = Program::new(&["import", "-"]).reading("curl -X PUT http://h/a -d x=1 -k").run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert_eq!(run.text(), "### PUT /a\nPUT http://h/a\nContent-Type: application/x-www-form-urlencoded\n\nx=1\n");
    assert!(run.notes.contains("took 1 requests, read as curl"), "{}", run.notes);
    assert!(run.notes.contains("not taken: --insecure: TLS is a setting of the profile"), "{}", run.notes);
}

#[test]
fn a_description_is_written_as_a_folder_and_nothing_is_written_over() {
    let (api, payment, card) = (sample("payments.yaml"), sample("payment.yaml"), sample("card.yaml"));
    let files =
        [("api.yaml", api.as_str()), ("schemas/payment.yaml", payment.as_str()), ("schemas/card.yaml", card.as_str())];
    let run = within(&["import", "api.yaml", "--to", "out", "--yes"], &files);
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let read = |name: &str| fs::read_to_string(run.home.path().join("out").join(name)).unwrap();
    let blocks = http_file::blocks(&read("Payments.http"));
    assert_eq!(blocks[0].draft.name, "Create a payment");
    assert!(blocks[0].draft.body.contains("\"holder\": \"A Holder\""), "{}", blocks[0].draft.body);
    assert!(read("authscope.toml").contains("[profiles.live]"));
    let former = read("Payments.http");
    let again = Program::within(run.home, &["import", "api.yaml", "--to", "out", "--yes"]).run();
    assert_eq!(again.code, Some(2));
    assert!(again.notes.contains("is there, and nothing was written"), "{}", again.notes);
    assert_eq!(fs::read_to_string(again.home.path().join("out/Payments.http")).unwrap(), former);
    let over = Program::within(again.home, &["import", "api.yaml", "--to", "out", "--yes", "--overwrite"]).run();
    assert_eq!(over.code, Some(0), "{}", over.notes);
}

#[test]
fn a_file_that_is_named_is_not_read_without_a_yes() {
    let text = "curl http://h/ -d @private.txt\n";
    let files = [("command.txt", text), ("private.txt", "private-canary")];
    let run = within(&["import", "command.txt"], &files);
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert!(!run.told().contains("canary"));
    assert!(run.notes.contains("not read: private.txt for the body: it needs a yes (--yes)"), "{}", run.notes);
    let run = within(&["import", "command.txt", "--yes"], &files);
    assert!(run.text().contains("private-canary"));
}

#[test]
fn no_secret_of_what_is_imported_reaches_a_file_or_the_screen() {
    for name in ["collection.json", "page.har", "environment.json"] {
        let text = sample(name);
        let run = within(&["import", name, "--to", "out"], &[(name, text.as_str())]);
        assert_eq!(run.code, Some(0), "{}", run.notes);
        assert!(!run.told().contains("canary"), "{}", run.told());
        let mut folders = vec![run.home.path().join("out")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    assert!(!fs::read_to_string(&path).unwrap().contains("canary"), "{}", path.display());
                }
            }
        }
    }
}

#[test]
fn names_of_folders_lead_nowhere_else() {
    let collection = serde_json::json!({ "info": {}, "item": [
        { "name": "../../up", "item": [{ "name": "a", "request": "http://h/a" }] },
        { "name": "/etc", "item": [{ "name": "..", "item": [{ "name": "b", "request": "http://h/b" }] }] },
    ] });
    let run = within(&["import", "c.json", "--to", "out"], &[("c.json", &collection.to_string())]);
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let out = run.home.path().join("out");
    assert!(out.join("up.http").is_file() && out.join("etc/requests.http").is_file(), "{}", run.notes);
}

#[test]
fn a_text_of_no_known_format_is_refused_with_the_way_to_name_one() {
    for text in ["", "{}", "\u{0}"] {
        let run = Program::new(&["import", "-"]).reading(text).run();
        assert_eq!(run.code, Some(2));
        assert!(run.notes.contains("`--format` names one") || run.notes.contains("no request"), "{}", run.notes);
    }
    let run = Program::new(&["import", "-"]).reading([0xff, 0xfe]).run();
    assert!(run.notes.contains("no text in UTF-8"), "{}", run.notes);
    let run = Program::new(&["import", "nowhere.yaml"]).run();
    assert_eq!(run.code, Some(2));
}

#[test]
fn a_request_is_exported_with_its_secrets_hidden_unless_they_are_asked_for() {
    let typed = [
        "-H",
        "X-Api-Key: export-canary",
        "POST",
        "https://h/x?api_key=export-canary",
        "-d",
        "{\"secret\":\"export-canary\"}",
    ];
    for format in ["curl", "har", "http", "markdown"] {
        let run = Program::new(&[&["export", format], &typed[..]].concat()).run();
        assert_eq!(run.code, Some(0), "{}", run.notes);
        assert!(!run.told().contains("canary"), "{}", run.told());
        let run = Program::new(&[&["export", format, "--reveal"], &typed[..]].concat()).run();
        assert!(run.text().matches("export-canary").count() >= 3, "{}", run.text());
    }
    let run = Program::new(&["export", "curl", "create a payment"]).run();
    assert!(run.text().starts_with("curl http://127.0.0.1:"), "{}", run.told());
    let run = Program::new(&["export", "http", "Check its status"]).run();
    assert!(run.text().contains("GET {{base_url}}/api/v1/transactions/{{txNo}}/status"), "{}", run.told());
}
