//! The six panes, and which of them has the focus.

/// A pane, by its number on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pane {
    /// The list of requests.
    Requests,
    /// The request being typed.
    Composer,
    /// The answer.
    Response,
    /// The token.
    Token,
    /// Who calls.
    Credentials,
    /// What happened.
    Timeline,
}

impl Pane {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::Requests, Self::Composer, Self::Response, Self::Token, Self::Credentials, Self::Timeline];

    /// Its number, from 1.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The pane of a number from 1 to 6.
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|pane| pane.number() == number)
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Requests => "Requests",
            Self::Composer => "Composer",
            Self::Response => "Response",
            Self::Token => "Token",
            Self::Credentials => "Credentials",
            Self::Timeline => "Timeline",
        }
    }

    /// The pane after this one, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// The pane before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::ALL[(self as usize + Self::ALL.len() - 1) % Self::ALL.len()]
    }
}
