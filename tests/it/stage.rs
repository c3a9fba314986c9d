//! An explorer without a runtime: keys go in, the facts that the engine would tell are told from a script, and the
//! screen is drawn into memory. Times, ports, prints and sizes are fixed, so that a picture of it is always the same.

use std::{sync::Arc, time::Duration};

use authscope::{
    app::{
        App, Now, Start,
        effect::{Effect, Order},
        message::Message,
        update,
    },
    body::Body,
    config::{
        chord::Chord,
        keymap::Keymap,
        profiles,
        theme::{Look, Signs, ThemeName},
    },
    domain::{
        clock::Boot,
        diagnosis::{Carried, Case, Diagnosis, Facts, Past},
        exchange::{
            Answer, Attempt, Exchange, ExchangeId, FieldValue, HeaderField, Hop, Outcome, SentRequest, SentWith,
            Timings, TlsFacts,
        },
        flow::{FlowEvent, FlowStep, TokenCall, TokenFailure, TokenFailureKind},
        jwt::Jwt,
        profile::Profile,
        secret::{FingerprintKey, Secret},
        token::{Generation, TokenEnd, TokenFacts, TokenRef, TokenSerial, TokenStatus, margin},
    },
    view,
};
use http::{HeaderName, HeaderValue, StatusCode, Version};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};
use serde_json::json;
use url::Url;

/// See the module.
pub struct Stage {
    pub app: App,
    pub look: Look,
    /// What answers carry beside the usual fields.
    pub more_headers: Vec<HeaderField>,
    /// What tokens claim beside the usual.
    pub claims: serde_json::Map<String, serde_json::Value>,
    /// How answers are encrypted.
    pub tls: Option<TlsFacts>,
    tokens: u64,
    token: Option<Arc<TokenFacts>>,
    earlier: Vec<(Arc<TokenFacts>, TokenEnd, Timestamp)>,
    used: u64,
    refused: Option<(Arc<TokenFacts>, Timestamp)>,
    past: Vec<Past>,
}

/// The documented 401 (AUTH page).
pub const UNAUTHORIZED: &str = r#"{"statusCode":401,"message":"Unauthorized","error":"Invalid or expired token"}"#;
/// A status answer.
pub const CAPTURED: &str = r#"{"TransactionId":"txn_demo0001","Status":"Captured","Amount":25.00,"Currency":"USD","Reference":"ORDER-1","DeclineReason":null,"CreatedAt":"2026-01-01T00:00:00.0000000Z","ProviderTransactionId":"ps_00000000-0000-4000-8000-000000000001","ProviderStatus":"Captured","ProviderMessage":"Payment completed successfully"}"#;

/// The sandbox with its two clients.
pub fn sandbox() -> Profile {
    let clients =
        ["demo-client", "second-client"].map(|id| (id.to_owned(), Arc::new(Secret::new("a secret of the stage"))));
    profiles::sandbox(Url::parse("http://127.0.0.1:43117").unwrap(), clients)
}

impl Stage {
    pub fn new(width: u16, height: u16) -> Self {
        Self::of(sandbox(), (width, height))
    }

    /// A stage of that profile, with the documented one beside it.
    pub fn of(profile: Profile, size: (u16, u16)) -> Self {
        let app = App::new(Start {
            now: Now { boot: Boot(Duration::from_secs(100_000)), wall: "2026-11-23T14:00:00Z".parse().unwrap() },
            zone: TimeZone::UTC,
            size,
            keymap: Keymap::default(),
            profiles: vec![Arc::new(profile), Arc::new(profiles::paysecurez())],
            active: 0,
            trouble: None,
        });
        let look = Look::new(ThemeName::Dark, Signs::Unicode);
        let (more_headers, earlier) = (Vec::new(), Vec::new());
        let mut stage = Self {
            app,
            look,
            more_headers,
            tls: None,
            claims: serde_json::Map::new(),
            tokens: 0,
            token: None,
            earlier,
            used: 0,
            refused: None,
            past: Vec::new(),
        };
        stage.tell(Message::Ticked);
        stage
    }

    pub fn tell(&mut self, message: Message) -> Vec<Effect> {
        update(&mut self.app, message)
    }

    /// Presses keys, one word each.
    pub fn press(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for key in keys.split_whitespace() {
            effects.extend(self.tell(Message::Key(Chord::parse(key).unwrap())));
        }
        effects
    }

