//! Bodies of any size: a JSON array of exactly so many bytes, and one without an end. Both are made as they are read.

use std::fmt::Write as _;

use axum::{
    body::Bytes,
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Deserialize;

use super::{
    Shared,
    answers::{failure, marked, own_json},
    front::streamed,
    guard::Bearer,
};

pub(super) const LARGEST: u64 = 4 << 30;
const ROWS_A_CHUNK: u64 = 1024;

#[derive(Deserialize)]
pub(super) struct Size {
    n: u64,
}

/// `GET /_sandbox/bytes?n=N`: a JSON array of exactly N bytes, from 2 to 4 GiB.
pub(super) async fn bytes(_: Bearer, Query(Size { n }): Query<Size>) -> Response {
    if !(2..=LARGEST).contains(&n) {
        return failure(StatusCode::BAD_REQUEST, "n is a number of bytes from 2 to 4294967296");
    }
    let mut response = own_json(streamed(array(n)));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(n));
    response
}

/// `GET /_sandbox/endless`: a body that ends when the client closes.
pub(super) async fn endless(State(inner): State<Shared>) -> Response {
    let end = inner.journal.endless();
    let chunk = Bytes::from("and on it goes\n".repeat(1024));
    let chunks = std::iter::repeat_with(move || {
        let _counted_when_dropped = &end;
        chunk.clone()
    });
    marked(Response::new(streamed(chunks)), "this whole route")
}

/// One row; all are of one length while ids have eight digits.
fn row(id: u64) -> String {
    format!(r#"{{"id":"{id:08}","amount":25.00,"status":"Captured"}}"#)
}

/// `[`, rows separated by a comma and a line feed, blanks to the size wanted, `]`.
pub(super) fn array(size: u64) -> impl Iterator<Item = Bytes> + Send + 'static {
    let separated = row(0).len() as u64 + 2;
    let rows = size / separated;
    // The brackets take the place of the separator that the last row doesn't need.
    let blanks = if rows == 0 { size - 2 } else { size % separated };
    let bodies = (0..rows.div_ceil(ROWS_A_CHUNK)).map(move |chunk| {
        let mut text = String::new();
        for id in chunk * ROWS_A_CHUNK..rows.min((chunk + 1) * ROWS_A_CHUNK) {
            let end = if id + 1 < rows { ",\n" } else { "" };
            // Writing to a string cannot fail.
            let _ = write!(text, "{}{end}", row(id));
        }
        Bytes::from(text)
    });
    let end = " ".repeat(usize::try_from(blanks).unwrap_or_default()) + "]";
    std::iter::once(Bytes::from_static(b"[")).chain(bodies).chain(std::iter::once(Bytes::from(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_has_exactly_the_size_asked_for_and_is_json() {
        for size in (2..400).chain([65_535, 65_536, 200_001]) {
            let text: Vec<u8> = array(size).flatten().collect();
            assert_eq!(text.len() as u64, size);
            assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok(), "{size}");
        }
    }
}
