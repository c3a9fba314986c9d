use std::path::Path;

use url::Url;

use super::*;
use crate::{
    app::{
        message::Message,
        tests::{app, press, type_text},
        update,
    },
    domain::{
        credential::{Credential, SecretSource},
        flow::{TokenFailure, TokenFailureKind},
        profile_form::{Entry, PRODUCTION},
        token::TokenPolicy,
    },
};

/// A place of a person's own.
fn place(name: &str, base: &str) -> Profile {
    let url = Url::parse(base).unwrap();
    let mut profile = Profile::new(name, url.clone(), url.join("/api/token").unwrap());
    profile.credentials = vec![
        Credential::new("me", SecretSource::Environment("MINE".to_owned())),
        Credential { name: "other".to_owned(), ..Credential::new("you", SecretSource::Prompt) },
    ];
    profile
}

/// Those that are there, and these.
fn with(app: &App, more: Vec<Profile>) -> Saved {
    let names: Vec<_> = more.iter().map(|profile| profile.name.clone()).collect();
    let there = app.environment.profiles().filter(|profile| !names.contains(&profile.name));
    // As it is read again: no value is the one of before.
    let there = there.map(|profile| Arc::new(Profile::clone(profile)));
    Saved { profiles: there.chain(more.into_iter().map(Arc::new)).collect(), file: "/h/config.toml".into() }
}

/// An explorer on such a place.
fn at_mine() -> App {
    let mut app = app();
    let saved = with(&app, vec![place("mine", "https://mine.example")]);
    replace(&mut app, saved.profiles);
    press(&mut app, "E G");
    press(&mut app, "end enter");
    assert_eq!(app.environment.profile().name, "mine");
    app
}

fn written(effects: &[Effect]) -> &Entry {
    match effects {
        [Effect::ChangeProfiles(Change::Write(entry))] => entry,
        other => panic!("{other:?}"),
    }
}

fn told(app: &mut App, effects: Vec<Effect>, end: Result<Saved, FormFault>) -> Vec<Effect> {
    let Some(Effect::ChangeProfiles(change)) = effects.into_iter().next() else { panic!() };
    update(app, Message::ProfilesChanged(change, end))
}

#[test]
fn a_profile_is_filled_in_saved_and_chosen_by_the_keyboard_alone() {
    let mut app = app();
    press(&mut app, "E a");
    type_text(&mut app, "mine");
    press(&mut app, "tab");
    type_text(&mut app, "https://mine.example");
    press(&mut app, "down down space down down");
    type_text(&mut app, "me");
    press(&mut app, "enter right tab");
    type_text(&mut app, "MINE");
    let effects = press(&mut app, "ctrl-s");
    let entry = written(&effects);
    let texts = [Field::Name, Field::BaseUrl, Field::Wire, Field::ClientId, Field::Source, Field::Secret]
        .map(|field| entry.now.text(field));
    assert_eq!(texts, ["mine", "https://mine.example", "form-body", "me", "env", "MINE"]);
    assert!(press(&mut app, "ctrl-s").is_empty(), "it is on its way");
    let saved = with(&app, vec![place("mine", "https://mine.example")]);
    let effects = told(&mut app, effects, Ok(saved));
    assert!(
        matches!(&effects[..], [Effect::Learn { profiles, outdated }] if profiles.len() == 3 && outdated.is_empty())
    );
    assert!(app.notice.as_ref().unwrap().text.contains("/h/config.toml"));
    assert_eq!(app.environment.profile().name, "sandbox");
    press(&mut app, "enter");
    assert_eq!((app.environment.profile().name.as_str(), app.overlay.is_none()), ("mine", true));
}

#[test]
fn what_is_missing_or_refused_is_said_at_its_field_and_nothing_is_written() {
    let mut app = app();
    press(&mut app, "E a");
    assert!(press(&mut app, "ctrl-s").is_empty());
    let form = app.form_mut().unwrap();
    let fields: Vec<_> = form.faults.iter().filter_map(|fault| fault.field).collect();
    assert_eq!((fields, form.field()), (vec![Field::Name, Field::BaseUrl], Field::Name));
    type_text(&mut app, "mine");
    assert_eq!(app.form_mut().unwrap().faults.len(), 1, "a fault goes with the change of its field");
    press(&mut app, "tab");
    type_text(&mut app, "mine.example");
    let effects = press(&mut app, "home ctrl-s");
    let fault = FormFault::at(Field::BaseUrl, "this is no address".to_owned());
    told(&mut app, effects, Err(fault.clone()));
    let form = app.form_mut().unwrap();
    assert_eq!((form.field(), &form.faults[..], form.saving), (Field::BaseUrl, &[fault][..], false));
    assert_eq!(form.written().text(Field::BaseUrl), "mine.example");
}

