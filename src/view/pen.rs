//! Writing into the cells of one area: clipped to it, cut with a sign, and safe whatever the text holds.

use std::borrow::Cow;

use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    app::token::Piece,
    config::theme::{Look, Role, Sign, Surface},
    document::sanitize,
};

/// Draws in one area; places are counted from its upper left corner.
pub(super) struct Pen<'a> {
    buffer: &'a mut Buffer,
    pub(super) look: &'a Look,
    area: Rect,
}

impl<'a> Pen<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, look: &'a Look, area: Rect) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, look, area }
    }

    /// The same pen for a part of the area.
    pub(super) fn part(&mut self, x: u16, y: u16, width: u16, height: u16) -> Pen<'_> {
        let area = Rect::new(self.area.x.saturating_add(x), self.area.y.saturating_add(y), width, height);
        let area = area.intersection(self.area);
        Pen { buffer: self.buffer, look: self.look, area }
    }

    pub(super) fn width(&self) -> u16 {
        self.area.width
    }

    /// The area on screen.
    pub(super) fn area(&self) -> Rect {
        self.area
    }

    pub(super) fn height(&self) -> u16 {
        self.area.height
    }

    /// The place on screen of a place in the area.
    pub(super) fn place(&self, x: u16, y: u16) -> (u16, u16) {
        (
            self.area.x + x.min(self.area.width.saturating_sub(1)),
            self.area.y + y.min(self.area.height.saturating_sub(1)),
        )
    }

    /// Writes a text in the style of a role; gives the column behind it. The names of keys are the program's own words.
    pub(super) fn text(&mut self, x: u16, y: u16, text: &str, role: Role) -> u16 {
        let text = if role == Role::KeyHint { self.own(text) } else { Cow::Borrowed(text) };
        self.styled(x, y, &text, self.look.style(role))
    }

    /// Words of the program's own as the terminal can write them. A person's data is never written otherwise.
    pub(super) fn own<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.look.signs().text(text)
    }

    /// Writes a text in a style; gives the column behind it.
    pub(super) fn styled(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        if y >= self.area.height || x >= self.area.width {
            return x;
        }
        let shown = sanitize::shown(text);
        let room = usize::from(self.area.width - x);
        let (end, _) = self.buffer.set_stringn(self.area.x + x, self.area.y + y, shown, room, style);
        end - self.area.x
    }

    /// Writes a text of at most so many columns, cut at its end.
    pub(super) fn cut(&mut self, x: u16, y: u16, text: &str, most: u16, role: Role) -> u16 {
        let text = end_cut(text, usize::from(most), self.look.sign(Sign::Ellipsis));
        self.text(x, y, &text, role)
    }

    /// The same, cut at its front: for paths, whose end says more.
    pub(super) fn front_cut(&mut self, x: u16, y: u16, text: &str, most: u16, role: Role) -> u16 {
        let text = front_cut(text, usize::from(most), self.look.sign(Sign::Ellipsis));
        self.text(x, y, &text, role)
    }

    /// Writes a text so that it ends before a column; gives where it begins.
    pub(super) fn right(&mut self, end: u16, y: u16, text: &str, role: Role) -> u16 {
        let width = u16::try_from(width(text)).unwrap_or(u16::MAX);
        let x = end.saturating_sub(width);
        self.text(x, y, text, role);
        x
    }

    /// Writes a sign; gives the column behind it.
    pub(super) fn sign(&mut self, x: u16, y: u16, sign: Sign, role: Role) -> u16 {
        self.text(x, y, self.look.sign(sign), role)
    }

    /// Writes the same sign over so many columns.
    pub(super) fn line(&mut self, x: u16, y: u16, columns: u16, sign: Sign, role: Role) {
        let text = self.look.sign(sign).repeat(usize::from(columns));
        self.text(x, y, &text, role);
    }

    /// Draws a bar in steps of half a column: from and to are parts of so many columns.
    pub(super) fn bar(&mut self, x: u16, y: u16, columns: u16, part: std::ops::Range<f64>, heavy: bool, role: Role) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of the columns")]
        let half = |part: f64| (part.clamp(0.0, 1.0) * f64::from(columns) * 2.0).round() as u16;
        let from = half(part.start).min((columns * 2).saturating_sub(1));
        let to = half(part.end).max(from + 1);
        let [whole, left, right] = if heavy {
            [Sign::Pen, Sign::PenLeft, Sign::PenRight]
        } else {
            [Sign::Hairline, Sign::HairlineLeft, Sign::HairlineRight]
        };
        for column in from / 2..to.div_ceil(2) {
            let sign = match (from <= 2 * column, 2 * column + 1 < to) {
                (true, true) => whole,
                (true, false) => left,
                (false, _) => right,
            };
            self.sign(x + column, y, sign, role);
        }
    }

    /// Writes words and keys, in at most so many columns; gives the column behind them.
    pub(super) fn pieces(&mut self, x: u16, y: u16, pieces: &[Piece], most: u16, words: Role) -> u16 {
        let (mut at, end) = (x, x.saturating_add(most));
        let whole: usize = pieces.iter().map(|piece| width(&self.own(piece.text()))).sum();
        let cut = whole > usize::from(most);
        for piece in pieces {
            let (text, role) = match piece {
                Piece::Words(text) => (text, words),
                Piece::Key(text) => (text, Role::KeyHint),
            };
            let text = self.own(text);
            let room = end.saturating_sub(at);
            let fits = width(&text) < usize::from(room) || (!cut && width(&text) == usize::from(room));
            if !fits {
                return self.cut(at, y, &format!("{text} "), room, role);
            }
            at = self.text(at, y, &text, role);
        }
        at
    }

    /// Lays a style over a row, or a part of it.
    pub(super) fn tint(&mut self, x: u16, y: u16, columns: u16, style: Style) {
        if y < self.area.height {
            let area = Rect::new(self.area.x + x, self.area.y + y, columns, 1).intersection(self.area);
            self.buffer.set_style(area, style);
        }
    }

    /// Empties the area and lays a surface under it.
    pub(super) fn clear(&mut self, surface: Surface) {
        let style = self.look.style(Role::Text).patch(self.look.surface(surface));
        for y in self.area.rows() {
            for cell in y.columns() {
                if let Some(cell) = self.buffer.cell_mut((cell.x, cell.y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Lets everything in the area fall back, but for what it says.
    pub(super) fn dim(&mut self) {
        let style = Style::reset().patch(self.look.style(Role::Behind)).patch(self.look.surface(Surface::Background));
        self.buffer.set_style(self.area, style);
    }
}

/// Columns of a text.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Whether a text has at most so many columns; a long one is not read for that.
pub(super) fn fits(text: &str, most: usize) -> bool {
    text.len() <= most || text.len() / 32 <= most && width(text) <= most
}

/// A text of at most so many columns; one that is longer ends in `sign`.
pub(super) fn end_cut<'t>(text: &'t str, most: usize, sign: &str) -> Cow<'t, str> {
    if fits(text, most) {
        return Cow::Borrowed(text);
    }
    if most == 0 {
        return Cow::Borrowed("");
    }
    let mut kept = String::new();
    let mut columns = 0;
    for cluster in text.graphemes(true) {
        columns += width(cluster);
        if columns > most - 1 {
            break;
        }
        kept.push_str(cluster);
    }
    kept.push_str(sign);
    Cow::Owned(kept)
}

/// The same, cut at its front: for paths, whose end says more.
pub(super) fn front_cut<'t>(text: &'t str, most: usize, sign: &str) -> Cow<'t, str> {
    if fits(text, most) {
        return Cow::Borrowed(text);
    }
    if most == 0 {
        return Cow::Borrowed("");
    }
    let mut from = text.len();
    let mut columns = 0;
    for (at, cluster) in text.grapheme_indices(true).rev() {
        columns += width(cluster);
        if columns > most - 1 {
            break;
        }
        from = at;
    }
    Cow::Owned(format!("{sign}{}", text.get(from..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_its_columns() {
        assert_eq!(end_cut("abcdef", 6, "…"), "abcdef");
        assert_eq!(end_cut("abcdef", 4, "…"), "abc…");
        assert_eq!(end_cut("漢字漢字", 4, "…"), "漢…");
        assert_eq!(front_cut("/a/b/status", 7, "…"), "…status");
        assert_eq!((end_cut("abc", 0, "…"), front_cut("abc", 1, "~")), ("".into(), "~".into()));
    }
}
