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
//! | [`body`] | the bytes of a message, decoded from how they were sent: memory to 8 MiB, then an anonymous temp file; one writer, many readers |
//! | [`domain`] | the words of the product; values only, no I/O |
//! | [`config`] | what a person writes: file, profiles, proxies, project file and trust, actions (the vocabulary), keymap, chord, theme, paths |
//! | [`secrets`] | where a secret comes from: environment, file, command, keyring, prompt; each read once; where one is kept |
//! | [`engine`] | the headless heart: token manager, token endpoint, client, transport, redirects, timing, TLS, timer |
//! | [`document`] | a body as something to look at |
//! | [`library`] | requests people keep: `.http` files without loss, collections of them, variables, the built-in catalogue |
//! | [`interchange`] | what comes from elsewhere and goes elsewhere: text to values and back |
//! | [`snippet`] | a request, its token call or the whole flow as source code; a language is a folder of templates and an escaper |
//! | [`tour`] | the ten lessons, what shows that a step is done, progress |
//! | [`store`] | what outlives a run: a database with the session and the drafts, one of what was called, one of the tokens without their text, the log; the files of a collection |
//! | [`app`] | UI state and pure update; one file a pane |
//! | [`view`] | `render(frame, &App, &Look)`; one file a pane |
//! | [`tui`] | terminal guard, event loop, effects, input |
//! | [`cli`] | headless commands, one file each, and the printer |
//! | [`sandbox`] | the embedded API: routes, issuer, faults, journal |
//!
//! # Who may import whom
//!
//! ```text
//! main ─► cli ─► tui ─► view ─► app ─► {document, library, interchange, snippet, tour, config::{action, chord, keymap, theme}}
//!         app ─► domain ─► body
//!         cli, tui ─► engine ─► secrets ─► domain                      cli ─► sandbox (imports nothing of the crate)
//!         cli, tui ─► store ─► {library, domain, body}
//! ```
//!
//! `tests/it/architecture.rs` reads `src` and holds this.
//!
//! # Two walks
//!
//! **A key that sends.** The input thread reads `s` ([`tui`]'s `input`) → [`app::message::Message::Key`] → `app::keys`
//! asks the keymap: `Action::Send` → `app::act` makes the [`domain::request::Draft`] in hand a
//! [`domain::request::Prepared`], or marks the field in its way → [`app::effect::Effect::Send`] → `tui::effects` spawns
//! [`engine::Engine::execute`] → each step comes back as `Message::Flowed`, the end as `Message::Settled` → one frame.
//!
//! **A 401 in the middle.** A wallet of [`engine::token_manager`] gives generation 7 (`TokenReused`) → `engine::transport`
//! makes attempt 1 (`RequestSent`) → the 401 is kept (`Challenged`) → the wallet drops 7 and is asked for a newer one: a
//! flight is started or joined (`RenewStarted`, `RenewJoined`) → [`engine::token_endpoint`] writes and judges the token
//! call → generation 8 is installed (`TokenIssued`) → attempt 2 goes out with it (`Replayed`) → `Completed`. The
//! timeline, `send -v` and the tests read the same events.
//!
//! # Where do I put …
//!
//! | | |
//! |---|---|
//! | a key, or anything a person can do | a row of [`config::action::ACTIONS`], an arm of `app::act` |
//! | something a command line of the screen takes | a row of `app::command` |
//! | a thing that lies on top | a variant of [`app::overlay::Overlay`], a sheet of `view::overlay` |
//! | work that takes longer than a frame | an [`app::effect::Effect`], carried out by `tui::effects`, ended by a message |
//! | something that `authscope view` has or has not | [`app::viewing`], [`cli`]'s `view` |
//! | a fault of the sandbox | [`sandbox::Order`]; for the lab a row of [`app::lab::ROWS`] and its meaning in `cli::explore`; what is measured there: [`app::measuring`] |
//! | a command | a file of [`cli`] with its examples; help, completions and manual follow |
//! | a language of snippets | a folder of `assets/snippets`, an escaper in [`snippet`], a row of its table |
//! | a lesson of the tour | a file of `assets/tour`, named in [`tour::FILES`]; a new thing to do in it: a [`tour::Deed`] |
//! | a rule about tokens | [`engine::token_manager`], with a test on the sandbox's side of the wire |
//! | a word that more than one room needs | [`domain`] |

pub mod app;
pub mod body;
pub mod cli;
pub mod config;
pub mod document;
pub mod domain;
pub mod engine;
pub mod interchange;
pub mod library;
pub mod sandbox;
pub mod secrets;
pub mod snippet;
pub mod store;
pub mod tour;
pub mod tui;
pub mod view;