#[test]
fn a_secret_typed_where_its_source_belongs_is_not_written() {
    let mut app = app();
    press(&mut app, "E a");
    let form = app.form_mut().unwrap();
    form.go_to(Field::Source);
    form.choose(true);
    form.go_to(Field::Secret);
    type_text(&mut app, "sk-0a1b2c3d4e5f6a7b8c9d");
    assert!(press(&mut app, "ctrl-s").is_empty());
    let form = app.form_mut().unwrap();
    let fault = form.faults.iter().find(|fault| fault.field == Some(Field::Secret)).unwrap();
    assert!(fault.text.contains("in the clear") && !fault.text.contains("sk-"), "{fault:?}");
}

#[test]
fn a_form_that_is_left_is_there_again_and_one_without_changes_is_not_kept() {
    for leave in ["esc", "f1 esc", "ctrl-p esc"] {
        let mut app = app();
        press(&mut app, "E a esc");
        assert!(app.left_forms.is_empty());
        press(&mut app, "E a");
        type_text(&mut app, "mi");
        press(&mut app, leave);
        assert_eq!((app.overlay.is_none(), app.left_forms.len()), (true, 1), "{leave}");
        press(&mut app, "E a");
        type_text(&mut app, "ne");
        let form = app.form_mut().unwrap();
        assert_eq!((form.written().text(Field::Name), form.fields().len()), ("mine", 14));
    }
}

#[test]
fn a_form_saved_behind_its_back_is_not_opened_again() {
    let mut app = at_mine();
    press(&mut app, ":");
    type_text(&mut app, "profile edit");
    press(&mut app, "enter tab");
    type_text(&mut app, "/v2");
    let effects = press(&mut app, "ctrl-s");
    press(&mut app, "esc");
    assert_eq!(app.left_forms.len(), 1);
    let saved = with(&app, vec![place("mine", "https://mine.example/v2")]);
    told(&mut app, effects, Ok(saved));
    assert!(app.overlay.is_none() && app.left_forms.is_empty());
    assert_eq!(app.environment.profile().base(), "https://mine.example/v2");
}

#[test]
fn the_sandbox_is_not_changed_and_a_profile_is_deleted_by_its_own_key_alone() {
    let mut app = at_mine();
    for keys in ["E home e", "E home D", "E home d"] {
        press(&mut app, keys);
        assert!(matches!(app.overlay, Some(Overlay::Environments { .. })), "{keys}");
        press(&mut app, "esc");
    }
    press(&mut app, "E d");
    assert!(press(&mut app, "enter").is_empty());
    let effects = press(&mut app, "y");
    assert!(matches!(&effects[..], [Effect::ChangeProfiles(Change::RemoveProfile(name))] if name == "mine"));
    let there: Vec<_> = app.environment.profiles().filter(|profile| profile.name != "mine").cloned().collect();
    let effects = told(&mut app, effects, Ok(Saved { profiles: there, file: Path::new("/h").into() }));
    assert!(matches!(&effects[..], [Effect::Learn { outdated, .. }] if outdated[0].name == "mine"));
    assert_eq!(app.environment.profile().name, "sandbox");
}

#[test]
fn a_credential_is_added_changed_and_deleted_from_its_pane() {
    let mut app = at_mine();
    press(&mut app, "5 a");
    assert_eq!(app.form_mut().unwrap().fields()[0], Field::Credential);
    press(&mut app, "esc e");
    let form = app.form_mut().unwrap();
    assert_eq!((form.field(), form.written().text(Field::ClientId)), (Field::ClientId, "me"));
    press(&mut app, "esc C j d");
    let effects = press(&mut app, "y");
    let expected = Change::RemoveCredential("mine".to_owned(), "other".to_owned());
    assert!(matches!(&effects[..], [Effect::ChangeProfiles(change)] if *change == expected), "{effects:?}");
}

