use super::*;
use crate::{
    app::{
        message::Message,
        tests::{app, press, type_text},
        update,
    },
    domain::credential::Credential,
};

/// An explorer on a place whose secret comes from there.
fn with_secret(source: SecretSource) -> App {
    let mut app = app();
    let mut profile = Profile::clone(app.environment.profile());
    (profile.name, profile.place) = ("mine".to_owned(), crate::domain::profile::Place::Ordinary);
    profile.credentials = vec![Credential::new("me", source)];
    app.environment = crate::app::environment::Environment::new(vec![Arc::new(profile)], 0);
    app
}

fn in_our_hands() -> App {
    with_secret(SecretSource::Keyring("mine/default".to_owned()))
}

fn order(effects: Vec<Effect>) -> (u64, RotationOrder) {
    let order = effects.into_iter().find_map(|effect| match effect {
        Effect::Rotate { number, order, .. } => Some((number, order)),
        _ => None,
    });
    order.expect("an exchange is ordered")
}

fn stage(app: &App) -> &Stage {
    match &app.overlay {
        Some(Overlay::Rotation(rotating)) => &rotating.stage,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_secret_is_exchanged_by_keys_and_each_step_is_shown() {
    let mut app = in_our_hands();
    let (number, look) = order(press(&mut app, "C r"));
    assert!(matches!(look, RotationOrder::Look));
    assert!(press(&mut app, "enter").is_empty(), "it is not known yet whether one waits");
    update(&mut app, Message::RotationStood(number, Ok(Stood::Ready)));
    type_text(&mut app, "qqnew secret");
    press(&mut app, "ctrl-u");
    type_text(&mut app, "the other secret?c");
    let (_, made) = order(press(&mut app, "backspace enter"));
    assert!(matches!(made, RotationOrder::Make(secret) if secret.same_as(&Secret::new("the other secret?"))));
    update(&mut app, Message::RotationStepped(number, "1 of 4: tried".to_owned()));
    assert!(press(&mut app, "c b a enter").is_empty(), "nothing is confirmed while it works");
    update(&mut app, Message::RotationStood(number, Ok(Stood::Waiting)));
    assert!(press(&mut app, "enter").is_empty(), "nothing is confirmed by the key that opens things");
    assert!(matches!(order(press(&mut app, "c")).1, RotationOrder::Confirm));
    update(&mut app, Message::RotationStood(number, Ok(Stood::Over)));
    assert!(matches!(stage(&app), Stage::Over));
    press(&mut app, "esc");
    assert!(app.overlay.is_none());
}

#[test]
fn one_that_waits_can_be_put_back_and_one_that_failed_begins_anew() {
    let mut app = in_our_hands();
    let (number, _) = order(press(&mut app, "ctrl-t"));
    update(&mut app, Message::RotationStood(number, Ok(Stood::Waiting)));
    assert!(matches!(order(press(&mut app, "b")).1, RotationOrder::Back));
    update(&mut app, Message::RotationStood(number, Err("the keyring is locked".to_owned())));
    assert!(matches!(stage(&app), Stage::Failed(why) if why == "the keyring is locked"));
    assert!(matches!(order(press(&mut app, "a")).1, RotationOrder::Look));
}

#[test]
fn left_while_it_works_it_goes_on_is_told_at_its_end_and_keeps_the_program_from_quitting_unasked() {
    let mut app = in_our_hands();
    let (number, _) = order(press(&mut app, "ctrl-t"));
    update(&mut app, Message::RotationStood(number, Ok(Stood::Ready)));
    type_text(&mut app, "new secret");
    press(&mut app, "enter esc");
    assert!(app.overlay.is_none() && app.rotation_works());
    press(&mut app, "q");
    assert!(matches!(app.overlay, Some(Overlay::Quit { .. })));
    press(&mut app, "esc ctrl-t");
    assert!(matches!(stage(&app), Stage::Working), "it is the same one");
    press(&mut app, "esc");
    let stopped = press(&mut app, "ctrl-c");
    assert!(matches!(stopped[..], [Effect::StopTrial]));
    update(&mut app, Message::RotationStood(number, Err("Stopped: nothing was changed.".to_owned())));
    assert_eq!(app.notice.as_ref().unwrap().text, "Stopped: nothing was changed.");
    assert!(!app.rotation_works());
}

#[test]
fn a_secret_that_is_not_in_our_hands_says_where_to_change_it() {
    let mut app = with_secret(SecretSource::Environment("MINE".to_owned()));
    assert!(press(&mut app, "ctrl-t").is_empty());
    let text = &app.notice.as_ref().unwrap().text;
    assert!(text.contains("not in our hands ($MINE)") && text.contains("`authscope secret set --keyring`"), "{text}");
    press(&mut app, ":");
    type_text(&mut app, "profile rotate");
    press(&mut app, "enter");
    assert!(app.overlay.is_none() && app.notice.is_some());
}