    /// Types a text, letter by letter.
    pub fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            let chord = Chord::plain(authscope::config::chord::Key::Char(letter));
            self.tell(Message::Key(chord));
        }
    }

    /// Lets time pass.
    pub fn wait(&mut self, milliseconds: u64) {
        let time = Duration::from_millis(milliseconds);
        self.app.now.boot = self.app.now.boot + time;
        self.app.now.wall += time;
    }

    pub fn tick(&mut self, milliseconds: u64) {
        self.wait(milliseconds);
        self.tell(Message::Ticked);
    }

    /// The calls among some effects.
    pub fn orders(effects: Vec<Effect>) -> Vec<Order> {
        let order = |effect| match effect {
            Effect::Send(order) => Some(*order),
            _ => None,
        };
        effects.into_iter().filter_map(order).collect()
    }

    pub fn flow(&mut self, exchange: Option<ExchangeId>, step: FlowStep) {
        let Now { boot, wall } = self.app.now;
        self.tell(Message::Flowed(FlowEvent { exchange, at: boot, wall, step }));
    }

    /// A token call for an exchange, or for nobody's.
    pub fn fetch(&mut self, exchange: Option<ExchangeId>, took: u64) -> Arc<TokenFacts> {
        let url = self.app.environment.profile().token_url.clone();
        let (sent, issued) = (self.app.now.boot, self.app.now.wall);
        self.flow(exchange, FlowStep::TokenRequested { url: url.clone(), attempt: 1 });
        self.wait(took);
        self.tokens += 1;
        let life = Duration::from_secs(1800);
        let second = issued.as_second();
        let claims = json!({"iss": "http://127.0.0.1:43117", "aud": "sandbox", "sub": "demo-client",
            "iat": second, "nbf": second, "exp": second + 1800, "gen": self.tokens});
        let jwt = Jwt {
            header: json!({"alg": "HS256", "typ": "JWT"}).as_object().unwrap().clone(),
            claims: claims.as_object().unwrap().clone().into_iter().chain(self.claims.clone()).collect(),
        };
        let token = Arc::new(TokenFacts {
            serial: TokenSerial(self.tokens),
            generation: Generation(self.tokens),
            fingerprint: FingerprintKey::new(&[7; 32]).fingerprint(&Secret::new(format!("token {}", self.tokens))),
            size: 612,
            sent,
            issued,
            life: Some(life),
            margin: margin(life, None, 1.0),
            skew_ms: Some(400),
            scope: None,
            jwt: Some(jwt),
            notes: Vec::new(),
        });
        let call = Arc::new(TokenCall {
            url,
            wire: "json",
            request: token_request(),
            sent: issued,
            took: Duration::from_millis(took),
            attempts: 1,
            status: Some(StatusCode::OK),
            headers: vec![field("content-type", "application/json")],
            body: r#"{"access_token":"•••••••• 612 bytes","expires_in":1800,"token_type":"Bearer"}"#.to_owned(),
        });
        if let Some(old) = self.token.take() {
            self.earlier.insert(0, (old, TokenEnd::Replaced, issued));
        }
        (self.token, self.used) = (Some(token.clone()), 0);
        self.flow(exchange, FlowStep::TokenIssued { token: token.clone(), call });
        self.stand();
        token
    }

    /// How the tokens stand, as the engine would tell.
    pub fn status(&self) -> TokenStatus {
        TokenStatus {
            asked: None,
            token: self.token.clone(),
            used: self.used,
            renews_by_timer: self.used > 0,
            earlier: self.earlier.clone(),
            refused: self.refused.clone(),
            ..TokenStatus::default()
        }
    }

    pub fn stand(&mut self) {
        let status = self.status();
        self.tell(Message::TokenStood(Ok(status)));
    }

    /// The token in the slot is refused and dropped.
    fn drop_refused(&mut self) {
        if let Some(token) = self.token.take() {
            self.earlier.insert(0, (token, TokenEnd::Refused, self.app.now.wall));
        }
    }

    /// One hop of an exchange: it goes out, and nothing comes back yet.
    pub fn unanswered(&mut self, order: &Order, attempt: u32, token: &TokenFacts) -> Hop {
        let with = SentWith::Token(token.names());
        let prepared = &order.prepared;
        let (method, url) = (prepared.method.clone(), prepared.url.clone());
        let sent = self.app.now.wall;
        self.used += 1;
        self.stand();
        let step = FlowStep::RequestSent { attempt, method: method.clone(), url: url.clone(), with, via: None };
        self.flow(Some(order.id), step);
        let hidden = FieldValue::Hidden {
            scheme: Some("Bearer".to_owned()),
            pseudonym: token.serial.to_string(),
            size: token.size + 7,
        };
        let authorization = HeaderField { name: HeaderName::from_static("authorization"), value: hidden };
        let headers = vec![field("host", "127.0.0.1:43117"), field("accept", "*/*"), authorization];
        Hop {
            request: SentRequest { method, url, headers, size: 0 },
            sent,
            answer: None,
            timings: Timings::default(),
            remote: None,
            tls: None,
            via: None,
            reconnected: false,
            failure: None,
        }
    }

    /// One hop of an exchange: it goes out, is answered, and its body comes.
    pub fn hop(
        &mut self,
        order: &Order,
        attempt: u32,
        token: &TokenFacts,
        status: u16,
        body: &(impl AsRef<[u8]> + ?Sized),
        took: u64,
    ) -> Hop {
        let body = body.as_ref();
        let hop = self.unanswered(order, attempt, token);
        self.wait(took);
        let usual = [
            field("content-type", "application/json"),
            field("content-length", &body.len().to_string()),
            field("date", &if status == 401 { date(self.app.now.wall) } else { DATE.to_owned() }),
        ];
        let answer = Answer {
            version: Version::HTTP_11,
            status: StatusCode::from_u16(status).unwrap(),
            headers: usual.into_iter().chain(self.more_headers.iter().cloned()).collect(),
            body: Body::of(body),
        };
        let after = Duration::from_millis(took);
        self.flow(Some(order.id), FlowStep::HeadReceived { answer: Arc::new(answer.clone()), after });
        let timings = Timings {
            connect: (attempt == 1).then_some(Duration::from_micros(300)),
            reused: attempt > 1,
            wait: Some(after),
            download: Some(Duration::ZERO),
            total: after,
            ..Timings::default()
        };
        Hop { answer: Some(answer), timings, tls: self.tls.clone(), ..hop }
    }

    /// The end of an exchange that began then.
    pub fn end(&mut self, order: &Order, began: Now, attempts: Vec<Attempt>, outcome: Outcome, facts: Facts) {
        let took = self.app.now.boot.since(began.boot);
        let mut exchange = Exchange {
            id: order.id,
            name: order.prepared.name.clone(),
            method: order.prepared.method.clone(),
            url: order.prepared.url.clone(),
            profile: order.profile.name.clone(),
            policy: order.policy,
            on_purpose: None,
            started: began.wall,
            began: began.boot,
            took,
            attempts,
            outcome,
            renewal: None,
            diagnosis: None,
        };
        exchange.diagnosis = self.diagnosed(order, &exchange, facts);
        self.past.extend(Past::of(&exchange));
        if let (Some(answer), Outcome::Answered) = (exchange.answer(), &exchange.outcome) {
            let (status, size) = (answer.status, answer.body.len());
            self.flow(Some(order.id), FlowStep::Completed { status, size, took });
        }
        self.tell(Message::Settled(Box::new(exchange)));
        self.stand();
    }

    /// What the Doctor says, by what the stage told so far and these facts.
    fn diagnosed(&self, order: &Order, exchange: &Exchange, more: Facts) -> Option<Diagnosis> {
        let tokens: Vec<_> = self.token.iter().chain(self.earlier.iter().map(|(token, ..)| token)).cloned().collect();
        let carried = Carried::read("authorization", "Bearer abc", "Bearer");
        let case = Case {
            credential: order.profile.credentials.first(),
            tokens: &tokens,
            carried: Some(&carried),
            past: &self.past,
            ..Case::of(exchange, &order.profile)
        };
        case.is_refused().then(|| Diagnosis::of(&case.facts().and(more)))
    }

    /// A call that is answered at once, its token fetched first where there is none.
    pub fn answered(&mut self, order: &Order, status: u16, body: &(impl AsRef<[u8]> + ?Sized)) {
        let began = self.app.now;
        let token = match self.token.clone() {
            Some(token) => {
                self.flow(Some(order.id), FlowStep::TokenReused(token.names()));
                token
            }
            None => self.fetch(Some(order.id), 29),
        };
        let hop = self.hop(order, 1, &token, status, body, 38);
        let attempts = vec![Attempt { sent_with: SentWith::Token(token.names()), hops: vec![hop] }];
        self.end(order, began, attempts, Outcome::Answered, Facts::default());
    }

    /// A call whose token is refused: it is renewed, and the call replayed.
    pub fn healed(&mut self, order: &Order, status: u16, body: &str) {
        let began = self.app.now;
        let token = self.token.clone().unwrap();
        self.flow(Some(order.id), FlowStep::TokenReused(token.names()));
        let first = self.hop(order, 1, &token, 401, UNAUTHORIZED, 12);
        let names: TokenRef = token.names();
        self.flow(Some(order.id), FlowStep::Challenged { with: SentWith::Token(names), renewable: true });
        self.flow(Some(order.id), FlowStep::RenewStarted { refused: Some(names) });
        self.drop_refused();
        let newer = self.fetch(Some(order.id), 29);
        self.flow(Some(order.id), FlowStep::Replayed(newer.names()));
        let second = self.hop(order, 2, &newer, status, body, 41);
        let attempts = vec![
            Attempt { sent_with: SentWith::Token(names), hops: vec![first] },
            Attempt { sent_with: SentWith::Token(newer.names()), hops: vec![second] },
        ];
        if status == 401 {
            let why = "This endpoint takes tokens of this client no longer.".to_owned();
            self.refused = Some((newer.clone(), self.app.now.wall));
            self.flow(Some(order.id), FlowStep::GaveUp { why });
        }
        self.end(order, began, attempts, Outcome::Answered, Facts::default());
    }

    /// A call that gets no token because the token endpoint refuses the credentials.
    pub fn without_token(&mut self, order: &Order) {
        let began = self.app.now;
        let url = order.profile.token_url.clone();
        self.flow(Some(order.id), FlowStep::TokenRequested { url: url.clone(), attempt: 1 });
        self.wait(18);
        let call = TokenCall {
            url,
            wire: "json",
            request: token_request(),
            sent: began.wall,
            took: Duration::from_millis(18),
            attempts: 1,
            status: Some(StatusCode::UNAUTHORIZED),
            headers: vec![field("content-type", "application/json")],
            body: r#"{"statusCode":401,"message":"Unauthorized","error":"Invalid client credentials"}"#.to_owned(),
        };
        let why = Arc::new(TokenFailure {
            kind: TokenFailureKind::CredentialsRefused,
            text: "the token endpoint answered 401 Unauthorized: it does not take these credentials".to_owned(),
            hint: Some("check client id and secret; `R` asks once more".to_owned()),
            call: Some(Arc::new(call)),
        });
        self.flow(Some(order.id), FlowStep::TokenFailed(why.clone()));
        self.flow(Some(order.id), FlowStep::GaveUp { why: why.text.clone() });
        self.end(order, began, Vec::new(), Outcome::NoToken(why.clone()), Facts::default());
        let status = TokenStatus { credentials_refused: Some(why), ..self.status() };
        self.tell(Message::TokenStood(Ok(status)));
    }

    /// Sends the request in hand, and gives its order.
    pub fn send(&mut self) -> Order {
        let effects = self.press("s");
        Self::orders(effects).pop().unwrap()
    }

    /// The frame as cells.
    pub fn buffer(&mut self) -> Buffer {
        let (width, height) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view::render(frame, &self.app, &self.look)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// Column and row of the cursor of a text field.
    pub fn cursor(&mut self) -> (u16, u16) {
        let (width, height) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view::render(frame, &self.app, &self.look)).unwrap();
        terminal.backend().cursor_position().into()
    }

    /// The frame as text, blanks at the ends of rows left out.
    pub fn text(&mut self) -> String {
        text(&self.buffer())
    }
}

pub fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width);
    let rows = buffer.content.chunks(width.max(1)).map(|row| {
        let mut line = String::new();
        let mut skip = 0;
        for cell in row {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
        }
        line.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// The token call as it is told, without the secret.
fn token_request() -> Vec<String> {
    let lines = [
        "POST http://127.0.0.1:43117/api/token",
        "accept: application/json",
        "content-type: application/json",
        "",
        r#"{"client_id":"demo-client","client_secret":"********"}"#,
    ];
    lines.map(str::to_owned).to_vec()
}

/// The `Date` of answers, the one that no clock is compared with.
const DATE: &str = "Mon, 23 Nov 2026 14:00:00 GMT";

fn date(time: Timestamp) -> String {
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).unwrap()
}

pub fn field(name: &'static str, value: &str) -> HeaderField {
    HeaderField { name: HeaderName::from_static(name), value: FieldValue::Shown(HeaderValue::from_str(value).unwrap()) }
}
