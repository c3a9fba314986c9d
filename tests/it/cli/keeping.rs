//! `secret set`, `rotate` and `remove`, with files and without a keyring.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use authscope::sandbox::Client;
use tempfile::TempDir;

use super::program::{Program, Run};
use crate::{raw_server::RawServer, world::World};

const OLD: &str = "old-f3b1c9d2e8a7";
const NEW: &str = "new-7a8e2d9c1b3f";
const WRONG: &str = "wrong-0123456789";

/// A world whose one client has two secrets.
fn world() -> World {
    let client = |secret: &str| Client { id: "me".to_owned(), secret: secret.to_owned() };
    World::knowing(vec![client(OLD), client(NEW)])
}

/// The config file of a profile there, its secret from that source.
fn config(base: &str, source: &str) -> String {
    format!(
        "profile = \"mine\"\n[profiles.mine]\nbase-url = \"{base}\"\n\
         [profiles.mine.credentials.default]\nclient-id = \"me\" # me\n{source}\n"
    )
}

/// A home with that config file.
fn home(base: &str, source: &str) -> TempDir {
    Program::new(&[]).configured(&config(base, source)).home
}

/// A home whose profile reads its secret from a file, and that file.
fn home_with_file(base: &str) -> (TempDir, PathBuf) {
    let home = home(base, "secret = { file = \"secret\" }");
    let path = home.path().join("config/authscope/secret");
    fs::write(&path, OLD).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    (home, path)
}

/// The secret that a file of that name in the home's folder has.
fn has(run: &Run, name: &str) -> Option<String> {
    fs::read_to_string(run.home.path().join(name)).ok()
}

