//! The project file of the folder that the program is started in, which came from somebody else.

use super::program::{Program, Run};
use crate::world::{STATUS, World};

/// A person's own profile at that sandbox.
fn own(world: &World) -> String {
    profile("mine", world, r#"{ env = "MINE" }"#)
}

/// A profile whose secret a command prints, which tells that it ran.
fn theirs(name: &str, world: &World) -> String {
    let secret = &world.sandbox.clients()[0].secret;
    profile(name, world, &format!(r#"{{ command = ["sh", "-c", "touch ran; echo {secret}"] }}"#))
}

fn profile(name: &str, world: &World, source: &str) -> String {
    let (base, id) = (world.sandbox.base_url(), &world.sandbox.clients()[0].id);
    format!(
        "[profiles.{name}]\nbase-url = \"{base}\"\n\
         [profiles.{name}.credentials.default]\nclient-id = \"{id}\"\nsecret = {source}\n"
    )
}

fn ran(run: &Run) -> bool {
    run.home.path().join("ran").exists()
}

fn requests(world: &World) -> u64 {
    let counts = world.sandbox.journal().counts();
    counts.token_calls + counts.api_calls
}

#[tokio::test]
async fn a_project_file_that_repoints_a_profile_causes_no_request_no_process_and_a_named_refusal() {
    let (world, elsewhere) = (World::new(), World::new());
    let commands: [&[&str]; 5] = [
        &["send", STATUS, "--profile", "mine"],
        &["send", "/_sandbox/open", "--profile", "mine"],
        &["token", "--profile", "mine"],
        &["profiles", "test", "mine"],
        &["send", STATUS],
    ];
    for words in commands {
        let run = Program::new(words)
            .configured(&own(&world))
            .file("authscope.toml", theirs("mine", &elsewhere))
            .with("MINE", &world.sandbox.clients()[0].secret)
            .with("PATH", "/usr/bin:/bin")
            .served()
            .await;
        assert_eq!((run.code, ran(&run)), (Some(2), false), "{words:?}: {}", run.notes);
        assert!(run.notes.contains("authscope.toml: the profile `mine` is yours"), "{}", run.notes);
    }
    assert_eq!((requests(&world), requests(&elsewhere)), (0, 0));
}

#[tokio::test]
async fn an_untrusted_project_file_has_no_secret_until_it_is_trusted_and_again_once_it_changed() {
    let world = World::new();
    let text = format!("profile = \"theirs\"\n{}", theirs("theirs", &world));
    let send = ["send", STATUS, "--profile", "theirs"];
    let first = Program::new(&send).file("authscope.toml", &text).with("PATH", "/usr/bin:/bin").served().await;
    assert_eq!((first.code, ran(&first), requests(&world)), (Some(2), false, 0), "{}", first.notes);
    assert!(first.notes.contains("`authscope trust`") && first.notes.contains("not trusted"), "{}", first.notes);
    // Nor is it the active one.
    let active = Program::within(first.home, &["profiles", "list", "--json"]).run();
    assert_eq!(active.json()[0]["active"], true);

    let unasked = Program::within(active.home, &["trust"]).run();
    assert_eq!(unasked.code, Some(2), "{}", unasked.notes);
    assert!(unasked.text().contains("touch ran") && unasked.text().contains(world.sandbox.base_url()));
    let trusted = Program::within(unasked.home, &["trust", "--yes"]).run();
    assert_eq!((trusted.code, ran(&trusted)), (Some(0), false), "{}", trusted.notes);
    let called = Program::within(trusted.home, &["send", STATUS]).with("PATH", "/usr/bin:/bin").served().await;
    assert_eq!((called.code, ran(&called)), (Some(0), true), "{}", called.notes);

    let seen = requests(&world);
    let changed = Program::within(called.home, &send).file("authscope.toml", format!("{text}# changed\n"));
    let changed = changed.with("PATH", "/usr/bin:/bin").served().await;
    assert_eq!((changed.code, requests(&world)), (Some(2), seen), "{}", changed.notes);
    let back = Program::within(changed.home, &["trust", "--revoke"]).file("authscope.toml", &text).run();
    assert_eq!(back.code, Some(0), "{}", back.notes);
    let revoked = Program::within(back.home, &send).with("PATH", "/usr/bin:/bin").served().await;
    assert_eq!((revoked.code, requests(&world)), (Some(2), seen), "{}", revoked.notes);
}

#[test]
fn a_project_file_that_is_broken_or_a_pipe_is_told_and_keeps_nobody_waiting() {
    let broken = Program::new(&["profiles", "list"]).file("authscope.toml", "a = ").run();
    assert_eq!((broken.code, broken.notes.contains("authscope.toml:1:")), (Some(2), true), "{}", broken.notes);
    let program = Program::new(&["profiles", "list"]);
    let made = std::process::Command::new("mkfifo").arg(program.home.path().join("authscope.toml")).status();
    assert!(made.unwrap().success());
    let run = program.run();
    assert_eq!((run.code, run.notes.contains("no regular file")), (Some(2), true), "{}", run.notes);
    let none = Program::new(&["trust", "--yes"]).run();
    assert_eq!((none.code, none.notes.contains("no project file")), (Some(2), true), "{}", none.notes);
    // One that is named is a person's own.
    let named = Program::new(&["profiles", "list", "--config", "authscope.toml"]);
    let named = named.file("authscope.toml", "[profiles.mine]\nbase-url = \"https://mine.example\"\n").run();
    assert_eq!((named.code, named.notes.as_str()), (Some(0), ""));
    assert!(named.text().contains("https://mine.example"), "{}", named.text());
}
