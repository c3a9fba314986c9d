//! The TLS tab: how the last hop was encrypted, and who the server says it is.

use http::Version;
use jiff::Timestamp;

use super::facts::FactLine;
use crate::domain::{
    exchange::{Certificate, Exchange},
    figures,
};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The lines of an exchange; none where its last answer came unencrypted.
pub fn lines(exchange: &Exchange, now: Timestamp) -> Vec<FactLine> {
    let hop = exchange.attempts.last().and_then(|attempt| attempt.hops.last());
    let Some((hop, tls)) = hop.and_then(|hop| Some((hop, hop.tls.as_ref()?))) else { return Vec::new() };
    let protocol = match hop.answer.as_ref().map(|answer| answer.version) {
        Some(Version::HTTP_2) => "HTTP/2, agreed on by ALPN (h2)",
        Some(_) | None => "HTTP/1.1, by ALPN (http/1.1) or for want of it",
    };
    let mut lines = vec![
        FactLine::of("version", tls.version.as_deref().unwrap_or("not told")),
        FactLine::of("protocol", protocol),
        FactLine::of("cipher", "not told by the TLS library"),
    ];
    if let Some(remote) = hop.remote {
        lines.push(FactLine::of("address", remote.to_string()));
    }
    let all = tls.chain.len();
    for (at, certificate) in tls.chain.iter().enumerate() {
        lines.push(FactLine::Blank);
        lines.push(FactLine::Title(format!("certificate {} of {all}", figures::grouped(at as u64 + 1))));
        lines.push(FactLine::of("of", &*certificate.subject));
        if !certificate.names.is_empty() {
            lines.push(FactLine::of("for", certificate.names.join("  ")));
        }
        lines.push(FactLine::of("signed by", &*certificate.issuer));
        lines.push(FactLine::of("lasts", lasts(certificate, now)));
    }
    lines
}

/// From when to when, and how long that is from now.
fn lasts(certificate: &Certificate, now: Timestamp) -> String {
    let day = |time: Timestamp| time.strftime("%Y-%m-%d").to_string();
    let days = |seconds: i64| {
        let days = seconds / DAY;
        format!("{} {}", figures::grouped(days.unsigned_abs()), if days == 1 { "day" } else { "days" })
    };
    let (from, until) = (certificate.from, certificate.until);
    let left = match until.as_second() - now.as_second() {
        left if left >= 0 => format!("{} left", days(left)),
        over => format!("over since {}", days(-over)),
    };
    format!("{} to {}, {left}", day(from), day(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_certificate_is_told_in_days() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let certificate = Certificate {
            subject: String::new(),
            issuer: String::new(),
            names: Vec::new(),
            from: at("2026-01-01T00:00:00Z"),
            until: at("2026-12-01T00:00:00Z"),
        };
        assert_eq!(lasts(&certificate, at("2026-11-23T14:00:00Z")), "2026-01-01 to 2026-12-01, 7 days left");
        assert_eq!(lasts(&certificate, at("2026-12-02T01:00:00Z")), "2026-01-01 to 2026-12-01, over since 1 day");
    }
}
