//! Sentinels as client secret and as token, through a whole session at the highest level: none of them is on the disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use authscope::sandbox::{Answer, Endpoint, Order};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use tokio::task;

use super::explorer::{Explorer, state};
use crate::world::World;

/// Bytes of a secret that may not be found in a row.
const WINDOW: usize = 12;
/// A token as no sandbox makes one.
const TOKEN: &str = "sentinel+token/0123456789abcdef~ABCDEF";
/// A value that a person types into a header that is secret by its name.
const TYPED: &str = "typed-by-hand-0987654321";

/// Every file under the state folder that holds a part of a secret, in any of its forms.
fn holders(folder: &Path, secrets: &[&str]) -> Vec<String> {
    let forms: Vec<Vec<u8>> = secrets
        .iter()
        .flat_map(|secret| {
            let percent = percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC);
            let json = serde_json::to_string(secret).unwrap();
            [(*secret).to_owned(), BASE64_STANDARD.encode(secret), percent.to_string(), json]
        })
        .map(String::into_bytes)
        .collect();
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let holds = |bytes: &[u8]| {
        forms.iter().flat_map(|form| form.windows(WINDOW)).any(|part| memchr::memmem::find(bytes, part).is_some())
    };
    let told = |file: &PathBuf| {
        let bytes = fs::read(file).unwrap();
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| holds(line));
        let lines = lines.map(|line| format!("{}: {}", file.display(), String::from_utf8_lossy(line)));
        lines.collect::<Vec<_>>()
    };
    files.iter().flat_map(told).collect()
}

#[tokio::test]
async fn no_secret_and_no_token_is_in_the_log_or_the_database() {
    let world = World::new();
    let sandbox = world.sandbox.clone();
    let home = tempfile::tempdir().unwrap();
    let folder = state(home.path());
    let session = move || {
        let (client, base) = (sandbox.clients()[0].clone(), sandbox.base_url().to_owned());
        let secrets = [client.secret.as_str(), TOKEN, TYPED, "eyJhbGciOiJIUzI1NiIs"];
        let variables = [
            ("AUTHSCOPE_LOG", "debug"),
            ("AUTHSCOPE_BASE_URL", &base),
            ("AUTHSCOPE_CLIENT_ID", &client.id),
            ("AUTHSCOPE_CLIENT_SECRET", &client.secret),
        ];
        let mut explorer = Explorer::open(home.path(), &variables, "");
        explorer.press("2ke");
        explorer.press("\u{15}{{base_url}}/api/v1/transactions/txn_demo0001/status\r");
        explorer.press("s");
        explorer.until("Captured");
        sandbox.order(Order::RevokeAll);
        explorer.press("s");
        explorer.until("Healed");
        let raw = |status, body: String| Order::Answer {
            endpoint: Endpoint::Token,
            answer: Answer::Raw { status, content_type: "application/json".to_owned(), body },
            times: None,
        };
        sandbox.order(raw(200, format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":1800}}"#)));
        explorer.press("R");
        explorer.until("is issued");
        explorer.press("s");
        explorer.until("401");
        sandbox.order(raw(401, format!(r#"{{"error":"not {} nor {}"}}"#, client.secret, client.id)));
        explorer.press("R");
        explorer.until("CREDENTIALS");
        // By hand: a header that is secret by its name, a variable that is the secret, a command that is a token.
        explorer.press("2[[[a");
        explorer.press(&format!("Authorization\t{TYPED}\r"));
        explorer.until("typed-by-hand");
        explorer.press(&format!(":policy {TOKEN}\r"));
        explorer.until("there is no policy");
        explorer.press("2ke");
        explorer.press(&format!("?secret={}\r", client.secret));
        explorer.press("6");
        while !fs::read(folder.join("authscope.log")).unwrap().windows(12).any(|part| part == b"token-failed") {}
        assert_eq!(holders(&folder, &secrets), Vec::<String>::new(), "while it runs");
        let names = fs::read_dir(&folder).unwrap().count();
        assert!(names >= 4, "the database, what belongs to it, and the log");
        assert_eq!(explorer.end("q").0, 0);
        assert_eq!(holders(&folder, &secrets), Vec::<String>::new(), "after its end");
        assert!(super::kept(&folder).unwrap().drafts.values().any(|draft| draft.contains("Authorization")));
    };
    task::spawn_blocking(session).await.unwrap();
}
