//! A strict OAuth 2 server by the command line: the README's recipe, and the sandbox that is such a server.

use std::io::{BufRead as _, BufReader};

use authscope::sandbox::Client;
use rustix::process::Signal;

use super::program::{Program, end, signal};
use crate::world::{STATUS, World};

#[tokio::test]
async fn the_recipe_for_a_strict_server_works_and_json_in_its_place_is_explained() {
    let secret = "p%+&=: ü";
    let world = World::strict(vec![Client { id: "your-client-id".to_owned(), secret: secret.to_owned() }]);
    let readme = include_str!("../../../README.md");
    let recipe = readme.split("```toml\n").find(|block| block.starts_with("[profiles.strict]")).unwrap();
    let base = world.sandbox.base_url();
    let recipe = recipe.split("```").next().unwrap().replace("https://auth.example/oauth/token", "/api/token");
    let recipe = recipe.replacen("https://api.example", base, 1);
    let program = |words: &[&str], recipe: &str| {
        Program::new(words).configured(recipe).with("STRICT_CLIENT_SECRET", secret).served()
    };
    let run = program(&["profiles", "test", "strict"], &recipe).await;
    assert_eq!(run.code, Some(0), "{}", run.notes);
    let text = run.text();
    let body =
        "grant_type=client_credentials&scope=payments%3Aread+payments%3Awrite&audience=https%3A%2F%2Fapi.example";
    assert!(text.contains("> authorization: Basic ********") && text.contains(&format!("> {body}\n")), "{text}");
    let run = program(&["send", STATUS, "--profile", "strict"], &recipe).await;
    assert_eq!(run.code, Some(0), "{}", run.notes);

    let json = recipe.replace("form-basic", "json");
    let run = program(&["send", STATUS, "--profile", "strict"], &json).await;
    assert_eq!(run.code, Some(6), "{}", run.notes);
    for said in ["`invalid_request`", "asked in JSON", "set `token-request` of the profile to `form-basic`"] {
        assert!(run.notes.contains(said), "{}", run.notes);
    }
    assert_eq!(world.sandbox.journal().counts().token_calls, 3, "and nothing else was tried");
}

#[test]
fn the_strict_sandbox_tells_how_it_wants_to_be_asked() {
    let (mut child, home) = Program::new(&["sandbox", "--strict"]).start();
    let output = BufReader::new(child.stdout.take().unwrap());
    let told: Vec<String> =
        output.lines().map(Result::unwrap).take_while(|line| !line.ends_with("/_sandbox/journal")).collect();
    let export = told.iter().find(|line| line.starts_with("export ")).unwrap();
    let variables = || export.split(' ').skip(1).map(|word| word.split_once('=').unwrap());
    let token = || variables().fold(Program::new(&["token"]), |program, (name, value)| program.with(name, value));
    assert_eq!(token().run().code, Some(0));
    assert_eq!(token().with("AUTHSCOPE_TOKEN_REQUEST", "json").run().code, Some(6));
    assert_eq!(token().with("AUTHSCOPE_SCOPE", "a  b").run().code, Some(3));
    signal(&child, Signal::TERM);
    end(child, home);
}
