//! The address of a request as one text, and its query parameters as rows: two ways to say the same.
//!
//! Parameters stand in the address as they were typed, byte for byte, or in rows that are encoded when they are sent.
//! Reading either says both; a change of one parameter touches that one alone.

use std::ops::Range;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use url::form_urlencoded::byte_serialize;

use super::{Draft, Pair};
use crate::domain::template::mentions;

/// What cannot stand in the text of a parameter of an address.
const VALUE: &AsciiSet = &CONTROLS.add(b' ').add(b'&').add(b'#').add(b'%').add(b'+').add(b'"').add(b'<').add(b'>');
/// Nor in that of its name.
const NAME: &AsciiSet = &VALUE.add(b'=');

impl Draft {
    /// The whole address: the text of it, and the rows that count, as they go out. Variables stay as they are.
    pub fn address(&self) -> String {
        with_rows(&self.url, &self.rows_as_text())
    }

    /// Makes the whole address say this. What of it the rows say already stays in them; rows that are off stay off.
    pub fn set_address(&mut self, address: &str) {
        let rows = self.rows_as_text();
        let (text, fragment) = parted(address);
        match text.strip_suffix(&rows).and_then(|rest| rest.strip_suffix(['?', '&'])) {
            Some(rest) if !rows.is_empty() => self.url = format!("{rest}{fragment}"),
            _ => {
                self.query.retain(|row| !row.on || row.is_empty());
                address.clone_into(&mut self.url);
            }
        }
    }

    /// Every query parameter: those in the text of the address, decoded, and the rows behind them.
    pub fn parameters(&self) -> Vec<Pair> {
        let in_text = pieces(&self.url).into_iter().filter_map(|piece| self.url.get(piece));
        in_text.map(pair).chain(self.query.iter().cloned()).collect()
    }

    /// Changes the parameter at that place of [`Draft::parameters`]. One that is switched off leaves the text of the
    /// address and is a row then.
    pub fn change_parameter(&mut self, at: usize, change: impl FnOnce(&mut Pair)) {
        let in_text = pieces(&self.url);
        let Some(piece) = in_text.get(at).cloned() else {
            if let Some(row) = self.query.get_mut(at - in_text.len()) {
                change(row);
            }
            return;
        };
        let before = pair(self.url.get(piece.clone()).unwrap_or_default());
        let mut after = before.clone();
        change(&mut after);
        if !after.on {
            self.remove_parameter(at);
            self.query.insert(0, after);
            return;
        }
        let (name, value) = halves(self.url.get(piece.clone()).unwrap_or_default());
        let name = if after.name == before.name { name.to_owned() } else { encoded(&after.name, NAME) };
        let value =
            if after.value == before.value { value.map(str::to_owned) } else { Some(encoded(&after.value, VALUE)) };
        let said = value.map_or_else(|| name.clone(), |value| format!("{name}={value}"));
        self.url.replace_range(piece, &said);
    }

    /// Takes the parameter at that place out.
    pub fn remove_parameter(&mut self, at: usize) {
        let in_text = pieces(&self.url);
        let Some(piece) = in_text.get(at).cloned() else {
            let row = at - in_text.len();
            if row < self.query.len() {
                self.query.remove(row);
            }
            return;
        };
        // The mark before it goes with it, unless it is the one that begins the query.
        let first = self.url.get(..piece.start).is_some_and(|before| before.ends_with('?'));
        let behind = self.url.get(piece.end..).is_some_and(|behind| behind.starts_with('&'));
        let place = if first && behind { piece.start..piece.end + 1 } else { piece.start - 1..piece.end };
        self.url.replace_range(place, "");
    }

    /// Says the parameter at that place twice.
    pub fn repeat_parameter(&mut self, at: usize) {
        let in_text = pieces(&self.url);
        match in_text.get(at).cloned() {
            Some(piece) => {
                let again = format!("&{}", self.url.get(piece.clone()).unwrap_or_default());
                self.url.insert_str(piece.end, &again);
            }
            None => {
                let row = at - in_text.len();
                if let Some(again) = self.query.get(row).cloned() {
                    self.query.insert(row, again);
                }
            }
        }
    }

    /// The place in [`Draft::parameters`] of a row of the query.
    pub fn parameter_of_row(&self, row: usize) -> usize {
        pieces(&self.url).len() + row
    }

    /// The rows that count, as they go out.
    fn rows_as_text(&self) -> String {
        let on = self.query.iter().filter(|row| row.on && !row.is_empty());
        let text = |text: &str| around_variables(text, |part| byte_serialize(part.as_bytes()).collect());
        on.map(|row| format!("{}={}", text(&row.name), text(&row.value))).collect::<Vec<_>>().join("&")
    }
}

/// An address with parameters behind its own.
fn with_rows(url: &str, rows: &str) -> String {
    if rows.is_empty() {
        return url.to_owned();
    }
    let (text, fragment) = parted(url);
    let mark = if text.contains('?') { '&' } else { '?' };
    format!("{text}{mark}{rows}{fragment}")
}

/// An address and the part from `#` on.
fn parted(url: &str) -> (&str, &str) {
    url.split_at(url.find('#').unwrap_or(url.len()))
}