/// Whether a file that was left behind holds that text.
fn is_left(run: &Run, text: &str) -> bool {
    run.files().iter().any(|(_, bytes)| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_secret_is_put_into_a_file_that_nobody_else_can_read_under_every_umask() {
    for umask in ["000", "022", "077"] {
        let home = home("http://127.0.0.1:1", "");
        let path = home.path().join("new/deep/secret");
        let script =
            format!("umask {umask}; printf '%s\\n' {OLD} | exec \"$0\" secret set mine --file new/deep/secret");
        let output = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_authscope")])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .current_dir(home.path())
            .output()
            .unwrap();
        let run = Run::of(output, home);
        assert_eq!(run.code, Some(0), "{}", run.notes);
        let folder = path.parent().unwrap();
        assert_eq!((mode(&path), mode(folder), mode(folder.parent().unwrap())), (0o600, 0o700, 0o700), "{umask}");
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "nothing else is left there");
        assert_eq!(has(&run, "new/deep/secret").as_deref(), Some(OLD));
        assert!(run.notes.contains("warning: ") && run.notes.contains("in the clear"), "{}", run.notes);
        let config = has(&run, "config/authscope/config.toml").unwrap();
        let named = format!("client-id = \"me\" # me\nsecret = {{ file = \"{}\" }}\n", path.display());
        assert!(config.contains(&named) && !run.notes.contains(OLD), "{config}");
    }
}

#[test]
fn a_secret_is_put_neither_through_a_link_nor_over_a_file_nor_where_others_can_turn_the_name() {
    let home = home("http://127.0.0.1:1", "");
    let at = |name: &str| home.path().join(name);
    fs::write(at("target"), "untouched").unwrap();
    symlink(at("target"), at("link")).unwrap();
    fs::write(at("mine"), "kept").unwrap();
    fs::create_dir(at("open")).unwrap();
    fs::set_permissions(at("open"), Permissions::from_mode(0o777)).unwrap();
    let before = fs::read(at("config/authscope/config.toml")).unwrap();
    let mut home = home;
    for (file, said) in [("link", "symbolic link"), ("mine", "chmod 600"), ("open/secret", "type: chmod go-w ")] {
        let run = Program::within(home, &["secret", "set", "mine", "--file", file]).reading(OLD).run();
        assert_eq!(run.code, Some(3), "{}", run.notes);
        assert!(run.notes.contains(said) && run.notes.contains("nothing was kept"), "{}", run.notes);
        assert!(!is_left(&run, OLD));
        home = run.home;
    }
    assert_eq!(fs::read_to_string(home.path().join("mine")).unwrap(), "kept");
    assert_eq!(fs::read_to_string(home.path().join("target")).unwrap(), "untouched");
    assert_eq!(fs::read(home.path().join("config/authscope/config.toml")).unwrap(), before);

    let run = Program::within(home, &["secret", "set", "mine", "--file", "one"]).reading(OLD).run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let run = Program::within(run.home, &["secret", "set", "mine"]).reading(NEW).run();
    assert_eq!((run.code, has(&run, "one").as_deref()), (Some(2), Some(OLD)), "{}", run.notes);
    assert!(run.notes.contains("already") && run.notes.contains("`authscope secret rotate mine`"), "{}", run.notes);
    let run = Program::within(run.home, &["secret", "remove", "mine"]).run();
    assert_eq!((run.code, has(&run, "one")), (Some(0), None), "{}", run.notes);
    let run = Program::within(run.home, &["secret", "remove", "mine"]).run();
    assert_eq!(run.code, Some(2), "{}", run.notes);
}

#[test]
fn without_a_keyring_nothing_is_kept_and_that_is_said() {
    for source in ["", "secret = { keyring = true }"] {
        let home = home("http://127.0.0.1:1", source);
        let run = Program::within(home, &["secret", "set", "mine"]).reading(OLD).run();
        assert_eq!(run.code, Some(3), "{}", run.notes);
        for said in ["no keyring answers", "nothing was kept", "name another source"] {
            assert!(run.notes.contains(said), "{}", run.notes);
        }
        assert!(!is_left(&run, OLD) && !run.notes.contains(OLD), "{}", run.notes);
    }
    let run = Program::within(home("http://127.0.0.1:1", "secret = { keyring = true }"), &["token"]).run();
    assert_eq!(run.code, Some(3), "{}", run.notes);
    assert!(run.notes.contains("no keyring answers"), "{}", run.notes);
    let run = Program::within(run.home, &["secret", "remove", "mine"]).run();
    assert_eq!((run.code, run.notes.contains("no keyring answers")), (Some(3), true), "{}", run.notes);
    let run = Program::within(run.home, &["secret", "where", "mine"]).run();
    assert!(
        run.text()
            .contains("source      keyring mine/default\nrests       the system's keyring\nstate       no keyring")
    );
}

#[tokio::test]
async fn where_the_keyring_cannot_be_had_what_a_person_types_serves_this_run_only() {
    let world = world();
    let program = Program::new(&["token", "--json"])
        .configured(&config(world.sandbox.base_url(), "secret = { keyring = \"an entry\" }"));
    let typed = format!("{OLD}\n");
    let talk = move || {
        let question = "Client secret of an entry, kept for this run only: ";
        (program.talking(&[(question, &typed)]), program.home)
    };
    let ((code, seen), home) = tokio::task::spawn_blocking(talk).await.unwrap();
    assert!(code == 0 && seen.contains("no keyring answers") && seen.contains("\"state\":\"live\""), "{seen}");
    let run = Run { home, code: None, output: Vec::new(), notes: seen };
    assert!(!run.notes.contains(OLD) && !is_left(&run, OLD), "{}", run.notes);
}

/// Runs `secret rotate mine` and what else is said, with that on standard input.
async fn rotate(home: TempDir, words: &[&str], given: &str) -> Run {
    Program::within(home, &[&["secret", "rotate", "mine"], words].concat()).reading(given).served().await
}

#[tokio::test]
async fn a_new_secret_is_tried_beside_the_old_one_which_is_kept_until_that_is_confirmed() {
    let world = world();
    let (home, _) = home_with_file(world.sandbox.base_url());
    let (file, former) = ("config/authscope/secret", "config/authscope/secret.former");
    let holds = |run: &Run| (has(run, file), has(run, former));
    let both = |now: &str, before: Option<&str>| (Some(now.to_owned()), before.map(ToOwned::to_owned));

    let run = rotate(home, &[], WRONG).await;
    assert_eq!((run.code, holds(&run)), (Some(3), both(OLD, None)), "{}", run.notes);
    assert!(run.notes.contains("does not work") && run.notes.contains("nothing was changed"), "{}", run.notes);
    assert!(!run.notes.contains(WRONG), "{}", run.notes);
    let run = rotate(run.home, &[], OLD).await;
    assert_eq!((run.code, holds(&run)), (Some(2), both(OLD, None)), "{}", run.notes);
    let run = rotate(run.home, &["--confirm"], "").await;
    assert_eq!(run.code, Some(2), "{}", run.notes);

    let calls = world.sandbox.journal().counts().token_calls;
    let run = rotate(run.home, &[], &format!("{NEW}\n")).await;
    assert_eq!((run.code, holds(&run)), (Some(0), both(NEW, Some(OLD))), "{}", run.notes);
    assert_eq!(world.sandbox.journal().counts().token_calls, calls + 2, "tried, and tried from its place");
    for step in
        ["1 of 4: ", "it works: a token that lives 1800 s", "2 of 4: ", "3 of 4: ", "read from there", "4 of 4: "]
    {
        assert!(run.notes.contains(step), "{step}: {}", run.notes);
    }
    assert_eq!([file, former].map(|name| mode(&run.home.path().join(name))), [0o600, 0o600]);
    let told = Program::within(run.home, &["secret", "where", "mine", "--json"]).run();
    let told_json = told.json();
    let former_told = told_json["credentials"][0]["former"].as_str().unwrap();
    assert!(former_told.contains("secret.former") && former_told.contains("`authscope secret rotate mine --back`"));
    assert!(told_json["credentials"][0]["written"].as_str().unwrap().ends_with(" s ago"), "{told_json}");

    let run = rotate(told.home, &[], OLD).await;
    assert_eq!((run.code, holds(&run)), (Some(2), both(NEW, Some(OLD))), "one rotation at a time: {}", run.notes);
    let run = rotate(run.home, &["--back"], "").await;
    assert_eq!((run.code, holds(&run)), (Some(0), both(OLD, None)), "{}", run.notes);
    let run = rotate(run.home, &["--json"], NEW).await;
    assert_eq!((run.code, holds(&run)), (Some(0), both(NEW, Some(OLD))), "{}", run.notes);
    assert!(run.notes.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{}", run.notes);
    let run = rotate(run.home, &["--confirm"], "").await;
    assert_eq!((run.code, holds(&run)), (Some(0), both(NEW, None)), "{}", run.notes);
}

#[tokio::test]
async fn a_rotation_on_a_terminal_asks_for_the_secret_unseen_and_whether_the_old_one_may_go() {
    let world = world();
    for (answer, kept) in [("yes\n", false), ("no\n", true)] {
        let (home, path) = home_with_file(world.sandbox.base_url());
        let given = format!("{NEW}\n");
        let talk = move || {
            let program = Program::within(home, &["secret", "rotate", "mine"]);
            let talk = [("New client secret of mine, default: ", given.as_str()), ("Does everything work", answer)];
            (program.talking(&talk), program.home)
        };
        let ((code, seen), _home) = tokio::task::spawn_blocking(talk).await.unwrap();
        let now = fs::read_to_string(&path).unwrap();
        assert_eq!((code, now.as_str(), path.with_extension("former").exists()), (0, NEW, kept), "{seen}");
        assert!(!seen.contains(NEW), "{seen}");
    }
}

#[tokio::test]
async fn a_rotation_that_fails_in_the_middle_is_rolled_back_and_says_why() {
    let calls = Arc::new(AtomicUsize::new(0));
    let server = RawServer::new(move |mut line| {
        let calls = calls.clone();
        async move {
            while line.request().await.is_some() {
                match calls.fetch_add(1, Ordering::SeqCst) {
                    0 => line.answer("200 OK", r#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#).await,
                    _ => line.answer("401 Unauthorized", &format!(r#"{{"error":"not {NEW}"}}"#)).await,
                }
            }
        }
    });
    let (home, _) = home_with_file(server.url("").as_str());
    let run = rotate(home, &[], NEW).await;
    assert_eq!(run.code, Some(3), "{}", run.notes);
    assert_eq!(has(&run, "config/authscope/secret").as_deref(), Some(OLD));
    assert!(!run.home.path().join("config/authscope/secret.former").exists());
    assert!(run.notes.contains("3 of 4: ") && run.notes.contains("rolled back: the old secret is in its place"));
    assert!(!run.notes.contains(NEW) && !run.notes.contains(OLD), "{}", run.notes);
}

#[test]
fn a_secret_that_is_not_in_our_hands_is_not_exchanged() {
    for (source, from) in
        [("env = \"MINE\"", "$MINE"), ("command = [\"cat\"]", "command cat"), ("prompt = true", "asked")]
    {
        let home = home("http://127.0.0.1:1", &format!("secret = {{ {source} }}"));
        for what in ["rotate", "remove"] {
            let config = fs::read_to_string(home.path().join("config/authscope/config.toml")).unwrap();
            let run = Program::new(&["secret", what, "mine"]).configured(&config).reading(NEW).run();
            assert_eq!(run.code, Some(2), "{}", run.notes);
            assert!(
                run.notes.contains(from) && run.notes.contains("`authscope secret set mine --keyring`"),
                "{}",
                run.notes
            );
        }
    }
}
