//! A long run on the manual clock: how often a token is asked for, and that nothing piles up meanwhile.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use authscope::{
    domain::{
        clock::Clock,
        credential::{Access, Credential, SecretSource},
        profile::Profile,
        redact::Redactor,
        secret::{FingerprintKey, Secret},
    },
    engine::{
        token_endpoint::TokenReply,
        token_manager::{Fetch, TokenManager},
    },
};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use url::Url;
use zeroize::Zeroizing;

#[tokio::test]
async fn a_day_of_a_call_a_second_asks_for_a_token_every_18_seconds_and_keeps_few_of_them() {
    const LIFE: usize = 20;
    const DAY: usize = 86_400;
    let asked = Arc::new(AtomicUsize::new(0));
    let fetch: Fetch = {
        let asked = asked.clone();
        Arc::new(move |_| {
            let serial = asked.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                let body = format!(r#"{{"access_token":"t{serial}","token_type":"Bearer","expires_in":{LIFE}}}"#);
                Ok(TokenReply {
                    status: StatusCode::OK,
                    headers: HeaderMap::new(),
                    body: Zeroizing::new(body.into_bytes()),
                    round_trip: Duration::ZERO,
                    middle: Timestamp::UNIX_EPOCH,
                })
            })
        })
    };
    let (clock, hands) = Clock::manual(Timestamp::UNIX_EPOCH);
    let prints = Arc::new(FingerprintKey::new(&[7; 32]));
    let manager =
        TokenManager::new(clock, Arc::new(|_| ()), Arc::new(|| 0.5), fetch, prints.clone(), true, Redactor::default());
    let base = Url::parse("http://127.0.0.1:1").unwrap();
    let profile = Arc::new(Profile::new("soak", base.clone(), base));
    let credential = Arc::new(Credential::new("soak", SecretSource::Missing));
    let access = Access::new(profile, credential, Arc::new(Secret::new("s")), &prints);
    let mut seen = Vec::<Weak<Secret>>::new();
    let mut most_waits = 0;
    for _ in 0..DAY {
        let token = manager.shared(&access).acquire(None, None).await.unwrap();
        if seen.last().is_none_or(|last| !std::ptr::eq(last.as_ptr(), Arc::as_ptr(&token.secret))) {
            seen.push(Arc::downgrade(&token.secret));
        }
        drop(token);
        let alive = seen.iter().rev().take(40).filter(|secret| secret.upgrade().is_some()).count();
        assert!(alive <= 10, "{alive} tokens alive");
        hands.advance(Duration::from_secs(1));
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        most_waits = most_waits.max(hands.deadlines().len());
    }
    let expected = DAY / (LIFE - LIFE / 10);
    let asked = asked.load(Ordering::Relaxed);
    assert!(asked.abs_diff(expected) * 50 <= expected, "{asked} token calls, {expected} expected");
    let alive = seen.iter().filter(|secret| secret.upgrade().is_some()).count();
    assert!(alive <= 10, "{alive} of {asked} tokens alive");
    assert!(most_waits <= 3, "{most_waits} waits at once");
    assert_eq!(manager.status(&access).earlier.len(), 8);
}
