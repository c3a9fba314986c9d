//! What comes from elsewhere: samples of each format, and hostile ones.

use std::fmt::Write as _;

use authscope::interchange::{Files, Import, format::Format, profiles};

mod hostile;

pub fn sample(name: &str) -> String {
    let path = format!("{}/tests/it/interchange/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn imported(name: &str, files: &Files) -> Import {
    let text = sample(name);
    Format::of(&text).expect("the format is told by the text").imported(&text, files)
}

/// All of an import, for a person to read.
fn told(import: &Import) -> String {
    let mut told = String::new();
    for found in &import.requests {
        let draft = &found.draft;
        let _ = writeln!(told, "### {} > {}\n{} {}", found.folders.join(" > "), draft.name, draft.method, draft.url);
        let rows = [("var", &draft.variables), ("query", &draft.query), ("header", &draft.headers)];
        for (what, row) in rows.into_iter().flat_map(|(what, rows)| rows.iter().map(move |row| (what, row))) {
            let off = if row.on { "" } else { " (off)" };
            let _ = writeln!(told, "  {what} {}: {}{off}", row.name, row.value);
        }
        if !draft.body.is_empty() {
            let _ = writeln!(told, "{}", draft.body.replace('\r', "␍"));
        }
    }
    for row in &import.variables {
        let _ = writeln!(told, "@{} = {}{}", row.name, row.value, if row.on { "" } else { " (off)" });
    }
    if !import.servers.is_empty() {
        told += &profiles(&import.servers).unwrap();
    }
    for ask in &import.asks {
        let _ = writeln!(told, "? {}: {}", ask.file, ask.what);
    }
    for left in &import.left {
        let _ = writeln!(told, "- {}: {}", left.what, left.why);
    }
    told
}

fn kept(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("interchange/told");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_description_of_an_api_becomes_a_folder_of_requests() {
    let files = Files::from([
        ("schemas/payment.yaml".to_owned(), sample("payment.yaml").into_bytes()),
        ("schemas/card.yaml".to_owned(), sample("card.yaml").into_bytes()),
    ]);
    kept("import_openapi_3", &told(&imported("payments.yaml", &files)));
    kept("import_openapi_2", &told(&imported("petstore.json", &Files::new())));
}

#[test]
fn a_file_that_a_description_refers_to_is_asked_for_and_so_is_what_that_refers_to() {
    let asked = |files: &Files| -> Vec<String> {
        imported("payments.yaml", files).asks.into_iter().map(|ask| ask.file).collect()
    };
    assert_eq!(asked(&Files::new()), ["schemas/payment.yaml"]);
    let files = Files::from([("schemas/payment.yaml".to_owned(), sample("payment.yaml").into_bytes())]);
    assert_eq!(asked(&files), ["schemas/card.yaml"]);
}

#[test]
fn collections_and_environments_of_postman_are_taken() {
    kept("import_postman", &told(&imported("collection.json", &Files::new())));
    kept("import_postman_environment", &told(&imported("environment.json", &Files::new())));
}

#[test]
fn the_requests_of_an_archive_are_taken() {
    kept("import_har", &told(&imported("page.har", &Files::new())));
}

#[test]
fn a_http_file_is_taken() {
    kept("import_http", &told(&imported("requests.http", &Files::new())));
}

#[test]
fn the_format_is_told_by_the_text() {
    let formats = [
        ("payments.yaml", Format::OpenApi),
        ("petstore.json", Format::OpenApi),
        ("collection.json", Format::Postman),
        ("environment.json", Format::Postman),
        ("page.har", Format::Har),
        ("requests.http", Format::Http),
    ];
    for (name, format) in formats {
        assert_eq!(Format::of(&sample(name)), Some(format), "{name}");
    }
    assert_eq!(Format::of("$ curl http://h/"), Some(Format::Curl));
    for text in ["", "{}", "[1]", "hello"] {
        assert_eq!(Format::of(text).filter(|format| *format != Format::Http), None, "{text}");
    }
}

#[test]
fn what_looks_like_a_secret_is_not_written_into_a_file() {
    for name in ["collection.json", "page.har", "environment.json"] {
        let mut import = imported(name, &Files::new());
        import.hide_secrets();
        let told = told(&import);
        assert!(!told.contains("canary"), "{name}: {told}");
    }
    let mut import = imported("page.har", &Files::new());
    import.hide_secrets();
    kept("import_har_without_secrets", &told(&import));
}
