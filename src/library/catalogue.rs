//! The built-in requests: the calls of the documented API, and the sandbox's own.

use super::http_file::{Block, blocks};

/// The transaction that is in every sandbox from its start.
pub const SEEDED_TRANSACTION: &str = "txn_demo0001";

/// The title of the group of the documented calls.
pub const DOCUMENTED: &str = "Catalogue";

/// One request of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The request and its settings.
    pub block: Block,
    /// The title of its group.
    pub group: String,
    /// Whether it exists on the sandbox only.
    pub sandbox_only: bool,
    /// Whether it is the token call itself, which the engine makes: its secret is never text.
    pub token_call: bool,
}

/// All of them, in order.
pub fn entries() -> Vec<Entry> {
    let blocks = blocks(include_str!("../../assets/catalogue.http"));
    blocks
        .into_iter()
        .map(|block| Entry {
            group: block.setting("group").unwrap_or_default().to_owned(),
            sandbox_only: block.setting("sandbox").is_some(),
            token_call: block.setting("token-call").is_some(),
            block,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_holds_the_three_documented_calls_first() {
        let entries = entries();
        let documented: Vec<_> = entries
            .iter()
            .filter(|entry| entry.group == DOCUMENTED)
            .map(|entry| (entry.block.draft.method.as_str(), entry.block.draft.url.as_str(), entry.token_call))
            .collect();
        assert_eq!(
            documented,
            [
                ("POST", "{{base_url}}/api/v1/transactions", false),
                ("GET", "{{base_url}}/api/v1/transactions/{{txNo}}/status", false),
                ("POST", "{{token_url}}", true),
            ]
        );
        assert!(entries.iter().all(|entry| entry.sandbox_only == (entry.group != DOCUMENTED)));
    }

    #[test]
    fn the_payment_of_the_catalogue_has_the_documented_required_fields() {
        let entries = entries();
        let body: serde_json::Value = serde_json::from_str(&entries[0].block.draft.body).unwrap();
        for field in
            ["transactionAction", "amount", "currency", "reference", "statementDescriptor", "successUrl", "callbackUrl"]
        {
            assert!(body.get(field).is_some(), "{field}");
        }
    }
}