#[test]
fn what_was_chosen_stays_chosen_and_only_what_is_another_now_is_outdated() {
    let mut app = at_mine();
    app.environment.choose_credential(1);
    app.environment.set_policy(TokenPolicy::Manual);
    let before = app.environment.profile().clone();
    let saved = with(&app, vec![place("mine", "https://mine.example"), place("b", "https://b.example")]);
    let effects = replace(&mut app, saved.profiles);
    assert!(matches!(&effects[..], [Effect::Learn { outdated, .. }] if outdated.is_empty()));
    assert!(Arc::ptr_eq(&before, app.environment.profile()));
    let mut changed = place("mine", "https://c.example");
    changed.credentials.swap(0, 1);
    let saved = with(&app, vec![changed]);
    let effects = replace(&mut app, saved.profiles);
    assert!(
        matches!(&effects[..], [Effect::Learn { outdated, .. }] if outdated.len() == 1 && Arc::ptr_eq(&outdated[0], &before))
    );
    let environment = &app.environment;
    assert_eq!((environment.credential_name(), environment.policy()), ("other", TokenPolicy::Manual));
    assert_eq!(environment.profile().base(), "https://c.example");
}

#[test]
fn after_a_change_the_call_before_is_not_repeated_at_its_old_place() {
    let mut app = at_mine();
    press(&mut app, "1 a");
    type_text(&mut app, "x");
    assert!(matches!(press(&mut app, "f5")[..], [Effect::Send(_)]));
    assert!(matches!(press(&mut app, ".")[..], [Effect::Send(_)]));
    let saved = with(&app, vec![place("mine", "https://c.example")]);
    replace(&mut app, saved.profiles);
    assert!(press(&mut app, ".").is_empty());
}

#[test]
fn a_late_refusal_of_another_place_says_nothing_of_this_one() {
    let mut app = at_mine();
    assert!(matches!(press(&mut app, "R")[..], [Effect::Renew(..)]));
    press(&mut app, "E home enter");
    let (text, kind) = ("profile `mine` has no client secret".to_owned(), TokenFailureKind::Internal);
    update(&mut app, Message::Renewed(Err(Arc::new(TokenFailure { kind, text, hint: None, call: None }))));
    assert!(app.status.is_ok() && app.sending.renewing.is_none());
    assert!(app.notice.as_ref().unwrap().text.contains("`mine`"), "{:?}", app.notice);
}

#[test]
fn a_trial_of_a_form_leads_back_to_it_and_a_late_one_shows_nothing() {
    let mut app = at_mine();
    press(&mut app, "E e");
    let effects = press(&mut app, "f5");
    let [Effect::Try(first, Subject::Entry(_))] = effects[..] else { panic!("{effects:?}") };
    assert!(press(&mut app, "esc").is_empty());
    assert!(app.form_mut().is_some());
    let effects = press(&mut app, "f5");
    let [Effect::Try(second, _)] = effects[..] else { panic!("{effects:?}") };
    update(&mut app, Message::Tried(first, Err(FormFault::whole("late"))));
    assert!(matches!(&app.overlay, Some(Overlay::Trial(trying)) if trying.end.is_none()));
    update(&mut app, Message::Tried(second, Err(FormFault::at(Field::BaseUrl, "no".to_owned()))));
    assert_eq!(app.form_mut().unwrap().field(), Field::BaseUrl);
    assert!(matches!(press(&mut app, "f5 ctrl-c")[..], [Effect::Try(..), Effect::StopTrial]));
}

#[test]
fn a_copy_has_another_name_and_all_that_the_first_one_has() {
    let mut app = at_mine();
    press(&mut app, "E D");
    let effects = press(&mut app, "ctrl-s");
    let entry = written(&effects);
    assert_eq!(entry.origin, Origin::CopyOf("mine".to_owned()));
    assert_eq!((entry.now.text(Field::Name), entry.now.text(Field::Secret)), ("mine-copy", "MINE"));
    assert_eq!(entry.before, Written::default());
    assert_ne!(entry.now.text(Field::Place), PRODUCTION);
}
