//! How the history comes to its states.

use authscope::{
    app::{
        history::{Purpose, Told},
        message::Message,
    },
    domain::record::{Entry, Record, Trip},
};

use crate::stage::Stage;

fn entry(id: i64, path: &str, status: Option<u16>) -> Entry {
    Entry {
        id,
        started: 1_767_225_600_000 + id * 61_000,
        took: 40 * id.unsigned_abs(),
        method: if id % 2 == 0 { "POST".to_owned() } else { "GET".to_owned() },
        url: format!("http://127.0.0.1:43117/api/v1/{path}"),
        name: "Check its status".to_owned(),
        profile: "sandbox".to_owned(),
        status,
        attempts: if id == 3 { 2 } else { 1 },
        trouble: status.is_none().then(|| "no answer".to_owned()),
    }
}

fn record(status: u16, body: &str) -> Record {
    let trip = Trip {
        attempt: 1,
        with: "tok#1".to_owned(),
        method: "GET".to_owned(),
        url: "http://127.0.0.1:43117/api/v1/transactions/txn_1/status".to_owned(),
        status: Some(status),
        version: "HTTP/1.1".to_owned(),
        received: vec![("content-type".to_owned(), "application/json".to_owned())],
        ..Trip::default()
    };
    Record {
        name: "Check its status".to_owned(),
        method: trip.method.clone(),
        url: trip.url.clone(),
        started: 1_767_225_600_000,
        trips: vec![trip],
        size: body.len() as u64,
        body: body.as_bytes().to_vec(),
        whole: true,
        ..Record::default()
    }
}

/// Calls of before, one of them marked.
pub fn history(stage: &mut Stage) {
    stage.press("H");
    let entries = vec![
        entry(5, "transactions/txn_1/status", Some(200)),
        entry(4, "transactions", Some(201)),
        entry(3, "transactions/txn_demo0001/status", Some(200)),
        entry(2, "transactions", Some(401)),
        entry(1, "refunds", None),
    ];
    stage.tell(Message::HistoryTold(Ok(Told::Listed(1, entries))));
    stage.press("m j");
}

/// Nothing has the words that are looked for.
pub fn history_empty(stage: &mut Stage) {
    stage.press("H");
    stage.press("/");
    stage.type_text("custmer");
    stage.tell(Message::HistoryTold(Ok(Told::Listed(8, Vec::new()))));
}

/// One call.
pub fn history_call(stage: &mut Stage) {
    history(stage);
    let record = record(200, "{\"TransactionId\":\"txn_1\",\"Status\":\"Pending\"}");
    stage.tell(Message::HistoryTold(Ok(Told::Read(vec![record], Purpose::Open))));
}

/// Two answers compared.
pub fn history_compared(stage: &mut Stage) {
    history(stage);
    let records = ["Pending", "Captured"].map(|status| record(200, &format!("{{\"a\":1,\"Status\":\"{status}\"}}")));
    stage.tell(Message::HistoryTold(Ok(Told::of(records.into(), Purpose::Compare))));
}

/// Whether a call is to be deleted.
pub fn history_delete(stage: &mut Stage) {
    history(stage);
    stage.press("d");
}
