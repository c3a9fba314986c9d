//! Bodies that are sent compressed: by several codings, by one that nobody knows, and bombs that grow without measure.

use std::{io, sync::LazyLock};

use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use axum::{
    body::{Body, Bytes},
    extract::Query,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use serde::Deserialize;
use tokio::io::{AsyncBufRead, AsyncReadExt as _, BufReader};
use tokio_util::io::{ReaderStream, StreamReader};

use super::{
    answers::{failure, marked, own_json},
    bodies::{LARGEST, array},
    guard::Bearer,
};

#[derive(Deserialize)]
pub(super) struct Wanted {
    /// The codings, in the order in which they are applied.
    by: String,
    /// What `Content-Encoding` says, in place of the truth.
    says: Option<String>,
    #[serde(default = "usual")]
    n: u64,
}

fn usual() -> u64 {
    4096
}

type Reader = Box<dyn AsyncBufRead + Send + Unpin>;

/// `GET /_sandbox/encoded?by=gzip,br&n=N&says=…`: an array of N bytes, compressed by those codings one after the other.
pub(super) async fn encoded(_: Bearer, Query(Wanted { by, says, n }): Query<Wanted>) -> Response {
    if !(2..=LARGEST).contains(&n) {
        return failure(StatusCode::BAD_REQUEST, "n is a number of bytes from 2 to 4294967296");
    }
    let plain: Reader = Box::new(StreamReader::new(stream::iter(array(n).map(Ok::<_, io::Error>))));
    let (Some(reader), Ok(says)) = (compressed(plain, &by), HeaderValue::from_str(says.as_deref().unwrap_or(&by)))
    else {
        return failure(StatusCode::BAD_REQUEST, "by is a list of gzip, deflate, br, zstd and identity");
    };
    let mut response = own_json(Body::from_stream(ReaderStream::new(reader)));
    response.headers_mut().insert(header::CONTENT_ENCODING, says);
    response
}

fn compressed(plain: Reader, by: &str) -> Option<Reader> {
    by.split(',').map(str::trim).try_fold(plain, |reader, coding| {
        Some(match coding {
            "gzip" => Box::new(BufReader::new(GzipEncoder::new(reader))) as Reader,
            "deflate" => Box::new(BufReader::new(ZlibEncoder::new(reader))),
            "br" => Box::new(BufReader::new(BrotliEncoder::new(reader))),
            "zstd" => Box::new(BufReader::new(ZstdEncoder::new(reader))),
            "identity" => reader,
            _ => return None,
        })
    })
}

#[derive(Deserialize)]
pub(super) struct Charge {
    by: String,
}

/// A gibibyte of blanks by brotli, in 841 bytes.
const BLANKS: &[u8] = include_bytes!("../../assets/sandbox/blanks.br");
/// How many mebibytes a bomb of gzip grows to.
const MEMBERS: usize = 1024;

/// `GET /_sandbox/bomb?by=gzip|gzip,gzip|br`: a gibibyte of blanks, compressed to almost nothing.
pub(super) async fn bomb(Query(Charge { by }): Query<Charge>) -> Response {
    static MEBIBYTE: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(vec![b' '; 1 << 20]));
    let charge = match by.as_str() {
        "br" => BLANKS.to_vec(),
        "gzip" | "gzip,gzip" => {
            // Members one behind the other are one body (RFC 1952 §2.2).
            let member = whole(GzipEncoder::new(&MEBIBYTE[..])).await;
            let bomb = member.repeat(MEMBERS);
            if by == "gzip" { bomb } else { whole(GzipEncoder::new(&bomb[..])).await }
        }
        _ => return failure(StatusCode::BAD_REQUEST, "by is gzip, br, or gzip,gzip"),
    };
    let fields = [(header::CONTENT_TYPE, "text/plain"), (header::CONTENT_ENCODING, by.as_str())];
    marked((fields, charge).into_response(), "this whole route")
}

/// Reads to the end what reads from memory, which cannot fail.
async fn whole(mut reader: impl tokio::io::AsyncRead + Unpin) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = reader.read_to_end(&mut bytes).await;
    bytes
}
