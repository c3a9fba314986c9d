//! The one test binary: every test that needs more than one room.

#![expect(unreachable_pub, reason = "modules of one test binary share their helpers")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod architecture;
mod auth_flow;
#[cfg(unix)]
mod cli;
mod machine;
mod picture;
mod promises;
mod readme;
mod screens;
mod stage;
mod words;
mod world;
