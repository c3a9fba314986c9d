//! Lines of a label and what it says: the Cookies and the TLS tab.

/// One line of such a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactLine {
    /// What follows.
    Title(String),
    /// A fact.
    Fact {
        /// What about.
        label: String,
        /// It.
        text: String,
    },
    /// More of the fact above, or a word about all of them.
    Words(String),
    /// Nothing.
    Blank,
}

impl FactLine {
    /// A fact of that label.
    pub(super) fn of(label: &str, text: impl Into<String>) -> Self {
        Self::Fact { label: label.to_owned(), text: text.into() }
    }
}
