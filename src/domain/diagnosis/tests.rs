use super::*;

#[test]
fn nothing_is_said_without_a_fact_but_what_to_try_next() {
    let diagnosis = Diagnosis::of(&Facts::default());
    assert!(diagnosis.causes.is_empty() && diagnosis.ruled_out.is_empty());
    assert!(diagnosis.next.is_some());
}

#[test]
fn the_scope_that_is_wanted_is_named() {
    let error = Fact::Error { code: "insufficient_scope".to_owned(), scope: Some("pay".to_owned()) };
    let diagnosis = Diagnosis::of(&Facts::default().with(Fact::Status(403)).with(error));
    assert!(diagnosis.causes[0].seen.contains("`pay`"));
    assert_eq!(diagnosis.next, None);
}

#[test]
fn the_first_fact_of_a_kind_counts() {
    let facts = Facts::default().with(Fact::Status(401)).with(Fact::Status(403));
    assert_eq!(facts.iter().collect::<Vec<_>>(), [&Fact::Status(401)]);
}
