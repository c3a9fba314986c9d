//! Whatever a person does and whatever happens meanwhile: the screen is drawn, and `Esc` leads back.

use std::collections::BTreeMap;

use authscope::{
    app::{
        EditTarget, Stale,
        effect::{Effect, Order},
        message::Message,
    },
    config::{
        action::ACTIONS,
        chord::{Chord, Key},
    },
    domain::{
        flow::{Refusal, TokenFailure, TokenFailureKind},
        request::Draft,
        token::TokenStatus,
    },
};
use proptest::prelude::*;
use ratatui::buffer::Buffer;

use crate::{
    screens::{self, heavy_headings},
    stage::{CAPTURED, Stage, UNAUTHORIZED, text},
};

/// One thing that happens.
#[derive(Clone, Debug)]
enum Event {
    Pressed(Chord),
    Pasted(&'static str),
    Clicked(u16, u16),
    Turned(u16, u16, bool),
    Resized(u16, u16),
    WentBy(u64),
    /// The oldest call on its way ends, in one of several ways.
    Ended(u8),
    /// Something else is told.
    Told(u8),
}

/// Every key that is bound anywhere, and what else can be typed.
fn chords() -> Vec<Chord> {
    let bound = ACTIONS.iter().flat_map(|spec| spec.keys).flat_map(|keys| Chord::parse_sequence(keys).unwrap());
    let typed = ('!'..='~').map(|letter| Chord::plain(Key::Char(letter)));
    let others = ["backspace", "delete", "insert", "alt-x", "ctrl-q"].map(|key| Chord::parse(key).unwrap());
    bound.chain(typed).chain(others).collect()
}

const PASTES: [&str; 5] = [
    "curl -d x http://h/1 http://h/2",
    "https://api.example/x",
    "{\"a\": [1, 2]}",
    "one\ntwo\tthree \u{1b}[31m 漢字",
    "",
];

fn event() -> impl Strategy<Value = Event> {
    let place = || (0_u16..200, 0_u16..60);
    prop_oneof![
        12 => prop::sample::select(chords()).prop_map(Event::Pressed),
        // Keys that open something, more often than chance has it.
        6 => prop::sample::select(vec!["e", "enter", "tab", "/", ":", "?", "ctrl-p", "M", "S", "y", "!", "s", "esc"])
            .prop_map(|key| Event::Pressed(Chord::parse(key).unwrap())),
        1 => prop::sample::select(PASTES.to_vec()).prop_map(Event::Pasted),
        1 => place().prop_map(|(x, y)| Event::Clicked(x, y)),
        1 => (place(), any::<bool>()).prop_map(|((x, y), down)| Event::Turned(x, y, down)),
        1 => (1_u16..=200, 1_u16..=60).prop_map(|(width, height)| Event::Resized(width, height)),
        1 => (0_u64..2_000_000).prop_map(Event::WentBy),
        3 => any::<u8>().prop_map(Event::Ended),
        1 => any::<u8>().prop_map(Event::Told),
    ]
}

/// A stage, and the calls that are on their way.
struct Play {
    stage: Stage,
    orders: Vec<Order>,
}

impl Play {
    fn new() -> Self {
        Self { stage: Stage::new(120, 40), orders: Vec::new() }
    }

    fn happen(&mut self, event: &Event) {
        let stage = &mut self.stage;
        let effects = match *event {
            Event::Pressed(chord) => stage.tell(Message::Key(chord)),
            Event::Pasted(text) => stage.tell(Message::Pasted(text.to_owned())),
            Event::Clicked(x, y) => stage.tell(Message::Clicked(x, y)),
            Event::Turned(x, y, down) => stage.tell(Message::Turned { x, y, down }),
            Event::Resized(width, height) => stage.tell(Message::Resized(width, height)),
            Event::WentBy(milliseconds) => {
                stage.wait(milliseconds);
                stage.tell(Message::Ticked)
            }
            Event::Ended(_) if self.orders.is_empty() => Vec::new(),
            Event::Ended(way) => {
                let order = self.orders.remove(0);
                match way % 4 {
                    0 if stage.status().token.is_some() => stage.healed(&order, 200, CAPTURED),
                    1 if stage.status().token.is_some() => stage.healed(&order, 401, UNAUTHORIZED),
                    2 => stage.without_token(&order),
                    3 => stage.answered(&order, 204, ""),
                    _ => stage.answered(&order, 200, CAPTURED),
                }
                Vec::new()
            }
            Event::Told(what) => stage.tell(told(what)),
        };
        self.orders.extend(Stage::orders(effects));
    }

