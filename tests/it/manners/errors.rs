//! Whatever fails, the person is told what to do.

use std::{fs, path::Path, sync::Arc, time::Duration};

use authscope::{
    app::{message::Message, notice::Tone},
    domain::{
        diagnosis::Facts,
        exchange::{Failure, FailureKind, Outcome},
        flow::{Refusal, TokenFailure, TokenFailureKind},
        origin::Origin,
        token::TokenSerial,
    },
};
use url::Url;

use crate::stage::Stage;

/// Ends a call so, and checks that what is said has both sentences, as has the pane of the response.
fn said(outcome: Outcome, text: &str, hint: &str) {
    let mut stage = Stage::new(200, 60);
    let order = stage.send();
    let began = stage.app.now;
    stage.end(&order, began, Vec::new(), outcome, Facts::default());
    let notice = stage.app.notice.clone().unwrap_or_else(|| panic!("nothing is said: {text}"));
    assert!(notice.tone != Tone::Good && notice.until.is_none(), "{text}: it stands until a key");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let heard = words(&notice.text.to_lowercase()).join(" ");
    let pane = words(&stage.text().to_lowercase()).join(" ");
    for sentence in [text, hint] {
        assert!(sentence.len() > 8, "{sentence:?} says nothing");
        assert!(heard.contains(&format!("{}.", sentence.to_lowercase())), "{sentence:?} is not in {heard:?}");
        let beginning = words(&sentence.to_lowercase()).into_iter().take(4).collect::<Vec<_>>().join(" ");
        assert!(pane.contains(&beginning), "{beginning:?} is not on the screen:\n{}", stage.text());
    }
}

#[test]
fn every_kind_of_failure_is_said_with_what_to_do() {
    for kind in FailureKind::ALL {
        let text = format!("a call to https://api.example failed: {kind:?}");
        let failure = Failure { kind, text: text.clone(), hint: Some(kind.hint().to_owned()) };
        said(Outcome::Failed(failure), &text, kind.hint());
    }
}

#[test]
fn every_refusal_and_every_failed_token_call_is_said_with_what_to_do() {
    let origin = Origin::of(&Url::parse("https://api.example").unwrap()).unwrap();
    let profile = || "sandbox".to_owned();
    let refusals = [
        Refusal::UnboundOrigin { origin: origin.clone(), profile: profile(), bound: vec![origin.clone()] },
        Refusal::PlainHttp(origin),
        Refusal::NoCredential { profile: profile(), give: "set the variable `X`".to_owned() },
        Refusal::SecretUnavailable {
            what: "client secret",
            profile: profile(),
            from: "file secret".to_owned(),
            why: "it is read by others".to_owned(),
            mend: "chmod 600 secret".to_owned(),
        },
        Refusal::Untrusted { profile: profile(), file: "/p/authscope.toml".into() },
        Refusal::NoTokenYet,
        Refusal::TokenGone(TokenSerial(7)),
    ];
    for refusal in refusals {
        // A new kind belongs into the list.
        match refusal {
            Refusal::UnboundOrigin { .. }
            | Refusal::PlainHttp(_)
            | Refusal::NoCredential { .. }
            | Refusal::SecretUnavailable { .. }
            | Refusal::Untrusted { .. }
            | Refusal::NoTokenYet
            | Refusal::TokenGone(_) => {}
        }
        said(Outcome::Refused(refusal.clone()), &refusal.to_string(), &refusal.hint());
    }
    let kinds = [
        TokenFailureKind::CredentialsRefused,
        TokenFailureKind::Rejected,
        TokenFailureKind::Throttled { retry_after: Duration::from_secs(8) },
        TokenFailureKind::Unavailable,
        TokenFailureKind::NotAToken,
        TokenFailureKind::Superseded,
        TokenFailureKind::Internal,
    ];
    for kind in kinds {
        let text = format!("the token endpoint answered otherwise: {kind:?}");
        let hint = Some(kind.hint().to_owned());
        let why = Arc::new(TokenFailure { kind, text: text.clone(), hint, call: None });
        said(Outcome::NoToken(why.clone()), &text, kind.hint());
        let mut stage = Stage::new(80, 24);
        stage.tell(Message::Renewed(Err(why)));
        let notice = stage.app.notice.clone().unwrap();
        assert!(notice.text.to_lowercase().contains(&kind.hint().to_lowercase()), "{}", notice.text);
    }
}

#[test]
fn no_failure_is_made_without_a_hint() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = fs::read_to_string(&path).unwrap();
            assert!(!text.contains("hint: None"), "{}", path.display());
        }
    }
    assert!(files > 10, "only {files} files were looked at");
}
