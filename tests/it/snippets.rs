//! Snippets run: every language and kind sends what authscope itself sends, as the sandbox's journal has it.

use std::{collections::BTreeMap, fmt::Write as _, io::Write as _, path::Path, sync::Arc, time::Duration};

use authscope::{
    domain::{
        profile::Profile,
        request::{Prepared, RequestBody, header_field},
        token_answer::ExpiryIs,
    },
    sandbox::{Answer, Client, Endpoint, Entry, Order, Wait},
    snippet::{Kind, Language, Snippet, Snippets, Subject},
};
use futures_util::{StreamExt as _, stream};

use crate::{
    needs,
    world::{World, guarded},
};

mod page;
mod parsed;
mod random;
mod requests;
mod session;
mod tokens;
mod toolchains;

use requests::{CASES, Case};
use session::{End, Sessions};
use toolchains::{TOOLCHAINS, Toolchain};

/// A client whose id and secret break what is not encoded as it should be.
const CLIENT: (&str, &str) = ("my client/\u{e9}'\"$x", tokens::SECRETS[1]);
/// Every so manieth flow runs across an expiry.
const ACROSS: usize = 5;

fn world() -> World {
    World::knowing(vec![Client { id: CLIENT.0.to_owned(), secret: CLIENT.1.to_owned() }])
}

/// A snippet to run, the environment it runs in, and what is known about it.
struct Job {
    name: String,
    kind: Kind,
    snippet: Snippet,
    environment: BTreeMap<String, String>,
    what: What,
}

enum What {
    /// A case, and whether its token expires while it is on its way.
    Request(usize, bool),
    Token(usize),
    /// A flow whose answer of the token call is mapped in another way.
    Mapped(ExpiryIs),
}

/// A row of the table.
#[derive(Default)]
struct Row {
    passed: BTreeMap<Kind, usize>,
    /// Name of the request and why.
    not_expressible: Vec<(String, Kind, String)>,
    failures: Vec<String>,
}

fn prepared(world: &World, case: &Case) -> Prepared {
    let url = authscope::config::profiles::under(&world.profile.base_url, case.target).unwrap();
    let headers = case.headers.iter().map(|(name, value)| header_field(name, value).unwrap()).collect();
    let body = if case.body.is_empty() { RequestBody::Empty } else { RequestBody::Bytes(case.body.into()) };
    Prepared::new(case.method(), url, headers, body).unwrap()
}

fn snippet(language: &Language, kind: Kind, request: Option<&Prepared>, profile: &Profile) -> Snippet {
    let subject = Subject { request, profile, credential: profile.credentials.first(), revealed: None };
    language.snippet(kind, &subject).unwrap()
}

/// The variables of a snippet: what was typed, the token and the secret.
fn environment(snippet: &Snippet, token: &str, secret: &str) -> BTreeMap<String, String> {
    let value = |name: &str| if name == "TOKEN" { token.to_owned() } else { secret.to_owned() };
    let known = snippet.variables.iter().map(|variable| {
        let typed = variable.typed.as_ref().map(|typed| typed.expose().to_owned());
        (variable.name.clone(), typed.unwrap_or_else(|| value(&variable.name)))
    });
    known.collect()
}

/// What the sandbox wrote down since there were so many entries.
fn since(world: &World, before: u64) -> Vec<Entry> {
    world.sandbox.journal().entries().into_iter().filter(|entry| entry.n > before).collect()
}

fn last(world: &World) -> u64 {
    world.sandbox.journal().entries().last().map_or(0, |entry| entry.n)
}

/// What is different between what authscope sent and what a snippet sent.
fn differs(sent: &Entry, got: &Entry, named: &[String], joins: bool) -> Option<String> {
    let head =
        |entry: &Entry| (entry.method.clone(), entry.target.clone(), entry.body_length, entry.body_sha256.clone());
    if head(sent) != head(got) {
        return Some(format!("{:?} instead of {:?}", head(got), head(sent)));
    }
    named.iter().find_map(|name| {
        let values = |entry: &Entry| entry.values(name).map(str::to_owned).collect::<Vec<_>>();
        let (wanted, got) = (values(sent), values(got));
        let same = wanted == got || joins && vec![wanted.join(", ")] == got;
        (!same).then(|| format!("{name}: {got:?} instead of {wanted:?}"))
    })
}

