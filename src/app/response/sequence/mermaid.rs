//! A flow as a Mermaid sequence diagram, to be pasted into a document.

use std::fmt::Write as _;

use super::{Party, Step};

/// The diagram of these steps. Secrets are masked in them already.
pub fn diagram(parties: &[Party], steps: &[Step]) -> String {
    let mut text = "sequenceDiagram\n".to_owned();
    for party in parties {
        let _ = writeln!(text, "    participant {} as {}", id(*party), party.name());
    }
    for step in steps {
        let line = escaped(&step.line());
        let _ = match step.way {
            Some((from, to)) if from < to => writeln!(text, "    {}->>{}: {line}", id(from), id(to)),
            Some((from, to)) => writeln!(text, "    {}-->>{}: {line}", id(from), id(to)),
            None => writeln!(text, "    Note over {}: {line}", id(Party::Authscope)),
        };
    }
    text
}

/// One word without a blank.
fn id(party: Party) -> &'static str {
    match party {
        Party::You => "you",
        Party::Authscope => "authscope",
        Party::TokenEndpoint => "tokens",
        Party::Api => "api",
    }
}

/// Text without what Mermaid reads as its own: `#` begins an entity, `;` ends a statement, a line ends with its row.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '#' => escaped.push_str("#35;"),
            ';' => escaped.push_str("#59;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::response::sequence::Mark;

    #[test]
    fn what_mermaid_would_read_as_its_own_is_escaped() {
        let sent = Step::message(Party::Authscope, Party::Api, "GET /a;b".to_owned());
        let sent = Step { token: Some("tok#3".to_owned()), ..sent };
        let note = Step::note("line\nbreak <b>".to_owned());
        let answer = Step {
            mark: Some(Mark::Status(http::StatusCode::OK)),
            ..Step::message(Party::Api, Party::Authscope, "OK".to_owned())
        };
        let text = diagram(&[Party::Authscope, Party::Api], &[sent, note, answer]);
        let wanted = "sequenceDiagram\n    participant authscope as authscope\n    participant api as API\n    \
                      authscope->>api: GET /a#59;b  tok#35;3\n    Note over authscope: line break #lt;b#gt;\n    \
                      api-->>authscope: 200  OK\n";
        assert_eq!(text, wanted);
    }
}
