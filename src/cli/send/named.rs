//! `authscope send NAME`: a request of the collection, or all of a file of it, one after another.
//!
//! Each may take values from the answers before it. A request that `# @ref NAME` names is sent before the one that names
//! it. The first that fails is the last.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task;

use super::{Arguments, made, payload, request, session};
use crate::{
    app::{environment, variables::Called},
    cli::{
        collection,
        exit::{Exit, Stop},
        printer,
        session::Session,
        signals::Signals,
        start::Globals,
    },
    config::paths::Paths,
    domain::{
        exchange::ExchangeId,
        redact::Redactor,
        request::Prepared,
        template::{Value, dynamic::Draws},
        token::TokenPolicy,
    },
    engine::{Call, Observer},
    library::{
        collection::{Collection, Place, leads_out},
        http_file::Block,
        variables::{self, Layer, Outside, Reach, answers::Answers},
    },
    store::payload::assembled,
};

/// What a run has come to.
struct Run<'a> {
    arguments: &'a Arguments,
    collection: Collection,
    paths: Paths,
    session: Session,
    masks: Redactor,
    answers: Answers,
    key: [u8; 32],
    drawn: u64,
}

/// Sends it, or them.
pub(super) async fn run(
    name: &str,
    arguments: &Arguments,
    globals: &Globals,
    signals: &Signals,
) -> anyhow::Result<Exit> {
    let paths = Paths::of_this_machine();
    let Some(collection) = collection::opened(globals, &paths, arguments.json)? else {
        let text = format!("`{name}` is no address, and there is no collection to find it in");
        return Err(Stop::usage(text).hint("an address begins with `/`, or with http:// or https://; `--collection DIR` names a folder of `.http` files").into());
    };
    for (given, what) in [(arguments.data.is_some(), "-d"), (arguments.repeat.is_some(), "--repeat")] {
        if given {
            return Err(Stop::usage(format!("{what} goes with an address, not with the name of a request")).into());
        }
    }
    let steps = in_order(&collection, name)?;
    let masks = Redactor::default();
    // The session tells one observer of all calls; each call has its own.
    let now: Arc<Mutex<Observer>> = Arc::new(Mutex::new(Arc::new(|_| {})));
    let watch: Observer = {
        let now = now.clone();
        Arc::new(move |event| {
            let watch = now.lock().unwrap_or_else(PoisonError::into_inner).clone();
            watch(event);
        })
    };
    let session = session(arguments, globals, &masks, watch)?;
    let mut key = [0; 32];
    // Without randomness values are drawn from the time alone.
    let _ = getrandom::fill(&mut key);
    let mut run = Run { arguments, collection, paths, session, masks, answers: Answers::default(), key, drawn: 0 };
    let count = steps.len();
    for (id, (place, block)) in (1..).zip(steps) {
        let call = match signals.or(run.call(&place, &block)).await {
            Ok(call) => call?,
            Err(exit) => return Ok(exit),
        };
        let stream = (!arguments.json).then(|| payload::Stream::new(signals.cancel().clone(), run.masks.clone()));
        if let Some(stream) = &stream {
            *now.lock().unwrap_or_else(PoisonError::into_inner) = stream.watch(call.prepared.follow);
        }
        let (session, masks) = (&run.session, &run.masks);
        let (exchange, exit) = made(arguments, (session, masks), signals, (ExchangeId(id), call), stream).await?;
        if count > 1 && !arguments.json {
            let status = exchange.status().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            printer::note(&format!("authscope: {}: {status}", title(&block)));
        }
        if exit != Exit::Done {
            return Ok(exit);
        }
        let called = Called::of(&block);
        let names = called.names.iter().map(String::as_str).chain([block.draft.name.as_str()]);
        run.answers.learn(names, &called.gives, &exchange);
    }
    Ok(Exit::Done)
}

fn title(block: &Block) -> String {
    let draft = &block.draft;
    if draft.name.is_empty() { format!("{} {}", draft.method, draft.url) } else { draft.name.clone() }
}

/// What a name means, each request behind those that it refers to.
fn in_order(collection: &Collection, name: &str) -> Result<Vec<(Place, Block)>, Stop> {
    let found = collection.named(name);
    if found.is_empty() {
        return Err(collection::unknown(collection, name));
    }
    let mut steps = Vec::new();
    for step in found {
        add(collection, step, &mut Vec::new(), &mut steps)?;
    }
    Ok(steps)
}