fn names(prepared: &Prepared) -> Vec<String> {
    prepared.headers.iter().map(|(name, _)| name.as_str().to_owned()).collect()
}

/// What runs the snippets of a language.
struct Runner<'a> {
    toolchain: &'a Toolchain,
    folder: &'a Path,
    sessions: Sessions,
}

impl Runner<'_> {
    /// Runs a job to its end.
    async fn run(&mut self, at: usize, job: &Job) -> End {
        if self.toolchain.is_session() {
            return guarded(self.sessions.run(at, &job.environment)).await;
        }
        let mut command = tokio::process::Command::from(self.toolchain.command(self.folder, at));
        command.envs(&job.environment).kill_on_drop(true);
        let output = guarded(command.output()).await.unwrap();
        End { good: output.status.success(), out: output.stdout, err: output.stderr }
    }
}

fn told(end: &End) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(1500).collect::<String>();
    format!("{}\n{}", text(&end.out), text(&end.err))
}

/// A request in a call or a flow.
async fn sends(
    world: &World,
    runner: &mut Runner<'_>,
    at: usize,
    job: &Job,
    case: &Case,
    across: bool,
) -> Result<(), String> {
    let request = prepared(world, case);
    let before = last(world);
    world.send(request.clone()).await;
    let sent = since(world, before).pop().unwrap();
    let (before, counts) = (last(world), world.sandbox.journal().counts());
    let journal = world.sandbox.journal();
    let output = if across {
        world.order(Order::Wait { endpoint: Endpoint::Api, wait: Wait::Hang, times: Some(1) });
        let expire = async {
            journal.wait_until(|now| now.in_flight == 1).await;
            world.hands.advance(Duration::from_secs(1801));
            world.order(Order::Release { endpoint: Endpoint::Api, calls: None });
        };
        let run = runner.run(at, job);
        let (mut run, mut expire) = (std::pin::pin!(run), std::pin::pin!(expire));
        tokio::select! {
            output = &mut run => output,
            () = &mut expire => run.await,
        }
    } else {
        runner.run(at, job).await
    };
    world.order(Order::Normal { endpoint: Endpoint::Api });
    let entries = since(world, before);
    let api: Vec<_> = entries.iter().filter(|entry| entry.endpoint == Endpoint::Api).collect();
    let tokens = usize::try_from(journal.counts().token_issued - counts.token_issued).unwrap();
    let wanted = match (job.kind, across) {
        (Kind::Flow, true) => (2, 2),
        (Kind::Flow, false) => (1, 1),
        _ => (0, 1),
    };
    if (tokens, api.len()) != wanted {
        return Err(format!("{tokens} tokens and {} calls instead of {wanted:?}: {}", api.len(), told(&output)));
    }
    if across && (api[0].status, api[1].status) != (Some(401), Some(200)) {
        return Err(format!("{:?}, then {:?}", api[0].status, api[1].status));
    }
    let issued = entries.iter().rev().find(|entry| entry.endpoint == Endpoint::Token).and_then(|entry| entry.serial);
    let carried = api.last().and_then(|entry| entry.serial);
    if carried.is_none() || job.kind == Kind::Flow && carried != issued {
        return Err(format!("token {carried:?} went out instead of {issued:?}"));
    }
    if let Some(why) = api.iter().find_map(|got| differs(&sent, got, &names(&request), runner.toolchain.joins)) {
        return Err(why);
    }
    let good = sent.status.is_some_and(|status| status < 400);
    if job.kind == Kind::Flow && good != output.good {
        return Err(format!("ended badly: {}", told(&output)));
    }
    Ok(())
}

