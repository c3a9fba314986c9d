//! What can be copied, by the pane that has the focus.

use super::{
    App,
    effect::Effect,
    focus::Pane,
    response::{
        Shown, Tab, cookies,
        facts::FactLine,
        headers::{self, HeaderLine},
        tls,
    },
};
use crate::document::Document;

/// The largest body that is copied whole; a larger one is for a file.
const LARGEST: u64 = 1 << 20;

/// One thing that can be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its key.
    pub key: char,
    /// What it is.
    pub what: String,
    /// Its text.
    pub text: String,
}

/// The order to copy it.
pub(super) fn effect(offer: Offer) -> Effect {
    Effect::Copy { what: offer.what, text: offer.text }
}

impl App {
    /// What can be copied here, the likeliest first.
    pub fn offers(&self) -> Vec<Offer> {
        let mut offers = Vec::new();
        let mut offer = |key: char, what: &str, text: Option<String>| {
            let Some(text) = text.filter(|text| !text.is_empty()) else { return };
            let secrets = self.masks.found(text.as_bytes());
            let Some(first) = secrets.first() else { return offers.push(Offer { key, what: what.to_owned(), text }) };
            // What is copied outlives this program: with a secret in it only for who asks for that.
            let name = &first.pseudonym;
            offers.push(Offer { key, what: format!("{what}, {name} hidden"), text: self.masks.masked(&text) });
            offers.push(Offer { key: key.to_ascii_uppercase(), what: format!("{what} with {name} in it"), text });
        };
        match self.focus {
            Pane::Response if self.response.tab == Tab::Body => {
                let document = self.response.document.as_ref();
                let value = document.zip(self.response.line()).and_then(|(document, line)| document.value(line));
                offer('v', "the value of this line", value.map(unquoted));
                offer('p', "its path", self.response.path());
                offer('b', "the whole body", document.and_then(whole));
            }
            Pane::Response if self.response.tab == Tab::Flow => {
                offer('m', "the flow as a Mermaid diagram", self.flow_as_mermaid());
            }
            Pane::Response => {
                if let Some((name, value)) = self.row_in_hand() {
                    offer('v', "the value of this row", Some(value.clone()));
                    offer('r', "this row", Some(format!("{name}: {value}")));
                }
                offer('h', "the headers", self.header_text());
            }
            Pane::Composer | Pane::Requests => {
                let draft = &self.requests.entry().draft;
                let sent = draft.prepared(&self.variables()).ok();
                offer('u', "the address", sent.map(|prepared| prepared.url.to_string()));
                offer('b', "the body", Some(draft.body.clone()));
            }
            Pane::Timeline => {
                let url = self.timeline.here().map(|(flow, trip)| trip.map_or(&flow.url, |trip| &trip.url).to_string());
                offer('u', "the address", url);
            }
            Pane::Token => {
                let claims = self.token().and_then(|token| token.jwt.as_ref()).map(|jwt| jwt.claims.clone());
                offer('c', "the claims", claims.map(|claims| serde_json::Value::Object(claims).to_string()));
            }
            Pane::Credentials => {
                offer('c', "the client id", self.environment.credential().map(|known| known.client_id.clone()));
            }
        }
        offers
    }

    /// The address that is in hand here: a value, or where a request goes.
    pub(super) fn address_in_hand(&self) -> Option<String> {
        match self.focus {
            Pane::Response if self.response.tab == Tab::Body => {
                self.response.document.as_ref()?.value(self.response.cursor).map(unquoted)
            }
            Pane::Response => self.row_in_hand().map(|(_, value)| value),
            Pane::Composer | Pane::Requests => {
                let draft = &self.requests.entry().draft;
                draft.prepared(&self.variables()).ok().map(|prepared| prepared.url.to_string())
            }
            Pane::Timeline => {
                self.timeline.here().map(|(flow, trip)| trip.map_or(&flow.url, |trip| &trip.url).to_string())
            }
            Pane::Token | Pane::Credentials => None,
        }
    }

    /// The row in hand of a tab beside the body: what it is of, and its value, as it came.
    fn row_in_hand(&self) -> Option<(String, String)> {
        let row = self.response.in_hand;
        let exchange = self.shown_exchange();
        let fact = |lines: Vec<FactLine>| match lines.into_iter().nth(row)? {
            FactLine::Fact { label, text } => Some((label, text)),
            FactLine::Title(_) | FactLine::Words(_) | FactLine::Blank => None,
        };
        match (self.response.tab, &self.response.shown) {
            (Tab::Headers, Some(Shown::TokenCall(call))) => field(headers::of_token_call(&call.headers).get(row)?),
            (Tab::Headers, _) => field(headers::lines(exchange?).get(row)?),
            (Tab::Cookies, _) => fact(cookies::lines(exchange?)),
            (Tab::Tls, _) => fact(tls::lines(exchange?, self.now.wall)),
            (Tab::Body | Tab::Timing | Tab::Flow | Tab::Attempts, _) => None,
        }
    }

    /// The header fields that are shown, a line each; secrets stay hidden.
    pub(super) fn header_text(&self) -> Option<String> {
        let line = |field: &crate::domain::exchange::HeaderField| {
            format!("{}: {}\n", field.name, headers::shown(&field.value, &self.masks))
        };
        match &self.response.shown {
            Some(Shown::TokenCall(call)) => Some(call.headers.iter().map(line).collect()),
            Some(Shown::Exchange(id)) => {
                let answer = self.timeline.flow(*id)?.answer.as_ref()?;
                Some(answer.headers.iter().map(line).collect())
            }
            Some(Shown::File) | None => None,
        }
    }
}

/// A header field; one that is hidden stays so.
fn field(line: &HeaderLine<'_>) -> Option<(String, String)> {
    let HeaderLine::Field(field) = line else { return None };
    Some((field.name.to_string(), field.text()?.to_owned()))
}

/// A JSON string without its quotes and escapes, as a person wants to paste it; anything else as it stands.
fn unquoted(value: String) -> String {
    serde_json::from_str::<String>(&value).unwrap_or(value)
}

/// A body as text, unless it is too large or none.
fn whole(document: &Document) -> Option<String> {
    let body = document.text();
    let size = usize::try_from(body.len()).ok().filter(|_| body.len() <= LARGEST)?;
    String::from_utf8(body.bytes(0, size).ok()?).ok()
}
