//! How each thing that lies on top comes there.

use std::sync::Arc;

use authscope::{
    app::{
        collection::FileFault,
        effect::{Effect, Saving},
        environment::Environment,
        message::{Message, SaveEnd},
        overlay::{Overlay, Trouble},
        rotation::Stood,
    },
    domain::{
        credential::{Credential, SecretSource},
        flow::{TokenFailure, TokenFailureKind},
        secret::Secret,
        trial::Trial,
    },
};

use super::{answered, healed, held_back, refused, unanswered, with_body, zoomed_flow};
use crate::stage::{CAPTURED, Stage, UNAUTHORIZED};

pub fn help(stage: &mut Stage) {
    stage.press("?");
}

pub fn help_in_a_field(stage: &mut Stage) {
    with_body(stage);
    stage.press("j e f1");
}

pub fn palette(stage: &mut Stage) {
    answered(stage);
    stage.press("ctrl-p");
    stage.type_text("ren");
}

pub fn palette_nothing(stage: &mut Stage) {
    stage.press("ctrl-p");
    stage.type_text("qqq");
}

pub fn lab(stage: &mut Stage) {
    answered(stage);
    stage.press("M");
}

pub fn lab_misbehaving(stage: &mut Stage) {
    stage.press("M j j");
    stage.tell(Message::Misbehaved(vec!["tokens live 20 s".to_owned(), "the token endpoint answers 503".to_owned()]));
}

pub fn environment(stage: &mut Stage) {
    stage.press("E j");
}

pub fn credential(stage: &mut Stage) {
    stage.press("C j");
}

pub fn profile_new(stage: &mut Stage) {
    stage.press("E a");
    stage.type_text("staging");
    stage.press("tab");
    stage.type_text("https://staging.example/v2");
    stage.press("tab tab space tab tab");
    stage.type_text("shop-7");
    stage.press("tab space tab");
    stage.type_text("STAGING_SECRET");
}

pub fn profile_faults(stage: &mut Stage) {
    stage.press("E a");
    stage.type_text("mine");
    stage.press("tab tab tab tab tab tab space space tab");
    stage.type_text("~/secret");
    stage.press("ctrl-s");
}

pub fn profile_production(stage: &mut Stage) {
    stage.press("E j e tab tab tab tab tab tab");
}

pub fn credential_new(stage: &mut Stage) {
    stage.press("E j enter 5 a tab");
    stage.type_text("shop-7");
    stage.press("tab space space space tab");
    stage.type_text("pass show 'shop 7'");
}

pub fn trial_running(stage: &mut Stage) {
    stage.press("E t");
}

