//! The one test binary: every test that needs more than one room.

#![expect(unreachable_pub, reason = "modules of one test binary share their helpers")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod architecture;
mod auth_flow;
#[cfg(unix)]
mod canary;
mod chaining;
mod child;
#[cfg(unix)]
mod cli;
mod collections;
#[cfg(unix)]
mod curl;
mod doctor;
mod drawn;
mod encoded;
mod hostile;
mod http_files;
mod interchange;
mod kept;
mod ledger;
mod limits;
mod looks;
mod machine;
mod manners;
mod needs;
mod network;
mod oauth_server;
mod picture;
mod promises;
mod raw_server;
mod readme;
mod replay;
mod screens;
mod sequence;
mod snippets;
mod soak;
mod stage;
#[cfg(unix)]
mod store;
#[cfg(unix)]
mod terminal;
mod tls;
mod token_endpoint;
mod token_form;
mod tour;
mod trial;
mod words;
mod world;
