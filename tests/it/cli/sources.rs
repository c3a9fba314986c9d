//! Where a secret comes from, as the program meets it: a file, a command, a person.

use std::{
    fs::{self, Permissions},
    io::{Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::Value;

use super::program::{Program, Run};
use crate::world::{STATUS, World};

/// A program whose config file has a profile at that sandbox, its secret from that source.
fn program(world: &World, source: &str, words: &[&str]) -> Program {
    Program::new(words).configured(&profile(world, source))
}

fn profile(world: &World, source: &str) -> String {
    let (base, id) = (world.sandbox.base_url(), &world.sandbox.clients()[0].id);
    format!(
        "profile = \"mine\"\n[profiles.mine]\nbase-url = \"{base}\"\n\
         [profiles.mine.credentials.default]\nclient-id = \"{id}\"\nsecret = {source}\n"
    )
}

/// The secret in a file of that mode beside the config file.
fn with_file(world: &World, mode: u32, words: &[&str]) -> Program {
    let program = program(world, r#"{ file = "secret" }"#, words)
        .file("config/authscope/secret", format!("{}\n", world.sandbox.clients()[0].secret));
    let path = program.home.path().join("config/authscope/secret");
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    program
}

fn answered(run: &Run) {
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let status: Value = serde_json::from_slice(&run.output).unwrap();
    assert_eq!(status["TransactionId"], "txn_demo0001");
}

#[tokio::test]
async fn a_secret_file_that_others_can_read_ends_with_3_and_the_chmod_line_before_anything_is_sent() {
    let world = World::new();
    answered(&with_file(&world, 0o600, &["send", STATUS]).served().await);
    assert_eq!(world.sandbox.journal().counts().token_calls, 1);
    for words in [&["send", STATUS][..], &["token"]] {
        let run = with_file(&world, 0o644, words).served().await;
        let file = run.home.path().join("config/authscope/secret");
        assert_eq!(run.code, Some(3), "{}", run.notes);
        assert!(run.notes.contains("mode 0644"), "{}", run.notes);
        assert!(run.notes.contains(&format!("type: chmod 600 {}", file.display())), "{}", run.notes);
    }
    assert_eq!(world.sandbox.journal().counts().token_calls, 1);
}

#[tokio::test]
async fn a_command_runs_once_for_many_calls_without_the_secrets_of_the_environment_and_says_why_it_fails() {
    let world = World::new();
    let secret = world.sandbox.clients()[0].secret.clone();
    let script = r#"{ command = ["sh", "-c", "echo run$AUTHSCOPE_CLIENT_SECRET >> runs; cat secret.txt"] }"#;
    let words = ["send", STATUS, "--repeat", "20", "--concurrency", "5", "--json"];
    let run = program(&world, script, &words)
        .with("PATH", "/usr/bin:/bin")
        .with("AUTHSCOPE_CLIENT_SECRET", "another")
        .file("secret.txt", &secret)
        .served()
        .await;
    assert_eq!((run.code, &run.json()["calls"]), (Some(0), &20.into()), "{}", run.notes);
    assert_eq!(fs::read_to_string(run.home.path().join("runs")).unwrap(), "run\n");

    let locked = r#"{ command = ["sh", "-c", "echo the store is locked >&2; exit 2"] }"#;
    let run = program(&world, locked, &["send", STATUS]).with("PATH", "/usr/bin:/bin").served().await;
    assert_eq!(run.code, Some(3));
    assert!(
        run.notes.contains("exit status: 2") && run.notes.contains("it said: the store is locked"),
        "{}",
        run.notes
    );

    // What needs no secret asks for none.
    let run = program(&world, locked, &["send", "/_sandbox/open", "-H", "@header"])
        .file("header", "Authorization: Bearer abc")
        .served()
        .await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    // Nor does what our own rules refuse.
    let run = program(&world, script, &["send", "https://else.example/"]).served().await;
    assert_eq!((run.code, run.home.path().join("runs").exists()), (Some(2), false), "{}", run.notes);
}

/// What a terminal shows of `authscope token --json` and of the terminal's modes afterwards, when `typed` is the answer.
fn typed(program: &Program, typed: &str) -> String {
    let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 200, ..PtySize::default() }).unwrap();
    let mut command = CommandBuilder::new("sh");
    let script = "trap : INT; \"$0\" token --json; echo \"code $?\"; stty -a";
    command.args(["-c", script, env!("CARGO_BIN_EXE_authscope")]);
    command.env_clear();
    command.env("PATH", "/usr/bin:/bin");
    command.env("XDG_CONFIG_HOME", program.home.path().join("config"));
    command.env("HOME", program.home.path());
    command.cwd(program.home.path());
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let (mut reader, mut writer) = (pty.master.try_clone_reader().unwrap(), pty.master.take_writer().unwrap());
    let (mut seen, mut answered) = (Vec::new(), false);
    let mut buffer = [0; 4096];
    // The end of a pseudo-terminal is an error on Linux.
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..count]);
        if !answered && String::from_utf8_lossy(&seen).contains("Client secret of mine, default: ") {
            writer.write_all(typed.as_bytes()).unwrap();
            answered = true;
        }
    }
    child.wait().unwrap();
    String::from_utf8(seen).unwrap()
}

#[tokio::test]
async fn a_person_types_the_secret_unseen_and_the_terminal_is_as_before() {
    let world = World::new();
    let secret = world.sandbox.clients()[0].secret.clone();
    for (answer, told) in [(format!("{secret}\n"), "\"state\":\"live\""), ("\u{3}".to_owned(), "code 130")] {
        let program = program(&world, "{ prompt = true }", &[]);
        let seen = tokio::task::spawn_blocking(move || typed(&program, &answer)).await.unwrap();
        assert!(seen.contains(told), "{seen}");
        assert!(seen.contains(" echo ") && !seen.contains(&secret[..12]), "{seen}");
    }
    let run = program(&world, "{ prompt = true }", &["token"]);
    let run = Run::of(
        std::process::Command::new("setsid")
            .args(["--wait", env!("CARGO_BIN_EXE_authscope"), "token"])
            .env_clear()
            .env("XDG_CONFIG_HOME", run.home.path().join("config"))
            .output()
            .unwrap(),
        run.home,
    );
    assert_eq!(run.code, Some(3), "{}", run.notes);
    assert!(run.notes.contains("nobody can be asked") && run.notes.contains("{ env = \"NAME\" }"), "{}", run.notes);
}
