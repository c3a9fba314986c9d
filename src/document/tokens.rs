//! Whole tokens of JSON, fast: where a well-formed one ends, if it ends in the bytes at hand.

/// A string that was found whole.
pub(super) struct Text {
    /// Behind its closing quote.
    pub(super) end: usize,
    /// How many of its bytes continue a character.
    pub(super) continued: u64,
}

/// The string whose opening quote stands at `start`.
pub(super) fn string(chunk: &[u8], start: usize) -> Option<Text> {
    let mut at = start + 1;
    let mut is_ascii = true;
    loop {
        let (count, ascii) = leading(chunk.get(at..)?, 0);
        at += count;
        is_ascii &= ascii;
        match chunk.get(at)? {
            b'"' => break,
            b'\\' => match chunk.get(at + 1)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
                b'u' if chunk.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => at += 6,
                _ => return None,
            },
            _ => return None,
        }
    }
    let continued = if is_ascii { 0 } else { continued(chunk.get(start + 1..at)?)? };
    Some(Text { end: at + 1, continued })
}

#[cold]
fn continued(text: &[u8]) -> Option<u64> {
    str::from_utf8(text).ok()?;
    Some(text.iter().filter(|byte| (0x80..0xc0).contains(*byte)).count() as u64)
}

/// Where a number or a word that begins at `start` ends, if more follows.
pub(super) fn number_or_word(chunk: &[u8], start: usize) -> Option<usize> {
    let digits = |from: usize| {
        let count = chunk.get(from..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(from + count)
    };
    let mut at = match chunk.get(start)? {
        b't' => return chunk.get(start..)?.starts_with(b"true").then_some(start + 4),
        b'f' => return chunk.get(start..)?.starts_with(b"false").then_some(start + 5),
        b'n' => return chunk.get(start..)?.starts_with(b"null").then_some(start + 4),
        b'-' => start + 1,
        _ => start,
    };
    at = match chunk.get(at)? {
        b'0' if chunk.get(at + 1)?.is_ascii_digit() => return None,
        _ => digits(at)?,
    };
    if chunk.get(at)? == &b'.' {
        at = digits(at + 1)?;
    }
    if matches!(chunk.get(at)?, b'e' | b'E') {
        at = digits(at + 1 + usize::from(matches!(chunk.get(at + 1)?, b'+' | b'-')))?;
    }
    chunk.get(at).map(|_| at)
}

/// How many blanks and tabs stand from `start` on.
pub(super) fn blanks(chunk: &[u8], start: usize) -> usize {
    let rest = chunk.get(start..).unwrap_or_default();
    rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count()
}

/// How many leading bytes of a string are ASCII and no quote, backslash or control character.
pub(super) fn plain(bytes: &[u8]) -> usize {
    leading(bytes, TOPS).0
}

/// Each byte of a word one, and each byte's top bit.
const ONES: u64 = u64::MAX / 255;
const TOPS: u64 = ONES << 7;

/// How many leading bytes of a string are no quote, backslash or control character and have none of the bits
/// `unwanted`; and whether they are surely ASCII. Eight bytes at a time, by arithmetic that leaves the top bit of a byte
/// set that is looked for; a borrow can only reach bytes behind the first of them.
fn leading(bytes: &[u8], unwanted: u64) -> (usize, bool) {
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let mut done = 0;
    let mut tops = 0;
    for block in bytes.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*block);
        let quote = is_zero(word ^ (ONES * u64::from(b'"')));
        let backslash = is_zero(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (quote | backslash | control) & TOPS | word & unwanted;
        tops |= word & TOPS;
        if found != 0 {
            return (done + found.trailing_zeros() as usize / 8, tops == 0);
        }
        done += block.len();
    }
    for byte in bytes.get(done..).unwrap_or_default() {
        if matches!(*byte, b'"' | b'\\' | 0..=0x1f) || u64::from(*byte) & unwanted != 0 {
            break;
        }
        tops |= u64::from(*byte) & TOPS;
        done += 1;
    }
    (done, tops == 0)
}
