//! What a request of a `.http` file expects of its answer, a line each above the request line:
//!
//! ```text
//! # @assert status == 201
//! # @assert headers.Content-Type contains json
//! # @assert body.transactionId exists
//! # @assert body.items[0].amount >= 10
//! # @assert body.status matches ^(Pending|Captured)$
//! # @assert time < 500 ms
//! ```
//!
//! What stands left is `status`, `time`, `headers.NAME`, `body`, or a value in a body of JSON by its path, as
//! `{{name.response.body.…}}` has it. Then `==`, `!=`, `<`, `<=`, `>`, `>=`, `contains`, `matches` (a regular expression),
//! `exists` or `missing`, and what is expected, its quotes optional. Owns the form and its judgement; `cli` runs it.

use std::{cmp::Ordering, sync::Arc, time::Duration};

use regex::RegexBuilder;

use super::variables::answers;
use crate::domain::exchange::Exchange;

/// Bytes that a compiled expression may take.
const LARGEST: usize = 2 << 20;

/// One line.
#[derive(Clone, Debug)]
pub struct Assertion {
    text: String,
    subject: String,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    Exists,
    Missing,
    Compares(Comparison, String),
    Takes(Comparison, Duration),
    Contains(String),
    Matches(regex::Regex),
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equal,
    Other,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Comparison {
    fn named(sign: &str) -> Option<Self> {
        Some(match sign {
            "==" => Self::Equal,
            "!=" => Self::Other,
            "<" => Self::Less,
            "<=" => Self::AtMost,
            ">" => Self::More,
            ">=" => Self::AtLeast,
            _ => return None,
        })
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Other => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

impl Assertion {
    /// Reads a line without its `@assert`. `time` reads a time with its unit.
    pub fn parse(text: &str, time: impl Fn(&str) -> Result<Duration, String>) -> Result<Self, String> {
        let text = text.trim();
        let (subject, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let (sign, expected) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
        let expected = unquoted(expected.trim());
        let known = ["status", "time", "body", "headers"];
        let part = subject.split(['.', '[']).next().unwrap_or_default();
        if !known.contains(&part) {
            return Err(format!("`{subject}`: it begins with `status`, `time`, `headers.NAME` or `body`"));
        }
        let checked = match (sign, Comparison::named(sign)) {
            ("exists", _) if expected.is_empty() => Test::Exists,
            ("missing", _) if expected.is_empty() => Test::Missing,
            ("contains", _) => Test::Contains(expected.to_owned()),
            ("matches", _) => {
                let built = RegexBuilder::new(expected).size_limit(LARGEST).build();
                Test::Matches(built.map_err(|_| format!("`{expected}` is no regular expression"))?)
            }
            (_, Some(comparison)) if part == "time" => Test::Takes(comparison, time(expected)?),
            (_, Some(comparison)) => Test::Compares(comparison, expected.to_owned()),
            _ => {
                return Err(format!("`{sign}`: write ==, !=, <, <=, >, >=, contains, matches, exists or missing"));
            }
        };
        if part == "time" && !matches!(checked, Test::Takes(..)) {
            return Err("a time is compared: `time < 500 ms`".to_owned());
        }
        Ok(Self { text: text.to_owned(), subject: subject.to_owned(), test: checked })
    }

    /// Whether it is about the status.
    pub fn is_of_status(&self) -> bool {
        self.subject == "status"
    }

    /// Looks at an answer; `Err` tells what stands there instead.
    pub fn judged(&self, exchange: &Arc<Exchange>) -> Result<(), String> {
        if let Test::Takes(comparison, limit) = &self.test {
            let took = exchange.took;
            let holds = comparison.holds(took.cmp(limit));
            return if holds { Ok(()) } else { Err(format!("{}: it took {} ms", self.text, took.as_millis())) };
        }
        let found = answers::value_of(exchange, &self.subject);
        let holds = match (&self.test, &found) {
            (Test::Exists, found) => found.is_ok(),
            (Test::Missing, found) => found.is_err(),
            (Test::Takes(..), _) | (_, Err(_)) => false,
            (Test::Compares(comparison, expected), Ok(found)) => compared(*comparison, found, expected),
            (Test::Contains(expected), Ok(found)) => found.contains(expected.as_str()),
            (Test::Matches(expression), Ok(found)) => expression.is_match(found),
        };
        match found {
            _ if holds => Ok(()),
            Err(why) => Err(format!("{}: the answer {why}", self.text)),
            Ok(_) if answers::is_secret_by_name(&self.subject) => Err(format!("{}: it is not so", self.text)),
            Ok(found) => Err(format!("{}: it is {}", self.text, beginning(&found))),
        }
    }
}

fn unquoted(text: &str) -> &str {
    let within = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    within('"').or_else(|| within('\'')).unwrap_or(text)
}

/// The start of a value, on one line.
fn beginning(text: &str) -> String {
    let line: String = text.chars().take(60).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(60).is_some() { format!("`{line}…`") } else { format!("`{line}`") }
}

/// Whole numbers are compared digit by digit, others as numbers, and what is none as text, of which only equality is told.
fn compared(comparison: Comparison, found: &str, expected: &str) -> bool {
    if let (Ok(found), Ok(expected)) = (found.parse::<i128>(), expected.parse::<i128>()) {
        return comparison.holds(found.cmp(&expected));
    }
    if let (Ok(found), Ok(expected)) = (found.parse::<f64>(), expected.parse::<f64>()) {
        return found.partial_cmp(&expected).is_some_and(|order| comparison.holds(order));
    }
    match comparison {
        Comparison::Equal => found == expected,
        Comparison::Other => found != expected,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Assertion, String> {
        Assertion::parse(text, |time| {
            time.trim_end_matches(" ms").parse().map(Duration::from_millis).map_err(|_| "no time".to_owned())
        })
    }

    #[test]
    fn a_line_that_says_nothing_is_told_what_to_say() {
        for text in [
            "",
            "stat == 1",
            "status",
            "status is 200",
            "body.a exists 1",
            "time exists",
            "time < soon",
            "body matches (",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        for text in [
            "status == 201",
            "status < 300",
            "headers.ETag exists",
            "body[0].a != 'x y'",
            "body contains",
            "time <= 500 ms",
        ] {
            assert!(read(text).is_ok(), "{text}");
        }
        assert!(read("status == 1").unwrap().is_of_status());
    }

    #[test]
    fn numbers_are_compared_as_numbers_and_large_ones_by_every_digit() {
        use Comparison::{AtLeast, Equal, Less, Other};
        assert!(compared(Equal, "25.00", "25") && compared(Less, "9", "10") && compared(AtLeast, "1e3", "1000"));
        assert!(!compared(Equal, "9007199254740993", "9007199254740992"));
        assert!(compared(Equal, "Pending", "Pending") && compared(Other, "a", "b") && !compared(Less, "a", "b"));
    }
}
