//! Each place that shows what a server said, drawn twice: by a program whose masks know the sentinels, and by one whose
//! masks know nothing, which is the same program with that mask taken out. The first shows none, the second shows them;
//! so it is the mask that hides, and the scanner that sees.

use std::sync::Arc;

use authscope::{
    app::{
        effect::{Effect, Errand, Pages},
        message::Message,
    },
    body::Body,
    document::{Document, Mode},
    domain::{
        diagnosis::{Cause, Diagnosis, Likelihood, Remedy, RuledOut},
        exchange::HeaderField,
        flow::FlowStep,
        level::Level,
        redact::Redactor,
        secret::Secret,
    },
    store::log::Log,
};
use http::StatusCode;
use jiff::Timestamp;

use super::sentinel::{SECRET, Scanner, TOKEN};
use crate::stage::{Stage, field};

fn masks() -> Redactor {
    let masks = Redactor::default().with(Arc::new(Secret::new(SECRET)), "sec#1");
    masks.recognise(&Secret::new(TOKEN), "tok#1");
    masks
}

/// An explorer with these masks, wide enough to show a sentinel whole, its last answer one with both in it.
fn explorer(masks: Redactor) -> Stage {
    let mut stage = Stage::new(400, 60);
    stage.app.response.masks = masks.clone();
    stage.app.masks = masks;
    let echo: Vec<HeaderField> = vec![field("x-echo", &format!("{TOKEN} {SECRET}"))];
    stage.more_headers = echo;
    let order = stage.send();
    let to = order.prepared.url.join(&format!("/other/{TOKEN}")).unwrap();
    stage.flow(Some(order.id), FlowStep::Redirected { status: StatusCode::FOUND, to, token_dropped: false });
    stage.answered(&order, 200, &format!("{{\"a\":{}}}", serde_json::to_string(&format!("{TOKEN} {SECRET}")).unwrap()));
    stage
}

fn drawn(masks: Redactor, keys: &str) -> String {
    let mut stage = explorer(masks);
    stage.press(keys);
    stage.text()
}

type Place = (&'static str, fn(Redactor) -> String);

const PLACES: &[Place] = &[
    ("a body, pretty", |masks| drawn(masks, "3")),
    ("a body, as it came", |masks| drawn(masks, "3 v")),
    ("the header fields", |masks| drawn(masks, "3 ]")),
    ("the steps of the timeline", |masks| drawn(masks, "6 z space")),
    ("what can be copied", |masks| drawn(masks, "3 y")),
    ("what is copied", |masks| {
        let mut stage = explorer(masks);
        let effects = stage.press("3 y b");
        effects
            .into_iter()
            .map(|effect| if let Effect::Copy { text, .. } = effect { text } else { String::new() })
            .collect()
    }),
    ("the header fields for the pager", |masks| {
        let mut stage = explorer(masks);
        let effects = stage.press("3 ] f3");
        let text = |effect| match effect {
            Effect::Outside(Errand::Page(Pages::Text(text))) => text,
            _ => String::new(),
        };
        effects.into_iter().map(text).collect()
    }),
    ("the body for the pager", |masks| {
        let mut stage = explorer(masks);
        let effects = stage.press("3 f3");
        let text = |effect| match effect {
            Effect::Outside(Errand::Page(Pages::Body(document))) => text(&document),
            _ => String::new(),
        };
        effects.into_iter().map(text).collect()
    }),
    ("what is said in place of the hints", |masks| {
        let mut stage = explorer(masks);
        stage.tell(Message::Copied(Err(format!("Not copied: {SECRET}"))));
        stage.text()
    }),
    ("a body in hexadecimal", |masks| {
        let mut document = Document::new(Body::of(format!("{TOKEN}{SECRET}")), None).hiding(masks);
        document.set_mode(Mode::Hex);
        // The digits and the letters of a row are read as what they stand for.
        text(&document).lines().flat_map(|row| row.chars().skip(60)).collect()
    }),
    ("why a call was refused", |masks| {
        let cause = Cause {
            name: "expired",
            likelihood: Likelihood::Likely,
            what: SECRET.to_owned(),
            seen: TOKEN.to_owned(),
            mend: SECRET.to_owned(),
            remedy: Remedy::Renew,
        };
        let ruled_out = vec![RuledOut { what: "expired", seen: TOKEN.to_owned() }];
        format!("{:?}", Diagnosis { causes: vec![cause], ruled_out, next: None }.masked(&masks)).replace("\\\"", "\"")
    }),
    ("the log", |masks| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        Log::open(&path, Level::Debug, masks).unwrap().write(
            Level::Info,
            Timestamp::UNIX_EPOCH,
            &format!("{TOKEN}, {SECRET}"),
        );
        std::fs::read_to_string(path).unwrap()
    }),
];

fn text(document: &Document) -> String {
    let lines = document.whole_lines(0, 100);
    lines.iter().map(|line| line.spans.iter().map(|span| span.text.as_str()).collect::<String>() + "\n").collect()
}

#[test]
fn without_its_mask_each_place_shows_the_sentinels() {
    let scanner = Scanner::new();
    let showing = PLACES.iter().filter(|(place, seen)| {
        scanner.clean(place, seen(masks()));
        scanner.hits(seen(Redactor::default()).as_bytes()) > 0
    });
    let names: Vec<_> = showing.map(|(place, _)| *place).collect();
    assert_eq!(names, PLACES.iter().map(|(place, _)| *place).collect::<Vec<_>>());
}
