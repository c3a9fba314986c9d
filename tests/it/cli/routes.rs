//! How the program reaches an API: encrypted, or plain where that was named; through a proxy, or not.

use std::io::{BufRead as _, BufReader};

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustix::process::Signal;

use super::program::{Program, end, signal};
use crate::{
    raw_server::{RawServer, Request},
    world::{STATUS, World},
};

#[test]
fn the_sandbox_speaks_https_to_whom_trusts_the_authority_that_it_prints() {
    let (mut child, home) = Program::new(&["sandbox", "--tls"]).with("TMPDIR", "/tmp").start();
    let output = BufReader::new(child.stdout.take().unwrap());
    let told: Vec<String> =
        output.lines().map(Result::unwrap).take_while(|line| !line.ends_with("/_sandbox/journal")).collect();
    let export = told.iter().find(|line| line.starts_with("export ")).unwrap();
    let send = told.iter().find(|line| line.starts_with("authscope send")).unwrap();
    let words: Vec<&str> = send.split(' ').skip(1).collect();
    assert_eq!((words[0], words[3]), ("send", "--cacert"));
    let program = |words: &[&str]| {
        let variables = export.split(' ').skip(1).map(|word| word.split_once('=').unwrap());
        variables.fold(Program::new(words), |program, (name, value)| program.with(name, value))
    };
    let run = program(&words).run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert!(run.notes.contains("https://127.0.0.1:"), "{}", run.notes);
    let run = program(&["send", STATUS, "--cacert", "none.pem"]).run();
    assert_eq!((run.code, run.notes.contains("none.pem")), (Some(6), true), "{}", run.notes);
    let run = program(&["send", STATUS, "--cacert", "own.pem"]).file("own.pem", authority()).run();
    assert_eq!((run.code, run.notes.contains("--cacert FILE")), (Some(6), true), "{}", run.notes);
    signal(&child, Signal::TERM);
    end(child, home);
    assert!(!std::path::Path::new(words[4]).exists(), "the file ends with the sandbox");
}

#[test]
fn no_option_turns_the_checks_off_or_takes_a_secret() {
    for command in
        ["", "send", "token", "sandbox", "demo", "config", "profiles", "profiles add", "profiles test", "secret"]
    {
        let words: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let help = Program::new(&words).run().text();
        let options = help.split_whitespace().filter(|word| word.starts_with("--"));
        for option in options {
            let unwelcome = ["--insecure", "--no-check", "--no-verify", "--secret", "--password", "--client-secret"];
            let named = option.trim_end_matches(|letter: char| !letter.is_alphanumeric());
            assert!(!unwelcome.contains(&named), "{command} {named}");
        }
    }
}

/// The certificate of some authority (PEM).
fn authority() -> String {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}

