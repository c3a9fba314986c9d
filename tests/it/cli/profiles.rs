//! Profiles by the command line: added, tried, looked at, removed.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use authscope::sandbox::{Answer, Endpoint, Order};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use insta::assert_snapshot;

use super::program::{Program, Run};
use crate::world::{STATUS, World};

const CONFIG: &str = "config/authscope/config.toml";

/// A run of these words in the home that another run left.
fn after(run: &Run, words: &[&str]) -> Program {
    let text = fs::read_to_string(run.home.path().join(CONFIG)).unwrap();
    Program::new(words).configured(&text)
}

fn config(run: &Run) -> String {
    fs::read_to_string(run.home.path().join(CONFIG)).unwrap()
}

fn add<'a>(world: &'a World, more: &[&'a str]) -> Vec<&'a str> {
    let base = ["profiles", "add", "mine", "--base-url", world.sandbox.base_url()];
    [&base[..], &["--client-id", &world.sandbox.clients()[0].id], more].concat()
}

/// What was told, home and port by names of their own.
fn told(run: &Run) -> String {
    run.told().replace(run.home.path().to_str().unwrap(), "HOME")
}

#[tokio::test]
async fn a_profile_is_added_tried_used_and_removed_and_the_file_keeps_what_was_written() {
    let world = World::new();
    let secret = world.sandbox.clients()[0].secret.as_str();
    let mine = "# mine\n[keys] # keys\nsend = [\"x\"]\n";
    let added = Program::new(&add(&world, &["--secret-env", "MINE"])).configured(mine).run();
    assert_eq!(added.code, Some(0), "{}", added.notes);
    assert!(added.notes.contains("`$MINE`") || added.notes.contains("$MINE"), "{}", added.notes);
    assert!(config(&added).starts_with(mine), "{}", config(&added));
    let mode = fs::metadata(added.home.path().join(CONFIG)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let tried = after(&added, &["profiles", "test", "mine"]).with("MINE", secret).served().await;
    assert_eq!(tried.code, Some(0), "{}", tried.notes);
    let called = after(&added, &["send", STATUS, "--profile", "mine"]).with("MINE", secret).served().await;
    assert_eq!(called.code, Some(0), "{}", called.notes);
    let list = after(&added, &["profiles", "list", "--json"]).run().json();
    assert_eq!(list[1]["name"], "mine");
    assert_eq!((&list[1]["credentials"][0], &list[0]["active"]), (&"default".into(), &true.into()));

    let second =
        after(&added, &["profiles", "add", "mine", "--credential", "two", "--client-id", "b", "--secret-prompt"]);
    let second = second.run();
    assert_eq!(second.code, Some(0), "{}", second.notes);
    assert!(config(&second).contains("[profiles.mine.credentials.two]"), "{}", config(&second));
    let again = after(&second, &add(&world, &[])).run();
    assert_eq!((again.code, config(&again)), (Some(2), config(&second)), "{}", again.notes);

    let removed = after(&second, &["profiles", "remove", "mine"]).run();
    assert_eq!((removed.code, config(&removed).as_str()), (Some(0), mine), "{}", removed.notes);
    assert_eq!(after(&removed, &["profiles", "remove", "mine"]).run().code, Some(2));
}

#[test]
fn a_file_that_is_broken_or_later_or_a_link_or_would_be_broken_is_left_alone() {
    let words = ["profiles", "add", "mine", "--base-url", "https://api.example", "--token-request", "xml"];
    let good = &words[..5];
    for (text, words, said) in [
        ("a = ", good, "config.toml:1:"),
        ("version = 7\n", good, "later version 7"),
        ("profiles = 1\n", good, "`profiles`"),
        ("", &words[..], "`xml` is not allowed: write `json`"),
        ("", &["profiles", "add", "sandbox", "--base-url", "https://api.example"], "program's own"),
        ("", &["profiles", "add", "mine"], "`base-url` is missing"),
    ] {
        let run = Program::new(words).configured(text).run();
        assert_eq!((run.code, config(&run).as_str()), (Some(2), text), "{}", run.notes);
        assert!(run.notes.contains(said), "{}", run.notes);
    }
    let program = Program::new(good).file("dotfiles/config.toml", "# mine\n").file(CONFIG, "");
    let link = program.home.path().join(CONFIG);
    fs::remove_file(&link).unwrap();
    symlink(program.home.path().join("dotfiles/config.toml"), &link).unwrap();
    let run = program.run();
    assert_eq!((run.code, config(&run).as_str()), (Some(2), "# mine\n"), "{}", run.notes);
    assert!(run.notes.contains("symbolic link"), "{}", run.notes);
}

#[tokio::test]
async fn a_try_shows_the_request_without_its_secret_the_answer_and_how_it_was_read() {
    let world = World::new();
    let secret = world.sandbox.clients()[0].secret.as_str();
    let id = world.sandbox.clients()[0].id.as_str();
    for (wire, shown) in [
        ("json", r#"> {"client_id":"demo-client","client_secret":"********"}"#),
        ("form-body", "> grant_type=client_credentials&client_id=demo-client&client_secret=********"),
        ("form-basic", "> authorization: Basic ********"),
    ] {
        let added = Program::new(&add(&world, &["--token-request", wire, "--secret-env", "MINE"])).run();
        let run = after(&added, &["profiles", "test", "mine"]).with("MINE", secret).served().await;
        assert_eq!(run.code, Some(0), "{}", run.notes);
        let text = run.text();
        assert!(text.contains(shown) && text.contains("< 200 OK"), "{text}");
        assert!(text.contains("access_token ") && text.contains("a JWT"), "{text}");
        assert!(text.contains("expires_in (seconds)") && text.contains("it lives 1800 s"), "{text}");
        let basic = BASE64_STANDARD.encode(format!("{id}:{secret}"));
        let all = [&text, &run.notes].map(String::as_str).concat();
        assert!(!all.contains(secret) && !all.contains(&basic) && !all.contains("eyJhbGciOiJIUzI1NiIs"), "{all}");
    }
    let added = Program::new(&add(&world, &["--secret-env", "MINE"])).run();
    let json = after(&added, &["profiles", "test", "mine", "--json"]).with("MINE", secret).served().await.json();
    assert_eq!((&json["answer"]["status"], &json["read"][0]["from"]), (&200.into(), &"access_token".into()));

    let body = format!(r#"{{"error":"invalid_client","error_description":"not {secret}"}}"#);
    let answer = Answer::Raw { status: 401, content_type: "application/json".to_owned(), body };
    world.order(Order::Answer { endpoint: Endpoint::Token, answer, times: None });
    let run = after(&added, &["profiles", "test", "mine"]).with("MINE", secret).served().await;
    assert_eq!(run.code, Some(3), "{}", run.notes);
    assert!(run.text().contains("< 401 Unauthorized") && run.text().contains("invalid_client"), "{}", run.text());
    assert!(!run.text().contains(secret) && !run.notes.contains(secret), "{}", run.notes);
}

#[test]
fn where_the_secrets_of_a_profile_rest_is_told_without_reading_them_out() {
    let text = r#"
[profiles.mine]
base-url = "https://api.example"
[profiles.mine.credentials.env]
client-id = "a"
secret = { env = "MINE" }
[profiles.mine.credentials.file]
client-id = "b"
secret = { file = "secret" }
[profiles.mine.credentials.command]
client-id = "c"
secret = { command = ["touch", "ran"] }
[profiles.mine.credentials.prompt]
client-id = "d"
secret = { prompt = true }
[profiles.mine.credentials.none]
client-id = "e"
"#;
    let program =
        Program::new(&["secret", "where", "mine"]).configured(text).file("config/authscope/secret", "hunter2");
    let secret = program.home.path().join("config/authscope/secret");
    fs::set_permissions(&secret, Permissions::from_mode(0o644)).unwrap();
    let run = program.run();
    assert!(!Path::new(&run.home.path().join("ran")).exists(), "no command is started");
    let (aged, steady): (Vec<_>, Vec<_>) =
        told(&run).lines().map(str::to_owned).partition(|line| line.starts_with("written"));
    assert!(aged.len() == 1 && aged[0].ends_with(" s ago"), "{aged:?}");
    assert_snapshot!(steady.join("\n"), @r#"
    exit 0
    --- output
    credential  env
    client id   a
    source      $MINE
    rests       environment
    state       not to be had in this environment
    mend        set the environment variable `MINE`

    credential  file
    client id   b
    source      file HOME/config/authscope/secret
    rests       HOME/config/authscope/secret
    mode        0644
    state       others can read or write it (mode 0644)
    mend        type: chmod 600 HOME/config/authscope/secret

    credential  command
    client id   c
    source      command touch ran
    rests       where the command has it
    state       started when a token needs it

    credential  prompt
    client id   d
    source      asked for
    rests       memory only
    state       asked when a token needs it

    credential  none
    client id   e
    source      not given
    rests       nowhere
    state       none was given
    mend        name one: `secret = { env = "NAME" }`, `{ file = "PATH" }` or `{ command = ["pass", "show", "NAME"] }`
    --- notes
    "#);
    let unknown = Program::new(&["secret", "where", "mein"]).configured(text).run();
    assert_eq!((unknown.code, unknown.notes.contains("did you mean `mine`")), (Some(2), true), "{}", unknown.notes);
}

#[test]
fn a_secret_that_would_rest_in_the_clear_or_that_others_can_read_is_warned_of() {
    let words = ["profiles", "add", "mine", "--base-url", "https://api.example", "--client-id", "me"];
    let words = [&words[..], &["--secret-file", "secret"]].concat();
    let program = Program::new(&words).file("secret", "hunter2\n");
    let path = program.home.path().join("secret");
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let run = program.run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert!(run.notes.contains("in the clear") && run.notes.contains("type: chmod 600"), "{}", run.notes);
    assert!(config(&run).contains(path.to_str().unwrap()) && !config(&run).contains("hunter2"));
}

#[test]
fn what_a_profile_says_is_shown() {
    assert_snapshot!(told(&Program::new(&["profiles", "show", "paysecurez"]).run()), @r"
    exit 0
    --- output
    profile            paysecurez
    place              production
    base URL           https://api.paysecurez.com
    token URL          https://api.paysecurez.com/api/token
    token request      json
    token answer       access_token, token_type, expires_in in seconds
    token travels as   authorization: Bearer …
    policy             reuse
    expected lifetime  1800 s
    token goes to      https://api.paysecurez.com
    limits             connect 5 s, token 10 s, idle 30 s, total 300 s, body 4.3 GB, at most 200 times what came, 10 redirects
    --- notes
    ");
    let json = Program::new(&["profiles", "show", "paysecurez", "--json"]).run().json();
    assert_eq!(json["token URL"], "https://api.paysecurez.com/api/token");
}
