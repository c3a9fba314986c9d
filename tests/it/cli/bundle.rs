//! One file for a bug report, and what is never in it.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::program::{Program, served};
use crate::world::{STATUS, World};

#[tokio::test]
async fn a_report_holds_machine_config_and_calls_and_is_readable_by_its_owner_alone() {
    let world = World::new();
    let first =
        served(&world, &["send", STATUS, "--history"]).configured("# mine\nprofile = \"sandbox\"\n").served().await;
    assert_eq!(first.code, Some(0), "{}", first.notes);
    let run = Program::within(first.home, &["bundle", "report.md"]).run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let path = run.home.path().join("report.md");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for part in ["## The machine", "## The config file", "# mine", "## A call", STATUS] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let again = Program::within(run.home, &["bundle", "report.md"]).run();
    assert_eq!(again.code, Some(2), "nothing is written over: {}", again.notes);
}

#[test]
fn no_secret_and_no_part_of_one_is_in_a_bundle() {
    let secret = "a-Very-secret-Word-7712";
    let config = format!(
        "# {secret}\n[profiles.mine]\nbase-url = \"https://api.example\"\n[profiles.mine.credentials.default]\nclient-id = \"me\"\nsecret = {{ env = \"MINE\" }}\n"
    );
    let run = Program::new(&["bundle", "report.md"])
        .configured(&config)
        .file("state/authscope/authscope.log", format!("2026 error it said {secret} and {}\n", &secret[..14]))
        .with("MINE", secret)
        .run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let text = fs::read_to_string(run.home.path().join("report.md")).unwrap();
    assert!(text.contains("## The end of the log") && text.contains("it said"), "{text}");
    for from in 0..=secret.len() - 12 {
        assert!(!text.contains(&secret[from..from + 12]), "{text}");
    }
}
