//! Header fields that a request can have, and values that they often have (RFC 9110, RFC 9111, RFC 7240, RFC 6265).

use super::Candidate;

/// Names, each with what it is for.
const NAMES: [(&str, &str); 24] = [
    ("Accept", "what kinds of answer are welcome"),
    ("Accept-Charset", "which character sets are welcome"),
    ("Accept-Encoding", "which encodings can be taken off"),
    ("Accept-Language", "which languages are welcome"),
    ("Authorization", "goes out as typed: nothing is fetched or renewed"),
    ("Cache-Control", "whether a kept answer will do"),
    ("Content-Encoding", "how the body is encoded"),
    ("Content-Language", "the language of the body"),
    ("Content-Type", "what the body is"),
    ("Cookie", "cookies"),
    ("Date", "when the request was made"),
    ("Expect", "wait for a yes before the body"),
    ("Forwarded", "whom a proxy asks for"),
    ("Idempotency-Key", "so that a repeat acts once"),
    ("If-Match", "only if it is still this version"),
    ("If-Modified-Since", "only if it changed since"),
    ("If-None-Match", "only if it is no longer this version"),
    ("If-Unmodified-Since", "only if it did not change since"),
    ("Origin", "where the page is from that asks"),
    ("Prefer", "how the answer is wished for"),
    ("Range", "a part of it"),
    ("Referer", "where the address was found"),
    ("User-Agent", "who asks"),
    ("X-Request-Id", "a name for this request in logs"),
];

/// Values by the name of their field.
const VALUES: [(&str, &[&str]); 12] = [
    ("accept", &["application/json", "application/xml", "text/plain", "text/html", "application/problem+json", "*/*"]),
    ("accept-charset", &["utf-8"]),
    ("accept-encoding", &["gzip", "br", "zstd", "deflate", "identity"]),
    ("accept-language", &["en", "en-GB", "en-US", "de", "fr", "es", "pt-BR"]),
    ("cache-control", &["no-cache", "no-store", "max-age=0"]),
    ("content-encoding", &["gzip", "br", "zstd", "deflate"]),
    (
        "content-type",
        &[
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=",
            "text/plain; charset=utf-8",
            "application/xml",
            "application/octet-stream",
            "application/merge-patch+json",
            "application/json-patch+json",
        ],
    ),
    ("expect", &["100-continue"]),
    ("idempotency-key", &["{{$uuid}}"]),
    ("prefer", &["return=minimal", "return=representation", "respond-async"]),
    ("range", &["bytes=0-1023"]),
    ("x-request-id", &["{{$uuid}}"]),
];

/// Every name.
pub(super) fn names() -> Vec<Candidate> {
    NAMES.iter().map(|(name, about)| Candidate::new(*name, *about)).collect()
}

/// The values of a field.
pub(super) fn values(name: &str) -> Vec<Candidate> {
    let name = name.trim().to_ascii_lowercase();
    let known = VALUES.iter().find(|(known, _)| *known == name);
    known.map(|(_, values)| values.iter().map(|value| Candidate::new(*value, "")).collect()).unwrap_or_default()
}
