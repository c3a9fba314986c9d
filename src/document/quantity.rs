//! Numbers as a person reads them.

/// A number with a blank between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let lead = digits.len() % 3;
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == lead {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A size in powers of thousand.
pub(super) fn bytes(count: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", count / unit, count % unit * 10 / unit);
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart_and_sizes_have_units_of_thousand() {
        assert_eq!(["7", "999", "1 000", "12 480", "1 234 567"], [7, 999, 1_000, 12_480, 1_234_567].map(grouped)[..]);
        let sizes = [612, 1_000, 3_199, 8_000_000, 1_500_000_000].map(bytes);
        assert_eq!(["612 B", "1.0 kB", "3.1 kB", "8.0 MB", "1.5 GB"], sizes[..]);
    }
}
