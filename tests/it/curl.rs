//! curl is the judge: what it really sends for a command, against what is sent for the import of that command.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use authscope::{
    domain::{
        exchange::Outcome,
        record::Record,
        redact::Redactor,
        request::{Authorization, Draft, Purpose},
        template::Variables,
    },
    interchange::{
        Files, Import,
        curl::{
            self,
            options::{OPTIONS, Use},
        },
        export,
    },
};

use crate::{needs, raw_server::RawServer, world::World};

mod commands;

use commands::{COMMANDS, FILES, NOT_SENT, PROMPT};

/// A request as a server got it: its first line, its header fields but those that each client has its own of, its body.
#[derive(Debug, PartialEq, Eq)]
struct Received {
    line: String,
    fields: Vec<(String, String)>,
    body: String,
}

impl Received {
    fn new(head: &str, body: &[u8]) -> Self {
        let mut lines = head.trim_end().split("\r\n");
        let line = lines.next().unwrap().to_owned();
        let own = ["host", "content-length", "connection", "accept-encoding", "expect"];
        let defaults = [("accept", "*/*"), ("user-agent", "curl/"), ("user-agent", "authscope/")];
        let fields = lines.map(|line| line.split_once(':').unwrap());
        let fields = fields.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
        let mut fields: Vec<_> = fields
            .filter(|(name, _)| !own.contains(&name.as_str()))
            .filter(|(name, value)| !defaults.iter().any(|(own, begin)| name == own && value.starts_with(begin)))
            .collect();
        let mut body = String::from_utf8(body.to_vec()).unwrap();
        // Each draws its own.
        for (_, value) in &mut fields {
            if let Some((_, boundary)) = value.clone().split_once("boundary=") {
                *value = value.replace(boundary, "BOUNDARY");
                body = body.replace(boundary, "BOUNDARY");
            }
        }
        fields.sort();
        Self { line, fields, body }
    }

    /// The same with brackets in its target percent-encoded: curl sends them as they are typed, which HTTP does not
    /// allow (RFC 9112 §3.2).
    fn allowed(mut self) -> Self {
        self.line = self.line.replace('[', "%5B").replace(']', "%5D");
        self
    }
}