/// What a token call with a body in JSON sends, without its secret.
fn asked() -> Vec<String> {
    ["POST http://127.0.0.1:43117/api/token", "content-type: application/json", ""]
        .into_iter()
        .chain([r#"{"client_id":"demo-client","client_secret":"********"}"#])
        .map(str::to_owned)
        .collect()
}

pub fn trial_works(stage: &mut Stage) {
    stage.press("E t");
    let token = stage.fetch(None, 29);
    let call = stage.app.timeline.flows().iter().rev().find_map(|flow| flow.trips.last()?.token_call.clone());
    let profile = stage.app.environment.profile().clone();
    let trial = Trial { profile, request: asked(), call, token: Ok(token) };
    stage.tell(Message::Tried(1, Ok(Box::new(trial))));
}

pub fn trial_refused(stage: &mut Stage) {
    stage.press("E t");
    let order = stage.app.environment.profile().clone();
    let why = TokenFailure {
        kind: TokenFailureKind::CredentialsRefused,
        text: "the token endpoint refused client id or secret: 401 Unauthorized".to_owned(),
        hint: Some("compare both with what you were given".to_owned()),
        call: None,
    };
    let trial = Trial { profile: order, request: asked(), call: None, token: Err(Arc::new(why)) };
    stage.tell(Message::Tried(1, Ok(Box::new(trial))));
}

/// The exchange of a secret that is in a file, in production; told that it can begin.
fn rotation(stage: &mut Stage) -> u64 {
    let mut profile = authscope::config::profiles::paysecurez();
    let secret = SecretSource::File("/home/me/.config/authscope/shop.secret".into());
    profile.credentials = vec![Credential::new("shop-7", secret)];
    stage.app.environment = Environment::new(vec![Arc::new(profile)], 0);
    stage.press("5 ctrl-t");
    let Some(Overlay::Rotation(rotating)) = &stage.app.overlay else { panic!() };
    let number = rotating.number;
    stage.tell(Message::RotationStood(number, Ok(Stood::Ready)));
    stage.type_text("secret");
    number
}

pub fn rotation_asking(stage: &mut Stage) {
    rotation(stage);
}

fn rotated(stage: &mut Stage) -> u64 {
    let number = rotation(stage);
    stage.press("enter");
    for step in [
        "1 of 4: the new secret is tried beside the old one, at https://api.paysecurez.com/api/token",
        "it works: a token that lives 1800 s",
        "2 of 4: the old secret is kept in the file /home/me/.config/authscope/shop.secret.former",
        "3 of 4: the new secret is put into the file /home/me/.config/authscope/shop.secret",
    ] {
        stage.tell(Message::RotationStepped(number, step.to_owned()));
    }
    number
}

pub fn rotation_waiting(stage: &mut Stage) {
    let number = rotated(stage);
    for step in [
        "read from there it works: a token that lives 1800 s",
        "4 of 4: the old secret is in the file /home/me/.config/authscope/shop.secret.former until this is confirmed",
    ] {
        stage.tell(Message::RotationStepped(number, step.to_owned()));
    }
    stage.tell(Message::RotationStood(number, Ok(Stood::Waiting)));
}

pub fn rotation_rolled_back(stage: &mut Stage) {
    let number = rotated(stage);
    let why = "The token endpoint refused client id or secret: 401 Unauthorized; rolled back: the old secret is in its place. \
               Compare both with what you were given.";
    stage.tell(Message::RotationStood(number, Err(why.to_owned())));
}

pub fn token_menu(stage: &mut Stage) {
    answered(stage);
    stage.press("T j j");
}

pub fn token_menu_empty(stage: &mut Stage) {
    stage.press("T");
}

pub fn token_claims(stage: &mut Stage) {
    answered(stage);
    stage.press("T d");
}

pub fn token_claims_since(stage: &mut Stage) {
    healed(stage);
    stage.press("T d");
}

pub fn token_revealed(stage: &mut Stage) {
    answered(stage);
    stage.press("T r");
    let serial = stage.app.token().unwrap().serial;
    let text = format!("eyJhbGciOiJub25lIn0.{}.c2ln", "dGhlLWNsYWltcy1vZi1hLXRva2Vu".repeat(9));
    stage.tell(Message::TokenGiven(serial, Some(Arc::new(Secret::new(text)))));
    stage.tick(2100);
}

pub fn profile_delete(stage: &mut Stage) {
    stage.press("E j d");
}

pub fn on_purpose(stage: &mut Stage) {
    healed(stage);
    stage.press("S j");
}

pub fn typed_token(stage: &mut Stage) {
    healed(stage);
    stage.press("S end k k k k enter x y z");
}

pub fn delete_request(stage: &mut Stage) {
    stage.press("1 D d");
}

/// A collection of one file, its first request open.
pub fn collection(stage: &mut Stage) {
    let pay = "### Create by card\nPOST {{base_url}}/api/v1/transactions\nX-Key: {{$processEnv MY_KEY}}\n\n{\n  \"amount\": 25.00\n}\n\n### Its status\nGET {{base_url}}/api/v1/transactions/{{txNo}}/status\n";
    let files = [("payments/card.http", pay), ("refunds.http", "### Refund\nPOST {{base_url}}/refunds\n")];
    let files = files.map(|(path, text)| (path.into(), text.to_owned())).to_vec();
    stage.tell(Message::CollectionRead("/shop/requests".into(), files, Vec::new()));
    stage.press("1 g g");
    while stage.app.requests.entry().draft.name != "Create by card" {
        stage.press("j");
    }
}

pub fn two_versions(stage: &mut Stage) {
    collection(stage);
    stage.app.requests.entry_mut().change(|draft| draft.url = draft.url.replace("/v1/", "/v2/"));
    let effects = stage.press("ctrl-s");
    let [Effect::WriteFile(change)] = &effects[..] else { panic!("{effects:?}") };
    let theirs =
        change.before.as_deref().map(|text| text.replace("POST {{base_url}}/api/v1", "PUT {{base_url}}/api/v1"));
    stage.tell(Message::FileWritten(change.clone(), Err(FileFault::Changed(theirs))));
}

pub fn read_and_send(stage: &mut Stage) {
    collection(stage);
    let effects = stage.press("s");
    let [Effect::ReadOutside(wants, _)] = &effects[..] else { panic!("{effects:?}") };
    stage.tell(Message::OutsideRead(wants.clone(), Err(None)));
}

/// The methods, one of them in hand.
pub fn method(stage: &mut Stage) {
    stage.press("2 k h enter j");
}

/// The kinds of a body.
pub fn kind_of_body(stage: &mut Stage) {
    stage.press("1 k 2 j space");
}

pub fn copying(stage: &mut Stage) {
    answered(stage);
    stage.press("3 j y");
}

pub fn why_healed(stage: &mut Stage) {
    healed(stage);
    stage.press("!");
}

pub fn why_refused(stage: &mut Stage) {
    refused(stage);
    stage.press("!");
}

pub fn why_unanswered(stage: &mut Stage) {
    unanswered(stage);
    stage.press("!");
}

pub fn why_no_token(stage: &mut Stage) {
    held_back(stage);
    stage.press("!");
}

pub fn production(stage: &mut Stage) {
    stage.press("E j enter k s");
}

pub fn quitting(stage: &mut Stage) {
    stage.send();
    stage.press("q");
}

pub fn pasted_address(stage: &mut Stage) {
    let address = format!("https://api.example/a/very/long/{}?with=1&more=2", "way/".repeat(40));
    stage.tell(Message::Pasted(address));
}

pub fn pasted_body(stage: &mut Stage) {
    stage.tell(Message::Pasted("{\n  \"amount\": 25.00,\n  \"currency\": \"USD\"\n}\n".to_owned()));
}

/// A description of an API, over a collection.
pub fn pasted_openapi(stage: &mut Stage) {
    collection(stage);
    let text = r#"{"openapi": "3.0.0", "info": {"title": "Shop"}, "servers": [{"url": "https://shop.example/v1"}],
        "paths": {"/orders": {"get": {"summary": "List orders"}, "post": {"summary": "Order"}}}}"#;
    stage.tell(Message::Pasted(text.to_owned()));
}

pub fn pasted_curl(stage: &mut Stage) {
    let command =
        "curl 'https://api.example/v1/payments' -X POST -H 'Accept: application/json' -d @body.json --compressed -k";
    stage.tell(Message::Pasted(command.to_owned()));
}

pub fn log(stage: &mut Stage) {
    stage.press("L");
    let line = |at| format!("2026-11-23T14:00:{at:02}Z  INFO authscope::engine: call {at} answered 200 in 38 ms");
    stage.tell(Message::LogRead(Ok((0..60).map(line).collect())));
}

pub fn trouble(stage: &mut Stage) {
    let text = "config.toml:3:1: `polcy` is no key of a profile, did you mean `policy`?\n\
                config.toml:9:12: `total-timeout` wants a time with a unit, such as `30 s`: `30` has none";
    stage.app.overlay = Some(Overlay::Trouble(Trouble { unusable: false, text: text.to_owned(), top: 0 }));
}

pub fn help_filtered(stage: &mut Stage) {
    stage.press("? /");
    stage.type_text("renew");
}

pub fn running(stage: &mut Stage) {
    answered(stage);
    for _ in 0..3 {
        stage.send();
        stage.tick(1200);
    }
    stage.press("r j d");
}

pub fn ask(stage: &mut Stage) {
    stage.tell(Message::Asked(1, "Client secret of shop, default: ".to_owned()));
    stage.type_text("secret");
}

/// A body to be saved, and what the runtime makes of the order.
fn saved(stage: &mut Stage, end: fn(Saving) -> SaveEnd) {
    answered(stage);
    stage.press("3 :");
    stage.type_text("w body.json");
    let effects = stage.press("enter");
    let saving = effects.into_iter().find_map(|effect| match effect {
        Effect::Save(saving) => Some(saving),
        _ => None,
    });
    stage.tell(Message::Saved(end(saving.expect("it is ordered"))));
}

/// A body to be saved where a file is.
pub fn save_over(stage: &mut Stage) {
    saved(stage, SaveEnd::Exists);
}

/// A body to be saved with a secret in it.
pub fn save_secret(stage: &mut Stage) {
    saved(stage, |saving| SaveEnd::Holds(saving, "tok#1".to_owned()));
}

/// An address in a body, to be opened in the browser.
pub fn browse(stage: &mut Stage) {
    let order = stage.send();
    stage.answered(&order, 201, r#"{"checkoutUrl": "https://b\u00fccher.example/checkout/txn_demo0001?lang=d\u00e9"}"#);
    stage.press("3 j o");
}

/// Tokens that were used, refused and dropped over an hour, and the one before the last in hand.
pub fn ledger(stage: &mut Stage) {
    healed(stage);
    for minutes in [3, 21, 2, 7] {
        stage.tick(minutes * 60_000);
        let order = stage.send();
        stage.answered(&order, 200, "{}");
    }
    stage.tick(600_000);
    let order = stage.send();
    stage.healed(&order, 401, UNAUTHORIZED);
    stage.tick(300_000);
    stage.fetch(None, 31);
    stage.tick(60_000);
    stage.press("T l j j");
}

/// The flow of a healed call, and a message of it from the end.
fn message(stage: &mut Stage, keys: &str) {
    zoomed_flow(stage);
    stage.press("G");
    stage.press(keys);
    stage.press("enter");
}

/// The replay as it was sent.
pub fn message_sent(stage: &mut Stage) {
    message(stage, "k k");
}

/// Its answer.
pub fn message_taken(stage: &mut Stage) {
    message(stage, "k");
}

/// The token call between.
pub fn message_token_call(stage: &mut Stage) {
    message(stage, "k k k k");
}

/// The lesson in which authscope heals a 401, its first step done.
pub fn tour(stage: &mut Stage) {
    answered(stage);
    stage.press(":");
    stage.type_text("lesson 8");
    stage.press("enter");
}

/// The same, all of it done.
pub fn tour_done(stage: &mut Stage) {
    tour(stage);
    let order = stage.send();
    stage.healed(&order, 200, CAPTURED);
    stage.press("6");
}

/// What lies on top leaves the tour alone.
pub fn tour_under_the_lab(stage: &mut Stage) {
    tour(stage);
    stage.press("M");
}
