//! `authscope send`: one call, or many alike, with the token of the profile's policy.
//!
//! The body of the answer goes to standard output as it arrives; a 401 that is healed and a redirect that is followed
//! are not part of it. Everything else goes to standard error.

use std::{sync::Arc, time::Duration};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser as _},
    value_parser,
};
use http::StatusCode;
use tokio::task;

use super::{
    exit::{Exit, Stop},
    printer,
    session::Session,
    signals::Signals,
    start::Globals,
};
use crate::{
    body::encoding::Encoding,
    config::quantity,
    domain::{
        clock::Clock,
        exchange::{Answer, Exchange, ExchangeId, Outcome},
        flow::FlowEvent,
        profile::Profile,
        redact::Redactor,
        token::TokenPolicy,
    },
    engine::{Call, Observer},
};

mod named;
mod payload;
mod repeat;
mod report;
pub(super) mod request;

const EXAMPLES: &str = "\
Examples:
  authscope send /api/v1/transactions/txn_demo0001/status -v
  authscope send POST /_sandbox/echo -d '{\"a\":1}' --json
  authscope send PUT /_sandbox/echo -H 'X-Trace: 7' -H @headers.txt -d @body.json
  authscope send /_sandbox/open --policy per-transaction --repeat 100 --concurrency 10
  authscope send 'Check its status' --collection requests --var txNo=txn_demo0001
  authscope send payments.http

Exit codes:
  0 done    2 usage, or refused before anything was sent    3 credentials    4, 5 answered 4xx, 5xx
  6 network, TLS, token call    7 a limit on size or time    130 cancelled    143 terminated";

/// Sends a request with a token that is fetched, renewed and replayed as the policy says
#[derive(Args)]
#[command(after_help = EXAMPLES, override_usage = "authscope send [OPTIONS] [METHOD] <URL>\n       authscope send [OPTIONS] <NAME>")]
pub(super) struct Arguments {
    /// The address, whole or a path after the profile's base URL; before it the method, if it is not GET (POST with -d).
    /// Or the name of a request of the collection, or of a file of it, whose requests are sent in order
    #[arg(required = true, num_args = 1..=2, value_name = "URL")]
    target: Vec<String>,
    /// A header field, or a file with one a line; may be given more than once
    #[arg(short = 'H', long = "header", value_name = "'Name: value'|@FILE")]
    headers: Vec<String>,
    /// The body: as it stands, from a file, or from standard input
    #[arg(short, long, value_name = "DATA|@FILE|-")]
    data: Option<String>,
    /// A variable of this run, in place of any other of that name; may be given more than once
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<(String, String)>,
    /// When a token is fetched, in place of what the profile says
    #[arg(long, value_parser = PossibleValuesParser::new(TokenPolicy::ALL.map(TokenPolicy::name))
        .map(|name| TokenPolicy::named(&name).unwrap_or_default()))]
    policy: Option<TokenPolicy>,
    /// Tell every step on standard error
    #[arg(short, long)]
    verbose: bool,
    /// Print one JSON object a call: status, headers, attempts, sizes, body
    #[arg(long)]
    pub(super) json: bool,
    /// Keep the call in the history, where the explorer has its own
    #[arg(long)]
    history: bool,
    /// Exit with 0 whatever status the API answers
    #[arg(long)]
    no_fail: bool,
    /// Show a redirect instead of following it
    #[arg(long)]
    no_follow: bool,
    /// The longest an attempt may take, such as `30s`
    #[arg(long, value_name = "TIME", value_parser = timeout)]
    timeout: Option<Duration>,
    /// The largest body of an answer, such as `64MiB`
    #[arg(long, value_name = "SIZE", value_parser = quantity::size)]
    max_body: Option<u64>,
    /// Make the call N times and print a summary in place of the answers
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    repeat: Option<u32>,
    /// How many of them at once
    #[arg(long, value_name = "C", value_parser = value_parser!(u16).range(1..), default_value = "1", requires = "repeat")]
    concurrency: u16,
}

pub(super) fn variable(written: &str) -> Result<(String, String), String> {
    let (name, value) = written.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn timeout(written: &str) -> Result<Duration, String> {
    let time = quantity::duration(written)?;
    if time.is_zero() { Err("a time must be more than zero".to_owned()) } else { Ok(time) }
}

impl Arguments {
    fn words(&self) -> request::Words<'_> {
        let Self { target, headers, data, no_follow, .. } = self;
        request::Words { target, headers, data: data.as_deref(), follow: !no_follow }
    }

    /// The limits of this call in place of the profile's.
    fn apply(&self, profile: &mut Profile) {
        profile.limits.total = self.timeout.unwrap_or(profile.limits.total);
        profile.limits.max_body = self.max_body.unwrap_or(profile.limits.max_body);
        profile.policy = self.policy.unwrap_or(profile.policy);
    }

    /// The name of a request, where that is asked for and no address.
    fn name(&self) -> Option<&str> {
        let [name] = self.target.as_slice() else { return None };
        let is_address = name.starts_with('/') || name.contains("://");
        (!is_address).then_some(name)
    }

    /// Calls that got an answer are done, whatever its status, where that is wanted.
    fn judged(&self, exit: Exit) -> Exit {
        if self.no_fail && matches!(exit, Exit::ClientError | Exit::ServerError) { Exit::Done } else { exit }
    }
}

