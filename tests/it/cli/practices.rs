//! `authscope practices`: the seven practices, judged without a call.

use serde_json::Value;

use super::program::Program;

#[test]
fn the_seven_practices_are_judged_each_with_its_evidence_and_what_improves_it() {
    let run = Program::new(&["practices"]).run();
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let text = run.text();
    assert_eq!(text.lines().filter(|line| line.starts_with("   seen  ")).count(), 7, "{text}");
    assert!(text.contains("1  A new token for each transaction: partly\n   seen  policy reuse"), "{text}");
    assert!(text.contains("   do    choose the policy per-transaction"), "{text}");

    let config = "[profiles.mine]\nbase-url = \"https://api.example\"\npolicy = \"per-transaction\"\n\
        [profiles.mine.credentials.default]\nclient-id = \"me\"\nsecret = { env = \"MINE\" }\n";
    let run = Program::new(&["practices", "--profile", "mine", "--json"]).configured(config).with("MINE", "s").run();
    let told: Value = serde_json::from_str(&run.text()).unwrap();
    let states: Vec<_> = told.as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["kept", "partly", "unknown", "kept", "kept", "kept", "kept"], "{told}");
    assert!(told[0]["improve"].is_null() && told[1]["improve"].is_string());
}
