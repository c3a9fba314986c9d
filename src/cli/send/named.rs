//! `authscope send NAME`: a request of the collection, or all of a file of it, one after another.
//!
//! Each may take values from the answers before it. A request that `# @ref NAME` names is sent before the one that names
//! it. The first that fails is the last.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Arguments, made, payload, session};
use crate::{
    cli::{
        chain::{Chain, Given, in_order, title},
        collection,
        exit::{Exit, Stop},
        printer,
        signals::Signals,
        start::Globals,
    },
    config::paths::Paths,
    domain::{exchange::ExchangeId, redact::Redactor},
    engine::Observer,
};

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
    let found = collection.named(name);
    if found.is_empty() {
        return Err(collection::unknown(&collection, name).into());
    }
    let steps = in_order(&collection, found)?;
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
    let Arguments { variables, headers, no_follow, policy, .. } = arguments;
    let given = Given { variables, headers, follow: !no_follow, policy: *policy };
    let mut chain = Chain::new(given, (collection, paths), session, masks);
    let count = steps.len();
    for (id, (place, block)) in (1..).zip(steps) {
        let call = match signals.or(chain.call(&place, &block)).await {
            Ok(call) => call?,
            Err(exit) => return Ok(exit),
        };
        let stream = (!arguments.json).then(|| payload::Stream::new(signals.cancel().clone(), chain.masks.clone()));
        if let Some(stream) = &stream {
            *now.lock().unwrap_or_else(PoisonError::into_inner) = stream.watch(call.prepared.follow);
        }
        let (session, masks) = (&chain.session, &chain.masks);
        let (exchange, exit) = made(arguments, (session, masks), signals, (ExchangeId(id), call), stream).await?;
        if count > 1 && !arguments.json {
            let status = exchange.status().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            printer::note(&format!("authscope: {}: {status}", title(&block)));
        }
        if exit != Exit::Done {
            return Ok(exit);
        }
        chain.learn(&block, &exchange);
    }
    Ok(Exit::Done)
}
