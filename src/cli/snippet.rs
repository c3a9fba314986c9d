//! `authscope snippet`: a request, its token call or the whole flow as source code.
//!
//! Nothing is sent. With `--reveal`, which asks, the secret stands in the code as text; it goes to standard output and
//! nowhere else, no history or log has it.

use std::sync::Arc;

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser as _},
};

use super::{
    exit::{Exit, Stop},
    printer, prompt,
    send::request::{self, Words},
    session::Session,
    signals::Signals,
    start::{self, Globals},
};
use crate::{
    body::Body,
    config::{nearest::not_allowed, own_snippets, paths::Paths, profiles::SANDBOX},
    domain::{
        profile::{Place, Profile},
        redact::Redactor,
        request::{Prepared, RequestBody},
        template::Variables,
    },
    library::catalogue::{self, SEEDED_TRANSACTION},
    snippet::{Folder, Kind, Language, Revealed, SnippetError, Snippets, Subject},
};

/// The largest body that stands in a snippet.
const LARGEST: u64 = 1 << 20;

const EXAMPLES: &str = "\
Examples:
  authscope snippet --list
  authscope snippet 'Create a payment' --lang python --kind flow
  authscope snippet POST /_sandbox/echo -H 'X-Trace: 7' -d '{\"a\":1}' --lang go
  TOKEN=$(authscope snippet --kind token | sh)

A folder in `snippets` beside the config file changes the templates of a language, or adds one.";

/// Writes a request, its token call or the whole flow as code to paste and run
#[derive(Args)]
#[command(after_help = EXAMPLES, override_usage = "authscope snippet [OPTIONS] [NAME | [METHOD] <URL>]")]
pub(super) struct Arguments {
    /// The name of a request of the catalogue, or an address as `send` takes it; a token call needs neither
    #[arg(num_args = 0..=2, value_name = "NAME|URL")]
    target: Vec<String>,
    /// The language, one of those that `--list` prints
    #[arg(long, value_name = "LANGUAGE", default_value = "curl")]
    lang: String,
    /// The token call alone, one call with a token at hand, or both with a renewal and a replay
    #[arg(long, default_value = "call", value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::name))
        .map(|name| Kind::named(&name).unwrap_or_default()))]
    kind: Kind,
    /// A header field, or a file with one a line; may be given more than once
    #[arg(short = 'H', long = "header", value_name = "'Name: value'|@FILE")]
    headers: Vec<String>,
    /// The body: as it stands, from a file, or from standard input
    #[arg(short, long, value_name = "DATA|@FILE|-")]
    data: Option<String>,
    /// Print the languages, what each calls with, and whether tests run it
    #[arg(long, conflicts_with_all = ["target", "headers", "data", "reveal"])]
    list: bool,
    /// Write the secrets into the code as text; it asks first
    #[arg(long)]
    reveal: bool,
}

impl Arguments {
    fn words(&self) -> Words<'_> {
        let Self { target, headers, data, .. } = self;
        Words { target, headers, data: data.as_deref(), follow: true }
    }
}

/// Prints the code, and what there is to know about it beside it.
pub(super) async fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<Exit> {
    let snippets = snippets(globals);
    if arguments.list {
        list(&snippets)?;
        return Ok(Exit::Done);
    }
    let unknown = || {
        let known: Vec<_> = snippets.all().iter().map(|language| language.id.as_str()).collect();
        Stop::usage(format!("--lang: {}", not_allowed(&arguments.lang, &known)))
    };
    if request::shows_a_secret(arguments.words()) {
        printer::warning(
            "a secret in the command line is seen by other programs and kept by the shell: `-H @FILE` and `-d @FILE` hide it",
            false,
        );
    }
    let language = snippets.named(&arguments.lang).ok_or_else(unknown)?;
    if arguments.reveal && !agreed()? {
        return Ok(Exit::Cancelled);
    }
    let signals = Signals::listen()?;
    let session = Session::open(globals, Arc::new(|_| {}), Redactor::default(), false, |_| {})?;
    let written = async {
        let request = match (arguments.kind, arguments.target.is_empty()) {
            (Kind::Token, true) => None,
            (kind, true) => {
                let none = SnippetError::NoRequest(kind);
                Err(Stop::usage(none.to_string()).hint(none.hint()))?
            }
            _ => Some(at_hand(request(arguments, &session).await?)?),
        };
        let revealed = if arguments.reveal { Some(revealed(arguments.kind, &session).await?) } else { None };
        print(language, arguments.kind, request.as_ref(), &session.profile, revealed.as_ref())
    };
    if session.profile.name == SANDBOX {
        printer::note("authscope: this sandbox ends with this command; `authscope sandbox` is one that stays");
    }
    match signals.or(written).await {
        Ok(written) => written.map(|()| Exit::Done),
        Err(exit) => Ok(exit),
    }
}