/// A proxy that answers every plain call itself and opens no tunnel.
fn proxy() -> RawServer {
    RawServer::new(|mut line| async move {
        while let Some((request, _)) = line.request().await {
            match request.line() {
                tunnel if tunnel.starts_with("CONNECT ") => {
                    line.answer("407 Proxy Authentication Required\r\nproxy-authenticate: Basic", "").await;
                }
                token if token.ends_with("/api/token") => {
                    line.answer("200 OK", r#"{"access_token":"abc","token_type":"Bearer"}"#).await;
                }
                _ => line.answer("200 OK", "{}").await,
            }
        }
    })
}

fn lines(proxy: &RawServer) -> Vec<String> {
    proxy.requests().iter().map(|request| request.line().to_owned()).collect()
}

fn elsewhere(words: &[&str]) -> Program {
    Program::new(words)
        .with("AUTHSCOPE_BASE_URL", "http://api.example")
        .with("AUTHSCOPE_CLIENT_ID", "me")
        .with("AUTHSCOPE_CLIENT_SECRET", "a secret of mine")
}

#[tokio::test]
async fn plain_http_is_refused_but_for_loopback_and_an_origin_that_was_named() {
    let proxy = proxy();
    let at = proxy.url("").to_string();
    for words in [&["send", "/x"][..], &["token"], &["send", "/x", "--insecure-http", "http://api.example:81"]] {
        let run = elsewhere(words).with("http_proxy", &at).served().await;
        assert_eq!(
            (run.code, run.notes.contains("--insecure-http http://api.example")),
            (Some(2), true),
            "{}",
            run.notes
        );
    }
    assert_eq!(lines(&proxy), Vec::<String>::new());
    let words = ["send", "/x", "--insecure-http", "http://api.example"];
    let run = elsewhere(&words).with("http_proxy", &at).served().await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    assert_eq!(lines(&proxy), ["POST http://api.example/api/token", "GET http://api.example/x"]);
}

#[tokio::test]
async fn proxy_variables_are_heeded_but_for_loopback_and_excepted_hosts_and_options_and_profiles_win() {
    let (proxy, other) = (proxy(), proxy());
    let (at, other_at) = (proxy.url("").to_string(), other.url("").to_string());
    let words = ["send", "/x", "-v", "--insecure-http", "http://api.example"];
    let run = elsewhere(&words).with("all_proxy", &at.replace("http://", "http://me:pass%20word@")).served().await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let said = format!("through the proxy {}", at.trim_end_matches('/'));
    assert!(run.notes.contains(&said) && !run.notes.contains("pass"), "{}", run.notes);
    // Basic, `me:pass word`.
    let login = |request: &Request| request.header("proxy-authorization") == Some("Basic bWU6cGFzcyB3b3Jk");
    assert!(proxy.requests().iter().all(login) && proxy.requests().len() == 2);

    let seen = lines(&proxy).len();
    // Nobody is there, and no proxy is asked.
    let run = elsewhere(&words).with("all_proxy", &at).with("no_proxy", "example").served().await;
    assert_eq!(run.code, Some(6));
    let none = [&words[..], &["--proxy", "none"]].concat();
    assert_eq!(elsewhere(&none).with("all_proxy", &at).served().await.code, Some(6));
    assert_eq!(lines(&proxy).len(), seen);

    let option = [&words[..], &["--proxy", &other_at]].concat();
    assert_eq!(elsewhere(&option).with("all_proxy", &at).served().await.code, Some(0));
    let profile = format!(
        "[profiles.mine]\nbase-url = \"http://api.example\"\nproxy = \"{other_at}\"\n\
         [profiles.mine.credentials.me]\nclient-id = \"me\"\nsecret = {{ env = \"S\" }}\n"
    );
    let own = Program::new(&[&words[..], &["--profile", "mine"]].concat()).configured(&profile).with("S", "secret");
    assert_eq!(own.with("all_proxy", &at).served().await.code, Some(0));
    assert_eq!((lines(&proxy).len(), lines(&other).len()), (seen, 4));

    let world = World::new();
    let local = Program::at(&world.sandbox, &["send", STATUS, "--json"]);
    let run = local.with("all_proxy", &at).with("https_proxy", &at).served().await;
    assert_eq!((run.code, run.json()["attempts"][0]["hops"][0]["via"].is_null()), (Some(0), true));
    assert_eq!(lines(&proxy).len(), seen);
}

#[tokio::test]
async fn an_encrypted_call_tunnels_and_a_proxy_that_refuses_is_named() {
    let proxy = proxy();
    let at = proxy.url("").to_string();
    let run = elsewhere(&["send", "/x", "--cacert", "own.pem"])
        .file("own.pem", authority())
        .with("AUTHSCOPE_BASE_URL", "https://api.example")
        .with("https_proxy", &at)
        .served()
        .await;
    assert_eq!(run.code, Some(6));
    assert!(lines(&proxy).iter().all(|line| line == "CONNECT api.example:443") && !lines(&proxy).is_empty());
    assert!(proxy.requests().iter().all(|request| !request.head.contains("uthorization")));
    assert!(run.notes.contains(&format!("the proxy {}", at.trim_end_matches('/'))), "{}", run.notes);
    let wrong = elsewhere(&["send", "/x"]).with("ALL_PROXY", "socks5://127.0.0.1:1").run();
    assert_eq!(
        (wrong.code, wrong.notes.contains("`ALL_PROXY`: proxies of the kind `socks5`")),
        (Some(2), true),
        "{}",
        wrong.notes
    );
}

#[tokio::test]
async fn a_netrc_changes_no_authorization() {
    let world = World::new();
    let run = Program::at(&world.sandbox, &["send", STATUS])
        .file(".netrc", "machine 127.0.0.1 login someone password hunter2\ndefault login a password b\n")
        .served()
        .await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let sent: Vec<_> = world
        .sandbox
        .journal()
        .entries()
        .iter()
        .map(|entry| entry.values("authorization").map(ToOwned::to_owned).collect::<Vec<_>>())
        .collect();
    assert_eq!(sent, [vec![], vec!["Bearer #1".to_owned()]]);
}
