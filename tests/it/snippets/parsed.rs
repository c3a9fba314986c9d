//! The languages that Debian has no runtime of: their snippets are parsed by a grammar.

use std::process::Command;

use authscope::{
    domain::token_answer::ExpiryIs,
    snippet::{Kind, Snippets},
};

use super::{CASES, CLIENT, prepared, snippet, tokens, toolchains::python_of_machine, world};
use crate::needs;

#[tokio::test]
async fn snippets_without_a_runtime_parse_without_an_error() {
    let probe = "import tree_sitter, tree_sitter_c_sharp, tree_sitter_powershell";
    let has = Command::new(python_of_machine()).args(["-c", probe]).output();
    if !has.is_ok_and(|probe| probe.status.success()) {
        return needs::skipped("csharp, powershell: Python has no grammars of them");
    }
    let (world, snippets, folder) = (world(), Snippets::default(), tempfile::tempdir().unwrap());
    let mut files = Vec::new();
    for id in ["csharp", "powershell"] {
        let language = snippets.named(id).unwrap();
        let mut write = |name: String, text: &str| {
            let file = folder.path().join(format!("{name}.{}", language.about.extension));
            std::fs::write(&file, text).unwrap();
            files.push(file);
        };
        for (at, case) in tokens::cases(&world.profile).iter().enumerate() {
            write(format!("token{at}"), &snippet(language, Kind::Token, None, &case.profile).text);
        }
        for (at, case) in CASES.iter().enumerate() {
            for kind in [Kind::Call, Kind::Flow] {
                let snippet = snippet(language, kind, Some(&prepared(&world, case)), &world.profile);
                write(format!("{kind}{at}"), &snippet.text);
            }
        }
        for until in ExpiryIs::ALL {
            let (profile, _) = tokens::mapped(&world.profile, CLIENT, until);
            let snippet = snippet(language, Kind::Flow, Some(&prepared(&world, &CASES[0])), &profile);
            write(format!("mapped-{}", until.name()), &snippet.text);
        }
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/snippets/parse.py");
    let parsed = Command::new(python_of_machine()).arg(script).args(&files).output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&parsed.stdout), String::from_utf8_lossy(&parsed.stderr));
    assert!(parsed.status.success(), "{said}\n{complained}");
}