fn add(
    collection: &Collection,
    (place, block): (Place, Block),
    chain: &mut Vec<String>,
    steps: &mut Vec<(Place, Block)>,
) -> Result<(), Stop> {
    if steps.iter().any(|(known, _)| *known == place) {
        return Ok(());
    }
    let id = block.id().to_owned();
    if chain.contains(&id) {
        chain.push(id);
        return Err(Stop::usage(format!("a request needs itself by `# @ref`: {}", chain.join(" → "))));
    }
    chain.push(id);
    let wanted = block.settings.iter().filter(|(name, _)| matches!(name.as_str(), "ref" | "forceRef"));
    for (_, name) in wanted {
        let first = collection.named(name).into_iter().next();
        add(collection, first.ok_or_else(|| collection::unknown(collection, name))?, chain, steps)?;
    }
    chain.pop();
    steps.push((place, block));
    Ok(())
}

impl Run<'_> {
    /// The call that a request makes now.
    async fn call(&mut self, place: &Place, block: &Block) -> anyhow::Result<Call> {
        let prepared = self.prepared(place, block)?;
        let (folder, cache) = (self.collection.folder_of(&place.file), self.session.cache.clone());
        let mut prepared = prepared;
        let body = std::mem::take(&mut prepared.body);
        let read = task::spawn_blocking(move || assembled(body, &folder, cache.as_deref())).await?;
        prepared.body = read.map_err(|error| Stop::usage(error.to_string()))?;
        let profile = self.session.profile.clone();
        let own = block.setting("policy").and_then(TokenPolicy::named);
        let policy = self.arguments.policy.or(own).unwrap_or(profile.policy);
        Ok(Call { prepared, policy, profile, credential: String::new() })
    }

    fn prepared(&mut self, place: &Place, block: &Block) -> Result<Prepared, Stop> {
        let (draft, profile) = (&block.draft, &self.session.profile);
        let near = [Layer::new("--var", self.arguments.variables.iter().cloned()), Layer::own(draft)];
        let mut far = self.collection.layers(&place.file);
        far.extend(environment::layers(profile));
        let unread = Outside::default();
        let reach = Reach { near: &near, answers: &self.answers, far: &far, outside: &unread };
        let wanted = reach.wanted(variables::names(draft));
        let file = self.collection.folder().join(&place.file);
        let trusted =
            || collection::is_trusted(&self.paths, &file, self.collection.text(&place.file).unwrap_or_default());
        let untrusted = |what: String| {
            let shown = file.display();
            Stop::usage(format!(
                "“{}” of {shown} reads {what}, and this file is not trusted: nothing was read or sent",
                title(block)
            ))
            .hint(format!(
                "`authscope trust {shown}` shows all that it reads and where that goes, and trusts it as it is"
            ))
        };
        if !wanted.is_empty() && !trusted() {
            let names = wanted.join(", ");
            return Err(untrusted(format!("the environment ({names}) for {} {}", draft.method, draft.url)));
        }
        let outside = collection::read(&wanted);
        let draws = Draws::new(self.session.clock.wall(), self.key, self.drawn);
        let in_reach = Reach { outside: &outside, ..reach }.variables(variables::names(draft));
        let in_reach = in_reach.drawing(draws).bound_to(profile.bound_origins());
        for variable in in_reach.iter() {
            if let Value::Secret(secret) = &variable.value {
                self.masks.learn(secret.clone(), &variable.name);
            }
        }
        let mut prepared = draft.prepared(&in_reach).map_err(|errors| {
            let told: Vec<_> = errors.iter().map(|error| error.text.clone()).collect();
            Stop::usage(format!("“{}” was not sent: {}", title(block), told.join("; ")))
                .hint("`--var NAME=VALUE` gives a variable a value")
        })?;
        if let Some(path) = prepared.body.files().into_iter().find(|path| leads_out(path)).filter(|_| !trusted()) {
            return Err(untrusted(format!("the file {} for {} {}", path.display(), prepared.method, prepared.url)));
        }
        prepared.headers.extend(request::headers(&self.arguments.headers)?);
        prepared.follow = !self.arguments.no_follow && block.setting("no-redirect").is_none();
        self.drawn = in_reach.draws();
        Ok(prepared)
    }
}