/// A token call. It goes to a path whose bodies the journal has.
async fn asks(world: &World, runner: &mut Runner<'_>, at: usize, job: &Job, profile: &Profile) -> Result<(), String> {
    let body = r#"{"access_token":"{{token}}","expires_in":1800,"token_type":"Bearer"}"#.to_owned();
    let answer = Answer::Raw { status: 200, content_type: "application/json".to_owned(), body };
    world.order(Order::Answer { endpoint: Endpoint::Api, answer, times: None });
    let before = last(world);
    let access = world.engine.access_at_hand(&Arc::new(profile.clone()), "").unwrap().unwrap();
    world.engine.renew(&access).await.map_err(|failure| failure.text.clone())?;
    let sent = since(world, before).pop().unwrap();
    let before = last(world);
    let output = runner.run(at, job).await;
    world.order(Order::Normal { endpoint: Endpoint::Api });
    let entries = since(world, before);
    let [got] = entries.as_slice() else {
        return Err(format!("{} calls: {}", entries.len(), told(&output)));
    };
    let mut named: Vec<_> = profile.token_headers.iter().map(|(name, _)| name.as_str().to_owned()).collect();
    named.extend(["accept", "content-type", "authorization"].map(str::to_owned));
    if let Some(why) = differs(&sent, got, &named, false) {
        return Err(why);
    }
    let printed = String::from_utf8_lossy(&output.out).trim().to_owned();
    let is_token = printed.starts_with("eyJ") && printed.split('.').count() == 3;
    if is_token && output.good { Ok(()) } else { Err(format!("no token: {}", told(&output))) }
}

/// A flow whose token call is written, answered and carried in another way than usual.
async fn maps(world: &World, runner: &mut Runner<'_>, at: usize, job: &Job, body: String) -> Result<(), String> {
    let answer = Answer::Raw { status: 200, content_type: "application/json".to_owned(), body };
    world.order(Order::Answer { endpoint: Endpoint::Token, answer, times: None });
    // Once refused, then taken: the flow renews across it.
    world.order(Order::Answer { endpoint: Endpoint::Api, answer: Answer::Refuse, times: Some(1) });
    let before = last(world);
    let output = runner.run(at, job).await;
    world.order(Order::Normal { endpoint: Endpoint::Token });
    world.order(Order::Normal { endpoint: Endpoint::Api });
    let entries = since(world, before);
    let (tokens, calls): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| entry.endpoint == Endpoint::Token);
    if (tokens.len(), calls.len()) != (2, 2) {
        return Err(format!("{} token calls and {} calls: {}", tokens.len(), calls.len(), told(&output)));
    }
    let carried: Vec<_> = calls.iter().flat_map(|entry| entry.values("x-auth-token")).collect();
    let tokens_went_out = carried.len() == 2 && carried.iter().all(|value| value.starts_with("Token eyJ"));
    let basic = tokens.iter().all(|entry| entry.values("authorization").any(|value| value.starts_with("Basic <")));
    if tokens_went_out && carried[0] != carried[1] && basic && output.good {
        return Ok(());
    }
    Err(format!("carried {carried:?}: {}", told(&output)))
}

