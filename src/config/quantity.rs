//! Times and sizes as a person writes them: `30s`, `1.5 min`, `500 ms`, `64 MiB`. Used by the config file and by the
//! options of the command line, so both mean the same.

use std::time::Duration;

/// A time: a number and a unit, seconds without one.
pub fn duration(written: &str) -> Result<Duration, String> {
    let wrong = || format!("`{written}` is no time: write a number and `ms`, `s`, `min`, `h` or `d`, such as `30 s`");
    let (number, unit) = number_and_unit(written).ok_or_else(wrong)?;
    let seconds = match unit.as_str() {
        "ms" => 0.001,
        "" | "s" | "sec" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(number * seconds).map_err(|_| wrong())
}

/// A size in bytes: a number and a unit, bytes without one. `kB` is 1000 bytes, `KiB` 1024.
pub fn size(written: &str) -> Result<u64, String> {
    let wrong = || format!("`{written}` is no size: write a number and `B`, `kB`, `MB`, `GB`, `KiB`, `MiB` or `GiB`");
    let (number, unit) = number_and_unit(written).ok_or_else(wrong)?;
    let bytes = match unit.as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(wrong()),
    };
    // 2^53: beyond it a float no longer counts single bytes, and no disk is that large.
    let bytes = number * bytes;
    if bytes > 9_007_199_254_740_992.0 {
        return Err(wrong());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 2^53, as just seen")]
    Ok(bytes.round() as u64)
}

/// A number that is not negative, and what follows it in lower case.
fn number_and_unit(written: &str) -> Option<(f64, String)> {
    let written = written.trim();
    let end = written.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(written.len());
    let number = written[..end].replace('_', "").parse().ok()?;
    Some((number, written[end..].trim().to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_units() {
        let read = [("30", 30.0), ("30s", 30.0), ("1.5 min", 90.0), ("250ms", 0.25), ("2 h", 7200.0), ("0", 0.0)];
        for (written, seconds) in read {
            assert_eq!(duration(written), Ok(Duration::from_secs_f64(seconds)), "{written}");
        }
    }

    #[test]
    fn sizes_are_read_with_their_units() {
        let read = [("10", 10), ("4 GiB", 4 << 30), ("3.1 kB", 3100), ("64MiB", 64 << 20), ("1_000 MB", 1_000_000_000)];
        for (written, bytes) in read {
            assert_eq!(size(written), Ok(bytes), "{written}");
        }
    }

    #[test]
    fn what_is_neither_is_said() {
        for written in ["", "s", "-1 s", "1 parsec", "1e400 s", "99999999999999999999999 d", ".", "inf"] {
            assert!(duration(written).is_err(), "{written}");
            assert!(size(written).is_err(), "{written}");
        }
        assert!(size("99999999 GiB").is_err());
    }
}
