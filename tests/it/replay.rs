//! The body of a replay: byte for byte the same, or not sent at all.

use std::{fmt::Write as _, fs, path::Path};

use authscope::{
    body::BodyWriter,
    domain::{
        exchange::Outcome,
        flow::FlowStep,
        request::{Prepared, RequestBody},
    },
    sandbox::{Endpoint, Entry, Order, Wait},
};
use aws_lc_rs::digest;
use bytes::Bytes;
use http::Method;

use crate::{
    promises::number,
    world::{World, guarded, status},
};

const ECHO: &str = "/_sandbox/hook";

fn file(path: &Path) -> RequestBody {
    let facts = fs::metadata(path).unwrap();
    RequestBody::File { path: path.to_owned(), size: facts.len(), modified: facts.modified().ok() }
}

fn post(world: &World, body: RequestBody) -> Prepared {
    let mut prepared = world.request(Method::POST, ECHO, &[], "");
    prepared.body = body;
    prepared
}

fn api_calls(world: &World) -> Vec<Entry> {
    let entries = world.sandbox.journal().entries().into_iter();
    entries.filter(|entry| entry.endpoint == Endpoint::Api).collect()
}

/// The hook takes whatever comes, so its one refusal is on order.
fn refuse_once(world: &World) {
    let answer = authscope::sandbox::Answer::Refuse;
    world.order(Order::Answer { endpoint: Endpoint::Api, answer, times: Some(1) });
}

#[tokio::test]
async fn a_replay_repeats_the_body_byte_for_byte_up_to_64_mebibytes() {
    let folder = tempfile::tempdir().unwrap();
    let largest = number(24, 2) << 20;
    for size in [1, 70_000, largest] {
        let bytes: Vec<u8> = (0..size).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect();
        let sha256 = digest::digest(&digest::SHA256, &bytes).as_ref().iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        let path = folder.path().join("body");
        fs::write(&path, &bytes).unwrap();
        let mut spool = BodyWriter::new(Some(folder.path()));
        let spooled = spool.body();
        let bytes = Bytes::from(bytes);
        bytes.chunks(1 << 20).for_each(|chunk| spool.push(&bytes.slice_ref(chunk)).unwrap());
        spool.complete();
        let world = World::new();
        for body in [RequestBody::Bytes(bytes), file(&path), RequestBody::Spooled(spooled)] {
            refuse_once(&world);
            let before = api_calls(&world).len();
            let exchange = world.send(post(&world, body)).await;
            assert_eq!((status(&exchange), exchange.attempts.len()), (200, 2));
            let sent = api_calls(&world).split_off(before);
            assert_eq!(sent.len(), 2);
            for entry in sent {
                assert_eq!((entry.body_length, entry.body_sha256.as_deref()), (size, Some(sha256.as_str())));
                assert_eq!(entry.values("content-length").collect::<Vec<_>>(), [size.to_string()]);
            }
        }
    }
}

#[tokio::test]
async fn a_body_that_changed_on_disk_is_not_sent_again_and_the_401_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("body");
    // It changes while the first answer is awaited, or while the renewal is.
    for endpoint in [Endpoint::Api, Endpoint::Token] {
        let world = World::new();
        world.engine.renew(&world.access()).await.unwrap();
        fs::write(&path, "one").unwrap();
        refuse_once(&world);
        world.order(Order::Wait { endpoint, wait: Wait::Hang, times: Some(1) });
        let (call, _) = world.start(world.call(post(&world, file(&path))));
        let hangs = |counts: &authscope::sandbox::Counts| counts.in_flight + counts.token_in_flight == 1;
        let waits = endpoint == Endpoint::Api;
        guarded(world.sandbox.journal().wait_until(|counts| hangs(counts) && counts.api_401 == u64::from(!waits)))
            .await;
        fs::write(&path, "three").unwrap();
        world.order(Order::Release { endpoint, calls: None });
        let exchange = guarded(call).await.unwrap();
        assert!(matches!(exchange.outcome, Outcome::Answered), "the 401 is not lost: {:?}", exchange.outcome);
        assert_eq!((status(&exchange), exchange.attempts.len()), (401, 1));
        let causes = exchange.diagnosis.unwrap().causes;
        assert!(causes.iter().any(|cause| cause.seen.contains("changed on disk")), "{causes:?}");
        assert_eq!(api_calls(&world).len(), 1);
        // A change that is seen before the renewal costs none.
        assert_eq!(world.sandbox.journal().counts().token_calls, 1 + u64::from(!waits));
        assert_eq!(world.events.count(|step| matches!(step, FlowStep::Replayed(_))), 0);
        // The refused token is gone: the next send goes out with another one.
        let exchange = world.send(post(&world, file(&path))).await;
        assert_eq!((status(&exchange), exchange.token().unwrap().generation.0), (200, 2));
    }
}
