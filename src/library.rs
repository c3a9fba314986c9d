//! Requests people keep. Owns the text format they are kept in and the built-in catalogue; reads text, writes nothing.
//! `app` lists them, `cli` may.

pub mod assertion;
pub mod catalogue;
pub mod collection;
pub mod http_file;
pub mod variables;