/// Every job of a language.
async fn row(toolchain: &Toolchain, language: &Language) -> Row {
    let world = world();
    let mut row = Row::default();
    let access = world.access();
    let token = world.engine.renew(&access).await.unwrap();
    let token = world.engine.tokens().kept(&access, token.serial).unwrap();
    let token_cases = tokens::cases(&world.profile);
    let mut jobs = Vec::new();
    let mut add = |name: String, kind, snippet: Snippet, secret: &str, what| {
        let environment = environment(&snippet, token.secret.expose(), secret);
        jobs.push(Job { name, kind, snippet, environment, what });
    };
    for (at, case) in token_cases.iter().enumerate() {
        let snippet = snippet(language, Kind::Token, None, &case.profile);
        add(case.name.clone(), Kind::Token, snippet, case.secret, What::Token(at));
    }
    for kind in [Kind::Call, Kind::Flow] {
        for (at, case) in CASES.iter().enumerate() {
            let snippet = snippet(language, kind, Some(&prepared(&world, case)), &world.profile);
            if let Some(why) = &snippet.not_expressible {
                assert!(snippet.text.contains("Not expressible here"), "{}", snippet.text);
                row.not_expressible.push((case.name.to_owned(), kind, why.clone()));
                continue;
            }
            let across = kind == Kind::Flow && at % ACROSS == 0 && case.target.starts_with("/_sandbox/echo");
            add(case.name.to_owned(), kind, snippet, CLIENT.1, What::Request(at, across));
        }
    }
    for until in ExpiryIs::ALL {
        let (profile, _) = tokens::mapped(&world.profile, CLIENT, until);
        let request = prepared(
            &world,
            &Case { name: "hook", method: "POST", target: "/_sandbox/open", headers: &[], body: b"x" },
        );
        add(
            format!("mapped, {}", until.name()),
            Kind::Flow,
            snippet(language, Kind::Flow, Some(&request), &profile),
            CLIENT.1,
            What::Mapped(until),
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let texts: Vec<_> = jobs.iter().map(|job| job.snippet.text.clone()).collect();
    if let Err(why) = toolchain.build(folder.path(), &texts) {
        row.failures.push(why);
        return row;
    }
    let environments = jobs.iter().map(|job| &job.environment).filter(|_| toolchain.is_session());
    let sessions = Sessions::start(toolchain, folder.path(), environments);
    let mut runner = Runner { toolchain, folder: folder.path(), sessions };
    for (at, job) in jobs.iter().enumerate() {
        let end = match &job.what {
            What::Request(case, across) => sends(&world, &mut runner, at, job, &CASES[*case], *across).await,
            What::Token(case) => asks(&world, &mut runner, at, job, &token_cases[*case].profile).await,
            What::Mapped(until) => {
                let (_, body) = tokens::mapped(&world.profile, CLIENT, *until);
                maps(&world, &mut runner, at, job, body).await
            }
        };
        match end {
            Ok(()) if !matches!(job.what, What::Mapped(_)) => *row.passed.entry(job.kind).or_default() += 1,
            Ok(()) => {}
            Err(why) => row.failures.push(format!("{} {}: {}: {why}", language.id, job.kind, job.name)),
        }
    }
    row
}

#[tokio::test]
async fn every_snippet_sends_what_authscope_sends() {
    assert!(CASES.len() >= 40 && tokens::cases(&world().profile).len() >= 40);
    let snippets = Snippets::default();
    let (mut here, mut table) = (Vec::new(), String::from("language     token   call   flow\n"));
    for toolchain in TOOLCHAINS {
        match toolchain.missing() {
            Some(why) => needs::skipped(&why),
            None => here.push(toolchain),
        }
    }
    let only = std::env::var("AUTHSCOPE_SNIPPETS").ok();
    here.retain(|toolchain| only.as_ref().is_none_or(|only| only.split(',').any(|id| id == toolchain.id)));
    // Two at once: one waits while the other works.
    let rows: Vec<_> = stream::iter(here)
        .map(|toolchain| async { (toolchain.id, row(toolchain, snippets.named(toolchain.id).unwrap()).await) })
        .buffered(2)
        .collect()
        .await;
    let (mut failures, mut cells) = (Vec::new(), 0);
    for (id, row) in rows {
        let count = |kind| row.passed.get(&kind).copied().unwrap_or_default();
        let _ = writeln!(table, "{id:12} {:5}  {:5}  {:5}", count(Kind::Token), count(Kind::Call), count(Kind::Flow));
        for (case, kind, why) in &row.not_expressible {
            cells += 1;
            let _ = writeln!(table, "{:12} {kind}, {case}: not expressible: {why}", "");
        }
        failures.extend(row.failures);
    }
    // Past the capture of a test that passes.
    let _ = std::io::stdout().write_all(table.as_bytes());
    assert!(failures.is_empty(), "{}\n{table}", failures.join("\n\n"));
    assert!(cells <= 5, "{cells} cells are not expressible");
}