/// Makes the call, or the calls.
pub(super) async fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let signals = Signals::listen()?;
    if request::shows_a_secret(arguments.words()) {
        printer::warning(
            "a secret in the command line is seen by other programs and kept by the shell: `-H @FILE` and `-d @FILE` hide it",
            arguments.json,
        );
    }
    if let Some(name) = arguments.name() {
        return named::run(name, arguments, globals, &signals).await;
    }
    match arguments.repeat {
        None => one(arguments, globals, &signals).await,
        Some(count) => repeat::run(arguments, globals, &signals, count).await,
    }
}

/// The session of this command, its events told to `watch` and, where wanted, to the person.
fn session(arguments: &Arguments, globals: &Globals, masks: &Redactor, watch: Observer) -> Result<Session, Stop> {
    let (verbose, began, shown) = (arguments.verbose, Clock::system().boot(), masks.clone());
    let observer = Arc::new(move |event: FlowEvent| {
        if verbose {
            printer::event(&event, began, &shown);
        }
        watch(event);
    });
    let session = Session::open(globals, observer, masks.clone(), arguments.json, |profile| arguments.apply(profile))?;
    Ok(if arguments.history { session.remembering(masks, arguments.json) } else { session })
}

/// The call, or the exit of a signal that came while its body was read.
async fn call(arguments: &Arguments, session: &Session, signals: &Signals) -> anyhow::Result<Result<Call, Exit>> {
    let prepared = match signals.or(request::prepared(arguments.words(), &session.profile, session.cache.clone())).await
    {
        Ok(prepared) => prepared?,
        Err(exit) => return Ok(Err(exit)),
    };
    let profile = session.profile.clone();
    Ok(Ok(Call { prepared, policy: profile.policy, profile, credential: String::new() }))
}

async fn one(arguments: &Arguments, globals: &Globals, signals: &Signals) -> anyhow::Result<Exit> {
    let masks = Redactor::default();
    let stream = (!arguments.json).then(|| payload::Stream::new(signals.cancel().clone(), masks.clone()));
    let watch: Observer = match &stream {
        Some(stream) => stream.watch(!arguments.no_follow),
        None => Arc::new(|_| {}),
    };
    let session = session(arguments, globals, &masks, watch)?;
    let call = match call(arguments, &session, signals).await? {
        Ok(call) => call,
        Err(exit) => return Ok(exit),
    };
    Ok(made(arguments, (&session, &masks), signals, (ExchangeId(1), call), stream).await?.1)
}

/// Makes a call and prints what comes of it.
async fn made(
    arguments: &Arguments,
    (session, masks): (&Session, &Redactor),
    signals: &Signals,
    (id, call): (ExchangeId, Call),
    stream: Option<payload::Stream>,
) -> anyhow::Result<(Arc<Exchange>, Exit)> {
    let request = call.prepared.clone();
    let exchange = Arc::new(session.engine.execute(id, call, signals.cancel().clone()).await);
    session.keep(&exchange, &request);
    let printed = match stream {
        Some(stream) => stream.ended(exchange.answer().map(|answer| answer.body.clone())),
        None => {
            let (exchange, masks) = (exchange.clone(), masks.clone());
            let print = move || if exchange.attempts.is_empty() { Ok(()) } else { report::print(&exchange, &masks) };
            task::spawn_blocking(print)
        }
    };
    signals.printed(&session.clock, printed).await?;
    if let Some(exit) = signals.exit() {
        return Ok((exchange, exit));
    }
    tell(&exchange, arguments.json, masks);
    let exit = arguments.judged(Exit::of(&exchange));
    Ok((exchange, exit))
}

/// What a person must know beside the answer: why there is none, or why it is no good one.
fn tell(exchange: &Exchange, as_json: bool, masks: &Redactor) {
    let stop = match (&exchange.outcome, &exchange.renewal) {
        (Outcome::Answered, Some(failure)) | (Outcome::NoToken(failure), _) => Stop::no_token(failure),
        (Outcome::Failed(failure), _) => Stop::failed(failure),
        (Outcome::Refused(refusal), _) => Stop::refused(refusal),
        (Outcome::Answered, None) | (Outcome::Cancelled, _) => return answered_badly(exchange, as_json, masks),
    };
    printer::stopped(&stop, as_json);
}

/// Names a status from 400 on, and the causes of a 401 or 403. In JSON both stand in the object of the call.
fn answered_badly(exchange: &Exchange, as_json: bool, masks: &Redactor) {
    if let Some(encoding @ Encoding::Unknown(_)) = exchange.answer().map(Answer::encoding) {
        printer::warning(
            &format!("the body is encoded by `{encoding}`, which is not known here: it is as it came"),
            as_json,
        );
    }
    let Some(status) = exchange.status().filter(|status| !as_json && *status >= StatusCode::BAD_REQUEST) else {
        return;
    };
    let url = masks.masked(exchange.url.as_str());
    printer::note(&format!("authscope: {} {url} answered {status}", exchange.method));
    for cause in exchange.diagnosis.iter().flat_map(|diagnosis| &diagnosis.causes) {
        printer::note(&format!("  {} ({})", cause.what, cause.seen));
    }
    for next in exchange.diagnosis.iter().filter_map(|diagnosis| diagnosis.next.as_ref()) {
        printer::note(&format!("  The facts name no cause; {}.", next.what));
    }
}
