//! `send NAME`: requests that live in files.

use super::{
    program::{Program, Run},
    send::sha256,
};
use crate::world::World;

const PAYMENTS: &str = include_str!("../../http/payments.http");

fn program(world: &World, words: &[&str]) -> Program {
    let client = &world.sandbox.clients()[0];
    let text = format!(
        "profile = \"mine\"\n[profiles.mine]\nbase-url = \"{}\"\n[profiles.mine.variables]\nplace = \"profile\"\n\
         [profiles.mine.credentials.default]\nclient-id = \"{}\"\nsecret = {{ env = \"MINE\" }}\n",
        world.sandbox.base_url(),
        client.id,
    );
    Program::new(words).configured(&text).with("MINE", &client.secret)
}

async fn sent(world: &World, words: &[&str], files: &[(&str, &str)]) -> Run {
    let program = files.iter().fold(program(world, words), |program, (path, text)| program.file(path, *text));
    program.served().await
}

fn targets(world: &World) -> Vec<String> {
    let entries = world.sandbox.journal().entries();
    entries.iter().map(|entry| format!("{} {}", entry.method, entry.target)).collect()
}

fn body(world: &World) -> String {
    world.sandbox.journal().entries().pop().unwrap().body_sha256.unwrap()
}

#[tokio::test]
async fn the_calls_of_a_file_are_made_in_order_each_with_what_the_one_before_was_answered() {
    let world = World::new();
    let run = sent(&world, &["send", "payments.http"], &[("requests/payments.http", PAYMENTS)]).await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let targets = targets(&world);
    assert_eq!(targets[..2], ["POST /api/token", "POST /api/v1/transactions"]);
    assert!(targets[2].starts_with("GET /api/v1/transactions/txn_") && targets[2] == targets[3], "{targets:?}");
    assert_eq!(targets.len(), 4, "one token for all of them: {targets:?}");
    assert!(run.notes.contains("Create a payment: 201 Created") && run.notes.contains("Check it once more: 200 OK"));
}

#[tokio::test]
async fn a_request_by_its_name_brings_those_it_refers_to_and_no_other() {
    let world = World::new();
    let run = sent(&world, &["send", "Check it once more"], &[("requests/payments.http", PAYMENTS)]).await;
    assert_eq!((run.code, targets(&world).len()), (Some(0), 3), "{}", run.notes);

    let alone = World::new();
    let run = sent(&alone, &["send", "Check its status"], &[("requests/payments.http", PAYMENTS)]).await;
    assert_eq!((run.code, targets(&alone).len()), (Some(2), 0));
    assert!(run.notes.contains("`create` was not answered in this run; send it first"), "{}", run.notes);
}

#[tokio::test]
async fn a_name_that_is_not_there_is_told_with_the_nearest_and_nothing_is_sent() {
    let world = World::new();
    let run = sent(&world, &["send", "Check its statuss"], &[("requests/payments.http", PAYMENTS)]).await;
    assert_eq!((run.code, targets(&world).len()), (Some(2), 0));
    assert!(run.notes.contains("did you mean `Check its status`?"), "{}", run.notes);
    let run = sent(&world, &["send", "Check"], &[]).await;
    assert!(run.code == Some(2) && run.notes.contains("there is no collection to find it in"), "{}", run.notes);
}

#[tokio::test]
async fn variables_come_from_the_run_the_file_its_folders_and_the_profile_in_that_order() {
    let world = World::new();
    let file = "@b = file\n### Echo\nPOST {{base_url}}/_sandbox/echo?a={{a}}&b={{b}}&c={{c}}&d={{place}}\n";
    let files = [("mine/variables.http", "@b = folder\n@c = folder\n"), ("mine/deep/echo.http", file)];
    let run = sent(&world, &["send", "Echo", "--collection", "mine", "--var", "a=run"], &files).await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert!(targets(&world).pop().unwrap().ends_with("?a=run&b=file&c=folder&d=profile"), "{:?}", targets(&world));
}

#[tokio::test]
async fn what_a_file_wants_of_the_machine_is_read_once_it_is_trusted_and_not_when_it_changed() {
    let world = World::new();
    let file = "### Echo\nPOST {{base_url}}/_sandbox/echo\nX-Key: {{$processEnv MY_KEY}}\n\n< ../outside.txt\n";
    let files = [("requests/a.http", file), ("outside.txt", "from outside")];
    let sends = |program: Program| program.with("MY_KEY", "sentinel-of-the-environment");
    let with_files =
        |program: Program| files.iter().fold(sends(program), |program, (path, text)| program.file(path, *text));
    let run = with_files(program(&world, &["send", "Echo"])).served().await;
    assert_eq!((run.code, targets(&world).len()), (Some(2), 0), "{}", run.notes);
    assert!(
        run.notes.contains("reads the environment (MY_KEY)") && run.notes.contains("authscope trust"),
        "{}",
        run.notes
    );

    let run = with_files(program(&world, &["trust", "requests/a.http", "--yes"])).served().await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert!(
        run.text().contains("the variable MY_KEY") && run.text().contains("the file ../outside.txt"),
        "{}",
        run.text()
    );

    let again = |home| sends(Program::within(home, &["send", "Echo"])).with("MINE", &world.sandbox.clients()[0].secret);
    let run = again(run.home).served().await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert_eq!(body(&world), sha256(b"from outside"));
    assert!(!run.notes.contains("sentinel-of-the-environment"), "{}", run.notes);

    let changed = file.replace("X-Key", "X-Other");
    assert_eq!(again(run.home).file("requests/a.http", changed).served().await.code, Some(2));
}

#[tokio::test]
async fn a_body_of_parts_has_the_bytes_of_its_files() {
    let world = World::new();
    let file = "### Parts\nPOST {{base_url}}/_sandbox/echo\nContent-Type: multipart/form-data; boundary=x\n\n--x\n\
                Content-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\n\n< ./a.bin\n--x--\n";
    let bytes = [0_u8, 255, 10, 13, 10];
    let program = program(&world, &["send", "Parts"]).file("requests/parts.http", file).file("requests/a.bin", bytes);
    let run = program.served().await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let head = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\n\r\n";
    let wanted = [head.as_bytes(), &bytes, b"\r\n--x--\r\n"].concat();
    assert_eq!(body(&world), sha256(&wanted));
}
