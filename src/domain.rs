//! The words of the product: values only, no I/O, no clock but [`clock::Clock`], nothing of any other room but `body`.
//!
//! Every other room speaks in these types, so a word that is missing here is missing everywhere: look here before a
//! new type is made.

pub mod challenge;
pub mod clock;
pub mod credential;
pub mod diagnosis;
pub mod exchange;
pub mod figures;
pub mod flow;
pub mod json_depth;
pub mod jwt;
pub mod ledger;
pub mod level;
pub mod looks_secret;
pub mod origin;
pub mod practice;
pub mod profile;
pub mod profile_form;
pub mod record;
pub mod redact;
pub mod request;
pub mod route;
pub mod secrecy;
pub mod secret;
pub mod target;
pub mod template;
pub mod token;
pub mod token_answer;
pub mod trial;
pub mod words;
