//! The recipes of the README for password managers, with the programs themselves.

use std::{
    env,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use super::program::Program;
use crate::{needs, world::World};

/// Whether these programs are there. A test that goes on without them says so; where `AUTHSCOPE_SKIP_NOTHING` is set it
/// fails.
pub fn is_installed(programs: &[&str]) -> bool {
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let missing: Vec<_> =
        programs.iter().filter(|name| !folders.iter().any(|folder| folder.join(name).exists())).collect();
    if missing.is_empty() {
        return true;
    }
    needs::skipped(&format!("{missing:?} must be installed"));
    false
}

/// The source that the README writes for that program.
fn recipe(program: &str) -> String {
    let readme = include_str!("../../../README.md");
    let line = readme.lines().find(|line| line.starts_with(&format!("secret = {{ command = [\"{program}\", ")));
    line.unwrap_or_else(|| panic!("no recipe for {program}")).to_owned()
}

/// Prepares a home by a script that has the secret as `$SECRET`, then asks for a token with the recipe.
async fn works(program: &str, prepare: &str) {
    let world = World::new();
    let client = &world.sandbox.clients()[0];
    let text = format!(
        "profile = \"mine\"\n[profiles.mine]\nbase-url = \"{}\"\n[profiles.mine.credentials.default]\nclient-id = \"{}\"\n{}\n",
        world.sandbox.base_url(),
        client.id,
        recipe(program)
    );
    let program = Program::new(&["token", "--json"]).configured(&text).with("PATH", "/usr/bin:/bin");
    let prepared = Command::new("sh")
        .args(["-ec", prepare])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", program.home.path())
        .env("SECRET", &client.secret)
        .current_dir(program.home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(prepared.status.success(), "{}", String::from_utf8_lossy(&prepared.stderr));
    let run = program.served().await;
    assert_eq!((run.code, &run.json()["state"]), (Some(0), &"live".into()), "{}", run.notes);
    stopped(&run.home);
}

/// No agent outlives its home.
fn stopped(home: &TempDir) {
    // There is none without GnuPG.
    let _ = Command::new("gpgconf").args(["--kill", "all"]).env("HOME", home.path()).env_remove("GNUPGHOME").output();
}

#[tokio::test]
async fn the_recipe_for_pass_works() {
    if is_installed(&["pass", "gpg"]) {
        let prepare = "gpg --batch --passphrase '' --quick-generate-key me@example default default never
                       pass init me@example
                       printf '%s\\n' \"$SECRET\" | pass insert --multiline authscope/mine";
        works("pass", prepare).await;
    }
}

#[tokio::test]
async fn the_recipe_for_age_works() {
    if is_installed(&["age", "age-keygen"]) {
        let prepare = "age-keygen -o key.txt
                       printf %s \"$SECRET\" | age -r \"$(age-keygen -y key.txt)\" -o mine.age";
        works("age", prepare).await;
    }
}