/// A server that keeps what came.
fn server() -> (RawServer, Arc<Mutex<Vec<Received>>>) {
    let seen: Arc<Mutex<Vec<Received>>> = Arc::default();
    let kept = seen.clone();
    let server = RawServer::new(move |mut line| {
        let kept = kept.clone();
        async move {
            while let Some((request, body)) = line.request().await {
                kept.lock().unwrap().push(Received::new(&request.head, &body));
                line.answer("200 OK", "").await;
            }
        }
    });
    (server, seen)
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The files that a person said yes to: those asked for, until none is.
fn consented(text: &str, folder: &Path) -> Import {
    let mut files = Files::new();
    loop {
        let import = curl::imported(text, &files);
        let new: Vec<_> = import.asks.iter().filter(|ask| !files.contains_key(&ask.file)).cloned().collect();
        if new.is_empty() {
            return import;
        }
        for ask in new {
            let bytes = fs::read(folder.join(&ask.file)).unwrap();
            files.insert(ask.file, bytes);
        }
    }
}

async fn curl_sends(command: &str, folder: &Path) -> bool {
    let (command, folder) = (command.to_owned(), folder.to_owned());
    let run = move || {
        let mut shell = Command::new("bash");
        shell
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .env("PATH", "/usr/bin:/bin:/usr/local/bin")
            .env("HOME", &folder)
            .current_dir(&folder);
        shell.args(["-c", &command]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        shell.status().unwrap().success()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

async fn authscope_sends(world: &World, draft: &Draft) {
    let mut prepared = draft.prepared(&Variables::default()).unwrap();
    if matches!(prepared.authorization, Authorization::Managed) {
        prepared.authorization = Authorization::OnPurpose(Purpose::NoToken);
    }
    let exchange = world.send(prepared).await;
    assert!(matches!(exchange.outcome, Outcome::Answered), "{:?}", exchange.outcome);
}

fn has_curl() -> bool {
    let found = Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !found {
        needs::skipped("there is no `curl`");
    }
    found
}

#[tokio::test]
async fn what_is_sent_for_an_imported_command_is_what_curl_sends_for_it() {
    if !has_curl() {
        return;
    }
    let (server, seen) = server();
    let world = World::new();
    let host = format!("127.0.0.1:{}", server.port);
    let mut wrong = Vec::new();
    for command in COMMANDS {
        let folder = folder();
        let command = command.replace("HOST", &host);
        let ran = curl_sends(&command, folder.path()).await;
        let by_curl: Vec<_> = seen.lock().unwrap().drain(..).map(Received::allowed).collect();
        assert!(ran && !by_curl.is_empty(), "curl takes this command: {command}");
        let import = consented(&command, folder.path());
        for found in &import.requests {
            authscope_sends(&world, &found.draft).await;
        }
        let by_us: Vec<_> = seen.lock().unwrap().drain(..).collect();
        if by_curl != by_us {
            wrong.push(format!("{command}\n  curl: {by_curl:#?}\n  here: {by_us:#?}\n  {:?}", import.left));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), COMMANDS.len(), wrong.join("\n"));
    assert!(COMMANDS.len() >= 60);
}

#[tokio::test]
async fn a_request_that_is_exported_as_a_command_is_the_same_when_curl_sends_it() {
    if !has_curl() {
        return;
    }
    let (server, seen) = server();
    let world = World::new();
    let host = format!("127.0.0.1:{}", server.port);
    for command in COMMANDS {
        let folder = folder();
        for found in consented(&command.replace("HOST", &host), folder.path()).requests {
            authscope_sends(&world, &found.draft).await;
            let by_us: Vec<_> = seen.lock().unwrap().drain(..).collect();
            let prepared = found.draft.prepared(&Variables::default()).unwrap();
            let exported = export::curl(&Record::unsent(&prepared, "", &Redactor::default(), true));
            assert!(curl_sends(&exported, folder.path()).await, "{exported}");
            let by_curl: Vec<_> = seen.lock().unwrap().drain(..).collect();
            assert_eq!(by_us, by_curl, "{command}\n{exported}");
        }
    }
}

#[test]
fn what_is_written_for_the_windows_prompt_is_the_same_request() {
    for (prompt, bash) in PROMPT {
        let (prompt, bash) = (curl::imported(prompt, &Files::new()), curl::imported(bash, &Files::new()));
        assert_eq!(prompt.requests, bash.requests);
        assert_eq!(prompt.requests.len(), 1);
    }
}

#[test]
fn every_option_of_the_real_curl_is_in_the_table() {
    if !has_curl() {
        return;
    }
    let told = Command::new("curl").args(["--help", "all"]).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let known: BTreeMap<_, _> = OPTIONS.iter().map(|option| (option.name, option)).collect();
    assert_eq!(known.len(), OPTIONS.len(), "no option is in it twice");
    let mut seen = 0;
    for line in told.lines().filter(|line| line.trim_start().starts_with('-')) {
        let mut words = line.split_whitespace();
        let mut word = words.next().unwrap();
        let letter = word.strip_suffix(',').map(|short| short.chars().nth(1).unwrap());
        if letter.is_some() {
            word = words.next().unwrap();
        }
        let name = word.trim_start_matches('-');
        let option = known.get(name).unwrap_or_else(|| panic!("`--{name}` is not in the table"));
        assert_eq!(option.letter, letter, "--{name}");
        let value = words.next().is_some_and(|word| word.starts_with(['<', '[']));
        assert_eq!(option.value, value, "--{name}");
        seen += 1;
    }
    assert!(seen > 200, "{seen} options were read");
}

#[test]
fn every_option_that_is_taken_is_in_a_command_that_curl_judged() {
    let words: BTreeSet<_> = COMMANDS.iter().flat_map(|command| command.split_whitespace()).collect();
    for option in OPTIONS.iter().filter(|option| matches!(option.usage, Use::Taken | Use::Asks)) {
        let long = format!("--{}", option.name);
        assert!(words.contains(long.as_str()), "{long} is in no command");
    }
}

#[test]
fn every_option_that_is_not_taken_is_named_with_a_reason() {
    for option in OPTIONS.iter().filter(|option| !matches!(option.usage, Use::Taken | Use::Asks)) {
        let value = if option.value { " some.txt" } else { "" };
        let import = curl::imported(&format!("curl --{}{value} http://h/", option.name), &Files::new());
        assert_eq!(import.requests.len(), 1, "--{}", option.name);
        let named = import.left.iter().any(|left| left.what.contains(option.name) && !left.why.is_empty());
        assert!(named, "--{}: {:?}", option.name, import.left);
    }
}

#[test]
fn a_command_that_cannot_be_taken_says_why() {
    for (command, why) in NOT_SENT {
        let import = curl::imported(command, &Files::new());
        let told = import.left.iter().map(|left| format!("{}: {}", left.what, left.why));
        let told: Vec<_> =
            told.chain(import.asks.iter().map(|ask| format!("asks {} for {}", ask.file, ask.what))).collect();
        assert!(told.iter().any(|told| told.contains(why)), "{command}: {told:?}");
    }
}
