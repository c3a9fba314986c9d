//! The real Secret Service: gnome-keyring on a message bus of the test's own, in a home that is thrown away.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Command};

use authscope::sandbox::Client;
use tempfile::TempDir;

use super::{
    program::{Program, Run},
    recipes::is_installed,
};
use crate::world::World;

const OLD: &str = "old-f3b1c9d2e8a7";
const NEW: &str = "new-7a8e2d9c1b3f";

/// A home whose profile has no secret yet.
fn home(world: &World) -> TempDir {
    let base = world.sandbox.base_url();
    let text = format!(
        "profile = \"mine\"\n[profiles.mine]\nbase-url = \"{base}\"\n[profiles.mine.credentials.default]\nclient-id = \"me\"\n"
    );
    let home = Program::new(&[]).configured(&text).home;
    fs::create_dir(home.path().join("run")).unwrap();
    fs::set_permissions(home.path().join("run"), fs::Permissions::from_mode(0o700)).unwrap();
    home
}

/// Runs a script on a bus of its own, the keyring unlocked or not; `$A` is the program.
async fn session(home: TempDir, unlocked: bool, script: &str) -> Run {
    const UNLOCK: &str = "printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;";
    let script = format!("{}{script}", if unlocked { UNLOCK } else { "" });
    let run = move || {
        let output = Command::new("dbus-run-session")
            .args(["--", "sh", "-c", &script])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("A", env!("CARGO_BIN_EXE_authscope"))
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("XDG_RUNTIME_DIR", home.path().join("run"))
            .current_dir(home.path())
            .output()
            .unwrap();
        Run::of(output, home)
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test]
async fn the_real_keyring_keeps_gives_exchanges_and_forgets_a_secret_that_no_file_holds() {
    if !is_installed(&["dbus-run-session", "gnome-keyring-daemon"]) {
        return;
    }
    let client = |secret: &str| Client { id: "me".to_owned(), secret: secret.to_owned() };
    let world = World::knowing(vec![client(OLD), client(NEW)]);
    let script = format!(
        "set -e
         printf {OLD} | $A secret set mine
         $A secret where mine
         $A token --json; echo
         printf {NEW} | $A secret rotate mine
         $A secret where mine | grep former
         $A secret rotate mine --back
         printf {NEW} | $A secret rotate mine
         $A secret rotate mine --confirm
         $A token --json; echo"
    );
    let run = session(home(&world), true, &script).await;
    assert_eq!(run.code, Some(0), "{}\n{}", run.text(), run.notes);
    let told = run.text();
    assert!(
        told.contains("state       it is there\nwritten     20") && told.contains("`mine/default (former)`"),
        "{told}"
    );
    assert_eq!(told.matches("\"state\":\"live\"").count(), 2, "{told}");
    assert!(run.notes.contains("confirmed: the old secret is gone"), "{}", run.notes);
    for secret in [OLD, NEW] {
        let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!run.files().iter().any(|(_, bytes)| holds(bytes)) && !told.contains(secret));
    }
    // Another login, where nobody unlocks it: what is there is not had, and nothing is written elsewhere.
    let script = "$A token; echo \"code $?\"; printf x | $A secret set mine; echo \"code $?\"";
    let run = session(run.home, false, script).await;
    assert_eq!(run.text(), "code 3\ncode 3\n", "{}", run.notes);
    assert_eq!(run.notes.matches("the keyring is locked or lets nobody in").count(), 2, "{}", run.notes);
    assert!(run.notes.contains("nothing was kept"), "{}", run.notes);
    let script = "$A token --json && echo && $A secret remove mine; echo \"code $?\"; $A token; echo \"code $?\"";
    let run = session(run.home, true, script).await;
    assert!(run.text().contains("\"state\":\"live\"") && run.text().ends_with("code 0\ncode 3\n"), "{}", run.notes);
    assert!(run.notes.contains("the keyring has no entry `mine/default`"), "{}", run.notes);
}