/// The languages of the program and of the person; what is wrong with one of those is told.
pub(super) fn snippets(globals: &Globals) -> Snippets {
    let paths = Paths::of_this_machine();
    let Some(config) = start::config_path(globals, &paths) else { return Snippets::default() };
    let (own, flaws) = own_snippets::all(&own_snippets::folder(config));
    for flaw in flaws {
        printer::warning(&flaw.to_string(), false);
    }
    if own.is_empty() {
        return Snippets::default();
    }
    let own: Vec<_> = own.into_iter().map(|(name, files)| Folder { name, files }).collect();
    let (snippets, broken) = Snippets::with(&own);
    for broken in broken {
        printer::warning(&broken.to_string(), false);
    }
    snippets
}

fn list(snippets: &Snippets) -> anyhow::Result<()> {
    let lines: Vec<_> = snippets
        .all()
        .iter()
        .map(|language| {
            let about = &language.about;
            (language.id.as_str(), format!("{} with {}; {}", about.name, about.library, about.proof.words()))
        })
        .collect();
    Ok(printer::line(&printer::columns(&lines))?)
}

fn agreed() -> anyhow::Result<bool> {
    let agreed = prompt::agreed("Write the secret into the code as text? Type yes:")?;
    Ok(agreed.ok_or_else(|| {
        Stop::usage("there is nobody to ask whether the secret may stand in the code")
            .hint("without `--reveal` the code reads it from an environment variable")
    })?)
}

/// The request of that name, or the one that the words say.
async fn request(arguments: &Arguments, session: &Session) -> anyhow::Result<Prepared> {
    let profile = &session.profile;
    let named = match arguments.target.as_slice() {
        [name] if !name.contains('/') => Some(of_catalogue(name, profile)?),
        _ => None,
    };
    match named {
        Some(prepared) if arguments.headers.is_empty() && arguments.data.is_none() => Ok(prepared),
        Some(_) => Err(Stop::usage("a request of the catalogue is written as it is, without -H and -d"))?,
        None => request::prepared(arguments.words(), profile, session.cache.clone()).await,
    }
}

fn of_catalogue(name: &str, profile: &Profile) -> Result<Prepared, Stop> {
    let entries = catalogue::entries();
    let calls = entries.iter().filter(|entry| !entry.token_call).map(|entry| &entry.block.draft);
    let names: Vec<_> = calls.clone().map(|draft| draft.name.as_str()).collect();
    let draft = calls.clone().find(|draft| draft.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        Stop::usage(format!("the catalogue has no such request: {}", not_allowed(name, &names)))
            .hint("an address is whole, or begins with `/`")
    })?;
    let own = draft.variables.iter().filter(|row| row.on).map(|row| (row.name.as_str(), row.value.as_str(), "request"));
    let of_profile = [("base_url", profile.base(), "profile"), ("token_url", profile.token_url.as_str(), "profile")];
    let seeded = (profile.place == Place::Sandbox).then_some(("txNo", SEEDED_TRANSACTION, "sandbox"));
    let variables = Variables::new(own.chain(of_profile).chain(seeded));
    draft
        .prepared(&variables)
        .map_err(|errors| Stop::usage(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
}

/// The same with its body in memory, up to a size that a person would paste.
fn at_hand(mut request: Prepared) -> anyhow::Result<Prepared> {
    let size = request.body.size();
    if size > LARGEST {
        let text = format!("the body has {size} bytes, and a snippet holds 1 MiB at most");
        Err(Stop::usage(text).hint("write it with a small body, and read the large one from a file in your code"))?;
    }
    request.body = match request.body {
        RequestBody::File { path, .. } => RequestBody::Bytes(std::fs::read(path)?.into()),
        RequestBody::Spooled(body) => RequestBody::Bytes(bytes(&body)?.into()),
        at_hand => at_hand,
    };
    Ok(request)
}

fn bytes(body: &Body) -> std::io::Result<Vec<u8>> {
    body.bytes(0, usize::try_from(body.len()).unwrap_or(0))
}

/// The secrets that are to stand in the code.
async fn revealed(kind: Kind, session: &Session) -> anyhow::Result<Revealed> {
    let access = session.engine.access(&session.profile, "").await.map_err(|refusal| Stop::refused(&refusal))?;
    if kind != Kind::Call {
        return Ok(Revealed { token: None, client_secret: Some(access.secret) });
    }
    let token = session.engine.renew(&access).await.map_err(|failure| Stop::no_token(&failure))?;
    let kept = session.engine.tokens().kept(&access, token.serial);
    let Some(kept) = kept else { anyhow::bail!("{} is gone", token.serial) };
    Ok(Revealed { token: Some(kept.secret.clone()), client_secret: None })
}

fn print(
    language: &Language,
    kind: Kind,
    request: Option<&Prepared>,
    profile: &Profile,
    revealed: Option<&Revealed>,
) -> anyhow::Result<()> {
    let subject = Subject { request, profile, credential: profile.credentials.first(), revealed };
    let snippet =
        language.snippet(kind, &subject).map_err(|error| Stop::usage(error.to_string()).hint(error.hint()))?;
    if let Some(why) = &snippet.not_expressible {
        printer::warning(&format!("{} cannot send this request as it is: {why}", language.about.name), false);
    }
    Ok(printer::line(snippet.text.trim_end())?)
}
