//! Times and amounts as they are shown, on the screen and without one.
//!
//! A blank stands before each unit; 1 kB is 1000 B; clocks have 24 hours and local time.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};

/// How long something took: `0.6 ms`, `84 ms`, `1.24 s`, `2 min 05 s`.
pub fn took(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    match milliseconds {
        ..0.05 => "0 ms".to_owned(),
        ..9.95 => format!("{milliseconds:.1} ms"),
        ..999.5 => format!("{milliseconds:.0} ms"),
        ..59_995.0 => format!("{:.2} s", time.as_secs_f64()),
        _ => format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60),
    }
}

/// How long a part of something took, to a tenth of a millisecond: `0.6 ms`, `38.7 ms`, `1.24 s`.
pub fn part(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    if milliseconds < 999.95 { format!("{milliseconds:.1} ms") } else { took(time) }
}

/// How long something has been running: tenths of a second, `0.4 s`.
pub fn running(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    match tenths {
        0..600 => format!("{}.{} s", tenths / 10, tenths % 10),
        _ => format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60),
    }
}

/// What is left of something, counted down: `21:47`, `1:02:03`, `2 d 4 h`. A begun second counts.
pub fn left(time: Duration) -> String {
    counted(time.as_secs() + u64::from(time.subsec_nanos() > 0))
}

/// Seconds as on a clock that counts: `0:14`, `21:47`, `1:02:03`, `2 d 4 h`.
pub fn counted(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..3600 => format!("{minutes}:{:02}", seconds % 60),
        3600..172_800 => format!("{hours}:{:02}:{:02}", minutes % 60, seconds % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// How long ago something was: `19 s ago`, `8 min ago`, `3 h ago`, `12 d ago`.
pub fn ago(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

/// An amount of bytes: `312 B`, `3.1 kB`, `8.0 MB`.
pub fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let amount = bytes as f64;
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..999_950 => format!("{:.1} kB", amount / 1e3),
        999_950..999_950_000 => format!("{:.1} MB", amount / 1e6),
        _ => format!("{:.1} GB", amount / 1e9),
    }
}

/// How much of an amount of bytes there is: `3.1 of 8.0 MB`, `312 B of 8.0 MB`.
pub fn size_of(bytes: u64, all: u64) -> String {
    let (part, whole) = (size(bytes), size(all));
    match (part.split_once(' '), whole.split_once(' ')) {
        (Some((amount, unit)), Some((_, other))) if unit == other => format!("{amount} of {whole}"),
        _ => format!("{part} of {whole}"),
    }
}

/// A number in groups of three: `12 480`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A time of day: `14:03:10`.
pub fn clock(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// A time as seen from now: of today the time of day, of another day `11-22 14:03`.
pub fn moment(time: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let there = time.to_zoned(zone.clone());
    if there.date() == now.to_zoned(zone.clone()).date() {
        return clock(time, zone);
    }
    there.strftime("%m-%d %H:%M").to_string()
}

/// A time of day to the minute: `14:03`.
pub fn clock_short(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// A time of day to the millisecond: `14:03:10.066`.
pub fn clock_precise(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone()).strftime("%H:%M:%S.%3f").to_string()
}

/// The skew of a server's clock: `+5.4 s`, `-61.0 s`; what is less than a second cannot be told, since the field `Date`
/// counts whole ones (RFC 9110, section 5.6.7).
pub fn skew(milliseconds: i64) -> String {
    if milliseconds.unsigned_abs() < 1000 {
        return "under 1 s".to_owned();
    }
    let tenths = (milliseconds.unsigned_abs() + 50) / 100;
    let sign = if milliseconds < 0 { '-' } else { '+' };
    format!("{sign}{}.{} s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn times_are_as_exact_as_they_are_long() {
        let shown: Vec<_> = [0, 3, 84, 1240, 125_000].map(|time| took(ms(time))).into();
        assert_eq!(shown, ["0 ms", "3.0 ms", "84 ms", "1.24 s", "2 min 05 s"]);
        assert_eq!(took(Duration::from_micros(600)), "0.6 ms");
        assert_eq!([0, 38, 1240].map(|time| part(ms(time))), ["0.0 ms", "38.0 ms", "1.24 s"]);
        assert_eq!((running(ms(449)), running(ms(61_000))), ("0.4 s".into(), "1 min 01 s".into()));
    }

    #[test]
    fn what_is_left_counts_a_begun_second() {
        let shown: Vec<_> = [0, 1, 1_000, 41_001, 1_307_000, 3_723_000, 187_200_000].map(|time| left(ms(time))).into();
        assert_eq!(shown, ["0:00", "0:01", "0:01", "0:42", "21:47", "1:02:03", "2 d 4 h"]);
    }

    #[test]
    fn amounts_have_the_unit_that_fits() {
        let shown: Vec<_> = [0, 999, 3_100, 999_949, 999_950, 8_000_000, 4 << 30].map(size).into();
        assert_eq!(shown, ["0 B", "999 B", "3.1 kB", "999.9 kB", "1.0 MB", "8.0 MB", "4.3 GB"]);
        assert_eq!([3_100_000, 312].map(|part| size_of(part, 8_000_000)), ["3.1 of 8.0 MB", "312 B of 8.0 MB"]);
        assert_eq!([7, 480, 12_480, 1_000_000].map(grouped), ["7", "480", "12 480", "1 000 000"]);
    }

    #[test]
    fn a_time_of_another_day_has_its_date() {
        let now: Timestamp = "2026-11-23T14:03:10Z".parse().unwrap();
        let moment = |hours: i64| moment(now - jiff::SignedDuration::from_hours(hours), now, &TimeZone::UTC);
        assert_eq!([moment(0), moment(14), moment(15)], ["14:03:10", "00:03:10", "11-22 23:03"]);
    }

    #[test]
    fn skew_has_its_sign() {
        assert_eq!([5400, -61_000, 0, -999].map(skew), ["+5.4 s", "-61.0 s", "under 1 s", "under 1 s"]);
    }
}
