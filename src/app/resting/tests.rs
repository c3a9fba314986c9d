use super::*;
use crate::app::{
    message::Message,
    tests::{app, press},
    update,
};

fn looks(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::LookAtSecrets(_)))
}

#[test]
fn the_secrets_of_a_profile_are_looked_at_once_it_is_active_and_never_before_the_first_frame() {
    let mut app = app();
    assert!(!looks(&press(&mut app, "E j enter")));
    assert!(looks(&update(&mut app, Message::Restored(None))));
    assert!(!looks(&press(&mut app, "j")));
    assert!(looks(&press(&mut app, "E k enter")));
    app.resting.outdate();
    assert!(looks(&press(&mut app, "j")));
}

#[test]
fn times_are_kept_for_the_next_start_and_told_with_what_was_found() {
    let mut app = app();
    update(&mut app, Message::Restored(None));
    let used: Timestamp = app.now.wall;
    let status = crate::domain::token::TokenStatus { asked: Some(used), ..Default::default() };
    update(&mut app, Message::TokenStood(Ok(status)));
    let (profile, credential) = (app.environment.profile().name.clone(), app.environment.credential_name().to_owned());
    app.secret_rotated(&profile, &credential);
    let found = Found { mode: Some("0600".to_owned()), written: Some(used), flaw: None };
    update(&mut app, Message::SecretsRest(profile.clone(), vec![(credential.clone(), found)]));
    let labels: Vec<_> = app.secret_facts(&credential).into_iter().map(|(label, _)| label).collect();
    assert_eq!(labels, ["mode", "written", "used", "rotated"]);

    let snapshot = app.snapshot();
    let text = serde_json::to_string(&snapshot.session).unwrap();
    assert!(text.contains("\"rotated\""), "{text}");
    let mut other = crate::app::tests::app();
    update(&mut other, Message::Restored(Some(Box::new(snapshot))));
    other.now.wall += std::time::Duration::from_secs(12 * 86_400);
    let facts = other.secret_facts(&credential);
    assert_eq!(facts, [("used", "12 d ago".to_owned()), ("rotated", "12 d ago".to_owned())]);
}
