//! Values that are drawn when a request is sent: ids, times, random numbers. Their names are those of JetBrains' client
//! and of VS Code's REST Client.
//!
//! Nothing here reads a clock or asks for randomness: [`Draws`] is handed both.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use aws_lc_rs::hmac;
use jiff::{Span, Timestamp, tz::TimeZone};

/// What `{{$name}}` stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dynamic {
    /// A UUID of version 4.
    Uuid,
    /// Seconds since 1970.
    Seconds(Distance),
    /// A time as RFC 3339 writes it.
    Iso(Distance),
    /// A time as RFC 9110 writes it.
    Imf(Distance),
    /// A day.
    Date(Distance),
    /// A number: from, and below.
    Int(i64, i64),
    /// So many letters.
    Letters(usize),
    /// So many letters and digits.
    Alphanumeric(usize),
    /// So many hexadecimal digits.
    Hex(usize),
    /// An address of mail that reaches nobody (RFC 2606 §3).
    Email,
}

/// How far a time is from now: a number and its unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distance {
    count: i64,
    unit: Option<char>,
}

/// The names, as they are offered, each with what it stands for.
pub const NAMES: [(&str, &str); 9] = [
    ("$uuid", "a UUID"),
    ("$timestamp", "seconds since 1970"),
    ("$isoTimestamp", "the time, as in 2026-01-31T12:00:00Z"),
    ("$randomInt", "a number from 0 to 1000; `$randomInt 1 10` from 1 to 9"),
    ("$datetime", "`$datetime iso8601`, `$datetime rfc1123 1 d`"),
    ("$date", "today, as in 2026-01-31"),
    ("$random.alphanumeric", "`$random.alphanumeric(8)`: letters and digits"),
    ("$random.hexadecimal", "`$random.hexadecimal(8)`: hexadecimal digits"),
    ("$random.email", "an address of mail that reaches nobody"),
];

const LONGEST: usize = 10_000;

impl Dynamic {
    /// What a name that begins with `$` stands for, or why it stands for nothing.
    pub fn of(written: &str) -> Result<Self, String> {
        let (name, arguments) = split(written);
        let arguments: Vec<_> = arguments.split([',', ' ', '(', ')']).filter(|word| !word.is_empty()).collect();
        let number = |at: usize| -> Result<Option<i64>, String> {
            let Some(word) = arguments.get(at) else { return Ok(None) };
            word.parse().map(Some).map_err(|_| format!("`{word}` is no whole number"))
        };
        let length = || -> Result<usize, String> {
            let asked = usize::try_from(number(0)?.unwrap_or(10)).ok().filter(|asked| *asked <= LONGEST);
            asked.ok_or_else(|| format!("a length is a number up to {LONGEST}"))
        };
        let away = |from: usize| -> Result<Distance, String> {
            let Some(count) = number(from)? else { return Ok(Distance::default()) };
            let unit = match arguments.get(from + 1).copied() {
                Some("y") => 'y',
                Some("M") => 'M',
                Some("w") => 'w',
                Some("d") => 'd',
                Some("h") => 'h',
                Some("m") => 'm',
                Some("s") => 's',
                Some("ms") => 'i',
                _ => return Err("a distance in time is a number and one of y M w d h m s ms, as in `1 d`".to_owned()),
            };
            Ok(Distance { count, unit: Some(unit) })
        };
        Ok(match name {
            "$uuid" | "$guid" | "$random.uuid" | "$randomUUID" => Self::Uuid,
            "$timestamp" => Self::Seconds(away(0)?),
            "$isoTimestamp" | "$random.isoTimestamp" => Self::Iso(away(0)?),
            "$date" => Self::Date(away(0)?),
            "$datetime" | "$localDatetime" => match arguments.first().map(|word| word.trim_matches(['"', '\''])) {
                Some("iso8601") | None => Self::Iso(away(1)?),
                Some("rfc1123") => Self::Imf(away(1)?),
                Some(other) => return Err(format!("`{other}` is no format here: `iso8601` or `rfc1123`")),
            },
            "$randomInt" | "$random.integer" => {
                let (low, high) = (number(0)?.unwrap_or(0), number(1)?.unwrap_or(1001));
                if low >= high {
                    return Err(format!("there is no number from {low} and below {high}"));
                }
                Self::Int(low, high)
            }
            "$random.alphabetic" => Self::Letters(length()?),
            "$random.alphanumeric" => Self::Alphanumeric(length()?),
            "$random.hexadecimal" => Self::Hex(length()?),
            "$random.email" => Self::Email,
            _ => {
                let known = NAMES.map(|(name, _)| format!("`{name}`")).join(", ");
                return Err(format!("there is no such value to draw; there are {known}"));
            }
        })
    }

    fn drawn(&self, draws: &Draws) -> String {
        const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
        const ALPHANUMERIC: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
        match self {
            Self::Uuid => draws.uuid(),
            Self::Seconds(away) => away.from(draws.now).as_second().to_string(),
            Self::Iso(away) => {
                let time = away.from(draws.now);
                Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time).to_string()
            }
            Self::Imf(away) => {
                away.from(draws.now).to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
            }
            Self::Date(away) => away.from(draws.now).to_zoned(TimeZone::UTC).date().to_string(),
            Self::Int(low, high) => {
                let room = u128::from(high.abs_diff(*low));
                let above = i64::try_from(draws.number() % room.max(1)).unwrap_or_default();
                low.saturating_add(above).to_string()
            }
            Self::Letters(length) => draws.word(LETTERS, *length),
            Self::Alphanumeric(length) => draws.word(ALPHANUMERIC, *length),
            Self::Hex(length) => draws.word("0123456789abcdef", *length),
            Self::Email => format!("{}@example.com", draws.word(LETTERS, 8)),
        }
    }
}