    /// The frame, and the rules that every frame keeps.
    fn frame(&mut self) -> Buffer {
        let buffer = self.stage.buffer();
        assert!(heavy_headings(&buffer) <= 1, "{}", text(&buffer));
        let top = text(&buffer).lines().next().unwrap_or_default().to_owned();
        let badge = ["○", "●", "▲", "✗", "…"].iter().any(|sign| top.contains(sign));
        let environment = ["◇", "◆"].iter().any(|sign| top.contains(sign));
        assert!(buffer.area.width < 16 || (badge && environment), "{top:?}");
        buffer
    }
}

/// Something the runtime tells beside the end of a call.
fn told(what: u8) -> Message {
    let failure = TokenFailure {
        kind: TokenFailureKind::Unavailable,
        text: "the token endpoint answered 503 Service Unavailable".to_owned(),
        hint: None,
        call: None,
    };
    match what % 8 {
        0 => Message::TokenStood(Ok(TokenStatus::default())),
        1 => Message::TokenStood(Err(Refusal::NoTokenYet)),
        2 => Message::Renewed(Err(failure.into())),
        3 => Message::Copied(Err("Not copied: 漢字 ".repeat(40))),
        4 => Message::Misbehaved(vec!["tokens live 5 s".to_owned(); usize::from(what)]),
        5 => Message::LogRead(Ok(vec!["a line \u{202e} of the log".to_owned(); usize::from(what)])),
        6 => Message::Found { search: u64::from(what % 3), hits: vec![0, 9, 99_999], done: what % 16 == 6 },
        _ => Message::StoreFailed("the database cannot be written: disk full".to_owned()),
    }
}

/// The requests that are changed or a person's own, and the open one, as they would be left.
fn drafts(stage: &Stage) -> BTreeMap<String, Draft> {
    let requests = &stage.app.requests;
    let open = requests.entry();
    let mut draft = open.draft.clone();
    if let Some(editing) = &stage.app.editing
        && let EditTarget::Composer(target) = editing.target
    {
        target.set(&mut draft, editing.editor.text());
    }
    let kept = requests.kept().map(|(key, draft)| (key.clone(), draft.clone()));
    kept.chain([(open.key.clone(), draft)]).collect()
}

/// Presses `Esc` twenty times.
fn escape(stage: &mut Stage) {
    let before = drafts(stage);
    let running = stage.app.sending.running().to_vec();
    for _ in 0..20 {
        let effects = stage.press("esc");
        // A question that is left is told so, and asked again when a token is.
        let harmless = |effect: &Effect| matches!(effect, Effect::Index(..) | Effect::Answer(_, None));
        assert!(effects.iter().all(harmless), "an order: {effects:?}");
    }
    let app = &stage.app;
    assert!(app.overlay.is_none() && app.editing.is_none() && app.pending.is_empty());
    assert!(!app.zoomed && app.response.search.is_none() && app.requests.looked_for().is_empty());
    assert_eq!(app.sending.running(), running, "what is on its way goes on");
    assert_eq!(drafts(stage), before, "no draft is lost");
}

#[test]
fn escape_twenty_times_after_any_story_ends_at_the_root_and_loses_nothing() {
    for story in screens::stories() {
        let mut stage = Stage::new(120, 40);
        story(&mut stage);
        escape(&mut stage);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn escape_twenty_times_after_anything_a_person_did_ends_at_the_root_and_loses_nothing(
        events in prop::collection::vec(event(), 1..60),
    ) {
        let mut play = Play::new();
        for event in events {
            play.happen(&event);
        }
        escape(&mut play.stage);
    }

    #[test]
    fn whatever_happens_is_drawn_without_a_panic_and_what_is_not_drawn_anew_has_not_changed(
        events in prop::collection::vec(event(), 1..60),
    ) {
        let mut play = Play::new();
        let mut before = play.frame();
        for event in events {
            play.stage.app.take_stale();
            play.happen(&event);
            let after = play.frame();
            if play.stage.app.stale() == Stale::Nothing {
                prop_assert_eq!(&before, &after, "{:?}", event);
            }
            before = after;
        }
    }
}
