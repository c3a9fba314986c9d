//! Every command of the command line, as its help lists them.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader},
    sync::atomic::Ordering,
};

use rustix::process::Signal;
use tokio::task;

use super::{
    echo::Echo,
    sentinel::{SECRET, Scanner},
};
use crate::cli::program::{Program, end, signal};

/// What a run sends to the server at least.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sends {
    Nothing,
    /// The secret.
    Secret,
    /// The secret, and the token that it got for it.
    Both,
}

/// What is run of each command, by its words as the help has them.
const RUNS: &[(&str, &[&str], Sends)] = &[
    ("demo", &["demo"], Sends::Nothing),
    ("send", &["send", "/plain", "-v"], Sends::Both),
    ("send", &["send", "/plain", "-v", "--json"], Sends::Both),
    ("send", &["send", "/refused", "-v", "--json", "--max-body", "1"], Sends::Both),
    ("send", &["send", "/away", "-v"], Sends::Both),
    ("send", &["send", "/plain", "-v", "--repeat", "2", "--policy", "per-transaction"], Sends::Both),
    ("send", &["send", "/plain", "-v", "--profile", "commanded"], Sends::Both),
    ("check", &["check", "/plain"], Sends::Both),
    ("check", &["check", "/refused", "--json"], Sends::Both),
    ("check", &["check", "/away", "--tap", "--junit", "check.xml"], Sends::Both),
    ("run", &["run", "requests"], Sends::Both),
    ("run", &["run", "requests/canary.http", "--json", "--junit", "run.xml"], Sends::Both),
    ("doctor", &["doctor"], Sends::Nothing),
    ("doctor", &["doctor", "--json"], Sends::Nothing),
    ("bundle", &["bundle", "report.md"], Sends::Nothing),
    ("config schema", &["config", "schema"], Sends::Nothing),
    ("completions", &["completions", "bash"], Sends::Nothing),
    ("man", &["man"], Sends::Nothing),
    ("view", &["view", "no-such-file"], Sends::Nothing),
    ("tour", &["tour", "--lesson", "3"], Sends::Nothing),
    ("snippet", &["snippet", "/plain", "--kind", "flow"], Sends::Nothing),
    ("snippet", &["snippet", "--kind", "token", "--lang", "rust"], Sends::Nothing),
    ("snippet", &["snippet", "--reveal", "--kind", "token"], Sends::Nothing),
    ("import", &["import", "-"], Sends::Nothing),
    ("export", &["export", "curl", "/plain"], Sends::Nothing),
    ("export", &["export", "http", "/plain", "-H", "X-Api-Key: 1"], Sends::Nothing),
    ("send", &["send", "/plain", "--history"], Sends::Both),
    ("send", &["send", "/away", "--history", "--repeat", "2"], Sends::Both),
    ("history list", &["history", "list"], Sends::Nothing),
    ("history list", &["history", "list", "--json"], Sends::Nothing),
    ("history show", &["history", "show", "1"], Sends::Nothing),
    ("history export", &["history", "export", "1", "har"], Sends::Nothing),
    ("explain", &["explain"], Sends::Nothing),
    ("practices", &["practices"], Sends::Nothing),
    ("practices", &["practices", "--json"], Sends::Nothing),
    ("explain", &["explain", "1", "--json"], Sends::Nothing),
    ("history clear", &["history", "clear", "--yes"], Sends::Nothing),
    ("token", &["token"], Sends::Secret),
    ("token", &["token", "--json"], Sends::Secret),
    ("config path", &["config", "path"], Sends::Nothing),
    ("config example", &["config", "example"], Sends::Nothing),
    ("config check", &["config", "check"], Sends::Nothing),
    ("config keys", &["config", "keys"], Sends::Nothing),
    ("config themes", &["config", "themes"], Sends::Nothing),
    ("config theme", &["config", "theme", "dark"], Sends::Nothing),
    ("profiles list", &["profiles", "list"], Sends::Nothing),
    ("profiles show", &["profiles", "show", "canary", "--json"], Sends::Nothing),
    (
        "profiles add",
        &["profiles", "add", "other", "--base-url", "https://api.example", "--client-id", "me", "--secret-prompt"],
        Sends::Nothing,
    ),
    ("profiles test", &["profiles", "test", "canary"], Sends::Secret),
    ("profiles test", &["profiles", "test", "canary", "--json"], Sends::Secret),
    ("profiles remove", &["profiles", "remove", "live"], Sends::Nothing),
    // Nobody can be asked, and there is no keyring.
    ("secret set", &["secret", "set", "canary"], Sends::Nothing),
    ("secret rotate", &["secret", "rotate", "canary"], Sends::Nothing),
    ("secret remove", &["secret", "remove", "canary"], Sends::Nothing),
    ("secret where", &["secret", "where", "canary"], Sends::Nothing),
    ("trust", &["trust", "--yes"], Sends::Nothing),
];

