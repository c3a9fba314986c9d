//! Requests of `.http` files in order, each judged by what it expects.

use std::fs;

use insta::assert_snapshot;

use super::program::Program;

/// Creates a payment, looks it up by the id of the answer, and gets what is not there.
const PAYMENTS: &str = r#"@amount = 25.00

### Create
# @name create
# @assert status == 201
# @assert body.transactionId matches ^txn_
# @assert body.amount == 25
# @assert headers.Content-Type contains json
POST {{base_url}}/api/v1/transactions
Content-Type: application/json

{"transactionAction":"PAYMENT","amount":{{amount}},"currency":"USD","reference":"{{reference}}","statementDescriptor":"My Store","successUrl":"https://shop.example/ok","callbackUrl":"https://shop.example/hook"}

### Status
# @assert body.Reference == ORDER-7
# @assert body.DeclineReason missing
# @assert body.TransactionId exists
GET {{base_url}}/api/v1/transactions/{{create.response.body.transactionId}}/status

### Nothing
# @assert status == 404
# @assert time < 1 h
GET {{base_url}}/nothing
"#;

fn payments(words: &[&str]) -> Program {
    Program::new(&[&["run", "requests"], words].concat()).file("requests/payments.http", PAYMENTS)
}

#[test]
fn a_folder_is_run_in_order_with_values_from_answer_to_request() {
    let run = payments(&["--var", "reference=ORDER-7"]).run();
    let told: Vec<_> = run.text().lines().map(|line| line.split(" in ").next().unwrap().to_owned()).collect();
    assert_eq!(run.code, Some(1), "a null is there: {}", run.told());
    assert!(told[0].starts_with("ok          Create             POST http://127.0.0.1:"), "{told:?}");
    assert!(
        run.text().contains("FAILED      Status") && run.text().contains("body.DeclineReason missing: it is `null`")
    );
    assert!(told[2].starts_with("ok          Nothing"), "{told:?}");
    assert_eq!(run.notes.trim(), "authscope: 2 ok, 1 failed, 0 not judged");
}

#[test]
fn after_a_failure_the_rest_is_not_sent_where_that_is_asked_for() {
    let run = payments(&["--var", "reference=ORDER-8", "--fail-fast", "--tap", "--junit", "run.xml"]).run();
    assert_eq!(run.code, Some(1), "{}", run.told());
    assert!(
        run.text().contains("not ok 2 - Status") && run.text().contains("ok 3 - Nothing # SKIP not sent"),
        "{}",
        run.told()
    );
    let xml = fs::read_to_string(run.home.path().join("run.xml")).unwrap();
    assert!(xml.contains(r#"tests="3" failures="1" errors="0" skipped="1""#), "{xml}");
    assert!(xml.contains("body.Reference == ORDER-7: it is `ORDER-8`"), "{xml}");
}

#[test]
fn without_an_expectation_a_status_below_400_is_good() {
    let file = "### Open\nGET {{base_url}}/_sandbox/open\n\n### Gone\nGET {{base_url}}/_sandbox/status/410\n";
    let run = Program::new(&["run", "one.http"]).file("one.http", file).run();
    assert!(
        run.text().contains("ok          Open") && run.text().contains("a status below 400 is expected"),
        "{}",
        run.told()
    );
    assert_eq!(run.code, Some(1));
}

#[test]
fn an_expectation_that_says_nothing_is_2_and_nothing_is_sent() {
    let file = "### A\n# @assert status is 200\nGET {{base_url}}/_sandbox/open\n";
    let run = Program::new(&["run", "one.http"]).file("one.http", file).run();
    assert_snapshot!(run.told(), @"
    exit 2
    --- output

    --- notes
    authscope: “A” of one.http: `# @assert status is 200`: `is`: write ==, !=, <, <=, >, >=, contains, matches, exists or missing
      nothing was sent
    ");
    for words in [&["run", "nowhere"][..], &["run", "note.txt"], &["run", "empty"]] {
        let run = Program::new(words).file("note.txt", "GET /x").file("empty/a.http", "# nothing\n").run();
        assert_eq!((run.code, run.text().as_str()), (Some(2), ""), "{words:?}: {}", run.notes);
    }
}

#[test]
fn a_value_that_is_missing_fails_its_request_and_the_others_go_on() {
    let run = payments(&[]).run();
    assert_eq!(run.code, Some(2), "{}", run.told());
    assert!(run.text().contains("FAILED      Create") && run.text().contains("reference"), "{}", run.told());
    assert!(run.text().contains("ok          Nothing"), "{}", run.told());
}
