//! Who calls: the credentials of the active profile, each with where its secret comes from and rests.

use super::App;
use crate::domain::credential::{Credential, SecretSource};

/// One credential as the pane shows it.
pub struct Row<'a> {
    /// The credential.
    pub credential: &'a Credential,
    /// What stands for its secret, `sec#1`; none where no secret was given.
    pub pseudonym: Option<String>,
    /// Whether it is the chosen one.
    pub chosen: bool,
}

impl App {
    /// The credentials of the active profile.
    pub fn credential_rows(&self) -> impl Iterator<Item = Row<'_>> {
        let chosen = self.environment.credential_at();
        self.environment.profile().credentials.iter().enumerate().map(move |(at, credential)| Row {
            credential,
            pseudonym: (!matches!(credential.secret, SecretSource::Missing)).then(|| self.environment.pseudonym(at)),
            chosen: at == chosen,
        })
    }
}