/// Every command that has none below it, but for `help`.
fn commands(above: &[&str]) -> BTreeSet<String> {
    let help = Program::new(&[above, &["--help"]].concat()).run().text();
    let Some((_, list)) = help.split_once("Commands:\n") else { return [above.join(" ")].into() };
    let rows = list.lines().take_while(|row| !row.is_empty()).filter_map(|row| row.strip_prefix("  "));
    let names = rows.filter(|row| !row.starts_with(' ')).map(|row| row.split(' ').next().unwrap());
    names.filter(|name| *name != "help").flat_map(|name| commands(&[above, &[name]].concat())).collect()
}

fn program(echo: &Echo, kept: &std::path::Path, words: &[&str]) -> Program {
    Program::new(words)
        .configured(&echo.config())
        .file(
            "requests/canary.http",
            "### Plain\n# @assert status == 200\n# @assert body missing\nGET {{base_url}}/plain\n",
        )
        .with("CANARY_SECRET", SECRET)
        .with("KEPT", kept.to_str().unwrap())
        .with("PATH", &std::env::var("PATH").unwrap())
        .with("AUTHSCOPE_LOG", "debug")
        .with("RUST_BACKTRACE", "full")
}

#[tokio::test]
async fn no_command_shows_or_leaves_a_secret_or_a_token() {
    let (echo, scanner) = (Echo::new(), Scanner::new());
    let kept = tempfile::tempdir().unwrap();
    let kept = kept.path().join("kept");
    fs::write(&kept, SECRET).unwrap();
    for refuses in [false, true] {
        echo.said.refuses.store(refuses, Ordering::SeqCst);
        for (_, words, sends) in RUNS {
            let before = echo.said.counts();
            let run = program(&echo, &kept, words).served().await;
            let after = echo.said.counts();
            let sent = (after.0 > before.0, after.1 > before.1);
            let expected = (*sends != Sends::Nothing, *sends == Sends::Both && !refuses);
            assert_eq!(sent, expected, "{words:?}: {}", run.notes);
            scanner.clean(&format!("the output of {words:?}"), &run.output);
            scanner.clean(&format!("what {words:?} says beside it"), &run.notes);
            assert!(scanner.clean_folder(run.home.path()) > 0);
            if words.contains(&"commanded") {
                let seen = fs::read_to_string(run.home.path().join("of-the-command")).unwrap();
                assert!(seen.contains("KEPT=") && !seen.contains("CANARY_SECRET"), "{seen}");
            }
        }
        // On a terminal a body is masked too; in a pipe it is what was asked for.
        for words in [&["send", "/everything", "-v"][..], &["send", "/everything", "--json"], &["token"]] {
            let program = program(&echo, &kept, words);
            let before = echo.said.counts();
            let (_, seen) = task::spawn_blocking(move || program.on_terminal("")).await.unwrap();
            assert!(echo.said.counts().0 > before.0, "{words:?}: {seen}");
            scanner.clean(&format!("the terminal of {words:?}"), &seen);
            let is_body = words[0] == "send" && !refuses;
            assert_eq!(seen.contains("•••••••• tok#1") && seen.contains("•••••••• sec#"), is_body, "{seen}");
        }
    }
    // Asked for, a token rests in one place, and the secret nowhere.
    echo.said.refuses.store(false, Ordering::SeqCst);
    let session = tempfile::tempdir().unwrap();
    for calls in [1, 0] {
        let before = echo.said.counts();
        let words = ["send", "/plain", "-v", "--token-cache"];
        let run =
            program(&echo, &kept, &words).with("XDG_RUNTIME_DIR", session.path().to_str().unwrap()).served().await;
        let after = echo.said.counts();
        assert_eq!((after.0 - before.0, after.1 - before.1), (calls, 1), "{}", run.notes);
        scanner.clean("the output beside a kept token", &run.output);
        scanner.clean("what is said beside it", &run.notes);
        scanner.clean_folder(run.home.path());
    }
    let tokens = fs::read_dir(session.path().join("authscope/tokens")).unwrap().map(|entry| entry.unwrap().path());
    for file in tokens {
        let text = fs::read_to_string(&file).unwrap();
        if file.extension().is_some_and(|ending| ending == "token") {
            assert!(text.contains(super::sentinel::TOKEN) && !text.contains(SECRET));
            fs::remove_file(file).unwrap();
        }
    }
    assert_eq!(scanner.clean_folder(session.path()), 2, "the key of the names, and a lock");
    // Runs until it is told to end.
    let (mut child, home) = program(&echo, &kept, &["sandbox"]).start();
    let mut said = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    let line = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default();
    signal(&child, Signal::TERM);
    let run = end(child, home);
    for bytes in [said.as_bytes(), &line, &run.output, run.notes.as_bytes()] {
        scanner.clean("the sandbox", bytes);
    }
    let visited: BTreeSet<_> = RUNS.iter().map(|(name, ..)| (*name).to_owned()).chain(["sandbox".to_owned()]).collect();
    assert_eq!(visited, commands(&[]), "each command is run");
}
