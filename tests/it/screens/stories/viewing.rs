//! A file or a pipe, and nothing else.

use authscope::{
    app::{effect::Effect, message::Message},
    body::{Body, BodyWriter},
    config::chord::{Chord, Key},
    document::{Document, filtered, hand},
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

/// The same through a filter that is being typed, and has a fault by now.
pub fn viewing_filter(stage: &mut Stage) {
    viewing(stage);
    stage.press("f");
    for letter in ".items[] |".chars() {
        let chord = Chord::plain(Key::Char(letter));
        for effect in stage.tell(Message::Key(chord)) {
            let Effect::Filter { number, document, code } = effect else { continue };
            let (mut handed, mut out) = (Vec::new(), Vec::new());
            hand(&document, &code, &mut handed).unwrap();
            let end = filtered(&handed[..], &mut out);
            stage.tell(Message::Filtered(number, end.map(|()| Body::of(out))));
        }
    }
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
