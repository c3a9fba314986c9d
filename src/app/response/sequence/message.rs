//! A message of a flow as it was handed to the HTTP library, or taken from it, secrets masked and said to be so.

use std::sync::Arc;

use super::Opens;
use crate::{
    app::{App, overlay::lines::Line, response::headers, timeline::Flow, wrap::words},
    body::Body,
    domain::{
        exchange::{HeaderField, Hop},
        figures,
        flow::TokenCall,
        redact::Redactor,
        request::RequestBody,
    },
};

/// Bytes of a body that are shown here; more of one is in its own tab.
pub const SHOWN: usize = 16 << 10;

/// A message that lies on top.
#[derive(Debug)]
pub struct Page {
    /// Which way it went.
    pub title: &'static str,
    /// What it is about.
    pub about: String,
    /// A line each, masked.
    text: Vec<String>,
    /// First row shown.
    pub top: usize,
}

impl Page {
    /// Its text in lines of so many columns.
    pub fn lines(&self, columns: usize) -> Vec<Line> {
        let line = |line: &String| match line.as_str() {
            "" => vec![Line::Blank],
            line => words(line, columns).into_iter().map(Line::Words).collect(),
        };
        self.text.iter().flat_map(line).collect()
    }
}

/// Which way a message went.
const OUT: &str = "As handed to the HTTP library";
const IN: &str = "As taken from the HTTP library";

impl App {
    /// The message behind the step in hand of the flow that is shown, or what there is to say where it has none.
    pub(in crate::app) fn message_in_hand(&self) -> Result<Page, &'static str> {
        let flow = self.shown_flow().ok_or("There is no flow here.")?;
        let opens = self.sequence().into_iter().nth(self.response.in_hand).and_then(|step| step.opens);
        match opens.ok_or("This step carries no message: it happened here.")? {
            Opens::Request(attempt, at) => match hop(flow, attempt, at) {
                Some(hop) => Ok(self.request_page(flow, hop, attempt)),
                None => Err("Its header fields stand here once the call is over."),
            },
            Opens::Answer(attempt, at) => match hop(flow, attempt, at) {
                Some(hop) => Ok(self.answer_page(hop)),
                None => Err("Its header fields stand here once the call is over."),
            },
            Opens::TokenRequest(call) => Ok(self.token_request(&call)),
            Opens::TokenAnswer(call) => Ok(self.token_answer(&call)),
        }
    }

    fn request_page(&self, flow: &Flow, hop: &Hop, attempt: usize) -> Page {
        let request = &hop.request;
        let mut text = vec![self.masks.masked(&format!("{} {}", request.method, request.url))];
        text.extend(fields(&request.headers, &self.masks));
        if request.size > 0 {
            text.push(String::new());
            match &flow.body {
                // Where a redirect took the body away, or made it another one, its length tells.
                Some(body) => text.extend(body.lines().map(str::to_owned)),
                None => text.push(format!("(a body of {}, which is not kept here)", figures::size(request.size))),
            }
        }
        let about = format!("attempt {}", attempt + 1);
        self.page(OUT, &about, text)
    }

    fn answer_page(&self, hop: &Hop) -> Page {
        let Some(answer) = &hop.answer else {
            let why = hop.failure.as_ref().map_or("No answer came.", |failure| &failure.text);
            return self.page(IN, "", vec![self.masks.masked(why)]);
        };
        let mut text = vec![format!("{:?} {}", answer.version, answer.status)];
        text.extend(fields(&answer.headers, &self.masks));
        text.push(String::new());
        text.extend(body(&answer.body, &self.masks));
        self.page(IN, hop.request.url.path(), text)
    }

    fn token_request(&self, call: &TokenCall) -> Page {
        let text = call.request.iter().map(|line| self.masks.masked(line)).collect();
        self.page(OUT, &format!("token call, {}", call.wire), text)
    }

    fn token_answer(&self, call: &TokenCall) -> Page {
        let mut text: Vec<_> = call.status.iter().map(ToString::to_string).collect();
        text.extend(fields(&call.headers, &self.masks));
        text.push(String::new());
        text.extend(self.masks.masked(&call.body).lines().map(str::to_owned));
        self.page(IN, &format!("token call, {}", call.wire), text)
    }

    fn page(&self, title: &'static str, about: &str, mut text: Vec<String>) -> Page {
        let hidden = if text.iter().any(|line| line.contains(DOTS) || line.contains(STAND_IN)) {
            "Secrets are masked here, and here alone: what was sent and received is whole."
        } else {
            "Nothing in it is masked."
        };
        text.extend([String::new(), hidden.to_owned()]);
        Page { title, about: self.masks.masked(about), text, top: 0 }
    }
}

/// What stands for a secret on screen, its pseudonym behind it.
const DOTS: &str = "••••••••";
/// What stands for the secret in the record of a token call, which writes it in no form of its own.
const STAND_IN: &str = "********";

fn hop(flow: &Flow, attempt: usize, at: usize) -> Option<&Hop> {
    flow.exchange.as_ref()?.attempts.get(attempt)?.hops.get(at)
}

fn fields(fields: &[HeaderField], masks: &Redactor) -> Vec<String> {
    fields.iter().map(|field| format!("{}: {}", field.name, headers::shown(&field.value, masks))).collect()
}

/// The beginning of a body, decoded, as far as it is text.
fn body(body: &Body, masks: &Redactor) -> Vec<String> {
    let all = body.len();
    let mut bytes = body.bytes(0, SHOWN).unwrap_or_default();
    let cut = (bytes.len() as u64) < all;
    if cut {
        // A secret whose end is not here would not be known for one.
        bytes.truncate(bytes.len().saturating_sub(masks.tail(&bytes)));
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) if cut && error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
        }
        Err(_) => return vec![format!("(a body of {} that is no text)", figures::size(all))],
    };
    let mut lines: Vec<_> = masks.masked(text).lines().map(str::to_owned).collect();
    if cut {
        lines.push(format!("(the beginning of {}; the Body tab has the rest)", figures::size(all)));
    }
    lines
}

/// The body of a request as it may be kept beside its flow, masked; nothing where it is none, or too large, or read
/// while it is sent.
pub fn kept(body: &RequestBody, masks: &Redactor) -> Option<Arc<str>> {
    let RequestBody::Bytes(bytes) = body else { return None };
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= SHOWN)?;
    Some(masks.masked(text).into())
}
