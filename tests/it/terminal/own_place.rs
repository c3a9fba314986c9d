//! A place of a person's own, from the form to its first answer.

use std::{fs, os::unix::fs::PermissionsExt as _};

use authscope::sandbox::Sandbox;
use tokio::task;

use super::window::Window;
use crate::world::World;

const FILE: &str = ".config/authscope/config.toml";
/// What a person wrote before, which stands as it stood.
const MINE: &str = "# mine\n[look] # looks\ntheme = \"light\"\n";

#[tokio::test]
async fn a_profile_is_added_by_the_form_tried_saved_and_sent_through() {
    let world = World::new();
    let sandbox = world.sandbox.clone();
    task::spawn_blocking(move || added(&sandbox)).await.unwrap();
}

fn added(sandbox: &Sandbox) {
    let client = &sandbox.clients()[0];
    let script = format!("mkdir -p .config/authscope; printf '{MINE}' > {FILE}; exec \"$PROGRAM\"");
    let variables = [("TERM", "xterm-256color"), ("MINE_SECRET", client.secret.as_str())];
    let mut window = Window::shell(&["-c", &script], &variables);
    window.until_shown("? keys");
    window.press("E");
    window.until_shown("a add");
    window.press("a");
    window.until_shown("New profile");
    // Name, base URL, past the token call and the name of the credential to the client id, and its secret's variable.
    window.press(&format!("mine\t{}\t\t\t\t{}\t \tMINE_SECRET", sandbox.base_url(), client.id));
    window.until_shown("MINE_SECRET");
    window.until_shown("rests: environment");
    // F5.
    window.press("\x1b[15~");
    window.until_shown("It works: tok#1 was issued, and is not kept.");
    window.until_shown("\"client_secret\":\"********\"");
    window.press("\x1b");
    window.until_shown("New profile");
    // Ctrl-S.
    window.press("\x13");
    window.until_shown("`mine` is in ");
    window.press("\r");
    window.until_shown("Calls go to mine now.");
    let calls = || sandbox.journal().counts();
    assert_eq!((calls().token_calls, calls().api_calls), (1, 0));
    window.press(":pane-1\rG");
    window.press("aapi/v1/transactions/txn_demo0001/status\x1b[15~");
    window.until_shown("200 OK");
    assert_eq!((calls().token_calls, calls().api_calls), (2, 1), "the token that was tried is not used");
    let file = window.home().join(FILE);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with(MINE) && text.contains("[profiles.mine]"), "{text}");
    assert!(!text.contains(client.secret.as_str()), "{text}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let told = String::from_utf8_lossy(window.bytes()).into_owned();
    assert!(!told.contains(client.secret.as_str()));
    window.press("\x03\x03");
    assert_eq!(window.ended(), 0);
}
