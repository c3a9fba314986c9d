//! The signs of the screen: one column each, each with a one-column ASCII twin. A sign never stands without its word.

use std::borrow::Cow;

/// Which set of signs is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signs {
    /// As designed.
    Unicode,
    /// For terminals and locales without them. It concerns the program's own signs; data stays as it is.
    Ascii,
}

impl Signs {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Unicode, Self::Ascii];

    /// As written in the config file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unicode => "unicode",
            Self::Ascii => "ascii",
        }
    }

    /// The set of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signs| signs.name() == name)
    }

    /// Words of the program's own: in ASCII without the marks that stand in sentences and names of keys.
    pub fn text(self, text: &str) -> Cow<'_, str> {
        if self == Self::Unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(MARKS.iter().fold(text.to_owned(), |text, (mark, ascii)| text.replace(mark, ascii)))
    }
}

/// Marks of running text, and what stands for each in ASCII.
const MARKS: [(&str, &str); 10] = [
    ("“", "\""),
    ("”", "\""),
    ("…", "~"),
    ("•", "*"),
    ("×", "x"),
    ("§", "#"),
    ("←", "Left"),
    ("→", "Right"),
    ("↑", "Up"),
    ("↓", "Down"),
];

/// What is drawn as one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// A usable token; a change that is not saved.
    Usable,
    /// Nothing usable.
    Empty,
    /// Attention.
    Attention,
    /// Working; text that was cut.
    Ellipsis,
    /// A place where money moves.
    Production,
    /// The API inside.
    Sandbox,
    /// The selected row of the focused pane.
    Selected,
    /// The selected row of another pane; the edge of a field being edited.
    SelectedElsewhere,
    /// The pen: life that is left, the focused heading, progress, bars.
    Pen,
    /// A hairline: life that is spent, a heading.
    Hairline,
    /// Life that our clock still grants a token that was refused.
    Refused,
    /// Half a step of the pen.
    HalfPen,
    /// Where the token will be renewed.
    Notch,
    /// Done: 2xx, a practice that is kept.
    Done,
    /// 4xx: the server said no.
    SaidNo,
    /// 5xx, no answer, refused for good.
    Failed,
    /// What came of it: a token, another place (3xx).
    Produced,
    /// A part that is unfolded.
    Unfolded,
    /// A part that is folded.
    Folded,
    /// Type here; do this next.
    Prompt,
    /// First call of an exchange; upper left corner of a frame.
    BracketTop,
    /// A call inside an exchange; the side of a frame.
    BracketMiddle,
    /// Last call of an exchange; lower left corner of a frame.
    BracketBottom,
    /// Upper right corner of a frame.
    FrameTopRight,
    /// Lower right corner of a frame.
    FrameBottomRight,
    /// Head of an arrow to the right.
    ArrowRight,
    /// Head of an arrow to the left.
    ArrowLeft,
    /// One of the eight dots of a hidden value.
    Hidden,
    /// The thumb of a scroll bar.
    ScrollThumb,
    /// Between two sentences of a line.
    Dot,
    /// The left half of a step of the pen, and the right one.
    PenLeft,
    /// See above.
    PenRight,
    /// The left half of a step of the hairline, and the right one.
    HairlineLeft,
    /// See above.
    HairlineRight,
}

/// Each sign and its ASCII twin, in the order of the enum.
const SIGNS: [(Sign, &str, &str); 34] = [
    (Sign::Usable, "●", "*"),
    (Sign::Empty, "○", "o"),
    (Sign::Attention, "▲", "!"),
    (Sign::Ellipsis, "…", "~"),
    (Sign::Production, "◆", "#"),
    (Sign::Sandbox, "◇", "%"),
    (Sign::Selected, "▌", ">"),
    (Sign::SelectedElsewhere, "▏", "|"),
    (Sign::Pen, "━", "="),
    (Sign::Hairline, "─", "-"),
    (Sign::Refused, "╌", "~"),
    (Sign::HalfPen, "╾", "="),
    (Sign::Notch, "╺", "|"),
    (Sign::Done, "✓", "+"),
    (Sign::SaidNo, "!", "!"),
    (Sign::Failed, "✗", "x"),
    (Sign::Produced, "→", ">"),
    (Sign::Unfolded, "▾", "v"),
    (Sign::Folded, "▸", ">"),
    (Sign::Prompt, "›", ">"),
    (Sign::BracketTop, "╭", "."),
    (Sign::BracketMiddle, "│", "|"),
    (Sign::BracketBottom, "╰", "'"),
    (Sign::FrameTopRight, "╮", "."),
    (Sign::FrameBottomRight, "╯", "'"),
    (Sign::ArrowRight, "►", ">"),
    (Sign::ArrowLeft, "◄", "<"),
    (Sign::Hidden, "•", "*"),
    (Sign::ScrollThumb, "▐", "|"),
    (Sign::Dot, "·", "-"),
    (Sign::PenLeft, "╸", "="),
    (Sign::PenRight, "╺", "="),
    (Sign::HairlineLeft, "╴", "-"),
    (Sign::HairlineRight, "╶", "-"),
];

impl Sign {
    /// The character, as a string of one column.
    pub fn drawn(self, signs: Signs) -> &'static str {
        let (_, unicode, ascii) = SIGNS[self as usize];
        match signs {
            Signs::Unicode => unicode,
            Signs::Ascii => ascii,
        }
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    #[test]
    fn every_sign_is_one_column_wide_and_has_a_one_column_ascii_twin() {
        for (at, (sign, unicode, ascii)) in SIGNS.iter().enumerate() {
            assert_eq!(*sign as usize, at, "{sign:?} stands in the order of the enum");
            assert_eq!((unicode.width(), unicode.chars().count()), (1, 1), "{sign:?}");
            assert!(ascii.len() == 1 && ascii.is_ascii() && ascii.width() == 1, "{sign:?}");
        }
    }

    #[test]
    fn no_sign_has_an_emoji_form() {
        for (sign, unicode, _) in SIGNS {
            // A following variation selector would widen it if it had one.
            assert_eq!(format!("{unicode}\u{fe0f}").width(), 1, "{sign:?}");
        }
    }
}
