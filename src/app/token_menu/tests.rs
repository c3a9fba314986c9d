use super::*;
use crate::{
    app::{
        message::Message,
        tests::{app, press, type_text},
        update,
    },
    domain::{secret::FingerprintKey, token::Generation},
};

const TEXT: &str = "eyJ-the-text-of-the-token";

fn facts() -> TokenFacts {
    TokenFacts {
        serial: TokenSerial(1),
        generation: Generation(1),
        fingerprint: FingerprintKey::new(&[1; 32]).fingerprint(&Secret::new(TEXT)),
        size: TEXT.len(),
        sent: Boot(Duration::from_secs(100_000)),
        issued: "2026-11-23T14:00:00Z".parse().unwrap(),
        life: None,
        margin: Duration::ZERO,
        skew_ms: None,
        scope: None,
        jwt: None,
        notes: Vec::new(),
    }
}

/// An explorer with a token.
fn with_token() -> App {
    let mut app = app();
    let status = crate::domain::token::TokenStatus { token: Some(Arc::new(facts())), ..Default::default() };
    update(&mut app, Message::TokenStood(Ok(status)));
    app
}

fn reveal(app: &mut App) {
    let effects = press(app, "T r");
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Token { wish: TokenWish::Reveal, .. })),
        "{effects:?}"
    );
    update(app, Message::TokenGiven(TokenSerial(1), Some(Arc::new(Secret::new(TEXT)))));
    assert!(is_revealed(app));
}

fn is_revealed(app: &App) -> bool {
    app.revealed_until().is_some()
}

fn wait(app: &mut App, time: Duration) {
    app.now.boot = app.now.boot + time;
    update(app, Message::Ticked);
}

#[test]
fn a_token_is_revealed_for_ten_seconds_and_each_of_them_is_counted() {
    let mut app = with_token();
    reveal(&mut app);
    let from = app.now.boot;
    for second in 1..=10 {
        let tick = app.next_tick().unwrap();
        assert_eq!(tick.since(from), Duration::from_secs(second));
        assert!(is_revealed(&app));
        app.now.boot = tick;
        update(&mut app, Message::Ticked);
    }
    assert!(!is_revealed(&app) && app.next_tick().is_none());
    assert!(matches!(app.overlay, Some(Overlay::Token(Page::Menu { .. }))));
}

#[test]
fn whatever_takes_its_page_away_hides_a_token() {
    for end in ["esc", "q", "X", "f7", "f1", "ctrl-p", "ctrl-z"] {
        let mut app = with_token();
        reveal(&mut app);
        press(&mut app, end);
        assert!(!is_revealed(&app), "{end}");
    }
    let mut app = with_token();
    reveal(&mut app);
    update(&mut app, Message::Focused(false));
    assert!(!is_revealed(&app));
    press(&mut app, "esc");
    update(&mut app, Message::TokenGiven(TokenSerial(1), Some(Arc::new(Secret::new(TEXT)))));
    assert!(!is_revealed(&app), "nobody asked for it any more");
    reveal(&mut app);
    wait(&mut app, Duration::from_secs(60));
    assert!(!is_revealed(&app), "the machine slept");
}

#[test]
fn a_token_is_fetched_copied_and_dropped_by_the_menu() {
    let mut app = app();
    assert_eq!(app.token_rows().iter().map(|row| row.key).collect::<String>(), "fl");
    assert!(press(&mut app, "T d r y x").is_empty(), "there is no token");
    assert!(matches!(press(&mut app, "enter")[..], [Effect::Renew(..)]));
    for (keys, wished) in [("T y", TokenWish::Copy), ("T x", TokenWish::Drop), ("T j j j enter", TokenWish::Copy)] {
        let mut app = with_token();
        let effects = press(&mut app, keys);
        assert!(matches!(effects[..], [Effect::Token { wish, .. }] if wish == wished), "{keys}: {effects:?}");
        assert!(app.overlay.is_none());
    }
    let mut app = with_token();
    press(&mut app, "T r");
    update(&mut app, Message::TokenGiven(TokenSerial(1), None));
    assert!(app.notice.as_ref().unwrap().text.contains("is not kept any more"));
}

#[test]
fn what_is_typed_in_a_field_is_hidden_where_it_is_a_known_secret() {
    let mut app = app();
    app.masks.learn(Arc::new(Secret::new("hunter2hunter2")), "sec#1");
    press(&mut app, "2 ] a");
    type_text(&mut app, "x-key");
    press(&mut app, "tab");
    type_text(&mut app, "hunter2hunte");
    press(&mut app, "f7");
    assert!(app.editing.is_none(), "a part of one is enough");
    press(&mut app, "e tab");
    type_text(&mut app, " harmless");
    app.masks = crate::domain::redact::Redactor::default();
    press(&mut app, "f7");
    assert!(app.editing.is_some(), "no secret is known");
    press(&mut app, "esc esc X");
    assert_eq!(app.notice.as_ref().unwrap().text, "Every secret is hidden.");
}
