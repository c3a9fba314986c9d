//! `snippet`: what it takes, what it prints, and what it refuses.

use super::program::{Program, served};
use crate::world::World;

fn at_home(words: &[&str]) -> Program {
    Program::new(words)
        .with("AUTHSCOPE_BASE_URL", "https://api.example")
        .with("AUTHSCOPE_CLIENT_ID", "me")
        .with("AUTHSCOPE_CLIENT_SECRET", "sentinel-of-a-secret")
}

#[test]
fn a_request_is_written_by_name_or_by_its_words_and_the_languages_are_listed() {
    let list = Program::new(&["snippet", "--list"]).run().text();
    assert!(
        list.contains("curl") && list.contains("C# with HttpClient, in .NET 6 or later; parsed, not run"),
        "{list}"
    );
    let named = at_home(&["snippet", "create a payment", "--lang", "go", "--kind", "flow"]).run();
    assert_eq!(named.code, Some(0), "{}", named.notes);
    assert!(named.text().contains("https://api.example/api/v1/transactions"), "{}", named.text());
    let words = ["snippet", "PUT", "/x?a=b c", "-H", "X-A: it's", "-d", "{\"a\":1}"];
    let run = at_home(&words).run();
    let expected = "# PUT api.example\n# TOKEN: a bearer token\n: \"${TOKEN:?}\"\n\
        curl --request PUT 'https://api.example/x?a=b%20c' \\\n  --header 'X-A: it'\\''s' \\\n  \
        --header 'Content-Type: application/json' \\\n  --header \"Authorization: Bearer $TOKEN\" \\\n  --data-raw '{\"a\":1}'\n";
    assert_eq!(run.text(), expected);
    let token = at_home(&["snippet", "--kind", "token", "--lang", "python"]).run().text();
    assert!(token.contains("os.environ[\"AUTHSCOPE_CLIENT_SECRET\"]"), "{token}");
}

#[test]
fn what_cannot_be_written_is_refused_with_what_to_do() {
    for (words, said) in [
        (&["snippet", "/x", "--lang", "cobol"][..], "--lang"),
        (&["snippet"], "name a saved request, or a method and an address"),
        (&["snippet", "nobody"], "the catalogue has no such request"),
        (&["snippet", "/x", "-H", "X-A: a\nb"], "line break"),
        (&["snippet", "/x", "-H", "X-A: a\rb"], "line break"),
        (&["snippet", "/x\ny"], "no request may carry"),
        (&["snippet", "/x\ry"], "no request may carry"),
        (&["snippet", "/x", "-H", "Authorization: Bearer abc", "--kind", "flow"], "of its own"),
        (&["snippet", "/x", "--reveal"], "nobody to ask"),
    ] {
        let run = at_home(words).run();
        assert_eq!((run.code, run.output.as_slice()), (Some(2), &b""[..]), "{words:?}: {}", run.notes);
        assert!(run.notes.contains(said), "{words:?}: {}", run.notes);
    }
    // A NUL cannot stand in an argument; a file may hold one.
    let run = at_home(&["snippet", "/x", "-H", "@headers"]).file("headers", "X-A: a\0b\n").run();
    assert!(run.code == Some(2) && run.notes.contains("control character"), "{}", run.notes);
}

#[test]
fn what_a_client_cannot_send_is_a_warning_beside_the_code() {
    let run = at_home(&["snippet", "GET", "/x", "-d", "a", "--lang", "javascript"]).run();
    assert_eq!(run.code, Some(0));
    assert!(
        run.notes.contains("JavaScript cannot send this request as it is: fetch sends no body with GET"),
        "{}",
        run.notes
    );
}

#[tokio::test]
async fn a_secret_stands_in_the_code_only_when_the_person_says_yes() {
    let world = World::new();
    let secret = world.sandbox.clients()[0].secret.clone();
    let before = world.sandbox.journal().entries().len();
    let written = served(&world, &["snippet", "/x", "--kind", "flow"]).served().await;
    assert!(!written.text().contains(&secret) && world.sandbox.journal().entries().len() == before);
    for (answer, shown) in [("no\n", false), ("yes\n", true)] {
        let program = served(&world, &["snippet", "--kind", "token", "--reveal"]);
        let (home, (code, seen)) = tokio::task::spawn_blocking(move || {
            let seen = program.talking(&[("Type yes:", answer)]);
            (program.home, seen)
        })
        .await
        .unwrap();
        assert_eq!((code == 0, seen.contains(&secret)), (shown, shown), "{seen}");
        let mut folders = vec![home.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    let kept = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                    assert!(!kept, "{} keeps it", path.display());
                }
            }
        }
    }
}

#[test]
fn templates_beside_the_config_file_change_a_language_or_add_one() {
    let about = "name = \"Mine\"\nescaper = \"python\"\ncomment = \"#\"\n";
    let folder = "config/authscope/snippets";
    let run = |words| {
        let mut program = Program::new(words).file(&format!("{folder}/mine/language.toml"), about);
        for kind in ["token", "call", "flow"] {
            program = program.file(&format!("{folder}/mine/{kind}.jinja"), "{{ request.method | code }}\n");
        }
        program
            .file(&format!("{folder}/curl/call.jinja"), "mine\n")
            .file(&format!("{folder}/ruby/call.jinja"), "{% x")
            .run()
    };
    assert_eq!(run(&["snippet", "PURGE", "/x", "--lang", "mine"]).text(), "\"PURGE\"\n");
    assert_eq!(run(&["snippet", "/x"]).text(), "mine\n");
    let ruby = run(&["snippet", "/x", "--lang", "ruby"]);
    assert!(ruby.text().contains("Net::HTTP") && ruby.notes.contains("snippets/ruby/call.jinja"), "{}", ruby.notes);
    assert!(run(&["snippet", "--list"]).text().contains("Mine"));
}
