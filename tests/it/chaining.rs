//! Values from earlier answers: create a payment, then check its status.

use authscope::app::composer::Tab;

use crate::stage::Stage;

const CREATED: &str = r#"{"transactionId":"txn_mhuph5pq","status":"Pending","amount":25.00}"#;

#[test]
fn after_create_a_payment_its_status_is_two_keys_away() {
    let mut stage = Stage::new(120, 40);
    stage.press("k");
    let create = stage.send();
    assert_eq!(create.prepared.method, "POST");
    stage.answered(&create, 201, CREATED);
    let effects = stage.press("j s");
    let [status] = &Stage::orders(effects)[..] else { panic!("no call") };
    assert_eq!(status.prepared.url.path(), "/api/v1/transactions/txn_mhuph5pq/status");
    assert_eq!(status.prepared.method, "GET");
}

#[test]
fn before_any_payment_the_seeded_one_is_asked_for_and_the_vars_tab_says_where_each_comes_from() {
    let mut stage = Stage::new(120, 40);
    assert!(stage.send().prepared.url.path().contains("/txn_demo0001/"));
    stage.press("2");
    stage.app.composer.tab = Tab::Vars;
    assert!(stage.text().lines().any(|line| line.contains("txNo") && line.contains("sandbox")), "{}", stage.text());
    stage.press("1 k");
    let create = stage.send();
    stage.answered(&create, 201, CREATED);
    stage.press("1 j 2");
    stage.app.composer.tab = Tab::Vars;
    let row = |text: &str| text.lines().find(|line| line.contains("txNo")).unwrap_or_default().to_owned();
    let told = stage.text().lines().filter(|line| line.contains("txn_mhuph5pq")).map(row).collect::<String>();
    assert!(told.contains("answer of create"), "{}", stage.text());
}

#[test]
fn a_path_into_an_answer_says_what_to_send_first_and_what_the_answer_has_not() {
    let mut stage = Stage::new(120, 40);
    let url = "{{base_url}}/x/{{create.response.body.$.id}}";
    stage.app.requests.entry_mut().change(|draft| draft.url = url.to_owned());
    assert!(Stage::orders(stage.press("s")).is_empty());
    assert!(stage.text().contains("`create` was not answered in this run"), "{}", stage.text());
    stage.press("1 k");
    let create = stage.send();
    stage.answered(&create, 201, CREATED);
    assert!(Stage::orders(stage.press("1 j s")).is_empty());
    assert!(stage.text().contains("has no `id` there"), "{}", stage.text());
}

#[test]
fn a_value_of_an_answer_is_never_read_as_a_template() {
    let mut stage = Stage::new(120, 40);
    stage.press("k");
    let create = stage.send();
    stage.answered(&create, 201, r#"{"transactionId":"{{$processEnv HOME}}"}"#);
    let [status] = &Stage::orders(stage.press("j s"))[..] else { panic!("no call") };
    assert!(status.prepared.url.path().contains("processEnv"), "{}", status.prepared.url);
}

#[test]
fn a_variable_of_the_run_wins_and_a_drawn_value_is_another_at_each_send() {
    let mut stage = Stage::new(120, 40);
    stage.press(":");
    stage.type_text("set txNo txn_by_hand");
    stage.press("enter");
    assert!(stage.send().prepared.url.path().contains("/txn_by_hand/"));
    stage.app.requests.entry_mut().change(|draft| draft.url = "{{base_url}}/{{$uuid}}".to_owned());
    let (one, other) = (stage.send(), stage.send());
    assert_ne!(one.prepared.url, other.prepared.url);
    assert_eq!(one.prepared.url.path().len(), 37);
}
