//! What a person writes: the config file and its profiles, keys and looks.
//!
//! `action`, `chord`, `keymap` and `theme` are plain values, used by the screen as well. `file` and `profiles` turn
//! text and environment variables into [`crate::domain::profile::Profile`]s, and explain what is wrong with them; the
//! command line and the explorer call them at start. Refuses to hold a secret: a file names where one comes from.

pub mod action;
pub mod chord;
pub mod file;
pub mod keymap;
pub mod nearest;
pub mod paths;
pub mod profiles;
pub mod quantity;
pub mod theme;
