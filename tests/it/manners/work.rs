//! What takes long, what is drawn, and whose the mouse is.

use std::sync::Arc;

use authscope::{
    app::{Stale, effect::Effect, focus::Pane, message::Message},
    body::BodyWriter,
    domain::{
        exchange::Answer,
        flow::{FlowEvent, FlowStep},
    },
};
use bytes::Bytes;
use http::{StatusCode, Version};

use crate::{
    screens::stories,
    stage::{self, Stage},
};

#[test]
fn a_body_that_arrives_tells_bytes_and_time_and_ctrl_c_while_keys_work() {
    let mut stage = Stage::new(120, 40);
    stories::answered(&mut stage);
    let order = stage.send();
    let token = stage.status().token.unwrap();
    stage.unanswered(&order, 1, &token);
    let mut writer = BodyWriter::new(None);
    let (status, headers) = (StatusCode::OK, Vec::new());
    let answer = Answer { version: Version::HTTP_11, status, headers, body: writer.body() };
    let after = std::time::Duration::from_millis(20);
    stage.flow(Some(order.id), FlowStep::HeadReceived { answer: Arc::new(answer), after });
    writer.push(&Bytes::from("a line\n".repeat(442_858))).unwrap();
    let received = writer.body().len();
    stage.flow(Some(order.id), FlowStep::BodyProgress { received, expected: None });
    stage.tick(1200);
    for part in ["✓ 200 OK   … arriving", "3.1 MB   2.6 MB/s   1.2 s   Ctrl-C stops"] {
        assert!(stage.text().contains(part), "{part}: {}", stage.text());
    }
    stage.press("6 2");
    assert_eq!(stage.app.focus, Pane::Composer);
    let effects = stage.press("ctrl-c");
    assert!(matches!(effects[..], [Effect::Cancel(id)] if id == order.id), "{effects:?}");
    assert!(stage.text().contains("stopping"), "{}", stage.text());
}

#[test]
fn a_small_answer_is_on_screen_in_the_frame_of_its_last_byte() {
    let mut stage = Stage::new(120, 40);
    let order = stage.send();
    let token = stage.fetch(Some(order.id), 1);
    stage.unanswered(&order, 1, &token);
    let mut writer = BodyWriter::new(None);
    let answer = Answer {
        version: Version::HTTP_11,
        status: StatusCode::OK,
        headers: vec![stage::field("content-type", "application/json")],
        body: writer.body(),
    };
    let after = std::time::Duration::from_millis(20);
    stage.flow(Some(order.id), FlowStep::HeadReceived { answer: Arc::new(answer), after });
    let body = format!("{{\"first\": 1, \"long\": \"{}\", \"last\": 2}}", "x".repeat(2000));
    let received = body.len() as u64;
    writer.push(&Bytes::from(body)).unwrap();
    stage.app.take_stale();
    let (at, wall) = (stage.app.now.boot, stage.app.now.wall);
    let step = FlowStep::BodyProgress { received, expected: Some(received) };
    let effects = stage.tell(Message::Flowed(FlowEvent { exchange: Some(order.id), at, wall, step }));
    // At once, with no thread asked first.
    assert_eq!((stage.app.stale(), effects.len()), (Stale::Now, 0));
    assert!(stage.text().contains("\"first\": 1,") && stage.text().contains("\"last\": 2"), "{}", stage.text());
}

#[test]
fn what_changes_nothing_makes_no_frame() {
    let mut stage = Stage::new(120, 40);
    stories::answered(&mut stage);
    stage.tell(Message::Misbehaved(vec!["tokens live 20 s".to_owned()]));
    let status = stage.status();
    let nothing = [
        Message::TokenStood(Ok(status)),
        Message::Found { search: 77, hits: vec![1], done: true },
        Message::Misbehaved(vec!["tokens live 20 s".to_owned()]),
        Message::Clicked(0, 2),
        Message::Turned { x: 0, y: 2, down: true },
    ];
    for message in nothing {
        stage.app.take_stale();
        let what = format!("{message:?}");
        stage.tell(message);
        assert_eq!(stage.app.stale(), Stale::Nothing, "{what}");
    }
    for key in ["Q", "ctrl-q", "f9"] {
        stage.app.take_stale();
        stage.press(key);
        assert_eq!(stage.app.stale(), Stale::Nothing, "{key}");
    }
}

#[test]
fn f6_gives_the_mouse_to_the_terminal_and_takes_it_back() {
    let mut stage = Stage::new(120, 40);
    for (on, word) in [(false, "terminal's"), (true, "a click puts the focus")] {
        let effects = stage.press("f6");
        assert!(matches!(effects[..], [Effect::Mouse(told)] if told == on), "{effects:?}");
        assert!(stage.text().contains(word), "{}", stage.text());
    }
}
