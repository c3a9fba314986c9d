//! What a person writes: the config file and its profiles, keys and looks.
//!
//! `action`, `chord`, `keymap` and `theme` are plain values, used by the screen as well. `file` and `profiles` turn
//! text and environment variables into [`crate::domain::profile::Profile`]s, `own_themes` finds a person's looks, and
//! all explain what is wrong with what they read; the command line and the explorer call them. Refuses to hold a
//! secret: a file names where one comes from.

pub mod action;
pub mod chord;
pub mod file;
pub mod flaw;
pub mod keymap;
pub mod nearest;
pub mod own_snippets;
pub mod own_themes;
pub mod paths;
pub mod profiles;
pub mod project;
pub mod proxies;
pub mod quantity;
pub mod theme;
pub mod trust;
