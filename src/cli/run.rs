//! `authscope run`: the requests of a file, or of all files of a folder, in order, each judged by what it expects.
//!
//! A request without an expectation of its status is good below 400. Values go from answer to request as in `send NAME`.
//! Load and long suites are for programs made for that.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;

use super::{
    chain::{Chain, Given, in_order, title},
    collection,
    exit::{Exit, Stop},
    report::{Forms, Report, Step},
    send,
    session::Session,
    signals::Signals,
    start::{self, Globals},
};
use crate::{
    config::{paths::Paths, quantity},
    domain::{
        exchange::{Exchange, ExchangeId, Outcome},
        figures,
        redact::Redactor,
    },
    library::{
        assertion::Assertion,
        collection::{Collection, Place},
        http_file::Block,
    },
};

const EXAMPLES: &str = "\
Examples:
  authscope run requests
  authscope run payments.http --var txNo=txn_demo0001 --fail-fast
  authscope run requests --profile mine --junit run.xml
  authscope run requests --tap

Expectations stand above the line of the request:
  # @assert status == 201
  # @assert headers.Content-Type contains json
  # @assert body.transactionId exists
  # @assert time < 500 ms

Exit codes:
  0 all is as expected    1 something is not    2 usage, or refused before anything was sent
  3 credentials    6 network, TLS, token call    7 a limit on size or time    130 cancelled    143 terminated";

/// Sends the requests of .http files in order and judges their answers
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A `.http` file, or a folder of them
    #[arg(value_name = "FILE|DIR")]
    what: PathBuf,
    /// A variable of this run, in place of any other of that name; may be given more than once
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = send::variable)]
    variables: Vec<(String, String)>,
    /// Send nothing after the first request that fails
    #[arg(long)]
    fail_fast: bool,
    #[command(flatten)]
    pub(super) forms: Forms,
}

/// A request, and what it expects.
struct Case {
    place: Place,
    block: Block,
    expects: Vec<Assertion>,
}

/// Sends them.
pub(super) async fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let signals = Signals::listen()?;
    let json = arguments.forms.json;
    let paths = Paths::of_this_machine();
    let (collection, file) = collected(&arguments.what, globals, &paths, json)?;
    let found: Vec<_> =
        collection.requests().filter(|(place, _)| file.as_ref().is_none_or(|file| *file == place.file)).collect();
    if found.is_empty() {
        return Err(Stop::usage(format!("there is no request in {}", arguments.what.display())).into());
    }
    let cases = in_order(&collection, found)?.into_iter().map(case).collect::<Result<Vec<_>, _>>()?;
    let masks = Redactor::default();
    let session = Session::open(globals, Arc::new(|_| {}), masks.clone(), json, |_| {})?;
    let given = Given { variables: &arguments.variables, headers: &[], follow: true, policy: None };
    let suite = format!("authscope run {}", arguments.what.display());
    let mut report = Report::begin(suite, &arguments.forms, masks.clone())?;
    let mut chain = Chain::new(given, (collection, paths), session, masks);
    let mut stopped = false;
    for (id, case) in (1..).zip(&cases) {
        let name = title(&case.block);
        if stopped {
            report.tell(Step::not_judged(name, "not sent: a request before it failed"))?;
            continue;
        }
        let step = judged(case, ExchangeId(id), &mut chain, &signals).await?;
        if let Some(exit) = signals.exit() {
            report.end()?;
            return Ok(exit);
        }
        stopped = arguments.fail_fast && step.exit != Exit::Done;
        report.tell(step)?;
    }
    report.end()
}

