//! What a body was sent as, and how it is read as what it is (RFC 9110 §8.4).
//!
//! Up to three codings are undone, one behind the other. What each of them gives is measured against what came over the
//! wire, so that a small answer cannot become an endless one. Refuses to guess: what is not known stays as it came.

use std::{
    fmt, io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use async_compression::{
    tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder},
    zstd::DParameter,
};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, BufReader, ReadBuf};

/// What is asked for, as it stands in `Accept-Encoding`.
pub const ACCEPTED: &str = "gzip, deflate, br, zstd";
/// The most codings that are undone.
const MOST: usize = 3;
/// Decoded bytes that may come of whatever was sent.
pub const FREE: u64 = 64 << 20;
/// The largest window of zstd in a browser too (RFC 9659): 8 MiB.
const ZSTD_WINDOW: u32 = 23;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// RFC 1952.
    Gzip,
    /// RFC 1950; some servers send RFC 1951 by that name.
    Deflate,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

impl Coding {
    /// As it stands in `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let known = [Self::Gzip, Self::Deflate, Self::Brotli, Self::Zstd];
        known.into_iter().find(|coding| coding.name() == name.strip_prefix("x-").unwrap_or(&name))
    }
}

/// How a body was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    #[default]
    Identity,
    /// By these codings, in the order in which they were applied.
    Coded(Vec<Coding>),
    /// By something that is not known here, or by more than three codings: its bytes stay as they come.
    Unknown(String),
}

impl Encoding {
    /// What the values of `Content-Encoding` say.
    pub fn of<'a>(values: impl Iterator<Item = &'a [u8]>) -> Self {
        let text = values.map(String::from_utf8_lossy).collect::<Vec<_>>().join(", ");
        let words = text.split(',').map(str::trim);
        let named: Vec<&str> =
            words.filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("identity")).collect();
        let codings: Option<Vec<Coding>> = named.iter().map(|word| Coding::named(word)).collect();
        match codings {
            _ if named.is_empty() => Self::Identity,
            Some(codings) if codings.len() <= MOST => Self::Coded(codings),
            Some(_) | None => Self::Unknown(named.join(", ")),
        }
    }

    /// Whether the bytes that are kept are those that came.
    pub fn is_undone(&self) -> bool {
        matches!(self, Self::Coded(_))
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity => f.write_str("identity"),
            Self::Coded(codings) => {
                f.write_str(&codings.iter().map(|coding| coding.name()).collect::<Vec<_>>().join(", "))
            }
            Self::Unknown(name) => f.write_str(name),
        }
    }
}

/// A body that grows out of all measure, as an error of its own kind.
#[derive(Debug, thiserror::Error)]
#[error("{came} bytes grew to more than {ratio} times as many: {given} bytes and no end")]
pub struct Bomb {
    /// Bytes that came over the wire.
    pub came: u64,
    /// Bytes that one of the codings made of them.
    pub given: u64,
    /// How many times as many there may be.
    pub ratio: u64,
}

/// What is sent as `codings`, read as what it is. `came` counts the bytes of the wire as they are read; beyond
/// [`FREE`] no coding may give more than `ratio` times as many.
pub async fn decoded<'a>(
    wire: impl AsyncBufRead + Send + Unpin + 'a,
    codings: &[Coding],
    came: Arc<AtomicU64>,
    ratio: u64,
) -> io::Result<Box<dyn AsyncBufRead + Send + Unpin + 'a>> {
    let mut reader: Box<dyn AsyncBufRead + Send + Unpin + 'a> = Box::new(wire);
    for coding in codings.iter().rev() {
        let decoder: Box<dyn AsyncRead + Send + Unpin + 'a> = match coding {
            Coding::Gzip => {
                let mut decoder = GzipDecoder::new(reader);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
            Coding::Deflate => {
                // The first byte of a zlib stream names its method, 8; none of deflate begins so (RFC 1950 §2.2).
                let is_zlib = reader.fill_buf().await?.first().is_none_or(|first| first & 0x0f == 8);
                if is_zlib { Box::new(ZlibDecoder::new(reader)) } else { Box::new(DeflateDecoder::new(reader)) }
            }
            Coding::Brotli => Box::new(BrotliDecoder::new(reader)),
            Coding::Zstd => {
                let mut decoder = ZstdDecoder::with_params(reader, &[DParameter::window_log_max(ZSTD_WINDOW)]);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
        };
        reader = Box::new(BufReader::new(Metered { decoder, given: 0, came: came.clone(), ratio }));
    }
    Ok(reader)
}

/// A decoder held to a measure.
struct Metered<R> {
    decoder: R,
    given: u64,
    came: Arc<AtomicU64>,
    ratio: u64,
}

impl<R: AsyncRead + Unpin> AsyncRead for Metered<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.decoder).poll_read(context, buffer))?;
        self.given += (buffer.filled().len() - before) as u64;
        let (came, given, ratio) = (self.came.load(Ordering::Relaxed), self.given, self.ratio);
        let bomb = given > FREE && given / ratio.max(1) > came;
        Poll::Ready(if bomb { Err(io::Error::other(Bomb { came, given, ratio })) } else { Ok(()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Encoding {
        Encoding::of(values.iter().map(|value| value.as_bytes()))
    }

    #[test]
    fn an_encoding_is_read_off_its_fields_in_any_case_and_what_is_not_known_stays() {
        use Coding::{Brotli, Gzip, Zstd};
        assert_eq!(of(&[]), Encoding::Identity);
        assert_eq!(of(&["identity", " , "]), Encoding::Identity);
        assert_eq!(of(&["X-GZip, br", "zstd"]), Encoding::Coded(vec![Gzip, Brotli, Zstd]));
        assert_eq!(of(&["gzip, lzma"]), Encoding::Unknown("gzip, lzma".to_owned()));
        assert!(matches!(of(&["gzip, gzip, gzip, gzip"]), Encoding::Unknown(_)));
        assert_eq!(of(&["gzip", "br"]).to_string(), "gzip, br");
    }
}
