//! The token ledger: what it knows of each generation, and the ways to it and from it.

use authscope::app::{focus::Pane, overlay::Overlay};

use crate::{screens::stories, stage::Stage};

#[test]
fn it_says_why_each_token_was_fetched_what_it_served_and_how_it_ended() {
    let mut stage = Stage::new(120, 40);
    stories::healed(&mut stage);
    let entries: Vec<_> = stage.app.ledger.entries().collect();
    let [newer, older] = entries[..] else { panic!("{entries:?}") };
    assert_eq!(
        (older.serial, older.why.as_str(), older.used),
        (1, "GET /api/v1/transactions/txn_demo0001/status wanted one", 2)
    );
    assert_eq!(older.uses.iter().map(|used| used.status).collect::<Vec<_>>(), [Some(200), Some(401)]);
    assert_eq!(older.end.as_ref().map(|(how, _)| how.as_str()), Some("refused"));
    assert_eq!(
        (newer.serial, newer.why.as_str()),
        (2, "tok#1 was refused to GET /api/v1/transactions/txn_demo0001/status")
    );
    assert_eq!((newer.used, newer.end.as_ref()), (1, None));
}

#[test]
fn from_a_response_it_opens_at_its_token_and_from_there_the_timeline_shows_its_calls() {
    let mut stage = Stage::new(120, 40);
    stories::healed(&mut stage);
    stage.press("6 g g g t");
    assert!(matches!(stage.app.overlay, Some(Overlay::Ledger { at: 1 })), "{:?}", stage.app.overlay);
    stage.press("k enter");
    assert_eq!((stage.app.focus, stage.app.timeline.looked_for()), (Pane::Timeline, "tok#2"));
    assert_eq!(stage.app.timeline.shown().count(), 1);
    stage.press("esc");
    assert_eq!(stage.app.timeline.shown().count(), 2);
    stage.press("3 T l d");
    assert!(stage.text().contains("signature"), "{}", stage.text());
}

#[test]
fn an_empty_one_says_so() {
    let mut stage = Stage::new(120, 40);
    stage.press("g t");
    assert!(stage.app.overlay.is_none() && stage.text().contains("No token was issued yet"), "{}", stage.text());
}
