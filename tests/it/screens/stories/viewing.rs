//! A file or a pipe, and nothing else.

use authscope::{
    app::message::Message,
    body::{Body, BodyWriter},
    document::Document,
};
use bytes::Bytes;

use crate::stage::Stage;

const TEXT: &str = r#"{"made":"2026-11-23","items":[{"id":9007199254740993,"name":"first","name":"twice"},{"id":1e400,"tags":[]}],"next":null}"#;

/// A file is looked at.
pub fn viewing(stage: &mut Stage) {
    stage.app.view("answers/items.json".to_owned(), Document::new(Body::of(TEXT), None));
    stage.tell(Message::Grown);
    stage.press("j j j");
}

/// A pipe of which a part came.
pub fn viewing_pipe(stage: &mut Stage) {
    let mut writer = BodyWriter::new(None);
    writer.push(&Bytes::from_static(&TEXT.as_bytes()[..60])).unwrap();
    stage.app.view("standard input".to_owned(), Document::new(writer.body(), None));
    stage.tell(Message::Grown);
    stage.tick(400);
    // It arrives for as long as the picture is taken.
    std::mem::forget(writer);
}
