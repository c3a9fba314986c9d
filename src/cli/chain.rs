//! Requests of a collection, one after another: each may take values from the answers before it, and one that `# @ref NAME`
//! names goes before the one that names it. `send NAME` and `run` go by it.

use std::sync::Arc;

use tokio::task;

use super::{collection, exit::Stop, send::request, session::Session};
use crate::{
    app::{environment, variables::Called},
    config::paths::Paths,
    domain::{
        exchange::Exchange,
        redact::Redactor,
        request::Prepared,
        template::{Value, dynamic::Draws},
        token::TokenPolicy,
    },
    engine::Call,
    library::{
        collection::{Collection, Place, leads_out},
        http_file::Block,
        variables::{self, Layer, Outside, Reach, answers::Answers},
    },
    store::payload::assembled,
};

/// What the command line says of all of them.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    /// Variables of this run.
    pub(super) variables: &'a [(String, String)],
    /// Further header fields, or files of them.
    pub(super) headers: &'a [String],
    /// Whether redirects are followed.
    pub(super) follow: bool,
    /// The policy in place of theirs.
    pub(super) policy: Option<TokenPolicy>,
}

/// What they have come to.
pub(super) struct Chain<'a> {
    given: Given<'a>,
    collection: Collection,
    paths: Paths,
    pub(super) session: Session,
    pub(super) masks: Redactor,
    answers: Answers,
    key: [u8; 32],
    drawn: u64,
}

/// A request by its name, or by what it does.
pub(super) fn title(block: &Block) -> String {
    let draft = &block.draft;
    if draft.name.is_empty() { format!("{} {}", draft.method, draft.url) } else { draft.name.clone() }
}

/// These requests, each behind those that it refers to.
pub(super) fn in_order(
    collection: &Collection,
    found: impl IntoIterator<Item = (Place, Block)>,
) -> Result<Vec<(Place, Block)>, Stop> {
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

impl<'a> Chain<'a> {
    /// None of them was sent yet.
    pub(super) fn new(
        given: Given<'a>,
        (collection, paths): (Collection, Paths),
        session: Session,
        masks: Redactor,
    ) -> Self {
        let mut key = [0; 32];
        // Without randomness values are drawn from the time alone.
        let _ = getrandom::fill(&mut key);
        Self { given, collection, paths, session, masks, answers: Answers::default(), key, drawn: 0 }
    }

    /// The answer of one came: those that follow may take values from it.
    pub(super) fn learn(&mut self, block: &Block, exchange: &Arc<Exchange>) {
        let called = Called::of(block);
        let names = called.names.iter().map(String::as_str).chain([block.draft.name.as_str()]);
        self.answers.learn(names, &called.gives, exchange);
    }

    /// The call that a request makes now.
    pub(super) async fn call(&mut self, place: &Place, block: &Block) -> anyhow::Result<Call> {
        let mut prepared = self.prepared(place, block)?;
        let (folder, cache) = (self.collection.folder_of(&place.file), self.session.cache.clone());
        let body = std::mem::take(&mut prepared.body);
        let read = task::spawn_blocking(move || assembled(body, &folder, cache.as_deref())).await?;
        prepared.body = read.map_err(|error| Stop::usage(error.to_string()))?;
        let profile = self.session.profile.clone();
        let own = block.setting("policy").and_then(TokenPolicy::named);
        let policy = self.given.policy.or(own).unwrap_or(profile.policy);
        Ok(Call { prepared, policy, profile, credential: String::new() })
    }

    fn prepared(&mut self, place: &Place, block: &Block) -> Result<Prepared, Stop> {
        let (draft, profile) = (&block.draft, &self.session.profile);
        let near = [Layer::new("--var", self.given.variables.iter().cloned()), Layer::own(draft)];
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
        prepared.headers.extend(request::headers(self.given.headers)?);
        prepared.follow = self.given.follow && block.setting("no-redirect").is_none();
        self.drawn = in_reach.draws();
        Ok(prepared)
    }
}
