//! `authscope profiles test`: one token call, shown as it went out (the secret by what stands for it), as it was
//! answered, and how each part of the answer was read.

use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    cli::{
        exit::{Exit, Stop},
        printer,
        session::Session,
        signals::Signals,
        start::Globals,
    },
    domain::{
        credential::Access,
        flow::{FlowEvent, FlowStep, TokenCall},
        profile::Profile,
        redact::Redactor,
        secret::Secret,
        token::{TokenFacts, TokenNote},
    },
    engine::token_endpoint::TokenAsk,
};

/// Make a token call, and show the request, the answer and how it was read
#[derive(Args)]
pub(super) struct Arguments {
    /// The profile
    name: String,
    /// The credential; the first one unless given
    #[arg(long, value_name = "NAME", default_value = "")]
    credential: String,
}

/// What stands for the secret in a request that is shown; no form of a token call writes it in another way.
const STAND_IN: &str = "********";

/// Makes it; a call that failed is shown too.
pub(super) async fn run(arguments: &Arguments, globals: &Globals, as_json: bool) -> anyhow::Result<Exit> {
    let signals = Signals::listen()?;
    let called: Arc<Mutex<Option<Arc<TokenCall>>>> = Arc::default();
    let seen = called.clone();
    let observer = Arc::new(move |event: FlowEvent| {
        let call = match event.step {
            FlowStep::TokenIssued { call, .. } => Some(call),
            FlowStep::TokenFailed(failure) => failure.call.clone(),
            _ => None,
        };
        if call.is_some() {
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = call;
        }
    });
    let globals = Globals { profile: Some(arguments.name.clone()), ..globals.clone() };
    let masks = Redactor::default();
    let session = Session::open(&globals, observer, masks.clone(), as_json, |_| {})?;
    let asked = async {
        let access = session.engine.access(&session.profile, &arguments.credential).await;
        let access = access.map_err(|refusal| Stop::refused(&refusal))?;
        let token = session.engine.renew(&access).await;
        Ok::<_, Stop>((access, token))
    };
    let (access, token) = match signals.or(asked).await {
        Ok(asked) => asked?,
        Err(exit) => return Ok(exit),
    };
    let call = called.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let request = request(&access);
    let read = token.as_ref().ok().map(|token| read(token, &session.profile));
    let told = if as_json {
        json(&request, call.as_deref(), read.as_deref())
    } else {
        text(&request, call.as_deref(), read.as_deref())
    };
    printer::line(&masks.masked(&told))?;
    token.map(|_| Exit::Done).map_err(|failure| Stop::no_token(&failure).into())
}

/// The request as it goes out, with another secret in it: the true one is in none of its encodings.
fn request(access: &Access) -> Vec<String> {
    let shown = Access { secret: Arc::new(Secret::new(STAND_IN)), ..access.clone() };
    let TokenAsk { headers, body } = TokenAsk::new(&shown);
    let mut lines = vec![format!("POST {}", access.profile.token_url)];
    lines.extend(headers.iter().map(|(name, value)| {
        let value = if value.is_sensitive() {
            format!("Basic {STAND_IN}").into()
        } else {
            String::from_utf8_lossy(value.as_bytes())
        };
        format!("{name}: {value}")
    }));
    lines.push(String::new());
    lines.push(String::from_utf8_lossy(&body).into_owned());
    lines
}

/// What each part of the answer was taken for.
fn read(token: &TokenFacts, profile: &Profile) -> Vec<(String, String)> {
    let answer = &profile.answer;
    let kind = if token.jwt.is_some() { "a JWT" } else { "opaque" };
    let life = token.life.map_or("unknown".to_owned(), |life| format!("{} s", life.as_secs()));
    let mut read = vec![
        (answer.token.to_string(), format!("{}, {} bytes, {kind}", token.serial, token.size)),
        (format!("{} ({})", answer.expiry, answer.expiry_is.name()), format!("it lives {life}")),
    ];
    read.extend(token.scope.iter().map(|scope| ("scope".to_owned(), scope.clone())));
    read.extend(
        token.skew_ms.map(|skew| ("Date".to_owned(), format!("the server's clock minus ours: {} s", skew / 1000))),
    );
    read.extend(token.notes.iter().map(|note| ("note".to_owned(), TokenNote::words(note))));
    read
}

fn answer(call: &TokenCall) -> Vec<String> {
    let mut lines: Vec<_> = call.status.iter().map(ToString::to_string).collect();
    let headers = call.headers.iter().filter_map(|field| Some(format!("{}: {}", field.name, field.text()?)));
    lines.extend(headers);
    lines.extend([String::new(), call.body.clone()]);
    lines
}

fn text(request: &[String], call: Option<&TokenCall>, read: Option<&[(String, String)]>) -> String {
    let marked = |mark: &str, lines: &[String]| {
        lines.iter().map(|line| format!("{mark} {line}").trim_end().to_owned()).collect::<Vec<_>>()
    };
    let mut lines = marked(">", request);
    lines.extend(call.iter().flat_map(|call| marked("<", &answer(call))));
    if let Some(read) = read {
        let read: Vec<_> = read.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
        lines.extend([String::new(), printer::columns(&read)]);
    }
    lines.join("\n")
}

fn json(request: &[String], call: Option<&TokenCall>, read: Option<&[(String, String)]>) -> String {
    let read =
        read.map(|read| read.iter().map(|(key, value)| json!({ "from": key, "read": value })).collect::<Value>());
    let answer = call.map(|call| json!({ "status": call.status.map(|status| status.as_u16()), "body": call.body }));
    json!({ "request": request, "answer": answer, "read": read }).to_string()
}
