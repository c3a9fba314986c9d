//! A writer in front of a terminal: in the place of a known secret stands what stands for it.

use std::io::{self, Write};

use crate::domain::redact::{Hidden, Redactor, dots};

/// See the module. A secret may come in pieces.
pub(super) struct Masked<W: Write> {
    out: W,
    masks: Redactor,
    /// What may be the beginning of a secret, at the end of what came last.
    begun: Vec<u8>,
}

impl<W: Write> Masked<W> {
    pub(super) fn new(out: W, masks: Redactor) -> Self {
        Self { out, masks, begun: Vec::new() }
    }

    /// Writes bytes that hold every secret whole.
    fn whole(&mut self, bytes: &[u8], found: &[Hidden]) -> io::Result<()> {
        let mut at = 0;
        for Hidden { range, pseudonym } in found {
            self.out.write_all(bytes.get(at..range.start).unwrap_or_default())?;
            self.out.write_all(dots(pseudonym).as_bytes())?;
            at = range.end;
        }
        self.out.write_all(bytes.get(at..).unwrap_or_default())
    }
}

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut joined = std::mem::take(&mut self.begun);
        joined.extend_from_slice(bytes);
        let found = self.masks.found(&joined);
        let rest = found.last().map_or(0, |hidden| hidden.range.end);
        let tail = self.masks.tail(joined.get(rest..).unwrap_or_default());
        self.begun = joined.split_off(joined.len() - tail);
        self.whole(&joined, &found)?;
        Ok(bytes.len())
    }

    /// What may begin a secret stays: its rest may still come.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Drop for Masked<W> {
    fn drop(&mut self) {
        let begun = std::mem::take(&mut self.begun);
        // Nobody is left to tell.
        let _ = self.out.write_all(&begun).and_then(|()| self.out.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Secret;

    #[test]
    fn a_secret_is_masked_wherever_it_is_cut() {
        let masks = Redactor::default();
        masks.recognise(&Secret::new("hunter2hunter2"), "tok#1");
        let text = b"{\"a\":\"hunter2hunter2\"} hunter2 hunter2hunter2";
        for cut in 0..text.len() {
            let mut terminal = Vec::new();
            let mut masked = Masked::new(&mut terminal, masks.clone());
            masked.write_all(&text[..cut]).unwrap();
            masked.write_all(&text[cut..]).unwrap();
            drop(masked);
            let shown = String::from_utf8(terminal).unwrap();
            assert_eq!(shown, "{\"a\":\"•••••••• tok#1\"} hunter2 •••••••• tok#1", "cut at {cut}");
        }
    }

    #[test]
    fn nothing_is_held_back_that_cannot_begin_a_secret() {
        let (mut terminal, masks) = (Vec::new(), Redactor::default());
        let mut masked = Masked::new(&mut terminal, masks.clone());
        masked.write_all(b"abc").unwrap();
        masks.recognise(&Secret::new("hunter2"), "tok#1");
        masked.write_all(b"def gh ").unwrap();
        assert_eq!(masked.out, b"abcdef gh ");
    }
}
