//! Tokens that commands keep for each other, because a person said so.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

use authscope::sandbox::Order;
use tempfile::TempDir;

use super::program::{Program, Run, served};
use crate::world::{STATUS, World};

/// The folder that ends with a person's session.
fn session() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn program(world: &World, session: &TempDir, words: &[&str]) -> Program {
    served(world, words).with("XDG_RUNTIME_DIR", session.path().to_str().unwrap())
}

async fn send(world: &World, session: &TempDir) -> Run {
    program(world, session, &["send", STATUS, "--token-cache", "-v"]).served().await
}

fn folder(session: &TempDir) -> PathBuf {
    session.path().join("authscope/tokens")
}

/// The files of that ending.
fn files(session: &TempDir, ending: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(folder(session)).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == ending)).collect()
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

#[tokio::test]
async fn twenty_processes_that_share_their_token_cause_one_token_call_and_no_error() {
    let (world, session) = (World::new(), session());
    let words = ["send", STATUS, "--token-cache"];
    let runs = (0..20).map(|_| tokio::spawn(program(&world, &session, &words).served()));
    for run in futures_util::future::join_all(runs).await {
        let run = run.unwrap();
        assert_eq!((run.code, run.files()), (Some(0), vec![]), "{}", run.notes);
    }
    let counts = world.sandbox.journal().counts();
    assert_eq!((counts.token_calls, counts.api_200), (1, 20));
}

#[tokio::test]
async fn a_kept_token_is_in_one_file_of_ones_own_whose_name_tells_nothing() {
    let (world, session) = (World::new(), session());
    for umask in ["000", "022", "077"] {
        let script = format!("umask {umask}; exec \"$0\" \"$@\"");
        let client = &world.sandbox.clients()[0];
        let words = ["send", STATUS, "--token-cache"];
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_authscope")]).args(words).env_clear();
        command.env("HOME", session.path()).env("XDG_RUNTIME_DIR", session.path());
        command.env("AUTHSCOPE_BASE_URL", world.sandbox.base_url());
        command.env("AUTHSCOPE_CLIENT_ID", &client.id).env("AUTHSCOPE_CLIENT_SECRET", &client.secret);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(mode(&folder(&session)) & 0o077, 0);
        for file in fs::read_dir(folder(&session)).unwrap() {
            let file = file.unwrap().path();
            assert_eq!(mode(&file), 0o600, "{}", file.display());
            assert!(!file.to_string_lossy().contains(&client.id));
            let text = fs::read_to_string(&file).unwrap();
            assert_eq!(text.contains("eyJ"), file.extension().is_some_and(|ending| ending == "token"));
            assert!(!text.contains(&client.secret) && !text.contains(&client.id));
        }
        assert_eq!(files(&session, "token").len(), 1);
        fs::remove_dir_all(session.path().join("authscope")).unwrap();
    }
}

#[tokio::test]
async fn a_kept_token_serves_the_next_command_and_one_that_is_refused_is_replaced_once() {
    let (world, session) = (World::new(), session());
    let calls = || world.sandbox.journal().counts().token_calls;
    let run = send(&world, &session).await;
    assert_eq!((run.code, calls()), (Some(0), 1), "{}", run.notes);
    let run = send(&world, &session).await;
    assert_eq!((run.code, calls()), (Some(0), 1), "{}", run.notes);
    assert!(run.notes.contains("token-reused"), "{}", run.notes);
    world.order(Order::RevokeAll);
    let run = send(&world, &session).await;
    assert_eq!((run.code, calls()), (Some(0), 2), "{}", run.notes);
    let run = send(&world, &session).await;
    assert_eq!((run.code, calls()), (Some(0), 2), "the new one is kept: {}", run.notes);
    let told = program(&world, &session, &["token", "--token-cache", "--json"]).served().await.json();
    assert_eq!((calls(), &told["notes"]), (2, &serde_json::json!(["another run got it, and kept it for this one"])));

    let forget = program(&world, &session, &["token", "--forget"]).run();
    assert_eq!(forget.code, Some(0), "{}", forget.notes);
    assert!(forget.notes.contains("1 token is gone from ") && files(&session, "token").is_empty(), "{}", forget.notes);
}

#[tokio::test]
async fn without_being_asked_no_token_is_kept_nor_read() {
    let (world, session) = (World::new(), session());
    let run = program(&world, &session, &["send", STATUS]).served().await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert!(!session.path().join("authscope").exists());
    send(&world, &session).await;
    let run = program(&world, &session, &["send", STATUS]).served().await;
    assert_eq!((run.code, world.sandbox.journal().counts().token_calls), (Some(0), 3));
    let words = ["send", STATUS, "--token-cache", "--policy", "per-transaction"];
    program(&world, &session, &words).served().await;
    assert_eq!(world.sandbox.journal().counts().token_calls, 4, "a token of one transaction is nobody else's");
}

#[tokio::test]
async fn a_token_file_that_others_could_have_written_is_refused_with_what_mends_it() {
    let (world, session) = (World::new(), session());
    assert_eq!(send(&world, &session).await.code, Some(0));
    let file = files(&session, "token").remove(0);
    let calls = world.sandbox.journal().counts().api_calls;
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let run = send(&world, &session).await;
    assert_eq!(run.code, Some(3), "{}", run.notes);
    assert!(run.notes.contains("kept token") && run.notes.contains(&format!("chmod 600 {}", file.display())));

    let victim = session.path().join("victim");
    fs::write(&victim, "untouched").unwrap();
    fs::set_permissions(&victim, Permissions::from_mode(0o600)).unwrap();
    for name in [file.clone(), file.with_extension("lock"), folder(&session).join("key")] {
        let whole = fs::read(&name).unwrap();
        fs::remove_file(&name).unwrap();
        symlink(&victim, &name).unwrap();
        let run = send(&world, &session).await;
        assert!(name.extension().is_some_and(|ending| ending == "lock") || run.code == Some(3), "{}", run.notes);
        assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched", "{}", name.display());
        fs::remove_file(&name).unwrap();
        fs::write(&name, whole).unwrap();
        fs::set_permissions(&name, Permissions::from_mode(0o600)).unwrap();
    }
    assert!(world.sandbox.journal().counts().api_calls <= calls + 2);

    // What is no token of ours is not taken for one.
    fs::write(&file, "{\"access_token\":\"another program's\"}").unwrap();
    let run = send(&world, &session).await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert!(fs::read_to_string(&file).unwrap().contains("\"authscope\":1"));
}