fn split(written: &str) -> (&str, &str) {
    let end = written.find([' ', '(']).unwrap_or(written.len());
    written.split_at(end)
}

impl Distance {
    fn from(self, now: Timestamp) -> Timestamp {
        let Some(unit) = self.unit else { return now };
        let span = match unit {
            'y' => Span::new().try_years(self.count),
            'M' => Span::new().try_months(self.count),
            'w' => Span::new().try_weeks(self.count),
            'd' => Span::new().try_days(self.count),
            'h' => Span::new().try_hours(self.count),
            'm' => Span::new().try_minutes(self.count),
            's' => Span::new().try_seconds(self.count),
            _ => Span::new().try_milliseconds(self.count),
        };
        let moved = span.and_then(|span| now.to_zoned(TimeZone::UTC).checked_add(span));
        moved.map_or(now, |moved| moved.timestamp())
    }
}

/// Where drawn values come from: a moment, and a key that a generator of the system drew. Each draw is another.
#[derive(Clone, Debug, Default)]
pub struct Draws {
    now: Timestamp,
    key: [u8; 32],
    count: Arc<AtomicU64>,
}

impl Draws {
    /// Draws of that moment; two with the same key and `from` draw the same.
    pub fn new(now: Timestamp, key: [u8; 32], from: u64) -> Self {
        Self { now, key, count: Arc::new(AtomicU64::new(from)) }
    }

    /// How many were made, those before it included.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// A value of that kind.
    pub fn draw(&self, what: &Dynamic) -> String {
        what.drawn(self)
    }

    fn number(&self) -> u128 {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.key);
        let tag = hmac::sign(&key, &count.to_be_bytes());
        let half = tag.as_ref().iter().take(16);
        half.fold(0, |number, byte| number << 8 | u128::from(*byte))
    }

    fn word(&self, letters: &str, length: usize) -> String {
        let letter = || letters.chars().nth(usize::try_from(self.number() % letters.len() as u128).unwrap_or(0));
        (0..length).filter_map(|_| letter()).collect()
    }

    /// RFC 9562 §5.4.
    fn uuid(&self) -> String {
        let bits = self.number() & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let digits = format!("{bits:032x}");
        let piece = |range| digits.get(range).unwrap_or_default();
        format!("{}-{}-{}-{}-{}", piece(0..8), piece(8..12), piece(12..16), piece(16..20), piece(20..32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws() -> Draws {
        Draws::new("2026-01-31T12:00:00.1234Z".parse().unwrap(), [7; 32], 0)
    }

    #[test]
    fn each_name_draws_what_it_says() {
        let draws = draws();
        let value = |name: &str| draws.draw(&Dynamic::of(name).unwrap());
        let uuid = value("$uuid");
        assert_eq!(uuid.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(uuid.chars().nth(14) == Some('4') && "89ab".contains(uuid.chars().nth(19).unwrap()), "{uuid}");
        assert_ne!(uuid, value("$guid"));
        assert_eq!(value("$timestamp"), "1769860800");
        assert_eq!(value("$timestamp -1 d"), "1769774400");
        assert_eq!(value("$isoTimestamp"), "2026-01-31T12:00:00.123Z");
        assert_eq!(value("$datetime rfc1123 1 M"), "Sat, 28 Feb 2026 12:00:00 GMT");
        assert_eq!(value("$datetime iso8601 2 h"), "2026-01-31T14:00:00.123Z");
        assert_eq!(value("$date"), "2026-01-31");
        for _ in 0..50 {
            let number: i64 = value("$randomInt -3 2").parse().unwrap();
            assert!((-3..2).contains(&number));
            assert!(value("$randomInt").parse::<i64>().unwrap() <= 1000);
        }
        assert_eq!(value("$random.hexadecimal(12)").len(), 12);
        assert!(value("$random.alphabetic(5)").chars().all(char::is_alphabetic));
        assert!(value("$random.email").ends_with("@example.com"));
        assert_eq!(value("$random.integer(5,6)"), "5");
    }

    #[test]
    fn what_draws_nothing_says_why() {
        for (name, why) in [
            ("$nobody", "there are `$uuid`"),
            ("$randomInt 5 5", "no number from 5"),
            ("$timestamp 1", "a number and one of"),
            ("$datetime YYYY", "no format"),
            ("$random.hexadecimal(x)", "whole number"),
            ("$random.hexadecimal(99999999)", "length"),
        ] {
            let said = Dynamic::of(name).unwrap_err();
            assert!(said.contains(why), "{name}: {said}");
        }
    }

    #[test]
    fn the_same_key_draws_the_same_and_another_draws_another() {
        let uuid = |key| Draws::new(Timestamp::UNIX_EPOCH, [key; 32], 3).draw(&Dynamic::Uuid);
        assert_eq!(uuid(1), uuid(1));
        assert_ne!(uuid(1), uuid(2));
    }
}
