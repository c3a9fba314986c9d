//! The plan of the house. Read this page and you can find anything.
//!
//! authscope explores HTTP APIs whose calls carry a short-lived bearer token. It is The Elm Architecture with effects
//! as data, around a headless engine:
//!
//! ```text
//!  crossterm Event ─► tui::input ─► Message ─► app::update(&mut App, Message) ─► Vec<Effect> ─► tui::effects ─► engine
//!         ▲                                        │                                               │
//!         └────────── terminal ◄── view::render(&App, &Look)           Message::{Flow, Settled, …} ◄┘
//! ```
//!
//! * `update` is pure: no I/O, clock, randomness, spawn or channel under `app`. `render` reads `&App` and nothing else.
//! * The engine knows no terminal. It tells what happens as [`domain::flow::FlowEvent`]s to an observer; the timeline,
//!   `send -v` and the tests all read that one vocabulary.
//! * The sandbox imports nothing of the crate, so it can disagree with the client.
//!
//! # The rooms
//!
//! | room | what it owns |
//! |---|---|
//! | [`body`] | the bytes of a message: memory to 8 MiB, then an anonymous temp file; one writer, many readers |
//! | [`domain`] | the words of the product; values only, no I/O |
//! | [`config`] | what a person writes: file, profiles, actions (the vocabulary), keymap, chord, theme, paths |
//! | [`secrets`] | where a secret comes from |
//! | [`engine`] | the headless heart: token manager, token endpoint, client, transport, redirects, timing, TLS, timer |
//! | [`document`] | a body as something to look at |
//! | [`library`] | requests people keep: the built-in catalogue |
//! | [`store`] | what outlives a run: a database with the session and the drafts, the log |
//! | [`app`] | UI state and pure update; one file a pane |
//! | [`view`] | `render(frame, &App, &Look)`; one file a pane |
//! | [`tui`] | terminal guard, event loop, effects, input |
//! | [`cli`] | headless commands, one file each, and the printer |
//! | [`sandbox`] | the embedded API: routes, issuer, faults, journal |
//!
//! # Who may import whom
//!
//! ```text
//! main ─► cli ─► tui ─► view ─► app ─► {document, library, config::{action, chord, keymap, theme}} ─► domain ─► body
//!         cli, tui ─► engine ─► secrets ─► domain                      cli ─► sandbox (imports nothing of the crate)
//!         cli, tui ─► store ─► {library, domain, body}
//! ```
//!
//! `tests/it/architecture.rs` reads `src` and holds this.

pub mod app;
pub mod body;
pub mod cli;
pub mod config;
pub mod document;
pub mod domain;
pub mod engine;
pub mod library;
pub mod sandbox;
pub mod secrets;
pub mod store;
pub mod tui;
pub mod view;
