//! Bytes, sixteen a line: where, in hexadecimal, and as ASCII where they are printable.

use std::fmt::Write as _;

use super::{SpanKind, pen::Pen};

/// Bytes of a line.
pub(super) const WIDTH: u64 = 16;

/// Draws up to sixteen bytes that stand at `at`.
pub(super) fn draw(at: u64, bytes: &[u8], is_hidden: &dyn Fn(u64) -> bool, pen: &mut Pen) {
    let hidden = |place: usize| is_hidden(at + place as u64);
    pen.text(SpanKind::Offset, &format!("{at:08x}"));
    let mut digits = String::new();
    for place in 0..16 {
        digits.push_str(if place == 8 { "  " } else { " " });
        match bytes.get(place) {
            Some(_) if hidden(place) => digits.push_str("••"),
            Some(byte) => _ = write!(digits, "{byte:02x}"),
            None => digits.push_str("  "),
        }
    }
    pen.text(SpanKind::Text, &format!(" {digits}  "));
    let kinds: Vec<_> =
        bytes.iter().enumerate().map(|(place, byte)| (*byte, hidden(place), is_printable(*byte))).collect();
    for run in kinds.chunk_by(|one, next| (one.1, one.2) == (next.1, next.2)) {
        match run.first() {
            Some((_, true, _)) => pen.text(SpanKind::Mark, &"•".repeat(run.len())),
            Some((_, false, true)) => {
                pen.bytes(SpanKind::String, &run.iter().map(|(byte, ..)| *byte).collect::<Vec<_>>());
            }
            _ => pen.text(SpanKind::Mark, &".".repeat(run.len())),
        }
    }
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_offset_digits_and_ascii() {
        let mut pen = Pen::new(0..100);
        draw(16, b"{\"a\":1}\n\0\xff", &|_| false, &mut pen);
        let text: String = pen.line(0, None, 0..0).spans.iter().map(|span| span.text.as_str()).collect();
        assert_eq!(text, "00000010  7b 22 61 22 3a 31 7d 0a  00 ff                    {\"a\":1}...");
    }
}
