//! The promise of the exit codes, end by end.

use std::{sync::Arc, time::Duration};

use http::{Method, Version};
use jiff::Timestamp;
use url::Url;

use super::*;
use crate::{
    body::Body,
    domain::{
        clock::Boot,
        exchange::{Answer, Attempt, ExchangeId, Failure, Hop, SentRequest, SentWith, Timings},
        flow::TokenCall,
        origin::Origin,
        token::{TokenPolicy, TokenSerial},
    },
};

fn url() -> Url {
    Url::parse("https://api.example/x").unwrap()
}

fn ended(outcome: Outcome, status: Option<u16>) -> Exchange {
    let hop = |status| Hop {
        request: SentRequest { method: Method::GET, url: url(), headers: Vec::new(), size: 0 },
        sent: Timestamp::UNIX_EPOCH,
        answer: Some(Answer {
            version: Version::HTTP_11,
            status: StatusCode::from_u16(status).unwrap(),
            headers: Vec::new(),
            body: Body::of(""),
        }),
        timings: Timings::default(),
        remote: None,
        tls: None,
        via: None,
        reconnected: false,
        failure: None,
    };
    Exchange {
        id: ExchangeId(1),
        name: String::new(),
        method: Method::GET,
        url: url(),
        profile: "x".to_owned(),
        policy: TokenPolicy::Reuse,
        on_purpose: None,
        started: Timestamp::UNIX_EPOCH,
        began: Boot::default(),
        took: Duration::ZERO,
        attempts: status
            .map(|status| Attempt { sent_with: SentWith::Nothing, hops: vec![hop(status)] })
            .into_iter()
            .collect(),
        outcome,
        renewal: None,
        diagnosis: None,
    }
}

fn token_failure(kind: TokenFailureKind) -> Arc<TokenFailure> {
    let call = TokenCall {
        url: url(),
        wire: "json",
        request: Vec::new(),
        sent: Timestamp::UNIX_EPOCH,
        took: Duration::ZERO,
        attempts: 1,
        status: None,
        headers: Vec::new(),
        body: String::new(),
    };
    Arc::new(TokenFailure { kind, text: String::new(), hint: None, call: Some(Arc::new(call)) })
}

#[test]
fn an_answer_comes_to_the_hundreds_of_its_status() {
    let codes = [(200, 0), (204, 0), (304, 0), (399, 0), (400, 4), (401, 4), (499, 4), (500, 5), (599, 5), (999, 5)];
    for (status, code) in codes {
        assert_eq!(Exit::of(&ended(Outcome::Answered, Some(status))).code(), code, "{status}");
    }
}

#[test]
fn a_failure_is_of_the_network_a_limit_or_ours() {
    let codes = [
        (FailureKind::Dns, 6),
        (FailureKind::Connect, 6),
        (FailureKind::ConnectTimeout, 6),
        (FailureKind::Tls, 6),
        (FailureKind::Broken, 6),
        (FailureKind::Incomplete, 6),
        (FailureKind::Idle, 6),
        (FailureKind::Redirect, 6),
        (FailureKind::TotalTime, 7),
        (FailureKind::TooLarge, 7),
        (FailureKind::NoRoom, 7),
        (FailureKind::RequestBody, 2),
        (FailureKind::Internal, 1),
    ];
    for (kind, code) in codes {
        let failure = Failure { kind, text: String::new(), hint: None };
        assert_eq!(Exit::of(&ended(Outcome::Failed(failure), None)).code(), code, "{kind:?}");
    }
}

#[test]
fn a_token_call_that_fails_is_about_the_credentials_or_the_network() {
    let codes = [
        (TokenFailureKind::CredentialsRefused, 3),
        (TokenFailureKind::Rejected, 6),
        (TokenFailureKind::Throttled { retry_after: Duration::ZERO }, 6),
        (TokenFailureKind::Unavailable, 6),
        (TokenFailureKind::NotAToken, 6),
        (TokenFailureKind::Superseded, 6),
        (TokenFailureKind::Internal, 1),
    ];
    for (kind, code) in codes {
        assert_eq!(Exit::of(&ended(Outcome::NoToken(token_failure(kind)), None)).code(), code, "{kind:?}");
        let refused = Exchange { renewal: Some(token_failure(kind)), ..ended(Outcome::Answered, Some(401)) };
        assert_eq!(Exit::of(&refused).code(), code, "a renewal: {kind:?}");
    }
}

#[test]
fn a_rule_of_ours_is_usage_and_a_missing_credential_is_not() {
    let origin = Origin::of(&url()).unwrap();
    let codes = [
        (Refusal::UnboundOrigin { origin: origin.clone(), profile: String::new(), bound: Vec::new() }, 2),
        (Refusal::PlainHttp(origin), 2),
        (Refusal::TokenGone(TokenSerial(1)), 2),
        (Refusal::NoCredential { profile: String::new(), give: String::new() }, 3),
        (Refusal::Untrusted { profile: String::new(), file: "authscope.toml".into() }, 2),
        (
            Refusal::SecretUnavailable {
                what: "client secret",
                profile: String::new(),
                from: String::new(),
                why: String::new(),
                mend: String::new(),
            },
            3,
        ),
        (Refusal::NoTokenYet, 3),
    ];
    for (refusal, code) in codes {
        assert_eq!(Exit::of(&ended(Outcome::Refused(refusal.clone()), None)).code(), code, "{refusal:?}");
    }
    let never_made = TokenFailure { call: None, ..TokenFailure::clone(&token_failure(TokenFailureKind::Rejected)) };
    assert_eq!(Exit::of_token_failure(&never_made), Exit::Usage);
}

#[test]
fn of_many_calls_the_worst_counts() {
    let codes = [Exit::Done, Exit::ClientError, Exit::ServerError, Exit::Limit, Exit::Network, Exit::Credentials];
    for pair in codes.windows(2) {
        assert_eq!(pair.iter().min(), Some(&pair[1]));
    }
    assert_eq!(Exit::of(&ended(Outcome::Cancelled, None)).code(), 130);
    assert_eq!(Exit::Terminated.code(), 143);
}

#[test]
fn a_reader_that_went_away_is_no_error_and_anything_unforeseen_is_a_bug() {
    let io = |kind: io::ErrorKind| anyhow::Error::new(io::Error::from(kind)).context("on the way");
    assert_eq!(Exit::of_error(&io(io::ErrorKind::BrokenPipe)), Exit::Done);
    assert_eq!(Exit::of_error(&io(io::ErrorKind::StorageFull)), Exit::Failed);
    assert_eq!(Exit::of_error(&Stop::usage("no").into()), Exit::Usage);
}