/// Where its parameters stand in the text of an address.
fn pieces(url: &str) -> Vec<Range<usize>> {
    let (text, _) = parted(url);
    let Some(begin) = text.find('?') else { return Vec::new() };
    let mut from = begin + 1;
    let mut found = Vec::new();
    for piece in text.get(from..).unwrap_or_default().split('&') {
        let range = from..from + piece.len();
        from = range.end + 1;
        if !piece.is_empty() {
            found.push(range);
        }
    }
    found
}

fn halves(piece: &str) -> (&str, Option<&str>) {
    piece.split_once('=').map_or((piece, None), |(name, value)| (name, Some(value)))
}

fn pair(piece: &str) -> Pair {
    let (name, value) = halves(piece);
    Pair::new(decoded(name), decoded(value.unwrap_or_default()))
}

/// As it is meant; what is no text stays as it is written.
fn decoded(text: &str) -> String {
    let plain = around_variables(text, |part| {
        let part = part.replace('+', " ");
        percent_decode_str(&part).decode_utf8().map_or_else(|_| part.clone(), std::borrow::Cow::into_owned)
    });
    // What looks like a variable only now is none.
    if mentions(&plain).len() == mentions(text).len() { plain } else { text.to_owned() }
}

fn encoded(text: &str, set: &'static AsciiSet) -> String {
    around_variables(text, |part| utf8_percent_encode(part, set).to_string())
}

/// A text with what stands around its variables made another.
fn around_variables(text: &str, other: impl Fn(&str) -> String) -> String {
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for (_, range) in mentions(text) {
        out.push_str(&other(text.get(from..range.start).unwrap_or_default()));
        out.push_str(text.get(range.clone()).unwrap_or_default());
        from = range.end;
    }
    out.push_str(&other(text.get(from..).unwrap_or_default()));
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draft(url: &str, rows: &[(&str, &str)]) -> Draft {
        let query = rows.iter().map(|(name, value)| Pair::new(*name, *value)).collect();
        Draft { url: url.to_owned(), query, ..Draft::default() }
    }

    #[test]
    fn the_address_says_its_rows_and_the_rows_say_the_address() {
        let mut draft = draft("{{base}}/x?a=1&b=c%20d#end", &[("q", "e f"), ("id", "{{id}}")]);
        draft.query.push(Pair { on: false, ..Pair::new("off", "1") });
        assert_eq!(draft.address(), "{{base}}/x?a=1&b=c%20d&q=e+f&id={{id}}#end");
        let names: Vec<_> = draft.parameters().into_iter().map(|row| format!("{}={}", row.name, row.value)).collect();
        assert_eq!(names, ["a=1", "b=c d", "q=e f", "id={{id}}", "off=1"]);
    }

    #[test]
    fn a_change_of_one_parameter_touches_that_one_alone() {
        let mut draft = draft("/x?a=1&url=https://y/%7Ez&b", &[]);
        draft.change_parameter(0, |row| row.value = "{{a}} & b".to_owned());
        assert_eq!(draft.url, "/x?a={{a}}%20%26%20b&url=https://y/%7Ez&b");
        draft.change_parameter(2, |row| row.name = "b=c".to_owned());
        assert_eq!(draft.url, "/x?a={{a}}%20%26%20b&url=https://y/%7Ez&b%3Dc");
        draft.change_parameter(1, |row| row.on = false);
        assert_eq!((draft.url.as_str(), draft.query[0].name.as_str()), ("/x?a={{a}}%20%26%20b&b%3Dc", "url"));
        draft.remove_parameter(0);
        draft.repeat_parameter(0);
        assert_eq!(draft.url, "/x?b%3Dc&b%3Dc");
        draft.remove_parameter(1);
        draft.remove_parameter(0);
        assert_eq!((draft.url.as_str(), draft.query.len()), ("/x", 1));
    }

    #[test]
    fn a_typed_address_leaves_rows_that_it_does_not_change_and_those_that_are_off() {
        let mut draft = draft("/x", &[("a", "1"), ("b", "{{b}}")]);
        draft.query.push(Pair { on: false, ..Pair::new("off", "1") });
        draft.set_address("/y?new=1&a=1&b={{b}}");
        assert_eq!((draft.url.as_str(), draft.query.len()), ("/y?new=1", 3));
        draft.set_address("/y?a=2");
        assert_eq!((draft.url.as_str(), draft.query.len()), ("/y?a=2", 1));
        assert_eq!(draft.parameters().len(), 2);
    }

    proptest! {
        #[test]
        fn to_type_what_is_shown_changes_nothing(url in "[a-z/?&=#%+ {}]{0,30}", name in ".{0,6}", value in ".{0,6}") {
            let before = draft(&url, &[(&name, &value)]);
            let mut after = before.clone();
            after.set_address(&before.address());
            prop_assert_eq!(after.address(), before.address());
            for at in 0..before.parameters().len() {
                let mut after = before.clone();
                after.change_parameter(at, |_| {});
                prop_assert_eq!(&after, &before);
                after.remove_parameter(at);
                prop_assert_eq!(after.parameters().len(), before.parameters().len() - 1);
            }
        }
    }
}
