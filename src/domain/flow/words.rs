//! Flow events in words, one line each: the timeline, `send -v` and the history say the same.

use super::{FlowEvent, FlowStep};
use crate::domain::{
    exchange::{Answer, FieldValue},
    figures,
    token::{TokenFacts, TokenNote, TokenRef},
};

impl FlowEvent {
    /// The name of what happened, and a sentence about it. Text of a server stands in it as it came.
    pub fn words(&self) -> (&'static str, String) {
        match &self.step {
            FlowStep::TokenReused(token) => ("token-reused", names(*token)),
            FlowStep::TokenRequested { url, attempt } => ("token-requested", format!("POST {url}, attempt {attempt}")),
            FlowStep::TokenIssued { token, call } => {
                let status = call.status.map(|status| status.to_string()).unwrap_or_default();
                ("token-issued", format!("{status}: {}", issued(token)))
            }
            FlowStep::TokenFailed(failure) => {
                let body = failure.call.as_ref().map(|call| call.body.trim()).filter(|body| !body.is_empty());
                let body = body.map(|body| format!("; it said {}", beginning(body))).unwrap_or_default();
                ("token-failed", format!("{failure}{body}"))
            }
            FlowStep::RequestSent { attempt, method, url, with, via } => {
                let via = via.as_ref().map(|via| format!(", through the proxy {via}")).unwrap_or_default();
                ("request-sent", format!("{method} {url}, attempt {attempt}, with {with}{via}"))
            }
            FlowStep::Redirected { status, to, token_dropped } => {
                let dropped = if *token_dropped { "; another origin, so the token stays behind" } else { "" };
                ("redirected", format!("{status} to {to}{dropped}"))
            }
            FlowStep::HeadReceived { answer, after } => {
                ("head-received", format!("{} after {}, {}", answer.status, figures::took(*after), content(answer)))
            }
            FlowStep::BodyProgress { received, expected } => {
                let of = expected.map(|expected| format!(" of {expected}")).unwrap_or_default();
                ("body-progress", format!("{received}{of} bytes"))
            }
            FlowStep::Challenged { with, renewable } => {
                let healing = if *renewable { "another token may heal it" } else { "another token does not heal it" };
                ("challenged", format!("401 to {with}; {healing}"))
            }
            FlowStep::RenewStarted { refused } => (
                "renew-started",
                refused.map_or("there is no token".to_owned(), |token| format!("{} was refused", token.serial)),
            ),
            FlowStep::RenewJoined => ("renew-joined", "waits for the token call on its way".to_owned()),
            FlowStep::RenewFailed(failure) => ("renew-failed", format!("{failure}; the 401 stands")),
            FlowStep::Waiting { until, why } => {
                ("waiting", format!("{} s: {why}", until.since(self.at).as_secs_f64().ceil()))
            }
            FlowStep::Replayed(token) => ("replayed", format!("with {}", names(*token))),
            FlowStep::Reconnected => ("reconnected", "the connection died before an answer; sent once more".to_owned()),
            FlowStep::Completed { status, size, took } => {
                ("completed", format!("{status}, {size} bytes, {}", figures::took(*took)))
            }
            FlowStep::GaveUp { why } => ("gave-up", why.clone()),
            FlowStep::Refused(refusal) => ("refused", refusal.to_string()),
            FlowStep::Failed(failure) => ("failed", failure.to_string()),
            FlowStep::Cancelled => ("cancelled", String::new()),
        }
    }
}

impl TokenNote {
    /// What was odd about a token answer, in words.
    pub fn words(&self) -> String {
        match self {
            Self::TypeMissing => "the answer names no token_type; Bearer is assumed".to_owned(),
            Self::LifeUnreadable(sent) => format!("expires_in is no life: {sent}"),
            Self::LivesDiffer { told, claimed } => {
                format!("expires_in says {told} s, the token itself {claimed} s; the earlier counts")
            }
            Self::NothingNew => "the token brings nothing new: the same text, or no later end".to_owned(),
            Self::Shared => "another run got it, and kept it for this one".to_owned(),
            Self::ScopeDiffers => "the scope granted is not the scope asked for".to_owned(),
        }
    }
}

fn names(token: TokenRef) -> String {
    format!("{}, generation {}", token.serial, token.generation.0)
}

fn issued(token: &TokenFacts) -> String {
    let life = token.life.map_or("of unknown life".to_owned(), |life| format!("for {} s", life.as_secs()));
    let told = [names(token.names()), life];
    told.into_iter().chain(token.notes.iter().map(TokenNote::words)).collect::<Vec<_>>().join("; ")
}

fn content(answer: &Answer) -> String {
    let fields = answer.headers.iter().filter(|field| matches!(field.value, FieldValue::Shown(_))).count();
    format!("{}, {fields} header fields", answer.header("content-type").unwrap_or("no content type"))
}

/// The first words of a body that an endpoint sent, on one line.
pub fn beginning(body: &str) -> String {
    const MOST: usize = 300;
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{
        clock::Boot,
        token::{Generation, TokenSerial},
    };

    #[test]
    fn an_event_has_the_name_that_the_vocabulary_has_for_its_step() {
        let token = TokenRef { serial: TokenSerial(1), generation: Generation(1) };
        let steps = [
            FlowStep::TokenReused(token),
            FlowStep::BodyProgress { received: 1, expected: None },
            FlowStep::RenewStarted { refused: None },
            FlowStep::RenewJoined,
            FlowStep::Waiting { until: Boot::default(), why: String::new() },
            FlowStep::Replayed(token),
            FlowStep::Reconnected,
            FlowStep::GaveUp { why: String::new() },
            FlowStep::Cancelled,
        ];
        for step in steps {
            let variant = format!("{step:?}");
            let variant = variant.split(|letter: char| !letter.is_alphanumeric()).next().unwrap();
            let kebab: String = variant
                .char_indices()
                .flat_map(|(at, letter)| {
                    let dash = (at > 0 && letter.is_uppercase()).then_some('-');
                    dash.into_iter().chain([letter.to_ascii_lowercase()])
                })
                .collect();
            let event = FlowEvent { exchange: None, at: Boot::default(), wall: Timestamp::UNIX_EPOCH, step };
            assert_eq!(event.words().0, kebab);
        }
    }

    #[test]
    fn a_body_is_told_by_its_beginning_on_one_line() {
        assert_eq!(beginning("{\n  \"a\": 1\n}"), "{ \"a\": 1 }");
        assert_eq!(beginning(&"é".repeat(400)).chars().count(), 301);
    }
}