/// The collection, and the file of it that is meant where it is one. A file of the usual collection is read with all of it,
/// so that its variables and what it refers to are in reach; any other with the files beside it.
fn collected(what: &Path, globals: &Globals, paths: &Paths, json: bool) -> Result<(Collection, Option<PathBuf>), Stop> {
    let whole =
        fs::canonicalize(what).map_err(|error| Stop::usage(format!("{} cannot be opened: {error}", what.display())))?;
    if whole.is_dir() {
        return Ok((collection::of(whole, json)?, None));
    }
    let usual = collection::folder(globals, &start::config(globals, paths)?)?;
    let beside = || whole.parent().map_or_else(|| whole.clone(), Path::to_owned);
    let folder = usual.filter(|folder| whole.starts_with(folder)).unwrap_or_else(beside);
    let file = whole.strip_prefix(&folder).map(Path::to_owned).unwrap_or_default();
    let collection = collection::of(folder, json)?;
    if collection.file(&file).is_none() {
        let text = format!("{} is no file of requests", what.display());
        return Err(Stop::usage(text).hint("its name ends in `.http` or `.rest`"));
    }
    Ok((collection, Some(file)))
}

/// Reads what a request expects, before anything is sent.
fn case((place, block): (Place, Block)) -> Result<Case, Stop> {
    let written = block.settings.iter().filter(|(name, _)| name == "assert");
    let expects = written.map(|(_, text)| {
        Assertion::parse(text, quantity::duration).map_err(|wrong| {
            Stop::usage(format!("“{}” of {}: `# @assert {text}`: {wrong}", title(&block), place.file.display()))
                .hint("nothing was sent")
        })
    });
    let expects = expects.collect::<Result<Vec<_>, _>>()?;
    Ok(Case { place, block, expects })
}

async fn judged(case: &Case, id: ExchangeId, chain: &mut Chain<'_>, signals: &Signals) -> anyhow::Result<Step> {
    let name = title(&case.block);
    let call = match signals.or(chain.call(&case.place, &case.block)).await {
        Ok(Ok(call)) => call,
        Ok(Err(error)) => match error.downcast::<Stop>() {
            Ok(stop) => return Ok(Step::failed(name, stop.text).ending(stop.exit)),
            Err(error) => return Err(error),
        },
        Err(exit) => return Ok(Step::failed(name, "cancelled").ending(exit)),
    };
    let exchange = Arc::new(chain.session.engine.execute(id, call, signals.cancel().clone()).await);
    let step = verdict(name, case, &exchange);
    if exchange.status().is_some_and(|status| status.as_u16() < 400) {
        chain.learn(&case.block, &exchange);
    }
    Ok(Step { took: exchange.took, ..step })
}

fn verdict(name: String, case: &Case, exchange: &Arc<Exchange>) -> Step {
    let seen = format!("{} {}", exchange.method, exchange.url);
    let (why, status) = match (&exchange.outcome, exchange.status()) {
        (Outcome::Answered, Some(status)) => (None, status.to_string()),
        (Outcome::Failed(failure), _) => (Some(failure.text.clone()), String::new()),
        (Outcome::NoToken(failure), _) => (Some(failure.text.clone()), String::new()),
        (Outcome::Refused(refusal), _) => (Some(refusal.to_string()), String::new()),
        (Outcome::Cancelled | Outcome::Answered, _) => (Some("cancelled".to_owned()), String::new()),
    };
    if let Some(why) = why {
        return Step::failed(name, format!("{seen}: {why}")).ending(Exit::of(exchange));
    }
    let mut wrong: Vec<_> = case.expects.iter().filter_map(|expected| expected.judged(exchange).err()).collect();
    let expects_status = case.expects.iter().any(Assertion::is_of_status);
    if !expects_status && exchange.status().is_some_and(|status| status.as_u16() >= 400) {
        wrong.insert(0, "a status below 400 is expected".to_owned());
    }
    let seen = format!("{seen}: {status} in {}", figures::took(exchange.took));
    match (wrong.as_slice(), case.expects.len()) {
        ([], 0) => Step::good(name, seen),
        ([], 1) => Step::good(name, format!("{seen}, 1 expectation met")),
        ([], met) => Step::good(name, format!("{seen}, {met} expectations met")),
        (wrong, _) => Step::failed(name, format!("{seen}; {}", wrong.join("; "))),
    }
}
