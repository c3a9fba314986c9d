//! `Retry-After` (RFC 9110 §10.2.3) and the dates of HTTP (§5.6.7).

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};

/// How long to wait by a `Retry-After` of seconds or of a date; `None` for junk.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let seconds = http_date(value)?.as_second() - now.as_second();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// An IMF-fixdate, `Mon, 23 Nov 2026 14:03:10 GMT`.
pub(super) fn http_date(value: &str) -> Option<Timestamp> {
    if !value.trim().ends_with("GMT") {
        return None;
    }
    rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_dates_and_junk_are_told_apart() {
        let now = http_date("Mon, 23 Nov 2026 14:03:10 GMT").unwrap();
        assert_eq!(retry_after("7", now), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Mon, 23 Nov 2026 14:03:20 GMT", now), Some(Duration::from_secs(10)));
        assert_eq!(retry_after("Mon, 23 Nov 2026 14:03:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("99999999999999999999999", now), Some(Duration::from_secs(u64::MAX)));
        for junk in ["", "soon", "-5", "1.5", "2026-11-23T14:03:10Z"] {
            assert_eq!(retry_after(junk, now), None, "{junk:?}");
        }
    }
}
