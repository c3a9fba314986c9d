use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;
use crate::{
    app::{editor::Text, lab::Fault},
    body::Body,
    domain::{
        credential::{Credential, SecretSource},
        profile::Profile,
    },
    engine::Setup,
    store::log::Log,
};

fn effects() -> (Effects, UnboundedReceiver<Message>) {
    let (clock, _) = Clock::manual(Timestamp::UNIX_EPOCH);
    let (messages, told) = unbounded_channel();
    let record = Record::new(Log::default(), clock.clone());
    let setup = Setup {
        clock: clock.clone(),
        observer: observer(messages.clone(), record.clone()),
        dice: Arc::new(|| 0.5),
        cache: None,
        secrets: secrets::Secrets::default(),
        timer: false,
    };
    let play = Box::new(|fault: Fault| vec![fault.text().to_owned()]);
    (Effects::new(Engine::new(setup), clock, play, messages, record), told)
}

/// A body of several pieces: numbers, a line each.
fn document(lines: usize) -> Document {
    let lines: Vec<String> = (0..lines).map(|number| format!("[{number:07}]\n")).collect();
    Document::new(Body::of(lines.concat()), Some("text/plain"))
}

#[test]
fn a_search_tells_what_it_finds_and_when_it_is_through() {
    let (mut effects, mut told) = effects();
    let document = document(1_000_000);
    let pattern = Pattern::new("[0000042]").unwrap();
    effects.carry_out(Effect::Search { search: 7, document, pattern }).unwrap();
    let mut seen = Vec::new();
    loop {
        match told.blocking_recv() {
            Some(Message::Found { search: 7, hits, done }) => {
                seen.push((hits, done));
                if done {
                    break;
                }
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, [(vec![420], false), (vec![420], true)]);
}

#[test]
fn an_index_grows_until_it_is_whole() {
    let (mut effects, mut told) = effects();
    let document = document(1_000_000);
    effects.carry_out(Effect::Index(document)).unwrap();
    let mut end = 0;
    while let Some(Message::Indexed(_, index)) = told.blocking_recv() {
        assert!(index.end() > end || index.is_whole());
        end = index.end();
        if index.is_whole() {
            break;
        }
    }
    assert_eq!(end, 10_000_000);
}

#[test]
fn a_body_that_is_typed_is_checked_to_its_end() {
    let (mut effects, mut told) = effects();
    let text = Text::new(&format!("[{}1 2]", "1,\n".repeat(100_000)));
    effects.carry_out(Effect::Check(text.clone())).unwrap();
    let Some(Message::Checked(checked, Some(fault))) = told.blocking_recv() else { panic!("nothing is told") };
    assert!(checked.is(&text));
    assert!(fault.to_string().contains("line 100001, column 3"), "{fault}");
}

#[test]
fn a_newer_search_takes_the_place_of_the_one_before() {
    let (mut effects, _told) = effects();
    let document = document(10);
    let pattern = Pattern::new("9").unwrap();
    let order = |search| Effect::Search { search, document: document.clone(), pattern: pattern.clone() };
    effects.carry_out(order(1)).unwrap();
    let first = effects.search.clone();
    effects.carry_out(order(2)).unwrap();
    assert!(first.is_cancelled() && !effects.search.is_cancelled());
}

#[test]
fn a_fault_is_played_and_what_is_out_of_the_ordinary_is_told() {
    let (mut effects, mut told) = effects();
    assert!(effects.carry_out(Effect::Play(Fault::SlowTokens)).unwrap().is_none());
    assert!(matches!(told.try_recv(), Ok(Message::Misbehaved(lines)) if lines == [Fault::SlowTokens.text()]));
}

#[test]
fn a_theme_is_read_where_the_themes_are_and_each_time_anew() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("themes/mine.toml");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    let (effects, mut told) = effects();
    let mut effects = effects.with_themes(OwnThemes::beside(&home.path().join("config.toml")));
    let mut read = |text: &str| {
        std::fs::write(&file, text).unwrap();
        effects.carry_out(Effect::ReadTheme("mine".to_owned())).unwrap();
        match told.blocking_recv() {
            Some(Message::ThemeRead(name, outcome)) if name == "mine" => outcome,
            other => panic!("{other:?}"),
        }
    };
    assert!(read("[role]\nok = {}\n").is_ok());
    assert!(
        read("[role]\nokay = {}\n")
            .unwrap_err()
            .ends_with("mine.toml:2:1: `role.okay`: this name is not known: did you mean `ok`?")
    );
}

#[tokio::test]
async fn a_renewal_without_a_secret_ends_with_why() {
    let base: url::Url = "http://127.0.0.1:1".parse().unwrap();
    let secret = SecretSource::Command(vec!["false".to_owned()]);
    let profile =
        Profile { credentials: vec![Credential::new("me", secret)], ..Profile::new("mine", base.clone(), base) };
    let (mut effects, mut told) = effects();
    effects.carry_out(Effect::Renew(Arc::new(profile), String::new())).unwrap();
    let Some(Message::Renewed(Err(failure))) = told.recv().await else { panic!("no end") };
    assert!(failure.text.contains("exit status: 1"), "{}", failure.text);
}
